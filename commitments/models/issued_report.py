"""Reports that staff issue: numbered, and frozen with every file they were issued as."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commitments.models.bilingual import Translated
from commitments.models.workflow import person, together


class IssuedReportQuerySet(models.QuerySet):
    def issued(self):
        """What the public reads, the newest first; superseded ones too."""
        found = self.filter(state=IssuedReport.State.ISSUED, plan__opened_on__isnull=False)
        return found.order_by("-issued_at", "-pk")

    def waiting(self):
        return self.filter(state=IssuedReport.State.IN_REVIEW).order_by("prepared_at", "pk")


class IssuedReport(models.Model):
    """A picture of one plan on a day that is over, made once.

    Its files are made when it is prepared, so that the second person issues exactly what they read.
    Nothing of an issued one is ever changed: a report that supersedes it names it.
    """

    class Kind(models.TextChoices):
        QUARTERLY = "quarterly", pgettext_lazy("kind of report", "quarterly report")
        YEARLY = "yearly", pgettext_lazy("kind of report", "yearly report")
        ON_DEMAND = "on_demand", pgettext_lazy("kind of report", "special report")

    class State(models.TextChoices):
        IN_REVIEW = "in_review", _("in review")
        RETURNED = "returned", _("returned")
        ISSUED = "issued", pgettext_lazy("state of a report", "issued")

    number = models.CharField(
        pgettext_lazy("of a report", "number"), max_length=80, unique=True, editable=False
    )
    plan = models.ForeignKey("commitments.Plan", models.PROTECT, verbose_name=_("plan"))
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    day = models.DateField(_("day shown"))
    rule_version = models.CharField(_("rule version"), max_length=20, editable=False)
    # How many commitments have each status: {code: number}.
    counts = models.JSONField(editable=False)
    # What its page says, in the words of then: {language: {title, lead, fictional, method}}.
    told = models.JSONField(editable=False)
    supersedes = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="successors",
        verbose_name=_("supersedes"),
    )
    reason_zh = models.TextField(_("why it supersedes (Chinese)"), blank=True)
    reason_en = models.TextField(_("why it supersedes (English)"), blank=True)

    state = models.CharField(
        _("state"), max_length=9, choices=State, default=State.IN_REVIEW, editable=False
    )
    prepared_at = models.DateTimeField(_("prepared at"), editable=False)
    prepared_by = person(_("prepared by"))
    returned_at = models.DateTimeField(_("returned at"), null=True, editable=False)
    returned_by = person(_("returned by"), null=True)
    return_note = models.TextField(_("why it was returned"), blank=True, editable=False)
    issued_at = models.DateTimeField(_("issued at"), null=True, editable=False)
    issued_by = person(_("issued by"), null=True)

    reason = Translated()

    objects = IssuedReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("issued report")
        verbose_name_plural = _("issued reports")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="issued", issued_at__isnull=False, issued_by__isnull=False)
                | (~Q(state="issued") & Q(issued_at=None, issued_by=None)),
                name="issuedreport_issued_by_someone",
                violation_error_message=_("An issued report says when and by whom."),
            ),
            models.CheckConstraint(
                condition=Q(issued_by=None) | ~Q(issued_by=F("prepared_by")),
                name="issuedreport_four_eyes",
                violation_error_message=_("Nobody issues a report that they prepared."),
            ),
            models.CheckConstraint(
                condition=together("returned_at", "returned_by")
                & (~Q(state="returned") | (Q(returned_at__isnull=False) & ~Q(return_note=""))),
                name="issuedreport_returned_with_note",
                violation_error_message=_("What is returned says why."),
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None) | ~Q(reason_zh=""),
                name="issuedreport_supersedes_for_a_reason",
                violation_error_message=_("Say why the earlier report is superseded."),
            ),
            models.UniqueConstraint(
                fields=["plan", "kind", "day"],
                condition=Q(state="in_review"),
                name="issuedreport_one_waits",
                violation_error_message=_("Such a report of this day is waiting already."),
            ),
            models.UniqueConstraint(
                fields=["supersedes"],
                condition=~Q(state="returned"),
                name="issuedreport_one_successor",
                violation_error_message=_("That report has a successor already."),
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("issued_report", args=[self.number])

    @property
    def is_waiting(self):
        return self.state == self.State.IN_REVIEW

    @property
    def is_issued(self):
        return self.state == self.State.ISSUED

    @property
    def total(self):
        return sum(self.counts.values())

    @property
    def successor(self):
        """The issued report that supersedes this one, or None."""
        return self.successors.filter(state=self.State.ISSUED).first()


class IssuedFile(models.Model):
    """One file of a report, byte for byte as it was made. Never changed, never removed."""

    # The parts of an issued report's history are its files.
    told_in_history = ()

    report = models.ForeignKey(IssuedReport, models.PROTECT, related_name="files")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    ext = models.CharField(max_length=8)
    # What a person who takes it finds in the folder of downloads.
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)

    class Meta:
        verbose_name = _("file of a report")
        verbose_name_plural = _("files of reports")
        ordering = ["report", "language", "ext"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "language", "ext"], name="issuedfile_one_of_a_kind"
            )
        ]

    def __str__(self):
        return f"{self.report.number}.{self.language}.{self.ext}"
