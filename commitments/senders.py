"""Who sends or asks for something, as far as limits need to know: no address is kept."""

import datetime as dt
import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

# One subscriber has a whole network of this size in version 6 of the Internet's addresses.
ONE_SUBSCRIBER = 64


def address_of(request: HttpRequest) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a request came from, None where it cannot be told.

    Behind a proxy the last one told is what our own proxy saw; those before it are what the sender
    claims.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.headers.get("X-Forwarded-For", address).rpartition(",")[2].strip()
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None  # A proxy's word, or a socket without an address.
    return getattr(parsed, "ipv4_mapped", None) or parsed


def subscriber_of(request: HttpRequest) -> str:
    """The address of one subscriber, as text: of version 6 that of their network; "" for none."""
    address = address_of(request)
    if isinstance(address, ipaddress.IPv6Address):
        network = ipaddress.ip_network((address, ONE_SUBSCRIBER), strict=False)
        return str(network.network_address)
    return str(address or "")


def sender_of(request: HttpRequest, day: dt.date, what: str = "error-report") -> str:
    """A number that tells what one sender sent or asked for on a day from another's, and no more.

    Keyed with the installation's secret and the day, and so short that 65,536 addresses of the
    old kind share each: not even who has the key can say whose it was.
    """
    address = subscriber_of(request)
    return salted_hmac(f"{what} {day.isoformat()}", address, algorithm="sha256").hexdigest()[:4]
