"""The columns that a sheet of some kind has, and how its header is matched with them."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.exporters.table import Type
from commitments.formats import listed
from commitments.importing import sheet_cells
from commitments.importing.sheet import Unreadable, letter

UNKNOWN = gettext_lazy("There is no “%(text)s” here. Write its code.")


@dataclass(frozen=True)
class Column:
    """`key` is the same in every language, and may stand in the header as well as the heading.

    A column that `is_expected` must be there, one that `is_required` must be filled too.
    """

    key: str
    heading: object
    read: Callable = sheet_cells.text
    is_required: bool = False
    is_expected: bool = False
    type: Type = Type.TEXT
    width: int = 14
    # What to write, in words, where the heading alone does not say it.
    help: object = ""

    def names(self):
        return {self.key, *sheet_cells.in_each_language(str, self.heading)}


@dataclass(frozen=True)
class Problem:
    """One mistake: its cell as a spreadsheet names it (C12), the column's heading, and what."""

    place: str
    heading: str
    message: str


class Reference:
    """Records by their code, or by a name in either language that only one of them has."""

    def __init__(self, records, unknown=UNKNOWN):
        """`unknown` is the message for a text that is none of them; it has %(text)s."""
        self.by_pk, self.by_code, self.by_name = {}, {}, defaultdict(dict)
        self.unknown = unknown
        for record in records:
            self.by_pk[record.pk] = self.by_code[record.code] = record
            for name in (record_name(record, "zh"), record_name(record, "en")):
                if name:
                    self.by_name[name.casefold()][record.code] = record

    def find(self, text):
        if text in self.by_code:
            return self.by_code[text]
        found = self.by_name.get(text.casefold(), {})
        if not found:
            raise ValueError(str(self.unknown) % {"text": text})
        if len(found) > 1:
            raise ValueError(
                _("“%(text)s” is the name of several. Write the code of one: %(codes)s.")
                % {"text": text, "codes": listed(found)}
            )
        return next(iter(found.values()))

    def written(self, record):
        """The name that leads back to the record, else its code."""
        name = str(getattr(record, "name", None) or getattr(record, "title", ""))
        is_only = len(self.by_name.get(name.casefold(), ())) == 1 and name not in self.by_code
        return name if is_only else record.code


def settle(rows, **known):
    """Give rows the records they refer to from a `Reference` for each field: shared, read once.

    Django's own prefetch of a foreign key fails on SQLite at a thousand different ones (5.2).
    """
    for row in rows:
        for name, reference in known.items():
            pk = getattr(row, f"{name}_id")
            if pk is not None:
                setattr(row, name, reference.by_pk[pk])


def record_name(record, language):
    return getattr(record, f"name_{language}", None) or getattr(record, f"title_{language}", "")


def table_of(sheets, columns):
    """The one sheet that has the columns: a workbook may also have a sheet of explanations."""
    filled = [sheet for sheet in sheets if sheet.rows]
    if not filled:
        raise Unreadable(_("The file has no rows."))
    fitting = [sheet for sheet in filled if has_columns(sheet, columns)]
    if len(fitting) > 1:
        raise Unreadable(
            _("Several sheets have the columns: %(names)s. Keep one of them in the file.")
            % {"names": listed(sheet.name for sheet in fitting)}
        )
    return fitting[0] if fitting else filled[0]


def has_columns(sheet, columns):
    given = {cell.text.strip().casefold() for cell in sheet.rows[0].cells}
    return all(
        given & {name.casefold() for name in column.names()}
        for column in columns
        if column.is_required
    )


def match_header(header, columns):
    """Which column stands where, {place: Column}, and the `Problem`s of the header."""
    known = {name.casefold(): column for column in columns for name in column.names()}
    places, problems = {}, []
    for place, cell in enumerate(header.cells):
        where, heading = f"{letter(place)}{header.number}", cell.text.strip()
        column = known.get(heading.casefold())
        if not heading:
            continue
        if column is None:
            problems.append(Problem(where, heading, _("This column is not known.")))
        elif column in places.values():
            problems.append(Problem(where, heading, _("This column appears twice.")))
        else:
            places[place] = column
    problems += [
        Problem(f"{header.number}", str(column.heading), _("This column is missing."))
        for column in columns
        if (column.is_required or column.is_expected) and column not in places.values()
    ]
    return places, problems


def read_row(row, places):
    """The values of a row by the columns' keys, empty cells as None, and the `Problem`s.

    A cell that cannot be read has no value.
    """
    values, problems = {}, []
    for place, column in places.items():
        cell = row.cell(place)
        try:
            is_empty = not cell.text.strip() and cell.kind == "text"
            values[column.key] = None if is_empty else column.read(cell)
            if column.is_required and values[column.key] is None:
                raise ValueError(_("This must not be empty."))
        except ValueError as error:
            values.pop(column.key, None)
            problems.append(problem_at(row, place, column, str(error)))
    problems += [
        Problem(f"{letter(place)}{row.number}", "", _("There is no heading above this cell."))
        for place, cell in enumerate(row.cells)
        if cell and place not in places
    ]
    return values, problems


def problem_at(row, place, column, message):
    return Problem(f"{letter(place)}{row.number}", str(column.heading), message)
