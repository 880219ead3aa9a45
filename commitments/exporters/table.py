"""A report as every format takes it: what it says of itself, its columns and its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
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


@dataclass(frozen=True, slots=True)
class Count:
    """How many commitments have a status."""

    code: str
    word: str
    count: int


@dataclass(frozen=True, slots=True)
class Words:
    """The few words of a file that are no cell, in its language."""

    about: str
    table: str
    as_of: str
    asked: str
    rule: str
    plans: str
    status: str
    count: str
    total: str


@dataclass(frozen=True, slots=True)
class Report:
    """One picture of a day. `rows` may be read once or again, and may be long: never a list.

    `asked` says in words what was asked for, `fictional` is the warning an invented plan carries
    (empty for a real one), `notes` what a reader of the table should know. `counts` have the full
    denominator: every status, in the order of the rule, and `total` commitments.
    """

    title: str
    language: str
    as_of: date
    rule_version: str
    plans: tuple[str, ...]
    asked: tuple[str, ...]
    fictional: str
    notes: tuple[str, ...]
    counts: tuple[Count, ...]
    total: int
    words: Words
    columns: tuple[Column, ...]
    rows: Iterable[Row]


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
