"""Reports at the desk: prepared by one reviewer, read and issued by another."""

import datetime as dt

from django.test import TestCase

from commitments.models import IssuedReport
from tests.factories import (
    make_commitment,
    make_issued_report,
    make_observation,
    make_staff,
    make_target,
    moment,
)

LIST = "/en/admin/commitments/issuedreport/"
ADD = f"{LIST}add/"
DAY = dt.date(2025, 3, 31)


class AtTheDesk(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.commitment = make_commitment(due_year=2025)
        cls.plan = cls.commitment.plan
        target = make_target(cls.commitment)
        make_observation(target.indicator, 2023, 300)
        cls.indicator = target.indicator
        cls.preparer = make_staff("reviewer", username="preparer")
        cls.issuer = make_staff("reviewer", username="issuer")

    def setUp(self):
        self.client.force_login(self.preparer)

    def prepare(self, prefix="/en", **fields):
        given = {"plan": self.plan.pk, "kind": "quarterly", "day": str(DAY), "supersedes": ""}
        answer = self.client.post(
            f"{prefix}/admin/commitments/issuedreport/add/", given | {"reason_zh": ""} | fields
        )
        answer.told = b"".join(answer.streaming_content).decode() if answer.streaming else ""
        return answer

    def page(self, report):
        return self.client.get(f"{LIST}{report.pk}/change/")

    def decide(self, report, **given):
        return self.client.post(f"{LIST}{report.pk}/decide/", given, follow=True)

    def test_one_prepares_another_reads_and_issues(self):
        answer = self.prepare()
        report = IssuedReport.objects.get()
        assert "Making the files of the report." in answer.told
        assert f"Report no. {report.number} is ready" in answer.told
        assert report.files.count() == 12
        self.assertContains(self.page(report), "You prepared this report.")
        self.assertContains(self.decide(report, decision="issue", was_read="on"), "they prepared")
        self.client.force_login(self.issuer)
        self.assertContains(self.client.get("/en/admin/"), "1 report waits to be issued")
        page = self.page(report)
        self.assertContains(page, "this report covers 1 promise")
        for file in report.files.all():
            address = f"{LIST}{report.pk}/files/{file.language}.{file.ext}"
            self.assertContains(page, address)
            assert self.client.get(address).content == bytes(file.content)
        done = self.decide(report, decision="issue", was_read="on")
        self.assertContains(done, "is public from now on")
        assert self.client.get(f"/en/reports/{report.number}/").status_code == 200
        self.assertContains(self.decide(report, decision="issue", was_read="on"), "already")
        self.assertNotContains(self.client.get("/en/admin/"), "waits to be issued")

    def test_the_list_names_the_column_of_numbers_in_chinese(self):
        make_issued_report(self.plan, DAY)
        columns = self.client.get(LIST.removeprefix("/en"))
        self.assertContains(columns, ">编号</a>")
        self.assertNotContains(columns, "数值")

    def test_it_is_issued_only_by_who_says_they_have_read_it(self):
        report = make_issued_report(self.plan, DAY, state="in_review", by=self.preparer)
        self.client.force_login(self.issuer)
        answer = self.decide(report, decision="issue", note="kept")
        self.assertContains(answer, "Tick that you have read the files")
        self.assertContains(answer, "kept</textarea>")
        assert not IssuedReport.objects.issued().exists()

    def test_it_is_returned_with_a_reason_that_the_author_reads(self):
        report = make_issued_report(self.plan, DAY, state="in_review", by=self.preparer)
        self.client.force_login(self.issuer)
        self.assertContains(self.decide(report, decision="return"), "Say why it is returned")
        self.decide(report, decision="return", note="The wrong quarter")
        self.client.force_login(self.preparer)
        self.assertContains(self.page(report), "The wrong quarter")

    def test_what_changed_since_the_last_one_is_told_to_who_decides(self):
        make_issued_report(self.plan, DAY, by=self.preparer, issuer=self.issuer)
        at = moment(dt.date(2025, 5, 5))
        make_observation(self.indicator, 2024, 360, at=at, published_on=at.date())
        later = dt.date(2025, 6, 30)
        report = make_issued_report(self.plan, later, state="in_review", by=self.preparer)
        page = self.page(report)
        self.assertContains(page, "What changed since report no.")
        self.assertContains(page, "new figure")

    def test_every_mistake_is_said_at_its_field(self):
        for fields, said in (
            ({"day": "2999-01-01"}, "Choose a day that is over."),
            ({"day": "1999-01-01"}, "The plan was not adopted yet on this day."),
            ({"day": "x"}, "Enter a valid date."),
            ({"plan": "0"}, "Select a valid choice."),
            ({"reason_zh": "为什么"}, "Choose the report that the reason is about."),
        ):
            answer = self.prepare(**fields)
            self.assertContains(answer, said)
        self.assertContains(answer, "为什么</textarea>")
        assert not IssuedReport.objects.exists()

    def test_sent_twice_it_is_prepared_once(self):
        self.prepare()
        again = self.prepare(prefix="")
        assert "该日期的同类报告已在等待印发。" in again.told
        assert IssuedReport.objects.count() == 1

    def test_a_wrong_one_is_superseded_with_a_reason(self):
        old = make_issued_report(self.plan, DAY, by=self.preparer, issuer=self.issuer)
        answer = self.prepare(supersedes=str(old.pk))
        self.assertContains(answer, "Say why the earlier report is superseded.")
        self.prepare(supersedes=str(old.pk), reason_zh="数据有误")
        assert IssuedReport.objects.latest("pk").supersedes == old
        # One successor is enough, and no third is offered.
        choices = self.client.get(ADD).context["form"].fields["supersedes"].queryset
        assert old not in choices
