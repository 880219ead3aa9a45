"""What the register is compared with, as settings, addresses and WSGI application in one:

a view that says hello, and Django's own admin with a plain list of the same rows.
"""

from tracker.settings import *  # noqa: F403

ROOT_URLCONF = "bench.compared_urls"
# What `django-admin startproject` writes.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
TEMPLATES = [TEMPLATES[0] | {"DIRS": []}]  # noqa: F405
