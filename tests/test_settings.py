"""Settings are read in a process of their own, because they are read once."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
POSTGRES = "postgres://register:opensesame@db.example:5433/register"


def run(tmp_path, expression, **variables):
    program = f"import json; from tracker import settings; print(json.dumps({expression}))"
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path / "var")} | variables
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True
    )


def read(tmp_path, expression, **variables):
    done = run(tmp_path, expression, **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refusal(tmp_path, **variables):
    done = run(tmp_path, "None", **variables)
    assert done.returncode == 1
    return done.stderr.splitlines()[-1].removeprefix("django.core.exceptions.")


def test_needs_no_variable_at_all(tmp_path):
    assert read(
        tmp_path,
        "[settings.DEBUG, settings.DATABASES['default']['ENGINE'],"
        " settings.DATABASES['default']['NAME'], settings.ALLOWED_HOSTS]",
    ) == [
        False,
        "django.db.backends.sqlite3",
        str(tmp_path / "var" / "register.sqlite3"),
        ["localhost", "127.0.0.1", "[::1]"],
    ]


def test_makes_one_secret_and_keeps_it_from_other_users(tmp_path):
    program = [sys.executable, "-c", "from tracker import settings; print(settings.SECRET_KEY)"]
    environment = {"VAR_DIR": str(tmp_path / "var")}
    started = [
        subprocess.Popen(program, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        for _process in range(4)
    ]
    keys = {process.communicate()[0].strip() for process in started}
    assert len(keys) == 1
    assert len(keys.pop()) >= 50
    kept = tmp_path / "var" / "secret_key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["secret_key"]


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"DATABASE_URL": POSTGRES}, "SECRET_KEY must be set when the database is PostgreSQL."),
        (
            {"DATABASE_URL": POSTGRES, "SECRET_KEY": "short"},
            "SECRET_KEY is too weak: give at least 50 random characters.",
        ),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY is too weak: give at least 50 random characters."),
        ({"DATABASE_URL": "mysql://u@h/d"}, "DATABASE_URL must name SQLite or PostgreSQL."),
        ({"DEBUG": "perhaps"}, "DEBUG must be yes or no, not 'perhaps'."),
        (
            {"HTTPS_ONLY": "yes", "HSTS_SECONDS": "-1"},
            "HSTS_SECONDS must be a whole number from 0 up, not '-1'.",
        ),
        (
            {"DATABASE_CONN_MAX_AGE": "¼"},
            "DATABASE_CONN_MAX_AGE must be a whole number from 0 up, not '¼'.",
        ),
        (
            {"LOG_LEVEL": "loud"},
            "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL, not 'loud'.",
        ),
        (
            {"EMAIL_HOST": "mail.example"},
            "SITE_ADDRESS must be set when EMAIL_HOST is: mails have links.",
        ),
        (
            {"DATABASE_REPLICA_URLS": "postgres://r@one.example/register"},
            "DATABASE_REPLICA_URLS and DATABASE_URL must name PostgreSQL.",
        ),
        ({"METRICS_ADDRESS": "9101"}, "METRICS_ADDRESS must be host:port, not '9101'."),
        (
            {"WARN_BY_WEBHOOK": "ops@city.example"},
            "WARN_BY_WEBHOOK must begin with https:// or http://.",
        ),
        (
            {"SITE_ADDRESS": "register.example"},
            "SITE_ADDRESS must begin with https:// or http://.",
        ),
    ],
)
def test_refuses_early_and_by_name(tmp_path, variables, message):
    assert refusal(tmp_path, **variables) == f"ImproperlyConfigured: {message}"


@pytest.mark.parametrize(
    "url",
    [
        "opensesame",
        "postgres://u:opensesame@h",
        "pg://u:opensesame@h/d",
        "postgres://u:opensesame@h:port/d",
        "postgres://u:opensesame@[h/d",
    ],
)
def test_an_unreadable_database_address_is_refused_without_repeating_its_password(tmp_path, url):
    done = run(tmp_path, "None", DATABASE_URL=url, SECRET_KEY=KEY)
    assert done.returncode == 1
    assert "ImproperlyConfigured: DATABASE_URL " in done.stderr
    assert "opensesame" not in done.stderr


def test_reads_a_postgresql_address(tmp_path):
    shown = "{name: settings.DATABASES['default'][name] for name in ('ENGINE', 'HOST', 'PORT')}"
    assert read(tmp_path, shown, DATABASE_URL=POSTGRES, SECRET_KEY=KEY) == {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "db.example",
        "PORT": 5433,
    }


def test_a_connection_pool_replaces_lasting_connections(tmp_path):
    shown = (
        "(lambda it: [it['CONN_MAX_AGE'], it['OPTIONS']['pool']])(settings.DATABASES['default'])"
    )
    assert read(tmp_path, shown, DATABASE_URL=POSTGRES, SECRET_KEY=KEY, DATABASE_POOL_SIZE="4") == [
        0,
        {"max_size": 4, "timeout": 10},
    ]


def test_public_pages_may_be_read_from_standbys(tmp_path):
    shown = (
        "[settings.STANDBYS, [settings.DATABASES[each]['HOST'] for each in settings.STANDBYS],"
        " settings.DATABASES['standby_2']['OPTIONS']['connect_timeout'], settings.DATABASE_ROUTERS]"
    )
    standbys = "postgres://r@one.example/register, postgres://r@two.example/register"
    given = {"DATABASE_URL": POSTGRES, "SECRET_KEY": KEY}
    assert read(tmp_path, shown, DATABASE_REPLICA_URLS=standbys, **given) == [
        ["standby_1", "standby_2"],
        ["one.example", "two.example"],
        3,
        ["tracker.standbys.PublicReads"],
    ]
    assert read(tmp_path, shown.replace("'standby_2'", "'default'"), **given) == [[], [], 3, []]


def test_https_only_secures_cookies_and_announces_itself(tmp_path):
    shown = (
        "[settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_SECURE,"
        " settings.CSRF_COOKIE_SECURE, settings.SECURE_HSTS_SECONDS]"
    )
    assert read(tmp_path, shown, HTTPS_ONLY="yes") == [True, True, True, 31_536_000]
    assert read(tmp_path, shown) == [False, False, False, 0]


def test_https_only_names_cookies_so_that_only_this_host_can_set_them(tmp_path):
    shown = (
        "[settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME,"
        " settings.KNOWN_BROWSER_COOKIE_NAME]"
    )
    names = read(tmp_path, shown, HTTPS_ONLY="yes")
    assert names == ["__Host-sessionid", "__Host-csrftoken", "__Host-known_browser"]


def test_sessions_end_after_two_hours_of_rest_and_twelve_in_all_or_as_it_is_said(tmp_path):
    shown = "[settings.SESSION_COOKIE_AGE, settings.SESSION_LONGEST]"
    assert read(tmp_path, shown) == [7_200, 43_200]
    given = {"SESSION_IDLE_MINUTES": "15", "SESSION_LONGEST_HOURS": "8"}
    assert read(tmp_path, shown, **given) == [900, 28_800]
    told = "ImproperlyConfigured: SESSION_IDLE_MINUTES must be a whole number from 5 up, not '0'."
    assert refusal(tmp_path, SESSION_IDLE_MINUTES="0") == told


def test_the_staff_area_is_kept_to_networks_that_can_be_read(tmp_path):
    shown = "[str(each) for each in settings.STAFF_NETWORKS]"
    given = "10.0.0.0/8, 2001:db8::/32, 192.0.2.7"
    assert read(tmp_path, shown, STAFF_NETWORKS=given) == [
        "10.0.0.0/8",
        "2001:db8::/32",
        "192.0.2.7/32",
    ]
    for wrong in ("10.0.0.0/99", "10.0.0.1/8", "office", "10.0.0.0-10.0.0.9"):
        told = "must be ranges such as 10.0.0.0/8 or 2001:db8::/32"
        assert told in refusal(tmp_path, STAFF_NETWORKS=f"192.0.2.0/24,{wrong}")


def test_answers_to_the_host_it_serves_beside_the_hosts_named(tmp_path):
    assert read(
        tmp_path, "settings.ALLOWED_HOSTS", ALLOWED_HOSTS="a.example, b.example", SERVE_HOST="box"
    ) == ["a.example", "b.example", "box"]


@pytest.mark.django_db
def test_a_wrong_host_is_refused_and_does_not_fill_the_log(client, caplog):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
    assert caplog.text == ""


def test_uploaded_files_go_into_a_folder_or_a_bucket(tmp_path):
    ask = "settings.STORAGES['default']"
    assert read(tmp_path, ask)["BACKEND"].endswith("FileSystemStorage")
    given = {
        "MEDIA_BUCKET": "https://files.example/register",
        "MEDIA_BUCKET_KEY": "a-key",
        "MEDIA_BUCKET_SECRET": "its-secret",
    }
    assert read(tmp_path, ask, **given)["OPTIONS"] == {
        "address": "https://files.example/register",
        "region": "us-east-1",
        "key": "a-key",
        "secret": "its-secret",
    }
    assert "must begin with https://" in refusal(
        tmp_path, **given | {"MEDIA_BUCKET": "s3://register"}
    )
    for missing in ("MEDIA_BUCKET_KEY", "MEDIA_BUCKET_SECRET"):
        told = refusal(tmp_path, **given | {missing: ""})
        assert "MEDIA_BUCKET_KEY and MEDIA_BUCKET_SECRET must be set" in told
        assert "its-secret" not in told


def test_no_variable_of_this_machine_reaches_the_tests():
    read = re.findall(
        r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "tracker" / "settings.py").read_text("utf-8")
    )
    script = (ROOT / "script" / "test").read_text("utf-8")
    # Two have values of their own there.
    left = {*read} - {"SECRET_KEY", "VAR_DIR"} - {*re.findall(r"\w+", script)}
    assert not left
