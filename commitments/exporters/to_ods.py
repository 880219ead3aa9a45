"""ODS as LibreOffice opens it: the sheets of the workbook without its drawings.

Written with the standard library: of the packages for the format none writes as it goes, and a
long table does not fit in memory as a tree.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

from commitments.exporters.details import LAST_READ, Cited
from commitments.exporters.look import INK, RULE, WASH
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

MIME = "application/vnd.oasis.opendocument.spreadsheet"
VERSION = 'office:version="1.2"'
SPACES = (
    " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
        for name, space in (
            ("office", "office"),
            ("style", "style"),
            ("text", "text"),
            ("table", "table"),
            ("fo", "xsl-fo-compatible"),
            ("svg", "svg-compatible"),
            ("number", "datastyle"),
            ("meta", "meta"),
            ("config", "config"),
        )
    )
    + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
HEADING = '<?xml version="1.0" encoding="UTF-8"?>\n'
LINK_LENGTH = 2_000
# Millimetres a Latin character takes at 10 points.
CHARACTER = 2.05

LINED = '<table:table-cell table:style-name="line"/>'
# Of a sheet, as every program holds them; of a number, as the register stores them.
MOST_ROWS, MOST_PLACES = 1_048_576, 6

_LINED = f"0.5pt solid {RULE}"
_PARTS: dict[str, tuple[str, str]] = {
    # Name: properties of the text, properties of the cell.
    "title": ('fo:font-size="15pt" fo:font-weight="bold"', ""),
    "warning": ('fo:font-weight="bold" fo:color="#9a3412"', ""),
    "label": ('fo:font-weight="bold"', ""),
    "text": ("", 'fo:wrap-option="wrap"'),
    "day": ("", ""),
    "head": (
        'fo:font-weight="bold"',
        f'fo:background-color="{WASH}" fo:wrap-option="wrap" fo:border-bottom="{_LINED}"',
    ),
    "line": ("", f'fo:wrap-option="wrap" fo:border-bottom="{_LINED}"'),
    "count": ("", f'fo:border-bottom="{_LINED}"'),
    "total": ('fo:font-weight="bold"', ""),
    "sum": ('fo:font-weight="bold"', ""),
    "link": ('fo:color="#0b5cad"', ""),
    "plain": ("", ""),
}


def to_ods(report: Report, stream: BinaryIO) -> None:
    """Write the workbook to a seekable stream. A row is forgotten once written."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as parts:
        # First and as it is: so the format is known by its first bytes.
        _put(parts, report, "mimetype", MIME, zipfile.ZIP_STORED)
        _put(parts, report, "META-INF/manifest.xml", _manifest())
        _put(parts, report, "meta.xml", _meta(report))
        _put(parts, report, "settings.xml", _settings(report))
        _put(parts, report, "styles.xml", _styles(report))
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


# --- What the file says of itself ---------------------------------------------------------------


def _manifest() -> str:
    names = ("content.xml", "styles.xml", "meta.xml", "settings.xml")
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>'
        for name in names
    )
    return (
        f'{HEADING}<manifest:manifest manifest:version="1.2" '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:version="1.2" '
        f'manifest:media-type="{MIME}"/>{entries}</manifest:manifest>'
    )


def _meta(report: Report) -> str:
    language = "zh-CN" if report.is_chinese else "en-GB"
    return (
        f"{HEADING}<office:document-meta {SPACES} {VERSION}><office:meta>"
        f"<dc:title>{_text(report.title)}</dc:title>"
        f"<dc:creator>{_text(', '.join(report.plans))}</dc:creator>"
        f"<dc:description>{_text(report.fictional)}</dc:description>"
        f"<dc:date>{report.as_of.isoformat()}T00:00:00</dc:date>"
        f"<dc:language>{language}</dc:language>"
        "</office:meta></office:document-meta>"
    )


def _settings(report: Report) -> str:
    """The heads of the tables stay in sight, and so do the columns up to the title."""
    tables = []
    if report.has(Part.TABLE):
        tables.append((report.words.table, report.columns))
    if report.has(Part.DETAILS):
        tables.append((report.words.figures, report.figure_columns))
    views = "".join(_frozen(name, columns) for name, columns in tables)
    return (
        f"{HEADING}<office:document-settings {SPACES} {VERSION}><office:settings>"
        '<config:config-item-set config:name="ooo:view-settings" '
        'xmlns:ooo="http://openoffice.org/2004/office">'
        '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
        f'<config:config-item-map-named config:name="Tables">{views}'
        "</config:config-item-map-named></config:config-item-map-entry>"
        "</config:config-item-map-indexed></config:config-item-set>"
        "</office:settings></office:document-settings>"
    )


def _frozen(name: str, columns: tuple[Column, ...]) -> str:
    keys = [column.key for column in columns]
    across = keys.index("title") + 1 if "title" in keys else 0
    items = (
        ("HorizontalSplitMode", "short", 2 if across else 0),
        ("VerticalSplitMode", "short", 2),
        ("HorizontalSplitPosition", "int", across),
        ("VerticalSplitPosition", "int", 1),
        ("ActiveSplitRange", "short", 3 if across else 2),
        ("PositionRight", "int", across),
        ("PositionBottom", "int", 1),
    )
    written = "".join(
        f'<config:config-item config:name="{item}" config:type="{kind}">{value}'
        "</config:config-item>"
        for item, kind, value in items
    )
    return (
        f"<config:config-item-map-entry config:name={_named(name)}>{written}"
        "</config:config-item-map-entry>"
    )


def _styles(report: Report) -> str:
    face = "Microsoft YaHei" if report.is_chinese else "Calibri"
    language = (
        'fo:language="zh" fo:country="CN"'
        if report.is_chinese
        else 'fo:language="en" fo:country="GB"'
    )
    head = f"{_text(report.title)} · {report.as_of.isoformat()}"
    foot = f"{_text(report.words.rule)} {_text(report.rule_version)}"
    if report.fictional:
        foot += f" · {_text(report.fictional)}"
    return (
        f"{HEADING}<office:document-styles {SPACES} {VERSION}><office:styles>"
        '<style:default-style style:family="table-cell"><style:text-properties '
        f'fo:font-size="10pt" style:font-size-asian="10pt" fo:color="{INK}" {language} '
        f'style:font-name="{face}" fo:font-family="{face}" '
        'style:font-family-asian="Microsoft YaHei" '
        'style:language-asian="zh" style:country-asian="CN"/>'
        '<style:table-cell-properties style:vertical-align="top"/></style:default-style>'
        '<style:style style:name="Default" style:family="table-cell"/></office:styles>'
        '<office:automatic-styles><style:page-layout style:name="across">'
        '<style:page-layout-properties fo:page-width="297mm" fo:page-height="210mm" '
        'style:print-orientation="landscape" style:scale-to-X="1" style:scale-to-Y="0" '
        'fo:margin="12mm"/>'
        '<style:header-style><style:header-footer-properties fo:min-height="7mm" '
        'fo:margin-bottom="2mm"/></style:header-style>'
        '<style:footer-style><style:header-footer-properties fo:min-height="7mm" '
        'fo:margin-top="2mm"/></style:footer-style>'
        "</style:page-layout></office:automatic-styles>"
        '<office:master-styles><style:master-page style:name="Default" '
        f'style:page-layout-name="across"><style:header><text:p>{head}</text:p></style:header>'
        f"<style:footer><text:p>{foot} · <text:page-number>1</text:page-number> / "
        "<text:page-count>1</text:page-count></text:p></style:footer>"
        "</style:master-page></office:master-styles></office:document-styles>"
    )


# --- The sheets ---------------------------------------------------------------------------------


def _content(report: Report) -> Iterator[str]:
    yield f"{HEADING}<office:document-content {SPACES} {VERSION}><office:automatic-styles>"
    yield from _looks(report)
    yield "</office:automatic-styles><office:body><office:spreadsheet>"
    yield from _sheets(report)
    yield "</office:spreadsheet></office:body></office:document-content>"


def _sheets(report: Report) -> Iterator[str]:
    words, cited, filters = report.words, Cited(report.columns), []
    yield from _sheet(about_sheet(report))
    if report.has(Part.SUMMARY):
        yield from _sheet(summary_sheet(report))
    if report.has(Part.TABLE):
        table = _Table(words.table, report.columns)
        yield from table.written(report.rows, cited.add)
        filters.append(table)
    elif report.has(Part.SOURCES):
        for row in report.rows:
            cited.add(row)
    if report.has(Part.DETAILS):
        table = _Table(words.figures, report.figure_columns)
        yield from table.written(report.figures)
        filters.append(table)
    if report.has(Part.SOURCES):
        yield from _sheet(sources_sheet(report, cited))
    if report.has(Part.METHOD):
        yield from _sheet(method_sheet(report))
    ranges = "".join(table.filter(at) for at, table in enumerate(filters))
    yield f"<table:database-ranges>{ranges}</table:database-ranges>"


def _looks(report: Report) -> Iterator[str]:
    """The styles that the cells name: of columns by their width, of numbers by their decimals."""
    widths = {column.width for column in (*report.columns, *report.figure_columns)}
    widths |= {24, 72, 36, 12, 60, 30, 14, 68, 100}
    for width in sorted(widths):
        yield (
            f'<style:style style:name="w{width}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{width * CHARACTER:.1f}mm"/>'
            "</style:style>"
        )
    yield (
        '<style:style style:name="r" style:family="table-row"><style:table-row-properties '
        'style:use-optimal-row-height="true"/></style:style>'
        '<style:style style:name="t" style:family="table" style:master-page-name="Default">'
        '<style:table-properties table:display="true"/></style:style>'
    )
    yield (
        '<number:date-style style:name="ymd"><number:year number:style="long"/>'
        '<number:text>-</number:text><number:month number:style="long"/>'
        '<number:text>-</number:text><number:day number:style="long"/></number:date-style>'
        '<number:percentage-style style:name="pct"><number:number number:decimal-places="2" '
        'number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>'
        '<number:number-style style:name="int"><number:number number:decimal-places="0" '
        'number:min-integer-digits="1"/></number:number-style>'
    )
    for places in range(MOST_PLACES + 1):
        yield (
            f'<number:number-style style:name="n{places}"><number:number number:decimal-places='
            f'"{places}" number:min-integer-digits="1" number:grouping="true"/>'
            "</number:number-style>"
        )
        yield _look(f"d{places}", data=f"n{places}", right=True)
    yield _look("date", data="ymd")
    yield _look("share", data="pct", right=True)
    yield _look("integer", data="int")
    for name, (text, cell) in _PARTS.items():
        data = {"day": "ymd", "count": "n0", "sum": "n0"}.get(name, "")
        yield _look(name, text, cell, data=data, right=name in ("count", "sum"))
    text, cell = _PARTS["head"]
    yield _look("count_head", text, cell, right=True)


def _look(name: str, text: str = "", cell: str = "", *, data: str = "", right: bool = False) -> str:
    asian = text.replace("fo:font-size", "style:font-size-asian").replace(
        "fo:font-weight", "style:font-weight-asian"
    )
    if "fo:color" in asian:
        asian = " ".join(each for each in asian.split() if not each.startswith("fo:color"))
    of_data = f' style:data-style-name="{data}"' if data else ""
    of_text = f"<style:text-properties {text} {asian}/>" if text else ""
    side = "end" if right else "start"
    align = f'<style:paragraph-properties fo:text-align="{side}"/>'
    return (
        f'<style:style style:name="{name}" style:family="table-cell" '
        f'style:parent-style-name="Default"{of_data}>'
        f'<style:table-cell-properties style:vertical-align="top" {cell}/>{align}{of_text}'
        "</style:style>"
    )


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield f'<table:table table:name={_named(sheet.name)} table:style-name="t">'
    yield from (f'<table:table-column table:style-name="w{width}"/>' for width in sheet.widths)
    for line in sheet.lines:
        cells = "".join(_entry_cell(entry) for entry in line) or "<table:table-cell/>"
        yield f'<table:table-row table:style-name="r">{cells}</table:table-row>'
    yield "</table:table>"


def _entry_cell(entry: Entry) -> str:
    span = f' table:number-columns-spanned="{entry.span}"' if entry.span > 1 else ""
    covered = "<table:covered-table-cell/>" * (entry.span - 1)
    style = f'table:style-name="{entry.style.value}"{span}'
    return _typed(entry.value, style, is_link=entry.style is Style.LINK) + covered


class _Table:
    """A sheet of rows under a head that filters, and that stands on every printed page."""

    def __init__(self, name: str, columns: tuple[Column, ...]) -> None:
        self.name, self.columns, self.count = name, columns, 0
        keys = [column.key for column in columns]
        self.printed = keys.index(LAST_READ) if LAST_READ in keys else len(columns) - 1

    def written(
        self, rows: Iterable[Row], seen: Callable[[Row], None] | None = None
    ) -> Iterator[str]:
        # What follows the sentence is for machines, and is not printed.
        place = f"'{_sheet_name(self.name)}'"
        area = quoteattr(f"{place}.A1:{place}.{_letters(self.printed)}{MOST_ROWS}")
        yield (
            f'<table:table table:name={_named(self.name)} table:style-name="t" '
            f"table:print-ranges={area}>"
        )
        for column in self.columns:
            yield f'<table:table-column table:style-name="w{column.width}"/>'
        heads = "".join(_typed(each.heading, 'table:style-name="head"') for each in self.columns)
        yield (
            '<table:table-header-rows><table:table-row table:style-name="r">'
            f"{heads}</table:table-row></table:table-header-rows>"
        )
        for self.count, row in enumerate(rows, start=1):
            cells = "".join(
                self.cell(at, column, cell)
                for at, (column, cell) in enumerate(zip(self.columns, row, strict=True))
            )
            yield f'<table:table-row table:style-name="r">{cells}</table:table-row>'
            if seen:
                seen(row)
        yield "</table:table>"

    def cell(self, at: int, column: Column, cell: Cell) -> str:
        if cell is None or cell == "":
            return LINED if at <= self.printed else "<table:table-cell/>"
        if isinstance(cell, date):
            style = "date"
        elif isinstance(cell, Decimal | int):
            style = self.number_style(column, cell)
        else:
            style = "line" if at <= self.printed else "plain"
        return _typed(cell, f'table:style-name="{style}"', is_link=column.type is Type.URL)

    def number_style(self, column: Column, value: Decimal | int) -> str:
        """As many decimals as the number has, so that nothing is rounded."""
        if column.type is Type.SHARE:
            return "share"
        if column.type is Type.INTEGER:
            return "integer"
        return f"d{min(len(plain(value).partition('.')[2]), MOST_PLACES)}"

    def filter(self, at: int) -> str:
        name = _sheet_name(self.name)
        last = f"{_letters(len(self.columns) - 1)}{self.count + 1}"
        area = f"'{name}'.A1:'{name}'.{last}"
        return (
            f'<table:database-range table:name="filter{at}" table:target-range-address='
            f'{quoteattr(area)} table:display-filter-buttons="true"/>'
        )


def _typed(cell: str | Decimal | int | date, style: str, *, is_link: bool = False) -> str:
    """A cell with its value and type. Formulas have a place of their own, so no text is one."""
    if isinstance(cell, date):
        day = cell.isoformat()
        return f'<table:table-cell {style} office:value-type="date" office:date-value="{day}"/>'
    if isinstance(cell, Decimal | int):
        kind = "percentage" if 'style-name="share"' in style else "float"
        return (
            f'<table:table-cell {style} office:value-type="{kind}" office:value="{plain(cell)}"/>'
        )
    lines = "".join(f"<text:p>{_line(line, is_link=is_link)}</text:p>" for line in cell.split("\n"))
    return f'<table:table-cell {style} office:value-type="string">{lines}</table:table-cell>'


def _line(line: str, *, is_link: bool) -> str:
    text = _spaced(line)
    if is_link and line.startswith(("http://", "https://")) and len(line) <= LINK_LENGTH:
        address = quoteattr(harmless(line))
        return f'<text:a xlink:type="simple" xlink:href={address}>{text}</text:a>'
    return text


def _spaced(line: str) -> str:
    """Spaces in a row, at an end, and tabs would be one space in XML."""
    text = _text(line).replace("\t", "<text:tab/>").replace("\r", "")
    text = text.replace("  ", " <text:s/>")
    if text.startswith(" "):
        text = f"<text:s/>{text[1:]}"
    return f"{text[:-1]}<text:s/>" if text.endswith(" ") else text


def _text(text: str) -> str:
    return escape(harmless(text))


def _named(text: str) -> str:
    return quoteattr(_sheet_name(text))


def _sheet_name(text: str) -> str:
    return "".join("-" if sign in "[]:*?/\\'" else sign for sign in harmless(text))[:31]


def _letters(at: int) -> str:
    """The name of a column, counted from 0: A, Z, AA."""
    text = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        text = chr(65 + rest) + text
    return text
