"""Logins in the history. Connected in `apps.py`: Django tells of them by signals only.

No address of a machine is kept. What was typed as a name is kept only where it is an account's:
people type passwords into the wrong box.
"""

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.utils import timezone

from commitments.actions.history import note
from commitments.models import SecondFactor
from commitments.models.entry import Entry


def connect():
    user_logged_in.connect(logged_in, dispatch_uid="history")
    user_logged_out.connect(logged_out, dispatch_uid="history")
    user_login_failed.connect(login_failed, dispatch_uid="history")


def logged_in(sender, user, **kwargs):
    # Whose password is only the first step is in when the second one is done.
    if not SecondFactor.objects.filter(user=user.pk).exists():
        note_log_in(user)


def note_log_in(user):
    note(Entry.Action.LOGGED_IN, by=user, at=timezone.now(), record=user)


def logged_out(sender, user, **kwargs):
    # A session that had ended already has nobody to log out.
    if user is not None:
        note(Entry.Action.LOGGED_OUT, by=user, at=timezone.now(), record=user)


def login_failed(sender, credentials, request=None, **kwargs):
    if getattr(request, "axes_locked_out", False):
        # Not looked at: that the log-in is locked was told once, when it began (`locks.py`).
        return
    accounts = get_user_model()
    typed = str(credentials.get(accounts.USERNAME_FIELD) or "").replace("\0", "")
    account = accounts.objects.filter(**{accounts.USERNAME_FIELD: typed}).first()
    note(Entry.Action.LOGIN_FAILED, by=None, at=timezone.now(), record=account)
