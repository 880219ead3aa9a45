"""A standard's items in words: the worst one with its figure and limit, and what is missing."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from commitments.formats import amount, chosen, listed, number

UNIT = {
    "µg/m³": pgettext_lazy("unit", "µg/m³"),
    "mg/m³": pgettext_lazy("unit", "mg/m³"),
}
COUNT = {
    1: pgettext_lazy("how many items", "one"),
    2: pgettext_lazy("how many items", "two"),
    3: pgettext_lazy("how many items", "three"),
    4: pgettext_lazy("how many items", "four"),
    5: pgettext_lazy("how many items", "five"),
    6: pgettext_lazy("how many items", "six"),
    7: pgettext_lazy("how many items", "seven"),
    8: pgettext_lazy("how many items", "eight"),
    9: pgettext_lazy("how many items", "nine"),
    10: pgettext_lazy("how many items", "ten"),
}
DAILY_PERCENTILES = gettext_lazy("daily percentiles")


def item_name(item):
    return chosen(item.name_zh, item.name_en)


def item_amount(value, item):
    return amount(value, str(UNIT.get(item.unit, item.unit)), "quantity in a sentence")


class ItemWords:
    def __init__(self, standard, details, observation):
        self.standard = standard
        self.passed, self.failed, self.missing = (
            details.get(name, []) for name in ("passed", "failed", "missing")
        )
        self.worst = standard.item(details["item"]) if "item" in details else None
        self.observation = observation

    @property
    def total(self):
        return len(self.standard.items)

    @property
    def name(self):
        return item_name(self.worst)

    @property
    def limit(self):
        return item_amount(self.worst.limit, self.worst)

    @property
    def is_over_limit(self):
        """Whether the figure shown is itself above the limit, as the standard rounds it."""
        return (
            self.observation is not None
            and self.worst is not None
            and self.worst.rounded(self.observation.value) > self.worst.limit
        )

    @property
    def value(self):
        """The figure as published, with what the standard's own rounding makes of it."""
        value = self.observation.value
        shown, rounded = item_amount(value, self.worst), self.worst.rounded(value)
        if rounded == value:
            return shown
        return _("%(value)s (%(rounded)s as the standard rounds)") % {
            "value": shown,
            "rounded": number(rounded),
        }

    def counted(self, names):
        return str(COUNT.get(len(names), len(names)))

    @property
    def lacking(self):
        """What was not published; the statistics beside the six annual ones by their one name."""
        if len(self.missing) > 1 and all("_p" in code for code in self.missing):
            return str(DAILY_PERCENTILES)
        return listed(item_name(self.standard.item(code)) for code in self.missing)

    def all_published_pass(self):
        words = {"count": self.counted(self.passed), "missing": self.lacking}
        if not self.missing:
            return _("all %(count)s items pass") % words
        if len(self.passed) == 1:
            return _("the one published item passes (%(missing)s not published)") % words
        return (
            pgettext("items", "all %(count)s published items pass (%(missing)s not published)")
            % words
        )
