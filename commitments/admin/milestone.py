from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commitments.admin.fact import FactAdmin, FactForm, VersionFilter
from commitments.models import Milestone


class MilestoneForm(FactForm):
    class Meta:
        help_texts = {
            "due_on": _("The day by which the step must be done."),
            "done_on": _("The day it was done, as the source says."),
        }

    kept_fields = ("commitment",)
    constraint_fields = {"milestone_done_has_source": "done_on"}
    taken_message = _("The code is in use. Correct that milestone instead: %(link)s")

    def clean_done_published_on(self):
        day = self.cleaned_data["done_published_on"]
        if day is not None and day > timezone.localdate():
            raise ValidationError(_("This day has not come yet."), code="future")
        return day


@admin.register(Milestone)
class MilestoneAdmin(FactAdmin):
    form = MilestoneForm
    correct_label = _("Record as done, or correct")
    correct_word = _("Done, or correct")
    list_display = ["code", "title", "commitment", "due_on", "done_on", "version", "correct_link"]
    list_filter = [VersionFilter, "commitment__plan", ("done_on", admin.EmptyFieldListFilter)]
    list_select_related = ["commitment"]
    date_hierarchy = "due_on"
    search_fields = ["code", "title_zh", "title_en", "commitment__code", "commitment__title_zh"]
    fieldsets = [
        (_("The step"), {"fields": ["commitment", "code", "title_zh", "title_en", "due_on"]}),
        (
            _("When it is done"),
            {
                "description": _("Leave this empty until a source says that the step was done."),
                "fields": ["done_on", "source_zh", "source_en", "source_url", "done_published_on"],
            },
        ),
    ]

    @admin.display(description=_("title"), ordering="title_zh")
    def title(self, obj):
        return obj.title
