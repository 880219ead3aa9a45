"""Uploaded files in a bucket of an S3-compatible storage, for nodes that share no folder.

Whatever goes wrong is an `OSError`, as with files in a folder: docs/decisions/0036-bucket.md.
"""

import hashlib
import logging
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, unquote_plus
from xml.etree import ElementTree

from django.core.files.base import File
from django.core.files.storage import Storage
from requests import ConnectionError, Response, Session, Timeout
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from tracker.signature import OF_BODY, Signature

logger = logging.getLogger(__name__)

# Seconds to be connected, and between two pieces of an answer.
PATIENCE = (2, 5)
# So long nobody waits for it again after it did not answer: every thread that waits sends no page.
LEFT_ALONE = 5
# A connection that was kept too long is noticed when it is used.
AGAIN = Retry(total=1, connect=0, allowed_methods=None)
PIECE = 65_536
# Larger files wait on the disk until they are sent.
MOST_IN_MEMORY = 2_500_000
AT_ONCE = 16


class Bucket(Storage):
    """`address` is that of the bucket: https://HOST/BUCKET or https://BUCKET.HOST."""

    def __init__(
        self,
        address: str,
        region: str,
        key: str,
        secret: str,
        clock: Callable[[], float] = time.monotonic,
        patience: tuple[float, float] = PATIENCE,
    ) -> None:
        self._address, self._clock, self._patience = address.rstrip("/"), clock, patience
        self._is_gone, self._left_alone_until = False, float("-inf")
        self._session = Session()
        self._session.auth = Signature(key, secret, region)
        # As it was stored, byte for byte.
        self._session.headers["Accept-Encoding"] = "identity"
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(pool_maxsize=AT_ONCE, max_retries=AGAIN))

    # --- What Django asks of a storage -----------------------------------------------------------

    def exists(self, name: str) -> bool:
        return self._head(name) is not None

    def size(self, name: str) -> int:
        return int(self._told(name)["Content-Length"])

    def get_modified_time(self, name: str) -> datetime:
        return parsedate_to_datetime(self._told(name)["Last-Modified"])

    def delete(self, name: str) -> None:
        self._ask("DELETE", quote(name)).close()

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Names of folders and of files; nothing in a folder that is not there."""
        prefix = f"{path.strip('/')}/" if path else ""
        folders, files = [], []
        for page in self._pages(prefix):
            folders += [told(each, "Prefix") for each in named(page, "CommonPrefixes")]
            files += [told(each, "Key") for each in named(page, "Contents")]
        return (
            [name.removeprefix(prefix).rstrip("/") for name in folders],
            [name.removeprefix(prefix) for name in files if name != prefix],
        )

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        """All of it, so that a storage that fails half-way does so before anything is sent."""
        kept = tempfile.SpooledTemporaryFile(MOST_IN_MEMORY)  # noqa: SIM115 - who asked closes it
        try:
            with self._ask("GET", quote(name), stream=True) as answer:
                if answer.status_code == 404:
                    raise FileNotFoundError(name)
                for piece in answer.iter_content(PIECE):
                    kept.write(piece)
        except BaseException:
            kept.close()
            raise
        kept.seek(0)
        return File(kept, name)

    def _save(self, name: str, content: "File[bytes]") -> str:
        digest, length = hashlib.sha256(), 0
        for piece in content.chunks():
            digest.update(piece)
            length += len(piece)
        content.seek(0)
        # Counted, because a file out of an archive tells the size of the archive.
        body = File(content, name)
        body.size = length
        answer = self._ask(
            "PUT",
            quote(name),
            # An empty one has no length that could be sent with it otherwise.
            data=body if length else b"",
            headers={OF_BODY: digest.hexdigest()},
        )
        if answer.status_code == 404:
            raise self._no_bucket()
        return name

    # --- How it is asked -------------------------------------------------------------------------

    def _head(self, name: str) -> Response | None:
        answer = self._ask("HEAD", quote(name))
        return None if answer.status_code == 404 else answer

    def _told(self, name: str) -> Any:
        answer = self._head(name)
        if answer is None:
            raise FileNotFoundError(name)
        return answer.headers

    def _pages(self, prefix: str) -> Iterator[ElementTree.Element]:
        more: str | None = ""
        while more is not None:
            asked = {
                "continuation-token": more,
                "delimiter": "/",
                "encoding-type": "url",
                "list-type": "2",
                "prefix": prefix,
            }
            # In order of their names: so they are signed.
            query = "&".join(f"{k}={quote(value, safe='')}" for k, value in asked.items() if value)
            answer = self._ask("GET", f"?{query}")
            if answer.status_code == 404:
                raise self._no_bucket()
            page = ElementTree.fromstring(answer.content)
            yield page
            more = next((each.text for each in named(page, "NextContinuationToken")), None)

    def _ask(self, method: str, path: str, **options: Any) -> Response:
        """Its answer: one that is well, or 404. All else is an `OSError`."""
        if self._clock() < self._left_alone_until:
            raise OSError("The storage of uploaded files did not answer a moment ago.")
        try:
            answer = self._session.request(
                method,
                f"{self._address}/{path}",
                timeout=self._patience,
                allow_redirects=False,
                **options,
            )
        except (ConnectionError, Timeout):
            self._left_alone_until = self._clock() + LEFT_ALONE
            self._tell(is_gone=True)
            raise
        self._tell(is_gone=False)
        if answer.status_code != 404 and not 200 <= answer.status_code < 300:
            answer.close()
            raise OSError(f"The storage of uploaded files answered {answer.status_code}.")
        return answer

    def _no_bucket(self) -> OSError:
        return OSError(f"There is no bucket {self._address}.")

    def _tell(self, *, is_gone: bool) -> None:
        before, self._is_gone = self._is_gone, is_gone
        if is_gone and not before:
            logger.error("The storage of uploaded files is gone.")
        elif before and not is_gone:
            logger.warning("The storage of uploaded files is back.")


def named(parent: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    """The elements of that name; some storages name a namespace, others do not."""
    return parent.findall(f"{{*}}{name}")


def told(parent: ElementTree.Element, name: str) -> str:
    return unquote_plus(named(parent, name)[0].text or "")
