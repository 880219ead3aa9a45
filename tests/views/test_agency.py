import datetime as dt

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    make_agency,
    make_commitment,
    make_commitments,
    make_observation,
    make_plan,
    make_target,
    make_theme,
    make_update,
    moment,
)
from tests.views.test_home import section, words

PAGE = "/en/agencies/farms/"


class TestAgencies(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.plan = make_plan(code="zhuzhou", title_en="Zhuzhou plan")
        cls.farms = make_agency(code="farms", name_en="Farms Bureau", name_zh="农业局")
        cls.water = make_agency(code="water", name_en="Water Bureau", name_zh="水利局")
        cls.silent = make_agency(
            code="silent", name_en="Silent Commission", name_zh="发改委", note_zh="缺页。"
        )
        cls.stranger = make_agency(code="stranger", name_en="Stranger", name_zh="外人")
        cls.plan.agencies.set([cls.farms, cls.silent])
        cls.land = make_theme(code="land", name_en="Land", name_zh="土地")
        cls.met = make_commitment(
            code="ZZ-001", title_en="Firms", lead_agency=cls.farms, theme=cls.land
        )
        make_observation(make_target(cls.met).indicator, 2025, 360)
        cls.river = make_commitment(
            code="ZZ-002",
            title_en="Rivers",
            lead_agency=cls.water,
            supporting=[cls.farms],
            due_year=None,
            theme=make_theme(code="rivers", name_en="Rivers and lakes"),
        )
        make_commitment(
            code="D-001",
            title_en="Secret",
            published=False,
            lead_agency=cls.stranger,
            theme=make_theme(code="hidden", name_en="Hidden theme"),
        )

    def test_lists_every_body_named_also_one_without_a_promise_and_why(self):
        assert section(self.client.get("/en/agencies/"), "Zhuzhou plan") == (
            "Zhuzhou plan 2 promises · the plan and its text "
            "Farms Bureau 1 met 1 "
            "Water Bureau 1 not assessable 1 "
            "Silent Commission 0 缺页。 (Chinese only)"
        )

    def test_says_what_it_leads_and_how_that_stands(self):
        text = words(self.client.get(PAGE))
        assert "Leads 1 promise, which stands so:" in text
        assert "met 1 missed 0 due, no figure 0 on course 0 off course 0" in text
        assert "ZZ-001 Land Firms" in text

    def test_says_what_it_supports_and_who_leads_that(self):
        page = words(self.client.get(PAGE))
        assert "Promises it supports Rivers cannot be assessed led by Water Bureau" in page

    def test_one_that_only_supports_has_a_page(self):
        helper = make_agency(code="helper", name_en="Helpers")
        self.river.supporting_agencies.add(helper)
        page = words(self.client.get("/en/agencies/helper/"))
        assert "Leads no promise recorded here." in page
        assert "Promises it supports Rivers" in page

    def test_one_without_promises_says_why_and_marks_what_is_in_one_language(self):
        page = self.client.get("/en/agencies/silent/")
        assert '<span lang="zh-Hans">缺页。</span>' in page.content.decode()
        assert "缺页。 (Chinese only)" in words(page)
        assert "Chinese only" not in words(self.client.get("/agencies/silent/"))

    def test_its_words_are_those_shown_on_the_day(self):
        make_update(self.met, text_en="We hired.", dated_on=dt.date(2023, 6, 30))
        make_update(self.met, text_en="Not yet checked.", published=False)
        make_update(self.river, text_en="Of another body.")
        assert "We hired." in words(self.client.get(PAGE))
        assert "Not yet checked." not in words(self.client.get(PAGE))
        assert "Of another body." not in words(self.client.get(PAGE))
        assert "We hired." not in words(self.client.get(PAGE, {"as_of": "2023-06-29"}))

    def test_the_files_are_of_exactly_this_view(self):
        html = self.client.get(PAGE, {"as_of": "2024-01-01"}).content.decode()
        for ext in ("csv", "xlsx", "json"):
            query = "plan=zhuzhou&amp;agency=farms&amp;as_of=2024-01-01"
            assert f'href="/en/commitments.{ext}?{query}"' in html

    def test_parts_of_its_bar_lead_to_its_list(self):
        html = self.client.get(PAGE).content.decode()
        assert 'href="/en/commitments/?plan=zhuzhou&amp;agency=farms&amp;group=met"' in html

    def test_a_past_day_shows_what_was_shown_then_and_says_so(self):
        text = words(self.client.get(PAGE, {"as_of": "2025-06-01"}))
        assert "As of 1 June 2025." in text
        assert "met 0 missed 0 due, no figure 0 on course 0 off course 0 cannot say yet 1" in text

    def test_a_day_that_cannot_be_read_is_refused(self):
        for address in ("/en/agencies/", PAGE, "/en/themes/", "/en/themes/land/"):
            assert self.client.get(address, {"as_of": "soon"}).status_code == 400

    def test_what_nobody_published_has_no_page(self):
        for address in (
            "/en/agencies/stranger/",
            "/en/agencies/nobody/",
            "/en/themes/hidden/",
            "/en/themes/nothing/",
        ):
            assert self.client.get(address).status_code == 404, address

    def test_never_shows_a_draft(self):
        for address in ("/en/agencies/", PAGE, "/en/themes/", "/en/themes/land/"):
            text = words(self.client.get(address))
            assert "Secret" not in text
            assert "Stranger" not in text
            assert "Hidden theme" not in text

    def test_a_promise_published_later_is_not_there_before(self):
        make_commitment(
            code="ZZ-003",
            title_en="Belated",
            lead_agency=self.farms,
            at=moment(dt.date(2024, 5, 6)),
        )
        assert "Belated" not in words(self.client.get(PAGE, {"as_of": "2024-05-05"}))
        assert "Belated" in words(self.client.get(PAGE, {"as_of": "2024-05-06"}))

    def test_only_fictional_plans_are_announced_above_everything(self):
        plan = make_plan(code="xulan", title_en="Xulan plan", is_fictional=True)
        made_up = make_agency(code="made-up", name_en="Made-up Bureau")
        make_commitment(
            plan=plan, code="XL-001", title_en="Bridge", lead_agency=made_up, theme=self.land
        )
        banner = "Fictional example. The city"
        assert banner in words(self.client.get("/en/agencies/made-up/"))
        assert banner not in words(self.client.get(PAGE))
        text = words(self.client.get("/en/themes/land/"))
        assert banner not in text
        assert text.index("Zhuzhou plan") < text.index("Xulan plan Fictional example")

    def test_a_theme_has_its_promises_and_what_agencies_say_of_them(self):
        make_update(self.met, text_en="We hired.")
        text = words(self.client.get("/en/themes/land/"))
        assert "1 promise, which stands so: met 1" in text
        assert "Firms" in text
        assert "Farms Bureau Firms We hired." in text
        assert "Rivers" not in text

    def test_themes_are_compared(self):
        assert section(self.client.get("/en/themes/"), "Zhuzhou plan") == (
            "Zhuzhou plan 2 promises · the plan and its text "
            "Land 1 met 1 Rivers and lakes 1 not assessable 1"
        )

    def test_a_long_list_goes_on_in_the_list(self):
        make_commitments(40, code="B-001", lead_agency=self.farms, theme=self.land)
        text = words(self.client.get(PAGE))
        assert "Leads 41 promises" in text
        assert "All 41 promises, a page at a time" in text

    def test_asks_the_database_the_same_for_1_3_and_300_rows(self):
        make_update(self.met)
        for address in ("/en/agencies/", PAGE, "/en/themes/", "/en/themes/land/"):
            counts = []
            for more, code in ((1, "A"), (2, "B"), (297, "C")):
                make_commitments(
                    more,
                    code=f"{code}-{address.count('/')}{address[4]}{len(address)}",
                    lead_agency=self.farms,
                    theme=self.land,
                )
                with CaptureQueriesContext(connection) as queries:
                    self.client.get(address)
                counts.append(len(queries))
            assert len(set(counts)) == 1, (address, counts)
            assert counts[0] <= 22, (address, counts)


class TestNothingOpen(TestCase):
    def test_lists_say_that_no_plan_is_open(self):
        pages = ("agencies", "themes", "changes", "data", "report")
        for address in (f"/en/{page}/" for page in pages):
            assert "No plan is open yet" in words(self.client.get(address)), address
