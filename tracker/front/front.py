"""The WSGI layer itself."""

import datetime as dt
import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from tracker.front.answer import Answer, Headers, is_for_all, is_kept, valued
from tracker.front.asked import Asked, asked
from tracker.front.generation import Generation
from tracker.front.watch import Seen, Watch

# Seconds that what is in memory is shown while the database does not say whether it still holds.
# Nobody can publish anything then, unless this machine alone has lost it.
STALE_FOR = 3_600
# Seconds to wait for another request that makes the same answer.
PATIENCE = 20
# After so many seconds without a number the database counts as broken. Each page that is tried in
# spite of that may keep a thread waiting: so many at once, that others are left for what is kept.
BROKEN_AFTER, TRIES_AT_ONCE = 5, 2
# An answer may take this part of the memory, so that one cannot drive out all others.
PART_OF_ALL = 8


class Front:
    """Answers from memory what is public; hands all else to `application` untouched."""

    def __init__(
        self,
        application: WSGIApplication,
        *,
        watch: Watch,
        today: Callable[[], dt.date],
        most_bytes: int,
        refuse: WSGIApplication,
        session_cookie: str,
        transport_header: str = "",
        outside: tuple[str, ...] = (),
    ) -> None:
        """`outside` are the beginnings of paths that are never kept; `refuse` answers at once, by
        nothing but itself, that the database is broken."""
        self._application, self._watch, self._today = application, watch, today
        self._most_bytes, self._outside = most_bytes, outside
        self._session_cookie, self._transport_header = session_cookie, transport_header
        self._generation: Generation | None = None
        self._refuse, self._tries = refuse, threading.BoundedSemaphore(TRIES_AT_ONCE)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = asked(environ, self._session_cookie, self._transport_header)
        if request is None or request.path.startswith(self._outside):
            return self._application(environ, start_response)
        seen = self._watch.look()
        generation = self._current(seen)
        key = request.key
        answer = generation.get(key) if generation else None
        if answer is not None:
            return answer.send(request, start_response)
        if seen.number is not None and seen.age > BROKEN_AFTER:
            return self._tried(environ, start_response)
        if generation is None:
            return self._application(environ, start_response)
        if request.method == "HEAD" or generation.lets_pass(request.path, key):
            return self._application(environ, start_response)
        return self._made_once(request, generation, environ, start_response)

    def _current(self, seen: Seen) -> Generation | None:
        """The answers that hold now; None as long as nobody can know which revision it is."""
        found, day = self._generation, self._today()
        if seen.is_fresh and seen.number is not None:
            if found is None or (found.revision, found.day) != (seen.number, day):
                found = self._generation = Generation(seen.number, day, self._most_bytes)
            return found
        if found is None or found.day != day or seen.age > STALE_FOR:
            return None
        return found

    def _tried(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not self._tries.acquire(blocking=False):
            return self._refuse(environ, start_response)
        try:
            return self._application(environ, start_response)
        finally:
            self._tries.release()

    # --- Making an answer ------------------------------------------------------------------------

    def _made_once(
        self,
        request: Asked,
        generation: Generation,
        environ: WSGIEnvironment,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        """Made by the first who asks; the others wait for it, if it turns out to be for them."""
        key = request.key
        flight, is_first = generation.flight(key)
        made: Answer | Passing | None
        if is_first:
            try:
                made = self._made(request, generation, environ)
                flight.answer = generation.get(key)
            finally:
                generation.end(key, flight)
        else:
            made = flight.wait(PATIENCE)
        if made is None:
            return self._application(environ, start_response)
        return made.send(request, start_response)

    def _made(
        self, request: Asked, generation: Generation, environ: WSGIEnvironment
    ) -> "Answer | Passing | None":
        """What Django answers to nobody in particular; None if it wants to know who it is."""
        # Read before the page and by the same connection: what the page shows is no older.
        is_sure = self._watch.number_here() == generation.revision
        passing = Passing(self._application, request.environ(environ, self._transport_header))
        if not is_for_all(passing.status, passing.headers):
            passing.close()
            generation.let_pass(request.path)
            return None
        if not is_kept(passing.status):
            return passing
        body = passing.whole(self._most_bytes // PART_OF_ALL)
        if body is None:
            generation.let_pass(request.key)
            return passing
        answer = Answer(passing.status, passing.headers, body)
        # Its database failed half-way, and another one may be behind the number.
        if is_sure and not valued(passing.headers, "x-read-elsewhere"):
            generation.keep(request.key, answer)
        return answer


class Passing:
    """Django's answer, read only as far as it must be."""

    def __init__(self, application: WSGIApplication, environ: WSGIEnvironment) -> None:
        self.status, self.headers = "", Headers()
        self._read: list[bytes] = []
        self._answer = application(environ, self._start)
        self._rest = iter(self._answer)

    def _start(
        self, status: str, headers: Headers, exc_info: object = None
    ) -> Callable[[bytes], object]:
        self.status, self.headers = status, headers
        return self._read.append

    def whole(self, most: int) -> bytes | None:
        """The body; None if it has more than so many bytes."""
        size = 0
        for part in self._rest:
            self._read.append(part)
            size += len(part)
            if size > most:
                return None
        self.close()
        return b"".join(self._read)

    def send(self, request: Asked, start_response: StartResponse) -> Iterable[bytes]:
        start_response(self.status, list(self.headers))
        return self

    def __iter__(self) -> Iterator[bytes]:
        return chain(self._read, self._rest)

    def close(self) -> None:
        if hasattr(self._answer, "close"):
            self._answer.close()
