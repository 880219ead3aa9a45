"""Lines of the log: with the number of their request, as JSON for machines, without anybody's data.

The words of an exception often repeat what somebody typed, and the database adds whole rows. In
JSON, which is kept and sent elsewhere, an exception is told by its kind and its place in the code.
"""

import json
import logging
import queue
import re
import secrets
import threading
import time
import traceback
import urllib.request
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any

from django.conf import settings
from django.core.mail import send_mail

# Of the request that this thread answers.
number: ContextVar[str] = ContextVar("number", default="")
WELL_FORMED = re.compile(r"[0-9a-zA-Z-]{8,64}")
TOLD_OF_REQUEST = ("method", "path", "status", "milliseconds")


def new_number() -> str:
    return secrets.token_hex(8)


def number_from_proxy(given: str) -> str:
    """The proxy's number for the request; "" for what could be anything but one."""
    return given if WELL_FORMED.fullmatch(given) else ""


class WithNumber(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.number = number.get()
        return True


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told: dict[str, object] = {
            "at": at,
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if getattr(record, "number", ""):
            told["request"] = record.number  # type: ignore[attr-defined]
        if record.name == "tracker.access":
            told |= {name: getattr(record, name) for name in TOLD_OF_REQUEST}
        if record.exc_info and record.exc_info[1]:
            told["exceptions"] = [kind_and_place(each) for each in chain(record.exc_info[1])]
        return json.dumps(told, ensure_ascii=False)


def chain(error: BaseException | None) -> list[BaseException]:
    """The exception and what led to it, the first cause last."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def kind_and_place(error: BaseException) -> dict[str, object]:
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "kind": f"{type(error).__module__}.{type(error).__qualname__}",
        "frames": [f"{each.filename}:{each.lineno} {each.name}" for each in frames],
    }


class WarningHandler(logging.Handler):
    """Sends errors to the people and the address in the settings, and holds up no request.

    The same error is sent once in `QUIET` seconds: a broken database fails every request.
    """

    QUIET = 900
    MOST_WAITING = 100

    def __init__(
        self,
        send: Callable[[str, str], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._send, self._clock = send or send_warning, clock
        self._waiting: queue.Queue[tuple[str, str]] = queue.Queue(self.MOST_WAITING)
        self._sent_at: dict[tuple[str, str], float] = {}
        self._thread: threading.Thread | None = None

    def emit(self, record: logging.LogRecord) -> None:
        same = (record.name, str(record.msg))
        if self._clock() - self._sent_at.get(same, float("-inf")) < self.QUIET:
            return
        self._sent_at[same] = self._clock()
        subject = f"{record.levelname} {record.getMessage()}"[:200].replace("\n", " ")
        try:
            self._waiting.put_nowait((subject, self.format(record)))
        except queue.Full:
            return  # The log has it; a hundred others are on their way.
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._work, daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            words = self._waiting.get()
            try:
                self._send(*words)
            finally:
                self._waiting.task_done()

    def flush(self) -> None:
        """Waits until all is sent, for a command that ends."""
        if self._thread is not None:
            self._waiting.join()


def send_warning(subject: str, text: str) -> None:
    """By mail and to the webhook, as the settings say; who cannot be reached stays without."""
    if settings.WARN_BY_MAIL:
        attempt(
            lambda: send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, settings.WARN_BY_MAIL)
        )
    if settings.WARN_BY_WEBHOOK:
        body = json.dumps({"text": subject, "details": text}, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(settings.WARN_BY_WEBHOOK, body, headers)
        attempt(lambda: urllib.request.urlopen(request, timeout=10).close())


def attempt(send: Callable[[], Any]) -> None:
    try:
        send()
    except (OSError, HTTPException) as error:  # Mail servers' refusals are among the first.
        # At a level that is not sent: it would come here again.
        logging.getLogger("tracker.log").warning("A warning could not be sent: %s", error)
