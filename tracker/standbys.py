"""Public pages are read from a standby that keeps up, all else from the primary.

Whether a standby keeps up is asked of the revision number, which every public change raises: it
lags by the time for which it has lacked a number that the primary has. So nothing depends on how
it is replicated, or on rights to look into the server.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.signals import request_finished
from django.db import DEFAULT_DB_ALIAS as PRIMARY
from django.db import DatabaseError, InterfaceError, connections
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase
from django.utils.module_loading import import_string

from commitments.places import Place

logger = logging.getLogger(__name__)

# Seconds between two looks at the databases; a look is one short query to each.
EVERY = 1.0
# So many of the primary's last numbers are remembered; a standby behind the first of them lags.
MOST_REMEMBERED = 100

READ_ELSEWHERE = "X-Read-Elsewhere"

KEEPS_UP, LAGS, GONE = "keeps up", "lags", "gone"


class Databases:
    """How the primary and its standbys are, and which one the public pages are read from.

    `ask` gives the revision number in a database, None if it does not answer.
    """

    def __init__(
        self,
        standbys: list[str],
        *,
        may_lag: float,
        ask: Callable[[str], int | None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        # Each process begins with another one, so that they share the readers.
        first = os.getpid() % len(standbys) if standbys else 0
        self._standbys = standbys[first:] + standbys[:first]
        self._may_lag, self._ask, self._clock = may_lag, ask, clock
        self._looking = threading.Lock()
        self._looked_at = float("-inf")
        # Pairs (number, when it was first seen on the primary), the newest last.
        self._raised: list[tuple[int, float]] = []
        self._chosen = PRIMARY
        self.revision: int | None = None
        self.states = dict.fromkeys([PRIMARY, *self._standbys], KEEPS_UP)

    def chosen(self) -> str:
        """The database for a public page: the same one for at least a second, where it can be."""
        if self._standbys:
            self.look()
        return self._chosen

    def is_primary_gone(self) -> bool:
        if self._standbys:
            self.look()
        return self.states[PRIMARY] == GONE

    def age(self) -> float:
        """Seconds since the last look."""
        return self._clock() - self._looked_at

    def look(self) -> None:
        """Look how they are, unless somebody did within the last second or is doing so."""
        if self._clock() - self._looked_at < EVERY or not self._looking.acquire(
            # Only the very first has nothing to go by.
            blocking=self._looked_at == float("-inf")
        ):
            return
        try:
            if self._clock() - self._looked_at >= EVERY:
                self._look()
                self._looked_at = self._clock()
        finally:
            self._looking.release()

    def give_up(self, alias: str) -> None:
        """A page could not be read from it: go elsewhere until the next look."""
        self._tell(alias, GONE)
        if self._chosen == alias:
            # A standby that lags is better than a primary that is gone.
            of_use = (KEEPS_UP, LAGS) if alias == PRIMARY else (KEEPS_UP,)
            alive = (each for each in self._standbys if self.states[each] in of_use)
            self._chosen = next(alive, PRIMARY)

    def _look(self) -> None:
        primary = self._ask(PRIMARY)
        self._tell(PRIMARY, GONE if primary is None else KEEPS_UP)
        if primary is not None and (not self._raised or self._raised[-1][0] != primary):
            # Of the first number nobody knows how long it has been there.
            since = self._clock() if self._raised else float("-inf")
            self._raised = [*self._raised, (primary, since)][-MOST_REMEMBERED:]
        numbers = {alias: self._ask(alias) for alias in self._standbys}
        for alias, number in numbers.items():
            self._tell(alias, self._state(number, is_primary_gone=primary is None))
        self._chosen = self._best(numbers, is_primary_gone=primary is None)
        self.revision = primary if self._chosen == PRIMARY else numbers[self._chosen]

    def _state(self, number: int | None, *, is_primary_gone: bool) -> str:
        if number is None:
            return GONE
        if is_primary_gone:
            return KEEPS_UP
        lacked = [since for raised, since in self._raised if raised > number]
        return LAGS if lacked and self._clock() - lacked[0] > self._may_lag else KEEPS_UP

    def _best(self, numbers: dict[str, int | None], *, is_primary_gone: bool) -> str:
        alive = {
            alias: number
            for alias, number in numbers.items()
            if number is not None and self.states[alias] == KEEPS_UP
        }
        if is_primary_gone:
            # The one that has most; of several the one in use.
            return max(alive, key=lambda each: (alive[each], each == self._chosen), default=PRIMARY)
        # A reader is never shown less than this process has shown before.
        alive = {each: n for each, n in alive.items() if n >= (self.revision or 0)}
        return self._chosen if self._chosen in alive else next(iter(alive), PRIMARY)

    def _tell(self, alias: str, state: str) -> None:
        before, self.states[alias] = self.states[alias], state
        if before == state:
            return
        if state == KEEPS_UP:
            logger.warning("Database %s is back.", alias)
        else:
            logger.error("Database %s %s.", alias, "lags" if state == LAGS else "is gone")


def revision_in(alias: str) -> int | None:
    """The revision number as a database has it, None if it does not answer."""
    revisions = import_string("commitments.models.Revision").objects.using(alias)
    for is_last in (False, True):
        try:
            return int(revisions.values_list("number", flat=True).first() or 0)
        except (DatabaseError, InterfaceError):
            # It may be the connection that is old: the server was restarted since.
            connections[alias].close()
            if is_last:
                return None
    return None


databases = Databases(settings.STANDBYS, may_lag=settings.STANDBY_MAY_LAG, ask=revision_in)


class Reading(threading.local):
    """What the request of this thread reads from; None for what belongs to the primary."""

    alias: str | None = None
    is_fixed = False


reading = Reading()


def public_revision() -> int:
    """The number of what the next public page of this thread will show: both are read in one place.

    Raises `DatabaseError` or `InterfaceError`.
    """
    reading.alias, reading.is_fixed = databases.chosen(), True
    return int(import_string("commitments.models.Revision").current())


class PublicReads:
    """Reads of a public page go where its request was sent; all else goes to the primary."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return reading.alias

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        return PRIMARY

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == PRIMARY


class PublicReadsMiddleware:
    """Chooses for each request; a page whose standby fails is made again from another database."""

    def __init__(
        self,
        get_response: Callable[[HttpRequest], HttpResponseBase],
        databases: Databases = databases,
    ) -> None:
        self.get_response, self.databases = get_response, databases
        request_finished.connect(stop_reading)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not self.is_public_read(request):
            stop_reading()
            return self.get_response(request)
        if not reading.is_fixed:
            reading.alias = self.databases.chosen()
        reading.is_fixed = False
        response = self.get_response(request)
        if not getattr(response, "is_database_gone", False):
            return response
        self.databases.give_up(str(reading.alias))
        other = self.databases.chosen()
        if other == reading.alias:
            return response
        reading.alias = other
        response = self.get_response(request)
        # The revision number of this page was read where it could not be: tracker/front.
        response.headers[READ_ELSEWHERE] = "1"
        return response

    def is_public_read(self, request: HttpRequest) -> bool:
        """Whoever is logged in sees their own writes everywhere, as long as there is a primary."""
        if request.method not in ("GET", "HEAD"):
            return False
        if Place.of(request.path_info).rest.partition("/")[0] == "admin":
            return False
        is_staff = settings.SESSION_COOKIE_NAME in request.COOKIES
        return not is_staff or self.databases.is_primary_gone()


def stop_reading(**kwargs: Any) -> None:
    """At the very end of a request: a file is still being read while it is sent."""
    reading.alias, reading.is_fixed = None, False
