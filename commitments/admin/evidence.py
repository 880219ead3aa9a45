from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.access import Access
from commitments.admin.published import AddedSince
from commitments.admin.record import link
from commitments.models import Evidence
from commitments.models.file_types import FILE_TYPES, WrongFile
from commitments.sending import file_answer
from commitments.uploads import was_cut

MOST_FILES = 10


class EvidenceForm(forms.ModelForm):
    upload = forms.FileField(
        label=gettext_lazy("file"),
        widget=forms.FileInput({"accept": ",".join(f".{name}" for name in FILE_TYPES)}),
        help_text=gettext_lazy(
            "PDF, PNG, JPEG, DOCX, XLSX, CSV or TXT, up to 10 MB. The public can download it once "
            "this is published: leave out personal data."
        ),
    )

    class Meta:
        model = Evidence
        fields = []

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        try:
            self.instance.take(upload)
        except WrongFile as error:
            raise ValidationError(str(error), code="wrong_file") from error
        self.instance.added_by = self.by
        return upload


class EvidenceFormSet(AddedSince):
    is_cut = False

    def clean(self):
        super().clean()
        if self.is_cut:
            raise ValidationError(
                _(
                    "Nothing was saved: the files have more than %(most)d MB together. Save with "
                    "fewer of them, and add the others afterwards."
                )
                % {"most": settings.UPLOAD_MAX_BYTES // 1_000_000},
                code="too_large",
            )


class EvidenceInline(admin.StackedInline):
    """Files are added to a draft or taken away from it, never changed."""

    model = Evidence
    form = EvidenceForm
    formset = EvidenceFormSet
    fields = ["upload"]
    extra = 1
    max_num = MOST_FILES
    verbose_name_plural = gettext_lazy("evidence")

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form = type("EvidenceForm", (formset.form,), {"by": request.user})
        formset.is_cut = was_cut(request)
        return formset

    def upload(self, obj):
        """What is shown of a file that is there already."""
        # Somebody else took it away while this form was open.
        return evidence_link(obj) if obj.pk else ""

    upload.short_description = gettext_lazy("file")

    # Whoever may write the record may add files to it, and whoever may read it may read them.

    def has_add_permission(self, request, obj=None):
        return obj is None or Access.of(request.user).may_change(obj)

    def has_delete_permission(self, request, obj=None):
        return self.has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return True


class WithEvidence(admin.ModelAdmin):
    """An admin whose records have files; each is downloaded by those who may see its record."""

    def get_urls(self):
        file = path(
            "<path:object_id>/evidence/<int:number>/",
            self.admin_site.admin_view(self.evidence_view),
            name=f"{self.opts.app_label}_{self.opts.model_name}_evidence",
        )
        return [file, *super().get_urls()]

    def get_inlines(self, request, obj):
        return [*super().get_inlines(request, obj), EvidenceInline]

    def evidence_view(self, request, object_id, number):
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, unquote(object_id))
        if not self.has_view_permission(request, record) or not Access.of(request.user).may_see(
            record
        ):
            raise PermissionDenied
        evidence = record.evidence.filter(pk=number).first()
        if evidence is None:
            raise Http404
        answer = file_answer(evidence)
        if answer is None:
            self.message_user(
                request,
                _("The file “%(name)s” is not in the storage any more. Add it again.")
                % {"name": evidence.name},
                messages.ERROR,
            )
            return HttpResponseRedirect(
                reverse(f"admin:commitments_{self.opts.model_name}_change", args=[record.pk])
            )
        return answer


def evidence_links(record):
    """Links to the files of a record, of whatever kind it is."""
    if not hasattr(record, "evidence"):
        return []
    return [evidence_link(evidence) for evidence in record.evidence.all()]


def evidence_link(evidence):
    kind = "observation" if evidence.observation_id else "update"
    owner = evidence.observation_id or evidence.update_id
    address = reverse(f"admin:commitments_{kind}_evidence", args=[owner, evidence.pk])
    return link(address, f"{evidence.name} ({filesizeformat(evidence.size)})")
