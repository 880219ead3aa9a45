"""An agency or a theme on a day: its promises plan by plan, with their counts and its words."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Q

from commitments.models import Agency, Commitment, Plan, Theme, Update
from commitments.models.workflow import State
from commitments.overview import Tally
from commitments.roll import ORDERS
from commitments.wording import put_all_back

# More than these are read in the list, a page at a time.
MOST_ROWS = 25
MOST_UPDATES = 10


@dataclass
class Share:
    """What of one plan is an agency's or a theme's. `supported` are promises others lead."""

    plan: Plan
    tally: Tally
    rows: list = field(default_factory=list)
    supported: list = field(default_factory=list)
    supported_count: int = 0


def named_agencies():
    """Agencies that an open plan names, or one of its published promises now or once."""
    public = Commitment.objects.published().filter(plan__opened_on__isnull=False)
    amended = public.filter(amendments__state=State.PUBLISHED)
    through = Commitment.supporting_agencies.through.objects
    named = Plan.agencies.through.objects.filter(plan__opened_on__isnull=False)
    return Agency.objects.filter(
        Q(pk__in=named.values("agency"))
        | Q(pk__in=public.values("lead_agency"))
        | Q(pk__in=amended.values("assessments__lead_agency"))
        | Q(pk__in=through.filter(commitment__in=public.values("pk")).values("agency"))
    )


def named_themes():
    """Themes that published promises of open plans have, or had before they were amended."""
    public = Commitment.objects.published().filter(plan__opened_on__isnull=False)
    amended = public.filter(amendments__state=State.PUBLISHED)
    return Theme.objects.filter(
        Q(pk__in=public.values("theme")) | Q(pk__in=amended.values("assessments__theme"))
    )


def tallies(day, role):
    """For each plan, the counts of what is shown on a day, by agency or theme: one query."""
    found = defaultdict(lambda: defaultdict(Tally))
    counts = (
        Commitment.objects.shown_on(day)
        .order_by()
        .values_list("plan", f"standing__{role}", "standing__status")
        .annotate(count=Count("pk"))
    )
    for plan, record, status, count in counts:
        found[plan][record].add(status, count)
    return found


def shares_of_agency(agency, day):
    """A `Share` of every open plan that names the agency, the real plans first."""
    shown = Commitment.objects.shown_on(day)
    supported = shown.filter(supporting_agencies=agency).filter(~Q(standing__lead_agency=agency))
    counts = dict(supported.order_by().values_list("plan").annotate(count=Count("pk")))
    named = set(agency.plans.values_list("pk", flat=True)) | set(counts)
    found = shares_of(
        shown.filter(standing__lead_agency=agency), tallies(day, "lead_agency"), agency, named
    )
    for share in found:
        share.supported_count = counts.get(share.plan.pk, 0)
        share.supported = in_order(supported.filter(plan=share.plan))
    return in_words_of(day, found)


def shares_of_theme(theme, day):
    """A `Share` of every open plan that has promises on the theme, the real plans first."""
    mine = Commitment.objects.shown_on(day).filter(standing__theme=theme)
    return in_words_of(day, shares_of(mine, tallies(day, "theme"), theme))


def shares_of(promises, counted, record, named=()):
    """One for each open plan that has promises of the record, or is among the `named`."""
    used = {plan for plan, by_record in counted.items() if record.pk in by_record}
    return [
        Share(
            plan,
            counted[plan.pk].get(record.pk, Tally()),
            rows=in_order(promises.filter(plan=plan)),
        )
        for plan in Plan.objects.open()
        if plan.pk in used or plan.pk in named
    ]


def in_order(promises):
    return list(promises.with_standing().order_by(*ORDERS["due"])[:MOST_ROWS])


def in_words_of(day, shares):
    """The shares, their promises in the words they had on a day."""
    put_all_back([row for share in shares for row in (*share.rows, *share.supported)], day)
    return shares


def updates_of(day, **asked):
    """The newest statements by an agency, or on a theme's promises, that were shown on a day."""
    is_seen = Q(commitment__plan__opened_on__gt=day, dated_on__lte=day)
    is_seen |= Q(commitment__plan__opened_on__lte=day, published_at__date__lte=day)
    shown = Commitment.objects.shown_on(day).values("pk")
    found = Update.objects.published().filter(is_seen, commitment__in=shown, **asked)
    return list(found.select_related("agency", "commitment__plan")[:MOST_UPDATES])
