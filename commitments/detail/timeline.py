"""Everything that happened to a promise up to a day, and the dates still to come."""

from dataclasses import dataclass
from itertools import groupby

from commitments.detail.entries import What
from commitments.detail.telling import Telling

# So many figures in a row that moved nothing are folded into one line.
FEW_FIGURES = 3
ROUTINE = (What.FIGURE, What.PROVISIONAL)


@dataclass(frozen=True)
class Fold:
    """Several figures in a row that changed no status, newest first."""

    entries: list

    @property
    def first(self):
        return self.entries[-1].on

    @property
    def last(self):
        return self.entries[0].on


@dataclass(frozen=True)
class Timeline:
    """`coming` dates and what `happened`, both the latest first."""

    coming: list
    happened: list
    has_rebuilt: bool


def timeline_of(dossier, runs, updates, day):
    """The `Timeline` of a promise; `runs` are its assessments by the day, oldest first."""
    told = Telling(dossier, day)
    entries = [
        *told.beginnings(),
        *told.amendments(),
        *told.tests(),
        *told.figures(),
        *told.steps(),
        *told.words(updates),
        *told.due(),
        *told.statuses(runs),
    ]
    entries.sort(key=lambda entry: entry.place)
    return Timeline(
        coming=[entry for entry in entries if entry.on > day],
        happened=folded([entry for entry in entries if entry.on <= day]),
        has_rebuilt=any(entry.on < dossier.opened_on for entry in entries),
    )


def folded(entries):
    """Entries with runs of routine figures as one `Fold` each."""
    moved = {entry.on for entry in entries if entry.what is What.STATUS}
    found = []
    for is_routine, run in groupby(
        entries, lambda entry: entry.what in ROUTINE and entry.on not in moved
    ):
        run = list(run)
        found += [Fold(run)] if is_routine and len(run) > FEW_FIGURES else run
    return found
