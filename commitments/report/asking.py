"""A report as an address or a command asks for it: a filter and what to include."""

from django import forms
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from commitments import formats
from commitments.exporters.report import USUAL_PARTS, Part
from commitments.filters import NARROWING
from commitments.models import Commitment
from commitments.report.naming import file_name
from commitments.report.report import report_of

PART = {
    Part.SUMMARY: pgettext_lazy("part of a report", "summary"),
    Part.CHARTS: pgettext_lazy("part of a report", "charts"),
    Part.TABLE: pgettext_lazy("part of a report", "table of promises"),
    Part.DETAILS: pgettext_lazy("part of a report", "each promise with its figures"),
    Part.SOURCES: pgettext_lazy("part of a report", "sources"),
    Part.METHOD: pgettext_lazy("part of a report", "note on the method"),
}


# Bytes, of the 255 that a name may have.
LONGEST_IN_NAME = 72


class PartsForm(forms.Form):
    """Without a choice, what is usual is meant."""

    part = forms.MultipleChoiceField(
        label=_("Include in the report"),
        choices=[(part.value, word) for part, word in PART.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": _("“%(value)s” is not a part of a report.")},
    )

    def __init__(self, data):
        super().__init__(data if data.getlist("part") else usual())

    @property
    def parts(self):
        """The parts asked for; the usual ones where that cannot be read."""
        if not self.is_valid():
            return USUAL_PARTS
        return frozenset(Part(code) for code in self.cleaned_data["part"])

    @property
    def problems(self):
        """Pairs (field, message), as those of the filter."""
        return [
            (self["part"], message.replace("\0", "\N{REPLACEMENT CHARACTER}"))
            for message in self.errors.get("part", [])
        ]


def usual():
    return {"part": [part.value for part in Part if part in USUAL_PARTS]}


def report_asked(found, parts):
    """The report of what a valid filter finds, in the active language."""
    plan = found.chosen_plan
    rows = found.qs if plan else Commitment.objects.shown_on(found.day).none()
    return report_of(
        rows,
        on=found.day,
        language=get_language(),
        plans=[plan] if plan else [],
        asked=in_words(found),
        parts=parts,
    )


def in_words(found):
    """What narrows the list, as "label: value" in the active language."""
    colon = pgettext("colon", ": ")
    return [f"{chip.label}{colon}{chip.text}" for chip in found.chips()]


def name_asked(found, kind):
    """The name of the file of what a valid filter finds, in the active language."""
    plans = [found.chosen_plan] if found.chosen_plan else []
    return file_name(plans, on=found.day, kind=kind, part=in_short(found))


def in_short(found):
    """What narrows the list, short enough for the name of a file."""
    chips = found.chips()
    text = "-".join(str(chip.text).replace(",", "") for chip in chips)
    # What a reader typed may look like anything in a name.
    if len(text.encode()) > LONGEST_IN_NAME or not {chip.name for chip in chips} <= {*NARROWING}:
        return pgettext("file name", "selection")
    return text


def too_long(error, parts):
    """What a person can do about a document that would be too long."""
    words = {
        "kind": error.kind.name,
        "most": formats.number(error.most),
        "total": formats.number(error.total),
    }
    if Part.DETAILS in parts:
        return (
            _(
                "With each promise and its figures, a %(kind)s holds %(most)s promises at most; "
                "this report has %(total)s. Leave that part out, narrow the filter, or take XLSX, "
                "ODS, CSV or JSON, which hold any number."
            )
            % words
        )
    return (
        _(
            "A %(kind)s holds %(most)s promises at most; this report has %(total)s. Narrow the "
            "filter, or take XLSX, ODS, CSV or JSON, which hold any number."
        )
        % words
    )
