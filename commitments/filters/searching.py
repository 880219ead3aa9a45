"""Where a word is looked for, in all the forms in which a text may have it."""

import re
import string
import unicodedata
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q

from commitments.models import Agency, Commitment, Target

# ASCII has a second, wide form for use between Chinese characters. Sources differ in how much of a
# text they write in it: mostly the marks alone, sometimes digits, rarely letters and the point.
WIDE = {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
DIGITS = {sign: wide for sign, wide in WIDE.items() if sign.isdigit()}
LETTERS = {sign: wide for sign, wide in WIDE.items() if sign.isalpha()}
POINT = {".": WIDE["."]}
MARKS = {sign: WIDE[sign] for sign in WIDE if sign not in DIGITS | LETTERS | POINT}
STYLES = [
    str.maketrans(wide)
    for wide in (
        MARKS,
        DIGITS,
        DIGITS | MARKS,
        DIGITS | POINT,
        DIGITS | LETTERS,
        DIGITS | LETTERS | MARKS,
        WIDE,
    )
]
# The letters whose case no database minds.
SAME_TO_A_DATABASE = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
# Ⅱ has no key on a keyboard.
ROMAN = re.compile(r"(?<![A-Za-z])(?:IV|VI|V|I{1,3})(?![A-Za-z])", re.IGNORECASE)
ROMANS = dict(zip(("I", "II", "III", "IV", "V", "VI"), "ⅠⅡⅢⅣⅤⅥ", strict=True))

OWN = (
    "code",
    "title_zh",
    "title_en",
    "quote",
    "standing__theme__name_zh",
    "standing__theme__name_en",
)
# A note says what the agency is called for short.
OF_AGENCIES = ("name_zh", "name_en", "note_zh", "note_en")
OF_TESTS = (
    "indicator__name_zh",
    "indicator__name_en",
    "comparator_indicator__name_zh",
    "comparator_indicator__name_en",
)


# Between words that were typed in a row, and around one that was quoted.
BETWEEN = re.compile(r"[\s、；]+")
QUOTES = "\"'“”‘’「」『』"
QUOTED = re.compile(r'"([^"]*)"')


def words_of(text):
    """The words of a search. Quotes around them ask for nothing: each must occur as it is."""
    return [word for word in map(unquoted, BETWEEN.split(text)) if word]


def unquoted(word):
    """A word without quotes around it; those within belong to it, as in 全面“清零”."""
    inner = word.strip(QUOTES)
    return word if any(sign in inner for sign in QUOTES) else inner


def forms_of(term):
    """A word as it was typed, then in plain signs, with Ⅱ for II, and in wide signs."""
    plain = unicodedata.normalize("NFKC", term)
    printed = QUOTED.sub(r"“\1”", plain)
    roman = ROMAN.sub(lambda found: ROMANS[found[0].upper()], plain)
    # Letters in each case: of wide ones SQLite does not know that they are the same.
    cased = (plain, plain.upper(), plain.lower())
    wide = [each.translate(style) for style in STYLES for each in cased]
    distinct = {}
    for form in (term, plain, printed, roman, *wide):
        distinct.setdefault(form.translate(SAME_TO_A_DATABASE), form)
    return [*distinct.values()]


def contain(term, names):
    """The condition that one of the named fields has a word in one of its forms."""
    forms = forms_of(term)
    return reduce(or_, (Q(**{f"{name}__icontains": form}) for name in names for form in forms))


def mentions(term):
    """The condition that a commitment has a word somewhere a reader would look for it."""
    agencies = Agency.objects.filter(contain(term, OF_AGENCIES))
    supported = Commitment.supporting_agencies.through.objects.filter(commitment=OuterRef("pk"))
    tested = Target.objects.published().filter(commitment=OuterRef("pk"))
    return (
        contain(term, OWN)
        | Q(standing__lead_agency__in=agencies.values("pk"))
        | Q(Exists(supported.filter(agency__in=agencies.values("pk"))))
        | Q(Exists(tested.filter(contain(term, OF_TESTS))))
    )


def agencies_of(terms, agencies):
    """Those of the agencies whose name or note has every word."""
    for term in terms:
        agencies = agencies.filter(contain(term, OF_AGENCIES))
    return agencies
