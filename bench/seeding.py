"""Fills an empty database with an invented plan of any size, fast:

    python -m bench.seeding 10000

The promises are those of script/invented_plan.py, with eight figures each and a source document
for every 500. Written in bulk and then assessed by the register's own rule; prints the key of a
staff session and what `assessed` gives. `load_plan` checks each row as a person's and is for plans,
not for measuring.
"""

import datetime as dt
import os
import runpy
import sys
import time
from itertools import islice
from pathlib import Path

import django

INVENTED = Path(__file__).resolve().parent.parent / "script" / "invented_plan.py"
A_DOCUMENT = 500
ADOPTED, OPENED = dt.date(2020, 1, 10), dt.date(2020, 2, 1)
# How far each figure is behind the next one's share, where the invented plan has none.
EIGHT = (0, 0, 12, 25, 31, 40, 47, 55)


def seed(count):
    """Everything but the assessments. Returns nothing; the plan is open and all is public."""
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from commitments.domain.periods import Period
    from commitments.models import (
        Agency,
        Commitment,
        Indicator,
        Observation,
        Plan,
        SourceDocument,
        Target,
        Theme,
    )
    from commitments.models.source_document import sha256_of

    invented = runpy.run_path(str(INVENTED))
    rows = dict(invented["files_of"](list(invented["promises"](9)), "", dict.fromkeys(CODES, 0)))
    by = get_user_model().objects.create_user("bench")

    def moment(day):
        return timezone.make_aware(dt.datetime.combine(day, dt.time(9)))

    def published(day):
        at = moment(day)
        return {
            "state": "published",
            "created_at": at,
            "created_by": by,
            "published_at": at,
            "published_by": by,
        }

    plan = Plan.objects.create(
        **rows["plan"][0] | {"is_fictional": True, "adopted_on": ADOPTED, "opened_on": OPENED}
    )
    agencies = Agency.objects.bulk_create(Agency(**row) for row in rows["agencies"])
    plan.agencies.set(agencies)
    agency_of = {each.code: each for each in agencies}
    theme_of = {
        each.code: each
        for each in Theme.objects.bulk_create(Theme(**row) for row in rows["themes"])
    }
    at_opening = published(OPENED)
    promises = invented["promises"](count)
    number = 0
    while made := list(islice(promises, A_DOCUMENT)):
        text, starts = invented["text_of"](made)
        source = SourceDocument.objects.create(
            **{k: v for k, v in rows["sources"][0].items() if k != "text_file"}
            | {
                "plan": plan,
                "code": f"CZ-TEXT-{number // A_DOCUMENT + 1}",
                "text": text,
                "sha256": sha256_of(text),
                "published_on": dt.date(2020, 1, 20),
            }
        )
        commitments = Commitment.objects.bulk_create(
            Commitment(
                plan=plan,
                source=source,
                code=each["code"],
                title_zh=each["titles"][0],
                title_en=each["titles"][1],
                quote=each["quote"],
                quote_start=starts[each["code"]],
                lead_agency=agency_of[each["agency"]],
                theme=theme_of[each["theme"]],
                due_year=each["due"] if each["has_test"] else None,
                due_basis="stated" if each["has_test"] else "none",
                binding="binding" if each["due"] == 2025 else "anticipatory",
                **at_opening,
            )
            for each in made
        )
        pairs = [pair for pair in zip(made, commitments, strict=True) if pair[0]["has_test"]]
        indicators = Indicator.objects.bulk_create(
            Indicator(
                code=f"{each['code']}-I",
                name_zh=each["names"][0],
                name_en=each["names"][1],
                unit_zh=each["units"][0],
                unit_en=each["units"][1],
                direction=each["direction"],
                reporting_unit="0.01",
            )
            for each, _commitment in pairs
        )
        Target.objects.bulk_create(
            Target(
                commitment=commitment,
                code=f"{each['code']}.1",
                indicator=indicator,
                kind=each["kind"],
                value=each["goal"],
                baseline_period=Period(2019),
                baseline_value=each["base"],
                due_period=Period(each["due"]),
                document=source,
                **at_opening,
            )
            for (each, commitment), indicator in zip(pairs, indicators, strict=True)
        )
        Observation.objects.bulk_create(
            Observation(
                indicator=indicator,
                period=Period(year),
                value=str(invented["figure"](int(each["code"][3:]), share)),
                published_on=day,
                source_zh=invented["SOURCE_ZH"],
                source_en=invented["SOURCE_EN"],
                is_provisional=year == 2025,
                **published(max(day, OPENED)),
            )
            for (each, _commitment), indicator in zip(pairs, indicators, strict=True)
            for year, share in shares(each, invented)
            for day in [dt.date(year + 1, 3, 20)]
        )
        number += len(made)


CODES = [f"CZ-{number:05d}" for number in range(1, 10)]


def shares(each, invented):
    """Eight pairs (year, share of the change): the invented plan's course, its gaps filled."""
    course = invented["COURSES"][int(each["code"][3:]) // 3 % len(invented["COURSES"])]
    for year, share, filled in zip(invented["YEARS"], course, EIGHT, strict=True):
        yield year, filled if share is None else share


def staff_session():
    """The key of a session of somebody who may see every record: for the stock admin's list."""
    from django.contrib.auth import (
        BACKEND_SESSION_KEY,
        HASH_SESSION_KEY,
        SESSION_KEY,
        get_user_model,
    )
    from django.contrib.sessions.backends.db import SessionStore

    user = get_user_model().objects.create_superuser("bench-admin")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


def assessed():
    """Assesses all: (runs stored, seconds, times the rule was asked, seconds of that alone).

    Seconds of processor, of this process. The rule is asked once for each promise and each day on
    which its answer may change; neighbouring days with one answer are stored as one run.
    """
    from commitments.actions.assessing import batches, reassess
    from commitments.domain.assessment import assess_commitment
    from commitments.facts import dossiers
    from commitments.models import Commitment

    published = Commitment.objects.published()
    began = time.process_time()
    runs = reassess(published)
    seconds = time.process_time() - began
    times, alone = 0, 0.0
    for batch in batches(published):
        asked = [
            ([tuple(test) for test in facts.originals], facts.milestones, facts.withdrawn_on, day)
            for dossier in dossiers(batch, is_light=True)
            for day in dossier.turning_days()
            if dossier.is_shown_on(day)
            for facts in [dossier.on(day)]
        ]
        began = time.process_time()
        for tests, steps, withdrawn_on, day in asked:
            assess_commitment(tests, steps, withdrawn_on, as_of=day)
        alone += time.process_time() - began
        times += len(asked)
    return runs, seconds, times, alone


def main(count):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        seed(count)
    runs, seconds, times, alone = assessed()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    sys.stdout.write(f"{staff_session()} {runs} {seconds:.4f} {times} {alone:.4f}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
