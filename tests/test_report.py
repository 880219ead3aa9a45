"""The report object: its rows are what the pages show, in every file the same."""

import csv
import datetime as dt
import io
import json
from decimal import Decimal

import docx
import openpyxl
import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils.translation import get_language, override
from docx.oxml.ns import qn
from pypdf import PdfReader

from commitments.domain.status import Status
from commitments.exporters.report import Part
from commitments.exporters.table import plain, shown
from commitments.exporters.to_csv import to_csv
from commitments.exporters.to_docx import to_docx
from commitments.exporters.to_json import to_json
from commitments.exporters.to_pdf import to_pdf
from commitments.exporters.to_xlsx import to_xlsx
from commitments.models import Commitment
from commitments.report import file_name, report_of
from commitments.report.asking import LONGEST_IN_NAME
from commitments.report.kinds import KINDS, MOST_WITH_DETAILS, TooLong
from commitments.report.report import CHUNK, FIRST_CHUNK
from commitments.sentences import sentence
from tests import factories as make
from tests.exporters import test_to_ods as ods

DAY = dt.date(2024, 6, 1)
KEYS = [
    "code",
    "title",
    "lead_agency",
    "theme",
    "test",
    "figure",
    "figure_period",
    "status",
    "sentence",
    "plan",
    "fictional",
    "quote",
    "supporting_agencies",
    "binding",
    "due_year",
    "due_basis",
    "target_code",
    "amends",
    "change",
    "indicator",
    "kind",
    "comparator",
    "target_value",
    "unit",
    "target_in_words",
    "baseline_period",
    "baseline_value",
    "due_period",
    "figure_value",
    "compared_value",
    "provisional",
    "figure_published_on",
    "figure_source",
    "figure_url",
    "latest_period",
    "latest_value",
    "status_code",
    "status_group",
    "commitment_status_code",
    "commitment_status",
    "flags",
    "progress",
    "expected",
    "pace",
    "document",
    "document_url",
    "editor_note",
    "rule_version",
    "as_of",
]


def report(on=DAY, language="en", **options):
    return report_of(
        Commitment.objects.shown_on(on).order_by("code"), on=on, language=language, **options
    )


def rows(on=DAY, language="en", **options):
    found = report(on, language, **options)
    return [dict(zip(KEYS, row, strict=True)) for row in found.rows]


class OnePromise(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.agency = make.make_agency(name_zh="市财政局", name_en="Finance Bureau")
        cls.commitment = make.make_commitment(
            supporting=[cls.agency], editor_note_zh="原文如此。", editor_note_en="As printed."
        )
        cls.indicator = make.make_indicator()
        make.make_target(
            cls.commitment,
            indicator=cls.indicator,
            baseline_period=2020,
            baseline_value=200,
        )
        make.make_observation(cls.indicator, 2023, "271.5", is_provisional=True)

    def test_its_row_holds_all_it_takes_to_check_the_status(self):
        [row] = rows()
        assert row == {
            "code": "ZZ-001",
            "title": "Raise the number of leading agricultural enterprises to 350",
            "lead_agency": "Finance Bureau",
            "theme": "Countryside",
            "test": "≥ 350 enterprises · 2025",
            "figure": "271.5 enterprises",
            "figure_period": "2023",
            "status": "behind",
            "sentence": "By the end of 2023, 60% of the time had passed and 47% of the "
            "promised change had happened: behind.",
            "plan": "Zhuzhou plan",
            "fictional": "no",
            "quote": make.QUOTE,
            "supporting_agencies": "Finance Bureau",
            "binding": "not said",
            "due_year": 2025,
            "due_basis": "stated in the text",
            "target_code": "ZZ-001.1",
            "amends": "",
            "change": "",
            "indicator": "Leading agricultural enterprises",
            "kind": "at least a number",
            "comparator": "≥",
            "target_value": Decimal(350),
            "unit": "enterprises",
            "target_in_words": "Leading agricultural enterprises: at least 350 enterprises "
            "by the end of 2025",
            "baseline_period": "2020",
            "baseline_value": Decimal(200),
            "due_period": "2025",
            "figure_value": Decimal("271.5"),
            "compared_value": None,
            "provisional": "yes",
            "figure_published_on": dt.date(2024, 3, 1),
            "figure_source": "Zhuzhou Municipal Statistics Bureau, communiqué",
            "figure_url": "https://example.org/communique/2023",
            "latest_period": "2023",
            "latest_value": Decimal("271.5"),
            "status_code": "behind",
            "status_group": "off course",
            "commitment_status_code": "behind",
            "commitment_status": "behind",
            "flags": "provisional figure",
            "progress": Decimal("0.4766"),
            "expected": Decimal("0.6000"),
            "pace": Decimal("0.7944"),
            "document": "Report of the press conference",
            "document_url": "https://example.org/report",
            "editor_note": "As printed.",
            "rule_version": "1.1",
            "as_of": DAY,
        }

    def test_says_the_same_in_chinese(self):
        [row] = rows(language="zh-hans")
        assert row["test"] == "≥ 350 家 · 2025"
        assert row["figure"] == "271.5 家"
        assert row["status"] == "进度滞后"
        assert row["sentence"] == "到2023年底，时间过了60%，承诺的变化完成了47%：进度滞后。"
        assert row["supporting_agencies"] == "市财政局"
        assert row["target_value"] == Decimal(350)
        headings = [column.heading for column in report(language="zh-hans").columns]
        assert headings[:9] == [
            "编号",
            "承诺事项",
            "牵头单位",
            "领域",
            "检验标准",
            "数据",
            "数据所属期",
            "状态",
            "一句话说明",
        ]

    def test_the_report_is_in_its_own_language_whatever_the_page_is_in(self):
        with override("zh-hans"):
            [row] = rows(language="en")
            assert row["status"] == "behind"
            assert get_language() == "zh-hans"

    def test_a_past_day_is_what_was_shown_on_it(self):
        [row] = rows(on=dt.date(2024, 2, 1))
        assert row["status_code"] == "no_data"
        assert row["figure"] == ""
        assert row["figure_value"] is None
        assert row["as_of"] == dt.date(2024, 2, 1)

    def test_every_file_has_the_same_cells(self):
        for language in ("zh-hans", "en"):
            found = report(language=language)
            expected = [[as_text(cell) for cell in row] for row in found.rows]
            assert cells_of_csv(found) == expected
            assert cells_of_json(found) == expected
            assert cells_of_xlsx(found) == expected
            assert cells_of_ods(found) == expected
            read = [
                [shown(cell, column) for cell, column in zip(row, found.columns, strict=True)]
                for row in found.rows
            ]
            assert cells_of_docx(found) == [row[:9] for row in read]
            words = words_of_pdf(found)
            for text in (text for row in read for text in row[:9]):
                assert squeezed(text) in words

    def test_every_file_has_the_same_counts_and_sources(self):
        found = report(parts=frozenset(Part))
        told = {"behind": 1}
        document = json.loads(b"".join(to_json(found)))
        assert {k: n for k, n in document["about"]["counts"].items() if n} == told
        assert document["summary"]["groups"]["off_course"] == 1
        [figure] = document["figures"]
        assert (figure["text"], figure["value"]) == ("271.5 enterprises", 271.5)
        texts = [
            squeezed(" ".join(texts))
            for texts in (texts_of_xlsx(found), texts_of_ods(found), texts_of_docx(found))
        ] + [words_of_pdf(found)]
        for words in texts:
            assert squeezed(found.lead) in words
            assert squeezed("Zhuzhou Municipal Statistics Bureau, communiqué") in words
            assert "https://example.org/communique/2023" in words
            assert squeezed("271.5 enterprises") in words
            assert squeezed(found.documents[0].sha256) in words
            assert squeezed(found.method[0].paragraphs[0]) in words

    def test_the_rows_can_be_read_again(self):
        found = report()
        assert list(found.rows) == list(found.rows)

    def test_what_it_says_of_itself(self):
        found = report(asked=["Theme: Countryside"])
        assert found.title == "City of Zhuzhou: commitments and how they stand"
        assert found.plans == ("Zhuzhou plan",)
        assert found.asked == ("Theme: Countryside",)
        assert found.fictional == ""
        assert report().asked == ("everything in the plan",)

    def test_counts_name_every_status_and_add_up(self):
        found = report()
        assert [count.code for count in found.counts] == [s.value for s in Status]
        assert sum(count.count for count in found.counts) == found.total
        assert {c.code: c.count for c in found.counts if c.count} == {"behind": 1}

    def test_a_day_before_the_plan_was_opened_says_that_it_is_rebuilt(self):
        plan = self.commitment.plan
        plan.opened_on = dt.date(2025, 1, 1)
        plan.save()
        assert "rebuilt" in " ".join(report(plans=[plan]).notes)
        assert "rebuilt" not in " ".join(report(on=plan.opened_on, plans=[plan]).notes)


class Rows(TestCase):
    def test_each_test_has_a_row_and_says_its_own_status(self):
        commitment = make.make_commitment()
        for value in (300, 150):
            indicator = make.make_indicator()
            make.make_target(
                commitment, indicator=indicator, baseline_period=2020, baseline_value=100, value=300
            )
            make.make_observation(indicator, 2023, value)
        first, second = rows()
        assert (first["target_code"], first["status_code"]) == ("ZZ-001.1", "met_early")
        assert (second["target_code"], second["status_code"]) == ("ZZ-001.2", "off_track")
        for row in (first, second):
            assert row["commitment_status_code"] == "off_track"

    def test_tests_are_in_the_order_of_their_numbers(self):
        commitment = make.make_commitment()
        for _number in range(11):
            make.make_target(commitment)
        codes = [row["target_code"] for row in rows()]
        assert codes == [f"ZZ-001.{number}" for number in range(1, 12)]

    def test_an_amended_target_has_a_row_that_says_so(self):
        indicator = make.make_indicator()
        original = make.make_target(indicator=indicator, baseline_period=2020, baseline_value=200)
        make.make_target(
            original.commitment,
            indicator=indicator,
            baseline_period=2020,
            baseline_value=200,
            value=280,
            amends=original,
            reason_zh="市场变化。",
            reason_en="The market changed.",
        )
        make.make_observation(indicator, 2023, 280)
        first, second = rows()
        assert first["amends"] == ""
        assert first["flags"] == "target lowered"
        assert second["amends"] == "ZZ-001.1"
        assert second["test"] == "amended: ≥ 280 enterprises · 2025"
        assert second["change"] == "The market changed."
        assert second["status_code"] == "met_early"
        assert second["commitment_status_code"] == "behind"

    def test_a_promise_without_a_test_has_its_row(self):
        make.make_commitment(due_year=None)
        [row] = rows()
        assert row["test"] == "no test stated"
        assert row["status_code"] == "not_assessable"
        assert row["due_basis"] == "no due year"
        assert row["due_year"] is None
        assert row["target_value"] is None
        assert row["document"] == "Report of the press conference"

    def test_a_promise_of_steps_has_a_row_that_counts_them(self):
        commitment = make.make_commitment()
        make.make_milestone(commitment, done_on=dt.date(2023, 5, 1))
        make.make_milestone(commitment, title_en="Opening", due_on=dt.date(2024, 5, 1))
        [row] = rows()
        assert row["test"] == "dated steps"
        assert (
            row["sentence"]
            == "The last date set, 1 May 2024, has passed, and 1 of 2 steps are done: missed."
        )

    def test_a_promise_of_a_number_and_steps_has_a_row_for_each(self):
        commitment = make.make_commitment()
        make.make_target(commitment)
        make.make_milestone(commitment)
        first, second = rows()
        assert (first["kind"], first["status_code"]) == ("at least a number", "no_data")
        assert (second["kind"], second["status_code"]) == ("dated steps", "missed")
        assert first["commitment_status_code"] == "missed"

    def test_a_withdrawn_promise_is_withdrawn_in_every_row(self):
        commitment = make.make_commitment(
            withdrawn_on=dt.date(2023, 10, 1),
            withdrawn_document_zh="《通告》",
            withdrawn_document_en="the notice",
        )
        make.make_target(commitment)
        [row] = rows()
        assert row["status_code"] == "withdrawn"
        assert row["target_code"] == "ZZ-001.1"
        assert "withdrawn on 1 October 2023" in row["sentence"]

    def test_a_comparison_says_both_figures(self):
        own, other = make.make_indicator(unit_zh="%", unit_en="%"), make.make_indicator()
        make.make_target(
            indicator=own,
            kind="above_comparator",
            comparator_indicator=other,
            first_period=2021,
        )
        make.make_observation(own, 2023, "5.3")
        make.make_observation(other, 2023, "5.4")
        [row] = rows()
        assert row["comparator"] == ">"
        assert row["figure_value"] == Decimal("5.3")
        assert row["compared_value"] == Decimal("5.4")
        assert row["target_value"] is None

    def test_a_standard_names_the_item_whose_figure_it_is(self):
        air = make.make_indicator(unit_zh="", unit_en="")
        make.make_target(indicator=air, kind="composite", standard="GB3095-2012-grade2")
        make.make_observation(air, 2023, 41, item="PM2.5")
        [row] = rows()
        assert row["figure"] == "PM2.5 annual mean 41 µg/m³"
        assert row["unit"] == "µg/m³"

    def test_a_class_and_what_a_source_said_stay_words(self):
        river = make.make_indicator(unit_zh="类", unit_en="class", scale="water_class")
        make.make_target(indicator=river, kind="class_at_or_better", value=2)
        make.make_observation(river, 2023, 2, stated_zh="优于Ⅱ类", stated_en="better than class Ⅱ")
        [row] = rows()
        assert row["test"] == "class Ⅱ or better · 2025"
        assert row["figure"] == "better than class Ⅱ"
        assert row["figure_value"] == Decimal(2)

    def test_what_is_not_public_is_not_in_it(self):
        make.make_commitment(published=False)
        indicator = make.make_indicator()
        make.make_target(indicator=indicator)
        make.make_observation(indicator, 2023, 340, published=False)
        [row] = rows()
        assert row["code"] == "ZZ-002"
        assert row["figure"] == ""

    def test_shares_are_cut(self):
        indicator = make.make_indicator()
        make.make_target(
            indicator=indicator, baseline_period=2020, baseline_value=0, value=10_000_000
        )
        make.make_observation(indicator, 2025, 9_999_999)
        [row] = rows(on=dt.date(2026, 6, 1))
        assert row["status_code"] == "missed"
        assert row["progress"] == Decimal("0.9999")

    def test_an_invented_plan_is_marked_in_every_row_and_in_the_name(self):
        plan = make.make_plan(is_fictional=True, issuer_zh="虚澜市（虚构）", issuer_en="Xulan")
        make.make_commitment(plan=plan)
        found = report()
        assert found.fictional
        assert rows()[0]["fictional"] == "yes (fictional example)"
        assert name([plan], "en") == f"{plan.code}_commitments_2024-06-01_fictional.csv"
        assert name([plan], "zh-hans") == "虚澜市承诺事项_2024-06-01_虚构示例.csv"


def name(plans, language, ext="csv"):
    with override(language):
        return file_name(plans, on=DAY, kind=KINDS[ext])


class Names(TestCase):
    def test_a_file_has_the_name_a_person_would_choose(self):
        plan = make.make_plan(code="zhuzhou-2021", issuer_zh="株洲市（第二场新闻发布会）")
        assert name([plan], "zh-hans") == "株洲市承诺事项_2024-06-01.csv"
        assert name([plan], "en") == "zhuzhou-2021_commitments_2024-06-01.csv"
        assert name([], "zh-hans") == "承诺事项_2024-06-01.csv"
        assert name([plan], "zh-hans", "docx") == "株洲市承诺事项进展报告_2024-06-01.docx"
        assert name([plan], "en", "pdf") == "zhuzhou-2021_report_2024-06-01.pdf"
        assert name([plan], "zh-hans", "ods") == "株洲市承诺事项_2024-06-01.ods"

    def test_an_issuer_cannot_break_the_name(self):
        plan = make.make_plan(issuer_zh='../a\\b:"c\r\n')
        assert name([plan], "zh-hans") == "a-b-c承诺事项_2024-06-01.csv"

    def test_no_name_is_longer_than_a_file_system_takes(self):
        plan = make.make_plan(issuer_zh="长" * 200, is_fictional=True)
        with override("zh-hans"):
            longest = file_name(
                [plan], on=DAY, kind=KINDS["docx"], part="部" * (LONGEST_IN_NAME // 3)
            )
        assert len(longest.encode()) <= 255
        assert longest.endswith("_虚构示例_" + "部" * 24 + ".docx")


class ManyRows(TestCase):
    def test_asks_the_database_the_same_for_3_rows_more_as_for_300(self):
        make.make_commitments(FIRST_CHUNK + 3)
        three = self.queries()
        make.make_commitments(297)
        assert len(rows()) == FIRST_CHUNK + 300
        assert self.queries() == three

    def test_amendments_comparisons_and_steps_cost_no_query_each(self):
        self.make_one_of_each()
        one = self.queries()
        self.make_one_of_each()
        self.make_one_of_each()
        assert self.queries() == one

    def make_one_of_each(self):
        own, other = make.make_indicator(), make.make_indicator()
        original = make.make_target(indicator=own)
        make.make_target(original.commitment, indicator=own, amends=original, reason_zh="调整")
        make.make_target(
            indicator=own, kind="above_comparator", comparator_indicator=other, first_period=2021
        )
        make.make_milestone()
        make.make_commitment(
            lead_agency=make.make_agency(),
            theme=make.make_theme(),
            supporting=[make.make_agency()],
        )

    def queries(self):
        with CaptureQueriesContext(connection) as asked:
            list(report().rows)
        return len(asked)

    def test_more_than_a_chunk_keeps_its_order_and_loses_nothing(self):
        make.make_commitments(CHUNK + 1)
        codes = [row["code"] for row in rows()]
        assert codes == sorted(codes)
        assert len(set(codes)) == CHUNK + 1

    def test_the_order_asked_for_is_kept(self):
        make.make_commitments(3)
        shown = Commitment.objects.shown_on(DAY).order_by("-code")
        found = report_of(shown, on=DAY, language="en")
        assert [row[0] for row in found.rows] == ["ZZ-003", "ZZ-002", "ZZ-001"]

    def test_rows_are_read_only_as_they_are_taken(self):
        make.make_commitments(CHUNK + 1)
        found = report()
        with CaptureQueriesContext(connection) as first:
            taken = iter(found.rows)
            next(taken)
        with CaptureQueriesContext(connection) as rest:
            assert len(list(taken)) == CHUNK
        assert len(rest) < len(first) + 1
        assert len(rest) > 0


class SameAsThePages(TestCase):
    def test_a_row_says_what_its_page_says(self):
        make.make_commitments(3)
        shown = Commitment.objects.shown_on(DAY).with_standing().order_by("code")
        with override("en"):
            expected = [(c.code, c.standing.status, sentence(c.standing)) for c in shown]
        found = [(row["code"], row["status_code"], row["sentence"]) for row in rows()]
        assert found == expected


class Details(TestCase):
    def test_every_figure_known_on_the_day_is_listed_with_its_source(self):
        indicator = make.make_indicator()
        make.make_target(indicator=indicator)
        make.make_observation(indicator, 2022, 260)
        make.make_observation(indicator, 2023, 280)
        make.make_observation(indicator, 2024, 300, published=False)
        lines = figures()
        assert [(line["period"], line["value"]) for line in lines] == [
            ("2022", Decimal(260)),
            ("2023", Decimal(280)),
        ]
        assert lines[0]["target_code"] == "ZZ-001.1"
        assert lines[0]["source"] == "Zhuzhou Municipal Statistics Bureau, communiqué"
        assert [line["period"] for line in figures(on=dt.date(2024, 2, 1))] == ["2022"]

    def test_both_sides_of_a_comparison_are_listed(self):
        own = make.make_indicator(name_en="City", unit_en="%")
        other = make.make_indicator(name_en="Province", unit_en="%")
        make.make_target(
            indicator=own, kind="above_comparator", comparator_indicator=other, first_period=2021
        )
        make.make_observation(own, 2023, "5.3")
        make.make_observation(other, 2023, "5.4")
        assert [(line["name"], line["text"]) for line in figures()] == [
            ("City", "5.3%"),
            ("Province", "5.4%"),
        ]

    def test_a_step_says_when_it_was_done(self):
        commitment = make.make_commitment()
        make.make_milestone(commitment, done_on=dt.date(2023, 5, 1))
        make.make_milestone(commitment, title_en="Opening", due_on=dt.date(2024, 5, 1))
        first, second = figures()
        assert first["text"] == "done on 1 May 2023"
        assert (second["name"], second["period"], second["text"]) == (
            "Opening",
            "2024-05-01",
            "overdue",
        )

    def test_a_figure_of_a_standard_names_its_item(self):
        air = make.make_indicator(unit_zh="", unit_en="")
        make.make_target(indicator=air, kind="composite", standard="GB3095-2012-grade2")
        make.make_observation(air, 2023, 41, item="PM2.5")
        [line] = figures()
        assert (line["name"], line["text"]) == ("PM2.5 annual mean", "41 µg/m³")

    def test_costs_the_same_for_one_row_as_for_three(self):
        make.make_commitments(1)
        with CaptureQueriesContext(connection) as one:
            figures()
        make.make_commitments(2)
        with CaptureQueriesContext(connection) as three:
            figures()
        assert len(one) == len(three)


class Summaries(TestCase):
    def test_counts_by_agency_and_theme_have_the_full_denominator(self):
        make.make_commitment(lead_agency=make.make_agency(name_en="Finance Bureau"))
        agency = make.make_agency(name_en="Water Bureau")
        make.make_target(make.make_commitment(lead_agency=agency))
        make.make_target(make.make_commitment(lead_agency=agency))
        found = report()
        agencies = found.breakdowns[0].shares
        assert next((share.name, share.total) for share in agencies) == ("Water Bureau", 2)
        for breakdown in found.breakdowns:
            assert sum(share.total for share in breakdown.shares) == found.total == 3
        assert sum(found.group_counts) == 3

    def test_the_lead_says_what_a_filter_leaves_out(self):
        make.make_commitments(3)
        everything = report()
        assert everything.lead.startswith("As of 1 June 2024, this report covers 3 promises: ")
        shown = Commitment.objects.shown_on(DAY).filter(code="ZZ-001").order_by("code")
        some = report_of(shown, on=DAY, language="en")
        assert "covers 1 promise out of the 3 in the plan: " in some.lead

    def test_documents_are_those_published_by_the_day(self):
        plan = make.make_plan()
        make.make_commitment(plan=plan)
        early = make.make_source(plan=plan, published_on=dt.date(2021, 1, 1))
        make.make_source(plan=plan, published_on=dt.date(2025, 1, 1))
        titles = [each.sha256 for each in report(plans=[plan]).documents]
        assert early.sha256 in titles
        assert len(titles) == plan.sources.filter(published_on__lte=DAY).count()


class Hostile(TestCase):
    TEXTS = (
        '=HYPERLINK("http://x")',
        "<script>alert(1)</script>&amp;",
        "左\u202e右\u200f",
        "长" * 200,
        "🙂👩‍👩‍👧",
        "#set page() $x$ \\",
    )

    def test_goes_through_every_kind_of_file(self):
        for text in self.TEXTS:
            commitment = make.make_commitment(title_en=text, editor_note_en=text * 60)
            make.make_target(commitment)
        found = report(parts=frozenset(Part))
        for kind in KINDS.values():
            assert len(read_whole(kind.written(found))) > 1000, kind.name
        titles = [row[1] for row in cells_of_docx(found)]
        assert titles == list(self.TEXTS)
        assert [row[1] for row in cells_of_xlsx(found)] == list(self.TEXTS)
        assert [row[1] for row in cells_of_ods(found)] == list(self.TEXTS)


class Kinds(TestCase):
    def test_a_document_says_that_it_would_be_too_long(self):
        make.make_commitments(MOST_WITH_DETAILS + 1)
        for ext in ("pdf", "docx"):
            with pytest.raises(TooLong):
                KINDS[ext].written(report(parts={Part.DETAILS}))
            assert KINDS[ext].written(report(parts={Part.METHOD}))

    def test_the_others_hold_any_number(self):
        assert [kind.ext for kind in KINDS.values() if kind.most(frozenset(Part)) is None] == [
            "xlsx",
            "ods",
            "csv",
            "json",
        ]


# --- Reading the files back -----------------------------------------------------------------------


def as_text(cell):
    if cell is None:
        return ""
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return cell if isinstance(cell, str) else plain(cell)


def cells_of_csv(found):
    text = b"".join(to_csv(found)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))[1:]


def cells_of_json(found):
    document = json.loads(b"".join(to_json(found)), parse_float=Decimal)
    return [
        ["" if cell is None else cell if isinstance(cell, str) else plain(cell) for cell in row]
        for row in ([row[key] for key in KEYS] for row in document["rows"])
    ]


def cells_of_xlsx(found):
    held = io.BytesIO()
    to_xlsx(found, held)
    table = openpyxl.load_workbook(held)[found.words.table]
    return [[from_sheet(cell.value) for cell in row] for row in table.iter_rows(min_row=2)]


def read_whole(written):
    if isinstance(written, bytes):
        return written
    return written.read() if hasattr(written, "read") else b"".join(written)


def cells_of_ods(found):
    return [
        [as_text_of_ods(*cell) for cell in row]
        for row in ods.rows(ods.sheets(found)[found.words.table])[1:]
    ]


def as_text_of_ods(kind, text):
    return plain(Decimal(text)) if kind in ("float", "percentage") else text


def cells_of_docx(found):
    document = docx.Document(io.BytesIO(to_docx(found)))
    [table] = [each for each in document.tables if len(each.columns) == 9]
    return [[cell.text for cell in row.cells] for row in table.rows][1:]


def texts_of_xlsx(found):
    held = io.BytesIO()
    to_xlsx(found, held)
    book = openpyxl.load_workbook(held)
    return [str(cell) for sheet in book for row in sheet.values for cell in row if cell is not None]


def texts_of_ods(found):
    sheets = ods.sheets(found).values()
    return [text for sheet in sheets for row in ods.rows(sheet) for _kind, text in row]


def texts_of_docx(found):
    body = docx.Document(io.BytesIO(to_docx(found))).element.body
    return [each.text or "" for each in body.iter(qn("w:t"))]


def squeezed(text):
    """A text without white space: a document breaks its lines where it likes."""
    return "".join(text.split())


def words_of_pdf(found):
    pages = PdfReader(io.BytesIO(to_pdf(found))).pages
    return squeezed("".join(page.extract_text() for page in pages))


def figures(on=DAY):
    found = report(on, parts={Part.DETAILS})
    keys = [column.key for column in found.figure_columns]
    return [dict(zip(keys, row, strict=True)) for row in found.figures]


def from_sheet(value):
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, float):
        return plain(Decimal(str(value)))
    return "" if value is None else str(value)
