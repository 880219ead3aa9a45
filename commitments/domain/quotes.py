"""Finding a quote in its source text, and the nearest place when it is not there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import Match, SequenceMatcher

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
            return [shift for shift, _ in votes.most_common(3)]
    return []


def _places(text: str, piece: str) -> list[int]:
    found: list[int] = []
    place = text.find(piece)
    while place >= 0 and len(found) <= _TOO_COMMON:
        found.append(place)
        place = text.find(piece, place + 1)
    return found if len(found) <= _TOO_COMMON or len(piece) == 1 else []


def _compare(text: str, quote: str, shift: int) -> NearMiss | None:
    slack = 16 + len(quote) // 8
    low = max(0, shift - slack)
    window = text[low : shift + len(quote) + slack]
    shared = _without_stragglers(_blocks(quote, window))
    if not shared:
        return None
    # What lies before the first and after the last shared piece belongs to the place too.
    start = max(0, shared[0].b - shared[0].a)
    end = min(len(window), shared[-1].b + len(quote) - shared[-1].a)
    place = window[start:end]
    differences, equal = _differences(quote, place)
    ratio = 2 * equal / (len(quote) + len(place))
    return NearMiss(low + start, low + end, place, differences, ratio)


def _blocks(quote: str, place: str) -> list[Match]:
    """Shared pieces of two characters and more, in order; of one where there are no longer ones.

    Pairs of characters are matched, not single ones: in Chinese the commonest characters occur so
    often that matching them one by one takes a hundred times as long and aligns by accident.
    """
    pairs = [
        [side[at : at + 2] for at in range(len(side) - 1)] if len(side) > 1 else []
        for side in (quote, place)
    ]
    found = SequenceMatcher(None, pairs[0], pairs[1]).get_matching_blocks()
    blocks: list[Match] = []
    quote_end = place_end = 0
    for a, b, size in found:
        # Blocks of pairs can overlap by one character once turned into characters.
        skip = max(0, quote_end - a, place_end - b)
        if size and size + 1 > skip:
            block = Match(a + skip, b + skip, size + 1 - skip)
            blocks.append(block)
            quote_end, place_end = block.a + block.size, block.b + block.size
    if blocks:
        return blocks
    return [
        block for block in SequenceMatcher(None, quote, place).get_matching_blocks() if block.size
    ]


def _without_stragglers(blocks: list[Match]) -> list[Match]:
    """Drop small pieces at either end that matched by accident, far from the rest."""
    while len(blocks) > 1 and _is_straggler(blocks[0], blocks[1], blocks[0].size):
        blocks = blocks[1:]
    while len(blocks) > 1 and _is_straggler(blocks[-2], blocks[-1], blocks[-1].size):
        blocks = blocks[:-1]
    return blocks


def _is_straggler(left: Match, right: Match, size: int) -> bool:
    extra = (right.b - left.b) - (right.a - left.a)
    return abs(extra) > 2 * size


def _differences(quote: str, place: str) -> tuple[tuple[tuple[str, str], ...], int]:
    """What differs, gap by gap between the shared pieces, and how many characters are equal."""
    differences: list[tuple[str, str]] = []
    equal = quote_end = place_end = 0
    for block in (*_blocks(quote, place), Match(len(quote), len(place), 0)):
        ours, theirs = quote[quote_end : block.a], place[place_end : block.b]
        for tag, a, b, c, d in SequenceMatcher(None, ours, theirs).get_opcodes():
            if tag == "equal":
                equal += b - a
            else:
                differences.append((ours[a:b], theirs[c:d]))
        equal += block.size
        quote_end, place_end = block.a + block.size, block.b + block.size
    return tuple(differences), equal
