"""What a figure must fit beside its own cells: one set of rules for the form and for a file."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from commitments.domain.kinds import Kind
from commitments.domain.periods import Frequency
from commitments.domain.standards import STANDARDS
from commitments.formats import listed, number
from commitments.labels import FREQUENCY
from commitments.models import Indicator, Target

EXAMPLES = {
    Frequency.YEAR: "2023",
    Frequency.HALF: "2023-H1",
    Frequency.QUARTER: "2023-Q3",
    Frequency.MONTH: "2023-10",
}


def figure_problems(indicator, *, items, period, item, value, published_on, on):
    """Yields (field, ValidationError) for what does not fit; None is a value not known."""
    if published_on is not None and published_on > on:
        yield "published_on", ValidationError(_("This day has not come yet."), code="future")
    yield from period_problems(indicator, period, published_on)
    yield from item_problems(items, item)
    yield from value_problems(indicator, value)


def period_problems(indicator, period, published_on):
    if period is None:
        return
    wanted = Frequency(indicator.frequency)
    if period.frequency is not wanted:
        yield refusal(
            "period",
            _("This indicator is reported %(frequency)s. Write a period such as %(example)s."),
            frequency=FREQUENCY[wanted],
            example=EXAMPLES[wanted],
        )
    elif published_on is not None and period.starts_on > published_on:
        yield refusal("period", _("The source was published before this period began."))


def item_problems(items, item):
    if item is None:
        return
    if items and not item:
        yield refusal(
            "item",
            _("This indicator is tested item by item. Choose one of: %(items)s."),
            items=listed(items),
        )
    elif items and item not in items:
        yield refusal(
            "item",
            _("The standard has no item “%(item)s”. Choose one of: %(items)s."),
            item=item,
            items=listed(items),
        )
    elif item and not items:
        yield refusal("item", _("This indicator has no items. Leave this empty."))


def value_problems(indicator, value):
    if value is None:
        return
    if indicator.scale == Indicator.Scale.WATER_CLASS and value not in range(1, 7):
        yield refusal(
            "value", _("A water quality class is a whole number from 1 to 6 (6: worse than Ⅴ).")
        )
    elif indicator.floor is not None and value < indicator.floor:
        yield refusal(
            "value",
            _("This is below %(limit)s, the least the indicator can be."),
            limit=number(indicator.floor),
        )
    elif indicator.ceiling is not None and value > indicator.ceiling:
        yield refusal(
            "value",
            _("This is above %(limit)s, the most the indicator can be."),
            limit=number(indicator.ceiling),
        )


def refusal(field, message, **params):
    return field, ValidationError(message, params=params)


def items_of(indicator):
    """The items that a figure of the indicator can be for, in the standard's order."""
    return items_by_indicator([indicator.pk]).get(indicator.pk, [])


def items_by_indicator(ids):
    """The same for many indicators at once: {id: [item, ...]}."""
    tests = Target.objects.filter(kind=Kind.COMPOSITE.value, superseded_at=None)
    found = {}
    pairs = (
        tests.filter(indicator__in=ids).order_by("standard").values_list("indicator", "standard")
    )
    for pk, code in pairs.distinct():
        if code in STANDARDS:
            items = found.setdefault(pk, [])
            items += [i.code for i in STANDARDS[code].items if i.code not in items]
    return found
