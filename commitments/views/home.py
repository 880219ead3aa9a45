from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from commitments.changes import MOST_READ, Changes
from commitments.domain.status import Group
from commitments.filters import asked, with_query
from commitments.models import Agency, Commitment, Plan, Theme
from commitments.overview import Overview, Tally, clauses, opening
from commitments.remembered import Memory
from commitments.views.errors import bad_request, in_a_line
from commitments.wording import put_all_back

MOST_DUE = 10
MOST_CHANGES = 10
MOST_COMPARED = 12
_NEWEST = Memory(most=16)


@require_safe
def home(request):
    """How a plan stands: `?plan=` for another than the first, `?as_of=` for a past day."""
    found, day = asked(request)
    if found.problems:
        return bad_request(request, message=in_a_line(found.problems))
    plan = found.chosen_plan
    if plan is None:
        return render(request, "commitments/home_empty.html")
    overview = Overview(found.roll)
    agencies = compared(agencies_of(plan, overview.by_agency), overview.by_agency)
    themes = compared(Theme.objects.filter(pk__in=overview.by_theme), overview.by_theme)
    changes = newest_changes(plan, day, found.revision)
    return render(
        request,
        "commitments/home.html",
        {
            "plan": plan,
            "plans": found.plans,
            "day": day,
            "is_past": found.is_past,
            "scope": found.scope,
            "scope_query": urlencode(found.scope),
            "today_address": with_query(reverse("home"), found.query_without("as_of")),
            "tally": overview.tally,
            "opening": opening(plan, overview.tally.total),
            "clauses": clauses(overview.tally),
            "due": due_without_figure(found.roll),
            "due_count": overview.tally.counts[Group.DUE_NO_FIGURE],
            "agencies": agencies[:MOST_COMPARED],
            "agency_count": len(agencies),
            "themes": themes[:MOST_COMPARED],
            "theme_count": len(themes),
            "changes": changes,
            "is_rebuilt": any(change.is_rebuilt for change in changes),
        },
    )


def newest_changes(plan, day, revision):
    """The few that home tells of, told once for a revision, day and language."""
    return _NEWEST.get(
        revision,
        (plan.pk, day, get_language()),
        lambda: Changes(plan, day, most=MOST_READ).newest(MOST_CHANGES),
    )


def due_without_figure(roll):
    """The first of them, in the words of the day."""
    keys = roll.keys(roll.set("group", [Group.DUE_NO_FIGURE.value]), stop=MOST_DUE)
    rows = Commitment.objects.shown_on(roll.day).with_standing().in_order_of(keys)
    put_all_back(rows, roll.day)
    return rows


def agencies_of(plan, tallies):
    """Those the plan names, also without a commitment, and those that lead one."""
    named = Plan.agencies.through.objects.filter(plan=plan).values("agency")
    return Agency.objects.filter(Q(pk__in=named) | Q(pk__in=tallies))


def compared(records, tallies):
    """Triples (record, tally, bar parts), most commitments first; all bars are to one scale."""
    found = [(record, tallies.get(record.pk, Tally())) for record in records]
    longest = max((tally.total for _record, tally in found), default=0)
    found.sort(key=lambda pair: -pair[1].total)
    return [(record, tally, tally.parts(longest)) for record, tally in found]
