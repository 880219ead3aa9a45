"""Facts for the tables of cases: valid by default, never random."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from commitments.domain.facts import Baseline, Observation, Target
from commitments.domain.kinds import Kind
from commitments.domain.periods import Period


def num(value: Any) -> Decimal:
    return Decimal(str(value))


def period(value: int | str) -> Period:
    return Period.parse(str(value))


def seen(when: int | str, value: Any, **more: Any) -> Observation:
    """A value published in the March after its period."""
    of = period(when)
    more.setdefault("published_on", date(of.ends_on.year + 1, 3, 1))
    return Observation(of, num(value), **more)


def series(values: dict[int, Any], **more: Any) -> list[Observation]:
    return [seen(year, value, **more) for year, value in values.items()]


def target(kind: Kind | str, value: Any = None, due: int | str = 2025, **more: Any) -> Target:
    """A target; `baseline` may be given as (year, value)."""
    if isinstance(more.get("baseline"), tuple):
        year, start = more["baseline"]
        more["baseline"] = Baseline(period(year), num(start))
    for name in ("resolution", "floor", "ceiling"):
        if name in more:
            more[name] = num(more[name])
    if "first" in more:
        more["first"] = period(more["first"])
    if "interim" in more:
        more["interim"] = tuple((period(at), num(point)) for at, point in more["interim"].items())
    return Target(Kind(kind), period(due), None if value is None else num(value), **more)
