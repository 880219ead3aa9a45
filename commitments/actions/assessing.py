"""Judging commitments by the rule, and storing what came of it."""

from decimal import ROUND_FLOOR, Decimal
from itertools import islice, pairwise

from django.db import transaction

from commitments.domain.assessment import amendment_flag, assess_commitment
from commitments.domain.exact import EXACT
from commitments.domain.freshness import NOTHING_EXPECTED, least_fresh, supply
from commitments.domain.kinds import Kind
from commitments.domain.status import RANK, Status
from commitments.facts import dossiers
from commitments.models import Assessment, Commitment
from commitments.models.assessment import OPEN_END

BATCH = 500
SIX_DECIMALS = Decimal("0.000001")


def reassess(commitments):
    """Rebuild the stored assessments of the given commitments; returns how many rows there are."""
    count = 0
    for batch in batches(commitments):
        rows = [row for dossier in dossiers(batch) for row in assessments_of(dossier)]
        with transaction.atomic():
            Assessment.objects.filter(commitment__in=[c.pk for c in batch]).delete()
            Assessment.objects.bulk_create(rows, batch_size=BATCH)
        count += len(rows)
    return count


def differing():
    """Published commitments whose stored assessments are not what the facts give today.

    Yields pairs (commitment, days), the days those on which stored and computed differ.
    """
    published = Commitment.objects.published().filter(plan__opened_on__isnull=False)
    for batch in batches(published):
        stored = {commitment.pk: {} for commitment in batch}
        for row in Assessment.objects.filter(commitment__in=stored):
            stored[row.commitment_id][row.starts_on] = (row.ends_on, *outcome(row))
        for dossier in dossiers(batch):
            computed = {
                row.starts_on: (row.ends_on, *outcome(row)) for row in assessments_of(dossier)
            }
            found = stored[dossier.commitment.pk]
            days = sorted(
                day for day in computed.keys() | found if computed.get(day) != found.get(day)
            )
            if days:
                yield dossier.commitment, days


def batches(commitments):
    rows = commitments.iterator() if hasattr(commitments, "iterator") else iter(commitments)
    while batch := list(islice(rows, BATCH)):
        yield batch


def assessments_of(dossier):
    """The assessments of one commitment, unsaved, one for each run of days that are alike."""
    rows = []
    for starts_on, ends_on in pairwise([*dossier.turning_days(), OPEN_END]):
        if not dossier.is_shown_on(starts_on):
            continue
        row = judged_on(dossier, starts_on)
        row.starts_on, row.ends_on = starts_on, ends_on
        last = rows[-1] if rows else None
        if last and last.ends_on == starts_on and outcome(last) == outcome(row):
            last.ends_on = ends_on
        else:
            rows.append(row)
    return rows


def outcome(row):
    """All that makes two stored assessments the same, but for their days."""
    return (
        row.status,
        row.kind,
        row.reason,
        row.flags,
        row.target_id,
        row.observation_id,
        row.details,
        row.is_figure_expected,
        row.newer_due_on,
        row.rule_version,
        row.lead_agency_id,
        row.theme_id,
        row.due_year,
        row.binding,
    )


def judged_on(dossier, day):
    """The commitment's assessment on a day, as an unsaved row of that day's facts."""
    facts = dossier.on(day)
    judged = assess_commitment(
        [tuple(target) for target in facts.originals],
        facts.milestones,
        facts.withdrawn_on,
        as_of=day,
    )
    decided_by = None
    if judged.headline is not None and judged.headline < len(facts.originals):
        decided_by = facts.originals[judged.headline]
    flags = [*judged.flags]
    if decided_by is not None:
        for amendment in facts.amendments:
            if amendment.row.amends.code == decided_by.row.code:
                flag = amendment_flag(decided_by.target, amendment.target)
                flags += [flag] if flag and flag not in flags else []
    row = stored(judged, decided_by.row if decided_by else None, flags)
    row.commitment = dossier.commitment
    supplied = supply_of(judged, facts)
    row.is_figure_expected, row.newer_due_on = supplied.is_expected, supplied.newer_due_on
    if decided_by is None:
        row.kind = kind_without_target(judged, facts)
    for name, value in dossier.said_on(day).items():
        setattr(row, name, value)
    return row


def supply_of(judged, facts):
    """How fresh the figures of a commitment's own tests are; none is expected once withdrawn."""
    if judged.status is Status.WITHDRAWN:
        return NOTHING_EXPECTED
    return least_fresh(
        supply(*target, status=part.status)
        for target, part in zip(facts.originals, judged.parts, strict=False)
    )


def kind_without_target(judged, facts):
    """The kind of test of a commitment that no target decided."""
    if judged.headline is None and facts.originals:
        return facts.originals[0].row.kind
    return (Kind.MILESTONES if facts.milestones else Kind.NOT_ASSESSABLE).value


def stored(judged, target, flags):
    """The domain's assessment as a row."""
    return Assessment(**as_stored(judged, target, flags))


def as_stored(judged, target, flags):
    """The fields of that row; `details` is what a sentence and a reader need of it."""
    reason, baseline, tally = judged.reason, judged.baseline, judged.tally
    observation = judged.judged or judged.latest
    details = {
        "rule": reason.rule,
        "period": str(reason.period or ""),
        "item": reason.item,
        "passed": [*reason.passed],
        "failed": [*reason.failed],
        "missing": [*reason.missing],
        "baseline": [str(baseline.period), str(baseline.value)] if baseline else [],
    }
    for name in ("margin", "progress", "expected", "pace"):
        details[name] = shortened(getattr(judged, name))
    if tally is not None:
        details["tally"] = {
            "met": [str(period) for period in tally.met],
            "failed": [str(period) for period in tally.failed],
            "missing": [str(period) for period in tally.missing],
            "total": tally.total,
        }
    return {
        "status": judged.status.value,
        "severity": RANK[judged.status],
        "kind": target.kind if target else "",
        "reason": reason.why.value,
        "flags": [flag.value for flag in flags],
        "target": target,
        "observation": observation.ref if observation else None,
        "details": {name: value for name, value in details.items() if value not in ("", [], None)},
        "rule_version": judged.rule_version,
    }


def shortened(number):
    """A number as text of at most six decimals, cut so that it never looks better than it is."""
    if number is None:
        return None
    cut = number.quantize(SIX_DECIMALS, rounding=ROUND_FLOOR, context=EXACT)
    return format(cut.normalize(EXACT), "f")
