"""The reviewer's page: what each of some records would change, and the decision on them."""

from dataclasses import dataclass, field

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.actions.history import stored
from commitments.actions.publishing import Refused, StatusChange, live_version, locked
from commitments.actions.reviewing import approve, send_back, tried, whole
from commitments.admin.conflicts import mark
from commitments.admin.evidence import evidence_links
from commitments.admin.observation import figure
from commitments.admin.publishable import MOST_AT_ONCE, admin_address, token
from commitments.admin.record import kind_of, link, status_line
from commitments.admin.review_queue import REVIEWED, asked_for, queue_address, reviewing
from commitments.differences import amended, differences
from commitments.formats import period_label
from commitments.kept import done_with, in_session, new_token
from commitments.labels import STATUS
from commitments.models import Amendment, Assessment, Observation, SourceDocument
from commitments.models.workflow import State, Superseding
from commitments.sentences import sentence

# The longest note a form takes; a reason, not an essay.
LONGEST_NOTE = 2000


@dataclass(frozen=True)
class Part:
    """One record of a case: what the public reads now, and would read."""

    record: object
    kind: str
    address: str
    before: object
    differences: list
    latest: str
    # Where it is from, as a link if there is an address; told also where a correction keeps it.
    source: str = ""
    # What a reviewer should look at twice.
    caution: str = ""
    # Links to its files.
    evidence: list = field(default_factory=list)


@dataclass(frozen=True)
class Turn:
    """How a commitment stands, and would stand."""

    change: StatusChange
    before: str
    after: str

    @property
    def words(self):
        return tuple(
            STATUS[status] if status else _("not shown")
            for status in (self.change.before, self.change.after)
        )


@dataclass(frozen=True)
class Case:
    """All that a reviewer needs to decide on one record."""

    token: str
    record: object
    parts: list
    turns: list
    unchanged: int
    refused: Refused | None
    # Of what the reviewer was shown: what is decided on must still be that.
    seen: str


# --- Looking and deciding -----------------------------------------------------------------------


def look_view(request):
    """What publishing the chosen records would change; and, by POST, the decision on them."""
    access = reviewing(request)
    kept = in_session(request)
    given = request.POST if request.method == "POST" else request.GET
    if kept is not None and request.method != "POST":
        given = kept.posted()
    records = chosen(access, given.getlist("record"))
    decision = request.POST.get("decision") if request.method == "POST" else None
    queue = queue_address(given)
    note = given.get("note", "").replace("\0", "").strip()[:LONGEST_NOTE]
    if not records:
        messages.warning(request, _("Choose at least one record that is still there."))
        return HttpResponseRedirect(queue)
    with transaction.atomic():
        changed = changed_since(records, request.POST) if decision else []
        if not changed and (decision == "publish" or (decision == "return" and note)):
            done_with(request)
            outcomes = decide(decision, records, by=request.user, note=note)
            return decided(request, outcomes, queue)
    context = {
        **admin.site.each_context(request),
        "title": _("Review"),
        "cases": [case_of(record, request.user) for record in records],
        "lacks_note": decision == "return" and not note,
        "note": note,
        "changed": changed,
        "form_token": new_token(request.user),
        "queue": queue,
        "asked": asked_for(given),
    }
    return TemplateResponse(request, "admin/commitments/review_look.html", context)


def decide(decision, records, *, by, note):
    at = timezone.now()
    if decision == "publish":
        return approve(records, by=by, at=at)
    return send_back(records, by=by, at=at, note=note)


def changed_since(records, given):
    """Those of the records that are no longer what the page showed, held until it is decided."""
    hold(records)
    return [
        record
        for record in records
        if given.get(f"seen-{token(record)}", seen := mark_of(record)) != seen
    ]


def hold(records):
    together = [each for record in records for each in whole(record, [State.IN_REVIEW])]
    # In the order in which publishing takes them, so that no two reviewers wait for each other.
    locked(together)
    for each in together:
        rows = type(each).objects.filter(pk=each.pk).select_for_update()
        list(rows.values_list("pk"))


def chosen(access, tokens):
    """The records that an address or a form names, without what is not there."""
    ids = {name: [] for name in REVIEWED}
    for each in tokens[:MOST_AT_ONCE]:
        name, _dash, pk = each.partition("-")
        if name in ids and pk.isascii() and pk.isdigit() and len(pk) < 19:
            ids[name].append(int(pk))
    return [
        record
        for name, wanted in ids.items()
        for record in access.visible(REVIEWED[name].objects.filter(pk__in=wanted)).order_by("pk")
    ]


def case_of(record, user):
    parts = [part_of(each) for each in whole(record, [State.IN_REVIEW])]
    # A copy: what is tried on it is undone in the database, but not in memory.
    copy = type(record).objects.get(pk=record.pk)
    with tried(copy, by=user, at=timezone.now()) as outcome:
        changes = outcome.published.statuses if outcome.is_done else []
        after = todays_sentences(changes)
    before = todays_sentences(changes)
    turns = [
        Turn(change, before.get(change.commitment.pk, ""), after.get(change.commitment.pk, ""))
        for change in changes
    ]
    told = [turn for turn in turns if turn.change.is_change or turn.before != turn.after]
    return Case(
        token=token(record),
        record=record,
        parts=parts,
        turns=told,
        unchanged=len(turns) - len(told),
        refused=outcome.refused,
        seen=mark_of(record),
    )


def mark_of(record):
    """A mark of all that a case shows of its records, files included."""
    rows = stored(whole(record, [State.IN_REVIEW]))
    return mark(sorted([model._meta.label, pk, values] for (model, pk), values in rows.items()))


def part_of(record):
    if isinstance(record, Amendment):
        return amendment_part(record)
    before = live_version(record) if isinstance(record, Superseding) else None
    if before is None:
        before = getattr(record, "amends", None)
    return Part(
        record=record,
        kind=kind_of(type(record)),
        address=admin_address(record),
        before=before,
        differences=differences(before, record),
        latest=latest_figure(record) if before is None else "",
        source=source_of(record),
        caution=caution_of(record),
        evidence=evidence_links(record),
    )


def amendment_part(record):
    """What an amendment would change of its promise, with the document and the reason."""
    return Part(
        record=record,
        kind=kind_of(Amendment),
        address=admin_address(record),
        before=record.commitment,
        differences=[*amended(record), *differences(None, record)],
        latest="",
        evidence=[],
    )


def latest_figure(record):
    """The newest public figure of the same indicator, in words: what a new one is read against."""
    if not isinstance(record, Observation):
        return ""
    known = Observation.objects.live().filter(indicator=record.indicator_id, item=record.item)
    found = max(known.select_related("indicator"), key=lambda row: row.period, default=None)
    return f"{period_label(found.period)} {figure(found)}" if found else ""


def source_of(record):
    """The source's name, linked to its address; of an agency's own words the address alone."""
    document = getattr(record, "document", None) or getattr(record, "source", None)
    if isinstance(document, SourceDocument):
        name, address = document.title, document.url
    else:
        name, address = document or "", getattr(record, "source_url", "")
    return link(address, name or address) if address else name


def caution_of(record):
    if not isinstance(record, Observation) or record.published_on >= record.period.ends_on:
        return ""
    return _("The source is dated before the period had ended. Is this the whole period's figure?")


def todays_sentences(changes):
    """How each commitment stands today, in one sentence, by its id."""
    today = timezone.localdate()
    standing = Assessment.objects.filter(
        commitment__in=[change.commitment.pk for change in changes],
        starts_on__lte=today,
        ends_on__gt=today,
    ).select_related(
        "commitment", "target__indicator", "target__comparator_indicator", "observation"
    )
    return {row.commitment_id: str(sentence(row)) for row in standing}


def decided(request, outcomes, queue):
    """What became of each, on a page of its own: it may be long, and it may be printed."""
    context = {
        **admin.site.each_context(request),
        "title": _("What became of each"),
        "outcomes": [
            (outcome, kind_of(type(outcome.record)), admin_address(outcome.record), lines(outcome))
            for outcome in outcomes
        ],
        "queue": queue,
        "done": sum(outcome.is_done for outcome in outcomes),
    }
    return TemplateResponse(request, "admin/commitments/review_done.html", context)


def lines(outcome):
    """What publishing did to the statuses, one line each."""
    changes = outcome.published.statuses if outcome.published else []
    return [status_line(change) for change in changes if change.is_change]
