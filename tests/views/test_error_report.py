import datetime as dt
import re
from html import unescape

import pytest
from django.core import signing
from django.db import IntegrityError, transaction
from django.test import Client, TestCase
from django.utils import timezone

from commitments.actions.error_reports import MOST_FROM_ALL, MOST_FROM_ONE
from commitments.models import ErrorReport, SendingCount
from commitments.views.error_report_form import SALT, new_key
from tests.factories import make_commitment, make_error_report, make_target, make_user

EN, ZH = "/en/report-error/", "/report-error/"
MARKUP = '<script>alert(1)</script> & "quoted" {{ x }}'


def typed(response, name="text"):
    """What the page shows again in a field."""
    html = response.content.decode()
    if name == "text":
        found = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", html, re.DOTALL)[1]
    else:
        found = re.search(rf'<input[^>]*name="{name}"[^>]*>', html)[0]
        found = (re.search(r'value="([^"]*)"', found) or ["", ""])[1]
    return unescape(found).replace("\r\n", "\n")


class Reports(TestCase):
    def setUp(self):
        # With Django's own check switched on: the form has to pass it without a cookie.
        self.client = Client(enforce_csrf_checks=True)

    def send(self, address=EN, *, key=None, headers=None, **values):
        values = {"text": "The figure for 2023 is 271.", "key": key or new_key()} | values
        return self.client.post(address, values, headers=headers or {})


class TestTheForm(Reports):
    def test_opens_without_an_account_or_a_cookie_and_is_not_kept_by_caches(self):
        for address, words in ((EN, "Report an error"), (ZH, "我要纠错")):
            page = self.client.get(address)
            self.assertContains(page, words)
            assert page.cookies == {}
            assert "no-store" in page["Cache-Control"]

    def test_is_prefilled_with_what_it_is_about(self):
        assert typed(self.client.get(EN, {"about": "ZZ-001"}), "place") == "ZZ-001"
        page = self.client.get(EN, {"about": MARKUP + "\0" + "x" * 500})
        assert typed(page, "place").startswith(MARKUP)
        assert len(typed(page, "place")) == 300
        assert "<script>" not in page.content.decode()

    def test_every_page_leads_to_it(self):
        make_commitment(code="ZZ-001")
        for address in ("/en/", "/en/commitments/ZZ-001/", "/en/nowhere/"):
            html = self.client.get(address).content.decode()
            about = address.replace("/", "%2F")
            assert f'href="/en/report-error/?about={about}"' in html
        past = self.client.get("/en/commitments/?as_of=2024-01-01").content.decode()
        assert "?about=%2Fen%2Fcommitments%2F%3Fas_of%3D2024-01-01" in past
        promise = self.client.get("/en/commitments/ZZ-001/").content.decode()
        assert 'href="/en/report-error/?about=ZZ-001"' in promise


class TestSending(Reports):
    def test_lands_on_the_desk_and_gives_a_reference_number(self):
        commitment = make_commitment(code="ZZ-001")
        answer = self.send(
            place="ZZ-001", source_url="www.example.org/book", email="reader@example.org"
        )
        report = ErrorReport.objects.get()
        self.assertRedirects(answer, f"/en/report-error/{report.reference}/")
        self.assertContains(self.client.get(answer["Location"]), report.reference)
        assert answer.cookies == {}
        assert report.text == "The figure for 2023 is 271."
        assert report.commitment == commitment
        assert report.source_url == "https://www.example.org/book"
        assert report.email == "reader@example.org"
        assert (report.state, report.language) == ("new", "en")

    def test_finds_the_commitment_by_its_code_or_its_page(self):
        commitment = make_commitment(code="ZZ-001")
        make_commitment(code="ZZ-002", published=False)
        for place, found in (
            ("ZZ-001", commitment),
            ("ZZ-001, the chart", commitment),
            ("/en/commitments/ZZ-001/", commitment),
            ("https://register.example/commitments/ZZ-001/?as_of=2024-01-01", commitment),
            ("ZZ-002", None),
            ("/plans/ZZ-001/", None),
            ("首页", None),
            ("", None),
        ):
            with self.subTest(place):
                ErrorReport.objects.all().delete()
                SendingCount.objects.all().delete()
                assert self.send(place=place).status_code == 302
                assert ErrorReport.objects.get().commitment == found

    def test_one_form_makes_one_report_however_often_it_is_sent(self):
        key = new_key()
        first, second = self.send(key=key), self.send(key=key)
        assert first["Location"] == second["Location"]
        assert ErrorReport.objects.count() == 1

    def test_what_is_added_after_going_back_is_a_report_of_its_own(self):
        key = new_key()
        first, second = self.send(key=key), self.send(key=key, text="And 2024 is wrong too.")
        assert first["Location"] != second["Location"]
        assert ErrorReport.objects.count() == 2

    def test_the_longest_that_is_taken_fits(self):
        answer = self.send(
            text="字" * 2_000,
            place="位" * 300,
            source_url="example.org/" + "x" * 1_988,
            email=f"{'x' * 60}@{'.'.join(['y' * 60] * 3)}.example",
        )
        assert answer.status_code == 302
        ErrorReport.objects.get().full_clean(exclude=["note"])

    def test_a_reference_that_was_never_given_is_not_found(self):
        for reference in ("AAAA-AAAA", "x", "%00"):
            assert self.client.get(f"{EN}{reference}/").status_code == 404

    def test_nothing_of_a_report_is_public(self):
        commitment = make_commitment(code="ZZ-001")
        make_target(commitment)
        make_error_report(commitment=commitment, text="Hidden words", email="who@example.org")
        for address in (
            "/en/",
            "/en/commitments/ZZ-001/",
            "/en/commitments/",
            "/en/changes/",
            "/en/feed.atom",
            "/en/commitments.json",
            EN,
            f"{EN}{ErrorReport.objects.get().reference}/",
        ):
            answer = self.client.get(address)
            assert answer.status_code == 200, address
            body = b"".join(answer) if answer.streaming else answer.content
            assert b"Hidden words" not in body
            assert b"who@example.org" not in body


class TestNothingTypedIsLost(Reports):
    def refused(self, status=400, **values):
        answer = self.send(**values)
        assert answer.status_code == status
        assert not ErrorReport.objects.exists()
        return answer

    def test_when_the_text_is_missing(self):
        answer = self.refused(text=" \n ", place="ZZ-001")
        self.assertContains(answer, "Please say what is wrong.", 2, 400)
        assert typed(answer, "place") == "ZZ-001"

    def test_when_it_is_too_long(self):
        text = "数字不对。" * 2000
        answer = self.refused(text=text)
        self.assertContains(answer, "This has 10000 characters; at most 2000", 2, 400)
        assert typed(answer) == text

    def test_lines_count_as_the_reader_counts_them(self):
        assert self.send(text="x\r\n" * 1000).status_code == 302

    def test_when_an_address_cannot_be_one(self):
        for source in ("javascript:alert(1)", "the yearbook, page 3", "ftp://example.org/x"):
            answer = self.refused(source_url=source, email="nobody")
            self.assertContains(answer, "This is not a web address.", 2, 400)
            self.assertContains(answer, "This is not an e-mail address.", 2, 400)
            self.assertContains(answer, "Not sent |", status_code=400)
            assert typed(answer, "source_url").endswith(source)
            assert typed(answer, "email") == "nobody"

    def test_markup_is_shown_as_it_was_typed(self):
        answer = self.refused(text=MARKUP, email="nobody")
        assert typed(answer) == MARKUP
        assert "<script>" not in answer.content.decode()

    def test_what_cannot_be_seen_is_left_out(self):
        self.send(text="a\0b\x07c\u202ed\r\ne\tf", place="\0ZZ-001")
        assert ErrorReport.objects.get().text == "abcd\ne\tf"
        assert ErrorReport.objects.get().place == "ZZ-001"

    def test_when_the_page_was_open_too_long_or_its_key_is_forged(self):
        old = signing.TimestampSigner(salt=SALT)
        old.timestamp = lambda: signing.b62_encode(int(timezone.now().timestamp()) - 86_500)
        for key in (old.sign("0" * 32), "forged", "a:b:c", "\0"):
            answer = self.refused(key=key, text="My words")
            self.assertContains(answer, "please send it once more", 1, 400)
            assert typed(answer) == "My words"
        fresh = re.search(r'name="key" value="([^"]*)"', answer.content.decode())[1]
        assert self.send(key=fresh).status_code == 302

    def test_when_another_site_sends_it(self):
        for headers in (
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://elsewhere.example"},
            {"Origin": "null"},
        ):
            with self.subTest(headers):
                answer = self.refused(403, headers=headers, text="My words")
                assert typed(answer) == "My words"

    def test_when_a_browser_fills_in_the_field_for_programs(self):
        answer = self.refused(website="https://example.org", text="My words")
        self.assertContains(answer, "Please empty this field", 2, 400)
        self.assertNotContains(answer, "report__trap", 400)
        assert typed(answer) == "My words"


class TestLimits(Reports):
    def test_one_sender_is_held_back_and_others_are_not(self):
        for _each in range(MOST_FROM_ONE):
            assert self.send().status_code == 302
        key = new_key()
        answer = self.send(text="My words", key=key)
        assert answer.status_code == 429
        assert 0 < int(answer["Retry-After"]) <= 3600
        self.assertContains(answer, "leave this page open and send it after", 1, 429)
        assert typed(answer) == "My words"
        self.assertContains(answer, key, 1, 429)
        assert ErrorReport.objects.count() == MOST_FROM_ONE
        self.client = Client(enforce_csrf_checks=True, REMOTE_ADDR="192.0.2.7")
        assert self.send().status_code == 302

    def test_everybody_together_is_held_back_too(self):
        hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        for each in (hour, hour + dt.timedelta(hours=1)):
            SendingCount.objects.create(hour=each, sender="", count=MOST_FROM_ALL)
        assert self.send().status_code == 429

    def test_an_hour_later_there_is_room_again_and_old_counts_are_gone(self):
        hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        SendingCount.objects.create(
            hour=hour - dt.timedelta(hours=2), sender="", count=MOST_FROM_ALL
        )
        assert self.send().status_code == 302
        assert {count.hour for count in SendingCount.objects.all()} == {hour}

    def test_no_address_is_stored_and_a_network_of_version_6_is_one_sender(self):
        for address in ("2001:db8::1", "2001:db8::2", "192.0.2.1", "::ffff:192.0.2.1", ""):
            self.client = Client(REMOTE_ADDR=address)
            assert self.send().status_code == 302
        counts = SendingCount.objects.exclude(sender="")
        # So short that 65,536 addresses share each.
        assert {len(each.sender) for each in counts} == {4}
        assert sorted(each.count for each in counts) == [1, 2, 2]

    def test_behind_a_proxy_the_last_address_counts(self):
        with self.settings(BEHIND_PROXY=True):
            for address in ("8.8.8.8, 192.0.2.1", "9.9.9.9, 192.0.2.1"):
                self.send(headers={"X-Forwarded-For": address})
        assert SendingCount.objects.exclude(sender="").get().count == 2


class TestTheTable(TestCase):
    def test_holds_that_a_closed_report_says_who_and_what_and_keeps_no_address(self):
        closed = {"state": "handled", "handled_at": timezone.now(), "note": "Corrected."}
        closed |= {"handled_by": make_user(), "email": ""}
        for wrong in (
            {"handled_by": None},
            {"handled_at": None},
            {"note": ""},
            {"email": "who@example.org"},
            {"state": "new"},
            {"text": ""},
        ):
            with self.subTest(wrong), pytest.raises(IntegrityError), transaction.atomic():
                ErrorReport.objects.filter(pk=make_error_report().pk).update(**(closed | wrong))
        report = make_error_report(email="who@example.org")
        assert ErrorReport.objects.filter(pk=report.pk).update(**closed) == 1
