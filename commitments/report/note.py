"""The method in short, as it stands at the end of a report: from the rule's own words."""

from django.utils.translation import gettext as _

from commitments import method
from commitments.domain.result import RULE_VERSION
from commitments.exporters.report import Section


def method_note():
    """The sections of the note, in the active language."""
    return (
        Section(
            _("The idea"),
            (
                _(
                    "A status compares two shares: how much of the promised change has happened, "
                    "and how much of the time for it had passed when the latest figure was "
                    "measured. Once the due period is over only one thing counts: whether its "
                    "figure meets the target."
                ),
                _(
                    "Facts are stored, statuses are computed. A corrected figure is a new entry, "
                    "never an edit, so that any past day can be asked for. Of several tests on one "
                    "promise the worst decides. Many promises are summed up as counts over all of "
                    "them, never as an average."
                ),
                _("This report follows version %(version)s of the rule.")
                % {"version": RULE_VERSION},
            ),
        ),
        Section(_("The words"), tuple(meanings())),
        Section(_("The decision list"), tuple(decisions())),
        Section(
            _("What this method cannot do"),
            tuple(str(text) % method.NUMBERS for text in method.LIMITS),
        ),
    )


def meanings():
    for _group, _word, statuses in method.vocabulary():
        for _code, word, meaning in statuses:
            yield _("%(word)s: %(meaning)s") % {"word": word, "meaning": meaning}


def decisions():
    for number, text in enumerate(method.DECISIONS, start=1):
        yield f"{number}. {str(text) % method.NUMBERS}"
