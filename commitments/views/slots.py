"""How many long files one process makes at once: the other threads are for pages."""

import threading

# Of the four threads that `script/serve` gives a process, long files take two at most.
AT_ONCE = 2
# So many promises take a second or two.
LONG = 1_000
# Seconds that a reader waits for another file to be finished, before being asked to come back.
PATIENCE, COME_BACK_AFTER = 3, 60

_slots = threading.BoundedSemaphore(AT_ONCE)


class Busy(Exception):
    """As many long files as may be are being made."""


class Slot:
    """A place among the files being made; a short one needs none. `Busy` if there is none left."""

    def __init__(self, kind, report):
        self.is_held = kind.is_document or report.total > LONG
        if self.is_held and not _slots.acquire(timeout=PATIENCE):
            self.is_held = False
            raise Busy

    def release(self):
        """Give the place back; a second time does nothing."""
        if self.is_held:
            self.is_held = False
            _slots.release()


class Held:
    """Bytes in parts that keep their slot until they are sent, or nobody wants them any more."""

    def __init__(self, parts, slot):
        self.parts, self.slot = parts, slot

    def __iter__(self):
        try:
            yield from self.parts
        finally:
            self.close()

    def close(self):
        self.parts.close()
        self.slot.release()
