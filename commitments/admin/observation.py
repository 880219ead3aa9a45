from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commitments.admin.evidence import WithEvidence
from commitments.admin.fact import FactAdmin, FactForm, VersionFilter
from commitments.admin.files import ExportedAdmin
from commitments.domain.standards import STANDARDS
from commitments.formats import number, quantity
from commitments.importing.figure_rules import figure_problems, items_of
from commitments.models import Observation, SheetImport


class ObservationForm(FactForm):
    class Meta:
        help_texts = {
            "period": _("What the figure is for: 2023, 2023-H1, 2023-Q3 or 2023-10."),
            "source_zh": _("Who published it, and under what title."),
            "source_url": _("Where anyone can check it."),
            "source_kind": _(
                "Secondary: somebody who repeats the figure, not the body that measured it."
            ),
            "is_provisional": _("The source says that the figure may still change."),
            "quote": _("The sentence with the figure, exactly as the source has it."),
        }

    taken_message = _("There is a figure for this period. Correct that one instead: %(link)s")
    # The period may be what is wrong; a figure of another indicator is another figure.
    fixed_fields = ("indicator",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.corrected is not None and self.instance.pk is None:
            self.instance.corrects = self.corrected

    def clean(self):
        cleaned = super().clean()
        indicator = self.value_of("indicator")
        if indicator is not None:
            given = {
                name: cleaned.get(name) for name in ("period", "item", "value", "published_on")
            }
            problems = figure_problems(
                indicator, items=items_of(indicator), on=timezone.localdate(), **given
            )
            for name, error in problems:
                self.add_error(name if name in self.fields else None, error)
        return cleaned


def item_choices():
    """Every item of every standard, by its code, in the active language."""
    is_english = (get_language() or "").startswith("en")
    names = {
        item.code: item.name_en if is_english else item.name_zh
        for found in STANDARDS.values()
        for item in found.items
    }
    return [("", _("the whole")), *((code, f"{code} · {name}") for code, name in names.items())]


def item_field(db_field):
    return forms.ChoiceField(
        label=db_field.verbose_name,
        required=False,
        choices=item_choices,
        help_text=_("Only where a standard is tested item by item; else “the whole”."),
    )


def figure(observation):
    """The value as the public reads it."""
    if observation.value is None:
        return ""
    if observation.item:
        units = [
            item.unit
            for found in STANDARDS.values()
            for item in found.items
            if item.code == observation.item
        ]
        return " ".join([number(observation.value), *units[:1]])
    return quantity(observation.value, observation.indicator)


@admin.register(Observation)
class ObservationAdmin(WithEvidence, ExportedAdmin, FactAdmin):
    export_subject = SheetImport.Subject.FIGURES
    form = ObservationForm
    fixed_fields = ()
    has_drafts_to_delete = True
    read_as = {"value": "figure"}
    correct_label = _("Correct this figure")
    list_display = [
        "indicator",
        "item",
        "period",
        "figure",
        "published_on",
        "version",
        "correct_link",
    ]
    list_display_links = ["indicator", "figure"]
    list_filter = [VersionFilter, "source_kind", "is_provisional"]
    list_select_related = ["indicator"]
    date_hierarchy = "published_on"
    search_fields = [
        "indicator__code",
        "indicator__name_zh",
        "indicator__name_en",
        "source_zh",
        "source_en",
        "quote",
    ]
    fieldsets = [
        (
            _("The figure"),
            {"fields": ["indicator", "period", "item", "value", "is_provisional"]},
        ),
        (
            _("Where it is from"),
            {
                "fields": [
                    "source_kind",
                    "source_zh",
                    "source_en",
                    "source_url",
                    "published_on",
                    "quote",
                ]
            },
        ),
        (
            _("Only if something is unusual"),
            {
                "classes": ["collapse"],
                "fields": [
                    "stated_zh",
                    "stated_en",
                    "definition_zh",
                    "definition_en",
                    "note_zh",
                    "note_en",
                ],
            },
        ),
    ]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "item":
            return item_field(db_field)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def exported(self, records):
        return records.filter(superseded_at=None)

    def why_kept(self, obj):
        # A figure has no code: a draft of one leaves nothing behind.
        return super().why_kept(obj) if obj.is_published else ""

    @admin.display(description=_("value"), ordering="value")
    def figure(self, obj):
        return figure(obj)
