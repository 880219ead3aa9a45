"""How a whole plan stands on a day: counts with their full denominator."""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import ngettext, pgettext

from commitments import formats
from commitments.domain.periods import Period
from commitments.domain.status import Group, Status


@dataclass(frozen=True, slots=True)
class Part:
    """One group's share of a bar; `x` and `width` are percentages as SVG reads them."""

    group: str
    count: int
    x: str
    width: str


class Tally:
    """Counts of commitments by group. Every group is there, those without any too."""

    def __init__(self, counts=None):
        self.counts = counts or Counter()

    def add(self, status, count):
        self.counts[Status(status).group] += count

    @property
    def total(self):
        return sum(self.counts.values())

    def groups(self):
        """Pairs (group, count) of all eight groups, in the method's order."""
        return [(group.value, self.counts[group]) for group in Group]

    def parts(self, longest=None):
        """The bar's parts; `longest` is the total that fills the width, else this one does."""
        whole = longest or self.total
        parts, before = [], 0
        for group in Group:
            count = self.counts[group]
            if count:
                x, width = 100 * before / whole, 100 * count / whole
                parts.append(Part(group.value, count, f"{x:.3f}", f"{width:.3f}"))
            before += count
        return parts


class Overview:
    """The counts of a plan on a day: in all, and by the keys of agencies and themes."""

    def __init__(self, roll):
        groups = [(group, roll.set("group", [group.value])) for group in Group]

        def tally(promises):
            return Tally(Counter({g: (of_group & promises).bit_count() for g, of_group in groups}))

        def by(name, records):
            sets = ((pk, roll.set(name, [record.code])) for pk, record in records.items())
            return {pk: tally(promises) for pk, promises in sets if promises}

        self.tally = tally(roll.shown)
        self.by_agency = by("agency", roll.agencies)
        self.by_theme = by("theme", roll.themes)


def clause(group, count):
    """What a sentence about all promises says of one group, with its count."""
    words = {
        Group.MET: ngettext("%(count)s has been met", "%(count)s have been met", count),
        Group.MISSED: ngettext("%(count)s was missed", "%(count)s were missed", count),
        Group.DUE_NO_FIGURE: ngettext(
            "%(count)s is due without a figure", "%(count)s are due without a figure", count
        ),
        Group.ON_COURSE: ngettext("%(count)s is on course", "%(count)s are on course", count),
        Group.OFF_COURSE: ngettext("%(count)s is off course", "%(count)s are off course", count),
        Group.CANNOT_SAY: ngettext(
            "%(count)s cannot be judged yet", "%(count)s cannot be judged yet", count
        ),
        Group.NOT_ASSESSABLE: ngettext(
            "%(count)s states no test", "%(count)s state no test", count
        ),
        Group.WITHDRAWN: ngettext("%(count)s was withdrawn", "%(count)s were withdrawn", count),
    }
    return words[Group(group)] % {"count": formats.number(count)}


def opening(plan, total):
    """How the sentence about all promises begins: who promised, when, and how many."""
    # What stands in brackets says on what occasion; the sentence has room for the name alone.
    issuer = plan.issuer.partition("（")[0].partition(" (")[0]
    words = ngettext(
        "%(issuer)s, %(month)s: of %(total)s promise, ",
        "%(issuer)s, %(month)s: of %(total)s promises, ",
        total,
    )
    adopted = plan.adopted_on
    month = formats.period_label(Period(adopted.year, adopted.month, 12))
    return words % {"issuer": issuer, "month": month, "total": formats.number(total)}


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of the sentence that leads to its list, and what stands before it."""

    before: str
    group: str
    text: str


def clauses(tally):
    found = [(group, clause(group, count)) for group, count in tally.groups() if count]
    return [
        # The count stays on one line with what is counted.
        Clause(separator(number, len(found)), group, text.replace(" ", "\N{NO-BREAK SPACE}", 1))
        for number, (group, text) in enumerate(found)
    ]


def separator(number, total):
    if number == 0:
        return ""
    if number == total - 1:
        return pgettext("before the last part of a sentence", " and ")
    return pgettext("between parts of a sentence", ", ")
