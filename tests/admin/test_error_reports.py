from django.test import TestCase

from commitments.models import ErrorReport
from tests.factories import make_commitment, make_error_report, make_staff, make_user

DESK = "/en/admin/commitments/errorreport/"


class TestTheDesk(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.staff = make_user("staff", is_staff=True, is_superuser=True)
        cls.commitment = make_commitment(code="ZZ-001")
        cls.report = make_error_report(
            commitment=cls.commitment, text="<b>Wrong</b> & bad", email="who@example.org"
        )
        cls.other = make_error_report(text="Another")

    def setUp(self):
        self.client.force_login(self.staff)

    def test_the_first_page_counts_the_new_ones(self):
        self.assertContains(self.client.get("/en/admin/"), "2 new error reports from readers")
        self.assertContains(self.client.get("/admin/"), "2条新的纠错意见")
        ErrorReport.objects.all().delete()
        self.assertNotContains(self.client.get("/en/admin/"), "new error report")

    def test_an_editor_is_not_told_of_them(self):
        self.client.force_login(
            make_staff("editor", self.commitment.lead_agency, username="writer")
        )
        self.assertNotContains(self.client.get("/en/admin/"), "new error report")
        assert self.client.get(DESK).status_code == 403

    def test_a_reviewer_closes_them_and_an_auditor_only_reads(self):
        address = f"{DESK}{self.report.pk}/change/"
        self.client.force_login(make_staff("auditor"))
        self.assertContains(self.client.get(address), "who@example.org")
        assert self.client.post(address, {"note": "Seen."}).status_code == 403
        self.client.force_login(make_staff("reviewer"))
        assert self.client.post(address, {"note": "Corrected."}).status_code == 302
        self.report.refresh_from_db()
        assert self.report.handled_by.username == "reviewer"

    def test_a_report_is_shown_as_text_with_a_link_to_its_commitment(self):
        page = self.client.get(f"{DESK}{self.report.pk}/change/")
        self.assertContains(page, "&lt;b&gt;Wrong&lt;/b&gt; &amp; bad")
        self.assertContains(
            page, f'href="/en/admin/commitments/commitment/{self.commitment.pk}/change/"'
        )

    def test_is_closed_with_a_note_and_forgets_the_address(self):
        self.client.post(f"{DESK}{self.report.pk}/change/", {"note": "Corrected."})
        self.report.refresh_from_db()
        assert (self.report.state, self.report.note) == ("handled", "Corrected.")
        assert self.report.handled_by == self.staff
        assert self.report.handled_at is not None
        assert self.report.email == ""
        assert self.report.text == "<b>Wrong</b> & bad"

    def test_a_closed_one_is_only_read(self):
        address = f"{DESK}{self.report.pk}/change/"
        self.client.post(address, {"note": "First."})
        assert self.client.post(address, {"note": "Second."}).status_code == 403
        self.report.refresh_from_db()
        assert self.report.note == "First."

    def test_several_are_closed_from_the_list_with_one_note(self):
        chosen = [self.report.pk, self.other.pk]
        values = {"action": "mark_handled", "note": "Spam.", "_selected_action": chosen}
        page = self.client.post(DESK, values, follow=True)
        self.assertContains(page, "Reports marked as handled: 2")
        assert not ErrorReport.objects.new().exists()
        again = self.client.post(DESK, values | {"note": "Later."}, follow=True)
        self.assertContains(again, "was handled already")
        assert set(ErrorReport.objects.values_list("note", flat=True)) == {"Spam."}

    def test_is_not_closed_without_saying_what_was_done(self):
        one = self.client.post(f"{DESK}{self.report.pk}/change/", {"note": " \n"})
        self.assertContains(one, "This field is required.")
        chosen = {"action": "mark_handled", "note": " ", "_selected_action": [self.other.pk]}
        several = self.client.post(DESK, chosen, follow=True)
        self.assertContains(several, "Say first what was done")
        assert ErrorReport.objects.new().count() == 2

    def test_nobody_writes_one_here(self):
        assert self.client.get(f"{DESK}add/").status_code == 403
        assert (
            self.client.post(
                f"{DESK}{self.report.pk}/change/", {"note": "Done.", "text": "Rewritten"}
            ).status_code
            == 302
        )
        self.report.refresh_from_db()
        assert self.report.text == "<b>Wrong</b> & bad"
