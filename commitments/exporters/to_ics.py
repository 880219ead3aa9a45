"""All-day events as a calendar file that phones and desktops subscribe to (RFC 5545, 7986)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MOST_OCTETS = 75
# All that the format gives a meaning to inside a text; a line break becomes two characters.
_ESCAPED = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
_SPECIAL = re.compile(r"[\\;,\n]")
_LINE_BREAK = re.compile(r"\r\n?|[\u2028\u2029\x85]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that falls on a day. `changed_at`, with a time zone, is when its facts last did."""

    uid: str
    on: date
    changed_at: datetime
    summary: str
    description: str
    url: str
    is_cancelled: bool = False


def to_ics(name: str, events: Iterable[Event], *, language: str) -> Iterator[bytes]:
    """The calendar's bytes, a part at a time. The same events always give the same bytes."""
    yield _lines(
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Public Register of Commitments//{language.upper()}",
        "CALSCALE:GREGORIAN",
        f"NAME:{_text(name)}",
        # What most programs read instead of NAME.
        f"X-WR-CALNAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        "X-PUBLISHED-TTL:P1D",
    )
    for event in events:
        yield _lines(
            "BEGIN:VEVENT",
            f"UID:{_text(event.uid)}",
            f"DTSTAMP:{event.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{_day(event.on)}",
            # The day after the last, as the format wants it.
            f"DTEND;VALUE=DATE:{_day(event.on + timedelta(days=1))}",
            f"SUMMARY;LANGUAGE={language}:{_text(event.summary)}",
            f"DESCRIPTION;LANGUAGE={language}:{_text(event.description)}",
            f"URL:{_CONTROL.sub('', event.url)}",
            # A due date keeps nobody from meeting on that day.
            "TRANSP:TRANSPARENT",
            f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}",
            "END:VEVENT",
        )
    yield _lines("END:VCALENDAR")


def _day(day: date) -> str:
    return day.isoformat().replace("-", "")


def _text(text: str) -> str:
    text = _CONTROL.sub("", _LINE_BREAK.sub("\n", text))
    return _SPECIAL.sub(lambda found: _ESCAPED[found[0]], text)


def _lines(*lines: str) -> bytes:
    return b"".join(_folded(line) for line in lines)


def _folded(line: str) -> bytes:
    """A line in pieces of 75 octets at most, never broken inside a character."""
    pieces, piece, room = [], b"", MOST_OCTETS
    for character in line:
        octets = character.encode()
        if len(piece) + len(octets) > room:
            pieces.append(piece)
            # The space that begins a continued line counts too.
            piece, room = b"", MOST_OCTETS - 1
        piece += octets
    return b"\r\n ".join([*pieces, piece]) + b"\r\n"
