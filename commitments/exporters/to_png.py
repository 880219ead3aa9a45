"""The picture of one promise that a link to it is shown with."""

from __future__ import annotations

from dataclasses import asdict, dataclass

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


def to_png(card: Card) -> bytes:
    """1200 x 630 pixels. The same card always gives the same bytes."""
    return CARD.set(asdict(card), format="png", ppi=72)
