"""All answers of one revision on one day, within a number of bytes; what is made is made once."""

import datetime as dt
import threading
from collections import OrderedDict

from tracker.front.answer import Answer
from tracker.front.asked import Key

# So many addresses are remembered as not worth asking for.
MOST_PASSED = 10_000


class Flight:
    """An answer that one request is making, and for which others wait."""

    def __init__(self) -> None:
        self._is_over = threading.Event()
        self.answer: Answer | None = None

    def end(self) -> None:
        self._is_over.set()

    def wait(self, seconds: float) -> Answer | None:
        """The answer; None if it was not one to keep, or not made in time."""
        self._is_over.wait(seconds)
        return self.answer


class Generation:
    """Answers that all say how things stood at `revision`, on `day`.

    It is left behind as a whole when either changes, also by those still making an answer for it:
    none can come to be shown for another revision or day.
    """

    def __init__(self, revision: int, day: dt.date, most_bytes: int) -> None:
        self.revision, self.day = revision, day
        self._most_bytes = most_bytes
        self._bytes = 0
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._flights: dict[Key, Flight] = {}
        self._passed: set[str | Key] = set()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Answer | None:
        with self._lock:
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
            return found

    def keep(self, key: Key, answer: Answer) -> None:
        """Keep it; those that were longest not asked for give way."""
        with self._lock:
            self._answers[key] = answer
            self._bytes += answer.size
            while self._bytes > self._most_bytes:
                _key, oldest = self._answers.popitem(last=False)
                self._bytes -= oldest.size

    # --- What is being made ----------------------------------------------------------------------

    def flight(self, key: Key) -> tuple[Flight, bool]:
        """The flight for an address, and whether the asker is the one who makes the answer."""
        with self._lock:
            found = self._flights.get(key)
            if found is not None:
                return found, False
            if key in self._answers:
                # Kept since the asker looked for it: one that is over.
                over = Flight()
                over.answer = self._answers[key]
                over.end()
                return over, False
            started = self._flights[key] = Flight()
            return started, True

    def end(self, key: Key, flight: Flight) -> None:
        with self._lock:
            del self._flights[key]
        flight.end()

    # --- What is for one person, or too long -----------------------------------------------------

    def let_pass(self, address: str | Key) -> None:
        """Never try to keep this path, or this very address, again."""
        with self._lock:
            if len(self._passed) < MOST_PASSED:
                self._passed.add(address)

    def lets_pass(self, path: str, key: Key) -> bool:
        return path in self._passed or key in self._passed
