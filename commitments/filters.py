"""The one filter of the register: page, file, feed and API all ask through it.

What cannot be read is an error with the field and the value, and the result is empty: showing
everything instead would answer a question nobody asked.
"""

import re
from dataclasses import dataclass
from functools import reduce
from operator import or_

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, When
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from commitments.domain.status import Status
from commitments.labels import GROUP, KIND, STATUS, choices
from commitments.models import Agency, Commitment, Plan, Target, Theme
from commitments.models.bilingual import CODE

LONGEST_SEARCH = 200
MOST_TERMS = 10
NO_YEAR = "none"
DEFAULT_SORT = "due"
NARROWING = ("code", "group", "status", "agency", "theme", "due_year", "kind")

SORTS = {
    "due": (F("due_year").asc(nulls_last=True), "code"),
    "severity": ("standing__severity", F("due_year").asc(nulls_last=True), "code"),
    "code": ("code",),
    "agency": ("lead_agency__code", "code"),
}
SORT_WORDS = [
    ("due", _("due year")),
    ("severity", _("most serious status first")),
    ("code", _("code")),
    ("agency", _("lead agency")),
]
UNKNOWN_VALUE = {"invalid_choice": _("“%(value)s” is not a value this filter knows.")}


class SearchField(forms.CharField):
    """Words separated by any white space, the Chinese one included; cleaned to a list."""

    def clean(self, value):
        text = super().clean(value)
        if len(text) > LONGEST_SEARCH:
            raise ValidationError(
                _("A search has %(limit)d characters at most; this one has %(count)d."),
                params={"limit": LONGEST_SEARCH, "count": len(text)},
            )
        terms = text.split()
        if len(terms) > MOST_TERMS:
            raise ValidationError(
                _("A search has %(limit)d words at most; this one has %(count)d."),
                params={"limit": MOST_TERMS, "count": len(terms)},
            )
        return terms


class ManyField(forms.MultipleChoiceField):
    """Any number of choices; an empty value, as a form sends for “all”, is none."""

    def to_python(self, value):
        return [each for each in super().to_python(value) if each]


class CodesField(ManyField):
    """Codes of records: all that are known can be asked for, the choices are those offered."""

    known = frozenset()

    def valid_value(self, value):
        return value in self.known


class NamedField(ManyField):
    """Codes of commitments. One that is not shown finds nothing, just as one that never was."""

    def valid_value(self, value):
        return re.fullmatch(CODE, value) is not None


class YearsField(ManyField):
    """Any year can be asked for, also one in which nothing is due."""

    def valid_value(self, value):
        return value == NO_YEAR or (len(value) == 4 and value.isascii() and value.isdigit())


class DayField(forms.DateField):
    """A day up to `latest`, written in one way in every language."""

    latest = None
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {
        "invalid": _("“%(value)s” is not a day. Write it as 2026-01-31."),
        "coming": _("%(value)s has not come yet; choose today or a day before."),
    }

    def __init__(self, **kwargs):
        kwargs.setdefault("input_formats", ["%Y-%m-%d"])
        super().__init__(**kwargs)

    def to_python(self, value):
        try:
            return super().to_python(value)
        except ValidationError as error:
            raise ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": value}
            ) from error

    def validate(self, value):
        super().validate(value)
        if value is not None and self.latest is not None and value > self.latest:
            raise ValidationError(
                self.error_messages["coming"], code="coming", params={"value": value.isoformat()}
            )


class SearchFilter(filters.Filter):
    field_class = SearchField


class OneFilter(filters.Filter):
    field_class = forms.ChoiceField


class ManyFilter(filters.MultipleChoiceFilter):
    """Any of some values."""

    field_class = ManyField

    def __init__(self, **kwargs):
        kwargs.setdefault("error_messages", UNKNOWN_VALUE)
        super().__init__(distinct=False, widget=forms.CheckboxSelectMultiple, **kwargs)


class CodesFilter(ManyFilter):
    field_class = CodesField


class NamedFilter(ManyFilter):
    field_class = NamedField


class YearsFilter(ManyFilter):
    field_class = YearsField


class DayFilter(filters.Filter):
    field_class = DayField


@dataclass(frozen=True)
class Chip:
    """One value of the filter in words, and the query string of the list without it."""

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
    agency = CodesFilter(label=_("Lead agency"), field_name="lead_agency__code")
    theme = CodesFilter(label=_("Theme"), field_name="theme__code")
    due_year = YearsFilter(
        label=_("Due year"),
        method="due_in",
        error_messages={"invalid_choice": _("“%(value)s” is not a year with four digits.")},
    )
    kind = ManyFilter(label=_("Kind of test"), choices=choices(KIND), field_name="standing__kind")
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
        """The form, with the choices of today's records; each list of them costs one query."""
        form = super().form
        fields = form.fields
        fields["plan"].choices = [(plan.code, plan.title) for plan in self.plans]
        self.offer(fields["agency"], "agency", Agency, "lead_agency")
        self.offer(fields["theme"], "theme", Theme, "theme")
        fields["due_year"].choices = self.years_offered()
        fields["as_of"].latest = self.today
        fields["as_of"].widget.attrs["max"] = self.today.isoformat()
        return form

    def offer(self, field, name, model, role):
        """Any record that an open plan uses can be asked for; this plan's are offered."""
        rows = used_by_open_plans(model, role, self.chosen_plan)
        asked = self.data.getlist(name)
        field.known = {row.code for row in rows}
        field.choices = [(row.code, row.name) for row in rows if row.is_here or row.code in asked]

    def years_offered(self):
        years = Commitment.objects.published().filter(plan=self.chosen_plan, due_year__isnull=False)
        found = {f"{year:04}" for year in years.values_list("due_year", flat=True).distinct()}
        field = self.base_filters["due_year"].field
        found |= {year for year in self.data.getlist("due_year") if field.valid_value(year)}
        return [(year, year) for year in sorted(found - {NO_YEAR})] + [(NO_YEAR, _("no due year"))]

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
        return found.order_by(*SORTS[self.form.cleaned_data["sort"] or DEFAULT_SORT])

    def unchanged(self, queryset, name, value):
        """For `plan`, `as_of` and `sort`, which `everything` and `filter_queryset` heed."""
        return queryset

    def in_groups(self, queryset, name, codes):
        statuses = [status.value for status in Status if status.group in codes]
        return queryset.filter(standing__status__in=statuses)

    def due_in(self, queryset, name, years):
        asked = Q(due_year__in=[int(year) for year in years if year != NO_YEAR])
        if NO_YEAR in years:
            asked |= Q(due_year=None)
        return queryset.filter(asked)

    def search(self, queryset, name, terms):
        for term in terms:
            queryset = queryset.filter(mentions(term))
        return queryset

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
        data = self.data.copy()
        data.pop("page", None)
        for name in names:
            left = [each for each in data.getlist(name) if value is not None and each != value]
            data.setlist(name, left)
        # A form sends its empty fields too; an address is better without them.
        for name, values in [*data.lists()]:
            data.setlist(name, [each for each in values if each])
        return data.urlencode()

    def chips(self):
        """A `Chip` for each value that narrows the list."""
        if not self.is_valid():
            return []
        found = []
        if self.terms:
            found.append(Chip(_("Search"), " ".join(self.terms), self.query_without("q")))
        for name in NARROWING:
            field = self.form[name]
            words = dict(field.field.choices)
            found += [
                Chip(field.label, words.get(value, value), self.query_without(name, value=value))
                for value in dict.fromkeys(self.form.cleaned_data[name])
            ]
        return found


def asked(request):
    """The filter of a request and the day it asks about; today where that cannot be read."""
    found = CommitmentFilter(request.GET, request=request, today=timezone.localdate())
    return found, found.day


def with_query(address, query):
    return f"{address}?{query}" if query else address


def used_by_open_plans(model, role, plan):
    """Agencies or themes that an open plan names or uses; `is_here` says whether `plan` does."""
    uses = [Commitment.objects.published().filter(**{role: OuterRef("pk")})]
    if model is Agency:
        uses.append(Plan.agencies.through.objects.filter(agency=OuterRef("pk")))
    is_here, is_known = Q(), Q()
    for use in uses:
        is_here |= Q(Exists(use.filter(plan=plan)))
        is_known |= Q(Exists(use.filter(plan__opened_on__isnull=False)))
    return model.objects.filter(is_known).annotate(
        is_here=Case(When(is_here, then=True), default=False, output_field=BooleanField())
    )


def mentions(term):
    """The condition that a commitment has a word somewhere a reader would look for it."""

    def contain(*names):
        return reduce(or_, (Q(**{f"{name}__icontains": term}) for name in names))

    supported = Commitment.supporting_agencies.through.objects.filter(commitment=OuterRef("pk"))
    tested = Target.objects.published().filter(commitment=OuterRef("pk"))
    return (
        contain(
            "code",
            "title_zh",
            "title_en",
            "quote",
            "lead_agency__name_zh",
            "lead_agency__name_en",
            "theme__name_zh",
            "theme__name_en",
        )
        | Q(Exists(supported.filter(contain("agency__name_zh", "agency__name_en"))))
        | Q(
            Exists(
                tested.filter(
                    contain(
                        "indicator__name_zh",
                        "indicator__name_en",
                        "comparator_indicator__name_zh",
                        "comparator_indicator__name_en",
                    )
                )
            )
        )
    )
