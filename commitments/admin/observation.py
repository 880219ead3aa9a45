from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commitments.admin.fact import FactAdmin, FactForm, VersionFilter
from commitments.domain.kinds import Kind
from commitments.domain.periods import Frequency
from commitments.domain.standards import STANDARDS
from commitments.formats import number, quantity
from commitments.labels import FREQUENCY
from commitments.models import Indicator, Observation, Target

EXAMPLES = {
    Frequency.YEAR: "2023",
    Frequency.HALF: "2023-H1",
    Frequency.QUARTER: "2023-Q3",
    Frequency.MONTH: "2023-10",
}


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

    def clean_published_on(self):
        day = self.cleaned_data["published_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day has not come yet."), code="future")
        return day

    def clean(self):
        cleaned = super().clean()
        indicator = self.value_of("indicator")
        if indicator is not None:
            self.check_period(indicator)
            self.check_item(indicator)
            self.check_value(indicator)
        return cleaned

    def check_period(self, indicator):
        period, published_on = (self.cleaned_data.get(n) for n in ("period", "published_on"))
        if period is None:
            return
        wanted = Frequency(indicator.frequency)
        if period.frequency is not wanted:
            self.refuse(
                "period",
                _("This indicator is reported %(frequency)s. Write a period such as %(example)s."),
                frequency=FREQUENCY[wanted],
                example=EXAMPLES[wanted],
            )
        elif published_on is not None and period.starts_on > published_on:
            self.refuse("period", _("The source was published before this period began."))

    def check_item(self, indicator):
        item = self.cleaned_data.get("item", "")
        if "item" in self.errors:
            return
        items = items_of(indicator)
        if items and not item:
            self.refuse(
                "item",
                _("This indicator is tested item by item. Choose one of: %(items)s."),
                items=", ".join(items),
            )
        elif items and item not in items:
            self.refuse(
                "item",
                _("The standard has no item “%(item)s”. Choose one of: %(items)s."),
                item=item,
                items=", ".join(items),
            )
        elif item and not items:
            self.refuse("item", _("This indicator has no items. Leave this empty."))

    def check_value(self, indicator):
        value = self.cleaned_data.get("value")
        if value is None:
            return
        if indicator.scale == Indicator.Scale.WATER_CLASS and value not in range(1, 7):
            self.refuse(
                "value", _("A water quality class is a whole number from 1 to 6 (6: worse than Ⅴ).")
            )
        elif indicator.floor is not None and value < indicator.floor:
            self.refuse(
                "value",
                _("This is below %(limit)s, the least the indicator can be."),
                limit=number(indicator.floor),
            )
        elif indicator.ceiling is not None and value > indicator.ceiling:
            self.refuse(
                "value",
                _("This is above %(limit)s, the most the indicator can be."),
                limit=number(indicator.ceiling),
            )

    def refuse(self, name, message, **params):
        self.add_error(
            name if name in self.fields else None, ValidationError(message, params=params)
        )


def items_of(indicator):
    """The items that a figure of the indicator can be for, in the standard's order."""
    codes = (
        Target.objects.filter(indicator=indicator, kind=Kind.COMPOSITE.value, superseded_at=None)
        .order_by("standard")
        .values_list("standard", flat=True)
        .distinct()
    )
    standards = [STANDARDS[code] for code in codes if code in STANDARDS]
    return list(dict.fromkeys(item.code for found in standards for item in found.items))


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
class ObservationAdmin(FactAdmin):
    form = ObservationForm
    fixed_fields = ()
    has_drafts_to_delete = True
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

    def why_kept(self, obj):
        # A figure has no code: a draft of one leaves nothing behind.
        return super().why_kept(obj) if obj.is_published else ""

    @admin.display(description=_("value"), ordering="value")
    def figure(self, obj):
        return figure(obj)
