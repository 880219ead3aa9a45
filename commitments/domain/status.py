"""How a commitment stands: the codes. Words live in labels, colours in the style sheet."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Group(StrEnum):
    """The eight groups that share a colour and a shape."""

    MET = "met"
    MISSED = "missed"
    DUE_NO_FIGURE = "due_no_figure"
    ON_COURSE = "on_course"
    OFF_COURSE = "off_course"
    CANNOT_SAY = "cannot_say"
    NOT_ASSESSABLE = "not_assessable"
    WITHDRAWN = "withdrawn"


class Status(StrEnum):
    """The outcome of a promise on a day."""

    ACHIEVED = "achieved"
    ACHIEVED_LATE = "achieved_late"
    MISSED = "missed"
    AWAITING_RESULT = "awaiting_result"
    UNREPORTED = "unreported"
    MET_EARLY = "met_early"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    OFF_TRACK = "off_track"
    REVERSING = "reversing"
    BREACHED = "breached"
    INSUFFICIENT = "insufficient"
    NO_DATA = "no_data"
    NOT_ASSESSABLE = "not_assessable"
    WITHDRAWN = "withdrawn"

    @property
    def group(self) -> Group:
        """The group this status is counted and coloured in."""
        return _GROUPS[self]


class Flag(StrEnum):
    """Something a reader should know beside the status; it never changes the status."""

    BASELINE_PROXY = "baseline_proxy"
    PROVISIONAL = "provisional"
    SLIPPING = "slipping"
    TIMING_UNVERIFIED = "timing_unverified"
    LOW_RESOLUTION = "low_resolution"
    CONFLICT = "conflict"
    DEFINITION_CHANGED = "definition_changed"
    TARGET_RAISED = "target_raised"
    TARGET_LOWERED = "target_lowered"
    TIE = "tie"


_GROUPS = {
    Status.ACHIEVED: Group.MET,
    Status.ACHIEVED_LATE: Group.MET,
    Status.MISSED: Group.MISSED,
    Status.AWAITING_RESULT: Group.DUE_NO_FIGURE,
    Status.UNREPORTED: Group.DUE_NO_FIGURE,
    Status.MET_EARLY: Group.ON_COURSE,
    Status.ON_TRACK: Group.ON_COURSE,
    Status.BEHIND: Group.OFF_COURSE,
    Status.OFF_TRACK: Group.OFF_COURSE,
    Status.REVERSING: Group.OFF_COURSE,
    Status.BREACHED: Group.OFF_COURSE,
    Status.INSUFFICIENT: Group.CANNOT_SAY,
    Status.NO_DATA: Group.CANNOT_SAY,
    Status.NOT_ASSESSABLE: Group.NOT_ASSESSABLE,
    Status.WITHDRAWN: Group.WITHDRAWN,
}

# Worst first. A commitment with several tests stands as its worst test does.
SEVERITY = (
    Status.MISSED,
    Status.BREACHED,
    Status.REVERSING,
    Status.OFF_TRACK,
    Status.BEHIND,
    Status.UNREPORTED,
    Status.AWAITING_RESULT,
    Status.INSUFFICIENT,
    Status.NO_DATA,
    Status.NOT_ASSESSABLE,
    Status.ON_TRACK,
    Status.MET_EARLY,
    Status.ACHIEVED_LATE,
    Status.ACHIEVED,
    Status.WITHDRAWN,
)
RANK = {status: rank for rank, status in enumerate(SEVERITY)}


def worst(statuses: Iterable[Status]) -> Status:
    """The most severe of the statuses; ValueError when there are none."""
    return min(statuses, key=RANK.__getitem__)
