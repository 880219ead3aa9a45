from django import forms
from django.contrib import admin
from django.db.models import Q
from django.forms.models import model_to_dict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commitments.access import Access
from commitments.admin.fact import FactAdmin, FactForm, VersionFilter, is_live
from commitments.admin.fields import InterimInput
from commitments.admin.testable import TestableAdmin
from commitments.domain.standards import STANDARDS
from commitments.formats import quantity
from commitments.importing.target_rules import correction_problems, target_problems
from commitments.measurability import tested
from commitments.models import Target
from commitments.sentences import bare_test

# What an amendment of a target usually leaves as it was.
AMENDMENT_KEEPS = (
    "commitment",
    "indicator",
    "kind",
    "standard",
    "comparator_indicator",
    "baseline_period",
    "baseline_value",
    "first_period",
    "due_period",
)


class TargetForm(FactForm):
    class Meta:
        help_texts = {
            "kind": _("What the figure is compared with, and how."),
            "due_period": _("The period whose figure decides, such as 2025."),
            "due_basis": _(
                "Stated: the text names it. Implied: it follows from the text or the plan's period."
            ),
            "document": _("The text that sets this target, or changed it."),
            "baseline_period": _(
                "The period the document starts from, such as 2020. Only if it names one."
            ),
            "comparator_indicator": _(
                "For a test of every year: the figure that must be exceeded."
            ),
            "amends": _("The target that the new document changed."),
            "valid_from": _("The day the document took effect."),
        }

    kept_fields = ("commitment",)
    taken_message = _("The code is in use. Correct that target instead: %(link)s")
    constraint_fields = {
        "target_has_number": "value",
        "target_zero_is_zero": "value",
        "target_coverage_in_percent": "value",
        "target_class_known": "value",
        "target_standard_if_composite": "standard",
        "target_comparator_complete": "comparator_indicator",
        "target_baseline_complete": "baseline_value",
        "target_amendment_has_reason": "reason_zh",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "amends" in self.fields:
            self.fields["amends"].queryset = self.originals()

    def originals(self):
        """The targets this one may amend: live originals, of its commitment if that is known."""
        commitment = self.instance.commitment_id or self.initial.get("commitment")
        found = Target.objects.live().filter(amends=None).exclude(code=self.instance.code or "")
        if self.instance.amends_id:
            # The original may have been corrected since.
            found = Target.objects.filter(Q(pk=self.instance.amends_id) | Q(pk__in=found))
        # From an address it may be any text.
        if isinstance(commitment, int):
            found = found.filter(commitment=commitment)
        return self.access.visible(found).select_related("indicator")

    def clean(self):
        cleaned = super().clean()
        asked = ("indicator", "kind", "comparator_indicator", "amends", "code")
        values = {**cleaned, **{name: self.value_of(name) for name in asked}}
        problems = [*target_problems(values, commitment=self.value_of("commitment"))]
        if self.corrected is not None:
            problems += correction_problems(self.corrected, values)
        for name, error in problems:
            self.add_error(name if name in self.fields else None, error)
        return cleaned


def standard_choices():
    is_english = (get_language() or "").startswith("en")
    return [
        ("", "---------"),
        *(
            (code, found.name_en if is_english else found.name_zh)
            for code, found in STANDARDS.items()
        ),
    ]


def target_field(db_field):
    """The form field for those columns that need one of their own, or None."""
    if db_field.name == "standard":
        return forms.ChoiceField(
            label=db_field.verbose_name,
            required=False,
            choices=standard_choices,
            help_text=_("Only for a test on every item of a standard: the edition that applies."),
        )
    if db_field.name == "interim":
        return db_field.formfield(
            form_class=InterimInput,
            widget=forms.Textarea({"rows": 2, "class": "vLargeTextField"}),
            help_text=_("Points the document names on the way, such as 2023=300; 2024=320."),
        )
    return None


TEST_FIELDS = ["indicator", "kind", "value", "due_period", "due_basis"]
SPECIAL_FIELDS = [
    "baseline_period",
    "baseline_value",
    "interim",
    "standard",
    "comparator_indicator",
    "first_period",
]
AMENDMENT_FIELDS = ["amends", "reason_zh", "reason_en", "valid_from", "valid_until"]
AMENDMENT_TITLE = _("Only for an amendment or a correction")
NOTE_FIELDS = ["note_zh", "note_en"]


@admin.register(Target)
class TargetAdmin(TestableAdmin, FactAdmin):
    form = TargetForm
    correct_label = _("Correct this target")
    read_as = {"value": "test", "baseline_value": "baseline", "interim": "interim_points"}
    list_display = ["code", "commitment", "indicator", "test", "due_period", "version"]
    list_display += ["correct_link"]
    list_filter = [VersionFilter, "kind", "commitment__plan"]
    list_select_related = ["commitment", "indicator", "comparator_indicator"]
    search_fields = [
        "code",
        "commitment__code",
        "commitment__title_zh",
        "commitment__title_en",
        "indicator__name_zh",
        "indicator__name_en",
    ]
    fieldsets = [
        (_("Whose test it is"), {"fields": ["commitment", "code", "document"]}),
        (_("The test"), {"fields": TEST_FIELDS}),
        (
            _("What some kinds of test need"),
            {
                "description": _(
                    "A baseline or interim targets if the document states them; the standard for "
                    "a test on every item of it; the comparison and the first period for a test "
                    "of every year."
                ),
                "fields": SPECIAL_FIELDS,
            },
        ),
        (
            AMENDMENT_TITLE,
            {
                "classes": ["collapse"],
                "description": _(
                    "When a new document changed the promise itself: the target it changed, and "
                    "why. Both targets stay public. A mistake made here is corrected instead; then "
                    "the reason says what it was."
                ),
                "fields": AMENDMENT_FIELDS,
            },
        ),
        (_("How it was read"), {"classes": ["collapse"], "fields": NOTE_FIELDS}),
    ]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        found = target_field(db_field)
        return found or super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_fieldsets(self, request, obj=None):
        found = super().get_fieldsets(request, obj)
        if self.asked_for(request, "corrects") is None:
            return found
        # The reason is asked for, so it is not folded away.
        return [
            (title, options | {"classes": []} if title is AMENDMENT_TITLE else options)
            for title, options in found
        ]

    def get_changeform_initial_data(self, request):
        original = self.asked_for(request, "amends")
        if original is None:
            # The reason is that of this change alone; an amended target keeps its document's.
            found = super().get_changeform_initial_data(request)
            is_own = found.get("amends") is None
            return found | (dict.fromkeys(("reason_zh", "reason_en"), "") if is_own else {})
        return model_to_dict(original, AMENDMENT_KEEPS) | {"amends": original.pk}

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        is_original = obj is not None and is_live(obj) and obj.amends_id is None
        if is_original and Access.of(request.user).writes(obj):
            context["amend_address"] = reverse("admin:commitments_target_add") + f"?amends={obj.pk}"
        return super().render_change_form(request, context, add, change, form_url, obj)

    def testables(self, obj):
        return tested([obj], timezone.localdate())

    @admin.display(description=_("test"))
    def test(self, obj):
        return bare_test(obj)

    @admin.display(description=_("baseline"))
    def baseline(self, obj):
        return "" if obj.baseline_value is None else quantity(obj.baseline_value, obj.indicator)

    @admin.display(description=_("interim targets"))
    def interim_points(self, obj):
        return "; ".join(f"{period}={value}" for period, value in obj.interim)
