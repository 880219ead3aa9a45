"""The last moment of a year and the first of the next: statuses change though nobody writes."""

import datetime as dt
import json
from unittest import mock
from zoneinfo import ZoneInfo

from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import TestCase

from commitments.actions.assessing import reassess
from commitments.models import Commitment, Revision
from tests.factories import make_commitment, make_observation, make_target
from tests.front.test_register import Answered, register

CHINA = ZoneInfo("Asia/Shanghai")
YEAR = 2026
BEFORE = dt.datetime(YEAR, 12, 31, 23, 59, 59, 999_999, tzinfo=CHINA)
AFTER = dt.datetime(YEAR + 1, 1, 1, tzinfo=CHINA)
# Each says how a promise stands.
PAGES = (
    "/",
    "/en/",
    "/commitments/",
    "/en/commitments/?sort=severity",
    "/large/commitments/",
    "/commitments/DUE-1/",
    "/en/commitments/DUE-2/",
    "/changes/",
    "/feed.atom",
    "/commitments.csv",
    "/commitments.json",
    "/embed/commitments/DUE-1/",
    "/api/v1/commitments/",
)


def at(moment):
    return mock.patch("django.utils.timezone.now", return_value=moment.astimezone(dt.UTC))


class TestYearsEnd(TestCase):
    @classmethod
    def setUpTestData(cls):
        for code, year, figures in (
            ("DUE-1", YEAR, {}),
            ("DUE-2", YEAR, {2024: 300, 2025: 349}),
            ("LATER", YEAR + 1, {}),
        ):
            target = make_target(make_commitment(code=code, due_year=year), due_period=str(year))
            for period, value in figures.items():
                make_observation(target.indicator, period, value)
        reassess(Commitment.objects.all())

    def setUp(self):
        # The connection is in the middle of the test's own transaction, as in Django's client.
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
            self.addCleanup(signal.connect, close_old_connections)

    def statuses(self, front):
        found = json.loads(Answered(front, "/api/v1/commitments/").body)["results"]
        return {each["code"]: each["status"] for each in found}

    def rows(self, front, query):
        return json.loads(Answered(front, f"/commitments.json{query}").body)["rows"]

    def test_what_fell_due_waits_for_its_figure_from_the_first_moment_of_the_year(self):
        front = register()
        with at(BEFORE):
            before, revision = self.statuses(front), Revision.current()
        with at(AFTER):
            after = self.statuses(front)
        assert before == {"DUE-1": "no_data", "DUE-2": "on_track", "LATER": "no_data"}
        waiting = dict.fromkeys(("DUE-1", "DUE-2"), "awaiting_result")
        assert after == before | waiting
        assert Revision.current() == revision

    def test_no_page_of_the_old_year_is_shown_in_the_new_one(self):
        front = register()
        with at(BEFORE):
            old = {page: Answered(front, page) for page in PAGES}
        with at(AFTER):
            for page in PAGES:
                with self.subTest(page):
                    tag = old[page].headers["ETag"]
                    new = Answered(front, page, HTTP_IF_NONE_MATCH=tag)
                    assert new.status == "200 OK"
                    assert new.body != old[page].body
                    assert new.body == Answered(register(), page).body

    def test_the_last_day_of_the_year_is_still_shown_as_it_was(self):
        front = register()
        last_day = f"?as_of={BEFORE.date()}"
        with at(BEFORE):
            before = self.rows(front, "")
        with at(AFTER):
            after = self.rows(front, last_day)
        assert after == before
