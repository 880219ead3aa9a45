"""The list of commitments as a file: the same filter, the same day, the same order."""

import tempfile

from django.http import FileResponse, Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, pgettext
from django.views.decorators.http import require_safe

from commitments.exporters.to_csv import to_csv
from commitments.exporters.to_json import to_json
from commitments.exporters.to_xlsx import to_xlsx
from commitments.filters import asked
from commitments.models import Commitment
from commitments.report import file_name, report_of
from commitments.views.errors import bad_request

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
def commitments_file(request, ext):
    """What `commitments` lists for the same query string, in one of `CONTENT_TYPES`."""
    if ext not in CONTENT_TYPES:
        raise Http404
    found, day = asked(request)
    if not found.is_valid():
        return unreadable(request, found.problems, ext)
    plans = [found.chosen_plan] if found.chosen_plan else []
    if request.method == "HEAD":
        response = HttpResponse()
    else:
        rows = found.qs if plans else Commitment.objects.shown_on(day).none()
        report = report_of(
            rows, on=day, language=get_language(), plans=plans, asked=in_words(found)
        )
        response = RESPONSES[ext](report)
    response["Content-Type"] = CONTENT_TYPES[ext]
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=file_name(plans, on=day, ext=ext)
    )
    return response


def in_words(found):
    """What narrows the list, as "label: value" in the active language."""
    colon = pgettext("colon", ": ")
    return [f"{chip.label}{colon}{chip.text}" for chip in found.chips()]


def unreadable(request, problems, ext):
    """A 400 that says what could not be read: to a machine as data, to a person as a page."""
    if ext == "json":
        named = [{"field": field.name, "message": str(message)} for field, message in problems]
        return JsonResponse({"errors": named}, status=400, json_dumps_params=UNESCAPED)
    message = " ".join(f"{field.label}: {message}" for field, message in problems)
    return bad_request(request, message=message)


UNESCAPED = {"ensure_ascii": False}


def csv_response(report):
    return StreamingHttpResponse(to_csv(report))


def json_response(report):
    return StreamingHttpResponse(to_json(report))


def xlsx_response(report):
    # A workbook is a zip and is finished only at its end, so it cannot be sent while it grows.
    held = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    to_xlsx(report, held)
    held.seek(0)
    return FileResponse(held)


RESPONSES = {"csv": csv_response, "json": json_response, "xlsx": xlsx_response}
