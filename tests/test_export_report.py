"""`manage.py export_report`: the files of the page, from the command line."""

import csv
import io
import json

import docx
import pytest
from django.core.management import CommandError, call_command
from django.test import TestCase
from django.utils import timezone

from commitments.report.kinds import MOST_IN_DOCUMENT
from tests import factories as make


class ExportReport(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.plan = make.make_plan(code="zhuzhou-2021", issuer_zh="株洲市")
        make.make_target(make.make_commitment(code="ZZ-001"))
        make.make_commitment(code="ZZ-002", theme=make.make_theme(code="water"))

    @pytest.fixture(autouse=True)
    def place(self, tmp_path):
        self.folder = tmp_path

    def export(self, *arguments):
        told = io.StringIO()
        call_command("export_report", *arguments, "--output", str(self.folder), stdout=told)
        [line] = told.getvalue().splitlines()
        return line

    def test_writes_a_file_with_a_name_of_its_own(self):
        path = self.export("docx")
        today = timezone.localdate().isoformat()
        assert path == str(self.folder / f"株洲市承诺事项进展报告_{today}.docx")
        assert docx.Document(path).paragraphs[0].text == "株洲市承诺事项进展情况"

    def test_is_the_same_file_as_on_the_site(self):
        path = self.export("json", "--language", "en", "--theme", "water", "--part", "table")
        response = self.client.get("/en/commitments.json?theme=water&part=table")
        with open(path, "rb") as file:
            assert file.read() == b"".join(response.streaming_content)

    def test_takes_the_fields_of_the_list(self):
        path = self.export(
            "csv",
            "--language",
            "en",
            "--code",
            "ZZ-001",
            "--code",
            "ZZ-002",
            "--sort",
            "code",
            "--as-of",
            "2024-06-01",
        )
        with open(path, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert [row["Code"] for row in rows] == ["ZZ-001", "ZZ-002"]
        assert {row["As of"] for row in rows} == {"2024-06-01"}

    def test_writes_the_parts_asked_for(self):
        with open(self.export("json", "--part", "summary"), "rb") as file:
            assert list(json.load(file)) == ["about", "summary"]

    def test_writes_every_kind(self):
        for kind in ("pdf", "docx", "xlsx", "ods", "csv", "json"):
            assert self.export(kind).endswith(f".{kind}")

    def test_says_what_it_cannot_read(self):
        with pytest.raises(CommandError, match="“nonsense” is not a part of a report"):
            self.export("pdf", "--language", "en", "--part", "nonsense")
        with pytest.raises(CommandError, match="“tomorrow” is not a day"):
            self.export("pdf", "--language", "en", "--as-of", "tomorrow")
        assert list(self.folder.iterdir()) == []

    def test_says_that_a_document_would_be_too_long(self):
        make.make_commitments(MOST_IN_DOCUMENT)
        with pytest.raises(CommandError, match=f"holds {MOST_IN_DOCUMENT} promises at most"):
            self.export("pdf", "--language", "en")
        assert list(self.folder.iterdir()) == []

    def test_without_an_open_plan_there_is_nothing_to_write(self):
        type(self.plan).objects.update(opened_on=None)
        with pytest.raises(CommandError, match="No plan is open yet"):
            self.export("csv")
