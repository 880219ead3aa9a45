from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commitments.actions.sheet_importing import (
    NotImported,
    apply,
    applying,
    check,
    importable,
    in_words,
    keep,
    received,
)
from commitments.admin.files import sheet_response
from commitments.admin.publishable import named
from commitments.admin.record import RecordAdmin
from commitments.admin.running import Outcome, Step, running_page
from commitments.formats import listed
from commitments.importing.checked import STOPS, Fate
from commitments.importing.reading import MOST_BYTES, TEXT_NAMES, too_large
from commitments.importing.sheet import MOST_ROWS, Unreadable
from commitments.importing.tables import TABLES, needed
from commitments.models import SheetImport
from commitments.uploads import was_cut

ROWS_PER_PAGE = 50
# What is done with more rows may take longer than two seconds, and says how far it is.
MANY_ROWS = 1_000
FATES = {
    Fate.WRONG: pgettext_lazy("row", "wrong"),
    Fate.CONFLICT: pgettext_lazy("row", "in conflict"),
    Fate.NEW: pgettext_lazy("row", "new"),
    Fate.CHANGED: pgettext_lazy("row", "changed"),
    Fate.UNCHANGED: pgettext_lazy("row", "unchanged"),
}


class UploadForm(forms.Form):
    subject = forms.ChoiceField(label=_("What the file has"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput({"accept": ", ".join((".xlsx", *TEXT_NAMES))}),
        help_text=_("XLSX or CSV, at most %(rows)d rows and %(size)d MB.")
        % {"rows": MOST_ROWS, "size": MOST_BYTES // 1_000_000},
    )

    def __init__(self, *args, user, is_cut=False, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(subject.value, subject.label) for subject in importable(user)]
        self.fields["subject"].choices = choices
        self.fields["subject"].initial = choices[0][0]
        if is_cut:
            # The request was larger than any file we take, and its file was not read.
            self.fields["file"].error_messages["required"] = too_large()

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(too_large(), code="too_large")
        return file


@admin.register(SheetImport)
class SheetImportAdmin(RecordAdmin):
    fixed_fields = ()
    list_display = ["file_name", "subject", "created_at", "sent_by", "outcome", "applied_at"]
    list_filter = ["subject"]
    list_select_related = ["created_by"]
    list_per_page = 50

    def get_queryset(self, request):
        # The cells are read only when they are checked.
        return super().get_queryset(request).defer("sheets", "checked")

    def has_change_permission(self, request, obj=None):
        return False

    def why_kept(self, obj):
        return _("An import is kept: it tells where its records came from.")

    def get_urls(self):
        return [
            path(
                "template/<slug:subject>.<slug:ext>",
                self.admin_site.admin_view(self.template_view),
                name="commitments_sheetimport_template",
            ),
            path(
                "<int:object_id>/apply/",
                self.admin_site.admin_view(self.apply_view),
                name="commitments_sheetimport_apply",
            ),
            *super().get_urls(),
        ]

    @admin.display(description=_("rows"))
    def outcome(self, obj):
        return listed(
            f"{FATES[fate]} {obj.counts[fate.value]}" for fate in FATES if obj.counts[fate.value]
        )

    @admin.display(description=_("uploaded by"), ordering="created_by")
    def sent_by(self, obj):
        return named(obj.created_by)

    # --- Uploading -----------------------------------------------------------------------------

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        is_sent = request.method == "POST"
        given = (request.POST, request.FILES) if is_sent else ()
        form = UploadForm(*given, user=request.user, is_cut=was_cut(request))
        if is_sent and form.is_valid():
            file = form.cleaned_data["file"]
            at = timezone.now()
            try:
                held = received(
                    file.name,
                    file.read(),
                    subject=form.cleaned_data["subject"],
                    by=request.user,
                    at=at,
                )
            except Unreadable as error:
                form.add_error("file", str(error))
            else:
                return self.check_view(request, held, at)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import a sheet"),
            "opts": self.opts,
            "form": form,
            "guides": [
                (subject, [(column, needed(column)) for column in TABLES[subject].columns()])
                for subject in importable(request.user)
            ],
        }
        return TemplateResponse(request, "admin/commitments/import_upload.html", context)

    def check_view(self, request, held, at):
        """Check what was read, and lead to what came of it."""
        if max(len(rows) for _name, rows in held.sheets) > MANY_ROWS:
            steps = told_checking(held, at=at)
            title = _("Import a sheet")
            return running_page(request, steps, back=request.path, title=title, opts=self.opts)
        keep(held, check(held, at=at), at=at)
        return HttpResponseRedirect(address(held))

    def template_view(self, request, subject, ext):
        """An empty sheet to be filled in, its headings in the page's language."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return sheet_response(subject, None, ext)

    # --- The checked plan ------------------------------------------------------------------------

    def change_view(self, request, object_id, form_url="", extra_context=None):
        held = self.get_object(request, unquote(object_id))
        if held is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, held):
            raise PermissionDenied
        is_open = held.applied_at is None
        checked = in_words(held, at=timezone.now())
        asked = request.GET.get("fate", "")
        rows = [row for row in checked["rows"] if is_asked_for(row, asked)]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import: %(file)s") % {"file": held.file_name},
            "opts": self.opts,
            "held": held,
            "problems": checked["problems"],
            "is_mine": held.created_by_id == request.user.pk,
            "is_open": is_open,
            "is_clean": is_clean(held),
            "would_save": would_save(held),
            "asked": asked,
            "fates": [(fate.value, word, held.counts[fate.value]) for fate, word in FATES.items()],
            "page": Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page")),
            "words": {fate.value: word for fate, word in FATES.items()},
            "record_name": record_page(held.subject),
        }
        return TemplateResponse(request, "admin/commitments/import_plan.html", context)

    # --- Applying --------------------------------------------------------------------------------

    def apply_view(self, request, object_id):
        held = self.get_object(request, str(object_id))
        if held is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(object_id))
        if request.method != "POST":
            # The page of the result was asked for again, or in the other language.
            return HttpResponseRedirect(address(held))
        at = timezone.now()
        # All its rows are checked once more, however few of them would be saved.
        if row_count(held) > MANY_ROWS:
            steps = told_applying(held, by=request.user, at=at)
            title = _("Import: %(file)s") % {"file": held.file_name}
            back = address(held)
            return running_page(request, steps, back=back, title=title, opts=self.opts)
        try:
            apply(held, by=request.user, at=at)
        except NotImported as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, imported(held), messages.SUCCESS)
        return HttpResponseRedirect(address(held))


# --- Told while it is done -----------------------------------------------------------------------


def told_checking(held, *, at):
    yield Step(_("Checking row by row against the register."))
    keep(held, check(held, at=at), at=at)
    if is_clean(held):
        told = _("Checked: %(rows)d rows without a mistake.") % {"rows": row_count(held)}
    else:
        told = _("Checked: there are mistakes or conflicts to mend.")
    yield Outcome(told, address(held), _("See row by row what would change"), is_clean(held))


def told_applying(held, *, by, at):
    yield Step(_("Checking once more that nothing changed meanwhile."))
    saving = _("Saving the records. They count only when all are saved.")
    try:
        for saved in applying(held, by=by, at=at):
            yield Step(saving, saved, would_save(held))
    except NotImported as error:
        yield Outcome(str(error), address(held), _("Look at the import"), is_done=False)
    else:
        yield Outcome(imported(held), address(held), _("See what was imported"))


def imported(held):
    held.refresh_from_db(fields=["applied_count"])
    return _("Imported: %(count)d records, now waiting for review.") % {"count": held.applied_count}


def row_count(held):
    return sum(held.counts[fate] for fate in Fate)


def would_save(held):
    return held.counts[Fate.NEW] + held.counts[Fate.CHANGED]


def address(held):
    return reverse("admin:commitments_sheetimport_change", args=[held.pk])


def record_page(subject):
    """The name of the address of one record that an import of this kind makes."""
    return f"admin:commitments_{TABLES[subject].model._meta.model_name}_change"


def is_asked_for(row, asked):
    """Without a wish, all that is not as it was."""
    return row["fate"] == asked if asked else row["fate"] != Fate.UNCHANGED


def is_clean(held):
    return not held.counts["mistakes"] and not any(held.counts[fate] for fate in STOPS)
