"""A roll says of every filter what the database says: which, how many, in what order."""

import pytest
from django.db import connection
from django.test import TransactionTestCase

from commitments.models import Assessment, Commitment, Theme
from commitments.remembered import revision_now
from commitments.roll import ORDERS, roll_of
from tests.factories import make_agency, make_commitments, make_plan
from tests.filters.case import TODAY, FilterCase

QUERIES = (
    "",
    "q=农业",
    "q=ecology",
    "q=III类",
    "q=zz-00&q=&group=met&group=cannot_say",
    "agency=farms&measurable=yes&measurable=no",
    "due_year=none&due_year=2026&as_of=2025-01-01",
    "changed_since=2026-03-01&freshness=due&freshness=none",
    "code=ZZ-003&code=ZZ-001&code=ZZ-004",
)


class TestAgainstTheDatabase(FilterCase):
    def test_finds_the_same_in_the_same_order(self):
        make_commitments(30, code="M-1", lead_agency=self.water, theme=self.land)
        for query in QUERIES:
            for order in ORDERS:
                found = self.filter(f"{query}&sort={order}")
                expected = [row.pk for row in found.qs]
                with self.subTest(query=query, order=order):
                    assert found.keys() == expected
                    assert found.keys(1, 3) == expected[1:3]
                    assert found.counts.without() == len(expected)

    def test_has_nothing_where_nothing_is_shown(self):
        empty = roll_of(make_plan(code="empty"), TODAY, None)
        assert empty.shown == 0
        assert empty.keys(empty.shown) == []
        assert empty.mentioning("农业") == 0

    def test_leaves_out_what_has_no_place(self):
        roll = self.filter().roll
        draft = Commitment.objects.get(code="ZZ-004")
        assert roll.ledger.place(draft.pk) is None
        assert roll.ledger.set_of([draft.pk, self.river.pk, 10**9]).bit_count() == 1

    def test_finds_the_first_word_and_the_last_and_counts_a_promise_once(self):
        roll = self.filter().roll
        assert roll.keys(roll.mentioning("zz-001")) == [self.firms.pk]
        assert roll.keys(roll.mentioning("绿色")) == [self.vague.pk]
        # In title, quote and names of each.
        assert roll.mentioning("农").bit_count() <= 3
        for nowhere in ("zz-001zz", "\ud800"):
            assert roll.mentioning(nowhere) == 0

    def test_minds_no_agency_that_comes_while_it_is_made(self):
        new = []

        def after_agencies_are_read(execute, sql, params, many, context):
            if f'FROM "{Theme._meta.db_table}"' in sql and not new:
                new.append("new")
                Assessment.objects.update(lead_agency=make_agency(code="new"))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(after_agencies_are_read):
            roll = roll_of(self.plan, TODAY, None)
        assert new
        assert roll.set("agency", ["farms", "water", "new"]) == roll.shown != 0


class TestRemembered(TransactionTestCase):
    def test_holds_for_a_revision_and_no_longer(self):
        plan = make_plan(code="zhuzhou")
        make_commitments(2)
        first = roll_of(plan, TODAY, revision_now())
        assert roll_of(plan, TODAY, revision_now()) is first
        with self.assertNumQueries(0):
            assert first.shown.bit_count() == 2
        make_commitments(1, code="B-1")
        assert roll_of(plan, TODAY, revision_now()).shown.bit_count() == 3
        assert first.shown.bit_count() == 2

    def test_a_day_has_a_roll_of_its_own(self):
        plan = make_plan(code="zhuzhou")
        make_commitments(1)
        revision = revision_now()
        before = plan.adopted_on.replace(year=plan.adopted_on.year - 5)
        assert roll_of(plan, TODAY, revision).shown
        assert not roll_of(plan, before, revision).shown


@pytest.mark.django_db
def test_many_keys_are_one_parameter():
    make_commitments(2)
    keys = [*Commitment.objects.values_list("pk", flat=True), *range(10**6, 10**6 + 100_000)]
    assert Commitment.objects.filter(pk__among=keys).count() == 2
    assert Commitment.objects.filter(pk__among=[]).count() == 0
    assert Commitment.objects.exclude(pk__among=keys).count() == 0
