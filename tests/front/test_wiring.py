"""The day that the front asks for with every request."""

import datetime as dt
from zoneinfo import ZoneInfo

from tracker.front.wiring import day_in

MIDNIGHT = dt.datetime(2027, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_a_day_begins_with_its_first_minute_where_the_register_stands():
    first = int(MIDNIGHT.timestamp()) // 60
    assert day_in(first - 1) == dt.date(2026, 12, 31)
    assert day_in(first) == dt.date(2027, 1, 1)
