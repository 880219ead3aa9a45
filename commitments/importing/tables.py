"""The tables that can be taken as a file, filled in and sent back."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from commitments.exporters.table import Column
from commitments.exporters.to_sheet import FillIn
from commitments.importing.figures import check_figures, figure_columns, figure_lines
from commitments.importing.promise_columns import promise_columns, promise_lines
from commitments.importing.promises import check_promises
from commitments.models import Commitment, Observation, SheetImport

CHUNK = 500


@dataclass(frozen=True)
class Table:
    """`lines` gives the cells of some records by the columns' keys, `check` a `Checked`."""

    model: type
    columns: Callable
    lines: Callable
    check: Callable


TABLES = {
    SheetImport.Subject.FIGURES: Table(Observation, figure_columns, figure_lines, check_figures),
    SheetImport.Subject.COMMITMENTS: Table(
        Commitment, promise_columns, promise_lines, check_promises
    ),
}


def headings(subject):
    return [str(column.heading) for column in TABLES[subject].columns()]


class Lines:
    """The rows of some records, each time they are read: a constant number of queries a chunk.

    Only the primary keys are held, so a slow reader keeps no cursor open.
    """

    def __init__(self, subject, records, language, lines=None):
        self.table, self.records, self.language = TABLES[subject], records, language
        self.lines = lines or self.table.lines

    def __iter__(self):
        keys = [column.key for column in self.table.columns()]
        ids = [*self.records.values_list("pk", flat=True)]
        for start in range(0, len(ids), CHUNK):
            # All made at once: the language must not leak out between two rows.
            with override(self.language):
                lines = [*self.lines(ids[start : start + CHUNK])]
            yield from (tuple(line.get(key, "") for key in keys) for line in lines)


def fill_in(subject, rows):
    """The workbook of some rows, or of none: with the sheet that explains the columns."""
    columns = TABLES[subject].columns()
    return FillIn(
        name=str(SheetImport.Subject(subject).label),
        columns=tuple(Column(c.key, str(c.heading), c.type, c.width) for c in columns),
        rows=rows,
        guide_name=pgettext("sheet", "How to fill it in"),
        guide=(
            (_("column"), _("needed"), _("what to write")),
            *((str(c.heading), needed(c), str(c.help)) for c in columns),
        ),
    )


def needed(column):
    if column.is_required:
        return _("yes")
    return _("the column must be there") if column.is_expected else ""
