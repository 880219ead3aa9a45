"""Tags and filters that every public page shares."""

from django import template
from django.conf import settings
from django.urls import get_script_prefix
from django.utils import translation
from django.utils.encoding import escape_uri_path

from commitments.domain.status import Status
from commitments.labels import FLAG, GROUP, KIND, STATUS

register = template.Library()


def language_of_path(path):
    """Only the path decides the language: two copies of one address would share a cache."""
    return translation.get_language_from_path(path) or settings.LANGUAGE_CODE


@register.simple_tag(takes_context=True)
def other_language(context):
    """The same page in the other language: {code, name, address}; None without a request."""
    request = context.get("request")
    if request is None:
        return None
    here = language_of_path(request.path_info)
    code, name = next((code, name) for code, name in settings.LANGUAGES if code != here)
    # A path of our own making with exactly one leading slash, whatever was asked for: two would
    # be an address on another host.
    rest = request.path_info.lstrip("/")
    if here == settings.LANGUAGE_CODE:
        rest = f"{code}/{rest}"
    else:
        rest = rest.removeprefix(here).lstrip("/")
    query = request.GET.urlencode()
    address = escape_uri_path(get_script_prefix() + rest) + (f"?{query}" if query else "")
    return {"code": code, "name": name, "address": address}


@register.filter
def group(status):
    """The group's code of a status or of its code."""
    return Status(status).group.value


@register.filter
def status_label(status):
    return STATUS[Status(status)]


@register.filter
def group_label(code):
    return GROUP[code]


@register.filter
def kind_label(code):
    return KIND[code]


@register.filter
def flag_label(code):
    return FLAG[code]
