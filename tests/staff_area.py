"""Every address of the staff area, who may use it, and a record of each kind to ask it with.

The addresses are those of the URLconf: test_walk fails until a new one is in this table.
"""

import datetime as dt

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import override

from commitments.models import Assessment, IssuedReport
from tests.factories import (
    make_amendment,
    make_commitment,
    make_evidence,
    make_issued_report,
    make_milestone,
    make_observation,
    make_target,
    make_update,
)

ROOT = "/en/admin/"
# Who asks, in the order of the table's columns. "theirs": an editor at another agency's record.
COLUMNS = ("editor", "theirs", "reviewer", "administrator", "auditor")

# What an address answers by GET: it is shown, it is refused, the record does not exist, it leads
# on to another page, or it wants a POST.
OK, NO, GONE, ON, POST = "shown", "refused", "gone", "leads on", "post only"
OFF = "not there unless configured"
CODES = {OK: 200, NO: 403, GONE: 302, ON: 302, POST: 405, OFF: 404}


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
        "apply": row(ON, GONE, ON, ON, ON),
        "history": READ,
        "history_file": READ,
        "delete": row(NO),
    },
    # Prepared by reviewers; what nobody issued is theirs and of those who read everything.
    ("issuedreport",): {
        "changelist": row(NO, NO, OK, OK, OK),
        "add": row(NO, NO, OK, NO, NO),
        "change": row(GONE, GONE, OK, OK, OK),
        "decide": row(GONE, GONE, ON, ON, ON),
        "file": row(GONE, GONE, OK, OK, OK),
        "history": row(GONE, GONE, OK, OK, OK),
        "history_file": row(GONE, GONE, OK, OK, OK),
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
    "second_factor": row(OK),
    "second_factor_picture": row(ON),
    "second_factor_code": row(ON),
    "second_factor_codes": row(ON),
    "second_factor_rule": row(NO, NO, NO, OK, NO),
    "second_factor_reset": row(NO, NO, NO, POST, NO),
    "locks": row(NO, NO, NO, OK, NO),
    "oidc": row(OFF),
    "oidc_back": row(OFF),
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


ISSUED_ON = dt.date(2025, 3, 31)


def make_records(agency, writer):
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
        "issuedreport": IssuedReport.objects.first()
        or make_issued_report(public.plan, ISSUED_ON, state="in_review"),
        "assessment": Assessment.objects.filter(commitment=public).first(),
        "plan": public.plan,
        "sourcedocument": public.source,
        "agency": agency,
        "theme": public.theme,
        "user": writer,
        # Whose second log-in step is reset.
        "factor": writer,
    }


def address_of(name, pattern, records, language="en"):
    """An address of the pattern's form, for the record of its kind."""
    parts = name.split("_")
    record = records.get(parts[1]) if len(parts) > 2 else None
    values = {"app_label": "commitments", "subject": "figures", "ext": "csv", "language": "en"}
    values |= dict.fromkeys(("object_id", "id"), record.pk if record else 1)
    values["number"] = record.evidence.get().pk if hasattr(record, "evidence") else 1
    wanted = {*pattern.pattern.converters, *pattern.pattern.regex.groupindex}
    with override(language):
        address = reverse(f"admin:{name}", kwargs={key: values[key] for key in wanted})
    if name == "autocomplete":
        address += "?app_label=commitments&model_name=target&field_name=commitment"
    return address
