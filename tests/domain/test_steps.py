"""Rule 3, and a commitment of several parts."""

from datetime import date

import pytest

from commitments.domain.assessment import (
    Why,
    assess_commitment,
    assess_milestones,
    commitment_boundaries,
    milestone_boundaries,
)
from commitments.domain.facts import Milestone
from commitments.domain.kinds import Kind
from commitments.domain.status import SEVERITY, Group, Status, worst
from tests.domain.build import seen, target

S = Status
FIRST, LAST = date(2022, 12, 31), date(2023, 12, 31)
EARLY, LATE, TOO_LATE = date(2022, 6, 1), date(2023, 3, 1), date(2024, 2, 1)


@pytest.mark.parametrize(
    ("done", "day", "status", "why"),
    [
        ((None, None), date(2022, 12, 31), S.ON_TRACK, Why.STEPS_NONE_OVERDUE),
        ((None, None), date(2023, 1, 1), S.BEHIND, Why.STEP_OVERDUE),
        ((EARLY, None), date(2023, 12, 31), S.ON_TRACK, Why.STEPS_NONE_OVERDUE),
        ((LATE, None), date(2023, 2, 28), S.BEHIND, Why.STEP_OVERDUE),
        ((LATE, None), date(2023, 3, 1), S.ON_TRACK, Why.STEPS_NONE_OVERDUE),
        ((EARLY, None), date(2024, 1, 1), S.MISSED, Why.STEPS_LAST_DATE_PASSED),
        ((LATE, LATE), date(2023, 6, 1), S.ACHIEVED, Why.STEPS_ALL_DONE),
        ((EARLY, LAST), LAST, S.ACHIEVED, Why.STEPS_ALL_DONE),
        ((EARLY, TOO_LATE), date(2024, 1, 31), S.MISSED, Why.STEPS_LAST_DATE_PASSED),
        ((EARLY, TOO_LATE), TOO_LATE, S.ACHIEVED_LATE, Why.STEPS_DONE_LATE),
        # The last step in time, an earlier one not until all should have been done.
        ((TOO_LATE, LATE), TOO_LATE, S.ACHIEVED_LATE, Why.STEPS_DONE_LATE),
    ],
)
def test_dated_steps(done, day, status, why):
    steps = [Milestone(FIRST, done[0]), Milestone(LAST, done[1])]
    found = assess_milestones(steps, as_of=day)
    assert (found.status, found.reason.why) == (status, why)


def test_a_step_counts_from_the_day_it_was_known_but_is_late_by_the_day_it_was_done():
    steps = [Milestone(FIRST, date(2022, 12, 1), known_on=date(2023, 4, 1))]
    assert assess_milestones(steps, as_of=date(2023, 3, 31)).status is S.MISSED
    assert assess_milestones(steps, as_of=date(2023, 4, 1)).status is S.ACHIEVED
    announced = [Milestone(FIRST, date(2022, 12, 1), known_on=date(2022, 1, 1))]
    assert assess_milestones(announced, as_of=date(2022, 11, 30)).status is S.ON_TRACK
    assert milestone_boundaries(steps) == {date(2023, 1, 1), date(2023, 4, 1)}


def test_no_steps_are_no_test():
    assert assess_milestones([], as_of=FIRST).status is S.NOT_ASSESSABLE


def test_the_last_day_of_the_calendar_has_no_day_after_it():
    assert milestone_boundaries([Milestone(date.max)]) == set()


GOOD = (target("at_least", 350, baseline=(2020, 200)), [seen(2023, 296)], ())
BAD = (target("at_least", 350, baseline=(2020, 200)), [seen(2023, 190)], ())
DAY = date(2024, 6, 1)


def test_a_commitment_stands_as_its_worst_part_and_says_which():
    whole = assess_commitment([GOOD, BAD, BAD], as_of=DAY)
    assert (whole.status, whole.headline) == (S.REVERSING, 1)
    assert [part.status for part in whole.parts] == [S.ON_TRACK, S.REVERSING, S.REVERSING]
    assert whole.judged == whole.parts[1].judged


def test_steps_come_last_unless_a_target_stands_for_them():
    steps = [Milestone(FIRST)]
    whole = assess_commitment([GOOD], steps, as_of=DAY)
    assert (whole.status, whole.headline) == (S.MISSED, 1)
    stand_in = (target(Kind.MILESTONES), (), ())
    whole = assess_commitment([stand_in, GOOD], steps, as_of=DAY)
    assert [part.status for part in whole.parts] == [S.MISSED, S.ON_TRACK]
    assert whole.headline == 0
    assert assess_commitment([stand_in], as_of=DAY).status is S.NOT_ASSESSABLE


def test_every_boundary_of_a_commitment_is_given():
    steps = [Milestone(FIRST, EARLY)]
    days = commitment_boundaries([GOOD], steps, withdrawn_on=date(2024, 5, 5))
    assert days == {
        date(2023, 1, 1),
        EARLY,
        date(2024, 5, 5),
        date(2024, 3, 1),
        date(2026, 1, 1),
        date(2027, 1, 1),
    }


def test_every_status_has_a_group_and_a_place_in_the_order():
    assert sorted(SEVERITY) == sorted(Status)
    assert {status.group for status in Status} == set(Group)
    assert worst([S.ACHIEVED, S.BEHIND, S.ON_TRACK]) is S.BEHIND
    assert worst([S.UNREPORTED, S.AWAITING_RESULT]) is S.UNREPORTED
