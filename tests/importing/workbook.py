"""Workbooks for tests: ordinary ones, and ones made to do harm or by accident."""

import io
import zipfile

import xlsxwriter

SHEET = "xl/worksheets/sheet1.xml"


def workbook(*sheets, options=None):
    """The bytes of a workbook; each sheet is a list of rows, or a function that fills it."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, options or {}) as book:
        for rows in sheets or ([["a"], ["b"]],):
            sheet = book.add_worksheet()
            if callable(rows):
                rows(book, sheet)
                continue
            for at, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(at, place, cell)
                    elif cell is not None:
                        sheet.write(at, place, cell)
    return held.getvalue()


def doctored(change=None, part=SHEET, add=(), data=None):
    """A workbook of which one part is changed by a function of its bytes, and others are added."""
    held = io.BytesIO()
    old = zipfile.ZipFile(io.BytesIO(data or workbook()))
    with old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if change and name == part else content)
        for name, content in dict(add).items():
            new.writestr(name, content)
    return held.getvalue()


def with_row(xml):
    """A change that puts some XML at the end of the sheet's rows."""
    return lambda content: content.replace(b"</sheetData>", xml + b"</sheetData>")
