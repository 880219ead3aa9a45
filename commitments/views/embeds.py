"""A promise, or a plan's counts, for a frame on any other site: small, without cookies, no menu."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from commitments.cards import sentence_of
from commitments.models import Commitment, Plan
from commitments.overview import Overview, clauses, opening
from commitments.remembered import revision_now
from commitments.roll import roll_of

# The site's own policy with two differences: any site may frame it, and it has no form or script.
POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors *",
    ]
)
QUARTER_OF_AN_HOUR = 900


def framed(request, template, context):
    response = render(request, template, context)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = f"public, max-age={QUARTER_OF_AN_HOUR}"
    return response


@require_safe
@xframe_options_exempt
def commitment_embed(request, code):
    today = timezone.localdate()
    found = get_object_or_404(Commitment.objects.shown_on(today).with_standing(), code=code)
    return framed(
        request,
        "commitments/embed_commitment.html",
        {"commitment": found, "plan": found.plan, "sentence": sentence_of(found, today)},
    )


@require_safe
@xframe_options_exempt
def plan_embed(request, code):
    today = timezone.localdate()
    found = get_object_or_404(Plan.objects.open(), code=code)
    tally = Overview(roll_of(found, today, revision_now())).tally
    return framed(
        request,
        "commitments/embed_plan.html",
        {
            "plan": found,
            "tally": tally,
            "opening": opening(found, tally.total),
            "clauses": clauses(tally),
        },
    )
