"""The form with which a reader reports an error, and the key that stands in for a CSRF cookie."""

import re
import secrets
import unicodedata

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.utils.text import normalize_newlines
from django.utils.translation import gettext_lazy as _

from commitments.models.bilingual import CODE

MOST_CHARACTERS = 2_000
MOST_OF_PLACE = 300
# As long as a page may lie open in a tab before its text is sent.
MOST_SECONDS = 24 * 60 * 60
SALT = "commitments.error-report"
# Characters that turn the direction of what follows, so that one text can pass for another.
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def new_key():
    """A signed, dated key for one form. It needs no cookie, so the public pages set none."""
    return signing.TimestampSigner(salt=SALT).sign(secrets.token_hex(16))


def opened(key):
    """The key inside a signed one; `signing.BadSignature` when forged or older than a day."""
    return signing.TimestampSigner(salt=SALT).unsign(key, max_age=MOST_SECONDS)


def is_from_here(request):
    """Whether a browser says that this form was sent from our own page.

    Every browser since 2023 sends `Sec-Fetch-Site`, older ones `Origin`. What sends neither is no
    browser that another site could steer, and still needs a key.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if not origin:
        return True
    here = {f"{scheme}://{request.get_host()}" for scheme in ("http", "https")}
    return origin in here or origin in settings.CSRF_TRUSTED_ORIGINS


def readable(text):
    """A text without what no one can see: NUL and other controls, halves of characters, turns."""
    return "".join(
        each
        for each in normalize_newlines(text)
        if each in "\n\t"
        or (unicodedata.category(each) not in ("Cc", "Cs") and each not in TURNING)
    )


class Counted(forms.CharField):
    """Counts characters itself: `maxlength` makes a browser cut what is pasted without a word."""

    def __init__(self, *, most, **kwargs):
        super().__init__(**kwargs)
        self.most = most

    def validate(self, value):
        super().validate(value)
        if len(value) > self.most:
            raise ValidationError(
                _(
                    "This has %(number)s characters; at most %(most)s can be sent. Please shorten "
                    "it."
                ),
                code="max_length",
                params={"number": len(value), "most": self.most},
            )


class ErrorReportForm(forms.Form):
    use_required_attribute = False

    text = Counted(
        most=MOST_CHARACTERS,
        label=_("What is wrong?"),
        help_text=_("At most 2,000 characters. If a figure is wrong, say which one is right."),
        error_messages={"required": _("Please say what is wrong.")},
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    place = Counted(
        most=MOST_OF_PLACE,
        required=False,
        label=_("Where? (optional)"),
        help_text=_("The code of the promise, such as ZZ-001, or the address of the page."),
    )
    source_url = Counted(
        most=2_000,
        required=False,
        label=_("Where can the right information be read? (optional)"),
        help_text=_("The address of an official document or page."),
        widget=forms.TextInput(attrs={"inputmode": "url"}),
    )
    email = Counted(
        most=254,
        required=False,
        label=_("Your e-mail (optional)"),
        help_text=_(
            "Only used to answer you. It is shown to no one else and is deleted when the report "
            "is closed."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        validators=[
            EmailValidator(_("This is not an e-mail address. Correct it, or leave it empty."))
        ],
    )
    # For programs that fill in whatever they find. A person sees it only when their browser did.
    website = Counted(
        most=500,
        required=False,
        label=_("Leave this field empty"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound:
            # What is shown again is what would be sent.
            self.data = {name: readable(value) for name, value in self.data.items()}
        for name, field in self.fields.items():
            described = [f"{name}-help"] if field.help_text else []
            if self.is_bound and name in self.errors:
                described.append(f"{name}-error")
                field.widget.attrs["aria-invalid"] = "true"
            if described:
                field.widget.attrs["aria-describedby"] = " ".join(described)

    def clean_source_url(self):
        given = self.cleaned_data["source_url"]
        if given and "://" not in given:
            given = f"https://{given}"
        if given:
            try:
                URLValidator(schemes=["http", "https"])(given)
            except ValidationError:
                raise ValidationError(
                    _(
                        "This is not a web address. If the source is not on the web, name it in "
                        "the first field."
                    ),
                    code="invalid",
                ) from None
        return given

    def clean_website(self):
        if self.cleaned_data["website"]:
            raise ValidationError(_("Please empty this field; then the report can be sent."))
        return ""

    @property
    def caught(self):
        """Whether the field for programs was filled in: a browser's own filling may do it too."""
        return self.is_bound and "website" in self.errors

    @property
    def code(self):
        """The commitment's code that the place begins with or leads to; empty if it has none."""
        place = self.cleaned_data["place"].strip()
        found = re.search(rf"commitments/({CODE})(?:/|\Z)", place) or re.match(
            rf"({CODE})(?=[\s,，。：:;；]|\Z)", place
        )
        return found[1][:40] if found else ""
