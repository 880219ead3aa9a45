"""Two people at one record: what the second to save is shown, and what their answer does."""

import threading

from django.db import connections
from django.test import Client, TestCase, TransactionTestCase
from django.utils import timezone

from commitments.actions.publishing import publish
from commitments.actions.reviewing import submit
from commitments.models import Agency, Observation, Target
from commitments.models.workflow import State
from tests.admin.forms import sent
from tests.factories import (
    make_agency,
    make_commitment,
    make_indicator,
    make_observation,
    make_plan,
    make_target,
    make_user,
)

EN = "/en/admin/commitments/"
NOW = timezone.now()


def staff(username):
    client = Client()
    client.force_login(make_user(username, is_staff=True, is_superuser=True))
    return client


class Editing(TestCase):
    def setUp(self):
        self.first, self.second = staff("first"), staff("second")

    def open(self, record):
        """The page of a record, and what a browser would send back of it."""
        page = f"{EN}{record._meta.model_name}/{record.pk}/change/"
        answer = self.second.get(page)
        return page, sent(answer)


class SameRecord(Editing):
    @classmethod
    def setUpTestData(cls):
        cls.agency = make_agency(code="water", name_zh="市水利局", name_en="Water Bureau")

    def conflict(self):
        """First renames in English, while second writes another English name and a note."""
        page, theirs = self.open(self.agency)
        first = theirs | {"name_en": "Water Office", "note_zh": "首问单位"}
        assert self.first.post(page, first).status_code == 302
        mine = theirs | {"name_en": "Water Authority", "name_zh": "水利局"}
        return page, self.second.post(page, mine)

    def stored(self):
        return Agency.objects.values_list("name_zh", "name_en", "note_zh").get(pk=self.agency.pk)

    def test_both_versions_are_shown_and_nothing_is_written(self):
        _page, answer = self.conflict()
        assert answer.status_code == 409
        assert self.stored() == ("市水利局", "Water Office", "首问单位")
        [part] = answer.context["parts"]
        told = [(each.label, each.mine, each.theirs, each.is_mine_new) for each in part.differences]
        assert told == [
            ("Name (English)", "Water Authority", "Water Office", True),
            ("Note (Chinese)", "", "首问单位", False),
        ]
        self.assertContains(answer, "first · changed", status_code=409)

    def test_each_field_is_kept_as_chosen(self):
        page, answer = self.conflict()
        chosen = {"_keep-name_en": "mine", "_keep-note_zh": "theirs"}
        assert self.second.post(page, sent_again(answer) | chosen).status_code == 302
        assert self.stored() == ("水利局", "Water Authority", "首问单位")

    def test_one_version_can_be_kept_whole(self):
        page, answer = self.conflict()
        chosen = {"_keep-name_en": "theirs", "_keep-note_zh": "theirs"}
        assert self.second.post(page, sent_again(answer) | chosen).status_code == 302
        assert self.stored() == ("水利局", "Water Office", "首问单位")

    def test_a_third_change_before_the_answer_is_shown_again(self):
        page, answer = self.conflict()
        Agency.objects.update(name_en="Water Ministry")
        chosen = {"_keep-name_en": "mine", "_keep-note_zh": "theirs"}
        answer = self.second.post(page, sent_again(answer) | chosen)
        assert answer.status_code == 409
        [only] = answer.context["parts"][0].differences
        assert (only.mine, only.theirs) == ("Water Authority", "Water Ministry")

    def test_the_same_change_by_both_is_no_conflict(self):
        page, data = self.open(self.agency)
        data["name_en"] = "Water Office"
        assert self.first.post(page, data).status_code == 302
        assert self.second.post(page, data).status_code == 302

    def test_a_mistake_in_between_does_not_hide_the_conflict(self):
        page, data = self.open(self.agency)
        assert self.first.post(page, data | {"name_en": "Water Office"}).status_code == 302
        mine = data | {"name_en": "Water Authority"}
        refused = self.second.post(page, mine | {"name_en": "Water Office", "name_zh": ""})
        assert "name_zh" in refused.context["adminform"].form.errors
        again = mine | {"_seen": refused.context["seen"]}
        assert self.second.post(page, again).status_code == 409

    def test_ticks_and_choices_are_shown_in_words(self):
        plan = make_plan()
        page, data = self.open(plan)
        assert self.first.post(page, data | {"agencies": [self.agency.pk]}).status_code == 302
        other = make_agency(name_en="Forestry Bureau")
        answer = self.second.post(page, data | {"agencies": [other.pk], "summary_zh": "摘要"})
        [only] = answer.context["parts"][0].differences
        assert (only.mine, only.theirs) == ("Forestry Bureau", "Water Bureau")
        kept = sent_again(answer) | {"_keep-agencies": "theirs"}
        assert self.second.post(page, kept).status_code == 302
        plan.refresh_from_db()
        assert ([*plan.agencies.all()], plan.summary_zh) == ([self.agency], "摘要")

    def test_marks_that_cannot_be_read_are_no_failure(self):
        page, data = self.open(self.agency)
        for text in ("{", "[]", '{":1": 2}', "\0"):
            with self.subTest(text):
                assert self.second.post(page, data | {"_seen": text}).status_code == 302


class Rows(Editing):
    @classmethod
    def setUpTestData(cls):
        cls.promise = make_commitment(published=False)
        cls.target = make_target(cls.promise, published=False, code="T-1")

    def prefix(self, data):
        [name] = [name for name, value in data.items() if value == "T-1"]
        return name.removesuffix("-0-code")

    def test_a_row_that_somebody_changed_is_compared_too(self):
        page, data = self.open(self.promise)
        Target.objects.update(value=400)
        name = f"{self.prefix(data)}-0-value"
        answer = self.second.post(page, data | {name: "500"})
        [part] = answer.context["parts"]
        assert [(each.mine, each.theirs) for each in part.differences] == [("500", "400")]
        answer = self.second.post(page, sent_again(answer) | {f"_keep-{name}": "mine"})
        assert answer.status_code == 302
        assert Target.objects.get().value == 500

    def test_the_text_of_a_row_that_is_gone_can_be_a_new_draft(self):
        page, data = self.open(self.promise)
        row = f"{self.prefix(data)}-0"
        Target.objects.all().delete()
        answer = self.second.post(page, data | {f"{row}-note_zh": "逐年核对"})
        [part] = answer.context["parts"]
        assert part.gone == row
        assert ("How it was read (Chinese)", "逐年核对") in part.texts
        again = sent_again(answer)
        assert self.second.post(page, again | {f"_keep-{row}": "new"}).status_code == 302
        assert Target.objects.get().note_zh == "逐年核对"

    def test_the_text_of_a_row_that_was_submitted_is_not_lost_in_the_new_table(self):
        page, data = self.open(self.promise)
        row = f"{self.prefix(data)}-0"
        first = make_user("first")
        assert submit([self.target], by=first, at=NOW)[0].is_done
        answer = self.second.post(page, data | {f"{row}-note_zh": "逐年核对"})
        [part] = answer.context["parts"]
        assert ("How it was read (Chinese)", "逐年核对") in part.texts
        again = sent_again(answer) | {f"_keep-{row}": "theirs", "title_zh": "新标题"}
        assert self.second.post(page, again).status_code == 302
        self.promise.refresh_from_db()
        assert self.promise.title_zh == "新标题"
        assert Target.objects.get().note_zh == ""

    def test_a_row_that_is_gone_can_be_left(self):
        page, data = self.open(self.promise)
        row = f"{self.prefix(data)}-0"
        Target.objects.all().delete()
        answer = self.second.post(page, data)
        again = sent_again(answer) | {f"_keep-{row}": "theirs"}
        assert self.second.post(page, again).status_code == 302
        assert not Target.objects.exists()


class NoLongerToBeChanged(Editing):
    @classmethod
    def setUpTestData(cls):
        cls.indicator = make_indicator()
        cls.figure = make_observation(cls.indicator, 2023, 300, published=False)

    def test_the_text_for_a_deleted_draft_is_shown_and_can_be_saved_anew(self):
        page, data = self.open(self.figure)
        Observation.objects.all().delete()
        answer = self.second.post(page, data | {"value": "310", "note_zh": "核对过"})
        self.assertContains(answer, "核对过", status_code=409)
        self.assertContains(answer, "it was deleted", status_code=409)
        again = self.second.post(answer.context["new_address"], sent_again(answer))
        assert again.status_code == 302
        assert Observation.objects.get().note_zh == "核对过"

    def test_the_text_for_a_published_figure_can_be_its_correction(self):
        page, data = self.open(self.figure)
        publish(self.figure, by=make_user("reviewer"), at=timezone.now())
        answer = self.second.post(page, data | {"value": "310"})
        self.assertContains(answer, "310", status_code=409)
        assert Observation.objects.get().value == 300
        assert (
            self.second.post(answer.context["new_address"], sent_again(answer)).status_code == 302
        )
        assert Observation.objects.get(state=State.DRAFT).value == 310


class AtOnce(TransactionTestCase):
    def test_of_two_saves_at_one_moment_one_is_shown_the_other(self):
        agency = make_agency(name_en="Water Bureau")
        clients = [staff("first"), staff("second")]
        page = f"{EN}agency/{agency.pk}/change/"
        data = sent(clients[0].get(page))
        found, gate = [], threading.Barrier(2)

        def save(client, name):
            gate.wait()
            try:
                found.append(client.post(page, data | {"name_en": name}).status_code)
            finally:
                connections.close_all()

        threads = [
            threading.Thread(target=save, args=pair)
            for pair in zip(clients, ("Water Office", "Water Authority"), strict=True)
        ]
        for each in threads:
            each.start()
        for each in threads:
            each.join(timeout=60)
        assert sorted(found) == [302, 409]


def sent_again(answer):
    """What the hidden fields of a page send back."""
    data = {}
    for name, value in answer.context["typed"]:
        data.setdefault(name, []).append(value)
    return data | ({"_seen": answer.context["seen"]} if "seen" in answer.context else {})
