import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commitments.domain.status import Status
from commitments.labels import KIND, STATUS, choices

# An assessment that holds until a fact or a date changes it.
OPEN_END = dt.date.max


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
