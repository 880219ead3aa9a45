"""What a checked sheet would do, row by row, in words that a page can show and keep."""

import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.importing import sheet_cells
from commitments.importing.columns import Problem

MARK_HELP = gettext_lazy(
    "Written by an export, so that a change of somebody else's meanwhile is noticed. Leave it as "
    "it is; in a new row leave it empty."
)
MARK = re.compile(r"v([0-9]{1,18})\.([0-9a-f]{10})")


class Fate(StrEnum):
    """What would become of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    WRONG = "wrong"


STOPS = (Fate.CONFLICT, Fate.WRONG)


@dataclass
class CheckedRow:
    """`changes` are (heading, old, new) in words; `records` are what would be saved.

    `number` is the row as a spreadsheet counts it, `name` what the row is about, `why` the reason
    of a conflict.
    """

    number: int
    name: str
    fate: Fate = Fate.UNCHANGED
    why: str = ""
    changes: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    records: list = field(default_factory=list)

    def refuse(self, problems=()):
        """Make it a row that would do nothing because of its mistakes."""
        self.problems += problems
        self.fate, self.changes, self.records = Fate.WRONG, [], []

    def as_json(self):
        return {
            "number": self.number,
            "name": self.name,
            "fate": self.fate.value,
            "why": self.why,
            "changes": self.changes,
            "problems": [[p.place, p.heading, p.message] for p in self.problems],
            "record": page_of(self.records[0]) if self.records else None,
        }


def page_of(record):
    """The number of the record on whose page it is found: a target's is its commitment's."""
    return getattr(record, "commitment_id", record.pk)


@dataclass
class Checked:
    """A whole sheet: mistakes of its header, then its rows."""

    problems: list
    rows: list
    # What a record is to be linked with once it is saved: (record, relation, records).
    links: list = field(default_factory=list)

    @property
    def counts(self):
        """How many rows have each fate, and how many mistakes there are, the header's too."""
        found = Counter(row.fate.value for row in self.rows)
        mistakes = len(self.problems) + sum(len(row.problems) for row in self.rows)
        return {**{fate.value: found[fate.value] for fate in Fate}, "mistakes": mistakes}

    @property
    def records(self):
        """What would be saved, commitments before what belongs to them."""
        found = [record for row in self.rows for record in row.records]
        return sorted(found, key=lambda record: hasattr(record, "commitment_id"))

    @property
    def is_clean(self):
        return not self.problems and all(row.fate not in STOPS for row in self.rows)

    def as_json(self):
        return {
            "problems": [[p.place, p.heading, p.message] for p in self.problems],
            "rows": [row.as_json() for row in self.rows],
        }


def mark_of(record, values):
    """What an export writes beside a row: which record it was, and what it said."""
    return f"v{record.pk}.{digest(values)}"


def read_mark(cell):
    found = MARK.fullmatch(sheet_cells.text(cell))
    if found is None:
        raise ValueError(
            _("This is not a mark that an export wrote. Leave it as it was, or empty the cell.")
        )
    return int(found[1]), found[2]


def digest(values):
    """Ten hexadecimal digits that change when any of the values does, in whatever language."""
    plain = [[name, as_text(value)] for name, value in sorted(values.items())]
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:10]


def as_text(value):
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize() + 0, "f")
    if isinstance(value, (list, tuple)):
        return [as_text(each) for each in value]
    return str(getattr(value, "code", value))


def field_problems(model, values, place_of):
    """`Problem`s of values that a model's own fields refuse: too long, no address."""
    for name, value in values.items():
        if not isinstance(value, str) or not value:
            continue
        try:
            model._meta.get_field(name).run_validators(value)
        except ValidationError as error:
            yield place_of(name, " ".join(error.messages))


def hidden_row(number):
    return Problem(
        str(number), "", _("This row is hidden in the file. Show it, look at it and save again.")
    )
