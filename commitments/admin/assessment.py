from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commitments.admin.record import RecordAdmin
from commitments.domain.status import Flag
from commitments.formats import day, listed
from commitments.labels import FLAG
from commitments.models import Assessment
from commitments.models.assessment import OPEN_END
from commitments.sentences import sentence, workings


class TodayFilter(admin.SimpleListFilter):
    title = _("day")
    parameter_name = "day"

    def lookups(self, request, model_admin):
        return [("today", _("holds today"))]

    def queryset(self, request, queryset):
        if self.value() != "today":
            return queryset
        today = timezone.localdate()
        return queryset.filter(starts_on__lte=today, ends_on__gt=today)


@admin.register(Assessment)
class AssessmentAdmin(RecordAdmin):
    """Computed from the facts, so there is nothing to enter: only to read."""

    fixed_fields = ()
    list_display = ["commitment", "status", "starts_on", "until", "kind", "rule_version"]
    list_filter = [TodayFilter, "status", "kind", "commitment__plan"]
    list_select_related = ["commitment"]
    date_hierarchy = "starts_on"
    search_fields = ["commitment__code", "commitment__title_zh", "commitment__title_en"]
    fieldsets = [
        (None, {"fields": ["commitment", "status", "sentence", "flag_words"]}),
        (_("When"), {"fields": ["starts_on", "until"]}),
        (
            _("Why"),
            {"fields": ["kind", "target", "observation", "workings", "rule_version"]},
        ),
    ]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("before"), ordering="ends_on")
    def until(self, obj):
        return _("until something changes") if obj.ends_on == OPEN_END else day(obj.ends_on)

    @admin.display(description=_("in one sentence"))
    def sentence(self, obj):
        return sentence(obj)

    @admin.display(description=_("flags"))
    def flag_words(self, obj):
        return listed(str(FLAG[Flag(code)]) for code in obj.flags) or "-"

    @admin.display(description=_("arithmetic"))
    def workings(self, obj):
        return "\n".join(f"{label}: {text}" for label, text in workings(obj)) or "-"
