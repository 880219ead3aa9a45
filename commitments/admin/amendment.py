from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms.models import model_to_dict
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.access import Access
from commitments.actions.amending import AMENDABLE, as_stored, as_told, changes_between
from commitments.admin.commitment import CommitmentAdmin
from commitments.admin.publishable import PublishableAdmin, admin_address
from commitments.admin.record import RecordForm
from commitments.differences import amended
from commitments.models import Agency, Amendment, Commitment

# The document that withdraws a promise is the amendment's own.
BY_THE_DOCUMENT = ("withdrawn_document_zh", "withdrawn_document_en", "withdrawn_url")
ASKED = [name for name in AMENDABLE if name not in BY_THE_DOCUMENT]
OWN_FIELDS = ["document_zh", "document_en", "document_url", "reason_zh", "reason_en"]


class AmendmentForm(RecordForm):
    """The fields of a promise, with the document and the reason that change them."""

    class Meta:
        help_texts = {
            "document_zh": gettext_lazy("The document that changes or withdraws the promise."),
            "document_url": gettext_lazy("Where anyone can read it."),
            "reason_zh": gettext_lazy("Why, as the document says it. The public reads it."),
        }

    # The promise, and the form that checks what it would become; set by the admin.
    commitment = None
    promise_form = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.instance.commitment = self.commitment
        self.initial = {**promised(self.commitment, self.instance.changes), **self.initial}

    def clean(self):
        cleaned = super().clean()
        # A copy: the promise itself changes only when the amendment is published.
        copy = Commitment.objects.get(pk=self.commitment.pk)
        promise = self.promise_form(self.data, instance=copy, prefix=self.prefix)
        for name, errors in promise.errors.items():
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, errors)
        if self.errors:
            return cleaned
        before = as_told(self.commitment)
        if before["withdrawn_on"] != as_told(copy)["withdrawn_on"]:
            self.withdraw_by_the_document(copy)
        many = {name: promise.cleaned_data[name] for name in many_names()}
        self.instance.changes = changes_between(before, as_told(copy, many))
        if not self.instance.changes:
            self.add_error(None, ValidationError(_("Nothing of the promise is changed yet.")))
        return cleaned

    def withdraw_by_the_document(self, promise):
        given = self.cleaned_data if promise.withdrawn_on else {}
        promise.withdrawn_document_zh = given.get("document_zh", "")
        promise.withdrawn_document_en = given.get("document_en", "")
        promise.withdrawn_url = given.get("document_url", "")


def many_names():
    return [field.name for field in Commitment._meta.many_to_many if field.name in AMENDABLE]


def promised(commitment, changes):
    """What a promise would say with some changes, as a form starts with it."""
    found = model_to_dict(commitment, ASKED)
    for name in set(changes) & {*ASKED}:
        field = Commitment._meta.get_field(name)
        value = as_stored(field, changes[name][1])
        found[name] = value.pk if field.many_to_one else value
    return found


@admin.register(Amendment)
class AmendmentAdmin(PublishableAdmin):
    form = AmendmentForm
    fixed_fields = ()
    has_drafts_to_delete = True
    list_display = ["commitment", "document", "state", "submitted_at"]
    list_filter = ["state", "commitment__plan"]
    list_select_related = ["commitment"]
    search_fields = ["commitment__code", "commitment__title_zh", "document_zh", "reason_zh"]

    def why_kept(self, obj):
        return "" if obj.is_in_hand else super().why_kept(obj)

    # --- The form ------------------------------------------------------------------------------

    def get_fieldsets(self, request, obj=None):
        document = (_("By which document, and why"), {"fields": OWN_FIELDS})
        if obj is not None and not self.has_change_permission(request, obj):
            found = [(None, {"fields": ["commitment", "difference"]}), document]
        else:
            promise = CommitmentAdmin(Commitment, self.admin_site).fieldsets
            found = [document, *(asked_of(each) for each in promise)]
            found = [each for each in found if each[1]["fields"]]
        if obj is not None:
            found.append((_("Draft or published"), {"fields": self.workflow_fields}))
        return found

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "commitment", "difference"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is not None and not self.has_change_permission(request, obj):
            return super().get_form(request, obj, change=change, form=RecordForm, **kwargs)
        commitment = obj.commitment if obj is not None else self.asked_for(request)
        promise_admin = CommitmentAdmin(Commitment, self.admin_site)
        promise_form = promise_admin.get_form(request, commitment, fields=ASKED)
        asked = promise_form(instance=commitment).fields
        # A document may give the promise to another body than its author's.
        asked["lead_agency"].queryset = Agency.objects.all()
        promise_form.base_fields["lead_agency"].queryset = Agency.objects.all()
        given = {"commitment": commitment, "promise_form": promise_form, **asked}
        form = type("AmendmentForm", (AmendmentForm,), given)
        return super().get_form(request, obj, change=change, form=form, **kwargs)

    # --- Beginning one -------------------------------------------------------------------------

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        commitment = self.asked_for(request)
        if commitment is None:
            self.message_user(
                request, _("Amend a published promise from its own page."), messages.ERROR
            )
            return HttpResponseRedirect(reverse("admin:commitments_commitment_changelist"))
        begun = commitment.amendments.unpublished().first()
        if begun is not None:
            self.message_user(
                request, _("An amendment was begun already. Go on with it."), messages.INFO
            )
            return HttpResponseRedirect(admin_address(begun))
        context = {"title": _("Amend: %(record)s") % {"record": commitment}}
        return super().add_view(request, form_url, {**(extra_context or {}), **context})

    # It is begun from the promise, so neither a list nor the first page offers to add one.

    def get_model_perms(self, request):
        return super().get_model_perms(request) | {"add": False}

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(
            request, {"has_add_permission": False, **(extra_context or {})}
        )

    def render_change_form(self, request, context, *args, **kwargs):
        context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    def asked_for(self, request):
        """The published promise that the address names, if this person may amend it, or None."""
        asked = request.GET.get("commitment", "")
        if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
            return None
        own = Access.of(request.user).own(Commitment.objects.published())
        return own.filter(pk=int(asked)).first()

    # --- Reading -------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("document"), ordering="document_zh")
    def document(self, obj):
        return obj.document

    @admin.display(description=gettext_lazy("what changes"))
    def difference(self, obj):
        return render_to_string("admin/commitments/_differences.html", {"found": amended(obj)})


def asked_of(fieldset):
    """A fieldset of a promise's form with the fields of it that an amendment asks for."""
    title, options = fieldset
    return title, options | {"fields": [name for name in options["fields"] if name in ASKED]}
