"""How to cite a promise's page: as it was on a day, at an address that goes on showing that."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from commitments import formats

# What BibTeX and LaTeX read as their own signs.
SIGN = re.compile(r"[\\{}$&#%_^~]")
SPELT = {"\\": r"\textbackslash{}", "^": r"\^{}", "~": r"\~{}"}


@dataclass(frozen=True)
class Citation:
    text: str
    address: str
    bibtex: str


def citation_of(commitment, day, address):
    """`address` is the page's own on that day, with scheme and host."""
    words = {
        "title": commitment.title,
        "code": commitment.code,
        "plan": commitment.plan.title,
        "register": _("Public Register of Commitments"),
        "day": formats.day(day),
    }
    text = _("“%(title)s” (%(code)s), in: %(plan)s. %(register)s, as of %(day)s.") % words
    note = _("As of %(day)s.") % words
    if commitment.plan.is_fictional:
        text, note = (_("%(text)s Fictional example.") % {"text": each} for each in (text, note))
    return Citation(text, address, bibtex(commitment, day, address, words["register"], note))


def bibtex(commitment, day, address, register, note):
    fields = {
        "title": f"{commitment.title} ({commitment.code}), {commitment.plan.title}",
        "publisher": register,
        "year": str(day.year),
        "note": note,
    }
    lines = [f"  {name} = {{{SIGN.sub(spelt, text)}}}," for name, text in fields.items()]
    key = f"{commitment.code}-{day.isoformat()}"
    return "\n".join([f"@misc{{{key},", *lines, f"  url = {{{address}}}", "}"])


def spelt(found):
    return SPELT.get(found[0], f"\\{found[0]}")
