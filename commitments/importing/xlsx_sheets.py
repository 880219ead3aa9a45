"""The bytes of an XLSX workbook to its sheets, with nothing of it run, followed or trusted.

A workbook is a zip of XML parts. They are read with Python's own zipfile and expat, because what a
careful import must see is what libraries leave out: a formula without a result, a percentage, a
merged or hidden cell (docs/decisions/0014).
"""

import io
import posixpath
import re
import zipfile
import zlib
from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta
from decimal import Decimal
from math import isfinite
from xml.parsers import expat

from django.utils.translation import gettext as _

from commitments.importing.csv_sheet import too_many_rows
from commitments.importing.sheet import (
    EMPTY,
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_UNZIPPED,
    Cell,
    Kind,
    Row,
    Sheet,
    Unreadable,
    letter,
    text_cell,
)

MOST_PARTS = 1_000
MOST_SHEETS = 20
# Of one part: more than a sheet of the most rows and columns can need.
MOST_ELEMENTS = 2_000_000
MOST_TEXTS = 500_000
MOST_FORMATS = 65_000
MOST_MERGED = 100_000
# Characters of a number format, as Excel allows.
LONGEST_FORMAT = 255
PIECE = 1 << 16
# Digits a spreadsheet keeps of a number; it shows no more, and writes zeros for those beyond.
DIGITS = 15
# Formats that every workbook has without defining them; 27-36 and 50-58 are dates in Chinese.
DATE_FORMATS = {*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)}
PERCENT_FORMATS = {9, 10}
# What a number format says literally: quoted, escaped, a colour or a condition in brackets.
LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
DATE_SIGNS = re.compile(r"[ymdhs]", re.IGNORECASE)
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def read_xlsx(data):
    """The visible sheets of a workbook's bytes. Raises `Unreadable`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            check_parts(book)
            return Workbook(book).sheets()
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        expat.ExpatError,
    ) as error:
        raise Unreadable(
            _("The workbook is damaged. Open it in your spreadsheet program and save it again.")
        ) from error


def check_parts(book):
    """Refuse by the table of contents alone, before anything is unpacked.

    The sizes there can be trusted that far: zipfile unpacks no more of a part than its entry says.
    """
    parts = book.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(_("The file is locked by a password. Save it without one."))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNZIPPED:
        raise Unreadable(
            _("Unpacked, the workbook is larger than %(most)d MB. Copy the rows into a new one.")
            % {"most": MOST_UNZIPPED // 1_000_000}
        )
    names = [part.filename.lower() for part in parts]
    if any("vbaproject" in name or "/macrosheets/" in name for name in names):
        raise Unreadable(_("The workbook has macros. Save it as a workbook without them (.xlsx)."))
    if any(name.startswith("xl/externallinks/") for name in names):
        raise Unreadable(
            _("The workbook takes values from other files. Replace these links by their values.")
        )


class Workbook:
    def __init__(self, book):
        self.book = book
        self.epoch = datetime(1899, 12, 30)
        # The visible sheets: name, and the id of the link to its part.
        self.listed = []
        self.texts = []
        # What the number in a cell of each style is.
        self.styles = [Kind.NUMBER]

    def sheets(self):
        path = next(
            (path for kind, path in self.links("").values() if kind == "officeDocument"), ""
        )
        links = self.links(path)
        self.parse(path, self.on_workbook)
        if len(self.listed) > MOST_SHEETS:
            raise Unreadable(
                _("The workbook has more than %(most)d sheets.") % {"most": MOST_SHEETS}
            )
        for kind, part in links.values():
            if kind == "sharedStrings":
                self.texts = Texts(self, part).found
            elif kind == "styles":
                self.styles = Styles(self, part).found
        return [
            SheetReader(self, name, links[key][1]).sheet
            for name, key in self.listed
            if links.get(key, ("", ""))[0] == "worksheet"
        ]

    def on_workbook(self, name, attributes):
        if name == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            self.epoch = datetime(1904, 1, 1)
        elif name == "sheet" and attributes.get("state", "visible") == "visible":
            key = next((key for key in attributes if key.endswith(":id")), "")
            self.listed.append((attributes.get("name", ""), attributes.get(key)))

    def links(self, path):
        """What a part is related to: {id: (kind, path)}."""
        found = {}

        def on_link(name, attributes):
            if name != "Relationship" or attributes.get("TargetMode") == "External":
                return
            place = posixpath.join("/", posixpath.dirname(path), attributes.get("Target", ""))
            kind = posixpath.basename(attributes.get("Type", ""))
            found[attributes.get("Id")] = (kind, posixpath.normpath(place).lstrip("/"))

        folder, name = posixpath.split(path)
        self.parse(posixpath.join(folder, "_rels", f"{name}.rels"), on_link)
        return found

    def parse(self, path, start, end=None, text=None):
        """Read one part of the workbook; elements come by their names without a prefix."""
        count = 0

        def on_start(name, attributes):
            nonlocal count
            count += 1
            if count > MOST_ELEMENTS:
                raise Unreadable(
                    _("The workbook is too large. Copy the rows that you need into a new one.")
                )
            start(name.rpartition(":")[2], attributes)

        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = refuse_doctype
        parser.StartElementHandler = on_start
        if end:
            parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
            parser.CharacterDataHandler = text
        try:
            part = self.book.open(path)
        except KeyError:
            raise zipfile.BadZipFile(path) from None
        with part:
            while piece := part.read(PIECE):
                parser.Parse(piece)
            parser.Parse(b"", True)


def refuse_doctype(*_declared):
    # Entities are declared there, and with them a small file can swell or reach outside.
    raise Unreadable(
        _("The workbook has a document type declaration, which no spreadsheet program writes.")
    )


class Texts:
    """The texts that cells share, in order."""

    def __init__(self, workbook, path):
        self.found = []
        self.pieces, self.is_collecting, self.is_reading_aid = [], False, False
        workbook.parse(path, self.start, self.end, self.text)

    def start(self, name, attributes):
        if name == "si":
            self.pieces = []
        elif name == "rPh":
            self.is_reading_aid = True
        elif name == "t":
            self.is_collecting = not self.is_reading_aid

    def end(self, name):
        if name == "t":
            self.is_collecting = False
        elif name == "rPh":
            self.is_reading_aid = False
        elif name == "si":
            if len(self.found) >= MOST_TEXTS:
                raise Unreadable(
                    _("The workbook is too large. Copy the rows that you need into a new one.")
                )
            self.found.append(text_cell(unescaped("".join(self.pieces))))

    def text(self, text):
        if self.is_collecting:
            self.pieces.append(text)


class Styles:
    """What kind of value the number format of each cell style shows."""

    def __init__(self, workbook, path):
        self.found, self.codes, self.kinds, self.is_cell = [], {}, {}, False
        workbook.parse(path, self.start, self.end)

    def start(self, name, attributes):
        if name == "numFmt":
            code = attributes.get("formatCode", "")[:LONGEST_FORMAT]
            self.codes[attributes.get("numFmtId")] = code
        elif name == "cellXfs":
            self.is_cell = True
        elif name == "xf" and self.is_cell and len(self.found) < MOST_FORMATS:
            number = attributes.get("numFmtId", "0")
            if number not in self.kinds:
                self.kinds[number] = self.kind(number)
            self.found.append(self.kinds[number])

    def end(self, name):
        if name == "cellXfs":
            self.is_cell = False

    def kind(self, number):
        code = LITERAL.sub("", self.codes.get(number, ""))
        known = int(number) if number.isdecimal() else 0
        if "%" in code or known in PERCENT_FORMATS:
            return Kind.PERCENT
        return Kind.DATE if DATE_SIGNS.search(code) or known in DATE_FORMATS else Kind.NUMBER


class SheetReader:
    """One sheet, cell by cell as it is written; only cells with something in them are kept."""

    def __init__(self, workbook, name, path):
        self.workbook, self.sheet = workbook, Sheet(name)
        self.row = Row(0, [])
        self.place, self.type, self.style = -1, "", ""
        self.pieces, self.is_collecting, self.is_reading_aid = [], False, False
        self.has_formula = self.has_value = False
        self.merged = []
        workbook.parse(path, self.start, self.end, self.text)
        self.mark_merged()

    def start(self, name, attributes):
        if name == "c":
            self.start_cell(attributes)
        elif name == "v" or (name == "t" and not self.is_reading_aid):
            self.is_collecting = self.has_value = True
        elif name == "f":
            self.has_formula = True
        elif name == "row":
            number = attributes.get("r", "")
            self.row = Row(int(number) if number.isdecimal() else self.row.number + 1, [])
            self.row.is_hidden = attributes.get("hidden") in ("1", "true")
            self.place = -1
        elif name == "rPh":
            self.is_reading_aid = True
        elif name == "mergeCell":
            self.merged.append(attributes.get("ref", ""))

    def start_cell(self, attributes):
        where = REFERENCE.fullmatch(attributes.get("r", ""))
        self.place = place_of(where[1]) if where else self.place + 1
        self.type, self.style = attributes.get("t", "n"), attributes.get("s", "0")
        self.pieces = []
        self.has_formula = self.has_value = False

    def text(self, text):
        if self.is_collecting:
            self.pieces.append(text)

    def end(self, name):
        if name == "v" or name == "t":
            self.is_collecting = False
        elif name == "c":
            cell = self.cell("".join(self.pieces))
            if cell:
                self.keep(cell)
        elif name == "row":
            if self.row.cells:
                self.sheet.rows.append(self.row)
        elif name == "rPh":
            self.is_reading_aid = False

    def keep(self, cell):
        if self.place >= MOST_COLUMNS:
            raise Unreadable(
                _(
                    "The cell %(place)s has something in it; only the first %(most)d columns are "
                    "read. Empty it, or copy the rows into a new workbook."
                )
                % {"place": f"{letter(self.place)}{self.row.number}", "most": MOST_COLUMNS}
            )
        if len(self.sheet.rows) > MOST_ROWS:
            raise Unreadable(too_many_rows())
        cells = self.row.cells
        cells.extend([EMPTY] * (self.place + 1 - len(cells)))
        cells[self.place] = cell

    # --- One cell ------------------------------------------------------------------------------

    def cell(self, text):
        if self.has_formula and not self.has_value:
            return Cell(Kind.FORMULA, "")
        if self.type == "s":
            return self.shared(text)
        if self.type in ("str", "inlineStr"):
            return text_cell(unescaped(text))
        if not text:
            return EMPTY
        if self.type == "b":
            return Cell(Kind.YES_NO, "TRUE" if text == "1" else "FALSE")
        if self.type == "e":
            return Cell(Kind.ERROR, text[:LONGEST_CELL])
        if self.type == "d":
            return Cell(Kind.DATE, text[:10])
        return self.number(text)

    def shared(self, text):
        if not text.isdecimal() or int(text) >= len(self.workbook.texts):
            raise zipfile.BadZipFile
        return self.workbook.texts[int(text)]

    def number(self, text):
        try:
            value = float(text)
        except ValueError:
            raise zipfile.BadZipFile from None
        if not isfinite(value):
            return Cell(Kind.ERROR, text[:LONGEST_CELL])
        # The sheet's own precision: 0.1 + 0.2 is 0.3 to whoever looks at it.
        shown = f"{value:.{DIGITS}g}"
        if abs(value) >= 10**DIGITS:
            return Cell(Kind.ROUNDED, shown)
        kind = self.kind_of_number()
        if kind is Kind.DATE:
            return self.day(value) or Cell(Kind.NUMBER, plain(shown))
        return Cell(kind, plain(shown))

    def kind_of_number(self):
        styles = self.workbook.styles
        number = int(self.style) if self.style.isdecimal() else 0
        return styles[number] if number < len(styles) else Kind.NUMBER

    def day(self, value):
        """A date, with its time if it has one; None for what is only a time or no date at all."""
        try:
            moment = self.workbook.epoch + timedelta(days=value)
        except OverflowError:
            return None
        if value < 1:
            return None
        if value == int(value):
            return Cell(Kind.DATE, moment.date().isoformat())
        return Cell(Kind.DATE, moment.isoformat(sep=" ", timespec="minutes"))

    # --- Merged cells --------------------------------------------------------------------------

    def mark_merged(self):
        """Mark the cells that a merged one covers: whether its value is theirs too is a guess."""
        numbers = [row.number for row in self.sheet.rows]
        marked = 0
        for area in self.merged:
            first, last = (REFERENCE.fullmatch(corner) for corner in area.partition(":")[::2])
            if not first or not last:
                continue
            left, right = place_of(first[1]), min(place_of(last[1]), MOST_COLUMNS - 1)
            top, bottom = int(first[2]), int(last[2])
            rows = self.sheet.rows[bisect_left(numbers, top) : bisect_right(numbers, bottom)]
            marked += 1 + len(rows) * (right - left + 1)
            if marked > MOST_MERGED:
                raise Unreadable(_("The workbook has too many merged cells. Take them apart."))
            for row in rows:
                self.mark(row, left + (row.number == top), right)

    def mark(self, row, left, right):
        row.cells.extend([EMPTY] * (right + 1 - len(row.cells)))
        for place in range(left, right + 1):
            row.cells[place] = Cell(Kind.MERGED, "")


def place_of(letters):
    """The number of a column, counted from 0: A is 0, AA is 26."""
    place = 0
    for each in letters:
        place = place * 26 + ord(each) - ord("A") + 1
    return place - 1


def plain(number):
    text = format(Decimal(number), "f")
    return "0" if text in ("-0", "") else text


def unescaped(text):
    """A text with the signs that the format writes by their number, as _x000D_."""
    if "_x" in text:
        text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if len(text) > LONGEST_CELL:
        raise Unreadable(
            _("A cell of the workbook is longer than %(most)d characters.") % {"most": LONGEST_CELL}
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")
