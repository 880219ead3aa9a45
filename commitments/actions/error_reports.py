"""What a reader reports, from the public form to the staff's desk."""

import datetime as dt
import hashlib

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.actions.history import recorded
from commitments.models import Commitment, Entry, ErrorReport, SendingCount

# An office shares one address, and somebody who reads closely finds several errors in a row.
MOST_FROM_ONE = 10
# What the staff could still read through, and a flood could not fill a disk with.
MOST_FROM_ALL = 200
# Counts are of no use after their hour; another one leaves room for clocks that differ.
COUNTS_KEPT = dt.timedelta(hours=1)
EVERYONE = ""


class TooMany(Exception):
    """More reports than an hour takes; `until` is when the next hour begins."""

    def __init__(self, until):
        super().__init__(until)
        self.until = until


class AlreadyHandled(Exception):
    def __init__(self, report):
        super().__init__(report.reference)
        self.report = report

    def __str__(self):
        return _("%(report)s was handled already.") % {"report": self.report}


def send(*, key, sender, at, **values):
    """Save a report and return it. `values` are the form's: text, place, code, source_url, email,
    language.

    `key` is the form's own: sent twice with the same words, it gives the first report again; who
    goes back and adds something sends a second one. `sender` is what is counted. Raises `TooMany`.
    """
    form_key = hashlib.sha256(repr((key, sorted(values.items()))).encode()).hexdigest()
    found = ErrorReport.objects.filter(form_key=form_key).first()
    if found is not None:
        return found
    try:
        return _send(form_key=form_key, sender=sender, at=at, **values)
    except IntegrityError:
        # Two clicks at once: the other one was first.
        return ErrorReport.objects.get(form_key=form_key)


@transaction.atomic
def _send(*, form_key, sender, at, code, **values):
    hour = at.replace(minute=0, second=0, microsecond=0)
    SendingCount.objects.filter(hour__lt=hour - COUNTS_KEPT).delete()
    take(hour, EVERYONE, MOST_FROM_ALL)
    take(hour, sender, MOST_FROM_ONE)
    # Only what the public can read: an unknown code and a draft's look the same from outside.
    on = timezone.localdate(at)
    commitment = Commitment.objects.shown_on(on).filter(code=code).first() if code else None
    return ErrorReport.objects.create(
        form_key=form_key, sent_at=at, commitment=commitment, **values
    )


def take(hour, sender, most):
    """Count one more, or raise `TooMany`; the condition is in the UPDATE because nodes race."""
    SendingCount.objects.get_or_create(hour=hour, sender=sender)
    counts = SendingCount.objects.filter(hour=hour, sender=sender, count__lt=most)
    if not counts.update(count=F("count") + 1):
        raise TooMany(hour + dt.timedelta(hours=1))


@transaction.atomic
def handle(report, *, by, at, note):
    """Close a report, saying what was done; its sender's e-mail address, given for an answer, goes.

    Raises `AlreadyHandled` when somebody else was first.
    """
    waiting = ErrorReport.objects.new().filter(pk=report.pk)
    with recorded([report], by=by, at=at, action=Entry.Action.HANDLED):
        done = waiting.update(
            state=ErrorReport.State.HANDLED, handled_at=at, handled_by=by, note=note, email=""
        )
        if not done:
            raise AlreadyHandled(report)
    report.refresh_from_db()
