from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.models.bilingual import Translated
from commitments.models.workflow import Publishable, PublishableQuerySet, State


class Amendment(Publishable):
    """A change of a published promise's own fields, by a document: what was said, and what is.

    It waits for review like any record, and changes the promise when it is published. `changes` is
    {field: [before, after]}, with codes for other records, ISO days and lists of codes.
    """

    commitment = models.ForeignKey(
        "commitments.Commitment",
        models.PROTECT,
        related_name="amendments",
        verbose_name=_("commitment"),
    )
    changes = models.JSONField(_("changes"), default=dict)
    document_zh = models.CharField(_("document (Chinese)"), max_length=300)
    document_en = models.CharField(_("document (English)"), max_length=500, blank=True)
    document_url = models.URLField(_("address of the document"), max_length=500, blank=True)
    reason_zh = models.TextField(_("reason for the change (Chinese)"))
    reason_en = models.TextField(_("reason for the change (English)"), blank=True)

    document = Translated()
    reason = Translated()

    objects = PublishableQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ["-pk"]
        constraints = [
            *Publishable.Meta.constraints,
            models.UniqueConstraint(
                fields=["commitment"],
                condition=~Q(state=State.PUBLISHED),
                name="amendment_one_at_a_time",
                violation_error_message=_("Another amendment of this promise is not decided yet."),
            ),
            models.CheckConstraint(
                condition=~Q(document_zh="") & ~Q(reason_zh=""),
                name="amendment_by_document",
                violation_error_message=_("An amendment needs its document and its reason."),
            ),
        ]

    def __str__(self):
        return f"{self.commitment.code} {self._meta.verbose_name}"
