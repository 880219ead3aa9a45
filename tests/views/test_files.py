"""The files behind a list: what is seen is what is downloaded, under a telling name."""

import csv
import io
import json
import zipfile
from types import SimpleNamespace
from urllib.parse import unquote

import docx
import openpyxl
import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import TestCase
from django.utils import timezone
from pypdf import PdfReader

from commitments.report.kinds import KINDS, MOST_IN_DOCUMENT
from commitments.views import slots
from tests import factories as make

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def body(response):
    return b"".join(response.streaming_content)


def text_of(written, ext):
    """All that a file says, whatever it is packed in."""
    if ext == "pdf":
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(written)).pages)
    if ext in ("csv", "json"):
        return written.decode()
    with zipfile.ZipFile(io.BytesIO(written)) as parts:
        return "".join(parts.read(name).decode(errors="replace") for name in parts.namelist())


def lines(response):
    text = body(response).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def name(response):
    return unquote(response["Content-Disposition"].partition("filename")[2].lstrip("*=utf-8'"))


class Files(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.plan = make.make_plan(
            code="zhuzhou-2021",
            issuer_zh="株洲市（第二场新闻发布会）",
            issuer_en="City of Zhuzhou (second press conference)",
        )
        cls.theme = make.make_theme(code="water", name_zh="水", name_en="Water")
        make.make_commitment(code="ZZ-001", theme=make.make_theme(code="air"))
        make.make_target(make.make_commitment(code="ZZ-002", theme=cls.theme, due_year=2026))
        make.make_commitment(code="ZZ-003", theme=cls.theme, published=False)
        cls.today = timezone.localdate().isoformat()

    def test_a_csv_file(self):
        response = self.client.get("/commitments.csv")
        assert response.status_code == 200
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert name(response) == f"株洲市承诺事项_{self.today}.csv"
        assert response.streaming
        assert [line["编号"] for line in lines(response)] == ["ZZ-001", "ZZ-002"]

    def test_a_json_file(self):
        response = self.client.get("/en/commitments.json")
        assert response["Content-Type"] == "application/json"
        assert name(response) == f'"zhuzhou-2021_commitments_{self.today}.json"'
        document = json.loads(body(response))
        assert document["about"]["as_of"] == self.today
        assert document["about"]["language"] == "en"
        assert [row["code"] for row in document["rows"]] == ["ZZ-001", "ZZ-002"]

    def test_an_xlsx_file(self):
        response = self.client.get("/commitments.xlsx")
        assert response["Content-Type"] == XLSX
        assert name(response) == f"株洲市承诺事项_{self.today}.xlsx"
        table = openpyxl.load_workbook(io.BytesIO(body(response)))["承诺事项"]
        assert [row[0].value for row in table] == ["编号", "ZZ-001", "ZZ-002"]

    def test_a_pdf_file(self):
        response = self.client.get("/commitments.pdf")
        assert response["Content-Type"] == "application/pdf"
        assert name(response) == f"株洲市承诺事项进展报告_{self.today}.pdf"
        pages = PdfReader(io.BytesIO(response.content)).pages
        assert "ZZ-002" in "".join(page.extract_text() for page in pages)

    def test_a_docx_file(self):
        response = self.client.get("/en/commitments.docx")
        assert response["Content-Type"].endswith("wordprocessingml.document")
        assert name(response) == f'"zhuzhou-2021_report_{self.today}.docx"'
        tables = docx.Document(io.BytesIO(response.content)).tables
        assert "ZZ-002" in [cell.text for table in tables for cell in table.columns[0].cells]

    def test_an_ods_file(self):
        response = self.client.get("/en/commitments.ods")
        assert response["Content-Type"] == "application/vnd.oasis.opendocument.spreadsheet"
        assert name(response) == f'"zhuzhou-2021_commitments_{self.today}.ods"'
        with zipfile.ZipFile(io.BytesIO(body(response))) as parts:
            assert b"ZZ-002" in parts.read("content.xml")

    def test_a_draft_is_in_no_kind_of_file(self):
        for ext in ("csv", "json", "xlsx", "ods", "docx", "pdf"):
            query = "&".join(f"part={part}" for part in ("summary", "table", "details"))
            response = self.client.get(f"/en/commitments.{ext}?{query}")
            written = body(response) if response.streaming else response.content
            assert "ZZ-003" not in text_of(written, ext), ext
            assert "ZZ-002" in text_of(written, ext), ext

    def test_only_the_parts_asked_for_are_in_it(self):
        response = self.client.get("/en/commitments.json?part=table")
        assert list(json.loads(body(response))) == ["about", "columns", "rows"]
        response = self.client.get("/en/commitments.json?part=all")
        assert response.status_code == 400
        assert response.json()["errors"][0]["field"] == "part"

    def test_a_document_that_would_be_too_long_is_refused_with_a_way_out(self):
        make.make_commitments(MOST_IN_DOCUMENT)
        for ext in ("pdf", "docx"):
            response = self.client.get(f"/en/commitments.{ext}")
            self.assertContains(response, "take XLSX, ODS, CSV or JSON", status_code=400)
            assert "Content-Disposition" not in response

    def test_the_query_of_the_list_narrows_the_file(self):
        response = self.client.get("/en/commitments.csv?theme=water&sort=code")
        assert [line["Code"] for line in lines(response)] == ["ZZ-002"]

    def test_its_name_says_which_part_of_the_plan_it_is(self):
        for query, told in (
            ("theme=water", "_水"),
            ("theme=water&sort=code", "_水"),
            ("q=350", "_筛选"),
            ("&".join(f"due_year={year}" for year in range(2001, 2026)), "_筛选"),
            ("sort=code", ""),
        ):
            response = self.client.head(f"/commitments.csv?{query}")
            assert name(response) == f"株洲市承诺事项_{self.today}{told}.csv", query
        response = self.client.head("/en/commitments.pdf?theme=water&group=due_no_figure")
        assert f"_report_{self.today}_due-no-figure-Water.pdf" in name(response)

    def test_the_file_says_what_was_asked_for(self):
        response = self.client.get("/en/commitments.json?theme=water&q=350")
        asked = json.loads(body(response))["about"]["asked"]
        assert asked == ["Search: 350", "Theme: Water"]
        response = self.client.get("/commitments.json?theme=water")
        assert json.loads(body(response))["about"]["asked"][0].endswith("：水")

    def test_the_order_of_the_list_is_that_of_the_file(self):
        for sort, codes in (("code", ["ZZ-001", "ZZ-002"]), ("due", ["ZZ-001", "ZZ-002"])):
            response = self.client.get(f"/en/commitments.csv?sort={sort}")
            assert [line["Code"] for line in lines(response)] == codes

    def test_a_past_day_is_in_the_name_and_in_every_row(self):
        response = self.client.get("/en/commitments.csv?as_of=2023-05-01")
        assert "2023-05-01" in name(response)
        assert {line["As of"] for line in lines(response)} == {"2023-05-01"}

    def test_an_invented_plan_is_marked_in_name_and_rows(self):
        plan = make.make_plan(code="xulan", is_fictional=True)
        make.make_commitment(plan=plan, code="XL-1")
        response = self.client.get("/commitments.csv?plan=xulan")
        assert name(response) == f"株洲市承诺事项_{self.today}_虚构示例.csv"
        assert [line["是否虚构"] for line in lines(response)] == ["是（虚构示例）"]

    def test_an_invented_plan_is_marked_where_nothing_was_found(self):
        make.make_plan(code="xulan", is_fictional=True)
        response = self.client.get("/en/commitments.json?plan=xulan")
        assert json.loads(body(response))["about"]["is_fictional"] is True

    def test_asked_for_its_head_alone_it_makes_no_file(self):
        for ext in ("csv", "json", "xlsx", "ods", "docx", "pdf"):
            response = self.client.head(f"/commitments.{ext}")
            assert response.status_code == 200
            assert response["Content-Disposition"].startswith("attachment")
            assert response.content == b""

    def test_a_wrong_filter_is_refused_with_words(self):
        response = self.client.get("/en/commitments.csv?status=nonsense")
        self.assertContains(response, "nonsense", status_code=400)
        assert response["Content-Type"].startswith("text/html")
        assert "Content-Disposition" not in response

    def test_a_program_is_told_the_field_and_the_value(self):
        response = self.client.get("/en/commitments.json?as_of=tomorrow")
        assert response.status_code == 400
        assert response.json() == {
            "errors": [
                {
                    "field": "as_of",
                    "message": "“tomorrow” is not a day. Write it as 2026-01-31.",
                }
            ]
        }

    def test_a_day_to_come_and_a_nul_are_refused(self):
        for query in ("as_of=2999-01-01", "q=%00", "plan=none"):
            assert self.client.get(f"/commitments.xlsx?{query}").status_code == 400

    def test_no_other_kind_of_file_is_there(self):
        assert self.client.get("/commitments.exe").status_code == 404

    def test_a_file_is_only_read(self):
        assert self.client.post("/commitments.csv").status_code == 405


def leave(response):
    """End a request as a server does; the test keeps its connection to the database."""
    request_finished.disconnect(close_old_connections)
    response.close()
    request_finished.connect(close_old_connections)


class ManyAtOnce(TestCase):
    """Long files take some of a process's threads at most; the others are for pages."""

    @classmethod
    def setUpTestData(cls):
        make.make_commitment()

    @pytest.fixture(autouse=True)
    def hurried(self, monkeypatch):
        monkeypatch.setattr(slots, "PATIENCE", 0)

    def long(self):
        self.addCleanup(setattr, slots, "LONG", slots.LONG)
        slots.LONG = 0

    def test_one_too_many_is_asked_to_come_back(self):
        self.long()
        sent = [self.client.get("/en/commitments.csv") for _ in range(slots.AT_ONCE)]
        for ext in ("csv", "pdf", "xlsx"):
            response = self.client.get(f"/en/commitments.{ext}")
            assert response.status_code == 503
            assert response["Retry-After"] == "60"
            self.assertContains(response, "Load this page again", status_code=503)
        assert self.client.get("/en/commitments/").status_code == 200
        for response in sent:
            leave(response)
        assert self.client.get("/en/commitments.pdf").status_code == 200

    def test_whoever_goes_away_leaves_no_place_taken(self):
        self.long()
        for _ in range(slots.AT_ONCE + 1):
            slot = slots.Slot(KINDS["csv"], SimpleNamespace(total=1))
            held = slots.Held((part for part in (b"first", b"second")), slot)
            assert next(iter(held)) == b"first"
            held.close()

    def test_every_kind_gives_its_place_back(self):
        self.long()
        for ext in ("pdf", "docx", "xlsx", "ods", "csv", "json"):
            for _ in range(slots.AT_ONCE + 1):
                response = self.client.get(f"/en/commitments.{ext}")
                assert response.status_code == 200, ext
                leave(response)

    def test_a_short_file_needs_no_place(self):
        sent = [self.client.get("/en/commitments.csv") for _ in range(slots.AT_ONCE + 2)]
        assert {response.status_code for response in sent} == {200}


class NoPlan(TestCase):
    def test_before_any_plan_is_open_a_file_is_empty(self):
        response = self.client.get("/en/commitments.csv")
        assert response.status_code == 200
        assert lines(response) == []
