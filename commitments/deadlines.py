"""What falls due when: the days that the tests and the steps of promises name."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from commitments import sentences
from commitments.domain.periods import Period
from commitments.domain.status import Status
from commitments.facts import known_rows
from commitments.models import Commitment, Milestone, Target


@dataclass(slots=True)
class Deadline:
    """A day on which a promise, or one step of it, is due.

    `key` never changes while the day is the same. `changed_at` is when the facts behind it last
    did; it comes from the records alone.
    """

    commitment: Commitment
    key: str
    on: dt.date
    changed_at: dt.datetime
    tests: list[str] = field(default_factory=list)
    step: Milestone | None = None

    @property
    def is_withdrawn(self):
        return self.commitment.standing.status == Status.WITHDRAWN


def deadlines(commitments, day):
    """Those of commitments from `shown_on(day)`, earliest first, in three queries."""
    shown = {each.pk: each for each in commitments.with_standing().order_by("code")}
    mine = commitments.order_by().values("pk")
    targets = Target.objects.published().filter(commitment__in=mine)
    steps = Milestone.objects.published().filter(commitment__in=mine)
    found = []
    by_day = defaultdict(list)
    for row in known_on(targets.select_related(*OF_TARGET), shown, day):
        by_day[row.commitment_id, row.due_period.ends_on].append(row)
    for (pk, on), rows in by_day.items():
        found.append(due(shown[pk], on, rows))
    with_date = {pk for pk, _on in by_day}
    for row in known_on(steps.select_related("commitment__source"), shown, day):
        commitment = shown[row.commitment_id]
        with_date.add(commitment.pk)
        found.append(
            Deadline(commitment, f"{row.code}-step", row.due_on, changed(commitment, row), step=row)
        )
    found += [
        due(each, Period(each.due_year).ends_on, [])
        for pk, each in shown.items()
        if each.due_year and pk not in with_date
    ]
    return sorted(found, key=lambda each: (each.on, each.key))


OF_TARGET = ("indicator", "comparator_indicator", "document")


def known_on(rows, shown, day):
    for known in known_rows(rows):
        if known.on(day, shown[known.row.commitment_id].plan.opened_on):
            yield known.row


def due(commitment, on, rows):
    """One deadline for all tests that a promise has on a day."""
    return Deadline(
        commitment,
        f"{commitment.code}-due-{on.isoformat()}",
        on,
        changed(commitment, *rows),
        tests=[test_of(row) for row in sorted(rows, key=lambda row: row.code)],
    )


def test_of(row):
    words = f"{row.indicator.name}{pgettext('colon', ': ')}{sentences.test(row)}"
    return _("%(test)s (as amended)") % {"test": words} if row.amends_id else words


def changed(commitment, *rows):
    moments = [row.published_at for row in (commitment, *rows)]
    if commitment.withdrawn_on:
        moments.append(timezone.make_aware(dt.datetime.combine(commitment.withdrawn_on, dt.time())))
    return max(moments)
