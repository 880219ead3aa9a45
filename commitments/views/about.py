"""Pages about the register itself: what it is, who can use it, what can be taken from it."""

from django.shortcuts import render
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from commitments.exporters.table import Type
from commitments.models import Plan
from commitments.report.columns import columns

TYPE = {
    Type.TEXT: pgettext_lazy("type of column", "text"),
    Type.NUMBER: pgettext_lazy("type of column", "number"),
    Type.INTEGER: pgettext_lazy("type of column", "whole number"),
    Type.SHARE: pgettext_lazy("type of column", "share of 1"),
    Type.DATE: pgettext_lazy("type of column", "date"),
    Type.URL: pgettext_lazy("type of column", "address"),
}


@require_safe
def about(request):
    plans = list(Plan.objects.open())
    return render(
        request,
        "commitments/about.html",
        {"plans": plans, "has_fictional": any(plan.is_fictional for plan in plans)},
    )


@require_safe
def accessibility(request):
    return render(request, "commitments/accessibility.html")


@require_safe
def data(request):
    return render(
        request,
        "commitments/data.html",
        {
            "plans": list(Plan.objects.open()),
            "columns": [(each.key, each.heading, TYPE[each.type]) for each in columns()],
            "host": request.build_absolute_uri("/").rstrip("/"),
        },
    )
