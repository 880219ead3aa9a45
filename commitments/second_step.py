"""How far a log-in is: whether this session still owes a code, or the person a second step."""

from enum import Enum

from django.conf import settings

from commitments.access import Access
from commitments.models import Entry, LogInRule, SecondFactor

# In the session: the seed of the device whose code it gave. A new device asks every session anew.
PASSED = "second_step"
ELSEWHERE = "by the identity provider"
# In the session: that it began with a password which somebody else has set.
FIRST_PASSWORD = "first_password"


class Owed(Enum):
    """What has to come first; the values are the pages."""

    CODE = "admin:second_factor_code"
    PASSWORD = "admin:password_change"
    SET_UP = "admin:second_factor"


def factor_of(user):
    """The person's second factor or None; kept with the user at hand, for one request."""
    if not hasattr(user, "_second_factor"):
        user._second_factor = SecondFactor.objects.filter(user=user.pk).first()
    return user._second_factor


def is_required(user):
    if not hasattr(user, "_needs_second_factor"):
        roles = LogInRule.required_roles()
        user._needs_second_factor = bool(roles and roles & Access.of(user).roles)
    return user._needs_second_factor


def owed(request):
    """What the person who is logged in has to do before anything else, or None."""
    mark = request.session.get(PASSED)
    if mark == ELSEWHERE and settings.OIDC_SECOND_FACTOR:
        return None
    factor = factor_of(request.user)
    if factor is not None and mark != factor.seed:
        return Owed.CODE
    if FIRST_PASSWORD in request.session:
        return Owed.PASSWORD
    if factor is not None:
        return None
    return Owed.SET_UP if is_required(request.user) else None


def by_password(request):
    """The session began with a password. One that somebody else has set is only for the first."""
    last = Entry.objects.of(request.user).filter(changes__has_key="password").first()
    if last is not None and last.by_id != request.user.pk:
        request.session[FIRST_PASSWORD] = True


def password_changed(request):
    request.session.pop(FIRST_PASSWORD, None)


def passed(request, seed):
    """The session has given a code of the device with this seed. Its key changes."""
    request.session[PASSED] = seed
    request.session.cycle_key()
    if hasattr(request.user, "_second_factor"):
        del request.user._second_factor


def passed_elsewhere(request):
    """The identity provider has asked for a second step, as the installation says."""
    request.session[PASSED] = ELSEWHERE
