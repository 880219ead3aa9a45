"""What a feed or a calendar can follow: a plan, a filter, an agency, a theme or one promise."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from commitments.filters import asked, with_query
from commitments.models import Commitment, Plan
from commitments.portrait import named_agencies, named_themes
from commitments.views.commitment import day_asked
from commitments.views.errors import in_a_line


class Unreadable(Exception):
    """What was asked cannot be read; the message is fit to be shown."""


@dataclass(frozen=True)
class Subscription:
    """A name, the page here that shows the same, and the commitments shown on a day."""

    name: str
    address: str
    commitments: QuerySet
    day: dt.date
    plans: list

    @property
    def opened_on(self):
        """The first day there was anything to follow; None while no plan is open."""
        return min((plan.opened_on for plan in self.plans), default=None)


def of_plan(request):
    """All of a plan: `?plan=` for another than the first."""
    found = readable(request)
    query = urlencode(found.scope)
    return followed(found, found.everything, with_query(reverse("home"), query))


def of_filter(request):
    """What the list shows for the same query string."""
    found = readable(request)
    return followed(found, found.qs, with_query(reverse("commitments"), found.query))


def followed(found, commitments, address):
    plan = found.chosen_plan
    if plan is None:
        commitments = Commitment.objects.shown_on(found.day).none()
    chips = [f"{chip.label} {chip.text}" for chip in found.chips()]
    words = " · ".join([marked(plan.title, plan) if plan else "", *chips])
    return Subscription(words, address, commitments, found.day, [plan] if plan else [])


def of_agency(request, code):
    """What an agency leads, in every open plan."""
    return of_record(request, named_agencies(), "lead_agency", "agency", code)


def of_theme(request, code):
    """What belongs to a theme, in every open plan."""
    return of_record(request, named_themes(), "theme", "theme", code)


def of_record(request, records, role, page, code):
    day = day_of_request(request)
    record = get_object_or_404(records, code=code)
    commitments = Commitment.objects.shown_on(day).filter(**{role: record})
    plans = list(Plan.objects.open().filter(pk__in=commitments.order_by().values("plan")))
    name = marked(record.name, *plans)
    return Subscription(name, reverse(page, args=[code]), commitments, day, plans)


def of_commitment(request, code):
    day = day_of_request(request)
    shown = Commitment.objects.shown_on(day).filter(code=code)
    found = get_object_or_404(shown.select_related("plan"))
    name = marked(f"{found.code} {found.title}", found.plan)
    return Subscription(name, found.get_absolute_url(), shown, day, [found.plan])


def readable(request):
    found, _day = asked(request)
    if found.problems:
        raise Unreadable(in_a_line(found.problems))
    return found


def day_of_request(request):
    try:
        return day_asked(request)
    except ValidationError as error:
        raise Unreadable(" ".join(error.messages)) from error


def marked(title, *plans):
    """A title that says when all it is about is invented: feeds and calendars have no banner."""
    if plans and all(plan.is_fictional for plan in plans):
        return _("[Fictional] %(title)s") % {"title": title}
    return title
