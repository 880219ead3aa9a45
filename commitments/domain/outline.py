"""The outline of a source text: its headings, as Markdown or Chinese official papers mark them."""

from __future__ import annotations

import re
from dataclasses import dataclass

# A line longer than this, or one that ends as a sentence does, is no heading.
LONGEST_HEADING = 40
SENTENCE_ENDS = "。！？；：，、.!?;:,"
_NUMBER = "[一二三四五六七八九十百零〇]+"
# From the highest to the lowest: #, ##, ...; 第一编, 第一章, 第一节; 一、; （一）.
_MARKDOWN = re.compile(r"#{1,6}[ \t]+")
_RANKED = [
    re.compile(rf"第{_NUMBER}编"),
    re.compile(rf"第{_NUMBER}章"),
    re.compile(rf"第{_NUMBER}节"),
    re.compile(rf"{_NUMBER}、"),
    re.compile(rf"[（(]{_NUMBER}[）)]"),
]


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a text from a heading up to the next one, in code points.

    `title_at` is where the heading's words begin, after any Markdown sign; `level` counts from 0.
    What stands before the first heading is a section without a title.
    """

    start: int
    end: int
    title: str
    title_at: int
    level: int


def outline(text: str) -> list[Section]:
    """The sections of a text in order, each up to the next heading of any level."""
    found: list[tuple[int, int, str, int]] = []
    at = 0
    for line in text.splitlines(keepends=True):
        rank, sign = _rank(line)
        if rank is not None:
            found.append((at, at + sign, line[sign:].strip(), rank))
        at += len(line)
    ranks = sorted({rank for *_, rank in found})
    ends = [start for start, *_ in found[1:]] + [len(text)]
    sections = [
        Section(start, end, title, title_at, ranks.index(rank))
        for (start, title_at, title, rank), end in zip(found, ends, strict=False)
    ]
    first = sections[0].start if sections else len(text)
    return [Section(0, first, "", 0, 0), *sections] if text[:first].strip() else sections


def section_at(sections: list[Section], start: int) -> tuple[int, int] | None:
    """The whole section whose heading's words begin at a place, with those below it; or None."""
    for number, section in enumerate(sections):
        if section.title and section.title_at == start:
            after = sections[number + 1 :]
            ends = [each.start for each in after if each.level <= section.level]
            return section.start, ends[0] if ends else sections[-1].end
    return None


def _rank(line: str) -> tuple[int | None, int]:
    """How high a heading a line is (0 the highest; None: it is none), and how long its sign is."""
    sign = _MARKDOWN.match(line)
    if sign:
        return len(sign.group().rstrip()), sign.end()
    words = line.strip()
    if not words or len(words) > LONGEST_HEADING or words[-1] in SENTENCE_ENDS:
        return None, 0
    indent = len(line) - len(line.lstrip())
    for rank, pattern in enumerate(_RANKED):
        if pattern.match(words):
            return 10 + rank, indent
    return None, 0
