"""What the words of a search are, and which agencies have them in their names."""

import re

from commitments.domain.folding import folded, forms_of

# Between words that were typed in a row, and around one that was quoted.
BETWEEN = re.compile(r"[\s、；]+")
# A note says what the agency is called for short.
OF_AGENCIES = ("name_zh", "name_en", "note_zh", "note_en")
QUOTES = "\"'“”‘’「」『』"


def words_of(text):
    """The words of a search. Quotes around them ask for nothing: each must occur as it is."""
    return [word for word in map(unquoted, BETWEEN.split(text)) if word]


def unquoted(word):
    """A word without quotes around it; those within belong to it, as in 全面“清零”."""
    inner = word.strip(QUOTES)
    return word if any(sign in inner for sign in QUOTES) else inner


def agencies_of(terms, agencies):
    """Those of the agencies whose name or note has every word."""
    forms = [forms_of(term) for term in terms]
    return [
        agency
        for agency in agencies
        for words in [folded("\n".join(getattr(agency, name) for name in OF_AGENCIES))]
        if all(any(form in words for form in each) for each in forms)
    ]
