"""An uploaded sheet: read and checked, looked at by its owner, then applied once and as a whole.

What it brings is handed to the reviewers: an import publishes nothing, and does nothing that its
owner could not do on the forms.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from commitments.access import Access
from commitments.actions.drafting import draft_for_review
from commitments.actions.publishing import Refused
from commitments.importing import stored_sheets
from commitments.importing.reading import read_sheets
from commitments.importing.tables import TABLES
from commitments.models import SheetImport


class NotImported(Refused):
    pass


def importable(user):
    """What this person may import."""
    return [subject for subject, each in TABLES.items() if Access.of(user).may_add(each.model)]


def upload(name, data, *, subject, by, at):
    """Read and check a file and keep both; returns the `SheetImport`. Raises `Unreadable`."""
    held = received(name, data, subject=subject, by=by, at=at)
    keep(held, check(held, at=at), at=at)
    return held


def received(name, data, *, subject, by, at):
    """A file that was read and is still to be checked and kept. Raises `Unreadable`."""
    return SheetImport(
        subject=subject,
        file_name=name[-255:],
        sheets=stored_sheets.as_json(read_sheets(name, data)),
        created_by=by,
        created_at=at,
    )


def in_words(held, *, at):
    """The checked plan in the active language: as it is kept, or else worked out anew."""
    if held.language == get_language() or held.applied_at is not None:
        return held.checked
    return check(held, at=at).as_json()


def check(held, *, at, hold=False):
    sheets = stored_sheets.from_json(held.sheets)
    access = Access.of(held.created_by)
    return TABLES[held.subject].check(sheets, access=access, on=timezone.localdate(at), hold=hold)


def keep(held, checked, *, at):
    held.checked, held.counts = checked.as_json(), checked.counts
    held.checked_at, held.language = at, get_language()
    held.save()


def apply(held, *, by, at):
    """`applying`, without a look at how far it is."""
    for _saved in applying(held, by=by, at=at):
        pass


def applying(held, *, by, at):
    """Make what the checked plan says, as drafts in review: all of it, once.

    Gives, as it goes, how many records are saved, and nothing is done unless it is read to its end:
    until then it is one transaction. What was applied before is left alone. Raises `NotImported`,
    having changed nothing of the register, when it has mistakes or conflicts, or when it would no
    longer do what its owner was shown; then the new answer is kept to be looked at.
    """
    with transaction.atomic():
        held = SheetImport.objects.select_for_update().get(pk=held.pk)
        if held.applied_at is not None:
            return
        if held.created_by_id != by.pk or held.subject not in importable(by):
            raise NotImported(_("This import is not yours."))
        with override(held.language):
            checked = check(held, at=at, hold=True)
            is_as_shown = checked.as_json() == held.checked
            if not is_as_shown:
                keep(held, checked, at=at)
        if is_as_shown and not checked.is_clean:
            raise NotImported(_("Nothing was imported: mend the mistakes and conflicts first."))
        if is_as_shown:
            yield 0
            records, links = checked.records, checked.links
            yield from draft_for_review(records, links=links, by=by, at=at, why=held.file_name)
            held.checked, held.applied_at = checked.as_json(), at
            held.applied_count = len(checked.records)
            held.save(update_fields=["checked", "applied_at", "applied_count"])
    if not is_as_shown:
        raise NotImported(
            _("Nothing was imported: the register changed since this was checked. Look again.")
        )
