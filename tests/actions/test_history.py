"""What goes into the history, and that nobody takes it out again."""

import datetime as dt
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, InternalError, connection, transaction
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from commitments.actions.error_reports import handle
from commitments.actions.history import recorded
from commitments.actions.publishing import open_plan, publish
from commitments.actions.reviewing import approve, send_back, submit, take_back
from commitments.models import Entry, Observation
from commitments.models.append_only import GUARDS
from tests.factories import (
    make_agency,
    make_commitment,
    make_error_report,
    make_indicator,
    make_observation,
    make_plan,
    make_staff,
    make_target,
    make_user,
    moment,
)

AT = moment(dt.date(2026, 11, 24))


def entries(record=None):
    found = Entry.objects.of(record) if record is not None else Entry.objects.all()
    return [(entry.action, entry.name, entry.changes) for entry in found]


class Recording(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.by = make_user()
        cls.indicator = make_indicator(code="farms")
        cls.figure = make_observation(cls.indicator, 2023, 300, published=False)

    def recorded(self, *records, **kwargs):
        return recorded(records, by=self.by, at=AT, **kwargs)

    def test_an_update_in_bulk_is_seen(self):
        with self.recorded(self.figure, why="see the yearbook"):
            Observation.objects.filter(pk=self.figure.pk).update(value=Decimal("310.5"))
        [entry] = Entry.objects.of(self.figure)
        assert entry.changes == {"value": ["300", "310.5"]}
        assert (entry.action, entry.name) == ("changed", "farms 2023")
        assert (entry.by, entry.at, entry.why) == (self.by, AT, "see the yearbook")

    def test_nothing_changed_is_no_entry(self):
        with self.recorded(self.figure):
            self.figure.save()
        assert entries() == []

    def test_a_record_made_and_one_removed_keep_what_they_said(self):
        with self.recorded() as made:
            made.append(make_observation(self.indicator, 2024, 320, published=False))
        assert [*entries(made[0])[0][:2]] == ["created", "farms 2024"]
        assert entries(made[0])[0][2]["value"] == [None, "320"]
        kept = made[0].pk
        with self.recorded(made[0]):
            made[0].delete()
        last = Entry.objects.first()
        assert (last.action, last.record_id) == ("deleted", kept)
        assert last.changes["value"] == ["320", None]

    def test_records_chosen_are_named_by_their_codes(self):
        promise = make_commitment(supporting=[make_agency(code="water")])
        with self.recorded(promise):
            promise.supporting_agencies.add(make_agency(code="air"))
        assert entries(promise)[0][2] == {"supporting_agencies": [["water"], ["air", "water"]]}

    def test_a_password_is_said_to_have_changed_and_is_not_kept(self):
        person = make_user("somebody")
        with self.recorded(person):
            person.set_password("new secret")
            person.is_active = False
            person.save()
            person.groups.add(Group.objects.create(name="staff"))
        assert entries(person) == [
            (
                "changed",
                "somebody",
                {"password": ["", ""], "is_active": [True, False], "groups": [[], ["staff"]]},
            )
        ]

    def test_a_change_that_fails_leaves_no_entry_and_an_entry_no_failed_change(self):
        def fail():
            with self.recorded(self.figure):
                Observation.objects.filter(pk=self.figure.pk).update(value=1)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        self.figure.refresh_from_db()
        assert (self.figure.value, entries()) == (300, [])

    def test_thousands_are_written_in_few_queries(self):
        def change(count):
            made = Observation.objects.bulk_create(
                Observation(
                    indicator=self.indicator,
                    period="2023",
                    value=number,
                    published_on=dt.date(2024, 3, 1),
                    source_zh="公报",
                    created_at=AT,
                    created_by=self.by,
                )
                for number in range(count)
            )
            pks = [row.pk for row in made]
            with CaptureQueriesContext(connection) as queries, self.recorded(*made):
                Observation.objects.filter(pk__in=pks).update(is_provisional=True)
            assert Entry.objects.count() == count
            return len(queries)

        assert change(5000) <= 30


class Publishing(TestCase):
    def test_what_publishing_and_replacing_did_is_there(self):
        indicator = make_indicator(code="farms")
        old = make_observation(indicator, 2023, 300)
        new = make_observation(indicator, 2023, 310, published=False, at=AT)
        assert publish(new, by=make_user("reviewer"), at=AT).replaced == [old]
        assert entries(new) == [("published", "farms 2023", {"state": ["draft", "published"]})]
        assert entries(old)[0] == ("superseded", "farms 2023", {"replaced_by": [None, new.pk]})
        assert Entry.objects.of(new).get().by.username == "reviewer"

    def test_opening_a_plan_is_there(self):
        plan = make_plan(code="p", opened_on=None)
        open_plan(plan, by=make_user(), at=AT)
        assert entries(plan) == [("opened", "p", {"opened_on": [None, "2026-11-24"]})]


class Reviewing(TestCase):
    def test_the_way_to_the_public_is_told_step_by_step(self):
        agency = make_agency()
        indicator = make_target(make_commitment(lead_agency=agency)).indicator
        editor, reviewer = make_staff("editor", agency), make_staff("reviewer")
        figure = make_observation(indicator, 2024, 5, published=False, by=editor)
        submit([figure], by=editor, at=AT)
        take_back([figure], by=editor, at=AT)
        submit([figure], by=editor, at=AT)
        send_back([figure], by=reviewer, at=AT, note="单位有误")
        submit([figure], by=editor, at=AT)
        assert approve([figure], by=reviewer, at=AT)[0].is_done
        told = Entry.objects.of(figure).order_by("pk")
        assert [(entry.action, entry.by.username, entry.why) for entry in told] == [
            ("submitted", "editor", ""),
            ("taken_back", "editor", ""),
            ("submitted", "editor", ""),
            ("returned", "reviewer", "单位有误"),
            ("submitted", "editor", ""),
            ("published", "reviewer", ""),
        ]

    def test_of_a_readers_report_only_its_handling_is_kept(self):
        report = make_error_report(text="about somebody", email="a@example.org")
        handle(report, by=make_user(), at=AT, note="corrected")
        [entry] = Entry.objects.of(report)
        assert (entry.action, entry.name) == ("handled", report.reference)
        assert entry.changes == {"state": ["new", "handled"], "note": ["", "corrected"]}


class Guarded(TestCase):
    """The database itself refuses, whoever asks it."""

    def refused(self, act):
        with (
            pytest.raises((IntegrityError, InternalError), match=GUARDS[0].refusal),
            transaction.atomic(),
        ):
            act()

    def test_no_line_is_changed_or_removed(self):
        make_observation(make_indicator(), 2023, 300)
        line = Entry.objects.first()
        line.why = "another reason"
        self.refused(line.save)
        self.refused(line.delete)
        self.refused(Entry.objects.all().delete)
        self.refused(lambda: Entry.objects.update(why=""))
        self.refused(lambda: connection.cursor().execute("DELETE FROM commitments_entry"))
        line.refresh_from_db()
        assert line.why == ""


class SigningIn(TestCase):
    def test_logins_are_there_and_nothing_secret(self):
        person = make_user("somebody", password="right one", is_staff=True)
        page = "/en/admin/login/"
        self.client.post(page, {"username": "somebody", "password": "wrong one"})
        self.client.post(page, {"username": "right one", "password": "x"})
        self.client.post(page, {"username": "somebody", "password": "right one"})
        self.client.post("/en/admin/logout/")
        found = [*Entry.objects.order_by("pk").values_list("action", "by", "record_id", "name")]
        assert found == [
            ("login_failed", None, person.pk, "somebody"),
            ("login_failed", None, None, ""),
            ("logged_in", person.pk, person.pk, "somebody"),
            ("logged_out", person.pk, person.pk, "somebody"),
        ]
        assert "right one" not in str([*Entry.objects.values()])
