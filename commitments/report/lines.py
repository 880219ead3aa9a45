"""From a commitment's facts on a day to the lines of its table, one for each test."""

from dataclasses import dataclass, field

from commitments.actions.assessing import as_stored
from commitments.domain.assessment import amendment_flag, assess_milestones, assess_target
from commitments.domain.kinds import Kind
from commitments.domain.status import Status


@dataclass
class Judgement:
    """What a row of `Assessment` says, of facts that are not models."""

    commitment: object
    status: str
    severity: int
    kind: str
    reason: str
    flags: list
    target: object
    observation: object
    details: dict
    rule_version: str


@dataclass
class Line:
    """One row of the report.

    `assessment` is the line's own test's, `standing` the whole commitment's; `judged` is the
    domain’s answer behind it, None where there is no test of its own; `amends` is the code
    of the target that this one changed.
    """

    commitment: object
    standing: object
    day: object
    assessment: object
    target: object = None
    judged: object = None
    amends: str = ""
    steps: list = field(default_factory=list)


def lines_of(dossier, day):
    """The lines of one commitment, its tests in the order of their codes, then its steps."""
    commitment = dossier.commitment
    standing = commitment.standing
    standing.commitment = commitment
    facts = dossier.on(day)
    tests = sorted([*facts.originals, *facts.amendments], key=place)
    codes = {known.row.pk: known.row.code for known in dossier.targets}
    lines = [line_of_test(commitment, each, facts, day) for each in tests]
    for line in lines:
        line.amends = codes.get(line.target.amends_id, "")
    if facts.milestones:
        lines.append(line_of_steps(commitment, facts.milestones, day))
    if not lines:
        return [Line(commitment, standing, day, standing)]
    if standing.status == Status.WITHDRAWN:
        for line in lines:
            line.assessment, line.judged = standing, None
    return lines


def place(test):
    """Where a test stands among its commitment's: A.2 before A.10."""
    return len(test.row.code), test.row.code


def line_of_test(commitment, test, facts, day):
    judged = assess_target(test.target, test.observations, as_of=day, comparator=test.comparator)
    flags = [*judged.flags]
    for other in facts.amendments:
        if other.row.amends.code == test.row.code:
            flag = amendment_flag(test.target, other.target)
            flags += [flag] if flag and flag not in flags else []
    assessment = Judgement(commitment, **as_stored(judged, test.row, flags))
    return Line(commitment, commitment.standing, day, assessment, test.row, judged)


def line_of_steps(commitment, milestones, day):
    judged = assess_milestones(milestones, as_of=day)
    assessment = Judgement(commitment, **as_stored(judged, None, judged.flags))
    assessment.kind = Kind.MILESTONES.value
    steps = [step.ref for step in milestones]
    return Line(commitment, commitment.standing, day, assessment, None, judged, steps=steps)
