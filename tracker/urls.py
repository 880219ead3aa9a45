"""Chinese at /, English at /en/, the staff area at /admin/ and /en/admin/."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path


def addresses(pages_at: str, *, staff: bool = True) -> list[URLPattern | URLResolver]:
    return [
        path("", include("commitments.root_urls")),
        *i18n_patterns(
            *([path("admin/", admin.site.urls)] if staff else []),
            path("", include("commitments.file_urls")),
            path(pages_at, include("commitments.urls")),
            prefix_default_language=False,
        ),
    ]


urlpatterns = addresses(pages_at="")

handler400 = "commitments.views.errors.bad_request"
handler403 = "commitments.views.errors.forbidden"
handler404 = "commitments.views.errors.not_found"
handler500 = "commitments.views.errors.server_error"
