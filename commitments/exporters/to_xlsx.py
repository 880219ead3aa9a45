"""XLSX: a sheet about the report, then the table, with cells of their own type."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from math import ceil
from typing import Any, BinaryIO

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from commitments.exporters.table import Cell, Column, Report, Row, Type, harmless, plain

# Excel's own limits: text in a cell, in UTF-16 units; links on a sheet; an address.
LONGEST_TEXT = 32_767
MOST_LINKS = 65_000
LONGEST_LINK = 2_000
CUT = "…"
# Points: of one line of text at 10 points, of a row at least and, as Excel allows, at most.
LINE_HEIGHT, LEAST_HEIGHT, MOST_HEIGHT = 13.5, 16.5, 409
INK, LINE, TINT, WARNING = "#1F2933", "#C5CDD5", "#EAF0F6", "#9A3412"
ABOUT_WIDTH = 72
DAY = {"num_format": "yyyy-mm-dd", "align": "left"}
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
        book.set_properties({"title": harmless(report.title), "created": _midnight(report.as_of)})
        look = _Look(book, report)
        _about(book.add_worksheet(_sheet_name(report.words.about)), report, look)
        _Table(book.add_worksheet(_sheet_name(report.words.table)), report, look).write()


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

    def number(self, value: Decimal | int) -> Format:
        """As many decimals as the number has, so that Excel rounds nothing."""
        places = len(plain(value).partition(".")[2])
        pattern = "#,##0" + ("." + "0" * places if places else "")
        return self(pattern, num_format=pattern, align="right")


def _about(sheet: Worksheet, report: Report, look: _Look) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, ABOUT_WIDTH)
    sheet.set_row(0, 30)
    title = look("title", bold=True, font_size=15, valign="vcenter")
    sheet.write_string(0, 0, _text(report.title), title)
    if report.fictional:
        warning = look("warning", bold=True, font_color=WARNING)
        sheet.write_string(1, 0, _text(report.fictional), warning)
    at = _facts(sheet, report, look, 3)
    for note in report.notes:
        _paragraph(sheet, at, note, look)
        at += 1
    _counts(sheet, report, look, at + 1)
    _print(sheet, report)
    sheet.fit_to_pages(1, 0)


def _facts(sheet: Worksheet, report: Report, look: _Look, at: int) -> int:
    """What was asked of which plan for which day; returns the next free row."""
    words = report.words
    lines: list[tuple[str, str | date]] = [
        (words.plans, "\n".join(report.plans)),
        (words.as_of, report.as_of),
        (words.asked, "\n".join(report.asked)),
        (words.rule, report.rule_version),
    ]
    for name, value in lines:
        sheet.write_string(at, 0, _text(name), look("label", bold=True))
        if isinstance(value, date):
            sheet.write_datetime(at, 1, _midnight(value), look("day", **DAY))
        else:
            _paragraph(sheet, at, value, look)
        at += 1
    return at


def _paragraph(sheet: Worksheet, at: int, text: str, look: _Look) -> None:
    sheet.set_row(at, _lines(text, ABOUT_WIDTH) * LINE_HEIGHT + 3)
    sheet.write_string(at, 1, _text(text), look("wrapped", text_wrap=True))


def _counts(sheet: Worksheet, report: Report, look: _Look, at: int) -> None:
    head = look("head", bold=True, bg_color=TINT, bottom=1, bottom_color=LINE)
    line = look("line", bottom=1, bottom_color=LINE)
    count = look("count", bottom=1, bottom_color=LINE, num_format="#,##0", align="left")
    total = look("total", bold=True)
    sum_of = look("sum", bold=True, num_format="#,##0", align="left")
    sheet.write_string(at, 0, _text(report.words.status), head)
    sheet.write_string(at, 1, _text(report.words.count), head)
    for each in report.counts:
        at += 1
        sheet.write_string(at, 0, _text(each.word), line)
        sheet.write_number(at, 1, each.count, count)
    sheet.write_string(at + 1, 0, _text(report.words.total), total)
    sheet.write_number(at + 1, 1, report.total, sum_of)


def _print(sheet: Worksheet, report: Report) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
    sheet.set_header(f"&L{_in_header(report.title)}&R{report.as_of.isoformat()}")
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

    def __init__(self, sheet: Worksheet, report: Report, look: _Look) -> None:
        self.sheet, self.report, self.look = sheet, report, look
        self.links_left = MOST_LINKS
        self.printed = _printed(report.columns)
        self.body = look("body")
        self.wrapped = look("printed", text_wrap=True, bottom=1, bottom_color=LINE)
        self.day = look("day", **DAY)
        self.share = look("share", num_format="0.00%", align="right")
        self.link = look("link", font_color="#0B5CAD", underline=1)

    def write(self) -> None:
        sheet, columns = self.sheet, self.report.columns
        head = self.look(
            "heading", bold=True, bg_color=TINT, text_wrap=True, bottom=1, valign="vcenter"
        )
        sheet.set_row(0, 32)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
            sheet.write_string(0, at, _text(column.heading), head)
        last = 0
        for last, row in enumerate(self.report.rows, start=1):
            self.write_row(last, row)
        sheet.freeze_panes(1, _frozen(columns))
        sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
        sheet.repeat_rows(0)
        _print(sheet, self.report)
        sheet.print_area(0, 0, last, self.printed)
        sheet.fit_to_pages(1, 0)

    def write_row(self, at: int, row: Row) -> None:
        self.sheet.set_row(at, self.height(row))
        for place, (column, cell) in enumerate(zip(self.report.columns, row, strict=True)):
            if cell is not None and cell != "":
                self.write_cell(at, place, column, cell)
            elif place <= self.printed:
                self.sheet.write_blank(at, place, None, self.wrapped)

    def height(self, row: Row) -> float:
        """Room for the wrapped cells: not every program works that out by itself."""
        columns = self.report.columns[: self.printed + 1]
        texts = zip(columns, row, strict=False)
        lines = max(
            (_lines(cell, column.width) for column, cell in texts if isinstance(cell, str)),
            default=1,
        )
        return min(max(lines * LINE_HEIGHT + 3, LEAST_HEIGHT), MOST_HEIGHT)

    def write_cell(self, at: int, place: int, column: Column, cell: Cell) -> None:
        if isinstance(cell, date):
            self.sheet.write_datetime(at, place, _midnight(cell), self.day)
        elif isinstance(cell, Decimal | int):
            self.write_number(at, place, column, cell)
        elif cell is not None:
            self.write_text(at, place, column, _text(cell))

    def write_number(self, at: int, place: int, column: Column, value: Decimal | int) -> None:
        if column.type is Type.SHARE:
            look = self.share
        elif column.type is Type.INTEGER:
            look = self.look("integer", num_format="0", align="left")
        else:
            look = self.look.number(value)
        self.sheet.write_number(at, place, float(value), look)

    def write_text(self, at: int, place: int, column: Column, text: str) -> None:
        is_link = (
            column.type is Type.URL
            and self.links_left > 0
            and text.startswith(("http://", "https://"))
            and len(text) <= LONGEST_LINK
        )
        if is_link:
            self.links_left -= 1
            self.sheet.write_url(at, place, text, self.link, string=text)
        else:
            look = self.wrapped if place <= self.printed else self.body
            self.sheet.write_string(at, place, text, look)


def _lines(text: str, width: int) -> int:
    """About how many lines a text takes in a column; a Chinese character is two Latin ones."""
    room = width * 1.05
    return sum(
        max(1, ceil(sum(2 if sign > "\u2e7f" else 1 for sign in line) / room))
        for line in text.split("\n")
    )


def _printed(columns: tuple[Column, ...]) -> int:
    """The last column that goes on paper: the sentence; what follows is for machines."""
    keys = [column.key for column in columns]
    return keys.index("sentence") if "sentence" in keys else len(columns) - 1


def _frozen(columns: tuple[Column, ...]) -> int:
    """How many columns stay in sight: those up to the commitment's title."""
    keys = [column.key for column in columns]
    return keys.index("title") + 1 if "title" in keys else 0
