"""Numbers, units, periods and days as a reader of the active language writes them.

Nothing here rounds a figure. Shares are cut, so that what is short of 100% never reads 100%.
"""

import re
from decimal import ROUND_FLOOR, Decimal

from django.utils.dateformat import format as date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from commitments.domain.exact import EXACT
from commitments.domain.kinds import WaterClass

# A unit that counts in thousands or more, as English names it: "100 million yuan".
COUNTED_IN = re.compile(r"(\d[\d,]*)(?: (thousand|million|billion))? (.+)")
POWERS = {None: 1, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
# Written right after the number: 100%, 1.8:1.
CLOSE_UNITS = ("%", "‰", ":")
MOST_PLACES = 6


def chosen(zh, en):
    """The text of the active language, or the other where it is empty."""
    return (en or zh) if (get_language() or "").startswith("en") else (zh or en)


def number(value):
    """Every digit of a number and no more, in groups of three: 7,500 or 1.854."""
    value = Decimal(value)
    if not value:
        return "0"
    return format(value.normalize(EXACT), ",f").replace("-", "−")


def quantity(value, indicator):
    """A value with its indicator's unit, to stand alone: "350 家", "1.85 billion yuan"."""
    if indicator.scale == indicator.Scale.WATER_CLASS:
        return class_word(value)
    return amount(value, indicator.unit)


def quantity_in_text(value, indicator):
    """The same inside a sentence, where Chinese leaves no space before the unit."""
    if indicator.scale == indicator.Scale.WATER_CLASS:
        return class_word(value)
    return amount(value, indicator.unit, "quantity in a sentence")


def amount(value, unit, context="quantity"):
    counted_in = COUNTED_IN.fullmatch(unit)
    if counted_in:
        return written_out(value, *counted_in.groups())
    if not unit or unit.startswith(CLOSE_UNITS):
        return f"{number(value)}{unit}"
    words = {"number": number(value), "unit": of_one(unit) if abs(value) == 1 else unit}
    if context == "quantity":
        return pgettext("quantity", "%(number)s %(unit)s") % words
    return pgettext("quantity in a sentence", "%(number)s %(unit)s") % words


def written_out(value, factor, power, noun):
    """18.5 in units of "100 million yuan" as "1.85 billion yuan", exactly."""
    total = EXACT.multiply(Decimal(value), Decimal(factor.replace(",", "")) * POWERS[power])
    for word in ("billion", "million"):
        if abs(total) >= POWERS[word]:
            return f"{number(total.scaleb(-len(str(POWERS[word])) + 1, EXACT))} {word} {noun}"
    return f"{number(total)} {noun}"


class Together:
    """Numbers of one unit that stand together (a table, a chart, a sum): `unit` is said once.

    A unit that itself counts ("100 million yuan") becomes its round power ("billion yuan"), chosen
    by the largest of `values`, so that these and the sentences speak of the same numbers.
    """

    def __init__(self, unit, values):
        self.unit, self.factor, self.divisor = unit, Decimal(1), Decimal(1)
        counted = COUNTED_IN.fullmatch(unit)
        if counted:
            count, power, noun = counted.groups()
            self.factor = Decimal(count.replace(",", "")) * POWERS[power]
            most = max((abs(value) for value in values), default=Decimal(0)) * self.factor
            word = next((w for w in ("billion", "million") if most >= POWERS[w]), None)
            self.divisor = Decimal(POWERS[word])
            self.unit = f"{word} {noun}" if word else noun

    def number(self, value):
        return number(EXACT.divide(EXACT.multiply(value, self.factor), self.divisor))

    @property
    def is_close(self):
        """Whether the unit is written right after every number, as in 100% or 1.8:1."""
        return self.unit.startswith(CLOSE_UNITS)

    def word(self, value):
        """A number that stands by itself: a percent sign and the like stay with it."""
        return self.number(value) + (self.unit if self.is_close else "")

    def head(self, name):
        """What the numbers are, with the unit they are in unless each has it."""
        if not self.unit or self.is_close:
            return name
        return pgettext("head of a column", "%(name)s (%(unit)s)") % {
            "name": name,
            "unit": self.unit,
        }


def of_one(unit):
    """An English unit for the number 1; a Chinese one does not change."""
    if len(unit) < 4 or " " in unit or not unit.endswith("s"):
        return unit
    if unit.endswith("ies"):
        return unit[:-3] + "y"
    return unit[:-2] if unit.endswith(("sses", "shes", "ches", "xes")) else unit[:-1]


def class_word(value):
    """A water quality class: Ⅱ类, class Ⅱ."""
    found = WaterClass(int(value))
    if found is WaterClass.WORSE_THAN_V:
        return _("worse than class Ⅴ")
    return _("class %(class)s") % {"class": found.word}


def difference(value, indicator):
    """A distance between two values of an indicator: percentages differ by percentage points."""
    if indicator.scale == indicator.Scale.WATER_CLASS:
        count = int(value)
        return ngettext("%(count)s class", "%(count)s classes", count) % {"count": number(count)}
    if indicator.unit == "%":
        return _("%(number)s percentage points") % {"number": number(value)}
    if indicator.unit.startswith(":"):
        return number(value)
    return amount(value, indicator.unit, "quantity in a sentence")


def share(value, places=0):
    """A share of 1 as a percentage, cut: 0.999 is 99%, and only what is met can read 100%.

    A positive share never reads 0%: it gets the decimals that show it.
    """
    value = Decimal(value)
    text = cut(value, places)
    while value > 0 and not text and places < MOST_PLACES - 2:
        places += 1
        text = cut(value, places)
    return f"{format(text, 'f')}%".replace("-", "−")


def cut(value, places):
    hundredths = EXACT.multiply(value, 100)
    return hundredths.quantize(Decimal(1).scaleb(-places), rounding=ROUND_FLOOR, context=EXACT)


def shares(first, second):
    """Two shares to be compared, with as many decimals as it takes to tell them apart."""
    first, second = Decimal(first), Decimal(second)
    places = 0
    while (
        first != second
        and places < MOST_PLACES - 2
        and share(first, places) == share(second, places)
    ):
        places += 1
    return share(first, places), share(second, places)


def period_label(period):
    """2023年, 2023年第三季度, 2023年10月, 2023年上半年; 2023, Q3 2023, October 2023."""
    year = {"year": period.year}
    if period.parts == 1:
        return pgettext("period", "%(year)s") % year
    if period.parts == 12:
        return date_format(period.starts_on, pgettext("month", "F Y"))
    if period.parts == 4:
        return quarter_label(period)
    if period.part == 1:
        return _("first half of %(year)s") % year
    return _("second half of %(year)s") % year


def quarter_label(period):
    patterns = (
        _("Q1 %(year)s"),
        _("Q2 %(year)s"),
        _("Q3 %(year)s"),
        _("Q4 %(year)s"),
    )
    return patterns[period.part - 1] % {"year": period.year}


def period_in_text(period):
    """A period inside a sentence: English says "the first half of 2023"."""
    year = {"year": period.year}
    if period.parts != 2:
        return period_label(period)
    if period.part == 1:
        return _("the first half of %(year)s") % year
    return _("the second half of %(year)s") % year


def period_end(period):
    """The day a period ends, in words: 2023年底, 2023年9月底; the end of September 2023."""
    if period.parts == 1:
        return _("the end of %(year)s") % {"year": period.year}
    month = date_format(period.ends_on, pgettext("month", "F Y"))
    return _("the end of %(month)s") % {"month": month}


def short_period(period):
    """A period where space is short: a year is its number in both languages."""
    return str(period.year) if period.parts == 1 else period_label(period)


def day(date):
    """2021年11月5日, 5 November 2021."""
    return date_format(date, pgettext("day", "j F Y"))


def listed(words):
    """Words in a row: 甲、乙; a, b."""
    return pgettext("between items of a list", ", ").join(words)
