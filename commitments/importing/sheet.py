"""A sheet as it was read, whatever the file was: rows of cells that still say what they were.

Nothing here or in the readers knows what the columns mean. A cell of a CSV file is always text; a
cell of a workbook may be a number, a date or something that cannot be read at all, and whoever
reads the column decides what that is worth.
"""

from dataclasses import dataclass, field
from enum import StrEnum

# Limits of what is read. They keep a file made to do harm, or by mistake, from taking the machine.
MOST_BYTES = 10_000_000
MOST_UNZIPPED = 50_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 100
LONGEST_CELL = 32_767


class Unreadable(Exception):
    """Why a file is not read at all, in words for the person who sent it."""


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    # A fraction of 1 that the sheet shows as a percentage.
    PERCENT = "percent"
    # A number beyond the 15 digits a spreadsheet keeps.
    ROUNDED = "rounded"
    DATE = "date"
    YES_NO = "yes_no"
    # What a formula gave when it went wrong, such as #REF!.
    ERROR = "error"
    # A formula whose result the file does not have.
    FORMULA = "formula"
    # Covered by a cell merged from several.
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Cell:
    """`text` is the value as plain text: a number with every digit, a date as 2021-11-05."""

    kind: Kind
    text: str

    def __bool__(self):
        return bool(self.text) or self.kind is not Kind.TEXT


EMPTY = Cell(Kind.TEXT, "")


def text_cell(text):
    return Cell(Kind.TEXT, text) if text else EMPTY


@dataclass(slots=True)
class Row:
    """`number` as a spreadsheet counts: the first row is 1."""

    number: int
    cells: list
    is_hidden: bool = False

    def cell(self, place):
        return self.cells[place] if place < len(self.cells) else EMPTY


@dataclass(slots=True)
class Sheet:
    """The rows that have something in them; the first is the header."""

    name: str = ""
    rows: list = field(default_factory=list)


def letter(place):
    """The name of a column, counted from 0: A, Z, AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
