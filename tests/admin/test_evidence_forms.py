"""Files on the forms of figures and updates."""

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.actions.reviewing import submit
from commitments.models import Entry, Evidence, Observation
from tests.admin.forms import sent
from tests.factories import (
    PDF,
    make_agency,
    make_commitment,
    make_evidence,
    make_observation,
    make_staff,
    make_target,
    make_user,
)

EN = "/en/admin/commitments/observation/"


class OnTheForm(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.staff = make_user("admin", is_staff=True, is_superuser=True)
        cls.target = make_target()
        cls.year = timezone.localdate().year - 1

    def setUp(self):
        self.client.force_login(self.staff)

    def form(self, **fields):
        page = sent(self.client.get(EN + "add/"))
        given = {
            "indicator": self.target.indicator.pk,
            "period": str(self.year),
            "value": "215",
            "published_on": f"{self.year + 1}-01-15",
            "source_zh": "统计公报",
        }
        return page | given | fields

    def upload(self, name="统计公报 第3页.pdf", content=PDF):
        return {"evidence-0-upload": SimpleUploadedFile(name, content)}

    def test_a_file_is_saved_with_the_figure_and_told_in_its_history(self):
        answer = self.client.post(EN + "add/", self.form(**self.upload()))
        assert answer.status_code == 302
        found = Evidence.objects.get()
        assert found.observation == Observation.objects.get()
        assert (found.name, found.size, found.added_by) == (
            "统计公报 第3页.pdf",
            len(PDF),
            self.staff,
        )
        with default_storage.open(found.file.name) as file:
            assert file.read() == PDF
        entry = Entry.objects.of(found.observation).get()
        assert entry.changes["evidence"] == [None, ["统计公报 第3页.pdf"]]
        told = self.client.get(f"{EN}{found.observation.pk}/history/")
        self.assertContains(told, "统计公报 第3页.pdf")
        page = self.client.get(f"{EN}{found.observation.pk}/change/")
        self.assertContains(page, f'href="{EN}{found.observation.pk}/evidence/{found.pk}/"')

    def test_a_file_that_is_not_what_it_says_is_refused_with_the_figure(self):
        answer = self.client.post(EN + "add/", self.form(**self.upload(content=b"MZ")))
        assert answer.status_code == 200
        self.assertContains(answer, "not a PDF file")
        assert not Evidence.objects.exists()
        assert not Observation.objects.exists()

    def test_files_too_large_are_not_dropped_in_silence(self):
        large = PDF + b" " * 11_000_000
        answer = self.client.post(EN + "add/", self.form(**self.upload(content=large)))
        self.assertContains(answer, "The file has more than 10 MB.")
        with override_settings(UPLOAD_MAX_BYTES=1_000_000):
            answer = self.client.post(EN + "add/", self.form(**self.upload(content=large)))
        self.assertContains(answer, "Nothing was saved: the files have more than 1 MB together.")
        assert sent(answer)["source_zh"] == "统计公报"
        assert not Observation.objects.exists()

    def test_a_mistake_elsewhere_asks_for_the_file_again(self):
        answer = self.client.post(EN + "add/", self.form(value="many", **self.upload()))
        self.assertContains(answer, "The file below was not kept. Choose it again:")
        self.assertContains(answer, "统计公报 第3页.pdf")

    def test_a_file_is_taken_from_a_draft(self):
        draft = make_observation(self.target.indicator, self.year, 5, published=False)
        found = make_evidence(draft)
        page = f"{EN}{draft.pk}/change/"
        data = sent(self.client.get(page)) | {"evidence-0-DELETE": "on"}
        assert self.client.post(page, data).status_code == 302
        assert not Evidence.objects.exists()
        assert Entry.objects.of(draft).first().changes == {"evidence": [[found.name], []]}

    def test_who_may_not_see_the_figure_does_not_get_its_file(self):
        draft = make_observation(self.target.indicator, self.year, 5, published=False)
        found = make_evidence(draft)
        address = f"{EN}{draft.pk}/evidence/{found.pk}/"
        other = make_commitment(lead_agency=make_agency())
        self.client.force_login(make_staff("editor", other.lead_agency))
        assert self.client.get(address).status_code in (302, 403, 404)
        self.client.force_login(make_staff("auditor"))
        answer = self.client.get(address)
        assert b"".join(answer.streaming_content) == PDF
        assert "no-store" in answer["Cache-Control"]
        assert self.client.get(f"{EN}{draft.pk}/evidence/{found.pk + 1}/").status_code == 404

    def test_many_files_cost_what_one_costs(self):
        draft = make_observation(self.target.indicator, self.year, 5, published=False)

        def queries():
            with CaptureQueriesContext(connection) as found:
                self.client.get(f"{EN}{draft.pk}/change/")
            return len(found)

        make_evidence(draft)
        one = queries()
        for number in range(5):
            make_evidence(draft, f"{number}.pdf")
        assert queries() == one

    def test_the_reviewer_is_led_to_the_file(self):
        agency = self.target.commitment.lead_agency
        editor = make_staff("editor", agency)
        draft = make_observation(self.target.indicator, self.year, 5, published=False, by=editor)
        found = make_evidence(draft)
        assert submit([draft], by=editor, at=timezone.now())[0].is_done
        self.client.force_login(make_staff("reviewer"))
        page = self.client.get(f"/en/admin/review/look/?record=observation-{draft.pk}")
        self.assertContains(page, f'href="{EN}{draft.pk}/evidence/{found.pk}/"')

    def test_a_lost_file_is_said_to_be_lost(self):
        draft = make_observation(self.target.indicator, self.year, 5, published=False)
        found = make_evidence(draft)
        default_storage.delete(found.file.name)
        answer = self.client.get(f"{EN}{draft.pk}/evidence/{found.pk}/", follow=True)
        self.assertContains(answer, "is not in the storage any more")
