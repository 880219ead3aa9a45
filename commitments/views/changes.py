"""What changed in a plan, newest first, and the log of corrected figures."""

from django import forms
from django.core.paginator import EmptyPage, Paginator
from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from commitments import formats
from commitments.changes import WHAT, Changes, What
from commitments.filters import UNKNOWN_VALUE, DayField, ManyField, with_query
from commitments.models import Plan
from commitments.views import errors
from commitments.views.commitment import day_context
from commitments.views.commitments import page_number

PAGE_SIZE = 25


class Asked(forms.Form):
    """Which plan's changes, of which kinds, up to which day."""

    plan = forms.ChoiceField(
        label=gettext_lazy("Plan"), required=False, error_messages=UNKNOWN_VALUE
    )
    kind = ManyField(
        label=gettext_lazy("Kind of change"),
        required=False,
        choices=[(what.value, word) for what, word in WHAT.items()],
        error_messages=UNKNOWN_VALUE,
    )
    as_of = DayField(label=gettext_lazy("As of"), required=False)

    def __init__(self, data, *, plans, today):
        super().__init__(data)
        self.plans, self.today = plans, today
        self.fields["plan"].choices = [(plan.code, plan.title) for plan in plans]
        self.fields["as_of"].latest = today

    @property
    def chosen_plan(self):
        """The plan asked for; the first open one if none was; or None."""
        code = self.cleaned_data["plan"]
        return next((plan for plan in self.plans if code in ("", plan.code)), None)

    @property
    def scope(self):
        """The plan where it is not the usual one, for addresses that lead on from here."""
        plan = self.chosen_plan
        return {"plan": plan.code} if plan != self.plans[0] else {}

    @property
    def day(self):
        return self.cleaned_data["as_of"] or self.today

    @property
    def problems(self):
        return " ".join(
            f"{self[name].label}{pgettext('colon', ': ')}{' '.join(found)}"
            for name, found in self.errors.items()
        ).replace("\0", "\N{REPLACEMENT CHARACTER}")

    def address(self, page=1, **other):
        """The address of this view, with some values changed; the usual ones are left out."""
        query = QueryDict(mutable=True)
        asked = self.cleaned_data | other
        if asked["plan"] and asked["plan"] != self.plans[0].code:
            query["plan"] = asked["plan"]
        query.setlist("kind", asked["kind"])
        if asked["as_of"] and asked["as_of"] < self.today:
            query["as_of"] = asked["as_of"].isoformat()
        if page > 1:
            query["page"] = str(page)
        return with_query(reverse(self.name), query.urlencode())

    name = "changes"


class AskedCorrections(Asked):
    name = "corrections"

    def __init__(self, data, **about):
        super().__init__(data, **about)
        del self.fields["kind"]

    def clean(self):
        return super().clean() | {"kind": []}


@require_safe
def changes(request):
    return shown(request, Asked, "commitments/changes.html")


@require_safe
def corrections(request):
    return shown(request, AskedCorrections, "commitments/corrections.html", {What.CORRECTION})


def shown(request, form, template, kinds=()):
    asked = form(request.GET, plans=list(Plan.objects.open()), today=timezone.localdate())
    if not asked.is_valid():
        return errors.bad_request(request, message=asked.problems)
    wanted = request.GET.get("page", "1")
    number = page_number(wanted)
    if number is None:
        return errors.bad_request(
            request, message=_("“%(page)s” is not the number of a page.") % {"page": wanted[:40]}
        )
    plan = asked.chosen_plan
    if plan is None:
        return render(request, "commitments/home_empty.html")
    found = Changes(plan, asked.day, kinds=kinds or asked.cleaned_data["kind"])
    paginator = Paginator(found, PAGE_SIZE)
    try:
        page = paginator.page(number)
    except EmptyPage:
        last = paginator.num_pages
        return errors.not_found(
            request,
            message=_("This list ends at page %(last)s.") % {"last": formats.number(last)},
            ways=[(asked.address(), _("To its first page"))],
        )
    entries = list(page.object_list)
    return render(
        request,
        template,
        day_context(asked.day, asked.address(as_of=None))
        | {
            "plan": plan,
            "scope": asked.scope,
            "plans": [(each, asked.address(plan=each.code)) for each in asked.plans],
            "page": page,
            "pages": pages_of(page, asked),
            "entries": entries,
            "kinds": kinds_of(found, asked) if form is Asked else [],
            "has_rebuilt": any(entry.is_rebuilt for entry in entries),
        },
    )


def kinds_of(found, asked):
    """Triples (word, count, address) of all and of each kind; the chosen one has no address."""
    counts, chosen = found.counts(), asked.cleaned_data["kind"]
    ways = [(_("all"), sum(counts.values()), [])]
    ways += [(WHAT[what], counts[what], [what.value]) for what in WHAT]
    return [
        (word, count, "" if kind == chosen else asked.address(kind=kind))
        for word, count, kind in ways
        if count or kind == chosen or not kind
    ]


def pages_of(page, asked):
    """Pairs (number, address) for the pager; a gap has no address."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "numbers": [
            (number, asked.address(number) if isinstance(number, int) else "") for number in numbers
        ],
        "before": asked.address(page.previous_page_number()) if page.has_previous() else "",
        "after": asked.address(page.next_page_number()) if page.has_next() else "",
    }
