"""Everything public as one archive: tables as CSV and JSON, with a description that programs read.

The description is a Frictionless Data Package (https://specs.frictionlessdata.io/data-package/,
version 1). The same register gives the same bytes: rows are in order, and no file has a date.
"""

import hashlib
import json
import zipfile
from decimal import Decimal
from io import BytesIO

from django.utils.translation import gettext as _
from django.utils.translation import override

from commitments.domain.result import RULE_VERSION
from commitments.exporters.to_csv import csv_lines
from commitments.importing.promise_columns import public_lines
from commitments.importing.tables import Lines, headings
from commitments.models import Plan, SourceDocument
from commitments.open_data import TABLES, as_json
from commitments.open_data.rows import commitments_of, documents_of, observations_of

NAME = "commitments-register"
LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0",
}
TYPES = {"text": "string", "list": "array"}
LANGUAGES = ("zh-hans", "en")
# The earliest that a ZIP can say: no file has a date of its own.
NO_DATE = (1980, 1, 1, 0, 0, 0)
AT_ONCE = 2_000
SHEET_LANGUAGE = "zh-hans"


def write_archive(file):
    """Write the ZIP into a file open for reading and writing; its end is where it is left."""
    sums = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        for name, pieces in members():
            sums[name] = add(book, name, pieces)
        lines = "".join(f"{sums[name]}  {name}\n" for name in sorted(sums))
        add(book, "SHA256SUMS", [lines.encode()])


def add(book, name, pieces):
    """One file of the archive, a piece at a time; returns its SHA-256."""
    entry = zipfile.ZipInfo(name, NO_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    found = hashlib.sha256()
    with book.open(entry, "w", force_zip64=True) as member:
        for piece in pieces:
            found.update(piece)
            member.write(piece)
    return found.hexdigest()


def members():
    """Pairs (name, pieces of bytes) of all but the checksums."""
    yield "datapackage.json", [dumped(description()).encode()]
    for language, name in zip(LANGUAGES, ("README.zh.md", "README.en.md"), strict=True):
        with override(language):
            yield name, [read_me().encode()]
    for name, table in TABLES.items():
        yield f"data/{name}.csv", csv_lines([c.key for c in table.columns], csv_rows(table))
        yield f"data/{name}.json", json_rows(table)
    for code, text in (
        SourceDocument.objects.filter(pk__in=documents_of(None).values("pk"))
        .order_by("code")
        .values_list("code", "text")
    ):
        yield f"documents/{code}.txt", [text.encode()]
    sheets = {
        "figures": (observations_of(None).live(), None),
        "commitments": (commitments_of(None), public_lines),
    }
    for subject, (records, lines) in sheets.items():
        rows = Lines(subject, records.order_by("pk"), SHEET_LANGUAGE, lines)
        with override(SHEET_LANGUAGE):
            columns = headings(subject)
        yield f"import/{subject}.csv", csv_lines(columns, rows)


# --- Rows -----------------------------------------------------------------------------------------


def rows_of(table):
    return table.rows(None).iterator(chunk_size=AT_ONCE)


def csv_rows(table):
    for row in rows_of(table):
        yield tuple(as_cell(value) for value in table.cells(row).values())


def as_cell(value):
    """A value as CSV takes it: lists and objects as JSON, yes and no in words."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value


def json_rows(table):
    before = "[\n"
    for row in rows_of(table):
        cells = {key: exact(value) for key, value in table.cells(row).items()}
        yield (before + json.dumps(cells, ensure_ascii=False)).encode()
        before = ",\n"
    yield b"[]\n" if before == "[\n" else b"\n]\n"


def exact(value):
    """A number is text here, with exactly its digits: who computes statuses needs every one."""
    return format(value.normalize(), "f") if isinstance(value, Decimal) else as_json(value)


# --- What it says of itself -----------------------------------------------------------------------


def description():
    """The `datapackage.json`: every file, every column, in both languages."""
    return {
        "profile": "tabular-data-package",
        "name": NAME,
        "title": both(lambda: _("Public Register of Commitments")),
        "description": both(
            lambda: _("What was promised, the figures, and every status, with its days.")
        ),
        "rule_version": RULE_VERSION,
        "licenses": [LICENCE],
        "sources": [
            {"title": f"{plan.title_zh} / {plan.title_en}"} for plan in Plan.objects.open()
        ],
        "resources": [resource(name, table) for name, table in TABLES.items()],
    }


def resource(name, table):
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"data/{name}.csv",
        "title": both(lambda: str(table.title)),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "doubleQuote": True},
        "schema": {
            "fields": [field(column) for column in table.columns],
            "primaryKey": table.key,
            "missingValues": [""],
            "foreignKeys": [
                {"fields": column.key, "reference": reference(column.refers_to)}
                for column in table.columns
                if column.refers_to and column.type != "list"
            ],
        },
    }


def reference(refers_to):
    table, key = refers_to.split(".")
    return {"resource": table, "fields": key}


def field(column):
    constraints = {}
    if not column.may_lack and column.type != "text":
        constraints["required"] = True
    if column.choices:
        constraints["enum"] = [*column.choices]
    found = {
        "name": column.key,
        "type": TYPES.get(column.type, column.type),
        "title": both(lambda: str(column.label)),
    }
    if column.type == "object":
        # A list or an object; each kind of row says which.
        found["type"] = "any"
    return found | ({"constraints": constraints} if constraints else {})


def both(words):
    """Words in both languages, in one text: what reads the description knows one alone."""
    found = []
    for language in LANGUAGES:
        with override(language):
            found.append(words())
    return " / ".join(dict.fromkeys(found))


def read_me():
    tables = "".join(
        f"- `data/{name}.csv`, `.json`: {table.title}\n" for name, table in TABLES.items()
    )
    return _(
        "# Public Register of Commitments: everything public\n"
        "\n"
        "`datapackage.json` describes every table and column (Frictionless Data Package).\n"
        "`SHA256SUMS` has the checksum of every file: `sha256sum -c SHA256SUMS`.\n"
        "\n"
        "%(tables)s"
        "- `documents/`: the texts that promises are quoted from, counted in characters\n"
        "- `import/`: figures and promises as sheets that the register itself imports\n"
        "\n"
        "Rows that were replaced are here too, with the days on which they were shown, so that "
        "every status of every day can be computed again: see `recompute.py` in the register’s "
        "documentation.\n"
        "\n"
        "In CSV a text that begins like a formula has an apostrophe before it; JSON has every "
        "text as it is, and numbers as text with exactly their digits.\n"
        "\n"
        "Plans that are marked as fictional are invented, with all their figures.\n"
        "\n"
        "Licence: CC BY 4.0.\n"
    ) % {"tables": tables}


def dumped(value):
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def archive_bytes():
    """The whole archive in memory: for tests, and for registers as small as a test's."""
    held = BytesIO()
    write_archive(held)
    return held.getvalue()
