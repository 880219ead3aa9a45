from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import NON_FIELD_ERRORS
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.access import Access
from commitments.actions.drafting import draft, edit
from commitments.actions.publishing import revise
from commitments.admin.fields import FORM_FIELDS
from commitments.admin.guarded import GuardedAdmin
from commitments.labels import STATUS
from commitments.models.workflow import Publishable

CODE_IS_KEPT = gettext_lazy(
    "A record with a code is not deleted: the code may be in an address or a file, and is never "
    "used again."
)

# A filter by a relation offers what the rows that the person may see refer to, and nothing else.
admin.FieldListFilter.register(
    lambda field: field.remote_field, admin.RelatedOnlyFieldListFilter, take_priority=True
)


class RecordForm(forms.ModelForm):
    """A form that shows what a table's constraint refuses beside the field to mend."""

    # The field for each constraint's message; the others are shown above the form.
    constraint_fields = {}
    # Of the person at the form; set by the admin that shows it.
    access = None

    def add_error(self, field, error):
        # A constraint complains of the record as a whole.
        if field is None and hasattr(error, "error_dict"):
            for each in error.error_dict.pop(NON_FIELD_ERRORS, []):
                super().add_error(self.field_of(each), each)
        super().add_error(field, error)

    def field_of(self, error):
        for constraint in self.instance._meta.constraints:
            field = self.constraint_fields.get(constraint.name)
            if field in self.fields and error.message == constraint.get_violation_error_message():
                return field
        return None


class Scoped:
    """Rows and choices of what the person may see, in an admin and in its inlines alike.

    So a record of another agency answers, at every address, as one that does not exist.
    """

    def get_queryset(self, request):
        return Access.of(request.user).visible(super().get_queryset(request))

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.many_to_many:
            # Without the stock links to add another: their script knows select boxes only.
            return self.formfield_for_manytomany(db_field, request, **kwargs)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs.setdefault("queryset", Access.of(request.user).choices(db_field))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs.setdefault("queryset", Access.of(request.user).choices(db_field))
        # Ticked, not held down with Control: it works on a phone and with a screen reader.
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class RecordAdmin(Scoped, GuardedAdmin):
    """What all records share: a code that stays, and nothing deleted that was ever public."""

    form = RecordForm
    formfield_overrides = FORM_FIELDS
    list_per_page = 50
    # Fields that are fixed once the record is saved.
    fixed_fields = ("code",)
    # Whether the list offers to delete: each record still says for itself whether it may be.
    has_drafts_to_delete = False

    def get_readonly_fields(self, request, obj=None):
        found = [*super().get_readonly_fields(request, obj)]
        return found + [name for name in self.fixed_fields if obj is not None]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"access": Access.of(request.user)})

    # --- Saving --------------------------------------------------------------------------------

    def save_model(self, request, obj, form, change):
        self.tell(request, revise(obj, at=timezone.now()))

    def save_formset(self, request, form, formset, change):
        for record in formset.save(commit=False):
            if not isinstance(record, Publishable):
                record.save()
            elif record.pk is None:
                draft(record, by=request.user, at=timezone.now())
            else:
                edit(record, by=request.user, at=timezone.now())
        for record in formset.deleted_objects:
            record.delete()
        formset.save_m2m()

    def tell(self, request, changes):
        """Say what each commitment's status was and has become."""
        for change in changes:
            self.message_user(request, status_line(change), messages.SUCCESS)

    # --- Reading -------------------------------------------------------------------------------

    def view_on_site(self, obj):
        """The address of the record's public page, or None."""
        return None

    # --- Deleting ------------------------------------------------------------------------------

    def why_kept(self, obj):
        """Why the record may not be deleted, in words; empty when it may."""
        return CODE_IS_KEPT

    def has_delete_permission(self, request, obj=None):
        is_deletable = self.has_drafts_to_delete if obj is None else not self.why_kept(obj)
        return is_deletable and super().has_delete_permission(request, obj)

    def delete_view(self, request, object_id, extra_context=None):
        record = self.get_object(request, unquote(object_id))
        if record is not None and self.has_view_permission(request, record):
            why = self.why_kept(record)
            if why:
                return self.refuse(request, record, why)
        # The page says which record it asks about, in its title too.
        return super().delete_view(request, object_id, {"subtitle": str(record)})

    def refuse(self, request, record, why):
        context = {
            **self.admin_site.each_context(request),
            "title": _("This cannot be done"),
            "subtitle": str(record),
            "opts": self.opts,
            "original": record,
            "why": why,
        }
        return TemplateResponse(request, "admin/commitments/refused.html", context, status=403)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        # To those alone who may delete records of this kind at all.
        may_delete = admin.ModelAdmin.has_delete_permission(self, request)
        context["why_kept"] = self.why_kept(obj) if obj is not None and may_delete else ""
        return super().render_change_form(request, context, add, change, form_url, obj)


def kind_of(model):
    return capfirst(model._meta.verbose_name)


def status_line(change):
    """One line: the commitment, how it stood, and how it stands."""
    if not change.is_change and change.after is None:
        return _("%(commitment)s: not shown yet, so it has no status.") % {
            "commitment": change.commitment
        }
    if not change.is_change:
        return _("%(commitment)s: still “%(status)s”.") % {
            "commitment": change.commitment,
            "status": STATUS[change.after],
        }
    if change.before is None:
        return _("%(commitment)s: now “%(status)s”.") % {
            "commitment": change.commitment,
            "status": STATUS[change.after],
        }
    return _("%(commitment)s: %(before)s → %(after)s") % {
        "commitment": change.commitment,
        "before": STATUS[change.before],
        "after": STATUS[change.after],
    }


def link(address, text):
    return format_html('<a href="{}">{}</a>', address, text)
