"""Text that wants to do harm in every text of a report, through every format at once."""

import csv
import io
import json
import zipfile
from dataclasses import fields, is_dataclass, replace

import docx
import openpyxl
import pytest
from pypdf import PdfReader

from commitments.domain.status import Status
from commitments.exporters.report import Part
from commitments.exporters.to_csv import to_csv
from commitments.exporters.to_docx import to_docx
from commitments.exporters.to_json import to_json
from commitments.exporters.to_ods import to_ods
from commitments.exporters.to_pdf import to_pdf
from commitments.exporters.to_xlsx import to_xlsx
from tests.exporters.build import OF_STANDING, a_report
from tests.exporters.test_to_ods import rows, sheets

TEXTS = {
    "formula": '=HYPERLINK("http://x";"y")',
    "command": "@SUM(1+1)*cmd|' /C calc",
    "markup": "</w:t></text:p><script>alert(1)</script>&amp;\"'",
    "typst": '#read("/etc/passwd") $x$ *b* \\ @y <z>',
    "right to left": "\u202egnp.exe\u202c\u200f \u2066x\u2069",
    "controls": "前\x00后\x0b\x1b\x7f\ufffe",
    "half a pair": "\ud800半\udfff",
    "emoji": "👩‍👩‍👧‍👦🇨🇳𠀀㵲",
    "long": "长" * 10_000,
    "lines": "一\r\n二\u2028三\u0085四\t五",
    "codes of headers": "&P &N &D &[File] {page} %s",
    "nothing but space": "   ",
}
# What the code decides on and not a person.
KEPT = {"language", "key", "code", "type", "sha256", "status_code", "rule_version"}
# Of any length; the database has no more than so many characters of any other.
LONG = {"asked", "notes", "lead", "paragraphs", "figures"}
MOST = 200


def filled(part, text):
    """A part of a report with another text for each that it has."""
    if isinstance(part, str):
        return text
    if is_dataclass(part):
        return replace(
            part,
            **{
                each.name: filled(
                    getattr(part, each.name), text if each.name in LONG else text[:MOST]
                )
                for each in fields(part)
                if each.name not in KEPT
            },
        )
    if isinstance(part, tuple | list):
        return type(part)(filled(each, text) for each in part)
    return part


@pytest.fixture(params=TEXTS.values(), ids=TEXTS.keys(), scope="module")
def report(request):
    found = a_report(parts=frozenset(Part), fictional="虚构", number="ZZ-1", issued_as="季度报告")
    text = request.param
    # The sheets have names that differ, as those of every language do.
    names = {name: getattr(found.words, name) for name in SHEETS}
    return replace(
        filled(found, text),
        words=replace(filled(found.words, text[:MOST]), **names),
        columns=tuple(replace(column, heading=text[:MOST]) for column in OF_STANDING),
        rows=((text, text, text, Status.BEHIND.value),),
        copies=frozenset(),
    )


SHEETS = ("about", "summary", "table", "details", "figures", "sources", "method")


def in_file(write, report):
    held = io.BytesIO()
    write(report, held)
    return held


def test_csv_has_its_lines_and_runs_nothing(report):
    text = b"".join(to_csv(report)).decode("utf-8-sig")
    found = list(csv.reader(io.StringIO(text, newline="")))
    assert [len(cells) for cells in found] == [4, 4]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in found[1])


def test_json_is_json(report):
    document = json.loads(b"".join(to_json(report)).decode())
    assert len(document["rows"]) == 1
    assert "\0" not in str(document)


def test_xlsx_opens_and_has_no_formula(report):
    book = openpyxl.load_workbook(in_file(to_xlsx, report))
    assert book.sheetnames == [getattr(report.words, name) for name in SHEETS if name != "details"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}


def test_ods_opens_and_has_no_formula(report):
    with zipfile.ZipFile(in_file(to_ods, report)) as parts:
        assert parts.testzip() is None
        assert b"table:formula" not in parts.read("content.xml")
    assert len(rows(sheets(report)[report.words.table])) == 2


def test_docx_opens_and_has_its_parts(report):
    document = docx.Document(io.BytesIO(to_docx(report)))
    assert sum(each.style.name == "Heading 1" for each in document.paragraphs) == 5
    assert not document.element.xpath("//w:instrText")


def test_pdf_opens_and_is_tagged(report):
    document = PdfReader(io.BytesIO(to_pdf(report)))
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "root:" not in "".join(page.extract_text() for page in document.pages[:3])
