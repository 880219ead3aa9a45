from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from commitments.access import Access
from commitments.actions.drafting import draft, edit
from commitments.actions.publishing import Refused
from commitments.actions.reviewing import submit, take_back
from commitments.admin.record import CODE_IS_KEPT, RecordAdmin
from commitments.models.workflow import State

# What a reviewer can still read, an address can name and the rule can try in a few seconds.
MOST_AT_ONCE = 50
PUBLISHED_IS_KEPT = gettext_lazy("What was published is never deleted.")
WAITING_IS_KEPT = gettext_lazy("This waits for review. Take it back first.")


class PublishableAdmin(RecordAdmin):
    """A record that one person writes and submits, and another publishes or returns."""

    actions = ["submit_selected", "review_selected"]
    workflow_fields = ["state", "steps"]

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_take_back"
        view = self.admin_site.admin_view(self.take_back_view)
        return [path("<path:object_id>/take-back/", view, name=name), *super().get_urls()]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *self.workflow_fields]

    def get_fieldsets(self, request, obj=None):
        found = [*super().get_fieldsets(request, obj)]
        if obj is not None:
            found.append((_("Draft or published"), {"fields": self.workflow_fields}))
        return found

    # --- Who may -------------------------------------------------------------------------------

    def has_change_permission(self, request, obj=None):
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or Access.of(request.user).may_change(obj)

    def has_delete_permission(self, request, obj=None):
        if not super().has_delete_permission(request, obj):
            return False
        return obj is None or Access.of(request.user).may_change(obj)

    def has_submit_permission(self, request):
        return Access.of(request.user).may_add(self.model)

    def has_review_permission(self, request):
        return Access.of(request.user).is_reviewer

    def why_kept(self, obj):
        if obj.is_in_review:
            return WAITING_IS_KEPT
        return PUBLISHED_IS_KEPT if obj.is_published else CODE_IS_KEPT

    # --- Saving --------------------------------------------------------------------------------

    def save_model(self, request, obj, form, change):
        if change:
            edit(obj, by=request.user, at=timezone.now())
        else:
            draft(obj, by=request.user, at=timezone.now())

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        access = Access.of(request.user)
        context["show_submit"] = not context["is_popup"] and (
            add or self.has_change_permission(request, obj)
        )
        if obj is not None and obj.is_in_review:
            context["waiting"] = obj
            if access.writes(obj):
                context["take_back_address"] = admin_address(obj, "take_back")
            if access.is_reviewer:
                context["review_address"] = review_address([obj])
        if obj is not None and obj.state == State.RETURNED:
            context["returned"] = obj
        context["is_draft"] = obj is None or obj.state == State.DRAFT
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_add(self, request, obj, post_url_continue=None):
        if "_submit" in request.POST and not self.submit_all(request, [obj]):
            return HttpResponseRedirect(admin_address(obj))
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        if "_submit" in request.POST and not self.submit_all(request, [obj]):
            return HttpResponseRedirect(admin_address(obj))
        return super().response_change(request, obj)

    # --- Submitting, and handing to the reviewer -------------------------------------------------

    @admin.action(description=gettext_lazy("Submit for review"), permissions=["submit"])
    def submit_selected(self, request, queryset):
        self.submit_all(request, queryset.order_by("pk"))

    @admin.action(description=gettext_lazy("Review: publish or return"), permissions=["review"])
    def review_selected(self, request, queryset):
        chosen = list(queryset.order_by("pk")[: MOST_AT_ONCE + 1])
        if len(chosen) > MOST_AT_ONCE:
            said = _("At most %(count)d are decided at once. These are the first of your choice.")
            self.message_user(request, said % {"count": MOST_AT_ONCE}, messages.WARNING)
        return HttpResponseRedirect(review_address(chosen[:MOST_AT_ONCE]))

    def submit_all(self, request, records):
        """Submit records and say of each what came of it; returns whether all went."""
        outcomes = submit(records, by=request.user, at=timezone.now())
        for outcome in outcomes:
            if outcome.is_done:
                said = _("Submitted for review: %(record)s.") % {"record": outcome.record}
                self.message_user(request, said, messages.SUCCESS)
            else:
                said = _("Not submitted. %(why)s") % {"why": outcome.refused}
                self.message_user(request, said, messages.ERROR)
        return all(outcome.is_done for outcome in outcomes)

    def take_back_view(self, request, object_id):
        """Make a waiting record a draft again; asked for by a button, so by POST alone."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_submit_permission(request):
            raise PermissionDenied
        [outcome] = take_back([record], by=request.user, at=timezone.now())
        if outcome.is_done:
            said = _("Taken back: %(record)s is a draft again.") % {"record": record}
            self.message_user(request, said, messages.SUCCESS)
        else:
            self.message_user(request, str(outcome.refused), messages.ERROR)
        return HttpResponseRedirect(admin_address(record))

    # --- Reading -------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("who did what"))
    def steps(self, obj):
        steps = (
            (_("created"), obj.created_at, obj.created_by),
            (_("last changed"), obj.changed_at, obj.changed_by),
            (_("submitted"), obj.submitted_at, obj.submitted_by),
            (_("returned"), obj.returned_at, obj.returned_by),
            (pgettext("state", "published"), obj.published_at, obj.published_by),
        )
        lines = [step_line(what, at, by) for what, at, by in steps if at is not None]
        return "\n".join([*lines, *self.more_steps(obj)])

    def more_steps(self, obj):
        return []


def step_line(what, at, by):
    moment = date_format(timezone.localtime(at), "Y-m-d H:i")
    return f"{what}{pgettext('colon', ': ')}{moment} {named(by)}"


def named(user):
    """A person by name, or by user name where no name was given."""
    return user.get_full_name() or user.get_username()


def admin_address(record, page="change"):
    return reverse(f"admin:{record._meta.label_lower.replace('.', '_')}_{page}", args=[record.pk])


def token(record):
    """A record among those of every kind, in an address: observation-12."""
    return f"{record._meta.model_name}-{record.pk}"


def review_address(records):
    query = urlencode([("record", token(record)) for record in records])
    return f"{reverse('admin:review_look')}?{query}"
