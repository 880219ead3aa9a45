from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.models.bilingual import Translated
from commitments.models.fields import PeriodField
from commitments.models.workflow import Superseding, SupersedingQuerySet


class Observation(Superseding):
    """An indicator's value for a period, with its source. Corrections are new rows."""

    # Parts that the history tells of by their names.
    told_by_name = ("evidence",)

    class SourceKind(models.TextChoices):
        OFFICIAL = "official", _("official source")
        SECONDARY = "secondary", _("secondary source")

    indicator = models.ForeignKey(
        "commitments.Indicator",
        models.PROTECT,
        related_name="observations",
        verbose_name=_("indicator"),
    )
    # Said by the author of a correction, which may be for another period than what it corrects.
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        editable=False,
        verbose_name=_("corrects"),
    )
    item = models.CharField(
        _("item"),
        max_length=20,
        blank=True,
        help_text=_("For a test on every item of a standard: the item's code, such as PM2.5."),
    )
    period = PeriodField(_("period"))
    value = models.DecimalField(
        _("value"),
        max_digits=15,
        decimal_places=6,
        help_text=_(
            "A number in the indicator's unit, without the unit. A water quality class is 1 to 6."
        ),
    )
    stated_zh = models.CharField(
        _("as the source puts it (Chinese)"),
        max_length=100,
        blank=True,
        help_text=_("Only if the source gives no plain value, such as “better than class Ⅱ”."),
    )
    stated_en = models.CharField(_("as the source puts it (English)"), max_length=100, blank=True)
    published_on = models.DateField(
        _("source published on"), help_text=_("The day the source made the figure public.")
    )
    source_zh = models.CharField(_("source (Chinese)"), max_length=300)
    source_en = models.CharField(_("source (English)"), max_length=300, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    source_kind = models.CharField(
        _("kind of source"), max_length=9, choices=SourceKind, default=SourceKind.OFFICIAL
    )
    is_provisional = models.BooleanField(_("provisional"), default=False)
    definition_zh = models.CharField(
        _("other definition (Chinese)"),
        max_length=300,
        blank=True,
        help_text=_(
            "Only if the figure follows another definition than the indicator's: it is shown but "
            "not judged."
        ),
    )
    definition_en = models.CharField(_("other definition (English)"), max_length=300, blank=True)
    quote = models.TextField(_("words of the source"), blank=True)
    note_zh = models.TextField(_("note (Chinese)"), blank=True)
    note_en = models.TextField(_("note (English)"), blank=True)

    stated = Translated()
    source = Translated()
    definition = Translated()
    note = Translated()

    objects = SupersedingQuerySet.as_manager()

    class Meta(Superseding.Meta):
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ["indicator", "period", "item", "pk"]
        constraints = [
            *Superseding.Meta.constraints,
            models.UniqueConstraint(
                fields=["indicator", "item", "period", "source_kind", "definition_zh"],
                condition=Q(superseded_at=None, state="published"),
                name="observation_once",
                violation_error_message=_(
                    "This indicator already has a published figure for this period. Correct that "
                    "one instead."
                ),
            ),
        ]

    @property
    def source_link(self):
        """Where a link may lead: a copy on somebody else's site can be anything by tomorrow, so its
        address is only told."""
        return self.source_url if self.source_kind == self.SourceKind.OFFICIAL else ""

    def __str__(self):
        return f"{self.indicator} {self.item} {self.period}".replace("  ", " ")
