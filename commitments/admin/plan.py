from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.actions.publishing import AlreadyPublished, open_plan
from commitments.admin.record import RecordAdmin
from commitments.models import Plan


@admin.register(Plan)
class PlanAdmin(RecordAdmin):
    list_display = ["title", "code", "period_start", "period_end", "opened_on", "is_fictional"]
    list_filter = ["is_fictional"]
    search_fields = ["code", "title_zh", "title_en", "issuer_zh", "issuer_en"]
    readonly_fields = ["opened_on"]
    actions = ["open_selected"]
    fieldsets = [
        (None, {"fields": ["code", "title_zh", "title_en", "issuer_zh", "issuer_en"]}),
        (
            gettext_lazy("When it was promised"),
            {"fields": ["adopted_on", "period_start", "period_end"]},
        ),
        (
            gettext_lazy("For the public"),
            {"fields": ["summary_zh", "summary_en", "agencies", "is_fictional", "opened_on"]},
        ),
    ]

    def get_readonly_fields(self, request, obj=None):
        found = super().get_readonly_fields(request, obj)
        # Readers were told what kind of plan this is.
        return [*found, "is_fictional"] if obj is not None and obj.opened_on else found

    def view_on_site(self, obj):
        return obj.get_absolute_url() if obj.opened_on else None

    @admin.display(description=gettext_lazy("title"), ordering="title_zh")
    def title(self, obj):
        return obj.title

    @admin.action(description=gettext_lazy("Open to the public"), permissions=["change"])
    def open_selected(self, request, queryset):
        for plan in queryset:
            try:
                open_plan(plan, by=request.user, at=timezone.now())
            except AlreadyPublished as error:
                self.message_user(request, str(error), messages.ERROR)
            else:
                self.message_user(
                    request,
                    _("%(plan)s: the public can read it from today on.") % {"plan": plan},
                    messages.SUCCESS,
                )
