"""A composite standard: partial sets, later sets, rounding, editions."""

from datetime import date

import pytest

from commitments.domain.assessment import Why, assess_target
from commitments.domain.periods import Period
from commitments.domain.standards import STANDARDS, edition_for, standard
from commitments.domain.status import Flag, Status
from tests.domain.build import num, seen, target

S = Status
AIR = standard("GB3095-2012-grade2")
TEST = target("composite", standard=AIR, set_on=date(2021, 11, 1))
ALL = [item.code for item in AIR.items]
SIX = ["SO2", "NO2", "PM10", "PM2.5", "CO_p95", "O3_p90"]
AFTER = date(2026, 6, 1)


def air(year, codes=ALL, **values):
    """Each item at nine tenths of its limit, unless a value is given."""
    given = {code.replace("_dot_", "."): value for code, value in values.items()}
    return [
        seen(year, given.get(item.code, item.limit * num("0.9")), item=item.code)
        for item in AIR.items
        if item.code in codes
    ]


@pytest.mark.parametrize(
    ("rows", "day", "status", "why"),
    [
        ([], date(2025, 12, 31), S.NO_DATA, Why.NO_VALUES),
        ([], AFTER, S.AWAITING_RESULT, Why.NO_VALUES),
        ([], date(2027, 1, 1), S.UNREPORTED, Why.NO_VALUES),
        (air(2025), AFTER, S.ACHIEVED, Why.ITEMS_ALL_PASS),
        (air(2025, SIX), AFTER, S.AWAITING_RESULT, Why.ITEMS_MISSING),
        (air(2025, SIX), date(2027, 1, 1), S.UNREPORTED, Why.ITEMS_MISSING),
        (air(2024), AFTER, S.AWAITING_RESULT, Why.ITEMS_MISSING),
        (air(2025, SIX, NO2=41), AFTER, S.MISSED, Why.ITEM_FAILED),
        (air(2025, NO2=41) + air(2026), date(2027, 6, 1), S.ACHIEVED_LATE, Why.ITEMS_PASSED_LATER),
        (air(2025, NO2=41) + air(2026, SIX), date(2027, 6, 1), S.MISSED, Why.ITEM_FAILED),
        (air(2026), date(2027, 6, 1), S.ACHIEVED, Why.ITEMS_ALL_PASS),
        (air(2026, NO2=41), date(2027, 6, 1), S.MISSED, Why.ITEM_FAILED),
        # Before due: the worst item among those with a figure.
        (air(2023, SIX), date(2024, 6, 1), S.MET_EARLY, Why.ITEM_WORST),
        (air(2020, NO2=50) + air(2023, NO2=49), date(2024, 6, 1), S.OFF_TRACK, Why.ITEM_WORST),
        (air(2020, NO2=50) + air(2023, NO2=51), date(2024, 6, 1), S.OFF_TRACK, Why.ITEM_WORST),
        (air(2020, NO2=50) + air(2023, NO2=52), date(2024, 6, 1), S.REVERSING, Why.ITEM_WORST),
    ],
)
def test_all_items_must_pass(rows, day, status, why):
    found = assess_target(TEST, rows, as_of=day)
    assert (found.status, found.reason.why) == (status, why)


def test_a_pass_of_six_names_what_passed_and_what_is_missing():
    reason = assess_target(TEST, air(2025, SIX), as_of=AFTER).reason
    assert reason.passed == tuple(SIX)
    assert reason.missing == ("SO2_p98", "NO2_p98", "PM10_p95", "PM2.5_p95")
    assert reason.failed == ()
    assert reason.period == Period(2025)


def test_once_due_an_older_figure_counts_for_nothing():
    reason = assess_target(TEST, air(2024) + air(2025, SIX), as_of=AFTER).reason
    assert (reason.passed, len(reason.missing)) == (tuple(SIX), 4)


def test_a_miss_names_the_item_that_missed():
    # NO2 passes a year late, SO2 has only an old figure: neither is what decided.
    rows = air(2025, ["NO2", "PM10"], NO2=41, PM10=71) + air(2026, ["NO2"]) + air(2024, ["SO2"])
    found = assess_target(TEST, rows, as_of=date(2027, 6, 1))
    assert (found.status, found.reason.item) == (S.MISSED, "PM10")
    assert found.reason.failed == ("NO2", "PM10")
    assert found.reason.passed == ()
    only = assess_target(TEST, air(2025, ["NO2"], NO2=41) + air(2024, ["SO2"]), as_of=AFTER)
    assert only.reason.item == "NO2"
    late = air(2025, ["NO2"], NO2=41) + air(2026, ["NO2"]) + air(2024, ["SO2"])
    assert assess_target(TEST, late, as_of=date(2027, 6, 1)).reason.item == "NO2"


def test_of_items_that_stand_alike_the_one_nearest_its_limit_is_named():
    rows = air(2025, O3_p90=159, NO2=38)
    assert assess_target(TEST, rows, as_of=AFTER).reason.item == "O3_p90"
    over = air(2025, SO2=61, NO2=80)
    assert assess_target(TEST, over, as_of=AFTER).reason.item == "NO2"


def test_each_item_starts_from_its_own_value_before_the_promise():
    rows = [seen(year, value, item="NO2") for year, value in ((2019, 90), (2020, 50), (2023, 44))]
    found = assess_target(TEST, rows, as_of=date(2024, 6, 1))
    assert (found.progress, found.flags) == (num("0.6"), ())


def test_a_late_pass_slips_when_any_item_fails_again():
    rows = air(2025, NO2=41) + air(2026) + air(2027, SO2=61)
    found = assess_target(TEST, rows, as_of=date(2028, 6, 1))
    assert (found.status, Flag.SLIPPING in found.flags) == (S.ACHIEVED_LATE, True)
    held = assess_target(TEST, rows[:20], as_of=date(2028, 6, 1))
    assert (held.status, held.flags) == (S.ACHIEVED_LATE, ())


def test_a_later_full_set_names_its_year_and_what_had_failed():
    rows = air(2025, NO2=41) + air(2026) + air(2027, NO2=41)
    found = assess_target(TEST, rows, as_of=date(2028, 6, 1))
    assert (found.status, found.reason.period) == (S.ACHIEVED_LATE, Period(2026))
    assert found.reason.failed == ("NO2",)
    assert "NO2" not in found.reason.passed
    assert Flag.SLIPPING in found.flags


def test_a_later_pass_of_the_failed_item_alone_is_not_enough():
    rows = air(2025, NO2=41) + air(2026, SO2=61)
    assert assess_target(TEST, rows, as_of=date(2027, 6, 1)).status is S.MISSED


def test_an_early_figure_of_the_due_year_does_not_settle_it_alone():
    rows = [seen(2025, 20, item="NO2", published_on=date(2025, 12, 20))]
    found = assess_target(TEST, rows, as_of=date(2025, 12, 31))
    assert found.status is S.MET_EARLY


def test_items_keep_the_published_value_and_the_one_judged():
    found = assess_target(TEST, air(2025, CO_p95="4.04", NO2="40.5"), as_of=AFTER)
    by_code = {item.code: item for item in found.items}
    assert (by_code["CO_p95"].value, by_code["CO_p95"].observation.value) == (
        num("4.0"),
        num("4.04"),
    )
    # Half to even: 40.5 is read as 40.
    assert (by_code["NO2"].value, by_code["NO2"].passes) == (num(40), True)
    assert found.status is S.ACHIEVED
    assert found.margin == 0


def test_pace_is_measured_on_rounded_values():
    rows = air(2020, ["NO2"], NO2="50.4") + air(2023, ["NO2"], NO2="44.4")
    found = assess_target(TEST, rows, as_of=date(2024, 6, 1))
    assert (found.progress, found.pace, found.status) == (num("0.6"), num(1), S.ON_TRACK)


def test_of_two_equal_sources_of_an_item_the_less_favourable_counts():
    rows = [*air(2025), seen(2025, 41, item="NO2")]
    for facts in (rows, rows[::-1]):
        found = assess_target(TEST, facts, as_of=AFTER)
        assert (found.status, found.flags) == (S.MISSED, (Flag.CONFLICT,))


def test_values_of_other_items_are_not_looked_at():
    rows = [*air(2025), seen(2025, 900, item="Pb"), seen(2025, 900)]
    assert assess_target(TEST, rows, as_of=AFTER).status is S.ACHIEVED


@pytest.mark.parametrize(
    ("due", "code"),
    [
        (2016, "GB3095-2012-grade2"),
        (2025, "GB3095-2012-grade2"),
        # The year began under the old edition.
        (2026, "GB3095-2012-grade2"),
        (2027, "GB3095-2026-grade2-transition"),
        (2030, "GB3095-2026-grade2-transition"),
        (2031, "GB3095-2026-grade2"),
    ],
)
def test_the_edition_is_the_one_in_force_when_the_due_period_begins(due, code):
    assert edition_for("GB3095-grade2", Period(due)).code == code


def test_an_edition_is_in_force_to_the_end_of_its_last_day():
    assert AIR.is_in_force(date(2016, 1, 1))
    assert AIR.is_in_force(date(2026, 2, 28))
    assert not AIR.is_in_force(date(2026, 3, 1))
    assert not AIR.is_in_force(date(2015, 12, 31))


def test_an_unknown_standard_is_refused_by_name():
    with pytest.raises(ValueError, match="GB9999"):
        standard("GB9999")
    with pytest.raises(ValueError, match="2015-01-01"):
        edition_for("GB3095-grade2", Period(2015))
    with pytest.raises(ValueError, match="Pb"):
        AIR.item("Pb")


def test_the_limits_are_those_of_the_printed_tables():
    limits = {
        code: " ".join(str(item.limit) for item in found.items) for code, found in STANDARDS.items()
    }
    assert limits == {
        "GB3095-2012-grade2": "60 40 70 35 4 160 150 80 150 75",
        "GB3095-2026-grade2-transition": "60 40 60 30 4 160 150 80 120 60",
        "GB3095-2026-grade2": "20 30 50 25 4 160 50 50 100 50",
    }
    for found in STANDARDS.values():
        assert [item.code for item in found.items] == ALL
        assert found.source
