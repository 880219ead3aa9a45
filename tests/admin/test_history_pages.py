"""The history as staff read it: a page of each record, one of everything, and files of both."""

import csv
import io

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.actions.history import recorded
from commitments.models import Agency, Commitment, Entry
from tests.admin.forms import sent
from tests.factories import (
    make_agency,
    make_commitment,
    make_indicator,
    make_observation,
    make_target,
    make_user,
)

EN = "/en/admin/commitments/"


def rows(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return [*csv.reader(io.StringIO(text, newline=""))]


class OnTheForm(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.staff = make_user("admin", is_staff=True, is_superuser=True)
        cls.agency = make_agency(code="water", name_zh="市水利局", name_en="Water Bureau")

    def setUp(self):
        self.client.force_login(self.staff)

    def change_agency(self, **fields):
        given = {"code": "water", "name_zh": "市水利局", "name_en": "Water Bureau"}
        answer = self.client.post(f"{EN}agency/{self.agency.pk}/change/", given | fields)
        assert answer.status_code == 302

    def history(self, prefix="/en"):
        return self.client.get(f"{prefix}/admin/commitments/agency/{self.agency.pk}/history/")

    def test_an_edit_is_told_with_its_person_values_and_reason(self):
        self.change_agency(name_en="Water Resources Bureau", _why="it was renamed in 2025")
        [entry] = Entry.objects.of(self.agency)
        assert entry.changes == {"name_en": ["Water Bureau", "Water Resources Bureau"]}
        assert (entry.by, entry.why) == (self.staff, "it was renamed in 2025")
        page = self.history()
        for words in ("Changed", "admin", "Water Resources Bureau", "it was renamed in 2025"):
            self.assertContains(page, words)
        self.assertContains(self.history(""), "名称（英文）")

    def test_a_person_is_told_by_name_and_user_name(self):
        type(self.staff).objects.filter(pk=self.staff.pk).update(first_name="王小明")
        self.change_agency(name_en="Water Resources Bureau")
        self.assertContains(self.history(), "王小明 (admin)")
        self.assertContains(self.client.get(f"{EN}entry/"), "王小明 (admin)")

    def test_what_is_entered_with_its_inlines_is_told_for_each(self):
        promise = make_commitment(published=False, lead_agency=self.agency)
        target = make_target(promise, published=False)
        page = self.client.get(f"{EN}commitment/{promise.pk}/change/")
        data = sent(page)
        data["targets-0-value"] = "400"
        data["supporting_agencies"] = [self.agency.pk]
        answer = self.client.post(f"{EN}commitment/{promise.pk}/change/", data)
        assert answer.status_code == 302
        assert Entry.objects.of(target).get().changes == {"value": ["350", "400"]}
        assert Entry.objects.of(promise).get().changes == {"supporting_agencies": [[], ["water"]]}
        told = self.client.get(f"{EN}commitment/{promise.pk}/history/")
        self.assertContains(told, "Water Bureau (water)")

    def test_deleting_a_draft_is_told(self):
        draft = make_observation(make_indicator(code="farms"), 2024, 5, published=False)
        self.client.post(f"{EN}observation/{draft.pk}/delete/", {"post": "yes"})
        entry = Entry.objects.get(action="deleted")
        assert (entry.kind, entry.record_id) == ("commitments.observation", draft.pk)
        assert entry.changes["value"] == ["5", None]

    def test_the_file_of_a_record_has_a_line_for_each_field_and_is_told_itself(self):
        self.change_agency(name_en="Renamed", note_zh="=1+1", _why="原因")
        answer = self.client.get(f"/admin/commitments/agency/{self.agency.pk}/history.csv")
        found = rows(answer)
        assert found[0][:3] == ["时间", "人员", "操作"]
        told = {row[6]: (row[1], row[7], row[8], row[9]) for row in found[1:] if row[6]}
        assert told["名称（英文）"] == ("admin", "Water Bureau", "Renamed", "原因")
        assert told["说明（中文）"] == ("admin", "", "'=1+1", "原因")
        assert Entry.objects.filter(action="exported", record_id=self.agency.pk).exists()

    def test_a_record_that_is_not_there_has_no_history(self):
        for page in ("history/", "history.csv"):
            assert self.client.get(f"{EN}agency/999999/{page}").status_code == 302

    def test_who_may_not_see_a_record_does_not_see_its_history(self):
        self.client.force_login(make_user("outsider", is_staff=True))
        for page in ("history/", "history.csv"):
            answer = self.client.get(f"{EN}agency/{self.agency.pk}/{page}")
            assert answer.status_code in (302, 403)
            assert b"Water" not in answer.content


class OwnPassword(TestCase):
    def test_changing_it_is_told_and_it_is_not(self):
        person = make_user("first", password="an old long one", is_staff=True)
        self.client.force_login(person)
        given = {"new_password1": "a quite new one", "new_password2": "a quite new one"}
        page = "/en/admin/password_change/"
        refused = self.client.post(page, given | {"old_password": "wrong"})
        assert refused.status_code == 200
        assert not Entry.objects.filter(action="changed").exists()
        assert (
            self.client.post(page, given | {"old_password": "an old long one"}).status_code == 302
        )
        entry = Entry.objects.get(action="changed")
        assert (entry.by, entry.changes) == (person, {"password": ["", ""]})


class OverEverything(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.staff = make_user("auditor", is_staff=True, is_superuser=True)
        for code in ("one", "two"):
            with recorded([], by=cls.staff, at=timezone.now()) as made:
                made.append(make_agency(code=code))

    def setUp(self):
        self.client.force_login(self.staff)

    def test_the_list_leads_to_records_and_filters(self):
        page = self.client.get(EN + "entry/")
        first = Agency.objects.get(code="one")
        self.assertContains(page, f'href="{EN}agency/{first.pk}/history/"')
        page = self.client.get(EN + "entry/?action__exact=logged_in")
        self.assertNotContains(page, f'href="{EN}agency/{first.pk}/history/"')

    def test_the_file_has_what_the_filters_leave(self):
        found = rows(self.client.get(EN + "entry/history.csv?kind=commitments.agency&q=two"))
        assert {row[5] for row in found[1:]} == {"two"}
        assert {row[2] for row in found[1:]} == {"entered"}

    def test_nobody_changes_it_by_the_application(self):
        entry = Entry.objects.first()
        for page in (f"{entry.pk}/change/", f"{entry.pk}/delete/", "add/"):
            assert self.client.post(f"{EN}entry/{page}", {"why": "x"}).status_code == 403
        marked = {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"}
        self.client.post(EN + "entry/", marked)
        assert Entry.objects.filter(pk=entry.pk, why=entry.why).exists()

    def test_a_long_history_costs_what_a_short_one_costs(self):
        promise = make_commitment()

        def queries(name):
            with CaptureQueriesContext(connection) as found:
                page = self.client.get(f"{EN}commitment/{promise.pk}/{name}")
                b"".join(page)
            return len(found)

        def change(count):
            for number in range(count):
                with recorded([promise], by=self.staff, at=timezone.now()):
                    agency = make_agency(code=f"a{Agency.objects.count()}-{number}")
                    Commitment.objects.filter(pk=promise.pk).update(lead_agency=agency)

        change(1)
        few = queries("history/"), queries("history.csv")
        change(40)
        assert (queries("history/"), queries("history.csv")) == few
