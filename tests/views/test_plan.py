import datetime as dt
import re

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from tests.factories import (
    TEXT,
    make_agency,
    make_commitment,
    make_commitments,
    make_plan,
    make_source,
)

EN = "/en/plans/zhuzhou/"


def page_words(response):
    html = re.sub(r"<head>.*?</head>", "", response.content.decode(), flags=re.DOTALL)
    return " ".join(strip_tags(html).split())


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
        make_source(self.plan, title_en="A later decision", published_on=dt.date(2023, 1, 1))
        assert "A later decision" in page_words(self.client.get(EN))
        past = page_words(self.client.get(EN, {"as_of": "2022-12-31"}))
        assert "As of 31 December 2022." in past
        assert "A later decision" not in past
        assert self.client.get(EN, {"as_of": "later"}).status_code == 400

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
