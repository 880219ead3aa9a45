"""Rules 5 to 13, for a target that one number (or class) decides."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from commitments.domain.facts import Baseline, Observation, Target
from commitments.domain.kinds import Kind, margin
from commitments.domain.pace import BEHIND_FROM, ON_TRACK_FROM, Pace, baseline_of, pace
from commitments.domain.periods import Period, month_number
from commitments.domain.result import Assessment, Reason, Why
from commitments.domain.series import Series
from commitments.domain.status import Flag, Status

# Our convention: a year's figures come out in the spring after it, so a year is patient enough.
GRACE_MONTHS = 12
# A latest value this many completed reporting periods old says nothing about today.
STALE_PERIODS = 2


def without_figure(due: Period, as_of: date) -> Status:
    """The status of a test whose figure is not published: by how long ago it fell due."""
    months_over = month_number(as_of) - due.end_month
    if months_over < 0:
        return Status.NO_DATA
    return Status.AWAITING_RESULT if months_over < GRACE_MONTHS else Status.UNREPORTED


def judge(target: Target, series: Series, as_of: date) -> Assessment:
    """Assess a target of a numeric kind by the known values. First rule that matches wins."""
    if not series.ends:
        return Assessment(
            status=without_figure(target.due, as_of),
            reason=Reason(Why.NO_VALUES, 5, target.due),
            as_of=as_of,
            flags=_flags(target, series.flags),
            baseline=target.baseline,
        )
    due = target.due.end_month
    if series.ends[-1] >= due:
        return _at_or_after_due(target, series, as_of)
    if target.is_cumulative:
        for end in series.ends:
            row = series.by_end[end]
            if _margin(target, row) >= 0:
                found = _Judged(target, series, as_of, row)
                return found.answer(
                    Status.ACHIEVED, Why.STOCK_REACHED, 8, _slipping(target, series)
                )
    found = _Judged(target, series, as_of, series.by_end[series.ends[-1]])
    if month_number(as_of) >= due:
        return found.answer(without_figure(target.due, as_of), Why.DUE_UNPUBLISHED, 9)
    if found.margin >= 0:
        return found.answer(Status.MET_EARLY, Why.LATEST_MEETS, 10, found.is_slipping())
    return _before_due(target, found)


def _margin(target: Target, row: Observation) -> Decimal:
    return margin(target.kind, row.value, target.value)


def _flags(target: Target, flags: tuple[Flag, ...]) -> tuple[Flag, ...]:
    if target.kind is Kind.CLASS_AT_OR_BETTER:
        return (*flags, Flag.LOW_RESOLUTION)
    return flags


def _slipping(target: Target, series: Series) -> bool:
    """Whether the last value no longer meets what an earlier one met."""
    return _margin(target, series.by_end[series.ends[-1]]) < 0


def _at_or_after_due(target: Target, series: Series, as_of: date) -> Assessment:
    """Rules 6 and 7: the due period's value, else the first one after it."""
    due = target.due.end_month
    first, *later = [end for end in series.ends if end >= due]
    is_on_time = first == due
    rule = 6 if is_on_time else 7
    timing = () if is_on_time else (Flag.TIMING_UNVERIFIED,)
    if _margin(target, series.by_end[first]) >= 0:
        found = _Judged(target, series, as_of, series.by_end[first], timing)
        why = Why.DUE_MET if is_on_time else Why.LATER_MET
        is_slipping = not is_on_time and _slipping(target, series)
        return found.answer(Status.ACHIEVED, why, rule, is_slipping)
    for end in later:
        row = series.by_end[end]
        if _margin(target, row) >= 0:
            found = _Judged(target, series, as_of, row, timing)
            is_slipping = _slipping(target, series)
            return found.answer(Status.ACHIEVED_LATE, Why.MET_AFTER_DUE, rule, is_slipping)
    found = _Judged(target, series, as_of, series.by_end[first])
    return found.answer(Status.MISSED, Why.DUE_SHORT if is_on_time else Why.LATER_SHORT, rule)


def _before_due(target: Target, found: _Judged) -> Assessment:
    """Rules 11 to 13: the latest value falls short and there is time left."""
    age = month_number(found.as_of) - found.row.period.end_month
    if age >= STALE_PERIODS * target.frequency.months:
        return found.answer(Status.INSUFFICIENT, Why.STALE, 11)
    if found.baseline is None:
        return found.answer(Status.INSUFFICIENT, Why.NO_BASELINE, 11)
    if found.pace is None:
        return found.answer(Status.REVERSING, Why.MET_AT_BASELINE, 12)
    status, why = _by_pace(found.pace, target.resolution or Decimal(0))
    return found.answer(status, why, 13)


def _by_pace(pace: Pace, resolution: Decimal) -> tuple[Status, Why]:
    done = pace.done
    if done < 0 and done.copy_abs() > resolution:
        return Status.REVERSING, Why.WORSE_THAN_BASELINE
    if pace.expected <= 0:
        if done >= 0:
            return Status.ON_TRACK, Why.NOTHING_EXPECTED_YET
        return Status.OFF_TRACK, Why.NO_CHANGE
    if pace.reaches(ON_TRACK_FROM):
        return Status.ON_TRACK, Why.ON_PACE
    if pace.reaches(BEHIND_FROM):
        return Status.BEHIND, Why.BEHIND_PACE
    return Status.OFF_TRACK, Why.NO_CHANGE if done <= resolution else Why.FAR_BEHIND_PACE


class _Judged:
    """The value that decides, with its margin, its baseline and (where it has one) its pace."""

    __slots__ = ("as_of", "baseline", "flags", "margin", "pace", "row", "series", "target")

    def __init__(
        self,
        target: Target,
        series: Series,
        as_of: date,
        row: Observation,
        flags: tuple[Flag, ...] = (),
    ) -> None:
        self.target, self.series, self.as_of, self.row = target, series, as_of, row
        self.margin = _margin(target, row)
        self.flags = series.flags + flags
        self.baseline: Baseline | None = None
        self.pace: Pace | None = None
        baseline, is_proxy = baseline_of(target, series)
        # A baseline of the judged period itself or of a later one measures no change, and one of
        # the due period leaves no time for any.
        last = min(row.period.end_month, target.due.end_month)
        if baseline is None or baseline.period.end_month >= last:
            return
        self.baseline = baseline
        if is_proxy:
            self.flags = (*self.flags, Flag.BASELINE_PROXY)
        start = margin(target.kind, baseline.value, target.value)
        # Met at the baseline: no change was promised, so there is nothing to divide by.
        if start < 0:
            self.pace = pace(target, baseline, start, self.margin, row.period.end_month)

    def is_slipping(self) -> bool:
        """Whether the value is worse than the one before it; the baseline counts as one."""
        ends = self.series.ends
        before = self.series.by_end[ends[-2]] if len(ends) > 1 else None
        earlier = None if before is None else before.value
        stated = self.target.baseline
        if (
            stated is not None
            and stated.period.end_month < self.row.period.end_month
            and (before is None or stated.period.end_month > before.period.end_month)
        ):
            earlier = stated.value
        if earlier is None:
            return False
        return self.margin < margin(self.target.kind, earlier, self.target.value)

    def answer(self, status: Status, why: Why, rule: int, is_slipping: bool = False) -> Assessment:
        flags = self.flags
        if self.row.is_provisional:
            flags = (*flags, Flag.PROVISIONAL)
        if is_slipping:
            flags = (*flags, Flag.SLIPPING)
        progress = expected = ratio = None
        if self.pace is not None and status is not Status.INSUFFICIENT:
            progress, expected, ratio = self.pace.shares()
            # Once due, the whole change was expected; only the share done still says something.
            if rule < 10:
                expected = ratio = None
        return Assessment(
            status=status,
            reason=Reason(why, rule, self.row.period),
            as_of=self.as_of,
            flags=_flags(self.target, flags),
            baseline=self.baseline,
            latest=self.series.by_end[self.series.ends[-1]],
            judged=self.row,
            margin=self.margin,
            progress=progress,
            expected=expected,
            pace=ratio,
        )
