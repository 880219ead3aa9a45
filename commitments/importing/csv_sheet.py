"""The bytes of a CSV file to a sheet, as any spreadsheet of any country may have saved it."""

import codecs
import csv
import io
import re

from django.utils.translation import gettext as _

from commitments.importing.sheet import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    Row,
    Sheet,
    Unreadable,
    text_cell,
)

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Without a mark it is UTF-8 if it can be, else what Chinese Excel writes.
UNMARKED = ("utf-8", "gb18030")
DELIMITERS = ",\t;"
# Our own files write a text that begins like a formula with an apostrophe before it.
MADE_INERT = re.compile(r"'[=+\-@\t\r\n＝＋－＠]")


def read_csv(data):
    """The sheet of a file's bytes. Raises `Unreadable`."""
    text = decoded(data)
    if "\0" in text:
        raise Unreadable(_("The file is not text. Save it as XLSX or as “CSV UTF-8”."))
    delimiter = delimiter_of(text)
    sheet = Sheet()
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, record in enumerate(records, start=1):
            if any(cell.strip() for cell in record):
                sheet.rows.append(Row(number, cells_of(record, number)))
            if len(sheet.rows) > MOST_ROWS + 1:
                raise Unreadable(too_many_rows())
    except csv.Error as error:
        raise Unreadable(
            _("Row %(number)d cannot be read as CSV: %(error)s.")
            % {"number": number + 1, "error": error}
        ) from error
    return sheet


def too_many_rows():
    return _(
        "The file has more than %(most)d rows. Split it, or narrow the list before exporting."
    ) % {"most": MOST_ROWS}


def decoded(data):
    for mark, encoding in MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise Unreadable(garbled(data, error.start)) from error
    for encoding in UNMARKED:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            place = error.start
    raise Unreadable(garbled(data, place))


def garbled(data, place):
    return _("Row %(number)d has characters that cannot be read. Save the file as “CSV UTF-8”.") % {
        "number": data[:place].count(b"\n") + 1
    }


def delimiter_of(text):
    """The sign that divides the header into the most cells."""
    first = text.lstrip("\r\n").partition("\n")[0]
    counts = {sign: outside_quotes(first).count(sign) for sign in DELIMITERS}
    return max(DELIMITERS, key=counts.get)


def outside_quotes(line):
    return "".join(line.split('"')[::2])


def cells_of(record, number):
    while record and not record[-1].strip():
        record.pop()
    if len(record) > MOST_COLUMNS:
        raise Unreadable(
            _("Row %(number)d has more than %(most)d cells.")
            % {"number": number, "most": MOST_COLUMNS}
        )
    return [text_cell(clean(cell, number)) for cell in record]


def clean(cell, number):
    if len(cell) > LONGEST_CELL:
        raise Unreadable(
            _("A cell in row %(number)d is longer than %(most)d characters.")
            % {"number": number, "most": LONGEST_CELL}
        )
    if MADE_INERT.match(cell):
        cell = cell[1:]
    return cell.replace("\r\n", "\n").replace("\r", "\n")
