from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.charts import (
    CLASSES,
    HEIGHT,
    WIDTH,
    Fan,
    Point,
    bars,
    line_chart,
    px,
    scale_of,
    spark_steps,
    sparkline,
)

D = Decimal
YEAR = 12


def years(first, *values, **fields):
    """Annual values from a year on, each at the end of its year."""
    return [
        Point((first + n + 1) * YEAR, D(str(value)), **fields) for n, value in enumerate(values)
    ]


def places(points):
    return [tuple(float(part) for part in pair.split(",")) for pair in points.split()]


@pytest.mark.parametrize(
    ("number", "written"), [(3, "3"), (3.04, "3"), (3.25, "3.2"), (-0.01, "0"), (1234.5, "1234.5")]
)
def test_writes_a_coordinate_as_svg_reads_it(number, written):
    assert px(number) == written


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        (["210", "350"], ["200", "250", "300", "350", "400"]),
        (["0", "350"], ["0", "100", "200", "300", "400"]),
        (["1.92", "3"], ["1.5", "2", "2.5", "3", "3.5"]),
        (["-2", "3"], ["-2", "0", "2", "4"]),
        (["7"], ["6.0", "6.5", "7.0", "7.5", "8.0"]),
        (["0"], ["-1", "-0.5", "0", "0.5", "1.0", "1.5"]),
    ],
)
def test_an_axis_has_round_ticks_with_room_on_top(values, ticks):
    assert list(scale_of(map(D, values)).ticks) == [D(tick) for tick in ticks]


def test_an_axis_does_not_pass_the_natural_ceiling():
    assert scale_of([D(72), D(100)], ceiling=D(100)).ticks[-1] == 100


def test_an_axis_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one value"):
        scale_of([])


numbers = st.decimals(
    min_value=-(10**9), max_value=10**9, allow_nan=False, allow_infinity=False, places=6
)


@given(st.lists(numbers, min_size=1, max_size=20))
def test_an_axis_holds_every_value(values):
    scale = scale_of(values)
    assert scale.low <= float(min(values)) <= float(max(values)) <= scale.high
    assert len({b - a for a, b in pairwise(scale.ticks)}) == 1
    assert len(scale.ticks) <= 8


@given(st.lists(numbers, min_size=1, max_size=40), numbers)
def test_nothing_is_drawn_outside_the_chart(values, limit):
    scale = scale_of([*values, limit])
    chart = line_chart(years(2000, *values), scale=scale, limit=limit, due=2041 * YEAR)
    drawn = [(float(dot.x), float(dot.y)) for dot in chart.dots]
    for stroke in chart.strokes:
        drawn += places(stroke.points)
    drawn.append((float(chart.due), float(chart.limit)))
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in drawn)
    assert 0 < float(chart.last_label.y) < HEIGHT
    assert 0 < float(chart.limit_label.y) < HEIGHT


def test_draws_the_promised_path_from_baseline_to_due():
    path = [(2021 * YEAR, D(200)), (2024 * YEAR, D(300)), (2026 * YEAR, D(350))]
    chart = line_chart(
        years(2021, 230, 260),
        scale=scale_of([D(200), D(350)]),
        path=path,
        limit=D(350),
        due=2026 * YEAR,
    )
    ends = places(chart.path)
    assert len(ends) == len(chart.path_dots) == 3
    assert ends[0][0] == float(chart.plot.x)
    assert ends[-1] == (float(chart.right), float(chart.limit))
    assert chart.due == chart.right
    assert [tick.value for tick in chart.x_ticks] == [2020, 2021, 2022, 2023, 2024, 2025]


def test_a_line_to_a_provisional_value_is_drawn_apart():
    points = [*years(2020, 1, 2), Point(2023 * YEAR, D(3), is_provisional=True)]
    chart = line_chart(points, scale=scale_of([D(1), D(3)]))
    assert [stroke.is_provisional for stroke in chart.strokes] == [False, True]
    assert [dot.is_provisional for dot in chart.dots] == [False, False, True]
    assert chart.dots[-1].is_last


def test_years_are_counted_back_from_the_due_one():
    chart = line_chart(years(2020, 1), scale=scale_of([D(1)]), due=2036 * YEAR)
    assert [tick.value for tick in chart.x_ticks][-1] == 2035
    assert len(chart.x_ticks) <= 8


def test_a_single_value_without_a_due_date_can_be_drawn():
    chart = line_chart(years(2020, 5), scale=scale_of([D(5)]))
    assert (len(chart.dots), chart.strokes, chart.due) == (1, (), "")


def test_a_chart_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one point"):
        line_chart([], scale=scale_of([D(1)]))


def test_classes_are_steps_with_the_best_on_top_and_a_zone_that_meets():
    chart = line_chart(years(2021, 4, 3, 3), scale=CLASSES, limit=2, due=2025 * YEAR, is_steps=True)
    (steps,) = chart.strokes
    heights = [y for _, y in places(steps.points)]
    assert heights == sorted(heights, reverse=True)
    assert len(heights) == 6
    tops = [float(tick.place) for tick in chart.y_ticks]
    assert tops == sorted(tops)
    zone_ends = float(chart.zone.y) + float(chart.zone.height)
    assert tops[1] < zone_ends < tops[2]


def test_steps_with_a_gap_between_are_not_joined():
    points = [Point(2022 * YEAR, 3), Point(2025 * YEAR, 2)]
    assert len(line_chart(points, scale=CLASSES, is_steps=True).strokes) == 2


def test_many_values_have_a_line_but_only_the_last_a_dot():
    points = [Point(24000 + n, D(n % 7)) for n in range(60)]
    chart = line_chart(points, scale=scale_of([D(0), D(6)]))
    assert len(places(chart.strokes[0].points)) == 60
    assert [dot.is_last for dot in chart.dots] == [True]


def test_the_outlook_opens_from_the_last_value():
    chart = line_chart(
        years(2020, 1, 2), scale=scale_of([D(1), D(5)]), fan=Fan(2026 * YEAR, D(3), D(5))
    )
    start, high, low = places(chart.fan)
    assert start == (float(chart.dots[-1].x), float(chart.dots[-1].y))
    assert high[0] == low[0] == float(chart.right)
    assert high[1] < low[1]


def test_bars_share_one_axis_and_one_limit():
    found = bars([D("0.5"), D(1), D("1.5")])
    assert len({bar.limit for bar in found}) == 1
    limit = float(found[0].limit)
    assert float(found[0].length) < float(found[1].length) == limit < float(found[2].length) <= 100


def test_a_sparkline_needs_a_value():
    assert sparkline([]) is None
    assert spark_steps([], []) is None


def test_a_sparkline_ends_in_a_dot_and_knows_its_goal():
    spark = sparkline(years(2021, 1, 2), limit=D(4), due=2026 * YEAR)
    assert len(spark.dots) == 1
    assert float(spark.dots[0].x) < float(spark.goal.x)
    assert float(spark.goal.y) < float(spark.dots[0].y)


def test_steps_of_a_row_show_done_overdue_and_open():
    spark = spark_steps([True, False, False], [True, True, False])
    assert [(dot.is_provisional, dot.is_failure) for dot in spark.steps] == [
        (False, False),
        (True, True),
        (True, False),
    ]
