"""The eight groups as every picture and file draws them: a colour and a shape each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from commitments.domain.status import Group

SYMBOLS = Path(__file__).parents[1] / "static" / "commitments" / "symbols.svg"
_SYMBOL = re.compile(r'<symbol id="(\w+)" viewBox="([\d ]+)">(.*?)</symbol>', re.DOTALL)


class Colours(NamedTuple):
    """Of shapes, of words, and of what lies behind them, each `#rrggbb`."""

    tone: str
    word: str
    tint: str


# As in site.css: neither a picture nor a file can read a style sheet.
COLOURS = {
    Group.MET: Colours("#007a57", "#00573e", "#e6f4ee"),
    Group.MISSED: Colours("#c1440e", "#8f2f06", "#fcebe3"),
    Group.DUE_NO_FIGURE: Colours("#a3497c", "#7d2f5c", "#f9ebf3"),
    Group.ON_COURSE: Colours("#0072b2", "#004f7d", "#e5f1f9"),
    Group.OFF_COURSE: Colours("#b26f00", "#744700", "#fcf2de"),
    Group.CANNOT_SAY: Colours("#4a7fa0", "#2b536d", "#eaf3f9"),
    Group.NOT_ASSESSABLE: Colours("#717c87", "#4b5866", "#e6eaee"),
    Group.WITHDRAWN: Colours("#3b4651", "#2c353e", "#f3f6f9"),
}
# The shapes of the groups where only characters can stand; every Chinese face has these.
SIGNS = {
    Group.MET: "●",
    Group.MISSED: "◆",
    Group.DUE_NO_FIGURE: "◎",
    Group.ON_COURSE: "▲",
    Group.OFF_COURSE: "▼",
    Group.CANNOT_SAY: "■",
    Group.NOT_ASSESSABLE: "□",
    Group.WITHDRAWN: "○",
}
INK, SOFT, RULE, WASH, ACCENT = "#17212b", "#4b5866", "#d5dce3", "#f3f6f9", "#123f6d"


def shape_of(group: Group) -> str:
    """The shape of a group in its own colour, as an SVG document."""
    box, drawing = shapes()[group]
    drawn = drawing.replace("currentColor", COLOURS[group].tone)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{drawn}</svg>'


@cache
def shapes() -> dict[str, tuple[str, str]]:
    text = SYMBOLS.read_text(encoding="utf-8")
    return {name: (box, drawing) for name, box, drawing in _SYMBOL.findall(text)}


def group_looks(words: Iterable[str]) -> list[dict[str, str]]:
    """Code, word, colours and shape of each group, as the typesetting templates take them."""
    return [
        {
            "code": group.value,
            "word": word,
            "tone": COLOURS[group].tone,
            "ink": COLOURS[group].word,
            "shape": shape_of(group),
        }
        for group, word in zip(Group, words, strict=True)
    ]
