import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commitments.domain.freshness import Freshness, Supply
from commitments.domain.status import Status
from commitments.labels import KIND, STATUS, choices

# An assessment that holds until a fact or a date changes it.
OPEN_END = dt.date.max


def fresh_on(day, freshness, prefix=""):
    """The condition that an assessment's figures are so fresh on a day: `Supply.on` in SQL."""
    expected, due_on = f"{prefix}is_figure_expected", f"{prefix}newer_due_on"
    return {
        Freshness.CURRENT: Q(**{expected: True, f"{due_on}__gt": day}),
        Freshness.DUE: Q(**{expected: True, f"{due_on}__lte": day}),
        Freshness.NONE: Q(**{expected: True, f"{due_on}__isnull": True}),
        Freshness.NOT_EXPECTED: Q(**{expected: False}),
    }[freshness]


class Assessment(models.Model):
    """A commitment's computed status over a run of days: a cache that can always be rebuilt.

    A commitment has a row for every run of days on which it is shown, each from the day something
    changed: a new fact, or the passing of a date. So a past or coming day is one look-up, and
    midnight needs no job. Rebuilt by `actions.assessing`.
    """

    commitment = models.ForeignKey(
        "commitments.Commitment",
        models.CASCADE,
        related_name="assessments",
        verbose_name=_("commitment"),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("before"), default=OPEN_END)
    status = models.CharField(_("status"), max_length=15, choices=choices(STATUS))
    severity = models.PositiveSmallIntegerField(_("order"))
    kind = models.CharField(_("kind of test"), max_length=20, choices=choices(KIND))
    reason = models.CharField(_("reason"), max_length=40)
    flags = models.JSONField(_("flags"), default=list)
    target = models.ForeignKey(
        "commitments.Target",
        models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("deciding target"),
    )
    observation = models.ForeignKey(
        "commitments.Observation",
        models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("figure judged"),
    )
    details = models.JSONField(_("arithmetic"), default=dict)
    # What the promise said of itself in these days: it may have been amended since.
    lead_agency = models.ForeignKey(
        "commitments.Agency",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("lead agency"),
    )
    theme = models.ForeignKey(
        "commitments.Theme", models.PROTECT, null=True, related_name="+", verbose_name=_("theme")
    )
    due_year = models.PositiveSmallIntegerField(_("due year"), null=True)
    binding = models.CharField(_("binding or anticipatory"), max_length=12, default="")
    # The third axis. Facts alone decide both, so no day turns them: `Freshness` is a comparison.
    is_figure_expected = models.BooleanField(_("figures are expected"))
    newer_due_on = models.DateField(
        _("a newer figure is due from"),
        null=True,
        help_text=_("Empty while there is no figure yet."),
    )
    rule_version = models.CharField(_("rule version"), max_length=10)

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["commitment", "starts_on"]
        indexes = [models.Index(fields=["status", "ends_on"], name="assessment_status")]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "starts_on"], name="assessment_one_a_day"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="assessment_days_in_order"
            ),
        ]

    def __str__(self):
        return f"{self.commitment_id} {self.starts_on}: {self.status}"

    @property
    def outcome(self):
        return Status(self.status)

    def freshness(self, on):
        """How fresh the figures are on a day of the run."""
        return Supply(self.is_figure_expected, self.newer_due_on).on(on)
