"""Entering, publishing and correcting a figure, as a person does it on the form."""

import datetime as dt

from django.utils import timezone

from commitments.models import Assessment, Indicator, Observation
from commitments.models.workflow import State
from tests import desk
from tests.factories import (
    make_commitment,
    make_indicator,
    make_observation,
    make_target,
)

ADD = "/en/admin/commitments/observation/add/"
LIST = "/en/admin/commitments/observation/"


class Desk(desk.Desk):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.year = timezone.localdate().year - 1
        # A promise whose whole course lies round the year before this one.
        cls.target = make_target(
            make_commitment(due_year=cls.year + 3),
            due_period=str(cls.year + 3),
            baseline_period=str(cls.year - 3),
            baseline_value=200,
        )
        cls.indicator = cls.target.indicator

    def form(self, **fields):
        given = {
            "indicator": self.indicator.pk,
            "item": "",
            "period": str(self.year),
            "value": "215",
            "published_on": f"{self.year + 1}-01-15",
            "source_zh": "统计公报",
            "source_kind": "official",
        }
        return {**given, **fields}

    def status(self):
        today = timezone.localdate()
        return Assessment.objects.get(
            commitment=self.target.commitment, starts_on__lte=today, ends_on__gt=today
        ).status

    def errors(self, **fields):
        answer = self.client.post(ADD, self.form(**fields))
        assert answer.status_code == 200, "the form was accepted"
        assert not Observation.objects.filter(state=State.DRAFT).exists()
        found = answer.context["adminform"].form.errors
        return {name: [*messages] for name, messages in found.items()}

    def assert_refused(self, field, message, **given):
        assert self.errors(**given) == {field: [message]}


class EnteringAFigure(Desk):
    def test_saving_makes_a_draft_that_changes_nothing(self):
        before = [*Assessment.objects.values()]
        self.assertRedirects(self.client.post(ADD, self.form()), LIST)
        draft = Observation.objects.get()
        assert (draft.state, draft.created_by) == (State.DRAFT, self.staff)
        assert [*Assessment.objects.values()] == before

    def test_a_submitted_figure_is_public_once_a_reviewer_has_published_it(self):
        answer = self.client.post(ADD, self.form(_submit="1"), follow=True)
        figure = Observation.objects.get()
        self.assertContains(answer, f"Submitted for review: {figure}.")
        assert (figure.state, figure.submitted_by) == (State.IN_REVIEW, self.staff)
        assert self.status() == "no_data"
        answer = self.decide(figure)
        figure.refresh_from_db()
        assert (figure.state, figure.published_by) == (State.PUBLISHED, self.reviewer)
        assert self.status() == "off_track"
        self.assertContains(answer, f"{self.target.commitment}: no data → far behind")

    def test_the_same_is_said_in_chinese(self):
        self.client.post("/admin/commitments/observation/add/", self.form(_submit="1"))
        answer = self.decide(Observation.objects.get(), prefix="/admin/")
        self.assertContains(answer, f"{self.target.commitment.code}")
        self.assertContains(answer, "暂无数据 → 严重滞后")

    def test_text_in_a_number_field_is_named_with_what_to_write(self):
        for text, said in {
            "many": "“many” is not a number. Write digits and a full stop, without the unit.",
            "３００": "“３００” has full-width characters. Write ordinary ones, such as 1234.5.",
            "一点八": "“一点八” is not a number. Write digits and a full stop, without the unit.",
            "3，000": "“3，000” has full-width characters. Write ordinary ones, such as 1234.5.",
            "1,234": "“1,234” has a separator between digits. Write the digits alone, "
            "such as 1234.5.",
            "350家": "“350家” has more than a number. Leave out the unit and every word.",
            "47%": "“47%” has more than a number. Leave out the unit and every word.",
            "1e3": "“1e3” may have lost digits. Write every digit, such as 123456789012.",
            "NaN": "“NaN” is not a number. Write digits and a full stop, without the unit.",
            "1_000": "“1_000” has more than a number. Leave out the unit and every word.",
            "\0": "This field is required.",
        }.items():
            with self.subTest(text):
                assert self.errors(value=text) == {"value": [said]}

    def test_a_day_to_come_is_refused(self):
        tomorrow = timezone.localdate() + dt.timedelta(days=1)
        assert self.errors(published_on=tomorrow.isoformat()) == {
            "published_on": ["This day has not come yet."]
        }

    def test_a_day_that_can_be_read_in_two_ways_is_refused(self):
        assert self.errors(published_on="05/11/2021") == {
            "published_on": ["This is not a date. Write it as 2021-11-05."]
        }

    def test_the_calendar_of_a_chinese_page_is_read(self):
        self.client.post(ADD, self.form(published_on=f"{self.year + 1}/01/15"))
        assert Observation.objects.get().published_on == dt.date(self.year + 1, 1, 15)

    def test_a_period_has_the_length_the_indicator_is_reported_in(self):
        assert self.errors(period=f"{self.year}-Q3") == {
            "period": ["This indicator is reported yearly. Write a period such as 2023."]
        }
        assert "is not a period" in self.errors(period="last year")["period"][0]
        assert self.errors(period=str(self.year + 5)) == {
            "period": ["The source was published before this period began."]
        }

    def test_a_class_is_one_of_six(self):
        rivers = make_indicator(scale=Indicator.Scale.WATER_CLASS)
        for value in ("0", "7", "2.5"):
            with self.subTest(value):
                assert self.errors(indicator=rivers.pk, value=value) == {
                    "value": [
                        "A water quality class is a whole number from 1 to 6 (6: worse than Ⅴ)."
                    ]
                }

    def test_a_number_stays_within_what_the_indicator_can_be(self):
        share = make_indicator(floor=0, ceiling=100)
        assert "value" in self.errors(indicator=share.pk, value="100.1")
        assert "value" in self.errors(indicator=share.pk, value="-1")

    def test_items_are_those_of_the_standard(self):
        air = make_indicator()
        make_target(
            self.target.commitment,
            indicator=air,
            kind="composite",
            value=None,
            standard="GB3095-2012-grade2",
        )
        missing = self.errors(indicator=air.pk)["item"][0]
        assert "Choose one of: SO2, NO2, PM10, PM2.5" in missing
        assert "item" in self.errors(indicator=air.pk, item="lead")
        assert self.errors(item="PM2.5") == {
            "item": ["This indicator has no items. Leave this empty."]
        }
        self.client.post(ADD, self.form(indicator=air.pk, item="PM2.5"))
        assert Observation.objects.get().item == "PM2.5"

    def test_a_second_figure_for_a_period_is_sent_to_the_first(self):
        first = make_observation(self.indicator, self.year, 300)
        said = self.errors(value="301")["period"][0]
        assert "Correct that one instead" in said
        assert f'href="/en/admin/commitments/observation/{first.pk}/change/"' in said

    def test_two_drafts_for_a_period_are_one_too_many(self):
        self.client.post(ADD, self.form())
        answer = self.client.post(ADD, self.form())
        assert "period" in answer.context["adminform"].form.errors
        assert Observation.objects.count() == 1


class CorrectingAFigure(Desk):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.figure = make_observation(cls.indicator, cls.year, 215)
        cls.page = f"{LIST}{cls.figure.pk}/"
        cls.correct = f"{ADD}?corrects={cls.figure.pk}"

    def test_a_published_figure_is_only_read(self):
        page = self.client.get(self.page + "change/")
        self.assertContains(page, f'href="{self.page}correct/"')
        self.assertNotContains(page, 'name="_save"')
        posted = self.client.post(self.page + "change/", self.form(value="999"))
        assert posted.status_code == 403
        self.figure.refresh_from_db()
        assert self.figure.value == 215

    def test_the_list_leads_to_the_correction(self):
        self.assertContains(self.client.get(LIST), f'href="{self.page}correct/"')

    def test_the_form_of_a_correction_is_filled(self):
        self.assertRedirects(self.client.get(self.page + "correct/"), self.correct)
        form = self.client.get(self.correct).context["adminform"].form
        assert form["value"].value() == "215"
        assert form.fields["indicator"].disabled

    def test_publishing_a_correction_replaces_and_keeps_the_figure(self):
        assert self.status() == "off_track"
        self.client.post(self.correct, self.form(value="350", _submit="1"))
        answer = self.decide(Observation.objects.in_review().get())
        self.figure.refresh_from_db()
        new = Observation.objects.live().get()
        assert (self.figure.value, self.figure.replaced_by) == (215, new)
        assert self.status() == "met_early"
        self.assertContains(answer, "far behind → met early, must hold")

    def test_a_wrong_period_is_corrected_too(self):
        self.client.post(self.correct, self.form(period=str(self.year - 1), _submit="1"))
        draft = Observation.objects.in_review().get()
        assert draft.corrects == self.figure
        self.assertContains(self.decide(draft), "published")
        self.figure.refresh_from_db()
        assert self.figure.replaced_by == draft
        assert [str(row.period) for row in Observation.objects.live()] == [str(self.year - 1)]

    def test_a_correction_does_not_push_out_the_figure_of_another_period(self):
        other = make_observation(self.indicator, self.year - 1, 210)
        answer = self.client.post(self.correct, self.form(period=str(self.year - 1)))
        assert "period" in answer.context["adminform"].form.errors
        other.refresh_from_db()
        assert other.superseded_at is None

    def test_a_correction_stays_with_its_indicator_whatever_is_sent(self):
        other = make_indicator()
        make_target(self.target.commitment, indicator=other)
        self.client.post(self.correct, self.form(value="300", indicator=other.pk))
        assert Observation.objects.get(state=State.DRAFT).indicator == self.indicator

    def test_a_correction_begun_before_is_gone_on_with(self):
        self.client.post(self.correct, self.form(value="300"))
        draft = Observation.objects.get(state=State.DRAFT)
        self.assertRedirects(self.client.get(self.page + "correct/"), f"{LIST}{draft.pk}/change/")
        again = self.client.post(self.correct, self.form(value="301"))
        assert again.status_code == 200
        assert Observation.objects.filter(state=State.DRAFT).count() == 1

    def test_what_was_replaced_is_not_corrected_again(self):
        self.client.post(self.correct, self.form(value="300", _submit="1"))
        self.decide(Observation.objects.in_review().get())
        answer = self.client.get(self.page + "correct/", follow=True)
        self.assertContains(answer, "Only the version that is published now can be corrected.")
        self.assertRedirects(self.client.post(self.correct, self.form(value="1")), LIST)
        assert Observation.objects.count() == 2

    def test_a_draft_of_a_correction_can_be_edited_and_deleted(self):
        self.client.post(self.correct, self.form(value="300"))
        draft = Observation.objects.get(state=State.DRAFT)
        self.client.post(f"{LIST}{draft.pk}/change/", self.form(value="310"))
        draft.refresh_from_db()
        assert draft.value == 310
        self.client.post(f"{LIST}{draft.pk}/delete/", {"post": "yes"})
        assert [*Observation.objects.all()] == [self.figure]

    def test_a_published_figure_is_not_deleted(self):
        for method in (self.client.get, self.client.post):
            answer = method(self.page + "delete/", {"post": "yes"})
            self.assertContains(answer, "What was published is never deleted.", status_code=403)
        marked = {"action": "delete_selected", "_selected_action": [self.figure.pk], "post": "yes"}
        assert self.client.post(LIST, marked).status_code == 403
        assert Observation.objects.filter(pk=self.figure.pk).exists()


class SubmittingFromTheList(Desk):
    def test_each_record_says_what_became_of_it(self):
        good = make_observation(self.indicator, self.year, 215, published=False)
        live = make_observation(self.indicator, self.year - 1, 210)
        answer = self.client.post(
            LIST,
            {"action": "submit_selected", "_selected_action": [good.pk, live.pk]},
            follow=True,
        )
        said = [str(message) for message in answer.context["messages"]]
        assert len(said) == 2
        assert "Submitted for review" in said[0]
        assert "is published already" in said[1]
        good.refresh_from_db()
        assert good.is_in_review
