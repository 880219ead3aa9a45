"""The log-ins that are locked now, for administrators, who can lift a lock."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.access import Access
from commitments.actions import locks


class LiftForm(forms.Form):
    """Whose lock, or that of which address."""

    person = forms.ModelChoiceField(get_user_model().objects.all(), required=False)
    address = forms.GenericIPAddressField(required=False)


def locks_view(request):
    if not Access.of(request.user).may_administer:
        raise PermissionDenied
    at = timezone.now()
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person, address = form.cleaned_data["person"], form.cleaned_data["address"]
        if person is not None:
            locks.lift(person, by=request.user, at=at)
        if address:
            locks.lift_address(address, by=request.user, at=at)
        messages.success(request, _("The lock is lifted."))
        return redirect("admin:locks")
    context = {
        **admin.site.each_context(request),
        "title": _("Locked log-ins"),
        "people": locks.locked_people(at),
        "addresses": locks.locked_addresses(at),
        "most_of_one": locks.MOST_OF_ONE,
        "minutes": int(locks.COUNTED_FOR.total_seconds() // 60),
    }
    return TemplateResponse(request, "admin/commitments/locks.html", context)
