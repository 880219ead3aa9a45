"""JSON for a programmer: English keys, ISO dates, numbers with exactly their digits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from commitments.exporters.table import Cell, Report, Row, harmless, plain

_CHUNK = 200


def to_json(report: Report) -> Iterator[bytes]:
    """The document's bytes, a part at a time: `about`, `columns`, then a line for each row."""
    yield _opening(report)
    keys = [json.dumps(column.key) for column in report.columns]
    lines: list[str] = []
    before = "\n"
    for row in report.rows:
        lines.append(before + _line(keys, row))
        before = ",\n"
        if len(lines) == _CHUNK:
            yield "".join(lines).encode()
            lines.clear()
    yield ("".join(lines) + "\n]\n}\n").encode()


def _opening(report: Report) -> bytes:
    columns = [
        {"key": column.key, "heading": harmless(column.heading), "type": column.type.value}
        for column in report.columns
    ]
    listed = ",\n".join(_dumped(column) for column in columns)
    about = _dumped(about_of(report), indent=1)
    return f'{{\n"about": {about},\n"columns": [\n{listed}\n],\n"rows": ['.encode()


def about_of(report: Report) -> dict[str, Any]:
    """What the report says of itself, for the head of the document."""
    return {
        "title": harmless(report.title),
        "language": report.language,
        "as_of": report.as_of.isoformat(),
        "rule_version": report.rule_version,
        "plans": [harmless(text) for text in report.plans],
        "asked": [harmless(text) for text in report.asked],
        "is_fictional": bool(report.fictional),
        "fictional": harmless(report.fictional),
        "notes": [harmless(text) for text in report.notes],
        "total": report.total,
        "counts": {count.code: count.count for count in report.counts},
    }


def _line(keys: list[str], row: Row) -> str:
    cells = (f"{key}: {_written(cell)}" for key, cell in zip(keys, row, strict=True))
    return "{" + ", ".join(cells) + "}"


def _written(cell: Cell) -> str:
    if isinstance(cell, Decimal | int):
        return plain(cell)
    if isinstance(cell, date):
        return _dumped(cell.isoformat())
    return _dumped(None if cell is None else harmless(cell))


def _dumped(value: object, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)
