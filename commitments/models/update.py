from django.db import models
from django.utils.translation import gettext_lazy as _

from commitments.models.bilingual import Translated, code_field
from commitments.models.workflow import Publishable, PublishableQuerySet


class Update(Publishable):
    """The agency's own words on a commitment. They never change the computed status."""

    # Parts that the history tells of by their names.
    told_by_name = ("evidence",)

    commitment = models.ForeignKey(
        "commitments.Commitment",
        models.PROTECT,
        related_name="updates",
        verbose_name=_("commitment"),
    )
    code = code_field()
    agency = models.ForeignKey(
        "commitments.Agency", models.PROTECT, related_name="updates", verbose_name=_("agency")
    )
    dated_on = models.DateField(_("dated"))
    text_zh = models.TextField(_("text (Chinese)"))
    text_en = models.TextField(_("text (English)"), blank=True)
    source_url = models.URLField(_("address of the evidence"), max_length=500, blank=True)

    text = Translated()

    objects = PublishableQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ["-dated_on", "-pk"]
        constraints = [*Publishable.Meta.constraints]

    def __str__(self):
        return f"{self.commitment.code} {self.dated_on}"
