"""What must hold for any facts at all."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Context, Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from commitments.domain.assessment import (
    assess_commitment,
    assess_target,
    boundaries,
    commitment_boundaries,
)
from commitments.domain.facts import Baseline, Milestone, Observation, Target
from commitments.domain.kinds import Kind, margin
from commitments.domain.outlook import outlook
from commitments.domain.periods import Frequency, Period
from commitments.domain.standards import STANDARDS
from commitments.domain.status import RANK, Flag, Status

EXACT = Context(prec=200)
FAVOURABLE = {Status.ACHIEVED, Status.ACHIEVED_LATE, Status.MET_EARLY}
BY_PACE = {Status.REVERSING, Status.OFF_TRACK, Status.BEHIND, Status.ON_TRACK, Status.MET_EARLY}
STANDARD = STANDARDS["GB3095-2012-grade2"]
PLAIN = (Kind.AT_LEAST, Kind.AT_MOST, Kind.RATIO, Kind.COVERAGE, Kind.ZERO)

numbers = st.one_of(
    st.decimals(-1000, 1000, places=2),
    st.integers(-5, 5).map(Decimal),
    st.decimals(Decimal("-9E29"), Decimal("9E29"), allow_nan=False, places=0),
    st.decimals(-1, 1, places=30),
)
small = st.decimals(-100, 400, places=1)
days = st.dates(date(2015, 1, 1), date(2035, 12, 31))
years = st.integers(2015, 2032).map(Period)
parts = st.sampled_from([(0, 1), (1, 2), (2, 2), (1, 4), (4, 4), (6, 12), (12, 12)])
periods = st.one_of(
    years, st.builds(lambda year, part: Period(year, *part), st.integers(2015, 2032), parts)
)


def rows(values=numbers, of=periods, items=("",)):
    return st.lists(
        st.builds(
            Observation,
            period=of,
            value=values,
            published_on=days,
            item=st.sampled_from(items),
            is_provisional=st.booleans(),
            definition=st.sampled_from(["", "", "", "new"]),
            is_secondary=st.booleans(),
            stated=st.sampled_from(["", "约"]),
            revision=st.integers(0, 2),
        ),
        max_size=8,
    )


@st.composite
def targets(draw, kinds=tuple(Kind), values=numbers, of=periods):
    kind = draw(st.sampled_from(kinds))
    due = draw(of)
    value = draw(values)
    if kind is Kind.CLASS_AT_OR_BETTER:
        value = Decimal(draw(st.integers(1, 6)))
    points = draw(st.dictionaries(of, values, max_size=2))
    if len({point.end_month for point in points}) != len(points):
        points = {}
    return Target(
        kind=kind,
        due=due,
        value=None if kind is Kind.ZERO else value,
        baseline=draw(st.none() | st.builds(Baseline, of, values)),
        set_on=draw(st.none() | days),
        first=due.next(-draw(st.integers(0, 5))) if draw(st.booleans()) else None,
        interim=tuple(points.items()),
        standard=STANDARD,
        resolution=draw(st.none() | values.map(abs)),
        frequency=draw(st.sampled_from(Frequency)),
        is_cumulative=draw(st.booleans()),
        floor=draw(st.none() | values),
        ceiling=draw(st.none() | values),
    )


items = ("", "PM2.5", "CO_p95", "O3_p90")
steps = st.lists(
    st.builds(Milestone, days, st.none() | days, st.none() | days),
    max_size=3,
)


@given(targets(), rows(items=items), rows(), steps, st.none() | days, days)
@settings(max_examples=100)
def test_any_facts_give_an_answer(target, own, other, milestones, withdrawn_on, day):
    whole = assess_commitment([(target, own, other)], milestones, withdrawn_on, as_of=day)
    assert whole.status in Status
    outlook(target, own, as_of=day)


@given(targets(kinds=(*PLAIN, Kind.CLASS_AT_OR_BETTER)), rows(), days)
@settings(max_examples=100)
def test_met_means_a_margin_of_zero_or_more_and_nothing_else_does(target, own, day):
    found = assess_target(target, own, as_of=day)
    if found.status in FAVOURABLE:
        assert margin(target.kind, found.judged.value, target.value) >= 0
    elif found.judged is not None and day < target.due.starts_on:
        assert found.margin < 0
    if found.margin is not None and found.status is Status.MISSED:
        assert found.margin < 0
        assert found.progress is None or found.progress < 1


@given(targets(), rows(items=items), rows(), steps, days)
@settings(max_examples=100)
def test_a_past_day_is_replayed_without_what_came_later(target, own, other, milestones, day):
    known = [row for row in own if row.published_on <= day]
    known_other = [row for row in other if row.published_on <= day]
    undone = [
        step if step.is_done(day) else replace(step, done_on=None, known_on=None)
        for step in milestones
    ]
    assert assess_commitment([(target, own, other)], milestones, as_of=day) == assess_commitment(
        [(target, known, known_other)], undone, as_of=day
    )
    assert outlook(target, own, as_of=day) == outlook(target, known, as_of=day)


@given(targets(), rows(items=items), rows(), steps, st.none() | days, days)
@settings(max_examples=100)
def test_between_two_boundary_days_the_answer_stays(
    target, own, other, milestones, withdrawn_on, day
):
    facts = [(target, own, other)]
    if day + timedelta(days=1) in commitment_boundaries(facts, milestones, withdrawn_on):
        return
    today, tomorrow = (
        assess_commitment(facts, milestones, withdrawn_on, as_of=at)
        for at in (day, day + timedelta(days=1))
    )
    assert timeless(today) == timeless(tomorrow)


def timeless(found):
    """The assessment without the day it was asked for."""
    parts = tuple(timeless(part) for part in found.parts)
    results = tuple(replace(item, assessment=timeless(item.assessment)) for item in found.items)
    return replace(found, as_of=date.min, parts=parts, items=results)


@given(targets(), rows(items=items), rows(), st.data())
@settings(max_examples=100)
def test_the_answer_stays_from_one_boundary_to_the_day_before_the_next(target, own, other, data):
    turns = sorted(boundaries(target, own, other))
    assume(turns)
    turn = data.draw(st.sampled_from(turns))
    following = [day for day in turns if day > turn]
    until = following[0] - timedelta(days=1) if following else turn + timedelta(days=900)
    first, last = (assess_target(target, own, as_of=day, comparator=other) for day in (turn, until))
    assert timeless(first) == timeless(last)


@given(
    kind=st.sampled_from(PLAIN),
    value=small,
    start=small,
    points=st.dictionaries(st.integers(2019, 2029).map(Period), small, max_size=2),
    resolution=st.none() | st.decimals(0, 20, places=1),
    is_cumulative=st.booleans(),
    year=st.integers(2018, 2029),
    figure=small,
    gain=st.decimals(0, 50, places=1),
)
@settings(max_examples=300)
def test_a_better_value_is_never_worse_among_the_statuses_that_depend_on_pace(
    kind, value, start, points, resolution, is_cumulative, year, figure, gain
):
    target = Target(
        kind,
        Period(2030),
        None if kind is Kind.ZERO else value,
        Baseline(Period(2018), start),
        interim=tuple(points.items()),
        resolution=resolution,
        is_cumulative=is_cumulative,
    )
    rising = kind in (Kind.AT_LEAST, Kind.COVERAGE)
    if kind is Kind.ZERO:
        assume(figure >= gain)
    better = figure + gain if rising else figure - gain
    before, after = (
        assess_target(
            target,
            [Observation(Period(year), number, date(year + 1, 3, 1))],
            as_of=date(year + 1, 6, 1),
        ).status
        for number in (figure, better)
    )
    if before in BY_PACE:
        # Only a stock that can not fall leaves the scale, at its better end.
        assert after in BY_PACE or (after is Status.ACHIEVED and is_cumulative)
        assert RANK[after] >= RANK[before]


@given(
    targets(kinds=PLAIN, values=small),
    rows(values=small),
    st.one_of(
        st.integers(-6, 6).map(lambda power: Decimal(10) ** power),
        st.decimals(Decimal("0.001"), 1000, places=3),
    ),
    days,
)
@settings(max_examples=100)
def test_units_change_nothing(target, own, factor, day):
    def scaled(number):
        return None if number is None else EXACT.multiply(number, factor)

    baseline = target.baseline
    other_units = replace(
        target,
        value=scaled(target.value),
        baseline=baseline and replace(baseline, value=scaled(baseline.value)),
        interim=tuple((at, scaled(point)) for at, point in target.interim),
        resolution=scaled(target.resolution),
    )
    rescaled = [replace(row, value=scaled(row.value)) for row in own]
    before = assess_target(target, own, as_of=day)
    after = assess_target(other_units, rescaled, as_of=day)
    for name in ("status", "reason", "flags", "progress", "expected", "pace"):
        assert getattr(before, name) == getattr(after, name)
    assert after.margin == scaled(before.margin)


@given(targets(), rows(items=items), rows(), days, st.randoms())
@settings(max_examples=100)
def test_the_order_of_the_rows_changes_nothing(target, own, other, day, random):
    before = assess_target(target, own, as_of=day, comparator=other)
    shuffled = list(own)
    random.shuffle(shuffled)
    after = assess_target(target, shuffled, as_of=day, comparator=other)
    assert (before.status, before.flags, before.margin) == (
        after.status,
        after.flags,
        after.margin,
    )


@given(targets(), rows(items=items), rows(), days)
@settings(max_examples=100)
def test_flags_are_never_repeated(target, own, other, day):
    found = assess_target(target, own, as_of=day, comparator=other)
    assert len(set(found.flags)) == len(found.flags)
    assert set(found.flags) <= set(Flag)
