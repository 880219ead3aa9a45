"""Kinds of test, and the one signed margin each becomes: margin >= 0 means met."""

from __future__ import annotations

from decimal import Decimal
from enum import IntEnum, StrEnum

from commitments.domain.exact import EXACT


class Kind(StrEnum):
    """What a target asks of its indicator."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    RATIO = "ratio"
    ZERO = "zero"
    COVERAGE = "coverage"
    ABOVE_COMPARATOR = "above_comparator"
    CLASS_AT_OR_BETTER = "class_at_or_better"
    COMPOSITE = "composite"
    MILESTONES = "milestones"
    NOT_ASSESSABLE = "not_assessable"

    @property
    def is_number(self) -> bool:
        """Whether one number (or class) decides, so that pace can be measured."""
        return self in _NUMBERS

    @property
    def needs_value(self) -> bool:
        """Whether the target must state a number; `zero` has its own."""
        return self in _NUMBERS and self is not Kind.ZERO


_NUMBERS = frozenset(
    {
        Kind.AT_LEAST,
        Kind.AT_MOST,
        Kind.RATIO,
        Kind.ZERO,
        Kind.COVERAGE,
        Kind.CLASS_AT_OR_BETTER,
    }
)


class WaterClass(IntEnum):
    """Surface water classes of GB 3838-2002, best first; the sixth is worse than class V."""

    I = 1  # noqa: E741 - the standard's own name
    II = 2
    III = 3
    IV = 4
    V = 5
    WORSE_THAN_V = 6

    @property
    def word(self) -> str:
        """The class as Chinese reports print it."""
        return ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ")[self - 1]


def margin(kind: Kind, value: Decimal, target: Decimal | None) -> Decimal:
    """Signed distance of `value` from the test, in the indicator's own unit; >= 0 means met.

    For `above_comparator` the target is the other side's value, and only a margin above zero
    meets. For classes both are ranks (I = 1). Exact. Raises ValueError for a kind that no single
    number decides, or when the target's number is missing.
    """
    if kind is Kind.ZERO:
        return EXACT.minus(EXACT.abs(value))
    if target is None:
        raise ValueError(f"A {kind.value} target needs a number.")
    if kind is Kind.AT_LEAST or kind is Kind.COVERAGE or kind is Kind.ABOVE_COMPARATOR:
        return EXACT.subtract(value, target)
    if kind is Kind.AT_MOST or kind is Kind.RATIO or kind is Kind.CLASS_AT_OR_BETTER:
        return EXACT.subtract(target, value)
    raise ValueError(f"No single number decides a {kind.value} target.")
