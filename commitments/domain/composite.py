"""A standard of several items: all must pass, one known failure settles it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from commitments.domain.exact import EXACT, quotient
from commitments.domain.facts import Observation, Target
from commitments.domain.kinds import Kind
from commitments.domain.number import judge, without_figure
from commitments.domain.periods import Period, month_number
from commitments.domain.result import Assessment, ItemResult, Reason, Why
from commitments.domain.series import Series, known
from commitments.domain.standards import Item, Standard
from commitments.domain.status import RANK, Flag, Status

_LATE = Status.ACHIEVED_LATE
_SHORT_AT_DUE = (Status.MISSED, _LATE)


def assess_composite(
    target: Target, standard: Standard, observations: Iterable[Observation], as_of: date
) -> Assessment:
    """Assess each item by the numeric rules, on values rounded as the standard says, and combine.

    `Observation.item` names the item; values of other items are not looked at. Each item's
    baseline comes from its own values, never from `target.baseline`, and its reporting unit is the
    step the standard rounds to.
    """
    rows = list(observations)
    results, rounded = [], []
    for item in standard.items:
        series = known(target, rows, as_of, item=item.code, kind=Kind.AT_MOST)
        exact = dict(series.by_end)
        for end, row in exact.items():
            series.by_end[end] = replace(row, value=item.rounded(row.value))
        rounded.append(series)
        results.append(_item_result(target, item, series, exact, as_of))
    return _combine(target, results, rounded, as_of)


def _item_result(
    target: Target, item: Item, series: Series, exact: dict[int, Observation], as_of: date
) -> ItemResult:
    test = Target(
        kind=Kind.AT_MOST,
        due=target.due,
        value=item.limit,
        set_on=target.set_on,
        resolution=item.step,
        frequency=target.frequency,
        definition=target.definition,
    )
    found = judge(test, series, as_of)
    row = found.judged
    if row is not None and found.latest is not None:
        found = replace(
            found,
            judged=exact[row.period.end_month],
            latest=exact[found.latest.period.end_month],
        )
    return ItemResult(
        code=item.code,
        limit=item.limit,
        unit=item.unit,
        status=found.status,
        passes=None if found.margin is None else found.margin >= 0,
        value=None if row is None else row.value,
        observation=found.judged,
        assessment=found,
    )


def _combine(
    target: Target, results: list[ItemResult], rounded: list[Series], as_of: date
) -> Assessment:
    is_over = month_number(as_of) >= target.due.end_month
    valued = [item for item in results if item.value is not None]
    decided = [item for item in valued if item.assessment.reason.rule in (6, 7)]
    short = [item for item in decided if item.status in _SHORT_AT_DUE]
    flags: list[Flag] = []
    end = None
    lead = min(valued, key=_worst_first, default=None)
    if short:
        lead = min(short, key=_worst_first)
        end = _first_full_pass(target, results, rounded)
        status, why = Status.MISSED, Why.ITEM_FAILED
        if end is not None:
            status, why = Status.ACHIEVED_LATE, Why.ITEMS_PASSED_LATER
            if _fails_after(end, results, rounded):
                flags.append(Flag.SLIPPING)
    elif len(decided) == len(results):
        status, why = Status.ACHIEVED, Why.ITEMS_ALL_PASS
    elif is_over:
        status, why = without_figure(target.due, as_of), Why.ITEMS_MISSING
        if not valued:
            why = Why.NO_VALUES
    elif lead is None:
        status, why = Status.NO_DATA, Why.NO_VALUES
    else:
        # An item already judged for the due period proves nothing while others are open.
        status = Status.MET_EARLY if lead.status is Status.ACHIEVED else lead.status
        why = Why.ITEM_WORST
    shown = decided if is_over or short else valued
    flags += [flag for item in valued for flag in item.assessment.flags]
    flags += [flag for series in rounded for flag in series.flags]
    return Assessment(
        status=status,
        reason=_reason(target, why, end, lead, shown, results),
        as_of=as_of,
        flags=tuple(dict.fromkeys(flags)),
        baseline=None if lead is None else lead.assessment.baseline,
        latest=None if lead is None else lead.assessment.latest,
        judged=None if lead is None else lead.observation,
        margin=min((_share_left(item) for item in shown), default=None),
        progress=None if lead is None else lead.assessment.progress,
        expected=None if lead is None else lead.assessment.expected,
        pace=None if lead is None else lead.assessment.pace,
        items=tuple(results),
    )


def _reason(
    target: Target,
    why: Why,
    end: int | None,
    lead: ItemResult | None,
    shown: list[ItemResult],
    results: list[ItemResult],
) -> Reason:
    period = target.due
    if end is not None:
        period = Period.ending(end, target.due.months)
    elif why is Why.ITEM_WORST and lead is not None and lead.observation is not None:
        period = lead.observation.period
    judged = {item.code for item in shown}
    return Reason(
        why=why,
        rule=5 if lead is None else lead.assessment.reason.rule,
        period=period,
        item="" if lead is None else lead.code,
        passed=tuple(item.code for item in shown if item.passes and item.status is not _LATE),
        failed=tuple(item.code for item in shown if not item.passes or item.status is _LATE),
        missing=tuple(item.code for item in results if item.code not in judged),
    )


def _worst_first(item: ItemResult) -> tuple[int, Decimal]:
    """By status; of items that stand alike, the one with the least left of its limit."""
    return RANK[item.status], _share_left(item)


def _share_left(item: ItemResult) -> Decimal:
    """(limit - value) / limit, the only margin that items of different units share."""
    if item.value is None:
        raise ValueError(f"{item.code} has no value.")
    return quotient(EXACT.subtract(item.limit, item.value), item.limit)


def _ends_after(due: int, rounded: list[Series]) -> list[int]:
    return sorted({end for series in rounded for end in series.ends if end > due})


def _first_full_pass(
    target: Target, results: list[ItemResult], rounded: list[Series]
) -> int | None:
    """The first period after the due one in which every item is known and passes."""
    for end in _ends_after(target.due.end_month, rounded):
        if all(
            end in series.by_end and series.by_end[end].value <= item.limit
            for item, series in zip(results, rounded, strict=True)
        ):
            return end
    return None


def _fails_after(end: int, results: list[ItemResult], rounded: list[Series]) -> bool:
    """Whether the last figures, of a period after `end`, hold a known failure."""
    later = _ends_after(end, rounded)
    return bool(later) and any(
        later[-1] in series.by_end and series.by_end[later[-1]].value > item.limit
        for item, series in zip(results, rounded, strict=True)
    )
