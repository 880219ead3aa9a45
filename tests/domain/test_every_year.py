"""Rule 4: above a comparator in every year of a window."""

from datetime import date

import pytest

from commitments.domain.assessment import Why, assess_target
from commitments.domain.status import Flag, Status
from tests.domain.build import num, seen, series, target

S = Status
WINDOW = target("above_comparator", due=2023, first=2021)


@pytest.mark.parametrize(
    ("own", "other", "day", "status", "why"),
    [
        ({}, {}, date(2021, 12, 31), S.NO_DATA, Why.YEARS_NONE_JUDGED),
        ({2021: 9}, {}, date(2022, 6, 1), S.NO_DATA, Why.YEARS_NONE_JUDGED),
        ({2021: 9}, {2021: 8}, date(2022, 6, 1), S.ON_TRACK, Why.YEARS_MET_SO_FAR),
        ({2021: 9}, {2021: 8}, date(2023, 12, 31), S.ON_TRACK, Why.YEARS_MET_SO_FAR),
        ({2021: 7, 2022: 9}, {2021: 8, 2022: 8}, date(2023, 6, 1), S.BREACHED, Why.YEAR_FAILED),
        ({2021: 7}, {2021: 8}, date(2023, 12, 31), S.BREACHED, Why.YEAR_FAILED),
        ({2021: 7}, {2021: 8}, date(2024, 1, 1), S.MISSED, Why.YEAR_FAILED),
        (
            {2021: 9, 2022: 9, 2023: 9},
            {2021: 8, 2022: 8, 2023: 8},
            date(2024, 6, 1),
            S.ACHIEVED,
            Why.YEARS_ALL_MET,
        ),
        ({2022: 9, 2023: 9}, {2022: 8, 2023: 8}, date(2024, 6, 1), S.AWAITING_RESULT, None),
        ({2022: 9, 2023: 9}, {2022: 8, 2023: 8}, date(2025, 1, 1), S.UNREPORTED, None),
        ({}, {}, date(2024, 1, 1), S.AWAITING_RESULT, Why.YEARS_MISSING),
    ],
)
def test_every_year_must_be_above(own, other, day, status, why):
    found = assess_target(WINDOW, series(own), as_of=day, comparator=series(other))
    assert found.status is status
    assert found.reason.why is (why or Why.YEARS_MISSING)


def test_two_whole_years_without_a_judged_one_say_nothing_about_today():
    test = target("above_comparator", due=2025, first=2021)
    rows = {"own": series({2021: 9, 2023: 9}), "other": series({2021: 8})}
    for day, status in ((date(2023, 12, 31), S.ON_TRACK), (date(2024, 1, 1), S.INSUFFICIENT)):
        found = assess_target(test, rows["own"], as_of=day, comparator=rows["other"])
        assert found.status is status


def test_a_year_counts_once_it_is_over_and_needs_both_sides():
    own = [seen(2021, 9), seen(2022, 9, published_on=date(2022, 11, 1))]
    other = series({2021: 8, 2022: 8})
    before = assess_target(WINDOW, own, as_of=date(2022, 12, 31), comparator=other)
    assert [p.year for p in before.tally.met] == [2021]
    assert before.tally.missing == ()
    after = assess_target(WINDOW, own, as_of=date(2023, 1, 1), comparator=other)
    assert [p.year for p in after.tally.missing] == [2022]


def test_the_judged_year_is_the_last_failed_one_else_the_last_met():
    own, other = series({2021: 7, 2022: 9}), series({2021: 8, 2022: 8})
    found = assess_target(WINDOW, own, as_of=date(2023, 6, 1), comparator=other)
    assert (found.judged.period.year, found.margin, found.reason.period.year) == (2021, -1, 2021)
    assert found.latest.period.year == 2022
    better = assess_target(
        WINDOW, series({2021: 9, 2022: 11}), as_of=date(2023, 6, 1), comparator=other
    )
    assert (better.judged.period.year, better.margin) == (2022, num(3))


def test_flags_come_from_both_sides_and_doubt_is_settled_against_the_promise():
    own = [seen(2021, 9), seen(2021, "8.5")]
    other = [seen(2021, 8), seen(2021, "8.6", is_provisional=True)]
    found = assess_target(WINDOW, own, as_of=date(2022, 6, 1), comparator=other)
    assert (found.status, found.margin) == (S.BREACHED, num("-0.1"))
    assert found.flags == (Flag.CONFLICT, Flag.PROVISIONAL)


def test_without_a_first_year_only_the_due_year_is_tested():
    test = target("above_comparator", due=2023)
    found = assess_target(
        test, series({2023: 9}), as_of=date(2024, 6, 1), comparator=series({2023: 8})
    )
    assert (found.status, found.tally.total) == (S.ACHIEVED, 1)


def test_a_quarter_is_not_taken_for_its_year():
    test = target("above_comparator", due="2023-Q4", first="2023-Q3")
    found = assess_target(
        test, series({2023: 9}), as_of=date(2024, 6, 1), comparator=series({2023: 8})
    )
    assert (found.status, len(found.tally.missing)) == (S.AWAITING_RESULT, 2)
