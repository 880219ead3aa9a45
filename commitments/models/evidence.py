import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commitments.models.commitment import Commitment
from commitments.models.file_types import type_of

LONGEST_NAME = 200


def new_key():
    return secrets.token_hex(16)


def stored_name(evidence, _name):
    """Nothing of what a person called the file; two letters keep a folder from growing large."""
    return f"evidence/{evidence.key[:2]}/{evidence.key}"


class EvidenceQuerySet(models.QuerySet):
    def public_on(self, day):
        """Files of figures and updates that a reader finds on the page of a promise."""
        shown = Commitment.objects.shown_on(day).values("pk")
        test = "observation__indicator__"
        is_tested = Q(
            **{f"{test}targets__commitment__in": shown, f"{test}targets__state": "published"}
        ) | Q(
            **{
                f"{test}comparator_of__commitment__in": shown,
                f"{test}comparator_of__state": "published",
            }
        )
        is_context = Q(**{f"{test}context_of__in": shown})
        of_a_figure = Q(observation__state="published") & (is_tested | is_context)
        of_an_update = Q(update__state="published", update__commitment__in=shown)
        return self.filter(of_a_figure | of_an_update).distinct()


class Evidence(models.Model):
    """A file that bears out a figure or an update: private until that is published."""

    # The history of the figure or the update tells of it.
    told_in_history = ()

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    observation = models.ForeignKey(
        "commitments.Observation",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("observation"),
    )
    update = models.ForeignKey(
        "commitments.Update",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("update"),
    )
    file = models.FileField(_("file"), upload_to=stored_name, editable=False)
    name = models.CharField(_("name of the file"), max_length=LONGEST_NAME, editable=False)
    content_type = models.CharField(_("type"), max_length=100, editable=False)
    size = models.PositiveIntegerField(_("size in bytes"), editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    added_at = models.DateTimeField(_("added at"), default=timezone.now, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("added by"),
    )

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(observation__isnull=False, update=None)
                | Q(observation=None, update__isnull=False),
                name="evidence_of_one_record",
                violation_error_message=_("A file bears out one figure or one update."),
            )
        ]

    def __str__(self):
        return self.name

    @property
    def extension(self):
        return self.name.rpartition(".")[2].upper()

    def take(self, upload):
        """Fill the columns from a file as uploaded. Raises `WrongFile` for one that is refused."""
        name = " ".join(upload.name.replace("\0", "").split())
        self.content_type = type_of(name, upload.size, upload)
        stem, _dot, extension = name.rpartition(".")
        self.name = f"{stem[: LONGEST_NAME - len(extension) - 1]}.{extension}"
        digest = hashlib.sha256()
        upload.seek(0)
        for chunk in upload.chunks():
            digest.update(chunk)
        self.size, self.sha256, self.file = upload.size, digest.hexdigest(), upload
