"""Sessions in the database that end: some time after the last request, and some time after log-in.

The first end is Django's own, put off by whoever comes back before it. What somebody has typed
meanwhile is not lost with it: commitments/kept.py.
"""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.http import HttpRequest

LOGGED_IN_AT, SEEN_AT = "logged_in_at", "seen_at"
# Seconds between two requests that are written down.
EVERY = 60


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        held: dict[str, Any] = super().load()
        if SESSION_KEY not in held:
            return held
        now = time.time()
        if now - held.get(LOGGED_IN_AT, 0) >= settings.SESSION_LONGEST:
            self._session_key = None
            return {}
        if now - held.get(SEEN_AT, 0) >= EVERY:
            held[SEEN_AT], self.modified = now, True
        return held


def begin(request: HttpRequest, **kwargs: Any) -> None:
    """Called when somebody logs in; the session's time begins anew."""
    request.session[LOGGED_IN_AT] = request.session[SEEN_AT] = time.time()
