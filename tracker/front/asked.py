"""A request as the front sees it: whether it is nobody's in particular, and what it asks."""

from functools import lru_cache
from io import BytesIO
from typing import NamedTuple
from wsgiref.types import WSGIEnvironment

# Longer addresses are nobody's bookmark.
MOST_OF_ADDRESS = 2_000
# What comes from the server itself and is the same for all its requests.
OF_THE_SERVER = (
    "SCRIPT_NAME",
    "SERVER_NAME",
    "SERVER_PORT",
    "SERVER_PROTOCOL",
    "wsgi.version",
    "wsgi.errors",
    "wsgi.multithread",
    "wsgi.multiprocess",
    "wsgi.run_once",
)
# Who asks, for limits alone: what is refused is not kept, and no page may tell it.
OF_THE_SENDER = ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR")
# Who sends one of these wants something of their own.
PERSONAL = frozenset(("HTTP_AUTHORIZATION", "HTTP_RANGE", "HTTP_TRANSFER_ENCODING"))

Key = tuple[str, ...]


class Asked(NamedTuple):
    """A GET or HEAD of nobody in particular."""

    method: str
    path: str
    query: str
    host: str
    # The proxy's header that says how it was asked, where the settings trust one.
    transport: str
    scheme: str
    accepted: str
    held: str

    @property
    def key(self) -> Key:
        return (self.path, self.query, self.host, self.scheme, self.transport)

    @property
    def takes_gzip(self) -> bool:
        return takes_gzip(self.accepted)

    def environ(self, given: WSGIEnvironment, transport_header: str) -> WSGIEnvironment:
        """What Django gets to see, which is what is in the key: no header can slip into a page."""
        shown = {name: given[name] for name in OF_THE_SERVER + OF_THE_SENDER if name in given}
        shown |= {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": self.path,
            "QUERY_STRING": self.query,
            "HTTP_HOST": self.host,
            "wsgi.url_scheme": self.scheme,
            "wsgi.input": BytesIO(),
        }
        if self.transport:
            shown[transport_header] = self.transport
        if "HTTP_X_REQUEST_ID" in given:
            # Of the log, and of the page of an error, which is never kept.
            shown["HTTP_X_REQUEST_ID"] = given["HTTP_X_REQUEST_ID"]
        return shown


def asked(environ: WSGIEnvironment, session_cookie: str, transport_header: str) -> Asked | None:
    """The request, or None if it is not sure to be anybody's."""
    method, host = environ["REQUEST_METHOD"], environ.get("HTTP_HOST")
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    if (
        method not in ("GET", "HEAD")
        or not host
        or len(path) + len(query) + len(host) > MOST_OF_ADDRESS
        or environ.get("CONTENT_LENGTH") not in (None, "", "0")
        or not PERSONAL.isdisjoint(environ)
        or session_cookie in environ.get("HTTP_COOKIE", "")
    ):
        return None
    return Asked(
        method=method,
        path=path,
        query=in_order(query) if query else "",
        host=host.lower(),
        transport=environ.get(transport_header, "") if transport_header else "",
        scheme=environ["wsgi.url_scheme"],
        accepted=environ.get("HTTP_ACCEPT_ENCODING", ""),
        held=environ.get("HTTP_IF_NONE_MATCH", ""),
    )


def in_order(query: str) -> str:
    """The same query, its fields by name: it asks the same in whatever order they were sent.

    Values of one field stay in their order, and nothing is decoded, so nothing can be misread.
    """
    parts = [part for part in query.split("&") if part]
    return "&".join(sorted(parts, key=lambda part: part.partition("=")[0]))


@lru_cache(maxsize=256)
def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header allows gzip, by name or by a star."""
    found = {}
    for part in accepted.lower().split(","):
        coding, _semicolon, weight = part.partition(";")
        found[coding.strip()] = weight.replace(" ", "")
    weight = found.get("gzip", found.get("x-gzip", found.get("*", "q=0")))
    return weight.removeprefix("q=").strip("0.") != "" if weight else True
