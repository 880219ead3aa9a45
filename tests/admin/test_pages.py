"""Every page of the staff area answers, in both languages, at a cost that does not grow."""

import datetime as dt

from django.contrib import admin
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from commitments.models import Assessment, Entry, Observation
from commitments.models.workflow import Publishable
from tests.factories import (
    make_agency,
    make_amendment,
    make_commitment,
    make_commitments,
    make_error_report,
    make_issued_report,
    make_milestone,
    make_observation,
    make_plan,
    make_sheet_import,
    make_source,
    make_target,
    make_theme,
    make_update,
    make_user,
)

NO_ADDING = {"amendment", "assessment", "entry", "errorreport"}
STAFF = ("/admin/", "/en/admin/")


def registered():
    return {
        model._meta.model_name: model
        for model in admin.site._registry
        if model._meta.app_label == "commitments"
    }


class Pages(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.staff = make_user("admin", is_staff=True, is_superuser=True)
        plan = make_plan()
        commitment = make_commitment(plan=plan)
        target = make_target(commitment)
        cls.records = {
            "plan": plan,
            "sourcedocument": make_source(plan),
            "agency": make_agency(),
            "theme": make_theme(),
            "commitment": commitment,
            "indicator": target.indicator,
            "target": target,
            "milestone": make_milestone(commitment),
            "observation": make_observation(target.indicator),
            "update": make_update(commitment),
            "amendment": make_amendment(commitment),
            "errorreport": make_error_report(commitment),
            "sheetimport": make_sheet_import(cls.staff),
            "issuedreport": make_issued_report(plan, dt.date(2025, 3, 31)),
        }
        make_target(commitment, published=False)
        make_milestone(commitment, published=False)
        make_update(commitment, published=False)
        make_observation(target.indicator, 2024, published=False)
        cls.records["assessment"] = Assessment.objects.first()
        cls.records["entry"] = Entry.objects.first()

    def setUp(self):
        self.client.force_login(self.staff)

    def test_every_record_has_its_pages(self):
        assert registered().keys() == self.records.keys()
        for prefix in STAFF:
            for name, record in self.records.items():
                base = f"{prefix}commitments/{name}/"
                pages = ["", f"{record.pk}/change/", f"{record.pk}/history/", "?q=350"]
                for page in pages + ([] if name in NO_ADDING else ["add/"]):
                    with self.subTest(prefix + name, page=page):
                        assert self.client.get(base + page).status_code == 200

    def test_drafts_have_their_pages(self):
        for name, model in registered().items():
            if not issubclass(model, Publishable):
                continue
            for record in model.objects.unpublished():
                for prefix in STAFF:
                    address = f"{prefix}commitments/{name}/{record.pk}/change/"
                    with self.subTest(address):
                        self.assertContains(self.client.get(address), 'name="_submit"')

    def test_the_first_page_and_the_register_page_answer(self):
        for page in ("/admin/", "/en/admin/", "/admin/commitments/", "/en/admin/commitments/"):
            assert self.client.get(page).status_code == 200

    def test_each_language_has_its_words_and_leads_to_its_own_site(self):
        chinese = self.client.get("/admin/commitments/commitment/").content.decode()
        english = self.client.get("/en/admin/commitments/commitment/").content.decode()
        assert 'href="/en/admin/commitments/commitment/"' in chinese
        assert 'href="/admin/commitments/commitment/"' in english
        assert '<a href="/">' in chinese
        assert '<a href="/en/">' in english
        assert "承诺事项" in chinese
        assert "承诺事项" not in english

    def test_who_is_not_staff_is_sent_to_the_login(self):
        self.client.force_login(make_user("citizen"))
        for prefix in STAFF:
            for name, record in self.records.items():
                base = f"{prefix}commitments/{name}/"
                for page in ("", "add/", f"{record.pk}/change/", f"{record.pk}/correct/"):
                    address = base + page
                    with self.subTest(address):
                        self.assertRedirects(
                            self.client.get(address),
                            f"{prefix}login/?next={address}",
                            fetch_redirect_response=False,
                        )

    def test_a_nul_in_the_address_is_refused_in_words(self):
        for query in (
            "q=%00",
            "state__exact=%00",
            "version=%00",
            "commitment__plan__id__exact=%00",
        ):
            for name in self.records:
                with self.subTest(query, name=name):
                    answer = self.client.get(f"/en/admin/commitments/{name}/?{query}", follow=True)
                    self.assertContains(answer, "a character that no text can have")

    def test_a_guess_at_an_address_never_fails(self):
        for name in self.records:
            for page in ("%00/change/", "abc/change/", "99999999999999999999/change/"):
                address = f"/en/admin/commitments/{name}/{page}"
                with self.subTest(address):
                    assert self.client.get(address).status_code == 302
            for query in ("corrects=abc", "corrects=%00", "amends=999", "commitment=abc"):
                if name not in NO_ADDING:
                    address = f"/en/admin/commitments/{name}/add/?{query}"
                    with self.subTest(address):
                        assert self.client.get(address).status_code in (200, 302)

    def test_what_is_computed_is_only_read(self):
        assessment = self.records["assessment"]
        base = f"/en/admin/commitments/assessment/{assessment.pk}/"
        assert self.client.post(base + "change/", {"status": "achieved"}).status_code == 403
        assert self.client.post(base + "delete/", {"post": "yes"}).status_code == 403
        assert self.client.get("/en/admin/commitments/assessment/add/").status_code == 403
        assert Assessment.objects.filter(pk=assessment.pk, status=assessment.status).exists()


class QueryGrowth(TestCase):
    """One row costs what three hundred cost."""

    def setUp(self):
        self.client.force_login(make_user("admin", is_staff=True, is_superuser=True))

    def queries(self, name):
        with CaptureQueriesContext(connection) as found:
            answer = self.client.get(f"/admin/commitments/{name}/")
        assert answer.status_code == 200
        return len(found)

    def fill(self, count):
        made = make_commitments(count)
        for number in range(count):
            make_source(code=f"s{count}-{number}")
            make_agency(code=f"a{count}-{number}")
            make_theme(code=f"t{count}-{number}")
            make_plan(code=f"p{count}-{number}")
        record = {"state": "published", "created_at": made[0].created_at}
        record |= {"published_at": made[0].published_at, "created_by": made[0].created_by}
        record["published_by"] = made[0].created_by
        from commitments.models import Milestone, Update

        Milestone.objects.bulk_create(
            Milestone(
                commitment=each,
                code=f"{each.code}.m",
                title_zh="开工",
                title_en="Start",
                due_on=dt.date(2023, 1, 1),
                **record,
            )
            for each in made
        )
        Update.objects.bulk_create(
            Update(
                commitment=each,
                code=f"{each.code}.u",
                agency=each.lead_agency,
                dated_on=dt.date(2023, 1, 1),
                text_zh="进展",
                **record,
            )
            for each in made
        )

    def test_lists_ask_the_database_the_same_however_long_they_are(self):
        self.fill(1)
        one = {name: self.queries(name) for name in registered()}
        self.fill(3)
        few = {name: self.queries(name) for name in registered()}
        self.fill(300)
        many = {name: self.queries(name) for name in registered()}
        assert few == one
        assert many == one
        assert Observation.objects.count() == 304
