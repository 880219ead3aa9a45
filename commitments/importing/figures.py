"""A sheet of figures: its columns, how figures are written into it, and what one would change."""

from collections import defaultdict
from functools import partial

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commitments.domain.standards import STANDARDS
from commitments.exporters.table import Type, plain
from commitments.importing import sheet_cells
from commitments.importing.checked import (
    MARK_HELP,
    Checked,
    CheckedRow,
    Fate,
    digest,
    field_problems,
    hidden_row,
    mark_of,
    read_mark,
)
from commitments.importing.columns import (
    Column,
    Problem,
    Reference,
    match_header,
    problem_at,
    read_row,
    settle,
    table_of,
)
from commitments.importing.figure_rules import figure_problems, items_by_indicator
from commitments.models import Indicator, Observation

SLOT = ("indicator", "item", "period", "source_kind", "definition_zh")
# Of the columns, those that are a figure's own; the others point to it or are for people.
STORED = (
    "indicator",
    "period",
    "item",
    "value",
    "is_provisional",
    "published_on",
    "source_kind",
    "source_zh",
    "source_en",
    "source_url",
    "quote",
    "stated_zh",
    "stated_en",
    "definition_zh",
    "definition_en",
    "note_zh",
    "note_en",
)
# What an empty cell, or a column that is not there, means for a new figure.
DEFAULTS = dict.fromkeys(STORED, "") | {"is_provisional": False}


def figure_columns(indicators=None):
    """The columns; `indicators` is the `Reference` of those whose figures may be written."""

    def indicator(cell):
        return indicators.find(sheet_cells.code(cell))

    kinds = dict(Observation.SourceKind.choices)
    said = " / ".join(str(word) for word in kinds.values())
    return [
        Column(
            "indicator",
            pgettext_lazy("import", "Indicator code"),
            indicator,
            is_required=True,
            width=26,
            help=_("As in the list of indicators; a name that only one indicator has will do."),
        ),
        Column(
            "indicator_name",
            pgettext_lazy("import", "Indicator name"),
            width=30,
            help=_("To be read, and compared with the code; it is not changed here."),
        ),
        Column(
            "period",
            pgettext_lazy("import", "Period"),
            sheet_cells.period,
            is_required=True,
            width=10,
            help=_("2023, 2023-H1, 2023-Q3 or 2023-10 (October), as text."),
        ),
        Column(
            "item",
            pgettext_lazy("import", "Item of a standard"),
            width=12,
            help=_("Only where a standard is tested item by item: its code, such as PM2.5."),
        ),
        Column(
            "value",
            pgettext_lazy("import", "Value"),
            sheet_cells.number,
            is_required=True,
            type=Type.NUMBER,
            help=_("Digits and a decimal point only. A water quality class is 1 to 6."),
        ),
        Column(
            "unit",
            pgettext_lazy("import", "Unit"),
            is_expected=True,
            width=12,
            help=_("The indicator's unit, word for word; a value in another unit is refused."),
        ),
        Column(
            "is_provisional",
            pgettext_lazy("import", "Provisional"),
            sheet_cells.yes_no,
            width=10,
            help=_("yes or no; empty is no."),
        ),
        Column(
            "published_on",
            pgettext_lazy("import", "Source published on"),
            sheet_cells.day,
            is_required=True,
            type=Type.DATE,
            help=_("The day the source made the figure public, such as 2024-03-20."),
        ),
        Column(
            "source_kind",
            pgettext_lazy("import", "Kind of source"),
            sheet_cells.one_of(kinds),
            is_required=True,
            help=said,
        ),
        Column(
            "source_zh",
            pgettext_lazy("import", "Source (Chinese)"),
            is_required=True,
            width=34,
            help=_("Who published it, and under what title."),
        ),
        Column("source_en", pgettext_lazy("import", "Source (English)"), width=34),
        Column(
            "source_url",
            pgettext_lazy("import", "Address of the source"),
            width=30,
            help=_("Where anyone can check it."),
        ),
        Column(
            "quote",
            pgettext_lazy("import", "Words of the source"),
            width=34,
            help=_("The sentence with the figure, exactly as the source has it."),
        ),
        Column(
            "stated_zh",
            pgettext_lazy("import", "As the source puts it (Chinese)"),
            help=_("Only if the source gives no plain value, such as “better than class Ⅱ”."),
        ),
        Column("stated_en", pgettext_lazy("import", "As the source puts it (English)")),
        Column(
            "definition_zh",
            pgettext_lazy("import", "Other definition (Chinese)"),
            help=_(
                "Only if the figure follows another definition than the indicator's: it is shown "
                "but not judged."
            ),
        ),
        Column("definition_en", pgettext_lazy("import", "Other definition (English)")),
        Column("note_zh", pgettext_lazy("import", "Note (Chinese)"), width=26),
        Column("note_en", pgettext_lazy("import", "Note (English)"), width=26),
        Column(
            "record",
            pgettext_lazy("import", "Record mark (do not change)"),
            read_mark,
            width=22,
            help=MARK_HELP,
        ),
    ]


# --- Writing ----------------------------------------------------------------------------------


def stored_values(figure):
    return {name: getattr(figure, name) for name in STORED}


def figure_lines(ids):
    """The cells of some figures by the columns' keys, in the active language and that order."""
    found = Observation.objects.select_related("indicator").in_bulk(ids)
    return [written_figure(found[pk]) for pk in ids if pk in found]


def written_figure(figure):
    values = stored_values(figure)
    return {
        **values,
        "indicator": figure.indicator.code,
        "indicator_name": figure.indicator.name,
        "period": str(figure.period),
        "unit": unit_of(figure.indicator, figure.item),
        "is_provisional": word("is_provisional", figure.is_provisional),
        "source_kind": word("source_kind", figure.source_kind),
        "record": mark_of(figure, values),
    }


def word(name, value):
    """One stored value as a person reads it."""
    if name == "is_provisional":
        return sheet_cells.yes_or_no(value)
    if name == "source_kind":
        return str(Observation.SourceKind(value).label)
    return plain(value) if name == "value" else str(value)


def unit_of(indicator, item):
    return item_unit(item) if item else indicator.unit


def item_unit(code):
    units = [i.unit for found in STANDARDS.values() for i in found.items if i.code == code]
    return units[0] if units else ""


# --- Checking ---------------------------------------------------------------------------------


def check_figures(sheets, *, access, on, hold=False):
    """What some sheets would do to the figures that a person may write, as a `Checked`.

    With `hold`, what would be changed is kept from others until the transaction ends. The queries
    do not grow with the rows. Raises `Unreadable` for a file without rows.
    """
    indicators = Reference(
        access.own(Indicator.objects.all()),
        _("There is no indicator “%(text)s” whose figures you may enter. Write its code."),
    )
    columns = figure_columns(indicators)
    sheet = table_of(sheets, columns)
    places, problems = match_header(sheet.rows[0], columns)
    check = FigureCheck(places, on, indicators)
    rows = [(row, *read_row(row, places)) for row in sheet.rows[1:]]
    check.look_up([values for _row, values, _problems in rows], access, hold)
    return Checked(problems, [check.row(*each) for each in rows])


class FigureCheck:
    def __init__(self, places, on, indicators):
        self.on, self.indicators = on, indicators
        self.place_of = {column.key: place for place, column in places.items()}
        self.columns = {column.key: column for column in places.values()}
        self.headings = {key: str(column.heading) for key, column in self.columns.items()}
        self.stored = [name for name in STORED if name in self.columns]
        # Rows of the sheet that speak of a figure already: by what makes it one, by its mark.
        self.seen, self.seen_marks = {}, {}

    def look_up(self, rows, access, hold):
        """Read what is on record for the sheet's figures, however many, in three queries."""
        ids = {values["indicator"].pk for values in rows if values.get("indicator")}
        marks = {values["record"][0] for values in rows if values.get("record")}
        self.items = items_by_indicator(ids)
        figures = Observation.objects.order_by("pk")
        if hold:
            figures = figures.select_for_update()
        found = [*figures.filter(superseded_at=None, indicator__in=ids)]
        # The rest was superseded since, or is of another indicator than its row says.
        others = figures.filter(pk__in=marks - {figure.pk for figure in found})
        marked = [*found, *access.own(others)]
        settle(marked, indicator=self.indicators)
        self.marked = {figure.pk: figure for figure in marked}
        self.live, self.drafts = {}, defaultdict(list)
        for figure in found:
            if figure.is_published:
                self.live[slot_of(stored_values(figure))] = figure
            else:
                self.drafts[slot_of(stored_values(figure))].append(figure)

    def row(self, row, values, problems):
        checked = CheckedRow(row.number, name_of(values), problems=problems)
        mark = values.get("record")
        base = self.marked.get(mark[0]) if mark else None
        given = {name: filled(name, values[name]) for name in self.stored if name in values}
        problems += self.further_problems(row, values, given, base)
        if not problems:
            self.judge(checked, given, mark, base)
        if row.is_hidden and checked.records:
            problems.append(hidden_row(row.number))
        if problems:
            checked.refuse()
        return checked

    # --- What is wrong with a row beside its single cells ----------------------------------------

    def further_problems(self, row, values, given, base):
        at = partial(self.problem, row)
        yield from field_problems(Observation, given, at)
        indicator = values.get("indicator")
        if indicator is None:
            return
        item = given.get("item", None if "item" in self.columns else "")
        for name, error in figure_problems(
            indicator,
            items=self.items.get(indicator.pk, []),
            period=given.get("period"),
            item=item,
            value=given.get("value"),
            published_on=given.get("published_on"),
            on=self.on,
        ):
            yield at(name, error.messages[0])
        yield from self.comparison_problems(values, indicator, item, at)
        if base is not None:
            yield from self.moved_problems(given, base, at)
        yield from self.repetition_problems(row, values, given, at)

    def comparison_problems(self, values, indicator, item, at):
        """The cells for people must be about the figure that the row names."""
        name = values.get("indicator_name")
        if name and name not in (indicator.name_zh, indicator.name_en):
            yield at(
                "indicator_name",
                _("The code is that of “%(name)s”. One of the two cells is wrong.")
                % {"name": indicator.name},
            )
        if "unit" not in self.columns:
            return
        units = (item_unit(item),) if item else (indicator.unit_zh, indicator.unit_en)
        if "unit" in values and (values["unit"] or "") not in units:
            message = _("The figure is counted in “%(unit)s”. Write that, and the value in it.")
            if not any(units):
                message = _("The indicator has no unit. Leave this empty.")
            yield at("unit", message % {"unit": unit_of(indicator, item)})

    def moved_problems(self, given, base, at):
        """A row with a mark stays about the figure that the mark is of."""
        for name in SLOT:
            if name in given and given[name] != getattr(base, name):
                yield at(
                    name,
                    _(
                        "The exported row had “%(old)s” here. To add another figure, use a new row "
                        "without a record mark."
                    )
                    % {"old": word(name, getattr(base, name))},
                )

    def repetition_problems(self, row, values, given, at):
        mark = values.get("record")
        if mark:
            first = self.seen_marks.setdefault(mark[0], row.number)
            if first != row.number:
                yield at("record", _("This record is already in row %(row)d.") % {"row": first})
                return
        if any(name in self.columns and name not in given for name in SLOT):
            return
        # Two marked rows may be the public figure and the draft of its correction.
        first, first_mark = self.seen.setdefault(
            slot_of(DEFAULTS | given), (row.number, bool(mark))
        )
        if first != row.number and not (mark and first_mark):
            yield at("period", _("The same figure is already in row %(row)d.") % {"row": first})

    def problem(self, row, name, message):
        if name in self.place_of:
            return problem_at(row, self.place_of[name], self.columns[name], str(message))
        return Problem(str(row.number), "", str(message))

    # --- What a row without mistakes would do ----------------------------------------------------

    def judge(self, checked, given, mark, base):
        if mark and base is None:
            checked.fate = Fate.CONFLICT
            checked.why = str(_("The exported record is no longer there, or is not yours."))
            return
        if mark and digest(stored_values(base) | given) == mark[1]:
            return
        current = self.current(slot_of(DEFAULTS | given), base)
        if current is None:
            checked.fate, checked.records = Fate.NEW, [Observation(**(DEFAULTS | given))]
            checked.changes = self.entered(given)
            return
        checked.changes = self.changes(current, given)
        if not checked.changes:
            return
        checked.why = str(why_not(current, mark, base))
        if checked.why:
            checked.fate = Fate.CONFLICT
            return
        checked.fate = Fate.CHANGED
        record = corrected(current, given) if current.is_published else current
        for name, value in given.items():
            setattr(record, name, value)
        checked.records = [record]

    def current(self, slot, base):
        """The figure that a row would change: its own draft, another's, or the public one."""
        drafts = self.drafts.get(slot, [])
        if base in drafts:
            return base
        return drafts[0] if drafts else self.live.get(slot)

    def entered(self, given):
        return [
            [self.headings[name], "", word(name, value)]
            for name, value in given.items()
            if name not in ("indicator", "period", "item") and value != DEFAULTS[name]
        ]

    def changes(self, current, given):
        return [
            [self.headings[name], word(name, old), word(name, value)]
            for name, value in given.items()
            if value != (old := getattr(current, name))
        ]


def why_not(current, mark, base):
    """Why a row may not change the figure on record; empty when it may."""
    if current.is_in_review:
        return _("This figure is in review. It can be changed when it is published or returned.")
    if mark is None:
        if current.is_published:
            return ""
        return _("There is a draft of this figure already. Export it and change that row.")
    if current.pk != base.pk or digest(stored_values(current)) != mark[1]:
        return _("Somebody changed this figure since the export. Export it again.")
    return ""


def corrected(figure, given):
    """A new row that would replace a public figure."""
    return Observation(**(stored_values(figure) | given))


def slot_of(values):
    indicator = values["indicator"]
    return (indicator.pk, *(str(values[name]) for name in SLOT[1:]))


def filled(name, value):
    return DEFAULTS[name] if value is None else value


def name_of(values):
    words = [
        getattr(values.get("indicator"), "name", ""),
        values.get("item") or "",
        str(values.get("period") or ""),
    ]
    return " ".join(word for word in words if word)
