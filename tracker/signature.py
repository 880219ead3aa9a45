"""Amazon's signature, version 4, which every S3-compatible storage asks for.

Written out in Amazon's "Authenticating Requests (AWS Signature Version 4)"; it is an HMAC of what
is asked for. A mistake in it could only lead to requests that are refused.
"""

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable
from urllib.parse import urlsplit

from requests import PreparedRequest
from requests.auth import AuthBase

ALGORITHM, SERVICE, END = "AWS4-HMAC-SHA256", "s3", "aws4_request"
OF_NOTHING = hashlib.sha256(b"").hexdigest()
OF_BODY = "x-amz-content-sha256"


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Signature(AuthBase):
    """Signs host, address, moment and content. The query must be sorted and fully quoted, and the
    SHA-256 of a body be given as the header `OF_BODY`."""

    def __init__(
        self, key: str, secret: str, region: str, clock: Callable[[], dt.datetime] = now
    ) -> None:
        self._key, self._secret, self._region, self._clock = key, secret, region, clock

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        at = self._clock()
        address = urlsplit(str(request.url))
        body = str(request.headers.get(OF_BODY, OF_NOTHING))
        told = {"host": address.netloc, OF_BODY: body, "x-amz-date": f"{at:%Y%m%dT%H%M%SZ}"}
        signed = ";".join(told)
        lines = [f"{name}:{value}" for name, value in told.items()]
        asked = [str(request.method), address.path, address.query, *lines, "", signed, body]
        digest = hashlib.sha256("\n".join(asked).encode()).hexdigest()
        scope = f"{at:%Y%m%d}/{self._region}/{SERVICE}/{END}"
        words = "\n".join([ALGORITHM, told["x-amz-date"], scope, digest])
        key = f"AWS4{self._secret}".encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        request.headers.update(told)
        request.headers["Authorization"] = (
            f"{ALGORITHM} Credential={self._key}/{scope},SignedHeaders={signed},"
            f"Signature={hmac.digest(key, words.encode(), 'sha256').hex()}"
        )
        return request
