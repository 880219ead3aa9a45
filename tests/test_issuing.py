"""Reports that are issued: who may, what is frozen, and that it stays so."""

import datetime as dt
import hashlib
import json
from unittest import mock

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, connection, transaction
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from commitments import issuing, labels
from commitments.issuing import NotIssued
from commitments.models import Entry, IssuedFile, IssuedReport
from commitments.models.append_only import GUARDS
from commitments.report.kinds import KINDS
from tests.factories import (
    make_commitment,
    make_issued_report,
    make_observation,
    make_plan,
    make_staff,
    make_target,
    make_user,
    moment,
)

DAY, LATER = dt.date(2025, 3, 31), dt.date(2025, 6, 30)
AT = moment(dt.date(2025, 7, 3))
REFUSED = (IntegrityError, InternalError)


class Issuing(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.commitment = make_commitment(due_year=2025)
        cls.plan = cls.commitment.plan
        cls.target = make_target(cls.commitment, baseline_period=2020, baseline_value=200)
        make_observation(cls.target.indicator, 2023, 300)
        cls.preparer = make_staff("reviewer", username="preparer")
        cls.issuer = make_staff("reviewer", username="issuer")

    def issued(self, day=DAY, **fields):
        return make_issued_report(self.plan, day, by=self.preparer, issuer=self.issuer, **fields)

    def get(self, address, status=200):
        answer = self.client.get(address)
        assert answer.status_code == status, address
        return answer


class WhoMay(Issuing):
    def test_reviewers_prepare_and_another_one_issues(self):
        report = self.issued(state="in_review")
        for person in (self.preparer, make_staff("editor"), make_staff("auditor"), make_user("x")):
            with pytest.raises(NotIssued):
                issuing.issue(report, by=person, at=AT)
        issued = issuing.issue(report, by=self.issuer, at=AT)
        assert (issued.issued_by, issued.prepared_by) == (self.issuer, self.preparer)
        with override("en"), pytest.raises(NotIssued, match="already"):
            issuing.send_back(report, "late", by=self.issuer, at=AT)

    def test_who_is_no_reviewer_prepares_nothing(self):
        report = IssuedReport(plan=self.plan, kind="yearly", day=DAY)
        with pytest.raises(NotIssued):
            [*issuing.preparing(report, by=make_staff("administrator"), at=AT)]
        assert not IssuedReport.objects.exists()

    def test_a_day_that_is_not_over_is_refused(self):
        for day in (timezone.localdate(AT), timezone.localdate(AT) + dt.timedelta(days=1)):
            report = IssuedReport(plan=self.plan, kind="yearly", day=day)
            with pytest.raises(NotIssued):
                [*issuing.preparing(report, by=self.preparer, at=AT)]

    def test_the_database_refuses_one_person_in_both_parts(self):
        report = self.issued(state="in_review")
        with pytest.raises(IntegrityError), transaction.atomic():
            IssuedReport.objects.filter(pk=report.pk).update(
                state="issued", issued_at=AT, issued_by=self.preparer
            )

    def test_the_history_tells_each_step(self):
        report = self.issued()
        returned = self.issued(state="returned")
        told = [(e.action, e.by) for e in Entry.objects.of(report)]
        assert told == [("published", self.issuer), ("submitted", self.preparer)]
        assert Entry.objects.of(returned).first().why == "ZQLEAK-0: wrong day"


class Frozen(Issuing):
    def test_numbers_count_on_in_the_year_and_are_not_used_again(self):
        first, back, last = self.issued(), self.issued(LATER, state="returned"), self.issued(LATER)
        code = self.plan.code
        assert [each.number for each in (first, back, last)] == [
            f"{code}-2025-01",
            f"{code}-2025-02",
            f"{code}-2025-03",
        ]

    def test_all_kinds_in_both_languages_with_their_checksums(self):
        report = IssuedReport(plan=self.plan, kind="yearly", day=DAY)
        steps = [*issuing.preparing(report, by=self.preparer, at=AT)]
        assert [step.done for step in steps] == [*range(12)]
        files = [*report.files.all()]
        assert {(each.language, each.ext) for each in files} == {
            (language, ext) for language in ("zh-hans", "en") for ext in KINDS
        }
        for each in files:
            content = bytes(each.content)
            assert each.sha256 == hashlib.sha256(content).hexdigest()
            assert each.size == len(content)
            assert report.number in each.name

    def test_its_files_say_what_it_is(self):
        old = self.issued()
        new = self.issued(supersedes=old, reason_zh="数据有误", reason_en="A wrong figure")
        about = issuing.frozen(new, "en")["about"]
        assert about["number"] == new.number
        assert about["issued_as"] == f"Quarterly report no. {new.number}"
        assert about["asked"] == ["everything in the plan"]
        assert about["notes"][-1] == f"This report supersedes no. {old.number}: A wrong figure"
        about = issuing.frozen(new, "zh-hans")["about"]
        assert about["issued_as"] == f"季度报告（编号：{new.number}）"
        assert about["notes"][-1] == f"本报告替代编号{old.number}的报告：数据有误"

    def test_the_same_bytes_after_data_words_and_code_have_changed(self):
        report = self.issued()
        addresses = [f"/reports/{report.number}/{lang}.{ext}" for lang, ext in FILES]
        before = [self.get(address).content for address in addresses]
        make_observation(self.target.indicator, 2024, 360)
        make_observation(self.target.indicator, 2023, 299)
        words = {status: f"anders: {word}" for status, word in labels.STATUS.items()}
        with (
            mock.patch.dict(labels.STATUS, words),
            mock.patch.object(issuing, "RULE_VERSION", "99"),
            mock.patch.object(issuing, "KINDS", {}),
        ):
            assert [self.get(address).content for address in addresses] == before

    def test_equals_what_the_site_shows_of_that_day(self):
        report = self.issued()
        make_observation(self.target.indicator, 2024, 360, at=AT)
        page = self.get(f"/en/commitments.json?plan={self.plan.code}&as_of={DAY}")
        shown = json.loads(b"".join(page.streaming_content))
        assert shown["rows"] == issuing.frozen(report, "en")["rows"]
        assert shown["about"]["counts"] == report.counts

    def test_nothing_of_it_is_changed_or_removed(self):
        report = self.issued()
        waiting = self.issued(LATER, state="in_review")
        for change in (
            lambda: IssuedReport.objects.filter(pk=report.pk).update(rule_version="0"),
            lambda: IssuedReport.objects.filter(pk=report.pk)._raw_delete("default"),
            lambda: IssuedReport.objects.filter(pk=waiting.pk)._raw_delete("default"),
            lambda: IssuedFile.objects.filter(report=report).update(content=b"x"),
            lambda: IssuedFile.objects.filter(report=waiting)._raw_delete("default"),
        ):
            with pytest.raises(REFUSED, match="never changed or removed"), transaction.atomic():
                change()
        assert len(GUARDS) == 3

    def test_given_up_half_way_there_is_no_report(self):
        report = IssuedReport(plan=self.plan, kind="yearly", day=DAY)
        steps = issuing.preparing(report, by=self.preparer, at=AT)
        next(steps)
        next(steps)
        steps.close()
        assert not IssuedReport.objects.exists()
        assert not IssuedFile.objects.exists()

    def test_of_two_alike_the_second_is_refused(self):
        self.issued(state="in_review")
        with override("en"), pytest.raises(NotIssued, match="waiting already"):
            self.issued(state="in_review")


class Superseding(Issuing):
    def test_a_wrong_report_stays_and_names_its_successor(self):
        old = self.issued()
        new = self.issued(supersedes=old, reason_zh="数据有误", reason_en="A wrong figure")
        page = self.get(f"/en/reports/{old.number}/")
        self.assertContains(page, f"/en/reports/{new.number}/")
        self.assertContains(page, "A wrong figure")
        self.assertContains(self.get(f"/en/reports/{new.number}/"), "It supersedes")
        both = self.get("/en/reports/")
        self.assertContains(both, "Superseded by")
        assert old.successor == new

    def test_it_has_one_successor_and_a_reason(self):
        old = self.issued()
        with pytest.raises((NotIssued, ValidationError)):
            self.issued(LATER, supersedes=old)
        self.issued(LATER, supersedes=old, reason_zh="错", state="returned")
        self.issued(LATER, supersedes=old, reason_zh="错", state="in_review")
        with pytest.raises(NotIssued):
            self.issued(dt.date(2025, 5, 5), supersedes=old, reason_zh="错")


FILES = [(language, ext) for language in ("zh-hans", "en") for ext in ("csv", "json")]


class Public(Issuing):
    def test_what_nobody_issued_is_nowhere(self):
        for state in ("returned", "in_review"):
            report = self.issued(state=state)
            for prefix in ("", "/en"):
                self.assertNotContains(self.get(f"{prefix}/reports/"), report.number)
                self.get(f"{prefix}/reports/{report.number}/", 404)
                self.get(f"{prefix}/reports/{report.number}/en.json", 404)
            file = report.files.first()
            page = self.get(f"/en/reports/check/?sha256={file.sha256}")
            self.assertContains(page, "No issued report has this file")

    def test_a_plan_that_is_closed_takes_its_reports_along(self):
        report = self.issued()
        type(self.plan).objects.filter(pk=self.plan.pk).update(opened_on=None)
        self.get(f"/reports/{report.number}/", 404)
        self.get(f"/reports/{report.number}/en.csv", 404)

    def test_the_page_says_what_it_shows_in_both_languages(self):
        report = self.issued()
        for prefix, words in (("", "反映"), ("/en", "How the promises stood on")):
            page = self.get(f"{prefix}/reports/{report.number}/")
            for file in report.files.all():
                self.assertContains(page, file.sha256)
            del words
        self.assertContains(page, "How the promises stood on 31 March 2025")
        self.assertContains(page, "this report covers 1 promise")

    def test_a_file_may_be_kept_for_ever_and_is_not_sent_twice(self):
        report = self.issued()
        answer = self.get(f"/reports/{report.number}/zh-hans.csv")
        assert "immutable" in answer["Cache-Control"]
        assert "filename*=utf-8''" in answer["Content-Disposition"]
        again = self.client.get(
            f"/reports/{report.number}/zh-hans.csv", headers={"if-none-match": answer["ETag"]}
        )
        assert again.status_code == 304
        self.get(f"/reports/{report.number}/zh-hans.exe", 404)
        self.get(f"/reports/{report.number}/de.csv", 404)

    def test_lists_cost_the_same_however_long(self):
        self.issued()
        self.get("/reports/")
        with CaptureQueriesContext(connection) as one:
            self.get("/reports/")
        for month in (4, 5, 6):
            self.issued(dt.date(2025, month, 1))
        with self.assertNumQueries(len(one)):
            self.get("/reports/")
        report = IssuedReport.objects.latest("pk")
        with self.assertNumQueries(4):
            self.get(f"/reports/{report.number}/")

    def test_without_any_it_says_so_and_leads_on(self):
        self.assertContains(self.get("/en/reports/"), "No report has been issued yet.")

    def test_stands_in_the_sitemap(self):
        report = self.issued()
        text = b"".join(self.get("/sitemap-pages.xml").streaming_content).decode()
        assert f"/en/reports/{report.number}/" in text


class Checking(Issuing):
    def test_a_file_is_known_again_and_a_changed_one_is_not(self):
        report = self.issued()
        content = self.get(f"/reports/{report.number}/en.csv").content
        for data, said in (
            (content, "This file was issued here"),
            (content + b" ", "No issued report has this file"),
            (b"", "No issued report has this file"),
        ):
            answer = self.send(data)
            self.assertContains(answer, said)
            self.assertContains(answer, hashlib.sha256(data).hexdigest())

    def send(self, data, prefix="/en"):
        from django.core.files.uploadedfile import SimpleUploadedFile

        file = SimpleUploadedFile("a.csv", data)
        return self.client.post(f"{prefix}/reports/check/", {"file": file})

    def test_a_checksum_is_enough_and_spaces_do_not_matter(self):
        file = self.issued().files.get(language="en", ext="json")
        text = f" {file.sha256[:30].upper()} {file.sha256[30:]}\n"
        answer = self.client.post("/reports/check/", {"sha256": text})
        self.assertContains(answer, "这份文件由本站印发，未经改动")

    def test_says_that_it_was_superseded(self):
        old = self.issued()
        new = self.issued(supersedes=old, reason_zh="数据有误")
        # Both show the same day and data, but each file has its own number.
        content = self.get(f"/reports/{old.number}/en.json").content
        answer = self.send(content)
        self.assertContains(answer, f'<a href="/en/reports/{new.number}/">no. {new.number}</a>')

    def test_what_cannot_be_checked_is_said_at_its_place(self):
        for given, said in (
            ({}, "Choose a file, or paste a SHA-256."),
            ({"sha256": "xyz"}, "A SHA-256 has 64 signs"),
            ({"sha256": "\0" * 64}, "Null characters are not allowed."),
        ):
            answer = self.client.post("/en/reports/check/", given)
            self.assertContains(answer, said, status_code=400)
        with self.settings(UPLOAD_MAX_BYTES=100):
            answer = self.send(b"x" * 1000)
        self.assertContains(answer, "Work out its SHA-256 on your computer", status_code=400)


class Differing(Issuing):
    def test_what_changed_between_two_as_they_were_issued(self):
        old = self.issued()
        at = moment(dt.date(2025, 5, 5))
        make_observation(self.target.indicator, 2024, 360, at=at, published_on=at.date())
        make_commitment(plan=self.plan, source=self.commitment.source, at=at)
        new = self.issued(LATER)
        page = self.get(f"/en/reports/{new.number}/since/{old.number}/")
        told = {(each.code, each.what) for each in page.context["changes"]}
        code = self.commitment.code
        assert (code, "new figure") in told
        assert any(what == "shown for the first time" for _code, what in told)
        file = self.get(f"/en/reports/{new.number}/since/{old.number}/changes.csv")
        lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
        assert len(lines) == len(page.context["changes"]) + 1
        assert "attachment" in file["Content-Disposition"]
        chinese = self.get(f"/reports/{new.number}/since/{old.number}/")
        assert {each.what for each in chinese.context["changes"]} >= {"首次公示"}

    def test_without_a_difference_it_says_so(self):
        old, new = self.issued(), self.issued(LATER)
        page = self.get(f"/en/reports/{new.number}/since/{old.number}/")
        self.assertContains(page, "Nothing: no status, figure or target differs.")

    def test_reports_of_two_plans_have_no_difference(self):
        other = make_plan(code="other")
        make_commitment(plan=other)
        stranger = make_issued_report(other, DAY, by=self.preparer, issuer=self.issuer)
        self.get(f"/reports/{stranger.number}/since/{self.issued(LATER).number}/", 404)
