"""Reminders by mail: to each editor one letter a day at most, with all that waits for them.

A letter is claimed in the database before it is sent. Who is killed or cut off in between may have
sent it or not, and it is not sent again that day: better a letter lost, whose content the next one
tells, than the same letter twice.
"""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from commitments import desk
from commitments.access import ENTERED, Access
from commitments.formats import day as day_words
from commitments.models import Appointment, Commitment, Reminder
from commitments.models.workflow import State

# What has not changed since a person's last letter is told again after so long.
AGAIN_AFTER = dt.timedelta(days=7)
# Of each section; the rest is counted, and stands on the desk.
MOST_LINES = 25
SINCE = gettext_lazy("%(what)s, due since %(day)s")
UNTIL = gettext_lazy("%(what)s, due by %(day)s")


@dataclass(frozen=True)
class Line:
    """One thing that waits; `key` is the same as long as it is the same thing."""

    key: str
    record: object
    text: str

    @property
    def address(self):
        name = self.record._meta.model_name
        return at_site(reverse(f"admin:commitments_{name}_change", args=[self.record.pk]))


@dataclass(frozen=True)
class Letter:
    """What a person is reminded of on a day, in their language."""

    user: User
    subject: str
    text: str
    keys: list


def at_site(path):
    return f"{settings.SITE_ADDRESS}{path}"


# --- Writing ------------------------------------------------------------------------------------


def letters(day):
    """The `Letter` of each person who has something to do and was not written to today.

    One that would say what the last one said is left out until a week has gone.
    """
    appointed = Appointment.objects.order_by("pk").values_list("user", "role", "language")
    editors, languages = set(), {}
    for user, role, language in appointed:
        languages.setdefault(user, language)
        if role == Appointment.Role.EDITOR:
            editors.add(user)
    done = Reminder.objects.filter(day=day).values("user")
    people = User.objects.filter(pk__in=editors, is_active=True).exclude(pk__in=done)
    for user in people.order_by("pk"):
        with override(languages[user.pk]):
            letter = letter_to(user, day)
        if letter is not None and is_news(letter, day):
            yield letter


def is_news(letter, day):
    last = Reminder.objects.filter(user=letter.user, sent_at__isnull=False).order_by("-day").first()
    if last is None or last.day <= day - AGAIN_AFTER:
        return True
    return not set(letter.keys) <= set(last.told)


def letter_to(user, day):
    """All that waits for a person, in the active language; None if nothing does."""
    access = Access.of(user)
    promises = access.own(Commitment.objects.shown_on(day))
    sections = [
        (_("Came back"), returned_lines(access)),
        (_("Due and not reported"), item_lines("overdue", desk.overdue(promises, day), SINCE)),
        (_("Figures out of date"), item_lines("stale", desk.stale(promises, day), SINCE)),
        (_("Due soon"), item_lines("soon", desk.soon(promises, day), UNTIL)),
    ]
    sections = [(title, lines) for title, lines in sections if lines]
    if not sections:
        return None
    count = sum(len(lines) for _title, lines in sections)
    subject = ngettext(
        "%(count)s thing waits for you in the register of commitments",
        "%(count)s things wait for you in the register of commitments",
        count,
    ) % {"count": count}
    keys = [line.key for _title, lines in sections for line in lines]
    return Letter(user, subject, letter_text(user, sections), keys)


def letter_text(user, sections):
    name = user.get_full_name() or user.get_username()
    parts = [_("Dear %(name)s,") % {"name": name}]
    parts += [section_text(title, lines) for title, lines in sections]
    parts.append(_("All of it is on your desk: %(address)s") % {"address": desk_address()})
    parts.append(
        _(
            "The register sends this letter by itself. An administrator can change its language or "
            "your agencies."
        )
    )
    return "\n\n".join(parts) + "\n"


def desk_address():
    return at_site(reverse("admin:index"))


def section_text(title, lines):
    told = [f"- {line.record}\n  {line.text}\n  {line.address}" for line in lines[:MOST_LINES]]
    left = len(lines) - MOST_LINES
    if left > 0:
        told.append(
            ngettext("- and %(count)s more", "- and %(count)s more", left) % {"count": left}
        )
    return "\n".join([f"{title} ({len(lines)})", *told])


def item_lines(name, items, when):
    """A line for each thing due; `when` puts its day into words."""
    return [
        Line(
            key=f"{name}:{item.commitment.code}:{item.on}",
            record=item.commitment,
            text=when % {"what": capfirst(item.what), "day": day_words(item.on)},
        )
        for item in items
    ]


def returned_lines(access):
    found = []
    for model in ENTERED:
        named_by = [name for name in ("commitment", "indicator") if hasattr(model, name)]
        rows = access.own(model.objects.filter(state=State.RETURNED))
        for record in rows.select_related(*named_by).order_by("returned_at", "pk"):
            note = " ".join(record.return_note.split())
            key = f"returned:{model._meta.model_name}-{record.pk}:{record.returned_at.isoformat()}"
            found.append(Line(key, record, _("Returned: %(note)s") % {"note": note}))
    return found


# --- Sending ------------------------------------------------------------------------------------


def send(letter, day):
    """Send a letter unless somebody else does; whether it was sent by this call.

    What the mail server answers is raised. Where it cannot be reached nothing is claimed yet, so
    the next run tries again.
    """
    connection = get_connection()
    connection.open()
    try:
        claimed = claim(letter, day)
        if claimed is None:
            return False
        EmailMessage(
            letter.subject, letter.text, to=[letter.user.email], connection=connection
        ).send()
    finally:
        connection.close()
    claimed.sent_at = timezone.now()
    claimed.save(update_fields=["sent_at"])
    return True


def claim(letter, day):
    """The row that says this letter is ours to send; None if another run has it."""
    # Durable: in somebody's transaction the claim would not yet hold when the mail goes.
    with transaction.atomic(durable=True):
        row, is_ours = Reminder.objects.get_or_create(
            user=letter.user,
            day=day,
            defaults={"claimed_at": timezone.now(), "told": letter.keys},
        )
    return row if is_ours else None
