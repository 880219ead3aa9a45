from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commitments.actions.publishing import publish_whole
from commitments.admin.fields import FORM_FIELDS, VerbatimInput
from commitments.admin.milestone import MilestoneForm
from commitments.admin.publishable import PublishableAdmin
from commitments.admin.published import Published
from commitments.admin.record import RecordForm
from commitments.admin.target import (
    AMENDMENT_FIELDS,
    NOTE_FIELDS,
    SPECIAL_FIELDS,
    TEST_FIELDS,
    TargetForm,
    target_field,
    test_words,
)
from commitments.admin.update import UpdateForm
from commitments.labels import STATUS, choices
from commitments.models import Assessment, Commitment, Milestone, Target, Update
from commitments.sentences import sentence

MOST_PLACES_NAMED = 10


class CommitmentForm(RecordForm):
    class Meta:
        help_texts = {
            "title_zh": _("Short: what is promised, with its number and year."),
            "source": _("The text the quote is from."),
            "lead_agency": _("The body that answers for the promise."),
            "due_year": _(
                "It must be done by the end of this year. Leave it empty if the text gives none."
            ),
            "due_basis": _(
                "Stated: the text names it. Implied: it follows from the text or the plan's period."
            ),
            "binding": _(
                "Binding: it must be met. Anticipatory: it is expected. As the text says."
            ),
            "withdrawn_on": _(
                "From this day on the status is “withdrawn”, whatever the figures say."
            ),
        }

    constraint_fields = {
        "commitment_due_year_has_basis": "due_basis",
        "commitment_withdrawn_by_document": "withdrawn_document_zh",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "quote_start" in self.fields:
            self.fields["quote_start"].required = False

    def clean(self):
        cleaned = super().clean()
        source, plan = cleaned.get("source"), cleaned.get("plan")
        if source is not None and plan is not None and source.plan_id != plan.pk:
            self.add_error("source", ValidationError(_("This source belongs to another plan.")))
        quote = cleaned.get("quote")
        has_place = cleaned.get("quote_start") is not None or "quote_start" in self.errors
        if source is not None and quote and not has_place:
            cleaned["quote_start"] = self.only_place(source.text, quote)
        return cleaned

    def only_place(self, text, quote):
        """Where the quote begins, when it is in the text once; the model refuses one that is not.

        A quote that occurs several times is an error: which of them is meant is for a person.
        """
        places = []
        at = text.find(quote)
        while at >= 0 and len(places) <= MOST_PLACES_NAMED:
            places.append(at)
            at = text.find(quote, at + 1)
        if len(places) > 1:
            self.add_error(
                "quote_start",
                ValidationError(
                    _("The quote is in the source more than once. Write one of: %(places)s."),
                    params={"places": ", ".join(map(str, places[:MOST_PLACES_NAMED]))},
                ),
            )
        return places[0] if places else 0


class StandingFilter(admin.SimpleListFilter):
    title = _("status today")
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return choices(STATUS)

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        standing = todays_assessments().filter(commitment=OuterRef("pk"), status=self.value())
        return queryset.filter(Exists(standing))


def todays_assessments():
    today = timezone.localdate()
    return Assessment.objects.filter(starts_on__lte=today, ends_on__gt=today)


class Drafts(admin.StackedInline):
    """What is entered here and not public yet."""

    extra = 0
    show_change_link = True
    can_delete = False
    formfield_overrides = FORM_FIELDS

    def get_queryset(self, request):
        return super().get_queryset(request).unpublished()


class PublishedTargets(Published):
    model = Target
    verbose_name_plural = _("published targets")
    fields = ["indicator", "test", "due_period", "due_basis"]
    readonly_fields = ["test"]

    def narrowed(self, rows):
        return rows.live().select_related("indicator")

    @admin.display(description=_("test"))
    def test(self, obj):
        return test_words(obj)


class DraftTargets(Drafts):
    model = Target
    form = TargetForm
    verbose_name_plural = _("drafted targets")
    fieldsets = [
        (None, {"fields": ["code", "document", *TEST_FIELDS]}),
        (
            _("What some kinds of test need"),
            {"classes": ["collapse"], "fields": SPECIAL_FIELDS},
        ),
        (_("Only for an amendment"), {"classes": ["collapse"], "fields": AMENDMENT_FIELDS}),
        (_("How it was read"), {"classes": ["collapse"], "fields": NOTE_FIELDS}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("indicator")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        found = target_field(db_field)
        return found or super().formfield_for_dbfield(db_field, request, **kwargs)


class PublishedMilestones(Published):
    model = Milestone
    verbose_name_plural = _("published milestones")
    fields = ["title_zh", "due_on", "done_on"]


class DraftMilestones(Drafts):
    model = Milestone
    form = MilestoneForm
    verbose_name_plural = _("drafted milestones")
    fields = ["code", "title_zh", "title_en", "due_on"]
    fields += ["done_on", "source_zh", "source_en", "source_url", "done_published_on"]


class PublishedUpdates(Published):
    model = Update
    verbose_name_plural = _("published updates")
    fields = ["agency", "dated_on", "text_zh"]

    def narrowed(self, rows):
        return rows.published().select_related("commitment")


class DraftUpdates(Drafts):
    model = Update
    form = UpdateForm
    can_delete = True
    verbose_name_plural = _("drafted updates")
    fields = ["code", "agency", "dated_on", "text_zh", "text_en", "source_url"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("commitment")


@admin.register(Commitment)
class CommitmentAdmin(PublishableAdmin):
    form = CommitmentForm
    is_editable_once_published = True
    publish_record = staticmethod(publish_whole)
    list_display = ["code", "title", "status_today", "lead_agency", "due_year", "state"]
    list_display_links = ["code", "title"]
    list_filter = ["state", StandingFilter, "plan", "lead_agency", "theme", "due_year"]
    list_select_related = ["lead_agency"]
    search_fields = ["code", "title_zh", "title_en", "quote"]
    readonly_fields = ["status_today", "sentence_today"]
    fieldsets = [
        (_("The promise"), {"fields": ["plan", "code", "title_zh", "title_en"]}),
        (
            _("Its exact words"),
            {
                "description": _(
                    "Copy the quote from the source text. If it is there only once, its place is "
                    "found for you."
                ),
                "fields": ["source", "quote", "quote_start", "editor_note_zh", "editor_note_en"],
            },
        ),
        (_("Who"), {"fields": ["lead_agency", "supporting_agencies", "theme"]}),
        (
            _("By when"),
            {"fields": ["due_year", "due_basis", "due_note_zh", "due_note_en", "binding"]},
        ),
        (
            _("Beside it"),
            {"classes": ["collapse"], "fields": ["context_indicators"]},
        ),
        (
            _("Only if it was withdrawn"),
            {
                "classes": ["collapse"],
                "fields": [
                    "withdrawn_on",
                    "withdrawn_document_zh",
                    "withdrawn_document_en",
                    "withdrawn_url",
                ],
            },
        ),
    ]

    def get_fieldsets(self, request, obj=None):
        found = super().get_fieldsets(request, obj)
        if obj is None:
            return found
        return [(_("How it stands"), {"fields": ["status_today", "sentence_today"]}), *found]

    def get_queryset(self, request):
        today = Prefetch("assessments", todays_assessments(), to_attr="todays")
        return super().get_queryset(request).prefetch_related(today)

    def get_inlines(self, request, obj):
        drafts = [DraftTargets, DraftMilestones, DraftUpdates]
        if obj is None:
            return drafts
        published = [
            (PublishedTargets, obj.targets.live()),
            (PublishedMilestones, obj.milestones.live()),
            (PublishedUpdates, obj.updates.published()),
        ]
        found = []
        for (inline, rows), draft in zip(published, drafts, strict=True):
            found += [inline] if rows.exists() else []
            found.append(draft)
        return found

    def view_on_site(self, obj):
        return obj.get_absolute_url() if obj.pk and self.standing(obj) else None

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "quote":
            kwargs |= {"form_class": VerbatimInput, "widget": AdminTextareaWidget({"rows": 4})}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def standing(self, obj):
        """Today's assessment, or None where the public cannot read the commitment."""
        return obj.todays[0] if getattr(obj, "todays", None) else None

    @admin.display(description=_("title"), ordering="title_zh")
    def title(self, obj):
        return obj.title

    @admin.display(description=_("status today"))
    def status_today(self, obj):
        standing = self.standing(obj)
        return STATUS[standing.outcome] if standing else "-"

    @admin.display(description=_("in one sentence"))
    def sentence_today(self, obj):
        standing = self.standing(obj)
        return sentence(standing) if standing else _("Not public yet, so it has no status.")
