from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.models.bilingual import Translated, code_field
from commitments.models.workflow import Superseding, SupersedingQuerySet


class Milestone(Superseding):
    """A dated step of a promise that has no number.

    A step done is a new row of the same code, with `done_on`, that replaces the undone one.
    """

    commitment = models.ForeignKey(
        "commitments.Commitment",
        models.PROTECT,
        related_name="milestones",
        verbose_name=_("commitment"),
    )
    code = code_field(unique=False)
    title_zh = models.CharField(_("title (Chinese)"), max_length=200)
    title_en = models.CharField(_("title (English)"), max_length=300)
    due_on = models.DateField(_("due on"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    done_published_on = models.DateField(
        _("source published on"),
        null=True,
        blank=True,
        help_text=_("The day the source said that the step was done."),
    )
    source_zh = models.CharField(_("source (Chinese)"), max_length=300, blank=True)
    source_en = models.CharField(_("source (English)"), max_length=300, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)

    title = Translated()
    source = Translated()

    objects = SupersedingQuerySet.as_manager()

    class Meta(Superseding.Meta):
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["due_on", "code", "pk"]
        constraints = [
            *Superseding.Meta.constraints,
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(superseded_at=None, state="published"),
                name="milestone_code_once",
                violation_error_message=_("A milestone with this code is already published."),
            ),
            models.CheckConstraint(
                condition=Q(done_on=None, done_published_on=None)
                | Q(done_on__isnull=False, done_published_on__gte=models.F("done_on"))
                & ~Q(source_zh=""),
                name="milestone_done_has_source",
                violation_error_message=_(
                    "A step done needs the day, its source, and the day the source said so, "
                    "which cannot be earlier."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"
