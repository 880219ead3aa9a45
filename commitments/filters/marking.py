"""Where a row of a list has the words that were searched for, so that they can be marked."""

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commitments.domain.folding import folded, forms_of
from commitments.models import Commitment, Target

# Characters shown on either side of a word in a long text.
AROUND = 30


class Segment(NamedTuple):
    text: str
    is_found: bool


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text that has a word searched for; `lang` where it is not the page's own."""

    label: str
    text: str
    lang: str = ""


class Folded:
    """A text as a search compares it, and where each of its signs comes from."""

    def __init__(self, text):
        pieces = [folded(each) for each in text]
        self.text = "".join(pieces)
        # For each compared character the place of the one it was made from.
        self.places = [place for place, piece in enumerate(pieces) for _each in piece]

    def spans(self, form):
        """Every place of a folded word, as (start, end) in the text itself."""
        at = self.text.find(form) if form else -1
        while at >= 0:
            last = self.places[at + len(form) - 1]
            yield self.places[at], last + 1
            at = self.text.find(form, at + len(form))


def spans_of(text, terms):
    """All places of all words, in order and merged where they meet."""
    whole = Folded(text)
    forms = {form for term in terms for form in forms_of(term)}
    return merged(sorted(span for form in forms for span in whole.spans(form)))


def merged(spans):
    found = []
    for start, end in spans:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def segments(text, terms):
    """A text cut into `Segment`s; joined again they are the text."""
    found, at = [], 0
    for start, end in spans_of(text, terms):
        found += [Segment(text[at:start], False), Segment(text[start:end], True)]
        at = end
    found.append(Segment(text[at:], False))
    return [each for each in found if each.text]


def has(text, term):
    whole = folded(text)
    return any(form in whole for form in forms_of(term))


def excerpt(text, terms):
    """What of a long text stands around the first place of each word, with “…” for the rest."""
    firsts = [spans_of(text, [term])[0] for term in terms]
    wanted = merged(
        sorted((max(0, start - AROUND), min(len(text), end + AROUND)) for start, end in firsts)
    )
    words = "…".join(" ".join(text[start:end].split()) for start, end in wanted)
    before = "…" if wanted[0][0] > 0 else ""
    after = "…" if wanted[-1][1] < len(text) else ""
    return before + words + after


# --- Texts that a row does not show -------------------------------------------------------------


def snippets(rows, terms):
    """For each row's key, a `Snippet` of every text that has a word the row itself lacks.

    Asks the database only when a word is in none of the commitment's own texts.
    """
    missing = {
        row.pk: [
            term
            for term in terms
            if not any(has(text, term) for text in (row.code, row.title, row.lead_agency.name))
        ]
        for row in rows
    }
    found = {row.pk: taken(own_texts(row), missing[row.pk]) for row in rows}
    wanting = [pk for pk, left in missing.items() if left]
    if wanting:
        further = further_texts(wanting)
        for pk in wanting:
            found[pk] += taken(further[pk], missing[pk])
    return found


def taken(texts, missing):
    """Snippets of the texts that have a missing word, which is then no longer missing."""
    found = []
    for label, text, lang in texts:
        here = [term for term in missing if has(text, term)]
        if here:
            found.append(Snippet(label, excerpt(text, here), lang))
            missing[:] = [term for term in missing if term not in here]
    return found


def own_texts(row):
    yield _("Quote"), row.quote, foreign("zh")
    yield from both(_("Title"), row, "title")
    yield from both(_("Theme"), row.theme, "name")
    yield from both(_("Lead agency"), row.lead_agency, "name")
    yield from both(_("Lead agency"), row.lead_agency, "note")


def further_texts(keys):
    """Names of indicators and of supporting agencies: one query each for all rows."""
    found = defaultdict(list)
    tests = Target.objects.published().filter(commitment__in=keys)
    for test in tests.select_related("indicator", "comparator_indicator").order_by("code"):
        for indicator in filter(None, (test.indicator, test.comparator_indicator)):
            found[test.commitment_id] += both(_("Indicator"), indicator, "name")
    through = Commitment.supporting_agencies.through.objects.filter(commitment__in=keys)
    for each in through.select_related("agency").order_by("agency__code"):
        for name in ("name", "note"):
            found[each.commitment_id] += both(_("Supporting agency"), each.agency, name)
    return found


def both(label, record, name):
    """A text in the page's language, then in the other one."""
    texts = [(label, getattr(record, f"{name}_{code}"), foreign(code)) for code in ("zh", "en")]
    return sorted(texts, key=lambda each: each[2] != "")


def foreign(code):
    """The language to name beside a text, or nothing where it is the page's own."""
    here = "en" if (get_language() or "").startswith("en") else "zh"
    return "" if code == here else {"zh": "zh-Hans", "en": "en"}[code]
