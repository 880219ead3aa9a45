"""Every address of the staff area, for every role, with its own and with another's record.

The addresses are those of the URLconf: a new one fails here until the table says who may use it.
"""

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.test import TestCase
from django.urls import reverse
from django.utils.translation import override

from commitments.models import Assessment, Commitment, Entry
from tests.factories import (
    make_agency,
    make_amendment,
    make_commitment,
    make_error_report,
    make_evidence,
    make_milestone,
    make_observation,
    make_sheet_import,
    make_staff,
    make_target,
    make_update,
    make_user,
)

ROOT = "/en/admin/"
# Who asks, in the order of the table's columns. "theirs": an editor at another agency's record.
COLUMNS = ("editor", "theirs", "reviewer", "administrator", "auditor")

# What an address answers by GET: it is shown, it is refused, the record does not exist, it leads
# on to another page, or it wants a POST.
OK, NO, GONE, ON, POST = "shown", "refused", "gone", "leads on", "post only"
CODES = {OK: 200, NO: 403, GONE: 302, ON: 302, POST: 405}


def row(*answers):
    """One line: all alike, or one answer for each column."""
    return dict(zip(COLUMNS, answers * len(COLUMNS) if len(answers) == 1 else answers, strict=True))


READ = row(OK, GONE, OK, OK, OK)
KEPT_READ = row(OK)
PAGES = {
    # What agencies enter.
    ("commitment", "target", "milestone", "observation", "update"): {
        "add": row(OK, OK, NO, NO, NO),
    },
    # Begun from the promise it changes.
    ("amendment",): {"add": row(ON, ON, NO, NO, NO)},
    ("commitment", "amendment", "target", "milestone", "observation", "update"): {
        "changelist": row(OK),
        "change": READ,
        "history": READ,
        "history_file": READ,
        "take_back": row(POST),
    },
    ("commitment", "observation"): {"export": row(OK)},
    ("amendment", "observation", "update"): {"delete": row(OK, GONE, NO, NO, NO)},
    ("observation", "update"): {"evidence": READ},
    # A code is never used again, so not even its own editor deletes it.
    ("commitment", "target", "milestone"): {"delete": row(NO)},
    ("target", "milestone", "observation"): {"correct": row(ON, GONE, NO, NO, NO)},
    # What the promises refer to: an editor reads it, an administrator keeps it.
    ("plan", "sourcedocument", "agency", "theme"): {
        "changelist": KEPT_READ,
        "add": row(NO, NO, NO, OK, NO),
        "change": KEPT_READ,
        "history": KEPT_READ,
        "history_file": KEPT_READ,
        "delete": row(NO),
    },
    ("indicator",): {
        "changelist": KEPT_READ,
        "add": row(NO, NO, NO, OK, NO),
        "change": READ,
        "history": READ,
        "history_file": READ,
        "delete": row(NO),
    },
    ("assessment",): {
        "changelist": row(OK),
        "add": row(NO),
        "change": READ,
        "history": READ,
        "history_file": READ,
        "delete": row(NO),
    },
    ("errorreport",): {
        "changelist": row(NO, NO, OK, OK, OK),
        "add": row(NO),
        "change": row(NO, NO, OK, OK, OK),
        "history": row(GONE, GONE, OK, OK, OK),
        "history_file": row(GONE, GONE, OK, OK, OK),
        "delete": row(NO, NO, NO, OK, NO),
    },
    # An editor's own, read by those who read everything.
    ("sheetimport",): {
        "changelist": row(OK),
        "add": row(OK, OK, NO, NO, NO),
        "template": row(OK, OK, NO, NO, NO),
        "change": READ,
        "apply": row(POST),
        "history": READ,
        "history_file": READ,
        "delete": row(NO),
    },
    ("entry",): {
        "changelist": row(NO, NO, NO, OK, OK),
        "file": row(NO, NO, NO, OK, OK),
        "add": row(NO),
        "change": row(NO, NO, NO, OK, OK),
        "history": row(GONE, GONE, NO, OK, OK),
        "history_file": row(GONE, GONE, NO, OK, OK),
        "delete": row(NO),
    },
}
TABLE = {
    f"commitments_{model}_{page}": answers
    for models, pages in PAGES.items()
    for page, answers in pages.items()
    for model in models
} | {
    "auth_user_changelist": row(NO, NO, NO, OK, OK),
    "auth_user_add": row(NO, NO, NO, OK, NO),
    "auth_user_change": row(NO, NO, NO, OK, OK),
    "auth_user_history": row(NO, NO, NO, OK, OK),
    "auth_user_history_file": row(NO, NO, NO, OK, OK),
    "auth_user_delete": row(NO),
    "auth_user_password_change": row(NO, NO, NO, OK, NO),
    "index": row(OK),
    "app_list": row(OK),
    "login": row(ON),
    "logout": row(POST),
    "password_change": row(OK),
    "password_change_done": row(OK),
    "jsi18n": row(OK),
    "autocomplete": row(OK),
    "review": row(NO, NO, OK, NO, NO),
    "review_look": row(NO, NO, ON, NO, NO),
}


def patterns():
    """The names and forms of every address below the staff area, from the URLconf itself."""
    found = []

    def walk(each, prefix):
        for pattern in each:
            form = prefix + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                walk(pattern.url_patterns, form)
            elif pattern.name:
                found.append((pattern.name, form, pattern))
            else:
                # The old form of a change address, and what finds no page: both lead on or nowhere.
                assert form.endswith(("<path:object_id>/", "(?P<url>.*)$")), form

    walk(admin.site.urls[0], ROOT)
    return found


class Walk(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.ours, cls.theirs = make_agency(), make_agency()
        writer = make_user("writer")
        cls.records = {
            "editor": cls.world(cls.ours, writer),
            "theirs": cls.world(cls.theirs, writer),
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

    @classmethod
    def world(cls, agency, writer):
        """A record of each kind: drafts, and what they hang on."""
        public = make_commitment(lead_agency=agency)
        target = make_target(public)
        draft = make_commitment(lead_agency=agency, published=False, by=writer)
        figure = make_observation(target.indicator, published=False, by=writer)
        update = make_update(draft, published=False, by=writer)
        for record in (figure, update):
            make_evidence(record, by=writer)
        return {
            "commitment": draft,
            "target": make_target(draft, published=False, by=writer),
            "milestone": make_milestone(draft, published=False, by=writer),
            "update": update,
            "amendment": make_amendment(public, by=writer),
            "observation": figure,
            "indicator": target.indicator,
            "assessment": Assessment.objects.filter(commitment=public).first(),
            "plan": public.plan,
            "sourcedocument": public.source,
            "agency": agency,
            "theme": public.theme,
            "user": writer,
        }

    def person(self, column):
        return User.objects.get(username="editor" if column == "theirs" else column)

    def address(self, name, pattern, column):
        """An address of the pattern's form, for the record that the column asks of."""
        parts = name.split("_")
        records = self.records[column]
        record = records.get(parts[1]) if len(parts) > 2 else None
        values = {"app_label": "commitments", "subject": "figures", "ext": "csv"}
        values |= dict.fromkeys(("object_id", "id"), record.pk if record else 1)
        values["number"] = record.evidence.get().pk if hasattr(record, "evidence") else 1
        wanted = {*pattern.pattern.converters, *pattern.pattern.regex.groupindex}
        with override("en"):
            address = reverse(f"admin:{name}", kwargs={key: values[key] for key in wanted})
        if name == "autocomplete":
            address += "?app_label=commitments&model_name=target&field_name=commitment"
        return address

    def test_every_address_is_in_the_table(self):
        assert {name for name, _form, _pattern in patterns()} == TABLE.keys()

    def test_each_role_gets_the_answer_of_the_table(self):
        for name, form, pattern in patterns():
            for column in COLUMNS:
                address = self.address(name, pattern, column)
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
            address = self.address(name, pattern, "editor")
            if name in ("login", "jsi18n"):
                continue
            with self.subTest(form):
                answer = self.client.get(address)
                assert answer.status_code == 302
                assert "/login/" in answer.headers["Location"] or name == "logout"

    def test_what_is_refused_changes_nothing_by_post_either(self):
        before = self.everything()
        for name, form, pattern in patterns():
            for column in ("theirs", "auditor"):
                address = self.address(name, pattern, column)
                if name in ("logout", "password_change", "login"):
                    continue
                if column == "theirs" and TABLE[name][column] not in (NO, GONE, POST):
                    continue
                with self.subTest(form, column=column):
                    self.client.force_login(self.person(column))
                    given = {"post": "yes", "value": "999", "title_zh": "改", "username": "x"}
                    self.client.post(address, given)
                    assert self.everything() == before

    def test_a_search_for_choices_finds_only_what_may_be_seen(self):
        self.client.force_login(self.person("editor"))
        ours = [self.records["editor"][name] for name in ("commitment", "target")]
        theirs = self.records["theirs"]["commitment"]
        query = "autocomplete/?app_label=commitments&model_name=target&field_name=commitment"
        found = {int(each["id"]) for each in self.client.get(ROOT + query).json()["results"]}
        assert ours[0].pk in found
        assert theirs.pk not in found

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
