"""What makes a promise testable, and what is missing: of what staff entered, public or not yet.

The public page says the same of what is published, in the same words (`sentences.measures`).
"""

from collections import defaultdict
from dataclasses import dataclass

from commitments.domain.assessment import assess_target
from commitments.facts import domain_observation, domain_target
from commitments.models import Milestone, Observation, Target
from commitments.sentences import measures, measures_of_promise, test_in_words


@dataclass(frozen=True)
class Testable:
    """One test of a promise, or the promise without one, and the six things that a test needs."""

    test: str
    measures: list

    __test__ = False  # Not a test case, whatever its name.

    @property
    def missing(self):
        return [measure.lacking for measure in self.measures if measure.is_missing]


def testables(commitment, day):
    """A `Testable` for each test of a promise, else for the promise as a whole; four queries."""
    targets = newest(
        Target.objects.filter(commitment=commitment, amends=None, superseded_at=None)
        .select_related("indicator", "comparator_indicator", "document")
        .defer("document__text")
    )
    steps = newest(Milestone.objects.filter(commitment=commitment, superseded_at=None))
    found = tested(targets, day)
    whole = measures_of_promise(commitment, steps, has_tests=bool(targets))
    return found + ([Testable("", whole)] if whole else [])


def tested(targets, day):
    """A `Testable` for each of some targets; one query."""
    figures = figures_of(targets)
    return [
        Testable(test_in_words(target), measures(target, baseline_of(target, figures, day)))
        for target in targets
    ]


def newest(rows):
    """The last version of each record, be it a draft that corrects what is public."""
    return [*{row.code: row for row in rows.order_by("pk")}.values()]


def figures_of(targets):
    indicators = {row.indicator_id for row in targets} | {
        row.comparator_indicator_id for row in targets
    }
    found = defaultdict(list)
    for row in Observation.objects.live().filter(indicator__in=indicators - {None}).order_by("pk"):
        found[row.indicator_id].append(domain_observation(row))
    return found


def baseline_of(target, figures, day):
    """The figure that the rule measures progress from, or None."""
    judged = assess_target(
        domain_target(target),
        figures[target.indicator_id],
        as_of=day,
        comparator=figures[target.comparator_indicator_id],
    )
    return judged.baseline
