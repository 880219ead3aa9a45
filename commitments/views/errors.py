"""Errors in the site's look. None of these asks the database, which may be what failed."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import pgettext

from commitments.places import Place


def error_page(request, status, *, name="", **context):
    """`<name or status>.html` in the language of the address, without any context processor.

    The language is set here because an error may come before the middleware that reads it.
    """
    with translation.override(Place.of(request.path_info).language):
        text = get_template(f"{name or status}.html").render(context | {"request": request})
    return HttpResponse(text, status=status)


def in_a_line(problems):
    """Pairs (field, message) of all that could not be read, as words for `bad_request`."""
    colon = pgettext("colon", ": ")
    return " ".join(f"{field.label}{colon}{message}" for field, message in problems)


def bad_request(request, exception=None, *, message=""):
    return error_page(request, 400, message=message)


def forbidden(request, exception=None):
    return error_page(request, 403)


def not_found(request, exception=None, *, message="", ways=()):
    """`ways` are pairs (address, words) that lead on from here."""
    return error_page(request, 404, message=message, ways=ways)


def server_error(request):
    """Called while the exception is being handled, wherever it came from: a view or what is around.

    The number is that of the line in the log: whoever reports the error can name it.
    """
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return database_gone(request)
    if isinstance(sys.exc_info()[1], OSError):
        # Where files are kept: a storage that does not answer, a disk that has no room.
        return come_back(request, "503_files")
    return error_page(request, 500, number=getattr(request, "number", ""))


# Seconds after which a database has usually been restarted, or another taken its place.
COME_BACK_AFTER = 30
SECRET = "password"


def database_gone(request):
    answer = come_back(request, "503_database")
    # A page may be read from another database: tracker/standbys.py.
    answer.is_database_gone = True
    return answer


def come_back(request, name):
    """What somebody sent goes back to them, to be sent once more: a browser would not keep it."""
    sent = []
    if request.method == "POST" and not any(SECRET in name for name in request.POST):
        sent = [(name, value) for name, values in request.POST.lists() for value in values]
    answer = error_page(request, 503, name=name, sent=sent, has_files=bool(request.FILES))
    answer["Retry-After"] = COME_BACK_AFTER
    if sent:
        answer["Cache-Control"] = "private, no-store"
    return answer
