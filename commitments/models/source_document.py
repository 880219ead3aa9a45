import hashlib

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from commitments.models.amendment import Amendment
from commitments.models.bilingual import Translated, code_field
from commitments.models.commitment import Commitment
from commitments.models.target import Target


def sha256_of(text):
    """SHA-256 of a source text in UTF-8, in lower-case hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


class SourceDocumentQuerySet(models.QuerySet):
    def shown_on(self, on):
        """The documents that the public may read on a day: those that something shown rests on.

        A document has no review of its own, and is often saved before the change that it decides
        is published: by itself it must announce nothing. A plan's oldest document is its own.
        """
        shown = Commitment.objects.shown_on(on)
        was_public = Q(published_at__date__lte=on) | Q(commitment__plan__opened_on__gt=on)
        tests = Target.objects.published().filter(was_public, commitment__in=shown.values("pk"))
        amendments = Amendment.objects.published()
        made = amendments.filter(published_at__date__lte=on)
        later = amendments.filter(published_at__date__gt=on)
        moved = later.filter(changes__has_key="source")
        ended = later.filter(changes__has_key="withdrawn_on")
        quoting = shown.exclude(pk__in=moved.values("commitment"))
        withdrawn = shown.filter(withdrawn_on__lte=on).exclude(pk__in=ended.values("commitment"))
        older = SourceDocument.objects.filter(
            plan=OuterRef("plan"), published_on__lt=OuterRef("published_on")
        )
        return self.filter(published_on__lte=on).filter(
            ~Exists(older)
            | Exists(quoting.filter(source=OuterRef("pk")))
            | Exists(tests.filter(document=OuterRef("pk")))
            | ~Q(url="")
            & (
                # Other changes name their document in words and by its address.
                Exists(made.filter(document_url=OuterRef("url")))
                | Exists(withdrawn.filter(withdrawn_url=OuterRef("url")))
            )
        )


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

    objects = SourceDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("source document")
        verbose_name_plural = _("source documents")
        ordering = ["plan", "published_on", "code"]

    def __str__(self):
        return self.title
