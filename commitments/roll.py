"""What a plan shows on a day, as sets of promises: who asks how many, which and in what order.

A set is one whole number: bit i is the promise at place i of the plan's ledger. To join, to meet
and to count are then one instruction for 64 promises, and a page of the list asks the database for
nothing but the lines it has. Worked out once for a revision and a day, in a tenth of a second for
10,000 promises (docs/decisions/0038-roll.md).
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from itertools import compress, islice

from django.db.models import F
from django.utils.functional import cached_property

from commitments.domain.folding import folded, forms_of
from commitments.domain.freshness import Supply
from commitments.domain.kinds import Kind
from commitments.domain.status import Status
from commitments.models import Agency, Commitment, Target, Theme
from commitments.remembered import Memory

NO_YEAR = "none"
YES, NO = "yes", "no"

ORDERS = {
    "due": (F("standing__due_year").asc(nulls_last=True), "code"),
    "severity": ("standing__severity", F("standing__due_year").asc(nulls_last=True), "code"),
    "code": ("code",),
    "agency": ("standing__lead_agency__code", "code"),
}
USUAL_ORDER = "due"
COLUMNS = (
    "standing__status",
    "standing__kind",
    "standing__lead_agency",
    "standing__theme",
    "standing__due_year",
    "standing__binding",
    "standing__is_figure_expected",
    "standing__newer_due_on",
)
# Fields of the filter whose values a roll knows.
FIELDS = (
    "group",
    "status",
    "agency",
    "theme",
    "due_year",
    "binding",
    "measurable",
    "freshness",
    "kind",
)
TEXTS = ("code", "title_zh", "title_en", "quote")
# What a record is called; the note of an agency says what it is called for short.
NAMES = {
    Agency: ("name_zh", "name_en", "note_zh", "note_en"),
    Theme: ("name_zh", "name_en"),
}
# Rows read at once: a cursor's, not the register's.
A_READING = 5_000
MOST_WORDS = 64

_LEDGERS, _ROLLS = Memory(most=8), Memory(most=6)
_FLAGS = bytes.maketrans(b"01", b"\0\1")


def roll_of(plan, day, revision):
    """The `Roll` of a plan on a day, remembered for the revision (`remembered.revision_now`)."""

    def make():
        ledger = _LEDGERS.get(revision, plan.pk, lambda: Ledger(plan))
        return Roll(ledger, plan, day)

    return _ROLLS.get(revision, (plan.pk, day), make)


class Ledger:
    """The published promises of a plan, each at its place, with the words they can be found by."""

    def __init__(self, plan):
        self._published = Commitment.objects.published().filter(plan=plan)
        keys = self._published.order_by("pk").values_list("pk", flat=True)
        self.keys = array("q", keys.iterator(chunk_size=A_READING))

    def place(self, key):
        """The place of a promise; None of one that is not the plan's, or was published since."""
        place = bisect_left(self.keys, key)
        return place if place < len(self.keys) and self.keys[place] == key else None

    def places(self, keys):
        return (place for key in keys if (place := self.place(key)) is not None)

    def set_of(self, keys):
        """The set of some promises, by their primary keys."""
        return self.set_at(self.places(keys))

    def set_at(self, places):
        held = bytearray(len(self.keys) // 8 + 1)
        for place in places:
            held[place >> 3] |= 1 << (place & 7)
        return int.from_bytes(held, "little")

    def keys_at(self, places):
        return [self.keys[place] for place in places]

    def flags(self, promises):
        """For each place 1 if the set has it, else 0."""
        return f"{promises:0{len(self.keys)}b}".encode().translate(_FLAGS)[::-1]

    # --- Words -------------------------------------------------------------------------------

    def mentioning(self, form):
        """The set of those whose own words, or the names of whose indicators and supporting
        agencies, have a folded word in them."""
        text, starts = self._words
        word, places = form.encode("utf-8", "surrogatepass"), []
        at = text.find(word)
        while at >= 0:
            place = bisect_right(starts, at) - 1
            places.append(place)
            at = text.find(word, starts[place + 1]) if place + 1 < len(starts) else -1
        return self.set_at(places)

    @cached_property
    def _words(self):
        """All words, folded, as one text of bytes, and where each promise's begin."""
        text, starts = bytearray(), array("Q")
        for first in range(0, len(self.keys), A_READING):
            keys = self.keys[first : first + A_READING]
            rows = self._published.filter(pk__range=(keys[0], keys[-1])).order_by()
            further = further_names(keys[0], keys[-1])
            own = {pk: texts for pk, *texts in rows.values_list("pk", *TEXTS)}
            for key in keys:
                starts.append(len(text))
                # No word searched for has a line's end in it.
                words = folded("\n".join([*own.get(key, ()), *further[key], ""]))
                text += words.encode("utf-8", "surrogatepass")
        return bytes(text), starts


def further_names(first, last):
    """The names of what tests measure and of who supports, by the key of the promise, from one key
    up to another; three queries."""
    found = defaultdict(list)
    asked = {"commitment__gte": first, "commitment__lte": last}
    tests = Target.objects.published().filter(**asked).order_by()
    for role in ("indicator", "comparator_indicator"):
        named = tests.filter(**{f"{role}__isnull": False})
        for pk, *names in named.values_list("commitment", f"{role}__name_zh", f"{role}__name_en"):
            found[pk] += names
    supported = Commitment.supporting_agencies.through.objects.filter(**asked)
    of_agencies = (f"agency__{name}" for name in NAMES[Agency])
    for pk, *names in supported.values_list("commitment", *of_agencies):
        found[pk] += names
    return found


class Roll:
    """All that a plan shows on a day.

    `shown` is the set of all. `sets` has, by the name of a field of the filter and a value as the
    address writes it, the set of those that have the value.
    """

    def __init__(self, ledger, plan, day):
        self.ledger, self.plan, self.day = ledger, plan, day
        order, groups = array("I"), defaultdict(list)
        rows = self._rows(USUAL_ORDER).values_list("pk", *COLUMNS)
        for pk, *values in rows.iterator(chunk_size=A_READING):
            place = ledger.place(pk)
            if place is not None:
                order.append(place)
                groups[tuple(values)].append(place)
        # After the rows: none of them is of an agency that came between.
        self.agencies, self.themes = records(Agency), records(Theme)
        self._orders = {USUAL_ORDER: order}
        self._found = {}
        self.shown, self.sets = 0, {name: {} for name in FIELDS}
        for values, places in groups.items():
            promises = ledger.set_at(places)
            self.shown |= promises
            for name, value in self._values(*values):
                self.sets[name][value] = self.sets[name].get(value, 0) | promises

    def _rows(self, order):
        return Commitment.objects.shown_on(self.day).filter(plan=self.plan).order_by(*ORDERS[order])

    def _values(self, status, kind, agency, theme, year, binding, is_expected, newer_due_on):
        yield "status", status
        yield "group", Status(status).group.value
        yield "kind", kind
        yield "measurable", NO if kind == Kind.NOT_ASSESSABLE else YES
        yield "agency", self.agencies[agency].code
        yield "theme", self.themes[theme].code
        yield "due_year", NO_YEAR if year is None else f"{year:04}"
        yield "binding", binding
        yield "freshness", Supply(is_expected, newer_due_on).on(self.day).value

    def set(self, name, values):
        """The set of those that have any of some values of a field."""
        found = 0
        for value in values:
            found |= self.sets[name].get(value, 0)
        return found

    def order(self, name):
        """The places of all that is shown, in one of `ORDERS`."""
        if name not in self._orders:
            keys = self._rows(name).values_list("pk", flat=True)
            places = self.ledger.places(keys.iterator(chunk_size=A_READING))
            self._orders[name] = array("I", places)
        return self._orders[name]

    def keys(self, promises, order=USUAL_ORDER, start=0, stop=None):
        """The primary keys of a set's promises in an order, from one number up to another."""
        places = self.order(order)
        if promises != self.shown:
            flags = self.ledger.flags(promises)
            places = compress(places, map(flags.__getitem__, places))
        return self.ledger.keys_at(islice(places, start, stop))

    def mentioning(self, term):
        """The set of those that have a word somewhere a reader would look for it."""
        found = self._found.get(term)
        if found is None:
            found = self._mentioning(forms_of(term))
            if len(self._found) >= MOST_WORDS:
                self._found.clear()
            self._found[term] = found
        return found

    def _mentioning(self, forms):
        found = 0
        for form in forms:
            found |= self.ledger.mentioning(form)
            for name, named in (("agency", self.agencies), ("theme", self.themes)):
                for record in named.values():
                    if form in record.words:
                        found |= self.set(name, [record.code])
        return found & self.shown


class Named:
    """An agency or a theme: its code, and its names as they are compared."""

    __slots__ = ("code", "words")

    def __init__(self, code, *names):
        self.code, self.words = code, folded("\n".join(names))


def records(model):
    """All `Named` records of a model, by primary key."""
    rows = model.objects.order_by().values_list("pk", "code", *NAMES[model])
    return {pk: Named(*about) for pk, *about in rows}
