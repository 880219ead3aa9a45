from django.contrib import admin
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from commitments.access import Access
from commitments.admin.observation import figure
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


class Figures(Published):
    model = Observation
    verbose_name_plural = _("figures")
    has_drafts = True
    fields = ["period", "item", "figure", "published_on", "source_zh", "is_provisional"]
    fields += ["workflow"]
    readonly_fields = ["figure", "workflow"]

    def narrowed(self, rows):
        return rows.select_related("indicator").order_by("-period", "item")

    @admin.display(description=_("value"))
    def figure(self, obj):
        return figure(obj)


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
        return [Figures] if obj is not None else []

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and Access.of(request.user).may_add(Observation):
            page = reverse("admin:commitments_observation_add")
            context["part_addresses"] = [(_("Enter a figure"), f"{page}?indicator={obj.pk}")]
        return super().render_change_form(request, context, add, change, form_url, obj)

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
