"""The picture of one promise that a link to it is shown with."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from commitments.exporters.table import harmless, wide
from commitments.exporters.typesetting import Typesetter

CARD = Typesetter("card.typ")


@dataclass(frozen=True, slots=True)
class Card:
    """What the picture says. `shape` is an SVG document; tone, word and tint are `#rrggbb`."""

    language: str
    kicker: str
    title: str
    status: str
    test: str
    figure: str
    site: str
    foot: str
    shape: str
    tone: str
    word: str
    tint: str


# How much of each text there is room for, in Latin characters; all are lines but the title.
ROOM = {"kicker": 72, "title": 300, "status": 40, "test": 60, "figure": 66, "site": 44, "foot": 24}


def to_png(card: Card) -> bytes:
    """1200 x 630 pixels. The same card always gives the same bytes."""
    words = asdict(card)
    for name, room in ROOM.items():
        words[name] = fitted(words[name], room)
    return CARD.set(words, format="png", ppi=72)


def fitted(text: str, room: int) -> str:
    """The text in one line, cut where there is no more room."""
    line = " ".join(harmless(text).split())
    if wide(line) <= room:
        return line
    kept = ""
    for sign in line:
        if wide(kept + sign) >= room:
            break
        kept += sign
    return f"{kept.rstrip()}…"
