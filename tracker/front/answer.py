"""An answer as it is kept: compressed once, with the headers for each way of sending it."""

import gzip
import hashlib
from collections.abc import Iterable
from wsgiref.types import StartResponse

from tracker.front.asked import Asked

Headers = list[tuple[str, str]]

# Whoever keeps a copy asks each time whether it still holds: a withdrawn figure is gone at once.
KEPT_BY_OTHERS = "public, max-age=0, must-revalidate"
# These are made anew here, or belong to the one request they came with.
OF_ONE_ANSWER = {
    "cache-control",
    "connection",
    "content-length",
    "date",
    "etag",
    "vary",
    "x-read-elsewhere",
    "x-request-id",
}
COMPRESSIBLE = ("text/", "application/json", "application/xml", "application/javascript")
ALSO_COMPRESSIBLE = ("+xml", "+json")
# Smaller ones fit into one packet anyway.
LEAST_COMPRESSED = 500
LEVEL = 6
PERMANENT = ("301", "308")


class Answer:
    """A 200, or a permanent redirect, that everybody may have."""

    def __init__(self, status: str, headers: Headers, body: bytes) -> None:
        self.status = status
        self._is_page = status.startswith("200")
        self._digest = hashlib.sha256(body).hexdigest()[:32]
        self._headers = [pair for pair in headers if pair[0].lower() not in OF_ONE_ANSWER]
        self._cache_control = valued(headers, "cache-control") or KEPT_BY_OTHERS
        self._length = len(body)
        self._is_zipped = self._length >= LEAST_COMPRESSED and is_text(headers)
        self._body = gzip.compress(body, LEVEL, mtime=0) if self._is_zipped else body
        self._ways = {is_zipped: self._way(is_zipped) for is_zipped in {False, self._is_zipped}}

    @property
    def size(self) -> int:
        """Roughly the bytes it takes in memory."""
        return len(self._body) + 2_000

    def _way(self, is_zipped: bool) -> tuple[str, Headers, Headers]:
        """Its tag, the headers of a 304 and those of the answer itself."""
        tag = f'"{self._digest}{"-gzip" if is_zipped else ""}"'
        common = [("Cache-Control", self._cache_control)]
        if self._is_zipped:
            common.append(("Vary", "Accept-Encoding"))
        if self._is_page:
            common.append(("ETag", tag))
        length = len(self._body) if is_zipped else self._length
        whole = [*self._headers, *common, ("Content-Length", str(length))]
        if is_zipped:
            whole.append(("Content-Encoding", "gzip"))
        return tag, common, whole

    def send(self, asked: Asked, start_response: StartResponse) -> Iterable[bytes]:
        is_zipped = self._is_zipped and asked.takes_gzip
        tag, common, whole = self._ways[is_zipped]
        if asked.held and self._is_page and is_held(tag, asked.held):
            start_response("304 Not Modified", list(common))
            return []
        start_response(self.status, list(whole))
        if asked.method == "HEAD":
            return []
        # Hardly anybody asks for an uncompressed page: it is not worth the memory.
        return [self._body if is_zipped == self._is_zipped else gzip.decompress(self._body)]


def is_for_all(status: str, headers: Headers) -> bool:
    """Whether an answer is the same for everybody, as far as it says itself."""
    control = {
        word.strip().partition("=")[0] for word in valued(headers, "cache-control").split(",")
    }
    varies = {word.strip() for word in valued(headers, "vary").split(",")}
    names = {name.lower() for name, _value in headers}
    return (
        not control & {"private", "no-store"}
        and varies <= {"", "accept-encoding"}
        and not names & {"set-cookie", "content-encoding", "www-authenticate"}
    )


def is_kept(status: str) -> bool:
    return status.startswith(("200", *PERMANENT))


def valued(headers: Headers, wanted: str) -> str:
    """The values of a header in small letters, "" if there is none."""
    return ",".join(value for name, value in headers if name.lower() == wanted).lower()


def is_text(headers: Headers) -> bool:
    kind = valued(headers, "content-type").partition(";")[0].strip()
    return kind.startswith(COMPRESSIBLE) or kind.endswith(ALSO_COMPRESSIBLE)


def is_held(tag: str, held: str) -> bool:
    """Whether an If-None-Match header names a tag, or any."""
    return (
        held == tag
        or held.strip() == "*"
        or tag in {part.strip().removeprefix("W/") for part in held.split(",")}
    )
