"""The staff area's login, when a form waits behind it."""

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from commitments.kept import KEPT, unsealed


class LoginForm(AdminAuthenticationForm):
    """Lets nobody walk into, or unknowingly throw away, what another person had typed."""

    is_of_another = False

    def confirm_login_allowed(self, user: User) -> None:
        super().confirm_login_allowed(user)
        form = unsealed(self.data.get(KEPT, ""))
        if form is None or form.person == user.pk or "drop_kept" in self.data:
            return
        self.is_of_another = True
        raise ValidationError(
            _(
                "The form that was open here was filled in by somebody else, and its text is still "
                "kept. It is theirs to go on with: they can log in here."
            ),
            code="of_another",
        )
