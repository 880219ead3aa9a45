"""The worked cases of the method, restated as tables; the ids are the method's."""

from datetime import date
from decimal import Decimal

import pytest

from commitments.domain.assessment import (
    Why,
    assess_commitment,
    assess_milestones,
    assess_target,
)
from commitments.domain.facts import Milestone
from commitments.domain.kinds import Kind, WaterClass
from commitments.domain.outlook import outlook
from commitments.domain.standards import standard, water_class
from commitments.domain.status import Flag, Status
from tests.domain.build import num, seen, series, target

AIR = standard("GB3095-2012-grade2")


def in_november(year):
    return date(year, 11, 1)


UP, DOWN = "at_least", "at_most"
# id, kind, number, baseline, values, as-of year, status, (P, E, R) to three digits, options
NUMBERS = [
    ("E01", UP, 350, (2020, 200), {2023: 296}, 2024, "on_track", ".640 .600 1.067", {}),
    ("E03", UP, 350, (2020, 200), {2023: 240}, 2024, "off_track", ".267 .600 .444", {}),
    ("E04", UP, 350, (2020, 200), {2023: 190}, 2024, "reversing", "-.067 .600 -.111", {}),
    ("E05", UP, 300, (2020, 200), {2023: 257}, 2024, "on_track", ".570 .600 .950", {}),
    ("E07", UP, 300, (2020, 200), {2023: 236}, 2024, "behind", ".360 .600 .600", {}),
    ("E08", UP, 350, (2020, 200), {2023: 200}, 2024, "off_track", "0 .600 0", {}),
    ("E10", UP, 100, (2021, 0), {2022: 30, 2023: 55}, 2024, "on_track", ".550 .500 1.100", {}),
    ("E11", DOWN, 0, (2020, 120), {2022: 60, 2023: 30}, 2024, "on_track", ".750 .600 1.250", {}),
    ("E12", DOWN, 0, (2020, 120), {2024: 3, 2025: 0}, 2026, "achieved", None, {}),
    (
        "E14",
        DOWN,
        "1.8",
        (2020, "2.05"),
        {2021: "2.0", 2022: "1.95", 2023: "1.91"},
        2024,
        "behind",
        ".560 .600 .933",
        {"resolution": "0.005", "floor": 1},
    ),
    (
        "E16",
        UP,
        "18.5",
        (2020, "9.8"),
        {2021: 12, 2022: "15.2", 2023: "18.9"},
        2024,
        "met_early",
        None,
        {},
    ),
    (
        "E17",
        DOWN,
        "1.8",
        (2020, "1.69"),
        {2021: "1.7", 2022: "1.74", 2023: "1.79"},
        2024,
        "met_early",
        None,
        {"floor": 1},
    ),
    ("E20", UP, 100, (2020, 100), {2023: 100}, 2024, "met_early", None, {}),
    ("E21", UP, 100, (2020, 100), {2023: "99.2"}, 2024, "reversing", None, {}),
    ("E23", UP, 7500, (2020, 5800), {2021: 6000, 2024: 7300}, 2026, "awaiting_result", None, {}),
    ("E25", UP, 100, (2021, 0), {2024: 104}, 2026, "achieved", None, {"is_cumulative": True}),
    ("E27", UP, 350, (2020, 200), {2025: 341, 2026: 352}, 2027, "achieved_late", None, {}),
    ("E30", UP, 350, None, {}, 2024, "no_data", None, {}),
    ("E31", UP, 350, None, {}, 2027, "unreported", None, {}),
    ("E32", UP, 350, None, {2022: 230}, 2023, "insufficient", None, {}),
    (
        "E35",
        UP,
        350,
        (2020, 200),
        {2021: 260, 2022: 240, 2023: 290},
        2024,
        "on_track",
        ".600 .600 1.000",
        {},
    ),
    ("E36", UP, 0, (2020, -5), {2023: -1}, 2024, "on_track", ".800 .600 1.333", {}),
    (
        "E38",
        UP,
        60,
        (2015, "0.37"),
        {2025: "9.53"},
        2026,
        "off_track",
        ".154 .667 .230",
        {"due": 2030},
    ),
    ("E44", UP, 350, (2020, 200), {2023: 360}, 2024, "met_early", None, {}),
    ("E45", UP, 400, (2020, 200), {2023: 360}, 2024, "on_track", ".800 .600 1.333", {}),
]
FLAGS = {"E17": (Flag.SLIPPING,), "E32": ()}
REASONS = {
    "E21": (Why.MET_AT_BASELINE, None),
    "E25": (Why.STOCK_REACHED, 2024),
    "E27": (Why.MET_AFTER_DUE, 2026),
    "E32": (Why.NO_BASELINE, 2022),
    "E23": (Why.DUE_UNPUBLISHED, 2024),
}


def shares(found):
    rounded = [
        None if share is None else round(share, 3)
        for share in (found.progress, found.expected, found.pace)
    ]
    return rounded


@pytest.mark.parametrize("case", NUMBERS, ids=lambda case: case[0])
def test_a_number_stands_as_worked_by_hand(case):
    name, kind, value, baseline, values, year, status, pace, options = case
    test = target(kind, value, baseline=baseline, **options)
    found = assess_target(test, series(values), as_of=in_november(year))
    assert found.status is Status(status)
    assert found.flags == FLAGS.get(name, ())
    if pace is not None:
        assert shares(found) == [round(Decimal(share), 3) for share in pace.split()]
    if name in REASONS:
        why, when = REASONS[name]
        assert found.reason.why is why
        assert when is None or found.reason.period.year == when


@pytest.mark.parametrize("case", NUMBERS, ids=lambda case: case[0])
def test_a_commitment_of_one_target_stands_as_its_target(case):
    _, kind, value, baseline, values, year, status, _, options = case
    test = target(kind, value, baseline=baseline, **options)
    whole = assess_commitment([(test, series(values), ())], as_of=in_november(year))
    assert (whole.status, whole.headline) == (Status(status), 0)


# id: slope (4 digits), projection, low, high, probability (3 digits), word
OUTLOOKS = {
    "E14": (-0.0483, 1.84, 1.818, 1.863, 0.031, "unlikely"),
    "E16": (3.1167, 23.388, 20.364, 26.412, 0.964, "likely"),
    "E17": (0.0367, 1.843, 1.76, 1.925, 0.189, "unlikely"),
    "E35": (25.0, 326.0, 153.429, 498.571, 0.396, "uncertain"),
}


@pytest.mark.parametrize("case", NUMBERS, ids=lambda case: case[0])
def test_an_outlook_is_given_from_four_annual_values_and_as_worked_by_hand(case):
    name, kind, value, baseline, values, year, _, _, options = case
    test = target(kind, value, baseline=baseline, **options)
    found = outlook(test, series(values), as_of=in_november(year))
    if name not in OUTLOOKS:
        assert found is None
        return
    assert found.values == 4
    numbers = (found.projection, found.low, found.high, found.probability)
    assert (
        round(found.slope, 4),
        *(round(number, 3) for number in numbers),
        found.word.value,
    ) == OUTLOOKS[name]


# id, own, other, as-of year, status, years met, failed, missing
EVERY_YEAR = [
    (
        "E40",
        {2021: "10.9", 2022: "7.0", 2023: "7.5"},
        {2021: "10.3", 2022: "6.8", 2023: "7.4"},
        2024,
        "on_track",
        [2021, 2022, 2023],
        [],
        [],
    ),
    (
        "E41",
        {2021: "10.9", 2022: "6.8"},
        {2021: "10.3", 2022: "6.8"},
        2023,
        "breached",
        [2021],
        [2022],
        [],
    ),
    (
        "E43",
        {2021: 6, 2022: 6, 2023: 6, 2024: 6},
        {2021: 5, 2022: 5, 2023: 5, 2024: 5, 2025: 5},
        2026,
        "awaiting_result",
        [2021, 2022, 2023, 2024],
        [],
        [2025],
    ),
]


@pytest.mark.parametrize("case", EVERY_YEAR, ids=lambda case: case[0])
def test_every_year_above_a_comparator(case):
    name, own, other, year, status, *years = case
    test = target("above_comparator", first=2021)
    found = assess_target(test, series(own), as_of=in_november(year), comparator=series(other))
    assert found.status is Status(status)
    tally = found.tally
    assert [[p.year for p in ps] for ps in (tally.met, tally.failed, tally.missing)] == years
    assert tally.total == 5
    assert found.flags == ((Flag.TIE,) if name == "E41" else ())


# id, baseline class, class in 2023, status; class II or better by 2025
CLASSES = [("E47", WaterClass.IV, WaterClass.III, "behind"), ("E49", 3, 2, "met_early")]


@pytest.mark.parametrize("case", CLASSES, ids=lambda case: case[0])
def test_a_class_is_assessed_by_its_rank(case):
    name, start, now, status = case
    test = target("class_at_or_better", 2, baseline=(2020, int(start)))
    found = assess_target(test, [seen(2023, int(now))], as_of=in_november(2024))
    assert found.status is Status(status)
    assert found.flags == (Flag.LOW_RESOLUTION,)
    if name == "E47":
        assert shares(found) == [num("0.5"), num("0.6"), num("0.833")]


def test_e50_the_worst_parameter_decides_and_river_nitrogen_is_ignored():
    section = {"DO": "7.1", "CODMn": "3.2", "BOD5": 2, "NH3-N": "0.55", "TP": "0.08", "TN": "1.9"}
    assert water_class({code: num(value) for code, value in section.items()}) is WaterClass.III


TEN = {
    "SO2": 8,
    "NO2": 26,
    "PM10": 58,
    "PM2.5": 33,
    "CO_p95": "1.1",
    "O3_p90": 152,
    "SO2_p98": 14,
    "NO2_p98": 60,
    "PM10_p95": 120,
    "PM2.5_p95": 72,
}


def air(values, year=2025):
    return [seen(year, value, item=item) for item, value in values.items()]


def test_e52_all_ten_statistics_pass_the_edition_of_the_due_year():
    test = target(Kind.COMPOSITE, standard=AIR)
    assert assess_target(test, air(TEN), as_of=in_november(2026)).status is Status.ACHIEVED
    next_one = target(Kind.COMPOSITE, standard=standard("GB3095-2026-grade2-transition"))
    found = assess_target(next_one, air(TEN), as_of=in_november(2026))
    assert found.reason.failed == ("PM2.5", "PM2.5_p95")


def test_e53_one_known_failure_settles_it_despite_gaps():
    test = target(Kind.COMPOSITE, standard=AIR)
    found = assess_target(test, air({"PM2.5": 41}), as_of=in_november(2026))
    assert (found.status, found.reason.failed) == (Status.MISSED, ("PM2.5",))
    assert len(found.reason.missing) == 9


def test_e55_before_due_the_worst_item_decides_and_is_named():
    test = target(Kind.COMPOSITE, standard=AIR, set_on=date(2021, 11, 1))
    rows = air({"PM2.5": 43, "O3_p90": 150}, 2020) + air({"PM2.5": 39, "O3_p90": 158}, 2023)
    found = assess_target(test, rows, as_of=in_november(2024))
    assert (found.status, found.reason.item) == (Status.BEHIND, "PM2.5")
    assert shares(found) == [num("0.5"), num("0.6"), num("0.833")]


@pytest.mark.parametrize(("mean", "passes"), [("35.4", True), ("35.5", False), ("35.6", False)])
def test_e57_a_value_is_rounded_only_as_the_standard_rounds_it(mean, passes):
    test = target(Kind.COMPOSITE, standard=AIR)
    found = assess_target(test, air({**TEN, "PM2.5": mean}), as_of=in_november(2026))
    assert found.status is (Status.ACHIEVED if passes else Status.MISSED)
    plain = target("at_most", 35)
    missed = assess_target(plain, [seen(2025, mean)], as_of=in_november(2026))
    assert missed.status is Status.MISSED


def test_e58_a_step_past_its_date_and_undone_is_behind():
    steps = [
        Milestone(date(2022, 12, 31), date(2022, 11, 1)),
        Milestone(date(2023, 12, 31)),
        Milestone(date(2025, 12, 31)),
    ]
    assert assess_milestones(steps, as_of=date(2024, 3, 1)).status is Status.BEHIND
    whole = assess_commitment(milestones=steps, as_of=date(2024, 3, 1))
    assert (whole.status, whole.headline) == (Status.BEHIND, 0)


def test_e60_a_promise_without_a_test_is_not_assessable():
    assert assess_commitment(as_of=date(2024, 3, 1)).status is Status.NOT_ASSESSABLE
    found = assess_target(target(Kind.NOT_ASSESSABLE), (), as_of=date(2024, 3, 1))
    assert found.status is Status.NOT_ASSESSABLE


@pytest.mark.parametrize(
    ("day", "status"),
    [(date(2024, 5, 31), Status.ON_TRACK), (date(2024, 6, 1), Status.WITHDRAWN)],
)
def test_e62_withdrawn_from_its_day_and_not_before(day, status):
    test = target("at_least", 350, baseline=(2020, 200))
    whole = assess_commitment(
        [(test, [seen(2023, 296)], ())], withdrawn_on=date(2024, 6, 1), as_of=day
    )
    assert whole.status is status
    assert [part.status for part in whole.parts] == [Status.ON_TRACK]
