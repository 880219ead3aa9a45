"""A form of the staff area takes what it shows, and nothing else that somebody writes into it."""

from django.contrib.auth.models import User
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from commitments.models import Entry
from tests.factories import make_agency, make_sheet_import, make_staff
from tests.security.test_fuzzing import fields_of
from tests.staff_area import make_records

ROOT = "/en/admin/"
FORMS = ("commitment", "target", "milestone", "observation", "update", "amendment")
KEPT = ("plan", "sourcedocument", "agency", "theme", "indicator")
# Fields that an action alone may write, and the ids of somebody else.
WISHES = {
    "id": "999999",
    "pk": "999999",
    "state": "published",
    "published_at_0": "2020-01-01",
    "published_at_1": "00:00:00",
    "published_at": "2020-01-01 00:00:00",
    "superseded_at": "2020-01-01 00:00:00",
    "submitted_at": "2020-01-01 00:00:00",
    "returned_at": "2020-01-01 00:00:00",
    "created_at": "2020-01-01 00:00:00",
    "opened_on": "2020-01-01",
    "is_open": "on",
    "is_fictional": "on",
    "return_note": "zqx",
    "text_sha256": "0" * 64,
    "sha256": "0" * 64,
    "revision": "999999",
    "is_superuser": "on",
    "is_staff": "on",
    "user_permissions": "1",
    "groups": "1",
    "backend": "zqx",
}
# What the forms are for.
MEANT = {"plan": ("is_fictional", "opened_on")}
BY = ("created_by", "submitted_by", "published_by", "returned_by", "user", "by", "added_by")


def sent(fields):
    """What a browser would send, without the buttons that do something else than save."""
    return {name: value for name, value in fields.items() if not name.startswith("_")} | {
        name: value for name, value in fields.items() if name in ("_form", "_opened", "_version")
    }


class Wishes(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.ours, cls.theirs = make_agency(), make_agency()
        cls.editor = make_staff("editor", cls.ours)
        cls.administrator = make_staff("administrator")
        cls.records = make_records(cls.ours, cls.editor)
        cls.foreign = make_records(cls.theirs, make_staff("editor", cls.theirs, username="they"))
        cls.wishes = WISHES | dict.fromkeys(BY, str(cls.administrator.pk))

    def saved_with_wishes(self, kind, by):
        """What a record is before and after its form was sent with more than it has."""
        self.client.force_login(by)
        record = self.records[kind]
        address = f"{ROOT}commitments/{kind}/{record.pk}/change/"
        fields = fields_of(self.client.get(address).content.decode()).found
        meant = MEANT.get(kind, ())
        wished = {name: value for name, value in self.wishes.items() if name not in meant}
        before = type(record).objects.values().get(pk=record.pk)
        answer = self.client.post(address, sent(fields) | wished)
        assert answer.status_code == 302, (kind, answer.context and answer.context["errors"])
        return before, type(record).objects.values().get(pk=record.pk)

    def test_nothing_is_written_that_the_form_does_not_show(self):
        for kinds, by in ((FORMS, self.editor), (KEPT, self.administrator)):
            for kind in kinds:
                with self.subTest(kind):
                    before, after = self.saved_with_wishes(kind, by)
                    changed = {name for name in before if before[name] != after[name]}
                    assert changed <= {"changed_at", "changed_by_id"}
                    assert after.get("changed_by_id", by.pk) == by.pk

    def test_what_is_new_is_a_draft_of_who_wrote_it(self):
        self.client.force_login(self.editor)
        values = {
            "commitment": self.records["commitment"].pk,
            "code": "ZZ-777",
            "title_zh": "开工",
            "title_en": "Start",
            "due_on": "2023-12-31",
        }
        self.client.post(f"{ROOT}commitments/milestone/add/", values | self.wishes)
        [made] = self.records["commitment"].milestones.filter(code="ZZ-777")
        assert made.state == "draft"
        assert made.published_at is None
        assert made.created_by == self.editor
        assert made.pk != 999999

    def test_a_record_of_another_agency_is_not_moved_here_nor_one_of_ours_there(self):
        self.client.force_login(self.editor)
        theirs, ours = self.foreign["milestone"], self.records["milestone"]
        for record, other in (
            (theirs, self.records["commitment"]),
            (ours, self.foreign["commitment"]),
        ):
            values = {
                "commitment": other.pk,
                "code": record.code,
                "title_zh": "改",
                "title_en": "Changed",
                "due_on": "2023-12-31",
            }
            self.client.post(f"{ROOT}commitments/milestone/{record.pk}/change/", values)
            before = record.commitment_id
            record.refresh_from_db()
            assert record.commitment_id == before

    def test_a_row_below_the_form_is_its_own(self):
        """The number of another promise's draft, written into the rows of one's own."""
        self.client.force_login(self.editor)
        ours, theirs = self.records["commitment"], self.foreign["target"]
        address = f"{ROOT}commitments/commitment/{ours.pk}/change/"
        fields = fields_of(self.client.get(address).content.decode()).found
        given = sent(fields) | {
            "targets-TOTAL_FORMS": "1",
            "targets-INITIAL_FORMS": "1",
            "targets-0-id": str(theirs.pk),
            "targets-0-commitment": str(ours.pk),
            "targets-0-value": "1",
        }
        before = type(theirs).objects.values().get(pk=theirs.pk)
        self.client.post(address, given)
        assert type(theirs).objects.values().get(pk=theirs.pk) == before

    def test_nobody_makes_themselves_more_than_they_are(self):
        self.client.force_login(self.administrator)
        me = self.administrator
        address = f"{ROOT}auth/user/{me.pk}/change/"
        fields = fields_of(self.client.get(address).content.decode()).found
        self.client.post(address, sent(fields) | self.wishes)
        me = User.objects.get(pk=me.pk)
        assert not me.is_superuser
        assert not me.user_permissions.exists()
        before = User.objects.values().get(pk=self.editor.pk)
        self.client.force_login(self.editor)
        passwords = {"old_password": "x", "new_password1": "x", "new_password2": "x"}
        self.client.post(f"{ROOT}password_change/", passwords | self.wishes)
        after = User.objects.values().get(pk=self.editor.pk)
        assert {**after, "last_login": None} == {**before, "last_login": None}

    def test_an_import_is_of_who_uploads_it(self):
        self.client.force_login(self.editor)
        theirs = make_sheet_import(self.administrator)
        address = f"{ROOT}commitments/sheetimport/{theirs.pk}/apply/"
        self.client.post(address, self.wishes | {"mark": "x"})
        theirs.refresh_from_db()
        assert theirs.created_by == self.administrator
        assert not Entry.objects.filter(kind="commitments.sheetimport", action="changed").exists()


class Claims(TestCase):
    """What a browser says of a form's size and rows is a claim."""

    @classmethod
    def setUpTestData(cls):
        agency = make_agency()
        cls.editor = make_staff("editor", agency)
        cls.records = make_records(agency, cls.editor)

    def setUp(self):
        self.client.force_login(self.editor)

    def test_thousands_of_rows_cost_no_more_than_some(self):
        address = f"{ROOT}commitments/commitment/{self.records['commitment'].pk}/change/"
        fields = sent(fields_of(self.client.get(address).content.decode()).found)
        with CaptureQueriesContext(connection) as asked:
            answer = self.client.post(address, fields | {"targets-TOTAL_FORMS": "1999"})
        assert answer.status_code == 200
        assert len(asked) < 700

    def test_a_row_that_is_gone_breaks_no_page(self):
        for kind in ("observation", "update"):
            address = f"{ROOT}commitments/{kind}/{self.records[kind].pk}/change/"
            fields = sent(fields_of(self.client.get(address).content.decode()).found)
            wrong = {"evidence-0-id": "", "published_on": "x", "dated_on": "x"}
            answer = self.client.post(address, fields | wrong)
            assert answer.status_code == 200

    def test_a_row_that_never_was_breaks_no_page(self):
        self.client.force_login(make_staff("administrator"))
        address = f"{ROOT}commitments/indicator/{self.records['indicator'].pk}/change/"
        fields = sent(fields_of(self.client.get(address).content.decode()).found)
        claimed = {name: "9" for name in fields if name.endswith("-TOTAL_FORMS")}
        assert claimed
        answer = self.client.post(address, fields | claimed | {"name_zh": ""})
        assert answer.status_code == 200

    def test_a_filter_that_there_is_not_leads_back_to_the_list(self):
        self.client.force_login(make_staff("administrator"))
        for listed, file in (
            ("entry", "history.csv"),
            ("commitment", "export.csv"),
            ("observation", "export.xlsx"),
        ):
            for query in ("nothing=x", "nothing__plan=1", "q=a%00b", "p=x"):
                answer = self.client.get(f"{ROOT}commitments/{listed}/{file}?{query}", follow=True)
                assert answer.status_code == 200
                assert answer.request["PATH_INFO"].startswith(f"{ROOT}commitments/{listed}/"), query

    def test_a_search_for_what_no_text_has_is_answered_in_words(self):
        self.client.force_login(make_staff("administrator"))
        for place in ("commitments/commitment", "auth/user", "commitments/entry"):
            answer = self.client.get(f"{ROOT}{place}/?q=a%00b", follow=True)
            self.assertContains(answer, "a character that no text can have")
