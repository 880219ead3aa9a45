"""Chinese at /, English at /en/, the staff area at /admin/ and /en/admin/."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("commitments.root_urls")),
    *i18n_patterns(
        path("admin/", admin.site.urls),
        path("", include("commitments.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "commitments.views.errors.bad_request"
handler403 = "commitments.views.errors.forbidden"
handler404 = "commitments.views.errors.not_found"
handler500 = "commitments.views.errors.server_error"
