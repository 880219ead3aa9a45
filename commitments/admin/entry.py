from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commitments.actions.history import note
from commitments.admin.history import Line, kind_words, label_of, lines_of, moment, person_words
from commitments.admin.record import RecordAdmin, link
from commitments.admin.recorded import csv_answer
from commitments.formats import listed
from commitments.models import Entry

MOST_FIELDS_NAMED = 4


class KindFilter(admin.SimpleListFilter):
    title = _("kind of record")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        kinds = Entry.objects.exclude(kind="").order_by("kind").values_list("kind", flat=True)
        return [(kind, kind_words(kind)) for kind in kinds.distinct()]

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Entry)
class EntryAdmin(RecordAdmin):
    """The whole history, for those who may read everything. Nobody writes in it by hand."""

    fixed_fields = ()
    change_form_template = "admin/commitments/entry.html"
    change_list_template = "admin/commitments/entries.html"
    list_display = ["moment", "who", "action", "kind_words", "record_link", "fields_changed", "why"]
    list_display_links = ["moment"]
    list_filter = ["action", KindFilter]
    list_select_related = ["by"]
    list_per_page = 50
    date_hierarchy = "at"
    search_fields = ["name", "by__username", "by__first_name", "why"]
    fields = ["moment", "who", "action", "kind_words", "record_link", "changed", "why"]
    readonly_fields = fields
    ordering = ["-pk"]
    sortable_by = ()

    def get_urls(self):
        file = path(
            "history.csv",
            self.admin_site.admin_view(self.file_view),
            name="commitments_entry_file",
        )
        return [file, *super().get_urls()]

    def why_kept(self, obj):
        return _("The history is never changed or removed.")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def file_view(self, request):
        """The entries that the list shows with the same filters, all pages of it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            entries = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect("./")
        asked = request.META.get("QUERY_STRING", "")[:200]
        note(
            Entry.Action.EXPORTED,
            by=request.user,
            at=timezone.now(),
            name="history.csv",
            why=asked,
        )
        return csv_answer(entries, "history.csv")

    @admin.display(description=_("when"), ordering="pk")
    def moment(self, obj):
        return moment(obj.at)

    @admin.display(description=_("who"))
    def who(self, obj):
        return person_words(obj.by)

    @admin.display(description=_("kind of record"))
    def kind_words(self, obj):
        return kind_words(obj.kind)

    @admin.display(description=_("record"))
    def record_link(self, obj):
        address = Line(obj, "", []).address
        name = obj.name or (f"#{obj.record_id}" if obj.record_id else "")
        return link(address, name) if address else name

    @admin.display(description=_("fields"))
    def fields_changed(self, obj):
        labels = [label_of(obj.kind, name) for name in obj.changes]
        more = "…" if len(labels) > MOST_FIELDS_NAMED else ""
        return listed(labels[:MOST_FIELDS_NAMED]) + more

    @admin.display(description=_("changes"))
    def changed(self, obj):
        [line] = lines_of([obj])
        return render_to_string("admin/commitments/_changes.html", {"line": line})
