"""Everything that changed in a plan up to a day: what a page, a log and a feed read from.

An index of marks (day, kind, commitment, row) is read first, in as many queries for any plan; only
the marks of one page are then told in words. A fact is dated by the day it became known here, and
where that is before the plan was opened, by the day its source made it known.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from commitments import formats, sentences
from commitments.differences import amended
from commitments.domain.standards import STANDARDS
from commitments.domain.status import Status
from commitments.facts import day_of
from commitments.models import (
    Amendment,
    Assessment,
    Commitment,
    Milestone,
    Observation,
    Target,
    Update,
)
from commitments.sentences.items import item_amount, item_name

# What the newest few of a plan are chosen from: a bound on what its first page reads.
MOST_READ = 100
ONE_DAY = dt.timedelta(days=1)


class What(StrEnum):
    """Kinds of change, in the order in which those of one day are told."""

    PROMISE = "promise"
    WITHDRAWAL = "withdrawal"
    STATUS = "status"
    AMENDMENT = "amendment"
    TEST = "test"
    REWORDED = "reworded"
    CORRECTION = "correction"
    FIGURE = "figure"
    STEP = "step"
    UPDATE = "update"


WHAT = {
    What.STATUS: gettext_lazy("status changed"),
    What.FIGURE: gettext_lazy("new figure"),
    What.CORRECTION: gettext_lazy("correction"),
    What.AMENDMENT: gettext_lazy("target changed"),
    What.REWORDED: gettext_lazy("promise amended"),
    What.TEST: gettext_lazy("test corrected here"),
    What.STEP: gettext_lazy("dated step"),
    What.WITHDRAWAL: gettext_lazy("promise withdrawn"),
    What.UPDATE: gettext_lazy("agency’s own words"),
    What.PROMISE: gettext_lazy("promise added"),
}
ORDER = {what: place for place, what in enumerate(What)}
OF_STATUS = (What.STATUS, What.WITHDRAWAL)
CAUSES = (What.FIGURE, What.CORRECTION, What.STEP, What.TEST)


class Mark(NamedTuple):
    """One change before it is told: enough to date, sort, count and choose it."""

    day: dt.date
    what: What
    code: str
    commitment: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A published figure in words, with the row that names its source."""

    row: Observation
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed. `key` never changes: it is the place on a page and the id in a feed.

    `before` and `after` are codes of statuses for `OF_STATUS`, else words; `why` says what brought
    it about. `is_rebuilt` days were before the plan was opened here.
    """

    key: str
    day: dt.date
    what: What
    commitment: Commitment
    before: str = ""
    after: str = ""
    why: str = ""
    figures: tuple[Figure, ...] = ()
    url: str = ""
    is_rebuilt: bool = False

    @property
    def word(self):
        return WHAT[self.what]

    @property
    def sources(self):
        """Of each source of its figures one row: ten figures may come from one bulletin."""
        return {
            (each.row.source, each.row.published_on): each.row for each in self.figures
        }.values()

    @property
    def is_of_status(self):
        return self.what in OF_STATUS


class Changes:
    """The changes of a plan up to a day, newest first; counts and slices as a paginator asks.

    `shown` narrows them to some commitments, from `shown_on(day)`; `kinds` to some of `What`;
    `since` to those from a day on. With `most`, only that many of the newest of each kind are
    looked at.
    """

    def __init__(self, plan, day, *, shown=None, kinds=(), since=dt.date.min, most=None):
        self.plan, self.day, self.kinds, self.most = plan, day, frozenset(kinds), most
        self.since = since
        if shown is None:
            shown = Commitment.objects.shown_on(day)
        self.shown = shown.filter(plan=plan).order_by()

    def __len__(self):
        return len(self.marks)

    def __getitem__(self, place):
        return self.told(self.marks[place])

    def counts(self):
        """How many there are of each kind, whatever `kinds` asks for."""
        found = dict.fromkeys(What, 0)
        for mark in self.index:
            found[mark.what] += 1
        return found

    def commitments(self):
        """The keys of the commitments of which anything changed."""
        return {mark.commitment for mark in self.marks}

    @cached_property
    def marks(self):
        return [mark for mark in self.index if not self.kinds or mark.what in self.kinds]

    def newest(self, most):
        """What a short list says: every change of status and of a target; a figure, correction or
        step only if it changed no status that day, and of each promise's figures the newest. What
        is measured each month must not push all else off the page."""
        moved = {(mark.day, mark.commitment) for mark in self.index if mark.what in OF_STATUS}
        seen, chosen = set(), []
        for mark in self.marks:
            if mark.what is What.UPDATE:
                continue
            if mark.what in CAUSES and (mark.day, mark.commitment) in moved:
                continue
            if mark.what is What.FIGURE and mark.commitment in seen:
                continue
            seen |= {mark.commitment} if mark.what is What.FIGURE else set()
            chosen.append(mark)
        return self.told(chosen[:most])

    # --- The index ------------------------------------------------------------------------------

    @cached_property
    def index(self):
        found = [
            mark
            for marks in (
                self.promises(),
                self.statuses(),
                self.amendments(),
                self.figures(),
                self.tests(),
                self.steps(),
                self.updates(),
            )
            for mark in marks
            # What was known before the promise itself could be read here changed nothing on it.
            if mark.what is What.PROMISE or self.first_days[mark.commitment] <= mark.day
        ]
        return sorted(
            found, key=lambda mark: (-mark.day.toordinal(), mark.code, ORDER[mark.what], mark.rows)
        )

    @cached_property
    def promises_shown(self):
        return list(self.shown.values_list("pk", "code", "published_at", "source__published_on"))

    @cached_property
    def codes(self):
        return {pk: code for pk, code, _shown, _told in self.promises_shown}

    @cached_property
    def first_days(self):
        """The first day on which each promise could be read here."""
        opened_on = self.plan.opened_on
        return {
            pk: told if day_of(shown) <= opened_on else day_of(shown)
            for pk, _code, shown, told in self.promises_shown
        }

    def dated(self, rows, told, *columns):
        """Tuples (day each row became known, `columns`); of the newest, where only some are wanted.

        Days are cut out of moments here, and compared as moments there: SQLite calls Python for
        each, and would do so for every row there is.
        """
        rows = rows.published().annotate(told_on=told)
        first, is_late = self.plan.opened_on + ONE_DAY, Q(pk=None)
        wanted = Q(told_on__gte=self.since, told_on__lte=self.day)
        if self.day >= self.plan.opened_on:
            is_late = Q(published_at__gte=start_of(first))
            wanted = (~is_late & wanted) | Q(
                published_at__gte=start_of(max(first, self.since)),
                published_at__lt=start_of(self.day + ONE_DAY),
            )
        found = rows.filter(wanted).order_by()
        if self.most is not None:
            late = Case(When(is_late, then=F("published_at")))
            found = found.order_by(late.desc(nulls_last=True), "-told_on", "-pk")[: self.most]
        for shown, told_on, *values in found.values_list("published_at", "told_on", *columns):
            shown_on = day_of(shown)
            is_told_late = first <= shown_on and self.day >= self.plan.opened_on
            yield shown_on if is_told_late else told_on, *values

    def mark(self, day, what, commitment, *rows):
        return Mark(day, what, self.codes[commitment], commitment, rows)

    def promises(self):
        """Those added after the plan was opened here: the others came with it."""
        for pk, day in self.first_days.items():
            if day > self.plan.opened_on and day >= self.since:
                yield self.mark(day, What.PROMISE, pk)

    def statuses(self):
        earlier = Assessment.objects.filter(
            commitment=OuterRef("commitment"), ends_on=OuterRef("starts_on")
        )
        rows = (
            Assessment.objects.filter(commitment__in=self.shown.values("pk"))
            .filter(starts_on__gte=self.since, starts_on__lte=self.day)
            # On the day the plan was opened everything is new to the site, and nothing happened.
            .exclude(starts_on=self.plan.opened_on)
            .filter(Exists(earlier.exclude(status=OuterRef("status"))))
            .order_by("-starts_on", "-pk")
            .values_list("pk", "commitment", "starts_on", "status")[: self.most]
        )
        for pk, commitment, day, status in rows:
            what = What.WITHDRAWAL if status == Status.WITHDRAWN else What.STATUS
            yield self.mark(day, what, commitment, pk)

    @cached_property
    def users(self):
        """For each indicator, the commitments whose tests read it."""
        tests = Target.objects.filter(commitment__in=self.shown.values("pk")).published()
        found = defaultdict(set)
        for commitment, own, other in tests.order_by().values_list(
            "commitment", "indicator", "comparator_indicator"
        ):
            for indicator in {own, other} - {None}:
                found[indicator].add(commitment)
        return found

    def figures(self):
        """Figures of one indicator that came out on one day are one change; corrections are one
        each, to be told with what they replace."""
        tests = self.of_promises(Target).published()
        of_tests = Q(indicator__in=tests.values("indicator"))
        of_tests |= Q(indicator__in=tests.values("comparator_indicator"))
        found = with_replaced(Observation.objects.filter(of_tests))
        rows = self.dated(found, F("published_on"), "pk", "indicator", "replaced")
        groups = defaultdict(list)
        for day, pk, indicator, replaced in rows:
            for commitment in self.users[indicator]:
                if replaced:
                    yield self.mark(day, What.CORRECTION, commitment, pk)
                else:
                    groups[day, commitment, indicator].append(pk)
        for (day, commitment, _indicator), pks in groups.items():
            yield self.mark(day, What.FIGURE, commitment, *sorted(pks))

    def tests(self):
        """Changes of a target, by a document or because it was entered wrongly here. The target a
        promise began with is part of it."""
        for day, pk, commitment, replaced, amends in self.dated(
            with_replaced(self.of_promises(Target)),
            F("document__published_on"),
            *("pk", "commitment", "replaced", "amends"),
        ):
            if replaced:
                yield self.mark(day, What.TEST, commitment, pk)
            elif amends:
                yield self.mark(day, What.AMENDMENT, commitment, pk)

    def steps(self):
        told = Coalesce("done_published_on", "commitment__source__published_on")
        rows = with_replaced(self.of_promises(Milestone))
        for day, pk, commitment, replaced, done_on in self.dated(
            rows, told, "pk", "commitment", "replaced", "done_on"
        ):
            if replaced or done_on:
                yield self.mark(day, What.STEP, commitment, pk)

    def amendments(self):
        """Changes of what a promise says of itself; a withdrawal is told by its status."""
        rows = self.of_promises(Amendment)
        for day, pk, commitment, changed in self.dated(
            rows, TruncDate("published_at"), "pk", "commitment", "changes"
        ):
            if not all(name.startswith("withdrawn_") for name in changed):
                yield self.mark(day, What.REWORDED, commitment, pk)

    def updates(self):
        rows = self.of_promises(Update)
        for day, pk, commitment in self.dated(rows, F("dated_on"), "pk", "commitment"):
            yield self.mark(day, What.UPDATE, commitment, pk)

    def of_promises(self, model):
        # Asked of each row: a list of all promises would be made again for every table, and most
        # of these are short. For assessments, of which there are many each, the list is quicker.
        return model.objects.filter(Exists(self.shown.filter(pk=OuterRef("commitment"))))

    # --- The telling ----------------------------------------------------------------------------

    def told(self, marks):
        return Telling(self, marks).changes()


def start_of(day):
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def with_replaced(rows):
    """Each with whether it replaced another row."""
    # Asked once for all rows, not for each: SQLite reads the whole table for every one otherwise.
    newer = rows.model.objects.published().filter(replaced_by__isnull=False).order_by()
    return rows.annotate(
        replaced=ExpressionWrapper(
            Q(pk__in=newer.values("replaced_by")), output_field=BooleanField()
        )
    )


def with_earlier(assessments):
    """Each with the status and the figure of the run of days that ends where it starts."""
    earlier = Assessment.objects.filter(
        commitment=OuterRef("commitment"), ends_on=OuterRef("starts_on")
    ).order_by()
    return assessments.annotate(
        before=Subquery(earlier.values("status")[:1]),
        before_observation=Subquery(earlier.values("observation")[:1]),
    )


def replaced_by(rows, keys):
    """What some rows replaced, by the primary key of what replaced it."""
    return {row.replaced_by_id: row for row in rows.published().filter(replaced_by__in=keys)}


class Telling:
    """Some marks in words: each table is read once for all of them."""

    def __init__(self, changes, marks):
        self.all, self.marks, self.plan = changes, marks, changes.plan
        self.commitments = Commitment.objects.select_related("plan", "lead_agency").in_bulk(
            {mark.commitment for mark in marks}
        )
        self.assessments = with_earlier(
            Assessment.objects.select_related("observation__indicator")
        ).in_bulk(self.rows_of(*OF_STATUS))
        tests = Target.objects.select_related(
            "indicator",
            "comparator_indicator",
            "document",
            "amends__indicator",
            "amends__comparator_indicator",
        )
        self.targets = tests.in_bulk(self.rows_of(What.AMENDMENT, What.TEST))
        self.tests_before = replaced_by(tests, self.rows_of(What.TEST))
        self.amendments = Amendment.objects.in_bulk(self.rows_of(What.REWORDED))
        self.steps = Milestone.objects.in_bulk(self.rows_of(What.STEP))
        self.steps_before = replaced_by(Milestone.objects.all(), self.rows_of(What.STEP))
        self.updates = Update.objects.select_related("agency").in_bulk(self.rows_of(What.UPDATE))
        figures = Observation.objects.select_related("indicator")
        self.figures = figures.in_bulk(self.rows_of(What.FIGURE, What.CORRECTION))
        self.figures_before = replaced_by(figures, self.rows_of(What.CORRECTION))

    def rows_of(self, *kinds):
        return {row for mark in self.marks if mark.what in kinds for row in mark.rows}

    def changes(self):
        return [self.change(mark) for mark in self.marks]

    def change(self, mark):
        about = TOLD[mark.what](self, mark)
        return Change(
            day=mark.day,
            what=mark.what,
            commitment=self.commitments[mark.commitment],
            is_rebuilt=mark.day < self.plan.opened_on,
            **{"key": f"{mark.code}-{mark.what}-{mark.day.isoformat()}"} | about,
        )

    def promise(self, mark):
        return {}

    def withdrawal(self, mark):
        commitment = self.commitments[mark.commitment]
        row = self.assessments[mark.rows[0]]
        return {
            "before": row.before,
            "after": row.status,
            "why": commitment.withdrawn_document,
            "url": commitment.withdrawn_url,
        }

    def status(self, mark):
        row = self.assessments[mark.rows[0]]
        new = [row for row in self.new_figures[mark.commitment] if mark.day in self.days(row)]
        # The figure that decided stands for all of its day.
        decided = ([each for each in new if each.pk == row.observation_id] or new)[:1]
        return {
            "before": row.before,
            "after": row.status,
            "why": self.why(decided, self.same_day[mark.day, mark.commitment]),
            "figures": tuple(in_words(figure) for figure in decided),
        }

    def why(self, figures, same_day):
        """A status changes by a fact of its day, or because a date has passed."""
        if figures and figures[0].pk in self.corrections:
            return _("a figure was corrected")
        if figures:
            return _("new figure")
        if What.STEP in same_day:
            return _("a step was reported done")
        if What.TEST in same_day:
            return _("the test was corrected here")
        return _("a date passed")

    @cached_property
    def same_day(self):
        found = defaultdict(set)
        for mark in self.all.index:
            found[mark.day, mark.commitment].add(mark.what)
        return found

    @cached_property
    def corrections(self):
        return {row for mark in self.all.index if mark.what is What.CORRECTION for row in mark.rows}

    def days(self, figure):
        """A late entry is known from two days: its source's, in what is rebuilt, and ours."""
        days = {figure.published_on} if figure.published_on < self.plan.opened_on else set()
        shown = day_of(figure.published_at)
        return days | ({shown} if shown >= self.plan.opened_on else set())

    @cached_property
    def new_figures(self):
        """The figures that became known on the day of a change of status, by commitment."""
        wanted = {mark.commitment for mark in self.marks if mark.what in OF_STATUS}
        days = {mark.day for mark in self.marks if mark.what in OF_STATUS}
        users = {
            indicator: commitments & wanted
            for indicator, commitments in self.all.users.items()
            if commitments & wanted
        }
        found = defaultdict(list)
        for figure in (
            Observation.objects.published()
            .filter(Q(published_on__in=days) | Q(published_at__date__in=days), indicator__in=users)
            .select_related("indicator")
            .order_by("-period", "pk")
        ):
            for commitment in users[figure.indicator_id]:
                found[commitment].append(figure)
        return found

    def figure(self, mark):
        rows = [self.figures[pk] for pk in mark.rows]
        return {
            # A figure that comes later on the same day joins its entry.
            "key": f"{mark.code}-{mark.what}-{rows[0].indicator.code}-{mark.day.isoformat()}",
            "figures": tuple(in_words(row) for row in rows),
        }

    def correction(self, mark):
        row = self.figures[mark.rows[0]]
        return {
            "key": f"{mark.code}-{mark.what}-{row.pk}",
            "before": in_words(self.figures_before[row.pk]).text,
            "after": in_words(row).text,
            "why": row.note,
            "figures": (in_words(row),),
        }

    def amendment(self, mark):
        row = self.targets[mark.rows[0]]
        return {
            "key": f"{row.code}-{mark.what}",
            "before": sentences.test(row.amends),
            "after": sentences.test(row),
            "why": row.reason,
            "url": row.document.url,
        }

    def reworded(self, mark):
        row = self.amendments[mark.rows[0]]
        found = amended(row)
        colon = pgettext("colon", ": ")
        return {
            "key": f"{mark.code}-{mark.what}-{row.pk}",
            "before": formats.listed(f"{each.name}{colon}{each.before or '–'}" for each in found),
            "after": formats.listed(f"{each.name}{colon}{each.after or '–'}" for each in found),
            "why": row.reason,
            "url": row.document_url,
        }

    def test(self, mark):
        row = self.targets[mark.rows[0]]
        return {
            "key": f"{row.code}-{mark.what}-{row.pk}",
            "before": sentences.test(self.tests_before[row.pk]),
            "after": sentences.test(row),
            "why": row.reason,
        }

    def step(self, mark):
        row = self.steps[mark.rows[0]]
        before = self.steps_before.get(row.pk)
        return {
            "key": f"{row.code}-{mark.what}-{row.pk}",
            "before": step_word(before) if before else "",
            "after": step_word(row),
            "why": row.title,
            "url": row.source_url,
        }

    def update(self, mark):
        row = self.updates[mark.rows[0]]
        return {
            "key": f"{row.code}-{mark.what}",
            "after": row.text,
            "why": row.agency.name,
            "url": row.source_url,
        }


TOLD = {
    What.PROMISE: Telling.promise,
    What.STATUS: Telling.status,
    What.WITHDRAWAL: Telling.withdrawal,
    What.TEST: Telling.test,
    What.FIGURE: Telling.figure,
    What.CORRECTION: Telling.correction,
    What.AMENDMENT: Telling.amendment,
    What.REWORDED: Telling.reworded,
    What.STEP: Telling.step,
    What.UPDATE: Telling.update,
}
# An item is called the same, and has one unit, in every standard that has it.
ITEMS = {item.code: item for each in STANDARDS.values() for item in each.items}


def step_word(row):
    """done on 3 May 2024; due 31 December 2023"""
    if row.done_on:
        return _("done on %(day)s") % {"day": formats.day(row.done_on)}
    return _("due %(day)s") % {"day": formats.day(row.due_on)}


def in_words(row):
    """A figure with its unit; one of a standard's items in the standard's unit."""
    name, text = row.indicator.name, row.stated
    item = ITEMS.get(row.item)
    if item:
        name = f"{name} · {item_name(item)}"
        text = text or item_amount(row.value, item)
    return Figure(row, name, text or formats.quantity_in_text(row.value, row.indicator))
