from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.actions.error_reports import AlreadyHandled, handle
from commitments.admin.publishable import admin_address
from commitments.admin.record import RecordAdmin, link
from commitments.models import ErrorReport

LENGTH_IN_LIST = 80
# For a note on many reports at once; a single one's has no limit.
MOST_OF_NOTE = 500


class NoteActionForm(ActionForm):
    note = forms.CharField(
        label=gettext_lazy("What was done:"),
        required=False,
        max_length=MOST_OF_NOTE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@admin.register(ErrorReport)
class ErrorReportAdmin(RecordAdmin):
    """What readers report. It is read and closed here; what is wrong is corrected at the record."""

    fixed_fields = ()
    actions = ["mark_handled"]
    action_form = NoteActionForm
    list_display = ["reference", "sent_at", "beginning", "commitment_link", "state", "handled_by"]
    list_filter = ["state", "commitment__plan"]
    list_select_related = ["commitment", "handled_by"]
    search_fields = ["reference", "text", "place", "commitment__code", "note"]
    fieldsets = [
        (
            None,
            {
                "description": gettext_lazy(
                    "Never shown to the public. Saving closes the report and deletes the e-mail "
                    "address, which was given for an answer only: answer first."
                ),
                "fields": ["reference", "sent_at", "text", "place", "commitment_link"],
            },
        ),
        (gettext_lazy("What the reader gave"), {"fields": ["source_url", "email", "language"]}),
        (gettext_lazy("Handled"), {"fields": ["state", "handled_at", "handled_by", "note"]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        return [
            name
            for _title, options in self.fieldsets
            for name in options["fields"]
            if name != "note" or obj is None
        ]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        is_closed = obj is not None and obj.state == ErrorReport.State.HANDLED
        return not is_closed and super().has_change_permission(request, obj)

    def why_kept(self, obj):
        """Nothing: abuse and strangers' personal data must be deletable; nothing refers here."""
        return ""

    # --- Closing -------------------------------------------------------------------------------

    @admin.action(description=gettext_lazy("Mark handled"), permissions=["change"])
    def mark_handled(self, request, queryset):
        note = request.POST.get("note", "").replace("\0", "").strip()[:MOST_OF_NOTE]
        if not note:
            self.message_user(
                request, _("Say first what was done; then mark them handled."), messages.ERROR
            )
            return
        closed = sum(self.close(request, report, note) for report in queryset.order_by("pk"))
        self.message_user(
            request,
            _("Reports marked as handled: %(count)s") % {"count": closed},
            messages.SUCCESS if closed else messages.WARNING,
        )

    def save_model(self, request, obj, form, change):
        self.close(request, obj, obj.note)

    def save_related(self, request, form, formsets, change):
        """Nothing hangs on a report, and closing it has written its entry."""

    def close(self, request, report, note):
        """Close a report, or say that somebody else has; returns whether it was this one."""
        try:
            handle(report, by=request.user, at=timezone.now(), note=note)
        except AlreadyHandled as error:
            self.message_user(request, str(error), messages.WARNING)
            return False
        return True

    # --- Columns -------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("what is wrong"), ordering="text")
    def beginning(self, obj):
        line = " ".join(obj.text.split())
        return line if len(line) <= LENGTH_IN_LIST else f"{line[:LENGTH_IN_LIST]}…"

    @admin.display(description=gettext_lazy("commitment"), ordering="commitment__code")
    def commitment_link(self, obj):
        if obj.commitment is None:
            return "-"
        return link(admin_address(obj.commitment), obj.commitment)
