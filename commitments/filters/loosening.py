"""What to do about an empty list: which parts of the filter to leave out, where else to look.

A way is offered only if it leads to something, and says to how much.
"""

from dataclasses import dataclass
from itertools import combinations, groupby

from django.utils.translation import gettext as _

from commitments import formats

MOST_WAYS = 6
# Whoever must give up more than this may as well begin anew.
MOST_PARTS = 3


@dataclass(frozen=True)
class Part:
    """A word of the search or a whole field: `name` is what `Counts` calls it, `text` its words.

    Not one of several values of a field: without it there would only be less.
    """

    name: str | tuple[str, str]
    text: str


@dataclass(frozen=True)
class Way:
    """What to leave out in words, the query string of the list without it, how many that shows."""

    words: str
    query: str
    count: int


def ways_out(found):
    """The fewest parts to leave out so that something is shown, those that show most first.

    Never all of them: that is to begin anew.
    """
    parts = parts_of(found)
    for size in range(1, min(MOST_PARTS + 1, len(parts))):
        ways = [
            Way(formats.listed([part.text for part in left_out]), query_of(found, left_out), count)
            for left_out in combinations(parts, size)
            if (count := found.counts.without(*(part.name for part in left_out)))
        ]
        if ways:
            return sorted(ways, key=lambda way: -way.count)[:MOST_WAYS]
    return []


def parts_of(found):
    words = [Part(name, named(found.form["q"].label, name[1])) for name in found.words_asked]
    chips = [chip for chip in found.chips() if chip.name != "q"]
    fields = [
        Part(name, named(found.form[name].label, *(str(chip.text) for chip in same)))
        for name, same in groupby(chips, key=lambda chip: chip.name)
    ]
    return words + fields


def named(label, *values):
    return _("%(label)s “%(text)s”") % {"label": label, "text": formats.listed(values)}


def query_of(found, left_out):
    names = {part.name for part in left_out}
    left = [word for name, word in found.words_asked if (name, word) not in names]
    fields = [name for name in names if isinstance(name, str)]
    return found.query_with(**dict.fromkeys(fields, ""), q=" ".join(left))


def elsewhere(found):
    """Triples (plan, query, count): what the same search finds in the other plans."""
    if not found.terms:
        return []
    narrowed = {chip.name for chip in found.chips()} - {"q"}
    return [
        (plan, found.query_for(plan, without=narrowed), count)
        for plan in found.plans
        if plan != found.chosen_plan and (count := found.count_in(plan))
    ]
