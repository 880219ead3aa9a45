"""How much of the promised change is done, against how much should be by then."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from commitments.domain.exact import EXACT, quotient
from commitments.domain.facts import Baseline, Target
from commitments.domain.kinds import margin
from commitments.domain.series import Series

# Cut-offs of R = P/E, in hundredths: those Eurostat and Statistics Canada publish.
ON_TRACK_FROM, BEHIND_FROM = 95, 60


def baseline_of(target: Target, series: Series) -> tuple[Baseline | None, bool]:
    """Where the promise starts from, and whether that is only a stand-in.

    The document's own baseline; else the last value of a period that was over when the target
    was set; else the first value after that (a stand-in). A target without a date starts from its
    first value, also a stand-in.
    """
    if target.baseline is not None:
        return target.baseline, False
    if not series.ends:
        return None, False
    chosen = series.by_end[series.ends[0]]
    is_proxy = True
    if target.set_on is not None:
        for end in series.ends:
            row = series.by_end[end]
            if row.period.ends_on >= target.set_on:
                break
            chosen, is_proxy = row, False
    return Baseline(chosen.period, chosen.value, chosen.ref), is_proxy


@dataclass(frozen=True, slots=True)
class Pace:
    """Progress in exact numbers: nothing is divided until it is shown.

    `done` and `promised` are differences of margins, `promised` > 0. The share expected by now is
    `expected` / (`span` * `promised`), with `span` in months.
    """

    done: Decimal
    promised: Decimal
    expected: Decimal
    span: int

    def reaches(self, hundredths: int) -> bool:
        """Whether R = P/E is at least that many hundredths, compared by multiplying out."""
        have = EXACT.multiply(EXACT.multiply(self.done, self.span), 100)
        return have >= EXACT.multiply(self.expected, hundredths)

    def shares(self) -> tuple[Decimal, Decimal, Decimal | None]:
        """P, E and R for showing, rounded down; R is None while nothing is expected yet."""
        ratio = None
        if self.expected > 0:
            ratio = quotient(EXACT.multiply(self.done, self.span), self.expected)
        return (
            quotient(self.done, self.promised),
            quotient(self.expected, EXACT.multiply(self.promised, self.span)),
            ratio,
        )


def pace(target: Target, baseline: Baseline, start: Decimal, now: Decimal, end: int) -> Pace:
    """The pace of a value with margin `now`, of the period that ends in month `end`.

    `start` is the baseline's margin and must be negative; `end` must lie after the baseline's
    period and not after the due period, or the result has no meaning.
    """
    from_end, from_margin = baseline.period.end_month, start
    to_end, to_margin = target.due.end_month, Decimal(0)
    for at, value in sorted((period.end_month, value) for period, value in target.interim):
        if at <= from_end or at >= to_end:
            continue
        point = margin(target.kind, value, target.value)
        if at >= end:
            to_end, to_margin = at, point
            break
        from_end, from_margin = at, point
    span = to_end - from_end
    expected = EXACT.add(
        EXACT.multiply(EXACT.subtract(from_margin, start), span),
        EXACT.multiply(EXACT.subtract(to_margin, from_margin), end - from_end),
    )
    return Pace(EXACT.subtract(now, start), EXACT.minus(start), expected, span)
