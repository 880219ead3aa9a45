"""The page where a report is put together: a form, a preview, and every kind of file."""

import re
from html import unescape

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from commitments.report.kinds import KINDS, MOST_WITH_DETAILS
from commitments.views.report import ROWS_SHOWN
from tests import factories as make


def words(response):
    return " ".join(unescape(strip_tags(response.content.decode())).split())


def addresses(response):
    return re.findall(r'href="([^"]*commitments\.[^"]*)"', response.content.decode())


class ReportPage(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.plan = make.make_plan(code="zhuzhou-2021")
        cls.water = make.make_theme(code="water", name_zh="水", name_en="Water")
        indicator = make.make_indicator()
        first = make.make_commitment(code="ZZ-001", due_year=2025)
        make.make_target(first, indicator=indicator, baseline_period=2020, baseline_value=200)
        make.make_observation(indicator, 2023, "271.5")
        make.make_commitment(
            code="ZZ-002", theme=cls.water, title_en="Clean the river", title_zh="治理河流"
        )
        make.make_commitment(code="ZZ-003", title_en="A secret draft", published=False)

    def test_shows_how_the_report_begins(self):
        said = words(self.client.get("/en/report/"))
        assert "City of Zhuzhou: commitments and how they stand" in said
        assert "this report covers 2 promises" in said
        assert "ZZ-001" in said
        assert "Clean the river" in said
        assert "A secret draft" not in said

    def test_offers_every_kind_in_both_languages(self):
        found = addresses(self.client.get("/report/"))
        expected = [f"{prefix}/commitments.{ext}" for prefix in ("", "/en") for ext in KINDS]
        assert found == expected

    def test_the_files_keep_what_was_asked(self):
        query = "theme=water&as_of=2023-05-01&part=table&part=details&q=river&sort=code"
        response = self.client.get(f"/en/report/?{query}")
        for address in addresses(response):
            assert unescape(address).partition("?")[2] == query
        said = words(response)
        assert "Theme: Water" in said
        assert "ZZ-001" not in said

    def test_every_address_on_it_gives_its_file(self):
        response = self.client.get("/en/report/?theme=water&part=table")
        for address in addresses(response):
            answer = self.client.get(unescape(address))
            assert answer.status_code == 200, address
            assert answer["Content-Disposition"].startswith("attachment")

    def test_what_is_not_included_is_not_shown(self):
        said = words(self.client.get("/en/report/?part=sources"))
        assert "Report of the press conference" in said
        assert "this report covers" not in said
        assert "Clean the river" not in said.partition("Preview")[2]

    def test_details_show_the_figures_with_their_sources(self):
        said = words(self.client.get("/en/report/?part=details"))
        assert "271.5 enterprises" in said
        assert "Baseline 200 Unit enterprises" in said
        assert "Zhuzhou Municipal Statistics Bureau, communiqué" in said
        assert make.QUOTE in said

    def test_keeps_what_it_does_not_ask_itself(self):
        response = self.client.get("/en/report/?q=river&kind=at_least&binding=not_said")
        for name, value in (("q", "river"), ("kind", "at_least"), ("binding", "not_said")):
            self.assertContains(
                response, f'<input type="hidden" name="{name}" value="{value}">', html=True
            )

    def test_a_past_day_is_shown_as_it_was(self):
        said = words(self.client.get("/en/report/?as_of=2024-02-01&part=table"))
        assert "As of 1 February 2024" in said
        assert "271.5" not in said
        assert "271.5" in words(self.client.get("/en/report/?part=table"))

    def test_an_invented_plan_says_so(self):
        plan = make.make_plan(code="xulan", is_fictional=True)
        make.make_commitment(plan=plan, code="XL-1")
        response = self.client.get("/en/report/?plan=xulan")
        self.assertContains(response, "Fictional example")
        assert all("plan=xulan" in address for address in addresses(response))

    def test_what_cannot_be_read_is_said_and_nothing_is_offered(self):
        for query, said in (
            ("part=nonsense", "“nonsense” is not a part of a report."),
            ("as_of=tomorrow", "“tomorrow” is not a day."),
            ("part=%00", "\N{REPLACEMENT CHARACTER}"),
        ):
            response = self.client.get(f"/en/report/?{query}")
            assert response.status_code == 400
            assert said in words(response)
            assert addresses(response) == []

    def test_a_document_that_would_be_too_long_is_not_offered(self):
        make.make_commitments(MOST_WITH_DETAILS)
        response = self.client.get("/en/report/?part=details")
        assert [a for a in addresses(response) if ".pdf" in a or ".docx" in a] == []
        assert f"holds {MOST_WITH_DETAILS} promises at most" in words(response)
        assert any(".pdf" in a for a in addresses(self.client.get("/en/report/")))

    def test_is_the_same_for_everybody_and_sets_no_cookie(self):
        response = self.client.get("/report/")
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")

    def test_before_any_plan_is_open_it_says_so(self):
        type(self.plan).objects.update(opened_on=None)
        response = self.client.get("/en/report/")
        assert response.status_code == 200
        assert "No plan is open yet" in words(response)

    def test_the_list_leads_here_with_its_filter(self):
        response = self.client.get("/en/commitments/?theme=water")
        self.assertContains(response, 'href="/en/report/?theme=water"')

    def test_asks_the_database_the_same_for_more_rows(self):
        make.make_commitments(ROWS_SHOWN)
        with CaptureQueriesContext(connection) as few:
            self.client.get("/en/report/?part=table&part=summary&part=sources")
        make.make_commitments(30)
        with self.assertNumQueries(len(few)):
            self.client.get("/en/report/?part=table&part=summary&part=sources")
