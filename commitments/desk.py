"""What promises wait for: the reporting that is due of them, and since or until which day.

The desk of the staff area, its lists and the reminders ask the same conditions here, so that a
count, the list it leads to and a mail cannot disagree.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from commitments.domain.freshness import Freshness
from commitments.domain.periods import Frequency, Period, month_number
from commitments.domain.status import Group, Status
from commitments.formats import period_in_text
from commitments.models import Commitment, Milestone, Target
from commitments.models.assessment import fresh_on

# How long before a day somebody is told of it.
DAYS_AHEAD = 30
A_DAY = dt.timedelta(days=1)
# Tests that are still open: what is met or missed already needs no word of its due day.
OPEN = [
    status.value
    for status in Status
    if status.group in (Group.ON_COURSE, Group.OFF_COURSE, Group.CANNOT_SAY)
]
DUE_NO_FIGURE = [status.value for status in Status if status.group is Group.DUE_NO_FIGURE]


class Waits(StrEnum):
    """Why a promise is on a desk; no promise is there for two reasons."""

    OVERDUE = "overdue"
    STALE = "stale"
    THIS_YEAR = "this_year"


class Reporting(StrEnum):
    """How the reporting of a promise stands; every promise has one."""

    COMPLETE = "complete"
    LATE = "late"
    NEVER = "never"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Item:
    """One promise, what of it is awaited, and the day that it is due or has been since.

    `awaits` is what would end the waiting, as far as it is known: a `Milestone` to be done, or
    an indicator and the period of its figure, {"indicator": id, "period": text} or the first alone.
    """

    commitment: Commitment
    what: str
    on: dt.date
    awaits: Milestone | dict | None = None


def conditions(day):
    """The condition of each reason, on commitments from `shown_on(day)`.

    Overdue: a due time has passed without its figure, or a step's day without the step. Stale: the
    figures are older than their frequency allows. This year: due this year, and no figure yet.
    """
    has_none = fresh_on(day, Freshness.NONE, "standing__")
    due = is_overdue(day)
    return {
        Waits.OVERDUE: due,
        Waits.STALE: fresh_on(day, Freshness.DUE, "standing__") & ~due,
        Waits.THIS_YEAR: has_none & Q(due_year=day.year) & ~due,
    }


def reporting(day):
    """The condition of each way of reporting, on commitments from `shown_on(day)`."""
    fresh = {each: fresh_on(day, each, "standing__") for each in Freshness}
    due = is_overdue(day)
    return {
        Reporting.COMPLETE: fresh[Freshness.CURRENT] & ~due,
        Reporting.LATE: (due | fresh[Freshness.DUE]) & ~fresh[Freshness.NONE],
        Reporting.NEVER: fresh[Freshness.NONE],
        Reporting.NOTHING: fresh[Freshness.NOT_EXPECTED] & ~due,
    }


def is_overdue(day):
    return (
        Q(standing__status__in=DUE_NO_FIGURE)
        | (fresh_on(day, Freshness.NONE, "standing__") & Q(due_year__lt=day.year))
        | (~Q(standing__status=Status.WITHDRAWN) & Exists(steps_undone(day)))
    )


def steps_undone(day):
    open_steps = Milestone.objects.live().filter(done_on=None, due_on__lt=day)
    return open_steps.filter(commitment=OuterRef("pk"))


def waiting(commitments, day):
    """How many of commitments from `shown_on(day)` wait, by reason; one query."""
    return commitments.aggregate(**counted(conditions(day)))


def reports(commitments, day):
    """How many promises each lead agency has, and how they are reported; one query."""
    rows = commitments.order_by("lead_agency__code").values("lead_agency")
    return rows.annotate(total=Count("pk"), **counted(reporting(day)))


def counted(conditions):
    return {each.value: Count("pk", filter=asked) for each, asked in conditions.items()}


def overdue(commitments, day):
    """An `Item` for each overdue promise, the longest due first; two queries."""
    found = [*commitments.filter(conditions(day)[Waits.OVERDUE]).with_standing()]
    steps = Milestone.objects.live().filter(
        commitment__in=[each.pk for each in found], done_on=None, due_on__lt=day
    )
    undone = defaultdict(list)
    for step in steps.order_by("due_on", "pk"):
        undone[step.commitment_id].append(step)
    return in_order(overdue_item(each, undone[each.pk]) for each in found)


def overdue_item(commitment, steps):
    """What is due of a promise: the figure that its test asks for, else its first undone step."""
    standing = commitment.standing
    if standing.status in DUE_NO_FIGURE and standing.target is not None:
        return figure_item(commitment, standing.target)
    if steps:
        return Item(commitment, step_words(steps[0]), steps[0].due_on + A_DAY, steps[0])
    period = Period(commitment.due_year)
    awaits = figure_of(commitment, period)
    return Item(commitment, figure_words(period), period.ends_on + A_DAY, awaits)


def figure_item(commitment, target):
    period = target.due_period
    words = figure_words(period, target.indicator)
    return Item(commitment, words, period.ends_on + A_DAY, figure_of(commitment, period))


def figure_of(commitment, period=None):
    """The figure that the test a promise stands by waits for; None where no test decides."""
    target = commitment.standing.target
    if target is None:
        return None
    found = {"indicator": target.indicator_id}
    is_fit = period is not None and period.frequency is Frequency(target.indicator.frequency)
    return found | ({"period": str(period)} if is_fit else {})


def figure_words(period, indicator=None):
    words = {"period": period_in_text(period), "indicator": indicator}
    if indicator is None:
        return _("the figure for %(period)s") % words
    return _("the figure for %(period)s: %(indicator)s") % words


def step_words(step):
    return _("the step “%(step)s”") % {"step": step.title}


def stale(commitments, day):
    """An `Item` for each promise whose figures are older than they may be; one query."""
    found = commitments.filter(conditions(day)[Waits.STALE]).with_standing()
    return in_order(
        Item(each, _("a newer figure"), each.standing.newer_due_on, figure_of(each))
        for each in found.order_by("standing__newer_due_on", "code")
    )


def this_year(commitments, day):
    """An `Item` for each promise due this year that has no figure yet; one query."""
    period = Period(day.year)
    found = commitments.filter(conditions(day)[Waits.THIS_YEAR]).with_standing()
    return [
        Item(each, figure_words(period), period.ends_on, figure_of(each, period))
        for each in found.order_by("code")
    ]


def soon(commitments, day):
    """An `Item` for all that falls due in the coming days, the first day first; three queries."""
    last = day + dt.timedelta(days=DAYS_AHEAD)
    open_ones = commitments.filter(standing__status__in=OPEN)
    steps = Milestone.objects.live().filter(
        commitment__in=commitments.exclude(standing__status=Status.WITHDRAWN).values("pk"),
        done_on=None,
        due_on__range=(day, last),
    )
    tests = Target.objects.live().filter(
        commitment__in=open_ones.values("pk"), amends=None, due_period__in=periods_ending(day, last)
    )
    newer = commitments.filter(
        standing__is_figure_expected=True, standing__newer_due_on__range=(day + A_DAY, last)
    )
    return in_order(
        [
            *(Item(s.commitment, step_words(s), s.due_on) for s in steps.select_related(PROMISE)),
            *(
                Item(t.commitment, figure_words(t.due_period, t.indicator), t.due_period.ends_on)
                for t in tests.select_related(PROMISE, "indicator")
            ),
            *(
                Item(each, _("a newer figure"), each.standing.newer_due_on)
                for each in newer.select_related("lead_agency", "standing")
            ),
        ]
    )


PROMISE = "commitment__lead_agency"


def periods_ending(first, last):
    """Every period, of any length, whose last day is in the days from `first` to `last`."""
    found = []
    for month in range(month_number(first) + 1, month_number(last) + 2):
        for frequency in Frequency:
            if month % frequency.months == 0:
                found.append(Period.ending(month, frequency.months))
    return [period for period in found if first <= period.ends_on <= last]


def in_order(items):
    return sorted(items, key=lambda item: (item.on, item.commitment.code))
