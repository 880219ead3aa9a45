"""The report of some commitments on a day, read in chunks so that any number of them fits."""

from django.db.models import Count, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from commitments.domain.result import RULE_VERSION
from commitments.domain.status import Status
from commitments.exporters import table
from commitments.facts import dossiers
from commitments.labels import STATUS
from commitments.models import Commitment, Plan
from commitments.report.columns import columns, row_of
from commitments.report.lines import lines_of
from commitments.report.naming import fictional_mark, title_of

CHUNK = 500


def report_of(commitments, *, on, language, plans=None, asked=()):
    """The `Report` of a queryset of commitments, as the site shows them on a day.

    `commitments` must come from `shown_on(on)`; its order is kept. `plans` are those the table is
    about, also where nothing was found; `asked` says in words what was asked for.
    """
    if plans is None:
        plans = list(Plan.objects.filter(pk__in=commitments.order_by().values("plan")))
    with override(language):
        return table.Report(
            title=title_of(plans),
            language=language,
            as_of=on,
            rule_version=RULE_VERSION,
            plans=tuple(plan.title for plan in plans),
            asked=tuple(asked) or (pgettext("about", "everything in the plan"),),
            fictional=fictional_mark(plans),
            notes=tuple(notes(plans, on)),
            counts=counts(commitments),
            total=commitments.count(),
            words=words(),
            columns=columns(),
            rows=Rows(commitments, on, language),
        )


def notes(plans, on):
    yield _(
        "One row for each test: a commitment with several tests has several rows, and stands as "
        "its worst test does."
    )
    yield _("Figures are as published; what a document or a source says in words is kept.")
    yield _("Shares and paces are cut, never rounded up.")
    if any(plan.opened_on and on < plan.opened_on for plan in plans):
        yield _(
            "This day is before the plan was opened here; the table is rebuilt from the dates of "
            "the sources themselves."
        )


def counts(commitments):
    """How many commitments have each status, those with none included."""
    found = dict(
        commitments.order_by()
        .values("standing__status")
        .annotate(count=Count("pk"))
        .values_list("standing__status", "count")
    )
    return tuple(
        table.Count(status.value, str(STATUS[status]), found.get(status.value, 0))
        for status in Status
    )


def words():
    return table.Words(
        about=pgettext("sheet", "About"),
        table=pgettext("sheet", "Commitments"),
        plans=pgettext("about", "Plan"),
        as_of=pgettext("about", "As of"),
        asked=pgettext("about", "Asked for"),
        rule=pgettext("about", "Rule version"),
        status=pgettext("about", "Status"),
        count=pgettext("about", "Commitments"),
        total=pgettext("about", "Total"),
    )


class Rows:
    """The rows of a report, each time they are read: a constant number of queries a chunk.

    Only the primary keys are held, so a slow reader keeps no cursor open.
    """

    def __init__(self, commitments, on, language):
        self.commitments, self.on, self.language = commitments, on, language

    def __iter__(self):
        keys = list(self.commitments.values_list("pk", flat=True))
        for start in range(0, len(keys), CHUNK):
            yield from self.chunk(keys[start : start + CHUNK])

    def chunk(self, keys):
        """The rows of some commitments, all made at once: the language must not leak out."""
        found = dossiers(self.read(keys))
        with override(self.language):
            return [row_of(line) for dossier in found for line in lines_of(dossier, self.on)]

    def read(self, keys):
        shown = Commitment.objects.shown_on(self.on).with_standing()
        found = {each.pk: each for each in shown.filter(pk__in=keys)}
        rows = [found[key] for key in keys if key in found]
        prefetch_related_objects(rows, "supporting_agencies")
        return rows
