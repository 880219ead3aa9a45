"""Environment variables, read once at start-up, refused early and by name.

settings.py is the one caller; nothing else in the project reads os.environ.
"""

import os
import secrets
import tempfile
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_WORDS = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}


def text(name: str, default: str = "") -> str:
    """The variable without surrounding space; an empty one counts as not set."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    """yes/no, true/false, on/off or 1/0, in any case."""
    given = text(name)
    if not given:
        return default
    if given.lower() not in _WORDS:
        raise ImproperlyConfigured(f"{name} must be yes or no, not {given!r}.")
    return _WORDS[given.lower()]


def number(name: str, default: int, *, least: int = 0) -> int:
    """A whole number no smaller than `least`."""
    given = text(name)
    if not given:
        return default
    if not given.isascii() or not given.isdigit() or int(given) < least:
        raise ImproperlyConfigured(f"{name} must be a whole number from {least} up, not {given!r}.")
    return int(given)


def one_of(name: str, choices: tuple[str, ...], default: str) -> str:
    """One of the words in `choices`, in any case; `choices` are in capitals."""
    given = text(name, default)
    if given.upper() not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {given!r}.")
    return given.upper()


def words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A list separated by commas."""
    found = [word.strip() for word in text(name).split(",")]
    return [word for word in found if word] or list(default)


def address(name: str) -> tuple[str, int] | None:
    """host:port, the host a name or a number; None where nothing is given."""
    host, _colon, port = text(name).rpartition(":")
    if not text(name):
        return None
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65_536:
        raise ImproperlyConfigured(f"{name} must be host:port, not {text(name)!r}.")
    return host, int(port)


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Ranges of addresses, 10.0.0.0/8 or 2001:db8::/32, separated by commas; one address is one."""
    found = []
    for word in words(name):
        try:
            found.append(ip_network(word))
        except ValueError:
            raise ImproperlyConfigured(
                f"{name} must be ranges such as 10.0.0.0/8 or 2001:db8::/32, not {word!r}."
            ) from None
    return found


def kept_secret(path: Path) -> str:
    """The secret in the file, made once, readable by its owner alone.

    Several processes may start at once, so the file appears whole or not at all and the first
    one wins: a link fails where a rename would overwrite.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent)  # mkstemp: mode 0600
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(temporary)
    return path.read_text(encoding="ascii").strip()
