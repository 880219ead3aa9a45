"""From stored facts to the domain's: what was known of a commitment on a given day.

A fact is known from the day it was published here until the day its replacement was. For days
before the plan was opened here, it is known from the day its source published it.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from commitments import light
from commitments.domain import facts as domain
from commitments.domain.assessment import boundaries, milestone_boundaries
from commitments.domain.kinds import Kind
from commitments.domain.periods import Frequency
from commitments.domain.standards import standard
from commitments.models import (
    Agency,
    Amendment,
    Commitment,
    Indicator,
    Milestone,
    Observation,
    SourceDocument,
    Target,
    Theme,
)
from commitments.models.workflow import State

NEVER = dt.date.max
# What an amendment names by its code, and lists ask of a promise.
NAMED = {"lead_agency", "theme"}


def day_of(moment):
    """The local day of a moment, or a day that never comes."""
    return NEVER if moment is None else local_day(moment, timezone.get_default_timezone())


@lru_cache(maxsize=10_000)
def local_day(moment, zone):
    """Remembered, because many facts are published at one moment."""
    return moment.astimezone(zone).date()


def told_on(row):
    """The day the outside world could know a fact, from its own source."""
    if isinstance(row, Milestone):
        return row.done_published_on or row.commitment.source.published_on
    return row.document.published_on if hasattr(row, "document_id") else row.published_on


class Known:
    """A stored fact with the days it was known on."""

    __slots__ = ("row", "shown_from", "shown_until", "told_from", "told_until")

    def __init__(self, row, successor):
        self.row = row
        self.shown_from = day_of(row.published_at)
        self.shown_until = day_of(row.superseded_at)
        self.told_from = told_on(row)
        self.told_until = NEVER if successor is None else told_on(successor)

    def on(self, day, opened_on):
        if day < opened_on:
            return self.told_from <= day < self.told_until
        return self.shown_from <= day < self.shown_until

    @property
    def days(self):
        return (self.shown_from, self.shown_until, self.told_from, self.told_until)


def known_rows(rows):
    by_id = {row.pk: row for row in rows}
    return [Known(row, by_id.get(row.replaced_by_id)) for row in rows]


@dataclass
class TargetFacts:
    """A target as known on a day, ready for the rule."""

    row: Target
    target: domain.Target
    observations: list = field(default_factory=list)
    comparator: list = field(default_factory=list)

    def __iter__(self):
        return iter((self.target, self.observations, self.comparator))


@dataclass
class DayFacts:
    """All that was known of a commitment on a day."""

    originals: list
    amendments: list
    milestones: list
    withdrawn_on: dt.date | None


@dataclass
class Dossier:
    """Everything published about one commitment, superseded rows included."""

    commitment: Commitment
    targets: list
    milestones: list
    observations: dict
    # Published amendments of the promise's own fields, the newest first.
    amendments: list = field(default_factory=list)
    # The keys of the agencies and themes that amendments name, by field and code.
    keys: dict = field(default_factory=dict)

    @cached_property
    def opened_on(self):
        return self.commitment.plan.opened_on

    def is_shown_on(self, day):
        if day < self.opened_on:
            return self.commitment.source.published_on <= day
        return day_of(self.commitment.published_at) <= day

    def on(self, day):
        """The `DayFacts` of a day."""
        found = [
            TargetFacts(
                known.row,
                target,
                self.observed(known.row.indicator_id, day),
                self.observed(known.row.comparator_indicator_id, day),
            )
            for known, target in self.target_facts
            if known.on(day, self.opened_on)
        ]
        return DayFacts(
            originals=[facts for facts in found if facts.row.amends_id is None],
            amendments=[facts for facts in found if facts.row.amends_id is not None],
            milestones=[
                domain_milestone(known.row)
                for known in self.milestones
                if known.on(day, self.opened_on)
            ],
            withdrawn_on=self.withdrawn_as_of(day),
        )

    def withdrawn_as_of(self, day):
        """The day of withdrawal as it was known here on a day; before the opening, as it was."""
        found = self.commitment.withdrawn_on
        for amendment in self.amended_since(day):
            if day >= self.opened_on and "withdrawn_on" in amendment.changes:
                before = amendment.changes["withdrawn_on"][0]
                found = dt.date.fromisoformat(before) if before else None
        return found

    def said_on(self, day):
        """What lists ask of the promise itself, as stored values, in its words of a day."""
        commitment = self.commitment
        found = {
            "lead_agency_id": commitment.lead_agency_id,
            "theme_id": commitment.theme_id,
            "due_year": commitment.due_year,
            "binding": commitment.binding,
        }
        for amendment in self.amended_since(day):
            for name, (before, _after) in amendment.changes.items():
                if name in NAMED:
                    found[f"{name}_id"] = self.keys[name, before]
                elif name in found:
                    found[name] = before
        return found

    def amended_since(self, day):
        """Amendments that were published here after a day, the newest first."""
        return [each for each in self.amendments if day_of(each.published_at) > day]

    def observed(self, indicator_id, day):
        return [
            fact
            for known, fact in self.observation_facts.get(indicator_id, ())
            if known.on(day, self.opened_on)
        ]

    @cached_property
    def target_facts(self):
        return [(known, domain_target(known.row)) for known in self.targets]

    @cached_property
    def observation_facts(self):
        return {
            indicator: [(known, domain_observation(known.row)) for known in found]
            for indicator, found in self.observations.items()
        }

    def turning_days(self):
        """Every day on which the answer may differ from the day before, in order."""
        days = {
            self.opened_on,
            self.commitment.source.published_on,
            day_of(self.commitment.published_at),
        }
        if self.commitment.withdrawn_on:
            days.add(self.commitment.withdrawn_on)
        days.update(day_of(each.published_at) for each in self.amendments)
        for known, target in self.target_facts:
            own, other = (
                [fact for _known, fact in self.observation_facts.get(indicator, ())]
                for indicator in (known.row.indicator_id, known.row.comparator_indicator_id)
            )
            days.update(known.days, boundaries(target, own, other))
        for known in self.milestones:
            days.update(known.days)
        days |= milestone_boundaries([domain_milestone(known.row) for known in self.milestones])
        for found in self.observations.values():
            for known in found:
                days.update(known.days)
        return sorted(day for day in days if day < NEVER)


def domain_observation(row):
    return domain.Observation(
        period=row.period,
        value=row.value,
        published_on=row.published_on,
        item=row.item,
        is_provisional=row.is_provisional,
        definition=row.definition_zh,
        is_secondary=row.source_kind == Observation.SourceKind.SECONDARY,
        stated=row.stated_zh,
        revision=row.pk,
        ref=row,
    )


def domain_milestone(row):
    return domain.Milestone(row.due_on, row.done_on, row.done_published_on, ref=row)


def domain_target(row):
    indicator = row.indicator
    baseline = None
    if row.baseline_period is not None:
        baseline = domain.Baseline(row.baseline_period, row.baseline_value, ref=row)
    return domain.Target(
        kind=Kind(row.kind),
        due=row.due_period,
        value=row.value,
        baseline=baseline,
        set_on=row.document.published_on,
        first=row.first_period,
        interim=interim_points(row.interim),
        standard=standard(row.standard) if row.standard else None,
        resolution=indicator.reporting_unit,
        frequency=Frequency(indicator.frequency),
        is_cumulative=indicator.measure == Indicator.Measure.CUMULATIVE,
        floor=indicator.floor,
        ceiling=indicator.ceiling,
    )


def interim_points(stored):
    """Interim targets from their stored form, [["2023", "300"], ...]."""
    return tuple((domain.Period.parse(period), domain.Decimal(value)) for period, value in stored)


def targets_of(found):
    rows = found.select_related("indicator", "comparator_indicator", "document", "amends")
    return rows.defer("document__text")


def keys_named(amendments):
    """The keys of the agencies and themes that amendments replaced, by field and code."""
    codes = {
        (name, each.changes[name][0]) for each in amendments for name in NAMED & each.changes.keys()
    }
    return {
        (name, row.code): row.pk
        for name, model in (("lead_agency", Agency), ("theme", Theme))
        if (asked := [code for field_name, code in codes if field_name == name])
        for row in model.objects.filter(code__in=asked)
    }


def dossiers(commitments, *, is_light=False):
    """A `Dossier` for each of the given commitments, in a constant number of queries.

    `is_light` is for those who read very many: targets and observations are then not models.
    """
    commitments = list(commitments)
    # A source's full text may be long, and no judgement reads it.
    without_text = SourceDocument.objects.defer("text")
    prefetch_related_objects(commitments, "plan", Prefetch("source", without_text))
    targets, milestones = defaultdict(list), defaultdict(list)
    ids = [commitment.pk for commitment in commitments]
    indicators = set()
    published = {"state": State.PUBLISHED, "commitment__in": ids}
    tests = Target.objects.filter(**published)
    for row in light.targets(tests) if is_light else targets_of(tests):
        targets[row.commitment_id].append(row)
        indicators.update({row.indicator_id, row.comparator_indicator_id} - {None})
    steps = Milestone.objects.filter(**published).select_related("commitment__source")
    for row in steps.defer("commitment__source__text"):
        milestones[row.commitment_id].append(row)
    amendments = defaultdict(list)
    amended = Amendment.objects.published().filter(commitment__in=ids)
    for row in amended.order_by("-published_at", "-pk"):
        amendments[row.commitment_id].append(row)
    keys = keys_named(each for found in amendments.values() for each in found)
    observed = defaultdict(list)
    figures = Observation.objects.published().filter(indicator__in=indicators).order_by("pk")
    for row in light.observations(figures) if is_light else figures:
        observed[row.indicator_id].append(row)
    known = {indicator: known_rows(rows) for indicator, rows in observed.items()}
    return [
        Dossier(
            commitment,
            known_rows(targets[commitment.pk]),
            known_rows(milestones[commitment.pk]),
            {
                pk: known[pk]
                for row in targets[commitment.pk]
                for pk in (row.indicator_id, row.comparator_indicator_id)
                if pk in known
            },
            amendments[commitment.pk],
            keys,
        )
        for commitment in commitments
    ]
