"""The geometry of every drawing: numbers in, shapes out.

Shapes hold their coordinates as finished text, so that no page can write them in a reader's own
number format. Words, colours and units are for whoever draws.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise

Number = Decimal | float | int

# A chart is drawn at the width a small phone has, so that its text is never scaled down.
WIDTH, HEIGHT = 328, 212
# Beyond this many, dots hide the line they sit on; only those that say something are drawn.
MOST_DOTS = 12
_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


def px(number: float) -> str:
    """A coordinate as SVG reads it: one decimal at most, a full stop, never "-0"."""
    text = f"{number:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a series: `at` is where on the time axis, in months."""

    at: int
    value: Number
    is_provisional: bool = False
    is_failure: bool = False
    months: int = 12
    """How long the period is; only a chart of steps draws it."""


@dataclass(frozen=True, slots=True)
class Dot:
    x: str
    y: str
    is_provisional: bool = False
    is_failure: bool = False
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points, as the `points` of a polyline."""

    points: str
    is_provisional: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis: its coordinate and what stands there (a number or a year)."""

    place: str
    value: Number


@dataclass(frozen=True, slots=True)
class Label:
    """Where a word about a point goes, and which end of it the place is."""

    x: str
    y: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Box:
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Scale:
    """A value axis. `ticks` are round numbers; `is_reversed` puts the lowest on top."""

    low: float
    high: float
    ticks: tuple[Number, ...]
    is_reversed: bool = False

    def share(self, value: Number) -> float:
        """How far up the axis a value stands, 0 to 1."""
        share = (float(value) - self.low) / (self.high - self.low)
        return 1 - share if self.is_reversed else share


def scale_of(values: Iterable[Number], *, ceiling: Number | None = None, most: int = 5) -> Scale:
    """An axis of about `most` round ticks that holds every value; from zero where that is near.

    There is room for a word above the highest value, unless that would pass the natural `ceiling`.
    ValueError when there are no values.
    """
    numbers = [Decimal(str(value)) for value in values]
    if not numbers:
        raise ValueError("An axis needs at least one value.")
    low, high = min(numbers), max(numbers)
    if low >= 0 and low <= (high - low) * 2 / 3:
        low = Decimal(0)
    if high <= 0 and -high <= (high - low) / 2:
        high = Decimal(0)
    if low == high:
        room = abs(low) / 10 or Decimal(1)
        low, high = low - room, high + room
    step = _step((high - low) / (most - 1))
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = (high / step).to_integral_value(ROUND_CEILING)
    if last * step - high < step / 4 and (ceiling is None or (last + 1) * step <= ceiling):
        last += 1
    ticks = tuple(step * n for n in range(int(first), int(last) + 1))
    return Scale(float(ticks[0]), float(ticks[-1]), ticks)


def _step(least: Decimal) -> Decimal:
    """The smallest round number (1, 2, 2.5 or 5 and their tenfolds) that is not below `least`."""
    power = Decimal(1).scaleb(least.adjusted())
    return next(step * power for step in _STEPS if step * power >= least)


CLASSES = Scale(0.5, 6.5, (1, 2, 3, 4, 5, 6), is_reversed=True)
"""The axis of water quality classes: the best on top."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The plot inside a chart: where months and values fall."""

    left: float
    right: float
    top: float
    bottom: float
    first: int
    last: int
    scale: Scale

    def x(self, at: float) -> float:
        return self.left + (self.right - self.left) * (at - self.first) / (self.last - self.first)

    def y(self, value: Number) -> float:
        return self.bottom - (self.bottom - self.top) * self.scale.share(value)

    def line(self, points: Iterable[tuple[int, Number]]) -> str:
        return " ".join(f"{px(self.x(at))},{px(self.y(value))}" for at, value in points)


@dataclass(frozen=True, slots=True)
class LineChart:
    """A series over time against what was promised."""

    width: int
    height: int
    plot: Box
    y_ticks: tuple[Tick, ...]
    x_ticks: tuple[Tick, ...]
    strokes: tuple[Stroke, ...]
    dots: tuple[Dot, ...]
    other: str
    other_dots: tuple[Dot, ...]
    path: str
    path_dots: tuple[Dot, ...]
    limit: str
    limit_label: Label | None
    due: str
    due_label: Label | None
    last_label: Label | None
    fan: str
    zone: Box | None

    @property
    def right(self) -> str:
        return px(float(self.plot.x) + float(self.plot.width))

    @property
    def bottom(self) -> str:
        return px(float(self.plot.y) + float(self.plot.height))


@dataclass(frozen=True, slots=True)
class Fan:
    """Where a series may end up: from its last value to between `low` and `high` at `at`."""

    at: int
    low: Number
    high: Number


def line_chart(
    points: Sequence[Point],
    *,
    scale: Scale,
    path: Sequence[tuple[int, Number]] = (),
    other: Sequence[Point] = (),
    limit: Number | None = None,
    due: int | None = None,
    fan: Fan | None = None,
    left: float = 40,
    is_steps: bool = False,
    height: int = HEIGHT,
) -> LineChart:
    """Draw a series. `path` is the promised way, `other` a comparator, `limit` a level to reach.

    `left` is the room for the value axis' words. With `is_steps` each value holds for its whole
    period, and what is at or above `limit` on the axis is a zone; the axis' own words are then the
    only ones. ValueError without any place in
    time to draw.
    """
    months = [p.at for p in (*points, *other)] + [at for at, _ in path]
    months += [p.at - p.months for p in points] if is_steps else []
    months += [at for at in (due, fan.at if fan else None) if at is not None]
    if not months:
        raise ValueError("A chart needs at least one point, a path or a due month.")
    first, last = min(months), max(months)
    if first == last:
        first -= 12
    frame = Frame(left, WIDTH - 14, 26, height - 26, first, last, scale)
    ordered = sorted(points, key=lambda p: p.at)
    others = sorted(other, key=lambda p: p.at)
    strokes = _steps(frame, ordered) if is_steps else _strokes(frame, ordered)
    return LineChart(
        width=WIDTH,
        height=height,
        plot=Box(px(left), px(frame.top), px(frame.right - left), px(frame.bottom - frame.top)),
        y_ticks=tuple(Tick(px(frame.y(value)), value) for value in scale.ticks),
        x_ticks=_year_ticks(frame, due, middle=is_steps),
        strokes=strokes,
        dots=_dots(frame, ordered, middle=is_steps),
        other=frame.line((p.at, p.value) for p in others),
        other_dots=_dots(frame, others),
        path=frame.line(path) if len(path) > 1 else "",
        path_dots=tuple(Dot(px(frame.x(at)), px(frame.y(value))) for at, value in path),
        limit="" if limit is None or is_steps else px(frame.y(limit)),
        limit_label=None if is_steps else _limit_label(frame, limit, ordered),
        due="" if due is None else px(frame.x(due)),
        due_label=None if due is None else _top_label(frame, due),
        last_label=None if is_steps else _last_label(frame, ordered, limit),
        fan=_fan(frame, ordered, fan),
        zone=_zone(frame, limit) if is_steps and limit is not None else None,
    )


def _strokes(frame: Frame, points: Sequence[Point]) -> tuple[Stroke, ...]:
    """Lines between neighbours; those that lead to or from a provisional value apart."""
    runs: list[tuple[bool, list[Point]]] = []
    for before, after in pairwise(points):
        is_provisional = before.is_provisional or after.is_provisional
        if runs and runs[-1][0] == is_provisional:
            runs[-1][1].append(after)
        else:
            runs.append((is_provisional, [before, after]))
    return tuple(
        Stroke(frame.line((p.at, p.value) for p in run), is_provisional)
        for is_provisional, run in runs
    )


def _steps(frame: Frame, points: Sequence[Point]) -> tuple[Stroke, ...]:
    """A level for each period, joined where the next begins as the last one ends."""
    runs: list[tuple[bool, int, list[tuple[int, Number]]]] = []
    for point in points:
        level = [(point.at - point.months, point.value), (point.at, point.value)]
        if runs and runs[-1][:2] == (point.is_provisional, point.at - point.months):
            runs[-1] = (point.is_provisional, point.at, [*runs[-1][2], *level])
        else:
            runs.append((point.is_provisional, point.at, level))
    return tuple(Stroke(frame.line(run), is_provisional) for is_provisional, _, run in runs)


def _dots(frame: Frame, points: Sequence[Point], *, middle: bool = False) -> tuple[Dot, ...]:
    """A dot a value at its period's end, or in the middle where the whole period is drawn."""
    is_crowded = len(points) > MOST_DOTS
    return tuple(
        Dot(
            px(frame.x(p.at - p.months / 2 if middle else p.at)),
            px(frame.y(p.value)),
            is_provisional=p.is_provisional,
            is_failure=p.is_failure,
            is_last=p is points[-1],
        )
        for p in points
        if not is_crowded or p.is_provisional or p.is_failure or p is points[-1]
    )


def _year_ticks(frame: Frame, due: int | None, *, middle: bool) -> tuple[Tick, ...]:
    """Year ends, or the middles of years, counted back from the due one so that it is there."""
    first = -(-frame.first // 12) + middle
    last = frame.last // 12
    anchor = last if due is None else min(due // 12, last)
    room = (frame.right - frame.left) / 38
    step = next((s for s in (1, 2, 5, 10, 20, 50) if (last - first) / s <= room), 100)
    return tuple(
        Tick(px(frame.x(end * 12 - 6 * middle)), end - 1)
        for end in range(first, last + 1)
        if (end - anchor) % step == 0
    )


def _top_label(frame: Frame, at: int) -> Label:
    x = frame.x(at)
    anchor = "end" if x > (frame.left + frame.right) / 2 else "start"
    return Label(px(x), px(frame.top - 10), anchor)


def _limit_label(frame: Frame, limit: Number | None, points: Sequence[Point]) -> Label | None:
    """On the level's left end, on the side of it where the series does not start."""
    if limit is None:
        return None
    y = frame.y(limit)
    starts_above = bool(points) and frame.y(points[0].value) < y
    is_low = starts_above and y < frame.bottom - 18
    return Label(px(frame.left + 4), px(y + 14 if is_low else y - 6), "start")


def _last_label(frame: Frame, points: Sequence[Point], limit: Number | None) -> Label | None:
    """Above the last value, or below where the series falls or the words on top would be hit."""
    if not points:
        return None
    last = points[-1]
    x, y = frame.x(last.at), frame.y(last.value)
    above = y - 10
    if limit is not None and 0 < y - frame.y(limit) < 20:
        # Stand on the level to reach rather than across it.
        above = frame.y(limit) - 7
    is_falling = len(points) > 1 and frame.y(points[-2].value) < y
    is_below = above < frame.top + 4 or (is_falling and y < frame.bottom - 18)
    if is_below and not is_falling:
        # A rising line leaves room on its right.
        is_near_end = x > frame.right - 60
        return Label(px(frame.right if is_near_end else x), px(y + 21), ANCHOR[is_near_end])
    anchor = "end" if x > frame.right - 30 else "start" if x < frame.left + 30 else "middle"
    return Label(px(x), px(y + 19 if is_below else above), anchor)


ANCHOR = {True: "end", False: "start"}


def _fan(frame: Frame, points: Sequence[Point], fan: Fan | None) -> str:
    if fan is None or not points:
        return ""
    last = points[-1]
    return frame.line([(last.at, last.value), (fan.at, fan.high), (fan.at, fan.low)])


def _zone(frame: Frame, limit: Number) -> Box:
    """Everything from the best class down to the limit's own band."""
    bottom = frame.y(float(limit) + 0.5)
    return Box(px(frame.left), px(frame.top), px(frame.right - frame.left), px(bottom - frame.top))


# --- One row, one bar ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bar:
    """A value as a share of its limit, in percent of the bar's full length."""

    length: str
    limit: str


def bars(shares: Sequence[Number]) -> tuple[Bar, ...]:
    """Bars on one axis: each value's share of its own limit (1 is the limit)."""
    longest = max([1.25, *(float(share) * 1.05 for share in shares)])
    return tuple(
        Bar(px(max(0.0, float(share)) / longest * 100), px(100 / longest)) for share in shares
    )


# --- A line small enough for a row of a list ----------------------------------------------------

SPARK_WIDTH, SPARK_HEIGHT = 104, 32


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Values against the promised path, without axes. `steps` stands in for dated steps."""

    width: int
    height: int
    strokes: tuple[Stroke, ...] = ()
    path: str = ""
    limit: str = ""
    other: str = ""
    dots: tuple[Dot, ...] = ()
    goal: Dot | None = None
    steps: tuple[Dot, ...] = ()


def sparkline(
    points: Sequence[Point],
    path: Sequence[tuple[int, Number]] = (),
    *,
    limit: Number | None = None,
    other: Sequence[Point] = (),
    due: int | None = None,
    is_reversed: bool = False,
) -> Sparkline | None:
    """A small line, or None when there is no value to draw."""
    if not points:
        return None
    numbers = [float(p.value) for p in (*points, *other)]
    numbers += [float(value) for _, value in path]
    numbers += [] if limit is None else [float(limit)]
    low, high = min(numbers), max(numbers)
    if low == high:
        low, high = low - 1, high + 1
    months = [p.at for p in (*points, *other)] + [at for at, _ in path]
    months += [] if due is None else [due]
    first, last = min(months), max(months)
    if first == last:
        first -= 12
    frame = Frame(
        5,
        SPARK_WIDTH - 5,
        5,
        SPARK_HEIGHT - 5,
        first,
        last,
        Scale(low, high, (), is_reversed=is_reversed),
    )
    ordered = sorted(points, key=lambda p: p.at)
    others = sorted(other, key=lambda p: p.at)
    goal = None
    if due is not None and limit is not None:
        goal = Dot(px(frame.x(due)), px(frame.y(limit)))
    return Sparkline(
        width=SPARK_WIDTH,
        height=SPARK_HEIGHT,
        strokes=_strokes(frame, ordered),
        path=frame.line(path) if len(path) > 1 else "",
        limit="" if limit is None else px(frame.y(limit)),
        other=frame.line((p.at, p.value) for p in others) if len(others) > 1 else "",
        dots=_dots(frame, ordered)[-1:],
        goal=goal,
    )


def spark_steps(done: Sequence[bool], overdue: Sequence[bool]) -> Sparkline | None:
    """Dated steps in a row: `is_provisional` marks one still to be done, `is_failure` overdue."""
    if not done:
        return None
    room = (SPARK_WIDTH - 16) / max(len(done) - 1, 1)
    dots = tuple(
        Dot(
            px(8 + room * n),
            px(SPARK_HEIGHT / 2),
            is_provisional=not is_done,
            is_failure=is_late and not is_done,
        )
        for n, (is_done, is_late) in enumerate(zip(done, overdue, strict=True))
    )
    return Sparkline(SPARK_WIDTH, SPARK_HEIGHT, steps=dots)
