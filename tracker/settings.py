"""All settings, one file. What differs between installations comes from environment variables.

docs/deploy.md lists the variables; every default is right for `script/serve` on one machine.
"""

import sys
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from tracker import env

BASE_DIR = Path(__file__).resolve().parent.parent
# Everything that is made while running: database, secret, collected static files.
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))

DEBUG = env.flag("DEBUG")

# --- Database -----------------------------------------------------------------------------------

DATABASE_URL = env.text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'register.sqlite3'}")


def _read_database(name: str, address: str) -> dj_database_url.DBConfig:
    try:
        found = dj_database_url.parse(
            address,
            conn_max_age=env.number("DATABASE_CONN_MAX_AGE", 60),
            conn_health_checks=True,
        )
    except (dj_database_url.ParseError, dj_database_url.UnknownSchemeError, ValueError):
        found = {"NAME": ""}
    if not found["NAME"]:
        # Neither the address nor the parser's own message: a password may be in both.
        raise ImproperlyConfigured(
            f"{name} cannot be read. Examples: sqlite:////srv/register.sqlite3,"
            " postgres://user:password@host:5432/name"
        )
    return found


_database = _read_database("DATABASE_URL", DATABASE_URL)

IS_SQLITE = _database["ENGINE"] == "django.db.backends.sqlite3"
IS_POSTGRESQL = _database["ENGINE"] == "django.db.backends.postgresql"
if IS_SQLITE:
    _database["OPTIONS"] = {
        # Take the write lock at BEGIN: a lock upgraded half-way cannot wait, it fails at once.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    Path(_database["NAME"]).parent.mkdir(parents=True, exist_ok=True)
elif IS_POSTGRESQL:
    # A server that is gone without a word is noticed in seconds, not when the network gives up.
    _notice = {"connect_timeout": 3, "tcp_user_timeout": 10_000, "keepalives_idle": 10}
    _database["OPTIONS"] = _notice | _database.get("OPTIONS", {})
    _pool_size = env.number("DATABASE_POOL_SIZE", 0)
    if _pool_size:
        # Django refuses a pool and persistent connections together.
        _database["CONN_MAX_AGE"] = 0
        _database["OPTIONS"]["pool"] = {"max_size": _pool_size, "timeout": 10}
else:
    raise ImproperlyConfigured("DATABASE_URL must name SQLite or PostgreSQL.")

# ATOMIC_REQUESTS stays off: actions open their own transactions, and reading needs none.
DATABASES = {"default": _database}

# The folder of pg_dump and pg_restore, where they are not on the PATH.
POSTGRESQL_PROGRAMS = env.text("POSTGRESQL_PROGRAMS")

# Hot standbys that public pages are read from (docs/decisions/0027-standbys.md).
STANDBYS: list[str] = []
for _address in env.words("DATABASE_REPLICA_URLS"):
    _standby = _read_database("DATABASE_REPLICA_URLS", _address)
    if not IS_POSTGRESQL or _standby["ENGINE"] != _database["ENGINE"]:
        raise ImproperlyConfigured("DATABASE_REPLICA_URLS and DATABASE_URL must name PostgreSQL.")
    STANDBYS.append(f"standby_{len(STANDBYS) + 1}")
    DATABASES[STANDBYS[-1]] = _database | _standby
    DATABASES[STANDBYS[-1]] |= {"OPTIONS": _database["OPTIONS"] | _standby.get("OPTIONS", {})}
    DATABASES[STANDBYS[-1]] |= {"TEST": {"MIRROR": "default"}}
# Seconds for which a standby may lack a change before it is left out.
STANDBY_MAY_LAG = env.number("DATABASE_REPLICA_LAG", 2)
DATABASE_ROUTERS = ["tracker.standbys.PublicReads"] if STANDBYS else []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Secrets and hosts --------------------------------------------------------------------------

SECRET_KEY = env.text("SECRET_KEY")
if not SECRET_KEY and IS_POSTGRESQL and not DEBUG:
    # Several nodes may share the database, and each would make a key of its own.
    raise ImproperlyConfigured("SECRET_KEY must be set when the database is PostgreSQL.")
if not SECRET_KEY:
    SECRET_KEY = env.kept_secret(VAR_DIR / "secret_key")
if (len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5) and not DEBUG:
    raise ImproperlyConfigured("SECRET_KEY is too weak: give at least 50 random characters.")

ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ("localhost", "127.0.0.1", "[::1]"))
# The host that script/serve was told to listen on.
if env.text("SERVE_HOST"):
    ALLOWED_HOSTS.append(env.text("SERVE_HOST"))
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

# --- Transport ----------------------------------------------------------------------------------

HTTPS_ONLY = env.flag("HTTPS_ONLY")
SECURE_SSL_REDIRECT = HTTPS_ONLY
SESSION_COOKIE_SECURE = HTTPS_ONLY
CSRF_COOKIE_SECURE = HTTPS_ONLY
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 31_536_000) if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_INCLUDE_SUBDOMAINS")
SECURE_HSTS_PRELOAD = env.flag("HSTS_PRELOAD")
# Whether all names below the register's own are HTTPS too is the city's to know and to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# Also read where a sender's address counts: behind a proxy every connection is the proxy's.
BEHIND_PROXY = env.flag("BEHIND_PROXY")
# From where the staff area is there at all; from everywhere if none is named.
STAFF_NETWORKS = env.networks("STAFF_NETWORKS")
if BEHIND_PROXY:
    # Only where a proxy always sets or strips this header; anyone else could forge it.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SESSION_ENGINE = "tracker.sessions"
# Seconds after the last request, and after log-in, at which a session ends.
SESSION_COOKIE_AGE = env.number("SESSION_IDLE_MINUTES", 120, least=5) * 60
SESSION_LONGEST = env.number("SESSION_LONGEST_HOURS", 12, least=1) * 3600
if HTTPS_ONLY:
    # So named, a browser takes them only by HTTPS and from this very host.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
# Not in a cookie of their own.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "commitments.views.csrf.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- The application ----------------------------------------------------------------------------

INSTALLED_APPS = [
    "commitments",
    "tracker.apps.StaffConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    "axes",
]

MIDDLEWARE = [
    # Outside all others: what they refuse or redirect is told of too, and is no matter of a probe.
    "tracker.watching.WatchingMiddleware",
    "tracker.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages are four fifths lighter on a phone; Django pads them, so that no token can be guessed
    # from a length.
    "tracker.middleware.GZipWhereTakenMiddleware",
    "tracker.standbys.PublicReadsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tracker.middleware.PathLanguageMiddleware",
    "tracker.middleware.LargeTextMiddleware",
    "tracker.middleware.StaffNetworksMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Permissions come from a person's appointments alone: commitments/access.py.
# Only staff log in; who is sent to no place of ours begins at the desk.
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "commitments.access.RoleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "commitments.passwords.AnotherThanBeforeValidator"},
    {
        "NAME": "commitments.passwords.NearbyWordsValidator",
        "OPTIONS": {"words": [*ALLOWED_HOSTS, *env.words("PASSWORD_WORDS")]},
    },
]

# Wrong passwords are counted by commitments/actions/locks.py, in axes' tables. Its own pages and
# log-in log are not used: what an administrator needs is in the staff area, log-ins in the history.
AXES_HANDLER = "commitments.actions.locks.LockingHandler"
AXES_LOCKOUT_CALLABLE = "commitments.staff_login.locked"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = False
# Shows that somebody has logged in there before: commitments/known_browsers.py.
KNOWN_BROWSER_COOKIE_NAME = f"{'__Host-' if HTTPS_ONLY else ''}known_browser"

# The office's identity provider; without one, everybody logs in by password (commitments/oidc.py).
OIDC_ISSUER = env.text("OIDC_ISSUER").rstrip("/")
OIDC_CLIENT_ID = env.text("OIDC_CLIENT_ID")
OIDC_CLIENT_SECRET = env.text("OIDC_CLIENT_SECRET")
# Which of its words names an account: "email" the mail address of one, any other the user name.
OIDC_CLAIM = env.text("OIDC_CLAIM", "preferred_username")
OIDC_SCOPES = env.words("OIDC_SCOPES", ("openid", "profile", "email"))
# Whether the provider asks for a second step itself, so that ours is not asked for.
OIDC_SECOND_FACTOR = env.flag("OIDC_SECOND_FACTOR")
if OIDC_ISSUER and not OIDC_ISSUER.startswith("https://"):
    raise ImproperlyConfigured("OIDC_ISSUER must begin with https://.")
if OIDC_ISSUER and not (OIDC_CLIENT_ID and OIDC_CLIENT_SECRET):
    raise ImproperlyConfigured(
        "OIDC_CLIENT_ID and OIDC_CLIENT_SECRET must be set with OIDC_ISSUER."
    )
if OIDC_ISSUER and "openid" not in OIDC_SCOPES:
    raise ImproperlyConfigured("OIDC_SCOPES must have openid in it.")

# The plans that script/serve loads; switched off where a city keeps only its own.
SEED_DIR = BASE_DIR / "commitments" / "data"
LOAD_SEED = env.flag("LOAD_SEED", True)

# --- Language and time --------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "commitments" / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- Mail ---------------------------------------------------------------------------------------

# Without a server, what would be sent is printed.
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_PORT = env.number("EMAIL_PORT", 25, least=1)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
_mail_security = env.one_of("EMAIL_SECURITY", ("NONE", "STARTTLS", "TLS"), "NONE")
EMAIL_USE_TLS = _mail_security == "STARTTLS"
EMAIL_USE_SSL = _mail_security == "TLS"
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "register@localhost")

# Where links in a mail lead: no request tells it there.
SITE_ADDRESS = env.text("SITE_ADDRESS").rstrip("/")
if SITE_ADDRESS and not SITE_ADDRESS.startswith(("http://", "https://")):
    raise ImproperlyConfigured("SITE_ADDRESS must begin with https:// or http://.")
if EMAIL_HOST and not SITE_ADDRESS:
    raise ImproperlyConfigured("SITE_ADDRESS must be set when EMAIL_HOST is: mails have links.")
SITE_ADDRESS = SITE_ADDRESS or "http://localhost:8000"

# Whom to tell of a weakness, in /.well-known/security.txt; docs/security.md.
SECURITY_CONTACT = env.words("SECURITY_CONTACT")
if any(not each.startswith(("mailto:", "https://", "tel:")) for each in SECURITY_CONTACT):
    raise ImproperlyConfigured("SECURITY_CONTACT must begin with mailto:, https:// or tel:.")

# --- Static files -------------------------------------------------------------------------------

STATIC_URL = "static/"
# Nothing outside needs our fonts or scripts.
WHITENOISE_ALLOW_ALL_ORIGINS = False
STATIC_ROOT = VAR_DIR / "static"
# Uploaded evidence. It has no address of its own: views send it, to those who may have it. Several
# nodes must see one folder, or one bucket of an S3-compatible storage (docs/decisions/0036).
MEDIA_ROOT = Path(env.text("MEDIA_DIR", str(VAR_DIR / "media")))
MEDIA_BUCKET = env.text("MEDIA_BUCKET")
if MEDIA_BUCKET and not MEDIA_BUCKET.startswith(("http://", "https://")):
    raise ImproperlyConfigured("MEDIA_BUCKET must begin with https:// or http://.")
_uploads: dict[str, Any] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"file_permissions_mode": 0o640, "directory_permissions_mode": 0o750},
}
if MEDIA_BUCKET:
    _bucket = {
        "address": MEDIA_BUCKET,
        "region": env.text("MEDIA_BUCKET_REGION", "us-east-1"),
        "key": env.text("MEDIA_BUCKET_KEY"),
        "secret": env.text("MEDIA_BUCKET_SECRET"),
    }
    _uploads = {"BACKEND": "tracker.bucket.Bucket", "OPTIONS": _bucket}
    if not (_bucket["key"] and _bucket["secret"]):
        raise ImproperlyConfigured(
            "MEDIA_BUCKET_KEY and MEDIA_BUCKET_SECRET must be set with MEDIA_BUCKET."
        )
STORAGES = {
    "default": _uploads,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Public pages out of memory -----------------------------------------------------------------

# Of each process; 0 makes every page anew (tracker/front, docs/decisions/0024-front-cache.md).
FRONT_CACHE_BYTES = env.number("FRONT_CACHE_MB", 32) * 1_000_000

# --- Long files ---------------------------------------------------------------------------------

# How a web process starts another one beside it, so that pages need not wait for its work.
MANAGE = (sys.executable, str(BASE_DIR / "manage.py"))

# --- Limits -------------------------------------------------------------------------------------

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
# Of a whole request with files; one that is larger is read past, and its files are left out.
UPLOAD_MAX_BYTES = 30_000_000
FILE_UPLOAD_HANDLERS = [
    "commitments.uploads.LimitedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Log, figures and warnings ------------------------------------------------------------------

_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_FORMAT = env.one_of("LOG_FORMAT", ("LINE", "JSON"), "LINE").lower()
# Errors are sent to these people, and to this address as {"text": ..., "details": ...}.
WARN_BY_MAIL = env.words("WARN_BY_MAIL")
WARN_BY_WEBHOOK = env.text("WARN_BY_WEBHOOK")
if WARN_BY_WEBHOOK and not WARN_BY_WEBHOOK.startswith(("http://", "https://")):
    raise ImproperlyConfigured("WARN_BY_WEBHOOK must begin with https:// or http://.")
_HANDLER = "tracker.log.WarningHandler"
if not WARN_BY_MAIL and not WARN_BY_WEBHOOK:
    _HANDLER = "logging.NullHandler"
# Where Prometheus finds figures; nothing listens where none is given.
METRICS_ADDRESS = env.address("METRICS_ADDRESS")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {"()": "tracker.log.JsonFormatter"},
    },
    "filters": {"with_number": {"()": "tracker.log.WithNumber"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": _FORMAT,
            "filters": ["with_number"],
        },
        # Leaves the machine, so always without anybody's data.
        "warnings": {
            "class": _HANDLER,
            "level": "ERROR",
            "formatter": "json",
            "filters": ["with_number"],
        },
    },
    "root": {
        "handlers": ["stderr", "warnings"],
        "level": env.one_of("LOG_LEVEL", _LEVELS, "WARNING"),
    },
    "loggers": {
        # Django's own set-up mails admins and prints only while DEBUG: use the root's handlers.
        "django": {"handlers": [], "propagate": True},
        # Anyone can send a wrong Host; it is answered with a 400 and is no mistake of ours.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "commitments": {"level": "INFO"},
        # A line for each request that is not answered out of memory.
        "tracker.access": {"level": "INFO" if env.flag("ACCESS_LOG") else "WARNING"},
    },
}
