"""Log-in in two steps: set up, codes, recovery codes, the rule by role, and who may reset."""

import datetime as dt
import json
import threading
from urllib.parse import quote_plus

import pyotp
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client, TestCase, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.actions import second_factor
from commitments.models import Agency, Appointment, Entry, LogInRule, SecondFactor
from tests.admin.forms import sent
from tests.factories import make_agency, make_factor, make_staff, make_user

ROOT = "/en/admin/"
LOGIN, HERE, CODE = f"{ROOT}login/", f"{ROOT}second-factor/", f"{ROOT}second-factor/code/"
RULE = f"{ROOT}second-factor/rule/"
ADD = f"{ROOT}commitments/agency/add/"
PASSWORD = "correct horse battery"
NOT_ACCEPTED = "This code is not accepted."


def code_of(person, *, seed=None, ago=0):
    """What the person's app shows, or showed so many steps of half a minute ago."""
    seed = seed or SecondFactor.objects.get(user=person).seed
    totp = pyotp.TOTP(second_factor.secret_of(person, seed))
    return totp.at(timezone.now(), counter_offset=-ago)


class Steps(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.person = make_staff("administrator", username="zhao", password=PASSWORD)

    def log_in(self, person=None, **more):
        given = {"username": (person or self.person).username, "password": PASSWORD}
        return self.client.post(LOGIN, given | more)

    def set_up(self):
        """Through the pages; gives the recovery codes."""
        self.client.get(HERE)
        seed = self.client.session["second_factor_new"]
        answer = self.client.post(HERE, {"new_code": code_of(self.person, seed=seed)})
        return answer.context["codes"]

    def enter(self, code, **more):
        return self.client.post(CODE, {"code": code, **more})

    def is_in(self):
        return self.client.get(ROOT).status_code == 200


class SettingUp(Steps):
    def setUp(self):
        self.client.force_login(self.person)

    def test_the_key_is_shown_as_a_picture_as_text_and_as_an_address(self):
        page = self.client.get(HERE)
        seed = self.client.session["second_factor_new"]
        secret = second_factor.secret_of(self.person, seed)
        assert "".join(page.context["groups"]) == secret
        assert f"secret={secret}" in page.context["address"]
        self.assertContains(page, "otpauth://totp/")
        picture = self.client.get(f"{HERE}picture.svg")
        assert picture["Content-Type"] == "image/svg+xml"
        assert picture.content.startswith(b"<?xml")
        assert "no-store" in picture["Cache-Control"]
        assert "no-store" in page["Cache-Control"]

    def test_a_code_of_the_app_sets_it_up_and_gives_ten_codes_once(self):
        key = self.client.session.session_key
        codes = self.set_up()
        assert len({*codes}) == 10
        assert self.client.session.session_key != key
        assert self.is_in()
        self.assertNotContains(self.client.get(HERE), codes[0])
        entry = Entry.objects.get(kind="commitments.secondfactor")
        assert (entry.by, entry.action, entry.name) == (self.person, "created", "zhao")

    def test_a_wrong_code_sets_nothing_up_and_keeps_the_key(self):
        self.client.get(HERE)
        seed = self.client.session["second_factor_new"]
        self.assertContains(
            self.client.post(HERE, {"new_code": "000000x"}), "is not the code of the key above"
        )
        assert self.client.session["second_factor_new"] == seed
        assert not SecondFactor.objects.exists()

    def test_what_is_stored_gives_nobody_a_code(self):
        codes = self.set_up()
        factor = SecondFactor.objects.get()
        secret = second_factor.secret_of(self.person, factor.seed)
        row = SecondFactor.objects.values().get()
        kept = json.dumps([row, [*Entry.objects.values()]], default=str)
        kept += "".join(str(each.get_decoded()) for each in Session.objects.all())
        for told in (secret, pyotp.TOTP(secret).now(), *codes):
            assert told not in kept
            assert told.replace("-", "") not in kept
        assert factor.seed not in json.dumps([*Entry.objects.values()], default=str)
        with self.settings(SECRET_KEY="another" * 10):
            assert second_factor.secret_of(self.person, factor.seed) != secret

    def test_another_device_needs_a_code_of_the_old_one_too(self):
        codes = self.set_up()
        old = SecondFactor.objects.get().seed
        self.client.get(HERE)
        new = self.client.session["second_factor_new"]
        assert new != old
        given = {"new_code": code_of(self.person, seed=new)}
        self.assertContains(self.client.post(HERE, given), "This field is required.")
        self.assertContains(self.client.post(HERE, given | {"code": "1"}), NOT_ACCEPTED)
        assert SecondFactor.objects.get().seed == old
        answer = self.client.post(HERE, given | {"code": codes[0]})
        assert SecondFactor.objects.get().seed == new
        assert not {*answer.context["codes"]} & {*codes}
        assert self.is_in()

    def test_another_session_owes_a_code_of_the_new_device(self):
        other = Client()
        other.force_login(self.person)
        assert other.get(ROOT).status_code == 200
        self.set_up()
        answer = other.get(ROOT)
        assert answer["Location"] == f"{CODE}?next={quote_plus(ROOT)}"
        # Nor does the page of one's own device open it another way.
        self.assertRedirects(other.get(HERE), CODE)

    def test_new_recovery_codes_need_a_code_and_end_the_old_ones(self):
        old = self.set_up()
        address = f"{HERE}codes/"
        self.assertContains(self.client.post(address, {"code": "no"}), NOT_ACCEPTED)
        answer = self.client.post(address, {"code": old[0]})
        new = answer.context["codes"]
        at = timezone.now()
        assert not second_factor.takes(self.person, old[1], at=at)
        assert second_factor.takes(self.person, new[1], at=at)


class LoggingIn(Steps):
    def setUp(self):
        make_factor(self.person)

    def test_the_password_alone_opens_nothing(self):
        answer = self.log_in()
        assert answer["Location"] == ROOT
        assert self.client.get(ROOT)["Location"] == f"{CODE}?next={quote_plus(ROOT)}"
        page = self.client.get(CODE)
        self.assertContains(page, "Enter your code")
        self.assertNotContains(page, "Change password")
        self.assertRedirects(self.client.get(LOGIN), f"{CODE}?next={quote_plus(ROOT)}")
        assert not Entry.objects.filter(action="logged_in").exists()

    def test_a_code_finishes_the_log_in_and_changes_the_sessions_key(self):
        self.log_in()
        key = self.client.session.session_key
        answer = self.enter(code_of(self.person), next=RULE)
        self.assertRedirects(answer, RULE)
        assert self.client.session.session_key != key
        assert not Session.objects.filter(pk=key).exists()
        assert Entry.objects.get(action="logged_in").by == self.person

    def test_a_code_leads_to_no_other_site(self):
        for number, place in enumerate(("https://example.org/", "//example.org", "javascript:1")):
            SecondFactor.objects.update(last_step=number)
            self.log_in()
            self.assertRedirects(self.enter(code_of(self.person), next=place), ROOT)
            self.client.logout()

    def test_a_wrong_and_a_used_code_get_the_same_page(self):
        self.log_in()
        used = code_of(self.person)
        assert self.enter(used).status_code == 302
        self.client.logout()
        self.log_in()
        for code in (used, "000000x", "", "abcd-efgh-jkmn"):
            page = self.enter(code)
            assert page.status_code == 200
            told = "This field is required." if not code else NOT_ACCEPTED
            self.assertContains(page, told)
            assert not self.is_in()
        refused = Entry.objects.filter(action="login_failed")
        assert [entry.name for entry in refused] == ["zhao"] * 3

    def test_a_clock_may_be_off_by_one_step_and_no_more(self):
        at = timezone.now()
        for steps, is_taken in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
            SecondFactor.objects.update(last_step=0, wrong_in_a_row=0)
            code = pyotp.TOTP(second_factor.secret_of(self.person, "0" * 32)).at(
                at, counter_offset=steps
            )
            assert second_factor.takes(self.person, code, at=at) is is_taken, steps

    def test_an_older_code_is_not_taken_after_a_newer_one(self):
        at = timezone.now()
        totp = pyotp.TOTP(second_factor.secret_of(self.person, "0" * 32))
        assert second_factor.takes(self.person, totp.at(at), at=at)
        assert not second_factor.takes(self.person, totp.at(at, counter_offset=-1), at=at)

    def test_a_code_is_read_however_it_is_typed(self):
        self.log_in()
        code = code_of(self.person)
        wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
        self.enter(f"{wide[:3]} {wide[3:]}")
        assert self.is_in()

    def test_a_recovery_code_lets_in_once(self):
        codes = second_factor.renew_codes(self.person, at=timezone.now())
        self.log_in()
        assert self.enter(codes[3].upper()).status_code == 302
        assert self.is_in()
        self.assertContains(self.client.get(HERE), "9 recovery codes are left")
        self.client.logout()
        self.log_in()
        self.assertContains(self.enter(codes[3]), NOT_ACCEPTED)
        entry = Entry.objects.filter(kind="commitments.secondfactor").first()
        assert entry.changes == {"codes_left": [10, 9]}

    def test_a_former_key_of_the_installation_still_counts_and_a_lost_one_does_not(self):
        [code, *_rest] = second_factor.renew_codes(self.person, at=timezone.now())
        for given in (code_of(self.person), code):
            at = timezone.now()
            with self.settings(SECRET_KEY="new" * 20):
                assert not second_factor.takes(self.person, given, at=at)
            with self.settings(SECRET_KEY="new" * 20, SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
                assert second_factor.takes(self.person, given, at=at)

    def test_after_five_wrong_codes_none_is_looked_at_for_a_while(self):
        at = timezone.now()
        self.log_in()
        for _ in range(second_factor.FORGIVEN):
            self.assertContains(self.enter("1"), NOT_ACCEPTED)
        page = self.enter(code_of(self.person))
        self.assertContains(page, "No code is accepted now; try again in 1 minute.")
        assert not self.is_in()
        # Another node, another session: the count is the account's.
        later = at + second_factor.FIRST_PAUSE + dt.timedelta(minutes=1)
        assert not second_factor.takes(self.person, "1", at=later)
        with pytest.raises(second_factor.NoCodeTaken) as pause:
            second_factor.takes(self.person, "1", at=later)
        assert pause.value.until == later + second_factor.FIRST_PAUSE * 2

    def test_a_pause_is_a_day_at_most_and_a_right_code_ends_the_count(self):
        at = timezone.now()
        SecondFactor.objects.update(wrong_in_a_row=30_000, wrong_at=at)
        with pytest.raises(second_factor.NoCodeTaken) as pause:
            second_factor.takes(self.person, "1", at=at)
        assert pause.value.until == at + second_factor.LONGEST_PAUSE
        later = at + second_factor.LONGEST_PAUSE
        totp = pyotp.TOTP(second_factor.secret_of(self.person, "0" * 32))
        assert second_factor.takes(self.person, totp.at(later), at=later)
        assert SecondFactor.objects.get().wrong_in_a_row == 0

    def test_who_is_half_way_can_log_out(self):
        self.log_in()
        assert self.client.post(f"{ROOT}logout/").status_code == 200
        assert "_auth_user_id" not in self.client.session

    def test_a_form_typed_before_the_log_in_ran_out_comes_back_after_the_code(self):
        self.log_in()
        self.enter(code_of(self.person))
        form = sent(self.client.get(ADD)) | {"code": "water", "name_zh": "市水利局"}
        Session.objects.all().delete()
        page = self.client.post(ADD, form)
        answer = self.log_in(kept=page.context["kept"], next=ADD)
        step = self.client.get(answer["Location"])
        assert step["Location"].startswith(CODE)
        SecondFactor.objects.update(last_step=0)
        page = self.client.get(step["Location"])
        answer = self.enter(code_of(self.person), next=page.context["next"])
        assert sent(self.client.get(answer["Location"]))["name_zh"] == "市水利局"

    def test_a_form_sent_in_a_session_that_owes_a_code_is_kept_too(self):
        SecondFactor.objects.all().delete()
        self.client.force_login(self.person)
        form = sent(self.client.get(ADD)) | {"code": "water", "name_zh": "市水利局"}
        make_factor(self.person)
        answer = self.client.post(ADD, form)
        assert not Agency.objects.exists()
        page = self.client.get(answer["Location"])
        answer = self.enter(code_of(self.person), next=page.context["next"])
        assert sent(self.client.get(answer["Location"]))["name_zh"] == "市水利局"

    def test_the_same_in_chinese(self):
        self.log_in()
        page = self.client.get("/admin/", follow=True)
        self.assertContains(page, "请输入验证码")


class TheRule(Steps):
    def setUp(self):
        self.client.force_login(self.person)

    def test_every_role_has_its_box(self):
        names = {field.name for field in LogInRule._meta.get_fields()} - {"id"}
        assert names == {*Appointment.Role.values}

    def test_an_administrator_requires_it_by_role_and_the_history_says_so(self):
        assert self.client.post(RULE, {"reviewer": "on"}).status_code == 302
        entry = Entry.objects.get(kind="commitments.loginrule")
        assert entry.by == self.person
        assert entry.changes["reviewer"][1] is True
        self.client.post(RULE, {"reviewer": "on", "auditor": "on"})
        entry = Entry.objects.filter(kind="commitments.loginrule").first()
        assert entry.changes == {"auditor": [False, True]}

    def test_who_must_and_has_none_sets_one_up_before_anything_else(self):
        LogInRule.objects.create(pk=1, administrator=True)
        answer = self.client.get(RULE)
        assert answer["Location"] == f"{HERE}?next={quote_plus(RULE)}"
        self.assertContains(self.client.get(HERE), "Your role needs a second log-in step")
        self.set_up()
        assert self.client.get(RULE).status_code == 200

    def test_whose_role_is_not_named_goes_on_as_before(self):
        LogInRule.objects.create(pk=1, reviewer=True)
        assert self.is_in()

    def test_a_superuser_counts_as_an_administrator(self):
        LogInRule.objects.create(pk=1, administrator=True)
        self.client.force_login(make_user("root", is_staff=True, is_superuser=True))
        assert not self.is_in()

    def test_only_an_administrator_sees_and_makes_the_rule(self):
        for role in ("editor", "reviewer", "auditor"):
            self.client.force_login(make_staff(role))
            assert self.client.get(RULE).status_code == 403
            assert self.client.post(RULE, {role: "on"}).status_code == 403
        assert not LogInRule.objects.exists()

    def test_the_list_asks_the_database_the_same_for_three_as_for_one(self):
        with CaptureQueriesContext(connections["default"]) as one:
            self.client.get(RULE)
        for number in range(3):
            make_factor(make_staff("auditor", username=f"auditor {number}"))
        with self.assertNumQueries(len(one)):
            page = self.client.get(RULE)
        self.assertContains(page, "Forget it", count=3)


class Resetting(Steps):
    def setUp(self):
        self.client.force_login(self.person)
        self.other = make_staff("editor", make_agency(), username="wang")
        make_factor(self.other)

    def reset(self, person):
        return self.client.post(f"{HERE}{person.pk}/reset/")

    def test_an_administrator_lets_another_person_begin_anew(self):
        assert self.reset(self.other).status_code == 302
        assert not SecondFactor.objects.exists()
        entry = Entry.objects.get(kind="commitments.secondfactor", action="deleted")
        assert (entry.by, entry.name) == (self.person, "wang")

    def test_nobody_resets_their_own_nor_a_superusers(self):
        root = make_user("root", is_staff=True, is_superuser=True)
        make_factor(root)
        assert self.reset(root).status_code == 403
        self.set_up()
        assert self.reset(self.person).status_code == 403
        self.client.force_login(self.other)
        assert self.reset(self.person).status_code == 302
        assert SecondFactor.objects.count() == 3

    def test_the_command_is_for_the_last_administrator(self):
        call_command("reset_second_factor", "wang", verbosity=0)
        assert not SecondFactor.objects.exists()
        with self.assertRaisesMessage(CommandError, "nobody"):
            call_command("reset_second_factor", "nobody")


class AtOneMoment(TransactionTestCase):
    def test_one_code_sent_twice_is_taken_once(self):
        person = make_staff("auditor")
        make_factor(person)
        code, at = code_of(person), timezone.now()
        found, gate = [], threading.Barrier(2)

        def send():
            gate.wait()
            try:
                found.append(second_factor.takes(person, code, at=at))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=send) for _ in range(2)]
        for each in threads:
            each.start()
        for each in threads:
            each.join(timeout=60)
        assert sorted(found) == [False, True]
