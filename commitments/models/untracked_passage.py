from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from commitments.domain.outline import outline, section_at
from commitments.models.bilingual import Translated, code_field
from commitments.models.commitment import Commitment, misquoted


class UntrackedPassage(models.Model):
    """Words of a source that were read and not taken up as a promise, and why."""

    class Covers(models.TextChoices):
        WORDS = "words", _("these words")
        SECTION = "section", _("the whole section under this heading")

    class Reason(models.TextChoices):
        LOOKS_BACK = "looks_back", _("it probably sums up past work")
        EXPLAINS = "explains", _("it explains, and promises nothing")
        REPEATS = "repeats", _("it repeats a promise that is listed")
        CUT_OFF = "cut_off", _("it is cut off in the source")
        OTHER_REPORT = "other_report", _("it is another report on the same page")

    source = models.ForeignKey(
        "commitments.SourceDocument",
        models.CASCADE,
        related_name="untracked",
        verbose_name=_("source document"),
    )
    code = code_field()
    quote = models.TextField(_("quote"))
    quote_start = models.PositiveIntegerField(_("place of the quote"))
    covers = models.CharField(
        _("what it covers"), max_length=7, choices=Covers, default=Covers.WORDS
    )
    reason = models.CharField(_("why it is not tracked"), max_length=12, choices=Reason)
    note_zh = models.TextField(_("note (Chinese)"), blank=True)
    note_en = models.TextField(_("note (English)"), blank=True)

    note = Translated()

    class Meta:
        verbose_name = _("untracked passage")
        verbose_name_plural = _("untracked passages")
        ordering = ["source", "quote_start", "code"]

    def __str__(self):
        return f"{self.code} {self.quote}"

    @property
    def plan(self):
        return self.source.plan

    @property
    def is_section(self):
        return self.covers == self.Covers.SECTION

    @property
    def quote_end(self):
        return self.quote_start + len(self.quote)

    @property
    def span(self):
        """From where to where it covers the text; None for a section that is not there."""
        if self.is_section:
            return section_at(outline(self.source.text), self.quote_start)
        return self.quote_start, self.quote_end

    def clean(self):
        super().clean()
        if not self.source_id or not self.quote or self.quote_start is None:
            return
        if self.source.text[self.quote_start : self.quote_end] != self.quote:
            raise ValidationError({"quote": misquoted(self.source.text, self.quote)})
        if self.span is None:
            raise ValidationError(
                {"quote": _("These words are no heading. Quote a heading, or cover the words.")}
            )
        if Commitment.objects.filter(code=self.code).exists():
            raise ValidationError({"code": _("A promise has this code.")})
        self.refuse_what_is_promised()

    def refuse_what_is_promised(self):
        start, end = self.span
        for promise in Commitment.objects.filter(source=self.source, quote_start__lt=end):
            if promise.quote_end > start:
                raise ValidationError(
                    {
                        "quote": _("A promise, %(code)s, quotes words of this passage.")
                        % {"code": promise.code}
                    }
                )
