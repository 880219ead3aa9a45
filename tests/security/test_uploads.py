"""A file that wants to run: not taken, or sent so that no browser runs it."""

import io
import struct
import zipfile
from email.message import Message

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase

from commitments.models.file_types import FILE_TYPES, WrongFile, type_of
from tests.factories import (
    make_agency,
    make_commitment,
    make_evidence,
    make_staff,
    make_update,
)

SCRIPT = b"<!DOCTYPE html><script>zqx()</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="zqx()"/>'
PNG_HEAD = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", 1, 1)
# Files of a type that is taken, that a browser would also run as a page if it were let.
POLYGLOTS = {
    "x.pdf": b"%PDF-1.7\n" + SCRIPT + b"\n%%EOF",
    "x.png": PNG_HEAD + SCRIPT + b"IEND\xaeB`\x82",
    "x.jpg": b"\xff\xd8\xff\xe0" + SCRIPT + b"\xff\xd9",
    "x.txt": SCRIPT,
    "x.csv": SVG,
    "x.html.txt": SCRIPT,
    "x.svg.csv": SVG,
}
REFUSED = {
    "x.html": SCRIPT,
    "x.svg": SVG,
    "x.xhtml": SCRIPT,
    "x.js": b"zqx()",
    "x.swf": b"FWS",
    "x.exe": b"MZ",
    "x.zip": b"PK\x05\x06" + b"\0" * 18,
    "x.xml": SVG,
    "x.pdf.html": SCRIPT,
    "x.png.svg": SVG,
    "x": SCRIPT,
    "x.pdf ": SCRIPT,
    "x.pdf\0.html": SCRIPT,
    "svg as.png": SVG,
    "html as.pdf": SCRIPT,
    "html as.jpg": SCRIPT,
    "html as.xlsx": SCRIPT,
    "binary as.txt": b"\x00\x01\x02",
}


def package(parts, main="xl/workbook.xml"):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in {"[Content_Types].xml": b"", main: b"", **parts}.items():
            book.writestr(name, content)
    return held.getvalue()


class Uploads(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.agency = make_agency()
        cls.editor = make_staff("editor", cls.agency)
        cls.update = make_update(make_commitment(lead_agency=cls.agency))

    def inert(self, answer):
        assert answer.status_code == 200
        headers = answer.headers
        assert headers["Content-Disposition"].startswith("attachment;")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        kind = headers["Content-Type"].partition(";")[0]
        assert kind in {each.content_type for each in FILE_TYPES.values()}
        assert not {*"\r\n"} & {*"".join(headers.values())}

    def test_what_is_taken_and_could_run_is_sent_inert_to_all(self):
        self.client.force_login(self.editor)
        for name, content in POLYGLOTS.items():
            with self.subTest(name):
                evidence = make_evidence(self.update, name, content)
                self.inert(self.client.get(f"/evidence/{evidence.key}/"))
                address = f"/en/admin/commitments/update/{self.update.pk}/evidence/{evidence.pk}/"
                self.inert(self.client.get(address))
                evidence.delete()

    def test_a_name_does_not_write_headers(self):
        for name in (
            'a"; filename="b.html.txt',
            "a\r\nX-Zqx: 1.txt",
            "长；.txt",
            "../../x.txt",
            "a;b=c.txt",
        ):
            evidence = make_evidence(self.update, name, b"x")
            answer = self.client.get(f"/evidence/{evidence.key}/")
            self.inert(answer)
            assert "X-Zqx" not in answer.headers
            told = Message()
            told["Content-Disposition"] = answer.headers["Content-Disposition"]
            names = [key for key, _value in told.get_params(header="Content-Disposition")]
            assert len(names) == 2, names
            assert "/" not in told.get_filename()
            evidence.delete()

    def test_other_active_content_is_refused(self):
        for name, content in REFUSED.items():
            with self.subTest(name), pytest.raises((WrongFile, ValidationError)):
                type_of(name, len(content), io.BytesIO(content))

    def test_a_form_says_so_and_keeps_nothing(self):
        self.client.force_login(self.editor)
        draft = make_update(self.update.commitment, published=False, by=self.editor)
        address = f"/en/admin/commitments/update/{draft.pk}/change/"
        for name, content in REFUSED.items():
            if "\0" in name:
                continue
            given = {
                "evidence-TOTAL_FORMS": "1",
                "evidence-INITIAL_FORMS": "0",
                "evidence-0-upload": SimpleUploadedFile(name, content),
                "text_zh": "改",
            }
            assert self.client.post(address, given).status_code == 200
            assert not draft.evidence.exists()

    def test_a_package_that_is_a_bomb_is_refused_by_its_list(self):
        bombs = {
            "much of nothing": package({"xl/a.xml": b"\0" * (101 * 1024 * 1024)}),
            "too many parts": package({f"xl/{number}": b"" for number in range(2_001)}),
            "macros": package({"xl/vbaProject.bin": b"x"}),
            "macros elsewhere": package({"x/VBAPROJECT.BIN": b"x"}),
        }
        for why, content in bombs.items():
            assert len(content) < 1_000_000
            with self.subTest(why), pytest.raises(WrongFile):
                type_of("x.xlsx", len(content), io.BytesIO(content))

    def test_an_image_is_not_decoded_however_large_it_says_it_is(self):
        """A picture of 65,000 by 65,000 points would take 16 GB: nothing here unpacks one."""
        head = (
            b"\x89PNG\r\n\x1a\n"
            + struct.pack(">I", 13)
            + b"IHDR"
            + struct.pack(">II", 65_000, 65_000)
        )
        content = head + b"IEND\xaeB`\x82"
        assert type_of("x.png", len(content), io.BytesIO(content)) == "image/png"

    def test_an_import_of_active_content_is_refused_in_words(self):
        self.client.force_login(self.editor)
        for name, content in REFUSED.items():
            if "\0" in name or name == "binary as.txt":
                continue
            given = {"subject": "figures", "file": SimpleUploadedFile(name, content)}
            answer = self.client.post("/en/admin/commitments/sheetimport/add/", given)
            assert answer.status_code == 200
            assert b"<script>zqx" not in answer.content
