"""A form that comes back without a login, or twice: nothing typed is lost, nothing done twice."""

import threading

from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client, TestCase, TransactionTestCase

from commitments.models import Agency, Entry, Observation, SentForm
from tests.admin.forms import sent
from tests.factories import (
    PDF,
    make_agency,
    make_observation,
    make_staff,
    make_target,
    make_user,
)

ADD = "/en/admin/commitments/agency/add/"
LOGIN = "/en/admin/login/"
PASSWORD = "correct horse battery"
TYPED = {"code": "water", "name_zh": "市水利局", "name_en": "Water Bureau", "note_zh": "说" * 500}


def staff(username):
    return make_user(username, password=PASSWORD, is_staff=True, is_superuser=True)


class Expired(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.person, cls.other = staff("first"), staff("other")

    def setUp(self):
        self.client.force_login(self.person)
        self.form = sent(self.client.get(ADD)) | TYPED

    def expire(self):
        Session.objects.all().delete()

    def log_in(self, page, username="first", **more):
        kept = page.context["kept"]
        given = {"username": username, "password": PASSWORD, "kept": kept, "next": ADD}
        return self.client.post(page.context["app_path"], given | more)

    def test_what_was_typed_comes_back_after_the_login(self):
        self.expire()
        page = self.client.post(ADD, self.form)
        self.assertContains(page, "What you typed is not lost", status_code=403)
        self.assertContains(page, 'name="kept"', status_code=403)
        assert not Agency.objects.exists()
        answer = self.log_in(page)
        assert answer.status_code == 302
        assert "water" not in answer["Location"]
        back = self.client.get(answer["Location"])
        self.assertContains(back, "What you had typed is back")
        shown = sent(back)
        assert {name: shown[name] for name in TYPED} == TYPED
        assert self.client.post(answer["Location"], shown).status_code == 302
        assert Agency.objects.get().note_zh == TYPED["note_zh"]
        assert "说说" not in str([*Entry.objects.exclude(kind="commitments.agency").values()])

    def test_a_change_comes_back_too_and_still_knows_what_it_was_opened_with(self):
        agency = make_agency(code="air")
        address = f"/en/admin/commitments/agency/{agency.pk}/change/"
        form = sent(self.client.get(address)) | {"name_en": "Air Bureau", "_why": "renamed"}
        self.expire()
        Agency.objects.update(name_en="Clean Air Bureau")
        answer = self.log_in(self.client.post(address, form))
        back = self.client.get(answer["Location"])
        assert sent(back)["name_en"] == "Air Bureau"
        self.assertContains(back, 'value="renamed"')
        assert self.client.post(answer["Location"], sent(back)).status_code == 409

    def test_a_text_whose_record_is_gone_meanwhile_is_shown_by_itself(self):
        draft = make_observation(make_target().indicator, 2024, 5, published=False)
        address = f"/en/admin/commitments/observation/{draft.pk}/change/"
        form = sent(self.client.get(address)) | {"note_zh": "核对过"}
        self.expire()
        draft.delete()
        answer = self.log_in(self.client.post(address, form))
        back = self.client.get(answer["Location"])
        self.assertContains(back, "核对过", status_code=409)

    def test_rows_below_come_back_too(self):
        target = make_target()
        address = f"/en/admin/commitments/observation/add/?indicator={target.indicator.pk}"
        form = sent(self.client.get(address)) | {"value": "many"}
        form["evidence-0-upload"] = SimpleUploadedFile("公报.pdf", PDF)
        self.expire()
        answer = self.log_in(self.client.post(address, form))
        back = self.client.get(answer["Location"])
        assert sent(back)["value"] == "many"
        self.assertContains(back, "公报.pdf")
        self.assertContains(back, "Choose it again")

    def test_a_wrong_password_loses_nothing(self):
        self.expire()
        page = self.client.post(ADD, self.form)
        page = self.log_in(page, password="wrong")
        assert page.status_code == 200
        answer = self.client.post(
            LOGIN, {"username": "first", "password": PASSWORD, "kept": page.context["kept"]}
        )
        assert sent(self.client.get(answer["Location"]))["code"] == "water"

    def test_another_person_is_told_and_does_not_get_it(self):
        self.expire()
        page = self.client.post(ADD, self.form)
        told = self.log_in(page, "other")
        self.assertContains(told, "was filled in by somebody else")
        assert "_auth_user_id" not in self.client.session
        answer = self.log_in(page, "other", drop_kept="on")
        assert answer.status_code == 302
        assert answer["Location"] == ADD
        assert "kept" not in self.client.session

    def test_the_first_person_can_still_log_in_after_another_tried(self):
        self.expire()
        page = self.client.post(ADD, self.form)
        self.log_in(page, "other")
        answer = self.log_in(page)
        assert sent(self.client.get(answer["Location"]))["code"] == "water"

    def test_a_text_waits_for_its_own_address_and_person_only(self):
        self.expire()
        answer = self.log_in(self.client.post(ADD, self.form))
        query = answer["Location"].partition("?")[2]
        elsewhere = self.client.get(f"/en/admin/commitments/theme/add/?{query}")
        assert "water" not in sent(elsewhere).values()
        self.client.force_login(self.other)
        assert sent(self.client.get(answer["Location"])).get("code", "") == ""

    def test_what_carries_no_token_of_ours_is_not_kept(self):
        self.expire()
        for token in ("", "x", "1:abc:def"):
            answer = self.client.post(ADD, self.form | {"_form": token})
            self.assertRedirects(answer, f"{LOGIN}?next={ADD}", fetch_redirect_response=False)

    def test_a_login_leads_to_no_other_site_but_to_the_desk(self):
        self.client.logout()
        for desk in ("/en/admin/", "/admin/"):
            for place in ("https://example.org/", "//example.org", "javascript:alert(1)", ""):
                given = {"username": "first", "password": PASSWORD, "next": place}
                answer = self.client.post(f"{desk}login/", given)
                self.assertRedirects(answer, desk, msg_prefix=place)
                self.client.logout()

    def test_a_forged_text_is_not_taken(self):
        self.expire()
        page = self.client.post(ADD, self.form)
        answer = self.log_in(page, kept=page.context["kept"][:-2] + "xx")
        self.assertRedirects(answer, ADD, fetch_redirect_response=False)

    def test_the_same_in_chinese(self):
        self.expire()
        page = self.client.post(ADD.removeprefix("/en"), self.form)
        self.assertContains(page, "您填写的内容没有丢失", status_code=403)


class RefusedForItsToken(TestCase):
    def setUp(self):
        self.person = staff("first")
        self.client = Client(enforce_csrf_checks=True)
        self.client.force_login(self.person)
        self.form = sent(self.client.get(ADD)) | TYPED

    def test_the_text_is_kept_and_leads_back_to_its_form(self):
        page = self.client.post(ADD, self.form)
        assert page.status_code == 403
        self.assertContains(page, "What you typed is kept", status_code=403)
        [address] = [part for part in page.content.decode().split('"') if "kept=" in part]
        back = self.client.get(address)
        assert sent(back)["code"] == "water"
        assert not Agency.objects.exists()
        form = sent(back) | {"csrfmiddlewaretoken": back.context["csrf_token"]}
        assert self.client.post(address, form).status_code == 302
        assert Agency.objects.get().code == "water"

    def test_without_a_login_it_goes_by_way_of_the_login_page(self):
        self.client.logout()
        page = self.client.post(ADD, self.form)
        self.assertContains(page, 'name="kept"', status_code=403)

    def test_a_form_of_another_site_keeps_nothing(self):
        theirs = Client()
        theirs.force_login(staff("other"))
        token = sent(theirs.get(ADD))["_form"]
        for form in (TYPED, TYPED | {"_form": token}, TYPED | {"_form": "made up"}):
            page = self.client.post(ADD, form)
            assert page.status_code == 403
            assert b"kept=" not in page.content
        assert "kept" not in self.client.session


class Twice(TestCase):
    def setUp(self):
        self.person = staff("first")
        self.client.force_login(self.person)
        self.form = sent(self.client.get(ADD)) | TYPED

    def test_a_second_click_leads_to_what_the_first_one_saved(self):
        assert self.client.post(ADD, self.form).status_code == 302
        answer = self.client.post(ADD, self.form, follow=True)
        agency = Agency.objects.get()
        change = f"/en/admin/commitments/agency/{agency.pk}/change/"
        assert answer.redirect_chain == [(change, 302)]
        self.assertContains(answer, "Nothing was done twice.")
        assert Entry.objects.of(agency).count() == 1

    def test_a_figure_sent_twice_is_there_and_submitted_once(self):
        target = make_target()
        editor = make_staff("editor", target.commitment.lead_agency)
        self.client.force_login(editor)
        address = "/en/admin/commitments/observation/add/"
        form = sent(self.client.get(address)) | {
            "indicator": target.indicator.pk,
            "period": "2023",
            "value": "5",
            "published_on": "2024-03-01",
            "source_zh": "公报",
            "_submit": "1",
        }
        first = self.client.post(address, form)
        second = self.client.post(address, form)
        assert (first.status_code, second.status_code) == (302, 302)
        assert Observation.objects.count() == 1

    def test_a_form_with_a_mistake_is_not_used_up(self):
        assert self.client.post(ADD, self.form | {"name_en": ""}).status_code == 200
        assert not SentForm.objects.exists()
        assert self.client.post(ADD, self.form).status_code == 302

    def test_who_goes_back_and_writes_more_is_not_told_it_was_saved(self):
        self.client.post(ADD, self.form)
        answer = self.client.post(ADD, self.form | {"note_zh": "又及"})
        assert answer.status_code == 200
        assert "code" in answer.context["adminform"].form.errors

    def test_a_form_of_another_person_is_saved_unremembered(self):
        self.client.force_login(staff("other"))
        assert self.client.post(ADD, self.form).status_code == 302
        assert not SentForm.objects.exists()


class AtOneMoment(TransactionTestCase):
    def test_two_clicks_save_one_record(self):
        person = make_user("first", is_staff=True, is_superuser=True)
        clients = [Client(), Client()]
        for client in clients:
            client.force_login(person)
        target = make_target()
        address = "/en/admin/commitments/update/add/"
        form = sent(clients[0].get(address)) | {
            "commitment": target.commitment.pk,
            "code": "news",
            "agency": target.commitment.lead_agency.pk,
            "dated_on": "2023-06-30",
            "text_zh": "开工",
        }
        found, gate = [], threading.Barrier(2)

        def save(client):
            gate.wait()
            try:
                found.append(client.post(address, form))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=save, args=[client]) for client in clients]
        for each in threads:
            each.start()
        for each in threads:
            each.join(timeout=60)
        assert [answer.status_code for answer in found] == [302, 302]
        [update] = target.commitment.updates.all()
        led = {answer["Location"] for answer in found}
        assert f"{address.removesuffix('add/')}{update.pk}/change/" in led
