"""Accounts and appointments: what an administrator gives, and cannot take."""

from django.contrib.auth import get_user_model

from commitments.models import Appointment, Entry
from tests import desk
from tests.factories import make_agency, make_staff, make_user

USERS = "/en/admin/auth/user/"


class People(desk.Desk):
    def setUp(self):
        self.client.force_login(make_staff("administrator", username="zhao"))

    def form(self, person, *appointments, **fields):
        held = Appointment.objects.filter(user=person).order_by("pk")
        given = {"username": person.username, "is_active": "on", **fields}
        given |= {"appointments-TOTAL_FORMS": len(appointments)}
        given |= {"appointments-INITIAL_FORMS": held.count()}
        for number, values in enumerate(appointments):
            given |= {f"appointments-{number}-user": person.pk}
            given |= {f"appointments-{number}-language": "zh-hans"}
            given |= {f"appointments-{number}-{name}": value for name, value in values.items()}
            if number < held.count():
                given[f"appointments-{number}-id"] = held[number].pk
        return given

    def save(self, person, *appointments, **fields):
        answer = self.client.post(
            f"{USERS}{person.pk}/change/", self.form(person, *appointments, **fields)
        )
        person.refresh_from_db()
        return answer

    def test_an_appointment_lets_a_person_in_and_its_end_keeps_them_out(self):
        person, agency = make_user("zhou"), make_agency()
        editor = {"role": "editor", "covers": "lead", "agencies": [agency.pk]}
        assert self.save(person, editor).status_code == 302
        assert person.is_staff
        assert [*Appointment.objects.get(user=person).agencies.all()] == [agency]
        self.save(person, editor | {"DELETE": "on"})
        assert not person.is_staff

    def test_only_an_editor_is_for_agencies_and_must_be(self):
        person, agency = make_user("zhou"), make_agency()
        self.assertContains(
            self.save(person, {"role": "editor", "covers": "lead"}),
            "Say which agencies the editor is for.",
        )
        self.assertContains(
            self.save(person, {"role": "auditor", "covers": "lead", "agencies": [agency.pk]}),
            "Only an agency editor is for some agencies.",
        )
        assert not Appointment.objects.filter(user=person).exists()

    def test_an_administrator_does_not_become_a_superuser_nor_take_over_one(self):
        zhao = get_user_model().objects.get(username="zhao")
        self.save(zhao, {"role": "administrator", "covers": "lead"}, is_superuser="on")
        assert not zhao.is_superuser
        address = f"{USERS}{self.staff.pk}/"
        given = {"password1": "correct horse battery", "password2": "correct horse battery"}
        assert self.client.post(f"{address}password/", given).status_code == 403
        assert self.client.post(f"{address}change/", {"username": "x"}).status_code == 403

    def test_how_a_superusers_password_is_kept_is_nobodys_to_read(self):
        page = self.client.get(f"/en/admin/auth/user/{self.staff.pk}/change/")
        self.assertNotContains(page, "algorithm")

    def test_the_form_of_a_new_person_is_in_chinese(self):
        page = self.client.get("/admin/auth/user/add/")
        for words in ("保存后可继续填写", "密码登录：", "密码至少12个字符。"):
            self.assertContains(page, words)
        for words in ("After you", "你的"):
            self.assertNotContains(page, words)

    def test_a_new_password_and_a_new_role_are_in_the_log(self):
        person = make_user("zhou")
        given = {"password1": "correct horse battery", "password2": "correct horse battery"}
        self.client.post(f"{USERS}{person.pk}/password/", given | {"usable_password": "true"})
        person.refresh_from_db()
        assert person.check_password("correct horse battery")
        assert "password" in Entry.objects.of(person).latest("pk").changes
        self.save(person, {"role": "auditor", "covers": "lead"})
        made = Entry.objects.get(kind="commitments.appointment")
        assert made.by.username == "zhao"
        assert made.changes["role"][1] == "auditor"

    def test_nobody_deletes_an_account(self):
        self.client.force_login(self.staff)
        person = make_user("zhou")
        assert self.client.post(f"{USERS}{person.pk}/delete/", {"post": "y"}).status_code == 403
        assert get_user_model().objects.filter(username="zhou").exists()
