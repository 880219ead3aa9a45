"""The archive of everything public: described truly, summed, the same each time, and enough to
compute every status again."""

import csv
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import TestCase
from django.utils.translation import override

from commitments.archive import archive_bytes
from commitments.models import Assessment, Commitment, Observation, SheetImport
from commitments.open_data import TABLES
from commitments.views.archive import HELD
from tests.factories import (
    make_amendment,
    make_commitment,
    make_issued_report,
    make_observation,
    make_target,
    make_user,
    moment,
)

RECOMPUTE = settings.BASE_DIR / "docs" / "recompute.py"
DATA = settings.BASE_DIR / "commitments" / "data"
READ = {
    "string": str,
    "integer": int,
    "number": Decimal,
    "date": date.fromisoformat,
    "boolean": {"true": True, "false": False}.__getitem__,
    "array": json.loads,
    "any": json.loads,
}


def opened(data):
    return zipfile.ZipFile(io.BytesIO(data))


class Archive(TestCase):
    """Both plans that the code comes with, and a register's later life."""

    @classmethod
    def setUpTestData(cls):
        for plan in ("zhuzhou-2021", "xulan-example"):
            call_command(
                "load_plan", settings.BASE_DIR / "commitments" / "data" / plan, verbosity=0
            )
        at = moment(date(2026, 3, 3))
        promise = Commitment.objects.get(code="XL-001")
        make_amendment(promise, published=True, at=at)
        figure = Observation.objects.live().filter(indicator__targets__commitment=promise).first()
        make_observation(
            figure.indicator, figure.period, figure.value + 1, at=at, published_on=at.date()
        )
        make_issued_report(promise.plan, date(2026, 1, 31))
        cls.data = archive_bytes()

    def setUp(self):
        self.book = opened(self.data)
        # Another test's, at the same revision: it rises at the end of a transaction.
        HELD.mark = None

    def json(self, name):
        return json.loads(self.book.read(name))

    # --- What it says of itself ---------------------------------------------------------

    def test_every_cell_is_of_the_type_that_is_said(self):
        package = self.json("datapackage.json")
        assert {each["name"] for each in package["resources"]} == {*TABLES}
        for resource in package["resources"]:
            schema = resource["schema"]
            text = self.book.read(resource["path"]).decode(resource["encoding"])
            head, *rows = csv.reader(io.StringIO(text, newline=""))
            assert head == [each["name"] for each in schema["fields"]]
            keys = set()
            for row in rows:
                cells = dict(zip(head, row, strict=True))
                for field in schema["fields"]:
                    self.check(resource["name"], field, cells[field["name"]])
                keys.add(cells[schema["primaryKey"]])
            assert len(keys) == len(rows), resource["name"]
            assert len(rows) == len(self.json(f"data/{resource['name']}.json"))

    def check(self, table, field, text):
        constraints = field.get("constraints", {})
        if text == "":
            assert not constraints.get("required"), (table, field["name"])
            return
        READ[field["type"]](text)
        assert text in constraints.get("enum", [text]), (table, field["name"], text)

    def test_every_key_names_a_row(self):
        package = self.json("datapackage.json")
        tables = {name: self.json(f"data/{name}.json") for name in TABLES}
        checked = 0
        for resource in package["resources"]:
            for key in resource["schema"]["foreignKeys"]:
                there = {
                    row[key["reference"]["fields"]] for row in tables[key["reference"]["resource"]]
                }
                named = {row[key["fields"]] for row in tables[resource["name"]]} - {None, ""}
                assert named <= there, (resource["name"], key, named - there)
                checked += bool(named)
        assert checked > 10

    def test_every_title_is_in_both_languages(self):
        for resource in self.json("datapackage.json")["resources"]:
            # A checksum is called the same everywhere.
            for field in (
                each for each in resource["schema"]["fields"] if each["name"] != "sha256"
            ):
                assert any("\u4e00" <= sign <= "\u9fff" for sign in field["title"]), field

    def test_csv_and_json_say_the_same(self):
        for name in ("observations", "targets", "commitments"):
            text = self.book.read(f"data/{name}.csv").decode("utf-8-sig")
            for row, told in zip(
                csv.DictReader(io.StringIO(text, newline="")),
                self.json(f"data/{name}.json"),
                strict=True,
            ):
                for key, value in told.items():
                    cell = row[key].removeprefix("'") if isinstance(value, str) else row[key]
                    if isinstance(value, bool | list | dict):
                        assert json.loads(cell) == value
                    else:
                        assert cell == ("" if value is None else str(value)), (name, key)

    def test_the_texts_hold_the_quotes(self):
        for row in self.json("data/commitments.json"):
            text = self.book.read(f"documents/{row['source']}.txt").decode()
            start = row["quote_start"]
            assert text[start : start + len(row["quote"])] == row["quote"]

    def test_fictional_plans_say_so(self):
        told = {row["code"]: row["is_fictional"] for row in self.json("data/plans.json")}
        assert told == {"zhuzhou-2021": False, "xulan-example": True}
        for name in ("README.zh.md", "README.en.md"):
            assert name in self.book.namelist()
        assert "虚构" in self.book.read("README.zh.md").decode()

    # --- One whole ----------------------------------------------------------------------

    def test_every_file_has_its_checksum(self):
        lines = self.book.read("SHA256SUMS").decode().splitlines()
        told = dict(reversed(line.split("  ")) for line in lines)
        assert {*told, "SHA256SUMS"} == {*self.book.namelist()}
        for name, sha256 in told.items():
            assert hashlib.sha256(self.book.read(name)).hexdigest() == sha256

    def test_the_same_register_gives_the_same_bytes_and_another_does_not(self):
        for language in ("zh-hans", "en"):
            with self.subTest(language), override(language):
                assert archive_bytes() == self.data
        make_observation(Observation.objects.first().indicator, 2031, 1)
        assert archive_bytes() != self.data

    def test_what_is_not_public_is_not_in_it(self):
        hidden = make_commitment(code="HIDDEN-1", published=False)
        make_target(hidden, code="HIDDEN-1.1", published=False)
        make_observation(Observation.objects.first().indicator, 2031, 73519, published=False)
        before = {n: self.book.read(n) for n in self.book.namelist() if n.startswith("data/")}
        now = opened(archive_bytes())
        for name, content in before.items():
            assert now.read(name) == content, name

    def test_the_page_sends_it_once_for_each_revision(self):
        answer = self.client.get("/data/commitments-register.zip")
        content = b"".join(answer.streaming_content)
        assert answer["Content-Type"] == "application/zip"
        assert int(answer["Content-Length"]) == len(content)
        assert opened(content).testzip() is None
        again = self.client.get(
            "/en/data/commitments-register.zip", headers={"if-none-match": answer["ETag"]}
        )
        assert again.status_code == 304

    def test_catalogues_read_what_there_is_and_its_checksum(self):
        for prefix in ("", "/en"):
            answer = self.client.get(f"{prefix}/data/catalogue.jsonld")
            assert answer["Content-Type"] == "application/ld+json"
            told = answer.json()
            whole, *plans = told["dcat:dataset"]
            assert [each["dct:identifier"] for each in plans] == ["zhuzhou-2021", "xulan-example"]
            [zipped] = whole["dcat:distribution"]
            address = zipped["dcat:downloadURL"]["@id"].removeprefix("http://testserver")
            content = b"".join(self.client.get(address).streaming_content)
            assert (
                zipped["spdx:checksum"]["spdx:checksumValue"]["@value"]
                == hashlib.sha256(content).hexdigest()
            )
            for plan in plans:
                for each in plan["dcat:distribution"]:
                    address = each["dcat:downloadURL"]["@id"].removeprefix("http://testserver")
                    assert self.client.get(address).status_code == 200

    def test_the_command_writes_the_same(self):
        with self.settings():
            path = Path(settings.MEDIA_ROOT) / "archive.zip"
            call_command("export_archive", str(path), verbosity=0)
            assert path.read_bytes() == self.data

    # --- Taken in again -----------------------------------------------------------------

    def test_its_sheets_are_what_import_accepts_and_change_nothing(self):
        admin = make_user("admin", is_staff=True, is_superuser=True)
        self.client.force_login(admin)
        for subject in ("figures", "commitments"):
            data = self.book.read(f"import/{subject}.csv")
            file = SimpleUploadedFile(f"{subject}.csv", data)
            given = {"subject": subject, "file": file}
            answer = self.client.post("/en/admin/commitments/sheetimport/add/", given)
            assert answer.status_code == 302, answer.context["form"].errors
            counts = SheetImport.objects.latest("pk").counts
            assert counts["unchanged"] > 30
            assert {n for name, n in counts.items() if name != "unchanged"} == {0}, counts

    # --- Computed again -----------------------------------------------------------------

    def run_on(self, data):
        path = Path(settings.MEDIA_ROOT) / "to-recompute.zip"
        path.write_bytes(data)
        # Without anything that is installed: Python and the rule alone.
        return subprocess.run(
            [sys.executable, "-I", "-S", str(RECOMPUTE), str(path)],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def test_every_status_of_every_day_comes_out_the_same(self):
        done = self.run_on(self.data)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        runs = Assessment.objects.count()
        assert f"{runs} runs of days, 0 differ" in done.stdout
        assert runs > 200

    def test_a_status_that_was_changed_is_found(self):
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as book:
            for name in self.book.namelist():
                content = self.book.read(name)
                if name == "data/assessments.json":
                    content = content.replace(b'"status": "missed"', b'"status": "achieved"', 1)
                    assert content != self.book.read(name)
                book.writestr(name, content)
        done = self.run_on(held.getvalue())
        assert done.returncode == 1
        assert "1 differ" in done.stdout
