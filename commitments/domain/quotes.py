"""Finding a quote in its source text, and the nearest place when it is not there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

# Pieces of the quote looked up in the text, longest first: a long piece seldom sits in the wrong
# place, a short one still finds a quote that was typed with many slips.
_PIECES = (12, 6, 3, 2, 1)
# A piece found more often than this points nowhere.
_TOO_COMMON = 50
# Quotes beyond this length are compared by their beginning: the place is found all the same.
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class NearMiss:
    """The most similar place: code-point offsets into the text, and what differs there.

    `differences` are pairs (in the quote, in the text), in order; an empty side means that the
    other has something extra. `ratio` is 0 to 1.
    """

    start: int
    end: int
    text: str
    differences: tuple[tuple[str, str], ...]
    ratio: float


def find_quote(text: str, quote: str) -> tuple[int, int] | None:
    """Code-point offsets (start, end) of the first exact occurrence; None if there is none."""
    if not quote:
        return None
    start = text.find(quote)
    return None if start < 0 else (start, start + len(quote))


def nearest(text: str, quote: str) -> NearMiss | None:
    """The place in the text most similar to the quote; None when they share no character.

    Only windows around places that share a rare piece with the quote are compared, so a quote is
    placed in a text of 50,000 characters in some milliseconds.
    """
    quote = quote[:_LONGEST]
    best: NearMiss | None = None
    for shift in _likely_shifts(text, quote):
        found = _compare(text, quote, shift)
        if found is not None and (best is None or found.ratio > best.ratio):
            best = found
    return best


def _likely_shifts(text: str, quote: str) -> list[int]:
    """Where the quote's beginning would lie in the text, by the pieces they share."""
    for size in _PIECES:
        votes: Counter[int] = Counter()
        for at in range(len(quote) - size + 1):
            for place in _places(text, quote[at : at + size]):
                # Slips shift a piece by a few characters; neighbours vote together.
                votes[(place - at) // 8 * 8] += 1
        if votes:
            return [shift for shift, _ in votes.most_common(5)]
    return []


def _places(text: str, piece: str) -> list[int]:
    found: list[int] = []
    place = text.find(piece)
    while place >= 0 and len(found) <= _TOO_COMMON:
        found.append(place)
        place = text.find(piece, place + 1)
    return found if len(found) <= _TOO_COMMON or len(piece) == 1 else []


def _compare(text: str, quote: str, shift: int) -> NearMiss | None:
    slack = 16 + len(quote) // 4
    low = max(0, shift - slack)
    window = text[low : shift + len(quote) + slack]
    # The second sequence is indexed once; autojunk would drop the commonest characters.
    matcher = SequenceMatcher(None, quote, window, autojunk=False)
    shared = [block for block in matcher.get_matching_blocks() if block.size]
    if not shared:
        return None
    # Characters before the first and after the last shared one belong to the place too.
    start = max(0, shared[0].b - shared[0].a)
    end = min(len(window), shared[-1].b + len(quote) - shared[-1].a)
    place = window[start:end]
    matcher = SequenceMatcher(None, quote, place, autojunk=False)
    differences = tuple(
        (quote[a:b], place[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"
    )
    return NearMiss(low + start, low + end, place, differences, matcher.ratio())
