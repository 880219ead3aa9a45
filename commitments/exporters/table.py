"""A table's cells and columns, and how every format writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

Cell = str | Decimal | int | date | None
Row = tuple[Cell, ...]

# What XML cannot hold, half of a surrogate pair included; a tab and line ends are harmless.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


class Type(StrEnum):
    """What a column holds. A share is a fraction of 1; a URL is text that may be followed."""

    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"
    SHARE = "share"
    DATE = "date"
    URL = "url"


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is the same in every language; `width` is in characters of a Latin text."""

    key: str
    heading: str
    type: Type
    width: int


def harmless(text: str) -> str:
    """The text with control characters that break a file made visible as �."""
    return _ILLEGAL.sub("\ufffd", text)


def plain(value: Decimal | int) -> str:
    """A number's every digit without an exponent: 350, 18.5."""
    if isinstance(value, int):
        return str(value)
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def shown(cell: Cell, column: Column) -> str:
    """A cell as a person reads it, where a format has text alone; no digit is lost."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    if column.type is Type.SHARE:
        return f"{plain(cell * 100)}%"
    if column.type is Type.NUMBER:
        whole, point, places = plain(cell).partition(".")
        return f"{int(whole):,}{point}{places}" if whole != "-0" else f"-0{point}{places}"
    return plain(cell)


def wide(text: str) -> int:
    """How wide a text is, in Latin characters; a Chinese one is two."""
    return sum(2 if sign > "\u2e7f" else 1 for sign in text)
