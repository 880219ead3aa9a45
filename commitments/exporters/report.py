"""A report as every format takes it: plain values and finished words, nothing to look up.

Two reports with equal fields are the same file in every format, so one that is to be kept for
ever needs no more than these fields.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from commitments.domain.status import Group, Status
from commitments.exporters.table import Column, Row


class Part(StrEnum):
    """What a report can hold or leave out."""

    SUMMARY = "summary"
    CHARTS = "charts"
    TABLE = "table"
    DETAILS = "details"
    SOURCES = "sources"
    METHOD = "method"


# Details make a document many times as long, so they are asked for.
USUAL_PARTS = frozenset(Part) - {Part.DETAILS}


@dataclass(frozen=True, slots=True)
class Count:
    """How many commitments have a status."""

    code: str
    word: str
    count: int

    @property
    def group(self) -> Group:
        return Status(self.code).group


@dataclass(frozen=True, slots=True)
class Share:
    """How many commitments one agency or theme has in each group, in the order of the groups."""

    name: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The commitments told apart by one thing: `key` is `agency` or `theme`."""

    key: str
    heading: str
    name: str
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A source document of a plan, with the checksum of the text that is quoted from."""

    title: str
    publisher: str
    published_on: date
    url: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the method note."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a file that are no cell, in its language. `page` has places for two numbers."""

    about: str
    summary: str
    table: str
    details: str
    figures: str
    sources: str
    method: str
    as_of: str
    asked: str
    report: str
    rule: str
    plans: str
    notes: str
    status: str
    group: str
    count: str
    total: str
    chart: str
    documents: str
    figure_sources: str
    title: str
    publisher: str
    published_on: str
    address: str
    quote: str
    page: str


@dataclass(frozen=True, slots=True)
class Report:
    """One picture of a day. `rows` and `figures` may be read again, and may be long: never a list.

    `number` and, in words with its kind, `issued_as` are those of an issued report; of any other
    they are empty. `asked` says in words what was asked for, `fictional` is the warning an invented
    plan carries (empty for a real one), `notes` what a reader of the table should know. `counts`
    have the full denominator: every status, in the order of the rule, and `total` commitments.
    `groups` are the words of the groups that `breakdowns` count in, `lead` says the same in a
    sentence. `copies` are addresses of third parties' copies: they are told, but nothing links
    there.
    """

    title: str
    number: str
    issued_as: str
    language: str
    as_of: date
    day: str
    rule_version: str
    plans: tuple[str, ...]
    asked: tuple[str, ...]
    fictional: str
    notes: tuple[str, ...]
    parts: frozenset[Part]
    lead: str
    counts: tuple[Count, ...]
    total: int
    groups: tuple[str, ...]
    breakdowns: tuple[Breakdown, ...]
    documents: tuple[Document, ...]
    copies: frozenset[str]
    method: tuple[Section, ...]
    words: Words
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    figure_columns: tuple[Column, ...]
    figures: Iterable[Row]

    @property
    def is_chinese(self) -> bool:
        return self.language.startswith("zh")

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What every format says of it first, as label and text."""
        words = self.words
        facts = (
            (words.report, self.issued_as),
            (words.plans, "\n".join(self.plans)),
            (words.as_of, self.day),
            (words.asked, "\n".join(self.asked)),
            (words.rule, self.rule_version),
            (words.notes, "\n".join(self.notes)),
        )
        return [fact for fact in facts if fact[1]]

    @property
    def running_title(self) -> str:
        """What stands on every page: the title and, of an issued report, its number."""
        return f"{self.title} · {self.number}" if self.number else self.title

    def has(self, part: Part) -> bool:
        return part in self.parts

    def may_follow(self, address: str) -> bool:
        """Whether an address may be a link: one of the web, and of nobody's copy."""
        return address.startswith(("http://", "https://")) and address not in self.copies

    @property
    def group_counts(self) -> tuple[int, ...]:
        """How many commitments each group has."""
        return tuple(
            sum(count.count for count in self.counts if count.group is group) for group in Group
        )
