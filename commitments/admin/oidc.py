"""To the office's identity provider and back. Only GET: a form may not lead to another site."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import login
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from commitments import kept, oidc
from commitments.actions.history import note
from commitments.actions.sign_ins import note_log_in
from commitments.admin.second_factor import place_after
from commitments.known_browsers import remember
from commitments.models import Entry
from commitments.second_step import factor_of, passed_elsewhere

# In the session: where the person was going.
PLACE = "oidc_place"


@never_cache
@require_safe
def to_provider(request):
    if not oidc.is_configured():
        raise Http404
    request.session[PLACE] = place_after(request)
    try:
        return oidc.lead_there(request, back=request.build_absolute_uri(reverse("admin:oidc_back")))
    except oidc.NotLoggedIn:
        return not_in(request, _("The identity provider cannot be reached now."), status=503)


@never_cache
@require_safe
def from_provider(request):
    if not oidc.is_configured():
        raise Http404
    try:
        claims = oidc.claims_of(request)
    except oidc.NotLoggedIn:
        told = _("The identity provider did not confirm who you are, or its answer came too late.")
        return not_in(request, told, status=403)
    person = oidc.person_of(claims)
    if person is None:
        note(Entry.Action.LOGIN_FAILED, by=None, at=timezone.now())
        told = _(
            "The identity provider knows you, but you have no account here. Ask an administrator "
            "of the register for one, and tell them the name under which you logged in there."
        )
        return not_in(request, told, status=403)
    return let_in(request, person)


def let_in(request, person):
    place = request.session.pop(PLACE, None) or reverse("admin:index")
    form = kept.unsealed(request.session.pop(kept.KEPT_AWAY, ""))
    login(request, person, backend="commitments.access.RoleBackend")
    if settings.OIDC_SECOND_FACTOR:
        passed_elsewhere(request)
        if factor_of(person) is not None:
            # Else told by the log-in itself.
            note_log_in(person)
    if form is not None and form.person == person.pk:
        place = kept.put_in_session(request.session, form)
    answer = redirect(place)
    remember(request, answer, person.get_username())
    return answer


def not_in(request, told, *, status):
    context = {
        **admin.site.each_context(request),
        "title": _("You are not logged in"),
        "told": told,
    }
    return TemplateResponse(request, "admin/commitments/oidc_refused.html", context, status=status)
