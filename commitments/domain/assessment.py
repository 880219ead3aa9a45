"""The rule's front door: facts and a day in, an assessment out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from commitments.domain.amendment import amendment_flag
from commitments.domain.boundaries import boundaries, commitment_boundaries, milestone_boundaries
from commitments.domain.composite import assess_composite
from commitments.domain.every_year import assess_every_year
from commitments.domain.facts import Milestone, Observation, Target
from commitments.domain.kinds import Kind
from commitments.domain.number import judge
from commitments.domain.result import (
    RULE_VERSION,
    Assessment,
    ItemResult,
    Reason,
    Tally,
    Why,
)
from commitments.domain.series import known
from commitments.domain.status import RANK, Status
from commitments.domain.steps import assess_milestones

__all__ = [
    "RULE_VERSION",
    "Assessment",
    "ItemResult",
    "Reason",
    "Tally",
    "Why",
    "amendment_flag",
    "assess_commitment",
    "assess_milestones",
    "assess_target",
    "boundaries",
    "commitment_boundaries",
    "milestone_boundaries",
]


def assess_target(
    target: Target,
    observations: Iterable[Observation],
    *,
    as_of: date,
    comparator: Iterable[Observation] = (),
) -> Assessment:
    """How one target stood at the end of `as_of`, by what was published until then.

    `comparator` holds the other side's values for an `above_comparator` target. A target of kind
    `milestones` has no figures: give its steps to `assess_milestones` or `assess_commitment`.
    """
    kind = target.kind
    if kind is Kind.ABOVE_COMPARATOR:
        return assess_every_year(target, observations, comparator, as_of)
    if kind is Kind.COMPOSITE:
        if target.standard is None:
            raise ValueError("A composite target needs the standard it is tested by.")
        return assess_composite(target, target.standard, observations, as_of)
    if kind is Kind.NOT_ASSESSABLE or kind is Kind.MILESTONES:
        return Assessment(Status.NOT_ASSESSABLE, Reason(Why.NO_TEST, 3), as_of)
    return judge(target, known(target, observations, as_of), as_of)


def assess_commitment(
    targets: Iterable[tuple[Target, Iterable[Observation], Iterable[Observation]]] = (),
    milestones: Sequence[Milestone] = (),
    withdrawn_on: date | None = None,
    *,
    as_of: date,
) -> Assessment:
    """How a commitment stood: as the worst of its targets and steps, or withdrawn.

    `parts` follow the order of `targets`; a target of kind `milestones` stands for the steps,
    which otherwise come last. `headline` is the index of the part that decided, the first of
    equals; None when the commitment has no parts or was withdrawn.
    """
    parts = []
    has_steps = False
    for target, observations, comparator in targets:
        if target.kind is Kind.MILESTONES:
            has_steps = True
            parts.append(assess_milestones(milestones, as_of=as_of))
        else:
            parts.append(assess_target(target, observations, as_of=as_of, comparator=comparator))
    if milestones and not has_steps:
        parts.append(assess_milestones(milestones, as_of=as_of))
    if withdrawn_on is not None and withdrawn_on <= as_of:
        reason = Reason(Why.WITHDRAWN, 2)
        return Assessment(Status.WITHDRAWN, reason, as_of, parts=tuple(parts))
    if not parts:
        return Assessment(Status.NOT_ASSESSABLE, Reason(Why.NO_TEST, 3), as_of)
    headline = min(range(len(parts)), key=lambda index: RANK[parts[index].status])
    return replace(parts[headline], headline=headline, parts=tuple(parts))
