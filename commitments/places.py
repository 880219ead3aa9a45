"""What the first parts of a path say: the language, then the size of the text.

Chinese at /, English at /en/; every page once more in large text at /large/ and /en/large/.
"""

from dataclasses import dataclass

from django.conf import settings
from django.urls import get_script_prefix
from django.utils import translation
from django.utils.encoding import escape_uri_path

LARGE = "large"


@dataclass(frozen=True)
class Place:
    """A path taken apart; `dataclasses.replace` makes the same page in another language or size."""

    language: str
    is_large: bool
    rest: str

    @classmethod
    def of(cls, path: str) -> "Place":
        """Of a path below the script's own prefix (`request.path_info`)."""
        language = translation.get_language_from_path(path) or settings.LANGUAGE_CODE
        rest = path.lstrip("/")
        if language != settings.LANGUAGE_CODE:
            rest = rest.removeprefix(language).lstrip("/")
        first, _slash, after = rest.partition("/")
        if first == LARGE:
            return cls(language, True, after.lstrip("/"))
        return cls(language, False, rest)

    @property
    def address(self) -> str:
        """A path of our own making with exactly one leading slash, whatever was asked for.

        Two would be an address on another host.
        """
        parts = [] if self.language == settings.LANGUAGE_CODE else [self.language]
        if self.is_large:
            parts.append(LARGE)
        return escape_uri_path(get_script_prefix() + "/".join([*parts, self.rest]))
