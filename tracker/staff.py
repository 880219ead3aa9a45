from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, include, path, reverse, reverse_lazy
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commitments import kept, known_browsers

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
    "IssuedReport",
    "Plan",
    "SourceDocument",
    "Agency",
    "Theme",
    "ErrorReport",
    "Entry",
]
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class StaffSite(admin.AdminSite):
    """The staff area: Chinese at /admin/, English at /en/admin/."""

    site_header = _("Public Register of Commitments: staff")
    site_title = _("Public Register of Commitments")
    # Lists need the width, and eleven records need no second table of contents.
    enable_nav_sidebar = False
    # Read at each request, so that it leads to the site in the page's own language.
    site_url = reverse_lazy("home")  # type: ignore[assignment]

    def get_urls(self) -> list[URLResolver | URLPattern]:
        # Django's `view_on_site` tells the address, and so the code, of a record of any number; and
        # the first page is ours.
        left_out = ("view_on_site", "index")
        stock = [each for each in super().get_urls() if getattr(each, "name", "") not in left_out]
        return [path("", include("commitments.admin.urls")), *stock]

    # --- The second step of a log-in -------------------------------------------------------------

    def has_permission(self, request: HttpRequest) -> bool:
        from commitments import second_step

        return super().has_permission(request) and second_step.owed(request) is None

    def is_half_way(self, request: HttpRequest) -> bool:
        """Whether a member of staff is logged in, and owes a code or has to set up a device."""
        return super().has_permission(request) and not self.has_permission(request)

    def second_step(self, request: HttpRequest, place: str) -> HttpResponse:
        """Lead to what is owed, and from there on to the place."""
        from commitments import second_step

        owed = second_step.owed(request)
        assert owed is not None
        return HttpResponseRedirect(f"{reverse(owed.value)}?{urlencode({'next': place})}")

    # --- Nobody's text lost to a login that has run out ------------------------------------------

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        stock = super().admin_view(view, cacheable)

        @wraps(stock)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if self.has_permission(request):
                return stock(request, *args, **kwargs)
            form = kept.form_sent(request) if request.method == "POST" else None
            is_half_way = self.is_half_way(request)
            if is_half_way and view == self.logout:
                return view(request, *args, **kwargs)
            if form is not None and is_half_way and form.person == request.user.pk:
                return self.second_step(request, kept.put_in_session(request.session, form))
            if form is not None:
                return self.login_page(request, form)
            if is_half_way:
                is_page = request.method in ("GET", "HEAD")
                place = request.get_full_path() if is_page else reverse("admin:index")
                return self.second_step(request, place)
            return stock(request, *args, **kwargs)

        return cast(View, inner)

    def login_page(self, request: HttpRequest, form: kept.KeptForm) -> HttpResponse:
        """The login page in place of a form's answer, with what was typed in a hidden field."""
        from commitments.staff_login import LoginForm

        if settings.OIDC_ISSUER:
            # Who logs in elsewhere sends no form of ours back.
            request.session[kept.KEPT_AWAY] = kept.sealed(form)
        context = {
            **self.each_context(request),
            "title": gettext("Log in to go on"),
            "app_path": reverse("admin:login"),
            "next": form.path,
            "kept": kept.sealed(form),
            "form": LoginForm(request),
            "has_provider": bool(settings.OIDC_ISSUER),
        }
        return TemplateResponse(request, "admin/login.html", context, status=403).render()

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        from commitments import second_step
        from commitments.staff_login import LoginForm

        if request.method == "GET" and self.is_half_way(request):
            return self.second_step(request, reverse("admin:index"))
        self.login_form = LoginForm
        text = request.POST.get(kept.KEPT, "")
        shown = {"kept": text, "has_provider": bool(settings.OIDC_ISSUER)}
        answer = super().login(request, {**(extra_context or {}), **shown})
        if answer.status_code == 302 and request.method == "POST":
            known_browsers.remember(request, answer, request.user.get_username())
            second_step.by_password(request)
        form = kept.unsealed(text)
        if form is not None and answer.status_code == 302 and request.user.pk == form.person:
            answer["Location"] = kept.put_in_session(request.session, form)
        return answer

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
