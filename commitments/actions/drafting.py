"""Writing what nobody but staff sees yet."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commitments.access import Access
from commitments.actions.publishing import Refused
from commitments.models.workflow import IN_HAND, Publishable

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
    held = model.objects.filter(pk=record.pk, state__in=IN_HAND).select_for_update().first()
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
