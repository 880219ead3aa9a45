"""Log-ins are locked after too many wrong passwords, for those who guess and not for the owner."""

import datetime as dt
from io import StringIO

from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.actions import locks
from commitments.models import Agency, Entry
from tests.admin.forms import sent
from tests.factories import make_staff, make_user

ROOT = "/en/admin/"
LOGIN, LOCKS, ADD = f"{ROOT}login/", f"{ROOT}locks/", f"{ROOT}commitments/agency/add/"
PASSWORD = "correct horse battery"
OFFICE, STRANGER = "192.0.2.7", "198.51.100.9"


class LogIns(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.person = make_staff("administrator", username="zhao", password=PASSWORD)

    def try_once(self, password="wrong", *, username="zhao", address=OFFICE, browser=None, **more):
        given = {"username": username, "password": password} | more
        return (browser or Client()).post(LOGIN, given, REMOTE_ADDR=address)

    def try_often(self, number, **more):
        return [self.try_once(**more).status_code for _each in range(number)]

    def known(self):
        """A browser in which the person has logged in, and out."""
        browser = Client()
        assert self.try_once(PASSWORD, browser=browser).status_code == 302
        del browser.cookies[settings.SESSION_COOKIE_NAME]
        return browser

    def later(self, **more):
        """Let time go by for all that is counted."""
        for row in AccessAttempt.objects.all():
            AccessAttempt.objects.filter(pk=row.pk).update(
                attempt_time=row.attempt_time - dt.timedelta(**more)
            )


class Locking(LogIns):
    def test_the_fifth_wrong_password_locks_and_the_right_one_is_not_looked_at(self):
        assert self.try_often(5) == [200, 200, 200, 200, 429]
        answer = self.try_once(PASSWORD)
        assert answer.status_code == 429
        assert answer.wsgi_request.user.is_anonymous
        assert 840 < int(answer["Retry-After"]) <= 900
        self.assertContains(answer, "None is looked at for 15 minutes", status_code=429)
        self.assertContains(answer, "Ask an administrator", status_code=429)
        assert "no-store" in answer["Cache-Control"]

    def test_the_page_is_in_chinese_at_the_chinese_address(self):
        self.try_often(5)
        given = {"username": "zhao", "password": PASSWORD}
        answer = Client().post("/admin/login/", given, REMOTE_ADDR=OFFICE)
        self.assertContains(answer, "15分钟内不再核对密码", status_code=429)

    def test_it_ends_by_itself_and_trying_meanwhile_does_not_put_it_off(self):
        self.try_often(5)
        self.later(minutes=14)
        assert self.try_once(PASSWORD).status_code == 429
        self.later(minutes=1)
        assert self.try_once(PASSWORD).status_code == 302

    def test_a_right_password_begins_anew(self):
        self.try_often(4)
        assert self.try_once(PASSWORD).status_code == 302
        assert self.try_often(4) == [200] * 4

    def test_a_stranger_elsewhere_does_not_lock_out_who_sits_in_the_office(self):
        self.try_often(9, address=STRANGER)
        assert self.try_once(PASSWORD).status_code == 302

    def test_guessing_from_many_places_is_stopped_but_not_for_a_known_browser(self):
        browser = self.known()
        for number in range(20):
            last = self.try_once(address=f"198.51.100.{number}")
        assert last.status_code == 429
        assert self.try_once(PASSWORD, address="203.0.113.1").status_code == 429
        assert self.try_once(PASSWORD, browser=browser).status_code == 302

    def test_one_network_of_version_six_is_one_address(self):
        for number in range(5):
            last = self.try_once(address=f"2001:db8:0:1::{number + 1}")
        assert last.status_code == 429
        assert self.try_once(PASSWORD, address="2001:db8:0:2::1").status_code == 302

    def test_an_office_behind_one_address_is_locked_only_by_very_many(self):
        for number in range(49):
            self.try_once(username=f"nobody-{number}")
        fresh = self.known()
        assert self.try_once(username="nobody-49").status_code == 429
        assert self.try_once(PASSWORD).status_code == 429
        assert self.try_once(PASSWORD, browser=fresh).status_code == 302
        assert self.try_once(PASSWORD, address=STRANGER).status_code == 302

    def test_an_account_of_ones_own_does_not_wipe_out_what_its_address_did(self):
        make_staff("editor", username="own", password=PASSWORD)
        for number in range(49):
            self.try_once(username=f"nobody-{number}")
        assert self.try_once(PASSWORD, username="own").status_code == 302
        assert self.try_once(username="nobody-49").status_code == 429

    def test_a_known_browser_is_locked_by_its_own_wrong_passwords_wherever_it_is(self):
        browser = self.known()
        for number in range(5):
            last = self.try_once(browser=browser, address=f"192.0.2.{number}")
        assert last.status_code == 429
        assert self.try_once(PASSWORD, browser=browser, address=STRANGER).status_code == 429
        assert self.try_once(PASSWORD).status_code == 302

    def test_a_browser_is_known_for_the_name_that_logged_in_there_alone(self):
        browser = self.known()
        make_staff("editor", username="qian", password=PASSWORD)
        for _each in range(5):
            last = self.try_once(browser=browser, username="qian")
        assert last.status_code == 429
        assert self.try_once(PASSWORD, username="qian").status_code == 429

    def test_a_forged_cookie_makes_no_known_browser(self):
        self.try_often(5)
        browser = self.known_by("zhao:1:forged")
        assert self.try_once(PASSWORD, browser=browser).status_code == 429

    def known_by(self, text):
        browser = Client()
        browser.cookies[settings.KNOWN_BROWSER_COOKIE_NAME] = text
        return browser

    def test_the_cookie_is_kept_from_scripts_and_names_nobody(self):
        answer = self.try_once(PASSWORD)
        cookie = answer.cookies[settings.KNOWN_BROWSER_COOKIE_NAME]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert "zhao" not in cookie.value
        assert settings.KNOWN_BROWSER_COOKIE_NAME not in self.try_once().cookies

    def test_behind_a_proxy_the_address_is_the_one_that_it_saw(self):
        with self.settings(BEHIND_PROXY=True):
            for number in range(5):
                self.forwarded("wrong", f"203.0.113.{number}, {STRANGER}")
            assert self.forwarded(PASSWORD, STRANGER).status_code == 429
            assert self.forwarded(PASSWORD, f"{STRANGER}, {OFFICE}").status_code == 302

    def forwarded(self, password, told):
        given = {"username": "zhao", "password": password}
        return Client().post(
            LOGIN, given, REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": told}
        )

    def test_what_was_typed_when_the_log_in_ran_out_survives_the_lock(self):
        browser = self.known()
        self.try_once(PASSWORD, browser=browser)
        form = sent(browser.get(ADD)) | {"code": "water", "name_zh": "水利局"}
        del browser.cookies[settings.SESSION_COOKIE_NAME]
        page = browser.post(ADD, form)
        for _each in range(5):
            page = self.try_once(browser=browser, kept=page.context["kept"])
        assert page.status_code == 429
        assert "Location" not in page.headers
        self.later(minutes=15)
        answer = self.try_once(PASSWORD, browser=browser, kept=page.context["kept"])
        assert sent(browser.get(answer["Location"]))["code"] == "water"
        assert not Agency.objects.exists()


class Telling(LogIns):
    def test_no_answer_tells_whether_an_account_is_there_or_may_log_in(self):
        make_staff("editor", username="gone", password=PASSWORD, is_active=False)
        make_user("citizen", password=PASSWORD)
        shown = []
        for username in ("zhao", "gone", "citizen", "nobody"):
            answers = [self.try_once(username=username) for _each in range(6)]
            texts = {answer.content.decode() for answer in answers}
            shown.append(
                [answer.status_code for answer in answers]
                + sorted({self.without_token(text).replace(username, "") for text in texts})
            )
        assert shown[1:] == shown[:1] * 3

    def test_the_right_password_of_who_may_not_log_in_is_refused_like_a_wrong_one(self):
        make_staff("editor", username="gone", password=PASSWORD, is_active=False)
        make_user("citizen", password=PASSWORD)
        for username in ("gone", "citizen"):
            codes = self.try_often(6, username=username, password=PASSWORD)
            assert codes == [200] * 4 + [429] * 2

    def test_each_name_is_as_much_work_for_the_database(self):
        make_staff("editor", username="gone", password=PASSWORD, is_active=False)
        made = []
        for username in ("zhao", "gone", "nobody"):
            with CaptureQueriesContext(connection) as queries:
                self.try_often(6, username=username)
            made.append(len(queries))
        assert made == made[:1] * 3

    def without_token(self, text):
        token = text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        return text.replace(token, "")

    def test_each_refusal_and_the_lock_are_in_the_history_once_and_tries_meanwhile_are_not(self):
        self.try_often(8)
        entries = Entry.objects.filter(name="zhao").order_by("pk").values_list("action", "by")
        assert [*entries] == [("login_failed", None)] * 5 + [("locked_out", None)]
        self.try_often(6, username="passw0rd typed here")
        assert "passw0rd" not in str([*Entry.objects.values()])

    def test_what_is_kept_names_nobody_and_goes_when_it_counts_no_more(self):
        self.try_once(username="passw0rd typed here", kept="a text", next="/en/admin/?q=secret")
        self.try_once()
        kept = str([*AccessAttempt.objects.values()])
        for told in ("passw0rd", "zhao", "wrong", "a text", "secret"):
            assert told not in kept
        self.try_once(PASSWORD)
        assert not AccessLog.objects.exists()
        self.later(minutes=15)
        call_command("clean_log_ins")
        assert not AccessAttempt.objects.exists()

    def test_a_name_with_a_nul_is_a_wrong_name(self):
        assert self.try_once(username="zh\0ao").status_code == 200


class Lifting(LogIns):
    def setUp(self):
        self.client.force_login(self.person)
        self.other = make_staff("editor", username="qian", password=PASSWORD)

    def test_an_administrator_sees_who_is_locked_out_and_lifts_it(self):
        self.assertContains(self.client.get(LOCKS), "Nobody is locked out now.")
        self.try_often(5, username="qian")
        page = self.client.get(LOCKS)
        assert [person for person, _until in page.context["people"]] == [self.other]
        self.client.post(LOCKS, {"person": self.other.pk})
        assert self.try_once(PASSWORD, username="qian").status_code == 302
        entry = Entry.objects.get(action="lock_lifted")
        assert (entry.by, entry.name) == (self.person, "qian")

    def test_a_lock_of_a_known_browser_and_one_from_many_places_are_seen_too(self):
        browser = Client()
        self.try_once(PASSWORD, username="qian", browser=browser)
        del browser.cookies[settings.SESSION_COOKIE_NAME]
        for number in range(5):
            self.try_once(username="qian", browser=browser, address=f"192.0.2.{number}")
        for number in range(20):
            self.try_once(address=f"198.51.100.{number}")
        people = [person for person, _until in locks.locked_people(timezone.now())]
        assert people == [self.other, self.person]

    def test_an_address_is_lifted_and_the_history_does_not_keep_it(self):
        for number in range(50):
            self.try_once(username=f"nobody-{number}")
        assert self.client.get(LOCKS).context["addresses"] == [OFFICE]
        self.client.post(LOCKS, {"address": OFFICE})
        assert self.try_once(PASSWORD, username="qian").status_code == 302
        assert OFFICE not in str([*Entry.objects.values()])
        assert Entry.objects.get(action="lock_lifted").by == self.person

    def test_the_operator_lifts_all_at_the_command_line(self):
        self.try_often(5, username="qian")
        call_command("axes_reset", stdout=StringIO())
        assert self.try_once(PASSWORD, username="qian").status_code == 302

    def test_nobody_else_lifts_a_lock(self):
        self.try_often(5, username="qian")
        for role in ("editor", "reviewer", "auditor"):
            self.client.force_login(make_staff(role, username=role))
            assert self.client.post(LOCKS, {"person": self.other.pk}).status_code == 403
        assert self.try_once(PASSWORD, username="qian").status_code == 429

    def test_the_page_asks_the_same_for_one_as_for_three(self):
        self.try_often(5, username="qian")
        with self.assertNumQueries(8):
            self.client.get(LOCKS)
        for name in ("sun", "li"):
            make_staff("editor", username=name)
            self.try_often(5, username=name)
        with self.assertNumQueries(8):
            self.client.get(LOCKS)
