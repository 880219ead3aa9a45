"""What a promise lacks to be testable, told to whoever enters it, as the public will read it."""

from django.utils import timezone

from commitments.models import Commitment
from tests.desk import Desk
from tests.factories import (
    QUOTE,
    make_commitment,
    make_indicator,
    make_milestone,
    make_observation,
    make_target,
    make_theme,
)

BASE = "/en/admin/commitments/commitment/"
YEAR = timezone.localdate().year


class Measurability(Desk):
    def page_of(self, commitment, prefix="/en/"):
        address = f"{prefix}admin/commitments/commitment/{commitment.pk}/change/"
        return self.client.get(address)

    def missing(self, commitment):
        return [each.missing for each in self.page_of(commitment).context["testables"]]

    def save_new(self, **fields):
        promise = make_commitment(published=False)
        given = {
            "plan": promise.plan_id,
            "code": "ZZ-900",
            "title_zh": "新承诺",
            "title_en": "New promise",
            "source": promise.source_id,
            "quote": QUOTE,
            "lead_agency": promise.lead_agency_id,
            "theme": make_theme().pk,
            "due_basis": "none",
            "binding": "not_said",
        }
        for inline in ("targets", "milestones", "updates"):
            given |= {f"{inline}-TOTAL_FORMS": "0", f"{inline}-INITIAL_FORMS": "0"}
        return self.client.post(f"{BASE}add/", given | fields, follow=True)

    def test_the_form_of_a_new_promise_says_what_will_be_asked(self):
        self.assertContains(self.client.get(f"{BASE}add/"), "when it states six things")

    def test_saving_says_at_once_what_is_missing(self):
        page = self.save_new()
        assert Commitment.objects.filter(code="ZZ-900").exists()
        self.assertContains(
            page,
            "ZZ-900 New promise. Missing for a test: a number to reach, a unit, a date, a "
            "definition of what is measured, a starting point, a source of figures.",
        )

    def test_a_date_that_is_given_is_not_missed(self):
        page = self.save_new(due_year="2025", due_basis="stated")
        self.assertContains(page, "a number to reach, a unit, a definition")

    def test_each_drafted_test_says_what_its_indicator_lacks(self):
        draft = make_commitment(published=False)
        bare = make_indicator(unit_zh="", unit_en="")
        source = {"data_source_zh": "公报", "data_source_en": "Yearbook"}
        full = make_indicator(definition_zh="定义", definition_en="Definition", **source)
        type(full).objects.filter(pk=full.pk).update(
            data_source_zh="公报", data_source_en="Yearbook"
        )
        make_target(draft, indicator=bare)
        make_target(draft, indicator=full, baseline_period=2020, baseline_value=200)
        assert self.missing(draft) == [
            [
                "a unit",
                "a definition of what is measured",
                "a starting point",
                "a source of figures",
            ],
            [],
        ]
        self.assertContains(self.page_of(draft), "all six things are stated")

    def test_a_target_says_what_it_lacks_on_its_own_form_and_when_it_is_saved(self):
        draft = make_commitment(published=False)
        target = make_target(
            draft, published=False, indicator=make_indicator(unit_zh="", unit_en="")
        )
        address = f"/en/admin/commitments/target/{target.pk}/change/"
        page = self.client.get(address)
        [testable] = page.context["testables"]
        assert testable.missing[:1] == ["a unit"]
        self.assertContains(page, "What makes it testable, and what is missing: a unit,")
        form = page.context["adminform"].form
        given = {name: form[name].value() or "" for name in form.fields}
        saved = self.client.post(address, given, follow=True)
        self.assertContains(saved, "Missing for a test: a unit,")

    def test_dated_steps_lack_nothing(self):
        draft = make_commitment(published=False)
        make_milestone(draft)
        assert self.missing(draft) == [[]]

    def test_the_newest_version_counts(self):
        commitment = make_commitment()
        live = make_target(commitment)
        make_target(
            commitment,
            code=live.code,
            indicator=live.indicator,
            published=False,
            baseline_period=2020,
            baseline_value=200,
        )
        [missing] = self.missing(commitment)
        assert "a starting point" not in missing

    def test_says_the_words_of_the_public_page(self):
        commitment = make_commitment(due_year=YEAR + 2)
        target = make_target(commitment, due_period=YEAR + 2)
        make_observation(target.indicator, YEAR - 4, 200)
        make_observation(target.indicator, YEAR - 3, 210)
        for prefix in ("/", "/en/"):
            public = self.client.get(f"{prefix}commitments/{commitment.code}/")
            assert public.status_code == 200
            [shown] = self.page_of(commitment, prefix).context["testables"]
            [target_view] = public.context["page"].targets
            assert shown.measures == target_view.measures
            assert shown.missing == target_view.missing
            assert "stands in" in shown.measures[4].text or "替代" in shown.measures[4].text
