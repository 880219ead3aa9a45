from django.db import models
from django.utils.translation import gettext_lazy as _

ONLY = 1


class Revision(models.Model):
    """One number for all that the public can read: a row, raised with whatever changes that.

    The database raises it itself, in the transaction that makes the change (`raising.py`): no way
    of writing can forget to. Who reads the number first and the register after it has read no less
    than what the number stands for.
    """

    number = models.PositiveBigIntegerField(_("revision"), default=1)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=ONLY),
                name="revision_only_one",
                violation_error_message=_("There is one revision number for everything."),
            )
        ]

    def __str__(self):
        return str(self.number)

    @classmethod
    def current(cls):
        """The number now. Raises `DoesNotExist` in a database that nothing was ever put into."""
        return cls.objects.values_list("number", flat=True).get(pk=ONLY)
