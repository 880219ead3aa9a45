"""The register's words for a person: every code of the domain to its translated name.

The codes are the same in the code, files and API; the words live here and in the catalogue.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commitments.domain.freshness import Freshness
from commitments.domain.kinds import Kind
from commitments.domain.periods import Frequency
from commitments.domain.status import Flag, Group, Status

STATUS = {
    Status.ACHIEVED: _("achieved"),
    Status.ACHIEVED_LATE: _("achieved late"),
    Status.MISSED: _("missed"),
    Status.AWAITING_RESULT: _("due, figure awaited"),
    Status.UNREPORTED: _("due, never reported"),
    Status.MET_EARLY: _("met early, must hold"),
    Status.ON_TRACK: _("on pace"),
    Status.BEHIND: _("behind"),
    Status.OFF_TRACK: _("far behind"),
    Status.REVERSING: _("moving away"),
    Status.BREACHED: _("a year was missed"),
    Status.INSUFFICIENT: _("not enough data"),
    Status.NO_DATA: _("no data"),
    Status.NOT_ASSESSABLE: _("cannot be assessed"),
    Status.WITHDRAWN: _("withdrawn"),
}

GROUP = {
    Group.MET: _("met"),
    Group.MISSED: pgettext_lazy("group", "missed"),
    Group.DUE_NO_FIGURE: _("due, no figure"),
    Group.ON_COURSE: _("on course"),
    Group.OFF_COURSE: _("off course"),
    Group.CANNOT_SAY: _("cannot say yet"),
    Group.NOT_ASSESSABLE: _("not assessable"),
    Group.WITHDRAWN: pgettext_lazy("group", "withdrawn"),
}

FLAG = {
    Flag.BASELINE_PROXY: _("substitute baseline"),
    Flag.PROVISIONAL: _("provisional figure"),
    Flag.SLIPPING: _("slipping back"),
    Flag.TIMING_UNVERIFIED: _("timing unverified"),
    Flag.LOW_RESOLUTION: _("coarse scale"),
    Flag.CONFLICT: _("sources disagree"),
    Flag.DEFINITION_CHANGED: _("definition changed"),
    Flag.TARGET_RAISED: _("target raised"),
    Flag.TARGET_LOWERED: _("target lowered"),
    Flag.TIE: _("tie"),
}

KIND = {
    Kind.AT_LEAST: _("at least a number"),
    Kind.AT_MOST: _("at most a number"),
    Kind.RATIO: _("ratio within a limit"),
    Kind.ZERO: _("down to zero"),
    Kind.COVERAGE: _("full coverage"),
    Kind.ABOVE_COMPARATOR: _("above a comparator, every year"),
    Kind.CLASS_AT_OR_BETTER: _("quality class at or better"),
    Kind.COMPOSITE: _("every item of a standard"),
    Kind.MILESTONES: _("dated steps"),
    Kind.NOT_ASSESSABLE: _("no test stated"),
}

FREQUENCY = {
    Frequency.YEAR: _("yearly"),
    Frequency.HALF: _("half-yearly"),
    Frequency.QUARTER: _("quarterly"),
    Frequency.MONTH: _("monthly"),
}

FRESHNESS = {
    Freshness.CURRENT: pgettext_lazy("figures", "up to date"),
    Freshness.DUE: _("a newer figure is due"),
    Freshness.NONE: _("no figure yet"),
    Freshness.NOT_EXPECTED: _("no figure expected"),
}


def choices(words):
    """Pairs (code, name) for a model or form field from one of the tables above."""
    return [(code.value, name) for code, name in words.items()]
