"""Where a series is heading, in its own box: never part of the status.

The only floats in the rule live here; nothing in a status depends on them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations, pairwise
from math import sqrt
from statistics import median, stdev

from commitments.domain.facts import Observation, Target
from commitments.domain.kinds import Kind, margin
from commitments.domain.series import Series, known
from commitments.domain.student import cumulative, quantile

FEWEST_VALUES = 4
DAMPING = 0.8
WIDENING = 1.15
UNLIKELY_UP_TO, LIKELY_FROM = 0.25, 0.90
_RISING = (Kind.AT_LEAST, Kind.COVERAGE)
_FALLING = (Kind.AT_MOST, Kind.RATIO, Kind.ZERO)


class Word(StrEnum):
    """What a reader is told instead of a bare percentage."""

    LIKELY = "likely"
    UNCERTAIN = "uncertain"
    UNLIKELY = "unlikely"


@dataclass(frozen=True, slots=True)
class Outlook:
    """A projection to the due year, in the indicator's unit.

    `slope` is per year; `low` and `high` bound the 80% interval; `probability` is the raw chance
    (0 to 1) of meeting, before the interval is widened. `values` years were used.
    """

    slope: float
    projection: float
    low: float
    high: float
    probability: float
    word: Word
    values: int


def outlook(target: Target, observations: Iterable[Observation], *, as_of: date) -> Outlook | None:
    """The outlook on `as_of`, or None where none is given.

    None for classes, composites, milestones and comparators, with fewer than four annual values
    of one definition (a stated baseline is one), for a due period that does not end with a year,
    once the due period's value (or a later one) exists, and for a cumulative stock already full.
    """
    due = target.due.end_month
    if target.kind not in _RISING + _FALLING or due % 12:
        return None
    series = known(target, observations, as_of)
    if any(end >= due for end in series.ends) or _is_settled(target, series):
        return None
    values = _annual(target, series)
    if len(values) < FEWEST_VALUES:
        return None
    return _project(target, values)


def _is_settled(target: Target, series: Series) -> bool:
    return target.is_cumulative and any(
        margin(target.kind, row.value, target.value) >= 0 for row in series.by_end.values()
    )


def _annual(target: Target, series: Series) -> list[tuple[int, float]]:
    found = {
        row.period.year: float(row.value) for row in series.by_end.values() if row.period.parts == 1
    }
    start = target.baseline
    if start is not None and start.period.parts == 1:
        found.setdefault(start.period.year, float(start.value))
    return sorted(found.items())


def _project(target: Target, values: list[tuple[int, float]]) -> Outlook | None:
    count = len(values)
    last_year, last = values[-1]
    years = target.due.end_month // 12 - 1 - last_year
    if years < 1:
        return None
    slope = median((b - a) / (y - x) for (x, a), (y, b) in combinations(values, 2))
    changes = [(b - a) / (y - x) for (x, a), (y, b) in pairwise(values)]
    spread = max(
        stdev(changes),
        float(target.resolution or 0),
        0.1 * median(abs(change) for change in changes),
    ) * sqrt(years * (1 + years / (count - 1)))
    projection = last + slope * sum(DAMPING**step for step in range(1, years + 1))
    half = WIDENING * quantile(0.9, count - 2) * spread
    chance = _chance(target, projection, spread, count - 2)
    return Outlook(
        slope=slope,
        projection=_clipped(target, projection),
        low=_clipped(target, projection - half),
        high=_clipped(target, projection + half),
        probability=chance,
        word=_word(chance),
        values=count,
    )


def _chance(target: Target, projection: float, spread: float, degrees: int) -> float:
    room = projection - float(target.value or 0)
    if target.kind in _FALLING:
        room = -room
    if not spread:
        return 1.0 if room >= 0 else 0.0
    return cumulative(room / spread, degrees)


def _clipped(target: Target, value: float) -> float:
    if target.floor is not None:
        value = max(value, float(target.floor))
    if target.ceiling is not None:
        value = min(value, float(target.ceiling))
    return value


def _word(chance: float) -> Word:
    if chance <= UNLIKELY_UP_TO:
        return Word.UNLIKELY
    return Word.LIKELY if chance >= LIKELY_FROM else Word.UNCERTAIN
