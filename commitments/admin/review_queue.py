"""What waits for a reviewer, the longest waiting first, and the ways to narrow it down."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from commitments.access import ENTERED, Access
from commitments.admin.publishable import MOST_AT_ONCE, token
from commitments.admin.record import kind_of
from commitments.formats import listed
from commitments.models import Agency, Commitment, Observation, Target
from commitments.models.workflow import State

REVIEWED = {model._meta.model_name: model for model in ENTERED}


@dataclass(frozen=True)
class Waiting:
    """What is known of each record that waits, however many there are."""

    submitted_at: dt.datetime
    pk: int
    kind: str
    sender: int
    # Those that answer for it; a figure may test the promises of several.
    agencies: frozenset[int]

    def has(self, asked):
        """Whether it is asked for, by {"kind": …, "agency": …, "sender": …} or some of them."""
        return (
            asked.get("kind", self.kind) == self.kind
            and asked.get("sender", self.sender) == self.sender
            and ("agency" not in asked or asked["agency"] in self.agencies)
        )


@dataclass(frozen=True)
class Row:
    """A line of the queue."""

    token: str
    kind: str
    record: object
    agency: str
    days: int
    is_own: bool


def reviewing(request):
    access = Access.of(request.user)
    if not access.is_reviewer:
        raise PermissionDenied
    return access


def queue_view(request):
    access = reviewing(request)
    found = waiting(access)
    asked = asked_for(request.GET)
    page = Paginator([each for each in found if each.has(asked)], MOST_AT_ONCE).get_page(
        request.GET.get("p")
    )
    page.object_list = as_rows(page.object_list, access)
    context = {
        **admin.site.each_context(request),
        "title": _("Waiting for review"),
        "page": page,
        "count": len(found),
        "asked": asked,
        "choices": choices(found, asked),
        "whole_page": looking_at([row for row in page if not row.is_own], asked),
    }
    return TemplateResponse(request, "admin/commitments/review_queue.html", context)


# --- Narrowing it down --------------------------------------------------------------------------


def asked_for(given):
    """The wishes of an address or a form; what is none of them is left out."""
    asked = {}
    if given.get("kind") in REVIEWED:
        asked["kind"] = given["kind"]
    for name in ("agency", "sender"):
        value = given.get(name, "")
        if value.isascii() and value.isdigit() and len(value) < 19:
            asked[name] = int(value)
    return asked


def queue_address(given):
    """The queue as it was asked for, to go back to."""
    asked = asked_for(given)
    return reverse("admin:review") + (f"?{urlencode(asked)}" if asked else "")


def looking_at(rows, asked):
    """The address at which all of these are looked at together."""
    pairs = [*(("record", row.token) for row in rows), *asked.items()]
    return f"{reverse('admin:review_look')}?{urlencode(pairs)}" if rows else ""


def choices(found, asked):
    """What each choice of a wish leaves: [(wish, words, [(value, words, count, is_asked)])]."""
    names = {
        "kind": {name: kind_of(model) for name, model in REVIEWED.items()},
        "agency": {each.pk: each.name for each in Agency.objects.all()},
        "sender": {
            each.pk: each.get_full_name() or each.get_username()
            for each in get_user_model().objects.filter(pk__in={each.sender for each in found})
        },
    }
    words = {"kind": _("Kind"), "agency": _("Lead agency"), "sender": _("Submitted by")}
    offered = []
    for wish, told in names.items():
        others = {name: value for name, value in asked.items() if name != wish}
        left = [each for each in found if each.has(others)]
        if wish == "agency":
            counts = Counter(agency for each in left for agency in each.agencies)
        else:
            counts = Counter(getattr(each, wish) for each in left)
        lines = [
            (value, name, counts[value], asked.get(wish) == value)
            for value, name in told.items()
            if counts[value] or asked.get(wish) == value
        ]
        offered.append((wish, words[wish], lines))
    return offered


# --- Reading ------------------------------------------------------------------------------------


def waiting(access):
    """All that waits for review, the longest waiting first: two queries more than kinds.

    What goes with a commitment in review is not a case of its own.
    """
    found = []
    figures = Observation.objects.in_review().values("indicator")
    tested = {pk: frozenset(agencies) for pk, agencies in testing(figures).items()}
    for kind, model in REVIEWED.items():
        rows = access.visible(model.objects.in_review()).order_by()
        whose = "lead_agency"
        if model is Observation:
            whose = "indicator"
        elif model is not Commitment:
            rows = rows.exclude(commitment__state=State.IN_REVIEW)
            whose = "commitment__lead_agency"
        for at, pk, sender, whom in rows.values_list("submitted_at", "pk", "submitted_by", whose):
            agencies = tested.get(whom, frozenset()) if model is Observation else frozenset({whom})
            found.append(Waiting(at, pk, kind, sender, agencies))
    found.sort(key=lambda each: (each.submitted_at, each.pk))
    return found


def testing(indicators):
    """{indicator: {agency: name}} of the promises that some indicators test today."""
    found = defaultdict(dict)
    tests = Target.objects.live().filter(
        Q(indicator__in=indicators) | Q(comparator_indicator__in=indicators)
    )
    for test in tests.select_related("commitment__lead_agency"):
        agency = test.commitment.lead_agency
        for indicator in (test.indicator_id, test.comparator_indicator_id):
            found[indicator][agency.pk] = agency.name
    return found


def as_rows(found, access):
    """The lines of some of what waits, in their order; the queries do not grow with them."""
    today = timezone.localdate()
    records = {}
    for kind, model in REVIEWED.items():
        ids = [each.pk for each in found if each.kind == kind]
        if ids:
            related = {Commitment: ["lead_agency"], Observation: ["indicator"]}.get(
                model, ["commitment__lead_agency"]
            )
            if model is Target:
                related = [*related, "indicator"]
            rows = model.objects.filter(pk__in=ids).select_related("submitted_by", *related)
            records |= {(kind, record.pk): record for record in rows}
    figures = {each.indicator_id for each in records.values() if isinstance(each, Observation)}
    tested = testing(figures) if figures else {}
    return [
        Row(
            token=token(record),
            kind=kind_of(type(record)),
            record=record,
            agency=agency_of(record, tested),
            days=(today - timezone.localdate(record.submitted_at)).days,
            is_own=access.user.pk in record.hands,
        )
        for each in found
        if (record := records.get((each.kind, each.pk))) is not None
    ]


def agency_of(record, tested):
    """Who answers for a record, by name."""
    if isinstance(record, Observation):
        return listed(sorted(tested.get(record.indicator_id, {}).values()))
    commitment = record if isinstance(record, Commitment) else record.commitment
    return commitment.lead_agency.name
