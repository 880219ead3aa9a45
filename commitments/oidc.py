"""Log-in by the office's own identity provider (OpenID Connect), where one is configured.

Authorization code flow with PKCE, state and nonce, all by Authlib, which is loaded only when it is
used: most installations have no provider, and their nodes stay small.
"""

import logging

from django.conf import settings
from django.contrib.auth import get_user_model

log = logging.getLogger(__name__)
# Seconds for each answer of the provider; a person waits for three of them.
PATIENCE = 5
# Signed with a key that only the provider has; not with the secret that both have, nor with none.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")


class NotLoggedIn(Exception):
    """The provider is not reached, says no, or says what cannot be believed."""


def is_configured():
    return bool(settings.OIDC_ISSUER)


def lead_there(request, *, back):
    """The answer that leads to the provider; from there the person comes back to `back`."""
    with refused_by_name():
        return provider().authorize_redirect(request, back)


def claims_of(request):
    """What the provider says of the person who came back: signed by it, for us, and only now."""
    with refused_by_name():
        token = provider().authorize_access_token(request)
        return token["userinfo"]


def person_of(claims):
    """The one account on the staff that is meant, or None. Nobody gets an account by logging in."""
    value = claims.get(settings.OIDC_CLAIM)
    if not isinstance(value, str) or not value:
        return None
    found = get_user_model().objects.filter(is_active=True, is_staff=True)
    if settings.OIDC_CLAIM == "email":
        # An address that the provider has not checked may be anybody's.
        found = found.filter(email__iexact=value) if claims.get("email_verified") is True else ()
    else:
        found = found.filter(username=value)
    found = [*found[:2]]
    return found[0] if len(found) == 1 else None


# --- The library ----------------------------------------------------------------------------------


def provider():
    """A client that has read what the provider says of itself."""
    from authlib.integrations.django_client import OAuth

    client = OAuth().register(
        "oidc",
        client_id=settings.OIDC_CLIENT_ID,
        client_secret=settings.OIDC_CLIENT_SECRET,
        server_metadata_url=f"{settings.OIDC_ISSUER}/.well-known/openid-configuration",
        client_kwargs={
            "scope": " ".join(settings.OIDC_SCOPES),
            "code_challenge_method": "S256",
            "default_timeout": PATIENCE,
        },
    )
    told = client.load_server_metadata()
    if told["issuer"].rstrip("/") != settings.OIDC_ISSUER:
        raise NotLoggedIn("it names itself another issuer")
    offered = told.get("id_token_signing_alg_values_supported", ["RS256"])
    told["id_token_signing_alg_values_supported"] = [each for each in ALGORITHMS if each in offered]
    return client


class refused_by_name:
    """Whatever goes wrong at the provider's or on the way is one error, and a line in the log."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        from authlib.common.errors import AuthlibBaseError
        from joserfc.errors import JoseError
        from requests import RequestException

        # What a provider says of itself may lack anything, or be of any shape.
        shapes = (ValueError, KeyError, TypeError, AttributeError, RuntimeError)
        expected = (AuthlibBaseError, JoseError, RequestException, *shapes)
        if isinstance(error, expected):
            # Only its kind: what it says may have a code or a name in it.
            log.warning("A log-in by the identity provider failed: %s", kind.__name__)
            raise NotLoggedIn from error
        return False
