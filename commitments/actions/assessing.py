"""Judging commitments by the rule, and storing what came of it."""

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from itertools import chain, islice, pairwise
from operator import itemgetter

from django.db import connection, transaction

from commitments.domain.assessment import amendment_flag, assess_commitment
from commitments.domain.exact import EXACT
from commitments.domain.freshness import NOTHING_EXPECTED, least_fresh, supply
from commitments.domain.kinds import Kind
from commitments.domain.status import RANK, Status
from commitments.facts import dossiers
from commitments.models import Assessment, Commitment
from commitments.models.assessment import OPEN_END

BATCH = 500
# Of one statement: half as many cost a tenth more, and more are dearer for PostgreSQL to read.
ROWS_AT_ONCE = 50
SIX_DECIMALS = Decimal("0.000001")
# All that makes two stored assessments the same, but for their days.
OUTCOME = (
    "status",
    "severity",
    "kind",
    "reason",
    "flags",
    "target_id",
    "observation_id",
    "details",
    "lead_agency_id",
    "theme_id",
    "due_year",
    "binding",
    "is_figure_expected",
    "newer_due_on",
    "rule_version",
)
in_order = itemgetter(*OUTCOME)


@dataclass(slots=True)
class Run:
    """Days, the last one excluded, on which a commitment's assessment has one `OUTCOME`."""

    starts_on: dt.date
    ends_on: dt.date
    outcome: dict


def reassess(commitments):
    """Rebuild the stored assessments of the given commitments; returns how many rows there are."""
    count = 0
    for batch in batches(commitments):
        found = {dossier.commitment.pk: runs_of(dossier) for dossier in read(batch)}
        with transaction.atomic():
            Assessment.objects.filter(commitment__in=found).delete()
            count += write(found)
    return count


def differing():
    """Published commitments whose stored assessments are not what the facts give today.

    Yields pairs (commitment, days), the days those on which stored and computed differ.
    """
    published = Commitment.objects.published().filter(plan__opened_on__isnull=False)
    for batch in batches(published):
        stored = {commitment.pk: {} for commitment in batch}
        for row in Assessment.objects.filter(commitment__in=stored).values():
            run = Run(row["starts_on"], row["ends_on"], {name: row[name] for name in OUTCOME})
            stored[row["commitment_id"]][run.starts_on] = run
        for dossier in read(batch):
            computed = {run.starts_on: run for run in runs_of(dossier)}
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


def read(batch):
    """What was known of the commitments: as tuples, for a rebuilding reads very many."""
    return dossiers(batch, is_light=True)


def write(runs):
    """Store runs of days, given by the key of their commitment; returns how many there were.

    By SQL of our own: `bulk_create` wants a model of each run, which takes longer than judging.
    """
    table, operations = Assessment._meta, connection.ops
    as_date, as_json = operations.adapt_datefield_value, operations.adapt_json_value
    names = ("commitment_id", "starts_on", "ends_on", *OUTCOME)
    columns = ", ".join(operations.quote_name(table.get_field(name).column) for name in names)
    into = f"INSERT INTO {operations.quote_name(table.db_table)} ({columns}) VALUES "
    rows = []
    for key, found in runs.items():
        for run in found:
            values = run.outcome | {
                "flags": as_json(run.outcome["flags"], None),
                "details": as_json(run.outcome["details"], None),
                "newer_due_on": as_date(run.outcome["newer_due_on"]),
            }
            rows.append((key, as_date(run.starts_on), as_date(run.ends_on), *in_order(values)))
    marks = f"({', '.join(['%s'] * len(names))})"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), ROWS_AT_ONCE):
            part = rows[start : start + ROWS_AT_ONCE]
            cursor.execute(into + ", ".join([marks] * len(part)), [*chain.from_iterable(part)])
    return len(rows)


def runs_of(dossier):
    """The assessments of one commitment: one for each run of days that are alike, in order."""
    runs = []
    for starts_on, ends_on in pairwise([*dossier.turning_days(), OPEN_END]):
        if not dossier.is_shown_on(starts_on):
            continue
        found = outcome(dossier, starts_on)
        last = runs[-1] if runs else None
        if last and last.ends_on == starts_on and last.outcome == found:
            last.ends_on = ends_on
        else:
            runs.append(Run(starts_on, ends_on, found))
    return runs


def outcome(dossier, day):
    """The commitment's assessment on a day, as the values of `OUTCOME`."""
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
    found = as_stored(judged, decided_by.row if decided_by else None, flags)
    target, observation = found.pop("target"), found.pop("observation")
    supplied = supply_of(judged, facts)
    found |= dossier.said_on(day)
    found["target_id"] = target.pk if target else None
    found["observation_id"] = observation.pk if observation else None
    found["is_figure_expected"] = supplied.is_expected
    found["newer_due_on"] = supplied.newer_due_on
    if decided_by is None:
        found["kind"] = kind_without_target(judged, facts)
    return found


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
    if judged.headline is not None and len(judged.parts) > 1:
        details["tests"] = len(judged.parts)
        details["alike"] = sum(part.status is judged.status for part in judged.parts)
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
