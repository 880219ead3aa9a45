"""What a node tells of itself: that it is alive and ready, one line a request, and its figures."""

import logging
import threading
import time
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS as PRIMARY
from django.db import DatabaseError, InterfaceError, connections
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from tracker import metrics
from tracker.log import new_number, number, number_from_proxy
from tracker.standbys import GONE, databases

access = logging.getLogger("tracker.access")


class WatchingMiddleware:
    """Stands outside all others.

    A probe comes by an address that is no name of the site, without HTTPS, and may not depend on
    anything but what it asks about. Pages out of memory do not come here (`tracker/front`): the
    proxy's log tells of every request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        probe = PROBES.get(request.path_info)
        if probe is not None:
            answer = probe()
            answer.headers["Cache-Control"] = "no-store"
            return answer
        began_at = time.perf_counter()
        given = request.headers.get("X-Request-ID", "") if settings.BEHIND_PROXY else ""
        request.number = number_from_proxy(given) or new_number()  # type: ignore[attr-defined]
        held = number.set(request.number)  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
            seconds = time.perf_counter() - began_at
            metrics.answered(kind_of(request), response.status_code, seconds)
            # Neither query nor address: what somebody searched for is nobody's business.
            access.info(
                "%s %s",
                request.method,
                request.path,
                extra={
                    "method": request.method,
                    "path": request.path,
                    "status": response.status_code,
                    "milliseconds": round(1000 * seconds),
                },
            )
            return response
        finally:
            number.reset(held)


def kind_of(request: HttpRequest) -> str:
    """The name of the address, of which there are few: a path would be a series of its own each."""
    match = request.resolver_match
    if match is None:
        return "none"
    return "staff" if match.namespaces else match.url_name or "none"


def healthz() -> HttpResponse:
    """The process answers: whoever asks need not start it anew."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def readyz() -> HttpResponse:
    """Whether pages can be answered here. Without the primary they can, where a standby lives."""
    databases.look()
    states = dict(databases.states)
    alive = [alias for alias, state in states.items() if state != GONE]
    is_migrated = bool(alive) and is_up_to_date(PRIMARY if PRIMARY in alive else alive[0])
    told = {
        "ready": is_migrated,
        "databases": states,
        "reads_from": databases.chosen(),
        "migrated": is_migrated,
        "revision": databases.revision,
        "revision_age_seconds": round(databases.age(), 1),
    }
    status = HTTPStatus.OK if is_migrated else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse(told, status=status)


PROBES: dict[str, Callable[[], HttpResponse]] = {"/healthz": healthz, "/readyz": readyz}
MIGRATED = threading.Event()


def is_up_to_date(alias: str) -> bool:
    """Whether every migration of this version is applied; asked until it is, and never again."""
    if not MIGRATED.is_set():
        try:
            loader = MigrationLoader(connections[alias])
        except (DatabaseError, InterfaceError):
            return False
        if set(loader.graph.leaf_nodes()) <= set(loader.applied_migrations):
            MIGRATED.set()
    return MIGRATED.is_set()
