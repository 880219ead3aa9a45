"""Forms of the other records: what they refuse, what they lock, what they change."""

from django.utils import timezone

from commitments.models import (
    Assessment,
    Commitment,
    Indicator,
    Milestone,
    Plan,
    SourceDocument,
    Target,
    Update,
)
from commitments.models.source_document import sha256_of
from commitments.models.workflow import State
from tests import desk
from tests.factories import (
    QUOTE,
    TEXT,
    make_agency,
    make_commitment,
    make_indicator,
    make_milestone,
    make_observation,
    make_plan,
    make_source,
    make_target,
    make_theme,
    make_update,
)

BASE = "/en/admin/commitments/"
EMPTY_INLINES = {
    f"{prefix}-{name}": "0"
    for prefix in ("targets", "milestones", "updates", "targets-2", "milestones-2", "updates-2")
    for name in ("TOTAL_FORMS", "INITIAL_FORMS")
}


class Desk(desk.Desk):
    def errors(self, address, values):
        answer = self.client.post(BASE + address, values)
        assert answer.status_code == 200, "the form was accepted"
        found = answer.context["adminform"].form.errors
        return {name: [*messages] for name, messages in found.items()}

    def standing(self, commitment):
        today = timezone.localdate()
        return Assessment.objects.get(
            commitment=commitment, starts_on__lte=today, ends_on__gt=today
        ).status


class CommitmentForms(Desk):
    def form(self, **fields):
        plan = Plan.objects.first() or make_plan()
        source = SourceDocument.objects.first() or make_source(plan)
        given = {
            "plan": plan.pk,
            "code": "ZZ-900",
            "title_zh": "龙头企业",
            "title_en": "Enterprises",
            "source": source.pk,
            "quote": QUOTE,
            "quote_start": "",
            "lead_agency": (make_agency()).pk,
            "theme": (make_theme()).pk,
            "due_year": "2025",
            "due_basis": "stated",
            "binding": "not_said",
        }
        return {**given, **EMPTY_INLINES, **fields}

    def edit(self, commitment, **fields):
        values = {
            name: getattr(commitment, name) or ""
            for name in ("title_zh", "title_en", "quote", "quote_start", "due_year", "due_basis")
        }
        values |= {"plan": commitment.plan_id, "source": commitment.source_id}
        values |= {"lead_agency": commitment.lead_agency_id, "theme": commitment.theme_id}
        values |= {"binding": commitment.binding}
        for name, rows in (("targets", commitment.targets), ("milestones", commitment.milestones)):
            if rows.live().exists():
                values |= {f"{name}-TOTAL_FORMS": rows.live().count()}
                values |= {f"{name}-INITIAL_FORMS": rows.live().count()}
                first = rows.live().get()
                values |= {f"{name}-0-id": first.pk, f"{name}-0-commitment": commitment.pk}
        address = f"{BASE}commitment/{commitment.pk}/change/"
        return self.client.post(address, {**EMPTY_INLINES, **values, **fields}, follow=True)

    def test_a_quote_is_placed_by_itself_when_it_is_there_once(self):
        self.client.post(BASE + "commitment/add/", self.form())
        made = Commitment.objects.get(code="ZZ-900")
        assert (made.quote_start, made.state) == (TEXT.index(QUOTE), State.DRAFT)

    def test_a_quote_that_is_not_there_is_refused_with_the_nearest_place(self):
        [said] = self.errors("commitment/add/", self.form(quote=QUOTE.replace("350", "360")))[
            "quote"
        ]
        assert f"at character {TEXT.index(QUOTE)}" in said
        assert QUOTE in said

    def test_a_quote_that_is_there_twice_asks_which(self):
        source = make_source(make_plan(), text="一二三。一二三。")
        given = self.form(source=source.pk, plan=source.plan_id, quote="一二三")
        said = self.errors("commitment/add/", given)
        assert said == {
            "quote_start": ["The quote is in the source more than once. Write one of: 0, 4."]
        }
        self.client.post(BASE + "commitment/add/", {**given, "quote_start": "4"})
        assert Commitment.objects.get(code="ZZ-900").quote_start == 4

    def test_a_quote_over_several_lines_survives_the_browser(self):
        source = make_source(make_plan(), text="第一行\n　第二行。")
        given = self.form(source=source.pk, plan=source.plan_id, quote="第一行\r\n　第二行")
        self.client.post(BASE + "commitment/add/", given)
        assert Commitment.objects.get(code="ZZ-900").quote == "第一行\n　第二行"

    def test_a_year_is_a_year(self):
        for text in ("next", "２０２５", "99999", "-1"):
            with self.subTest(text):
                said = self.errors("commitment/add/", self.form(due_year=text))["due_year"]
                assert said == [f"“{text}” is not a year such as 2025."]

    def test_a_constraint_is_shown_at_its_field(self):
        assert "due_basis" in self.errors("commitment/add/", self.form(due_basis="none"))
        said = self.errors("commitment/add/", self.form(withdrawn_on="2024-01-01"))
        assert "withdrawn_document_zh" in said

    def test_a_promise_and_its_test_go_out_together(self):
        indicator = make_indicator()
        given = self.form(_submit="1")
        target = {
            "code": "ZZ-900.1",
            "document": given["source"],
            "indicator": indicator.pk,
            "kind": "at_least",
            "value": "350",
            "due_period": "2022",
            "due_basis": "stated",
        }
        given |= {f"targets-0-{name}": value for name, value in target.items()}
        given |= {"targets-TOTAL_FORMS": "1"}
        self.client.post(BASE + "commitment/add/", given)
        made = Target.objects.get()
        assert (made.state, made.created_by) == (State.IN_REVIEW, self.staff)
        answer = self.decide(made.commitment)
        made.refresh_from_db()
        assert (made.state, made.published_by) == (State.PUBLISHED, self.reviewer)
        assert self.standing(made.commitment) == "unreported"
        self.assertContains(answer, "due, never reported")

    def test_a_published_promise_leads_to_a_figure_of_each_of_its_tests(self):
        commitment = make_commitment()
        page = f"{BASE}commitment/{commitment.pk}/change/"
        self.assertNotContains(self.client.get(page), "Enter a figure")
        first = make_target(commitment, indicator=make_indicator(name_en="Firms"))
        href = f'href="{BASE}observation/add/?indicator={first.indicator_id}"'
        self.assertContains(self.client.get(page), f"<a {href}>Enter a figure</a>", html=True)
        make_target(commitment, indicator=make_indicator(name_en="Farms"))
        make_target(commitment, indicator=make_indicator(name_en="Drafted"), published=False)
        answer = self.client.get(page)
        self.assertContains(answer, "Enter a figure: ", count=2)
        self.assertContains(answer, f"<a {href}>Enter a figure: Firms</a>", html=True)
        self.client.force_login(self.reviewer)
        self.assertNotContains(self.client.get(page), "Enter a figure")

    def test_a_published_promise_shows_its_status_sentence_and_page(self):
        commitment = make_target(due_period=2022).commitment
        page = self.client.get(f"{BASE}commitment/{commitment.pk}/change/")
        self.assertContains(page, "due, never reported")
        self.assertContains(page, f'href="/en/commitments/{commitment.code}/"')

    def test_the_list_is_filtered_by_the_status_of_the_day(self):
        found = make_target(due_period=2022).commitment
        make_commitment()
        answer = self.client.get(BASE + "commitment/?status=unreported")
        assert [*answer.context["cl"].queryset] == [found]

    def test_the_code_stays(self):
        commitment = make_commitment(published=False)
        self.edit(commitment, code="ZZ-999", title_en="Another title")
        commitment.refresh_from_db()
        assert (commitment.code, commitment.title_en) == ("ZZ-001", "Another title")


class TargetForms(Desk):
    def form(self, **fields):
        commitment = Commitment.objects.first() or make_commitment()
        given = {
            "commitment": commitment.pk,
            "code": "T-1",
            "document": commitment.source_id,
            "indicator": (Indicator.objects.first() or make_indicator()).pk,
            "kind": "at_least",
            "value": "350",
            "due_period": "2025",
            "due_basis": "stated",
        }
        return {**given, **fields}

    def test_each_kind_asks_for_what_it_needs_at_the_field(self):
        other = make_indicator()
        for field, fields in [
            ("value", {"value": ""}),
            ("value", {"kind": "zero", "value": "3"}),
            ("value", {"kind": "coverage", "value": "101"}),
            ("kind", {"kind": "class_at_or_better", "value": "2"}),
            ("standard", {"kind": "composite", "value": ""}),
            ("standard", {"standard": "GB3095-2012-grade2"}),
            ("standard", {"kind": "composite", "value": "", "standard": "GB-1"}),
            ("comparator_indicator", {"kind": "above_comparator", "value": ""}),
            ("comparator_indicator", {"comparator_indicator": other.pk}),
            ("baseline_value", {"baseline_period": "2020"}),
            ("due_period", {"due_period": "some day"}),
            ("interim", {"interim": "2023"}),
            ("interim", {"interim": "2023=many"}),
            ("interim", {"interim": "2023=300; 2023-Q4=310"}),
            ("interim", {"interim": "2025=350"}),
            ("valid_until", {"valid_from": "2022-01-02", "valid_until": "2022-01-01"}),
        ]:
            with self.subTest(fields):
                assert field in self.errors("target/add/", self.form(**fields))
        assert not Target.objects.exists()

    def test_interim_targets_are_stored_as_pairs_and_shown_as_typed(self):
        self.client.post(BASE + "target/add/", self.form(interim="2023=300；2024=320"))
        made = Target.objects.get()
        assert made.interim == [["2023", "300"], ["2024", "320"]]
        self.assertContains(
            self.client.get(f"{BASE}target/{made.pk}/change/"), "2023=300; 2024=320"
        )

    def test_a_code_in_use_leads_to_the_target_that_has_it(self):
        first = make_target(code="T-1")
        [said] = self.errors("target/add/", self.form())["code"]
        assert f'href="/en/admin/commitments/target/{first.pk}/change/"' in said

    def test_an_amendment_is_begun_from_its_original(self):
        original = make_target()
        page = self.client.get(f"{BASE}target/{original.pk}/change/")
        self.assertContains(page, f'href="/en/admin/commitments/target/add/?amends={original.pk}"')
        form = self.client.get(f"{BASE}target/add/?amends={original.pk}").context["adminform"].form
        assert form["amends"].value() == original.pk
        assert form["value"].value() is None
        said = self.errors("target/add/", self.form(amends=original.pk))
        assert said == {"reason_zh": ["An amended target needs its reason."]}

    def test_a_public_test_becomes_another_for_a_told_reason_only(self):
        live = make_target(code="T-1", value=350)
        address = f"target/add/?corrects={live.pk}"
        fields = {"value": "350", "note_zh": "指在业的"}
        same = self.form(**{**fields, "commitment": live.commitment_id})
        [said] = self.errors(address, same | {"value": "360"})["reason_zh"]
        assert said.startswith("The public knows this test.")
        self.client.post(BASE + address, same | {"value": "360", "reason_zh": "录入有误"})
        draft = Target.objects.get(state=State.DRAFT)
        self.client.post(f"{BASE}target/{draft.pk}/change/", same | {"value": "370"})
        draft.refresh_from_db()
        assert (draft.value, draft.reason_zh) == (360, "录入有误")
        self.client.post(f"{BASE}target/{draft.pk}/change/", same)
        draft.refresh_from_db()
        assert (draft.value, draft.reason_zh, draft.note_zh) == (350, "", "指在业的")

    def test_the_reason_of_an_earlier_correction_is_not_given_again(self):
        live = make_target(code="T-1", reason_zh="录入有误")
        page = self.client.get(f"{BASE}target/add/?corrects={live.pk}")
        assert page.context["adminform"].form["reason_zh"].value() == ""
        folded = page.content.decode().partition("<details>")[2]
        assert "reason_zh" not in folded
        assert "note_zh" in folded

    def test_a_public_target_is_read_as_the_public_reads_it(self):
        target = make_target(
            code="T-1",
            value=350,
            baseline_period="2020",
            baseline_value=200,
            interim=[["2023", "300"]],
        )
        page = self.client.get(f"{BASE}target/{target.pk}/change/")
        for words in ("≥ 350 enterprises", "200 enterprises", "2023=300"):
            self.assertContains(page, f'<div class="readonly">{words}</div>', html=True)
        self.assertContains(page, "change-form reading")
        self.assertContains(self.client.get(BASE + "target/"), "≥ 350 enterprises")

    def test_a_draft_of_a_correction_may_go_but_not_a_draft_with_a_code_of_its_own(self):
        live = make_target(code="T-1")
        given = self.form(value="360", reason_zh="录入时少看一位")
        self.client.post(f"{BASE}target/add/?corrects={live.pk}", given)
        correction = Target.objects.get(state=State.DRAFT)
        self.client.post(f"{BASE}target/{correction.pk}/delete/", {"post": "yes"})
        assert [*Target.objects.all()] == [live]
        draft = make_target(code="T-2", published=False)
        answer = self.client.post(f"{BASE}target/{draft.pk}/delete/", {"post": "yes"})
        self.assertContains(answer, "A record with a code is not deleted", status_code=403)


class OtherForms(Desk):
    def test_a_milestone_done_replaces_the_undone_one(self):
        step = make_milestone()
        assert self.standing(step.commitment) == "missed"
        values = {
            "title_zh": step.title_zh,
            "title_en": step.title_en,
            "due_on": "2023-12-31",
            "done_on": "2023-12-01",
        }
        address = f"milestone/add/?corrects={step.pk}"
        assert "done_on" in self.errors(address, values)
        values |= {"done_published_on": "2023-12-02", "source_zh": "公告", "_submit": "1"}
        self.client.post(BASE + address, values)
        self.decide(Milestone.objects.in_review().get())
        step.refresh_from_db()
        live = Milestone.objects.live().get()
        assert (live.code, live.commitment, step.replaced_by) == (step.code, step.commitment, live)
        assert self.standing(step.commitment) == "achieved"

    def test_a_published_update_stays_as_it_is_and_a_draft_may_go(self):
        update = make_update()
        address = f"{BASE}update/{update.pk}/"
        assert self.client.post(address + "change/", {"text_zh": "改"}).status_code == 403
        assert self.client.post(address + "delete/", {"post": "yes"}).status_code == 403
        draft = make_update(update.commitment, published=False)
        self.client.post(f"{BASE}update/{draft.pk}/delete/", {"post": "yes"})
        assert [*Update.objects.all()] == [update]

    def test_a_quoted_text_is_only_read(self):
        source = make_commitment().source
        values = {
            "title_zh": "新标题",
            "title_en": "New title",
            "publisher_zh": "株洲日报",
            "publisher_en": "Zhuzhou Daily",
            "published_on": "2021-11-05",
            "text": "另一篇",
        }
        self.client.post(f"{BASE}sourcedocument/{source.pk}/change/", values)
        source.refresh_from_db()
        assert (source.title_en, source.text) == ("New title", TEXT)

    def test_the_checksum_of_a_text_is_computed(self):
        plan = make_plan()
        values = {
            "plan": plan.pk,
            "code": "news",
            "title_zh": "报道",
            "title_en": "Report",
            "publisher_zh": "株洲日报",
            "publisher_en": "Zhuzhou Daily",
            "published_on": "2021-11-05",
            "text": " 第一行\r\n第二行\r\n",
        }
        self.client.post(BASE + "sourcedocument/add/", values)
        made = SourceDocument.objects.get(code="news")
        assert made.text == " 第一行\n第二行\n"
        assert made.sha256 == sha256_of(made.text)

    def test_what_published_numbers_mean_is_only_read(self):
        indicator = make_target().indicator
        make_observation(indicator)
        form = self.client.get(f"{BASE}indicator/{indicator.pk}/change/").context["adminform"].form
        assert not {"unit_zh", "unit_en", "scale", "frequency", "code"} & form.fields.keys()

    def test_a_plan_is_opened_by_an_action(self):
        plan = make_plan(opened_on=None)
        commitment = make_commitment(plan=plan, source=make_source(plan))
        assert not Assessment.objects.exists()
        given = {"action": "open_selected", "_selected_action": [plan.pk]}
        answer = self.client.post(BASE + "plan/", given, follow=True)
        self.assertContains(answer, "the public can read it from today on")
        assert self.standing(commitment) == "not_assessable"

    def test_nothing_with_a_code_is_deleted(self):
        commitment = make_commitment()
        for name, record in {
            "plan": commitment.plan,
            "sourcedocument": commitment.source,
            "agency": commitment.lead_agency,
            "theme": commitment.theme,
            "commitment": make_commitment(published=False),
            "indicator": make_indicator(),
        }.items():
            with self.subTest(name):
                answer = self.client.post(f"{BASE}{name}/{record.pk}/delete/", {"post": "yes"})
                self.assertContains(answer, "never used again", status_code=403)
                self.assertNotContains(self.client.get(f"{BASE}{name}/"), "delete_selected")
