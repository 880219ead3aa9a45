"""The first page of the staff area: what one person has to do, and how the agencies report."""

from collections import Counter
from dataclasses import dataclass, field

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from commitments import desk
from commitments.access import ENTERED, Access
from commitments.admin.publishable import admin_address
from commitments.admin.record import kind_of
from commitments.admin.review_queue import as_rows, waiting
from commitments.admin.standing import ANY, REPORTING, WAITS
from commitments.desk import Reporting, Waits
from commitments.models import Agency, Appointment, Commitment, IssuedReport, Milestone
from commitments.models.workflow import State, Superseding

# How many lines of each table stand here; the rest is one link away.
ON_DESK = 6
COMMITMENTS = "admin:commitments_commitment_changelist"
ITEMS = {
    Waits.OVERDUE: desk.overdue,
    Waits.STALE: desk.stale,
    Waits.THIS_YEAR: desk.this_year,
}


@dataclass(frozen=True)
class Line:
    """One promise of a pile; `days` are those gone since its day, below zero before it.

    `enter_address` is the form that ends the waiting, for whoever writes for the promise.
    """

    item: desk.Item
    address: str
    days: int
    enter_address: str


@dataclass(frozen=True)
class Pile:
    """Promises that wait for one reason: how many, where all are listed, and the first of them."""

    name: str
    count: int
    address: str
    lines: list

    @property
    def title(self):
        return WAITS[self.name]


@dataclass(frozen=True)
class Share:
    """How many promises an agency leads, and how they are reported."""

    agency: Agency | None
    total: int
    address: str
    cells: list

    @classmethod
    def of(cls, row, agency):
        own = {"lead_agency__id__exact": agency.pk}
        cells = [(row[each.value], list_address(reporting=each.value, **own)) for each in Reporting]
        return cls(agency, row["total"], list_address(reporting=ANY, **own), cells)


@dataclass(frozen=True)
class Records:
    """What is in one state: the count of each kind with its list, and the latest to be named."""

    kinds: list
    records: list = field(default_factory=list)

    @property
    def count(self):
        return sum(count for _kind, count, _address in self.kinds)


@dataclass(frozen=True)
class Queue:
    """What waits for review, and the oldest of it."""

    count: int
    rows: list


def desk_view(request):
    person = Access.of(request.user)
    context = {"title": _("Your desk"), "desk": Desk(person, timezone.localdate())}
    return admin.site.index(request, context)


class Desk:
    """What waits for a person on a day, of what they may see; worked out as the page asks."""

    def __init__(self, access, day):
        self.access, self.day = access, day

    # --- Who it is for -------------------------------------------------------------------------

    @property
    def is_empty_handed(self):
        """Whether nobody has said yet what this person works on."""
        has_agencies = self.access.agencies or self.access.writes_for_all
        return not self.access.may_read_all and not has_agencies

    @property
    def to_ask(self):
        """Who gives roles: the administrators, or who set the register up."""
        appointed = Appointment.objects.filter(role=Appointment.Role.ADMINISTRATOR).values("user")
        found = User.objects.filter(Q(pk__in=appointed) | Q(is_superuser=True), is_active=True)
        return found.order_by("is_superuser", "pk")

    @cached_property
    def agencies(self):
        """The names of the agencies this person writes for."""
        return [agency.name for agency in Agency.objects.filter(pk__in=self.access.agencies)]

    # --- Promises ------------------------------------------------------------------------------

    @property
    def shown(self):
        return self.access.visible(Commitment.objects.shown_on(self.day))

    @cached_property
    def piles(self):
        counts = desk.waiting(self.shown, self.day)
        return [
            Pile(
                name=name,
                count=counts[name],
                address=list_address(waits=name.value),
                lines=self.lines(name) if counts[name] else [],
            )
            for name in Waits
        ]

    def lines(self, name):
        items = ITEMS[name](self.shown, self.day)[:ON_DESK]
        shown = Commitment.objects.filter(pk__in=[item.commitment.pk for item in items])
        written = set()
        if self.access.is_editor:
            written = {*self.access.own(shown).values_list("pk", flat=True)}
        return [
            Line(
                item,
                admin_address(item.commitment),
                (self.day - item.on).days,
                enter_address(item) if item.commitment.pk in written else "",
            )
            for item in items
        ]

    @cached_property
    def reporting(self):
        """For whoever reads all: each agency's promises, by how they are reported."""
        if not self.access.may_read_all:
            return []
        counts = [*desk.reports(self.shown, self.day)]
        agencies = Agency.objects.in_bulk({row["lead_agency"] for row in counts})
        return [Share.of(row, agencies[row["lead_agency"]]) for row in counts]

    @property
    def reporting_words(self):
        return [*REPORTING.values()]

    @property
    def reporting_of_all(self):
        """The sums of the table's columns."""
        rows = self.reporting
        cells = [
            (sum(row.cells[place][0] for row in rows), list_address(reporting=each.value))
            for place, each in enumerate(Reporting)
        ]
        total = sum(row.total for row in rows)
        return Share(None, total, list_address(reporting=ANY), cells)

    # --- Records -------------------------------------------------------------------------------

    @cached_property
    def counts(self):
        """How many records this person may see, by kind and state; one query for each kind."""
        return {
            model: Counter(
                dict(
                    self.access.visible(model.objects.unpublished())
                    .order_by()
                    .values_list("state")
                    .annotate(Count("pk"))
                )
            )
            for model in ENTERED
        }

    def kinds(self, state):
        return [
            (kind_of(model), counts[state], state_address(model, state))
            for model, counts in self.counts.items()
            if counts[state]
        ]

    @cached_property
    def returned(self):
        records = []
        for model in ENTERED:
            if self.counts[model][State.RETURNED]:
                rows = self.access.visible(model.objects.filter(state=State.RETURNED))
                # What their names are made of.
                named_by = [name for name in ("commitment", "indicator") if hasattr(model, name)]
                rows = rows.select_related("returned_by", *named_by)
                records += rows.order_by("-returned_at", "-pk")[:ON_DESK]
        records.sort(key=lambda record: (record.returned_at, record.pk), reverse=True)
        lines = [(kind_of(type(each)), each, admin_address(each)) for each in records[:ON_DESK]]
        return Records(self.kinds(State.RETURNED), lines)

    @property
    def begun(self):
        """For whoever writes: what is still a draft, and what waits for somebody else."""
        if not self.access.is_editor:
            return []
        return [
            ("drafts", _("drafts, not submitted yet"), Records(self.kinds(State.DRAFT))),
            ("submitted", _("submitted, in review"), Records(self.kinds(State.IN_REVIEW))),
        ]

    @cached_property
    def queue(self):
        if not self.access.is_reviewer:
            return None
        found = waiting(self.access)
        return Queue(len(found), as_rows(found[:ON_DESK], self.access))

    @cached_property
    def reports(self):
        """How many prepared reports this person could issue or return."""
        if not self.access.is_reviewer:
            return 0
        return IssuedReport.objects.waiting().exclude(prepared_by=self.access.user).count()


def list_address(**asked):
    """The address of the list of commitments that a count is of."""
    return f"{reverse(COMMITMENTS)}?{urlencode(asked)}"


def state_address(model, state):
    wish = "version" if issubclass(model, Superseding) else "state__exact"
    page = reverse(f"admin:commitments_{model._meta.model_name}_changelist")
    return f"{page}?{wish}={state}"


def enter_address(item):
    """The form for what a promise waits for, filled as far as that is known."""
    if isinstance(item.awaits, Milestone):
        return admin_address(item.awaits, "correct")
    if item.awaits is None:
        return ""
    return f"{reverse('admin:commitments_observation_add')}?{urlencode(item.awaits)}"
