"""Errors in the site's look. None of these asks the database, which may be what failed."""

from django.http import HttpResponse
from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import pgettext

from commitments.places import Place


def error_page(request, status, **context):
    """`<status>.html` in the language of the address, without any context processor.

    The language is set here because an error may come before the middleware that reads it.
    """
    with translation.override(Place.of(request.path_info).language):
        text = get_template(f"{status}.html").render(context | {"request": request})
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
    return error_page(request, 500)
