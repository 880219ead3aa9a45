"""A target's facts as drawings: which shape suits its kind, and the words on it."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import pairwise

from commitments import charts, formats
from commitments.domain.assessment import assess_target, known
from commitments.domain.exact import EXACT, quotient
from commitments.domain.kinds import Kind, WaterClass, margin
from commitments.domain.standards import STANDARDS
from commitments.facts import dossiers
from commitments.models import Indicator
from commitments.sentences.items import item_amount

# Room a character of a value axis takes, in the chart's own pixels.
CHARACTER = 7


@dataclass(frozen=True)
class Drawn:
    """A line chart with its words, ready for `_chart_line.html`."""

    shape: charts.LineChart
    y_labels: list
    limit_text: str = ""
    due_text: str = ""
    last_text: str = ""
    unit: str = ""
    own_name: str = ""
    other_name: str = ""
    is_class: bool = False
    has_provisional: bool = False


@dataclass(frozen=True)
class ItemBar:
    """One item of a composite standard against its limit."""

    code: str
    name: str
    limit: str
    value: str
    rounded: str
    share: str
    period: object
    passes: bool | None
    bar: charts.Bar | None
    next_limit: str
    observation: object


def goal_of(target):
    """The number a target asks for; None for kinds that no one number decides."""
    if target.kind is Kind.ZERO:
        return Decimal(0)
    return target.value if target.kind.is_number else None


def promised_path(target, baseline):
    """The way from the baseline over the interim targets to the number due, as (month, value).

    Where the baseline already met, what was promised is to stay on the right side: a level.
    """
    goal = goal_of(target)
    if goal is None or baseline is None or baseline.period.end_month >= target.due.end_month:
        return []
    start, due = baseline.period.end_month, target.due.end_month
    if margin(target.kind, baseline.value, target.value) >= 0:
        return [(start, goal), (due, goal)]
    interim = sorted((period.end_month, value) for period, value in target.interim)
    between = [(at, value) for at, value in interim if start < at < due]
    return [(start, baseline.value), *between, (due, goal)]


def path_value(path, month, resolution):
    """What the path asks for in a month, to one digit more than the figure is reported in."""
    for (start, low), (end, high) in pairwise(path):
        if start <= month <= end:
            rise = EXACT.multiply(EXACT.subtract(high, low), Decimal(month - start))
            value = EXACT.add(low, quotient(rise, Decimal(end - start)))
            step = Decimal(1).scaleb((resolution or Decimal("0.01")).normalize().adjusted() - 1)
            if month in (start, end):
                return low if month == start else high
            return value.quantize(step, rounding=ROUND_HALF_EVEN, context=EXACT)
    return None


def series_of(target, observations, day, kind=None):
    """The values a target is judged by, one a period, in order of time."""
    series = known(target, observations, day, kind=kind)
    return [series.by_end[end] for end in series.ends]


def points_of(rows, failed=()):
    return [
        charts.Point(
            row.period.end_month,
            row.value,
            is_provisional=row.is_provisional,
            is_failure=row.period.end_month in failed,
            months=row.period.months,
        )
        for row in rows
    ]


def line_of(facts, judged, day, fan=None):
    """The `Drawn` line of a target of any kind that has one, or None without a figure or path."""
    target, indicator = facts.target, facts.row.indicator
    if target.kind is Kind.ABOVE_COMPARATOR:
        return _comparison(facts, judged, day)
    if not target.kind.is_number:
        return None
    rows = series_of(target, facts.observations, day)
    path = promised_path(target, judged.baseline or target.baseline)
    if not rows and not path:
        return None
    goal = goal_of(target)
    is_class = indicator.scale == Indicator.Scale.WATER_CLASS
    scale = charts.CLASSES if is_class else _scale(rows, path, goal, fan, indicator.ceiling)
    axis = Axis(scale.ticks, indicator)
    shape = charts.line_chart(
        points_of(rows),
        scale=scale,
        path=[] if is_class else path,
        limit=goal,
        due=target.due.end_month,
        fan=fan,
        left=_left(axis.ticks),
        is_steps=is_class,
    )
    return Drawn(
        shape=shape,
        y_labels=list(zip(shape.y_ticks, axis.ticks, strict=True)),
        limit_text=SIGNS.get(target.kind, "") + axis.word(goal),
        due_text=formats.period_label(target.due),
        last_text=axis.word(rows[-1].value) if rows else "",
        unit=axis.unit,
        own_name=indicator.name,
        is_class=is_class,
        has_provisional=any(row.is_provisional for row in rows),
    )


def _comparison(facts, judged, day):
    target, indicator = facts.target, facts.row.indicator
    own = series_of(target, facts.observations, day)
    other = series_of(target, facts.comparator, day, Kind.AT_MOST)
    if not own and not other:
        return None
    failed = {period.end_month for period in judged.tally.failed}
    scale = _scale([*own, *other], [], None, None, indicator.ceiling)
    axis = Axis(scale.ticks, indicator)
    shape = charts.line_chart(
        points_of(own, failed),
        scale=scale,
        other=points_of(other),
        due=target.due.end_month,
        left=_left(axis.ticks),
    )
    return Drawn(
        shape=shape,
        y_labels=list(zip(shape.y_ticks, axis.ticks, strict=True)),
        due_text=formats.period_label(target.due),
        last_text=axis.word(own[-1].value) if own else "",
        unit=axis.unit,
        own_name=indicator.name,
        other_name=facts.row.comparator_indicator.name,
        has_provisional=any(row.is_provisional for row in [*own, *other]),
    )


def _scale(rows, path, goal, fan, ceiling):
    values = [row.value for row in rows] + [value for _, value in path]
    values += [] if goal is None else [goal]
    values += [] if fan is None else [fan.low, fan.high]
    return charts.scale_of(values, ceiling=ceiling)


class Axis(formats.Together):
    """How the numbers of a chart are written: without their unit, which stands under it."""

    def __init__(self, ticks, indicator):
        super().__init__(indicator.unit, ticks)
        self.is_class = indicator.scale == Indicator.Scale.WATER_CLASS
        self.ticks = [self.number(value) for value in ticks]
        if self.is_class:
            self.ticks = [WaterClass(value).word for value in ticks]
            self.ticks[-1] = formats.chosen(self.ticks[-1], "> Ⅴ")


def _left(words):
    return 10 + CHARACTER * max(
        sum(2 if ord(letter) > 0x2E80 else 1 for letter in word) for word in words
    )


SIGNS = {Kind.AT_LEAST: "≥ ", Kind.AT_MOST: "≤ ", Kind.RATIO: "≤ ", Kind.COVERAGE: "≥ "}


def items_of(target, judged):
    """The items of a composite target, each with its bar on one axis of shares of the limit."""
    standard = target.standard
    later = next_edition(standard)
    valued = [item for item in judged.items if item.value is not None]
    shares = {item.code: quotient(item.value, item.limit) for item in valued}
    bars = dict(zip(shares, charts.bars(list(shares.values())), strict=True))
    return [
        ItemBar(
            code=item.code,
            name=formats.chosen(*_names(standard.item(item.code))),
            limit=item_amount(item.limit, item),
            value=_item_value(item),
            rounded=_rounded(item),
            share=_share(shares.get(item.code)),
            period=item.observation.period if item.observation else None,
            passes=item.passes,
            bar=bars.get(item.code),
            next_limit=_later_limit(later, item),
            observation=item.observation.ref if item.observation else None,
        )
        for item in judged.items
    ]


def next_edition(standard):
    """The edition that follows in the same family, or None."""
    later = [
        other
        for other in STANDARDS.values()
        if other.family == standard.family and other.in_force_from > standard.in_force_from
    ]
    return min(later, key=lambda other: other.in_force_from, default=None)


def _names(item):
    return item.name_zh, item.name_en


def _item_value(item):
    if item.observation is None:
        return ""
    return item_amount(item.observation.value, item)


def _rounded(item):
    """The value as the standard rounds it, where that is not the value as published."""
    if item.value is None or item.value == item.observation.value:
        return ""
    return formats.number(item.value)


def _share(share):
    """Whole percent, upwards: a value above its limit never reads as 100%."""
    if share is None:
        return ""
    return f"{int((share * 100).to_integral_value(rounding='ROUND_CEILING'))}%"


def _later_limit(later, item):
    if later is None or all(other.code != item.code for other in later.items):
        return ""
    found = later.item(item.code)
    return item_amount(found.limit, found)


# --- Rows of a list -----------------------------------------------------------------------------


def sparks_for(commitments, on):
    """A small drawing for each commitment that has one, by primary key.

    Of a commitment with several targets the one that decides its standing is drawn. Costs the
    same number of queries for any number of rows.
    """
    found = {}
    for dossier in dossiers(commitments):
        spark = _spark(dossier, on)
        if spark is not None:
            found[dossier.commitment.pk] = spark
    return found


def _spark(dossier, on):
    facts = dossier.on(on)
    standing = getattr(dossier.commitment, "standing", None)
    wanted = standing.target_id if standing else None
    chosen = next((f for f in facts.originals if f.row.pk == wanted), None)
    if chosen is None and facts.originals and wanted is None and not facts.milestones:
        chosen = facts.originals[0]
    if chosen is not None:
        return _spark_of_target(chosen, on)
    steps = sorted(facts.milestones, key=lambda step: step.due_on)
    return charts.spark_steps(
        [step.is_done(on) for step in steps], [step.due_on < on for step in steps]
    )


def _spark_of_target(facts, on):
    target = facts.target
    judged = assess_target(target, facts.observations, as_of=on, comparator=facts.comparator)
    due = target.due.end_month
    if target.kind is Kind.COMPOSITE:
        worst = _worst_shares(target, facts.observations, on)
        return charts.sparkline(worst, limit=1, due=due)
    if target.kind is Kind.ABOVE_COMPARATOR:
        own = series_of(target, facts.observations, on)
        other = series_of(target, facts.comparator, on, Kind.AT_MOST)
        failed = {period.end_month for period in judged.tally.failed}
        return charts.sparkline(points_of(own, failed), other=points_of(other), due=due)
    rows = series_of(target, facts.observations, on)
    return charts.sparkline(
        points_of(rows),
        promised_path(target, judged.baseline or target.baseline),
        limit=goal_of(target),
        due=due,
        is_reversed=facts.row.indicator.scale == Indicator.Scale.WATER_CLASS,
    )


def _worst_shares(target, observations, on):
    """The worst item of a composite standard a period, as a share of its limit."""
    shares = defaultdict(list)
    for item in target.standard.items:
        series = known(target, observations, on, item=item.code, kind=Kind.AT_MOST)
        for end, row in series.by_end.items():
            shares[end].append((quotient(item.rounded(row.value), item.limit), row.is_provisional))
    return [
        charts.Point(end, max(share for share, _ in found), any(p for _, p in found))
        for end, found in sorted(shares.items())
    ]
