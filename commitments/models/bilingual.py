from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

CODE = r"[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*"


def code_field(**kwargs):
    """A stable code: given once, part of addresses and files, never changed or used again."""
    options = {
        "max_length": 40,
        "unique": True,
        "validators": [
            RegexValidator(
                rf"\A{CODE}\Z",
                _("A code has letters and digits, with single hyphens or full stops between."),
            )
        ],
        "help_text": _("Stable: it is in addresses and files, and is never used again."),
    }
    return models.CharField(_("code"), **(options | kwargs))


class Translated:
    """`title = Translated()` reads `title_zh` or `title_en`, as the page's language asks.

    A text that has only one language is shown in that one rather than as a blank.
    """

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        zh, en = getattr(instance, f"{self.name}_zh"), getattr(instance, f"{self.name}_en")
        return (en or zh) if (get_language() or "").startswith("en") else (zh or en)
