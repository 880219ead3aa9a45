import datetime as dt

import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from commitments.actions.assessing import reassess
from commitments.actions.publishing import revise
from commitments.changes import Changes, What, with_replaced
from commitments.domain.periods import Period
from commitments.models import Commitment, Milestone, Observation, Plan, Target
from tests.factories import (
    make_commitment,
    make_commitments,
    make_indicator,
    make_milestone,
    make_observation,
    make_plan,
    make_source,
    make_target,
    make_update,
    moment,
)

LATER = dt.date(2027, 6, 1)


def told(plan, day=LATER, **asked):
    """Each change as (day, kind, before, after, why)."""
    with translation.override("en"):
        return [
            (change.day.isoformat(), change.what.value, change.before, change.after, change.why)
            for change in Changes(plan, day, **asked)[:100]
        ]


class TestChanges(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.plan = make_plan(code="zhuzhou")
        cls.firms = make_indicator()
        cls.commitment = make_commitment(code="ZZ-001")
        cls.target = make_target(
            cls.commitment,
            indicator=cls.firms,
            baseline_period=Period(2020),
            baseline_value=200,
        )

    def test_a_new_figure_is_told_with_the_status_it_changed(self):
        make_observation(self.firms, 2023, 296)
        assert told(self.plan, dt.date(2024, 6, 1)) == [
            ("2024-03-01", "status", "no_data", "on_track", "new figure"),
            ("2024-03-01", "figure", "", "", ""),
        ]
        with translation.override("en"):
            status, figure = Changes(self.plan, dt.date(2024, 6, 1))[:2]
        assert status.figures[0].text == figure.figures[0].text == "296 enterprises"
        assert figure.figures[0].row.period == Period(2023)

    def test_a_figure_of_a_standard_is_called_by_its_item_as_on_the_list(self):
        air = make_indicator(name_zh="环境空气质量", name_en="Air quality", unit_zh="", unit_en="")
        make_target(
            make_commitment(code="ZZ-002"),
            indicator=air,
            kind="composite",
            value=None,
            standard="GB3095-2012-grade2",
        )
        make_observation(air, 2023, 5, item="CO_p95")
        with translation.override("zh-hans"):
            found = Changes(self.plan, dt.date(2024, 6, 1))[:100]
        [changed] = [each for each in found if each.what == "figure"]
        assert changed.figures[0].name == "环境空气质量 · 一氧化碳日均值第95百分位数"
        assert changed.figures[0].text == "5毫克/立方米"
        html = self.client.get("/commitments/?code=ZZ-002&as_of=2024-06-01").content.decode()
        assert "一氧化碳日均值第95百分位数 5毫克/立方米 · 2023年" in " ".join(html.split())

    def test_a_status_that_changes_by_the_calendar_says_so(self):
        assert told(self.plan) == [
            ("2027-01-01", "status", "awaiting_result", "unreported", "a date passed"),
            ("2026-01-01", "status", "no_data", "awaiting_result", "a date passed"),
        ]

    def test_a_correction_has_both_figures_and_its_reason(self):
        make_observation(self.firms, 2023, 296)
        make_observation(
            self.firms, 2023, 236, published_on=dt.date(2024, 9, 2), note_en="Counted again."
        )
        assert told(self.plan, dt.date(2024, 12, 1)) == [
            ("2024-09-02", "status", "on_track", "off_track", "a figure was corrected"),
            ("2024-09-02", "correction", "296 enterprises", "236 enterprises", "Counted again."),
            ("2024-03-01", "status", "no_data", "on_track", "new figure"),
            ("2024-03-01", "figure", "", "", ""),
        ]

    def test_an_amendment_has_both_tests_and_its_reason(self):
        document = make_source(self.plan, published_on=dt.date(2023, 2, 1))
        make_target(
            self.commitment,
            indicator=self.firms,
            value=300,
            amends=self.target,
            document=document,
            reason_zh="调整",
            reason_en="Times are hard.",
        )
        reassess([self.commitment])
        assert told(self.plan, dt.date(2024, 1, 1)) == [
            (
                "2023-02-01",
                "amendment",
                "≥ 350 enterprises · 2025",
                "≥ 300 enterprises · 2025",
                "Times are hard.",
            )
        ]

    def test_a_test_entered_wrongly_here_is_a_correction_of_ours(self):
        again = {"code": self.target.code, "indicator": self.firms}
        again["reason_en"] = "Read in the wrong line."
        make_target(self.commitment, value=400, at=moment(dt.date(2023, 5, 4)), **again)
        assert told(self.plan, dt.date(2023, 6, 1)) == [
            (
                "2023-05-04",
                "test",
                "≥ 350 enterprises · 2025",
                "≥ 400 enterprises · 2025",
                "Read in the wrong line.",
            )
        ]

    def test_a_step_done_and_what_it_changed(self):
        steps = make_commitment(code="ZZ-002")
        step = make_milestone(steps, due_on=dt.date(2023, 12, 31))
        make_milestone(steps, code=step.code, done_on=dt.date(2023, 6, 1))
        assert told(self.plan, dt.date(2023, 7, 1)) == [
            ("2023-06-01", "status", "on_track", "achieved", "a step was reported done"),
            (
                "2023-06-01",
                "step",
                "due 31 December 2023",
                "done on 1 June 2023",
                "Construction begins",
            ),
        ]

    def test_a_withdrawal_names_its_document(self):
        self.commitment.withdrawn_on = dt.date(2022, 6, 1)
        self.commitment.withdrawn_document_zh = "撤销通知"
        self.commitment.withdrawn_document_en = "Notice of withdrawal"
        revise(self.commitment, at=moment(dt.date(2022, 6, 1)))
        assert told(self.plan) == [
            ("2022-06-01", "withdrawal", "no_data", "withdrawn", "Notice of withdrawal")
        ]

    def test_what_an_agency_says_is_told_under_its_name(self):
        make_update(self.commitment)
        assert told(self.plan, dt.date(2023, 7, 1)) == [
            (
                "2023-06-30",
                "update",
                "",
                "Twelve enterprises were added in the first half of the year.",
                "Agriculture and Rural Affairs Bureau",
            )
        ]

    def test_a_promise_added_later_is_told_and_nothing_from_before_it(self):
        late = make_commitment(code="ZZ-003", at=moment(dt.date(2024, 5, 6)))
        indicator = make_indicator()
        make_observation(indicator, 2021, 100)
        make_target(late, indicator=indicator, at=moment(dt.date(2024, 5, 6)))
        assert told(self.plan, dt.date(2024, 6, 1)) == [("2024-05-06", "promise", "", "", "")]

    def test_days_before_the_opening_are_rebuilt_and_marked(self):
        make_observation(self.firms, 2023, 296)
        Plan.objects.update(opened_on=dt.date(2024, 5, 1))
        plan = Plan.objects.get()
        reassess(Commitment.objects.all())
        changes = Changes(plan, dt.date(2024, 6, 1))
        assert [(change.day.isoformat(), change.is_rebuilt) for change in changes[:9]] == [
            ("2024-03-01", True),
            ("2024-03-01", True),
        ]

    def test_a_figure_entered_late_is_new_on_the_day_it_was_entered(self):
        make_observation(
            self.firms, 2023, 296, at=moment(dt.date(2025, 2, 3)), published_on=dt.date(2024, 3, 1)
        )
        assert told(self.plan, dt.date(2024, 6, 1)) == []
        assert [change[:2] for change in told(self.plan, dt.date(2025, 3, 1))] == [
            ("2025-02-03", "status"),
            ("2025-02-03", "figure"),
        ]

    def test_knows_nothing_of_coming_days(self):
        make_observation(self.firms, 2023, 296)
        assert told(self.plan, dt.date(2024, 2, 29)) == []

    def test_never_tells_a_draft(self):
        make_observation(self.firms, 2023, 296, published=False)
        make_update(self.commitment, published=False)
        make_milestone(self.commitment, published=False, done_on=dt.date(2023, 6, 1))
        make_target(
            self.commitment,
            indicator=self.firms,
            amends=self.target,
            reason_zh="调整",
            published=False,
        )
        draft = make_commitment(code="ZZ-009", published=False)
        make_target(draft, indicator=self.firms)
        make_update(draft)
        assert {change.commitment.code for change in Changes(self.plan, LATER)[:99]} == {"ZZ-001"}
        assert {what for _day, what, *_rest in told(self.plan)} == {"status"}
        # Days before the opening are dated by the sources, which a draft has too.
        Plan.objects.update(opened_on=dt.date(2026, 11, 1))
        reassess(Commitment.objects.published())
        plan = Plan.objects.get()
        assert {what for _day, what, *_rest in told(plan, dt.date(2026, 10, 1))} == {"status"}

    def test_keys_are_unique_and_do_not_change(self):
        for year, value in ((2022, 250), (2023, 296)):
            make_observation(self.firms, year, value)
        make_observation(self.firms, 2023, 236, published_on=dt.date(2024, 9, 2))
        before = [change.key for change in Changes(self.plan, LATER)[:99]]
        reassess(Commitment.objects.all())
        after = [change.key for change in Changes(self.plan, LATER)[:99]]
        assert before == after
        assert len(set(after)) == len(after)

    def test_kinds_and_commitments_narrow_it(self):
        make_observation(self.firms, 2023, 296)
        other = make_commitment(code="ZZ-002")
        make_target(other, indicator=make_indicator())
        found = told(self.plan, dt.date(2024, 6, 1), kinds={What.FIGURE})
        assert [what for _day, what, *_rest in found] == ["figure"]
        shown = Commitment.objects.shown_on(LATER).filter(code="ZZ-002")
        assert {
            change.commitment.code for change in Changes(self.plan, LATER, shown=shown)[:99]
        } == {"ZZ-002"}

    def test_asks_the_database_no_more_for_three_hundred_than_for_one(self):
        def queries():
            with CaptureQueriesContext(connection) as asked:
                Changes(self.plan, LATER)[:25]
            return len(asked)

        make_observation(self.firms, 2023, 296)
        one = queries()
        made = make_commitments(300, code="ZZ-M")
        assert len(made) == 300
        # A page with fewer kinds of change on it has fewer tables to read.
        assert queries() <= one


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL knows better by itself")
class TestAsked(TestCase):
    def test_what_was_replaced_is_looked_up_once_and_not_for_each_row(self):
        """A look-up for each row read the whole table each time, where SQLite knew its sizes."""
        for model in (Target, Milestone, Observation):
            plan = with_replaced(model.objects.all()).explain()
            assert "LIST SUBQUERY" in plan
            assert "CORRELATED" not in plan
