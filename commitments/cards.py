"""A promise on a small card: in a frame on another site, or in the picture a link is shown with."""

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from commitments import formats, sentences
from commitments.domain.result import Why
from commitments.domain.status import Status
from commitments.exporters.look import COLOURS, shape_of
from commitments.exporters.to_png import Card
from commitments.facts import domain_milestone, known_rows
from commitments.labels import STATUS
from commitments.models import Milestone
from commitments.sentences.steps import STEPS


def sentence_of(commitment, day):
    """The citizen's one sentence; a promise of dated steps costs one query for them."""
    standing = commitment.standing
    standing.commitment = commitment
    steps = []
    if Why(standing.reason) in STEPS:
        rows = Milestone.objects.published().filter(commitment=commitment)
        known = known_rows(rows.select_related("commitment__source"))
        steps = [
            domain_milestone(each.row) for each in known if each.on(day, commitment.plan.opened_on)
        ]
    return sentences.sentence(standing, steps)


def test_of(commitment):
    """What the promise is tested by, in a few words."""
    standing = commitment.standing
    if standing.target:
        return sentences.test(standing.target)
    if standing.kind == "milestones":
        words = _("dated steps")
        return f"{words} · {commitment.due_year}" if commitment.due_year else words
    return _("no test stated")


test_of.__test__ = False  # Not a test case, whatever its name.


def picture_of(commitment, *, site, figure):
    """The `Card` of a commitment from `shown_on(day).with_standing()`, in the active language."""
    status = Status(commitment.standing.status)
    tone, word, tint = COLOURS[status.group]
    kicker = f"{commitment.code} · {commitment.lead_agency.name}"
    latest = ""
    if commitment.standing.observation:
        period = formats.period_label(commitment.standing.observation.period)
        latest = f"{_('Latest')}{pgettext('colon', ': ')}{figure} · {period}"
    return Card(
        language="en" if get_language() == "en" else "zh",
        kicker=kicker,
        title=commitment.title,
        status=str(STATUS[status]),
        test=test_of(commitment),
        figure=latest,
        site=site,
        foot=_("Fictional example.") if commitment.plan.is_fictional else "",
        shape=shape_of(status.group),
        tone=tone,
        word=word,
        tint=tint,
    )
