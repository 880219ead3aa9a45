"""PDF for the file and the printer: tagged, with an outline, its face embedded."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import typst

from commitments.exporters.details import (
    Cited,
    Detail,
    Reader,
    details_of,
    figure_headings,
    paired,
    printed_width,
    read_columns,
)
from commitments.exporters.look import ACCENT, INK, RULE, SOFT, WASH, group_looks
from commitments.exporters.report import Part, Report
from commitments.exporters.table import harmless
from commitments.exporters.typesetting import Typesetter

REPORT = Typesetter("report.typ")
# Longer texts of a table may be longer than a page.
LONG = 1_500


def to_pdf(report: Report) -> bytes:
    """The document. The same report always gives the same bytes."""
    day = report.as_of
    words = _data(report)
    made = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    try:
        return REPORT.set(words, format="pdf", timestamp=made, pdf_standards=["ua-1"])
    except typst.TypstError as error:
        if "could not be displayed with font" not in str(error):
            raise
        # The standard forbids what no face can draw, such as a smiling face in a title. The
        # document is tagged all the same, and shows a box in its place.
        return REPORT.set(words, format="pdf", timestamp=made)


def _data(report: Report) -> Any:
    """All that the template reads, as JSON takes it; every text made harmless."""
    day = report.as_of
    return _harmless(
        {
            "lang": "zh" if report.is_chinese else "en",
            "region": "cn" if report.is_chinese else "gb",
            "is-chinese": report.is_chinese,
            "title": report.title,
            "running-title": report.running_title,
            "issued-as": report.issued_as,
            "author": ", ".join(report.plans),
            "keywords": [*report.plans, day.isoformat()],
            "date": [day.year, day.month, day.day],
            "day": report.day,
            "as-of": f"{report.words.as_of} {report.day}",
            "fictional": report.fictional,
            "rule-version": report.rule_version,
            "about": [[pair] for pair in report.facts],
            "words": {name.replace("_", "-"): word for name, word in asdict(report.words).items()},
            "ink": INK,
            "soft": SOFT,
            "rule": RULE,
            "wash": WASH,
            "accent": ACCENT,
            "groups": group_looks(report.groups),
            "group-counts": report.group_counts,
            "total": report.total,
            "lead": report.lead,
            "charts": report.has(Part.CHARTS),
            "summary": _counts(report) if report.has(Part.SUMMARY) else None,
            "breakdowns": [_breakdown(each) for each in report.breakdowns],
            "table": _table(report) if report.has(Part.TABLE) else None,
            "details": (
                [_detail(each) for each in details_of(report)] if report.has(Part.DETAILS) else None
            ),
            "figure-headings": figure_headings(report),
            "sources": _sources(report) if report.has(Part.SOURCES) else None,
            "method": [asdict(each) for each in report.method] if report.has(Part.METHOD) else None,
        }
    )


def _harmless(value: Any) -> Any:
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, dict):
        return {key: _harmless(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_harmless(each) for each in value]
    return value


def _counts(report: Report) -> list[dict[str, Any]]:
    return [
        {"group": each.group.value, "word": each.word, "count": each.count}
        for each in report.counts
    ]


def _breakdown(found: Any) -> dict[str, Any]:
    shares = [
        {"name": share.name, "total": share.total, "counts": share.counts} for share in found.shares
    ]
    return {"heading": found.heading, "name": found.name, "shares": shares}


def _table(report: Report) -> dict[str, Any]:
    columns = read_columns(report)
    keys = [column.key for column in columns]
    reader = Reader(report.columns)
    return {
        "columns": [{"heading": each.heading, "width": printed_width(each)} for each in columns],
        "status": keys.index("status") if "status" in keys else -1,
        "rows": [_row(reader.texts(row, keys), reader.group(row)) for row in report.rows],
    }


def _row(cells: list[str], group: str | None) -> dict[str, Any]:
    is_long = any(len(cell) > LONG for cell in cells)
    return {"cells": cells, "group": group, "is-long": is_long}


def _detail(detail: Detail) -> dict[str, Any]:
    return asdict(detail) | {
        "facts": paired(detail.facts),
        "tests": [paired(facts) for facts in detail.tests],
    }


def _sources(report: Report) -> dict[str, Any]:
    cited = Cited(report.columns)
    for row in report.rows:
        cited.add(row)
    return {
        "documents": [
            {
                "title": each.title,
                "about": f" · {each.publisher} · {each.published_on.isoformat()}"
                f" · SHA-256 {each.sha256}",
                "address": each.url,
                "is-link": report.may_follow(each.url),
            }
            for each in report.documents
        ],
        "figures": [
            {
                "title": source,
                "about": f" · {day}",
                "address": address,
                "is-link": report.may_follow(address),
            }
            for source, day, address in cited
        ],
    }
