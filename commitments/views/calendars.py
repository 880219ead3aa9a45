"""Due dates and steps as a calendar to subscribe to."""

from django.http import StreamingHttpResponse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commitments import formats
from commitments.deadlines import deadlines
from commitments.exporters.to_ics import Event, to_ics
from commitments.views.errors import bad_request
from commitments.views.subscriptions import Unreadable, marked


@require_safe
def calendar(request, find, **names):
    """`find` is one of `subscriptions`; `names` are what it needs from the address."""
    try:
        followed = find(request, **names)
    except Unreadable as error:
        return bad_request(request, message=str(error))
    title = _("Due dates: %(name)s") % {"name": followed.name}
    # All is read and said before the first byte leaves, in the language of this request.
    events = [event_of(each, request) for each in deadlines(followed.commitments, followed.day)]
    return StreamingHttpResponse(
        to_ics(title, events, language=get_language()),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'inline; filename="calendar.ics"'},
    )


def event_of(deadline, request):
    commitment = deadline.commitment
    named = f"{commitment.code} {commitment.title}"
    if deadline.step:
        words = {"step": deadline.step.title, "promise": named}
        summary = _("Step: %(step)s (%(promise)s)") % words
    else:
        summary = _("Due: %(promise)s") % {"promise": named}
    return Event(
        # Neither the port nor the language: the same day is the same event.
        uid=f"{deadline.key}@{request.get_host().partition(':')[0]}",
        on=deadline.on,
        changed_at=deadline.changed_at,
        summary=marked(summary, commitment.plan),
        description="\n".join(description_of(deadline)),
        url=request.build_absolute_uri(commitment.get_absolute_url()),
        is_cancelled=deadline.is_withdrawn,
    )


def description_of(deadline):
    commitment, step = deadline.commitment, deadline.step
    yield from deadline.tests
    if step and step.done_on:
        yield _("Done on %(day)s") % {"day": formats.day(step.done_on)}
    elif not step and not deadline.tests:
        yield _("no test stated")
    if deadline.is_withdrawn:
        yield _("the promise was withdrawn")
    yield f"{_('Owed by')}{pgettext('colon', ': ')}{commitment.lead_agency.name}"
    yield commitment.plan.title
