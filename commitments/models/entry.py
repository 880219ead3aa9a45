from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EntryQuerySet(models.QuerySet):
    def of(self, record):
        """The history of one record, the newest first."""
        return self.filter(kind=record._meta.label_lower, record_id=record.pk)


class Entry(models.Model):
    """What somebody did, and what it changed: a line that is written once and never altered.

    It names its record by kind and number, not by a foreign key: the line outlives the record.
    `changes` holds, for each field, the stored value before and after; other records are named by
    their code. The database itself refuses to change or remove a line (`append_only.py`).
    """

    class Action(models.TextChoices):
        CREATED = "created", _("entered")
        CHANGED = "changed", _("changed")
        DELETED = "deleted", _("deleted")
        SUBMITTED = "submitted", _("submitted")
        TAKEN_BACK = "taken_back", _("taken back")
        RETURNED = "returned", pgettext_lazy("what happened", "returned")
        PUBLISHED = "published", _("published")
        SUPERSEDED = "superseded", _("replaced")
        OPENED = "opened", _("opened to the public")
        HANDLED = "handled", _("closed")
        LOADED = "loaded", _("loaded from plan files")
        EXPORTED = "exported", _("downloaded")
        LOGGED_IN = "logged_in", _("logged in")
        LOGGED_OUT = "logged_out", _("logged out")
        LOGIN_FAILED = "login_failed", _("login refused")
        LOCKED_OUT = "locked_out", _("log-in locked")
        LOCK_LIFTED = "lock_lifted", _("lock lifted")

    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    action = models.CharField(_("what happened"), max_length=12, choices=Action)
    kind = models.CharField(_("kind of record"), max_length=60, blank=True)
    record_id = models.PositiveBigIntegerField(_("record number"), null=True)
    name = models.CharField(_("record"), max_length=200, blank=True)
    changes = models.JSONField(_("changes"), default=dict)
    why = models.TextField(_("why"), blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("history entry")
        verbose_name_plural = _("history")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["kind", "record_id", "-id"], name="entry_of_record"),
            models.Index(fields=["at"], name="entry_at"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(by__isnull=False) | Q(action__in=["login_failed", "locked_out"]),
                name="entry_by_someone",
                violation_error_message=_("Only a refused or locked log-in has nobody who did it."),
            )
        ]

    def __str__(self):
        return f"{self.get_action_display()} {self.name}".strip()
