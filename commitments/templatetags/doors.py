"""What a page tells machines about itself: addresses, previews, structured data."""

import json
from dataclasses import replace
from html import unescape

from django import template
from django.conf import settings
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from commitments.filters import with_query
from commitments.places import Place

register = template.Library()

# Inside <script> only these could end the element or begin a comment; JSON has an escape for each.
ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


class InertJson:
    """JSON that cannot end the element it stands in; `format_html` takes it as it is."""

    def __init__(self, value):
        self.value = value

    def __html__(self):
        return json.dumps(self.value, ensure_ascii=False).translate(ESCAPED)


def json_ld(value):
    """Structured data. A browser runs no script of this type, so the strict policy lets it be."""
    return format_html('<script type="application/ld+json">{}</script>', InertJson(value))


ENCODINGS = {
    "CSV": "text/csv",
    "JSON": "application/json",
    "XLSX": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@register.simple_tag(takes_context=True)
def promise_data(context, commitment, sentence, files):
    """A promise in the words of schema.org: a claim with where it was first made, and its data.

    Nothing is said of an invented plan: a machine does not see the notice that stands above it.
    """
    if commitment.plan.is_fictional:
        return ""
    own = addresses(context)["canonical"]
    source = commitment.source
    made = {
        "@type": "CreativeWork",
        "name": source.title,
        "publisher": {"@type": "Organization", "name": source.publisher},
        "datePublished": source.published_on.isoformat(),
    }
    if source.url:
        made["url"] = source.url
    claim = {
        "@type": "Claim",
        "@id": f"{own}#quote",
        "identifier": commitment.code,
        "name": commitment.title,
        "text": commitment.quote,
        "about": commitment.theme.name,
        "author": {"@type": "GovernmentOrganization", "name": commitment.plan.issuer},
        "firstAppearance": made,
    }
    data = {
        "@type": "Dataset",
        "@id": f"{own}#files",
        "name": f"{commitment.code} {commitment.title}",
        "description": sentence,
        "url": own,
        "isAccessibleForFree": True,
        "inLanguage": translation.get_language(),
        "about": {"@id": f"{own}#quote"},
        "creator": {"@type": "Organization", "name": _("Public Register of Commitments")},
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": ENCODINGS[name],
                "contentUrl": absolute(context, address),
            }
            for name, address in files
        ],
    }
    return json_ld({"@context": "https://schema.org", "@graph": [claim, data]})


@register.simple_tag(takes_context=True)
def absolute(context, address):
    """An address here with scheme and host, as other sites and programs need it."""
    return context["request"].build_absolute_uri(address)


@register.simple_tag(takes_context=True)
def follow(context, name, *args):
    """The address of a feed or calendar of what this page shows, always as of today."""
    found = context.get("filter")
    if found is not None:
        query = found.query_without("as_of", "sort")
    else:
        plan = context.get("scope", {}).get("plan")
        query = urlencode({"plan": plan}) if plan else ""
    return with_query(reverse(name, args=args), query)


@register.simple_tag(takes_context=True)
def addresses(context):
    """Where this page is for a search engine: `canonical`, and (language, address) `alternates`.

    A plan makes another page. A filter, an order, a page number, a past day or large text are views
    of the same one, and would be indexed without end.
    """
    request = context.get("request")
    if request is None:
        return None
    here = replace(Place.of(request.path_info), is_large=False)
    # A view's `scope` names the plan where it is not the usual one.
    plan = context.get("scope", {}).get("plan")
    query = urlencode({"plan": plan}) if plan else ""

    def address(code):
        path = replace(here, language=code).address
        return request.build_absolute_uri(with_query(path, query))

    return {
        "canonical": address(here.language),
        "alternates": [(code, address(code)) for code, _name in settings.LANGUAGES],
        "default": address(settings.LANGUAGE_CODE),
        "is_past": bool(request.GET.get("as_of")),
    }


@register.simple_tag(takes_context=True)
def block_text(context, name):
    """The words of a block of this page once more, so that a preview cannot say other ones."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    if block is None:
        return ""
    words = unescape(block.nodelist.render(context))
    return " ".join(words.split()).removesuffix("|").rstrip()
