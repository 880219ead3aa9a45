"""Uploaded files in a bucket of an S3-compatible storage, for nodes that share no folder.

Whatever goes wrong is an `OSError`, as with files in a folder: docs/decisions/0036-bucket.md.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError
from django.core.files.base import File
from s3transfer.exceptions import RetriesExceededError
from storages.backends.s3 import S3Storage

logger = logging.getLogger(__name__)

# Seconds to be connected, and between two pieces of an answer.
PATIENCE = (2, 4)
# So long nobody waits for it again after it did not answer: every thread that waits sends no page.
LEFT_ALONE = 5
# A connection that was kept too long is noticed when it is used.
TIMES = 2
AT_ONCE = 16
# Larger files wait on the disk until they are sent.
MOST_IN_MEMORY = 2_500_000
# More than any file has: parts of an upload that was broken off would stay, and be seen nowhere.
MOST_IN_ONE_PART = 1_000_000_000
# Of an object; what else answers 404 is a bucket that is not there.
LOST = {"404", "NoSuchKey"}


class Bucket(S3Storage):  # type: ignore[misc]
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
        self._clock, self._is_gone, self._left_alone_until = clock, False, float("-inf")
        endpoint, name, style = parts(address)
        super().__init__(
            endpoint_url=endpoint,
            bucket_name=name,
            region_name=region,
            access_key=key,
            secret_key=secret,
            file_overwrite=False,
            # Readers are never sent there.
            querystring_auth=False,
            max_memory_size=MOST_IN_MEMORY,
            client_config=Config(
                connect_timeout=patience[0],
                read_timeout=patience[1],
                retries={"mode": "standard", "total_max_attempts": TIMES},
                max_pool_connections=AT_ONCE,
                s3={"addressing_style": style},
                # Several storages refuse the checksums that botocore sends otherwise.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
            transfer_config=TransferConfig(
                use_threads=False,
                multipart_threshold=MOST_IN_ONE_PART,
                num_download_attempts=TIMES,
            ),
        )

    @cached_property
    def connection(self) -> Any:
        """One for all threads, which its client allows: each would take 13 MB."""
        return super().connection

    # --- What Django asks of a storage -----------------------------------------------------------

    def exists(self, name: str) -> bool:
        with self._asked():
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        with self._asked():
            return int(super().size(name))

    def get_modified_time(self, name: str) -> datetime:
        with self._asked():
            found: datetime = super().get_modified_time(name)
        return found

    def delete(self, name: str) -> None:
        with self._asked():
            super().delete(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with self._asked():
            folders, files = super().listdir(name)
        return folders, files

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        """All of it, so that a storage that fails half-way does so before anything is sent."""
        with self._asked():
            found: File[bytes] = super()._open(name, mode)
            return found.open()

    def _save(self, name: str, content: "File[bytes]") -> str:
        with self._asked():
            return str(super()._save(name, content))

    # --- How it fails ----------------------------------------------------------------------------

    @contextmanager
    def _asked(self) -> Iterator[None]:
        if self._clock() < self._left_alone_until:
            raise OSError("The storage of uploaded files did not answer a moment ago.")
        try:
            yield
        except ClientError as error:
            is_lost = error.response["Error"]["Code"] in LOST
            raise (FileNotFoundError if is_lost else OSError)(str(error)) from error
        except (ConnectionError, HTTPClientError, RetriesExceededError) as error:
            self._left_alone_until = self._clock() + LEFT_ALONE
            if not self._is_gone:
                logger.error("The storage of uploaded files is gone.")
            self._is_gone = True
            raise OSError(str(error)) from error
        except BotoCoreError as error:
            raise OSError(str(error)) from error
        if self._is_gone:
            logger.warning("The storage of uploaded files is back.")
        self._is_gone = False


def parts(address: str) -> tuple[str, str, str]:
    """Endpoint, name of the bucket, and where in the address boto3 shall put it."""
    asked = urlsplit(address)
    endpoint, _slash, name = address.rstrip("/").rpartition("/")
    if asked.path.strip("/"):
        return endpoint, name, "path"
    name, _dot, host = asked.netloc.partition(".")
    return f"{asked.scheme}://{host}", name, "virtual"
