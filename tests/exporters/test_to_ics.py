import datetime as dt

from commitments.exporters.to_ics import Event, to_ics


def written(**fields):
    defaults = {
        "uid": "ZZ-001@example.org",
        "on": dt.date(2025, 12, 31),
        "changed_at": dt.datetime(2021, 11, 5, 9, tzinfo=dt.timezone(dt.timedelta(hours=8))),
        "summary": "到期",
        "description": "",
        "url": "https://example.org/",
    }
    return b"".join(to_ics("日历", [Event(**(defaults | fields))], language="zh-hans"))


def test_folds_at_75_octets_and_never_inside_a_character():
    text = "市级以上农业龙头企业达到350家㵲" * 20
    raw = written(summary=text)
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()
    assert text in raw.replace(b"\r\n ", b"").decode()


def test_folds_no_line_of_exactly_75_octets():
    raw = written(description="x" * (75 - len("DESCRIPTION;LANGUAGE=zh-hans:")))
    assert b"x\r\n " not in raw


def test_escapes_what_the_format_gives_a_meaning_to():
    raw = written(summary='a,b;c\\d\r\ne\x07f: "g"').replace(b"\r\n ", b"")
    assert b'SUMMARY;LANGUAGE=zh-hans:a\\,b\\;c\\\\d\\nef: "g"\r\n' in raw


def test_no_text_can_begin_a_line_of_its_own():
    for sign in ("\r", "\n", "\r\n", "\u2028", "\x85"):
        raw = written(summary=f"x{sign}END:VCALENDAR", url=f"https://example.org/{sign}END:V")
        assert raw.count(b"\r\nEND:V") == 2, repr(sign)


def test_tells_the_time_in_utc_and_the_day_without_one():
    raw = written()
    assert b"DTSTAMP:20211105T010000Z\r\n" in raw
    assert b"DTSTART;VALUE=DATE:20251231\r\nDTEND;VALUE=DATE:20260101\r\n" in raw
