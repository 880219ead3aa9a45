import datetime as dt
import re
from io import BytesIO
from zipfile import ZipFile

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from commitments.actions.publishing import publish
from tests.factories import (
    TEXT,
    make_agency,
    make_amendment,
    make_commitment,
    make_commitments,
    make_passage,
    make_plan,
    make_source,
    make_target,
    make_user,
    moment,
)

EN = "/en/plans/zhuzhou/"


def page_words(response):
    html = re.sub(r"<head>.*?</head>", "", response.content.decode(), flags=re.DOTALL)
    return " ".join(strip_tags(html).split())


def told_by(response):
    """The words of a page, or of all the parts of an office file."""
    content = b"".join(response)
    if not response["Content-Type"].startswith("application/"):
        return content.decode()
    with ZipFile(BytesIO(content)) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist())


class TestPlan(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.plan = make_plan(code="zhuzhou", summary_en="What was said in November.")
        cls.first = make_commitment(code="ZZ-001", title_en="The first")
        make_commitment(code="ZZ-002", title_en="The same words")
        make_commitment(code="ZZ-003", title_en="Fewer words", quote="350家以上")
        make_commitment(code="ZZ-004", title_en="A draft", quote="负责人", published=False)

    def test_says_what_the_plan_is(self):
        text = page_words(self.client.get(EN))
        assert "What was said in November." in text
        assert "Issued by City of Zhuzhou" in text
        assert "Adopted 5 November 2021" in text
        assert "Period 2021–2026" in text
        assert "3 promises" in text

    def test_the_whole_text_is_there_with_every_quote_in_its_place_and_linked(self):
        html = self.client.get(EN).content.decode()
        for code in ("ZZ-001", "ZZ-002", "ZZ-003"):
            assert html.count(f'id="q-{code}"') == 1
            assert html.count(f'href="/en/commitments/{code}/"') == 1
        printed = re.search(r'<div class="print" .*?</div>', html, re.DOTALL)[0]
        bare = strip_tags(re.sub(r"<a .*?</a>", "", printed))
        assert "".join(bare.split()) == TEXT
        assert printed.count("<mark") == 2

    def test_a_draft_is_not_marked(self):
        html = self.client.get(EN).content.decode()
        assert "A draft" not in html
        assert "ZZ-004" not in html

    def test_markup_in_a_source_is_shown_as_text(self):
        make_source(self.plan, text="<script>alert(1)</script> 承诺 & more")
        html = self.client.get(EN).content.decode()
        assert "<script>" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt; 承诺 &amp; more" in html

    def test_an_agency_without_commitments_is_named_with_the_reason(self):
        agency = make_agency(name_en="Reform Commission", note_en="Its section is missing.")
        self.plan.agencies.add(agency)
        text = page_words(self.client.get(EN))
        assert "Reform Commission leads no promise recorded here Its section is missing." in text

    def test_a_past_day_knows_only_the_documents_of_its_time(self):
        decision = make_source(
            self.plan, title_en="A later decision", published_on=dt.date(2023, 1, 1)
        )
        make_target(self.first, document=decision)
        assert "A later decision" in page_words(self.client.get(EN))
        past = page_words(self.client.get(EN, {"as_of": "2022-12-31"}))
        assert "As of 31 December 2022." in past
        assert "A later decision" not in past
        assert self.client.get(EN, {"as_of": "later"}).status_code == 400

    def test_a_document_is_not_shown_before_anything_that_rests_on_it(self):
        """It is often saved first, and would announce the change that it decides."""
        published_on = dt.date(2023, 1, 1)
        decision = make_source(self.plan, title_en="A decision", published_on=published_on)
        ending = make_source(
            self.plan,
            title_en="An ending",
            published_on=published_on,
            url="https://official.example/ending",
        )
        target = make_target(self.first, document=decision, published=False)
        withdrawal = make_amendment(
            self.first,
            document_url=ending.url,
            changes={
                "withdrawn_on": [None, "2023-01-01"],
                "withdrawn_document_zh": ["", "关于终止的决定"],
                "withdrawn_url": ["", ending.url],
            },
        )
        for address in (EN, f"{EN}?as_of=2024-06-01", "/en/commitments.xlsx"):
            told = told_by(self.client.get(address))
            assert "Report of the press conference" in told
            assert "A decision" not in told
            assert "An ending" not in told
        publish(target, by=make_user("reviewer"), at=moment(dt.date(2024, 6, 1)))
        publish(withdrawal, by=make_user("reviewer"), at=moment(dt.date(2024, 7, 1)))
        for day, shown in (
            ("2024-05-31", []),
            ("2024-06-01", ["A decision"]),
            ("2024-06-30", ["A decision"]),
            ("2024-07-01", ["A decision", "An ending"]),
        ):
            for address in (EN, "/en/commitments.xlsx"):
                told = told_by(self.client.get(address, {"as_of": day}))
                found = [title for title in ("A decision", "An ending") if title in told]
                assert found == shown, (address, day)

    def test_a_plan_not_open_to_the_public_is_not_found(self):
        make_plan(code="secret", opened_on=None)
        assert self.client.get("/en/plans/secret/").status_code == 404
        assert self.client.get("/en/plans/none/").status_code == 404

    def test_a_fictional_plan_says_so(self):
        make_plan(code="invented", is_fictional=True)
        assert "Fictional example." in page_words(self.client.get("/en/plans/invented/"))
        assert "Fictional example." not in page_words(self.client.get(EN))

    def test_asks_the_database_the_same_for_a_few_quotes_as_for_three_hundred(self):
        with CaptureQueriesContext(connection) as few:
            self.client.get(EN)
        make_commitments(300, code="ZZ-900")
        with self.assertNumQueries(len(few)):
            assert self.client.get(EN).status_code == 200


LONG = """导语。

# 公报

## 1 农业

到2025年,企业达到350家以上。过去五年新增50家。

## 2 动态

书法展开幕。

### 花絮

观众很多。

## 3 其他

天气晴好。
"""


class TestWhatIsNotTracked(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.plan = make_plan(code="zhuzhou")
        cls.source = make_source(cls.plan, text=LONG)
        make_commitment(
            code="ZZ-001",
            source=cls.source,
            quote="企业达到350家以上",
            editor_note_zh="疑为错字。",
            editor_note_en="A misprint.",
        )
        make_passage(cls.source, "过去五年新增50家", code="ZZ-002", note_en="Said of 2016 to 2020.")
        make_passage(cls.source, "2 动态", code="ZZ-003", covers="section", reason="other_report")

    def test_each_section_says_what_is_in_it(self):
        html = self.client.get(EN).content.decode()
        contents = re.search(r'<nav class="contents".*?</nav>', html, re.DOTALL)[0]
        assert " ".join(strip_tags(contents).split()) == (
            "公报 1 农业 1 promise 2 动态 not tracked 花絮 3 其他 no promise"
        )
        for address in re.findall(r'href="#([^"]*)"', contents):
            assert html.count(f'id="{address}"') == 1

    def test_a_passage_left_out_says_why_in_its_place(self):
        page = self.client.get(EN)
        text = page_words(page)
        assert (
            "过去五年新增50家 。 Not tracked: it probably sums up past work. Said of 2016 to 2020. "
            "Editor’s note ZZ-001: A misprint."
        ) in text.replace("50家。", "50家 。")
        assert '<span class="print__left">过去五年新增50家</span>' in page.content.decode()
        assert "2 动态 Section not tracked: it is another report on the same page." in text
        assert "3 其他 This section states no promise that is tracked. 天气晴好。" in text
        assert "花絮 观众很多。" in text

    def test_a_note_without_a_translation_says_so(self):
        make_passage(self.source, "天气晴好", code="ZZ-004", note_zh="只有中文。")
        assert "only" in self.client.get(EN).content.decode()
        assert "只有中文。 (Chinese only)" in page_words(self.client.get(EN))

    def test_costs_the_same_for_many_passages(self):
        with CaptureQueriesContext(connection) as few:
            self.client.get(EN)
        for number in range(20):
            make_passage(self.source, "天气晴好", code=f"ZZ-9{number:02d}")
        with self.assertNumQueries(len(few)):
            assert self.client.get(EN).status_code == 200
