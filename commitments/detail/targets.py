"""Each test of a promise with its own status, drawing, figures and outlook; and its steps."""

from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from django.utils.translation import gettext_lazy as _

from commitments import charts, drawing, formats, sentences
from commitments.actions.assessing import stored
from commitments.detail.tables import Table, comparison_table, item_table, number_table
from commitments.domain.amendment import amendment_flag
from commitments.domain.assessment import assess_target
from commitments.domain.every_year import periods_of
from commitments.domain.freshness import NOTHING_EXPECTED, Supply, supply
from commitments.domain.kinds import Kind
from commitments.domain.outlook import Word, outlook
from commitments.labels import FLAG
from commitments.models import Assessment

OUTLOOK_WORD = {
    Word.LIKELY: _("likely to be met"),
    Word.UNCERTAIN: _("hard to say"),
    Word.UNLIKELY: _("unlikely to be met"),
}


@dataclass(frozen=True)
class Box:
    """The outlook: where the series would end up if it went on as it has."""

    word: str
    value: str
    low: str
    high: str
    years: int
    due: str
    goal: str
    chart: object
    key: str


@dataclass
class TargetView:
    """One test with its own status, drawing and figures. `amended` holds what replaced it."""

    row: object
    assessment: Assessment
    line: object = None
    items: list = field(default_factory=list)
    standard: object = None
    next_edition: object = None
    table: Table | None = None
    tally: list = field(default_factory=list)
    outlook: Box | None = None
    amended: list = field(default_factory=list)
    sentence: str = ""
    change: str = ""
    measures: list = field(default_factory=list)
    supply: Supply = NOTHING_EXPECTED
    freshness: str = ""

    @property
    def missing(self):
        """What its documents do not state, in words."""
        return [measure.lacking for measure in self.measures if measure.is_missing]

    @property
    def flags(self):
        return self.assessment.flags

    @property
    def test(self):
        return sentences.test_in_words(self.row)

    @property
    def status(self):
        return self.assessment.outcome

    @property
    def standard_name(self):
        return formats.chosen(self.standard.name_zh, self.standard.name_en)

    @property
    def next_name(self):
        return formats.chosen(self.next_edition.name_zh, self.next_edition.name_en)


@dataclass(frozen=True)
class Step:
    """A dated step and how it stands on the day."""

    code: str
    word: str
    row: object
    is_done: bool


def target_views(facts, commitment, day, corrections, is_withdrawn):
    """A view of each original target of a day's facts, in order."""
    views = []
    for original in facts.originals:
        view, judged = _version(original, commitment, day)
        changed = amendments_of(original, facts.amendments)
        versions = [(original, judged)]
        for other in changed:
            amended, result = _version(other, commitment, day)
            amended.change = FLAG.get(amendment_flag(original.target, other.target), "")
            view.amended.append(amended)
            versions.append((other, result))
        _add_figures(view, versions, corrections)
        view.measures = sentences.measures(original.row, judged.baseline)
        if not is_withdrawn:
            view.outlook = outlook_of(original, judged, day)
            view.supply = supply(*original, status=judged.status)
            view.freshness = sentences.freshness(view.supply, newest_of(original), day)
        views.append(view)
    return views


def newest_of(facts):
    """The figure that says how fresh a test's figures are; of a comparison, the older side's."""
    sides = [facts.observations]
    if facts.target.kind is Kind.ABOVE_COMPARATOR:
        sides.append(facts.comparator)
    if not all(sides):
        return None
    newest = [max(side, key=lambda row: (row.period, row.published_on)) for side in sides]
    return min(newest, key=lambda row: row.period.end_month)


def amendments_of(original, amendments):
    """What changed a target, or changed the change, oldest first.

    By code, because a correction of what was entered here is a row of its own.
    """
    codes, found = {original.row.code}, []
    for other in sorted(amendments, key=lambda each: (each.row.document.published_on, each.row.pk)):
        if other.row.amends.code in codes:
            codes.add(other.row.code)
            found.append(other)
    return found


def _version(facts, commitment, day):
    judged = assess_target(facts.target, facts.observations, as_of=day, comparator=facts.comparator)
    assessment = _assessment(judged, facts.row, commitment, day)
    view = TargetView(
        row=facts.row,
        assessment=assessment,
        sentence=sentences.sentence(assessment),
        line=drawing.line_of(facts, judged, day),
    )
    if facts.target.kind is Kind.COMPOSITE:
        view.items = drawing.items_of(facts.target, judged)
        view.standard = facts.target.standard
        view.next_edition = drawing.next_edition(facts.target.standard)
    return view, judged


def _add_figures(view, versions, corrections):
    facts, judged = versions[0]
    if facts.target.kind is Kind.COMPOSITE:
        view.table = item_table(facts, corrections)
    elif facts.target.kind is Kind.ABOVE_COMPARATOR:
        view.tally = tally_of(facts.target, judged.tally)
        view.table = comparison_table(facts, judged, corrections)
    else:
        view.table = number_table(versions, corrections)


def _assessment(judged, row, commitment, day):
    """A target's own assessment as an unsaved row, so that the sentences can be asked for it."""
    assessment = stored(judged, row, judged.flags)
    assessment.commitment = commitment
    assessment.starts_on = day
    return assessment


def tally_of(target, tally):
    """A word for every period of the window, also those still to come."""
    words = []
    for period in periods_of(target):
        code = "to_come"
        for name in ("met", "failed", "missing"):
            if period in getattr(tally, name):
                code = name
        words.append((code, period, TALLY_WORD[code]))
    return words


TALLY_WORD = {
    "met": _("above"),
    "failed": _("not above"),
    "missing": _("no figures"),
    "to_come": _("still to come"),
}


def outlook_of(facts, judged, day):
    found = outlook(facts.target, facts.observations, as_of=day)
    if found is None:
        return None
    target, indicator = facts.target, facts.row.indicator
    step = target.resolution or Decimal("0.01")
    # Outwards, so that the range never looks narrower than it is.
    low = _stepped(found.low, step, ROUND_FLOOR)
    high = _stepped(found.high, step, ROUND_CEILING)
    fan = charts.Fan(target.due.end_month, low, high)
    return Box(
        word=OUTLOOK_WORD[found.word],
        value=formats.quantity_in_text(_stepped(found.projection, step, ROUND_FLOOR), indicator),
        low=formats.quantity_in_text(low, indicator),
        high=formats.quantity_in_text(high, indicator),
        years=found.values,
        due=formats.period_label(target.due),
        goal=formats.quantity_in_text(drawing.goal_of(target), indicator),
        chart=drawing.line_of(facts, judged, day, fan),
        key=f"{facts.row.code}-outlook",
    )


def _stepped(number, step, rounding):
    steps = (Decimal(str(number)) / step).to_integral_value(rounding)
    return (steps * step).normalize() + 0


def steps_of(milestones, day):
    """Dated steps in order, each with the word for how it stands."""
    found = []
    for step in sorted(milestones, key=lambda step: step.due_on):
        is_done = step.is_done(day)
        code = "open"
        if is_done:
            code = "late" if step.done_on > step.due_on else "done"
        elif step.due_on < day:
            code = "overdue"
        found.append(Step(code, STEP_WORD[code], step.ref, is_done))
    return found


STEP_WORD = {
    "done": _("done"),
    "late": _("done late"),
    "overdue": _("overdue"),
    "open": _("not due yet"),
}
