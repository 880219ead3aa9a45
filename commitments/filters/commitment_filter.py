"""The one filter of the register: page, file, feed and API all ask through it.

What cannot be read is an error with the field and the value, and the result is empty: showing
everything instead would answer a question nobody asked.
"""

from dataclasses import dataclass
from functools import reduce
from operator import and_

import django_filters as filters
from django.db.models import BooleanField, Case, Exists, OuterRef, Q, When
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from commitments import formats
from commitments.changes import Changes
from commitments.domain.freshness import Freshness
from commitments.domain.kinds import Kind
from commitments.domain.status import Status
from commitments.filters.counting import Counts
from commitments.filters.fields import (
    UNKNOWN_VALUE,
    CodesFilter,
    DayFilter,
    ManyFilter,
    NamedFilter,
    OneFilter,
    SearchFilter,
    YearsFilter,
)
from commitments.labels import FRESHNESS, GROUP, KIND, STATUS, choices
from commitments.models import Agency, Commitment, Plan, Theme
from commitments.models.assessment import fresh_on
from commitments.models.workflow import State
from commitments.remembered import Memory, revision_now
from commitments.roll import FIELDS, NO, NO_YEAR, ORDERS, USUAL_ORDER, YES, roll_of

_OFFERED = Memory(most=16)

NARROWING = ("code", *FIELDS)
# What belongs to one plan, and would find nothing in another.
OF_ONE_PLAN = ("code", "agency", "theme")
MEASURABLE = [(YES, _("states a test")), (NO, _("states no test"))]

SORT_WORDS = [
    ("due", _("due year")),
    ("severity", _("most serious status first")),
    ("code", _("code")),
    ("agency", _("lead agency")),
]


@dataclass(frozen=True)
class Chip:
    """One value of the filter in words, and the query string of the list without it."""

    name: str
    label: str
    text: str
    without: str


class CommitmentFilter(filters.FilterSet):
    """What of a plan is asked for, on which day, in which order.

    Values of one field widen the result, fields narrow it. Without `plan` the first open plan is
    meant, a real one before a fictional one; without `as_of`, `today`.
    """

    q = SearchFilter(label=_("Search"), method="search")
    plan = OneFilter(label=_("Plan"), method="unchanged", error_messages=UNKNOWN_VALUE)
    code = NamedFilter(
        label=_("Code"),
        error_messages={"invalid_choice": _("“%(value)s” cannot be the code of a promise.")},
    )
    group = ManyFilter(label=_("Standing"), choices=choices(GROUP), method="in_groups")
    status = ManyFilter(
        label=_("Exact status"), choices=choices(STATUS), field_name="standing__status"
    )
    agency = CodesFilter(label=_("Lead agency"), field_name="standing__lead_agency__code")
    theme = CodesFilter(label=_("Theme"), field_name="standing__theme__code")
    due_year = YearsFilter(
        label=_("Due year"),
        method="due_in",
        error_messages={"invalid_choice": _("“%(value)s” is not a year with four digits.")},
    )
    binding = ManyFilter(
        label=_("Binding or anticipatory"),
        choices=Commitment.Binding.choices,
        field_name="standing__binding",
    )
    measurable = ManyFilter(label=_("Measurable"), choices=MEASURABLE, method="with_test")
    freshness = ManyFilter(label=_("Figures"), choices=choices(FRESHNESS), method="as_fresh")
    kind = ManyFilter(label=_("Kind of test"), choices=choices(KIND), field_name="standing__kind")
    changed_since = DayFilter(label=_("Changed since"), method="changed")
    sort = OneFilter(
        label=_("Order"), choices=SORT_WORDS, method="unchanged", error_messages=UNKNOWN_VALUE
    )
    as_of = DayFilter(label=_("As of"), method="unchanged")

    class Meta:
        model = Commitment
        fields = []

    def __init__(self, data=None, queryset=None, *, request=None, prefix=None, today=None):
        if not isinstance(data, QueryDict):
            data = QueryDict(urlencode(data or {}, doseq=True))
        if queryset is None:
            queryset = Commitment.objects.all()
        super().__init__(data, queryset, request=request, prefix=prefix)
        self.today = today or timezone.localdate()

    # --- What is asked --------------------------------------------------------------------------

    @cached_property
    def plans(self):
        return list(Plan.objects.open())

    @cached_property
    def chosen_plan(self):
        """The plan asked for; the first open one if none was, or none that is known; or None."""
        asked = self.data.get("plan")
        found = [plan for plan in self.plans if plan.code == asked]
        return next(iter(found or self.plans), None)

    @property
    def day(self):
        """The day asked for; today if none was, or none that can be read."""
        return (self.is_valid() and self.form.cleaned_data["as_of"]) or self.today

    @property
    def is_past(self):
        return self.day < self.today

    @property
    def terms(self):
        """The words searched for."""
        return self.form.cleaned_data["q"] if self.is_valid() else []

    @cached_property
    def form(self):
        """The form, with the choices of today's records; each list of them costs one query.

        A past day offers them too, and says 0 beside what it did not know: all are published.
        """
        form = super().form
        fields = form.fields
        fields["plan"].choices = [(plan.code, plan.title) for plan in self.plans]
        for name in ("agency", "theme"):
            self.offer(fields[name], getattr(self.offered, name), self.data.getlist(name))
        fields["due_year"].choices = self.years_offered()
        for name in ("as_of", "changed_since"):
            fields[name].latest = self.today
            fields[name].widget.attrs["max"] = self.today.isoformat()
        return form

    @cached_property
    def offered(self):
        plan = self.chosen_plan
        return _OFFERED.get(self.revision, plan and plan.pk, lambda: Offered(plan))

    @staticmethod
    def offer(field, rows, asked):
        """Any record that an open plan uses can be asked for; this plan's are offered."""
        field.known = {row.code for row in rows}
        field.choices = [(row.code, row.name) for row in rows if row.is_here or row.code in asked]

    def years_offered(self):
        field = self.base_filters["due_year"].field
        found = {year for year in self.data.getlist("due_year") if field.valid_value(year)}
        found = sorted((found | self.offered.years) - {NO_YEAR})
        return [(year, year) for year in found] + [(NO_YEAR, _("no due year"))]

    # --- What is found --------------------------------------------------------------------------

    @property
    def qs(self):
        """The commitments found, with their standing and in order; none if the filter is wrong."""
        if not self.is_valid() or self.chosen_plan is None:
            return Commitment.objects.none()
        return super().qs

    @property
    def everything(self):
        """All that the plan shows on the day: the denominator of every count."""
        if not self.is_valid() or self.chosen_plan is None:
            return Commitment.objects.none()
        return self.queryset.shown_on(self.day).filter(plan=self.chosen_plan)

    def filter_queryset(self, queryset):
        found = super().filter_queryset(self.everything.with_standing())
        return found.order_by(*ORDERS[self.order])

    @property
    def order(self):
        return self.form.cleaned_data["sort"] or USUAL_ORDER

    def unchanged(self, queryset, name, value):
        """For `plan`, `as_of` and `sort`, which `everything` and `filter_queryset` heed."""
        return queryset

    def in_groups(self, queryset, name, codes):
        statuses = [status.value for status in Status if status.group in codes]
        return queryset.filter(standing__status__in=statuses)

    def due_in(self, queryset, name, years):
        asked = Q(standing__due_year__in=[int(year) for year in years if year != NO_YEAR])
        if NO_YEAR in years:
            asked |= Q(standing__due_year=None)
        return queryset.filter(asked)

    def with_test(self, queryset, name, answers):
        if set(answers) == {YES, NO}:
            return queryset
        has_none = Q(standing__kind=Kind.NOT_ASSESSABLE)
        return queryset.filter(has_none if NO in answers else ~has_none)

    def as_fresh(self, queryset, name, codes):
        asked = Q()
        for code in codes:
            asked |= fresh_on(self.day, Freshness(code), "standing__")
        return queryset.filter(asked)

    def changed(self, queryset, name, since):
        return queryset.filter(pk__among=self.changed_keys)

    @cached_property
    def changed_keys(self):
        """The keys of what the page of changes tells of since the day asked for."""
        since = self.form.cleaned_data["changed_since"]
        return Changes(self.chosen_plan, self.day, since=since).commitments()

    def search(self, queryset, name, terms):
        for term in terms:
            queryset = queryset.filter(pk__among=self.roll.keys(self.roll.mentioning(term)))
        return queryset

    # --- How many, and which -----------------------------------------------------------------

    @cached_property
    def revision(self):
        return revision_now()

    @cached_property
    def roll(self):
        """All that the plan shows on the day."""
        return roll_of(self.chosen_plan, self.day, self.revision)

    @cached_property
    def counts(self):
        """`Counts` of every choice with all other fields kept; None if the filter is wrong."""
        if not self.is_valid() or self.chosen_plan is None:
            return None
        data = self.form.cleaned_data
        conditions = {asked: self.roll.mentioning(asked[1]) for asked in self.words_asked}
        if data["code"]:
            named = self.everything.filter(code__in=data["code"]).order_by()
            conditions["code"] = self.roll.ledger.set_of(named.values_list("pk", flat=True))
        if data["changed_since"]:
            conditions["changed_since"] = self.roll.ledger.set_of(self.changed_keys)
        return Counts(self.roll, {name: data[name] for name in FIELDS}, conditions)

    def count_in(self, plan):
        """How many of another plan's promises have all the words searched for."""
        roll = roll_of(plan, self.day, self.revision)
        return reduce(and_, map(roll.mentioning, self.terms), roll.shown).bit_count()

    def keys(self, start=0, stop=None):
        """The keys of what is found, in order: what `qs` finds, from one number up to another."""
        return self.roll.keys(self.counts.found(), self.order, start, stop)

    @property
    def words_asked(self):
        """What `counts` calls the words searched for: each narrows by itself."""
        return [("q", term) for term in dict.fromkeys(self.terms)]

    # --- What was asked, in words ---------------------------------------------------------------

    @property
    def problems(self):
        """Pairs (field, message) of all that cannot be read, fit to be shown."""
        return [
            (self.form[name], message.replace("\0", "\N{REPLACEMENT CHARACTER}"))
            for name, messages in self.form.errors.items()
            for message in messages
        ]

    @property
    def scope(self):
        """What every link from here to a list must keep: the plan and the day, where not usual."""
        scope = {}
        if self.chosen_plan is not None and self.chosen_plan != self.plans[0]:
            scope["plan"] = self.chosen_plan.code
        if self.is_past:
            scope["as_of"] = self.day.isoformat()
        return scope

    @property
    def today_address(self):
        """The address of this view, as it stands today."""
        return with_query(reverse("commitments"), self.query_without("as_of"))

    @property
    def query(self):
        """The query string of this view, without its page."""
        return self.query_without()

    def query_without(self, *names, value=None):
        """The query string without its page and some fields, or without one value of them."""
        kept = {
            name: [each for each in self.data.getlist(name) if value is not None and each != value]
            for name in names
        }
        return self.query_with(**kept)

    def query_with(self, **values):
        """The query string without its page and with some fields changed."""
        data = self.data.copy()
        for name, value in ({"page": []} | values).items():
            data.setlist(name, value if isinstance(value, list) else [value])
        # A form sends its empty fields too; an address is better without them.
        for name, given in [*data.lists()]:
            data.setlist(name, [each for each in given if each])
        return data.urlencode()

    def query_for(self, plan, *, without=OF_ONE_PLAN):
        """The query string of this view of a plan, without some fields."""
        code = "" if plan == self.plans[0] else plan.code
        return self.query_with(**dict.fromkeys(without, ""), plan=code)

    def plan_views(self):
        """Pairs (plan, address) of this view of every open plan."""
        return [
            (plan, with_query(reverse("commitments"), self.query_for(plan))) for plan in self.plans
        ]

    def chips(self):
        """A `Chip` for each value that narrows the list."""
        if not self.is_valid():
            return []
        data, found = self.form.cleaned_data, []
        if self.terms:
            found.append(self.chip("q", " ".join(self.terms)))
        for name in NARROWING:
            words = dict(self.form.fields[name].choices)
            for value in dict.fromkeys(data[name]):
                found.append(self.chip(name, words.get(value, value), value))
        if data["changed_since"]:
            found.append(self.chip("changed_since", formats.day(data["changed_since"])))
        return found

    def chip(self, name, text, value=None):
        return Chip(name, self.form[name].label, text, self.query_without(name, value=value))


class Keys:
    """The keys of what a filter finds, as a paginator reads them: counted already, and of a page
    only its own."""

    def __init__(self, found):
        self.found = found

    def __len__(self):
        return self.found.counts.without() if self.found.counts else 0

    def __getitem__(self, place):
        return self.found.keys(place.start, place.stop) if self.found.counts else []


def asked(request):
    """The filter of a request and the day it asks about; today where that cannot be read."""
    found = CommitmentFilter(request.GET, request=request, today=timezone.localdate())
    return found, found.day


def with_query(address, query):
    return f"{address}?{query}" if query else address


class Offered:
    """What can be asked for of a plan: agencies, themes and due years; three queries."""

    def __init__(self, plan):
        self.agency = list(used_by_open_plans(Agency, "lead_agency", plan))
        self.theme = list(used_by_open_plans(Theme, "theme", plan))
        years = Commitment.objects.published().filter(plan=plan, due_year__isnull=False)
        # In no order: that of the model is by code, and would make each row distinct.
        years = years.order_by().values_list("due_year", flat=True).distinct()
        self.years = {f"{year:04}" for year in years}


def used_by_open_plans(model, role, plan):
    """Agencies or themes that an open plan names or uses; `is_here` says whether `plan` does."""
    promises = Commitment.objects.published()
    uses = [
        promises.filter(**{role: OuterRef("pk")}),
        # It may have been another's before it was amended, and a past day still asks for that.
        promises.filter(
            amendments__state=State.PUBLISHED, **{f"assessments__{role}": OuterRef("pk")}
        ),
    ]
    if model is Agency:
        uses.append(Plan.agencies.through.objects.filter(agency=OuterRef("pk")))
    is_here, is_known = Q(), Q()
    for use in uses:
        is_here |= Q(Exists(use.filter(plan=plan)))
        is_known |= Q(Exists(use.filter(plan__opened_on__isnull=False)))
    return model.objects.filter(is_known).annotate(
        is_here=Case(When(is_here, then=True), default=False, output_field=BooleanField())
    )
