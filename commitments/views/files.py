"""The list of commitments as a file: the same filter, the same day, the same order."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commitments import long_files
from commitments.filters import asked, with_query
from commitments.report.asking import PartsForm, name_asked, report_asked, too_long
from commitments.report.kinds import KINDS, TooLong
from commitments.views.errors import bad_request, error_page, in_a_line
from commitments.views.slots import COME_BACK_AFTER, Busy, Held, Slot


@require_safe
def commitments_file(request, ext):
    """What `commitments` lists for the same query string, as one of `KINDS`."""
    kind = KINDS.get(ext)
    if kind is None:
        raise Http404
    found, _day = asked(request)
    form = PartsForm(request.GET)
    problems = found.problems + form.problems
    if problems:
        return unreadable(request, problems, ext)
    name = name_asked(found, kind)
    if request.method == "HEAD":
        return as_file(HttpResponse(), kind, name)
    try:
        report = report_asked(found, form.parts)
        kind.refuse_too_long(report)
        if kind.is_long(report):
            return made_aside(found, kind)
        return as_file(made(found, report, kind), kind, name)
    except TooLong as error:
        return bad_request(request, message=too_long(error, form.parts))
    except Busy:
        return busy(request)


def as_file(response, kind, name):
    response["Content-Type"] = kind.content_type
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


def made_aside(found, kind):
    """A long file if it is ready, or the place to ask for it."""
    file = long_files.asked_before(found, kind, get_language())
    if file and file.finished_at:
        return as_file(FileResponse(file.file.open("rb")), kind, file.name)
    return redirect(with_query(reverse("long_files"), found.query_with(ext=kind.ext)))


def made(found, report, kind):
    """A response with bytes, with a file, or with bytes that are still being made."""
    slot = Slot(kind, report)
    is_lent = False
    try:
        if slot.is_held and kind.is_sent_while_made and settings.MANAGE:
            written = long_files.Piped(found, kind, report.language)
        else:
            written = kind.write(report)
        if isinstance(written, bytes):
            return HttpResponse(written)
        if hasattr(written, "read"):
            return FileResponse(written)
        is_lent = True
        return StreamingHttpResponse(Held(written, slot))
    finally:
        if not is_lent:
            slot.release()


def busy(request):
    response = error_page(request, 503, message=_("Other long files are just being made."))
    response["Retry-After"] = str(COME_BACK_AFTER)
    return response


def unreadable(request, problems, ext):
    """A 400 that says what could not be read: to a machine as data, to a person as a page."""
    if ext == "json":
        named = [{"field": field.name, "message": str(message)} for field, message in problems]
        return JsonResponse({"errors": named}, status=400, json_dumps_params=UNESCAPED)
    return bad_request(request, message=in_a_line(problems))


UNESCAPED = {"ensure_ascii": False}
