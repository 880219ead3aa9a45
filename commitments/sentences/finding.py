"""The citizen's one sentence: what was found, then the status it makes.

"到2023年底，时间过了60%，承诺的变化完成了47%：进度滞后。"
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from commitments.domain.result import Why
from commitments.domain.status import Status
from commitments.labels import STATUS
from commitments.sentences.composite import COMPOSITE
from commitments.sentences.steps import STEPS
from commitments.sentences.told import Told

STILL_MISSED = pgettext_lazy(
    "sentence",
    "%(finding)s; %(progress)s of the promised change was made, and the target was still missed.",
)

ONE_OF = pgettext_lazy(
    "sentence", "All %(count)s tests stand alike; the first is “%(test)s”. %(finding)s"
)
WORST_OF = pgettext_lazy("sentence", "The worst of %(count)s tests is “%(test)s”. %(finding)s")

FINDING = {
    Why.WITHDRAWN: _("The promise was withdrawn on %(withdrawn_on)s under %(withdrawn_document)s"),
    # Every year.
    Why.YEARS_ALL_MET: _("Above “%(comparator)s” every year, %(count)s"),
    Why.YEAR_FAILED: _(
        "In %(period)s the figure was %(value)s, not above the %(other)s of “%(comparator)s”; "
        "above it in %(count)s%(remarks)s"
    ),
    Why.YEARS_MISSING: _(
        "The due time %(due)s has passed; above “%(comparator)s” in %(count)s%(remarks)s"
    ),
    Why.YEARS_MET_SO_FAR: _(
        "Above “%(comparator)s” wherever both figures are known, in %(count)s%(remarks)s"
    ),
    Why.YEARS_NONE_JUDGED: _(
        "No figures to compare with “%(comparator)s” have been found yet, %(count)s%(remarks)s"
    ),
    Why.YEARS_STALE: _(
        "The last figures that can be compared are two or more periods old; above "
        "“%(comparator)s” in %(count)s%(remarks)s"
    ),
    # One number or class.
    Why.DUE_MET: _("The figure for %(period)s was %(value)s, which meets the target of %(limit)s"),
    Why.DUE_SHORT: _(
        "The figure for %(period)s was %(value)s, which does not meet the target of %(limit)s"
    ),
    Why.MET_AFTER_DUE: _(
        "The target of %(limit)s was due in %(due)s and was met only in %(period)s, with %(value)s"
    ),
    Why.LATER_MET: _(
        "No figure for %(due)s, when it fell due, was published; that for %(period)s was "
        "%(value)s, which meets the target of %(limit)s, but whether it was met in time is not "
        "verified"
    ),
    Why.LATER_SHORT: _(
        "No figure for %(due)s, when it fell due, was published; that for %(period)s was "
        "%(value)s, which does not meet the target of %(limit)s"
    ),
    Why.STOCK_REACHED: _(
        "The total, which cannot fall, was %(value)s in %(period)s, which meets the target of "
        "%(limit)s"
    ),
    Why.LATEST_MEETS: _(
        "The figure for %(period)s was %(value)s, which already meets the target of %(limit)s for "
        "%(due)s"
    ),
    Why.STALE: _(
        "The latest figure, %(value)s, is for %(period)s, two or more reporting periods ago"
    ),
    Why.NO_BASELINE: _(
        "The figure for %(period)s was %(value)s, and there is no earlier one to measure progress "
        "from"
    ),
    Why.MET_AT_BASELINE: _(
        "The target of %(limit)s was met in %(baseline_period)s with %(baseline)s, but the figure "
        "for %(period)s was %(value)s"
    ),
    Why.WORSE_THAN_BASELINE: _(
        "The figure for %(period)s was %(value)s, further from the target of %(limit)s than the "
        "%(baseline)s of %(baseline_period)s"
    ),
}

AWAITED = _("The due time %(due)s has passed and no figure for %(due)s has been found")
NEVER_REPORTED = _(
    "The due time %(due)s passed more than a year ago and no figure for %(due)s has been found"
)
LATEST_BEFORE = pgettext_lazy(
    "sentence", "%(finding)s; the latest is %(value)s for %(figure_period)s"
)
NO_FIGURE = _("No figure has been found yet; the test is due in %(due)s")

NO_YEAR_FOUND = _(
    "The due time %(due)s has passed and no figures to compare with “%(comparator)s” have been "
    "found, %(count)s"
)
NO_TEST = _("The text gives no number that could be tested")
NO_TEST_NO_DATE = _("The text gives neither a number that could be tested nor a date")

PACE = _(
    "By %(end)s, %(expected)s of the time had passed and %(progress)s of the promised change had "
    "happened"
)
PACE_INTERIM = _(
    "By %(end)s, %(progress)s of the promised change had happened, where the document’s interim "
    "targets called for %(expected)s"
)
NO_CHANGE = _(
    "By %(end)s, %(expected)s of the time had passed, and %(value)s is no measurable improvement "
    "on the %(baseline)s of %(baseline_period)s"
)
NO_CHANGE_INTERIM = _(
    "By %(end)s, %(value)s is no measurable improvement on the %(baseline)s of %(baseline_period)s"
)
NOTHING_EXPECTED = _(
    "By %(end)s the document’s interim targets called for no change yet, and the figure was "
    "%(value)s"
)
PACED = (Why.ON_PACE, Why.BEHIND_PACE, Why.FAR_BEHIND_PACE)


def sentence(assessment, steps=()):
    """One sentence on an assessment, in the active language.

    `steps` are the milestones of a promise of dated steps, as known that day, if at hand: the
    sentence then counts them.
    """
    told = Told(assessment)
    found = finding(told, steps)
    if told.is_of_several:
        words = {"count": told.details["tests"], "test": told.test, "finding": found}
        found = (ONE_OF if told.are_all_alike else WORST_OF) % words
    status = Status(assessment.status)
    if status is Status.MISSED and told.has("progress") and told.why in SHORT_AT_DUE:
        return STILL_MISSED % {"finding": found, "progress": told.progress}
    return pgettext("sentence", "%(finding)s: %(status)s.") % {
        "finding": found,
        "status": STATUS[status],
    }


SHORT_AT_DUE = (Why.DUE_SHORT, Why.LATER_SHORT)


def finding(told, steps=()):
    why = Why(told.why)
    if why in STEPS:
        return STEPS[why](steps)
    if why in COMPOSITE:
        return COMPOSITE[why](told)
    found = str(message(why, told)) % told
    if why is Why.DUE_UNPUBLISHED:
        return LATEST_BEFORE % {
            "finding": found,
            "value": told.value,
            "figure_period": told.figure_period,
        }
    return found


def message(why, told):
    if why is Why.YEARS_MISSING and told.tally.is_empty:
        return NO_YEAR_FOUND
    if why in FINDING:
        return FINDING[why]
    if why is Why.NO_TEST:
        return NO_TEST if told.row.commitment.due_year else NO_TEST_NO_DATE
    if why is Why.NO_VALUES or why is Why.DUE_UNPUBLISHED:
        return unreported(told)
    has_interim = bool(told.target.interim)
    if why in PACED:
        return PACE_INTERIM if has_interim else PACE
    if why is Why.NO_CHANGE:
        return NO_CHANGE_INTERIM if has_interim or not told.has("expected") else NO_CHANGE
    return NOTHING_EXPECTED


def unreported(told):
    """What is said of a test whose figure is not there, by how long ago it fell due."""
    if told.row.status == Status.UNREPORTED:
        return NEVER_REPORTED
    return AWAITED if told.row.status == Status.AWAITING_RESULT else NO_FIGURE
