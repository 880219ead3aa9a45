"""An entry of a promise's timeline: what happened on a day, in words."""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext_lazy

from commitments.domain.status import Status


class What(StrEnum):
    """Kinds of entry, in the order in which those of one day are told, the newest first."""

    DUE = "due"
    OVERDUE = "overdue"
    WITHDRAWN = "withdrawn"
    STATUS = "status"
    AMENDED = "amended"
    DONE = "done"
    CHANGED = "changed"
    CORRECTED = "corrected"
    FINAL = "final"
    FIGURE = "figure"
    PROVISIONAL = "provisional"
    SAID = "said"
    OPENED = "opened"
    ADDED = "added"
    STEPS = "steps"
    TEST = "test"
    PROMISED = "promised"
    ADOPTED = "adopted"


WORD = {
    What.DUE: gettext_lazy("Due"),
    What.OVERDUE: gettext_lazy("Date passed, step not done"),
    What.WITHDRAWN: gettext_lazy("Promise withdrawn"),
    What.STATUS: gettext_lazy("Status"),
    What.AMENDED: gettext_lazy("Promise amended"),
    What.DONE: gettext_lazy("Step done"),
    What.CHANGED: gettext_lazy("Target changed"),
    What.CORRECTED: gettext_lazy("Figure corrected"),
    What.FINAL: gettext_lazy("Final figure"),
    What.FIGURE: gettext_lazy("Figure published"),
    What.PROVISIONAL: gettext_lazy("Provisional figure"),
    What.SAID: gettext_lazy("The agency’s own words"),
    What.OPENED: gettext_lazy("Plan opened here"),
    What.ADDED: gettext_lazy("Promise added here"),
    What.STEPS: gettext_lazy("Steps set"),
    What.TEST: gettext_lazy("Test set"),
    What.PROMISED: gettext_lazy("Promised"),
    What.ADOPTED: gettext_lazy("Plan adopted"),
}
ORDER = {what: place for place, what in enumerate(What)}


@dataclass(frozen=True)
class Line:
    """A fact in words; `before` is what it replaced, `replaced_on` the day it was replaced."""

    text: str
    name: str = ""
    before: str = ""
    replaced_on: dt.date | None = None
    source: str = ""
    url: str = ""


@dataclass
class Entry:
    """What happened on a day. `was` and `status` are statuses; the rest are words."""

    on: dt.date
    what: What
    lines: list = field(default_factory=list)
    text: str = ""
    url: str = ""
    status: Status | None = None
    was: Status | None = None
    word: str = ""

    def __post_init__(self):
        self.word = self.word or WORD[self.what]

    @property
    def place(self):
        return (-self.on.toordinal(), ORDER[self.what])

    @property
    def sources(self):
        """Each source of its lines once: ten figures may come from one bulletin."""
        return dict.fromkeys((line.source, line.url) for line in self.lines if line.source)
