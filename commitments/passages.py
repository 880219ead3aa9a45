"""Slices of a source text for reading: a quote in its context, and every quote in its place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

# Enough to read a quote by: about two sentences of Chinese on either side.
AROUND = 110
# A line that ends in one of these, or is as short as a heading, ends its paragraph. After any
# other a blank line is only the end of a printed column.
ENDS = "。！？；：”）"
LONGEST_HEADING = 20
_HEADING = re.compile(r"#{1,6}[ \t]+")
_SENTENCE_END = re.compile(r"[。！？；\n]")
_BREAK = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Mark:
    """A slice to mark; `key` is the caller's and comes back untouched."""

    start: int
    end: int
    key: Any


@dataclass(slots=True)
class Segment:
    """A run of text covered by the same marks. A mark begins and ends in one segment each."""

    text: str
    keys: list[Any] = field(default_factory=list)
    begins: list[Any] = field(default_factory=list)
    ends: list[Any] = field(default_factory=list)


@dataclass(slots=True)
class Line:
    """A printed line. `sign` is the mark-up of a heading (“## ”), shown but not read as text.

    `start` is its place in the text.
    """

    sign: str
    segments: list[Segment]
    start: int = 0

    @property
    def ends(self) -> list[Any]:
        """The keys of the marks that end in this line."""
        return [key for segment in self.segments for key in segment.ends]

    @property
    def is_blank(self) -> bool:
        return not self.sign and not any(segment.text.strip() for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Passage:
    """A quote, marked, with the words around it, and whether the text goes on at either end."""

    lines: list[Line]
    goes_on_before: bool
    goes_on_after: bool


def passage(text: str, start: int, end: int) -> Passage:
    """The slice from `start` to `end` of a text in its context: its own paragraph, or the nearest
    sentences of a long one."""
    opening, closing = _paragraph(text, start, end)
    first, last = max(opening, start - AROUND), min(closing, end + AROUND)
    if first > opening and (found := _SENTENCE_END.search(text, first, start)):
        first = found.end()
    if last < closing:
        ends = [found.end() for found in _SENTENCE_END.finditer(text, end, last)]
        last = ends[-1] if ends else last
    first = start - len(text[first:start].lstrip())
    return Passage(
        lines=marked_lines(text[first:last].rstrip(), [Mark(start - first, end - first, True)]),
        goes_on_before=first > opening and bool(text[opening:first].strip()),
        goes_on_after=bool(text[last:closing].strip()),
    )


def _paragraph(text: str, start: int, end: int) -> tuple[int, int]:
    opening, closing = 0, len(text)
    for found in _BREAK.finditer(text):
        if not _ends_paragraph(text, found.start()):
            continue
        if found.end() <= start:
            opening = found.end()
        elif found.start() >= end:
            closing = found.start()
            break
    return opening, closing


def _ends_paragraph(text: str, end: int) -> bool:
    line = text[text.rfind("\n", 0, end) + 1 : end].strip()
    return not line or line[-1] in ENDS or len(line) <= LONGEST_HEADING


def marked_lines(text: str, marks: Iterable[Mark]) -> list[Line]:
    """The whole text line by line, cut where marks begin and end. Marks may overlap or be equal.

    Of several blank lines in a row one is kept.
    """
    ordered = sorted(marks, key=lambda mark: (mark.start, -mark.end))
    lines: list[Line] = []
    first: dict[int, Segment] = {}
    last: dict[int, Segment] = {}
    at = 0
    for raw in text.splitlines(keepends=True):
        sign = _HEADING.match(raw)
        begin = at + (sign.end() if sign else 0)
        end = at + len(raw.rstrip())
        at += len(raw)
        touching = [
            (n, mark) for n, mark in enumerate(ordered) if mark.start < end and mark.end > begin
        ]
        cuts = {begin, end}
        for _, mark in touching:
            cuts |= {max(begin, mark.start), min(end, mark.end)}
        line = Line(sign.group() if sign else "", [], at - len(raw))
        places = sorted(cuts)
        for start, stop in pairwise(places):
            segment = Segment(text[start:stop])
            for n, mark in touching:
                if mark.start <= start and mark.end >= stop:
                    segment.keys.append(mark.key)
                    first.setdefault(n, segment)
                    last[n] = segment
            line.segments.append(segment)
        if line.is_blank and (not lines or lines[-1].is_blank):
            continue
        lines.append(line)
    for n, segment in first.items():
        segment.begins.append(ordered[n].key)
    for n, segment in last.items():
        segment.ends.append(ordered[n].key)
    return lines
