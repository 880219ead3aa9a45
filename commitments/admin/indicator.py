from django.contrib import admin
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from commitments.admin.fields import FORM_FIELDS
from commitments.admin.observation import ObservationForm, figure, item_field
from commitments.admin.published import Published
from commitments.admin.record import RecordAdmin, RecordForm
from commitments.models import Indicator, Observation
from commitments.models.workflow import State


class IndicatorForm(RecordForm):
    class Meta:
        help_texts = {
            "unit_zh": _("Shown after the number. Figures are entered in this unit."),
            "frequency": _(
                "How often the figure is published; every figure is for a period of this length."
            ),
            "direction": _("Which way is better."),
            "measure": _("A cumulative stock that has once reached its target counts as achieved."),
            "definition_zh": _(
                "What is counted, where and how: enough for anyone to find the same number."
            ),
            "data_source_zh": _("Who publishes the figure."),
            "floor": _("The least the number can be at all, such as 0."),
            "ceiling": _("The most the number can be at all, such as 100 for a percentage."),
        }

    constraint_fields = {"indicator_reporting_unit_positive": "reporting_unit"}


class PublishedObservations(Published):
    model = Observation
    verbose_name_plural = _("published figures")
    fields = ["period", "item", "figure", "published_on", "source_zh", "is_provisional"]
    readonly_fields = ["figure"]

    def narrowed(self, rows):
        return rows.live().select_related("indicator").order_by("-period", "item")

    @admin.display(description=_("value"))
    def figure(self, obj):
        return figure(obj)


class DraftObservations(admin.StackedInline):
    model = Observation
    form = ObservationForm
    formfield_overrides = FORM_FIELDS
    verbose_name_plural = _("drafted figures (publish them from the list of observations)")
    fields = ["period", "item", "value", "published_on", "source_zh", "source_url"]
    fields += ["is_provisional"]
    show_change_link = True
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).unpublished().select_related("indicator")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "item":
            return item_field(db_field)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Indicator)
class IndicatorAdmin(RecordAdmin):
    form = IndicatorForm
    list_display = ["name", "code", "unit", "frequency", "direction", "figures", "data_source"]
    list_filter = ["frequency", "measure", "direction", "scale"]
    search_fields = ["code", "name_zh", "name_en", "definition_zh", "definition_en"]
    fieldsets = [
        (_("What is measured"), {"fields": ["code", "name_zh", "name_en"]}),
        (_("In what"), {"fields": ["unit_zh", "unit_en", "scale", "reporting_unit"]}),
        (_("How it behaves"), {"fields": ["direction", "measure", "frequency"]}),
        (_("Limits"), {"classes": ["collapse"], "fields": ["floor", "ceiling"]}),
        (
            _("For the public"),
            {"fields": ["definition_zh", "definition_en", "data_source_zh", "data_source_en"]},
        ),
    ]

    def get_queryset(self, request):
        live = Q(observations__state=State.PUBLISHED, observations__superseded_at=None)
        return super().get_queryset(request).annotate(live=Count("observations", filter=live))

    def get_inlines(self, request, obj):
        return [PublishedObservations, DraftObservations] if obj is not None else []

    def get_readonly_fields(self, request, obj=None):
        found = super().get_readonly_fields(request, obj)
        if obj is None or not has_public_facts(obj):
            return found
        # They say what the published numbers mean; another meaning is another indicator.
        return [*found, "unit_zh", "unit_en", "scale", "frequency"]

    @admin.display(description=_("name"), ordering="name_zh")
    def name(self, obj):
        return obj.name

    @admin.display(description=_("unit"), ordering="unit_zh")
    def unit(self, obj):
        return obj.unit

    @admin.display(description=_("published figures"), ordering="live")
    def figures(self, obj):
        return obj.live

    @admin.display(description=_("data source"), ordering="data_source_zh")
    def data_source(self, obj):
        return obj.data_source


def has_public_facts(indicator):
    return any(
        facts.published().exists()
        for facts in (indicator.observations, indicator.targets, indicator.comparator_of)
    )
