"""Forms that may not get lost: each carries a token that says whose it is, and that it is ours.

When a form comes back without a login, or is refused for its CSRF token, what was typed goes with
the person through the login page, in a signed hidden field, and then waits in their new session
until the form shows it again. It is in no address and in no log; files do not come along.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends.base import SessionBase
from django.core import signing
from django.http import HttpRequest, QueryDict

TOKEN = "_form"
# The name in the login form, and in the address under which the form shows a text again.
KEPT = "kept"
# In the session of somebody who is on the way to log in elsewhere.
KEPT_AWAY = "kept_away"
# A form left open over a holiday is still a form.
LONGEST_OPEN = timedelta(days=14)
# Of a text on its way through the login page.
LONGEST_AWAY = timedelta(hours=12)
MOST_IN_SESSION = 5
# Sent with a form, and worth nothing later.
NOT_KEPT = {"csrfmiddlewaretoken"}


@dataclass(frozen=True)
class KeptForm:
    """What somebody typed, for which address, and the id of the account that had the form open."""

    person: int
    path: str
    data: dict[str, list[str]]
    files: list[str]

    def posted(self) -> QueryDict:
        """The text as a form takes it."""
        found = QueryDict(mutable=True)
        for name, values in self.data.items():
            found.setlist(name, values)
        return found


def new_token(user: AbstractBaseUser) -> str:
    return signing.dumps([user.pk, secrets.token_hex(16)], salt=TOKEN)


def person_of(token: str) -> int | None:
    """The id of the account that a form was made for; None for what is not our token, or is old."""
    try:
        person, _key = signing.loads(token, salt=TOKEN, max_age=LONGEST_OPEN)
    except signing.BadSignature:
        return None
    return int(person)


def form_sent(request: HttpRequest) -> KeptForm | None:
    """The text of a form that came by POST, or None where it is none of ours."""
    person = person_of(request.POST.get(TOKEN, ""))
    if person is None:
        return None
    data = {name: values for name, values in request.POST.lists() if name not in NOT_KEPT}
    files = [file.name or "" for _name, each in request.FILES.lists() for file in each]
    return KeptForm(person, request.get_full_path(), data, files)


def sealed(form: KeptForm) -> str:
    """A text for a hidden field: signed, so that it comes back as it went."""
    return signing.dumps([form.person, form.path, form.data, form.files], salt=KEPT, compress=True)


def unsealed(text: str) -> KeptForm | None:
    try:
        return KeptForm(*signing.loads(text, salt=KEPT, max_age=LONGEST_AWAY))
    except signing.BadSignature:
        return None


# --- In the session -------------------------------------------------------------------------------


def put_in_session(session: SessionBase, form: KeptForm) -> str:
    """Keep a text for the person who is logged in; returns the address that shows it again."""
    held = session.get(KEPT, {})
    name = secrets.token_urlsafe(9)
    held[name] = [form.person, form.path, form.data, form.files]
    session[KEPT] = dict([*held.items()][-MOST_IN_SESSION:])
    path, _mark, query = form.path.partition("?")
    asked = QueryDict(query, mutable=True)
    asked[KEPT] = name
    return f"{path}?{asked.urlencode()}"


def in_session(request: HttpRequest) -> KeptForm | None:
    """The text that waits for this address, or None."""
    held = request.session.get(KEPT, {}).get(request.GET.get(KEPT, ""))
    if held is None:
        return None
    form = KeptForm(*held)
    is_here = form.path.partition("?")[0] == request.path
    return form if is_here and form.person == request.user.pk else None


def done_with(request: HttpRequest) -> None:
    """Forget the text that waited for this address: it is saved."""
    held = request.session.get(KEPT, {})
    if held.pop(request.GET.get(KEPT, ""), None) is not None:
        request.session[KEPT] = held
