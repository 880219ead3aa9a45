from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.access import Access
from commitments.actions.sending_once import claim
from commitments.admin.conflicts import (
    KEEP,
    SEEN,
    Part,
    conflicts,
    merged,
    read_seen,
    seen_by,
    texts_of,
    title_of,
)
from commitments.admin.history import moment, person_words
from commitments.admin.recorded import RecordedAdmin
from commitments.kept import TOKEN, done_with, in_session, new_token, person_of
from commitments.models import Entry

# Sent with every form, and no part of what was typed.
NOT_TYPED = {"csrfmiddlewaretoken", SEEN}


class GuardedAdmin(RecordedAdmin):
    """An admin in which nobody's save undoes another's unseen, and no text is lost on the way."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST":
            return self.shown(request, object_id, form_url, extra_context)
        # One transaction from the first look to the last word: nobody saves in between.
        with transaction.atomic():
            if person_of(request.POST.get(TOKEN, "")) != request.user.pk:
                return self.guarded(request, object_id, form_url, extra_context)
            sent, is_first = claim(request, by=request.user, at=timezone.now())
            if not is_first:
                return self.saved_already(request, sent)
            answer = self.guarded(request, object_id, form_url, extra_context)
            if not hasattr(request, "saved_record"):
                sent.delete()
                return answer
            sent.record_id = request.saved_record.pk
            sent.save(update_fields=["record_id"])
            done_with(request)
            return answer

    def shown(self, request, object_id, form_url, extra_context):
        """The form, with what was kept for it; or that text alone when it has no form any more."""
        kept = in_session(request)
        if kept is not None and object_id is not None:
            record = self.get_object(request, unquote(object_id))
            if record is None or not self.has_change_permission(request, record):
                request.POST = kept.posted()
                return self.text_without_a_place(request, record)
        request.kept_form = kept
        return super().changeform_view(request, object_id, form_url, extra_context)

    def saved_already(self, request, sent):
        """A second click, or a page sent again: lead to what the first one saved."""
        self.message_user(
            request, _("This form was saved already. Nothing was done twice."), messages.INFO
        )
        return HttpResponseRedirect(
            reverse(
                f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[sent.record_id]
            )
        )

    def guarded(self, request, object_id, form_url, extra_context):
        """Save the form, unless somebody else has changed or closed its record since."""
        seen = read_seen(request.POST.get(SEEN, ""))
        if object_id is not None and seen is not None:
            record = self.get_object(request, unquote(object_id))
            if record is None or not self.has_change_permission(request, record):
                return self.text_without_a_place(request, record)
            self.hold(record)
            answer = self.checked(request, record, seen)
            if answer is not None:
                return answer
        return super().changeform_view(request, object_id, form_url, extra_context)

    # --- A text that was kept over a login -------------------------------------------------------

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        kept = getattr(request, "kept_form", None)
        return filled(form, kept.posted()) if kept else form

    def get_formset_kwargs(self, request, obj, inline, prefix):
        found = super().get_formset_kwargs(request, obj, inline, prefix)
        kept = getattr(request, "kept_form", None)
        return found | {"data": kept.posted()} if kept else found

    def hold(self, record):
        rows = self.model._base_manager.filter(pk=record.pk).select_for_update()
        # Unordered: by its own order a figure's indicator would be read, and locked, with it.
        list(rows.order_by().values_list("pk"))
        record.refresh_from_db()

    def checked(self, request, record, seen):
        """The page of a conflict, or None when the form can be saved as it is."""
        form, formsets = self.forms_sent(request, record)
        if any(name.startswith(KEEP) for name in request.POST):
            request.POST = merged(request.POST, form, formsets)
            form, formsets = self.forms_sent(request, record)
        parts = conflicts(form, formsets, seen)
        if not parts:
            return None
        context = {
            **self.page_context(request, record),
            "title": _("Somebody else has changed this"),
            "parts": parts,
            "others": changes_since(record, request.user),
            "seen": seen_by(self.forms_shown(form, formsets)),
            "typed": typed(request),
            "files_to_choose_again": [file.name for file in request.FILES.values()],
        }
        return TemplateResponse(
            request, "admin/commitments/conflict.html", context, status=409
        ).render()

    def forms_sent(self, request, record):
        form = self.get_form(request, record, change=True)(request.POST, instance=record)
        formsets, _inlines = self._create_formsets(request, record, change=True)
        return form, [each for each in formsets if each.management_form.is_valid()]

    @staticmethod
    def forms_shown(form, formsets):
        return [form, *(row for formset in formsets for row in formset.initial_forms)]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        kept = getattr(request, "kept_form", None)
        sent = kept.posted() if kept else request.POST
        # It comes back because something is wrong in it, and no browser sends a file twice.
        files = kept.files if kept else [file.name for file in request.FILES.values()]
        context["files_to_choose_again"] = files
        context["is_kept"] = kept is not None
        context["form_token"] = sent.get(TOKEN) or new_token(request.user)
        if change:
            formsets = [each.formset for each in context["inline_admin_formsets"]]
            shown = self.forms_shown(context["adminform"].form, formsets)
            # A form that comes back with an error keeps the marks it was opened with.
            context["seen"] = sent.get(SEEN) or seen_by(shown)
        return super().render_change_form(request, context, add, change, form_url, obj)

    # --- A record that is not there to be changed any more ---------------------------------------

    def text_without_a_place(self, request, record):
        """What was typed, when its record was submitted, published or deleted in the meantime."""
        form = self.get_form(request, None, change=False)(request.POST)
        if record is not None and not Access.of(request.user).may_see(record):
            record = None
        context = {
            **self.page_context(request, record),
            "title": _("This can no longer be changed here"),
            "part": Part(title_of(form), texts=texts_of(form)),
            "others": changes_since(record, request.user) if record is not None else [],
            "new_address": self.new_address(request, record),
            "typed": typed(request),
        }
        return TemplateResponse(request, "admin/commitments/gone.html", context, status=409)

    def new_address(self, request, record):
        """Where the text can be saved as a new draft, or nothing."""
        is_to_be_had = record is None and self.has_add_permission(request)
        return admin_page(self.opts, "add") if is_to_be_had else ""

    def page_context(self, request, record):
        return {**self.admin_site.each_context(request), "opts": self.opts, "original": record}


def filled(form, data):
    """The form class, so that it shows a text as it was typed, with what is wrong in it."""

    class Filled(form):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **(kwargs | {"data": data}))

    Filled.__name__ = form.__name__
    return Filled


def admin_page(opts, page):
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}")


def typed(request):
    """Pairs of what the form sent, for the next page to send again."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in NOT_TYPED and not name.startswith(KEEP)
        for value in values
    ]


def changes_since(record, person):
    """The latest changes of a record by others: who, what and when."""
    entries = Entry.objects.of(record).exclude(by=person).select_related("by")[:3]
    return [
        (person_words(entry.by), entry.get_action_display(), moment(entry.at)) for entry in entries
    ]
