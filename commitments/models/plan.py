from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from commitments.models.bilingual import Translated, code_field


class PlanQuerySet(models.QuerySet):
    def open(self):
        """Plans the public can read, the real ones first."""
        return self.filter(opened_on__isnull=False).order_by("is_fictional", "opened_on", "code")


class Plan(models.Model):
    """The programme that promises."""

    code = code_field()
    title_zh = models.CharField(_("title (Chinese)"), max_length=200)
    title_en = models.CharField(_("title (English)"), max_length=200)
    issuer_zh = models.CharField(_("issuer (Chinese)"), max_length=200)
    issuer_en = models.CharField(_("issuer (English)"), max_length=200)
    summary_zh = models.TextField(_("summary (Chinese)"), blank=True)
    summary_en = models.TextField(_("summary (English)"), blank=True)
    adopted_on = models.DateField(_("adopted on"))
    period_start = models.PositiveSmallIntegerField(_("first year"))
    period_end = models.PositiveSmallIntegerField(_("last year"))
    is_fictional = models.BooleanField(
        _("fictional"),
        default=False,
        help_text=_("An invented plan that shows how the register works. Every page says so."),
    )
    opened_on = models.DateField(
        _("opened here on"),
        null=True,
        blank=True,
        help_text=_(
            "The day the public could first read the plan here. Days before it are rebuilt from "
            "the sources' own dates."
        ),
    )
    agencies = models.ManyToManyField(
        "commitments.Agency", related_name="plans", blank=True, verbose_name=_("agencies named")
    )
    files_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    title = Translated()
    issuer = Translated()
    summary = Translated()

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["is_fictional", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")),
                name="plan_period_in_order",
                violation_error_message=_("The last year must not come before the first."),
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("plan", args=[self.code])
