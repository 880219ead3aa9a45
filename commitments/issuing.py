"""Reports that staff issue: prepared by one person, issued or returned by another.

The files are made when the report is prepared and kept as they are, so the second person issues
what they read, and no later change of data, words or code reaches them.
"""

import hashlib
import json
from dataclasses import dataclass, replace

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from commitments.access import Access
from commitments.actions.history import recorded
from commitments.actions.publishing import Refused
from commitments.domain.result import RULE_VERSION
from commitments.exporters.report import Part
from commitments.filters import CommitmentFilter
from commitments.models import Entry, IssuedFile, IssuedReport, Plan
from commitments.report.kinds import KINDS
from commitments.report.naming import file_name
from commitments.report.report import report_of

LANGUAGES = [code for code, _name in settings.LANGUAGES]
State = IssuedReport.State


class NotIssued(Refused):
    pass


def may_prepare(user):
    return Access.of(user).is_reviewer


def may_decide(user, report):
    """Whether this person may issue or return a report: any reviewer but who prepared it."""
    return Access.of(user).is_reviewer and report.is_waiting and report.prepared_by_id != user.pk


# --- Preparing ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Made:
    """How far the making of a report's files is."""

    done: int
    total: int


def preparing(report, *, by, at):
    """Number and freeze an unsaved `IssuedReport`, as the public pages show its plan on its day.

    Gives a `Made` before each file; nothing is done unless it is read to its end. Raises
    `NotIssued`, having changed nothing.
    """
    if not may_prepare(by):
        raise NotIssued(gettext_lazy("A report is prepared by a reviewer."))
    if report.day >= timezone.localdate(at):
        # What a day shows is settled only when it is over.
        raise NotIssued(gettext_lazy("A report shows a day that is over: choose an earlier one."))
    try:
        with transaction.atomic():
            # Held until the end, so that no two reports are given one number.
            plan = Plan.objects.select_for_update().get(pk=report.plan_id)
            report.number = next_number(plan, timezone.localdate(at).year)
            report.prepared_at, report.prepared_by = at, by
            report.rule_version = RULE_VERSION
            with recorded([], by=by, at=at, action=Entry.Action.SUBMITTED) as written:
                pictures = [picture(plan, report, language) for language in LANGUAGES]
                report.counts = {count.code: count.count for count in pictures[0].counts}
                report.told = {each.language: told(each) for each in pictures}
                report.validate_constraints()
                report.save()
                written.append(report)
                wanted = [
                    (each, kind) for each in pictures for kind in KINDS.values() if fits(kind, each)
                ]
                for done, (each, kind) in enumerate(wanted):
                    yield Made(done, len(wanted))
                    keep_file(report, kind, each)
    except ValidationError as error:
        raise NotIssued(" ".join(error.messages)) from error


def next_number(plan, year):
    """Plan, year and the count of its reports in it; the number of a returned one is not reused."""
    taken = IssuedReport.objects.filter(number__startswith=f"{plan.code}-{year}-").count()
    return f"{plan.code}-{year}-{taken + 1:02}"


def picture(plan, report, language):
    """The `Report` of a whole plan in one language, read once: every format has the same rows."""
    asked = QueryDict(mutable=True)
    asked["plan"], asked["as_of"] = plan.code, report.day.isoformat()
    with override(language):
        found = CommitmentFilter(asked, today=timezone.localdate())
        whole = report_of(
            found.qs,
            on=report.day,
            language=language,
            plans=[plan],
            parts=frozenset(Part),
        )
        return replace(
            whole,
            number=report.number,
            issued_as=_("%(kind)s no. %(number)s")
            % {"kind": capfirst(report.get_kind_display()), "number": report.number},
            notes=(*whole.notes, *superseding(report)),
            rows=[*whole.rows],
            figures=[*whole.figures],
        )


def superseding(report):
    """What a report says of the one that it takes the place of."""
    if report.supersedes is not None:
        yield _("This report supersedes no. %(number)s: %(reason)s") % {
            "number": report.supersedes.number,
            "reason": report.reason,
        }


def told(report):
    """What the page of a report says, as the report says it."""
    return {
        "title": report.title,
        "lead": report.lead,
        "fictional": report.fictional,
        "method": [[section.heading, [*section.paragraphs]] for section in report.method],
    }


def fits(kind, report):
    most = kind.most(frozenset(Part) - {Part.DETAILS})
    return most is None or report.total <= most


def keep_file(report, kind, whole):
    if (most := kind.most(whole.parts)) is not None and whole.total > most:
        whole = replace(whole, parts=whole.parts - {Part.DETAILS})
    with override(whole.language):
        content = read(kind.written(whole))
        name = file_name([report.plan], on=report.day, kind=kind, number=report.number)
    IssuedFile.objects.create(
        report=report,
        language=whole.language,
        ext=kind.ext,
        name=name,
        content_type=kind.content_type,
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def read(written):
    """The bytes of what a `Kind` gives: whole, in parts, or as a file."""
    if isinstance(written, bytes):
        return written
    if hasattr(written, "read"):
        with written:
            return written.read()
    return b"".join(written)


# --- Deciding -----------------------------------------------------------------------------------


def issue(report, *, by, at):
    """Show a prepared report to the public, for ever. Raises `NotIssued`."""
    return decided(report, by, at, Entry.Action.PUBLISHED, state=State.ISSUED)


def send_back(report, note, *, by, at):
    """Return a prepared report with a note; another one is prepared in its place."""
    return decided(report, by, at, Entry.Action.RETURNED, state=State.RETURNED, note=note)


@transaction.atomic
def decided(report, by, at, action, *, state, note=""):
    report = IssuedReport.objects.select_for_update().get(pk=report.pk)
    if not report.is_waiting:
        raise NotIssued(gettext_lazy("Somebody has decided on this report already."))
    if not may_decide(by, report):
        raise NotIssued(gettext_lazy("Nobody decides on a report that they prepared."))
    with recorded([report], by=by, at=at, action=action, why=note):
        report.state = state
        if state == State.ISSUED:
            report.issued_at, report.issued_by = at, by
        else:
            report.returned_at, report.returned_by, report.return_note = at, by, note
        report.save()
    return report


# --- Reading what was frozen --------------------------------------------------------------------


def frozen(report, language):
    """The document that was frozen as JSON, in one language."""
    file = report.files.get(language=language, ext="json")
    return json.loads(bytes(file.content))


@dataclass(frozen=True)
class Difference:
    """What became of one promise, or of one of its tests, between two reports, in words."""

    code: str
    title: str
    what: str
    before: str
    after: str


def differences(old, new):
    """The `Difference`s of two frozen documents of one language, by code."""
    before, after = by_promise(old), by_promise(new)
    return [
        found
        for code in sorted({*before, *after})
        # Two tests of a promise may have the same figure: it is told once.
        for found in dict.fromkeys(of_promise(before.get(code, {}), after.get(code, {})))
    ]


def by_promise(document):
    """{code of the promise: {code of the test: row}}, as the rows stand in the document."""
    found = {}
    for row in document["rows"]:
        found.setdefault(row["code"], {})[row["target_code"]] = row
    return found


def of_promise(old, new):
    first = next(iter((new or old).values()))

    def told(what, before="", after=""):
        return Difference(first["code"], first["title"], what, before, after)

    if not old or not new:
        standing = first["commitment_status"]
        if not old:
            yield told(_("shown for the first time"), "", standing)
        else:
            yield told(_("no longer shown"), standing, "")
        return
    last = next(iter(old.values()))
    if last["commitment_status_code"] != first["commitment_status_code"]:
        yield told(_("status"), last["commitment_status"], first["commitment_status"])
    if last["title"] != first["title"]:
        yield told(_("words of the promise"), last["title"], first["title"])
    for code in sorted({*old, *new}):
        yield from of_test(old.get(code), new.get(code), told)


def of_test(old, new, told):
    if old is None or new is None:
        row = new or old
        if row["target_code"]:
            what = _("test added") if old is None else _("test no longer shown")
            sides = ("", row["test"]) if old is None else (row["test"], "")
            yield told(what, *sides)
        return
    if old["target_in_words"] != new["target_in_words"]:
        yield told(_("target"), old["target_in_words"], new["target_in_words"])
    if (old["figure_period"], old["figure"]) != (new["figure_period"], new["figure"]):
        what = _("new figure")
        if old["figure"] and old["figure_period"] == new["figure_period"]:
            what = _("figure corrected")
        yield told(what, figure_of(old), figure_of(new))


def figure_of(row):
    return f"{row['figure_period']} {row['figure']}".strip()
