"""Surface water classes from measured parameters, by GB 3838-2002."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Final

from commitments.domain.exact import checked
from commitments.domain.kinds import WaterClass

EDITION: Final = "GB 3838-2002"
IN_FORCE_FROM: Final = date(2002, 6, 1)
_PH_LOWEST, _PH_HIGHEST = Decimal(6), Decimal(9)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of the standard's table: `limits` for classes I to V (none for pH)."""

    code: str
    name_zh: str
    name_en: str
    sense: str
    limits: tuple[Decimal, ...]
    unit: str
    is_used_for_rivers: bool
    source: str

    def classify(self, value: Decimal) -> WaterClass:
        """The best class whose limit the value keeps; a limit itself still belongs to its class."""
        if self.sense == "range":
            # The standard gives pH no classes: inside the range it is never the worst item.
            is_inside = _PH_LOWEST <= value <= _PH_HIGHEST
            return WaterClass.I if is_inside else WaterClass.WORSE_THAN_V
        for rank, limit in enumerate(self.limits, start=1):
            if value >= limit if self.sense == "at_least" else value <= limit:
                return WaterClass(rank)
        return WaterClass.WORSE_THAN_V


def _read() -> dict[str, Parameter]:
    path = Path(__file__).parent / "water_items.csv"
    with path.open(encoding="utf-8", newline="") as rows:
        return {
            row["item"]: Parameter(
                code=row["item"],
                name_zh=row["name_zh"],
                name_en=row["name_en"],
                sense=row["sense"],
                limits=tuple(Decimal(row[f"class_{n}"]) for n in range(1, 6) if row[f"class_{n}"]),
                unit=row["unit"],
                is_used_for_rivers=row["used_for_rivers"] == "yes",
                source=row["source"],
            )
            for row in csv.DictReader(rows)
        }


PARAMETERS: Final = MappingProxyType(_read())


def water_class(parameters: Mapping[str, Decimal]) -> WaterClass:
    """The class of a river section: its worst parameter decides (single-factor rule).

    Units as in the standard (mg/L; pH without). Total nitrogen and faecal coliform are not used
    for rivers and are passed over. ValueError for an unknown parameter (named), a value that is
    not a finite number, or when nothing is left to judge by.
    """
    found = []
    for code, value in parameters.items():
        parameter = PARAMETERS.get(code)
        if parameter is None:
            raise ValueError(f"“{code}” is not a parameter of {EDITION}.")
        checked(value, code)
        if parameter.is_used_for_rivers:
            found.append(parameter.classify(value))
    if not found:
        raise ValueError("A water class needs at least one parameter that is used for rivers.")
    return max(found)
