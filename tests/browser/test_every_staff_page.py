"""Every page of the staff area at the width of a tablet, whoever is at it.

The pages are those of the table in `tests.staff_area`, which must have every address of the
URLconf: a new page is walked here as soon as it has a line there.
"""

import datetime as dt

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from commitments.actions.reviewing import send_back, submit
from commitments.models import Agency, Entry
from tests.factories import (
    make_agency,
    make_commitment,
    make_error_report,
    make_observation,
    make_sheet_import,
    make_staff,
    make_target,
    make_update,
    make_user,
)
from tests.staff_area import OK, TABLE, address_of, make_records, patterns

WIDTH = 768
# What is answered with a file, with choices for a field or with a script; not with a page.
NO_PAGES = ("_file", "_export", "_template", "_evidence", "jsi18n", "autocomplete", "_picture")
# A sample in the other language: a list, a form, a question, a history, and who may do what.
IN_ENGLISH = (
    "index",
    "review",
    "second_factor",
    "second_factor_rule",
    "commitments_commitment_changelist",
    "commitments_target_change",
    "commitments_observation_delete",
    "commitments_update_history",
    "auth_user_change",
)
# Pages about one record say which.
OF_A_RECORD = ("_change", "_history", "_delete", "_password_change")


@pytest.fixture
def people(transactional_db):
    return {
        "admin": make_user("admin", is_staff=True, is_superuser=True),
        "editor": make_staff("editor", make_agency(), covers="lead_or_support"),
        "auditor": make_staff("auditor"),
        "reviewer": make_staff("reviewer"),
    }


@pytest.fixture
def records(people):
    """One of each kind, those that are written in drafts."""
    editor = people["editor"]
    made = make_records(Agency.objects.get(), editor)
    made["sheetimport"] = make_sheet_import(editor)
    made["errorreport"] = make_error_report(made["commitment"])
    made["entry"] = Entry.objects.first()
    made["user"] = editor
    return made


@pytest.fixture
def in_other_states(people, records):
    """A promise and what hangs on it: published, waiting for review, and returned."""
    editor = people["editor"]
    at = timezone.now() - dt.timedelta(days=2)
    agency, public = records["agency"], make_commitment(lead_agency=records["agency"])
    target = make_target(public)
    figure = make_observation(target.indicator, 2022)
    waiting = [
        make_commitment(lead_agency=agency, published=False, by=editor),
        make_observation(target.indicator, published=False, by=editor),
    ]
    returned = [
        make_target(public, published=False, by=editor),
        make_update(public, published=False, by=editor),
    ]
    submit([*waiting, *returned], by=editor, at=at)
    send_back(returned, by=people["reviewer"], at=at, note="请写明数据来源的页码。")
    return [public, target, figure, *waiting, *returned]


def sit_down(page, person, base):
    """Log in, without the form: that has a test of its own."""
    client = Client()
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": base}])


def faults(page, record_name):
    """What is wrong with a page, but for what axe finds."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    found = [f"{wide} px wide"] if wide > WIDTH else []
    headings = page.locator("h1").count()
    found += [f"{headings} first headings"] if headings != 1 else []
    if record_name not in page.title():
        found.append(f"“{page.title()}” does not name {record_name}")
    return [f"{page.url}: {each}" for each in found]


def test_every_staff_page_is_usable_on_a_tablet(
    page, axe_problems, live_server, people, records, in_other_states
):
    page.set_viewport_size({"width": WIDTH, "height": 1024})
    sit_down(page, people["admin"], live_server.url)
    problems = []

    def look(address, record=""):
        answer = page.goto(address)
        assert answer.status == 200, address
        with override("en" if address.startswith("/en/") else "zh-hans"):
            problems.extend(axe_problems(page) + faults(page, str(record)))

    for name, _form, pattern in patterns():
        if OK not in TABLE[name].values() or name.endswith(NO_PAGES):
            continue
        is_of_one = name.endswith(OF_A_RECORD) and name.count("_") > 1
        record = records[name.split("_")[1]] if is_of_one else ""
        for language in ("zh-hans", "en") if name in IN_ENGLISH else ("zh-hans",):
            look(address_of(name, pattern, records, language), record)
    for record in in_other_states:
        look(f"/admin/commitments/{record._meta.model_name}/{record.pk}/change/", record)
    for person in ("editor", "auditor"):
        sit_down(page, people[person], live_server.url)
        look("/admin/")
    assert problems == []
