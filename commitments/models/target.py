from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.domain.kinds import Kind
from commitments.labels import KIND, choices
from commitments.models.bilingual import Translated, code_field
from commitments.models.fields import PeriodField
from commitments.models.workflow import Superseding, SupersedingQuerySet

TESTED_BY_NUMBER = [
    Kind.AT_LEAST.value,
    Kind.AT_MOST.value,
    Kind.RATIO.value,
    Kind.COVERAGE.value,
    Kind.CLASS_AT_OR_BETTER.value,
]
TARGET_KINDS = {
    kind: name for kind, name in KIND.items() if kind not in (Kind.MILESTONES, Kind.NOT_ASSESSABLE)
}


class Target(Superseding):
    """One test on one indicator.

    An amendment is a target of its own that `amends` the original: both are shown and assessed.
    A correction of what was entered here is a row of the same code that replaces this one.
    """

    class DueBasis(models.TextChoices):
        STATED = "stated", _("stated in the text")
        IMPLIED = "implied", _("implied by the text")

    commitment = models.ForeignKey(
        "commitments.Commitment",
        models.PROTECT,
        related_name="targets",
        verbose_name=_("commitment"),
    )
    code = code_field(unique=False)
    indicator = models.ForeignKey(
        "commitments.Indicator",
        models.PROTECT,
        related_name="targets",
        verbose_name=_("indicator"),
    )
    kind = models.CharField(_("kind of test"), max_length=20, choices=choices(TARGET_KINDS))
    value = models.DecimalField(
        _("number"),
        max_digits=15,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=_("In the indicator's unit. A water quality class is 1 to 6 (6: worse than Ⅴ)."),
    )
    standard = models.CharField(
        _("standard"),
        max_length=40,
        blank=True,
        help_text=_("For a test on every item of a standard: its code with the edition."),
    )
    comparator_indicator = models.ForeignKey(
        "commitments.Indicator",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="comparator_of",
        verbose_name=_("compared with"),
    )
    baseline_period = PeriodField(_("baseline period"), null=True, blank=True)
    baseline_value = models.DecimalField(
        _("baseline"),
        max_digits=15,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=_("Only if the document states one."),
    )
    first_period = PeriodField(
        _("first period"),
        null=True,
        blank=True,
        help_text=_("For a test of every year: the first of them."),
    )
    due_period = PeriodField(_("due period"))
    due_basis = models.CharField(
        _("due period is"), max_length=7, choices=DueBasis, default=DueBasis.STATED
    )
    interim = models.JSONField(
        _("interim targets"),
        default=list,
        blank=True,
        help_text=_('Pairs of a period and a number, such as [["2023", "300"]].'),
    )
    document = models.ForeignKey(
        "commitments.SourceDocument",
        models.PROTECT,
        related_name="targets",
        verbose_name=_("document that set or changed it"),
    )
    amends = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="amendments",
        verbose_name=_("amends"),
    )
    reason_zh = models.TextField(_("reason for the change (Chinese)"), blank=True)
    reason_en = models.TextField(_("reason for the change (English)"), blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    note_zh = models.TextField(_("how it was read (Chinese)"), blank=True)
    note_en = models.TextField(_("how it was read (English)"), blank=True)

    reason = Translated()
    note = Translated()

    objects = SupersedingQuerySet.as_manager()

    class Meta(Superseding.Meta):
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["code", "pk"]
        constraints = [
            *Superseding.Meta.constraints,
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(superseded_at=None, state="published"),
                name="target_code_once",
                violation_error_message=_("A target with this code is already published."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=TESTED_BY_NUMBER) | Q(value__isnull=False),
                name="target_has_number",
                violation_error_message=_("This kind of test needs a number."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.ZERO.value) | Q(value=None) | Q(value=0),
                name="target_zero_is_zero",
                violation_error_message=_("The number of a test “down to zero” is 0."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.COVERAGE.value) | Q(value__gt=0, value__lte=100),
                name="target_coverage_in_percent",
                violation_error_message=_("Coverage is a percentage above 0 and up to 100."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.CLASS_AT_OR_BETTER.value) | Q(value__in=range(1, 7)),
                name="target_class_known",
                violation_error_message=_("A water quality class is a whole number from 1 to 6."),
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.COMPOSITE.value) ^ Q(standard=""),
                name="target_standard_if_composite",
                violation_error_message=_(
                    "Only a test on every item of a standard names a standard, and it must."
                ),
            ),
            models.CheckConstraint(
                condition=(
                    Q(
                        kind=Kind.ABOVE_COMPARATOR.value,
                        comparator_indicator__isnull=False,
                        first_period__isnull=False,
                    )
                )
                | (
                    ~Q(kind=Kind.ABOVE_COMPARATOR.value)
                    & Q(comparator_indicator=None, first_period=None)
                ),
                name="target_comparator_complete",
                violation_error_message=_(
                    "A comparison needs the indicator compared with and the first period; no "
                    "other kind has them."
                ),
            ),
            models.CheckConstraint(
                condition=Q(baseline_period=None, baseline_value=None)
                | Q(baseline_period__isnull=False, baseline_value__isnull=False),
                name="target_baseline_complete",
                violation_error_message=_("A baseline needs both its period and its value."),
            ),
            models.CheckConstraint(
                condition=Q(amends=None) | ~Q(reason_zh=""),
                name="target_amendment_has_reason",
                violation_error_message=_("An amended target needs its reason."),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.indicator}"
