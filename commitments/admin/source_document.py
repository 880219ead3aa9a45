from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.utils.translation import gettext_lazy as _

from commitments.admin.fields import VerbatimInput
from commitments.admin.record import RecordAdmin, RecordForm
from commitments.models import SourceDocument
from commitments.models.source_document import sha256_of


class SourceDocumentForm(RecordForm):
    def clean(self):
        cleaned = super().clean()
        if "text" in cleaned:
            self.instance.sha256 = sha256_of(cleaned["text"])
        return cleaned


@admin.register(SourceDocument)
class SourceDocumentAdmin(RecordAdmin):
    form = SourceDocumentForm
    list_display = ["title", "code", "publisher", "published_on", "plan"]
    list_filter = ["plan"]
    list_select_related = ["plan"]
    date_hierarchy = "published_on"
    search_fields = ["code", "title_zh", "title_en", "publisher_zh", "publisher_en", "text"]
    readonly_fields = ["sha256"]
    fieldsets = [
        (None, {"fields": ["plan", "code", "title_zh", "title_en"]}),
        (
            _("Where it is from"),
            {"fields": ["publisher_zh", "publisher_en", "published_on", "url"]},
        ),
        (_("Its words"), {"fields": ["text", "sha256"]}),
        (_("For the public"), {"fields": ["note_zh", "note_en"]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        found = super().get_readonly_fields(request, obj)
        # Every quote is a slice of the text at a place in it.
        return [*found, "plan", "text"] if obj is not None and obj.commitments.exists() else found

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "text":
            kwargs |= {"form_class": VerbatimInput, "widget": AdminTextareaWidget({"rows": 20})}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_queryset(self, request):
        found = super().get_queryset(request)
        # A list needs no full texts.
        is_list = request.resolver_match.url_name.endswith("_changelist")
        return found.defer("text") if is_list else found

    @admin.display(description=_("title"), ordering="title_zh")
    def title(self, obj):
        return obj.title

    @admin.display(description=_("publisher"), ordering="publisher_zh")
    def publisher(self, obj):
        return obj.publisher
