"""The outlook: when it is given, and its parts."""

from datetime import date

import pytest

from commitments.domain.outlook import Word, outlook
from commitments.domain.periods import Frequency
from commitments.domain.student import cumulative, quantile
from tests.domain.build import seen, series, target

DAY = date(2024, 6, 1)
RISING = {2020: 200, 2021: 230, 2022: 260, 2023: 290}


def given(test, rows=None, day=DAY):
    return outlook(test, series(RISING) if rows is None else rows, as_of=day)


@pytest.mark.parametrize(
    ("degrees", "at", "expected"),
    [
        (1, 3.0777, 0.9),
        (2, 1.8856, 0.9),
        (3, 1.6377, 0.9),
        (4, 1.5332, 0.9),
        (9, 1.8331, 0.95),
        (10, 1.8125, 0.95),
        (30, 2.0423, 0.975),
        (5, 0.0, 0.5),
        (2, -1.8856, 0.1),
        (1, -1.0, 0.25),
    ],
)
def test_students_t_agrees_with_the_printed_table(degrees, at, expected):
    assert cumulative(at, degrees) == pytest.approx(expected, abs=5e-5)
    if expected > 0.5:
        assert quantile(expected, degrees) == pytest.approx(at, abs=5e-5)


def test_students_t_refuses_what_it_has_no_series_for():
    with pytest.raises(ValueError, match="degree"):
        cumulative(1.0, 0)
    with pytest.raises(ValueError, match="upper half"):
        quantile(0.5, 3)


def test_steady_growth_is_damped():
    found = given(target("at_least", 330))
    assert found.slope == 30
    assert found.projection == pytest.approx(290 + 30 * (0.8 + 0.64))
    # The changes do not vary, so a tenth of the usual change stands for their spread.
    half = 1.15 * 1.8856 * 3 * (2 * (1 + 2 / 3)) ** 0.5
    assert found.high - found.projection == pytest.approx(half, abs=1e-3)
    assert found.word is Word.UNCERTAIN


def test_a_coarse_reporting_unit_widens_the_interval():
    fine, coarse = given(target("at_least", 330)), given(target("at_least", 330, resolution=20))
    assert coarse.high > fine.high


@pytest.mark.parametrize(
    ("kind", "value", "word"),
    [
        ("at_least", 320, "likely"),
        ("coverage", 350, "unlikely"),
        ("at_most", 350, "likely"),
        ("ratio", 320, "unlikely"),
        ("zero", None, "unlikely"),
    ],
)
def test_the_word_depends_on_the_side_of_the_target(kind, value, word):
    assert given(target(kind, value)).word == word


def test_the_natural_limits_clip_what_is_shown():
    found = given(target("at_least", 330, floor=325, ceiling=330))
    assert (found.low, found.projection, found.high) == (325, 330, 330)


@pytest.mark.parametrize(("value", "chance"), [(200, 1.0), (201, 0.0)])
def test_a_series_that_never_moved_is_certain(value, chance):
    rows = series(dict.fromkeys(range(2020, 2024), 200))
    found = given(target("at_least", value), rows)
    assert (found.probability, found.low, found.high) == (chance, 200, 200)


@pytest.mark.parametrize(
    ("test", "rows", "day"),
    [
        (target("class_at_or_better", 2), series({2020: 4, 2021: 4, 2022: 3, 2023: 3}), DAY),
        (target("at_least", 330), series({2021: 230, 2022: 260, 2023: 290}), DAY),
        (target("at_least", 330, due="2025-H1"), series(RISING), DAY),
        (target("at_least", 330), series({**RISING, 2025: 310}), date(2026, 6, 1)),
        (target("at_least", 330), series({**RISING, 2026: 310}), date(2027, 6, 1)),
        (target("at_least", 280, is_cumulative=True), series(RISING), DAY),
        (target("at_least", 330, due=2023, baseline=(2023, 1)), series(RISING), date(2023, 6, 1)),
        (target("at_least", 330), series(RISING, definition="new"), DAY),
        (target("at_least", 330), series(RISING), date(2024, 2, 29)),
        (target("at_least", 330, baseline=(2026, 1)), series({2020: 1, 2021: 2, 2022: 3}), DAY),
    ],
)
def test_no_outlook_without_grounds_or_need(test, rows, day):
    assert outlook(test, rows, as_of=day) is None


def test_a_year_without_a_value_is_bridged_by_its_yearly_change():
    rows = series({2019: 170, 2020: 200, 2022: 260, 2023: 290})
    found = given(target("at_least", 330), rows)
    assert (found.slope, found.values) == (30, 4)
    assert found.high == given(target("at_least", 330)).high


def test_a_published_value_stands_before_a_stated_baseline_of_its_year():
    test = target("at_least", 330, baseline=(2020, 1))
    assert given(test).slope == 30


def test_a_quarter_that_settles_the_due_year_ends_the_outlook():
    test = target("at_least", 340, frequency=Frequency.QUARTER)
    assert given(test, day=date(2026, 6, 1)) is not None
    rows = [*series(RISING), seen("2025-Q4", 350)]
    assert given(test, rows, date(2026, 6, 1)) is None


def test_still_given_while_the_due_figure_is_awaited():
    rows = [*series(RISING), seen(2024, 320)]
    assert given(target("at_least", 340), rows, date(2026, 2, 1)).values == 5
