"""A folder of plan files to rows of values, every mistake named with its file, row and field.

The format is described in docs/plan-files.md.
"""

import csv
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from django.utils.translation import gettext as _

from commitments.domain.kinds import Kind
from commitments.domain.periods import Frequency
from commitments.importing import cells
from commitments.models import Commitment, Indicator, Observation, Target, UntrackedPassage

MAX_FILE = 20_000_000


@dataclass(frozen=True)
class Problem:
    """One mistake: its file, the row as a spreadsheet counts it (the header is 1), its column."""

    file: str
    row: int | None
    field: str
    message: str

    def __str__(self):
        place = [self.file]
        if self.row is not None:
            place.append(_("row %(number)d") % {"number": self.row})
        if self.field:
            place.append(self.field)
        return ", ".join(place) + ": " + str(self.message)


class PlanRefused(Exception):
    """The plan files have mistakes; `problems` has all that were found."""

    def __init__(self, problems):
        self.problems = sorted(problems, key=place_of)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def place_of(problem):
    """Sorts problems as the files are read: by file, then row."""
    noun = problem.file.removesuffix(".csv")
    order = list(COLUMNS)
    return (order.index(noun) if noun in order else len(order), problem.row or 0)


@dataclass(frozen=True)
class Column:
    name: str
    read: Callable = cells.text
    required: bool = False
    default: object = ""


@dataclass
class Row:
    file: str
    number: int
    values: dict


@dataclass
class PlanFiles:
    """All rows by noun (`commitments`, `targets`, ...), source texts included."""

    rows: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)
    sha256: str = ""

    def complain(self, row, column, message):
        self.problems.append(Problem(row.file, row.number, column, message))


def required(name, read=cells.text):
    return Column(name, read, required=True)


def optional(name, read=cells.text, default=""):
    return Column(name, read, default=default)


def both(name, column):
    return [column(f"{name}_zh"), column(f"{name}_en")]


missing = partial(optional, default=None)

COLUMNS = {
    "plan": [
        required("code"),
        *both("title", required),
        *both("issuer", required),
        *both("summary", optional),
        required("adopted_on", cells.day),
        required("period_start", cells.year),
        required("period_end", cells.year),
        required("is_fictional", cells.yes_no),
        missing("opened_on", cells.day),
    ],
    "sources": [
        required("code"),
        *both("title", required),
        *both("publisher", required),
        required("published_on", cells.day),
        optional("url"),
        *both("note", optional),
        required("text_file"),
        required("sha256"),
    ],
    "agencies": [required("code"), *both("name", required), *both("note", optional)],
    "themes": [required("code"), *both("name", required)],
    "indicators": [
        required("code"),
        *both("name", required),
        *both("definition", optional),
        *both("unit", optional),
        required("frequency", cells.one_of(frequency.value for frequency in Frequency)),
        required("measure", cells.one_of(Indicator.Measure.values)),
        required("direction", cells.one_of(Indicator.Direction.values)),
        missing("reporting_unit", cells.number),
        missing("floor", cells.number),
        missing("ceiling", cells.number),
        required("scale", cells.one_of(Indicator.Scale.values)),
        *both("data_source", optional),
    ],
    "commitments": [
        required("code"),
        *both("title", required),
        required("source"),
        required("quote"),
        required("quote_start", cells.whole),
        required("lead_agency"),
        optional("supporting_agencies", cells.codes, default=()),
        required("theme"),
        missing("due_year", cells.year),
        required("due_basis", cells.one_of(Commitment.DueBasis.values)),
        *both("due_note", optional),
        required("binding", cells.one_of(Commitment.Binding.values)),
        *both("editor_note", optional),
        optional("context_indicators", cells.codes, default=()),
        missing("withdrawn_on", cells.day),
        *both("withdrawn_document", optional),
        optional("withdrawn_url"),
    ],
    "passages": [
        required("code"),
        required("source"),
        required("quote"),
        required("quote_start", cells.whole),
        optional(
            "covers",
            cells.one_of(UntrackedPassage.Covers.values),
            default=UntrackedPassage.Covers.WORDS.value,
        ),
        required("reason", cells.one_of(UntrackedPassage.Reason.values)),
        *both("note", optional),
    ],
    "targets": [
        required("code"),
        required("commitment"),
        required("indicator"),
        required("kind", cells.one_of(kind.value for kind in Kind)),
        missing("value", cells.number),
        optional("standard"),
        missing("comparator_indicator"),
        missing("baseline_period", cells.period),
        missing("baseline_value", cells.number),
        missing("first_period", cells.period),
        required("due_period", cells.period),
        required("due_basis", cells.one_of(Target.DueBasis.values)),
        optional("interim", cells.interim, default=()),
        required("document"),
        missing("amends"),
        *both("reason", optional),
        missing("valid_from", cells.day),
        *both("note", optional),
    ],
    "milestones": [
        required("code"),
        required("commitment"),
        *both("title", required),
        required("due_on", cells.day),
        missing("done_on", cells.day),
        missing("done_published_on", cells.day),
        *both("source", optional),
        optional("source_url"),
    ],
    "observations": [
        required("indicator"),
        optional("item"),
        required("period", cells.period),
        required("value", cells.number),
        *both("stated", optional),
        required("published_on", cells.day),
        required("source_zh"),
        optional("source_en"),
        optional("source_url"),
        required("source_kind", cells.one_of(Observation.SourceKind.values)),
        required("is_provisional", cells.yes_no),
        *both("definition", optional),
        optional("quote"),
        *both("note", optional),
        optional("corrects", cells.yes_no, default=False),
    ],
    "updates": [
        required("code"),
        required("commitment"),
        required("agency"),
        required("dated_on", cells.day),
        required("text_zh"),
        optional("text_en"),
        optional("source_url"),
    ],
}
NEEDED = ("plan", "sources", "agencies", "themes", "commitments")


def read_plan_files(folder):
    """Read and check every file of a folder; mistakes are collected in `problems`, not raised."""
    folder = Path(folder)
    files = PlanFiles()
    if not folder.is_dir():
        files.problems.append(
            Problem(str(folder), None, "", _("There is no folder of plan files here."))
        )
        return files
    digest = hashlib.sha256()
    for noun in COLUMNS:
        path = folder / f"{noun}.csv"
        if path.is_file() or noun in NEEDED:
            files.rows[noun] = read_sheet(path, noun, files, digest)
        else:
            files.rows[noun] = []
    for row in files.rows["sources"]:
        read_source_text(folder, row, files, digest)
    if len(files.rows["plan"]) != 1 and not any(p.file == "plan.csv" for p in files.problems):
        files.problems.append(Problem("plan.csv", None, "", _("Write one plan, in row 2.")))
    files.sha256 = digest.hexdigest()
    return files


def read_text(path, name, files, digest):
    """The text of a file in UTF-8, or None with the problem noted."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        files.problems.append(Problem(name, None, "", _("The file is missing.")))
        return None
    if len(data) > MAX_FILE:
        files.problems.append(Problem(name, None, "", _("The file is larger than 20 MB.")))
        return None
    digest.update(name.encode() + b"\0" + data + b"\0")
    try:
        found = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        files.problems.append(
            Problem(name, row, "", _("This is not UTF-8. Save the file as “CSV UTF-8”."))
        )
        return None
    if "\0" in found:
        files.problems.append(Problem(name, None, "", _("The file has a NUL character.")))
        return None
    return found


def read_sheet(path, noun, files, digest):
    found = read_text(path, path.name, files, digest)
    if found is None:
        return []
    records = csv.reader(io.StringIO(found, newline=""), strict=True)
    columns = {column.name: column for column in COLUMNS[noun]}
    rows = []
    try:
        header = [name.strip() for name in next(records, [])]
        check_header(header, columns, path.name, files)
        for number, record in enumerate(records, start=2):
            if any(cell.strip() for cell in record):
                row = Row(path.name, number, {})
                read_record(row, header, record, columns, files)
                rows.append(row)
    except csv.Error as error:
        files.problems.append(
            Problem(
                path.name,
                len(rows) + 2,
                "",
                _("The row cannot be read as CSV: %(error)s.") % {"error": error},
            )
        )
    return rows


def check_header(header, columns, file, files):
    for name in dict.fromkeys(header):
        if name not in columns:
            files.problems.append(Problem(file, 1, name, _("Unknown column.")))
        elif header.count(name) > 1:
            files.problems.append(Problem(file, 1, name, _("The column appears twice.")))
    for name, column in columns.items():
        if column.required and name not in header:
            files.problems.append(Problem(file, 1, name, _("The column is missing.")))


def read_record(row, header, record, columns, files):
    """Fill a row's values. A cell that cannot be read is left out, so it is complained of once."""
    row.values.update(
        {c.name: c.default for c in columns.values() if not c.required or c.name in header}
    )
    if len(record) != len(header):
        files.complain(
            row,
            "",
            _("The row has %(cells)d cells, the header %(columns)d.")
            % {"cells": len(record), "columns": len(header)},
        )
    for name, cell in zip(header, record, strict=False):
        column = columns.get(name)
        if column is None:
            continue
        cell = cell if name == "quote" else cell.strip()
        if not cell:
            if column.required:
                files.complain(row, name, _("This must not be empty."))
                row.values.pop(name, None)
            continue
        try:
            row.values[name] = column.read(cell)
        except ValueError as error:
            files.complain(row, name, str(error))
            row.values.pop(name, None)


def read_source_text(folder, row, files, digest):
    name = row.values.get("text_file", "")
    path = (folder / name).resolve()
    if not name or not path.is_relative_to(folder.resolve()):
        files.complain(row, "text_file", _("Name a file inside the plan's folder."))
        return
    if not path.is_file():
        files.complain(row, "text_file", _("There is no such file in the plan's folder."))
        return
    found = read_text(path, name, files, digest)
    if found is None:
        files.complain(row, "text_file", _("The file cannot be read."))
        return
    row.values["text"] = found
    actual = hashlib.sha256(path.read_bytes()).hexdigest()
    if row.values.get("sha256") not in (None, actual):
        files.complain(
            row,
            "sha256",
            _("The text file's SHA-256 is %(actual)s: it is not the text this row describes.")
            % {"actual": actual},
        )
