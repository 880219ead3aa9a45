"""All that a commitment's own page says on a day, in a constant number of queries."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from commitments import charts, drawing, formats, sentences
from commitments.actions.assessing import stored
from commitments.domain.amendment import amendment_flag
from commitments.domain.assessment import assess_target
from commitments.domain.every_year import periods_of
from commitments.domain.kinds import Kind
from commitments.domain.outlook import Word, outlook
from commitments.domain.status import Flag, Status
from commitments.facts import NEVER, Known, day_of, dossiers, known_rows
from commitments.labels import FLAG
from commitments.models import Assessment, Observation
from commitments.passages import passage

# A longer table is folded: the chart above it already shows what it says.
MOST_ROWS = 12

FLAG_MEANING = {
    Flag.BASELINE_PROXY: _(
        "No figure is known from before the promise, so the first one after it stands in as the "
        "starting point."
    ),
    Flag.PROVISIONAL: _("The figure judged is provisional and may still be corrected."),
    Flag.SLIPPING: _("The latest figure is worse than an earlier one that met the target."),
    Flag.TIMING_UNVERIFIED: _(
        "No figure for the due period was published; a later one had to decide."
    ),
    Flag.LOW_RESOLUTION: _(
        "The scale has few steps, so a real change can stay invisible until a step is crossed."
    ),
    Flag.CONFLICT: _(
        "Sources give different figures for one period; the official one is used, or else the one "
        "that flatters least."
    ),
    Flag.DEFINITION_CHANGED: _(
        "Some figures follow another definition. They are listed but not judged."
    ),
    Flag.TARGET_RAISED: _("The target was raised later; the status is still of the original."),
    Flag.TARGET_LOWERED: _("The target was lowered later; the status is still of the original."),
    Flag.TIE: _("In at least one year both figures were equal. Equal is not above."),
}

OUTLOOK_WORD = {
    Word.LIKELY: _("likely to be met"),
    Word.UNCERTAIN: _("hard to say"),
    Word.UNLIKELY: _("unlikely to be met"),
}


@dataclass(frozen=True)
class Row:
    """A line of the table under a chart. `facts` are the figures' own rows, with their sources."""

    period: object
    cells: list
    facts: list
    is_due: bool = False
    is_baseline: bool = False


@dataclass(frozen=True)
class Table:
    heads: list
    rows: list

    @property
    def is_long(self):
        return len(self.rows) > MOST_ROWS


@dataclass(frozen=True)
class Figure:
    """A published figure as a table shows it: its words, and what to know about it."""

    row: Observation
    text: str
    corrected: str = ""


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


@dataclass(frozen=True)
class Run:
    """A run of days with one status."""

    assessment: Assessment
    sentence: str
    is_rebuilt: bool


@dataclass(frozen=True)
class Event:
    """A line of the record of changes: something shown here from a day on."""

    on: object
    what: str
    text: str
    replaced_on: object = None
    url: str = ""


@dataclass
class Page:
    """What the template shows; named as the page's own sections are."""

    commitment: object
    day: object
    is_rebuilt: bool
    sentence: str
    workings: list
    flags: list
    passage: object
    targets: list
    milestones: list
    missing: list
    updates: list
    context: list
    runs: list
    events: list
    latest: object

    @property
    def status(self):
        return self.commitment.standing.outcome

    @property
    def is_withdrawn(self):
        return self.status is Status.WITHDRAWN

    @property
    def is_one_test(self):
        """Whether the one test's status is the promise's own, so that it need not be repeated."""
        return len(self.targets) == 1 and not self.milestones and not self.is_withdrawn

    @property
    def has_rebuilt_runs(self):
        return any(run.is_rebuilt for run in self.runs)

    @property
    def outlooks(self):
        return [target for target in self.targets if target.outlook]


def page_of(commitment, day):
    """The `Page` of a commitment from `shown_on(day).for_page()`."""
    [dossier] = dossiers([commitment])
    prefetch_related_objects(
        [known.row for known in dossier.targets], "comparator_indicator", "document"
    )
    opened_on = commitment.plan.opened_on
    standing = commitment.standing
    standing.commitment = commitment
    facts = dossier.on(day)
    is_withdrawn = standing.outcome is Status.WITHDRAWN
    corrections = _corrections(dossier)
    targets = [
        _target_view(original, facts.amendments, commitment, day, corrections, is_withdrawn)
        for original in facts.originals
    ]
    text = commitment.source.text
    return Page(
        commitment=commitment,
        day=day,
        is_rebuilt=day < opened_on,
        sentence=sentences.sentence(standing, [step.ref for step in facts.milestones]),
        workings=sentences.workings(standing),
        flags=[(FLAG[Flag(flag)], FLAG_MEANING[Flag(flag)]) for flag in standing.flags],
        passage=passage(text, commitment.quote_start, commitment.quote_end),
        targets=targets,
        milestones=_milestones(facts.milestones, day),
        missing=(
            sentences.missing_for_a_test(commitment)
            if standing.outcome is Status.NOT_ASSESSABLE
            else []
        ),
        updates=_updates(commitment, day),
        context=_context(commitment, day),
        runs=_runs(commitment, day),
        events=_events(dossier, day),
        latest=_latest(facts),
    )


def _latest(facts):
    """The newest figure there is on any of the tests: how fresh the page is."""
    rows = [row.ref for target in facts.originals for row in target.observations]
    return max(rows, key=lambda row: (row.period, row.published_on), default=None)


# --- Tests --------------------------------------------------------------------------------------


def _target_view(facts, amendments, commitment, day, corrections, is_withdrawn):
    judged = assess_target(facts.target, facts.observations, as_of=day, comparator=facts.comparator)
    view = TargetView(
        row=facts.row,
        assessment=_assessment(judged, facts.row, commitment, day),
        line=drawing.line_of(facts, judged, day),
    )
    view.sentence = sentences.sentence(view.assessment)
    for other in amendments:
        if other.row.amends_id == facts.row.pk:
            amended = _target_view(other, (), commitment, day, corrections, is_withdrawn)
            amended.change = FLAG.get(amendment_flag(facts.target, other.target), "")
            view.amended.append(amended)
    if facts.target.kind is Kind.COMPOSITE:
        view.items = drawing.items_of(facts.target, judged)
        view.standard = facts.target.standard
        view.next_edition = drawing.next_edition(facts.target.standard)
        view.table = _item_table(facts, corrections)
    elif facts.target.kind is Kind.ABOVE_COMPARATOR:
        view.tally = _tally(facts.target, judged.tally)
        view.table = _comparison_table(facts, judged, corrections)
    else:
        view.table = _number_table(facts, judged, corrections)
        if not is_withdrawn:
            view.outlook = _outlook(facts, judged, day)
    return view


def _assessment(judged, row, commitment, day):
    """A target's own assessment as an unsaved row, so that the sentences can be asked for it."""
    assessment = stored(judged, row, judged.flags)
    assessment.commitment = commitment
    assessment.starts_on = day
    return assessment


def _corrections(dossier):
    """What a figure said before it was corrected, by the primary key of what replaced it."""
    return {
        known.row.replaced_by_id: known.row
        for found in dossier.observations.values()
        for known in found
        if known.row.replaced_by_id
    }


def _figure(row, indicator, corrections):
    text = row.stated or formats.quantity(row.value, indicator)
    before = corrections.get(row.pk)
    return Figure(row, text, formats.quantity(before.value, indicator) if before else "")


def _number_table(facts, judged, corrections):
    target, indicator = facts.target, facts.row.indicator
    baseline = judged.baseline or target.baseline
    is_class = target.kind is Kind.CLASS_AT_OR_BETTER
    path = [] if is_class else drawing.promised_path(target, baseline)
    rows = []
    for observation in sorted(facts.observations, key=lambda row: (row.period, row.revision)):
        figure = _figure(observation.ref, indicator, corrections)
        expected = drawing.path_value(path, observation.period.end_month, target.resolution)
        rows.append(
            (
                observation.period,
                Row(
                    observation.period,
                    [
                        figure.text,
                        "" if expected is None else formats.quantity(expected, indicator),
                    ],
                    [figure],
                    is_due=observation.period == target.due,
                    is_baseline=baseline is not None and observation.period == baseline.period,
                ),
            )
        )
    shown = {period for period, _row in rows}
    if target.baseline is not None and target.baseline.period not in shown:
        words = formats.quantity(target.baseline.value, indicator)
        start = target.baseline.period
        rows.append((start, Row(start, [words, words], [], is_baseline=True)))
    for period, value in target.interim:
        if period not in shown:
            words = formats.quantity(value, indicator)
            rows.append((period, Row(period, ["", words], [])))
    if target.due not in shown:
        words = formats.quantity(drawing.goal_of(target), indicator)
        rows.append((target.due, Row(target.due, ["", words], [], is_due=True)))
    if not facts.observations:
        return None
    heads = [_("Figure")] if is_class or not path else [_("Figure"), _("Promised path")]
    rows.sort(key=lambda pair: pair[0])
    return Table(
        heads,
        [
            Row(row.period, row.cells[: len(heads)], row.facts, row.is_due, row.is_baseline)
            for _period, row in rows
            if row.facts or len(heads) > 1
        ],
    )


def _comparison_table(facts, judged, corrections):
    """One line a period with both sides; a side without a figure says so."""
    own, other = facts.row.indicator, facts.row.comparator_indicator
    sides = defaultdict(lambda: ([], []))
    for side, found in enumerate((facts.observations, facts.comparator)):
        for observation in found:
            sides[observation.period][side].append(observation.ref)
    rows = []
    for period in sorted(sides):
        figures = [
            [_figure(row, indicator, corrections) for row in found]
            for found, indicator in zip(sides[period], (own, other), strict=True)
        ]
        cells = [" / ".join(figure.text for figure in found) for found in figures]
        rows.append(
            Row(
                period,
                [*cells, _verdict(period, judged.tally)],
                [figure for found in figures for figure in found],
                is_due=period == facts.target.due,
            )
        )
    if not rows:
        return None
    return Table([own.name, other.name, _("Result")], rows)


def _verdict(period, tally):
    if period in tally.met:
        return _("above")
    if period in tally.failed:
        return _("not above")
    return _("cannot be compared") if period in tally.missing else ""


def _tally(target, tally):
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


def _item_table(facts, corrections):
    """Every figure of every item, in the standard's order."""
    order = {item.code: n for n, item in enumerate(facts.target.standard.items)}
    ordered = sorted(
        facts.observations, key=lambda row: (order.get(row.item, len(order)), row.period)
    )
    rows = []
    for observation in ordered:
        item = next((i for i in facts.target.standard.items if i.code == observation.item), None)
        unit = f" {item.unit}" if item else ""
        before = corrections.get(observation.ref.pk)
        figure = Figure(
            observation.ref,
            f"{formats.number(observation.value)}{unit}",
            f"{formats.number(before.value)}{unit}" if before else "",
        )
        name = formats.chosen(item.name_zh, item.name_en) if item else observation.item
        rows.append(
            Row(
                observation.period,
                [name, figure.text],
                [figure],
                is_due=observation.period == facts.target.due,
            )
        )
    return Table([_("Item"), _("Figure")], rows) if rows else None


def _outlook(facts, judged, day):
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
        value=formats.quantity(_stepped(found.projection, step, ROUND_FLOOR), indicator),
        low=formats.quantity(low, indicator),
        high=formats.quantity(high, indicator),
        years=found.values,
        due=formats.period_label(target.due),
        goal=formats.quantity(drawing.goal_of(target), indicator),
        chart=drawing.line_of(facts, judged, day, fan),
        key=f"{facts.row.code}-outlook",
    )


def _stepped(number, step, rounding):
    steps = (Decimal(str(number)) / step).to_integral_value(rounding)
    return (steps * step).normalize() + 0


def _milestones(milestones, day):
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


# --- What is set apart from the status ----------------------------------------------------------


def _updates(commitment, day):
    opened_on = commitment.plan.opened_on
    found = commitment.updates.published().select_related("agency")
    return [
        update
        for update in found
        if (update.dated_on <= day if day < opened_on else day_of(update.published_at) <= day)
    ]


def _context(commitment, day):
    """Figures shown as information only: pairs of an indicator and its figures, newest first."""
    indicators = list(commitment.context_indicators.all())
    if not indicators:
        return []
    rows = Observation.objects.published().filter(indicator__in=indicators).order_by("pk")
    found = defaultdict(list)
    for known in known_rows(rows):
        if known.on(day, commitment.plan.opened_on):
            found[known.row.indicator_id].append(known.row)
    return [
        (
            indicator,
            [
                _figure(row, indicator, {})
                for row in sorted(found[indicator.pk], key=lambda row: row.period, reverse=True)
            ],
        )
        for indicator in indicators
    ]


# --- History ------------------------------------------------------------------------------------


def _runs(commitment, day):
    """Runs of days with one status, newest first; within a run the reasons may have changed."""
    rows = list(
        commitment.assessments.filter(starts_on__lte=day)
        .select_related("target__indicator", "target__comparator_indicator", "observation")
        .order_by("starts_on")
    )
    firsts = [row for n, row in enumerate(rows) if n == 0 or row.status != rows[n - 1].status]
    runs = []
    for row in firsts:
        row.commitment = commitment
        runs.append(
            Run(
                row,
                sentences.sentence(row),
                is_rebuilt=row.starts_on < commitment.plan.opened_on,
            )
        )
    return runs[::-1]


def _events(dossier, day):
    """Everything shown here by the day, newest first: tests, steps and figures, also replaced."""
    opened_on = dossier.opened_on
    indicators = {}
    events = []

    def add(known, what, text, url=""):
        is_rebuilt = day < opened_on
        start = known.told_from if is_rebuilt else known.shown_from
        end = known.told_until if is_rebuilt else known.shown_until
        if start <= day:
            replaced = end if end <= day and end != NEVER else None
            events.append(Event(start, what, text, replaced, url))

    for known in dossier.targets:
        row = known.row
        indicators[row.indicator_id] = row.indicator
        if row.comparator_indicator_id:
            indicators[row.comparator_indicator_id] = row.comparator_indicator
        what = _("Target changed") if row.amends_id else _("Target set")
        add(known, what, f"{row.indicator.name}: {sentences.test(row)}", row.document.url)
    for known in dossier.milestones:
        what = _("Step done") if known.row.done_on else _("Step set")
        add(known, what, known.row.title, known.row.source_url)
    for pk, found in dossier.observations.items():
        for known in found:
            add(known, _("Figure"), _figure_line(known, indicators[pk]), known.row.source_url)
    return sorted(events, key=lambda event: event.on, reverse=True)


def _figure_line(known: Known, indicator):
    row = known.row
    value = row.stated or (
        formats.number(row.value) if row.item else formats.quantity(row.value, indicator)
    )
    name = f"{indicator.name} · {row.item}" if row.item else indicator.name
    return f"{name}: {formats.period_label(row.period)} {value}"
