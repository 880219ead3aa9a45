"""The numbers under a drawing, each with its source."""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from commitments import drawing, formats
from commitments.domain.kinds import Kind
from commitments.models import Observation

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
    text = row.stated or formats.quantity(row.value, indicator)
    before = corrections.get(row.pk)
    return Figure(row, text, formats.quantity(before.value, indicator) if before else "")


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

    def line(period, figure=None):
        is_baseline = baseline is not None and period == baseline.period
        text = figure.text if figure else ""
        if is_baseline and not figure:
            text = formats.quantity(baseline.value, indicator)
        cells = [text, *(one.words(period, indicator) for one in asked if has_path)]
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

    def words(self, period, indicator):
        value = drawing.path_value(self.path, period.end_month, self.target.resolution)
        if value is None and period == self.target.due:
            value = drawing.goal_of(self.target)
        return "" if value is None else formats.quantity(value, indicator)


def comparison_table(facts, judged, corrections):
    """One line a period with both sides; a side without a figure says so."""
    own, other = facts.row.indicator, facts.row.comparator_indicator
    sides = defaultdict(lambda: ([], []))
    for side, found in enumerate((facts.observations, facts.comparator)):
        for observation in found:
            sides[observation.period][side].append(observation.ref)
    rows = []
    for period in sorted(sides):
        figures = [
            [figure_of(row, indicator, corrections) for row in found]
            for found, indicator in zip(sides[period], (own, other), strict=True)
        ]
        cells = [" / ".join(figure.text for figure in found) for found in figures]
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
    return Table([own.name, other.name, _("Result")], keyed(rows, facts.row.code))


def _verdict(period, tally):
    if period in tally.met:
        return _("above")
    if period in tally.failed:
        return _("not above")
    return _("cannot be compared") if period in tally.missing else ""


def item_table(facts, corrections):
    """Every figure of every item, in the standard's order."""
    order = {item.code: n for n, item in enumerate(facts.target.standard.items)}
    ordered = sorted(
        facts.observations, key=lambda row: (order.get(row.item, len(order)), row.period)
    )
    rows = []
    for observation in ordered:
        item = next((i for i in facts.target.standard.items if i.code == observation.item), None)
        unit = f" {item.unit}" if item else ""
        before = corrections.get(observation.ref.pk)
        figure = Figure(
            observation.ref,
            f"{formats.number(observation.value)}{unit}",
            f"{formats.number(before.value)}{unit}" if before else "",
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
