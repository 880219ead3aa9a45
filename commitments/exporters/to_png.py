"""The picture of one promise that a link to it is shown with."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import typst
from pylopdf_fonts_zh_cn import sans_path

TEMPLATE = Path(__file__).with_name("card.typ")
# The second has the few signs that the Chinese face lacks: the lowered figures of SO₂ and O₃.
FONTS = ("Noto Sans SC", "DejaVu Sans Mono")
# A compiler is not made for several threads at once; a picture takes it some milliseconds.
_one_at_a_time = threading.Lock()


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
    inputs = {"card": json.dumps(asdict(card)), "fonts": json.dumps(FONTS)}
    with _one_at_a_time:
        drawn = _compiler().compile(format="png", ppi=72, sys_inputs=inputs)
    if not isinstance(drawn, bytes):
        raise TypeError("a card is one page")
    return drawn


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(sans_path().parent)])
    return typst.Compiler(str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=fonts)
