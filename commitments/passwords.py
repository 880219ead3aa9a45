"""What a password may not be: made of what anybody guesses first here, or the one before."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

NEARBY = ("admin", "chengnuo", "commitment", "guihua", "password", "promise", "register", "zhengfu")
# Beside such words and digits; part of a sentence they are no harm.
LEAST_BESIDE = 6
SHORTEST_WORD = 4


class NearbyWordsValidator:
    """Refuses what is little more than nearby words; `words` are an installation's own."""

    def __init__(self, words=()):
        parts = {part for word in words for part in re.split(r"\W+", word.lower())}
        found = {part for part in parts if len(part) >= SHORTEST_WORD or not part.isascii()}
        # The longest first, so that no part of one is left.
        self.words = sorted({*NEARBY, *found}, key=len, reverse=True)

    def validate(self, password, user=None):
        left = password.lower()
        for word in self.words:
            left = left.replace(word, "")
        if left != password.lower() and sum(each.isalpha() for each in left) < LEAST_BESIDE:
            raise ValidationError(self.get_help_text(), code="password_of_nearby_words")

    def get_help_text(self):
        return _(
            "A password must have more in it than words that are guessed first here, such as the "
            "names of the register and the city, and digits."
        )


class AnotherThanBeforeValidator:
    """A password that is changed becomes another one."""

    def validate(self, password, user=None):
        if user is not None and user.check_password(password):
            raise ValidationError(
                _("The new password is the old one: choose another."), code="password_not_changed"
            )

    def get_help_text(self):
        return _("A new password must be another than the one before.")
