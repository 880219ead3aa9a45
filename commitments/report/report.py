"""The report of some commitments on a day, read in chunks so that any number of them fits."""

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from commitments import formats
from commitments.domain.result import RULE_VERSION
from commitments.exporters import report
from commitments.exporters.report import USUAL_PARTS
from commitments.facts import dossiers
from commitments.labels import GROUP
from commitments.models import Commitment, Observation, Plan, SourceDocument
from commitments.report import columns, figures
from commitments.report.lines import lines_of
from commitments.report.naming import fictional_mark, title_of
from commitments.report.note import method_note
from commitments.report.summary import Summary
from commitments.wording import put_back

# The first chunk is small, so that a reader soon has something.
FIRST_CHUNK, CHUNK = 50, 500


def report_of(commitments, *, on, language, plans=None, asked=(), parts=USUAL_PARTS):
    """The `Report` of a queryset of commitments, as the site shows them on a day.

    `commitments` must come from `shown_on(on)`; its order is kept. `plans` are those the table is
    about, also where nothing was found; `asked` says in words what was asked for.
    """
    if plans is None:
        plans = list(Plan.objects.filter(pk__in=commitments.order_by().values("plan")))
    with override(language):
        summary = Summary(commitments)
        return report.Report(
            title=title_of(plans),
            number="",
            issued_as="",
            language=language,
            as_of=on,
            day=formats.day(on),
            rule_version=RULE_VERSION,
            plans=tuple(plan.title for plan in plans),
            asked=tuple(asked) or (pgettext("about", "everything in the plan"),),
            fictional=fictional_mark(plans),
            notes=tuple(notes(plans, on)),
            parts=frozenset(parts),
            lead=summary.lead(plans, on),
            counts=summary.counts,
            total=summary.total,
            groups=tuple(str(word) for word in GROUP.values()),
            breakdowns=summary.breakdowns,
            documents=tuple(documents(plans, on)),
            copies=frozenset(copies()),
            method=method_note(),
            words=words(),
            columns=columns.columns(),
            rows=Rows(commitments, on, language, rows_of),
            figure_columns=columns.headed(figures.COLUMNS),
            figures=Rows(commitments, on, language, figures_of),
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


def documents(plans, on):
    found = SourceDocument.objects.shown_on(on).filter(plan__in=plans)
    for each in found.defer("text"):
        yield report.Document(each.title, each.publisher, each.published_on, each.url, each.sha256)


def copies():
    """The addresses of secondary sources; the pages of the site do not link there either."""
    found = Observation.objects.published()
    found = found.filter(source_kind=Observation.SourceKind.SECONDARY)
    return found.exclude(source_url="").values_list("source_url", flat=True).distinct()


def words():
    return report.Words(
        about=pgettext("sheet", "About"),
        summary=pgettext("sheet", "Overall picture"),
        table=pgettext("sheet", "Commitments"),
        details=pgettext("sheet", "One by one"),
        figures=pgettext("sheet", "Figures"),
        sources=pgettext("sheet", "Sources"),
        method=pgettext("sheet", "Method"),
        plans=pgettext("about", "Plan"),
        as_of=pgettext("about", "As of"),
        asked=pgettext("about", "Asked for"),
        report=pgettext("about", "Report"),
        rule=pgettext("about", "Rule version"),
        notes=pgettext("about", "How to read it"),
        status=pgettext("about", "Status"),
        group=pgettext("about", "Standing"),
        count=pgettext("about", "Commitments"),
        total=pgettext("about", "Total"),
        chart=pgettext("about", "Commitments by standing"),
        documents=pgettext("about", "Documents of the plan"),
        figure_sources=pgettext("about", "Sources of the figures"),
        title=pgettext("about", "Title"),
        publisher=pgettext("about", "Publisher"),
        published_on=pgettext("about", "Published on"),
        address=pgettext("about", "Address"),
        quote=pgettext("column", "Exact words"),
        page=pgettext("about", "Page {page} of {pages}"),
    )


def rows_of(dossier, day):
    return [columns.row_of(line) for line in lines_of(dossier, day)]


def figures_of(dossier, day):
    return [columns.cells_of(figures.COLUMNS, line) for line in figures.figures_of(dossier, day)]


class Rows:
    """The rows of a report, each time they are read: a constant number of queries a chunk.

    Only the primary keys are held, so a slow reader keeps no cursor open.
    """

    def __init__(self, commitments, on, language, rows_of):
        self.commitments, self.on, self.language = commitments, on, language
        self.rows_of = rows_of

    def __iter__(self):
        keys = list(self.commitments.values_list("pk", flat=True))
        start, size = 0, FIRST_CHUNK
        while start < len(keys):
            yield from self.chunk(keys[start : start + size])
            start, size = start + size, CHUNK

    def chunk(self, keys):
        """The rows of some commitments, all made at once: the language must not leak out."""
        found = dossiers(self.read(keys), is_light=True)
        for dossier in found:
            put_back(dossier, self.on)
        with override(self.language):
            return [row for dossier in found for row in self.rows_of(dossier, self.on)]

    def read(self, keys):
        shown = Commitment.objects.shown_on(self.on).select_related("standing")
        found = {each.pk: each for each in shown.filter(pk__in=keys)}
        rows = [found[key] for key in keys if key in found]
        # Few agencies for many promises: each is made once, and not again for every row.
        prefetch_related_objects(rows, "theme", "lead_agency", "supporting_agencies")
        return rows
