"""The page where a person puts a report together, sees how it begins, and takes it."""

from collections import Counter
from dataclasses import dataclass
from itertools import islice, takewhile

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from commitments.domain.status import Group
from commitments.exporters.details import (
    Reader,
    details_of,
    figure_headings,
    paired,
    read_columns,
)
from commitments.exporters.report import Part
from commitments.filters import asked, with_query
from commitments.overview import Tally
from commitments.report.asking import PartsForm, report_asked
from commitments.report.kinds import KINDS

# Of a long report the page shows how it begins.
ROWS_SHOWN, DETAILS_SHOWN = 10, 2
# What the form asks itself; all else that is in the address is kept as it is.
ASKED_HERE = ("group", "status", "agency", "theme", "due_year", "as_of", "part", "page")


@require_safe
def report(request):
    """Asks what the list asks, and what to include; `?part=`, any number of times."""
    found, day = asked(request)
    form = PartsForm(request.GET)
    problems = found.problems + form.problems
    if found.chosen_plan is None and not problems:
        return render(request, "commitments/home_empty.html")
    context = {
        "filter": found,
        "plan": found.chosen_plan,
        "is_past": found.is_past,
        "day": day,
        "scope": found.scope,
        "parts_form": form,
        "kept": kept(request.GET),
        "today_address": with_query(reverse("report"), found.query_without("as_of")),
        "plan_views": [
            (plan, with_query(reverse("report"), found.query_for(plan))) for plan in found.plans
        ],
    }
    if problems:
        context |= {"problems": problems, "is_open": True}
        return render(request, "commitments/report.html", context, status=400)
    made = report_asked(found, form.parts)
    context |= preview_of(made) | {
        "report": made,
        "files": files_in_every_language(found, made),
        "is_made_aside": any(kind.is_long(made) for kind in KINDS.values()),
        "limit": next(kind.most(made.parts) for kind in KINDS.values() if kind.is_document),
    }
    return render(request, "commitments/report.html", context)


def kept(query):
    """Pairs (name, value) of the address that the form does not ask for itself."""
    return [
        (name, value)
        for name, values in query.lists()
        if name not in ASKED_HERE
        for value in values
        if value
    ]


@dataclass(frozen=True)
class File:
    """A way to take the report; without an `address` it is too long for that kind."""

    name: str
    address: str


def files_in_every_language(found, made):
    """For each language its name, code and files."""
    return [(name, code, files(found, made, code)) for code, name in settings.LANGUAGES]


def files(found, made, language):
    with translation.override(language):
        return [
            File(
                kind.name,
                with_query(reverse("commitments_file", args=[kind.ext]), found.query)
                if fits(kind, made)
                else "",
            )
            for kind in KINDS.values()
        ]


def fits(kind, made):
    most = kind.most(made.parts)
    return most is None or made.total <= most


def preview_of(made):
    """How the report begins, as the templates show it."""
    shows = {part.value: made.has(part) for part in Part}
    rows = list(islice(made.rows, ROWS_SHOWN)) if made.has(Part.TABLE) else []
    reader = Reader(made.columns)
    keys = [column.key for column in read_columns(made)]
    tally = Tally(Counter(dict(zip(Group, made.group_counts, strict=True))))
    return {
        "shows": shows,
        "tally": tally,
        "bar": tally.parts(),
        "heads": {key: reader.heading(key) for key in keys},
        "rows": [{key: reader.text(row, key) for key in (*keys, "status_code")} for row in rows],
        "rows_shown": ROWS_SHOWN,
        "details": details_shown(made) if made.has(Part.DETAILS) else [],
        "details_shown": DETAILS_SHOWN,
        "figure_heads": figure_headings(made),
    }


def details_shown(made):
    """The first commitments one by one; only their own rows and figures are read."""
    reader, figure_reader = Reader(made.columns), Reader(made.figure_columns)
    codes = []
    rows = []
    for row in made.rows:
        code = reader.text(row, "code")
        if code not in codes:
            if len(codes) == DETAILS_SHOWN:
                break
            codes.append(code)
        rows.append(row)
    figures = takewhile(lambda row: figure_reader.text(row, "code") in codes, made.figures)
    return [
        (detail, paired(detail.facts), [paired(facts) for facts in detail.tests])
        for detail in details_of(made, rows, figures)
    ]
