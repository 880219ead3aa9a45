"""What was shown here about a promise, and since when."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from commitments import formats, sentences
from commitments.facts import NEVER, Known
from commitments.models import Assessment


@dataclass(frozen=True)
class Run:
    """A run of days with one status."""

    assessment: Assessment
    sentence: str
    is_rebuilt: bool


@dataclass(frozen=True)
class Event:
    """A line of the record of changes: something shown here from a day on."""

    on: object
    what: str
    text: str
    replaced_on: object = None
    url: str = ""


def runs_of(commitment, day):
    """Runs of days with one status, newest first; within a run the reasons may have changed."""
    rows = list(
        commitment.assessments.filter(starts_on__lte=day)
        .select_related("target__indicator", "target__comparator_indicator", "observation")
        .order_by("starts_on")
    )
    firsts = [row for n, row in enumerate(rows) if n == 0 or row.status != rows[n - 1].status]
    runs = []
    for row in firsts:
        row.commitment = commitment
        runs.append(
            Run(
                row,
                sentences.sentence(row),
                is_rebuilt=row.starts_on < commitment.plan.opened_on,
            )
        )
    return runs[::-1]


def events_of(dossier, day):
    """Everything shown here by the day, newest first: tests, steps and figures, also replaced."""
    opened_on = dossier.opened_on
    indicators, colon = {}, pgettext("colon", ": ")
    events = []

    def add(known, what, text, url=""):
        is_rebuilt = day < opened_on
        start = known.told_from if is_rebuilt else known.shown_from
        end = known.told_until if is_rebuilt else known.shown_until
        if start <= day:
            replaced = end if end <= day and end != NEVER else None
            events.append(Event(start, what, text, replaced, url))

    for known in dossier.targets:
        row = known.row
        indicators[row.indicator_id] = row.indicator
        if row.comparator_indicator_id:
            indicators[row.comparator_indicator_id] = row.comparator_indicator
        what = _("Target changed") if row.amends_id else _("Target set")
        add(known, what, row.indicator.name + colon + sentences.test(row), row.document.url)
    for known in dossier.milestones:
        what = _("Step done") if known.row.done_on else _("Step set")
        add(known, what, known.row.title, known.row.source_url)
    for pk, found in dossier.observations.items():
        for known in found:
            add(known, _("Figure"), _figure_line(known, indicators[pk]), known.row.source_url)
    return sorted(events, key=lambda event: event.on, reverse=True)


def _figure_line(known: Known, indicator):
    row = known.row
    value = row.stated or (
        formats.number(row.value) if row.item else formats.quantity(row.value, indicator)
    )
    name = f"{indicator.name} · {row.item}" if row.item else indicator.name
    return name + pgettext("colon", ": ") + f"{formats.period_label(row.period)} {value}"
