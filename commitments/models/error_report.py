import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Without letters and digits that are read as one another, for whoever says it on the telephone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_reference():
    """A number for the person who reported; random, so that it says nothing of how many there are.

    31 to the 8th is 10 to the 12th: two alike are not met in the life of a register.
    """
    letters = "".join(secrets.choice(ALPHABET) for _place in range(8))
    return f"{letters[:4]}-{letters[4:]}"


class ErrorReportQuerySet(models.QuerySet):
    def new(self):
        return self.filter(state=ErrorReport.State.NEW)


class ErrorReport(models.Model):
    """What a reader says is wrong. Never shown to the public, and changes nothing by itself."""

    # What a stranger wrote may have to be deleted, and the history never is.
    told_in_history = ("reference", "state", "note")

    class State(models.TextChoices):
        NEW = "new", pgettext_lazy("error report", "new")
        HANDLED = "handled", _("handled")

    reference = models.CharField(
        _("reference number"), max_length=9, unique=True, default=new_reference, editable=False
    )
    form_key = models.CharField(
        _("key of the form"),
        max_length=64,
        unique=True,
        editable=False,
        help_text=_("One form with one text makes one report, however often it is sent."),
    )
    sent_at = models.DateTimeField(_("sent at"), editable=False)
    language = models.CharField(_("language"), max_length=10, editable=False)
    text = models.TextField(_("what is wrong"))
    place = models.CharField(_("where"), max_length=300, blank=True)
    commitment = models.ForeignKey(
        "commitments.Commitment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="error_reports",
        verbose_name=_("commitment"),
    )
    source_url = models.URLField(_("address of a source"), max_length=2_048, blank=True)
    email = models.EmailField(_("e-mail for an answer"), blank=True)
    state = models.CharField(
        _("state"), max_length=7, choices=State, default=State.NEW, editable=False
    )
    handled_at = models.DateTimeField(_("handled at"), null=True, editable=False)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("handled by"),
    )
    note = models.TextField(_("what was done"))

    objects = ErrorReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("error report")
        verbose_name_plural = _("error reports")
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["state", "-sent_at"], name="error_report_desk")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="handled", handled_at__isnull=False, handled_by__isnull=False)
                & ~Q(note="")
                | Q(state="new", handled_at=None, handled_by=None),
                name="error_report_handled_by_someone",
                violation_error_message=_("A handled report says when, by whom and what was done."),
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="error_report_not_empty",
                violation_error_message=_("A report says what is wrong."),
            ),
            models.CheckConstraint(
                condition=Q(state="new") | Q(email=""),
                name="error_report_forgets_its_sender",
                violation_error_message=_("A handled report keeps no e-mail address."),
            ),
        ]

    def __str__(self):
        return self.reference


class SendingCount(models.Model):
    """How many error reports came in an hour: from one sender, or (with no sender) from everyone.

    In the database, because every node of an installation counts on the same.
    """

    hour = models.DateTimeField(_("hour"))
    # One of 65,536 numbers that a sender's network address gives that day: enough to tell two
    # senders apart, and far too little to find an address by.
    sender = models.CharField(_("sender"), max_length=4, blank=True)
    count = models.PositiveIntegerField(_("count"), default=0)

    class Meta:
        verbose_name = _("count of error reports")
        verbose_name_plural = _("counts of error reports")
        constraints = [
            models.UniqueConstraint(fields=["hour", "sender"], name="sending_count_once")
        ]

    def __str__(self):
        return f"{self.hour:%Y-%m-%d %H} {self.sender}"
