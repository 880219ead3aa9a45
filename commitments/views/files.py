"""The list of commitments as a file: the same filter, the same day, the same order."""

from django.http import FileResponse, Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commitments.filters import asked
from commitments.report import file_name
from commitments.report.asking import PartsForm, report_asked, too_long
from commitments.report.kinds import KINDS, TooLong
from commitments.views.errors import bad_request, error_page, in_a_line
from commitments.views.slots import COME_BACK_AFTER, Busy, Held, Slot


@require_safe
def commitments_file(request, ext):
    """What `commitments` lists for the same query string, as one of `KINDS`."""
    kind = KINDS.get(ext)
    if kind is None:
        raise Http404
    found, day = asked(request)
    form = PartsForm(request.GET)
    problems = found.problems + form.problems
    if problems:
        return unreadable(request, problems, ext)
    plans = [found.chosen_plan] if found.chosen_plan else []
    try:
        response = HttpResponse() if request.method == "HEAD" else made(found, form.parts, kind)
    except TooLong as error:
        return bad_request(request, message=too_long(error, form.parts))
    except Busy:
        return busy(request)
    response["Content-Type"] = kind.content_type
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=file_name(plans, on=day, kind=kind)
    )
    return response


def made(found, parts, kind):
    """A response with bytes, with a file, or with bytes that are still being made."""
    report = report_asked(found, parts)
    kind.refuse_too_long(report)
    slot = Slot(kind, report)
    is_lent = False
    try:
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
