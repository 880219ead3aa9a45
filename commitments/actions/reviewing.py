"""From a person's draft to the public, by way of a second person.

Every action takes several records, does each by itself, and returns what became of each: one that
is refused loses nothing of the others. Who may do what is asked of `Access`, here and not in a
view, so that no screen, file or command can leave it out.
"""

from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commitments.access import Access
from commitments.actions.history import recorded
from commitments.actions.publishing import (
    AlreadyPublished,
    Published,
    Refused,
    locked,
    publish_together,
)
from commitments.models import Commitment, Entry, Milestone, Target, Update
from commitments.models.workflow import IN_HAND, Publishable, State

Action = Entry.Action


class NotAllowed(Refused):
    pass


class OwnWork(NotAllowed):
    pass


class NotWaiting(Refused):
    pass


@dataclass(frozen=True)
class Outcome:
    """What became of one record: `refused` says why nothing did."""

    record: Publishable
    published: Published | None = None
    refused: Refused | None = None

    @property
    def is_done(self):
        return self.refused is None


# A commitment before its parts, and an original before its amendment, which needs it public.
ORDER = [Commitment, Target, Milestone, Update]
PARTS = (Target, Milestone, Update)


def submit(records, *, by, at):
    """Hand drafts, and what came back, to the reviewers; a commitment goes with its parts."""

    def hand_in(record):
        with recorded(whole(record, IN_HAND), by=by, at=at, action=Action.SUBMITTED) as together:
            for each in together:
                found = current(each)
                if not found.is_in_hand:
                    raise not_as_expected(found)
                if not Access.of(by).may_change(found):
                    raise NotAllowed(_("%(record)s: you may not submit this."), record=str(each))
                move(each, IN_HAND, state=State.IN_REVIEW, submitted_at=at, submitted_by=by)

    return each_by_itself(records, hand_in)


def take_back(records, *, by, at):
    """Make what waits for review a draft again, for those who may write it."""

    def fetch(record):
        waiting = whole(record, [State.IN_REVIEW])
        with recorded(waiting, by=by, at=at, action=Action.TAKEN_BACK):
            for each in waiting:
                if not Access.of(by).writes(current(each)):
                    raise NotAllowed(_("%(record)s: this is not yours."), record=str(each))
                move(
                    each,
                    [State.IN_REVIEW],
                    state=State.DRAFT,
                    submitted_at=None,
                    submitted_by=None,
                )

    return each_by_itself(records, fetch)


def send_back(records, *, by, at, note):
    """Return what waits for review to its author, with a note that says why."""

    def give_back(record):
        waiting = whole(record, [State.IN_REVIEW])
        with recorded(waiting, by=by, at=at, action=Action.RETURNED, why=note):
            for each in waiting:
                refuse_unless_reviewer(each, by)
                move(
                    each,
                    [State.IN_REVIEW],
                    state=State.RETURNED,
                    returned_at=at,
                    returned_by=by,
                    return_note=note,
                )

    if not note.strip():
        raise ValueError("a return says why")
    return each_by_itself(records, give_back)


def approve(records, *, by, at):
    """Publish what waits for review: a commitment with its parts, anything else by itself.

    Nobody publishes what they wrote, last changed or submitted. Of two reviewers at once the
    second is told that it is done.
    """

    def show(record):
        together = whole(record, [State.IN_REVIEW])
        # In the order `publish` takes them, so that no two reviewers wait for each other.
        locked(together)
        for each in together:
            refuse_unless_reviewer(each, by)
        return publish_together(together, by=by, at=at)

    return each_by_itself(sorted(records, key=place), show)


@contextmanager
def tried(record, *, by, at):
    """The `Outcome` that approving would have; the block looks at what it did, then it is undone.

    `record` and what is read inside are not the register's: throw them away.
    """
    with transaction.atomic():
        [outcome] = approve([record], by=by, at=at)
        yield outcome
        transaction.set_rollback(True)


# --- What they share --------------------------------------------------------------------------


def each_by_itself(records, act):
    """Run an action on each record in a transaction of its own; the `Outcome` of each."""
    return [attempted(record, act) for record in records]


def attempted(record, act):
    try:
        with transaction.atomic():
            return Outcome(record, published=act(record))
    except Refused as refused:
        return Outcome(record, refused=refused)


def whole(record, states):
    """A record in one of the states, with what goes with it: the parts of a commitment."""
    if not isinstance(record, Commitment):
        return [record]
    parts = [
        part
        for model in PARTS
        for part in model.objects.filter(commitment=record, state__in=states).order_by("pk")
    ]
    parts.sort(key=place)
    # Of a published commitment only the parts are left to move.
    is_next = Commitment.objects.filter(pk=record.pk, state__in=states).exists()
    return [record, *parts] if is_next or not parts else parts


def place(record):
    """Where a record stands among those handled together."""
    is_amendment = getattr(record, "amends_id", None) is not None
    return ORDER.index(type(record)) if type(record) in ORDER else len(ORDER), is_amendment


def current(record):
    """The record as the database has it, held until the end: another may have acted since."""
    # Unordered: by its own order a figure's indicator would be read, and locked, with it.
    found = type(record).objects.select_for_update().filter(pk=record.pk).order_by("pk").first()
    if found is None:
        raise NotWaiting(_("%(record)s is no longer there."), record=str(record))
    return found


def move(record, expected, **values):
    """Change a record's state if it is still as expected; two people may act at once."""
    model = type(record)
    if not model.objects.filter(pk=record.pk, state__in=expected).update(**values):
        raise not_as_expected(current(record))
    record.refresh_from_db()


def not_as_expected(record):
    if record.is_published:
        return AlreadyPublished(_("%(record)s is published already."), record=str(record))
    return NotWaiting(
        _("%(record)s: its state is now “%(state)s”. Look at it again."),
        record=str(record),
        state=record.get_state_display(),
    )


def refuse_unless_reviewer(record, by):
    found = current(record)
    if not found.is_in_review:
        raise not_as_expected(found)
    access = Access.of(by)
    if not access.is_reviewer:
        raise NotAllowed(_("%(record)s: you may not review this."), record=str(record))
    if not access.may_review(found):
        raise OwnWork(
            _("%(record)s is your own work. Another reviewer decides on it."), record=str(record)
        )
