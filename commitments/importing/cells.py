"""One cell of a sheet to one value. Each reader takes text and raises ValueError with a message."""

import datetime as dt
import re
import unicodedata
from decimal import Decimal

from django.utils.translation import gettext as _

from commitments.domain.periods import Period

NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
WHOLE = re.compile(r"[0-9]+")
DIGIT_GROUPS = re.compile(r"[+-]?[0-9]{1,3}(?:[,' \u00a0\u2009][0-9]{3})+(?:\.[0-9]+)?")
POWER_OF_TEN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+")
STARTS_AS_NUMBER = re.compile(r"[+-]?[0-9]")


def text(cell):
    return cell


def day(cell):
    try:
        if len(cell) != len("2021-11-05"):
            raise ValueError
        return dt.date.fromisoformat(cell)
    except ValueError:
        raise ValueError(
            _("“%(cell)s” is not a date. Write it as 2021-11-05.") % {"cell": cell}
        ) from None


def whole(cell):
    if not WHOLE.fullmatch(cell) or len(cell) > 9:
        raise ValueError(_("“%(cell)s” is not a whole number.") % {"cell": cell})
    return int(cell)


def year(cell):
    if not WHOLE.fullmatch(cell) or not 1900 <= int(cell[:5]) <= 2999:
        raise ValueError(_("“%(cell)s” is not a year such as 2025.") % {"cell": cell})
    return int(cell)


def number(cell):
    if not NUMBER.fullmatch(cell):
        raise ValueError(number_problem(cell) % {"value": cell})
    return Decimal(cell)


def number_problem(text):
    """What keeps a text from being a number, in words that say what to write instead."""
    if unicodedata.normalize("NFKC", text) != text:
        return _("“%(value)s” has full-width characters. Write ordinary ones, such as 1234.5.")
    if DIGIT_GROUPS.fullmatch(text):
        return _(
            "“%(value)s” has a separator between digits. Write the digits alone, such as 1234.5."
        )
    if POWER_OF_TEN.fullmatch(text):
        return _("“%(value)s” may have lost digits. Write every digit, such as 123456789012.")
    if STARTS_AS_NUMBER.match(text):
        return _("“%(value)s” has more than a number. Leave out the unit and every word.")
    return _("“%(value)s” is not a number. Write digits and a full stop, without the unit.")


def period(cell):
    try:
        return Period.parse(cell)
    except ValueError:
        raise ValueError(
            _("“%(cell)s” is not a period. Write 2023, 2023-H1, 2023-Q3 or 2023-10.")
            % {"cell": cell}
        ) from None


def yes_no(cell):
    if cell not in ("yes", "no"):
        raise ValueError(_("“%(cell)s” is neither yes nor no.") % {"cell": cell})
    return cell == "yes"


def one_of(codes):
    codes = list(codes)

    def read(cell):
        if cell not in codes:
            raise ValueError(
                _("“%(cell)s” is not known. Write one of: %(codes)s.")
                % {"cell": cell, "codes": ", ".join(codes)}
            )
        return cell

    return read


def codes(cell):
    """A list of codes, separated by semicolons."""
    return [code.strip() for code in cell.split(";") if code.strip()]


def interim(cell):
    """Interim targets, `2023=300;2024=320`, in their stored form."""
    points = []
    for point in codes(cell):
        when, equals, value = point.partition("=")
        if not equals:
            raise ValueError(
                _("“%(cell)s” is not an interim target. Write 2023=300;2024=320.") % {"cell": point}
            )
        points.append([str(period(when.strip())), str(number(value.strip()))])
    return points
