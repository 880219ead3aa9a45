"""What is worked out once for a revision, and remembered by the process until the next one.

The public pages of one revision share much: what a plan shows on a day, the lines of its list. The
front keeps whole pages; this keeps what they are made of, for a page that nobody asked for yet.
"""

import threading
from collections import OrderedDict
from concurrent.futures import Future

from django.db import connections, router

from commitments.models import Revision

# Seconds to wait for another thread that works out the same.
PATIENCE = 20


def revision_now():
    """The revision of the database that this thread reads from; None inside a transaction.

    Until a transaction is over nobody can know whether its number will ever be the register's.
    """
    alias = router.db_for_read(Revision)
    if connections[alias].in_atomic_block:
        return None
    try:
        return Revision.current()
    except Revision.DoesNotExist:
        return None  # Nothing was ever put into this database.


class Memory:
    """The `most` values asked for last, all of one revision.

    Whoever asks says of which revision: it was read before the value, which is then no older.
    """

    def __init__(self, most):
        self._most, self._revision = most, None
        self._values = OrderedDict()
        self._lock = threading.Lock()

    def get(self, revision, key, make):
        """The value of a key, from `make()` if nobody asked before; of no revision always."""
        if revision is None:
            return make()
        value, is_first = self._claim(revision, key)
        if not is_first:
            # What failed for another thread may not fail for this one, which reads elsewhere.
            return make() if self._has_failed(value) else value.result()
        try:
            value.set_result(make())
        except BaseException as error:
            self._forget(key, value)
            value.set_exception(error)
            raise
        return value.result()

    def get_many(self, revision, keys, make):
        """The values of some keys, in their order. `make` is asked once for all that are missing,
        with their keys, and gives a dictionary; a key that it has no value for is left out."""
        found = self._present(revision, keys)
        if missing := [key for key in keys if key not in found]:
            made = make(missing)
            found |= made
            self._keep(revision, made)
        return [found[key] for key in keys if key in found]

    def _present(self, revision, keys):
        with self._lock:
            if revision is None or revision != self._revision:
                return {}
            present = [key for key in keys if key in self._values]
            for key in present:
                self._values.move_to_end(key)
            return {key: self._values[key].result() for key in present}

    def _keep(self, revision, made):
        for key, value in made.items():
            self.get(revision, key, lambda value=value: value)

    def _claim(self, revision, key):
        """The future value, and whether the asker is the one to work it out."""
        with self._lock:
            if revision != self._revision:
                self._revision, self._values = revision, OrderedDict()
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
                return value, False
            value = self._values[key] = Future()
            while len(self._values) > self._most:
                self._values.popitem(last=False)
            return value, True

    def _forget(self, key, value):
        with self._lock:
            if self._values.get(key) is value:
                del self._values[key]

    @staticmethod
    def _has_failed(value):
        try:
            return value.exception(PATIENCE) is not None
        except TimeoutError:
            return True
