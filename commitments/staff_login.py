"""The staff area's login, when a form waits behind it."""

import datetime as dt
from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.kept import KEPT, unsealed


class LoginForm(AdminAuthenticationForm):
    """Lets nobody walk into, or unknowingly throw away, what another person had typed."""

    is_of_another = False

    @property
    def locked_until(self) -> dt.datetime | None:
        """When a log-in like this one is looked at again; None if this one was."""
        return locked_until(self.request)

    def get_invalid_login_error(self) -> ValidationError:
        if self.locked_until is None:
            return super().get_invalid_login_error()
        minutes = seconds_until(self.locked_until) // 60 + 1
        told = ngettext(
            "Too many passwords were wrong. None is looked at for %(minutes)s minute.",
            "Too many passwords were wrong. None is looked at for %(minutes)s minutes.",
            minutes,
        )
        return ValidationError(told % {"minutes": minutes}, code="locked")

    def confirm_login_allowed(self, user: User) -> None:
        super().confirm_login_allowed(user)
        form = unsealed(self.data.get(KEPT, ""))
        if form is None or form.person == user.pk or "drop_kept" in self.data:
            return
        self.is_of_another = True
        raise ValidationError(
            _(
                "The form that was open here was filled in by somebody else, and its text is still "
                "kept. It is theirs to go on with: they can log in here."
            ),
            code="of_another",
        )


def locked_until(request: HttpRequest | None) -> dt.datetime | None:
    """Set by `actions/locks.py`, which axes asks and tells during a log-in."""
    return getattr(request, "log_in_locked_until", None)


def seconds_until(moment: dt.datetime) -> int:
    return int((moment - timezone.now()).total_seconds())


def locked(
    request: HttpRequest, answer: HttpResponseBase, credentials: dict[str, Any]
) -> HttpResponseBase:
    """The log-in page as it is sent when the log-in is locked; called by axes' middleware."""
    until = locked_until(request)
    assert until is not None
    answer.status_code = 429
    answer.headers["Retry-After"] = str(seconds_until(until) + 1)
    return answer
