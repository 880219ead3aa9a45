"""No day on which an answer changes is left out of the boundaries."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from commitments.domain.assessment import assess_commitment, commitment_boundaries
from commitments.domain.facts import Milestone
from commitments.domain.kinds import Kind
from commitments.domain.periods import Frequency
from commitments.domain.standards import standard
from tests.domain.build import seen, series, target

FIRST, LAST = date(2020, 1, 1), date(2029, 12, 31)
PROMISE = {"kind": "at_least", "value": 350, "baseline": (2020, 200)}


def test_the_days_of_a_number_are_its_publications_its_ageing_and_its_end():
    facts = [(target(**PROMISE), [seen(2022, 290)], ())]
    assert commitment_boundaries(facts) == {
        date(2023, 3, 1),
        date(2025, 1, 1),
        date(2026, 1, 1),
        date(2027, 1, 1),
    }


def test_both_sides_of_a_comparison_are_given_and_it_ages_by_its_own_periods():
    test = target("above_comparator", first=2023, frequency=Frequency.QUARTER)
    other = [seen(2023, 8, published_on=date(2024, 5, 9))]
    assert commitment_boundaries([(test, [seen(2023, 9)], other)]) == {
        date(2024, 1, 1),
        date(2024, 3, 1),
        date(2024, 5, 9),
        date(2025, 1, 1),
        date(2026, 1, 1),
        date(2027, 1, 1),
    }
    longer = target("above_comparator", due=2027, first=2022, frequency=Frequency.QUARTER)
    found = []
    for day in (date(2024, 12, 31), date(2025, 12, 31), date(2026, 1, 1)):
        whole = assess_commitment([(longer, [seen(2023, 9)], other)], as_of=day)
        found.append(whole.status.value)
    assert found == ["on_track", "on_track", "insufficient"]


def test_a_promise_without_a_test_never_changes():
    assert commitment_boundaries([(target(Kind.NOT_ASSESSABLE), [seen(2022, 1)], ())]) == set()


@pytest.mark.parametrize(
    ("facts", "steps", "withdrawn_on", "changes"),
    [
        ((target(**PROMISE), [seen(2022, 290)], ()), (), None, 4),
        (
            (target(**PROMISE), series({2021: 230, 2022: 360, 2025: 340, 2026: 360}), ()),
            (),
            None,
            5,
        ),
        (
            (
                target(**PROMISE, frequency=Frequency.QUARTER),
                [seen("2024-Q1", 300, published_on=date(2024, 4, 20))],
                (),
            ),
            (),
            None,
            4,
        ),
        (
            (
                target("above_comparator", first=2021),
                series({2021: 9, 2022: 9}),
                series({2021: 8, 2022: 8}),
            ),
            (),
            None,
            # Five ends of a year (2021 missing, then judged in March), two publications,
            # stale, the grace.
            8,
        ),
        (
            (
                target("composite", standard=standard("GB3095-2012-grade2")),
                [seen(2021, 50, item="PM2.5"), seen(2022, 41, item="PM2.5")],
                (),
            ),
            (),
            None,
            5,
        ),
        (
            (target(**PROMISE), (), ()),
            (
                Milestone(date(2022, 6, 30), date(2022, 9, 1), known_on=date(2022, 10, 1)),
                Milestone(date(2023, 6, 30)),
            ),
            date(2028, 5, 5),
            6,
        ),
    ],
)
def test_day_by_day_every_change_falls_on_a_boundary(facts, steps, withdrawn_on, changes):
    expected = commitment_boundaries([facts], steps, withdrawn_on)
    found = []
    day, before = FIRST, None
    while day <= LAST:
        now = shown(assess_commitment([facts], steps, withdrawn_on, as_of=day))
        if before is not None and now != before:
            found.append(day)
        day, before = day + timedelta(days=1), now
    assert set(found) <= expected
    assert len(found) == changes


def shown(found):
    """All that is shown of an assessment, without the day."""
    items = tuple((item.code, item.status, item.value) for item in found.items)
    parts = tuple(shown(part) for part in found.parts)
    return replace(found, as_of=FIRST, items=(), parts=()), items, parts
