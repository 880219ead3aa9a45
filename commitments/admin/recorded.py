from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.access import Access
from commitments.actions.history import note, recorded, stored, write
from commitments.admin.history import history_file, lines_of
from commitments.models import Entry

ENTRIES_ON_A_PAGE = 25
LONGEST_REASON = 1000
# Of one table below a form. Each row reads its own choices, so that who says to send thousands
# would keep a process busy for a minute.
MOST_ROWS = 50


class RecordedAdmin(admin.ModelAdmin):
    """An admin whose changes go into the history, and that shows the history of each record."""

    def get_urls(self):
        file = path(
            "<path:object_id>/history.csv",
            self.admin_site.admin_view(self.history_file_view),
            name=f"{self.opts.app_label}_{self.opts.model_name}_history_file",
        )
        return [file, *super().get_urls()]

    # --- Reading -------------------------------------------------------------------------------

    def get_formsets_with_inlines(self, request, obj=None):
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            formset.absolute_max = MOST_ROWS
            yield formset, inline

    def get_changelist_instance(self, request):
        # PostgreSQL has no text with a NUL, and refuses a query that looks for one.
        if has_nul(request.GET):
            raise IncorrectLookupParameters
        return super().get_changelist_instance(request)

    def changelist_view(self, request, extra_context=None):
        if has_nul(request.GET):
            self.message_user(
                request, _("The search has a character that no text can have."), messages.ERROR
            )
            return HttpResponseRedirect(request.path)
        return super().changelist_view(request, extra_context)

    # --- Writing -------------------------------------------------------------------------------

    def save_form(self, request, form, change):
        form.stored_before = stored([form.instance]) if change else {}
        return super().save_form(request, form, change)

    def save_related(self, request, form, formsets, change):
        rows = [row.instance for formset in formsets for row in formset.forms]
        before = form.stored_before | stored(rows)
        super().save_related(request, form, formsets, change)
        request.saved_record = form.instance
        made = [record for formset in formsets for record in formset.new_objects]
        write(
            before,
            [form.instance, *made],
            by=request.user,
            at=timezone.now(),
            why=reason_given(request),
        )

    def delete_model(self, request, obj):
        with recorded([obj], by=request.user, at=timezone.now(), why=reason_given(request)):
            super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        with recorded(queryset, by=request.user, at=timezone.now()):
            super().delete_queryset(request, queryset)

    # Django's own log has no values and may be deleted; ours takes its place.

    def log_addition(self, request, obj, message):
        """Nothing: `save_related` has written the entry."""

    def log_change(self, request, obj, message):
        """Nothing: `save_related` or the action has written the entry."""

    def log_deletions(self, request, queryset):
        """Nothing: `delete_model` or `delete_queryset` writes the entry."""

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["asks_why"] = change and self.has_change_permission(request, obj)
        kept = getattr(request, "kept_form", None)
        context["why_given"] = kept.posted().get("_why", "") if kept else reason_given(request)
        return super().render_change_form(request, context, add, change, form_url, obj)

    # --- Reading -------------------------------------------------------------------------------

    def history_view(self, request, object_id, extra_context=None):
        record = self.record_to_read(request, object_id)
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, unquote(object_id))
        entries = Entry.objects.of(record).select_related("by")
        page = Paginator(entries, ENTRIES_ON_A_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %(record)s") % {"record": record},
            "opts": self.opts,
            "original": record,
            "page": page,
            "lines": lines_of(page),
        }
        return TemplateResponse(request, "admin/commitments/history.html", context)

    def history_file_view(self, request, object_id):
        record = self.record_to_read(request, object_id)
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, unquote(object_id))
        note(
            Entry.Action.EXPORTED,
            by=request.user,
            at=timezone.now(),
            record=record,
            name=f"{self.opts.model_name}-{record.pk}-history.csv",
        )
        return csv_answer(
            Entry.objects.of(record), f"{self.opts.model_name}-{record.pk}-history.csv"
        )

    def record_to_read(self, request, object_id):
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return None
        if not self.has_view_permission(request, record) or not Access.of(request.user).may_see(
            record
        ):
            raise PermissionDenied
        return record


def reason_given(request):
    return request.POST.get("_why", "").replace("\0", "").strip()[:LONGEST_REASON]


def csv_answer(entries, name):
    answer = StreamingHttpResponse(history_file(entries), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


def has_nul(query):
    return any("\0" in text for name, values in query.lists() for text in (name, *values))
