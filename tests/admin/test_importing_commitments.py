"""Commitments with their targets from a file: exported, changed, checked, confirmed."""

import csv
import datetime as dt
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from commitments.actions.reviewing import approve
from commitments.models import Amendment, Commitment, SheetImport, Target
from commitments.models.workflow import State
from tests.factories import (
    QUOTE,
    make_agency,
    make_commitment,
    make_commitments,
    make_indicator,
    make_plan,
    make_source,
    make_staff,
    make_target,
    make_theme,
    moment,
)

UPLOAD = "/en/admin/commitments/sheetimport/add/"
REASON = "Target: reason (Chinese)"
AT = moment(dt.date(2026, 11, 1))


def with_reason(text, reason):
    """An exported sheet with a reason for what each row changes of its public target."""
    rows = [*csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))]
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(row | {REASON: reason} for row in rows)
    return out.getvalue()


class Desk(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.plan = make_plan(code="plan")
        cls.source = make_source(cls.plan, code="report")
        cls.theme = make_theme(code="farming")
        cls.agency = make_agency(code="farm")
        cls.other = make_agency(code="water", name_zh="水利局", name_en="Water")
        cls.indicator = make_indicator(code="leaders")
        cls.editor = make_staff("editor", cls.agency, covers="lead_or_support")
        cls.reviewer = make_staff("reviewer")

    def setUp(self):
        self.client.force_login(self.editor)

    def line(self, **cells):
        return {
            "code": "ZZ-100",
            "plan": "plan",
            "title_zh": "龙头企业达到350家",
            "title_en": "350 leading enterprises",
            "source": "report",
            "quote": QUOTE,
            "quote_start": "",
            "lead_agency": "farm",
            "supporting_agencies": "水利局",
            "theme": "农业农村",
            "due_year": "2025",
            "due_basis": "stated in the text",
            "binding": "约束性",
            "target_code": "ZZ-100.1",
            "target_indicator": "leaders",
            "target_kind": "at_least",
            "target_value": "350",
            "target_unit": "家",
            "target_due_period": "2025",
            "target_due_basis": "stated",
            "target_document": "report",
        } | cells

    def further(self, **cells):
        """A row that has another target of the commitment and says nothing of it again."""
        return {
            name: value if name == "code" or name.startswith("target_") else ""
            for name, value in self.line(**cells).items()
        }

    def sheet(self, *lines):
        held = io.StringIO()
        names = [*dict.fromkeys(name for line in lines for name in line)]
        writer = csv.DictWriter(held, names)
        writer.writeheader()
        writer.writerows(lines)
        return held.getvalue()

    def checked(self, data):
        data = data if isinstance(data, bytes) else data.encode()
        given = {"subject": "commitments", "file": SimpleUploadedFile("a.csv", data)}
        answer = self.client.post(UPLOAD, given)
        assert answer.status_code == 302, answer.context["form"].errors
        return SheetImport.objects.latest("pk")

    def confirm(self, held):
        return self.client.post(f"/en/admin/commitments/sheetimport/{held.pk}/apply/", follow=True)

    def exported(self):
        answer = self.client.get("/en/admin/commitments/commitment/export.csv")
        return b"".join(answer.streaming_content).decode("utf-8-sig")

    def fates(self, held):
        return [row["fate"] for row in held.checked["rows"]]

    def mistakes(self, held):
        found = [*held.checked["problems"]]
        found += [each for row in held.checked["rows"] for each in row["problems"]]
        return [f"{place} {heading}: {message}" for place, heading, message in found]

    def changes(self, held):
        return [change for row in held.checked["rows"] for change in row["changes"]]


class New(Desk):
    def test_a_promise_comes_with_its_targets_and_is_published_as_a_whole(self):
        two = self.line(target_code="ZZ-100.2", target_value="400", target_due_period="2026")
        three = self.further(target_code="ZZ-100.3", target_due_period="2023")
        bare = self.line(
            code="ZZ-101",
            **dict.fromkeys([name for name in self.line() if name.startswith("target_")], ""),
        )
        held = self.checked(self.sheet(self.line(), two, three, bare))
        assert self.mistakes(held) == []
        assert self.fates(held) == ["new", "new", "new", "new"]
        answer = self.confirm(held)
        self.assertContains(answer, "Imported: 5 records")
        made = Commitment.objects.get(code="ZZ-100")
        assert (made.state, made.submitted_by, made.quote_start) == (
            State.IN_REVIEW,
            self.editor,
            self.source.text.index(QUOTE),
        )
        assert [*made.supporting_agencies.all()] == [self.other]
        assert (made.theme, made.binding) == (self.theme, "binding")
        assert [(t.code, t.value, t.state) for t in made.targets.order_by("code")] == [
            ("ZZ-100.1", 350, State.IN_REVIEW),
            ("ZZ-100.2", 400, State.IN_REVIEW),
            ("ZZ-100.3", 350, State.IN_REVIEW),
        ]
        self.assertContains(answer, f"/en/admin/commitments/commitment/{made.pk}/change/")
        assert all(outcome.is_done for outcome in approve([made], by=self.reviewer, at=AT))
        assert made.targets.live().count() == 3
        self.assertContains(self.confirm(held), "Imported: 5 records")
        assert Commitment.objects.count() == 2

    def test_mistakes_are_named_at_once_each_with_its_cell(self):
        make_commitment(code="ZZ-900", lead_agency=self.other)
        taken = make_commitment(code="ZZ-901", lead_agency=self.other)
        make_target(taken, code="ZZ-901.1")
        make_source(make_plan(code="elsewhere"), code="elsewhere")

        def one(number, **cells):
            code = f"ZZ-2{number:02d}"
            return self.line(**({"code": code, "target_code": f"{code}.1"} | cells))

        lines = [
            one(2, plan="nowhere"),
            one(3, title_zh=""),
            one(4, source="elsewhere"),
            one(5, quote="到2025年,达到350家"),
            one(6, quote_start="3"),
            one(7, lead_agency="water"),
            one(8, lead_agency="财政局"),
            one(9, due_year="next year"),
            one(10, due_basis="none"),
            one(11, binding="maybe"),
            one(12, target_kind="more or less"),
            one(13, target_value=""),
            one(14, target_value="３５０"),
            one(15, target_unit="万家"),
            one(16, target_due_period="2025年"),
            one(17, target_kind="class_at_or_better"),
            one(18, target_baseline_period="2020", target_baseline_value=""),
            one(19, target_interim="2026=400"),
            one(20, target_document=""),
            one(21, code="ZZ-900"),
            one(22, target_code="ZZ-901.1"),
            one(23, target_code="ZZ-202.1"),
            one(24, code="a b"),
            one(25, target_kind="coverage", target_value="101"),
            one(26, target_first_period="2020", target_comparator_indicator=""),
            self.line(code="ZZ-203", target_code="ZZ-203.2", title_zh="", title_en="Other"),
        ]
        names = [*dict.fromkeys(name for line in lines for name in line)]
        lines = [dict.fromkeys(names, "") | line for line in lines]
        held = self.checked(self.sheet(*lines))
        found = {}
        for said in self.mistakes(held):
            place, _colon, message = said.partition(": ")
            found.setdefault(int("".join(filter(str.isdigit, place.split()[0]))), []).append(
                f"{place.partition(' ')[2]}: {message}"
            )
        expected = {
            2: "Plan: There is no “nowhere” here.",
            3: "Title (Chinese): This must not be empty.",
            4: "Source document: This source belongs to another plan.",
            5: "Exact words: The quote is not in the source. The nearest place",
            6: "Exact words: The quote is in the source, but at character",
            7: "Lead agency: You do not write for “Water”.",
            8: "Lead agency: There is no “财政局” here.",
            9: "Due year: “next year” is not a year",
            10: "Due year is: Say whether the due year is stated or implied",
            11: "Binding or anticipatory: “maybe” is not known.",
            12: "Target: kind of test: “more or less” is not known.",
            13: "Target: number: This kind of test needs a number.",
            14: "Target: number: “３５０” has full-width characters.",
            15: "Target: unit: The figure is counted in “enterprises”.",
            16: "Target: due period: “2025年” is not a period.",
            17: "Target: kind of test: A test of a quality class goes with",
            18: "Target: baseline: A baseline needs both",
            19: "Target: interim targets: An interim target comes before the due period.",
            20: "Target: document: This must not be empty.",
            21: "Code: The code is in use.",
            22: "Target code: The code is in use.",
            23: "Target code: The code ZZ-202.1 is already in row 2.",
            24: "Code: A code has letters and digits",
            25: "Target: number: Coverage is a percentage",
            26: "Target: compared with: A comparison needs",
            27: "Title (English): Row 3 says otherwise of this commitment.",
        }
        for row, wanted in expected.items():
            assert len(found[row]) == 1, (row, found[row])
            assert found[row][0].startswith(wanted), (row, found[row])
        assert found.keys() == expected.keys()
        self.assertContains(self.confirm(held), "Nothing was imported")
        assert Commitment.objects.count() == 2


class Changed(Desk):
    def drafted(self):
        made = make_commitment(
            code="ZZ-100",
            source=self.source,
            lead_agency=self.agency,
            supporting=[self.other],
            published=False,
            by=self.editor,
        )
        return made, make_target(made, indicator=self.indicator, published=False, by=self.editor)

    def test_what_is_exported_comes_back_unchanged(self):
        self.drafted()
        public = make_commitment(code="ZZ-050", lead_agency=self.agency)
        make_target(public, indicator=self.indicator, interim=[["2023", "300"]])
        make_target(public, indicator=self.indicator, due_period=2026, value=400)
        text = self.exported()
        held = self.checked(text)
        assert self.mistakes(held) == []
        assert self.fates(held) == ["unchanged"] * 3
        assert text.splitlines()[0].startswith("Code,Plan,Title (Chinese),")

    def test_a_draft_is_changed_in_place_and_handed_in_with_its_targets(self):
        made, target = self.drafted()
        text = self.exported().replace(made.title_zh, "新的标题", 1).replace(",350,", ",360,")
        held = self.checked(text.replace("Water", ""))
        assert self.fates(held) == ["changed"]
        assert [change[0] for change in self.changes(held)] == [
            "Title (Chinese)",
            "Supporting agencies",
            "Target: number",
        ]
        self.confirm(held)
        made.refresh_from_db(), target.refresh_from_db()
        assert (made.title_zh, made.state) == ("新的标题", State.IN_REVIEW)
        assert (target.value, target.state) == (360, State.IN_REVIEW)
        assert not made.supporting_agencies.exists()

    def test_a_new_target_takes_the_draft_of_its_commitment_along(self):
        made, _target = self.drafted()
        held = self.checked(self.sheet(self.further(target_code="ZZ-100.7")))
        assert self.fates(held) == ["new"]
        self.confirm(held)
        made.refresh_from_db()
        assert made.state == State.IN_REVIEW

    def amended(self, document="市政府文件", reason="规划调整", url=""):
        """The export of a public promise, with another title and the document of the change."""
        [line] = csv.DictReader(io.StringIO(self.exported()))
        return self.sheet(
            line
            | {
                "Title (Chinese)": "新的标题",
                "Supporting agencies": "水利局",
                "Amendment: document (Chinese)": document,
                "Amendment: reason (Chinese)": reason,
                "Amendment: address": url,
            }
        )

    def test_a_public_promise_is_changed_by_a_document_only(self):
        make_commitment(code="ZZ-100", lead_agency=self.agency)
        for given in ({"document": ""}, {"reason": ""}):
            said = self.mistakes(self.checked(self.amended(**given)))
            assert [each.split(":")[0] for each in said] == [
                "C2 Title (Chinese)",
                "I2 Supporting agencies",
            ]
            assert said[0].endswith("Fill in the amendment's document and reason in this row.")
        said = self.mistakes(self.checked(self.amended(url="nowhere")))
        assert said == ["AO2 Amendment: address: Enter a valid URL."]

    def test_an_amendment_waits_for_review_and_then_changes_the_promise(self):
        made = make_commitment(code="ZZ-100", lead_agency=self.agency)
        text = self.amended()
        held = self.checked(text)
        assert self.fates(held) == ["changed"]
        self.confirm(held)
        amendment = Amendment.objects.get()
        assert (amendment.state, amendment.document_zh) == (State.IN_REVIEW, "市政府文件")
        assert amendment.changes == {
            "title_zh": [made.title_zh, "新的标题"],
            "supporting_agencies": [[], ["water"]],
        }
        [row] = self.checked(text).checked["rows"]
        assert row["why"] == "An amendment of this promise is not decided yet."
        assert all(outcome.is_done for outcome in approve([amendment], by=self.reviewer, at=AT))
        made.refresh_from_db()
        assert made.title_zh == "新的标题"
        assert [*made.supporting_agencies.all()] == [self.other]
        held = self.checked(text)
        assert self.fates(held) == ["unchanged"]

    def test_a_promise_amended_since_the_export_is_a_conflict(self):
        made = make_commitment(code="ZZ-100", lead_agency=self.agency)
        text = self.amended()
        Commitment.objects.filter(pk=made.pk).update(title_en="Meanwhile")
        [row] = self.checked(text).checked["rows"]
        assert row["why"].startswith("Somebody changed this since the export.")

    def test_a_public_target_is_corrected_by_a_new_row(self):
        made = make_commitment(code="ZZ-100", lead_agency=self.agency)
        old = make_target(made, indicator=self.indicator, note_zh="注")
        changed = self.exported().replace(",350,", ",360,")
        [said] = self.mistakes(self.checked(changed))
        assert "Target: reason (Chinese): The public knows this test." in said
        held = self.checked(with_reason(changed, "录入有误"))
        assert self.changes(held) == [
            ["Target: number", "350", "360"],
            ["Target: reason (Chinese)", "", "录入有误"],
        ]
        self.confirm(held)
        draft = Target.objects.get(state=State.IN_REVIEW)
        assert (draft.code, draft.value, draft.note_zh) == (old.code, 360, "注")
        approve([draft], by=self.reviewer, at=AT)
        old.refresh_from_db()
        assert old.replaced_by == draft

    def test_an_amendment_names_its_original_and_its_reason(self):
        made = make_commitment(code="ZZ-100", lead_agency=self.agency)
        original = make_target(made, indicator=self.indicator)
        cells = {"target_code": "ZZ-100.1a", "target_amends": original.code, "target_value": "300"}
        held = self.checked(self.sheet(self.further(**cells, target_reason_zh="")))
        assert self.mistakes(held) == [
            "W2 Target: reason (Chinese): An amended target needs its reason."
        ]
        held = self.checked(self.sheet(self.further(**cells, target_reason_zh="规划调整")))
        assert self.fates(held) == ["new"]
        self.confirm(held)
        assert Target.objects.get(code="ZZ-100.1a").amends == original

    def test_someone_else_s_change_is_a_conflict(self):
        made, target = self.drafted()
        text = self.exported()
        Commitment.objects.filter(pk=made.pk).update(title_en="Meanwhile")
        held = self.checked(text.replace(made.title_zh, "新的标题", 1))
        [row] = held.checked["rows"]
        assert (row["fate"], row["why"]) == (
            "conflict",
            "Somebody changed this since the export. Export it again.",
        )
        assert self.fates(self.checked(text)) == ["unchanged"]
        Target.objects.filter(pk=target.pk).update(
            state=State.IN_REVIEW, submitted_by=self.editor, submitted_at=AT
        )
        held = self.checked(text.replace(",350,", ",360,"))
        assert held.checked["rows"][0]["why"].startswith("This is in review.")

    def test_who_supports_a_promise_leaves_its_lead(self):
        made = make_commitment(
            code="ZZ-100",
            lead_agency=self.other,
            supporting=[self.agency],
            published=False,
            by=self.editor,
        )
        held = self.checked(self.exported().replace(made.title_zh, "新的标题", 1))
        assert self.fates(held) == ["changed"]

    def test_many_rows_cost_what_few_cost(self):
        make_commitments(1, lead_agency=self.agency)
        with CaptureQueriesContext(connection) as few:
            self.checked(self.exported())
        make_commitments(400, lead_agency=self.agency, code="ZZ-999")
        text = with_reason(self.exported().replace(",350,", ",360,"), "录入有误")
        with CaptureQueriesContext(connection) as many:
            held = self.checked(text)
        assert held.counts["changed"] == 401, held.counts
        with CaptureQueriesContext(connection) as applying:
            self.confirm(held)
        assert Target.objects.filter(state=State.IN_REVIEW, value=360).count() == 401
        assert len(many) <= len(few) + 2
        assert len(applying) <= 60
