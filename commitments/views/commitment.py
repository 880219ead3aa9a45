"""A commitment's own page, as it stood on the day asked for."""

from dataclasses import replace
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments import formats
from commitments.detail import citation_of, page_of
from commitments.domain.periods import Period
from commitments.filters import DayField
from commitments.models import Commitment
from commitments.places import Place
from commitments.views.errors import bad_request

FILES = (("CSV", "csv"), ("XLSX", "xlsx"), ("JSON", "json"))


def day_asked(request):
    """The day of `?as_of=`, or today; ValidationError for one that is coming or unreadable."""
    today = timezone.localdate()
    field = DayField(required=False)
    field.latest = today
    return field.clean(request.GET.get("as_of", "")) or today


def day_context(day, address):
    """What a page says about the day it shows, and the way back to today."""
    is_past = day < timezone.localdate()
    return {
        "day": day,
        "is_past": is_past,
        "as_of_query": f"?as_of={day.isoformat()}" if is_past else "",
        "today_address": address,
    }


@require_safe
def commitment(request, code):
    try:
        day = day_asked(request)
    except ValidationError as error:
        return bad_request(request, message=" ".join(error.messages))
    found = get_object_or_404(
        Commitment.objects.shown_on(day).for_page(),
        code=code,
    )
    page = page_of(found, day)
    context = day_context(day, found.get_absolute_url()) | {
        "commitment": found,
        "page": page,
        "supporting": formats.listed([each.name for each in found.supporting_agencies.all()]),
        "due": Period(found.due_year) if found.due_year else None,
    }
    context["citation"] = citation_of(found, day, address_on(request, day))
    context["plan_address"] = found.plan.get_absolute_url() + context["as_of_query"]
    context["files"] = files_of(found, day if context["is_past"] else None)
    return render(request, "commitments/commitment.html", context)


def address_on(request, day):
    """The page's own address on a day, which goes on showing that day; never in large text."""
    here = replace(Place.of(request.path_info), is_large=False)
    return request.build_absolute_uri(f"{here.address}?as_of={day.isoformat()}")


def files_of(found, past_day):
    """Pairs of a format's name and the address of this commitment's file in it."""
    query = {"plan": found.plan.code, "code": found.code}
    if past_day:
        query["as_of"] = past_day.isoformat()
    return [
        (name, f"{reverse('commitments_file', args=[extension])}?{urlencode(query)}")
        for name, extension in FILES
    ]
