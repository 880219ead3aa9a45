"""Report an error: a public form without an account, a cookie or a script."""

from django.core import signing
from django.db import DEFAULT_DB_ALIAS
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from commitments.actions.error_reports import TooMany, send
from commitments.models import ErrorReport
from commitments.senders import sender_of
from commitments.views.error_report_form import (
    MOST_OF_PLACE,
    ErrorReportForm,
    is_from_here,
    new_key,
    opened,
    readable,
)

FIELDS = ("text", "place", "source_url", "email")
TRAP = "website"


# Its own check of where the form comes from and a signed key take the place of Django's, which
# needs a cookie (docs/decisions/0013-error-reports.md).
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_error(request):
    if request.method != "POST":
        about = readable(request.GET.get("about", "")).strip()[:MOST_OF_PLACE]
        return shown(request, ErrorReportForm(initial={"place": about}))
    form = ErrorReportForm({name: request.POST.get(name, "") for name in (*FIELDS, TRAP)})
    if not is_from_here(request):
        form.add_error(
            None,
            _("Your browser says that this was sent from another site. Please send it from here."),
        )
        return shown(request, form, status=403)
    try:
        key = opened(request.POST.get("key", ""))
    except signing.BadSignature:
        form.add_error(
            None, _("This page was open for too long. Nothing is lost: please send it once more.")
        )
    if not form.is_valid():
        return shown(request, form, status=400)
    return sent(request, form, key)


def sent(request, form, key):
    values = {name: form.cleaned_data[name] for name in FIELDS}
    now = timezone.now()
    try:
        report = send(
            key=key,
            sender=sender_of(request, timezone.localdate(now)),
            at=now,
            code=form.code,
            language=get_language(),
            **values,
        )
    except TooMany as error:
        until = timezone.localtime(error.until)
        form.add_error(
            None,
            _(
                "More reports came in this hour than can be taken. Nothing you wrote is lost: "
                "leave this page open and send it after %(time)s."
            )
            % {"time": date_format(until, "H:i")},
        )
        response = shown(request, form, key=request.POST["key"], status=429)
        response.headers["Retry-After"] = str(int((error.until - now).total_seconds()) + 1)
        return response
    return redirect("report_thanks", report.reference)


def shown(request, form, *, key=None, status=200):
    context = {"form": form, "key": key or new_key(), "fields": [form[name] for name in FIELDS]}
    return render(request, "commitments/report_error.html", context, status=status)


@require_safe
def report_thanks(request, reference):
    # Sent a moment ago: a copy of the database may not have it yet.
    if not ErrorReport.objects.using(DEFAULT_DB_ALIAS).filter(reference=reference).exists():
        raise Http404
    response = render(request, "commitments/report_thanks.html", {"reference": reference})
    patch_cache_control(response, private=True, no_store=True)
    return response
