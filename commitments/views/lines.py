"""The lines of the list as HTML. Pages share them: each is drawn once for a revision and a day."""

from dataclasses import dataclass, replace

from django.template.loader import render_to_string
from django.urls import get_urlconf
from django.utils.translation import get_language

from commitments.drawing import sparks_for
from commitments.filters import snippets
from commitments.models import Commitment
from commitments.remembered import Memory
from commitments.wording import put_all_back

_LINES = Memory(most=1_000)


@dataclass(frozen=True, slots=True)
class Line:
    """What the list says of a promise: whose it is and what, its test and figure, its standing."""

    commitment: Commitment
    head: str
    facts: str
    side: str


def lines_of(keys, found, day):
    """A `Line` for each key that is shown on the day, in their order."""
    # All that a line depends on: addresses have the language and the size of the text in them.
    place = (get_language(), get_urlconf(), day, found.is_past)

    def make(missing):
        drawn = drawn_lines([key for key, *_place in missing], found, day)
        return {(line.commitment.pk, *place): line for line in drawn}

    lines = _LINES.get_many(found.revision, [(key, *place) for key in keys], make)
    return marked(lines, found) if found.terms else lines


def drawn_lines(keys, found, day):
    rows = Commitment.objects.shown_on(day).with_standing().in_order_of(keys)
    put_all_back(rows, day)
    sparks = sparks_for(rows, day)
    return [
        Line(
            row,
            part("head", commitment=row, terms=(), as_of=found.scope.get("as_of")),
            part("facts", commitment=row, standing=row.standing),
            part("side", standing=row.standing, spark=sparks.get(row.pk)),
        )
        for row in rows
    ]


def marked(lines, found):
    """The lines with each word searched for marked, and where else a promise has it."""
    texts = snippets([line.commitment for line in lines], found.terms)
    about = {"terms": found.terms, "as_of": found.scope.get("as_of")}
    return [
        replace(line, head=part("head", commitment=row, snippets=texts[row.pk], **about))
        for line in lines
        for row in [line.commitment]
    ]


def part(name, **about):
    return render_to_string(f"commitments/partials/_row_{name}.html", about)
