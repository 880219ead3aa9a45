"""CSV as Chinese Excel opens it at the first click: UTF-8 with a BOM, CRLF, no live formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date

from commitments.exporters.report import Report
from commitments.exporters.table import Cell, Row, harmless, plain

# A text that begins so may be run as a formula; the wide forms in some East Asian versions.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CHUNK = 200


def to_csv(report: Report) -> Iterator[bytes]:
    """The table's bytes, a part at a time: a heading line, then a line for each row."""
    return csv_lines([column.heading for column in report.columns], report.rows)


def csv_lines(headings: Iterable[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """The same for any table."""
    held = io.StringIO(newline="")
    writer = csv.writer(held, lineterminator="\r\n")
    held.write("\ufeff")
    writer.writerow([_text(heading) for heading in headings])
    for number, row in enumerate(rows, start=1):
        writer.writerow([_written(cell) for cell in row])
        if number % _CHUNK == 0:
            yield _taken(held)
    yield _taken(held)


def _taken(held: io.StringIO) -> bytes:
    text = held.getvalue()
    held.seek(0)
    held.truncate()
    return text.encode()


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _text(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return plain(cell)


def _text(text: str) -> str:
    text = harmless(text)
    return f"'{text}" if text.startswith(_FORMULA) else text
