from django.contrib import admin
from django.utils import timezone

from commitments.actions.history import recorded


def password_change(request):
    """Django's own page, with an entry in the history that it was used."""
    with recorded([request.user], by=request.user, at=timezone.now()):
        answer = admin.site.password_change(request)
        # Rendered late, and a wrong password is a page like any other.
        return answer.render() if hasattr(answer, "render") else answer
