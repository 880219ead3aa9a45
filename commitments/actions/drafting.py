"""Writing what nobody but staff sees yet."""

from itertools import islice

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commitments.access import Access
from commitments.actions.history import recorded
from commitments.actions.publishing import Refused
from commitments.models import Entry
from commitments.models.workflow import IN_HAND, Publishable, State

# Records saved by one statement.
BATCH = 1_000
# An edit leaves these to the actions that move a record from state to state.
WORKFLOW = {field.name for field in Publishable._meta.fields} | {"superseded_at", "replaced_by"}


class NotEditable(Refused):
    pass


def draft(record, *, by, at):
    """Save a new record, seen by nobody but staff. Raises `NotEditable` for another's agency."""
    if not Access.of(by).may_change(record):
        raise NotEditable(_("%(record)s is not for your agency to enter."), record=str(record))
    record.created_by, record.created_at = by, at
    record.save()


@transaction.atomic
def edit(record, *, by, at):
    """Save the changed fields of a draft, or of what came back, under the editor's name.

    Raises `NotEditable` when it was submitted or published since it was read.
    """
    model = type(record)
    rows = model.objects.filter(pk=record.pk, state__in=IN_HAND).select_for_update()
    held = rows.order_by("pk").first()
    if held is None:
        raise NotEditable(
            _("%(record)s is no longer a draft: somebody submitted or published it."),
            record=str(record),
        )
    if not Access.of(by).may_change(held) or not Access.of(by).may_change(record):
        raise NotEditable(_("%(record)s is not for your agency to enter."), record=str(record))
    record.changed_by, record.changed_at = by, at
    names = [f.name for f in record._meta.concrete_fields if not f.primary_key]
    record.save(
        update_fields=[n for n in names if n not in WORKFLOW] + ["changed_by", "changed_at"]
    )


def draft_for_review(records, *, by, at, links=(), why=""):
    """Save many new records, and drafts that were changed, and hand them all to the reviewers.

    What others refer to comes before them. `links` are (record, relation, related records). Whoever
    calls has seen to it that each is for `by` to write, holds those that are changed, and has begun
    the transaction. Gives, each time some were saved, how many are: nothing is done unless it is
    read to its end. The queries do not grow with each record.
    """
    new = [record for record in records if record.pk is None]
    changed = [record for record in records if record.pk is not None]
    # By number: a request's person is a lazy stand-in, slow to be set on thousands.
    author = by.pk
    for record in new:
        record.created_by_id, record.created_at = author, at
    for record in changed:
        record.changed_by_id, record.changed_at = author, at
    for record in records:
        record.state, record.submitted_by_id, record.submitted_at = State.IN_REVIEW, author, at
    saved = 0
    with recorded(changed, by=by, at=at, action=Entry.Action.SUBMITTED, why=why) as written:
        for model in dict.fromkeys(map(type, records)):
            for batch in batched(each for each in new if type(each) is model):
                model.objects.bulk_create(batch)
                saved += len(batch)
                yield saved
            names = [field.name for field in model._meta.concrete_fields if not field.primary_key]
            for batch in batched(each for each in changed if type(each) is model):
                model.objects.bulk_create(
                    batch, update_conflicts=True, unique_fields=["pk"], update_fields=names
                )
                saved += len(batch)
                yield saved
        link_all(links)
        written += new


def batched(records):
    records = iter(records)
    while batch := [*islice(records, BATCH)]:
        yield batch


def link_all(links):
    """Make the records of some relations those given, whatever they were."""
    for model, name in {(type(record), name) for record, name, _others in links}:
        relation = model._meta.get_field(name)
        source, target = relation.m2m_field_name(), relation.m2m_reverse_field_name()
        pairs = [(each, others) for each, which, others in links if which == name]
        through = relation.remote_field.through
        rows = through._default_manager
        rows.filter(**{f"{source}__in": [each.pk for each, _others in pairs]}).delete()
        rows.bulk_create(
            through(**{source: each, target: other}) for each, others in pairs for other in others
        )
