"""The reviewer's pages: what waits, what it would change, and what became of each."""

import datetime as dt

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.actions.reviewing import send_back, submit
from commitments.models import Assessment, Observation
from commitments.models.workflow import State
from tests import desk
from tests.factories import (
    make_agency,
    make_commitment,
    make_observation,
    make_staff,
    make_target,
    make_update,
)

QUEUE, LOOK = "/en/admin/review/", "/en/admin/review/look/"


class Review(desk.Desk):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.year = timezone.localdate().year - 1
        cls.target = make_target(
            make_commitment(due_year=cls.year + 3),
            due_period=str(cls.year + 3),
            baseline_period=str(cls.year - 3),
            baseline_value=200,
        )
        cls.editor = make_staff("editor", cls.target.commitment.lead_agency, username="wang")

    def setUp(self):
        self.client.force_login(self.reviewer)

    def submitted(self, value=215, year=None, **fields):
        figure = make_observation(
            self.target.indicator,
            year or self.year,
            value,
            published=False,
            by=self.editor,
            published_on=dt.date(self.year, 12, 31),
            **fields,
        )
        assert submit([figure], by=self.editor, at=timezone.now())[0].is_done
        return figure

    def look(self, *records):
        tokens = [f"{record._meta.model_name}-{record.pk}" for record in records]
        return self.client.get(LOOK, {"record": tokens})


class TheQueue(Review):
    def test_shows_what_waits_the_longest_first(self):
        late, early = self.submitted(), make_update(self.target.commitment, published=False)
        an_hour_ago = timezone.now() - dt.timedelta(hours=1)
        submit([early], by=self.staff, at=an_hour_ago)
        page = self.client.get(QUEUE)
        assert [row.record for row in page.context["page"]] == [early, late]
        agency = self.target.commitment.lead_agency.name_en
        self.assertContains(page, f"<td>{agency}</td>", count=2, html=True)
        only = self.client.get(QUEUE, {"kind": "update"})
        assert [row.record for row in only.context["page"]] == [early]

    def test_is_narrowed_by_kind_agency_and_sender_with_counts_beside_each(self):
        figure = self.submitted()
        other = make_target(make_commitment(lead_agency=make_agency(code="water")))
        update = make_update(other.commitment, published=False)
        submit([update], by=self.staff, at=timezone.now())
        page = self.client.get(QUEUE)
        choices = {wish: lines for wish, _words, lines in page.context["choices"]}
        assert [count for _value, _name, count, _asked in choices["kind"]] == [1, 1]
        assert [count for _value, _name, count, _asked in choices["agency"]] == [1, 1]
        assert {value for value, *_rest in choices["sender"]} == {self.editor.pk, self.staff.pk}
        for wish, value, record in (
            ("agency", other.commitment.lead_agency_id, update),
            ("agency", self.target.commitment.lead_agency_id, figure),
            ("sender", self.editor.pk, figure),
            ("kind", "update", update),
        ):
            only = self.client.get(QUEUE, {wish: value})
            assert [row.record for row in only.context["page"]] == [record], (wish, value)
        both = {"agency": other.commitment.lead_agency_id, "sender": self.editor.pk}
        self.assertContains(self.client.get(QUEUE, both), "Nothing of this kind waits")
        for nonsense in ({"agency": "x"}, {"sender": "²"}, {"kind": "users"}, {"p": "-1"}):
            assert len(self.client.get(QUEUE, nonsense).context["page"].object_list) == 2

    def test_a_whole_page_is_looked_at_and_decided_and_leads_back_to_where_one_was(self):
        figures = [self.submitted(year=year) for year in (2022, 2023)]
        make_update(self.target.commitment, published=False)
        page = self.client.get(QUEUE, {"sender": self.editor.pk})
        look = self.client.get(page.context["whole_page"])
        assert [case.record for case in look.context["cases"]] == figures
        back = f'href="{QUEUE}?sender={self.editor.pk}"'
        self.assertContains(look, back)
        given = {"record": [case.token for case in look.context["cases"]], "decision": "publish"}
        given |= {f"seen-{case.token}": case.seen for case in look.context["cases"]}
        done = self.client.post(LOOK, given | {"sender": self.editor.pk})
        self.assertContains(done, "Done: 2 of 2.")
        self.assertContains(done, back)

    def test_own_work_cannot_be_chosen(self):
        make_staff("reviewer", username="both")
        figure = self.submitted()
        Observation.objects.update(submitted_by=self.reviewer)
        page = self.client.get(QUEUE)
        self.assertContains(page, "your own work")
        self.assertNotContains(page, f'value="observation-{figure.pk}"')

    def test_the_parts_of_a_commitment_wait_with_it(self):
        commitment = make_commitment(published=False)
        make_target(commitment, published=False)
        submit([commitment], by=self.staff, at=timezone.now())
        page = self.client.get(QUEUE)
        assert [row.record for row in page.context["page"]] == [commitment]

    def test_the_first_page_counts_it_for_reviewers_alone(self):
        self.submitted()
        self.assertContains(self.client.get("/en/admin/"), "1 record waits for review")
        self.client.force_login(self.editor)
        self.assertNotContains(self.client.get("/en/admin/"), "for review")

    def test_asks_the_database_the_same_for_one_as_for_many(self):
        self.submitted()
        make_update(self.target.commitment, published=False)
        self.client.get(QUEUE)
        with CaptureQueriesContext(connection) as one:
            self.client.get(QUEUE)
        for year in range(2010, 2020):
            self.submitted(year=year)
        with self.assertNumQueries(len(one)):
            self.client.get(QUEUE)


class WhatWouldChange(Review):
    def test_says_the_status_before_and_after_and_changes_nothing(self):
        figure = self.submitted()
        before = [*Assessment.objects.values()]
        page = self.look(figure)
        self.assertContains(page, "no data → far behind")
        self.assertContains(page, "215 enterprises")
        self.assertContains(page, 'href="https://example.org/communique/')
        figure.refresh_from_db()
        assert figure.state == State.IN_REVIEW
        assert [*Assessment.objects.values()] == before

    def test_says_the_same_in_chinese(self):
        page = self.client.get(
            "/admin/review/look/", {"record": f"observation-{self.submitted().pk}"}
        )
        self.assertContains(page, "暂无数据 → 严重滞后")
        self.assertContains(page, "215 家")

    def test_a_correction_is_shown_beside_what_is_public(self):
        make_observation(self.target.indicator, self.year, 210, published_on=dt.date(2021, 12, 1))
        page = self.look(self.submitted(350))
        self.assertContains(page, "<td>210 enterprises</td>", html=True)
        self.assertContains(page, "<td>350 enterprises</td>", html=True)

    def test_the_source_is_linked_where_a_correction_keeps_it_too(self):
        public = make_observation(
            self.target.indicator, self.year, 210, published_on=dt.date(2021, 12, 1)
        )
        kept = {"source_url": public.source_url, "source_zh": public.source_zh}
        page = self.look(self.submitted(350, **kept))
        self.assertContains(page, f'<a href="{public.source_url}">{public.source}</a>', html=True)

    def test_each_kind_has_its_source(self):
        commitment = make_commitment(published=False, by=self.editor)
        make_target(commitment, published=False, by=self.editor)
        update = make_update(
            self.target.commitment, published=False, by=self.editor, source_url="https://a.example/"
        )
        submit([commitment, update], by=self.staff, at=timezone.now())
        page = self.look(commitment, update)
        sources = [part.source for case in page.context["cases"] for part in case.parts]
        document = f'<a href="{commitment.source.url}">{commitment.source.title}</a>'
        assert sources == [
            document,
            document,
            '<a href="https://a.example/">https://a.example/</a>',
        ]

    def test_a_figure_from_before_its_period_ended_is_pointed_out(self):
        said = "The source is dated before the period had ended."
        self.assertNotContains(self.look(self.submitted()), said)
        early = self.submitted(year=self.year + 1)
        Observation.objects.filter(pk=early.pk).update(
            published_on=dt.date(self.year + 1, 1, 2), submitted_at=timezone.now()
        )
        self.assertContains(self.look(early), said)

    def test_a_new_figure_is_read_against_the_one_before(self):
        make_observation(self.target.indicator, self.year - 1, 210)
        page = self.look(self.submitted())
        self.assertContains(
            page, f"Latest figure published so far: {self.year - 1} 210 enterprises"
        )

    def test_what_was_changed_since_it_was_looked_at_is_not_published_unseen(self):
        figure = self.submitted()
        [case] = self.look(figure).context["cases"]
        given = {"record": case.token, f"seen-{case.token}": case.seen, "decision": "publish"}
        Observation.objects.filter(pk=figure.pk).update(value=999)
        page = self.client.post(LOOK, given)
        self.assertContains(page, "Changed since you opened this page")
        figure.refresh_from_db()
        assert figure.state == State.IN_REVIEW
        [case] = page.context["cases"]
        self.client.post(LOOK, given | {f"seen-{case.token}": case.seen})
        figure.refresh_from_db()
        assert figure.is_published

    def test_a_note_is_not_lost_when_the_login_ran_out(self):
        figure = self.submitted()
        page = self.look(figure)
        given = {"record": f"observation-{figure.pk}", "note": "单位有误", "decision": "return"}
        given["_form"] = page.context["form_token"]
        self.reviewer.set_password("a quite long one")
        self.reviewer.save()
        login = self.client.post(LOOK, given)
        assert login.status_code == 403
        answer = self.client.post(
            login.context["app_path"],
            {
                "username": self.reviewer.username,
                "password": "a quite long one",
                "kept": login.context["kept"],
            },
        )
        back = self.client.get(answer["Location"])
        assert [case.record for case in back.context["cases"]] == [figure]
        self.assertContains(back, "单位有误")

    def test_what_cannot_be_published_says_why(self):
        figure = self.submitted()
        Observation.objects.update(published_on=timezone.localdate() + dt.timedelta(days=9))
        page = self.look(figure)
        self.assertContains(page, "Cannot be published now.")
        self.assertContains(page, "which has not come yet")

    def test_an_address_that_names_nothing_leads_back(self):
        for asked in ("observation-999999", "observation-x", "user-1", "-", "\0", ""):
            with self.subTest(asked):
                self.assertRedirects(self.client.get(LOOK, {"record": asked}), QUEUE)


class Deciding(Review):
    def decided(self, *records, **fields):
        tokens = [f"{record._meta.model_name}-{record.pk}" for record in records]
        return self.client.post(LOOK, {"record": tokens, **fields})

    def test_many_at_once_and_one_refused_loses_nothing(self):
        good, early = self.submitted(), self.submitted(220, self.year - 1)
        Observation.objects.filter(pk=early.pk).update(
            published_on=timezone.localdate() + dt.timedelta(days=9)
        )
        answer = self.decided(good, early, decision="publish")
        self.assertContains(answer, "Done: 1 of 2.")
        self.assertContains(answer, "no data → far behind")
        self.assertContains(answer, "which has not come yet")
        good.refresh_from_db()
        early.refresh_from_db()
        assert (good.state, early.state) == (State.PUBLISHED, State.IN_REVIEW)

    def test_a_return_says_why(self):
        figure = self.submitted()
        answer = self.decided(figure, decision="return", note=" ")
        self.assertContains(answer, "Say why it is returned")
        figure.refresh_from_db()
        assert figure.state == State.IN_REVIEW
        self.assertContains(
            self.decided(figure, decision="return", note="请附页码"), "Done: 1 of 1."
        )
        self.client.force_login(self.editor)
        form = self.client.get(f"/en/admin/commitments/observation/{figure.pk}/change/")
        self.assertContains(form, "请附页码")
        self.assertContains(form, 'name="_submit"')

    def test_sent_twice_it_is_done_once(self):
        figure = self.submitted()
        self.decided(figure, decision="publish")
        figure.refresh_from_db()
        answer = self.decided(figure, decision="publish")
        self.assertContains(answer, "is published already")
        assert Observation.objects.get().published_at == figure.published_at

    def test_looking_is_not_deciding(self):
        figure = self.submitted()
        self.client.get(LOOK, {"record": f"observation-{figure.pk}", "decision": "publish"})
        figure.refresh_from_db()
        assert figure.state == State.IN_REVIEW

    def test_the_list_leads_to_the_review_of_the_chosen(self):
        figure = self.submitted()
        answer = self.client.post(
            "/en/admin/commitments/observation/",
            {"action": "review_selected", "_selected_action": [figure.pk]},
        )
        self.assertRedirects(answer, f"{LOOK}?record=observation-{figure.pk}")

    def test_of_a_long_choice_the_first_are_decided_and_it_says_so(self):
        figures = [self.submitted(year=year) for year in range(1960, 2011)]
        answer = self.client.post(
            "/en/admin/commitments/observation/",
            {"action": "review_selected", "_selected_action": [each.pk for each in figures]},
            follow=True,
        )
        self.assertContains(answer, "At most 50 are decided at once")
        assert len(answer.context["cases"]) == 50


class TheEditorsSide(Review):
    def setUp(self):
        self.client.force_login(self.editor)

    def test_what_waits_is_only_read_and_can_be_taken_back(self):
        figure = self.submitted()
        base = f"/en/admin/commitments/observation/{figure.pk}/"
        page = self.client.get(base + "change/")
        self.assertContains(page, "Waiting for review since")
        self.assertNotContains(page, 'name="_save"')
        assert self.client.post(base + "change/", {"value": "999"}).status_code == 403
        assert self.client.get(base + "take-back/").status_code == 405
        self.assertRedirects(self.client.post(base + "take-back/"), base + "change/")
        figure.refresh_from_db()
        assert figure.state == State.DRAFT
        self.assertContains(self.client.get(base + "change/"), 'name="_save"')

    def test_an_editor_cannot_review(self):
        figure = self.submitted()
        assert self.client.get(QUEUE).status_code == 403
        given = {"record": f"observation-{figure.pk}", "decision": "publish"}
        assert self.client.post(LOOK, given).status_code == 403

    def test_what_came_back_is_changed_under_the_editors_name(self):
        figure = self.submitted()
        send_back([figure], by=self.reviewer, at=timezone.now(), note="x")
        self.client.post(
            f"/en/admin/commitments/observation/{figure.pk}/change/",
            {
                "indicator": figure.indicator_id,
                "item": "",
                "period": str(self.year),
                "value": "216",
                "published_on": f"{self.year}-12-31",
                "source_zh": "统计公报",
                "source_kind": "official",
                "_submit": "1",
            },
        )
        figure.refresh_from_db()
        assert (figure.state, figure.value, figure.changed_by) == (
            State.IN_REVIEW,
            216,
            self.editor,
        )
