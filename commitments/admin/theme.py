from django.contrib import admin

from commitments.admin.record import RecordAdmin
from commitments.models import Theme


@admin.register(Theme)
class ThemeAdmin(RecordAdmin):
    list_display = ["name_zh", "name_en", "code"]
    search_fields = ["code", "name_zh", "name_en"]
    fields = ["code", "name_zh", "name_en"]
