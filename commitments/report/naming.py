"""What a report and its file are called, in the active language."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from commitments.formats import chosen

NOT_IN_A_NAME = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\s]+')

# Of a name of 255 bytes, as file systems have them, with room for what else is in it.
LONGEST_PLACE = 30


def place(plan):
    """Who promised, without what is added in brackets: 株洲市, City of Zhuzhou."""
    return plan.issuer.partition("（")[0].partition(" (")[0].strip()


def title_of(plans):
    if len(plans) != 1:
        return _("Commitments and how they stand")
    return pgettext("report", "%(place)s: commitments and how they stand") % {
        "place": place(plans[0])
    }


def fictional_mark(plans):
    """The warning that an invented plan carries; nothing for real ones."""
    if not any(plan.is_fictional for plan in plans):
        return ""
    return _("Fictional example: the plan, its documents and all figures are invented.")


def file_name(plans, *, on, kind, number="", part=""):
    """株洲市承诺事项_2026-11-23.xlsx, 株洲市承诺事项进展报告_2026-11-23_偏离进度.docx: with the
    words for which `part` of a plan it is about; an issued report's ends with its number.
    """
    subject = ""
    if len(plans) == 1:
        subject = chosen(place(plans[0])[:LONGEST_PLACE], f"{plans[0].code}_")
    pattern = (
        pgettext("file name", "%(subject)sreport_%(day)s")
        if kind.is_document
        else pgettext("file name", "%(subject)scommitments_%(day)s")
    )
    name = pattern % {"subject": subject, "day": on.isoformat()}
    if any(plan.is_fictional for plan in plans):
        name += pgettext("file name", "_fictional")
    for more in filter(None, (part, number)):
        name += f"_{more}"
    # A name that begins with a full stop is hidden.
    return f"{NOT_IN_A_NAME.sub('-', name).lstrip('.-')}.{kind.ext}"
