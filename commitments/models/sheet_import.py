from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SheetImport(models.Model):
    """An uploaded sheet, what it would change, and when its owner had it done.

    `sheets` holds the cells as they were read. `checked` is worked out from them, and kept only so
    that a page need not do it again: in the words of `language`, as of `checked_at`.
    """

    class Subject(models.TextChoices):
        FIGURES = "figures", pgettext_lazy("import", "figures")
        COMMITMENTS = "commitments", pgettext_lazy("import", "commitments with their targets")

    subject = models.CharField(_("what is imported"), max_length=11, choices=Subject)
    file_name = models.CharField(_("file"), max_length=255)
    sheets = models.JSONField(editable=False)
    checked = models.JSONField(editable=False)
    # How many rows are new, changed, and so on.
    counts = models.JSONField(editable=False)
    checked_at = models.DateTimeField(_("checked at"), editable=False)
    language = models.CharField(max_length=10, editable=False)
    created_at = models.DateTimeField(_("uploaded at"), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("uploaded by"),
    )
    # By whoever uploaded it: nobody else can.
    applied_at = models.DateTimeField(_("imported at"), null=True, editable=False)
    # How many records were made or changed.
    applied_count = models.PositiveIntegerField(_("records imported"), default=0, editable=False)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(applied_at__isnull=False) | Q(applied_count=0),
                name="sheetimport_counts_what_was_applied",
                violation_error_message=_("Only what was imported is counted."),
            )
        ]

    def __str__(self):
        return self.file_name
