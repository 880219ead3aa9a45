from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _

# The order in which a person meets the records, not that of the alphabet.
ORDER = [
    "Commitment",
    "Amendment",
    "Target",
    "Milestone",
    "Observation",
    "Update",
    "SheetImport",
    "Assessment",
    "Indicator",
    "Plan",
    "SourceDocument",
    "Agency",
    "Theme",
    "ErrorReport",
    "Entry",
]


class StaffSite(admin.AdminSite):
    """The staff area: Chinese at /admin/, English at /en/admin/."""

    site_header = _("Public Register of Commitments: staff")
    site_title = _("Public Register of Commitments")
    index_title = _("What do you want to keep?")
    # Lists need the width, and eleven records need no second table of contents.
    enable_nav_sidebar = False
    # Read at each request, so that it leads to the site in the page's own language.
    site_url = reverse_lazy("home")  # type: ignore[assignment]

    def get_urls(self) -> list[URLResolver | URLPattern]:
        # Django's `view_on_site` tells the address, and so the code, of a record of any number.
        stock = [each for each in super().get_urls() if getattr(each, "name", "") != "view_on_site"]
        return [path("", include("commitments.admin.urls")), *stock]

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        apps = super().get_app_list(request, app_label)
        # The register before the accounts.
        apps.sort(key=lambda app: app["app_label"] != "commitments")
        for app in apps:
            if app["app_label"] == "commitments":
                app["models"].sort(key=lambda model: ORDER.index(model["object_name"]))
        return apps
