"""The third axis: how old the figures are, whatever they say."""

from datetime import date, timedelta

import pytest

from commitments.domain.assessment import assess_target
from commitments.domain.freshness import (
    NEVER,
    NO_FIGURE_YET,
    NOTHING_EXPECTED,
    Freshness,
    Supply,
    least_fresh,
    supply,
)
from commitments.domain.kinds import Kind
from commitments.domain.periods import Frequency
from commitments.domain.status import Status
from tests.domain.build import seen, series, target

BEHIND = Status.BEHIND


@pytest.mark.parametrize(
    ("frequency", "latest", "due_on"),
    [
        # A yearly figure: the next year must have been over for twelve months.
        (Frequency.YEAR, 2023, date(2026, 1, 1)),
        # A shorter one: the next period must have been over for another.
        (Frequency.HALF, "2023-H1", date(2024, 7, 1)),
        (Frequency.QUARTER, "2023-Q4", date(2024, 7, 1)),
        (Frequency.MONTH, "2023-11", date(2024, 2, 1)),
    ],
)
def test_a_newer_figure_is_due_after_the_grace_of_its_frequency(frequency, latest, due_on):
    test = target("at_least", 350, due=2027, frequency=frequency)
    found = supply(test, [seen(latest, 290)], status=BEHIND)
    assert found == Supply(True, due_on)
    assert found.on(due_on - timedelta(days=1)) is Freshness.CURRENT
    assert found.on(due_on) is Freshness.DUE


def test_the_latest_period_counts_not_the_last_published():
    test = target("at_least", 350, due=2027)
    rows = [seen(2022, 290), seen(2021, 250, published_on=date(2024, 9, 1))]
    assert supply(test, rows, status=BEHIND).newer_due_on == date(2025, 1, 1)


def test_there_may_be_no_figure_yet():
    test = target("at_least", 350)
    assert supply(test, [], status=Status.NO_DATA) == NO_FIGURE_YET
    assert NO_FIGURE_YET.on(date(2040, 1, 1)) is Freshness.NONE


@pytest.mark.parametrize("kind", [Kind.MILESTONES, Kind.NOT_ASSESSABLE])
def test_steps_and_words_expect_no_figure(kind):
    found = supply(target(kind), [seen(2023, 1)], status=Status.NOT_ASSESSABLE)
    assert found == NOTHING_EXPECTED
    assert found.on(date(2024, 1, 1)) is Freshness.NOT_EXPECTED


def test_nothing_newer_is_asked_for_once_the_due_period_is_known():
    test = target("at_least", 350, due=2025)
    for rows in (series({2025: 360}), series({2025: 340}), series({2026: 340})):
        status = assess_target(test, rows, as_of=date(2028, 1, 1)).status
        assert supply(test, rows, status=status) == Supply(True, NEVER)
    assert Supply(True, NEVER).on(date(2030, 1, 1)) is Freshness.CURRENT


def test_a_stock_that_was_reached_needs_no_newer_figure():
    test = target("at_least", 350, due=2030, is_cumulative=True)
    assert supply(test, series({2022: 360}), status=Status.ACHIEVED).newer_due_on == NEVER


def test_a_comparison_is_as_fresh_as_its_less_fresh_side():
    test = target("above_comparator", due=2027, first=2022, frequency=Frequency.QUARTER)
    own, other = series({2022: 9, 2024: 9}), series({2022: 8})
    assert supply(test, own, other, status=Status.ON_TRACK).newer_due_on == date(2025, 1, 1)
    assert supply(test, own, (), status=Status.NO_DATA) == NO_FIGURE_YET


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([], NOTHING_EXPECTED),
        ([NOTHING_EXPECTED], NOTHING_EXPECTED),
        ([NOTHING_EXPECTED, NO_FIGURE_YET], NO_FIGURE_YET),
        ([Supply(True, NEVER), NOTHING_EXPECTED], Supply(True, NEVER)),
        ([Supply(True, NEVER), Supply(True, date(2025, 1, 1))], Supply(True, date(2025, 1, 1))),
        ([Supply(True, date(2025, 1, 1)), NO_FIGURE_YET], NO_FIGURE_YET),
    ],
)
def test_a_promise_is_as_fresh_as_its_least_fresh_test(parts, whole):
    assert least_fresh(parts) == whole
