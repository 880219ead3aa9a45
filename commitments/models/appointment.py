from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Appointment(models.Model):
    """What a person may do in the staff area; what a role means is in `access`."""

    class Role(models.TextChoices):
        EDITOR = "editor", _("agency editor")
        REVIEWER = "reviewer", _("reviewer")
        ADMINISTRATOR = "administrator", _("administrator")
        AUDITOR = "auditor", _("auditor")

    class Covers(models.TextChoices):
        LEAD = "lead", _("what the agencies lead")
        LEAD_OR_SUPPORT = "lead_or_support", _("what the agencies lead or support")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("person"),
    )
    role = models.CharField(_("role"), max_length=13, choices=Role)
    agencies = models.ManyToManyField(
        "commitments.Agency",
        related_name="appointments",
        blank=True,
        verbose_name=_("agencies"),
        help_text=_("For an agency editor only; every other role is for all agencies."),
    )
    covers = models.CharField(
        _("covers"),
        max_length=15,
        choices=Covers,
        default=Covers.LEAD,
        help_text=_("For an agency editor only."),
    )
    language = models.CharField(
        _("language of letters"),
        max_length=10,
        choices=settings.LANGUAGES,
        default=settings.LANGUAGE_CODE,
        help_text=_("Of the reminders by mail; of several appointments the first one’s."),
    )

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["user", "role", "pk"]

    def __str__(self):
        return f"{self.user}: {self.get_role_display()}"
