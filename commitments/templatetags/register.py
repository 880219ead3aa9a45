"""Tags and filters that every public page shares."""

from dataclasses import replace
from typing import NamedTuple

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from commitments import formats, sentences
from commitments.domain.standards import standard
from commitments.domain.status import Status
from commitments.filters import segments, with_query
from commitments.labels import FLAG, GROUP, KIND, STATUS
from commitments.places import Place
from commitments.sentences.items import item_amount, item_name

register = template.Library()
# Fields of the filter with a choice for every word there is, few of which a plan has.
LONG = ("status", "kind")


@register.simple_tag(takes_context=True)
def other_language(context):
    """The same page in the other language: {code, name, address}; None without a request."""
    request = context.get("request")
    if request is None:
        return None
    here = Place.of(request.path_info)
    code, name = next((code, name) for code, name in settings.LANGUAGES if code != here.language)
    there = replace(here, language=code)
    return {"code": code, "name": name, "address": same_view(request, there)}


@register.simple_tag(takes_context=True)
def text_size(context):
    """Whether the page is in large text, and its address in the other size; None if no request."""
    request = context.get("request")
    if request is None:
        return None
    here = Place.of(request.path_info)
    there = replace(here, is_large=not here.is_large)
    return {"is_large": here.is_large, "address": same_view(request, there)}


@register.inclusion_tag("commitments/partials/_day_form.html")
def day_form(request, day, is_past):
    """Asks for a past day of the same view; its page number may mean another page on that day."""
    asked = [
        (name, value)
        for name, values in request.GET.lists()
        if name not in ("as_of", "page")
        for value in values
    ]
    return {"address": request.path, "asked": asked, "day": day if is_past else None}


def same_view(request, place):
    return with_query(place.address, request.GET.urlencode())


@register.simple_tag(takes_context=True)
def list_address(context, **asked):
    """The address of the list with some filter values, in the page's `scope` (plan and day)."""
    return with_query(reverse("commitments"), urlencode(context.get("scope", {}) | asked))


@register.simple_tag
def page_address(found, page):
    """The address of another page of a filter's list; the first has no number."""
    number = [f"page={page}"] if page > 1 else []
    return with_query(reverse("commitments"), "&".join(filter(None, [found.query, *number])))


@register.simple_tag
def translated(record, name):
    """A text of a record in the page's language; in the other one, marked so, where it has none."""
    zh, en = getattr(record, f"{name}_zh"), getattr(record, f"{name}_en")
    is_english = language_of(translation.get_language()) == "en"
    if not (zh and en) and (zh if is_english else en):
        code, mark = ("zh-Hans", _("(Chinese only)")) if zh else ("en", _("(English only)"))
        return format_html(
            '<span lang="{}">{}</span> <span class="only">{}</span>', code, zh or en, mark
        )
    return en if is_english else zh


@register.filter
def marked(text, terms):
    """A text with each place of the words searched for in <mark>."""
    if not terms:
        return text
    pieces = (
        format_html("<mark>{}</mark>", each.text) if each.is_found else each.text
        for each in segments(text, terms)
    )
    return format_html_join("", "{}", ((piece,) for piece in pieces))


class Box(NamedTuple):
    """A check box; `count` is how many promises it would show, None where nothing is counted."""

    value: str
    label: str
    id: str
    is_chosen: bool
    count: int | None


@register.filter
def boxes(field, counts):
    """A `Box` for each choice of a field.

    Of the long lists only what the plan has at all is offered, and what is asked for.
    """
    name, asked, found = field.name, set(field.value() or ()), []
    for place, (value, label) in enumerate(field.field.choices):
        is_chosen = value in asked
        if counts and name in LONG and not (is_chosen or counts.has(name, value)):
            continue
        count = counts.of(name, value) if counts else None
        found.append(Box(value, label, f"{field.auto_id}_{place}", is_chosen, count))
    return found


def language_of(code):
    return (code or settings.LANGUAGE_CODE).partition("-")[0]


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


@register.filter
def test(target):
    """What a target asks, for a row: ≥ 350 家 · 2025."""
    return sentences.test(target)


@register.filter
def figure(standing):
    """The figure an assessment judged, with its unit, and its item where a standard has several."""
    seen, target = standing.observation, standing.target
    if seen.stated:
        return seen.stated
    if not seen.item:
        return formats.quantity(seen.value, target.indicator)
    item = standard(target.standard).item(seen.item)
    return f"{item_name(item)} {item_amount(seen.value, item)}"


@register.filter
def number(value):
    return formats.number(value)


@register.filter
def quantity(value, indicator):
    return formats.quantity(value, indicator)


@register.filter
def share(value):
    return formats.share(value)


@register.filter
def period(value):
    return formats.period_label(value)


@register.filter
def listed(words):
    return formats.listed(words)


@register.filter
def day(date):
    return formats.day(date)
