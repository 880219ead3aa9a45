"""A plan's own page: its facts, its agencies, and its texts with every quote in its place."""

from collections import Counter

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from commitments.models import Commitment, Plan
from commitments.printed import texts_of
from commitments.views.commitment import day_asked, day_context
from commitments.views.errors import bad_request


@require_safe
def plan(request, code):
    try:
        day = day_asked(request)
    except ValidationError as error:
        return bad_request(request, message=" ".join(error.messages))
    found = get_object_or_404(Plan.objects.open(), code=code)
    shown = list(
        Commitment.objects.shown_on(day)
        .filter(plan=found)
        .select_related("standing", "lead_agency")
        .order_by("code")
    )
    led = Counter(commitment.lead_agency_id for commitment in shown)
    context = day_context(day, found.get_absolute_url()) | {
        "plan": found,
        "count": len(shown),
        "agencies": [(agency, led[agency.pk]) for agency in found.agencies.all()],
        "texts": texts_of(found, shown, day),
    }
    return render(request, "commitments/plan.html", context)
