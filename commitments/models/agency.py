from django.db import models
from django.utils.translation import gettext_lazy as _

from commitments.models.bilingual import Translated, code_field


class Agency(models.Model):
    """A body that leads or supports commitments."""

    code = code_field()
    name_zh = models.CharField(_("name (Chinese)"), max_length=100)
    name_en = models.CharField(_("name (English)"), max_length=200)
    note_zh = models.TextField(
        _("note (Chinese)"),
        blank=True,
        help_text=_("Shown to the public, for example why the agency has no commitments."),
    )
    note_en = models.TextField(_("note (English)"), blank=True)

    name = Translated()
    note = Translated()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ["code"]

    def __str__(self):
        return self.name
