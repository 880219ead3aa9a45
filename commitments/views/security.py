"""/.well-known/security.txt: whom to tell of a weakness (RFC 9116)."""

import datetime as dt

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

# The standard asks for less than a year, so that nobody writes to who left long ago.
HOLDS_FOR = dt.timedelta(days=180)


@require_safe
def security_txt(request):
    if not settings.SECURITY_CONTACT:
        raise Http404
    lines = [f"Contact: {contact}" for contact in settings.SECURITY_CONTACT]
    lines += [
        f"Expires: {timezone.localdate() + HOLDS_FOR}T00:00:00Z",
        "Preferred-Languages: zh, en",
        f"Canonical: {request.build_absolute_uri(request.path)}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
