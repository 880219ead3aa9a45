import datetime as dt
import re

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    make_commitment,
    make_commitments,
    make_indicator,
    make_milestone,
    make_observation,
    make_plan,
    make_target,
    make_update,
)
from tests.views.test_home import words

PAGE, LOG = "/en/changes/", "/en/changes/corrections/"


class TestChangesPage(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.plan = make_plan(code="zhuzhou", title_en="Zhuzhou plan")
        cls.other = make_plan(code="xulan", title_en="Xulan plan", is_fictional=True)
        cls.firms = make_indicator(name_en="Firms")
        cls.commitment = make_commitment(plan=cls.plan, code="ZZ-001", title_en="More firms")
        make_target(cls.commitment, indicator=cls.firms, baseline_period="2020", baseline_value=200)
        make_observation(cls.firms, 2023, 296, source_en="Communiqué")
        make_observation(
            cls.firms,
            2023,
            236,
            published_on=dt.date(2024, 9, 2),
            source_en="Erratum",
            note_en="Counted again.",
        )
        make_update(cls.commitment, text_en="We hired.")

    def test_the_date_of_a_step_still_stands_when_the_step_is_done(self):
        step = make_milestone(self.commitment)
        make_milestone(self.commitment, code=step.code, done_on=dt.date(2023, 6, 1))
        page = self.client.get(PAGE, {"kind": "step"})
        assert "due 31 December 2023 → done on 1 June 2023" in words(page)
        assert "<del>" not in page.content.decode()

    def test_tells_each_change_with_before_after_why_and_source(self):
        text = words(self.client.get(PAGE, {"as_of": "2024-12-01"}))
        assert text[text.index("2 September 2024") :].startswith(
            "2 September 2024 "
            "status changed More firms on pace →became far behind a figure was corrected: "
            "236 enterprises · 2023 "
            "correction More firms Firms · 2023 296 enterprises → 236 enterprises "
            "Erratum 2 September 2024 Counted again. "
            "1 March 2024 "
            "status changed More firms no data →became on pace new figure: 296 enterprises · 2023 "
            "new figure More firms Firms 296 enterprises · 2023 Communiqué 1 March 2024 "
            "30 June 2023 "
            "agency’s own words More firms We hired. Agriculture and Rural Affairs Bureau"
        )

    def test_counts_each_kind_and_shows_one_of_them(self):
        text = words(self.client.get(PAGE, {"as_of": "2024-12-01", "kind": "figure"}))
        assert "all 5 status changed 2 new figure 1 correction 1 agency’s own words 1" in text
        assert "Communiqué" in text
        assert "Erratum" not in text

    def test_another_plan_is_a_link_away_and_says_that_it_is_fictional(self):
        html = self.client.get(PAGE).content.decode()
        assert 'href="/en/changes/?plan=xulan"' in html
        text = words(self.client.get(PAGE, {"plan": "xulan"}))
        assert "Fictional example." in text
        assert "Nothing of this kind has changed." in text

    def test_the_log_has_old_and_new_when_and_by_what_source(self):
        text = words(self.client.get(LOG))
        assert (
            "2 September 2024 Firms · 2023 More firms 296 enterprises 236 enterprises "
            "Erratum 2 September 2024 Counted again."
        ) in text
        assert "No figure has been corrected." in words(
            self.client.get(LOG, {"as_of": "2024-09-01"})
        )

    def test_what_cannot_be_read_is_refused(self):
        for query in ("kind=zz", "plan=zz", "as_of=soon", "as_of=2999-01-01", "page=x", "kind=%00"):
            assert self.client.get(f"{PAGE}?{query}").status_code == 400, query
        assert self.client.get(LOG, {"plan": "zz"}).status_code == 400
        assert self.client.get(PAGE, {"page": "99"}).status_code == 404

    def test_pages_keep_what_was_asked(self):
        make_commitments(30, plan=self.plan, code="A-1")
        html = self.client.get(PAGE, {"kind": "figure", "as_of": "2024-12-01"}).content.decode()
        assert 'href="/en/changes/?kind=figure&amp;as_of=2024-12-01&amp;page=2"' in html
        second = self.client.get(PAGE, {"kind": "figure", "page": "2", "as_of": "2024-12-01"})
        assert len(re.findall('class="entry"', second.content.decode())) == 6

    def test_never_shows_a_draft(self):
        draft = make_commitment(plan=self.plan, code="ZZ-009", title_en="Secret", published=False)
        make_target(draft, indicator=self.firms)
        make_observation(self.firms, 2022, 111, published=False)
        make_update(self.commitment, text_en="Not yet checked.", published=False)
        for address in (PAGE, LOG):
            text = words(self.client.get(address))
            assert "Secret" not in text
            assert "111" not in text
            assert "Not yet checked." not in text

    def test_asks_the_database_the_same_for_1_3_and_300_rows(self):
        for address in (PAGE, LOG):
            counts = []
            for more, code in ((1, "A"), (2, "B"), (297, "C")):
                make_commitments(more, plan=self.plan, code=f"{code}-{len(address)}")
                with CaptureQueriesContext(connection) as queries:
                    self.client.get(address, {"kind": "figure"} if address == PAGE else {})
                counts.append(len(queries))
            assert len(set(counts)) == 1, (address, counts)
            assert counts[0] <= 14, (address, counts)
