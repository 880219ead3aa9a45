from django.contrib import admin
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from commitments.actions.history import recorded
from commitments.admin.second_factor import half_way, place_after
from commitments.second_step import Owed, owed, password_changed


@half_way
def password_change(request):
    """Django's own page, with an entry in the history that it was used.

    It also finishes a log-in by a password that somebody else has set.
    """
    owes = owed(request)
    is_first = owes is Owed.PASSWORD
    if not is_first and owes is not None:
        return admin.site.second_step(request, reverse("admin:password_change"))
    with recorded([request.user], by=request.user, at=timezone.now()):
        answer = admin.site.password_change(request, {"is_first": is_first})
        # Rendered late, and a wrong password is a page like any other.
        answer = answer.render() if hasattr(answer, "render") else answer
    if answer.status_code == 302 and is_first:
        password_changed(request)
        return redirect(place_after(request))
    return answer
