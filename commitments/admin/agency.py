from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from commitments.admin.record import RecordAdmin
from commitments.models import Agency


@admin.register(Agency)
class AgencyAdmin(RecordAdmin):
    list_display = ["name_zh", "name_en", "code"]
    search_fields = ["code", "name_zh", "name_en"]
    fieldsets = [
        (None, {"fields": ["code", "name_zh", "name_en"]}),
        (_("For the public"), {"fields": ["note_zh", "note_en"]}),
    ]
