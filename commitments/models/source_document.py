import hashlib

from django.db import models
from django.utils.translation import gettext_lazy as _

from commitments.models.bilingual import Translated, code_field


def sha256_of(text):
    """SHA-256 of a source text in UTF-8, in lower-case hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


class SourceDocument(models.Model):
    """One text of a plan. Quotes are exact slices of `text`, counted in code points."""

    plan = models.ForeignKey(
        "commitments.Plan", models.PROTECT, related_name="sources", verbose_name=_("plan")
    )
    code = code_field()
    title_zh = models.CharField(_("title (Chinese)"), max_length=200)
    title_en = models.CharField(_("title (English)"), max_length=200)
    publisher_zh = models.CharField(_("publisher (Chinese)"), max_length=200)
    publisher_en = models.CharField(_("publisher (English)"), max_length=200)
    published_on = models.DateField(_("published on"))
    url = models.URLField(_("address"), max_length=500, blank=True)
    note_zh = models.TextField(_("note (Chinese)"), blank=True)
    note_en = models.TextField(_("note (English)"), blank=True)
    text = models.TextField(
        _("full text"),
        help_text=_("As published, print errors included: every quote is checked against it."),
    )
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)

    title = Translated()
    publisher = Translated()
    note = Translated()

    class Meta:
        verbose_name = _("source document")
        verbose_name_plural = _("source documents")
        ordering = ["plan", "published_on", "code"]

    def __str__(self):
        return self.title
