import datetime as dt

from django.core.files.storage import default_storage
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# Whoever makes a file says so every few seconds; who is silent for so long is not there any more.
LEASE = dt.timedelta(minutes=2)
MOST_TRIES = 3
FOLDER = "made"


class LongFileQuerySet(models.QuerySet):
    def ready(self):
        return self.filter(finished_at__isnull=False)

    def being_made(self, at):
        return self.filter(finished_at=None, beat_at__gt=at - LEASE)

    def waiting(self, at):
        """For whoever claims one first, also instead of a maker that is gone."""
        found = self.filter(finished_at=None, tries__lt=MOST_TRIES)
        return found.exclude(beat_at__gt=at - LEASE)


class LongFileManager(models.Manager.from_queryset(LongFileQuerySet)):
    def get_queryset(self):
        """Of the primary: a standby may not have heard of what was asked for a moment ago."""
        return super().get_queryset().using(DEFAULT_DB_ALIAS)


class LongFile(models.Model):
    """A file that takes long: asked for by readers, made aside, and kept for a day.

    A cache of what can be made again at any time. `key` follows from all that decides what is in
    it, so that it is made once, whoever asks and wherever. `maker` is a number of the process that
    makes it, `beat_at` when that last said so.
    """

    key = models.CharField(max_length=32, unique=True)
    ext = models.CharField(_("kind"), max_length=4)
    language = models.CharField(_("language"), max_length=10)
    query = models.TextField(_("what is asked for"), blank=True)
    today = models.DateField(_("day it was asked on"))
    name = models.CharField(_("name of the file"), max_length=200)
    asked_at = models.DateTimeField(_("asked at"), db_index=True)
    # As `SendingCount` counts senders: one of 65,536 numbers, another one each day.
    sender = models.CharField(_("sender"), max_length=4, blank=True)
    total = models.PositiveIntegerField(_("promises to write"))
    done = models.PositiveIntegerField(_("promises written"), default=0)
    maker = models.CharField(_("made by"), max_length=32, blank=True)
    beat_at = models.DateTimeField(_("last sign of it"), null=True)
    tries = models.PositiveSmallIntegerField(_("times it was begun"), default=0)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), null=True)
    file = models.FileField(_("file"), upload_to=FOLDER, blank=True)

    objects = LongFileManager()

    class Meta:
        verbose_name = _("long file")
        verbose_name_plural = _("long files")
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at=None, size=None)
                | Q(finished_at__isnull=False, size__isnull=False),
                name="long_file_finished_has_size",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_ready(self):
        """Whether it is there to be taken; what a storage has lost is not."""
        return self.finished_at is not None and default_storage.exists(self.file.name)

    def is_being_made(self, at):
        return self.finished_at is None and self.beat_at is not None and self.beat_at > at - LEASE

    def is_given_up(self, at):
        is_tried = self.finished_at is None and self.tries >= MOST_TRIES
        return is_tried and not self.is_being_made(at)
