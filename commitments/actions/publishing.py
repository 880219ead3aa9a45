"""What making a record public does, and what follows from it.

People publish through `reviewing.approve`, which sees to it that two of them looked. Whoever
publishes is told what it did to the statuses of the day, because that is what the public reads
first.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commitments.actions.amending import apply
from commitments.actions.assessing import reassess
from commitments.actions.history import recorded
from commitments.domain.status import Status
from commitments.models import (
    Amendment,
    Assessment,
    Commitment,
    Entry,
    Indicator,
    Milestone,
    Observation,
    Plan,
    SourceDocument,
    Target,
)
from commitments.models.workflow import State, Superseding


class Refused(Exception):
    """Why something was not done, in words for the person who tried."""

    def __init__(self, message, **params):
        super().__init__(message)
        self.message = message % params if params else message

    def __str__(self):
        return str(self.message)


class NotPublishable(Refused):
    pass


class AlreadyPublished(NotPublishable):
    pass


@dataclass(frozen=True)
class StatusChange:
    """How a commitment stood just before and just after; None: not shown, so without a status."""

    commitment: Commitment
    before: Status | None
    after: Status | None

    @property
    def is_change(self):
        return self.before != self.after


@dataclass(frozen=True)
class Published:
    """What publishing did: the records, those they replaced, and every status they touch."""

    records: list
    replaced: list
    statuses: list


# What makes two rows two versions of one fact: at most one of them is live.
SLOT = {
    "observation": ("indicator", "item", "period", "source_kind", "definition_zh"),
    "target": ("code",),
    "milestone": ("code",),
}


def slot(record):
    """The look-up that finds every version of this fact."""
    return {name: getattr(record, name) for name in SLOT[record._meta.model_name]}


def live_version(record):
    """The published row that publishing this one would replace, or None."""
    corrected = getattr(record, "corrects", None)
    if corrected is not None:
        # Of what was corrected by another meanwhile, the version that is live now.
        while corrected.replaced_by is not None:
            corrected = corrected.replaced_by
        return corrected
    return in_its_place(record)


def in_its_place(record):
    """Another published row for the same fact, or None."""
    return type(record).objects.live().filter(**slot(record)).exclude(pk=record.pk).first()


def corrections_of(record):
    """What is not public yet and would replace this row."""
    wanted = Q(**slot(record))
    if isinstance(record, Observation):
        wanted = Q(corrects=record) | (wanted & Q(corrects=None))
    return type(record).objects.unpublished().filter(wanted)


@transaction.atomic
def publish(record, *, by, at):
    """Show a record to the public from `at` on, in place of the version it replaces.

    Returns a `Published`. Raises `NotPublishable`, having changed nothing, when it is published
    already, when its quote is not in its source, when what it belongs to is not public, when its
    source is dated after `at`, or when another version was published after this one was begun.
    """
    return _publish([record], by=by, at=at)


@transaction.atomic
def publish_together(records, *, by, at):
    """Publish several records at once: all of them or nothing. Returns and raises as `publish`."""
    return _publish(records, by=by, at=at)


def _publish(records, *, by, at):
    on = timezone.localdate(at)
    touched = locked(records)
    before = standings(touched, on)
    with recorded(records, by=by, at=at, action=Entry.Action.PUBLISHED):
        replaced = [old for record in records for old in _show(record, by=by, at=at)]
    reassess(shown_here(touched))
    return Published(records, replaced, status_changes(touched, before, on))


def _show(record, *, by, at):
    """Make one record public; returns the rows it replaced. Statuses are not touched yet."""
    model = type(record)
    if is_public(record):
        raise AlreadyPublished(_("%(record)s is published already."), record=str(record))
    check(record, at=at)
    old = [live_version(record)] if isinstance(record, Superseding) else []
    old = [row for row in old if row is not None]
    refuse_a_place_taken(record, old)
    for row in old:
        refuse_overtaken(record, row)
        with recorded([row], by=by, at=at, action=Entry.Action.SUPERSEDED):
            row.superseded_at, row.replaced_by = at, record
            row.save(update_fields=["superseded_at", "replaced_by"])
    if isinstance(record, Amendment):
        amend(record, by=by, at=at)
    # Conditional, because two people may click at once.
    waiting = model.objects.filter(pk=record.pk).exclude(state=State.PUBLISHED)
    if not waiting.update(state=State.PUBLISHED, published_at=at, published_by=by):
        raise AlreadyPublished(_("%(record)s is published already."), record=str(record))
    record.refresh_from_db()
    return old


def amend(amendment, *, by, at):
    """Change the promise as an amendment says, with an entry in its history."""
    commitment = amendment.commitment
    try:
        with recorded([commitment], by=by, at=at, why=amendment.reason_zh):
            apply(amendment)
    except ValidationError as error:
        raise NotPublishable(
            _("%(code)s: %(problem)s"), code=commitment.code, problem=error.messages[0]
        ) from error


def check(record, *, at):
    """Raise `NotPublishable` for a record that the public must not see as it is."""
    commitment = getattr(record, "commitment", None)
    if commitment is not None and not is_public(commitment):
        raise NotPublishable(_("Publish the commitment %(code)s first."), code=commitment.code)
    if isinstance(record, Commitment):
        try:
            record.check_quote()
        except ValidationError as error:
            raise NotPublishable(
                _("%(code)s: %(problem)s"), code=record.code, problem=error.messages[0]
            ) from error
    if isinstance(record, Observation) and record.published_on > timezone.localdate(at):
        raise NotPublishable(
            _("%(record)s: its source is dated %(day)s, which has not come yet."),
            record=str(record),
            day=record.published_on.isoformat(),
        )
    if isinstance(record, Target) and record.amends_id and not is_public(record.amends):
        raise NotPublishable(
            _("Publish the target %(code)s, which this one amends, first."),
            code=record.amends.code,
        )


def is_public(record):
    # Asked of the database: the object at hand may have been read before it was published.
    return type(record).objects.published().filter(pk=record.pk).exists()


def refuse_a_place_taken(record, old):
    """A figure corrected to another period may not push out the figure that stands there."""
    taken = in_its_place(record) if isinstance(record, Observation) else None
    if taken is not None and taken not in old:
        raise NotPublishable(
            _("%(record)s: there is a published figure for this period. Correct that one instead."),
            record=str(record),
        )


def refuse_overtaken(record, live):
    """A correction replaces what its author had before their eyes, and nothing newer."""
    if live.published_at > record.created_at:
        raise NotPublishable(
            _(
                "%(record)s: another version was published after this draft was begun. Look at "
                "that one, and correct it if it is wrong."
            ),
            record=str(record),
        )
    if getattr(live, "commitment_id", None) != getattr(record, "commitment_id", None):
        raise NotPublishable(
            _("The code %(code)s belongs to another commitment."), code=record.code
        )


@transaction.atomic
def revise(record, *, at):
    """Save a record that describes, and judge again what its fields may change.

    For commitments (withdrawn), indicators (reporting unit, limits) and source documents (their
    date). Returns the status changes of the day.
    """
    on = timezone.localdate(at)
    touched = locked([record]) if record.pk else set()
    before = standings(touched, on)
    record.save()
    reassess(shown_here(touched))
    return [change for change in status_changes(touched, before, on) if change.is_change]


@transaction.atomic
def open_plan(plan, *, by, at):
    """Let the public read a plan from today on, with all of it that is published."""
    on = timezone.localdate(at)
    with recorded([plan], by=by, at=at, action=Entry.Action.OPENED):
        if not Plan.objects.filter(pk=plan.pk, opened_on=None).update(opened_on=on):
            raise AlreadyPublished(_("%(record)s is open already."), record=str(plan))
    plan.opened_on = on
    reassess(plan.commitments.published())


def locked(records):
    """Ids of the commitments whose status the records may change, held until the end.

    Two people who publish at once must judge one after the other: the second has to see the
    first one's facts. Indicators are taken before commitments, each by id, so that nobody waits
    in a circle.
    """
    indicators = {pk for record in records for pk in indicators_of(record)}
    hold(Indicator, indicators)
    touched = {pk for record in records for pk in touched_by(record)}
    hold(Commitment, touched)
    return touched


def hold(model, ids):
    list(model.objects.filter(pk__in=ids).order_by("pk").select_for_update().values_list("pk"))


def indicators_of(record):
    if isinstance(record, Indicator):
        return {record.pk}
    if isinstance(record, Observation):
        return {record.indicator_id}
    if isinstance(record, Target):
        return {record.indicator_id, record.comparator_indicator_id} - {None}
    return set()


def touched_by(record):
    """Ids of the commitments whose status a record may change."""
    if isinstance(record, Commitment):
        return {record.pk}
    if isinstance(record, (Amendment, Target, Milestone)):
        return {record.commitment_id}
    if isinstance(record, (Observation, Indicator)):
        [indicator] = indicators_of(record)
        found = Target.objects.published().filter(
            Q(indicator=indicator) | Q(comparator_indicator=indicator)
        )
        return set(found.values_list("commitment", flat=True))
    if isinstance(record, SourceDocument):
        quoting = Commitment.objects.filter(source=record).values_list("pk", flat=True)
        testing = Target.objects.filter(document=record).values_list("commitment", flat=True)
        return {*quoting, *testing}
    return set()


def shown_here(ids):
    """Those commitments the public can read: only they have a status."""
    return Commitment.objects.published().filter(pk__in=ids, plan__opened_on__isnull=False)


def standings(ids, on):
    """The stored status of a day by the commitment's id."""
    found = Assessment.objects.filter(commitment__in=ids, starts_on__lte=on, ends_on__gt=on)
    return {pk: Status(status) for pk, status in found.values_list("commitment", "status")}


def status_changes(ids, before, on):
    after = standings(ids, on)
    commitments = Commitment.objects.published().filter(pk__in=ids)
    return [
        StatusChange(commitment, before.get(commitment.pk), after.get(commitment.pk))
        for commitment in commitments.order_by("code")
    ]
