from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import FilteredRelation, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from commitments.domain.quotes import nearest
from commitments.models.bilingual import Translated, code_field
from commitments.models.workflow import Publishable, PublishableQuerySet


class CommitmentQuerySet(PublishableQuerySet):
    def shown_on(self, on):
        """What the site shows on a day, each with its `standing`: the assessment of that day.

        An assessment exists from the first day a commitment could be read here, so this is the
        one question about visibility that every page, file and feed asks.
        """
        return (
            self.published()
            .filter(plan__opened_on__isnull=False)
            .annotate(
                standing=FilteredRelation(
                    "assessments",
                    condition=Q(assessments__starts_on__lte=on, assessments__ends_on__gt=on),
                )
            )
            .filter(standing__isnull=False)
        )

    def with_standing(self):
        """After `shown_on`: each row with all a line of a list says about it."""
        return self.select_related(
            "plan",
            "theme",
            "lead_agency",
            "standing",
            "standing__target__indicator",
            "standing__target__comparator_indicator",
            "standing__observation",
        )

    def in_order_of(self, keys):
        """A list of the rows with some primary keys, in the order of the keys; one query."""
        found = self.in_bulk(keys)
        return [found[key] for key in keys if key in found]

    def for_page(self):
        """After `shown_on`: one commitment with all that its own page says."""
        return (
            self.with_standing()
            .select_related("source")
            .prefetch_related(
                "supporting_agencies",
                Prefetch("context_indicators"),
            )
        )


class Commitment(Publishable):
    """One promise, in its exact words."""

    class DueBasis(models.TextChoices):
        STATED = "stated", _("stated in the text")
        IMPLIED = "implied", _("implied by the text")
        NONE = "none", _("no due year")

    class Binding(models.TextChoices):
        BINDING = "binding", _("binding")
        ANTICIPATORY = "anticipatory", _("anticipatory")
        NOT_SAID = "not_said", _("not said")

    plan = models.ForeignKey(
        "commitments.Plan", models.PROTECT, related_name="commitments", verbose_name=_("plan")
    )
    code = code_field()
    title_zh = models.CharField(_("title (Chinese)"), max_length=200)
    title_en = models.CharField(_("title (English)"), max_length=300)
    source = models.ForeignKey(
        "commitments.SourceDocument",
        models.PROTECT,
        related_name="commitments",
        verbose_name=_("source document"),
    )
    quote = models.TextField(
        _("quote"), help_text=_("The exact words of the source, print errors included.")
    )
    quote_start = models.PositiveIntegerField(
        _("place of the quote"),
        help_text=_("Where it begins in the source's text, counted in characters from 0."),
    )
    lead_agency = models.ForeignKey(
        "commitments.Agency",
        models.PROTECT,
        related_name="led_commitments",
        verbose_name=_("lead agency"),
    )
    supporting_agencies = models.ManyToManyField(
        "commitments.Agency",
        related_name="supported_commitments",
        blank=True,
        verbose_name=_("supporting agencies"),
    )
    theme = models.ForeignKey(
        "commitments.Theme", models.PROTECT, related_name="commitments", verbose_name=_("theme")
    )
    due_year = models.PositiveSmallIntegerField(_("due year"), null=True, blank=True)
    due_basis = models.CharField(
        _("due year is"), max_length=7, choices=DueBasis, default=DueBasis.NONE
    )
    due_note_zh = models.CharField(
        _("where the due year comes from (Chinese)"), max_length=300, blank=True
    )
    due_note_en = models.CharField(
        _("where the due year comes from (English)"), max_length=500, blank=True
    )
    binding = models.CharField(
        _("binding or anticipatory"), max_length=12, choices=Binding, default=Binding.NOT_SAID
    )
    editor_note_zh = models.TextField(
        _("editor's note (Chinese)"),
        blank=True,
        help_text=_("Shown beside the quote: print errors, damaged text, how a number was read."),
    )
    editor_note_en = models.TextField(_("editor's note (English)"), blank=True)
    context_indicators = models.ManyToManyField(
        "commitments.Indicator",
        related_name="context_of",
        blank=True,
        verbose_name=_("figures for context"),
        help_text=_("Shown as information only; they never decide the status."),
    )
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    withdrawn_document_zh = models.CharField(
        _("withdrawing document (Chinese)"), max_length=300, blank=True
    )
    withdrawn_document_en = models.CharField(
        _("withdrawing document (English)"), max_length=500, blank=True
    )
    withdrawn_url = models.URLField(
        _("address of the withdrawing document"), max_length=500, blank=True
    )

    title = Translated()
    due_note = Translated()
    editor_note = Translated()
    withdrawn_document = Translated()

    objects = CommitmentQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["code"]
        indexes = [models.Index(fields=["due_year", "code"], name="commitment_due")]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(due_year=None, due_basis="none")
                | (Q(due_year__isnull=False) & ~Q(due_basis="none")),
                name="commitment_due_year_has_basis",
                violation_error_message=_(
                    "Say whether the due year is stated or implied; without one, choose “no due "
                    "year”."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(quote=""),
                name="commitment_quote_not_empty",
                violation_error_message=_("A commitment needs its quote."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None, withdrawn_document_zh="")
                | (Q(withdrawn_on__isnull=False) & ~Q(withdrawn_document_zh="")),
                name="commitment_withdrawn_by_document",
                violation_error_message=_(
                    "A withdrawal needs both its date and the document that withdrew the promise."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"

    def get_absolute_url(self):
        return reverse("commitment", args=[self.code])

    @property
    def quote_end(self):
        return self.quote_start + len(self.quote)

    def clean(self):
        super().clean()
        if self.source_id and self.quote and self.quote_start is not None:
            self.check_quote()

    def check_quote(self):
        """Refuse a quote that is not the exact slice of its source at its place."""
        text = self.source.text
        if text[self.quote_start : self.quote_end] == self.quote:
            return
        raise ValidationError({"quote": misquoted(text, self.quote)})


def misquoted(text, quote):
    """A message that says where a quote that is not at its place was found, or nearly found."""
    at = text.find(quote)
    if at >= 0:
        return ValidationError(
            _("The quote is in the source, but at character %(start)d. Write that place."),
            code="misplaced",
            params={"start": at},
        )
    near = nearest(text, quote)
    if near is None:
        return ValidationError(
            _("The quote is not in the source, and nothing like it is."), code="misquoted"
        )
    return ValidationError(
        _(
            "The quote is not in the source. The nearest place is at character %(start)d: "
            "“%(text)s”"
        ),
        code="misquoted",
        params={"start": near.start, "text": near.text},
    )
