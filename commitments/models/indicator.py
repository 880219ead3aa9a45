from django.db import models
from django.utils.translation import gettext_lazy as _

from commitments.domain.periods import Frequency
from commitments.labels import FREQUENCY, choices
from commitments.models.bilingual import Translated, code_field


class Indicator(models.Model):
    """What is measured."""

    class Measure(models.TextChoices):
        STOCK = "stock", _("stock (a level on a day)")
        FLOW = "flow", _("flow (an amount over a period)")
        CUMULATIVE = "cumulative", _("cumulative (a stock that cannot fall)")

    class Direction(models.TextChoices):
        UP = "up", _("higher is better")
        DOWN = "down", _("lower is better")

    class Scale(models.TextChoices):
        NUMBER = "number", _("number")
        WATER_CLASS = "water_class", _("water quality class (Ⅰ to worse than Ⅴ)")

    code = code_field()
    name_zh = models.CharField(_("name (Chinese)"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200)
    definition_zh = models.TextField(_("definition (Chinese)"), blank=True)
    definition_en = models.TextField(_("definition (English)"), blank=True)
    unit_zh = models.CharField(_("unit (Chinese)"), max_length=40, blank=True)
    unit_en = models.CharField(_("unit (English)"), max_length=60, blank=True)
    frequency = models.CharField(
        _("frequency"), max_length=7, choices=choices(FREQUENCY), default=Frequency.YEAR.value
    )
    measure = models.CharField(
        _("stock or flow"), max_length=10, choices=Measure, default=Measure.STOCK
    )
    direction = models.CharField(_("direction"), max_length=4, choices=Direction)
    scale = models.CharField(_("scale"), max_length=11, choices=Scale, default=Scale.NUMBER)
    reporting_unit = models.DecimalField(
        _("reporting unit"),
        max_digits=15,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=_("The smallest step the figure is published in, such as 1 or 0.01."),
    )
    floor = models.DecimalField(
        _("natural minimum"), max_digits=15, decimal_places=6, null=True, blank=True
    )
    ceiling = models.DecimalField(
        _("natural maximum"), max_digits=15, decimal_places=6, null=True, blank=True
    )
    data_source_zh = models.CharField(_("data source (Chinese)"), max_length=200, blank=True)
    data_source_en = models.CharField(_("data source (English)"), max_length=200, blank=True)

    name = Translated()
    definition = Translated()
    unit = Translated()
    data_source = Translated()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reporting_unit=None) | models.Q(reporting_unit__gt=0),
                name="indicator_reporting_unit_positive",
                violation_error_message=_("The reporting unit must be above zero."),
            )
        ]

    def __str__(self):
        return self.name
