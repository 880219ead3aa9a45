"""The policy areas of the plans, and one area's page."""

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commitments.models import Plan
from commitments.portrait import named_themes, shares_of_theme, tallies, updates_of
from commitments.views.agency import compared, list_context, page_context
from commitments.views.commitment import day_asked
from commitments.views.errors import bad_request


@require_safe
def theme_list(request):
    try:
        day = day_asked(request)
    except ValidationError as error:
        return bad_request(request, message=" ".join(error.messages))
    plans = Plan.objects.open()
    if not plans:
        return render(request, "commitments/home_empty.html")
    counted = tallies(day, "theme")
    known = {theme.pk: theme for theme in named_themes()}
    sections = [
        (plan, compared([known[pk] for pk in counted[plan.pk]], counted[plan.pk])) for plan in plans
    ]
    return render(
        request, "commitments/themes.html", list_context(day, "themes", sections, counted)
    )


@require_safe
def theme(request, code):
    try:
        day = day_asked(request)
    except ValidationError as error:
        return bad_request(request, message=" ".join(error.messages))
    found = get_object_or_404(named_themes(), code=code)
    context = page_context(
        day, reverse("theme", args=[code]), shares_of_theme(found, day), theme=code
    )
    return render(
        request,
        "commitments/theme.html",
        context | {"theme": found, "updates": updates_of(day, commitment__theme=found)},
    )
