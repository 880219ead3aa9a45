"""The revision number, read often enough for everybody and never waited for long."""

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, InterfaceError, close_old_connections

# Seconds between two readings, and how long one holds: a publication shows within a second at
# every node, and under load nobody waits for the next reading.
EVERY, GOOD_FOR = 0.5, 1.0
# Seconds that a reader of a page waits for the number before the database counts as slow.
PATIENCE = 0.25


class Seen(NamedTuple):
    """The last number read, and how many seconds ago; None as long as there was none."""

    number: int | None
    age: float

    @property
    def is_fresh(self) -> bool:
        return self.number is not None and self.age <= GOOD_FOR


class Watch:
    """Reads the number in a thread of its own, and only while somebody asks for it.

    A database that hangs then holds up that thread, and nobody who wants a page from memory. Only
    who comes after a time without any visitor waits for a reading, and for `PATIENCE` at most.
    """

    def __init__(self, read: Callable[[], int], clock: Callable[[], float] = time.monotonic):
        self._read, self._clock = read, clock
        self._number: int | None = None
        self._read_at = self._tried_at = -GOOD_FOR
        self._is_wanted = self._is_failing = False
        self._thread: threading.Thread | None = None
        self._told = threading.Condition()

    def number_here(self) -> int | None:
        """The number as this thread's own connection sees it; None when it cannot be read."""
        try:
            close_old_connections()
            return self._read()
        except (DatabaseError, InterfaceError, ObjectDoesNotExist):
            return None

    def look(self) -> Seen:
        seen = self._seen()
        if self._clock() - self._tried_at < EVERY and (seen.is_fresh or self._is_failing):
            return seen
        with self._told:
            self._want_a_reading()
            if not seen.is_fresh and not self._is_failing:
                is_told = self._told.wait_for(lambda: not self._is_wanted, PATIENCE)
                self._is_failing = self._is_failing or not is_told
            return self._seen()

    def _seen(self) -> Seen:
        # The time first: beside a number read later it only makes that look older than it is.
        read_at, number = self._read_at, self._number
        return Seen(number, self._clock() - read_at)

    def _want_a_reading(self) -> None:
        if self._is_wanted:
            return
        self._is_wanted = True
        self._tried_at = self._clock()
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._keep_reading, daemon=True)
            self._thread.start()
        self._told.notify_all()

    def _keep_reading(self) -> None:
        while True:
            with self._told:
                self._told.wait_for(lambda: self._is_wanted)
            began_at = self._clock()
            number = self.number_here()
            with self._told:
                self._is_wanted = False
                self._is_failing = number is None
                if number is not None:
                    self._number, self._read_at = number, began_at
                self._told.notify_all()
