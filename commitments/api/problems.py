"""What goes wrong, as RFC 9457 has it: problem details in the language of the address."""

import json

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

TITLES = {
    400: gettext_lazy("The question cannot be read"),
    404: gettext_lazy("There is no such thing"),
    405: gettext_lazy("This can only be read"),
    406: gettext_lazy("Answers are JSON"),
    429: gettext_lazy("Too many questions"),
    503: gettext_lazy("The register does not answer at the moment"),
}
CONTENT_TYPE = "application/problem+json"


class Problem(Exception):
    """`errors` are (parameter, message) of all that cannot be read."""

    def __init__(self, status, detail="", errors=(), **headers):
        super().__init__(status, detail)
        self.status, self.detail, self.errors, self.headers = status, detail, errors, headers


def wrong(*errors):
    return Problem(400, _("Every parameter that cannot be read is named below."), errors)


def not_there(detail=""):
    return Problem(404, detail or _("Nothing public is at this address."))


def answer(problem):
    told = {
        "type": "about:blank",
        "title": str(TITLES[problem.status]),
        "status": problem.status,
        "detail": str(problem.detail),
    }
    if problem.errors:
        told["errors"] = [
            {"parameter": name, "message": str(message)} for name, message in problem.errors
        ]
    response = HttpResponse(
        json.dumps(told, ensure_ascii=False), status=problem.status, content_type=CONTENT_TYPE
    )
    for name, value in problem.headers.items():
        response[name.replace("_", "-")] = value
    return response
