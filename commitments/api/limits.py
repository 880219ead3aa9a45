"""How often one reader may ask. Counted in this process alone: it is no wall, but it keeps a loop
that got stuck from taking a node's time from everybody. What comes from memory is not counted.
"""

import threading
import time

PER_MINUTE = 600
WINDOW = 60


class Allowance:
    """So many questions in each minute for each of many readers; forgotten when the minute ends."""

    def __init__(self, most=PER_MINUTE, window=WINDOW, clock=time.monotonic):
        self.most, self.window, self.clock = most, window, clock
        self.began, self.counts = clock(), {}
        self.lock = threading.Lock()

    def take(self, reader):
        """0 when the reader may ask, or the seconds until they may again."""
        with self.lock:
            now = self.clock()
            if now - self.began >= self.window:
                self.began, self.counts = now, {}
            self.counts[reader] = self.counts.get(reader, 0) + 1
            if self.counts[reader] <= self.most:
                return 0
            return int(self.began + self.window - now) + 1


ALLOWANCE = Allowance()
