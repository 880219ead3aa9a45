"""A report's lines told one commitment at a time, as a document or a page shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from commitments.domain.status import Group, Status
from commitments.exporters.report import Report
from commitments.exporters.table import Column, Row, harmless, shown, wide

# What a person reads of a commitment and of each of its tests, by the keys of the columns.
OF_COMMITMENT = (
    "lead_agency",
    "supporting_agencies",
    "theme",
    "binding",
    "due_year",
    "due_basis",
    "document",
    "editor_note",
)
OF_TEST = (
    "target_code",
    "amends",
    "change",
    "target_in_words",
    "kind",
    "baseline_period",
    "baseline_value",
    "unit",
    "figure",
    "figure_period",
    "provisional",
    "figure_published_on",
    "figure_source",
    "status",
    "sentence",
    "flags",
    "progress",
    "expected",
    "pace",
)
OF_FIGURE = ("name", "period", "text", "published_on", "source")
# The table of a document ends with the column that a person reads last.
LAST_READ = "sentence"

# Codes and periods do not break, and beside the word of a status stands its shape.
MORE_WIDTH = {"code": 1, "figure_period": 1, "status": 3}
# As many characters stand in half a line; a Chinese one counts as two.
SHORT = 30

Fact = tuple[str, str]


@dataclass(slots=True)
class Detail:
    """One commitment: its facts, those of each of its tests, and the figures behind them."""

    code: str
    title: str
    status: str
    group: Group
    quote: str
    facts: list[Fact]
    tests: list[list[Fact]] = field(default_factory=list)
    figures: list[list[str]] = field(default_factory=list)


class Reader:
    """Cells of rows by the key of their column, as text."""

    def __init__(self, columns: Iterable[Column]) -> None:
        self.columns = tuple(columns)
        self.place = {column.key: at for at, column in enumerate(self.columns)}

    def text(self, row: Row, key: str) -> str:
        at = self.place.get(key)
        return "" if at is None else shown(row[at], self.columns[at])

    def texts(self, row: Row, keys: Iterable[str]) -> list[str]:
        return [self.text(row, key) for key in keys]

    def facts(self, row: Row, keys: Iterable[str]) -> list[Fact]:
        """Pairs of heading and text; what is empty is left out."""
        pairs = ((key, self.text(row, key)) for key in keys)
        return [(self.heading(key), text) for key, text in pairs if text]

    def heading(self, key: str) -> str:
        return harmless(self.columns[self.place[key]].heading)

    def headings(self, keys: Iterable[str]) -> list[str]:
        return [self.heading(key) for key in keys]

    def group(self, row: Row, key: str = "status_code") -> Group | None:
        """The group of the status in a column of codes."""
        code = self.text(row, key)
        return Status(code).group if code else None


def read_columns(report: Report) -> tuple[Column, ...]:
    """The columns that a person reads: up to the sentence."""
    keys = [column.key for column in report.columns]
    return report.columns[: keys.index(LAST_READ) + 1] if LAST_READ in keys else report.columns


def printed_width(column: Column) -> int:
    """The width that a column needs where a status has its shape, in Latin characters."""
    return column.width + MORE_WIDTH.get(column.key, 0)


def details_of(
    report: Report, rows: Iterable[Row] | None = None, figures: Iterable[Row] | None = None
) -> Iterator[Detail]:
    """The commitments of a report in its order; of some of its rows and figures if given."""
    reader, figure_reader = Reader(report.columns), Reader(report.figure_columns)
    by_code: dict[str, list[list[str]]] = {}
    for row in report.figures if figures is None else figures:
        texts = figure_reader.texts(row, OF_FIGURE)
        by_code.setdefault(figure_reader.text(row, "code"), []).append(texts)
    all_rows = report.rows if rows is None else rows
    for code, found in groupby(all_rows, lambda row: reader.text(row, "code")):
        tests = list(found)
        yield Detail(
            code=code,
            title=reader.text(tests[0], "title"),
            status=reader.text(tests[0], "commitment_status"),
            group=reader.group(tests[0], "commitment_status_code") or Group.CANNOT_SAY,
            quote=reader.text(tests[0], "quote"),
            facts=reader.facts(tests[0], OF_COMMITMENT),
            tests=[reader.facts(row, OF_TEST) for row in tests],
            figures=by_code.get(code, []),
        )


def paired(facts: list[Fact]) -> list[list[Fact]]:
    """The facts as lines: two short ones that follow each other share one."""
    lines: list[list[Fact]] = []
    for fact in facts:
        last = lines[-1] if lines else []
        if len(last) == 1 and _is_short(last[0]) and _is_short(fact):
            last.append(fact)
        else:
            lines.append([fact])
    return lines


def _is_short(fact: Fact) -> bool:
    return wide(fact[1]) <= SHORT and "\n" not in fact[1]


def figure_headings(report: Report) -> list[str]:
    return Reader(report.figure_columns).headings(OF_FIGURE)


class Cited:
    """The sources of the figures of some rows, each once, in the order they come."""

    def __init__(self, columns: Iterable[Column]) -> None:
        self.reader = Reader(columns)
        self.found: dict[tuple[str, str, str], None] = {}

    def add(self, row: Row) -> None:
        source, day, address = self.reader.texts(
            row, ("figure_source", "figure_published_on", "figure_url")
        )
        if source:
            self.found.setdefault((source, day, address))

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        """Triples of source, day published and address."""
        return iter(self.found)
