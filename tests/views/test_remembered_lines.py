"""What pages share in memory never shows in a page of another language, size, day or revision."""

import datetime as dt

from django.test import TransactionTestCase

from commitments.models import Agency, Commitment
from tests.factories import make_commitment, make_plan

LIST = "/commitments/"


class TestRememberedLines(TransactionTestCase):
    def setUp(self):
        make_plan(opened_on=dt.date(2024, 1, 1))
        self.commitment = make_commitment(title_zh="三百五十家企业", title_en="350 firms")
        self.client.get(LIST)

    def page(self, address=LIST, **asked):
        return self.client.get(address, asked).content.decode()

    def test_each_language_and_size_has_its_own(self):
        own = self.commitment.code
        assert f'href="/commitments/{own}/">三百五十家企业' in self.page()
        assert f'href="/en/commitments/{own}/">350 firms' in self.page("/en/commitments/")
        assert f'href="/large/commitments/{own}/">三百五十家企业' in self.page(
            "/large/commitments/"
        )
        assert f'href="/commitments/{own}/">三百五十家企业' in self.page()

    def test_a_past_day_leads_to_that_day(self):
        own = self.commitment.code
        past = self.page(as_of="2026-01-05")
        assert f'href="/commitments/{own}/?as_of=2026-01-05">' in past
        assert f'href="/commitments/{own}/">' in self.page()

    def test_marks_of_a_search_stay_on_its_page(self):
        assert "<mark>企业</mark>" in self.page(q="企业")
        assert "<mark>" not in self.page()

    def test_what_is_published_shows_at_once(self):
        Agency.objects.update(name_zh="改名的局")
        assert "改名的局" in self.page()
        Commitment.objects.update(title_zh="四百家企业")
        assert "四百家企业" in self.page()
        assert "改名的局" in self.client.get("/").content.decode()

    def test_a_second_page_asks_for_no_line_again(self):
        self.page()
        # The plans, and the revision; what is public else is remembered.
        with self.assertNumQueries(2):
            self.page(group="cannot_say")
