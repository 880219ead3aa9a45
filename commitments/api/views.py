"""The addresses of the API: parsing, headers, and what goes wrong."""

import hashlib
import json
from functools import wraps

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from commitments.api import answers, examples, limits, schema
from commitments.api.problems import Problem, answer, not_there
from commitments.senders import sender_of

READING = ("GET", "HEAD", "OPTIONS")
ACCEPTED = ("application/json", "application/problem+json")
EXPOSED = "ETag, Retry-After"
MAX_AGE_OF_LEAVE = 86_400


def public(view):
    """An address that only reads, for any site's pages, with its problems told as JSON."""

    @csrf_exempt
    @wraps(view)
    def inner(request, *args, **kwargs):
        try:
            response = asked(view, request, *args, **kwargs)
        except Problem as problem:
            response = answer(problem)
        except (OperationalError, InterfaceError):
            response = answer(Problem(503, _("Try again in a moment."), retry_after="30"))
            response.is_database_gone = True
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = EXPOSED
        return response

    return inner


def asked(view, request, *args, **kwargs):
    if request.method == "OPTIONS":
        return leave()
    if request.method not in READING:
        raise Problem(405, _("Use GET or HEAD."), allow=", ".join(READING))
    if not takes_json(request):
        raise Problem(406, _("Ask for application/json, or for anything."))
    wait = limits.ALLOWANCE.take(sender_of(request, timezone.localdate(), "api"))
    if wait:
        raise Problem(
            429,
            _("At most %(count)d questions a minute are answered.")
            % {"count": limits.ALLOWANCE.most},
            retry_after=str(wait),
        )
    return sent(request, view(request, *args, **kwargs))


def takes_json(request):
    asked_for = request.headers.get("Accept", "")
    if not asked_for.strip():
        return True
    return any(request.accepts(each) for each in ACCEPTED)


def leave():
    """What a browser asks before another site's page may read from here."""
    response = HttpResponse(status=204)
    response["Allow"] = response["Access-Control-Allow-Methods"] = ", ".join(READING)
    response["Access-Control-Allow-Headers"] = "If-None-Match, Accept"
    response["Access-Control-Max-Age"] = str(MAX_AGE_OF_LEAVE)
    return response


def sent(request, found):
    body = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
    response = HttpResponse(body, content_type="application/json")
    response["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    # Asked again each time, and answered in a few bytes while nothing has changed.
    response["Cache-Control"] = "public, no-cache"
    conditional = get_conditional_response(request, etag=response["ETag"], response=response)
    if isinstance(conditional, HttpResponseNotModified):
        conditional["Cache-Control"] = "public, no-cache"
    return conditional


@public
def api_list(request, table):
    if table not in answers.NAMES:
        raise not_there()
    return answers.listed(table, request.GET)


@public
def api_one(request, table, key):
    return answers.one(table, key, request.GET)


@public
def api_schema(request):
    return schema.document(request)


@public
def api_nothing(request, rest=""):
    raise not_there()


@require_safe
def api_page(request):
    """The documentation, for people, made from the schema that programs read."""
    document = schema.document(request)
    context = {
        "lists": schema.described(document),
        "examples": [(words, examples.address(request, path)) for words, path in examples.all()],
        "per_minute": limits.PER_MINUTE,
    }
    return render(request, "commitments/api.html", context)
