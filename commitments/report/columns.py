"""The columns of the table: key, heading, type, width in characters, and what fills them.

The first ones, up to the sentence, are what a person reads and prints; the others are what it
takes to check them. Keys are the same in every language and never change.
"""

from operator import attrgetter

from django.utils.translation import pgettext_lazy

from commitments.exporters.table import Column, Type
from commitments.report import cells

TEXT, NUMBER, INTEGER = Type.TEXT, Type.NUMBER, Type.INTEGER
SHARE, DATE, URL = Type.SHARE, Type.DATE, Type.URL
# Shown is the heading in the active language, asked for when a report is made.
COLUMNS = (
    ("code", pgettext_lazy("column", "Code"), TEXT, 9, attrgetter("commitment.code")),
    ("title", pgettext_lazy("column", "Commitment"), TEXT, 31, attrgetter("commitment.title")),
    (
        "lead_agency",
        pgettext_lazy("column", "Lead agency"),
        TEXT,
        20,
        attrgetter("commitment.lead_agency.name"),
    ),
    (
        "theme",
        pgettext_lazy("column", "Policy area"),
        TEXT,
        15,
        attrgetter("commitment.theme.name"),
    ),
    ("test", pgettext_lazy("column", "Test"), TEXT, 21, cells.short_test),
    ("figure", pgettext_lazy("column", "Figure"), TEXT, 16, cells.figure),
    ("figure_period", pgettext_lazy("column", "Figure for"), TEXT, 10, cells.figure_period),
    ("status", pgettext_lazy("column", "Status"), TEXT, 13, cells.status),
    ("sentence", pgettext_lazy("column", "In one sentence"), TEXT, 48, cells.in_a_sentence),
    ("plan", pgettext_lazy("column", "Plan"), TEXT, 28, attrgetter("commitment.plan.title")),
    ("fictional", pgettext_lazy("column", "Fictional"), TEXT, 12, cells.fictional),
    ("quote", pgettext_lazy("column", "Exact words"), TEXT, 48, attrgetter("commitment.quote")),
    (
        "supporting_agencies",
        pgettext_lazy("column", "Supporting agencies"),
        TEXT,
        20,
        cells.supporting_agencies,
    ),
    ("binding", pgettext_lazy("column", "Binding or anticipatory"), TEXT, 12, cells.binding),
    (
        "due_year",
        pgettext_lazy("column", "Due year"),
        INTEGER,
        9,
        attrgetter("commitment.due_year"),
    ),
    ("due_basis", pgettext_lazy("column", "Due year is"), TEXT, 16, cells.due_basis),
    ("target_code", pgettext_lazy("column", "Target code"), TEXT, 12, cells.code),
    ("amends", pgettext_lazy("column", "Amends target"), TEXT, 12, attrgetter("amends")),
    ("change", pgettext_lazy("column", "Reason for the change"), TEXT, 28, cells.change),
    ("indicator", pgettext_lazy("column", "Indicator"), TEXT, 28, cells.indicator),
    ("kind", pgettext_lazy("column", "Kind of test"), TEXT, 16, cells.kind),
    ("comparator", pgettext_lazy("column", "Comparator"), TEXT, 8, cells.comparator),
    ("target_value", pgettext_lazy("column", "Target"), NUMBER, 12, cells.target_value),
    ("unit", pgettext_lazy("column", "Unit"), TEXT, 12, cells.unit),
    ("target_in_words", pgettext_lazy("column", "Target in words"), TEXT, 40, cells.in_words),
    (
        "baseline_period",
        pgettext_lazy("column", "Baseline period"),
        TEXT,
        10,
        cells.baseline_period,
    ),
    ("baseline_value", pgettext_lazy("column", "Baseline"), NUMBER, 12, cells.baseline_value),
    ("due_period", pgettext_lazy("column", "Due period"), TEXT, 10, cells.due_period),
    (
        "figure_value",
        pgettext_lazy("column", "Figure as a number"),
        NUMBER,
        12,
        cells.of_figure("value"),
    ),
    (
        "compared_value",
        pgettext_lazy("column", "Comparator’s figure"),
        NUMBER,
        12,
        cells.other_value,
    ),
    ("provisional", pgettext_lazy("column", "Provisional"), TEXT, 9, cells.is_provisional),
    (
        "figure_published_on",
        pgettext_lazy("column", "Figure published on"),
        DATE,
        12,
        cells.of_figure("published_on"),
    ),
    (
        "figure_source",
        pgettext_lazy("column", "Source of the figure"),
        TEXT,
        36,
        cells.of_figure("source"),
    ),
    (
        "figure_url",
        pgettext_lazy("column", "Address of the figure"),
        URL,
        32,
        cells.of_figure("source_url"),
    ),
    ("latest_period", pgettext_lazy("column", "Latest period"), TEXT, 10, cells.latest_period),
    ("latest_value", pgettext_lazy("column", "Latest figure"), NUMBER, 12, cells.latest_value),
    (
        "status_code",
        pgettext_lazy("column", "Status code"),
        TEXT,
        14,
        attrgetter("assessment.status"),
    ),
    ("status_group", pgettext_lazy("column", "Status group"), TEXT, 12, cells.group),
    (
        "commitment_status_code",
        pgettext_lazy("column", "Status code of the whole commitment"),
        TEXT,
        14,
        attrgetter("standing.status"),
    ),
    (
        "commitment_status",
        pgettext_lazy("column", "Status of the whole commitment"),
        TEXT,
        14,
        cells.status_of_commitment,
    ),
    ("flags", pgettext_lazy("column", "Remarks"), TEXT, 18, cells.flags),
    (
        "progress",
        pgettext_lazy("column", "Share of the change made"),
        SHARE,
        11,
        cells.share_of("progress"),
    ),
    (
        "expected",
        pgettext_lazy("column", "Share expected by then"),
        SHARE,
        11,
        cells.share_of("expected"),
    ),
    ("pace", pgettext_lazy("column", "Pace"), NUMBER, 9, cells.share_of("pace")),
    ("document", pgettext_lazy("column", "Source document"), TEXT, 32, cells.document),
    (
        "document_url",
        pgettext_lazy("column", "Address of the document"),
        URL,
        32,
        cells.document_url,
    ),
    (
        "editor_note",
        pgettext_lazy("column", "Editor’s note"),
        TEXT,
        36,
        attrgetter("commitment.editor_note"),
    ),
    (
        "rule_version",
        pgettext_lazy("column", "Rule version"),
        TEXT,
        9,
        attrgetter("assessment.rule_version"),
    ),
    ("as_of", pgettext_lazy("column", "As of"), DATE, 12, attrgetter("day")),
)


def columns():
    """The columns of a report, their headings in the active language."""
    return headed(COLUMNS)


def headed(table):
    return tuple(
        Column(key, str(heading), type_, width) for key, heading, type_, width, _cell in table
    )


def row_of(line):
    """The cells of one line, texts in the active language."""
    return cells_of(COLUMNS, line)


def cells_of(table, line):
    return tuple(filled(cell(line), type_) for _key, _heading, type_, _width, cell in table)


def filled(cell, type_):
    """An absent text is an empty one; an absent number or date stays absent."""
    return "" if cell is None and type_ in (TEXT, URL) else cell
