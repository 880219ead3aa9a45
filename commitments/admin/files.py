"""Tables of the staff area as files that can be filled in and imported."""

import tempfile

from django.contrib.admin.views.main import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, pgettext

from commitments.access import Access
from commitments.actions.history import note
from commitments.exporters.to_csv import csv_lines
from commitments.exporters.to_sheet import to_sheet
from commitments.importing.tables import TABLES, Lines, fill_in, headings
from commitments.models import Entry, SheetImport

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ExportedAdmin:
    """A list that can be taken as a file, as it is filtered, changed there and imported."""

    export_subject = None

    def get_urls(self):
        export = path(
            "export.<slug:ext>",
            self.admin_site.admin_view(self.export_view),
            name=f"{self.opts.app_label}_{self.opts.model_name}_export",
        )
        return [export, *super().get_urls()]

    def export_view(self, request, ext):
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            asked = Access.of(request.user).visible(self.get_changelist_instance(request).queryset)
        except IncorrectLookupParameters:
            return HttpResponseRedirect("./")
        response = sheet_response(self.export_subject, self.exported(asked), ext)
        note(
            Entry.Action.EXPORTED,
            by=request.user,
            at=timezone.now(),
            name=f"{self.opts.model_name}.{ext}",
            why=request.META.get("QUERY_STRING", "")[:200],
        )
        return response

    def exported(self, records):
        """Those of the records that stand in the file."""
        return records

    def changelist_view(self, request, extra_context=None):
        context = {"export_query": request.GET.urlencode(), "export_types": [*CONTENT_TYPES]}
        return super().changelist_view(request, {**context, **(extra_context or {})})


def sheet_response(subject, records, ext):
    """A file of some records, or of none where it is a template. Raises `Http404`."""
    if subject not in TABLES or ext not in CONTENT_TYPES:
        raise Http404
    lines = () if records is None else Lines(subject, records, get_language())
    if ext == "csv":
        response = StreamingHttpResponse(csv_lines(headings(subject), lines))
    else:
        # A workbook is finished only at its end, so it cannot be sent while it grows.
        held = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        to_sheet(fill_in(subject, lines), held)
        held.seek(0)
        response = FileResponse(held)
    response["Content-Type"] = CONTENT_TYPES[ext]
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=file_name(subject, ext, is_template=records is None)
    )
    return response


def file_name(subject, ext, *, is_template):
    what = SheetImport.Subject(subject).label
    if is_template:
        return pgettext("file name", "%(what)s_template") % {"what": what} + f".{ext}"
    return f"{what}_{timezone.localdate().isoformat()}.{ext}"
