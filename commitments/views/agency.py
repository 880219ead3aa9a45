"""The agencies that plans name, and one agency's page: what it owes and how that stands."""

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from commitments.drawing import sparks_for
from commitments.filters import with_query
from commitments.models import Plan
from commitments.overview import Tally
from commitments.portrait import named_agencies, shares_of_agency, tallies, updates_of
from commitments.views.commitment import FILES, day_asked, day_context
from commitments.views.errors import bad_request


@require_safe
def agency_list(request):
    try:
        day = day_asked(request)
    except ValidationError as error:
        return bad_request(request, message=" ".join(error.messages))
    counted = tallies(day, "lead_agency")
    plans = Plan.objects.open().prefetch_related("agencies")
    if not plans:
        return render(request, "commitments/home_empty.html")
    known = {agency.pk: agency for agency in named_agencies()}
    sections = []
    for plan in plans:
        named = {agency.pk: agency for agency in plan.agencies.all()}
        led = {pk: known[pk] for pk in counted[plan.pk]}
        sections.append((plan, compared((named | led).values(), counted[plan.pk])))
    return render(
        request, "commitments/agencies.html", list_context(day, "agencies", sections, counted)
    )


@require_safe
def agency(request, code):
    try:
        day = day_asked(request)
    except ValidationError as error:
        return bad_request(request, message=" ".join(error.messages))
    found = get_object_or_404(named_agencies(), code=code)
    shares = shares_of_agency(found, day)
    address = reverse("agency", args=[code])
    context = page_context(day, address, shares, agency=code) | {
        "agency": found,
        "updates": updates_of(day, agency=found),
    }
    return render(request, "commitments/agency.html", context)


def compared(records, counted):
    """Triples (record, tally, bar parts), most promises first; all bars are to one scale."""
    found = [(record, counted.get(record.pk, Tally())) for record in records]
    longest = max((tally.total for _record, tally in found), default=0)
    found.sort(key=lambda pair: (-pair[1].total, pair[0].code))
    return [(record, tally, tally.parts(longest)) for record, tally in found]


def list_context(day, name, sections, counted):
    """What the pages of all agencies and all themes share."""
    return day_context(day, reverse(name)) | {
        "sections": [
            (plan, rows, sum(tally.total for tally in counted[plan.pk].values()))
            for plan, rows in sections
        ],
        "past_plan": past_plan([plan for plan, _rows in sections], day),
        "only_fictional": all_fictional([plan for plan, _rows in sections]),
    }


def page_context(day, address, shares, **asked):
    """What an agency's page and a theme's share; `asked` is the filter that lists the same."""
    context = day_context(day, address)
    past = {"as_of": day.isoformat()} if context["is_past"] else {}
    sparks = sparks_for([row for share in shares for row in share.rows], day)
    plans = [share.plan for share in shares]
    return context | {
        "shares": [
            (
                share,
                [(row, sparks.get(row.pk)) for row in share.rows],
                {"plan": share.plan.code} | asked | past,
                files_of({"plan": share.plan.code} | asked | past),
            )
            for share in shares
        ],
        "total": sum(share.tally.total for share in shares),
        "past_plan": past_plan(plans, day),
        "only_fictional": all_fictional(plans),
        "as_of": past.get("as_of", ""),
    }


def files_of(query):
    return [
        (name, with_query(reverse("commitments_file", args=[ext]), urlencode(query)))
        for name, ext in FILES
    ]


def past_plan(plans, day):
    """The plan a past day is explained by: one that was not open yet, if there is one."""
    return next((plan for plan in plans if day < plan.opened_on), next(iter(plans), None))


def all_fictional(plans):
    """A plan that says the page is fictional, if every one on it is."""
    return plans[0] if plans and all(plan.is_fictional for plan in plans) else None
