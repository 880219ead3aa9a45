"""Headers and language for every answer, pages and errors alike."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import translation

from commitments.places import Place
from commitments.senders import address_of
from tracker.front.asked import takes_gzip

GetResponse = Callable[[HttpRequest], HttpResponseBase]

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    ]
)
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)


class GZipWhereTakenMiddleware(GZipMiddleware):
    """Django compresses for whoever names gzip, also for `gzip;q=0`, which refuses it."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        is_taken = takes_gzip(request.headers.get("Accept-Encoding", ""))
        request.META["HTTP_ACCEPT_ENCODING"] = "gzip" if is_taken else "identity"
        return super().process_response(request, response)


class SecurityHeadersMiddleware:
    """What Django's SecurityMiddleware leaves out. A view may set its own, stricter or looser."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response


class PathLanguageMiddleware:
    """The path alone decides the language: Chinese at /, English at /en/.

    Django's LocaleMiddleware does the same for our addresses but adds `Vary: Accept-Language`
    to every Chinese page, and a shared cache would then keep one copy a browser for nothing.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class LargeTextMiddleware:
    """The path alone decides the size of the text too: pages in large text are under large/.

    A page finds the addresses of all others by asking the URLconf, so choosing it here is enough.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if Place.of(request.path_info).is_large:
            request.urlconf = "tracker.large_urls"
        return self.get_response(request)


class StaffNetworksMiddleware:
    """Outside the networks that are named there is no staff area: its addresses are like all others
    that are not there.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_staff_area = Place.of(request.path_info).rest.partition("/")[0] == "admin"
        if is_staff_area and settings.STAFF_NETWORKS and not self.is_inside(request):
            request.urlconf = "tracker.public_urls"
        return self.get_response(request)

    def is_inside(self, request: HttpRequest) -> bool:
        address = address_of(request)
        named = settings.STAFF_NETWORKS
        return address is not None and any(address in network for network in named)
