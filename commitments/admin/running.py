"""A page that says how far long work is while it is done, and then what came of it.

It is sent piece by piece, so it needs no script, no second request and no place where progress is
kept. Work that saves does so in one transaction: if the reader leaves, it is done whole or not at
all.
"""

import logging
from dataclasses import dataclass

from django.contrib import admin
from django.db import DatabaseError
from django.http import StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

# Stands in the template where the pieces come.
MARK = "<!-- steps -->"
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Step:
    """What is being done now; of `total` records `done` are, where that can be said."""

    words: str
    done: int | None = None
    total: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of it, and where to go on."""

    words: str
    address: str
    link: str
    is_done: bool = True


def running_page(request, steps, *, back, **context):
    """The page of some steps, of which an `Outcome` is the last. They are taken as it is read.

    `back` is where to try again, if the database gives up.
    """
    page = render_to_string(
        "admin/commitments/running.html",
        {**admin.site.each_context(request), **context},
        request,
    )
    before, after = page.split(MARK)
    response = StreamingHttpResponse(pieces(steps, before, after, back))
    # Neither compressed nor held back on its way, or it would come all at once.
    response["Content-Encoding"] = "identity"
    response["X-Accel-Buffering"] = "no"
    response["Cache-Control"] = "no-store"
    return response


def pieces(steps, before, after, back):
    yield before
    try:
        for step in steps:
            yield piece(step)
    except DatabaseError:
        logger.exception("long work was given up: %s", back)
        words = _("The database did not answer, and nothing was saved. Try again in a minute.")
        yield piece(Outcome(words, back, _("Go back and try again"), is_done=False))
    yield after


def piece(step):
    template = "_running_step.html" if isinstance(step, Step) else "_running_outcome.html"
    return render_to_string(f"admin/commitments/{template}", {"step": step})
