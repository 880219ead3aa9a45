"""Sentences on a promise of dated steps."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.domain.result import Why
from commitments.formats import day


def all_done(steps):
    if not steps:
        return _("Every step was done by the last date set")
    return ngettext(
        "The one step was done by the last date set, %(day)s",
        "All %(count)s steps were done by the last date set, %(day)s",
        len(steps),
    ) % {"count": len(steps), "day": day(last_due_on(steps))}


def done_late(steps):
    if not steps:
        return _("Every step is done, but after the last date set")
    return _("Every step is done, the last on %(done)s, after the last date set, %(day)s") % {
        "done": day(max(step.done_on for step in steps)),
        "day": day(last_due_on(steps)),
    }


def last_date_passed(steps):
    if not steps:
        return _("The last date set has passed and not every step is done")
    return _("The last date set, %(day)s, has passed, and %(done)s of %(count)s steps are done") % {
        "day": day(last_due_on(steps)),
        "done": done(steps),
        "count": len(steps),
    }


def overdue(steps):
    open_steps = [step for step in steps if step.done_on is None]
    if not open_steps:
        return _("A step is past its date and not done")
    late = min(open_steps, key=lambda step: step.due_on)
    return _("%(done)s of %(count)s steps are done; “%(step)s” was due on %(day)s and is not") % {
        "done": done(steps),
        "count": len(steps),
        "step": late.title,
        "day": day(late.due_on),
    }


def none_overdue(steps):
    if not steps:
        return _("No step is past its date")
    return _("%(done)s of %(count)s steps are done and none is past its date") % {
        "done": done(steps),
        "count": len(steps),
    }


STEPS = {
    Why.STEPS_ALL_DONE: all_done,
    Why.STEPS_DONE_LATE: done_late,
    Why.STEPS_LAST_DATE_PASSED: last_date_passed,
    Why.STEP_OVERDUE: overdue,
    Why.STEPS_NONE_OVERDUE: none_overdue,
}


def done(steps):
    return sum(step.done_on is not None for step in steps)


def last_due_on(steps):
    return max(step.due_on for step in steps)
