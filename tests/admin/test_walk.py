"""Every address of the staff area, for every role, with its own and with another's record."""

from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.test import TestCase

from commitments.models import Commitment, Entry, LogInRule
from tests.factories import (
    make_agency,
    make_commitment,
    make_error_report,
    make_factor,
    make_observation,
    make_sheet_import,
    make_staff,
    make_update,
    make_user,
)
from tests.staff_area import (
    CODES,
    COLUMNS,
    GONE,
    NO,
    POST,
    ROOT,
    TABLE,
    address_of,
    make_records,
    patterns,
)

# What finishes or ends a log-in; test_second_factor tells what each of them lets through.
OTHER_WAYS = ("oidc", "oidc_back")
FINISH = ("login", "logout", "second_factor", "second_factor_code", "second_factor_picture")


class Walk(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.ours, cls.theirs = make_agency(), make_agency()
        writer = make_user("writer")
        cls.records = {
            "editor": make_records(cls.ours, writer),
            "theirs": make_records(cls.theirs, writer),
        }
        for role in ("reviewer", "administrator", "auditor"):
            cls.records[role] = cls.records["theirs"]
            make_staff(role)
        editor = make_staff("editor", cls.ours, covers="lead_or_support")
        for column, by in (("editor", editor), ("theirs", writer)):
            cls.records[column]["sheetimport"] = make_sheet_import(by)
        report = make_error_report(cls.records["editor"]["commitment"])
        for records in cls.records.values():
            records |= {"errorreport": report, "entry": Entry.objects.first()}

    def person(self, column):
        return User.objects.get(username="editor" if column == "theirs" else column)

    def test_every_address_is_in_the_table(self):
        assert {name for name, _form, _pattern in patterns()} == TABLE.keys()

    def test_each_role_gets_the_answer_of_the_table(self):
        for name, form, pattern in patterns():
            for column in COLUMNS:
                address = address_of(name, pattern, self.records[column])
                with self.subTest(form, column=column):
                    self.client.force_login(self.person(column))
                    answer = self.client.get(address)
                    wanted = TABLE[name][column]
                    assert answer.status_code == CODES[wanted], wanted
                    if wanted == GONE:
                        assert answer.headers["Location"] == ROOT

    def test_nobody_without_a_role_gets_anywhere(self):
        self.client.force_login(make_user("citizen"))
        for name, form, pattern in patterns():
            address = address_of(name, pattern, self.records["editor"])
            if name in ("login", "jsi18n", "oidc", "oidc_back"):
                continue
            with self.subTest(form):
                answer = self.client.get(address)
                assert answer.status_code == 302
                assert "/login/" in answer.headers["Location"] or name == "logout"

    def test_what_is_refused_changes_nothing_by_post_either(self):
        before = self.everything()
        for name, form, pattern in patterns():
            for column in ("theirs", "auditor"):
                address = address_of(name, pattern, self.records[column])
                if name in ("logout", "password_change", "login"):
                    continue
                if column == "theirs" and TABLE[name][column] not in (NO, GONE, POST):
                    continue
                with self.subTest(form, column=column):
                    self.client.force_login(self.person(column))
                    given = {"post": "yes", "value": "999", "title_zh": "改", "username": "x"}
                    self.client.post(address, given)
                    assert self.everything() == before

    def test_who_owes_the_second_step_gets_nowhere_and_changes_nothing(self):
        LogInRule.objects.create(pk=1, editor=True, administrator=True)
        make_factor(self.person("administrator"))
        before = self.everything()
        for name, form, pattern in patterns():
            for column, page in (("editor", ""), ("administrator", "code/")):
                if name in FINISH + OTHER_WAYS:
                    continue
                address = address_of(name, pattern, self.records[column])
                with self.subTest(form, column=column):
                    self.client.force_login(self.person(column))
                    for send in (self.client.get, self.client.post):
                        answer = send(address, {"post": "yes", "value": "9", "title_zh": "改"})
                        assert answer.status_code == 302
                        assert answer["Location"].startswith(f"{ROOT}second-factor/{page}")
                    assert self.everything() == before

    def test_a_search_for_choices_finds_only_what_may_be_seen(self):
        self.client.force_login(self.person("editor"))
        ours = [self.records["editor"][name] for name in ("commitment", "target")]
        theirs = self.records["theirs"]["commitment"]
        query = "autocomplete/?app_label=commitments&model_name=target&field_name=commitment"
        found = {int(each["id"]) for each in self.client.get(ROOT + query).json()["results"]}
        assert ours[0].pk in found
        assert theirs.pk not in found

    def test_a_filter_offers_only_what_the_rows_that_may_be_seen_refer_to(self):
        ours, theirs = (make_agency(name_zh=name, name_en=name) for name in ("Ours", "Theirs"))
        editor = make_staff("editor", self.ours, ours, username="of two")
        for agency in (ours, theirs):
            make_update(make_commitment(lead_agency=agency), published=False, by=editor)
        self.client.force_login(editor)
        for name in ("commitment", "update"):
            answer = self.client.get(f"{ROOT}commitments/{name}/")
            with self.subTest(name):
                self.assertContains(answer, ">Ours</a>")
                self.assertNotContains(answer, "Theirs")

    def test_no_address_tells_of_a_record_by_its_number(self):
        self.client.force_login(self.person("editor"))
        kind = ContentType.objects.get_for_model(Commitment).pk
        address = f"{ROOT}r/{kind}/{self.records['theirs']['commitment'].pk}/"
        assert self.client.get(address).status_code == 404

    def test_a_form_offers_and_takes_only_what_may_be_seen(self):
        self.client.force_login(self.person("editor"))
        theirs = self.records["theirs"]
        for query in ("corrects", "amends"):
            for model in ("target", "milestone", "observation"):
                public = {"observation": make_observation(theirs["indicator"])}.get(model)
                number = (public or theirs["target"]).pk
                answer = self.client.get(f"{ROOT}commitments/{model}/add/?{query}={number}")
                with self.subTest(query, model=model):
                    self.assertNotContains(
                        answer, theirs["commitment"].code, status_code=answer.status_code
                    )
        form = self.client.get(f"{ROOT}commitments/observation/add/").context["adminform"].form
        assert [*form.fields["indicator"].queryset] == [self.records["editor"]["indicator"]]
        values = {
            "indicator": theirs["indicator"].pk,
            "period": "2020",
            "value": "1",
            "published_on": "2021-01-01",
            "source_zh": "公报",
            "source_kind": "official",
        }
        answer = self.client.post(f"{ROOT}commitments/observation/add/", values)
        assert "indicator" in answer.context["adminform"].form.errors

    def test_an_action_reaches_only_what_may_be_seen(self):
        self.client.force_login(self.person("editor"))
        theirs = self.records["theirs"]["observation"]
        for action in ("submit_selected", "delete_selected"):
            given = {"action": action, "_selected_action": [theirs.pk], "post": "yes"}
            self.client.post(f"{ROOT}commitments/observation/", given)
            theirs.refresh_from_db()
            assert theirs.state == "draft"

    def test_a_code_in_use_is_not_named_after_what_may_not_be_seen(self):
        self.client.force_login(self.person("editor"))
        theirs = self.records["theirs"]["milestone"]
        values = {
            "commitment": self.records["editor"]["commitment"].pk,
            "code": theirs.code,
            "title_zh": "开工",
            "title_en": "Start",
            "due_on": "2023-12-31",
        }
        answer = self.client.post(f"{ROOT}commitments/milestone/add/", values)
        assert answer.context["adminform"].form.errors["code"] == ["The code is in use."]

    def everything(self):
        # Not the history: a login is written there, and so is who read it.
        models = [*apps.get_app_config("commitments").get_models(), User]
        models.remove(Entry)
        return {
            model._meta.label: [
                {name: value for name, value in values.items() if name != "last_login"}
                for values in model.objects.order_by("pk").values()
            ]
            for model in models
        }
