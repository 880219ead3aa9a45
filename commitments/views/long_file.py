"""How far a file is that takes long, and the file once it is ready."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from commitments.filters import asked, with_query
from commitments.long_files import KEPT, TooManyAsked, ask, asked_before, start_maker
from commitments.models import LongFile
from commitments.report.asking import PartsForm, name_asked, report_asked
from commitments.report.kinds import KINDS
from commitments.senders import sender_of
from commitments.views.errors import bad_request, in_a_line
from commitments.views.files import busy

# Seconds after which the page looks again by itself, unless `?still` asks it not to.
LOOKS_AGAIN_AFTER = 3


@never_cache
@require_safe
def ask_long_file(request):
    """`?ext=` and the fields of the list: leads to the page of the file, or to a short file."""
    found, _day = asked(request)
    form = PartsForm(request.GET)
    kind = KINDS.get(request.GET.get("ext", ""))
    if kind is None:
        raise Http404
    problems = found.problems + form.problems
    if problems:
        return bad_request(request, message=in_a_line(problems))
    report = report_asked(found, form.parts)
    if not kind.is_long(report):
        return redirect(
            with_query(reverse("commitments_file", args=[kind.ext]), found.query_without("ext"))
        )
    now = timezone.now()
    file = asked_before(found, kind, report.language)
    if file is None:
        name = name_asked(found, kind)
        sender = sender_of(request, timezone.localdate(now), "long-file")
        try:
            file = ask(found, kind, report, name=name, sender=sender, at=now)
        except TooManyAsked:
            return busy(request)
    return redirect("long_file", file.key)


@never_cache
@require_safe
def long_file(request, key):
    file = kept(key)
    now = timezone.now()
    is_open = not file.finished_at and not file.is_given_up(now)
    if is_open:
        start_maker(now)
        file.refresh_from_db()
    looks_again = is_open and "still" not in request.GET
    context = {
        "file": file,
        "kind": KINDS[file.ext],
        "is_open": is_open,
        "is_being_made": file.is_being_made(now),
        "before": LongFile.objects.waiting(now).filter(asked_at__lt=file.asked_at).count(),
        # The last of it, packing the whole, is not counted.
        "percent": min(file.done * 100 // max(file.total, 1), 99),
        "looks_again": looks_again,
        "seconds": LOOKS_AGAIN_AFTER,
        "kept_until": file.asked_at + KEPT,
        "list_address": with_query(reverse("commitments"), file.query),
        "report_address": with_query(reverse("report"), file.query),
    }
    response = render(request, "commitments/long_file.html", context)
    if looks_again:
        response["Refresh"] = str(LOOKS_AGAIN_AFTER)
    return response


@never_cache
@require_safe
def long_file_content(request, key):
    file = kept(key)
    if not file.finished_at:
        raise Http404
    response = FileResponse(file.file.open("rb"), content_type=KINDS[file.ext].content_type)
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=file.name
    )
    return response


def kept(key):
    """The file; not found if it is not kept any more, or lost by the storage."""
    file = get_object_or_404(LongFile, key=key)
    if file.finished_at and not file.is_ready:
        raise Http404
    return file
