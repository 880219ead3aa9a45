"""The front as the settings ask for it."""

import datetime as dt
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.module_loading import import_string

from tracker.front.front import Front
from tracker.front.watch import Watch
from tracker.middleware import SecurityHeadersMiddleware

# Answered by tracker/watching.py, which may not wait for a database.
PROBES = ("/healthz", "/readyz")
PERSONAL = ("long_files", "report_error")
URLCONFS = ("tracker.urls", "tracker.large_urls")


def fronted(application: WSGIApplication) -> WSGIApplication:
    """The application behind its front, or as it is where none is wanted."""
    if settings.DEBUG or not settings.FRONT_CACHE_BYTES:
        return application
    trusted = settings.SECURE_PROXY_SSL_HEADER
    return Front(
        application,
        watch=Watch(import_string("tracker.standbys.public_revision")),
        today=today,
        most_bytes=settings.FRONT_CACHE_BYTES,
        refuse=refuse,
        session_cookie=settings.SESSION_COOKIE_NAME,
        transport_header=trusted[0] if trusted else "",
        outside=outside(),
    )


def today() -> dt.date:
    """The local day. Asked for with every request, so it is worked out once a minute: wherever the
    register stands, a day begins with one."""
    return day_in(int(time.time()) // 60)


@lru_cache(maxsize=1)
def day_in(minute: int) -> dt.date:
    moment = dt.datetime.fromtimestamp(minute * 60, dt.UTC)
    return timezone.localdate(moment, timezone.get_default_timezone())


def refuse(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """The page that Django shows when no database answers, without Django's trying."""
    page: Callable[[HttpRequest], HttpResponseBase] = import_string(
        "commitments.views.errors.database_gone"
    )
    answer = SecurityHeadersMiddleware(page)(WSGIRequest(environ))
    start_response("503 Service Unavailable", list(answer.items()))
    return answer


def outside() -> tuple[str, ...]:
    """How the paths begin that are never kept. Personal pages say so themselves, but only once they
    are made, and some set work going: better not to ask for one that is thrown away."""
    found = [settings.STATIC_URL, *PROBES]
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            # Without its last slash too: whether that leads on may depend on who asks.
            found.append(reverse("admin:index").rstrip("/"))
            for urlconf in URLCONFS:
                found += [reverse(name, urlconf=urlconf) for name in PERSONAL]
    return tuple(found)
