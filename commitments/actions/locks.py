"""Log-ins that are locked for a while, because too many passwords were wrong.

What is counted lies in the tables of django-axes, in the primary database, so it counts on every
node; this is the handler that axes calls. A name is kept as a digest alone, whether it is an
account's or not; an address for as long as it counts (docs/decisions/0035-locked-log-ins.md).
"""

import datetime as dt
from dataclasses import dataclass

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils import timezone

from commitments.actions.history import note
from commitments.known_browsers import browser_of, name_key
from commitments.models import Entry
from commitments.senders import subscriber_of

# A wrong password counts for so long after the last one beside it.
COUNTED_FOR = dt.timedelta(minutes=15)
# Of one name: from one address, or in a browser where it has logged in before.
MOST_OF_ONE = 5
# Of one name from everywhere, and from one address for all names: not in known browsers. An office
# may share an address, and its people know their browsers.
MOST_OF_NAME, MOST_OF_ADDRESS = 20, 50
# Of the administrators' list.
MOST_ADDRESSES = 100


@dataclass(frozen=True)
class Sender:
    """Who tries to log in: a digest of the name, the address, the number of a known browser."""

    name: str
    address: str
    browser: str

    @classmethod
    def of(cls, request, name):
        return cls(name_key(name), subscriber_of(request), browser_of(request, name))

    @property
    def row(self):
        # In axes' words. A browser's own word for itself would be anybody's to choose.
        return {
            "username": self.name,
            "ip_address": self.address or None,
            "user_agent": self.browser,
        }

    def locked_until(self, at):
        """When this log-in is looked at again, or None if it is now."""
        rows = AccessAttempt.objects.filter(attempt_time__gt=at - COUNTED_FOR)
        rows = rows.filter(user_agent=self.browser).order_by("-attempt_time")
        if self.browser:
            return locked_until(rows.filter(username=self.name), MOST_OF_ONE)
        found = [*rows.filter(Q(username=self.name) | Q(ip_address=self.row["ip_address"]))]
        of_name = [row for row in found if row.username == self.name]
        of_address = [row for row in found if self.address and row.ip_address == self.address]
        ends = (
            locked_until([row for row in of_name if row in of_address], MOST_OF_ONE),
            locked_until(of_name, MOST_OF_NAME),
            locked_until(of_address, MOST_OF_ADDRESS),
        )
        return max(filter(None, ends), default=None)


def locked_until(rows, most):
    """When fewer than `most` of the rows, the newest first, will count; None if it is so now."""
    number = 0
    for row in rows:
        number += row.failures_since_start
        if number >= most:
            return row.attempt_time + COUNTED_FOR
    return None


class LockingHandler(AxesDatabaseHandler):
    """Called by axes: before a password is looked at, and when it was right or wrong."""

    def is_locked(self, request, credentials=None):
        sender = Sender.of(request, name_in(credentials))
        request.log_in_locked_until = sender.locked_until(timezone.now())
        return request.log_in_locked_until is not None

    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        # What is refused unseen is not counted: else who is locked out would stay so by trying.
        if request is None or request.axes_locked_out:
            return
        at, name = timezone.now(), name_in(credentials)
        forget(at)
        sender = Sender.of(request, name)
        count(sender, at)
        request.log_in_locked_until = sender.locked_until(at)
        if request.log_in_locked_until is not None:
            request.axes_locked_out = True
            account = get_user_model().objects.filter(username=name).first()
            note(Entry.Action.LOCKED_OUT, by=None, at=at, record=account)

    def user_logged_in(self, sender, request, user, **kwargs):
        # Of this name alone: nobody wipes out an address's count by an account of their own.
        row = Sender.of(request, user.get_username()).row
        if row["user_agent"]:
            del row["ip_address"]
        AccessAttempt.objects.filter(**row).delete()

    def user_logged_out(self, sender, request, user, **kwargs):
        """Nothing is counted. Log-ins and log-outs are in the history alone."""


def name_in(credentials):
    return str((credentials or {}).get(get_user_model().USERNAME_FIELD) or "").replace("\0", "")


@transaction.atomic
def count(sender, at):
    """One more wrong password; added up in the UPDATE because nodes race."""
    nothing = {"get_data": "", "post_data": "", "http_accept": "", "path_info": ""}
    row, is_new = AccessAttempt.objects.get_or_create(
        **sender.row, defaults=nothing | {"failures_since_start": 1}
    )
    if not is_new:
        AccessAttempt.objects.filter(pk=row.pk).update(
            failures_since_start=F("failures_since_start") + 1, attempt_time=at
        )


def forget(at):
    """Remove what counts no more, and the addresses in it."""
    return AccessAttempt.objects.filter(attempt_time__lte=at - COUNTED_FOR).delete()[0]


# --- For administrators ---------------------------------------------------------------------------


def locked_people(at):
    """Pairs (account, until) of all who cannot log in everywhere."""
    people = get_user_model().objects.filter(is_staff=True, is_active=True).order_by("username")
    by_key = {name_key(person.get_username()): person for person in people}
    rows = AccessAttempt.objects.filter(attempt_time__gt=at - COUNTED_FOR, username__in=by_key)
    counted = {}
    for row in rows.order_by("-attempt_time"):
        for way in ways_of(row):
            counted.setdefault(way, []).append(row)
    ends = {}
    for (most, name, *_place), found in counted.items():
        until = locked_until(found, most)
        if until is not None:
            ends[name] = max(until, ends.get(name, until))
    return [(by_key[name], ends[name]) for name in by_key if name in ends]


def ways_of(row):
    """Together with which others of its name a row counts, after how many of them suffice."""
    if row.user_agent:
        return [(MOST_OF_ONE, row.username, row.user_agent)]
    return [(MOST_OF_ONE, row.username, row.ip_address), (MOST_OF_NAME, row.username)]


def locked_addresses(at):
    """The addresses from which nobody logs in whose browser is not known."""
    rows = AccessAttempt.objects.filter(attempt_time__gt=at - COUNTED_FOR, user_agent="")
    sums = rows.exclude(ip_address=None).order_by("ip_address").values("ip_address")
    found = sums.annotate(number=Sum("failures_since_start")).filter(number__gte=MOST_OF_ADDRESS)
    return [*found.values_list("ip_address", flat=True)[:MOST_ADDRESSES]]


@transaction.atomic
def lift(person, *, by, at):
    """Let somebody try again at once, from everywhere."""
    AccessAttempt.objects.filter(username=name_key(person.get_username())).delete()
    note(Entry.Action.LOCK_LIFTED, by=by, at=at, record=person)


@transaction.atomic
def lift_address(address, *, by, at):
    """Let everybody at an address try again. The history does not keep which one it was."""
    AccessAttempt.objects.filter(ip_address=address, user_agent="").delete()
    note(Entry.Action.LOCK_LIFTED, by=by, at=at)
