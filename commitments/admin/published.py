from django.contrib import admin


class Published(admin.TabularInline):
    """What the public sees, to open and correct; nothing here is edited in place."""

    template = "admin/commitments/published.html"
    extra = 0

    def get_queryset(self, request):
        return self.narrowed(super().get_queryset(request))

    def narrowed(self, rows):
        return rows.live()

    def has_add_permission(self, request, obj):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
