"""A file that is kept, on its way out: as a download that no browser opens as a page."""

from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header

# Stricter than the site's: nothing in it runs, loads or leads anywhere, wherever it is opened.
INERT = "default-src 'none'; sandbox"


def file_answer(evidence):
    """An uploaded file with headers that make it inert, or None when the storage has lost it.

    Raises `OSError` when the storage cannot say.
    """
    try:
        file = evidence.file.open("rb")
    except FileNotFoundError:
        return None
    answer = FileResponse(
        file, as_attachment=True, filename=evidence.name, content_type=evidence.content_type
    )
    answer["Content-Security-Policy"] = INERT
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def kept_answer(file):
    """A file of a report, as it has been kept in the database."""
    answer = HttpResponse(bytes(file.content), content_type=file.content_type)
    answer["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=file.name
    )
    return answer
