"""One cell of an uploaded sheet to one value.

Each reader takes a `Cell` that is not empty and raises ValueError with a message that says what to
write instead. What could be meant in two ways is refused: nobody is asked to trust a guess.
"""

import re
from decimal import Decimal
from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import override

from commitments.exporters.table import harmless
from commitments.formats import listed
from commitments.importing import cells
from commitments.importing.sheet import Kind

DAY = re.compile(
    r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})|([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日"
)
LANGUAGES = ("zh-hans", "en")
LISTED = re.compile(r"[;；、\n]")
MOST_PLACES, MOST_WHOLE = 6, 9


def readable(cell):
    """Refuse what no column can use."""
    if cell.kind is Kind.ERROR:
        raise ValueError(_("The formula here gives the error %(error)s.") % {"error": cell.text})
    if cell.kind is Kind.FORMULA:
        raise ValueError(
            _("The formula here has no stored result. Write the value, or save the file in Excel.")
        )
    if cell.kind is Kind.MERGED:
        raise ValueError(_("This cell is merged with others. Take them apart and fill each one."))
    if cell.kind is Kind.ROUNDED:
        raise ValueError(
            _("%(cell)s: a spreadsheet keeps 15 digits of a number, so some were lost.")
            % {"cell": cell.text}
        )


def text(cell):
    return lines(cell).strip()


def lines(cell):
    """A text kept to the character."""
    readable(cell)
    if cell.kind is Kind.DATE:
        raise ValueError(
            _("This cell is a date (%(day)s). Format it as text and write the words.")
            % {"day": cell.text}
        )
    if cell.kind is Kind.PERCENT:
        raise ValueError(_("This cell is a percentage. Format it as text and write the words."))
    if harmless(cell.text) != cell.text:
        raise ValueError(_("This has a character that no text can have."))
    return cell.text


def code(cell):
    readable(cell)
    if cell.kind is not Kind.TEXT:
        raise ValueError(
            _(
                "“%(cell)s” is a number or a date in the file, so it may have lost zeros. Format "
                "the cell as text and write the code again."
            )
            % {"cell": cell.text}
        )
    if cells.POWER_OF_TEN.fullmatch(cell.text.strip()):
        raise ValueError(
            _("“%(cell)s” has lost digits. Format the cell as text and write the code again.")
            % {"cell": cell.text}
        )
    return text(cell)


def codes(cell):
    """A list of codes or names."""
    return [each.strip() for each in LISTED.split(text(cell)) if each.strip()]


def number(cell):
    readable(cell)
    if cell.kind is Kind.PERCENT:
        raise ValueError(
            _(
                "This cell is a percentage: %(cell)s, or %(percent)s%%? Format it as a number and "
                "write it in the indicator's unit."
            )
            % {"cell": cell.text, "percent": format((Decimal(cell.text) * 100).normalize(), "f")}
        )
    if cell.kind is Kind.DATE:
        raise ValueError(_("This cell is a date (%(day)s), not a number.") % {"day": cell.text})
    if cell.kind is Kind.YES_NO:
        raise ValueError(cells.number_problem(cell.text) % {"value": cell.text})
    value = cells.number(cell.text.strip())
    _whole, _point, places = cell.text.strip().partition(".")
    if len(places.rstrip("0")) > MOST_PLACES or abs(value) >= 10**MOST_WHOLE:
        raise ValueError(
            _(
                "“%(cell)s” does not fit: at most %(whole)d digits before the decimal point and "
                "%(places)d after it."
            )
            % {"cell": cell.text, "whole": MOST_WHOLE, "places": MOST_PLACES}
        )
    return value


def day(cell):
    readable(cell)
    found = DAY.fullmatch(cell.text.strip())
    if cell.kind not in (Kind.DATE, Kind.TEXT) or found is None:
        return cells.day(cell.text if cell.kind is Kind.DATE else cell.text.strip()[:40])
    year, month, number = (part for part in found.groups() if part and part.isdecimal())
    return cells.day(f"{year}-{int(month):02d}-{int(number):02d}")


def period(cell):
    readable(cell)
    if cell.kind is Kind.DATE:
        raise ValueError(
            _(
                "This cell is a date (%(day)s), not a period. Format it as text and write 2023, "
                "2023-H1, 2023-Q3 or 2023-10."
            )
            % {"day": cell.text}
        )
    try:
        return cells.period(cell.text.strip().upper())
    except ValueError:
        # To be named as it was written.
        return cells.period(cell.text.strip())


def year(cell):
    readable(cell)
    if cell.kind is Kind.DATE:
        raise ValueError(
            _("This cell is a date (%(day)s), not a year. Format it as a number and write 2025.")
            % {"day": cell.text}
        )
    return cells.year(cell.text.strip())


def whole(cell):
    readable(cell)
    return cells.whole(cell.text.strip())


def yes_no(cell):
    readable(cell)
    if cell.kind is Kind.YES_NO:
        return cell.text == "TRUE"
    wanted = cell.text.strip().lower()
    if wanted not in yes_and_no():
        raise ValueError(
            _("“%(cell)s” is neither %(yes)s nor %(no)s.")
            % {"cell": cell.text, "yes": yes_or_no(True), "no": yes_or_no(False)}
        )
    return yes_and_no()[wanted]


def yes_or_no(value):
    return _("yes") if value else _("no")


@cache
def yes_and_no():
    return {word: value for value in (True, False) for word in in_each_language(yes_or_no, value)}


def in_each_language(words, *args):
    found = []
    for language in LANGUAGES:
        with override(language):
            found.append(str(words(*args)).lower())
    return found


def one_of(words):
    """A reader of a code, or of its word in either language; `words` is {code: lazy word}."""

    @cache
    def known():
        said = {str(code).lower(): str(code) for code in words}
        for code, word in words.items():
            said |= dict.fromkeys(in_each_language(str, word), str(code))
        return said

    def read(cell):
        wanted = text(cell).lower()
        if wanted not in known():
            raise ValueError(
                _("“%(cell)s” is not known. Write one of: %(codes)s.")
                % {"cell": cell.text, "codes": listed(str(word) for word in words.values())}
            )
        return known()[wanted]

    return read


def interim(cell):
    return cells.interim(text(cell).replace("；", ";").replace("＝", "="))
