from django.db import models
from django.utils.translation import gettext_lazy as _

from commitments.models.bilingual import Translated, code_field


class Theme(models.Model):
    """A policy area."""

    code = code_field()
    name_zh = models.CharField(_("name (Chinese)"), max_length=100)
    name_en = models.CharField(_("name (English)"), max_length=200)

    name = Translated()

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["code"]

    def __str__(self):
        return self.name
