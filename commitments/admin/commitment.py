from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commitments.access import Access
from commitments.admin.fields import FORM_FIELDS, VerbatimInput
from commitments.admin.files import ExportedAdmin
from commitments.admin.milestone import MilestoneForm
from commitments.admin.publishable import PublishableAdmin
from commitments.admin.published import Published
from commitments.admin.record import RecordForm, Scoped
from commitments.admin.standing import (
    ReportingFilter,
    StandingFilter,
    WaitsFilter,
    todays_assessments,
)
from commitments.admin.target import (
    AMENDMENT_FIELDS,
    AMENDMENT_TITLE,
    NOTE_FIELDS,
    SPECIAL_FIELDS,
    TEST_FIELDS,
    TargetForm,
    target_field,
)
from commitments.admin.testable import TestableAdmin
from commitments.admin.update import UpdateForm
from commitments.labels import STATUS
from commitments.measurability import testables
from commitments.models import (
    Agency,
    Amendment,
    Commitment,
    Milestone,
    SheetImport,
    Target,
    Update,
)
from commitments.models.workflow import IN_HAND
from commitments.sentences import bare_test, sentence

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
        if "lead_agency" in self.fields and self.instance.pk:
            # Who supports a promise may write it, and leaves its lead as it is.
            offered = self.fields["lead_agency"]
            offered.queryset = offered.queryset | Agency.objects.filter(
                pk=self.instance.lead_agency_id
            )

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


class Drafts(Scoped, admin.StackedInline):
    """What is entered here and nobody waits for yet."""

    extra = 0
    show_change_link = True
    can_delete = False
    formfield_overrides = FORM_FIELDS

    def get_queryset(self, request):
        return super().get_queryset(request).in_hand()

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        access = {"access": Access.of(request.user)}
        formset.form = type(formset.form.__name__, (formset.form,), access)
        return formset


class PublishedTargets(Published):
    model = Target
    verbose_name_plural = _("targets")
    fields = ["indicator", "test", "due_period", "due_basis", "workflow"]
    readonly_fields = ["test", "workflow"]

    def narrowed(self, rows):
        return rows.select_related("indicator", "comparator_indicator")

    @admin.display(description=_("test"))
    def test(self, obj):
        return bare_test(obj)


class WholeTargets(PublishedTargets):
    has_drafts = True


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
        (AMENDMENT_TITLE, {"classes": ["collapse"], "fields": AMENDMENT_FIELDS}),
        (_("How it was read"), {"classes": ["collapse"], "fields": NOTE_FIELDS}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("indicator")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        found = target_field(db_field)
        return found or super().formfield_for_dbfield(db_field, request, **kwargs)


class PublishedMilestones(Published):
    model = Milestone
    verbose_name_plural = _("milestones")
    fields = ["title_zh", "due_on", "done_on", "workflow"]
    readonly_fields = ["workflow"]


class WholeMilestones(PublishedMilestones):
    has_drafts = True


class DraftMilestones(Drafts):
    model = Milestone
    form = MilestoneForm
    verbose_name_plural = _("drafted milestones")
    fields = ["code", "title_zh", "title_en", "due_on"]
    fields += ["done_on", "source_zh", "source_en", "source_url", "done_published_on"]


class PublishedUpdates(Published):
    model = Update
    verbose_name_plural = _("updates")
    fields = ["agency", "dated_on", "text_zh", "workflow"]
    readonly_fields = ["workflow"]

    def narrowed(self, rows):
        return rows.select_related("commitment")


class WholeUpdates(PublishedUpdates):
    has_drafts = True


class DraftUpdates(Drafts):
    model = Update
    form = UpdateForm
    can_delete = True
    verbose_name_plural = _("drafted updates")
    fields = ["code", "agency", "dated_on", "text_zh", "text_en", "source_url"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("commitment")


def has_rows(table, commitment):
    rows = table.model.objects.filter(commitment=commitment)
    return (rows if table.has_drafts else rows.exclude(state__in=IN_HAND)).exists()


def part_address(model, commitment):
    page = reverse(f"admin:commitments_{model._meta.model_name}_add")
    return f"{page}?commitment={commitment.pk}"


def figure_addresses(commitment):
    """Where a figure of each of its tests is entered, with the indicator chosen."""
    tests = commitment.targets.live().select_related("indicator").order_by("code")
    indicators = dict.fromkeys(test.indicator for test in tests)
    page = reverse("admin:commitments_observation_add")
    words = _("Enter a figure: %(indicator)s") if len(indicators) > 1 else _("Enter a figure")
    return [
        (words % {"indicator": each.name}, f"{page}?indicator={each.pk}") for each in indicators
    ]


@admin.register(Commitment)
class CommitmentAdmin(ExportedAdmin, TestableAdmin, PublishableAdmin):
    export_subject = SheetImport.Subject.COMMITMENTS
    form = CommitmentForm
    list_display = ["code", "title", "status_today", "lead_agency", "due_year", "state"]
    list_display_links = ["code", "title"]
    list_filter = ["state", WaitsFilter, ReportingFilter, StandingFilter]
    list_filter += ["plan", "lead_agency", "theme", "due_year"]
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
        if not self.has_change_permission(request, obj):
            whole = [WholeTargets, WholeMilestones, WholeUpdates]
            return [table for table in whole if has_rows(table, obj)]
        # What was submitted by itself from its own page.
        tables = [PublishedTargets, PublishedMilestones, PublishedUpdates]
        return [
            inline
            for table, draft in zip(tables, drafts, strict=True)
            for inline in ([table] if has_rows(table, obj) else []) + [draft]
        ]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and obj.is_published and Access.of(request.user).writes(obj):
            context["part_addresses"] = [
                *figure_addresses(obj),
                (_("Amend or withdraw"), part_address(Amendment, obj)),
                (_("Add a target"), part_address(Target, obj)),
                (_("Add a milestone"), part_address(Milestone, obj)),
                (_("Add an update"), part_address(Update, obj)),
            ]
        context["is_new_promise"] = add
        return super().render_change_form(request, context, add, change, form_url, obj)

    def testables(self, obj):
        return testables(obj, timezone.localdate())

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
