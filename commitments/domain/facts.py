"""The facts a status is computed from. Plain values; whoever calls maps its rows to these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from commitments.domain.exact import checked
from commitments.domain.kinds import Kind, WaterClass
from commitments.domain.periods import Frequency, Period
from commitments.domain.standards import Standard


@dataclass(frozen=True, slots=True)
class Observation:
    """One published value of an indicator (or of one `item` of a composite standard).

    `revision` grows with each correction of the same item, period, definition and kind of source.
    `stated` is a result given in words ("基本达到Ⅱ类"). `ref` is the caller's key, never read.
    Raises ValueError when the value is not a finite number.
    """

    period: Period
    value: Decimal
    published_on: date
    item: str = ""
    is_provisional: bool = False
    definition: str = ""
    is_secondary: bool = False
    stated: str = ""
    revision: int = 0
    ref: Any = None

    def __post_init__(self) -> None:
        checked(self.value, "An observation")


@dataclass(frozen=True, slots=True)
class Baseline:
    """Where the promise starts from: the value of a period, in the indicator's unit."""

    period: Period
    value: Decimal
    ref: Any = None

    def __post_init__(self) -> None:
        checked(self.value, "A baseline")


@dataclass(frozen=True, slots=True)
class Milestone:
    """A dated step. `known_on`: the day its being done became known (None: when it was done)."""

    due_on: date
    done_on: date | None = None
    known_on: date | None = None
    ref: Any = None

    def is_done(self, on: date) -> bool:
        """Whether the step was done, and known to be, on that day."""
        known = self.known_from
        return known is not None and known <= on

    @property
    def known_from(self) -> date | None:
        """The first day on which the step counts as done."""
        if self.done_on is None or self.known_on is None:
            return self.done_on
        return max(self.done_on, self.known_on)


@dataclass(frozen=True, slots=True)
class Target:
    """One test on one indicator.

    `value`, `resolution` (the reporting unit), `floor` and `ceiling` are in the indicator's unit;
    a class target's value is its rank, 1 to 6. `first` opens the window of an every-year test.
    `set_on` is the day the document set it, `interim` the points it names between baseline and
    due. Raises ValueError, saying what is missing, for a target that can not be tested.
    """

    kind: Kind
    due: Period
    value: Decimal | None = None
    baseline: Baseline | None = None
    set_on: date | None = None
    first: Period | None = None
    interim: tuple[tuple[Period, Decimal], ...] = ()
    standard: Standard | None = None
    resolution: Decimal | None = None
    frequency: Frequency = Frequency.YEAR
    is_cumulative: bool = False
    definition: str = ""
    floor: Decimal | None = None
    ceiling: Decimal | None = None

    def __post_init__(self) -> None:
        for name in ("value", "resolution", "floor", "ceiling"):
            number = getattr(self, name)
            if number is not None:
                checked(number, f"A target's {name}")
        if self.kind.needs_value and self.value is None:
            raise ValueError(f"A target of kind {self.kind.value} needs a number.")
        if self.kind is Kind.ZERO and self.value:
            raise ValueError("A zero target can not have another number.")
        if self.kind is Kind.CLASS_AT_OR_BETTER and self.value not in tuple(WaterClass):
            raise ValueError(f"A class is a whole number from 1 to 6, not {self.value}.")
        if self.kind is Kind.COMPOSITE and self.standard is None:
            raise ValueError("A composite target needs the standard it is tested by.")
        if self.resolution is not None and self.resolution < 0:
            raise ValueError("A reporting unit can not be negative.")
        self._check_periods()

    def _check_periods(self) -> None:
        if self.first is not None:
            if self.first.parts != self.due.parts:
                raise ValueError("The first and the due period must be of the same length.")
            if self.first > self.due:
                raise ValueError("The first period can not come after the due period.")
        ends = [period.end_month for period, _ in self.interim]
        if len(set(ends)) != len(ends):
            raise ValueError("Two interim targets can not end on the same day.")
        for _, value in self.interim:
            checked(value, "An interim target")
