"""Browsers in which somebody has logged in before, by a cookie that only such a browser has.

Wrong passwords from there are counted apart from those of strangers, so that nobody keeps the
person out by guessing. The cookie lets nobody in: it has a digest of the name, and a number.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "commitments.known_browser"
# Who was away for longer counts as a stranger, until the next log-in.
LONGEST = timedelta(days=180)


def name_key(name: str) -> str:
    """What stands for a name in counts and cookies: people type passwords into the wrong box."""
    return salted_hmac(SALT, name, algorithm="sha256").hexdigest()[:32]


def browser_of(request: HttpRequest, name: str) -> str:
    """The number of the browser if this name has logged in there before, else ""."""
    try:
        held = signing.loads(
            request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, ""), salt=SALT, max_age=LONGEST
        )
    except signing.BadSignature:
        return ""
    key, number = held
    return str(number) if constant_time_compare(key, name_key(name)) else ""


def remember(request: HttpRequest, answer: HttpResponseBase, name: str) -> None:
    """Let the browser show that this name has logged in there."""
    number = browser_of(request, name) or secrets.token_hex(8)
    answer.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        signing.dumps([name_key(name), number], salt=SALT),
        max_age=LONGEST,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
