"""ODS as LibreOffice opens it: the sheets of the workbook, with charts of its own.

Written with the standard library: of the packages for the format none writes as it goes, and a
long table does not fit in memory as a tree.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import BinaryIO
from xml.sax.saxutils import quoteattr

from commitments.exporters.details import LAST_READ, Cited, Reader, printed_width
from commitments.exporters.ods_charts import chart_content, frame, object_name
from commitments.exporters.ods_parts import (
    HEADING,
    MIME,
    MOST_PLACES,
    SPACES,
    VERSION,
    cell_styles,
    lined,
    manifest,
    meta,
    named,
    page_styles,
    settings,
    sheet_name,
    written,
)
from commitments.exporters.report import Part, Report
from commitments.exporters.sheets import (
    Entry,
    Sheet,
    Style,
    about_sheet,
    method_sheet,
    sources_sheet,
    summary_sheet,
)
from commitments.exporters.table import Cell, Column, Row, Type, harmless, plain

LINK_LENGTH = 2_000
LINED = '<table:table-cell table:style-name="line"/>'
# Of a sheet, as every program holds them.
MOST_ROWS = 1_048_576


def to_ods(report: Report, stream: BinaryIO) -> None:
    """Write the workbook to a seekable stream. A row is forgotten once written."""
    summary = summary_sheet(report) if report.has(Part.SUMMARY) else Sheet("", ())
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as parts:
        # First and as it is: so the format is known by its first bytes.
        _put(parts, report, "mimetype", MIME, zipfile.ZIP_STORED)
        _put(
            parts,
            report,
            "META-INF/manifest.xml",
            manifest(map(object_name, range(len(summary.charts)))),
        )
        _put(parts, report, "meta.xml", meta(report))
        _put(parts, report, "settings.xml", settings(report))
        _put(parts, report, "styles.xml", page_styles(report))
        for at, chart in enumerate(summary.charts):
            name = f"{object_name(at)}/content.xml"
            _put(parts, report, name, chart_content(chart, summary))
        with parts.open(_entry(report, "content.xml"), "w") as content:
            for text in _content(report):
                content.write(text.encode())


def _entry(report: Report, name: str, method: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    day = report.as_of
    # The report's day and not the clock's: the same report is the same file.
    entry = zipfile.ZipInfo(name, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
    entry.compress_type = method
    return entry


def _put(
    parts: zipfile.ZipFile,
    report: Report,
    name: str,
    text: str,
    method: int = zipfile.ZIP_DEFLATED,
) -> None:
    parts.writestr(_entry(report, name, method), text)


# --- The sheets ---------------------------------------------------------------------------------


def _content(report: Report) -> Iterator[str]:
    yield f"{HEADING}<office:document-content {SPACES} {VERSION}><office:automatic-styles>"
    yield from cell_styles(report)
    yield "</office:automatic-styles><office:body><office:spreadsheet>"
    yield from _sheets(report)
    yield "</office:spreadsheet></office:body></office:document-content>"


def _sheets(report: Report) -> Iterator[str]:
    words, cited, filters = report.words, Cited(report.columns), []
    yield from _sheet(about_sheet(report), report)
    if report.has(Part.SUMMARY):
        yield from _sheet(summary_sheet(report), report)
    if report.has(Part.TABLE):
        table = _Table(words.table, report, report.columns)
        yield from table.written(report.rows, cited.add)
        filters.append(table)
    elif report.has(Part.SOURCES):
        for row in report.rows:
            cited.add(row)
    if report.has(Part.DETAILS):
        table = _Table(words.figures, report, report.figure_columns)
        yield from table.written(report.figures)
        filters.append(table)
    if report.has(Part.SOURCES):
        yield from _sheet(sources_sheet(report, cited), report)
    if report.has(Part.METHOD):
        yield from _sheet(method_sheet(report), report)
    ranges = "".join(table.filter(at) for at, table in enumerate(filters))
    yield f"<table:database-ranges>{ranges}</table:database-ranges>"


def _sheet(sheet: Sheet, report: Report) -> Iterator[str]:
    yield f'<table:table table:name={named(sheet.name)} table:style-name="t">'
    yield from (f'<table:table-column table:style-name="w{width}"/>' for width in sheet.widths)
    drawn = {chart.row: (at, chart) for at, chart in enumerate(sheet.charts)}
    for number, line in enumerate(sheet.lines):
        cells = "".join(_entry_cell(entry, report) for entry in line)
        if number in drawn:
            at, chart = drawn[number]
            # From the end of the line's cells to the one that the drawing hangs on.
            gap = chart.column - sum(entry.span for entry in line)
            cells += "<table:table-cell/>" * gap
            cells += f"<table:table-cell>{frame(chart, sheet, at)}</table:table-cell>"
        style = "new_page" if number in sheet.breaks else "r"
        cells = cells or "<table:table-cell/>"
        yield f'<table:table-row table:style-name="{style}">{cells}</table:table-row>'
    yield "</table:table>"


def _entry_cell(entry: Entry, report: Report) -> str:
    span = f' table:number-columns-spanned="{entry.span}"' if entry.span > 1 else ""
    covered = "<table:covered-table-cell/>" * (entry.span - 1)
    name = f"standing_{entry.group.value}" if entry.group else entry.style.value
    style = f'table:style-name="{name}"{span}'
    is_link = entry.style is Style.LINK and _is_link(entry.value, report)
    return _typed(entry.value, style, is_link=is_link) + covered


class _Table:
    """A sheet of rows under a head that filters, and that stands on every printed page."""

    def __init__(self, name: str, report: Report, columns: tuple[Column, ...]) -> None:
        self.report = report
        self.name, self.columns, self.count = name, columns, 0
        self.reader = Reader(columns)
        keys = [column.key for column in columns]
        self.printed = keys.index(LAST_READ) if LAST_READ in keys else len(columns) - 1

    def written(
        self, rows: Iterable[Row], seen: Callable[[Row], None] | None = None
    ) -> Iterator[str]:
        # What follows the sentence is for machines, and is not printed.
        place = f"'{sheet_name(self.name)}'"
        area = quoteattr(f"{place}.A1:{place}.{_letters(self.printed)}{MOST_ROWS}")
        yield (
            f'<table:table table:name={named(self.name)} table:style-name="t" '
            f"table:print-ranges={area}>"
        )
        for column in self.columns:
            yield f'<table:table-column table:style-name="w{printed_width(column)}"/>'
        heads = "".join(_typed(each.heading, 'table:style-name="head"') for each in self.columns)
        yield (
            '<table:table-header-rows><table:table-row table:style-name="r">'
            f"{heads}</table:table-row></table:table-header-rows>"
        )
        for self.count, row in enumerate(rows, start=1):
            cells = "".join(
                self.cell(at, column, cell, row)
                for at, (column, cell) in enumerate(zip(self.columns, row, strict=True))
            )
            yield f'<table:table-row table:style-name="r">{cells}</table:table-row>'
            if seen:
                seen(row)
        yield "</table:table>"

    def cell(self, at: int, column: Column, cell: Cell, row: Row) -> str:
        is_lined = at <= self.printed
        if cell is None or cell == "":
            return LINED if is_lined else "<table:table-cell/>"
        if isinstance(cell, date):
            style = lined("date", is_lined=is_lined)
        elif isinstance(cell, Decimal | int):
            style = lined(self.number_style(column, cell), is_lined=is_lined)
        elif column.key == "status" and (group := self.reader.group(row)):
            style = f"standing_{group.value}"
        else:
            style = "line" if is_lined else "plain"
        is_link = column.type is Type.URL and _is_link(cell, self.report)
        return _typed(cell, f'table:style-name="{style}"', is_link=is_link)

    def number_style(self, column: Column, value: Decimal | int) -> str:
        """As many decimals as the number has, so that nothing is rounded."""
        if column.type is Type.SHARE:
            return "share"
        if column.type is Type.INTEGER:
            return "integer"
        return f"d{min(len(plain(value).partition('.')[2]), MOST_PLACES)}"

    def filter(self, at: int) -> str:
        name = sheet_name(self.name)
        last = f"{_letters(len(self.columns) - 1)}{self.count + 1}"
        area = f"'{name}'.A1:'{name}'.{last}"
        return (
            f'<table:database-range table:name="filter{at}" table:target-range-address='
            f'{quoteattr(area)} table:display-filter-buttons="true"/>'
        )


def _is_link(value: Cell, report: Report) -> bool:
    return isinstance(value, str) and len(value) <= LINK_LENGTH and report.may_follow(value)


def _typed(cell: str | Decimal | int | date, style: str, *, is_link: bool = False) -> str:
    """A cell with its value and type. Formulas have a place of their own, so no text is one."""
    if isinstance(cell, date):
        day = cell.isoformat()
        return f'<table:table-cell {style} office:value-type="date" office:date-value="{day}"/>'
    if isinstance(cell, Decimal | int):
        kind = "percentage" if 'style-name="share' in style else "float"
        return (
            f'<table:table-cell {style} office:value-type="{kind}" office:value="{plain(cell)}"/>'
        )
    lines = "".join(f"<text:p>{_line(line, is_link=is_link)}</text:p>" for line in cell.split("\n"))
    return f'<table:table-cell {style} office:value-type="string">{lines}</table:table-cell>'


def _line(line: str, *, is_link: bool) -> str:
    text = _spaced(line)
    if is_link:
        address = quoteattr(harmless(line))
        return f'<text:a xlink:type="simple" xlink:href={address}>{text}</text:a>'
    return text


def _spaced(line: str) -> str:
    """Spaces in a row, at an end, and tabs would be one space in XML."""
    text = written(line).replace("\t", "<text:tab/>").replace("\r", "")
    text = text.replace("  ", " <text:s/>")
    if text.startswith(" "):
        text = f"<text:s/>{text[1:]}"
    return f"{text[:-1]}<text:s/>" if text.endswith(" ") else text


def _letters(at: int) -> str:
    """The name of a column, counted from 0: A, Z, AA."""
    text = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        text = chr(65 + rest) + text
    return text
