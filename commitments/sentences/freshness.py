"""How fresh the figures are: the third axis in words, apart from the status."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.domain.freshness import NEVER, Freshness
from commitments.domain.periods import Period, month_number
from commitments.formats import day, number, period_end, period_in_text

# Months are counted up to here, years from here on.
MONTHS_TOLD = 24


def freshness(supply, newest, on):
    """A sentence on a test's figures on a day; `newest` is its newest figure, or None.

    "The newest figure is for 2021 and was published on 18 January 2022, 23 months ago; a newer
    one was due by the end of 2023."
    """
    state = supply.on(on)
    if state is Freshness.NOT_EXPECTED:
        return _("No figures are expected.")
    if state is Freshness.NONE or newest is None:
        return _("No figure has been published yet.")
    words = {
        "period": period_in_text(newest.period),
        "day": day(newest.published_on),
        "ago": ago(newest.published_on, on),
        "next": awaited(supply.newer_due_on, state),
    }
    return (
        _("The newest figure is for %(period)s and was published on %(day)s, %(ago)s; %(next)s.")
        % words
    )


def awaited(due_on, state):
    """What is to come after the newest figure, as the end of the sentence."""
    if due_on == NEVER:
        return _("the test needs no newer one")
    words = {"by": period_end(month_before(due_on))}
    if state is Freshness.DUE:
        return _("a newer one was due by %(by)s") % words
    return _("the next one is due by %(by)s") % words


def ago(then, now):
    """Whole months, or whole years of what is older: 23 months ago, 4 years ago."""
    months = month_number(now) - month_number(then) - (now.day < then.day)
    if months < 1:
        return _("less than a month ago")
    if months < MONTHS_TOLD:
        words = ngettext("%(count)s month ago", "%(count)s months ago", months)
        return words % {"count": number(months)}
    years = months // 12
    return ngettext("%(count)s year ago", "%(count)s years ago", years) % {"count": number(years)}


def month_before(first):
    """The month that ends the day before the first of another; December stands for its year."""
    found = Period.ending(month_number(first), 1)
    return Period(found.year) if found.part == 12 else found
