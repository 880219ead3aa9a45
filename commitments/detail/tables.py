"""The numbers under a drawing, each with its source."""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from commitments import drawing, formats
from commitments.domain.kinds import Kind
from commitments.models import Observation
from commitments.sentences.items import item_amount

# A longer table is folded: the chart above it already shows what it says.
MOST_ROWS = 12


@dataclass(frozen=True)
class Row:
    """A line of the table under a chart. `facts` are the figures' own rows, with their sources.

    `key` is its place on the page, the same in years to come; a line without a figure has none.
    """

    period: object
    cells: list
    facts: list
    is_due: bool = False
    is_baseline: bool = False
    key: str = ""


@dataclass(frozen=True)
class Table:
    heads: list
    rows: list

    @property
    def is_long(self):
        return len(self.rows) > MOST_ROWS


@dataclass(frozen=True)
class Figure:
    """A published figure as a table shows it: its words, and what to know about it."""

    row: Observation
    text: str
    corrected: str = ""


def keyed(rows, code):
    """Rows with keys from the target's code and what is never changed of their figures."""
    found, seen = [], Counter()
    for row in rows:
        key = ""
        if row.facts:
            first = row.facts[0].row
            parts = [code, first.item, str(row.period)]
            if len(row.facts) == 1 and first.source_kind == first.SourceKind.SECONDARY:
                parts.append(first.source_kind)
            if first.definition_zh:
                parts.append("definition")
            key = "-".join(part for part in parts if part)
            seen[key] += 1
            key += f"-{seen[key]}" if seen[key] > 1 else ""
        found.append(replace(row, key=key))
    return found


def corrections_of(dossier):
    """What a figure said before it was corrected, by the primary key of what replaced it."""
    return {
        known.row.replaced_by_id: known.row
        for found in dossier.observations.values()
        for known in found
        if known.row.replaced_by_id
    }


def figure_of(row, indicator, corrections):
    text = row.stated or formats.quantity_in_text(row.value, indicator)
    before = corrections.get(row.pk)
    return Figure(row, text, formats.quantity_in_text(before.value, indicator) if before else "")


def column_of(indicator, values):
    """How an indicator's figures are written in a column of a table; of a class, by its word."""
    if indicator.scale == indicator.Scale.WATER_CLASS:
        return Classes()
    return formats.Together(indicator.unit, values)


class Classes:
    """A column of water classes, each by its own word."""

    def word(self, value):
        return formats.class_word(value)

    def head(self, name):
        return name


def number_table(versions, corrections):
    """The figures of a test by one number or class beside what each version of it asks for.

    `versions` are pairs of facts and what the rule made of them, the original first.
    """
    (facts, judged), *changed = versions
    indicator = facts.row.indicator
    asked = [Asked(each.target, result.baseline) for each, result in versions]
    baseline = judged.baseline or facts.target.baseline
    found = sorted(facts.observations, key=lambda row: (row.period, row.revision))
    has_path = facts.target.kind is not Kind.CLASS_AT_OR_BETTER and any(one.path for one in asked)
    shown = {row.period for row in found}
    named = {period for one in asked for period in one.named} if has_path else set()
    due = {one.target.due for one in asked}
    values = [row.value for row in found]
    if has_path:
        values += [value for one in asked for value in one.values]
    column = column_of(indicator, values)

    def line(period, figure=None):
        is_baseline = baseline is not None and period == baseline.period
        text = (figure.row.stated or column.word(figure.row.value)) if figure else ""
        if is_baseline and not figure:
            text = column.word(baseline.value)
        cells = [text, *(one.words(period, column) for one in asked if has_path)]
        facts_of_line = [figure] if figure else []
        return Row(period, cells, facts_of_line, period in due, is_baseline)

    rows = [line(row.period, figure_of(row.ref, indicator, corrections)) for row in found]
    rows += [line(period) for period in named - shown]
    heads = [_("Figure")]
    if has_path:
        heads += (
            [_("Path of the original"), _("Path as changed")] if changed else [_("Promised path")]
        )
    rows.sort(key=lambda row: row.period)
    heads = [column.head(head) for head in heads]
    return Table(heads, keyed(rows, facts.row.code)) if rows else None


class Asked:
    """What one version of a test asks for in any period."""

    def __init__(self, target, baseline):
        self.target = target
        self.baseline = baseline or target.baseline
        self.path = drawing.promised_path(target, self.baseline)

    @property
    def named(self):
        """The periods that a document itself names."""
        stated = [self.target.baseline.period] if self.target.baseline else []
        return [*stated, *(period for period, _value in self.target.interim), self.target.due]

    @property
    def values(self):
        goal = drawing.goal_of(self.target)
        return [*(value for _month, value in self.path), *([] if goal is None else [goal])]

    def words(self, period, column):
        value = drawing.path_value(self.path, period.end_month, self.target.resolution)
        if value is None and period == self.target.due:
            value = drawing.goal_of(self.target)
        return "" if value is None else column.word(value)


def comparison_table(facts, judged, corrections):
    """One line a period with both sides; a side without a figure says so."""
    own, other = facts.row.indicator, facts.row.comparator_indicator
    sides = defaultdict(lambda: ([], []))
    for side, found in enumerate((facts.observations, facts.comparator)):
        for observation in found:
            sides[observation.period][side].append(observation.ref)
    columns = [
        column_of(indicator, [row.value for row in found])
        for found, indicator in ((facts.observations, own), (facts.comparator, other))
    ]
    rows = []
    for period in sorted(sides):
        figures = [
            [figure_of(row, indicator, corrections) for row in found]
            for found, indicator in zip(sides[period], (own, other), strict=True)
        ]
        cells = [
            " / ".join(row.stated or column.word(row.value) for row in found)
            for found, column in zip(sides[period], columns, strict=True)
        ]
        rows.append(
            Row(
                period,
                [*cells, _verdict(period, judged.tally)],
                [figure for found in figures for figure in found],
                is_due=period == facts.target.due,
            )
        )
    if not rows:
        return None
    heads = [columns[0].head(own.name), columns[1].head(other.name), _("Result")]
    return Table(heads, keyed(rows, facts.row.code))


def _verdict(period, tally):
    if period in tally.met:
        return _("above")
    if period in tally.failed:
        return _("not above")
    return _("cannot be compared") if period in tally.missing else ""


def in_unit_of(item, value):
    return item_amount(value, item) if item else formats.number(value)


def item_table(facts, corrections):
    """Every figure of every item, in the standard's order."""
    order = {item.code: n for n, item in enumerate(facts.target.standard.items)}
    ordered = sorted(
        facts.observations, key=lambda row: (order.get(row.item, len(order)), row.period)
    )
    rows = []
    for observation in ordered:
        item = next((i for i in facts.target.standard.items if i.code == observation.item), None)
        before = corrections.get(observation.ref.pk)
        figure = Figure(
            observation.ref,
            in_unit_of(item, observation.value),
            in_unit_of(item, before.value) if before else "",
        )
        name = formats.chosen(item.name_zh, item.name_en) if item else observation.item
        rows.append(
            Row(
                observation.period,
                [name, figure.text],
                [figure],
                is_due=observation.period == facts.target.due,
            )
        )
    return Table([_("Item"), _("Figure")], keyed(rows, facts.row.code)) if rows else None
