from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commitments.actions.history import recorded
from commitments.admin.record import Scoped
from commitments.admin.recorded import RecordedAdmin
from commitments.models import Appointment


class AppointmentForm(forms.ModelForm):
    def clean(self):
        cleaned = super().clean()
        is_editor = cleaned.get("role") == Appointment.Role.EDITOR
        if is_editor and not cleaned.get("agencies"):
            self.add_error("agencies", ValidationError(_("Say which agencies the editor is for.")))
        if not is_editor and cleaned.get("agencies"):
            self.add_error(
                "agencies", ValidationError(_("Only an agency editor is for some agencies."))
            )
        return cleaned


class AppointmentFormSet(forms.BaseInlineFormSet):
    @classmethod
    def get_default_prefix(cls):
        # Django takes it from the name of the relation, and this one has none.
        return "appointments"


class Appointments(Scoped, admin.StackedInline):
    model = Appointment
    form = AppointmentForm
    formset = AppointmentFormSet
    extra = 0
    fields = ["role", "agencies", "covers", "language"]


class PersonAdmin(RecordedAdmin, UserAdmin):
    """Accounts. What a person may do is said by appointments alone, not by Django's permissions."""

    inlines = [Appointments]
    list_display = ["username", "name", "is_active", "last_login"]
    list_filter = ["is_active"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Who it is"), {"fields": ["first_name", "email"]}),
        (
            _("Account"),
            {
                "description": _(
                    "An account is never deleted, because its name stands under what was done. "
                    "Who has left is made inactive."
                ),
                "fields": ["is_active", "last_login", "date_joined"],
            },
        ),
    ]

    def has_change_permission(self, request, obj=None):
        # Else an administrator could take over a superuser's account by its password.
        is_above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not is_above and super().has_change_permission(request, obj)

    def get_fieldsets(self, request, obj=None):
        found = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return found
        # How a password is kept tells nothing to who may not set it.
        [(title, options), *others] = found
        return [(title, options | {"fields": ["username"]}), *others]

    def has_delete_permission(self, request, obj=None):
        return False

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        person = form.instance
        # Who has a role may log in here, and nobody else.
        person.is_staff = person.is_superuser or Appointment.objects.filter(user=person).exists()
        person.save(update_fields=["is_staff"])

    def user_change_password(self, request, id, form_url=""):
        person = self.get_object(request, unquote(id))
        changed = [person] if person is not None else []
        with recorded(changed, by=request.user, at=timezone.now()):
            return super().user_change_password(request, id, form_url)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "first_name":
            # One field for the whole name: which part comes first is the person's own matter.
            kwargs["label"] = pgettext_lazy("person", "name")
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=pgettext_lazy("person", "name"), ordering="first_name")
    def name(self, obj):
        return obj.get_full_name()


# Importing Django's own has registered them; groups would be permissions nobody looks at.
admin.site.unregister([User, Group])
admin.site.register(User, PersonAdmin)
