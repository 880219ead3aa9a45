from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.actions.drafting import draft
from commitments.actions.publishing import NotPublishable, publish, revise
from commitments.admin.record import CODE_IS_KEPT, RecordAdmin, status_line

PUBLISHED_IS_KEPT = gettext_lazy("What was published is never deleted.")


class PublishableAdmin(RecordAdmin):
    """A record that is saved as a draft, and shown to the public by a second, deliberate step."""

    actions = ["publish_selected"]
    workflow_fields = ["state", "created_at", "created_by", "published_at", "published_by"]
    # Whether a published record can still be edited.
    is_editable_once_published = False
    # The action that publishes a record with all that goes with it.
    publish_record = staticmethod(publish)

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *self.workflow_fields]

    def get_fieldsets(self, request, obj=None):
        found = [*super().get_fieldsets(request, obj)]
        if obj is not None:
            found.append((_("Draft or published"), {"fields": self.workflow_fields}))
        return found

    def has_change_permission(self, request, obj=None):
        is_locked = obj is not None and obj.is_published and not self.is_editable_once_published
        return not is_locked and super().has_change_permission(request, obj)

    def why_kept(self, obj):
        return PUBLISHED_IS_KEPT if obj.is_published else CODE_IS_KEPT

    # --- Saving --------------------------------------------------------------------------------

    def save_model(self, request, obj, form, change):
        if not change:
            draft(obj, by=request.user, at=timezone.now())
        elif obj.is_published:
            self.tell(request, revise(obj, at=timezone.now()))
        else:
            obj.save()

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["is_draft"] = obj is None or not obj.is_published
        context["show_publish"] = not context["is_popup"] and (
            add or self.has_change_permission(request, obj)
        )
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_add(self, request, obj, post_url_continue=None):
        if "_publish" in request.POST and not self.publish_one(request, obj):
            return HttpResponseRedirect(admin_address(obj))
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        if "_publish" in request.POST and not self.publish_one(request, obj):
            return HttpResponseRedirect(admin_address(obj))
        return super().response_change(request, obj)

    # --- Publishing ----------------------------------------------------------------------------

    @admin.action(description=gettext_lazy("Publish"), permissions=["change"])
    def publish_selected(self, request, queryset):
        for record in queryset.order_by("pk"):
            self.publish_one(request, record)

    def publish_one(self, request, record):
        """Publish a record and say in one line what came of it; returns whether it is public."""
        try:
            done = self.publish_record(record, by=request.user, at=timezone.now())
        except NotPublishable as error:
            self.message_user(request, _("Not published. %(why)s") % {"why": error}, messages.ERROR)
            return False
        said = []
        for published in done.records:
            is_replacing = any(row.replaced_by == published for row in done.replaced)
            said.append(published_line(published, is_replacing))
        said += [status_line(change) for change in done.statuses]
        self.message_user(request, " ".join(said), messages.SUCCESS)
        return True


def published_line(record, is_replacing):
    name = record._meta.verbose_name
    if not is_replacing:
        return _("Published: %(name)s “%(record)s”.") % {"name": name, "record": record}
    return _("Published: %(name)s “%(record)s”, in place of the version before.") % {
        "name": name,
        "record": record,
    }


def admin_address(record, page="change"):
    return reverse(f"admin:{record._meta.label_lower.replace('.', '_')}_{page}", args=[record.pk])
