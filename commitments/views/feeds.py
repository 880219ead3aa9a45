"""What changed, as Atom feeds."""

import datetime as dt

from django.contrib.syndication.views import Feed
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from commitments.changes import Changes
from commitments.exporters.table import harmless
from commitments.facts import day_of
from commitments.labels import STATUS
from commitments.views.errors import bad_request
from commitments.views.subscriptions import Unreadable, marked

MOST_ENTRIES = 50
# When nothing could yet be followed here.
LONG_AGO = dt.date(1970, 1, 1)


@require_safe
def feed(request, find, **names):
    """`find` is one of `subscriptions`; `names` are what it needs from the address."""
    try:
        followed = find(request, **names)
    except Unreadable as error:
        return bad_request(request, message=str(error))
    response = ChangesFeed(request, followed)(request)
    # An entry has its day, not its second: a date in the header could tell a cache that nothing
    # is new when something is.
    del response["Last-Modified"]
    return response


def newest(followed):
    """The newest changes of what is followed, over all of its plans."""
    found = [
        change
        for plan in followed.plans
        for change in Changes(plan, followed.day, shown=followed.commitments, most=MOST_ENTRIES)[
            :MOST_ENTRIES
        ]
    ]
    return sorted(found, key=moment_of, reverse=True)[:MOST_ENTRIES]


def moment_of(change):
    """When it became known: to the second for a figure entered that day, else the day's start."""
    moments = [figure.row.published_at for figure in change.figures]
    same_day = [moment for moment in moments if day_of(moment) == change.day]
    return max(same_day, default=start_of(change.day))


def start_of(day):
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


class StillFeed(Atom1Feed):
    """An Atom feed that is the same while nothing changes: Django's says "now" when it is empty."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else self.feed["since"]


class ChangesFeed(Feed):
    """One entry a change. Its id is a tag of host, plan and change, and never changes."""

    feed_type = StillFeed

    def __init__(self, request, followed):
        self.request, self.followed = request, followed
        self.since = followed.opened_on or LONG_AGO

    # --- The feed -------------------------------------------------------------------------------

    def title(self):
        return harmless(_("What changed: %(name)s") % {"name": self.followed.name})

    def link(self):
        return self.followed.address

    def feed_url(self):
        return self.request.get_full_path()

    def feed_guid(self):
        return self.tag(self.since, self.request.get_full_path())

    def feed_extra_kwargs(self, obj):
        return {"since": start_of(self.since)}

    def author_name(self):
        return _("Public Register of Commitments")

    def items(self):
        return newest(self.followed)

    def tag(self, since, rest):
        return f"tag:{self.request.get_host().partition(':')[0]},{since.isoformat()}:{rest}"

    # --- An entry -------------------------------------------------------------------------------

    def item_title(self, item):
        named = f"{item.commitment.code} {item.commitment.title}"
        words = f"{named}{pgettext('colon', ': ')}{what_of(item)}"
        return harmless(marked(words, item.commitment.plan))

    def item_description(self, item):
        return harmless(render_to_string("commitments/feed_entry.html", {"change": item}))

    def item_link(self, item):
        return item.commitment.get_absolute_url()

    def item_guid(self, item):
        return self.tag(
            item.commitment.plan.opened_on, f"{item.commitment.get_absolute_url()}#{item.key}"
        )

    def item_pubdate(self, item):
        return moment_of(item)

    item_updateddate = item_pubdate

    def item_author_name(self, item):
        return harmless(item.commitment.lead_agency.name)

    def item_categories(self, item):
        return [str(item.word)]


def what_of(change):
    """A change in one line: the statuses before and after, or the figure, or what it is."""
    if change.is_of_status:
        return f"{STATUS[change.before]} → {STATUS[change.after]}"
    if change.before:
        return f"{change.word} {change.before} → {change.after}"
    words = ", ".join(figure.text for figure in change.figures)
    return f"{change.word} {words}".strip()
