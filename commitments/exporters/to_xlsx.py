"""XLSX: what the report is, its counts with drawings, its table with cells of their own type."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from math import ceil
from typing import Any, BinaryIO

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from commitments.domain.status import Group
from commitments.exporters.details import LAST_READ, Cited, Reader, printed_width
from commitments.exporters.look import COLOURS, SIGNS
from commitments.exporters.report import Part, Report
from commitments.exporters.sheets import (
    Chart,
    Entry,
    Sheet,
    Style,
    about_sheet,
    method_sheet,
    sources_sheet,
    summary_sheet,
)
from commitments.exporters.table import Cell, Column, Row, Type, harmless, plain, wide

# Excel's own limits: text in a cell, in UTF-16 units; links on a sheet; an address.
LONGEST_TEXT = 32_767
MOST_LINKS = 65_000
LONGEST_LINK = 2_000
CUT = "…"
# Points: of one line of text at 10 points, of a row at least and, as Excel allows, at most.
LINE_HEIGHT, LEAST_HEIGHT, MOST_HEIGHT = 13.5, 16.5, 409
INK, LINE, TINT, WARNING = "#1F2933", "#C5CDD5", "#EAF0F6", "#9A3412"
DAY = {"num_format": "yyyy-mm-dd", "align": "left"}
RULED = {"bottom": 1, "bottom_color": LINE}
HEAD = {"bold": True, "bg_color": TINT, "text_wrap": True} | RULED
RIGHT = {"align": "right", "indent": 1}
STYLES: dict[Style, dict[str, Any]] = {
    Style.TITLE: {"bold": True, "font_size": 15, "valign": "vcenter"},
    Style.WARNING: {"bold": True, "font_color": WARNING},
    Style.LABEL: {"bold": True},
    Style.TEXT: {"text_wrap": True},
    Style.DAY: DAY,
    Style.HEAD: HEAD,
    Style.COUNT_HEAD: HEAD | RIGHT,
    Style.LINE: {"text_wrap": True} | RULED,
    Style.COUNT: {"num_format": "#,##0"} | RULED | RIGHT,
    Style.TOTAL: {"bold": True},
    Style.SUM: {"bold": True, "num_format": "#,##0"} | RIGHT,
    Style.LINK: {"font_color": "#0B5CAD", "underline": 1},
}
# One cell over several columns; other texts may run over the empty cells beside them.
MERGED = {Style.TEXT, Style.LINE, Style.HEAD}
FONT = {"zh": "Microsoft YaHei", "en": "Calibri"}


def to_xlsx(report: Report, stream: BinaryIO) -> None:
    """Write the workbook to a seekable stream. A row is forgotten once written."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(stream, options) as book:
        # The report's day and not the clock's: the same report is the same file.
        book.set_properties(
            {
                "title": harmless(report.title)[:255],
                "subject": harmless(report.issued_as or report.day)[:255],
                "author": harmless(", ".join(report.plans))[:255],
                "comments": harmless(report.fictional)[:255],
                "created": _midnight(report.as_of),
            }
        )
        _Book(book, report).write()


class _Book:
    """The workbook's sheets. All are made first, because their order is that of the tabs."""

    def __init__(self, book: xlsxwriter.Workbook, report: Report) -> None:
        self.book, self.report, self.look = book, report, _Look(book, report)

    def write(self) -> None:
        report, words = self.report, self.report.words
        about = self.sheet(words.about)
        summary = self.sheet(words.summary, Part.SUMMARY)
        table = self.sheet(words.table, Part.TABLE)
        figures = self.sheet(words.figures, Part.DETAILS)
        sources = self.sheet(words.sources, Part.SOURCES)
        method = self.sheet(words.method, Part.METHOD)
        self.write_sheet(about, about_sheet(report))
        if summary:
            self.write_sheet(summary, summary_sheet(report))
        cited = Cited(report.columns)
        if table:
            _Table(table, report, report.columns, self.look).write(report.rows, cited.add)
        elif sources:
            for row in report.rows:
                cited.add(row)
        if figures:
            _Table(figures, report, report.figure_columns, self.look).write(report.figures)
        if sources:
            self.write_sheet(sources, sources_sheet(report, cited))
        if method:
            self.write_sheet(method, method_sheet(report))

    def sheet(self, name: str, part: Part | None = None) -> Worksheet | None:
        if part is not None and not self.report.has(part):
            return None
        return self.book.add_worksheet(_sheet_name(name))

    def write_sheet(self, sheet: Worksheet, content: Sheet) -> None:
        sheet.hide_gridlines(2)
        for at, width in enumerate(content.widths):
            sheet.set_column(at, at, width)
        for at, line in enumerate(content.lines):
            self.write_line(sheet, at, line, content.widths)
        for chart in content.charts:
            self.draw(sheet, chart, content)
        _print(sheet, self.report)
        if content.breaks:
            # Excel overlooks them where it fits a sheet to a width; LibreOffice has wider columns.
            sheet.set_h_pagebreaks(content.breaks)
            sheet.set_print_scale(72)
        else:
            sheet.fit_to_pages(1, 0)

    def write_line(
        self, sheet: Worksheet, at: int, line: list[Entry], widths: tuple[int, ...]
    ) -> None:
        place, height = 0, LEAST_HEIGHT
        for entry in line:
            last = place + entry.span - 1
            look = self.look.style(entry.style)
            if entry.group:
                look = self.look.standing(entry.group)
            if isinstance(entry.value, str) and entry.style is not Style.TITLE:
                room = sum(widths[place : last + 1])
                height = max(height, _lines(entry.value, room) * LINE_HEIGHT + 3)
            if entry.span > 1 and entry.style in MERGED:
                sheet.merge_range(at, place, at, last, "", look)
            self.write_entry(sheet, at, place, entry, look)
            place += entry.span
        is_title = any(entry.style is Style.TITLE for entry in line)
        sheet.set_row(at, 30 if is_title else min(height, MOST_HEIGHT))

    def write_entry(
        self, sheet: Worksheet, at: int, place: int, entry: Entry, look: Format
    ) -> None:
        if isinstance(entry.value, date):
            sheet.write_datetime(at, place, _midnight(entry.value), look)
        elif isinstance(entry.value, int):
            sheet.write_number(at, place, entry.value, look)
        elif not entry.value:
            sheet.write_blank(at, place, None, look)
        elif entry.style is Style.LINK and _is_link(entry.value, self.report):
            text = _text(entry.value)
            sheet.write_url(at, place, text, look, string=text)
        else:
            sheet.write_string(at, place, _text(entry.value), look)

    def draw(self, sheet: Worksheet, chart: Chart, content: Sheet) -> None:
        """Excel's own drawing, beside the numbers it is of."""
        name = sheet.get_name()
        subtype = {"subtype": "stacked"} if chart.is_stacked else {}
        drawn = self.book.add_chart({"type": "bar", **subtype})
        rows = (chart.first, chart.last)
        for column, group in zip(chart.columns, chart.groups, strict=False):
            fill = {"fill": {"color": COLOURS[group].tone}}
            # What the rows hold is forgotten by now, and a chart keeps a copy.
            held = content.lines[chart.first : chart.last + 1]
            series = {
                "name": [name, chart.head, column],
                "categories": [name, rows[0], 0, rows[1], 0],
                "values": [name, rows[0], column, rows[1], column],
                "categories_data": [_text(str(line[0].value)) for line in held],
                "values_data": [line[column].value for line in held],
                "gap": 40,
            }
            if chart.is_stacked:
                drawn.add_series(series | fill)
            else:
                points = [{"fill": {"color": COLOURS[each].tone}} for each in chart.groups]
                drawn.add_series(series | {"points": points, "data_labels": {"value": True}})
        drawn.set_title({"name": _text(chart.title), "name_font": {"size": 12}})
        drawn.set_y_axis({"reverse": True, "num_font": {"size": 9}})
        drawn.set_x_axis({"num_format": "0", "major_gridlines": {"visible": False}})
        drawn.set_legend({"position": "bottom"} if chart.is_stacked else {"none": True})
        columns = content.widths[chart.column : chart.column + chart.wide]
        # In pixels: a column has seven for each character and five around them.
        width = sum(7 * each + 5 for each in columns) - 10
        drawn.set_size({"width": width, "height": chart.rows * LEAST_HEIGHT * 4 / 3})
        said = {"description": _text(chart.title)}
        sheet.insert_chart(chart.row, chart.column, drawn, said)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def _sheet_name(text: str) -> str:
    return "".join("-" if sign in "[]:*?/\\'" else sign for sign in harmless(text))[:31]


class _Look:
    """The workbook's formats, made as they are first needed."""

    def __init__(self, book: xlsxwriter.Workbook, report: Report) -> None:
        self.book = book
        font = FONT["zh" if report.language.startswith("zh") else "en"]
        self.base = {"font_name": font, "font_size": 10, "font_color": INK, "valign": "top"}
        self.made: dict[str, Format] = {}

    def __call__(self, name: str, **more: Any) -> Format:
        if name not in self.made:
            self.made[name] = self.book.add_format(self.base | more)
        return self.made[name]

    def style(self, style: Style) -> Format:
        return self(style.value, **STYLES[style])

    def standing(self, group: Group) -> Format:
        """Of a status: its colour, and its shape before the word, which stays the cell's text."""
        return self(
            f"standing {group}",
            bold=True,
            font_color=COLOURS[group].word,
            num_format=f'"{SIGNS[group]} "@',
            text_wrap=True,
            **RULED,
        )

    def both(self, name: str, **more: Any) -> tuple[Format, Format]:
        """A format without and with the line under it, to be chosen by a truth value."""
        return self(name, **more), self(f"{name} ruled", **RULED | more)

    def number(self, value: Decimal | int, *, is_ruled: bool) -> Format:
        """As many decimals as the number has, so that Excel rounds nothing."""
        places = len(plain(value).partition(".")[2])
        pattern = "#,##0" + ("." + "0" * places if places else "")
        return self.both(pattern, num_format=pattern, **RIGHT)[is_ruled]


def _print(sheet: Worksheet, report: Report) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
    sheet.set_header(f"&L{_in_header(report.running_title)}&R{report.as_of.isoformat()}")
    rule = f"{_in_header(report.words.rule)} {report.rule_version}"
    sheet.set_footer(f"&L{rule}&C{_in_header(report.fictional)}&R&P / &N")


def _in_header(text: str) -> str:
    # An ampersand begins a code there; and Excel refuses a header of more than 255 characters.
    return harmless(text)[:110].replace("&", "&&")


def _text(text: str) -> str:
    """A text that a cell can hold."""
    text = harmless(text)
    if len(text) * 2 > LONGEST_TEXT and len(text.encode("utf-16-le")) // 2 > LONGEST_TEXT:
        return text[: LONGEST_TEXT // 2 - 1] + CUT
    return text


class _Table:
    """The sheet of rows, written from the top down."""

    def __init__(
        self, sheet: Worksheet, report: Report, columns: tuple[Column, ...], look: _Look
    ) -> None:
        self.sheet, self.report, self.columns, self.look = sheet, report, columns, look
        self.links_left = MOST_LINKS
        self.printed = _printed(columns)
        self.reader = Reader(columns)
        self.body = look("body")
        self.wrapped = look("printed", text_wrap=True, **RULED)
        self.day = look.both("day", **DAY)
        # Away from the text that follows: "2,486.3" beside "100 million yuan" is read as one.
        self.share = look.both("share", num_format="0.00%", **RIGHT)
        self.integer = look.both("integer", num_format="0", align="left")
        self.link = look.both("link", font_color="#0B5CAD", underline=1)

    def write(self, rows: Iterable[Row], seen: Callable[[Row], None] | None = None) -> None:
        """Write the rows; each is shown to `seen`, as they can be read but once at no cost."""
        sheet, columns = self.sheet, self.columns
        head = self.look(
            "heading", bold=True, bg_color=TINT, text_wrap=True, bottom=1, valign="vcenter"
        )
        sheet.set_row(0, 32)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, printed_width(column))
            sheet.write_string(0, at, _text(column.heading), head)
        last = 0
        for last, row in enumerate(rows, start=1):
            self.write_row(last, row)
            if seen:
                seen(row)
        sheet.freeze_panes(1, _frozen(columns))
        sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
        sheet.repeat_rows(0)
        _print(sheet, self.report)
        sheet.print_area(0, 0, last, self.printed)
        sheet.fit_to_pages(1, 0)

    def write_row(self, at: int, row: Row) -> None:
        self.sheet.set_row(at, self.height(row))
        for place, (column, cell) in enumerate(zip(self.columns, row, strict=True)):
            if cell and column.key == "status" and (group := self.reader.group(row)):
                self.sheet.write_string(at, place, _text(str(cell)), self.look.standing(group))
            elif cell is not None and cell != "":
                self.write_cell(at, place, column, cell)
            elif place <= self.printed:
                self.sheet.write_blank(at, place, None, self.wrapped)

    def height(self, row: Row) -> float:
        """Room for the wrapped cells: not every program works that out by itself."""
        columns = self.columns[: self.printed + 1]
        texts = zip(columns, row, strict=False)
        lines = max(
            (
                _lines(cell, printed_width(column))
                for column, cell in texts
                if isinstance(cell, str)
            ),
            default=1,
        )
        return min(max(lines * LINE_HEIGHT + 3, LEAST_HEIGHT), MOST_HEIGHT)

    def write_cell(self, at: int, place: int, column: Column, cell: Cell) -> None:
        if isinstance(cell, date):
            self.sheet.write_datetime(at, place, _midnight(cell), self.day[place <= self.printed])
        elif isinstance(cell, Decimal | int):
            self.write_number(at, place, column, cell)
        elif cell is not None:
            self.write_text(at, place, column, _text(cell))

    def write_number(self, at: int, place: int, column: Column, value: Decimal | int) -> None:
        is_ruled = place <= self.printed
        if column.type is Type.SHARE:
            look = self.share[is_ruled]
        elif column.type is Type.INTEGER:
            look = self.integer[is_ruled]
        else:
            look = self.look.number(value, is_ruled=is_ruled)
        self.sheet.write_number(at, place, float(value), look)

    def write_text(self, at: int, place: int, column: Column, text: str) -> None:
        is_link = column.type is Type.URL and self.links_left > 0 and _is_link(text, self.report)
        if is_link:
            self.links_left -= 1
            look = self.link[place <= self.printed]
            self.sheet.write_url(at, place, text, look, string=text)
        else:
            look = self.wrapped if place <= self.printed else self.body
            self.sheet.write_string(at, place, text, look)


def _is_link(text: str, report: Report) -> bool:
    return report.may_follow(text) and len(text) <= LONGEST_LINK


def _lines(text: str, width: int) -> int:
    """About how many lines a text takes in a column; a Chinese character is two Latin ones."""
    room = width * 1.05
    return sum(max(1, ceil(wide(line) / room)) for line in text.split("\n"))


def _printed(columns: tuple[Column, ...]) -> int:
    """The last column that goes on paper: the sentence; what follows is for machines."""
    keys = [column.key for column in columns]
    return keys.index(LAST_READ) if LAST_READ in keys else len(columns) - 1


def _frozen(columns: tuple[Column, ...]) -> int:
    """How many columns stay in sight: those up to the commitment's title."""
    keys = [column.key for column in columns]
    return keys.index("title") + 1 if "title" in keys else 0
