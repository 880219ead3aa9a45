"""Whether a changed target asks more or less than the one it replaced."""

from __future__ import annotations

from decimal import Decimal

from commitments.domain.facts import Target
from commitments.domain.kinds import Kind
from commitments.domain.status import Flag

_MORE = {Kind.AT_LEAST, Kind.COVERAGE}
_LESS = {Kind.AT_MOST, Kind.RATIO, Kind.ZERO}


def amendment_flag(original: Target, amended: Target) -> Flag | None:
    """`target_raised` or `target_lowered`; None when nothing changed, or in both directions.

    A harder number or an earlier date raises, an easier or later one lowers. A harder number by
    a later date is neither: the page shows both targets side by side instead of a word. Kinds that
    do not measure the same way can not be compared, and give None too.
    """
    changes = {_harder(original, amended), _earlier(original, amended)} - {0}
    if None in changes or len(changes) != 1:
        return None
    return Flag.TARGET_RAISED if changes == {1} else Flag.TARGET_LOWERED


def _sign(difference: Decimal | int) -> int:
    return (difference > 0) - (difference < 0)


def _earlier(original: Target, amended: Target) -> int:
    return _sign(original.due.end_month - amended.due.end_month)


def _harder(original: Target, amended: Target) -> int | None:
    kinds = {original.kind, amended.kind}
    if kinds <= _MORE:
        return _sign(_number(amended).compare(_number(original)))
    if kinds <= _LESS or kinds == {Kind.CLASS_AT_OR_BETTER}:
        return _sign(_number(original).compare(_number(amended)))
    if kinds == {Kind.COMPOSITE}:
        return _harder_limits(original, amended)
    return 0 if len(kinds) == 1 else None


def _number(target: Target) -> Decimal:
    return Decimal(0) if target.value is None else target.value


def _harder_limits(original: Target, amended: Target) -> int | None:
    if original.standard is None or amended.standard is None:
        return None
    before = {item.code: item.limit for item in original.standard.items}
    after = {item.code: item.limit for item in amended.standard.items}
    if before.keys() != after.keys():
        return None
    changes = {_sign(before[code].compare(after[code])) for code in before} - {0}
    if len(changes) > 1:
        return None
    return changes.pop() if changes else 0
