import datetime as dt

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    make_agency,
    make_commitment,
    make_commitments,
    make_milestone,
    make_observation,
    make_plan,
    make_source,
    make_target,
    make_theme,
    make_update,
    moment,
)


def read(response):
    """The events of a calendar as dictionaries of names to values, unfolded and unescaped."""
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    raw = b"".join(response)
    lines = raw.split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in raw.replace(b"\r\n", b"")
    text = raw.replace(b"\r\n ", b"").decode()
    events, event = [], None
    for line in text.split("\r\n"):
        name, _colon, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            event = {}
        elif line == "END:VEVENT":
            events.append(event)
            event = None
        elif event is not None:
            event[name.partition(";")[0]] = unescaped(value)
    return events


def unescaped(text):
    for sign, meant in (("\\n", "\n"), ("\\,", ","), ("\\;", ";"), ("\\\\", "\\")):
        text = text.replace(sign, meant)
    return text


class TestCalendars(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.plan = make_plan(code="zhuzhou")
        cls.farms = make_agency(code="farms", name_en="Farms, Fields; Bureau")
        cls.land = make_theme(code="land", name_en="Land")
        cls.firms = make_commitment(code="ZZ-001", title_en="Firms", lead_agency=cls.farms)
        make_target(cls.firms)
        make_target(cls.firms, value=7500)
        cls.bridge = make_commitment(code="ZZ-002", title_en="Bridge", due_year=2024)
        make_milestone(cls.bridge, title_en="Opening", due_on=dt.date(2024, 6, 30))
        make_commitment(code="ZZ-003", title_en="Green", due_year=2026)
        make_commitment(code="ZZ-004", title_en="Some day", due_year=None)
        hidden = make_commitment(code="ZZ-005", title_en="Secret", published=False)
        make_target(hidden)
        make_target(cls.bridge, published=False, due_period="2029")
        make_milestone(cls.bridge, published=False, title_en="Secret step")
        make_update(cls.firms, published=False, text_en="Secret words")

    def events(self, address="/en/calendar.ics", **query):
        return read(self.client.get(address, query))

    def test_has_a_day_for_every_due_date_and_step(self):
        assert [(each["DTSTART"], each["SUMMARY"]) for each in self.events()] == [
            ("20240630", "Step: Opening (ZZ-002 Bridge)"),
            ("20251231", "Due: ZZ-001 Firms"),
            ("20261231", "Due: ZZ-003 Green"),
        ]

    def test_an_event_lasts_that_day_and_says_what_is_due(self):
        due = self.events()[1]
        assert due == {
            "UID": "ZZ-001-due-2025-12-31@testserver",
            "DTSTAMP": "20211105T010000Z",
            "DTSTART": "20251231",
            "DTEND": "20260101",
            "SUMMARY": "Due: ZZ-001 Firms",
            "DESCRIPTION": (
                "Leading agricultural enterprises: ≥ 350 enterprises · 2025\n"
                "Leading agricultural enterprises: ≥ 7,500 enterprises · 2025\n"
                "Owed by: Farms, Fields; Bureau\nZhuzhou plan"
            ),
            "URL": "http://testserver/en/commitments/ZZ-001/",
            "TRANSP": "TRANSPARENT",
            "STATUS": "CONFIRMED",
        }

    def test_in_chinese(self):
        due = self.events("/calendar.ics")[1]
        assert due["SUMMARY"] == "到期：ZZ-001 市级以上农业龙头企业达到350家"
        assert due["URL"] == "http://testserver/commitments/ZZ-001/"
        assert due["UID"] == "ZZ-001-due-2025-12-31@testserver"

    def test_the_same_facts_give_the_same_bytes(self):
        first, second = (b"".join(self.client.get("/calendar.ics")) for _ in range(2))
        assert first == second

    def test_a_step_done_says_when(self):
        make_milestone(
            self.bridge,
            code="ZZ-002.x",
            due_on=dt.date(2023, 12, 31),
            done_on=dt.date(2023, 11, 2),
            done_published_on=dt.date(2023, 11, 5),
        )
        step = self.events()[0]
        assert step["DESCRIPTION"].startswith("Done on 2 November 2023\n")
        assert step["DTSTAMP"] == moment(dt.date(2023, 11, 5)).astimezone(dt.UTC).strftime(
            "%Y%m%dT%H%M%SZ"
        )

    def test_a_withdrawn_promise_is_cancelled(self):
        make_commitment(
            code="ZZ-006",
            withdrawn_on=dt.date(2024, 1, 1),
            withdrawn_document_zh="通知",
            due_year=2022,
        )
        assert next(each["STATUS"] for each in self.events()) == "CANCELLED"

    def test_follows_an_agency_a_theme_a_promise_and_a_filter(self):
        def codes(*args, **query):
            return [each["UID"].split("@")[0] for each in self.events(*args, **query)]

        assert codes(f"/en/agencies/{self.farms.code}/calendar.ics") == [
            "ZZ-002.m1-step",
            "ZZ-001-due-2025-12-31",
            "ZZ-003-due-2026-12-31",
        ]
        assert codes(f"/en/themes/{self.land.code}/calendar.ics") == codes()
        assert codes("/en/commitments/ZZ-001/calendar.ics") == ["ZZ-001-due-2025-12-31"]
        assert codes("/en/commitments/calendar.ics", q="Firms") == ["ZZ-001-due-2025-12-31"]

    def test_says_of_an_invented_plan_that_it_is(self):
        invented = make_plan(code="xulan", is_fictional=True)
        make_commitment(plan=invented, source=make_source(invented), code="XL-001", title_en="Sky")
        assert "XL-001" not in str(self.events())
        [event] = self.events(plan="xulan")
        assert event["SUMMARY"] == "[Fictional] Due: XL-001 Sky"

    def test_a_past_day_has_what_was_known_then(self):
        make_commitment(code="ZZ-007", title_en="Later", at=moment(dt.date(2023, 1, 1)))
        assert "Later" in str(self.events())
        assert "Later" not in str(self.events(as_of="2022-12-31"))

    def test_refuses_what_it_cannot_read(self):
        for address in (
            "/calendar.ics?plan=nowhere",
            "/commitments/calendar.ics?status=fine",
            "/commitments/ZZ-001/calendar.ics?as_of=never",
        ):
            assert self.client.get(address).status_code == 400, address
        for address in (
            "/commitments/ZZ-005/calendar.ics",
            "/agencies/nobody/calendar.ics",
            "/themes/nothing/calendar.ics",
        ):
            assert self.client.get(address).status_code == 404, address

    def test_never_shows_a_draft(self):
        make_observation(self.firms.targets.first().indicator, 2024, 999, published=False)
        text = str(self.events())
        assert "Secret" not in text
        assert "2029" not in text
        assert "999" not in text

    def test_never_shows_a_draft_on_a_rebuilt_day(self):
        late = make_plan(code="late", opened_on=dt.date(2026, 1, 1))
        source = make_source(late)
        shown = make_commitment(plan=late, source=source, code="LT-001", title_en="Shown")
        make_target(shown, at=moment(dt.date(2026, 1, 1)))
        make_target(shown, published=False, due_period="2029")
        make_milestone(shown, published=False, title_en="Secret step")
        events = self.events(plan="late", as_of="2024-01-01")
        assert [each["SUMMARY"] for each in events] == ["Due: LT-001 Shown"]

    def test_an_empty_register_has_an_empty_calendar(self):
        self.plan.opened_on = None
        self.plan.save()
        assert self.events() == []


class TestSize(TestCase):
    def test_asks_the_database_the_same_for_1_row_as_for_300(self):
        make_commitments(1)
        assert len(read(self.client.get("/calendar.ics"))) == 1
        with CaptureQueriesContext(connection) as one:
            b"".join(self.client.get("/calendar.ics"))
        for count in (2, 297):
            make_commitments(count)
            with self.assertNumQueries(len(one)):
                b"".join(self.client.get("/calendar.ics"))
        assert len(read(self.client.get("/calendar.ics"))) == 300
