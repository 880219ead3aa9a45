"""Words of the stock admin which Django’s own Chinese catalogue puts stiffly.

Ours is read before it, so what is named here is translated there; English stays as it is.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

STOCK_WORDS = (
    _(":"),
    _("After you’ve created a user, you’ll be able to edit more user options."),
    _("Password-based authentication"),
    _(
        "Whether the user will be able to authenticate using a password or not. If "
        "disabled, they may still be able to authenticate using other backends, "
        "such as Single Sign-On or LDAP."
    ),
    _("Your password can’t be too similar to your other personal information."),
    _("Your password can’t be a commonly used password."),
    _("Your password can’t be entirely numeric."),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
    _("Add %s"),
    _("Change %s"),
    _("View %s"),
    _("Select %s to change"),
    _("Select %s to view"),
    _("Select %s"),
    _("Add %(name)s"),
    _("Add another %(verbose_name)s"),
    _("Save and add another"),
    _("Action:"),
    _("Filter"),
    _(" By %(filter_title)s "),
    _("Show counts"),
    _("Hide counts"),
    _("View site"),
    _("Log out"),
    _("Yes, I’m sure"),
    _("No, take me back"),
    _("Summary"),
    _("Objects"),
    _("Delete selected %(verbose_name_plural)s"),
    _("Delete multiple objects"),
    _("No action selected."),
    _("Items must be selected in order to perform actions on them. No items have been changed."),
    _("Select all %(total_count)s %(module_name)s"),
    _("The {name} “{obj}” was added successfully."),
    _("The {name} “{obj}” was added successfully. You may add another {name} below."),
    _("The {name} “{obj}” was changed successfully. You may edit it again below."),
    _("The {name} “{obj}” was changed successfully. You may add another {name} below."),
    _("The {name} “{obj}” was changed successfully."),
    _("The %(name)s “%(obj)s” was deleted successfully."),
    _("You may edit it again below."),
    _(
        "Designates whether this user should be treated as active. Unselect this instead "
        "of deleting accounts."
    ),
    _(
        'Are you sure you want to delete the %(object_name)s "%(escaped_object)s"? All of'
        " the following related items will be deleted:"
    ),
    _(
        "Are you sure you want to delete the selected %(objects_name)s? All of the "
        "following objects and their related items will be deleted:"
    ),
)
