from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms.models import model_to_dict
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.access import Access
from commitments.actions.publishing import SLOT, corrections_of, live_version, slot
from commitments.admin.guarded import admin_page
from commitments.admin.publishable import PublishableAdmin, admin_address, step_line
from commitments.admin.record import RecordForm, link
from commitments.models.workflow import State


class FactForm(RecordForm):
    """A new fact, a draft of one, or a correction: a new row that will replace a published one."""

    # The published row a new form corrects.
    corrected = None
    # What a correction keeps of the row it corrects, beside what makes them one fact.
    kept_fields = ()
    taken_message = gettext_lazy("There is one already. Correct that one instead: %(link)s")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.corrected = live_version(self.instance)
        if self.corrected is not None:
            for name in self.fixed_fields:
                if name in self.fields:
                    self.fields[name].disabled = True
                    self.initial[name] = self.corrected.serializable_value(name)

    @property
    def fixed_fields(self):
        """What a correction leaves as it is."""
        return (*self.slot_fields, *self.kept_fields)

    @property
    def slot_fields(self):
        return SLOT[self._meta.model._meta.model_name]

    def value_of(self, name):
        """A field as given, or as it stands where the form does not ask for it."""
        return self.cleaned_data.get(name, getattr(self.instance, name, None))

    def clean(self):
        cleaned = super().clean()
        if not self.errors.keys() & {*self.slot_fields}:
            self.refuse_a_second_one()
        return cleaned

    def refuse_a_second_one(self):
        model = self._meta.model
        fact = model(**{name: self.value_of(name) for name in self.slot_fields})
        others = model.objects.filter(**slot(fact), superseded_at=None).exclude(pk=self.instance.pk)
        if self.corrected is not None:
            others = others.exclude(pk=self.corrected.pk)
            others |= corrections_of(self.corrected).exclude(pk=self.instance.pk)
        other = others.order_by("pk").last()
        if other is None:
            return
        name = next((name for name in ("period", "code") if name in self.fields), None)
        message = _("The code is in use.")
        # Another agency's record is not shown, not even by its name.
        if self.access.may_see(other):
            message = format_html(
                str(self.taken_message).replace("%(link)s", "{}"),
                link(admin_address(other), other),
            )
        self.add_error(name, ValidationError(message, code="taken"))


class VersionFilter(admin.SimpleListFilter):
    """Drafts, what is public now, and what was replaced: one question, so one filter."""

    title = gettext_lazy("version")
    parameter_name = "version"

    def lookups(self, request, model_admin):
        return [*((s.value, s.label) for s in State), ("superseded", _("superseded"))]

    def queryset(self, request, queryset):
        if self.value() == "superseded":
            return queryset.filter(superseded_at__isnull=False)
        if self.value() == State.PUBLISHED:
            return queryset.live()
        return queryset.filter(state=self.value()) if self.value() else queryset


class FactAdmin(PublishableAdmin):
    """An observation, target or milestone: once published it is corrected, never changed."""

    workflow_fields = [*PublishableAdmin.workflow_fields, "replaced_by"]
    correct_label = gettext_lazy("Correct")
    # The same in a list, where there is little room.
    correct_word = gettext_lazy("Correct")

    # Where a field is only read it is shown as the public reads it.
    read_as = {}

    def get_fieldsets(self, request, obj=None):
        found = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return found
        return [
            (title, options | {"fields": [self.read_as.get(f, f) for f in options["fields"]]})
            for title, options in found
        ]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *self.read_as.values()]

    def get_urls(self):
        name = self.opts.model_name
        correct = path(
            "<path:object_id>/correct/",
            self.admin_site.admin_view(self.correct_view),
            name=f"{self.opts.app_label}_{name}_correct",
        )
        return [correct, *super().get_urls()]

    def why_kept(self, obj):
        # The code of a correction stays with the row that it would have replaced.
        if not obj.is_published and live_version(obj) is not None:
            return ""
        return super().why_kept(obj)

    # --- Correcting ----------------------------------------------------------------------------

    def correct_view(self, request, object_id):
        """Open the form of a correction: the draft of one if there is, else a new one, filled."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not is_live(record):
            self.message_user(
                request,
                _("Only the version that is published now can be corrected."),
                messages.ERROR,
            )
            return HttpResponseRedirect(admin_address(record))
        begun = corrections_of(record).first()
        if begun is not None:
            self.message_user(
                request, _("A correction was begun already. Go on with it."), messages.INFO
            )
            return HttpResponseRedirect(admin_address(begun))
        return HttpResponseRedirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")
            + f"?corrects={record.pk}"
        )

    def add_view(self, request, form_url="", extra_context=None):
        record = self.asked_for(request, "corrects")
        if "corrects" in request.GET and record is None:
            self.message_user(
                request,
                _("Only the version that is published now can be corrected."),
                messages.ERROR,
            )
            return HttpResponseRedirect(
                reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
            )
        context = {**(extra_context or {})}
        if record is not None:
            context["title"] = _("Correct: %(record)s") % {"record": record}
            context["corrected"] = record
        return super().add_view(request, form_url, context)

    def new_address(self, request, record):
        if record is None or not is_live(record) or not self.has_add_permission(request):
            return super().new_address(request, record)
        return f"{admin_page(self.opts, 'add')}?corrects={record.pk}"

    def asked_for(self, request, name):
        """The live row that the address names, or None."""
        asked = request.GET.get(name, "")
        if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
            return None
        found = Access.of(request.user).visible(self.model.objects.live())
        return found.filter(pk=int(asked)).first()

    def get_changeform_initial_data(self, request):
        record = self.asked_for(request, "corrects")
        if record is None:
            return super().get_changeform_initial_data(request)
        return model_to_dict(record)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        corrected = self.asked_for(request, "corrects") if obj is None else None
        return type(form.__name__, (form,), {"corrected": corrected}) if corrected else form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and is_live(obj) and Access.of(request.user).writes(obj):
            context["correct_address"] = admin_address(obj, "correct")
            context["correct_label"] = self.correct_label
        return super().render_change_form(request, context, add, change, form_url, obj)

    def more_steps(self, obj):
        if obj.superseded_at is None:
            return []
        return [step_line(_("superseded"), obj.superseded_at, obj.replaced_by.published_by)]

    @admin.display(description=gettext_lazy("version"), ordering="state")
    def version(self, obj):
        return _("superseded") if obj.superseded_at else obj.get_state_display()

    def get_list_display(self, request):
        found = super().get_list_display(request)
        may_correct = self.has_add_permission(request)
        return found if may_correct else [name for name in found if name != "correct_link"]

    @admin.display(description=gettext_lazy("correct"))
    def correct_link(self, obj):
        if not is_live(obj):
            return ""
        return link(admin_address(obj, "correct"), self.correct_word)


def is_live(record):
    return record.is_published and record.superseded_at is None
