"""The second step of a log-in. What is stored here gives nobody a code: `actions/second_factor`."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.models.appointment import Appointment


class SecondFactor(models.Model):
    """That somebody logs in with codes of an authenticator app, and the codes for emergencies."""

    told_in_history = ("user", "set_up_at", "codes_made_at", "codes_left")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person")
    )
    # The app's secret is computed from it and the installation's key.
    seed = models.CharField(max_length=32, editable=False)
    set_up_at = models.DateTimeField(_("set up"))
    # The half minute of the last code that was taken: neither it nor an older one is taken again.
    last_step = models.BigIntegerField(editable=False)
    # Digests of the recovery codes that nobody has used yet.
    codes = models.JSONField(default=list, editable=False)
    codes_left = models.PositiveSmallIntegerField(_("recovery codes left"), default=0)
    codes_made_at = models.DateTimeField(_("recovery codes made"))
    wrong_in_a_row = models.PositiveSmallIntegerField(default=0, editable=False)
    wrong_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("second log-in step")
        verbose_name_plural = _("second log-in steps")

    def __str__(self):
        return str(self.user)


class LogInRule(models.Model):
    """Which roles must log in with a second step: one row, or none while no one must."""

    editor = models.BooleanField(_("agency editor"), default=False)
    reviewer = models.BooleanField(_("reviewer"), default=False)
    administrator = models.BooleanField(_("administrator"), default=False)
    auditor = models.BooleanField(_("auditor"), default=False)

    class Meta:
        verbose_name = _("rule for log-ins")
        verbose_name_plural = _("rule for log-ins")
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1),
                name="log_in_rule_is_one",
                violation_error_message=_("There is one rule for log-ins."),
            )
        ]

    def __str__(self):
        return str(self._meta.verbose_name)

    @classmethod
    def required_roles(cls):
        found = cls.objects.values(*Appointment.Role.values).first() or {}
        return {role for role, is_required in found.items() if is_required}
