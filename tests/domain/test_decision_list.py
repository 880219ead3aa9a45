"""Every branch of the rule for numbers, as tables."""

from datetime import date

import pytest

from commitments.domain.assessment import Why, assess_target
from commitments.domain.periods import Frequency
from commitments.domain.status import Flag, Status
from tests.domain.build import num, seen, series, target

PROMISE = {"kind": "at_least", "value": 350, "baseline": (2020, 200)}
S, F = Status, Flag


@pytest.mark.parametrize(
    ("values", "day", "status", "why", "flags"),
    [
        # Rule 5, by the calendar alone.
        ({}, date(2025, 12, 31), S.NO_DATA, Why.NO_VALUES, ()),
        ({}, date(2026, 1, 1), S.AWAITING_RESULT, Why.NO_VALUES, ()),
        ({}, date(2026, 12, 31), S.AWAITING_RESULT, Why.NO_VALUES, ()),
        ({}, date(2027, 1, 1), S.UNREPORTED, Why.NO_VALUES, ()),
        # Rule 6.
        ({2025: 350}, date(2026, 6, 1), S.ACHIEVED, Why.DUE_MET, ()),
        ({2025: "349.999"}, date(2026, 6, 1), S.MISSED, Why.DUE_SHORT, ()),
        ({2025: 360, 2026: 300}, date(2027, 6, 1), S.ACHIEVED, Why.DUE_MET, ()),
        ({2025: 340, 2026: 345}, date(2027, 6, 1), S.MISSED, Why.DUE_SHORT, ()),
        ({2025: 340, 2026: 355}, date(2027, 6, 1), S.ACHIEVED_LATE, Why.MET_AFTER_DUE, ()),
        (
            {2025: 340, 2026: 355, 2027: 345},
            date(2028, 6, 1),
            S.ACHIEVED_LATE,
            Why.MET_AFTER_DUE,
            (F.SLIPPING,),
        ),
        # Rule 7.
        ({2026: 355}, date(2027, 6, 1), S.ACHIEVED, Why.LATER_MET, (F.TIMING_UNVERIFIED,)),
        ({2026: 345}, date(2027, 6, 1), S.MISSED, Why.LATER_SHORT, ()),
        (
            {2026: 345, 2027: 355},
            date(2028, 6, 1),
            S.ACHIEVED_LATE,
            Why.MET_AFTER_DUE,
            (F.TIMING_UNVERIFIED,),
        ),
        (
            {2026: 355, 2027: 345},
            date(2028, 6, 1),
            S.ACHIEVED,
            Why.LATER_MET,
            (F.TIMING_UNVERIFIED, F.SLIPPING),
        ),
        # Rule 9.
        ({2024: 360}, date(2026, 6, 1), S.AWAITING_RESULT, Why.DUE_UNPUBLISHED, ()),
        ({2024: 360}, date(2027, 1, 1), S.UNREPORTED, Why.DUE_UNPUBLISHED, ()),
        ({2024: 340}, date(2025, 12, 31), S.ON_TRACK, Why.ON_PACE, ()),
        ({2024: 340}, date(2026, 1, 1), S.AWAITING_RESULT, Why.DUE_UNPUBLISHED, ()),
        # Rule 10; a value met long ago is still the latest one known.
        ({2023: 350}, date(2024, 6, 1), S.MET_EARLY, Why.LATEST_MEETS, ()),
        ({2021: 360}, date(2025, 6, 1), S.MET_EARLY, Why.LATEST_MEETS, ()),
        ({2022: 370, 2023: 360}, date(2024, 6, 1), S.MET_EARLY, Why.LATEST_MEETS, (F.SLIPPING,)),
        # Rule 11: two whole years after the value's year have passed.
        ({2022: 290}, date(2024, 12, 31), S.ON_TRACK, Why.ON_PACE, ()),
        ({2022: 290}, date(2025, 1, 1), S.INSUFFICIENT, Why.STALE, ()),
        ({2020: 200}, date(2021, 6, 1), S.INSUFFICIENT, Why.NO_BASELINE, ()),
        ({2019: 210}, date(2021, 6, 1), S.INSUFFICIENT, Why.NO_BASELINE, ()),
        # Rule 13, one hair on either side of each cut-off.
        ({2023: "285.5"}, date(2024, 6, 1), S.ON_TRACK, Why.ON_PACE, ()),
        ({2023: "285.49999999999999999"}, date(2024, 6, 1), S.BEHIND, Why.BEHIND_PACE, ()),
        ({2023: 254}, date(2024, 6, 1), S.BEHIND, Why.BEHIND_PACE, ()),
        ({2023: "253.99999999999999999"}, date(2024, 6, 1), S.OFF_TRACK, Why.FAR_BEHIND_PACE, ()),
        ({2023: 200}, date(2024, 6, 1), S.OFF_TRACK, Why.NO_CHANGE, ()),
        ({2023: "199.99"}, date(2024, 6, 1), S.REVERSING, Why.WORSE_THAN_BASELINE, ()),
    ],
)
def test_the_first_rule_that_matches_decides(values, day, status, why, flags):
    found = assess_target(target(**PROMISE), series(values), as_of=day)
    assert (found.status, found.reason.why, found.flags) == (status, why, flags)


@pytest.mark.parametrize(
    ("value", "status", "why"),
    [
        (198, S.OFF_TRACK, Why.NO_CHANGE),
        ("197.9", S.REVERSING, Why.WORSE_THAN_BASELINE),
        (202, S.OFF_TRACK, Why.NO_CHANGE),
        (203, S.OFF_TRACK, Why.FAR_BEHIND_PACE),
    ],
)
def test_a_change_within_the_reporting_unit_is_no_change(value, status, why):
    test = target(**PROMISE, resolution=2)
    found = assess_target(test, [seen(2023, value)], as_of=date(2024, 6, 1))
    assert (found.status, found.reason.why) == (status, why)


@pytest.mark.parametrize(
    ("kind", "value", "met", "short"),
    [
        ("at_least", 350, "350", "349.99"),
        ("coverage", 100, "100", "99.6"),
        ("at_most", 35, "35", "35.01"),
        ("ratio", "1.8", "1.8", "1.84"),
        ("zero", None, "0", "0.001"),
        ("zero", 0, "0", "-1"),
        ("class_at_or_better", 2, "2", "3"),
    ],
)
def test_met_exactly_is_met_and_nothing_is_rounded(kind, value, met, short):
    for figure, status in ((met, S.ACHIEVED), (short, S.MISSED)):
        found = assess_target(target(kind, value), [seen(2025, figure)], as_of=date(2026, 6, 1))
        assert found.status is status


def test_a_miss_says_how_much_of_the_change_was_done_and_what_is_lacking():
    found = assess_target(target(**PROMISE), [seen(2025, 347)], as_of=date(2026, 6, 1))
    assert (found.progress, found.margin, found.gap) == (num("0.98"), num(-3), num(3))
    assert (found.expected, found.pace) == (None, None)
    assert found.judged == found.latest == seen(2025, 347)


def test_shares_are_cut_toward_minus_infinity_so_that_no_floor_flatters():
    for value, progress in ((300, "0." + "6" * 28), (150, "-0." + "3" * 27 + "4")):
        found = assess_target(target(**PROMISE), [seen(2023, value)], as_of=date(2024, 6, 1))
        assert found.progress == num(progress)
    short = assess_target(
        target("at_least", 300, baseline=(2020, 200)),
        [seen(2023, "256.9999999999999999999")],
        as_of=date(2024, 6, 1),
    )
    assert short.status is S.BEHIND
    assert short.pace < num("0.95")


@pytest.mark.parametrize(
    ("set_on", "values", "start", "flags"),
    [
        (date(2021, 11, 30), {2019: 190, 2020: 200, 2021: 210, 2023: 296}, 2020, ()),
        (date(2020, 12, 31), {2019: 190, 2020: 200, 2023: 296}, 2019, ()),
        (date(2021, 1, 1), {2019: 190, 2020: 200, 2023: 296}, 2020, ()),
        (date(2021, 11, 30), {2021: 210, 2022: 220, 2023: 296}, 2021, (F.BASELINE_PROXY,)),
        (None, {2019: 190, 2020: 200, 2023: 296}, 2019, (F.BASELINE_PROXY,)),
        (date(2021, 11, 30), {2023: 296}, None, ()),
    ],
)
def test_without_a_stated_baseline_the_values_give_one(set_on, values, start, flags):
    test = target("at_least", 350, set_on=set_on)
    found = assess_target(test, series(values), as_of=date(2024, 6, 1))
    assert found.flags == flags
    if start is None:
        assert (found.baseline, found.status) == (None, S.INSUFFICIENT)
    else:
        assert found.baseline.period.year == start


@pytest.mark.parametrize(("value", "slips"), [(360, False), (370, False), ("359.9", True)], ids=str)
def test_the_baseline_counts_as_the_value_before(value, slips):
    test = target("at_least", 350, baseline=(2020, 360))
    found = assess_target(test, [seen(2023, value)], as_of=date(2024, 6, 1))
    assert (F.SLIPPING in found.flags) is slips


@pytest.mark.parametrize(
    ("year", "value", "expected", "status"),
    [
        # 200 in 2020, then 210 in 2022, then 350 in 2025.
        (2021, 205, "0.033", S.ON_TRACK),
        (2022, 210, "0.066", S.ON_TRACK),
        (2022, "209.49", "0.066", S.BEHIND),
        (2023, 250, "0.377", S.BEHIND),
        (2024, 303, "0.688", S.ON_TRACK),
    ],
)
def test_interim_targets_bend_the_expected_path(year, value, expected, status):
    # Points outside the promise's own time say nothing about it.
    for points in ({2022: 210}, {2019: 50, 2020: 60, 2022: 210, 2025: 500, 2026: 900}):
        test = target(**PROMISE, interim=points)
        found = assess_target(test, [seen(year, value)], as_of=date(year + 1, 6, 1))
        assert str(found.expected).startswith(expected)
        assert found.status is status


RULES = {
    Why.NO_VALUES: 5,
    Why.DUE_MET: 6,
    Why.LATER_MET: 7,
    Why.DUE_UNPUBLISHED: 9,
    Why.LATEST_MEETS: 10,
    Why.NO_BASELINE: 11,
    Why.ON_PACE: 13,
}


@pytest.mark.parametrize(
    ("values", "day", "why"),
    [
        ({}, date(2024, 6, 1), Why.NO_VALUES),
        ({2025: 360}, date(2026, 6, 1), Why.DUE_MET),
        ({2026: 360}, date(2027, 6, 1), Why.LATER_MET),
        ({2024: 300}, date(2026, 6, 1), Why.DUE_UNPUBLISHED),
        ({2023: 360}, date(2024, 6, 1), Why.LATEST_MEETS),
        ({2020: 200}, date(2021, 6, 1), Why.NO_BASELINE),
        ({2023: 300}, date(2024, 6, 1), Why.ON_PACE),
    ],
)
def test_the_reason_names_the_line_of_the_list(values, day, why):
    reason = assess_target(target(**PROMISE), series(values), as_of=day).reason
    assert (reason.why, reason.rule) == (why, RULES[why])


def test_a_figure_too_old_to_judge_by_claims_no_progress():
    found = assess_target(target(**PROMISE), [seen(2022, 290)], as_of=date(2025, 1, 1))
    assert (found.status, found.progress, found.margin) == (S.INSUFFICIENT, None, num(-60))


@pytest.mark.parametrize(("value", "status"), [(200, S.ON_TRACK), ("199.5", S.OFF_TRACK)])
def test_a_path_that_is_flat_at_first_expects_nothing_yet(value, status):
    test = target(**PROMISE, interim={2022: 200}, resolution=1)
    found = assess_target(test, [seen(2022, value)], as_of=date(2023, 6, 1))
    assert (found.status, found.pace, found.expected) == (status, None, 0)
    assert found.reason.why in (Why.NOTHING_EXPECTED_YET, Why.NO_CHANGE)


@pytest.mark.parametrize(
    ("baseline", "values", "slips"),
    [
        # A published figure of the baseline's own year stands before it.
        ((2022, 400), {2022: 350, 2023: 360}, False),
        ((2022, 350), {2022: 400, 2023: 360}, True),
        ((2021, 400), {2022: 350, 2023: 360}, False),
        ((2022, 400), {2021: 350, 2023: 360}, True),
        ((2023, 400), {2023: 360}, False),
        ((2024, 400), {2023: 360}, False),
    ],
)
def test_slipping_compares_with_the_value_just_before(baseline, values, slips):
    test = target("at_least", 350, baseline=baseline)
    found = assess_target(test, series(values), as_of=date(2024, 6, 1))
    assert (found.status, F.SLIPPING in found.flags) == (S.MET_EARLY, slips)


@pytest.mark.parametrize(
    ("value", "status", "why"),
    [
        (201, S.ON_TRACK, Why.NOTHING_EXPECTED_YET),
        (200, S.ON_TRACK, Why.NOTHING_EXPECTED_YET),
        (199, S.OFF_TRACK, Why.NO_CHANGE),
        (198, S.REVERSING, Why.WORSE_THAN_BASELINE),
    ],
)
def test_a_path_that_first_dips_expects_nothing_yet(value, status, why):
    test = target(**PROMISE, interim={2022: 190, 2019: 100, 2026: 900}, resolution=1)
    found = assess_target(test, [seen(2022, value)], as_of=date(2023, 6, 1))
    assert (found.status, found.reason.why, found.pace) == (status, why, None)


def test_a_full_stock_that_cannot_fall_is_achieved_and_names_the_period():
    test = target("at_least", 100, is_cumulative=True, baseline=(2020, 0))
    found = assess_target(test, series({2022: 100, 2023: 104}), as_of=date(2024, 6, 1))
    assert (found.status, found.reason.why) == (S.ACHIEVED, Why.STOCK_REACHED)
    assert found.reason.period.year == 2022
    assert found.latest.period.year == 2023
    fallen = assess_target(test, series({2022: 100, 2023: 99}), as_of=date(2024, 6, 1))
    assert (fallen.status, fallen.flags) == (S.ACHIEVED, (F.SLIPPING,))


# Rule 1: what is kept of several figures.
@pytest.mark.parametrize(
    ("rows", "value", "flags"),
    [
        ([seen(2023, 296), seen(2023, 300, is_secondary=True)], 296, (F.CONFLICT,)),
        ([seen(2023, 296), seen(2023, "296.0", is_secondary=True)], 296, ()),
        ([seen(2023, 296, revision=1), seen(2023, 300)], 296, ()),
        ([seen(2023, 300), seen(2023, 296, revision=1)], 296, ()),
        (
            [seen(2023, 296, is_secondary=True, revision=3), seen(2023, 290)],
            290,
            (F.CONFLICT,),
        ),
        ([seen(2023, 296, stated="约296"), seen(2023, 296, stated="296")], 296, (F.CONFLICT,)),
        # Two equals: the last published; published together, the one that flatters least.
        (
            [seen(2023, 296), seen(2023, 299, published_on=date(2024, 4, 1))],
            299,
            (F.CONFLICT,),
        ),
        ([seen(2023, 299), seen(2023, 296)], 296, (F.CONFLICT,)),
        ([seen(2023, 296, is_provisional=True)], 296, (F.PROVISIONAL,)),
        ([seen(2023, 296), seen(2022, 250, is_provisional=True)], 296, ()),
        ([seen(2023, 296), seen(2023, 400, definition="new")], 296, (F.DEFINITION_CHANGED,)),
        ([seen(2023, 296), seen(2023, 400, item="PM2.5")], 296, ()),
        ([seen(2023, 296), seen(2024, 400, published_on=date(2024, 6, 2))], 296, ()),
        # A month of an annual figure is another statistic, also when it is the latest.
        ([seen(2023, 296), seen("2024-01", 400, published_on=date(2024, 2, 5))], 296, ()),
        ([seen(2023, 296), seen("2023-12", 400, published_on=date(2024, 1, 5))], 296, ()),
    ],
)
def test_one_value_is_kept_for_a_period(rows, value, flags):
    found = assess_target(target(**PROMISE), rows, as_of=date(2024, 6, 1))
    assert (found.latest.value, found.flags) == (value, flags)
    again = assess_target(target(**PROMISE), rows[::-1], as_of=date(2024, 6, 1))
    assert again == found


@pytest.mark.parametrize(
    ("kind", "number", "baseline", "kept"),
    [("at_most", 35, (2020, 50), 42), ("zero", None, (2020, 90), 42), ("ratio", 2, (2020, 90), 42)],
)
def test_of_two_equal_sources_the_less_favourable_is_kept(kind, number, baseline, kept):
    rows = [seen(2023, 40), seen(2023, 42)]
    found = assess_target(target(kind, number, baseline=baseline), rows, as_of=date(2024, 6, 1))
    assert found.latest.value == kept


def test_only_another_definition_known_leaves_no_data():
    rows = [seen(2023, 400, definition="new")]
    found = assess_target(target(**PROMISE), rows, as_of=date(2024, 6, 1))
    assert (found.status, found.flags) == (S.NO_DATA, (F.DEFINITION_CHANGED,))
    later = [seen(2023, 400, definition="new", published_on=date(2024, 6, 2))]
    assert assess_target(target(**PROMISE), later, as_of=date(2024, 6, 1)).flags == ()


def test_a_quarterly_figure_goes_stale_after_two_quarters():
    test = target(**PROMISE, frequency=Frequency.QUARTER)
    row = seen("2024-Q1", 296, published_on=date(2024, 4, 20))
    assert assess_target(test, [row], as_of=date(2024, 9, 30)).status is S.ON_TRACK
    assert assess_target(test, [row], as_of=date(2024, 10, 1)).status is S.INSUFFICIENT


def test_the_last_quarter_is_the_due_value_of_a_year_unless_the_year_itself_is_known():
    test = target(**PROMISE, frequency=Frequency.QUARTER)
    quarter = seen("2025-Q4", 351)
    assert assess_target(test, [quarter], as_of=date(2026, 6, 1)).status is S.ACHIEVED
    both = [quarter, seen(2025, 349)]
    found = assess_target(test, both, as_of=date(2026, 6, 1))
    assert (found.status, found.flags) == (S.MISSED, ())


def test_a_due_half_year_between_annual_values_is_settled_by_the_next_one():
    test = target("at_least", 350, due="2025-H1", baseline=(2020, 200))
    found = assess_target(test, series({2024: 340, 2025: 360}), as_of=date(2026, 6, 1))
    assert (found.status, found.reason.why) == (S.ACHIEVED, Why.LATER_MET)


@pytest.mark.parametrize("baseline", [None, (2025, 300), (2026, 300)])
def test_a_baseline_no_earlier_than_the_due_period_measures_nothing(baseline):
    test = target("at_least", 350, baseline=baseline, set_on=date(2021, 11, 1))
    rows = series({2025: 300, 2026: 355})
    found = assess_target(test, rows, as_of=date(2027, 6, 1))
    assert (found.status, found.baseline, found.progress) == (S.ACHIEVED_LATE, None, None)
