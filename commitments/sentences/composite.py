"""Sentences on a standard of several items."""

from django.utils.translation import gettext as _

from commitments.domain.result import Why
from commitments.domain.status import Status
from commitments.sentences.limits import standard_word

STALE, PACED = 11, (Status.ON_TRACK, Status.BEHIND, Status.OFF_TRACK)


def all_pass(told):
    return _("In %(period)s all %(count)s items of %(standard)s passed") % words(told)


def failed(told):
    if not told.items.is_over_limit:
        # The item named met its limit later, others did not.
        return _("In %(due)s, %(failed)s of the %(count)s items of %(standard)s failed") % words(
            told
        )
    return _(
        "In %(figure_period)s, “%(item)s” was %(value)s, above the limit of %(limit)s; %(failed)s "
        "of the %(count)s items of %(standard)s failed"
    ) % words(told)


def passed_later(told):
    return _(
        "The %(count)s items of %(standard)s were due to pass in %(due)s, and all did only in "
        "%(period)s"
    ) % words(told)


def missing(told):
    if not told.items.passed:
        return _(
            "The due time %(due)s has passed and no figure for %(due)s has been found"
        ) % words(told)
    return _("The due time %(due)s has passed; %(published)s") % words(told)


def worst(told):
    """Before the due period: the worst item, or that all published ones pass."""
    return str(worst_message(told)) % words(told)


def worst_message(told):
    status = told.row.status
    if not told.items.failed:
        return _("By %(end)s, %(published)s")
    if status == Status.INSUFFICIENT:
        if told.details["rule"] == STALE and "baseline" in told.details:
            return _(
                "The latest figure of the worst item, “%(item)s”, is for %(figure_period)s, two or "
                "more reporting periods ago: %(value)s, with a limit of %(limit)s"
            )
        return _(
            "By %(end)s the worst item, “%(item)s”, was %(value)s with a limit of %(limit)s, and "
            "there is no earlier figure to measure progress from"
        )
    if status in PACED and told.has("progress") and told.has("expected"):
        return _(
            "By %(end)s, %(expected)s of the time had passed, and the worst item, “%(item)s”, at "
            "%(value)s with a limit of %(limit)s, had made %(progress)s of the change promised"
        )
    return _("By %(end)s the worst item, “%(item)s”, was %(value)s with a limit of %(limit)s")


def words(told):
    """The words of a composite's sentences; those of the worst item only if there is one."""
    items = told.items
    found = {
        "standard": standard_word(items.standard),
        "count": items.total,
        "failed": len(items.failed),
        "published": items.all_published_pass(),
        "due": told.due,
        "period": told.period,
        "end": told.end,
    }
    if items.worst is not None:
        found |= {"item": items.name, "limit": items.limit}
    if told.observation is not None:
        found |= {"value": items.value, "figure_period": told.figure_period}
    if "expected" in told.details:
        found |= {"expected": told.expected, "progress": told.progress}
    return found


COMPOSITE = {
    Why.ITEMS_ALL_PASS: all_pass,
    Why.ITEM_FAILED: failed,
    Why.ITEMS_PASSED_LATER: passed_later,
    Why.ITEMS_MISSING: missing,
    Why.ITEM_WORST: worst,
}
