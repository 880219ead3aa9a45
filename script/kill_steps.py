"""Kills a process at each step of what staff do, and looks: before or after, never between.

    .venv-dev/bin/python script/kill_steps.py

script/cluster runs it against its own servers. Needs the seed in DATABASE_URL, and fills it with
drafts. A step is a statement to the database, or either side of a commit. The process is a fork of
this one, killed as the system kills (-9).
"""

import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")

import django

django.setup()

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, connections
from django.utils import timezone

from commitments import issuing, verifying
from commitments.actions import reviewing, sheet_importing
from commitments.actions.drafting import draft_for_review
from commitments.domain.periods import Period
from commitments.models import (
    Agency,
    Appointment,
    Indicator,
    IssuedReport,
    Observation,
    Plan,
    Reminder,
    SheetImport,
)
from commitments.models.workflow import State
from commitments.reminding import letters, send

# What is not the register's own: a revision may rise without a change, never the other way round.
NOT_COMPARED = {"commitments_revision"}
MOST_STEPS = 400


@dataclass
class Drill:
    name: str
    # Makes a subject; does it; says whether it is done.
    prepare: Callable[[], Any]
    act: Callable[[Any], None]
    is_done: Callable[[Any], bool]


def person(name: str) -> Any:
    return get_user_model().objects.get(username=name)


def free_figures(count: int) -> list[Observation]:
    """Figures of periods that nobody has entered yet."""
    found: list[Observation] = []
    plain = Indicator.objects.filter(targets__kind="at_least", frequency="year")
    for indicator in plain.distinct():
        held = Observation.objects.filter(indicator=indicator)
        taken = {str(period) for period in held.values_list("period", flat=True)}
        year = next(year for year in range(1950, 2020) if str(year) not in taken)
        found.append(
            Observation(
                indicator=indicator,
                period=Period(year),
                value=Decimal(1),
                published_on=timezone.localdate(),
                source_zh="演练",
                source_en="Drill",
            )
        )
        if len(found) == count:
            break
    return found


# --- What is killed ------------------------------------------------------------------------------


def figure_in_review() -> Observation:
    [figure] = free_figures(1)
    for _saved in draft_for_review([figure], by=person("drill"), at=timezone.now()):
        pass
    return figure


def publish(figure: Observation) -> None:
    [outcome] = reviewing.approve([figure], by=person("reviewer"), at=timezone.now())
    assert outcome.is_done, outcome.refused


def checked_sheet() -> SheetImport:
    rows = ["indicator,period,value,unit,published_on,source_kind,source_zh"]
    for each in free_figures(5):
        of = each.indicator
        rows.append(f"{of.code},{each.period},1,{of.unit_zh},{each.published_on},official,演练")
    data = "\n".join(rows).encode()
    return sheet_importing.upload(
        "drill.csv", data, subject="figures", by=person("drill"), at=timezone.now()
    )


def report_in_review() -> IssuedReport:
    plan = Plan.objects.get(code="xulan-example")
    waiting = IssuedReport.objects.filter(plan=plan, kind="on_demand", state="in_review").first()
    if waiting is not None:
        return waiting
    day = timezone.localdate() - timedelta(days=1)
    report = IssuedReport(plan=plan, kind="on_demand", day=day)
    before = report_before(plan)
    if before is not None:
        report.supersedes, report.reason_zh, report.reason_en = before, "演练", "Drill"
    for _made in issuing.preparing(report, by=person("reviewer"), at=timezone.now()):
        pass
    return report


def report_before(plan: Plan) -> IssuedReport | None:
    return IssuedReport.objects.issued().filter(plan=plan, successors=None).first()


def remind() -> None:
    for letter in letters(timezone.localdate()):
        send(letter, timezone.localdate())


DRILLS = [
    Drill(
        "Publish a figure", figure_in_review, publish,
        lambda figure: Observation.objects.get(pk=figure.pk).state == State.PUBLISHED,
    ),
    Drill(
        "Import a sheet of five figures", checked_sheet,
        lambda held: sheet_importing.apply(held, by=person("drill"), at=timezone.now()),
        lambda held: SheetImport.objects.get(pk=held.pk).applied_count == 5,
    ),
    Drill(
        "Issue a report", report_in_review,
        lambda report: issuing.issue(report, by=person("issuer"), at=timezone.now()),
        lambda report: IssuedReport.objects.get(pk=report.pk).is_issued,
    ),
]  # fmt: skip


# --- Killing -------------------------------------------------------------------------------------


def killed_at(step: int, act: Callable[[], None]) -> bool:
    """Do it in a process that dies just before its step of that number; whether it died."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            die_at(step)
            act()
            status = 0
        finally:
            if status:
                traceback.print_exc()
            os._exit(status)
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0, "it failed, see above"
    return False


def die_at(step: int) -> None:
    left = step

    def count() -> None:
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    def statement(execute: Any, *arguments: Any) -> Any:
        count()
        return execute(*arguments)

    connection.ensure_connection()
    connection.execute_wrappers.append(statement)
    commit = connection._commit

    def committed() -> None:
        count()
        commit()
        count()

    connection._commit = committed


def fingerprint() -> dict[str, str]:
    """Every table of the register, as its rows' sum."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if table in NOT_COMPARED:
                continue
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
            found[table] = str(hash(tuple(map(repr, cursor))))
    return found


def faults() -> list[str]:
    return [line for check in verifying.CHECKS.values() for line in check()]


def run(drill: Drill) -> tuple[int, int, int, list[str]]:
    """(steps, killed before, killed after, what was found between)."""
    before_count = after_count = 0
    between: list[str] = []
    subject = None
    for step in range(MOST_STEPS):
        subject = subject or drill.prepare()
        before = fingerprint()
        has_died = killed_at(step, lambda: drill.act(subject))  # noqa: B023
        if fingerprint() == before:
            before_count += 1
            assert has_died
            continue
        wrong = faults() or ([] if drill.is_done(subject) else ["neither before nor after"])
        between += [f"{drill.name}, step {step}: {line}" for line in wrong]
        after_count += 1
        subject = None
        if not has_died:
            return step, before_count, after_count, between
    raise SystemExit("script/kill_steps.py: it never ends")


def reminders() -> tuple[int, int, int, list[str]]:
    """A letter is claimed, then sent, then told as sent: it goes out once, or at worst not at all.

    The runs after the killed one are part of it: they must not send what it may have sent.
    """
    get_user_model().objects.filter(username="editor").update(email="editor@city.example")
    Appointment.objects.get(user__username="editor").agencies.set(Agency.objects.all())
    between: list[str] = []
    sent_by = [0, 0]
    for step in range(MOST_STEPS):
        Reminder.objects.all().delete()
        with tempfile.TemporaryDirectory() as folder:
            settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
            settings.EMAIL_FILE_PATH = folder
            has_died = killed_at(step, remind)
            remind()
            sent = sum(path.read_text().count("Message-ID:") for path in Path(folder).iterdir())
        if sent > 1:
            between.append(f"Reminders, step {step}: sent {sent} times")
        sent_by[sent > 0] += 1
        if not has_died:
            return step, sent_by[0], sent_by[1], between
    raise SystemExit("script/kill_steps.py: it never ends")


def main() -> int:
    Appointment.objects.get_or_create(
        user=get_user_model().objects.get_or_create(username="issuer", is_staff=True)[0],
        role=Appointment.Role.REVIEWER,
    )
    issuing.KINDS = {ext: kind for ext, kind in issuing.KINDS.items() if ext in ("csv", "json")}
    print("| What was killed at each step | steps | state before | state after | between |")
    print("| --- | --- | --- | --- | --- |")
    is_good = True
    for drill in DRILLS:
        steps, before, after, between = run(drill)
        is_good &= not between
        print(f"| {drill.name} | {steps} | {before} | {after} | {len(between)} |", flush=True)
        for line in between:
            print(line, file=sys.stderr)
    steps, unsent, sent, twice = reminders()
    told = f"{steps} | {unsent} not sent | {sent} sent once | {len(twice)} sent twice"
    print(f"| Remind an editor by mail; the next run tries again | {told} |")
    return 0 if is_good and not twice else 1


if __name__ == "__main__":
    sys.exit(main())
