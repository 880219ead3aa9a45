"""Rule 1: the values known on a day, one for each period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from commitments.domain.facts import Observation, Target
from commitments.domain.kinds import Kind, margin
from commitments.domain.status import Flag


@dataclass(slots=True)
class Series:
    """Known values keyed by the month their period ends in; `ends` are the keys in order."""

    ends: list[int]
    by_end: dict[int, Observation]
    flags: tuple[Flag, ...]


def known(
    target: Target,
    observations: Iterable[Observation],
    as_of: date,
    *,
    item: str = "",
    kind: Kind | None = None,
) -> Series:
    """The values of `item` the target may be judged by, as known at the end of `as_of`.

    Kept: published by then, of the target's definition, the latest revision, the official source
    before a secondary one. A value for less than one reporting period (a month of an annual
    figure) is not kept: it is not the same statistic. `kind` overrides the target's own where a
    tie has to be settled the cautious way.
    """
    definition = target.definition
    shortest = target.frequency.months
    kept = []
    is_changed = False
    for row in observations:
        if row.published_on > as_of or row.item != item:
            continue
        if row.definition != definition:
            is_changed = True
        elif row.period.months >= shortest:
            kept.append(row)
    by_end = {row.period.end_month: row for row in kept}
    flags: tuple[Flag, ...] = ()
    if len(by_end) != len(kept):
        by_end, is_conflict = _one_each(target, kept, kind or target.kind)
        if is_conflict:
            flags = (Flag.CONFLICT,)
    if is_changed:
        flags = (*flags, Flag.DEFINITION_CHANGED)
    return Series(sorted(by_end), by_end, flags)


def _one_each(
    target: Target, rows: list[Observation], kind: Kind
) -> tuple[dict[int, Observation], bool]:
    by_end: dict[int, list[Observation]] = {}
    for row in rows:
        by_end.setdefault(row.period.end_month, []).append(row)
    chosen = {}
    is_conflict = False
    for end, found in by_end.items():
        rival = _latest_revisions(_of_one_length(found, target.due.months))
        is_conflict = is_conflict or len({(row.value, row.stated) for row in rival}) > 1
        chosen[end] = _trusted(rival, kind)
    return chosen, is_conflict


def _of_one_length(rows: list[Observation], wanted: int) -> list[Observation]:
    """Of periods that end together: those as long as the due period, else the longest."""
    lengths = {row.period.months for row in rows}
    length = wanted if wanted in lengths else max(lengths)
    return [row for row in rows if row.period.months == length]


def _latest_revisions(rows: list[Observation]) -> list[Observation]:
    newest: dict[bool, int] = {}
    for row in rows:
        newest[row.is_secondary] = max(row.revision, newest.get(row.is_secondary, row.revision))
    return [row for row in rows if row.revision == newest[row.is_secondary]]


def _trusted(rows: list[Observation], kind: Kind) -> Observation:
    """Official first, then the last published, then the value that flatters least."""

    def order(row: Observation) -> tuple[bool, int, Decimal, str, bool]:
        flattery = row.value if kind is Kind.ABOVE_COMPARATOR else margin(kind, row.value, ZERO)
        return (
            row.is_secondary,
            -row.published_on.toordinal(),
            flattery,
            row.stated,
            row.is_provisional,
        )

    return min(rows, key=order)


ZERO = Decimal(0)
