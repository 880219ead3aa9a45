import datetime as dt
import re

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from commitments.actions.assessing import reassess
from commitments.models import Commitment
from tests.factories import (
    make_agency,
    make_commitment,
    make_commitments,
    make_indicator,
    make_milestone,
    make_observation,
    make_plan,
    make_source,
    make_target,
    make_theme,
    moment,
)

ZH, EN = "/", "/en/"


def text_of(html):
    return " ".join(strip_tags(html).replace("\N{NO-BREAK SPACE}", " ").split())


def words(response):
    html = response.content.decode()
    return text_of(html[html.index("<body") :])


def section(response, heading):
    """The text of one section of the page, by its heading."""
    parts = re.findall(r"<h2.*?</section>", response.content.decode(), re.DOTALL)
    return next(text_of(part) for part in parts if text_of(part).startswith(heading))


class TestHome(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.plan = make_plan(code="zhuzhou", issuer_zh="株洲市（第二场发布会）")
        cls.farms = make_agency(code="farms", name_en="Farms Bureau", name_zh="农业局")
        cls.water = make_agency(code="water", name_en="Water Bureau", name_zh="水利局")
        cls.silent = make_agency(
            code="silent", name_en="Silent Bureau", name_zh="无声局", note_en="Page missing."
        )
        cls.plan.agencies.set([cls.farms, cls.water, cls.silent])
        cls.land = make_theme(code="land", name_en="Land")
        common = {"lead_agency": cls.farms, "theme": cls.land}
        cls.met = make_commitment(code="ZZ-001", title_en="Firms", **common)
        cls.firms = make_target(cls.met).indicator
        make_observation(cls.firms, 2025, 360)
        cls.due = make_commitment(code="ZZ-002", title_en="Farms", **common)
        make_target(cls.due, value=7500)
        make_commitment(code="ZZ-003", title_en="Green", due_year=None, **common)
        make_commitment(
            code="ZZ-004",
            title_en="Clean water",
            due_year=None,
            lead_agency=cls.water,
            theme=make_theme(code="rivers", name_en="Rivers"),
        )
        make_commitment(code="ZZ-005", title_en="Draft", published=False)

    def test_one_sentence_says_how_all_promises_stand(self):
        assert (
            "City of Zhuzhou, November 2021: of 4 promises, 1 has been met, "
            "1 is due without a figure and 2 state no test."
        ) in words(self.client.get(EN, {"as_of": "2026-06-01"}))

    def test_the_sentence_in_chinese(self):
        text = words(self.client.get(ZH, {"as_of": "2026-06-01"}))
        assert (
            "株洲市2021年11月公开承诺的4件事中，1件已达到，1件到期无数据，2件没有可检验的标准。"
        ) in text

    def test_counts_every_group_also_those_without_any(self):
        text = words(self.client.get(EN))
        assert (
            "met 1 missed 0 due, no figure 1 on course 0 off course 0 cannot say yet 0 "
            "not assessable 2 withdrawn 0" in text
        )

    def test_parts_of_the_bar_lead_to_their_lists_and_fill_it(self):
        html = self.client.get(EN).content.decode()
        bar = html[html.index('<svg class="bar"') : html.index('<ul class="counts">')]
        assert re.findall(r'href="([^"]*)"', bar) == [
            "/en/commitments/?group=met",
            "/en/commitments/?group=due_no_figure",
            "/en/commitments/?group=not_assessable",
        ]
        assert re.findall(r'x="([^"]*)" width="([^"]*)"', bar) == [
            ("0.000%", "25.000%"),
            ("25.000%", "25.000%"),
            ("50.000%", "50.000%"),
        ]

    def test_counts_are_those_of_the_lists_they_lead_to(self):
        page = self.client.get(EN)
        found = re.findall(
            r'href="(/en/commitments/\?group=[a-z_]*)">.*?<strong>(\d+)</strong>',
            page.content.decode()[page.content.decode().index('class="counts"') :],
            re.DOTALL,
        )
        assert len(found) == 3
        for address, count in found:
            assert f"{count} of 4 promises" in words(self.client.get(address))

    def test_names_what_is_due_without_a_figure(self):
        assert section(self.client.get(EN, {"as_of": "2026-06-01"}), "Due, and no figure") == (
            "Due, and no figure published Farms ≥ 7,500 enterprises · 2025 · due, figure awaited"
        )

    def test_compares_agencies_also_one_without_commitments(self):
        assert section(self.client.get(EN), "By lead agency") == (
            "By lead agency "
            "Farms Bureau 3 met 1 due, no figure 1 not assessable 1 "
            "Water Bureau 1 not assessable 1 "
            "Silent Bureau 0 Page missing."
        )

    def test_names_lead_to_their_own_pages_and_counts_to_their_lists(self):
        html = self.client.get(EN, {"as_of": "2026-06-01"}).content.decode()
        compared = html[html.index('id="agencies"') : html.index('id="changes"')]
        day = "as_of=2026-06-01"
        assert re.findall(r'<a[^>]*href="([^"]*)"', compared) == [
            f"/en/agencies/farms/?{day}",
            f"/en/commitments/?{day}&amp;agency=farms",
            f"/en/agencies/water/?{day}",
            f"/en/commitments/?{day}&amp;agency=water",
            f"/en/agencies/silent/?{day}",
            f"/en/themes/land/?{day}",
            f"/en/commitments/?{day}&amp;theme=land",
            f"/en/themes/rivers/?{day}",
            f"/en/commitments/?{day}&amp;theme=rivers",
        ]
        for address in ("/en/agencies/silent/", "/en/themes/land/"):
            assert self.client.get(address).status_code == 200

    def test_compares_themes_on_one_scale(self):
        page = self.client.get(EN)
        assert section(page, "By theme") == (
            "By theme Land 3 met 1 due, no figure 1 not assessable 1 Rivers 1 not assessable 1"
        )
        html = page.content.decode()
        html = html[html.index('id="themes"') :]
        assert re.findall(r'width="([\d.]+)%" height="100%"', html) == ["33.333"] * 4

    def test_shows_a_past_day(self):
        text = words(self.client.get(EN, {"as_of": "2025-06-01"}))
        assert "As of 1 June 2025." in text
        assert "2 cannot be judged yet and 2 state no test." in text
        page = self.client.get(EN, {"as_of": "2025-06-01"})
        self.assertContains(page, 'href="/en/commitments/?as_of=2025-06-01&amp;group=cannot_say"')

    def test_a_day_without_promises_boasts_of_no_figure(self):
        page = self.client.get("/en/?as_of=2020-01-01").content.decode()
        assert "No promise of this plan was shown on this day." in page
        assert "Every promise that has fallen due" not in page

    def test_what_cannot_be_read_is_said_with_the_page_s_own_colon(self):
        assert "规划文件：“nope”不是可用的选项。" in self.client.get("/?plan=nope").content.decode()
        assert "Plan: “nope”" in self.client.get("/en/?plan=nope").content.decode()

    def test_never_shows_a_draft(self):
        assert "Draft" not in words(self.client.get(EN))

    def test_what_cannot_be_read_is_named(self):
        for query, message in (
            ({"plan": "nowhere"}, "Plan: “nowhere” is not a value this filter knows."),
            ({"as_of": "x"}, "As of: “x” is not a day. Write it as 2026-01-31."),
        ):
            with self.subTest(query):
                page = self.client.get(EN, query)
                assert page.status_code == 400
                assert message in words(page)

    def test_sets_no_cookie_and_varies_by_nothing(self):
        page = self.client.get(ZH)
        assert page.cookies == {}
        assert page["Vary"] == "Accept-Encoding"

    def test_offers_another_plan_and_marks_a_fictional_one(self):
        assert "Plans in this register" not in words(self.client.get(EN))
        other = make_plan(code="fiction", title_en="Invented plan", is_fictional=True)
        make_commitment(code="F-1", plan=other, source=make_source(other), title_en="Invented")
        page = self.client.get(EN)
        assert "Fictional example." not in words(page)
        self.assertContains(page, '<a href="/en/?plan=fiction">Invented plan</a>', html=True)
        page = self.client.get(EN, {"plan": "fiction"})
        assert "Fictional example." in words(page)
        self.assertContains(page, 'href="/en/commitments/?plan=fiction&amp;group=not_assessable"')
        self.assertContains(page, '<input type="hidden" name="plan" value="fiction">', html=True)

    def test_of_many_agencies_the_page_shows_the_first_and_leads_to_all(self):
        for number in range(12):
            agency = make_agency(code=f"A{number}", name_en=f"the Bureau of {number}")
            self.plan.agencies.add(agency)
        named = self.plan.agencies.count()
        found = section(self.client.get(EN), "By lead agency")
        assert found.endswith(f"All {named} agencies")
        assert found.count("the Bureau of") < 12
        day = {"as_of": dt.date(2023, 6, 30).isoformat()}
        self.assertContains(self.client.get(EN, day), 'href="/en/agencies/?as_of=2023-06-30"')
        self.plan.agencies.clear()
        assert "All" not in section(self.client.get(EN), "By lead agency")

    def test_tells_staff_how_to_open_the_first_plan(self):
        type(self.plan).objects.update(opened_on=None)
        page = self.client.get(EN)
        assert page.status_code == 200
        assert "No plan is open yet" in words(page)
        assert "manage.py load_plan" in words(page)


class TestChanges(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.plan = make_plan()
        cls.firms = make_commitment(code="ZZ-001", title_en="Firms")
        indicator = make_indicator(code="firms")
        make_target(cls.firms, indicator=indicator, baseline_period="2020", baseline_value=200)
        make_observation(indicator, 2023, 300, published_on=dt.date(2024, 3, 1))
        make_observation(indicator, 2024, 330, published_on=dt.date(2025, 3, 1))
        cls.road = make_commitment(code="ZZ-002", title_en="Road")
        make_milestone(cls.road, due_on=dt.date(2024, 6, 30))

    def changes(self, day):
        return section(self.client.get(EN, {"as_of": day}), "What changed lately")

    def test_says_what_changed_when_and_why_newest_first(self):
        assert self.changes("2026-06-01") == (
            "What changed lately "
            "1 January 2026 "
            "Firms on pace →became due, figure awaited a date passed "
            "1 March 2025 "
            "Firms new figure: 330 enterprises · 2024 "
            "1 July 2024 "
            "Road on pace →became missed a date passed "
            "1 March 2024 "
            "Firms no data →became on pace new figure: 300 enterprises · 2023 "
            "All changes"
        )

    def test_counts_figures_that_came_together_where_a_line_is_too_short_for_them(self):
        air = make_commitment(code="ZZ-003", title_en="Air")
        indicator = make_indicator(code="air", unit_en="", unit_zh="", direction="down")
        make_target(
            air, indicator=indicator, kind="composite", standard="GB3095-2012-grade2", value=None
        )
        for year in (2022, 2023):
            for item in ("SO2", "NO2", "PM10"):
                make_observation(
                    indicator, year, 20, item=item, published_on=dt.date(year + 1, 5, 1)
                )
        assert "1 May 2024 Air new figure: 3 figures · 2023 " in self.changes("2024-06-01")

    def test_says_nothing_of_what_came_later(self):
        assert self.changes("2024-03-01") == (
            "What changed lately "
            "1 March 2024 Firms no data →became on pace new figure: 300 enterprises · 2023 "
            "All changes"
        )

    def test_the_day_a_plan_was_opened_is_no_change(self):
        assert self.changes("2021-11-06") == (
            "What changed lately Nothing has changed since the plan was opened here."
        )

    def test_a_figure_not_entered_yet_on_the_opening_day_is_no_change(self):
        type(self.plan).objects.update(opened_on=dt.date(2025, 6, 1))
        make_observation(
            make_target(make_commitment(code="ZZ-003", title_en="Mills")).indicator,
            2024,
            400,
            at=moment(dt.date(2025, 7, 1)),
        )
        reassess(Commitment.objects.published())
        found = self.changes("2025-06-15")
        assert "1 March 2025 Firms new figure" in found
        assert "Mills no data →became met early" in found
        assert found.count("Mills") == 1

    def test_what_was_before_the_opening_is_said_to_be_rebuilt(self):
        type(self.plan).objects.update(opened_on=dt.date(2025, 2, 1))
        reassess(Commitment.objects.published())
        assert "rebuilt from the sources’ own dates" in self.changes("2025-03-01")

    def test_a_figure_each_month_does_not_hide_the_rest(self):
        indicator = make_indicator(code="buses", frequency="month")
        target = make_target(
            make_commitment(code="ZZ-003", title_en="Buses"),
            indicator=indicator,
            value=90,
            due_period="2027-12",
        )
        for month in range(1, 13):
            make_observation(
                target.indicator,
                f"2025-{month:02}",
                95 + month,
                published_on=dt.date(2026, 1, 5 + month),
            )
        found = self.changes("2026-06-01")
        assert found.count("Buses") == 2
        assert found.count("Firms") == 3


class TestCost(TestCase):
    def test_asks_the_database_the_same_for_1_3_and_300_rows(self):
        counts = []
        for more, code in ((1, "A-1"), (2, "B-1"), (297, "C-1")):
            make_commitments(more, code=code)
            with CaptureQueriesContext(connection) as queries:
                self.client.get(EN)
            counts.append(len(queries))
        assert len(set(counts)) == 1, counts
        assert counts[0] <= 22
