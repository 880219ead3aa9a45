"""The third axis: whether the figures a test is judged by are up to date.

It never changes a status, and a status never says it. What is stored of it is the day from which a
newer figure is due, which facts alone decide; any day is then one comparison.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from commitments.domain.facts import Observation, Target
from commitments.domain.kinds import Kind
from commitments.domain.number import GRACE_MONTHS
from commitments.domain.periods import first_day
from commitments.domain.status import Group, Status

# The day of what never comes.
NEVER = date.max


class Freshness(StrEnum):
    """How fresh the figures of a promise are on a day. Words live in labels.py."""

    CURRENT = "current"
    DUE = "due"
    NONE = "none"
    NOT_EXPECTED = "not_expected"


@dataclass(frozen=True, slots=True)
class Supply:
    """Whether figures are expected at all, and from which day a newer one than the latest is due.

    `newer_due_on` is None where there is no figure yet, and `NEVER` where the latest is the last
    that the test asks for.
    """

    is_expected: bool
    newer_due_on: date | None = None

    def on(self, day: date) -> Freshness:
        if not self.is_expected:
            return Freshness.NOT_EXPECTED
        if self.newer_due_on is None:
            return Freshness.NONE
        return Freshness.DUE if self.newer_due_on <= day else Freshness.CURRENT


NOTHING_EXPECTED = Supply(is_expected=False)
NO_FIGURE_YET = Supply(is_expected=True)


def supply(
    target: Target,
    observations: Iterable[Observation],
    comparator: Iterable[Observation] = (),
    *,
    status: Status,
) -> Supply:
    """The supply of figures to one test that stands at `status`, by what is known.

    The period after the latest one is due when it ended as long ago as our grace: 12 months for a
    yearly figure, one reporting period for one that comes more often. A comparison is as fresh as
    its less fresh side.
    """
    if target.kind in (Kind.MILESTONES, Kind.NOT_ASSESSABLE):
        return NOTHING_EXPECTED
    sides = [list(observations)]
    length = target.frequency.months
    if target.kind is Kind.ABOVE_COMPARATOR:
        sides.append(list(comparator))
        length = target.due.months
    if not all(sides):
        return NO_FIGURE_YET
    latest = min(max(row.period.end_month for row in side) for side in sides)
    if latest >= target.due.end_month or status.group in (Group.MET, Group.MISSED):
        return Supply(True, NEVER)
    return Supply(True, first_day(latest + length + min(length, GRACE_MONTHS)))


def least_fresh(supplies: Iterable[Supply]) -> Supply:
    """The supply of a whole promise: that of its least fresh test, as its status is its worst."""
    expected = [each for each in supplies if each.is_expected]
    if not expected:
        return NOTHING_EXPECTED
    days = [each.newer_due_on for each in expected]
    if None in days:
        return NO_FIGURE_YET
    return Supply(True, min(day for day in days if day is not None))
