from django.contrib import admin
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from commitments.admin.record import Scoped
from commitments.models.workflow import IN_HAND, Superseding


class AddedSince(BaseInlineFormSet):
    """Rows of a table that was not on the page yet when it was opened: then it sends none."""

    def __init__(self, data=None, files=None, instance=None, prefix=None, **kwargs):
        prefix = prefix or self.get_default_prefix()
        if data is not None and f"{prefix}-TOTAL_FORMS" not in data:
            data = data | {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
        super().__init__(data, files, instance, prefix=prefix, **kwargs)


class Published(Scoped, admin.TabularInline):
    """What the public sees or a reviewer has, to open; nothing here is edited in place."""

    formset = AddedSince
    template = "admin/commitments/published.html"
    extra = 0
    # Drafts too, where the record above is only read: else they are forms beside this table.
    has_drafts = False

    def get_queryset(self, request):
        found = super().get_queryset(request)
        if issubclass(self.model, Superseding):
            found = found.filter(superseded_at=None)
        return self.narrowed(found if self.has_drafts else found.exclude(state__in=IN_HAND))

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        # Its own, so that the drafts below keep theirs when something is submitted meanwhile.
        prefix = f"published-{formset.get_default_prefix()}"
        formset.get_default_prefix = classmethod(lambda cls: prefix)
        return formset

    def narrowed(self, rows):
        return rows

    def has_add_permission(self, request, obj):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("workflow state"))
    def workflow(self, obj):
        return obj.get_state_display()
