"""JSON for a programmer: English keys, ISO dates, numbers with exactly their digits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from commitments.domain.status import Group
from commitments.exporters.report import Document, Part, Report, Section
from commitments.exporters.table import Cell, Column, Row, harmless, plain

_CHUNK = 200


def to_json(report: Report) -> Iterator[bytes]:
    """The document's bytes, a part at a time: what it is, then a line for each row."""
    yield _opening(report)
    if report.has(Part.TABLE):
        yield from _table("columns", report.columns, "rows", report.rows)
    if report.has(Part.DETAILS):
        yield from _table("figure_columns", report.figure_columns, "figures", report.figures)
    yield b"\n}\n"


def _opening(report: Report) -> bytes:
    parts: dict[str, Any] = {"about": about_of(report)}
    if report.has(Part.SUMMARY):
        parts["summary"] = summary_of(report)
    if report.has(Part.SOURCES):
        parts["documents"] = [_document(each) for each in report.documents]
    if report.has(Part.METHOD):
        parts["method"] = [_section(each) for each in report.method]
    listed = (f"{json.dumps(name)}: {_dumped(part, indent=1)}" for name, part in parts.items())
    return ("{\n" + ",\n".join(listed)).encode()


def _table(
    head: str, columns: tuple[Column, ...], name: str, rows: Iterable[Row]
) -> Iterator[bytes]:
    """Two members of the document: the columns, and an object for each row."""
    described = ",\n".join(
        _dumped({"key": each.key, "heading": harmless(each.heading), "type": each.type.value})
        for each in columns
    )
    yield f',\n"{head}": [\n{described}\n],\n"{name}": ['.encode()
    keys = [json.dumps(column.key) for column in columns]
    lines: list[str] = []
    before = "\n"
    for row in rows:
        lines.append(before + _line(keys, row))
        before = ",\n"
        if len(lines) == _CHUNK:
            yield "".join(lines).encode()
            lines.clear()
    yield ("".join(lines) + "\n]").encode()


def about_of(report: Report) -> dict[str, Any]:
    """What the report says of itself, for the head of the document."""
    return {
        "title": harmless(report.title),
        "number": harmless(report.number),
        "issued_as": harmless(report.issued_as),
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


def summary_of(report: Report) -> dict[str, Any]:
    """The sentence and, by agency and theme, how many commitments each group has."""
    groups = [group.value for group in Group]
    return {
        "lead": harmless(report.lead),
        "groups": dict(zip(groups, report.group_counts, strict=True)),
        "breakdowns": {
            found.key: [
                {"name": harmless(share.name), "total": share.total}
                | dict(zip(groups, share.counts, strict=True))
                for share in found.shares
            ]
            for found in report.breakdowns
        },
    }


def _document(document: Document) -> dict[str, str]:
    return {
        "title": harmless(document.title),
        "publisher": harmless(document.publisher),
        "published_on": document.published_on.isoformat(),
        "url": harmless(document.url),
        "sha256": document.sha256,
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "heading": harmless(section.heading),
        "paragraphs": [harmless(text) for text in section.paragraphs],
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
