"""Decimal arithmetic that never rounds, and the one rounding that is only for showing."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

# A figure has at most this many digits before and after its point. Products of two differences
# then fit EXACT with room to spare, so no comparison in the rule is ever made on a rounded number.
DIGITS = 30

_TRAPS = [InvalidOperation, DivisionByZero, Overflow]
EXACT = Context(prec=200, traps=_TRAPS)
# Quotients are kept for showing, never compared. Floor, so that a figure cut for display can not
# read better than the status beside it.
_QUOTIENT = Context(prec=28, rounding=ROUND_FLOOR, traps=_TRAPS)


def quotient(numerator: Decimal, denominator: Decimal) -> Decimal:
    """`numerator / denominator` to 28 significant digits, rounded toward minus infinity."""
    return _QUOTIENT.divide(numerator, denominator)


def checked(value: Decimal, what: str) -> Decimal:
    """The value itself; ValueError, naming `what`, when it is not an ordinary exact number."""
    if not isinstance(value, Decimal):
        raise ValueError(f"{what} must be a Decimal, not {type(value).__name__}.")
    if not value.is_finite():
        raise ValueError(f"{what} must be a finite number, not {value}.")
    exponent = value.as_tuple().exponent
    if value.adjusted() >= DIGITS or (isinstance(exponent, int) and exponent < -DIGITS):
        raise ValueError(
            f"{what} has more than {DIGITS} digits before or after the decimal point: {value}."
        )
    return value
