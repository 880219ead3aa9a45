"""What a password may be, and that one set by somebody else is only for the first log-in."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client, TestCase

from commitments.actions.second_factor import reset
from commitments.models import LogInRule
from commitments.passwords import NearbyWordsValidator
from tests.admin.forms import sent
from tests.factories import make_factor, make_staff

ROOT = "/en/admin/"
LOGIN, CHANGE = f"{ROOT}login/", f"{ROOT}password_change/"
USERS, ADD = f"{ROOT}auth/user/", f"{ROOT}commitments/agency/add/"
FIRST, OWN = "correct horse battery", "wrong donkey charger"


@pytest.mark.parametrize(
    "password",
    [
        "Zhuzhou2026-register",
        "register.zhuzhou",
        "chengnuo!2021!admin",
        "株洲承诺200000000000",
        "password-ab12345678",
    ],
)
def test_a_password_of_nearby_words_is_refused(password):
    validator = NearbyWordsValidator(["register.zhuzhou.gov.example", "株洲承诺", "[::1]"])
    with pytest.raises(ValidationError):
        validator.validate(password)


@pytest.mark.parametrize("password", ["correct horse battery", "our register of good cheer", "1"])
def test_a_password_that_has_more_in_it_is_not_theirs_to_refuse(password):
    NearbyWordsValidator(["register.zhuzhou.gov.example"]).validate(password)


class First(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.administrator = make_staff("administrator", username="zhao", password=FIRST)
        cls.person = make_staff("administrator", username="qian", password=FIRST)

    def log_in(self, password, **more):
        return self.client.post(LOGIN, {"username": "qian", "password": password} | more)

    def set_by(self, person, password=OWN):
        browser = Client()
        browser.force_login(person)
        given = {"password1": password, "password2": password, "usable_password": "true"}
        answer = browser.post(f"{USERS}{self.person.pk}/password/", given)
        assert answer.status_code == 302

    def change(self, old, new, query=""):
        given = {"old_password": old, "new_password1": new, "new_password2": new}
        return self.client.post(f"{CHANGE}{query}", given)

    def test_one_that_an_administrator_has_set_is_changed_before_anything_else(self):
        self.set_by(self.administrator)
        self.log_in(OWN)
        answer = self.client.get(USERS)
        assert answer["Location"] == f"{CHANGE}?next=%2Fen%2Fadmin%2Fauth%2Fuser%2F"
        self.assertContains(self.client.get(answer["Location"]), "was set by somebody else")
        answer = self.change(OWN, FIRST, "?next=/en/admin/auth/user/")
        assert answer["Location"] == USERS
        assert self.client.get(USERS).status_code == 200
        self.client.logout()
        self.log_in(FIRST)
        assert self.client.get(USERS).status_code == 200

    def test_the_same_again_is_no_change(self):
        self.set_by(self.administrator)
        self.log_in(OWN)
        self.assertContains(self.change(OWN, OWN), "The new password is the old one")
        assert self.client.get(ROOT).status_code == 302

    def test_one_of_an_account_that_an_administrator_makes_is_for_the_first_log_in_too(self):
        browser = Client()
        browser.force_login(self.administrator)
        page = browser.get(f"{USERS}add/")
        given = sent(page) | {"username": "sun", "password1": OWN, "password2": OWN}
        given |= {"appointments-TOTAL_FORMS": 1, "appointments-0-role": "auditor"}
        given |= {"appointments-0-covers": "lead", "appointments-0-language": "zh-hans"}
        assert browser.post(f"{USERS}add/", given).status_code == 302
        self.client.post(LOGIN, {"username": "sun", "password": OWN})
        assert self.client.get(ROOT)["Location"].startswith(CHANGE)

    def test_ones_own_stays(self):
        self.log_in(FIRST)
        assert self.client.get(ROOT).status_code == 200
        answer = self.change(FIRST, OWN)
        assert answer["Location"] == f"{CHANGE}done/"
        self.client.logout()
        self.log_in(OWN)
        assert self.client.get(ROOT).status_code == 200

    def test_the_second_step_comes_first_and_the_set_up_of_one_last(self):
        make_factor(self.person)
        self.set_by(self.administrator)
        self.log_in(OWN)
        assert self.client.get(ROOT)["Location"].startswith(f"{ROOT}second-factor/code/")
        assert self.change(OWN, FIRST)["Location"].startswith(f"{ROOT}second-factor/code/")
        self.person.refresh_from_db()
        assert self.person.check_password(OWN)
        LogInRule.objects.create(pk=1, administrator=True)
        reset(self.person, by=self.administrator, at=self.person.date_joined)
        assert self.client.get(ROOT)["Location"].startswith(CHANGE)
        self.change(OWN, FIRST)
        assert self.client.get(ROOT)["Location"].startswith(f"{ROOT}second-factor/?")

    def test_a_form_that_was_open_meanwhile_comes_back_after_it(self):
        self.log_in(FIRST)
        form = sent(self.client.get(ADD)) | {"code": "water", "name_zh": "水利局"}
        self.set_by(self.administrator)
        page = self.client.post(ADD, form)
        answer = self.log_in(OWN, kept=page.context["kept"])
        answer = self.client.get(answer["Location"])
        assert answer["Location"].startswith(CHANGE)
        query = answer["Location"].removeprefix(CHANGE)
        answer = self.change(OWN, FIRST, query)
        assert sent(self.client.get(answer["Location"]))["code"] == "water"
