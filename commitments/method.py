"""The rule as a citizen reads it: every code, number and limit taken from the domain itself.

The worked examples are computed by calling the rule, so this page cannot say what the code does
not do. `docs/method.md` is the same for who wants every branch.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from commitments import formats, sentences
from commitments.actions.assessing import stored
from commitments.detail.page import FLAG_MEANING
from commitments.detail.targets import OUTLOOK_WORD
from commitments.domain import outlook, water
from commitments.domain.assessment import assess_target
from commitments.domain.kinds import Kind, WaterClass
from commitments.domain.number import GRACE_MONTHS, STALE_PERIODS
from commitments.domain.pace import BEHIND_FROM, ON_TRACK_FROM
from commitments.domain.periods import Period
from commitments.domain.standards import STANDARDS
from commitments.domain.status import Flag, Group, Status
from commitments.facts import domain_observation, domain_target
from commitments.labels import FLAG, GROUP, KIND, STATUS
from commitments.models import Indicator, Observation, SourceDocument, Target
from commitments.sentences.items import item_amount, item_name

# What the method was checked on, as its own study reports it: 374 official series that stood at
# exactly on pace, of which about 31% later met; 464 series for the outlook's interval.
SERIES_ON_PACE, SHARE_THAT_MET = 374, 31
SERIES_OF_OUTLOOK, COVERED_FROM, COVERED_TO = 464, 78, 82

NUMBERS = {
    "on_track": format(Decimal(ON_TRACK_FROM).scaleb(-2), "f"),
    "behind": format(Decimal(BEHIND_FROM).scaleb(-2), "f"),
    "almost": "99.6%",
    "full": "100%",
    "grace": GRACE_MONTHS,
    "stale": STALE_PERIODS,
    "fewest": outlook.FEWEST_VALUES,
    "damping": outlook.DAMPING,
    "widening": outlook.WIDENING,
    "unlikely": outlook.UNLIKELY_UP_TO,
    "likely": format(outlook.LIKELY_FROM, ".2f"),
    "series": SERIES_ON_PACE,
    "met": SHARE_THAT_MET,
    "outlook_series": SERIES_OF_OUTLOOK,
    "covered_from": COVERED_FROM,
    "covered_to": COVERED_TO,
    "worst_class": WaterClass.WORSE_THAN_V.word,
}

MEANING = {
    Status.ACHIEVED: _("The figure for the due period meets the target."),
    Status.ACHIEVED_LATE: _("The due period’s figure fell short; a later one meets the target."),
    Status.MISSED: _("The figure for the due period falls short of the target, by however little."),
    Status.AWAITING_RESULT: _(
        "The due period is over and its figure is not published yet, for up to %(grace)s months."
    ),
    Status.UNREPORTED: _(
        "More than %(grace)s months after the due period its figure is still not published."
    ),
    Status.MET_EARLY: _("The latest figure meets the target before it is due; it must still hold."),
    Status.ON_TRACK: _("The share done is at least %(on_track)s of the share expected by then."),
    Status.BEHIND: _(
        "The share done is below %(on_track)s but at least %(behind)s of the share expected."
    ),
    Status.OFF_TRACK: _(
        "The share done is below %(behind)s of the share expected, or nothing has changed that "
        "could be measured."
    ),
    Status.REVERSING: _(
        "The latest figure is worse than the starting point, or what was met there is no longer "
        "met."
    ),
    Status.BREACHED: _(
        "A promise for every year: at least one year failed, and the last year is still to come."
    ),
    Status.INSUFFICIENT: _(
        "There are figures, but the latest is %(stale)s or more reporting periods old, or there is "
        "no starting point to measure from."
    ),
    Status.NO_DATA: _("No figure has been found, and the due period is not over."),
    Status.NOT_ASSESSABLE: _("The text gives nothing that could be tested."),
    Status.WITHDRAWN: _("A published document took the promise back."),
}

MARGIN = {
    Kind.AT_LEAST: (_("value − target"), ""),
    Kind.AT_MOST: (_("target − value"), ""),
    Kind.RATIO: (_("target − value"), _("Compared unrounded: 1.84 does not meet 1.8.")),
    Kind.ZERO: (_("0 − value"), _("Only 0 meets.")),
    Kind.COVERAGE: (_("value − target"), _("%(almost)s of %(full)s is missed.")),
    Kind.ABOVE_COMPARATOR: (
        _("own figure − the other’s, year by year"),
        _("Must be above 0: equal is not above. A year without both figures is missing."),
    ),
    Kind.CLASS_AT_OR_BETTER: (
        _("rank of the target − rank of the value"),
        _("Class Ⅰ has rank 1, %(worst_class)s has rank 6."),
    ),
    Kind.COMPOSITE: (
        _("the smallest of (limit − value) ÷ limit"),
        _("Every item must pass; one known failure decides; a missing item blocks “achieved”."),
    ),
    Kind.MILESTONES: (
        _("none: by dates alone"),
        _("A step past its date and undone: behind. The last date past: missed."),
    ),
    Kind.NOT_ASSESSABLE: (_("none"), _("The promise’s page says what is missing for a test.")),
}

DECISIONS = (
    _(
        "Keep the figures published by the day asked about, of the target’s own definition; of "
        "corrections the latest."
    ),
    _("Withdrawn by that day: withdrawn."),
    _("Dated steps are judged by their dates; where nothing can be tested: cannot be assessed."),
    _("A promise for every year is judged year by year."),
    _(
        "No figure at all: no data; once the due period is over, figure awaited; after %(grace)s "
        "months more, never reported."
    ),
    _("The due period has a figure: achieved or missed; achieved late if a later figure meets."),
    _(
        "Only a later period has one: achieved, with timing unverified, if it meets; otherwise "
        "missed."
    ),
    _("A total that cannot fall has reached the number: achieved."),
    _("The due period is over and its figure is not there: awaited, then never reported."),
    _("The latest figure already meets: met early, must hold."),
    _(
        "The latest figure is %(stale)s or more reporting periods old, or there is no starting "
        "point: not enough data."
    ),
    _("The starting point met the target and the latest figure does not: moving away."),
    _(
        "Worse than the starting point by more than one reporting unit: moving away. Otherwise by "
        "pace R: from %(on_track)s on pace, from %(behind)s behind, below that far behind."
    ),
)

LIMITS = (
    _(
        "The rule knows only published figures. A promise kept without a figure looks like one "
        "that was not."
    ),
    _(
        "Pace is measured along a straight line, unless the document names points on the way. Many "
        "real changes are not straight."
    ),
    _(
        "The %(grace)s months of patience after a due period are our convention: cities publish a "
        "year’s figures in the spring after it."
    ),
    _(
        "A status says whether the number was reached, not whether the number was a good one, nor "
        "whether the agency brought it about."
    ),
    _(
        "Counts weigh every promise alike. There is no overall score: one miss must not hide "
        "behind ten successes."
    ),
    _(
        "Water classes are coarse: real change can stay invisible until a class is crossed. Such "
        "results are marked."
    ),
)


@dataclass(frozen=True)
class Worked:
    """A worked example: what is asked, the figures, and what the rule says on some days."""

    test: str
    start: str
    start_period: Period | None
    figures: list
    answers: list
    workings: list


def vocabulary():
    """For each group its statuses, each with its word and meaning."""
    return [
        (
            group.value,
            GROUP[group],
            [
                (status.value, STATUS[status], MEANING[status] % NUMBERS)
                for status in Status
                if status.group is group
            ],
        )
        for group in Group
    ]


def kinds():
    return [
        (kind.value, KIND[kind], margin, note % NUMBERS if note else "")
        for kind, (margin, note) in MARGIN.items()
    ]


def flags():
    return [(flag.value, FLAG[flag], FLAG_MEANING[flag]) for flag in Flag]


def outlook_words():
    """Each word with the chance it stands for."""
    return [
        (OUTLOOK_WORD[outlook.Word.LIKELY], _("from %(likely)s") % NUMBERS),
        (OUTLOOK_WORD[outlook.Word.UNCERTAIN], _("in between")),
        (OUTLOOK_WORD[outlook.Word.UNLIKELY], _("up to %(unlikely)s") % NUMBERS),
    ]


def air_standards():
    """The editions side by side: (editions, rows), a row being an item with a limit for each."""
    editions = list(STANDARDS.values())
    codes = list(dict.fromkeys(item.code for each in editions for item in each.items))
    rows = []
    for code in codes:
        found = [
            next((item for item in edition.items if item.code == code), None)
            for edition in editions
        ]
        known = next(item for item in found if item)
        name = formats.chosen(known.name_zh, known.name_en)
        limits = [item and formats.number(item.limit) for item in found]
        rows.append((code, name, known.unit, formats.number(known.step), limits))
    names = [(each, formats.chosen(each.name_zh, each.name_en)) for each in editions]
    return names, rows


def water_standard():
    """Rows (name, unit, limits of classes Ⅰ to Ⅴ, whether it is used for rivers)."""
    return [
        (
            formats.chosen(each.name_zh, each.name_en),
            each.unit,
            SENSE[each.sense],
            [formats.number(limit) for limit in each.limits],
            each.is_used_for_rivers,
        )
        for each in water.PARAMETERS.values()
    ]


SENSE = {"at_most": "≤", "at_least": "≥", "range": "6–9"}
CLASSES = [each.word for each in WaterClass if each is not WaterClass.WORSE_THAN_V]

# --- Worked examples ----------------------------------------------------------------------------


def worked():
    return [pace_example(), air_example(), ratio_example()]


def pace_example():
    indicator = Indicator(
        name_zh="农民专业合作社",
        name_en="Farmers’ cooperatives",
        unit_zh="家",
        unit_en="cooperatives",
    )
    target = made_target(
        indicator,
        Kind.AT_LEAST,
        value=7500,
        baseline_period=Period(2020),
        baseline_value=Decimal(5800),
    )
    seen = [figure(indicator, 2023, 6600, dt.date(2024, 3, 20))]
    late = figure(indicator, 2025, 7466, dt.date(2027, 4, 8))
    days = (dt.date(2024, 11, 1), dt.date(2026, 6, 1), dt.date(2027, 2, 1), dt.date(2027, 5, 1))
    return example(target, [*seen, late], days)


def air_example():
    indicator = Indicator(name_zh="市区空气质量", name_en="Urban air quality")
    target = made_target(indicator, Kind.COMPOSITE, standard="GB3095-2012-grade2")
    published = dt.date(2026, 1, 20)
    # The six numbers a bulletin prints.
    values = {"SO2": 6, "NO2": 24, "PM10": 52, "PM2.5": "35.4", "CO_p95": "1.1", "O3_p90": 148}
    seen = [figure(indicator, 2025, value, published, code) for code, value in values.items()]
    worse = figure(indicator, 2025, 41, dt.date(2026, 3, 2), "NO2")
    return example(target, [*seen, worse], (dt.date(2026, 2, 1), dt.date(2026, 3, 3)))


def ratio_example():
    indicator = Indicator(
        name_zh="城乡居民收入比", name_en="Urban–rural income ratio", unit_zh=":1", unit_en=":1"
    )
    target = made_target(indicator, Kind.RATIO, value=Decimal("1.8"))
    seen = [figure(indicator, 2025, "1.84", dt.date(2026, 3, 20))]
    return example(target, seen, (dt.date(2026, 4, 1),))


def made_target(indicator, kind, *, value=None, **fields):
    indicator.reporting_unit = Decimal(1) if value == 7500 else None
    return Target(
        indicator=indicator,
        kind=kind.value,
        value=None if value is None else Decimal(value),
        due_period=Period(2025),
        document=SourceDocument(published_on=dt.date(2021, 11, 5)),
        interim=[],
        **fields,
    )


def figure(indicator, year, value, published_on, item=""):
    return Observation(
        indicator=indicator,
        period=Period(year),
        value=Decimal(value),
        published_on=published_on,
        item=item,
    )


def example(target, figures, days):
    """What the rule says on each day, and the arithmetic of the first."""
    for revision, row in enumerate(figures, start=1):
        row.pk = revision
    told = []
    for day in days:
        seen = [domain_observation(row) for row in figures if row.published_on <= day]
        judged = assess_target(domain_target(target), seen, as_of=day)
        told.append((day, stored(judged, target, judged.flags)))
    return Worked(
        test=sentences.test_in_words(target),
        start=starting_point(target),
        start_period=target.baseline_period,
        figures=[(row, figure_text(row, target)) for row in figures],
        answers=[(day, row.status, sentences.sentence(row)) for day, row in told],
        workings=sentences.workings(told[0][1]),
    )


def starting_point(target):
    if target.baseline_period is None:
        return ""
    return formats.quantity_in_text(target.baseline_value, target.indicator)


def figure_text(row, target):
    if not row.item:
        return formats.quantity_in_text(row.value, row.indicator)
    item = next(each for each in STANDARDS[target.standard].items if each.code == row.item)
    return f"{item_name(item)} {item_amount(row.value, item)}"
