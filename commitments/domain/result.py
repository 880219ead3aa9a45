"""What the rule answers: a status with everything needed to show and to recompute it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from commitments.domain.facts import Baseline, Observation
from commitments.domain.periods import Period
from commitments.domain.status import Flag, Status

RULE_VERSION = "1.1"


class Why(StrEnum):
    """The branch of the decision list that decided. One sentence each in the reader's language."""

    WITHDRAWN = "withdrawn"
    NO_TEST = "no_test"
    # Rule 3: dated steps.
    STEPS_ALL_DONE = "steps_all_done"
    STEPS_DONE_LATE = "steps_done_late"
    STEPS_LAST_DATE_PASSED = "steps_last_date_passed"
    STEP_OVERDUE = "step_overdue"
    STEPS_NONE_OVERDUE = "steps_none_overdue"
    # Rule 4: every year.
    YEARS_ALL_MET = "years_all_met"
    YEAR_FAILED = "year_failed"
    YEARS_MISSING = "years_missing"
    YEARS_MET_SO_FAR = "years_met_so_far"
    YEARS_NONE_JUDGED = "years_none_judged"
    YEARS_STALE = "years_stale"
    # Rule 5: nothing published.
    NO_VALUES = "no_values"
    # Rules 6 and 7: the due period, or the first one after it.
    DUE_MET = "due_met"
    DUE_SHORT = "due_short"
    MET_AFTER_DUE = "met_after_due"
    LATER_MET = "later_met"
    LATER_SHORT = "later_short"
    # Rules 8 to 12.
    STOCK_REACHED = "stock_reached"
    DUE_UNPUBLISHED = "due_unpublished"
    LATEST_MEETS = "latest_meets"
    STALE = "stale"
    NO_BASELINE = "no_baseline"
    MET_AT_BASELINE = "met_at_baseline"
    # Rule 13: pace.
    WORSE_THAN_BASELINE = "worse_than_baseline"
    NO_CHANGE = "no_change"
    ON_PACE = "on_pace"
    NOTHING_EXPECTED_YET = "nothing_expected_yet"
    BEHIND_PACE = "behind_pace"
    FAR_BEHIND_PACE = "far_behind_pace"
    # A composite standard.
    ITEMS_ALL_PASS = "items_all_pass"
    ITEM_FAILED = "item_failed"
    ITEMS_PASSED_LATER = "items_passed_later"
    ITEMS_MISSING = "items_missing"
    ITEM_WORST = "item_worst"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the status is what it is.

    `rule` is the number in the decision list, `period` the one that decided. `passed`, `failed`
    and `missing` name a composite's items (codes) in the standard's order, `item` its worst one.
    """

    why: Why
    rule: int
    period: Period | None = None
    item: str = ""
    passed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """An every-year test so far: periods met, failed, and over but lacking a figure."""

    met: tuple[Period, ...]
    failed: tuple[Period, ...]
    missing: tuple[Period, ...]
    total: int
    """Periods in the whole window, also those still to come."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """How a target, a set of steps or a commitment stood on `as_of`.

    `judged` is the value that decided, `latest` the last one known. `margin` is the judged value's
    signed distance from the test (indicator's unit; for a composite the share of the limit).
    `progress` (P), `expected` (E) and `pace` (R = P/E) are shares, rounded toward minus infinity
    at 28 digits; None where the rule does not form them. For a commitment `parts` holds one
    assessment per target (the steps last, unless a target of kind `milestones` stands for them)
    and `headline` is the index in `parts` of the one that decided.
    """

    status: Status
    reason: Reason
    as_of: date
    flags: tuple[Flag, ...] = ()
    baseline: Baseline | None = None
    latest: Observation | None = None
    judged: Observation | None = None
    margin: Decimal | None = None
    progress: Decimal | None = None
    expected: Decimal | None = None
    pace: Decimal | None = None
    tally: Tally | None = None
    items: tuple[ItemResult, ...] = ()
    headline: int | None = None
    parts: tuple[Assessment, ...] = ()
    rule_version: str = RULE_VERSION

    @property
    def gap(self) -> Decimal | None:
        """How far the judged value is from meeting, >= 0, in the unit of `margin`."""
        if self.margin is None:
            return None
        return self.margin.copy_negate() if self.margin < 0 else Decimal(0)


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One item of a composite standard.

    `observation` is as published, `value` as the standard rounds it; both None without a figure.
    `passes` is the judged value's result, None without one.
    """

    code: str
    limit: Decimal
    unit: str
    status: Status
    passes: bool | None
    value: Decimal | None
    observation: Observation | None
    assessment: Assessment
