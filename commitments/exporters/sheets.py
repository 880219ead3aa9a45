"""The sheets of a workbook that are not tables of rows: what is on them, for any format."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from commitments.domain.status import Group
from commitments.exporters.details import Cited
from commitments.exporters.report import Breakdown, Part, Report

MOST_ROWS_OF_CHART = 40


class Style(StrEnum):
    """How a cell stands on such a sheet."""

    TITLE = "title"
    WARNING = "warning"
    LABEL = "label"
    TEXT = "text"
    DAY = "day"
    HEAD = "head"
    COUNT_HEAD = "count_head"
    LINE = "line"
    COUNT = "count"
    TOTAL = "total"
    SUM = "sum"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Entry:
    """`group` is that of a status, whose word has a colour and a shape."""

    value: str | int | date
    style: Style
    # Over how many columns it reaches.
    span: int = 1
    group: Group | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of a block of the sheet: rows and columns of its numbers, counted from 0.

    Stacked, its `groups` are those of the columns; else those of the rows, of one column. It stands
    at `row` and `column`, and is so many `rows` high (of a line of text) and `wide` columns wide.
    """

    title: str
    head: int
    first: int
    last: int
    columns: tuple[int, ...]
    groups: tuple[Group, ...]
    is_stacked: bool
    row: int
    column: int
    rows: int
    wide: int


@dataclass(slots=True)
class Sheet:
    """Lines from the top down; `widths` in Latin characters."""

    name: str
    widths: tuple[int, ...]
    lines: list[list[Entry]] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    # Lines that begin a page, so that no drawing is cut in two.
    breaks: list[int] = field(default_factory=list)

    def add(self, *entries: Entry) -> int:
        """Add a line; answers the number of the next one."""
        self.lines.append(list(entries))
        return len(self.lines)


def about_sheet(report: Report) -> Sheet:
    """What was asked of which plan for which day, and how to read it."""
    words = report.words
    sheet = Sheet(words.about, (24, 72))
    sheet.add(Entry(report.title, Style.TITLE, 2))
    if report.fictional:
        sheet.add(Entry(report.fictional, Style.WARNING, 2))
    sheet.add()
    for name, value in report.facts:
        if name == words.as_of:
            sheet.add(Entry(name, Style.LABEL), Entry(report.as_of, Style.DAY))
        else:
            sheet.add(Entry(name, Style.LABEL), Entry(value, Style.TEXT))
    return sheet


def summary_sheet(report: Report) -> Sheet:
    """The counts: by status, by agency, by theme."""
    words = report.words
    sheet = Sheet(words.summary, (36, 16, *[12] * len(report.groups)))
    sheet.add(Entry(words.summary, Style.TITLE, 8))
    sheet.add(Entry(report.lead, Style.TEXT, 10))
    sheet.add()
    head = len(sheet.lines)
    first = sheet.add(
        Entry(words.status, Style.HEAD),
        Entry(words.count, Style.COUNT_HEAD),
        Entry(words.group, Style.HEAD, 2),
    )
    group_words = dict(zip(Group, report.groups, strict=True))
    for each in report.counts:
        last = sheet.add(
            Entry(each.word, Style.LINE),
            Entry(each.count, Style.COUNT),
            Entry(group_words[each.group], Style.LINE, 2, each.group),
        )
    sheet.add(Entry(words.total, Style.TOTAL), Entry(report.total, Style.SUM))
    if report.has(Part.CHARTS) and report.counts:
        groups = tuple(each.group for each in report.counts)
        # Beside the counts, where the sheet is empty.
        place = {"row": head, "column": 5, "rows": len(groups) + 2, "wide": 5}
        sheet.charts.append(
            Chart(words.chart, head, first, last - 1, (1,), groups, is_stacked=False, **place)
        )
    for found in report.breakdowns:
        _add_breakdown(sheet, found, report)
    return sheet


def _add_breakdown(sheet: Sheet, found: Breakdown, report: Report) -> None:
    sheet.add()
    if report.has(Part.CHARTS):
        sheet.breaks.append(len(sheet.lines))
    sheet.add(Entry(found.heading, Style.LABEL, 4))
    head = len(sheet.lines)
    heads = (report.words.total, *report.groups)
    first = last = sheet.add(
        Entry(found.name, Style.HEAD), *(Entry(text, Style.COUNT_HEAD) for text in heads)
    )
    for share in found.shares:
        counts = (share.total, *share.counts)
        last = sheet.add(Entry(share.name, Style.LINE), *(Entry(n, Style.COUNT) for n in counts))
    if report.has(Part.CHARTS) and found.shares:
        columns = tuple(range(2, 2 + len(report.groups)))
        rows = min(7 + len(found.shares), MOST_ROWS_OF_CHART)
        place = {"row": last + 1, "column": 0, "rows": rows, "wide": len(heads)}
        sheet.charts.append(
            Chart(
                found.heading,
                head,
                first,
                last - 1,
                columns,
                tuple(Group),
                is_stacked=True,
                **place,
            )
        )
        # It stands on lines of its own.
        for _line in range(rows + 1):
            sheet.add()


def sources_sheet(report: Report, cited: Cited) -> Sheet:
    """The plan's documents and, after them, where the figures come from."""
    words = report.words
    sheet = Sheet(words.sources, (60, 30, 14, 60, 68))
    sheet.add(Entry(words.documents, Style.TITLE, 3))
    heads = (words.title, words.publisher, words.published_on, words.address, "SHA-256")
    sheet.add(*(Entry(text, Style.HEAD) for text in heads))
    for each in report.documents:
        sheet.add(
            Entry(each.title, Style.TEXT),
            Entry(each.publisher, Style.TEXT),
            Entry(each.published_on, Style.DAY),
            Entry(each.url, Style.LINK),
            Entry(each.sha256, Style.TEXT),
        )
    sheet.add()
    sheet.add(Entry(words.figure_sources, Style.TITLE, 3))
    _add_cited(sheet, heads, cited)
    return sheet


def _add_cited(sheet: Sheet, heads: tuple[str, ...], cited: Iterable[tuple[str, str, str]]) -> None:
    title, _publisher, published_on, address, _sum = heads
    sheet.add(
        Entry(title, Style.HEAD, 2), Entry(published_on, Style.HEAD), Entry(address, Style.HEAD)
    )
    for source, day, url in cited:
        sheet.add(
            Entry(source, Style.TEXT, 2),
            Entry(date.fromisoformat(day) if day else "", Style.DAY),
            Entry(url, Style.LINK),
        )


def method_sheet(report: Report) -> Sheet:
    sheet = Sheet(report.words.method, (100,))
    for section in report.method:
        sheet.add(Entry(section.heading, Style.TITLE))
        for text in section.paragraphs:
            sheet.add(Entry(text, Style.TEXT))
        sheet.add()
    return sheet
