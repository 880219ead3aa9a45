"""What the API answers: the same as the pages, on the same day, and nothing that is not public."""

import datetime as dt
import json

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from commitments.api import limits
from commitments.api.answers import NAMES
from commitments.models import Commitment
from commitments.open_data import TABLES
from tests.factories import (
    make_amendment,
    make_commitment,
    make_indicator,
    make_issued_report,
    make_milestone,
    make_observation,
    make_passage,
    make_plan,
    make_target,
    make_update,
    moment,
)

V1 = "/en/api/v1/"


class Api(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.commitment = make_commitment(due_year=2025)
        cls.plan = cls.commitment.plan
        cls.target = make_target(cls.commitment, baseline_period=2020, baseline_value=200)
        make_observation(cls.target.indicator, 2023, 300)
        make_milestone(cls.commitment)
        make_update(cls.commitment)
        make_passage(cls.commitment.source, "市农业农村局")

    def setUp(self):
        limits.ALLOWANCE.counts.clear()

    def get(self, path, status=200, **headers):
        answer = self.client.get(V1 + path, headers=headers)
        assert answer.status_code == status, (path, answer.content[:400])
        return answer.json()

    def results(self, path):
        return self.get(path)["results"]


class Lists(Api):
    def test_every_table_answers_in_both_languages(self):
        make_issued_report(self.plan, dt.date(2025, 3, 31))
        make_amendment(self.commitment, published=True)
        for name in NAMES:
            for prefix in ("", "/en"):
                answer = self.client.get(f"{prefix}/api/v1/{name}/")
                assert answer.status_code == 200, name
                assert answer["Content-Type"] == "application/json"
                found = answer.json()
                assert found["count"] == len(found["results"]), name
                if name != "changes":
                    assert found["results"], name

    def test_a_promise_stands_as_its_page_says(self):
        [row] = self.results("commitments/")
        page = self.client.get(row["url"])
        self.assertContains(page, row["status_word"])
        shown = json.loads(b"".join(self.client.get("/en/commitments.json").streaming_content))
        assert row["status"] == shown["rows"][0]["commitment_status_code"]
        assert row["status_word"] == shown["rows"][0]["commitment_status"]
        assert row["quote"] == self.commitment.quote
        [chinese] = self.client.get("/api/v1/commitments/").json()["results"]
        assert chinese["sentence"] != row["sentence"]
        assert chinese["title_zh"] == row["title_zh"]

    def test_takes_the_filter_of_the_pages(self):
        other = make_commitment(plan=self.plan, source=self.commitment.source, due_year=2030)
        for query, codes in (
            ("due_year=2030", {other.code}),
            ("due_year=2025&due_year=2030", {self.commitment.code, other.code}),
            (f"code={other.code}", {other.code}),
            ("measurable=no", {other.code}),
            ("q=nothing", set()),
        ):
            assert {row["code"] for row in self.results(f"commitments/?{query}")} == codes, query

    def test_shows_a_past_day_as_it_was_known(self):
        before = self.get("observations/?as_of=2024-12-31")
        at = moment(dt.date(2025, 5, 5))
        make_observation(self.target.indicator, 2023, 299, at=at, published_on=at.date())
        make_observation(self.target.indicator, 2024, 350, at=at, published_on=at.date())
        # Not even that the row has since been replaced.
        assert self.get("observations/?as_of=2024-12-31") == before
        assert before["results"][0]["value"] == 300
        assert [row["value"] for row in self.results("observations/")] == [299, 350]
        assert self.results("observations/?as_of=2021-01-01") == []

    def test_before_the_plan_was_opened_the_sources_own_days_count(self):
        type(self.plan).objects.filter(pk=self.plan.pk).update(opened_on=dt.date(2026, 1, 1))
        assert len(self.results("observations/?as_of=2024-03-01")) == 1
        assert self.results("observations/?as_of=2024-02-29") == []
        assert len(self.results("targets/?as_of=2021-11-05")) == 1

    def test_an_amended_promise_says_on_a_past_day_what_it_said_then(self):
        was = self.commitment.due_year
        at = moment(dt.date(2025, 5, 5))
        make_amendment(self.commitment, published=True, at=at)
        [today] = self.results("commitments/")
        [then] = self.results("commitments/?as_of=2025-01-01")
        assert (then["due_year"], today["due_year"]) == (was, 2026)

    def test_pages_lead_on_and_back_and_hold_every_row_once(self):
        for year in range(2010, 2020):
            make_observation(self.target.indicator, year, 100 + year)
        seen, address = [], f"{V1}observations/?limit=4&fields=id"
        while address:
            page = self.client.get(address).json()
            seen += [row["id"] for row in page["results"]]
            address = page["next"]
        assert len(seen) == len({*seen}) == page["count"] == 11
        assert page["pages"] == page["page"] == 3
        assert "page=2" in page["previous"]

    def test_only_the_fields_wanted_in_their_order(self):
        [row] = self.results("commitments/?fields=sentence,%20code")
        assert [*row] == ["sentence", "code"]

    def test_targets_and_figures_of_one(self):
        other = make_target(make_commitment(plan=self.plan, source=self.commitment.source))
        make_observation(other.indicator, 2023, 1)
        rows = self.results(f"targets/?commitment={self.commitment.code}")
        assert [row["commitment"] for row in rows] == [self.commitment.code]
        rows = self.results(f"observations/?indicator={other.indicator.code}")
        assert [row["indicator"] for row in rows] == [other.indicator.code]

    def test_numbers_have_their_own_digits(self):
        make_observation(self.target.indicator, 2022, "12345678.123456")
        values = {row["period"]: row["value"] for row in self.results("observations/")}
        assert values == {"2023": 300, "2022": 12345678.123456}

    def test_changes_are_those_of_the_page(self):
        at = moment(dt.date(2025, 5, 5))
        make_observation(self.target.indicator, 2024, 360, at=at, published_on=at.date())
        page = self.client.get("/en/changes/")
        rows = self.results("changes/")
        assert [row["key"] for row in rows] == [each.key for each in page.context["entries"]]
        kinds = {row["kind"] for row in self.results("changes/?kind=figure&since=2025-01-01")}
        assert kinds == {"figure"}

    def test_lists_ask_the_database_the_same_however_long(self):
        for name in NAMES:
            self.get(f"{name}/")
            with CaptureQueriesContext(connection) as few:
                self.get(f"{name}/")
            for number in range(5):
                with self.subTest(name):
                    made = make_commitment(plan=self.plan, source=self.commitment.source)
                    target = make_target(made, indicator=make_indicator())
                    make_observation(target.indicator, 2023, number)
                    make_update(made)
            with CaptureQueriesContext(connection) as many:
                self.get(f"{name}/")
            if name != "changes":
                assert len(many) <= len(few) + 1, name

    def test_nothing_of_a_draft_or_a_closed_plan(self):
        hidden = make_commitment(published=False)
        make_target(hidden, published=False)
        make_observation(self.target.indicator, 2024, 9, published=False)
        closed = make_commitment(plan=make_plan(code="closed", opened_on=None))
        for name in NAMES:
            text = self.client.get(f"{V1}{name}/").content.decode()
            assert hidden.code not in text
            assert closed.code not in text
            assert "closed" not in text
        assert len(self.results("observations/")) == 1
        self.get(f"commitments/{hidden.code}/", 404)
        self.get(f"commitments/{closed.code}/", 404)
        self.get("plans/closed/", 404)


class One(Api):
    def test_a_promise_with_its_parts_and_every_status_it_had(self):
        found = self.get(f"commitments/{self.commitment.code}/")
        assert [row["code"] for row in found["targets"]] == [self.target.code]
        assert len(found["milestones"]) == len(found["updates"]) == 1
        runs = found["assessments"]
        assert runs[-1]["status"] == found["status"]
        assert all(row["ends_on"] for row in runs[:-1])

    def test_one_of_what_has_a_code(self):
        for name in ("plans", "documents", "agencies", "themes", "indicators", "updates"):
            key = TABLES[name].key
            [row, *_rest] = self.results(f"{name}/")
            assert self.get(f"{name}/{row[key]}/") == row, name
        assert self.get(f"plans/{self.plan.code}/?fields=code") == {"code": self.plan.code}

    def test_a_day_before_it_was_shown(self):
        said = self.get(f"commitments/{self.commitment.code}/?as_of=2020-01-01", 404)
        assert said["detail"] == "This promise was not shown yet on that day."


class Wrong(Api):
    def test_every_mistake_is_named_at_once(self):
        said = self.get("targets/?nonsense=1&limit=0&page=x&plan=no&as_of=31.1.&fields=foo", 400)
        assert said["status"] == 400
        assert {each["parameter"] for each in said["errors"]} == {
            "nonsense",
            "limit",
            "page",
            "plan",
            "as_of",
            "fields",
        }
        said = self.get("commitments/?status=foo&nonsense=1&limit=9999&as_of=2999-01-01", 400)
        assert {each["parameter"] for each in said["errors"]} == {
            "status",
            "nonsense",
            "limit",
            "as_of",
        }

    def test_speaks_the_language_of_the_address(self):
        english = self.get("targets/?limit=0", 400)
        chinese = self.client.get("/api/v1/targets/?limit=0").json()
        assert english["title"] == "The question cannot be read"
        assert chinese["title"] == "无法理解该请求"

    def test_what_is_not_there_is_a_problem_too(self):
        for path in ("nowhere/", "plans/none/", "targets/1/", "a/b/c", "plans", "commitments/%00/"):
            answer = self.client.get(V1 + path)
            assert answer.status_code == 404, path
            assert answer["Content-Type"] == "application/problem+json", path
        assert self.get("targets/?page=2", 404)["detail"] == "There are 1 pages."

    def test_a_parameter_twice_and_what_no_text_can_have(self):
        assert self.get("targets/?limit=1&limit=2", 400)["errors"][0]["parameter"] == "limit"
        for path in ("commitments/?q=%00", "targets/?commitment=%00", "targets/?%00=1"):
            self.get(path, 400)

    def test_it_only_reads(self):
        for method in ("post", "put", "patch", "delete"):
            answer = getattr(self.client, method)(f"{V1}plans/")
            assert answer.status_code == 405
            assert answer["Allow"] == "GET, HEAD, OPTIONS"
            assert answer.json()["status"] == 405

    def test_answers_json_or_says_so(self):
        self.get("plans/", 406, accept="text/html")
        for accepted in ("application/json", "*/*", "text/html, */*;q=0.1", ""):
            self.get("plans/", accept=accepted)

    def test_who_asks_too_often_waits(self):
        limits.ALLOWANCE.most, kept = 3, limits.ALLOWANCE.most
        try:
            for _time in range(3):
                self.get("plans/")
            answer = self.client.get(f"{V1}plans/")
            assert answer.status_code == 429
            assert 0 < int(answer["Retry-After"]) <= 61
            # Somebody else may.
            other = self.client.get(f"{V1}plans/", REMOTE_ADDR="192.0.2.7")
            assert other.status_code == 200
        finally:
            limits.ALLOWANCE.most = kept


class Headers(Api):
    def test_an_answer_that_is_known_is_not_sent_again(self):
        first = self.client.get(f"{V1}commitments/")
        again = self.client.get(f"{V1}commitments/", headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        make_observation(self.target.indicator, 2024, 349)
        changed = self.client.get(f"{V1}commitments/", headers={"if-none-match": first["ETag"]})
        assert changed.status_code == 200

    def test_any_site_may_ask_and_no_cookie_is_set(self):
        for path in ("plans/", "nowhere/", "plans/?x=1"):
            answer = self.client.get(V1 + path, headers={"origin": "https://example.org"})
            assert answer["Access-Control-Allow-Origin"] == "*"
            assert not answer.cookies
        leave = self.client.options(f"{V1}plans/")
        assert leave.status_code == 204
        assert "GET" in leave["Access-Control-Allow-Methods"]

    def test_a_head_has_the_headers_alone(self):
        answer = self.client.head(f"{V1}plans/")
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer["ETag"]


class Empty(TestCase):
    def test_without_a_plan_lists_are_empty(self):
        assert not Commitment.objects.exists()
        for name in NAMES:
            answer = self.client.get(f"{V1}{name}/")
            assert answer.status_code == 200, name
            assert answer.json()["results"] == []
        assert self.client.get("/en/api/").status_code == 200


def test_an_allowance_begins_anew_each_minute():
    clock = [0.0]
    allowance = limits.Allowance(most=2, window=60, clock=lambda: clock[0])
    assert [allowance.take("a") for _time in range(3)] == [0, 0, 61]
    assert allowance.take("b") == 0
    clock[0] = 60.0
    assert allowance.take("a") == 0
    assert [*allowance.counts] == ["a"]
