"""Sessions end by themselves: some time after the last request, and some time after log-in."""

import datetime as dt
import time

from django.contrib.sessions.models import Session
from django.test import TestCase
from django.utils import timezone

from commitments.models import Agency
from tests.admin.forms import sent
from tests.factories import make_staff
from tracker.sessions import LOGGED_IN_AT, SEEN_AT

ROOT = "/en/admin/"
ADD = f"{ROOT}commitments/agency/add/"
PASSWORD = "correct horse battery"
IDLE, LONGEST = 120 * 60, 12 * 3600


class Ending(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.person = make_staff("administrator", username="zhao", password=PASSWORD)

    def setUp(self):
        self.client.post(f"{ROOT}login/", {"username": "zhao", "password": PASSWORD})

    def is_in(self):
        return self.client.get(ROOT).status_code == 200

    def change(self, **values):
        session = self.client.session
        session.update(values)
        session.save()

    def seconds_left(self):
        return (Session.objects.get().expire_date - timezone.now()).total_seconds()

    def test_it_ends_some_time_after_the_last_request(self):
        assert IDLE - 60 < self.seconds_left() <= IDLE
        Session.objects.update(expire_date=timezone.now())
        assert not self.is_in()

    def test_whoever_comes_back_before_puts_the_end_off(self):
        self.change(**{SEEN_AT: time.time() - 3_600})
        Session.objects.update(expire_date=timezone.now() + dt.timedelta(hours=1))
        answer = self.client.get(ROOT)
        assert answer.status_code == 200
        assert answer.cookies["sessionid"]["max-age"] == IDLE
        assert self.seconds_left() > IDLE - 60

    def test_not_each_request_is_written_down(self):
        before = Session.objects.get()
        assert self.is_in()
        assert Session.objects.get().expire_date == before.expire_date

    def test_it_ends_some_time_after_log_in_however_busy_somebody_is(self):
        self.change(**{LOGGED_IN_AT: time.time() - LONGEST + 60})
        assert self.is_in()
        self.change(**{LOGGED_IN_AT: time.time() - LONGEST})
        assert not self.is_in()

    def test_a_new_log_in_begins_anew_in_the_same_session(self):
        self.change(**{LOGGED_IN_AT: time.time() - LONGEST + 60})
        self.client.post(f"{ROOT}login/", {"username": "zhao", "password": PASSWORD})
        assert time.time() - self.client.session[LOGGED_IN_AT] < 60

    def test_one_that_does_not_say_when_it_began_has_ended(self):
        session = self.client.session
        del session[LOGGED_IN_AT]
        session.save()
        assert not self.is_in()

    def test_what_was_typed_meanwhile_is_not_lost(self):
        form = sent(self.client.get(ADD)) | {"code": "water", "name_zh": "水利局"}
        self.change(**{LOGGED_IN_AT: time.time() - LONGEST})
        page = self.client.post(ADD, form)
        self.assertContains(page, "What you typed is not lost", status_code=403)
        given = {"username": "zhao", "password": PASSWORD, "kept": page.context["kept"]}
        answer = self.client.post(f"{ROOT}login/", given)
        assert sent(self.client.get(answer["Location"]))["code"] == "water"
        assert not Agency.objects.exists()
