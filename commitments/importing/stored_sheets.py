"""Sheets as plain lists, so that a database can keep them, and back."""

from commitments.importing.sheet import Cell, Kind, Row, Sheet, text_cell


def as_json(sheets):
    return [
        [sheet.name, [[row.number, int(row.is_hidden), stored(row)] for row in sheet.rows]]
        for sheet in sheets
    ]


def from_json(sheets):
    return [
        Sheet(
            name, [Row(number, [*map(cell, cells)], bool(hidden)) for number, hidden, cells in rows]
        )
        for name, rows in sheets
    ]


def stored(row):
    return [c.text if c.kind is Kind.TEXT else [c.kind.value, c.text] for c in row.cells]


def cell(stored):
    return text_cell(stored) if isinstance(stored, str) else Cell(Kind(stored[0]), stored[1])
