"""What a target asks: short for a row, and in words for a sentence."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from commitments.domain.kinds import Kind
from commitments.domain.standards import standard
from commitments.formats import (
    chosen,
    class_word,
    period_end,
    period_in_text,
    quantity,
    quantity_in_text,
    short_period,
)

SYMBOL = {
    Kind.AT_LEAST: "≥",
    Kind.COVERAGE: "≥",
    Kind.AT_MOST: "≤",
    Kind.RATIO: "≤",
    Kind.ZERO: "=",
    Kind.ABOVE_COMPARATOR: ">",
    # Of ranks, Ⅰ being 1, and of each item's value and limit.
    Kind.CLASS_AT_OR_BETTER: "≤",
    Kind.COMPOSITE: "≤",
}
FULL = 100  # Per cent: there is nothing above it, so “at least” would say too much.


def test(target):
    """ "≥ 350 家 · 2025": for a row. Without a target, nothing."""
    if target is None:
        return ""
    # A full-width bracket brings its own space.
    return f"{bare_test(target)} · {when(target)}".replace("） ·", "）·")


test.__test__ = False  # Not a test case, whatever its name.


def bare_test(target):
    kind = Kind(target.kind)
    if kind is Kind.COMPOSITE:
        found = standard(target.standard)
        return _("%(standard)s (%(count)s items)") % {
            "standard": standard_word(found),
            "count": len(found.items),
        }
    if kind is Kind.CLASS_AT_OR_BETTER:
        return _("%(class)s or better") % {"class": class_word(target.value)}
    if kind is Kind.ABOVE_COMPARATOR:
        return f"{SYMBOL[kind]} {comparator(target)}"
    return f"{SYMBOL[kind]} {quantity(number_of(target), target.indicator)}"


def when(target):
    if target.kind != Kind.ABOVE_COMPARATOR:
        return short_period(target.due_period)
    words = {
        "first": short_period(target.first_period),
        "last": short_period(target.due_period),
    }
    if target.due_period.parts == 1:
        return _("%(first)s–%(last)s, every year") % words
    return _("%(first)s–%(last)s, every period") % words


def number_of(target):
    return 0 if target.value is None else target.value


def comparator(target):
    """What a target compares with: "湖南省" of "收入增速（湖南省）" beside "收入增速（株洲）"."""
    own, other = target.indicator.name, target.comparator_indicator.name
    for opening, closing in (("（", "）"), (" (", ")"), (", ", "")):
        stem, found, tail = other.rpartition(opening)
        if found and own.startswith(stem + opening) and tail.endswith(closing):
            return tail.removesuffix(closing)
    return other


def standard_word(found):
    """Edition and grade: "GB 3095-2012 二级"."""
    name = chosen(found.name_zh, found.name_en)
    grade = name.partition(found.edition)[2].strip("）),， ")
    return f"{found.edition} {grade}".strip()


def limit(target):
    """The limit as part of a sentence: 不少于350家, at least 350 enterprises."""
    kind = Kind(target.kind)
    if kind is Kind.ZERO:
        return _("zero")
    if kind is Kind.CLASS_AT_OR_BETTER or kind is Kind.COMPOSITE:
        return bare_test(target)
    if kind is Kind.ABOVE_COMPARATOR:
        return _("above %(comparator)s") % {"comparator": comparator(target)}
    return limited(kind, target) % {"value": quantity_in_text(target.value, target.indicator)}


def limited(kind, target):
    if kind is Kind.COVERAGE and target.value == FULL:
        return "%(value)s"
    if kind is Kind.AT_MOST or kind is Kind.RATIO:
        return _("at most %(value)s")
    if kind is Kind.COVERAGE or target.indicator.unit == "%":
        return pgettext("percentage", "at least %(value)s")
    return _("at least %(value)s")


def test_in_words(target):
    """The whole test in one line, with what is measured and the time."""
    kind = Kind(target.kind)
    words = {
        "indicator": target.indicator.name,
        "limit": limit(target),
        "end": period_end(target.due_period),
        "period": period_in_text(target.due_period),
    }
    if kind is Kind.COMPOSITE:
        found = standard(target.standard)
        words |= {"standard": standard_word(found), "count": len(found.items)}
        return _("%(indicator)s: all %(count)s items of %(standard)s pass in %(period)s") % words
    if kind is Kind.ABOVE_COMPARATOR:
        words["first"] = period_in_text(target.first_period)
        words["comparator"] = target.comparator_indicator.name
        if target.due_period.parts == 1:
            return EVERY_YEAR % words
        return EVERY_PERIOD % words
    if kind is Kind.ZERO:
        return _("%(indicator)s: down to zero by %(end)s") % words
    return _("%(indicator)s: %(limit)s by %(end)s") % words


test_in_words.__test__ = False

EVERY_YEAR = gettext_lazy(
    "%(indicator)s: above “%(comparator)s” every year, %(first)s to %(period)s"
)
EVERY_PERIOD = gettext_lazy(
    "%(indicator)s: above “%(comparator)s” every period, %(first)s to %(period)s"
)
