"""Reminders by mail: who gets what, in which language, and never twice."""

import datetime as dt
import io

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings
from django.utils import timezone

from commitments.actions.reviewing import send_back, submit
from commitments.models import Appointment, Reminder
from commitments.reminding import letters, send
from tests.factories import (
    make_agency,
    make_commitment,
    make_milestone,
    make_observation,
    make_staff,
    make_target,
    make_update,
)
from tests.mail import KILLS, REFUSED, Killed
from tests.waiting import TODAY, YEAR, make_register

CHOOSY, UNREACHABLE = "tests.mail.Choosy", "tests.mail.Unreachable"
A_DAY = dt.timedelta(days=1)


def remind(*options):
    said, complained = io.StringIO(), io.StringIO()
    call_command("send_reminders", *options, stdout=said, stderr=complained)
    return said.getvalue() + complained.getvalue()


def recipients():
    return [address for message in mail.outbox for address in message.to]


@override_settings(SITE_ADDRESS="https://register.example")
class Reminders(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.ours = make_agency(name_zh="市农业农村局", name_en="Agriculture Bureau")
        cls.theirs = make_agency(name_zh="市教育局", name_en="Education Bureau")
        cls.made = make_register(cls.ours)
        cls.foreign = make_register(cls.theirs)
        cls.wang = cls.editor("wang", cls.ours, first_name="王小明")
        cls.reviewer = make_staff("reviewer", email="reviewer@example.org")

    @staticmethod
    def editor(name, agency, language="zh-hans", email=None, **fields):
        address = f"{name}@example.org" if email is None else email
        made = make_staff("editor", agency, username=name, email=address, **fields)
        Appointment.objects.filter(user=made).update(language=language)
        return made

    def returned(self, note):
        update = make_update(self.made["fresh"], published=False, by=self.wang)
        submit([update], by=self.wang, at=timezone.now())
        send_back([update], by=self.reviewer, at=timezone.now(), note=note)
        return update


class WhatIsSaid(Reminders):
    def test_everything_is_in_one_letter_in_chinese(self):
        update = self.returned("请附来源页码。\n再核对。")
        remind()
        [letter] = mail.outbox
        assert letter.to == ["wang@example.org"]
        assert letter.subject.startswith("承诺登记：您有")
        assert letter.body.startswith("王小明：\n\n退回待修改 (1)\n")
        for line in (
            f"https://register.example/admin/commitments/update/{update.pk}/change/",
            "退回意见：请附来源页码。 再核对。",
            "到期未报 (3)",
            f"{YEAR - 3}年数据：市级以上农业龙头企业数，自{YEAR - 2}年1月1日起应报",
            "节点“开工建设”，自",
            "数据未及时更新 (1)",
            "即将到期",
            "https://register.example/admin/\n",
        ):
            assert line in letter.body, line
        assert self.foreign["unreported"].code not in letter.body
        assert self.made["words"].code not in letter.body

    def test_speaks_the_language_of_the_appointment_and_links_there(self):
        self.editor("smith", self.theirs, "en")
        remind()
        letter = mail.outbox[1]
        assert letter.body.startswith("Dear smith,\n\nDue and not reported (3)\n")
        step = self.foreign["step"].pk
        address = f"https://register.example/en/admin/commitments/commitment/{step}/change/"
        assert address in letter.body

    def test_tells_of_what_is_due_soon_and_not_of_what_is_later(self):
        agency = make_agency()
        self.editor("soon", agency)
        promise = make_commitment(lead_agency=agency, due_year=2024)
        make_target(promise, due_period="2024")
        make_target(promise, due_period="2025")
        stepping = make_commitment(lead_agency=agency)
        make_milestone(stepping, due_on=dt.date(2024, 12, 31))
        monthly = make_commitment(lead_agency=agency, due_year=2026)
        make_observation(make_target(monthly, due_period=2026).indicator, 2022, 300)

        def told(day):
            found = [letter for letter in letters(day) if letter.user.username == "soon"]
            return [key.rpartition(":")[0] for letter in found for key in letter.keys]

        assert told(dt.date(2024, 11, 30)) == []
        codes = sorted(each.code for each in (promise, stepping, monthly))
        assert sorted(told(dt.date(2024, 12, 1))) == [f"soon:{code}" for code in codes[:2]]
        assert sorted(told(dt.date(2024, 12, 2))) == [f"soon:{code}" for code in codes]

    def test_only_editors_with_something_to_do_are_written_to(self):
        self.editor("idle", make_agency())
        gone = self.editor("gone", self.ours)
        gone.is_active = False
        gone.save()
        remind()
        assert recipients() == ["wang@example.org"]


class OnceAtMost(Reminders):
    def test_a_second_run_sends_nothing(self):
        assert "Reminders sent: 1." in remind()
        assert "Reminders sent: 0." in remind()
        assert len(mail.outbox) == 1

    def test_two_runs_that_read_at_once_send_one(self):
        [letter], [same] = letters(TODAY), letters(TODAY)
        assert send(letter, TODAY)
        assert not send(same, TODAY)
        assert len(mail.outbox) == 1

    @override_settings(EMAIL_BACKEND=CHOOSY)
    def test_killed_half_way_nobody_gets_it_twice_and_the_rest_get_theirs(self):
        self.editor("killed", self.ours, email=KILLS)
        self.editor("last", self.ours)
        with pytest.raises(Killed):
            remind()
        assert recipients() == ["wang@example.org", KILLS]
        remind()
        assert recipients() == ["wang@example.org", KILLS, "last@example.org"]

    @override_settings(EMAIL_BACKEND=CHOOSY)
    def test_a_refused_address_stops_no_other_and_the_exit_code_tells(self):
        self.editor("bad", self.ours, email=REFUSED)
        self.editor("last", self.ours)
        with pytest.raises(CommandError, match="Reminders not sent: 1"):
            remind()
        assert recipients() == ["wang@example.org", "last@example.org"]
        remind()
        assert len(mail.outbox) == 2

    def test_where_the_server_cannot_be_reached_a_later_run_sends_it(self):
        with (
            override_settings(EMAIL_BACKEND=UNREACHABLE),
            pytest.raises(CommandError, match="Reminders not sent: 1"),
        ):
            remind()
        assert not Reminder.objects.exists()
        remind()
        assert len(mail.outbox) == 1

    def test_the_next_day_brings_what_is_new_and_the_next_week_the_rest(self):
        remind()
        tomorrow, week = TODAY + A_DAY, TODAY + 7 * A_DAY
        [first] = Reminder.objects.all()
        # What is due stays the same on these days of the test.
        first.told += [key for letter in self.all_letters(tomorrow, week) for key in letter.keys]
        first.save()
        assert [*letters(tomorrow)] == []
        assert len([*letters(week)]) == 1
        self.returned("Say more.")
        assert len([*letters(tomorrow)]) == 1

    def all_letters(self, *days):
        Reminder.objects.update(sent_at=None)
        found = [letter for day in days for letter in letters(day)]
        Reminder.objects.update(sent_at=timezone.now())
        return found

    def test_what_may_not_have_arrived_is_told_again_the_next_day(self):
        remind()
        Reminder.objects.update(sent_at=None)
        assert [*letters(TODAY)] == []
        assert len([*letters(TODAY + A_DAY)]) == 1


class TryingFirst(Reminders):
    def test_a_dry_run_prints_all_and_sends_and_claims_nothing(self):
        said = remind("--dry-run")
        assert "To: wang@example.org\n承诺登记：您有" in said
        assert "到期未报 (3)" in said
        assert mail.outbox == []
        assert not Reminder.objects.exists()

    def test_who_has_no_address_is_named(self):
        self.editor("nomail", self.ours, email="")
        for options in (["--dry-run"], []):
            assert "nomail has no mail address." in remind(*options)
        assert recipients() == ["wang@example.org"]
