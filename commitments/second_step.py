"""How far a log-in is: whether this session still owes a code, or the person a second step."""

from enum import Enum

from django.conf import settings

from commitments.access import Access
from commitments.models import LogInRule, SecondFactor

# In the session: the seed of the device whose code it gave. A new device asks every session anew.
PASSED = "second_step"
ELSEWHERE = "by the identity provider"


class Owed(Enum):
    """What has to come first; the values are the pages."""

    CODE = "admin:second_factor_code"
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
    if factor is not None:
        return None if mark == factor.seed else Owed.CODE
    return Owed.SET_UP if is_required(request.user) else None


def passed(request, seed):
    """The session has given a code of the device with this seed. Its key changes."""
    request.session[PASSED] = seed
    request.session.cycle_key()
    if hasattr(request.user, "_second_factor"):
        del request.user._second_factor


def passed_elsewhere(request):
    """The identity provider has asked for a second step, as the installation says."""
    request.session[PASSED] = ELSEWHERE
