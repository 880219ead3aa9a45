from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from commitments.admin.record import Scoped
from commitments.models.workflow import IN_HAND, Superseding


class Published(Scoped, admin.TabularInline):
    """What the public sees or a reviewer has, to open; nothing here is edited in place."""

    template = "admin/commitments/published.html"
    extra = 0
    # Drafts too, where the record above is only read: else they are forms beside this table.
    has_drafts = False

    def get_queryset(self, request):
        found = super().get_queryset(request)
        if issubclass(self.model, Superseding):
            found = found.filter(superseded_at=None)
        return self.narrowed(found if self.has_drafts else found.exclude(state__in=IN_HAND))

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
