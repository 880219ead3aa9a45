"""Rule 3: a promise of dated steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from commitments.domain.facts import Milestone
from commitments.domain.result import Assessment, Reason, Why
from commitments.domain.status import Status


def assess_milestones(milestones: Sequence[Milestone], *, as_of: date) -> Assessment:
    """Assess dated steps. A step is done from the day that was known, and late after its date.

    No steps at all: there is no test, so nothing can be assessed.
    """
    if not milestones:
        return Assessment(Status.NOT_ASSESSABLE, Reason(Why.NO_TEST, 3), as_of)
    status, why = _decide(milestones, as_of)
    return Assessment(status, Reason(why, 3), as_of)


def _decide(milestones: Sequence[Milestone], as_of: date) -> tuple[Status, Why]:
    last_due_on = max(step.due_on for step in milestones)
    open_steps = [step for step in milestones if not step.is_done(as_of)]
    if not open_steps:
        # Lateness is of the deed, not of the news of it.
        done_on = max(step.done_on for step in milestones if step.done_on is not None)
        if done_on > last_due_on:
            return Status.ACHIEVED_LATE, Why.STEPS_DONE_LATE
        return Status.ACHIEVED, Why.STEPS_ALL_DONE
    if as_of > last_due_on:
        return Status.MISSED, Why.STEPS_LAST_DATE_PASSED
    if any(step.due_on < as_of for step in open_steps):
        return Status.BEHIND, Why.STEP_OVERDUE
    return Status.ON_TRACK, Why.STEPS_NONE_OVERDUE
