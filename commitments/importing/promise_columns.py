"""The columns of a sheet of commitments with their targets, and how records are written into it.

A row is a target, with its commitment before it; a commitment without one has a row of its own.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commitments.domain.kinds import Kind
from commitments.domain.standards import STANDARDS
from commitments.exporters.table import Type, plain
from commitments.importing import sheet_cells
from commitments.importing.checked import MARK_HELP, mark_of, read_mark
from commitments.importing.columns import Column, Reference
from commitments.labels import KIND
from commitments.models import Agency, Commitment, Plan, Target, Theme
from commitments.models.target import TARGET_KINDS

# A commitment's own columns, by its fields; the supporting agencies are kept beside it.
PROMISE = (
    "plan",
    "code",
    "title_zh",
    "title_en",
    "source",
    "quote",
    "quote_start",
    "editor_note_zh",
    "editor_note_en",
    "lead_agency",
    "supporting_agencies",
    "theme",
    "due_year",
    "due_basis",
    "due_note_zh",
    "due_note_en",
    "binding",
)
PROMISE_NEEDS = ("plan", "title_zh", "title_en", "source", "quote", "lead_agency", "theme")
PROMISE_NEEDS += ("due_basis", "binding")
# A target's, by its fields; in a sheet each has `target_` before it.
TARGET = (
    "code",
    "indicator",
    "kind",
    "value",
    "due_period",
    "due_basis",
    "baseline_period",
    "baseline_value",
    "interim",
    "standard",
    "comparator_indicator",
    "first_period",
    "document",
    "amends",
    "reason_zh",
    "reason_en",
    "valid_from",
    "valid_until",
    "note_zh",
    "note_en",
)
TARGET_NEEDS = ("code", "indicator", "kind", "due_period", "due_basis", "document")
# What a row says of the document by which it amends a public promise; `amendment_` before each.
AMENDMENT = ("document_zh", "document_en", "document_url", "reason_zh", "reason_en")
AMENDMENT_NEEDS = ("document_zh", "reason_zh")
# What an empty cell means where it does not mean “none”.
EMPTY = {
    **dict.fromkeys(("editor_note_zh", "editor_note_en", "due_note_zh", "due_note_en"), ""),
    **dict.fromkeys(("reason_zh", "reason_en", "note_zh", "note_en", "standard"), ""),
    "supporting_agencies": [],
    "interim": [],
}


def promise_columns(found=None):
    """The columns; `found` has the `Reference` of each kind of record that cells may name."""

    def one(kind):
        return lambda cell: getattr(found, kind).find(sheet_cells.code(cell))

    def agencies(cell):
        named = {found.agencies.find(name) for name in sheet_cells.codes(cell)}
        return sorted(named, key=lambda agency: agency.code)

    due = dict(Commitment.DueBasis.choices)
    binding = dict(Commitment.Binding.choices)
    kinds = {kind.value: word for kind, word in TARGET_KINDS.items()}
    stated = dict(Target.DueBasis.choices)
    return [
        Column("code", pgettext_lazy("import", "Code"), sheet_cells.code, is_required=True),
        Column(
            "plan",
            pgettext_lazy("import", "Plan"),
            one("plans"),
            is_expected=True,
            width=20,
            help=_("Its code or its name."),
        ),
        Column("title_zh", pgettext_lazy("import", "Title (Chinese)"), is_expected=True, width=34),
        Column("title_en", pgettext_lazy("import", "Title (English)"), is_expected=True, width=34),
        Column(
            "source",
            pgettext_lazy("import", "Source document"),
            one("sources"),
            is_expected=True,
            width=24,
            help=_("Its code or its name."),
        ),
        Column(
            "quote",
            pgettext_lazy("import", "Exact words"),
            sheet_cells.lines,
            is_expected=True,
            width=40,
            help=_("Copied from the source document, print errors and line breaks included."),
        ),
        Column(
            "quote_start",
            pgettext_lazy("import", "Place of the words"),
            sheet_cells.whole,
            type=Type.INTEGER,
            help=_(
                "Where they begin, in characters from 0; found for you if they occur only once."
            ),
        ),
        Column(
            "lead_agency",
            pgettext_lazy("import", "Lead agency"),
            one("agencies"),
            is_expected=True,
            width=22,
            help=_("Its code or its name."),
        ),
        Column(
            "supporting_agencies",
            pgettext_lazy("import", "Supporting agencies"),
            agencies,
            width=22,
            help=_("Codes or names, with semicolons between."),
        ),
        Column(
            "theme",
            pgettext_lazy("import", "Policy area"),
            one("themes"),
            is_expected=True,
            help=_("Its code or its name."),
        ),
        Column(
            "due_year", pgettext_lazy("import", "Due year"), sheet_cells.year, type=Type.INTEGER
        ),
        Column(
            "due_basis",
            pgettext_lazy("import", "Due year is"),
            sheet_cells.one_of(due),
            is_expected=True,
            help=listed(due),
        ),
        Column("due_note_zh", pgettext_lazy("import", "Origin of the due year (Chinese)")),
        Column("due_note_en", pgettext_lazy("import", "Origin of the due year (English)")),
        Column(
            "binding",
            pgettext_lazy("import", "Binding or anticipatory"),
            sheet_cells.one_of(binding),
            is_expected=True,
            help=listed(binding),
        ),
        Column("editor_note_zh", pgettext_lazy("import", "Editor’s note (Chinese)"), width=26),
        Column("editor_note_en", pgettext_lazy("import", "Editor’s note (English)"), width=26),
        Column(
            "target_code",
            pgettext_lazy("import", "Target code"),
            sheet_cells.code,
            is_expected=True,
            help=_("Usually the commitment's with a number: ZZ-029.1. Empty: no target."),
        ),
        Column(
            "target_indicator",
            pgettext_lazy("import", "Target: indicator code"),
            one("indicators"),
            is_expected=True,
            width=24,
        ),
        Column(
            "target_kind",
            pgettext_lazy("import", "Target: kind of test"),
            sheet_cells.one_of(kinds),
            is_expected=True,
            width=20,
            help=listed(kinds),
        ),
        Column(
            "target_value",
            pgettext_lazy("import", "Target: number"),
            sheet_cells.number,
            is_expected=True,
            type=Type.NUMBER,
        ),
        Column(
            "target_unit",
            pgettext_lazy("import", "Target: unit"),
            is_expected=True,
            help=_("The indicator's unit, word for word; a value in another unit is refused."),
        ),
        Column(
            "target_due_period",
            pgettext_lazy("import", "Target: due period"),
            sheet_cells.period,
            is_expected=True,
            help=_("2023, 2023-H1, 2023-Q3 or 2023-10 (October), as text."),
        ),
        Column(
            "target_due_basis",
            pgettext_lazy("import", "Target: due period is"),
            sheet_cells.one_of(stated),
            is_expected=True,
            help=listed(stated),
        ),
        Column(
            "target_baseline_period",
            pgettext_lazy("import", "Target: baseline period"),
            sheet_cells.period,
        ),
        Column(
            "target_baseline_value",
            pgettext_lazy("import", "Target: baseline"),
            sheet_cells.number,
            type=Type.NUMBER,
            help=_("Only if the document states one."),
        ),
        Column(
            "target_interim",
            pgettext_lazy("import", "Target: interim targets"),
            sheet_cells.interim,
            help=_("Points the document names on the way, such as 2023=300; 2024=320."),
        ),
        Column(
            "target_standard",
            pgettext_lazy("import", "Target: standard"),
            sheet_cells.one_of({code: code for code in STANDARDS}),
            help=", ".join(STANDARDS),
        ),
        Column(
            "target_comparator_indicator",
            pgettext_lazy("import", "Target: compared with"),
            one("indicators"),
            help=_("Code of the indicator, for a test of every year."),
        ),
        Column(
            "target_first_period",
            pgettext_lazy("import", "Target: first period"),
            sheet_cells.period,
            help=_("For a test of every year: the first of them."),
        ),
        Column(
            "target_document",
            pgettext_lazy("import", "Target: document"),
            one("sources"),
            is_expected=True,
            width=24,
            help=_("The text that sets this target, or changed it."),
        ),
        Column(
            "target_amends",
            pgettext_lazy("import", "Target: amends"),
            one("originals"),
            help=_("Code of the target that a new document changed; with the reason."),
        ),
        Column("target_reason_zh", pgettext_lazy("import", "Target: reason (Chinese)")),
        Column("target_reason_en", pgettext_lazy("import", "Target: reason (English)")),
        Column(
            "target_valid_from",
            pgettext_lazy("import", "Target: valid from"),
            sheet_cells.day,
            type=Type.DATE,
        ),
        Column(
            "target_valid_until",
            pgettext_lazy("import", "Target: valid until"),
            sheet_cells.day,
            type=Type.DATE,
        ),
        Column("target_note_zh", pgettext_lazy("import", "Target: how it was read (Chinese)")),
        Column("target_note_en", pgettext_lazy("import", "Target: how it was read (English)")),
        Column(
            "amendment_document_zh",
            pgettext_lazy("import", "Amendment: document (Chinese)"),
            width=24,
            help=_("Only to change a public promise: the document that changed it."),
        ),
        Column("amendment_document_en", pgettext_lazy("import", "Amendment: document (English)")),
        Column("amendment_document_url", pgettext_lazy("import", "Amendment: address")),
        Column(
            "amendment_reason_zh",
            pgettext_lazy("import", "Amendment: reason (Chinese)"),
            width=24,
            help=_("Only to change a public promise: why it was changed."),
        ),
        Column("amendment_reason_en", pgettext_lazy("import", "Amendment: reason (English)")),
        Column(
            "record",
            pgettext_lazy("import", "Record mark (do not change)"),
            read_mark,
            width=22,
            help=MARK_HELP,
        ),
        Column(
            "target_record",
            pgettext_lazy("import", "Target: record mark (do not change)"),
            read_mark,
            width=22,
            help=MARK_HELP,
        ),
    ]


def listed(words):
    return " / ".join(str(word) for word in words.values())


# --- Writing ----------------------------------------------------------------------------------


def promise_values(commitment):
    values = {name: getattr(commitment, name) for name in PROMISE if name != "supporting_agencies"}
    supporting = sorted(commitment.supporting_agencies.all(), key=lambda agency: agency.code)
    return {**values, "supporting_agencies": supporting}


def target_values(target):
    return {name: getattr(target, name) for name in TARGET}


def public_lines(ids):
    """The same of what is public alone; agencies and themes by code, as a name may have a draft's
    namesake."""
    return promise_lines(ids, names=lambda name, record: record.code, is_public=True)


def promise_lines(ids, *, names=None, is_public=False):
    """The cells of some commitments with the tests that they have now, in that order."""
    names = names or Names()
    found = Commitment.objects.select_related("plan", "lead_agency", "theme", "source")
    found = found.defer("source__text").prefetch_related("supporting_agencies").in_bulk(ids)
    targets = {}
    rows = Target.objects.live() if is_public else Target.objects.filter(superseded_at=None)
    rows = rows.filter(commitment__in=ids)
    rows = rows.select_related("indicator", "comparator_indicator", "document", "amends")
    for target in rows.defer("document__text").order_by("code", "pk"):
        targets.setdefault(target.commitment_id, []).append(target)
    for pk in ids:
        if pk in found:
            yield from written_promise(found[pk], targets.get(pk, []), names)


class Names:
    """How cells name what several records share: by a name that leads back, else by the code."""

    def __init__(self):
        self.known = {
            "plan": Reference(Plan.objects.all()),
            "theme": Reference(Theme.objects.all()),
            "lead_agency": Reference(Agency.objects.all()),
        }

    def __call__(self, name, record):
        return self.known[name].written(record)


def written_promise(commitment, targets, names):
    values = promise_values(commitment)
    cells = {name: word(name, value) for name, value in values.items()}
    cells |= {name: names(name, values[name]) for name in ("plan", "theme", "lead_agency")}
    cells["supporting_agencies"] = "; ".join(
        names("lead_agency", agency) for agency in values["supporting_agencies"]
    )
    cells |= {"due_year": commitment.due_year, "quote_start": commitment.quote_start}
    cells["record"] = mark_of(commitment, values)
    for target in targets or [None]:
        yield cells | (written_target(target) if target else {})


def written_target(target):
    values = target_values(target)
    cells = {f"target_{name}": word(name, value) for name, value in values.items()}
    for name in ("value", "baseline_value", "valid_from", "valid_until"):
        cells[f"target_{name}"] = values[name]
    cells["target_unit"] = target.indicator.unit
    cells["target_record"] = mark_of(target, values)
    return cells


def word(name, value):
    """One stored value as a person reads it, and as a cell has it."""
    if value is None:
        return ""
    if name == "kind":
        return str(KIND[Kind(value)])
    if name in CHOICES:
        return str(CHOICES[name](value).label)
    if name == "interim":
        return "; ".join(f"{period}={number}" for period, number in value)
    if name == "supporting_agencies":
        return "; ".join(agency.name for agency in value)
    if name in ("value", "baseline_value"):
        return plain(value)
    if name in ("indicator", "comparator_indicator", "amends", "source", "document"):
        return value.code
    # An agency, a plan and the like by their name.
    return str(value)


CHOICES = {"due_basis": Commitment.DueBasis, "binding": Commitment.Binding}
