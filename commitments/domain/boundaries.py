"""The days on which an answer may change, so that a stored one can be kept until the next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from commitments.domain.every_year import periods_of
from commitments.domain.facts import Milestone, Observation, Target
from commitments.domain.kinds import Kind
from commitments.domain.number import GRACE_MONTHS, STALE_PERIODS
from commitments.domain.periods import first_day


def boundaries(
    target: Target,
    observations: Iterable[Observation],
    comparator: Iterable[Observation] = (),
) -> set[date]:
    """First days of a possibly new answer: between two of them `assess_target` gives the same.

    Publication days, a value growing stale, a period of an every-year test ending, the due
    period's end and the end of the grace. Some change nothing; none is left out.
    """
    if target.kind is Kind.NOT_ASSESSABLE or target.kind is Kind.MILESTONES:
        return set()
    due = target.due.end_month
    days = {first_day(due), first_day(due + GRACE_MONTHS)}
    length = target.frequency.months
    if target.kind is Kind.ABOVE_COMPARATOR:
        length = target.due.months
        days.update(first_day(period.end_month) for period in periods_of(target))
    for row in (*observations, *comparator):
        days.add(row.published_on)
        stale = row.period.end_month + STALE_PERIODS * length
        if stale < due:
            days.add(first_day(stale))
    return days


def milestone_boundaries(milestones: Iterable[Milestone]) -> set[date]:
    """The days on which `assess_milestones` may answer anew: a date passed, a step known done."""
    days = set()
    for step in milestones:
        if step.due_on < date.max:
            days.add(step.due_on + timedelta(days=1))
        if step.known_from is not None:
            days.add(step.known_from)
    return days


def commitment_boundaries(
    targets: Iterable[tuple[Target, Iterable[Observation], Iterable[Observation]]] = (),
    milestones: Iterable[Milestone] = (),
    withdrawn_on: date | None = None,
) -> set[date]:
    """The days on which `assess_commitment` may answer anew."""
    days = milestone_boundaries(milestones)
    for target, observations, comparator in targets:
        days |= boundaries(target, observations, comparator)
    if withdrawn_on is not None:
        days.add(withdrawn_on)
    return days
