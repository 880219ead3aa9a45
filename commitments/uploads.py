"""How large a file may be sent at all. Each form has narrower limits of its own."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest


def was_cut(request: HttpRequest) -> bool:
    """Whether files of a request were dropped, for being too large together."""
    return getattr(request, "files_were_cut", False)


class LimitedUploadHandler(FileUploadHandler):
    """Stands before the others, and keeps no byte of a file in a request that is too large.

    Forms ask `was_cut`, so that nobody believes a file to be saved that was never read.
    """

    is_too_large = False

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        self.is_too_large = content_length > settings.UPLOAD_MAX_BYTES

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.is_too_large:
            self.request.files_were_cut = True
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
