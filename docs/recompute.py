"""Compute every status of the register again, from its archive of everything public.

    python3 docs/recompute.py commitments-register.zip

It needs Python 3.11 and `commitments/domain`, the rule, and nothing else: no Django, no database,
no network. For every promise it works out each run of days and how the promise stood on it, from
the facts as they were known, and compares that with what the register published. It prints what
differs, and ends with 1 if anything does.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections import defaultdict
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from commitments.domain import facts
from commitments.domain.assessment import (
    amendment_flag,
    assess_commitment,
    boundaries,
    milestone_boundaries,
)
from commitments.domain.exact import EXACT
from commitments.domain.freshness import NOTHING_EXPECTED, least_fresh, supply
from commitments.domain.kinds import Kind
from commitments.domain.periods import Frequency, Period
from commitments.domain.standards import standard
from commitments.domain.status import Status

NEVER = date.max
# What the register calls a cumulative indicator, and a figure that is not the source's own.
CUMULATIVE, SECONDARY = "cumulative", "secondary"
OF_THE_RUN = ("id", "commitment", "starts_on", "ends_on")
# What an amendment of a promise changes, of what lists ask for.
SAID = ("lead_agency", "theme", "due_year", "binding")


class Archive:
    """The tables of an archive, as lists of rows by their name."""

    def __init__(self, path):
        with zipfile.ZipFile(path) as book:
            self.tables = {
                name.removeprefix("data/").removesuffix(".json"): json.loads(book.read(name))
                for name in book.namelist()
                if name.startswith("data/") and name.endswith(".json")
            }

    def __getitem__(self, name):
        return self.tables[name]

    def by(self, name, key):
        return {row[key]: row for row in self[name]}

    def of(self, name, key):
        found = defaultdict(list)
        for row in self[name]:
            found[row[key]].append(row)
        return found


class Known:
    """A fact with the days on which it was known.

    It was known from the day it was shown until the day its successor was. For days before the plan
    was opened, it was known from the day that its own source told it.
    """

    def __init__(self, row, fact, told, successor_told):
        self.row, self.fact = row, fact
        self.shown = (day(row["shown_from"]), day(row["shown_until"]) or NEVER)
        self.told = (told, successor_told or NEVER)

    def on(self, when, opened_on):
        first, end = self.told if when < opened_on else self.shown
        return first <= when < end

    @property
    def days(self):
        return (*self.shown, *self.told)


class Promise:
    """Everything that was ever published of one promise."""

    def __init__(self, archive, row):
        self.row = row
        self.opened_on = day(archive.by("plans", "code")[row["plan"]]["opened_on"])
        self.documents = archive.by("documents", "code")
        self.indicators = archive.by("indicators", "code")
        self.source_told = day(self.documents[row["source"]]["published_on"])
        self.targets = self.known(
            archive.of("targets", "commitment")[row["code"]], self.target, self.told_of_target
        )
        self.steps = self.known(
            archive.of("milestones", "commitment")[row["code"]], step, self.told_of_step
        )
        observed = archive.of("observations", "indicator")
        self.figures = {
            code: self.known(observed[code], figure, lambda row: day(row["published_on"]))
            for known in self.targets
            for code in (known.row["indicator"], known.row["comparator_indicator"])
            if code
        }
        amendments = archive.of("amendments", "commitment")[row["code"]]
        # The newest first, as they are taken back.
        self.amendments = sorted(
            amendments, key=lambda each: (each["shown_from"], each["id"]), reverse=True
        )

    @staticmethod
    def known(rows, make, told):
        by_id = {row["id"]: row for row in rows}
        found = []
        for row in rows:
            successor = by_id.get(row["replaced_by"])
            found.append(Known(row, make(row), told(row), successor and told(successor)))
        return found

    def told_of_target(self, row):
        return day(self.documents[row["document"]]["published_on"])

    def told_of_step(self, row):
        return day(row["done_published_on"]) or self.source_told

    def target(self, row):
        indicator = self.indicators[row["indicator"]]
        baseline = None
        if row["baseline_period"]:
            baseline = facts.Baseline(
                Period.parse(row["baseline_period"]), Decimal(row["baseline_value"])
            )
        return facts.Target(
            kind=Kind(row["kind"]),
            due=Period.parse(row["due_period"]),
            value=number(row["value"]),
            baseline=baseline,
            set_on=self.told_of_target(row),
            first=Period.parse(row["first_period"]) if row["first_period"] else None,
            interim=tuple((Period.parse(at), Decimal(value)) for at, value in row["interim"]),
            standard=standard(row["standard"]) if row["standard"] else None,
            resolution=number(indicator["reporting_unit"]),
            frequency=Frequency(indicator["frequency"]),
            is_cumulative=indicator["measure"] == CUMULATIVE,
            floor=number(indicator["floor"]),
            ceiling=number(indicator["ceiling"]),
        )

    # --- Days -----------------------------------------------------------------------------------

    def turning_days(self):
        """Every day on which the answer may differ from the day before."""
        days = {self.opened_on, self.source_told, day(self.row["shown_from"])}
        days.add(day(self.row["withdrawn_on"]) or NEVER)
        days.update(day(each["shown_from"]) for each in self.amendments)
        for known in self.targets:
            own, other = (
                [each.fact for each in self.figures.get(known.row[name], ())]
                for name in ("indicator", "comparator_indicator")
            )
            days.update(known.days, boundaries(known.fact, own, other))
        for found in (self.steps, *self.figures.values()):
            for known in found:
                days.update(known.days)
        days |= milestone_boundaries([known.fact for known in self.steps])
        return sorted(each for each in days if each < NEVER)

    def is_shown_on(self, when):
        if when < self.opened_on:
            return self.source_told <= when
        return day(self.row["shown_from"]) <= when

    def observed(self, indicator, when):
        found = self.figures.get(indicator, ())
        return [known.fact for known in found if known.on(when, self.opened_on)]

    def amended_since(self, when):
        return [each for each in self.amendments if day(each["shown_from"]) > when]

    def withdrawn_as_of(self, when):
        found = day(self.row["withdrawn_on"])
        for amendment in self.amended_since(when):
            if when >= self.opened_on and "withdrawn_on" in amendment["changes"]:
                found = day(amendment["changes"]["withdrawn_on"][0])
        return found

    def said_on(self, when):
        found = {name: self.row[name] for name in SAID}
        for amendment in self.amended_since(when):
            for name, (before, _after) in amendment["changes"].items():
                if name in found:
                    found[name] = before
        return found

    # --- The answer -----------------------------------------------------------------------------

    def on(self, when):
        """How the promise stood on a day, in the columns of the table of assessments."""
        targets = [known for known in self.targets if known.on(when, self.opened_on)]
        tests = [
            (
                known.row,
                (
                    known.fact,
                    self.observed(known.row["indicator"], when),
                    self.observed(known.row["comparator_indicator"], when),
                ),
            )
            for known in targets
        ]
        originals = [(row, test) for row, test in tests if row["amends"] is None]
        steps = [known.fact for known in self.steps if known.on(when, self.opened_on)]
        judged = assess_commitment(
            [test for _row, test in originals], steps, self.withdrawn_as_of(when), as_of=when
        )
        decided_by = None
        if judged.headline is not None and judged.headline < len(originals):
            decided_by = originals[judged.headline]
        return {
            "status": judged.status.value,
            "kind": kind_of(decided_by, judged, originals, steps),
            "reason": judged.reason.why.value,
            "flags": self.flags(judged, decided_by, tests),
            "target": decided_by[0]["id"] if decided_by else None,
            "observation": seen(judged),
            "details": details(judged),
            **freshness(judged, originals),
            "rule_version": judged.rule_version,
            **self.said_on(when),
        }

    def flags(self, judged, decided_by, tests):
        flags = [*judged.flags]
        if decided_by is not None:
            codes = {known.row["id"]: known.row["code"] for known in self.targets}
            row, (target, _own, _other) = decided_by
            for amendment, (changed, _own, _other) in tests:
                if amendment["amends"] and codes[amendment["amends"]] == row["code"]:
                    flag = amendment_flag(target, changed)
                    flags += [flag] if flag and flag not in flags else []
        return [flag.value for flag in flags]

    def runs(self):
        """The runs of days that are alike, from the first on which the promise was shown."""
        runs = []
        for starts_on, ends_on in pairwise([*self.turning_days(), NEVER]):
            if not self.is_shown_on(starts_on):
                continue
            answer = self.on(starts_on)
            if runs and runs[-1]["ends_on"] == starts_on and runs[-1]["answer"] == answer:
                runs[-1]["ends_on"] = ends_on
            else:
                runs.append({"starts_on": starts_on, "ends_on": ends_on, "answer": answer})
        return {run["starts_on"]: (run["ends_on"], run["answer"]) for run in runs}


# --- Rows as the rule's facts ---------------------------------------------------------------------


def day(text):
    return date.fromisoformat(text) if text else None


def number(text):
    return None if text is None else Decimal(text)


def figure(row):
    return facts.Observation(
        period=Period.parse(row["period"]),
        value=Decimal(row["value"]),
        published_on=day(row["published_on"]),
        item=row["item"],
        is_provisional=row["is_provisional"],
        definition=row["definition_zh"],
        is_secondary=row["source_kind"] == SECONDARY,
        stated=row["stated_zh"],
        revision=row["id"],
        ref=row["id"],
    )


def step(row):
    return facts.Milestone(day(row["due_on"]), day(row["done_on"]), day(row["done_published_on"]))


# --- The rule's answer as a row -------------------------------------------------------------------


def kind_of(decided_by, judged, originals, steps):
    if decided_by is not None:
        return decided_by[0]["kind"]
    if judged.headline is None and originals:
        return originals[0][0]["kind"]
    return (Kind.MILESTONES if steps else Kind.NOT_ASSESSABLE).value


def seen(judged):
    observation = judged.judged or judged.latest
    return observation.ref if observation else None


def freshness(judged, originals):
    supplied = NOTHING_EXPECTED
    if judged.status is not Status.WITHDRAWN:
        supplied = least_fresh(
            supply(*test, status=part.status)
            for (_row, test), part in zip(originals, judged.parts, strict=False)
        )
    newer = supplied.newer_due_on
    return {
        "is_figure_expected": supplied.is_expected,
        "newer_due_on": newer.isoformat() if newer else None,
    }


def details(judged):
    """What a sentence needs of the arithmetic, as the register keeps it."""
    reason, baseline, tally = judged.reason, judged.baseline, judged.tally
    found = {
        "rule": reason.rule,
        "period": str(reason.period or ""),
        "item": reason.item,
        "passed": [*reason.passed],
        "failed": [*reason.failed],
        "missing": [*reason.missing],
        "baseline": [str(baseline.period), plain(baseline.value)] if baseline else [],
    }
    for name in ("margin", "progress", "expected", "pace"):
        found[name] = cut(getattr(judged, name))
    if judged.headline is not None and len(judged.parts) > 1:
        found["tests"] = len(judged.parts)
        found["alike"] = sum(part.status is judged.status for part in judged.parts)
    if tally is not None:
        found["tally"] = {
            "met": [str(period) for period in tally.met],
            "failed": [str(period) for period in tally.failed],
            "missing": [str(period) for period in tally.missing],
            "total": tally.total,
        }
    return {name: value for name, value in found.items() if value not in ("", [], None)}


def plain(value):
    """A number's digits, without the zeros that a database adds."""
    return format(Decimal(value).normalize(), "f")


def cut(value):
    """At most six decimals, cut so that a number never looks better than it is."""
    if value is None:
        return None
    shorter = value.quantize(Decimal("0.000001"), rounding=ROUND_FLOOR, context=EXACT)
    return format(shorter.normalize(EXACT), "f")


# --- Comparing ------------------------------------------------------------------------------------


def published(rows):
    """What the register says: {first day: (day it ended before, answer)}."""
    return {
        day(row["starts_on"]): (
            day(row["ends_on"]) or NEVER,
            answer_of(row),
        )
        for row in rows
    }


def answer_of(row):
    found = {name: row[name] for name in row if name not in OF_THE_RUN}
    if baseline := found["details"].get("baseline"):
        found["details"] = found["details"] | {"baseline": [baseline[0], plain(baseline[1])]}
    return found


def differences(archive):
    """Pairs (code, line) of all that differs."""
    stored = archive.of("assessments", "commitment")
    for row in archive["commitments"]:
        told = published(stored[row["code"]])
        found = Promise(archive, row).runs()
        for first in sorted(told.keys() | found):
            if told.get(first) == found.get(first):
                continue
            yield (
                row["code"],
                f"{first}: {says(told.get(first))}, computed {says(found.get(first))}",
            )


def says(run):
    if run is None:
        return "no run of days begins"
    ends_on, answer = run
    return f"{answer['status']} until {ends_on} {json.dumps(answer, ensure_ascii=False)}"


def main(path):
    archive = Archive(path)
    count = 0
    for code, line in differences(archive):
        print(code, line)
        count += 1
    runs = len(archive["assessments"])
    print(f"{len(archive['commitments'])} promises, {runs} runs of days, {count} differ")
    return 1 if count else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
