import datetime as dt
import re
from html import escape, unescape
from html.parser import HTMLParser

from django.db import connection
from django.http import QueryDict
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from commitments.models import Plan
from commitments.templatetags.register import page_address
from tests.factories import (
    make_agency,
    make_commitment,
    make_commitments,
    make_observation,
    make_plan,
    make_source,
    make_target,
)

ZH, EN = "/commitments/", "/en/commitments/"


def words(response, css_class=None):
    """The page's text, or that of one element by class, with single spaces."""
    html = response.content.decode()
    html = re.sub(r"<(head|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    if css_class:
        found = re.search(rf'<(\w+) class="{css_class}".*?</\1>', html, re.DOTALL)
        html = found[0] if found else ""
    return " ".join(strip_tags(html).split())


class FilterForm(HTMLParser):
    """The fields a browser would send if the filter form were submitted as it stands."""

    def __init__(self, response):
        super().__init__()
        self.sent, self.select, self.is_inside = {}, None, False
        self.feed(response.content.decode())

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "form":
            self.is_inside = found["class"] == "filter"
        elif tag == "select":
            self.select = found["name"]
        elif tag == "option" and "selected" in found:
            self.send(self.select, found["value"])
        elif tag == "input" and (found["type"] != "checkbox" or "checked" in found):
            self.send(found["name"], found.get("value", ""))

    def send(self, name, value):
        if self.is_inside:
            self.sent.setdefault(name, []).append(value)


def codes(response):
    return re.findall(r'class="row__code">([^<]*)<', response.content.decode())


class TestList(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.plan = make_plan(code="zhuzhou")
        cls.met = make_commitment(code="ZZ-001")
        make_observation(make_target(cls.met).indicator, 2025, 360)
        cls.vague = make_commitment(code="ZZ-002", title_en="Do better", due_year=None)
        make_commitment(code="ZZ-003", title_en="A draft", published=False)

    def test_a_row_says_promise_test_figure_and_status(self):
        page = self.client.get(EN)
        assert page.status_code == 200
        assert codes(page) == ["ZZ-001", "ZZ-002"]
        text = words(page)
        assert "2 of 2 promises" in text
        assert (
            "ZZ-001 Agriculture and Rural Affairs Bureau "
            "Raise the number of leading agricultural enterprises to 350 "
            "Test ≥ 350 enterprises · 2025 Latest 360 enterprises · 2025" in text
        )
        assert "ZZ-002 Agriculture and Rural Affairs Bureau Do better cannot be assessed" in text
        assert "A draft" not in text

    def test_speaks_chinese_at_its_own_address(self):
        text = words(self.client.get(ZH))
        assert "市级以上农业龙头企业达到350家" in text
        assert "≥ 350 家 · 2025" in text
        assert "已实现" in text

    def test_counts_what_is_found_of_all_there_is(self):
        page = self.client.get(EN, {"group": "met"})
        assert codes(page) == ["ZZ-001"]
        assert "1 of 2 promises" in words(page, "count")

    def test_files_are_of_exactly_this_view(self):
        page = self.client.get(EN, {"group": "met", "q": "企业", "page": "1", "kind": ""})
        for ext in ("csv", "xlsx", "json"):
            self.assertContains(
                page, f'href="/en/commitments.{ext}?group=met&amp;q=%E4%BC%81%E4%B8%9A"'
            )

    def test_other_language_is_the_same_view(self):
        page = self.client.get(EN, {"group": "met"})
        self.assertContains(page, 'href="/commitments/?group=met"')
        self.assertContains(self.client.get(ZH, {"page": "1"}), 'href="/en/commitments/?page=1"')

    def test_helps_when_nothing_is_found(self):
        page = self.client.get(EN, {"q": "zzz", "group": "met"})
        assert page.status_code == 200
        assert "0 of 2 promises" in words(page)
        assert "Nothing found" in words(page)
        self.assertContains(
            page, '<a href="/en/commitments/?group=met">Search “zzz”</a>', html=True
        )
        assert "Search “zzz” 1 promise" in words(page)
        self.assertContains(
            page,
            '<a class="onward" href="/en/commitments/">Show all 2 promises</a>',
            html=True,
        )

    def test_names_the_agency_that_was_searched_for_and_owes_nothing_here(self):
        reform = make_agency(code="reform", name_en="Reform", note_en="Its page is missing.")
        make_agency(code="hidden", name_en="Reform of what is hidden")
        Plan.objects.get(code="zhuzhou").agencies.add(reform)
        page = self.client.get(EN, {"q": "reform"})
        assert "An agency of this name: Reform Its page is missing. Every" in words(page)
        self.assertContains(page, 'href="/en/agencies/reform/"')
        self.assertNotContains(page, "Reform of what")

    def test_says_where_else_the_search_finds_something(self):
        other = make_plan(code="zz-other")
        make_commitment(code="O-1", plan=other, source=make_source(other), title_en="Dig a canal")
        page = self.client.get(EN, {"q": "canal", "group": "met"})
        assert "The same search in another plan: Zhuzhou plan 1 promise" in words(page)
        self.assertContains(page, 'href="/en/commitments/?q=canal&amp;plan=zz-other"')

    def test_a_chip_takes_one_value_away_and_all_can_go_at_once(self):
        make_plan(code="a-plan")
        make_plan(code="zz-plan")
        query = {"plan": "zhuzhou", "group": ["met", "missed"], "as_of": "2026-03-01"}
        page = self.client.get(EN, query)
        assert "Standing met × remove this filter" in words(page, "chips")
        self.assertContains(
            page, 'href="/en/commitments/?plan=zhuzhou&amp;group=missed&amp;as_of=2026-03-01"'
        )
        # The plan and the day are the place where one filters, not the filter.
        self.assertContains(
            page,
            '<a class="chips__all" href="/en/commitments/?plan=zhuzhou&amp;as_of=2026-03-01">'
            "Clear the whole filter</a>",
            html=True,
        )

    def test_says_beside_each_choice_how_many_it_shows(self):
        page = self.client.get(EN, {"measurable": "yes"})
        form = words(page)
        assert "met 1" in form
        assert "not assessable 0" in form
        assert "2025 1 no due year 0" in form
        assert "states a test 1 states no test 1" in form
        # Of all statuses and kinds there are, those of the plan.
        assert "achieved 1 cannot be assessed 0" in form
        assert "far behind" not in form
        assert "dated steps" not in form
        assert "dated steps 0" in words(self.client.get(EN, {"kind": "milestones"}))

    def test_leads_to_the_same_view_of_another_plan(self):
        assert "switch" not in self.client.get(EN).content.decode()
        other = make_plan(code="zz-other", title_en="Other plan")
        make_commitment(code="O-1", plan=other, source=make_source(other))
        page = self.client.get(EN, {"group": "met", "agency": "agency-001", "page": "1"})
        self.assertContains(
            page, '<a href="/en/commitments/?group=met&amp;plan=zz-other">Other plan</a>', html=True
        )
        page = self.client.get(EN, {"group": "met", "plan": "zz-other"})
        self.assertContains(
            page, '<a href="/en/commitments/?group=met">Zhuzhou plan</a>', html=True
        )
        # The form stays in the plan.
        self.assertContains(page, '<input type="hidden" name="plan" value="zz-other">', html=True)

    def test_marks_what_was_searched_for_and_shows_where_else_it_is(self):
        page = self.client.get(EN, {"q": "agricultural zz-001"})
        self.assertContains(page, '<span class="row__code"><mark>ZZ-001</mark></span>')
        self.assertContains(page, "leading <mark>agricultural</mark> enterprises to 350</a>")
        page = self.client.get(EN, {"q": "２０２５ agri"})
        self.assertContains(page, "<mark>Agri</mark>culture and Rural Affairs Bureau")
        self.assertContains(
            page,
            '<p class="row__snippet"><span class="row__where">Quote</span> '
            '<span lang="zh-Hans">到<mark>2025</mark>年,市级以上农业龙头企业达到350家以上</span>'
            "</p>",
            html=True,
        )
        self.assertNotContains(self.client.get(EN), "<mark>")

    def test_marks_only_text(self):
        type(self.vague).objects.filter(pk=self.vague.pk).update(title_en="<b>amp</b> & co")
        for query, expected in (
            ("amp", "&lt;b&gt;<mark>amp</mark>&lt;/b&gt; &amp; co</a>"),
            ("<b>", "<mark>&lt;b&gt;</mark>amp&lt;/b&gt; &amp; co</a>"),
            ("&", "&lt;b&gt;amp&lt;/b&gt; <mark>&amp;</mark> co</a>"),
        ):
            with self.subTest(query):
                self.assertContains(self.client.get(EN, {"q": query}), expected)

    def test_every_way_on_keeps_the_whole_filter(self):
        """What the form would send, the pages, the files and the feed ask for the same."""
        make_plan(code="other")
        query = (
            "q=%E4%BC%81%E4%B8%9A&plan=zhuzhou&code=ZZ-001&group=met&status=achieved"
            "&agency=agency-001&theme=theme-001&due_year=2025&binding=not_said&measurable=yes"
            "&freshness=current&kind=at_least&changed_since=2022-01-01&sort=severity"
            "&as_of=2026-05-05"
        )
        page = self.client.get(f"{EN}?{query}")
        assert codes(page) == ["ZZ-001"]
        links = re.findall(r'href="/en/commitments\.(\w+)\?([^"]*)"', page.content.decode())
        asked = {ext: QueryDict(unescape(found)) for ext, found in links}
        assert asked["csv"] == asked["xlsx"] == asked["json"] == QueryDict(query)
        assert page_address(page.context["filter"], 2) == f"{EN}?{query}&page=2"
        assert FilterForm(page).sent == dict(QueryDict(query).lists())
        # A feed and a calendar go on from today.
        feed = page.context["filter"].query_without("as_of", "sort")
        self.assertContains(page, f"/en/commitments/feed.atom?{escape(feed)}")
        for ext in asked:
            answer = self.client.get(f"/en/commitments.{ext}?{query}")
            assert answer.status_code == 200

    def test_says_that_a_past_day_is_shown_and_keeps_it_in_links(self):
        page = self.client.get(EN, {"as_of": "2025-06-01", "q": "ZZ-001"})
        text = words(page)
        assert "As of 1 June 2025. This is what the site showed on that day." in text
        assert "due, figure awaited" not in words(page, "rows")
        assert "no data" in words(page, "rows")
        self.assertContains(page, 'href="/en/commitments/ZZ-001/?as_of=2025-06-01"')
        self.assertContains(page, '<a href="/en/commitments/?q=ZZ-001">Show today</a>', html=True)

    def test_marks_a_fictional_plan(self):
        other = make_plan(code="fiction", is_fictional=True)
        make_commitment(code="F-1", plan=other, source=make_source(other))
        assert "Fictional example." in words(self.client.get(EN, {"plan": "fiction"}))
        assert "Fictional example." not in words(self.client.get(EN))

    def test_shows_what_is_wrong_and_nothing_else(self):
        page = self.client.get(EN, {"status": "foo", "q": "leading", "as_of": "soon"})
        assert page.status_code == 400
        text = words(page)
        assert "The filter cannot be read" in text
        assert "Exact status: “foo” is not a value this filter knows." in text
        assert "As of: “soon” is not a day. Write it as 2026-01-31." in text
        assert codes(page) == []
        assert "promises" not in words(page, "count")
        assert "boxes__count" not in page.content.decode()
        # What was typed is still there to be corrected.
        self.assertContains(page, 'value="leading"', status_code=400)
        self.assertContains(page, 'value="soon"', status_code=400)

    def test_says_in_chinese_what_is_wrong(self):
        page = self.client.get(ZH, {"status": "foo"})
        assert page.status_code == 400
        assert "“foo”不是可用的选项。" in words(page)

    def test_writes_nothing_of_the_reader_as_markup(self):
        for query in ({"q": '"><script>'}, {"status": "<script>"}, {"page": "<script>"}):
            with self.subTest(query):
                assert "<script>" not in self.client.get(EN, query).content.decode()

    def test_reads_only(self):
        assert self.client.post(EN).status_code == 405
        assert self.client.head(EN).status_code == 200

    def test_sets_no_cookie_and_varies_by_nothing(self):
        page = self.client.get(ZH)
        assert page.cookies == {}
        assert page["Vary"] == "Accept-Encoding"

    def test_without_a_plan_it_is_an_empty_list(self):
        type(self.plan).objects.update(opened_on=None)
        for query in ("", "?q=企业&group=met&changed_since=2024-01-01"):
            page = self.client.get(EN + query)
            assert page.status_code == 200
            assert codes(page) == []
            assert "No plan is open yet" in words(page)


class TestPages(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_commitments(60)

    def test_has_25_rows_a_page(self):
        assert len(codes(self.client.get(EN))) == 25
        assert len(codes(self.client.get(EN, {"page": "2"}))) == 25
        page = self.client.get(EN, {"page": "3", "sort": "code"})
        assert len(codes(page)) == 10
        self.assertContains(
            page,
            '<a class="pager__step" rel="prev" href="/en/commitments/?sort=code&amp;page=2">'
            "Previous</a>",
            html=True,
        )
        self.assertContains(page, '<a href="/en/commitments/?sort=code">1</a>', html=True)
        self.assertNotContains(page, 'rel="next"')

    def test_every_commitment_is_on_one_page(self):
        found = [code for n in (1, 2, 3) for code in codes(self.client.get(EN, {"page": n}))]
        assert len(set(found)) == len(found) == 60

    def test_a_page_beyond_the_last_leads_back(self):
        for number in ("4", "100000000000000000000", "9" * 5000):
            with self.subTest(number[:30]):
                page = self.client.get(EN, {"page": number, "sort": "code"})
                assert page.status_code == 404
                assert "This list ends at page 3." in words(page)
                self.assertContains(
                    page, 'href="/en/commitments/?sort=code&amp;page=3"', status_code=404
                )

    def test_what_is_no_page_number_is_named(self):
        for number in ("abc", "-1", "0", "1.5", "", "３", "1\0"):
            with self.subTest(number):
                page = self.client.get(EN, {"page": number})
                assert page.status_code == 400
                assert "is not the number of a page" in words(page)


class TestCost(TestCase):
    def test_asks_the_database_the_same_for_1_3_and_300_rows(self):
        counts = {}
        for more, code in ((1, "A-1"), (2, "B-1"), (297, "C-1")):
            make_commitments(more, code=code)
            with CaptureQueriesContext(connection) as queries:
                page = self.client.get(EN)
            counts[words(page, "count")] = len(queries)
        assert [*counts] == [
            "1 of 1 promise",
            "3 of 3 promises",
            "300 of 300 promises page 1 of 12",
        ]
        assert len(set(counts.values())) == 1, counts
        assert min(counts.values()) <= 14

    def test_a_search_reads_the_words_and_what_it_found_in_other_names(self):
        make_plan(code="other")
        make_commitments(30)
        costs = {}
        for query in ("", "q=企业", "q=zz-0 企业数&group=cannot_say&group=due_no_figure", "q=zzz"):
            with CaptureQueriesContext(connection) as queries:
                self.client.get(f"{EN}?{query}")
            costs[query] = len(queries)
        plain, of_quotes, of_indicators, empty = costs.values()
        # The words of all: their own, of the tests' two indicators, of supporting agencies.
        assert of_quotes == plain + 4
        assert of_indicators == of_quotes + 2
        # The other plan is looked through as well, and no line is drawn.
        assert empty <= of_indicators + 4


class TestPastDay(TestCase):
    def test_days_before_the_plan_was_opened_say_that_they_are_rebuilt(self):
        make_plan(opened_on=dt.date(2024, 5, 1))
        make_commitment()
        text = words(self.client.get(EN, {"as_of": "2023-01-01"}))
        assert (
            "As of 1 January 2023. The plan was opened here on 1 May 2024; days before it are "
            "rebuilt from the sources’ own dates." in text
        )
