"""A file is taken for what it is, not for what it is called."""

import io
import zipfile

import pytest
from django.utils import translation

from commitments.models import file_types
from commitments.models.file_types import WrongFile, type_of
from tests.factories import PDF

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 40 + b"\xff\xd9"
OFFICE = "application/vnd.openxmlformats-officedocument"


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def package(*names, size=1):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as parts:
        for name in ("[Content_Types].xml", *names):
            parts.writestr(name, b"0" * size)
    return held.getvalue()


DOCX, XLSX = package("word/document.xml"), package("xl/workbook.xml")


def taken(name, content):
    return type_of(name, len(content), io.BytesIO(content))


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("a.PDF", PDF, "application/pdf"),
        ("a.png", PNG, "image/png"),
        ("a.jpg", JPEG, "image/jpeg"),
        ("a.jpeg", JPEG, "image/jpeg"),
        ("a.docx", DOCX, f"{OFFICE}.wordprocessingml.document"),
        ("a.xlsx", XLSX, f"{OFFICE}.spreadsheetml.sheet"),
        ("数据.csv", "年份,数\r\n2023,5\r\n".encode(), "text/csv; charset=utf-8"),
        ("数据.csv", "年份,数\r\n2023,5\r\n".encode("gb18030"), "text/csv; charset=gb18030"),
        ("a.txt", "\ufeff说明".encode(), "text/plain; charset=utf-8"),
    ],
)
def test_a_file_of_a_known_type_is_taken(name, content, content_type):
    assert taken(name, content) == content_type


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.pdf", PNG, "not a PDF file"),
        ("a.pdf", b"%PDF-1.4 cut off", "not a PDF file"),
        ("a.png", JPEG, "not a PNG file"),
        ("a.png", PNG[:20], "not a PNG file"),
        ("a.jpg", b"<html><script>alert(1)</script>", "not a JPEG file"),
        ("a.docx", XLSX, "not a DOCX file"),
        ("a.xlsx", b"PK\x03\x04 broken", "not a XLSX file"),
        ("a.xlsx", package("xl/workbook.xml", "xl/vbaProject.bin"), "macros"),
        ("a.txt", b"MZ\x90\x00\x03", "not a text file"),
        ("a.csv", PNG, "not a text file"),
        ("a.html", b"<p>", "not taken"),
        ("a.svg", b"<svg/>", "not taken"),
        ("a.exe", b"MZ", "not taken"),
        ("pdf", PDF, "not taken"),
        ("a.pdf", b"", "empty"),
    ],
)
def test_any_other_is_refused_in_words(name, content, said):
    if name == "pdf":
        name = "report"
    with pytest.raises(WrongFile, match=said):
        taken(name, content)


def test_a_file_that_is_too_large_is_refused_unread():
    with pytest.raises(WrongFile, match="more than 10 MB"):
        type_of("a.pdf", file_types.MOST_BYTES + 1, None)


def test_a_package_that_unpacks_to_too_much_is_refused():
    bomb = package("xl/workbook.xml", size=file_types.MOST_UNPACKED // 2 + 1)
    assert len(bomb) < 200_000
    with pytest.raises(WrongFile, match="too large when it is unpacked"):
        taken("a.xlsx", bomb)


def test_a_text_is_read_whole_however_its_letters_fall():
    content = ("a" + "数" * file_types.CHUNK).encode()
    assert taken("a.txt", content) == "text/plain; charset=utf-8"
