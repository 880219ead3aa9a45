"""Publishing a record, and what follows from it."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.actions.assessing import reassess
from commitments.models import Commitment, Observation
from commitments.models.workflow import State, Superseding


class NotPublishable(Exception):
    """Why a record cannot be published, in words for the person who tried."""

    def __init__(self, message, **params):
        super().__init__(message)
        self.message = message % params if params else message


# What makes two rows two versions of one fact: at most one of them is live.
SLOT = {
    "observation": ("indicator", "item", "period", "source_kind", "definition_zh"),
    "target": ("code",),
    "milestone": ("code",),
}


def slot(record):
    """The look-up that finds every version of this fact."""
    return {name: getattr(record, name) for name in SLOT[record._meta.model_name]}


@transaction.atomic
def publish(record, *, by, at):
    """Show a record to the public from `at` on, in place of the version it replaces.

    Raises `NotPublishable` when it is published already, when its quote is not in its source, or
    when the commitment it belongs to is not public.
    """
    model = type(record)
    commitment = getattr(record, "commitment", None)
    if commitment is not None and not commitment.is_published:
        raise NotPublishable(_("Publish the commitment %(code)s first."), code=commitment.code)
    if isinstance(record, Commitment):
        record.check_quote()
    if isinstance(record, Superseding):
        model.objects.live().filter(**slot(record)).exclude(pk=record.pk).update(
            superseded_at=at, replaced_by=record
        )
    # One conditional UPDATE, because two people may click at once.
    waiting = model.objects.filter(pk=record.pk).exclude(state=State.PUBLISHED)
    if not waiting.update(state=State.PUBLISHED, published_at=at, published_by=by):
        raise NotPublishable(_("%(record)s is published already."), record=str(record))
    record.refresh_from_db()
    reassess(touched_by(record))


def touched_by(record):
    """The published commitments whose status a record may change."""
    if isinstance(record, Commitment):
        return Commitment.objects.published().filter(pk=record.pk)
    if isinstance(record, Observation):
        indicator = record.indicator_id
        return (
            Commitment.objects.published()
            .filter(Q(targets__indicator=indicator) | Q(targets__comparator_indicator=indicator))
            .distinct()
        )
    return Commitment.objects.published().filter(pk=record.commitment_id)
