from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commitments.admin.evidence import WithEvidence
from commitments.admin.publishable import PublishableAdmin
from commitments.admin.record import RecordForm
from commitments.models import Update


class UpdateForm(RecordForm):
    class Meta:
        help_texts = {
            "agency": _("Whose words these are."),
            "dated_on": _("The day they were said or written."),
            "source_url": _("Where anyone can see the evidence."),
        }

    def clean_dated_on(self):
        day = self.cleaned_data["dated_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day has not come yet."), code="future")
        return day


@admin.register(Update)
class UpdateAdmin(WithEvidence, PublishableAdmin):
    form = UpdateForm
    has_drafts_to_delete = True
    list_display = ["code", "commitment", "agency", "dated_on", "state"]
    list_filter = ["state", "agency", "commitment__plan"]
    list_select_related = ["commitment", "agency"]
    date_hierarchy = "dated_on"
    search_fields = ["code", "commitment__code", "commitment__title_zh", "text_zh", "text_en"]
    fieldsets = [
        (
            None,
            {
                "description": _(
                    "The agency's own words. They are shown beside the computed status, and never "
                    "change it. Once published they stay as they are: later news is another update."
                ),
                "fields": ["commitment", "code", "agency", "dated_on"],
            },
        ),
        (_("Its words"), {"fields": ["text_zh", "text_en", "source_url"]}),
    ]

    def why_kept(self, obj):
        return super().why_kept(obj) if obj.is_published else ""
