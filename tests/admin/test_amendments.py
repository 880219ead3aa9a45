"""Changing what a published promise says of itself: by a document, and by two people."""

import datetime as dt

from django.utils import timezone

from commitments.models import Amendment, Assessment, Commitment, Entry
from commitments.models.workflow import State
from tests import desk
from tests.factories import make_agency, make_commitment, make_staff, make_target

BASE = "/en/admin/commitments/"


class Amending(desk.Desk):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.commitment = make_target(make_commitment(), due_period=2022).commitment
        cls.add = f"{BASE}amendment/add/?commitment={cls.commitment.pk}"

    def form(self, **fields):
        names = ("title_zh", "title_en", "quote", "quote_start", "due_year", "due_basis")
        given = {name: getattr(self.commitment, name) for name in (*names, "binding")}
        given |= {"source": self.commitment.source_id, "theme": self.commitment.theme_id}
        given |= {"lead_agency": self.commitment.lead_agency_id}
        given |= {"document_zh": "市政府文件〔2024〕1号", "reason_zh": "规划中期调整"}
        return {**given, **fields}

    def errors(self, **fields):
        answer = self.client.post(self.add, self.form(**fields))
        assert answer.status_code == 200, "the form was accepted"
        assert not Amendment.objects.exists()
        return answer.context["adminform"].form.errors

    def status(self):
        today = timezone.localdate()
        return Assessment.objects.get(
            commitment=self.commitment, starts_on__lte=today, ends_on__gt=today
        ).status

    def test_a_published_promise_is_only_read_and_leads_to_an_amendment(self):
        address = f"{BASE}commitment/{self.commitment.pk}/change/"
        page = self.client.get(address)
        self.assertContains(page, f'href="{self.add}"')
        self.assertNotContains(page, 'name="_save"')
        assert self.client.post(address, {"title_zh": "改"}).status_code == 403

    def test_the_form_begins_with_what_is_public(self):
        form = self.client.get(self.add).context["adminform"].form
        assert form["title_zh"].value() == self.commitment.title_zh
        assert form["due_year"].value() == 2025
        assert form["document_zh"].value() is None

    def test_needs_a_document_a_reason_and_a_change(self):
        assert {"document_zh", "reason_zh"} <= self.errors(document_zh="", reason_zh="").keys()
        assert self.errors()["__all__"] == ["Nothing of the promise is changed yet."]

    def test_what_the_promise_would_become_is_checked(self):
        assert "quote" in self.errors(quote="到2035年")
        assert "due_basis" in self.errors(due_basis="none")
        assert "due_year" in self.errors(due_year="soon")

    def test_changes_the_promise_once_another_person_has_published_it(self):
        agency = make_agency(name_en="Another bureau")
        given = self.form(due_year="2026", lead_agency=agency.pk, supporting_agencies=[agency.pk])
        self.client.post(self.add, {**given, "_submit": "1"})
        amendment = Amendment.objects.get()
        assert amendment.state == State.IN_REVIEW
        assert amendment.changes == {
            "lead_agency": [self.commitment.lead_agency.code, agency.code],
            "supporting_agencies": [[], [agency.code]],
            "due_year": [2025, 2026],
        }
        self.commitment.refresh_from_db()
        assert self.commitment.due_year == 2025
        self.client.force_login(self.reviewer)
        look = self.client.get("/en/admin/review/look/", {"record": f"amendment-{amendment.pk}"})
        self.assertContains(look, "<td>2025</td><td>2026</td>", html=True)
        self.assertContains(look, "Another bureau")
        self.decide(amendment)
        self.commitment.refresh_from_db()
        assert (self.commitment.due_year, self.commitment.lead_agency) == (2026, agency)
        assert [*self.commitment.supporting_agencies.all()] == [agency]
        told = Entry.objects.of(self.commitment).get(action=Entry.Action.CHANGED)
        assert (told.by, told.why) == (self.reviewer, "规划中期调整")

    def test_a_withdrawal_is_by_the_same_document(self):
        assert self.status() == "unreported"
        self.client.post(
            self.add,
            self.form(withdrawn_on="2024-01-01", document_url="https://a.example/1", _submit="1"),
        )
        answer = self.decide(Amendment.objects.get())
        self.assertContains(answer, "due, never reported → withdrawn")
        self.commitment.refresh_from_db()
        assert self.status() == "withdrawn"
        assert self.commitment.withdrawn_on == dt.date(2024, 1, 1)
        assert self.commitment.withdrawn_document_zh == "市政府文件〔2024〕1号"
        assert self.commitment.withdrawn_url == "https://a.example/1"

    def test_nobody_publishes_their_own(self):
        self.client.post(self.add, self.form(due_year="2026", _submit="1"))
        amendment = Amendment.objects.get()
        Amendment.objects.update(submitted_by=self.reviewer)
        self.assertContains(self.decide(amendment), "is your own work")
        self.commitment.refresh_from_db()
        assert self.commitment.due_year == 2025

    def test_one_at_a_time_and_it_is_gone_on_with(self):
        self.client.post(self.add, self.form(due_year="2026"))
        begun = f"{BASE}amendment/{Amendment.objects.get().pk}/change/"
        self.assertRedirects(self.client.get(self.add), begun)
        self.assertRedirects(self.client.post(self.add, self.form(due_year="2027")), begun)
        form = self.client.get(begun).context["adminform"].form
        assert form["due_year"].value() == 2026
        self.client.post(begun, self.form(due_year="2028"))
        assert Amendment.objects.get().changes == {"due_year": [2025, 2028]}

    def test_what_overtook_it_is_not_overwritten(self):
        self.client.post(self.add, self.form(due_year="2026", _submit="1"))
        Commitment.objects.filter(pk=self.commitment.pk).update(due_year=2030)
        answer = self.decide(Amendment.objects.get())
        self.assertContains(answer, "was amended after this was begun")
        self.commitment.refresh_from_db()
        assert self.commitment.due_year == 2030

    def test_only_a_published_promise_of_ones_own_is_amended(self):
        draft = make_commitment(published=False)
        theirs = make_commitment(lead_agency=make_agency())
        self.client.force_login(make_staff("editor", self.commitment.lead_agency, username="wang"))
        for asked in (draft.pk, theirs.pk, 999, "x"):
            with self.subTest(asked):
                address = f"{BASE}amendment/add/?commitment={asked}"
                self.assertRedirects(self.client.get(address), BASE + "commitment/")
                self.client.post(address, self.form(due_year="2026"))
        assert not Amendment.objects.exists()
        assert self.client.get(self.add).status_code == 200
