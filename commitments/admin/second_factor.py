"""Pages of the second log-in step: the code, one's own device, and who has to have one."""

import io
from dataclasses import dataclass
from functools import wraps

import pyotp
import segno
from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.cache import never_cache

from commitments.access import Access
from commitments.actions import second_factor
from commitments.actions.sign_ins import note_log_in
from commitments.formats import listed
from commitments.models import Appointment, LogInRule, SecondFactor
from commitments.second_step import Owed, factor_of, is_required, owed, passed

# In the session: the seed of a device that has given no code yet.
NEW_SEED = "second_factor_new"


def half_way(view):
    """For pages on which a log-in is finished: whoever is on the staff and gave a password."""

    @never_cache
    @wraps(view)
    def inner(request, *args, **kwargs):
        if not (request.user.is_active and request.user.is_staff):
            return redirect("admin:login")
        return view(request, *args, **kwargs)

    return inner


class CodeForm(forms.Form):
    """A code of the person's own app, or one for emergencies; right only once."""

    code = forms.CharField(
        label=pgettext_lazy("log-in", "code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )

    def __init__(self, person, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_code(self):
        return code_taken(self.person, self.cleaned_data["code"])


def code_taken(person, code):
    at = timezone.now()
    try:
        is_taken = second_factor.takes(person, code, at=at)
    except second_factor.NoCodeTaken as pause:
        raise ValidationError(wait_until(pause.until, at=at), code="paused") from pause
    if not is_taken:
        raise ValidationError(
            _("This code is not accepted. Wait for the next one in the app, and enter it at once."),
            code="not_taken",
        )
    return code


def wait_until(until, *, at):
    minutes = int((until - at).total_seconds() // 60) + 1
    return ngettext(
        "Too many wrong codes. No code is accepted now; try again in %(minutes)s minute.",
        "Too many wrong codes. No code is accepted now; try again in %(minutes)s minutes.",
        minutes,
    ) % {"minutes": minutes}


class DeviceForm(forms.Form):
    """A code of the new device; and one of the old, where there is one."""

    new_code = forms.CharField(
        label=gettext_lazy("code that the app shows"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    code = forms.CharField(
        label=gettext_lazy("code of the app in use until now, or a recovery code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )

    def __init__(self, person, seed, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.person, self.seed = person, seed
        if factor_of(person) is None:
            del self.fields["code"]

    def clean_new_code(self):
        found = second_factor.step_of(
            self.person, self.seed, self.cleaned_data["new_code"], at=timezone.now()
        )
        if found is None:
            raise ValidationError(
                _("This is not the code of the key above. Is the device’s clock right?")
            )
        return found

    def clean(self):
        # Last, so that a code is not used up for a form that is refused anyway.
        if "code" in self.cleaned_data and not self.errors:
            try:
                code_taken(self.person, self.cleaned_data["code"])
            except ValidationError as error:
                self.add_error("code", error)
        return self.cleaned_data


# --- The log-in's second page ---------------------------------------------------------------------


@half_way
def code_view(request):
    place = place_after(request)
    if owed(request) is not Owed.CODE:
        return redirect(place)
    form = CodeForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        passed(request, factor_of(request.user).seed)
        note_log_in(request.user)
        return redirect(place)
    context = {"title": _("Enter your code"), "form": form, "next": place}
    return page(request, "second_step", context)


def place_after(request):
    """Where the person was going, as far as it is a page of ours."""
    place = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        place, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return place if is_ours else reverse("admin:index")


# --- One's own device -----------------------------------------------------------------------------


@half_way
def device_view(request):
    """What the person has; the way to set it up, or to change to another device."""
    if owed(request) is Owed.CODE:
        return redirect("admin:second_factor_code")
    seed = request.session.setdefault(NEW_SEED, second_factor.new_seed())
    form = DeviceForm(request.user, seed, request.POST or None)
    if request.method == "POST" and form.is_valid():
        codes = second_factor.set_up(
            request.user, seed=seed, step=form.cleaned_data["new_code"], at=timezone.now()
        )
        del request.session[NEW_SEED]
        passed(request, seed)
        return show_codes(request, codes)
    secret = second_factor.secret_of(request.user, seed)
    context = {
        "title": _("Two-step log-in"),
        "form": form,
        "factor": factor_of(request.user),
        "is_required": is_required(request.user),
        "may_administer": Access.of(request.user).may_administer,
        "groups": second_factor.in_groups(secret),
        "address": app_address(request.user, seed),
        "next": place_after(request),
    }
    return page(request, "second_factor", context)


@half_way
def picture_view(request):
    """The key as a QR code. Drawn for each session anew, and kept by nobody."""
    seed = request.session.get(NEW_SEED)
    if owed(request) is Owed.CODE or seed is None:
        return redirect("admin:second_factor")
    drawn = io.BytesIO()
    segno.make(app_address(request.user, seed), error="m", micro=False).save(
        drawn, kind="svg", scale=5, border=4, dark="#000", light="#fff"
    )
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


def app_address(person, seed):
    """What an app reads from the QR code: the key, and whose it is and for what."""
    totp = pyotp.TOTP(second_factor.secret_of(person, seed), interval=second_factor.SECONDS)
    return totp.provisioning_uri(
        name=person.get_username(), issuer_name=_("Public Register of Commitments")
    )


def codes_view(request):
    """New recovery codes in place of those that were used or lost."""
    if factor_of(request.user) is None:
        return redirect("admin:second_factor")
    form = CodeForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return show_codes(request, second_factor.renew_codes(request.user, at=timezone.now()))
    context = {"title": _("New recovery codes"), "form": form}
    return page(request, "recovery_codes_new", context)


def show_codes(request, codes):
    context = {"title": _("Your recovery codes"), "codes": codes, "next": place_after(request)}
    return page(request, "recovery_codes", context)


# --- Who has to, and who has ----------------------------------------------------------------------


class RuleForm(forms.ModelForm):
    class Meta:
        model = LogInRule
        fields = Appointment.Role.values


@dataclass(frozen=True)
class Person:
    """A line of the administrators' list."""

    user: object
    roles: str
    is_required: bool
    factor: object
    may_reset: bool


def administering(request):
    if not Access.of(request.user).may_administer:
        raise PermissionDenied


def rule_view(request):
    administering(request)
    rule = LogInRule.objects.first() or LogInRule(pk=1)
    form = RuleForm(request.POST or None, instance=rule)
    if request.method == "POST" and form.is_valid():
        second_factor.require(rule, by=request.user, at=timezone.now())
        messages.success(request, _("The rule is saved and holds from now on."))
        return redirect("admin:second_factor_rule")
    context = {
        "title": _("Who uses two-step log-in"),
        "form": form,
        "people": people(request.user),
    }
    return page(request, "second_factor_rule", context)


def people(asking):
    """Everybody who can log in, in three queries however many they are."""
    required = LogInRule.required_roles()
    factors = {factor.user_id: factor for factor in SecondFactor.objects.all()}
    roles = {}
    for user, role in Appointment.objects.order_by("pk").values_list("user", "role"):
        roles.setdefault(user, set()).add(role)
    found = []
    for user in get_user_model().objects.filter(is_staff=True, is_active=True).order_by("username"):
        words = [role.label for role in Appointment.Role if role in roles.get(user.pk, ())]
        held = {*Appointment.Role.values} if user.is_superuser else roles.get(user.pk, set())
        found.append(
            Person(
                user=user,
                roles=_("superuser") if user.is_superuser else listed(map(str, words)),
                is_required=bool(required & held),
                factor=factors.get(user.pk),
                may_reset=user.pk in factors and may_reset(asking, user),
            )
        )
    return found


def may_reset(asking, person):
    """Never one's own, for which a code is asked; nor that of somebody who stands above."""
    is_above = person.is_superuser and not asking.is_superuser
    return asking.pk != person.pk and not is_above


def reset_view(request, id):
    administering(request)
    person = get_object_or_404(get_user_model(), pk=id)
    if not may_reset(request.user, person):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    second_factor.reset(person, by=request.user, at=timezone.now())
    told = _("%(name)s logs in with the password alone, and can set up a device again.")
    messages.success(request, told % {"name": person})
    return redirect("admin:second_factor_rule")


def page(request, name, context):
    shared = admin.site.each_context(request)
    return TemplateResponse(request, f"admin/commitments/{name}.html", shared | context)
