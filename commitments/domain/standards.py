"""The standards a promise may cite: their limits, editions and rounding."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from commitments.domain.exact import EXACT
from commitments.domain.periods import Period
from commitments.domain.water import water_class

__all__ = ["STANDARDS", "Item", "Standard", "edition_for", "standard", "water_class"]

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Item:
    """One statistic of a composite standard: at most `limit`, after rounding to `step`."""

    code: str
    name_zh: str
    name_en: str
    limit: Decimal
    step: Decimal
    unit: str

    def rounded(self, value: Decimal) -> Decimal:
        """The value as the standard itself rounds it: to `step`, half to even (GB/T 8170)."""
        return value.quantize(self.step, rounding=ROUND_HALF_EVEN, context=EXACT)


@dataclass(frozen=True, slots=True)
class Standard:
    """One edition of a composite standard. `in_force_until` None: still in force."""

    code: str
    family: str
    edition: str
    tested_by: str
    name_zh: str
    name_en: str
    items: tuple[Item, ...]
    in_force_from: date
    in_force_until: date | None
    source: str

    def item(self, code: str) -> Item:
        """The item of that code; ValueError, naming it, when the standard has none."""
        for item in self.items:
            if item.code == code:
                return item
        raise ValueError(f"{self.code} has no item “{code}”.")

    def is_in_force(self, on: date) -> bool:
        """Whether the edition is the one in force on that day."""
        return self.in_force_from <= on and (
            self.in_force_until is None or on <= self.in_force_until
        )


@cache
def _items() -> dict[str, tuple[Item, ...]]:
    found: dict[str, tuple[Item, ...]] = {}
    with (_HERE / "air_items.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            item = Item(
                code=row["item"],
                name_zh=row["name_zh"],
                name_en=row["name_en"],
                limit=Decimal(row["limit"]),
                step=Decimal(row["rounded_to"]),
                unit=row["unit"],
            )
            found[row["standard"]] = (*found.get(row["standard"], ()), item)
    return found


def _read() -> dict[str, Standard]:
    with (_HERE / "air_standards.csv").open(encoding="utf-8", newline="") as rows:
        return {
            row["code"]: Standard(
                code=row["code"],
                family=row["family"],
                edition=row["edition"],
                tested_by=row["tested_by"],
                name_zh=row["name_zh"],
                name_en=row["name_en"],
                items=_items()[row["code"]],
                in_force_from=date.fromisoformat(row["in_force_from"]),
                in_force_until=(
                    date.fromisoformat(row["in_force_until"]) if row["in_force_until"] else None
                ),
                source=row["source"],
            )
            for row in csv.DictReader(rows)
        }


STANDARDS: Final = MappingProxyType(_read())


def standard(code: str) -> Standard:
    """The edition with that code; ValueError, listing those known, when there is none."""
    try:
        return STANDARDS[code]
    except KeyError:
        known = ", ".join(STANDARDS)
        raise ValueError(f"“{code}” is not a known standard. Known: {known}.") from None


def edition_for(family: str, due: Period) -> Standard:
    """The edition of a family a promise due in that period is tested by.

    It is the one in force on the period's first day: a year is not tested against limits that
    came into force after it began. ValueError when the family had no edition then.
    """
    for edition in STANDARDS.values():
        if edition.family == family and edition.is_in_force(due.starts_on):
            return edition
    raise ValueError(f"No edition of “{family}” was in force on {due.starts_on}.")
