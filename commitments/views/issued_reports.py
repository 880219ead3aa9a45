"""Issued reports: their list, the page of each, its files, and what changed between two."""

from dataclasses import astuple

from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from commitments import issuing
from commitments.exporters.to_csv import csv_lines
from commitments.models import IssuedFile, IssuedReport
from commitments.overview import Tally
from commitments.sending import kept_answer

LANGUAGE_NAMES = {"zh-hans": "简体中文", "en": "English"}


def issued():
    return IssuedReport.objects.issued().select_related("plan", "supersedes")


@require_safe
def issued_reports(request):
    """All of them, the newest first; what was superseded stays, and says so."""
    found = [*issued()]
    successors = {each.supersedes_id: each for each in found if each.supersedes_id}
    rows = [(each, successors.get(each.pk)) for each in found]
    return render(request, "commitments/issued_reports.html", {"rows": rows})


@require_safe
def issued_report(request, number):
    report = get_object_or_404(issued(), number=number)
    others = issued().filter(plan=report.plan).exclude(pk=report.pk)
    context = {
        "report": report,
        "successor": report.successor,
        "told": report.told[get_language()],
        "tally": tally_of(report),
        "files": [
            (LANGUAGE_NAMES[language], language, [*files])
            for language, files in by_language(report)
        ],
        "earlier": others.filter(day__lt=report.day).order_by("-day", "-issued_at"),
    }
    return render(request, "commitments/issued_report.html", context)


def tally_of(report):
    tally = Tally()
    for status, count in report.counts.items():
        tally.add(status, count)
    return tally


def by_language(report):
    """The files, those of the page's language first."""
    files = [*report.files.defer("content").order_by("ext")]
    languages = sorted({each.language for each in files}, key=lambda code: code != get_language())
    return [(code, [each for each in files if each.language == code]) for code in languages]


# --- A file, as it was issued ---------------------------------------------------------------------


def public_file(number, language, ext):
    return IssuedFile.objects.filter(
        report__in=IssuedReport.objects.issued().order_by(),
        report__number=number,
        language=language,
        ext=ext,
    )


def checksum(request, **which):
    found = public_file(**which).values_list("sha256", flat=True).first()
    return f'"{found}"' if found else None


@require_safe
@condition(etag_func=checksum)
def issued_file(request, number, language, ext):
    answer = kept_answer(get_object_or_404(public_file(number, language, ext)))
    # The same for ever: a cache on the way may keep it as long as it likes.
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


# --- What changed between two ---------------------------------------------------------------------


def two(number, since):
    """The two reports in the order of their days, and the differences between them."""
    new, old = (get_object_or_404(issued(), number=each) for each in (number, since))
    if new.plan_id != old.plan_id:
        raise Http404
    language = get_language()
    return (
        new,
        old,
        issuing.differences(issuing.frozen(old, language), issuing.frozen(new, language)),
    )


@require_safe
def report_difference(request, number, since):
    new, old, changes = two(number, since)
    context = {"report": new, "earlier": old, "changes": changes}
    return render(request, "commitments/report_difference.html", context)


@require_safe
def report_difference_file(request, number, since):
    new, old, changes = two(number, since)
    headings = [
        pgettext("column", "Code"),
        pgettext("column", "Commitment"),
        pgettext("difference", "What changed"),
        pgettext("difference", "Before"),
        pgettext("difference", "After"),
    ]
    lines = [*csv_lines(headings, map(astuple, changes))]
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = _("changes_%(since)s_to_%(number)s.csv") % {"since": old.number, "number": new.number}
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer
