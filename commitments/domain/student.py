"""Student's t distribution for whole degrees of freedom, in closed form."""

from __future__ import annotations

from functools import cache
from math import atan, cos, pi, sin, sqrt


def cumulative(t: float, degrees: int) -> float:
    """P(T <= t), by the finite series for an integer number of degrees of freedom (>= 1).

    Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
    """
    if degrees < 1:
        raise ValueError("Student's t needs at least one degree of freedom.")
    angle = atan(t / sqrt(degrees))
    cosine, sine = cos(angle), sin(angle)
    is_odd = degrees % 2
    term = cosine if is_odd else 1.0
    total = 0.0
    for step in range(degrees // 2):
        total += term
        term *= cosine * cosine * ((2 * step + 2) / (2 * step + 3) if is_odd else _even(step))
    between = 2 / pi * (angle + sine * total) if is_odd else sine * total
    return min(1.0, max(0.0, 0.5 + between / 2))


def _even(step: int) -> float:
    return (2 * step + 1) / (2 * step + 2)


@cache
def quantile(probability: float, degrees: int) -> float:
    """The t that is exceeded with chance 1 - `probability`, for 0.5 < `probability` < 1."""
    if not 0.5 < probability < 1:
        raise ValueError("Only the upper half of the distribution is inverted here.")
    low, high = 0.0, 1.0
    while cumulative(high, degrees) < probability:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        if cumulative(middle, degrees) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2
