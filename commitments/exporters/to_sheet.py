"""XLSX to be filled in and sent back: cells that stay what is typed, and a sheet that explains."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import BinaryIO

from commitments.exporters.table import Column, Row, Type, harmless

HEAD = {"bold": True, "bg_color": "#EAF0F6", "text_wrap": True, "valign": "top"}
# As text, so that 2023-10 does not become a day, nor a code lose its zeros, under the fingers.
FORMATS = {
    Type.TEXT: {"num_format": "@", "valign": "top"},
    Type.URL: {"num_format": "@", "valign": "top"},
    Type.DATE: {"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"},
    Type.NUMBER: {"num_format": "General", "valign": "top"},
    Type.INTEGER: {"num_format": "0", "align": "left", "valign": "top"},
}


@dataclass(frozen=True, slots=True)
class FillIn:
    """A table to be filled in. `guide` is the sheet that explains it, its heading first."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    guide_name: str
    guide: tuple[tuple[str, ...], ...]


def to_sheet(table: FillIn, stream: BinaryIO) -> None:
    """Write the workbook to a seekable stream. A row is forgotten once written."""
    # A large library, loaded with the first workbook: commitments/report/kinds.py.
    import xlsxwriter  # type: ignore[import-untyped]

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(stream, options) as book:
        head = book.add_format(HEAD)
        looks = {type_: book.add_format(look) for type_, look in FORMATS.items()}
        sheet = book.add_worksheet(table.name)
        for place, column in enumerate(table.columns):
            sheet.set_column(place, place, column.width, looks[column.type])
            sheet.write_string(0, place, harmless(column.heading), head)
        sheet.freeze_panes(1, 0)
        for at, row in enumerate(table.rows, start=1):
            for place, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
                look = looks[column.type]
                if isinstance(cell, date):
                    sheet.write_datetime(at, place, datetime(cell.year, cell.month, cell.day), look)
                elif isinstance(cell, Decimal | int):
                    sheet.write_number(at, place, float(cell), look)
                elif cell:
                    sheet.write_string(at, place, harmless(cell), look)
        guide = book.add_worksheet(table.guide_name)
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        guide.set_column(0, 1, 30, wrapped)
        guide.set_column(2, 2, 80, wrapped)
        for at, line in enumerate(table.guide):
            for place, text in enumerate(line):
                guide.write_string(at, place, harmless(text), head if at == 0 else wrapped)
