"""The first page of the staff area: what is there for whom, and that counts and lists agree."""

import datetime as dt
import re

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.actions.reviewing import send_back, submit
from commitments.models import Appointment
from tests.factories import (
    make_agency,
    make_commitment,
    make_observation,
    make_staff,
    make_target,
    make_update,
    make_user,
)
from tests.waiting import TODAY, YEAR, make_register

DESK = "/en/admin/"
LIST = "/en/admin/commitments/commitment/"
# Queries of a reviewer's desk with something in every table.
MOST_QUERIES = 40


class DeskCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.ours = make_agency(name_zh="市农业农村局", name_en="Agriculture Bureau")
        cls.theirs = make_agency(name_zh="市教育局", name_en="Education Bureau")
        cls.made = make_register(cls.ours)
        cls.foreign = make_register(cls.theirs)
        cls.editor = make_staff("editor", cls.ours, first_name="Wang")
        cls.reviewer = make_staff("reviewer", first_name="Li")
        cls.auditor = make_staff("auditor")

    def desk(self, who, address=DESK):
        self.client.force_login(who)
        self.page = self.client.get(address)
        return self.page.context["desk"]

    def returned(self, commitment, note="Name the page."):
        figure = make_observation(
            commitment.targets.get().indicator, YEAR - 6, published=False, by=self.editor
        )
        submit([figure], by=self.editor, at=timezone.now())
        send_back([figure], by=self.reviewer, at=timezone.now(), note=note)
        return figure

    def names(self, pile, made):
        codes = {record.code: name for name, record in made.items()}
        return [codes[line.item.commitment.code] for line in pile.lines]


class WhatWaits(DeskCase):
    def test_each_promise_is_in_the_pile_it_belongs_to_the_longest_due_first(self):
        overdue, stale, this_year = self.desk(self.editor).piles
        assert self.names(overdue, self.made) == ["unreported", "step", "awaited"]
        assert self.names(stale, self.made) == ["stale"]
        assert self.names(this_year, self.made) == ["this year"]

    def test_says_since_when_and_what(self):
        overdue, stale, this_year = self.desk(self.editor).piles
        since = [line.item.on for line in overdue.lines]
        july = dt.date(YEAR - 1, 7, 1)
        assert since == [dt.date(YEAR - 2, 1, 1), july, dt.date(YEAR, 1, 1)]
        # The figure for three years ago was due for as long again after its year.
        assert stale.lines[0].item.on == dt.date(YEAR - 1, 1, 1)
        assert this_year.lines[0].item.on == dt.date(YEAR, 12, 31)
        self.assertContains(
            self.page, f"the figure for {YEAR - 3}: Leading agricultural enterprises"
        )
        self.assertContains(self.page, "the step “Construction begins”")
        self.assertContains(self.page, f"due since {july}, {(TODAY - july).days} days")

    def test_an_editor_sees_their_own_and_whoever_reads_all_sees_all(self):
        assert [pile.count for pile in self.desk(self.editor).piles] == [3, 1, 1]
        self.assertNotContains(self.page, self.foreign["stale"].code)
        self.assertNotContains(self.page, "Education Bureau")
        for who in (self.reviewer, self.auditor, make_staff("administrator")):
            assert [pile.count for pile in self.desk(who).piles] == [6, 2, 2]

    def test_a_draft_waits_for_nothing(self):
        before = self.desk(self.editor).piles
        draft = make_commitment(lead_agency=self.ours, due_year=YEAR - 3, published=False)
        make_target(draft, due_period=YEAR - 3)
        assert self.desk(self.editor).piles == before

    def test_each_line_leads_to_the_form_that_ends_the_waiting(self):
        overdue, stale, this_year = self.desk(self.editor).piles
        figure = "/en/admin/commitments/observation/add/"
        asked = {
            name: self.made[name].targets.get().indicator_id
            for name in ("unreported", "awaited", "stale", "this year")
        }
        step = self.made["step"].milestones.order_by("due_on")[0]
        assert [
            line.enter_address for line in (*overdue.lines, *stale.lines, *this_year.lines)
        ] == [
            f"{figure}?indicator={asked['unreported']}&period={YEAR - 3}",
            f"/en/admin/commitments/milestone/{step.pk}/correct/",
            f"{figure}?indicator={asked['awaited']}&period={YEAR - 1}",
            f"{figure}?indicator={asked['stale']}",
            f"{figure}?indicator={asked['this year']}&period={YEAR}",
        ]
        form = self.client.get(overdue.lines[0].enter_address).context["adminform"].form
        assert form["indicator"].value() == str(asked["unreported"])
        assert form["period"].value() == str(YEAR - 3)

    def test_who_only_reads_is_offered_no_form(self):
        for who in (self.reviewer, self.auditor):
            for pile in self.desk(who).piles:
                assert {line.enter_address for line in pile.lines} == {""}

    def test_shows_the_first_and_links_to_all(self):
        for _time in range(9):
            make_target(make_commitment(lead_agency=self.ours, due_year=YEAR), due_period=YEAR)
        this_year = self.desk(self.editor).piles[2]
        assert (this_year.count, len(this_year.lines)) == (10, 6)
        self.assertContains(self.page, "All 10")


class CountsAndLists(DeskCase):
    def test_every_number_is_that_of_the_list_it_leads_to(self):
        self.returned(self.made["fresh"])
        self.returned(self.foreign["fresh"])
        waiting = make_update(self.made["fresh"], published=False)
        make_target(self.made["words"], published=False)
        submit([waiting], by=make_staff("editor", self.ours, username="x"), at=timezone.now())
        for who in (self.editor, self.reviewer, self.auditor, make_user("root", is_superuser=True)):
            who.is_staff = True
            who.save()
            desk = self.desk(who)
            numbers = [(pile.address, pile.count) for pile in desk.piles]
            for records in [desk.returned, *(records for _name, _words, records in desk.begun)]:
                numbers += [(address, count) for _kind, count, address in records.kinds]
            for row in [*desk.reporting, *([desk.reporting_of_all] if desk.reporting else [])]:
                numbers += [(row.address, row.total)]
                numbers += [(address, count) for count, address in row.cells]
            for address, count in numbers:
                with self.subTest(address, who=who.username):
                    assert self.client.get(address).context["cl"].result_count == count
            if desk.queue:
                assert self.client.get("/en/admin/review/").context["count"] == desk.queue.count

    def test_every_link_of_the_page_leads_somewhere(self):
        self.returned(self.made["fresh"])
        for who in (self.editor, self.reviewer, self.auditor):
            self.desk(who)
            links = re.findall(r'href="(/en/admin/[^"]*)"', self.page.content.decode())
            for address in {link.replace("&amp;", "&") for link in links}:
                with self.subTest(address, who=who.username):
                    assert self.client.get(address, follow=True).status_code in (200, 405)

    def test_the_filters_leave_out_what_they_cannot_read(self):
        self.client.force_login(self.reviewer)
        everything = self.client.get(LIST).context["cl"].result_count
        assert self.client.get(f"{LIST}?waits=x").context["cl"].result_count == everything


class HowAgenciesReport(DeskCase):
    def test_every_promise_is_counted_once(self):
        desk = self.desk(self.reviewer)
        rows = {row.agency: [count for count, _address in row.cells] for row in desk.reporting}
        # Complete, late, never, nothing expected.
        assert rows == {self.ours: [1, 3, 3, 3], self.theirs: [1, 3, 3, 3]}
        for row in [*desk.reporting, desk.reporting_of_all]:
            assert sum(count for count, _address in row.cells) == row.total
        assert desk.reporting_of_all.total == len(self.made) + len(self.foreign)

    def test_is_for_those_who_read_all(self):
        assert self.desk(self.editor).reporting == []
        self.assertNotContains(self.page, "How the agencies report")
        self.desk(self.auditor)
        self.assertContains(self.page, "How the agencies report")


class WhatCameBack(DeskCase):
    def test_the_editor_reads_why_and_goes_on_from_there(self):
        figure = self.returned(self.made["fresh"], note="Name the page.\nCheck the unit.")
        self.returned(self.foreign["fresh"], note="Not for you.")
        assert self.desk(self.editor).returned.count == 1
        self.assertContains(self.page, "Name the page.<br>Check the unit.")
        self.assertContains(self.page, f"returned on {TODAY} by Li")
        self.assertContains(
            self.page, f'href="/en/admin/commitments/observation/{figure.pk}/change/"'
        )
        self.assertNotContains(self.page, "Not for you.")


class WhatWasBegun(DeskCase):
    def test_an_editor_finds_drafts_and_what_is_with_the_reviewers(self):
        make_update(self.made["fresh"], published=False, by=self.editor)
        sent = make_update(self.made["fresh"], published=False, by=self.editor)
        submit([sent], by=self.editor, at=timezone.now())
        make_update(self.foreign["fresh"], published=False)
        counts = [(name, each.count) for name, _words, each in self.desk(self.editor).begun]
        assert counts == [("drafts", 1), ("submitted", 1)]
        self.assertContains(
            self.page, 'href="/en/admin/commitments/update/?state__exact=in_review"'
        )
        for who in (self.reviewer, self.auditor):
            assert self.desk(who).begun == []


class WhatWaitsForReview(DeskCase):
    def test_the_oldest_first_with_its_age_for_reviewers_alone(self):
        old, new = (make_update(self.made["fresh"], published=False) for _time in range(2))
        for record, days in ((new, 2), (old, 30)):
            submit([record], by=self.editor, at=timezone.now() - dt.timedelta(days=days))
        type(old).objects.update(created_by=self.editor)
        queue = self.desk(self.reviewer).queue
        assert [row.record for row in queue.rows] == [old, new]
        assert queue.count == 2
        self.assertContains(self.page, "waiting for 30 days")
        for who in (self.editor, self.auditor):
            assert self.desk(who).queue is None
            self.assertNotContains(self.page, "for review")


class WithoutARole(DeskCase):
    def test_is_told_whom_to_ask(self):
        make_staff("administrator", first_name="Zhao", email="zhao@example.org")
        nobody = make_user("nobody", is_staff=True)
        unassigned = make_staff("editor", username="unassigned")
        for who in (nobody, unassigned):
            self.desk(who)
            self.assertContains(self.page, "Nobody has said yet what you work on.")
            self.assertContains(self.page, "Zhao")
            self.assertContains(self.page, "mailto:zhao@example.org")
            self.assertNotContains(self.page, "came back")
        Appointment.objects.get(user=unassigned).agencies.add(self.ours)
        self.desk(unassigned)
        self.assertNotContains(self.page, "Nobody has said yet")


class InBothLanguagesAndFew(DeskCase):
    def test_says_the_same_in_chinese(self):
        self.returned(self.made["fresh"])
        self.desk(self.editor, "/admin/")
        for words in ("我的工作台", "市农业农村局", "退回待修改", "到期未报", "数据未及时更新"):
            self.assertContains(self.page, words)
        self.desk(self.reviewer, "/admin/")
        self.assertContains(self.page, "各单位报送情况")

    def test_asks_the_database_the_same_for_few_as_for_many(self):
        def fill(agency):
            self.returned(make_register(agency)["fresh"])
            for _time in range(2):
                update = make_update(self.made["fresh"], published=False, by=self.editor)
                submit([update], by=self.editor, at=timezone.now())
            send_back([update], by=self.reviewer, at=timezone.now(), note="Say more.")

        self.returned(self.made["fresh"])
        fill(self.ours)
        for who in (self.editor, self.reviewer):
            self.desk(who)
            with CaptureQueriesContext(connection) as few:
                self.desk(who)
            fill(self.ours)
            with CaptureQueriesContext(connection) as many:
                self.desk(who)
            assert len(many) == len(few) < MOST_QUERIES
