"""Who sends or asks for something, as far as limits need to know: no address is kept."""

import ipaddress

from django.conf import settings
from django.utils.crypto import salted_hmac

# One subscriber has a whole network of this size in version 6 of the Internet's addresses.
ONE_SUBSCRIBER = 64


def sender_of(request, day, what="error-report"):
    """A number that tells what one sender sent or asked for on a day from another's, and no more.

    Keyed with the installation's secret and the day, and so short that 65,536 addresses of the
    old kind share each: not even who has the key can say whose it was.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        # The last is what our own proxy saw; those before it are what the sender claims.
        address = request.headers.get("X-Forwarded-For", address).rpartition(",")[2].strip()
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        parsed = None  # A proxy's word, or a socket without an address: counted as it is.
    if isinstance(parsed, ipaddress.IPv6Address):
        network = ipaddress.ip_network((parsed, ONE_SUBSCRIBER), strict=False)
        address = str(parsed.ipv4_mapped or network)
    return salted_hmac(f"{what} {day.isoformat()}", address).hexdigest()[:4]
