"""The picture that a link to a promise is shown with elsewhere."""

import hashlib

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commitments.cards import picture_of
from commitments.exporters.to_png import CARD, to_png
from commitments.models import Commitment
from commitments.templatetags.register import figure

HOUR = 3600


@require_safe
def card(request, code):
    """Drawn only when the reader's copy is not of the same facts."""
    shown = Commitment.objects.shown_on(timezone.localdate()).with_standing()
    found = get_object_or_404(shown, code=code)
    standing = found.standing
    picture = picture_of(
        found,
        site=_("Public Register of Commitments"),
        figure=figure(standing) if standing.observation else "",
    )
    said = repr(picture) + CARD.template.read_text(encoding="utf-8")
    etag = f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(to_png(picture), content_type="image/png")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"public, max-age={HOUR}"
    return response
