from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SentForm(models.Model):
    """A form that was saved, so that it is not saved again: a few days' memory, no record."""

    key = models.CharField(
        max_length=64,
        unique=True,
        help_text=_("A hash of the form's token and of all that was sent with it."),
    )
    sent_at = models.DateTimeField(db_index=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    record_id = models.PositiveBigIntegerField(null=True)

    class Meta:
        verbose_name = _("form sent")
        verbose_name_plural = _("forms sent")

    def __str__(self):
        return self.key
