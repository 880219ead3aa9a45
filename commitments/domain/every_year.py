"""Rule 4: better than a comparator in every period of a window."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from commitments.domain.facts import Observation, Target
from commitments.domain.kinds import Kind, margin
from commitments.domain.number import STALE_PERIODS, without_figure
from commitments.domain.periods import Period, month_number
from commitments.domain.result import Assessment, Reason, Tally, Why
from commitments.domain.series import known
from commitments.domain.status import Flag, Status


def assess_every_year(
    target: Target,
    observations: Iterable[Observation],
    comparator: Iterable[Observation],
    as_of: date,
) -> Assessment:
    """Assess "above the comparator every year": strict, so a tie fails and is flagged.

    A period counts once it is over; it is judged when both sides' figures are known, and missing
    otherwise. One failed period can not be made good.
    """
    own = known(target, observations, as_of)
    # Caution for the other side is its highest value, not its lowest.
    other = known(target, comparator, as_of, kind=Kind.AT_MOST)
    now = month_number(as_of)
    window = periods_of(target)
    met: list[Period] = []
    failed: list[Period] = []
    missing: list[Period] = []
    flags = list(dict.fromkeys(own.flags + other.flags))
    judged, gap = None, None
    for period in window:
        if period.end_month > now:
            break
        ours, theirs = own.by_end.get(period.end_month), other.by_end.get(period.end_month)
        if ours is None or theirs is None or not ours.period == theirs.period == period:
            missing.append(period)
            continue
        difference = margin(target.kind, ours.value, theirs.value)
        (met if difference > 0 else failed).append(period)
        if difference <= 0 or not failed:
            judged, gap = ours, difference
        if not difference:
            flags.append(Flag.TIE)
        if ours.is_provisional or theirs.is_provisional:
            flags.append(Flag.PROVISIONAL)
    tally = Tally(tuple(met), tuple(failed), tuple(missing), len(window))
    status, why = _decide(target, tally, as_of)
    return Assessment(
        status=status,
        reason=Reason(why, 4, (failed or met or window)[-1]),
        as_of=as_of,
        flags=tuple(dict.fromkeys(flags)),
        latest=own.by_end[own.ends[-1]] if own.ends else None,
        judged=judged,
        margin=gap,
        tally=tally,
    )


def periods_of(target: Target) -> list[Period]:
    """The periods of the window, first to due."""
    period = target.first or target.due
    window = [period]
    while period < target.due:
        period = period.next()
        window.append(period)
    return window


def _decide(target: Target, tally: Tally, as_of: date) -> tuple[Status, Why]:
    months_left = target.due.end_month - month_number(as_of)
    if tally.failed:
        return (Status.BREACHED if months_left > 0 else Status.MISSED), Why.YEAR_FAILED
    if months_left <= 0:
        if tally.missing:
            return without_figure(target.due, as_of), Why.YEARS_MISSING
        return Status.ACHIEVED, Why.YEARS_ALL_MET
    if not tally.met:
        return Status.NO_DATA, Why.YEARS_NONE_JUDGED
    age = month_number(as_of) - tally.met[-1].end_month
    if age >= STALE_PERIODS * target.due.months:
        return Status.INSUFFICIENT, Why.YEARS_STALE
    return Status.ON_TRACK, Why.YEARS_MET_SO_FAR
