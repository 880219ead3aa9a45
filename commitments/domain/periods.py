"""Reporting periods: a year, a half, a quarter or a month."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache, total_ordering

# Wide enough for any plan, narrow enough that adding a grace period can never leave `date`.
FIRST_YEAR, LAST_YEAR = 1900, 2999

_MARKS = {1: "", 2: "-H", 4: "-Q", 12: "-"}
_WRITTEN = re.compile(r"([0-9]{4})(?:-H([12])|-Q([1-4])|-(0[1-9]|1[0-2]))?")


class Frequency(StrEnum):
    """How often an indicator is reported."""

    YEAR = "year"
    HALF = "half"
    QUARTER = "quarter"
    MONTH = "month"

    @property
    def months(self) -> int:
        """Length of one reporting period, in months."""
        return _LENGTHS[self]


_LENGTHS = {Frequency.YEAR: 12, Frequency.HALF: 6, Frequency.QUARTER: 3, Frequency.MONTH: 1}
_FREQUENCIES = {months: frequency for frequency, months in _LENGTHS.items()}


def month_number(day: date) -> int:
    """Whole months gone since the start of year 0 on the first day of that day's month."""
    return day.year * 12 + day.month - 1


def first_day(month: int) -> date:
    """The day on which month number `month` begins: the inverse of `month_number`."""
    return date(month // 12, month % 12 + 1, 1)


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """A calendar year (`parts` 1, `part` 0) or the `part`-th of 2, 4 or 12 parts of one.

    Raises ValueError for a period that does not exist. Ordered by when it ends; of two that end
    together the longer comes first.
    """

    year: int
    part: int = 0
    parts: int = 1
    # Months since the start of year 0 at the period's end (2023 -> 2024 * 12). Stored, because
    # every comparison in the rule is made on it.
    end_month: int = field(init=False, repr=False, compare=False)
    months: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.parts not in _MARKS:
            raise ValueError(f"A year has 1, 2, 4 or 12 parts, not {self.parts}.")
        lowest, highest = (0, 0) if self.parts == 1 else (1, self.parts)
        if not lowest <= self.part <= highest:
            raise ValueError(f"Part {self.part} of {self.parts} does not exist.")
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise ValueError(f"The year {self.year} is not between {FIRST_YEAR} and {LAST_YEAR}.")
        months = 12 // self.parts
        object.__setattr__(self, "months", months)
        object.__setattr__(self, "end_month", self.year * 12 + (self.part or 1) * months)

    @classmethod
    @lru_cache(maxsize=1_000)
    def parse(cls, text: str) -> Period:
        """Read "2023", "2023-H1", "2023-Q3" or "2023-10"; ValueError says what is accepted."""
        found = _WRITTEN.fullmatch(text.strip())
        if found is None:
            raise ValueError(
                f"“{text}” is not a period. Write 2023, 2023-H1, 2023-Q3 or 2023-10 (a month)."
            )
        year, half, quarter, month = found.groups()
        if half:
            return cls(int(year), int(half), 2)
        if quarter:
            return cls(int(year), int(quarter), 4)
        if month:
            return cls(int(year), int(month), 12)
        return cls(int(year))

    @classmethod
    def ending(cls, end_month: int, months: int) -> Period:
        """The period of `months` months that ends at `end_month`."""
        start = end_month - months
        parts = 12 // months
        return cls(start // 12, start % 12 // months + 1 if parts > 1 else 0, parts)

    def __str__(self) -> str:
        if self.parts == 1:
            return str(self.year)
        number = f"{self.part:02d}" if self.parts == 12 else str(self.part)
        return f"{self.year}{_MARKS[self.parts]}{number}"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Period):
            return NotImplemented
        return (self.end_month, -self.months) < (other.end_month, -other.months)

    @property
    def starts_on(self) -> date:
        """First day of the period."""
        return first_day(self.end_month - self.months)

    @property
    def ends_on(self) -> date:
        """Last day of the period."""
        return first_day(self.end_month) - timedelta(days=1)

    @property
    def frequency(self) -> Frequency:
        """The reporting frequency whose periods are as long as this one."""
        return _FREQUENCIES[self.months]

    def next(self, n: int = 1) -> Period:
        """The period of the same length `n` later (negative: earlier)."""
        return Period.ending(self.end_month + n * self.months, self.months)
