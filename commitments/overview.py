"""How a whole plan stands on a day: counts with their full denominator, and what changed lately."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from commitments import formats
from commitments.domain.periods import Period
from commitments.domain.result import Why
from commitments.domain.status import Group, Status
from commitments.facts import day_of
from commitments.models import Assessment, Commitment, Observation
from commitments.models.workflow import State

MOST_CHANGES = 10
# Enough to choose those from, and a bound on what a page reads.
MOST_READ = 100
STEPS = {Why.STEPS_ALL_DONE.value, Why.STEPS_DONE_LATE.value, Why.STEPS_NONE_OVERDUE.value}


@dataclass(frozen=True, slots=True)
class Part:
    """One group's share of a bar; `x` and `width` are percentages as SVG reads them."""

    group: str
    count: int
    x: str
    width: str


class Tally:
    """Counts of commitments by group. Every group is there, those without any too."""

    def __init__(self, counts=None):
        self.counts = counts or Counter()

    def add(self, status, count):
        self.counts[Status(status).group] += count

    @property
    def total(self):
        return sum(self.counts.values())

    def groups(self):
        """Pairs (group, count) of all eight groups, in the method's order."""
        return [(group.value, self.counts[group]) for group in Group]

    def parts(self, longest=None):
        """The bar's parts; `longest` is the total that fills the width, else this one does."""
        whole = longest or self.total
        parts, before = [], 0
        for group in Group:
            count = self.counts[group]
            if count:
                x, width = 100 * before / whole, 100 * count / whole
                parts.append(Part(group.value, count, f"{x:.3f}", f"{width:.3f}"))
            before += count
        return parts


class Overview:
    """The counts of a plan on a day, in one query: in all, by agency and by theme."""

    def __init__(self, plan, day):
        self.tally = Tally()
        self.by_agency = defaultdict(Tally)
        self.by_theme = defaultdict(Tally)
        found = (
            Commitment.objects.shown_on(day)
            .filter(plan=plan)
            .order_by()
            .values_list("lead_agency", "theme", "standing__status")
            .annotate(count=Count("pk"))
        )
        for agency, theme, status, count in found:
            for tally in (self.tally, self.by_agency[agency], self.by_theme[theme]):
                tally.add(status, count)


def clause(group, count):
    """What a sentence about all promises says of one group, with its count."""
    words = {
        Group.MET: ngettext("%(count)s has been met", "%(count)s have been met", count),
        Group.MISSED: ngettext("%(count)s was missed", "%(count)s were missed", count),
        Group.DUE_NO_FIGURE: ngettext(
            "%(count)s is due without a figure", "%(count)s are due without a figure", count
        ),
        Group.ON_COURSE: ngettext("%(count)s is on course", "%(count)s are on course", count),
        Group.OFF_COURSE: ngettext("%(count)s is off course", "%(count)s are off course", count),
        Group.CANNOT_SAY: ngettext(
            "%(count)s cannot be judged yet", "%(count)s cannot be judged yet", count
        ),
        Group.NOT_ASSESSABLE: ngettext(
            "%(count)s states no test", "%(count)s state no test", count
        ),
        Group.WITHDRAWN: ngettext("%(count)s was withdrawn", "%(count)s were withdrawn", count),
    }
    return words[Group(group)] % {"count": formats.number(count)}


def opening(plan, total):
    """How the sentence about all promises begins: who promised, when, and how many."""
    # What stands in brackets says on what occasion; the sentence has room for the name alone.
    issuer = plan.issuer.partition("（")[0].partition(" (")[0]
    words = ngettext(
        "%(issuer)s, %(month)s: of %(total)s promise, ",
        "%(issuer)s, %(month)s: of %(total)s promises, ",
        total,
    )
    adopted = plan.adopted_on
    month = formats.period_label(Period(adopted.year, adopted.month, 12))
    return words % {"issuer": issuer, "month": month, "total": formats.number(total)}


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of the sentence that leads to its list, and what stands before it."""

    before: str
    group: str
    text: str


def clauses(tally):
    found = [(group, clause(group, count)) for group, count in tally.groups() if count]
    return [
        # The count stays on one line with what is counted.
        Clause(separator(number, len(found)), group, text.replace(" ", "\N{NO-BREAK SPACE}", 1))
        for number, (group, text) in enumerate(found)
    ]


def separator(number, total):
    if number == 0:
        return ""
    if number == total - 1:
        return pgettext("before the last part of a sentence", " and ")
    return pgettext("between parts of a sentence", ", ")


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a commitment on a day: `after` is the new assessment, `before` a status."""

    after: Assessment
    before: str
    why: str
    is_new_figure: bool
    is_rebuilt: bool

    @property
    def is_new_status(self):
        return self.before != self.after.status


def latest_changes(plan, day, most=MOST_CHANGES):
    """The newest changes of status and new figures up to a day, as `Change`s.

    The day the plan was opened here is left out: on it everything is new to the site, and nothing
    happened.
    """
    earlier = Assessment.objects.filter(
        commitment=OuterRef("commitment"), ends_on=OuterRef("starts_on")
    )
    rows = list(
        Assessment.objects.filter(
            commitment__plan=plan, commitment__state=State.PUBLISHED, starts_on__lte=day
        )
        .exclude(starts_on=plan.opened_on)
        .annotate(
            before=Subquery(earlier.values("status")[:1]),
            before_observation=Subquery(earlier.values("observation")[:1]),
        )
        .filter(before__isnull=False)
        .filter(
            ~Q(before=F("status"))
            | Q(observation__isnull=False, before_observation=None)
            | ~Q(before_observation=F("observation"))
        )
        .select_related("commitment", "target__indicator", "observation")
        .order_by("-starts_on", "commitment__code")[:MOST_READ]
    )
    rows = without_repetition(rows)[:most]
    figures = figure_days(rows, plan)
    return [change_of(row, figures, plan) for row in rows]


def without_repetition(rows):
    """A commitment's newest figure that changed no status, and every change of status: what is
    measured each month must not push all else off the page."""
    seen, kept = set(), []
    for row in rows:
        if row.before == row.status:
            if row.commitment_id in seen:
                continue
            seen.add(row.commitment_id)
        kept.append(row)
    return kept


def change_of(row, figures, plan):
    target = row.target
    of_target = (target.indicator_id, target.comparator_indicator_id) if target else ()
    has_figure = any((indicator, row.starts_on) in figures for indicator in of_target)
    if row.status == Status.WITHDRAWN:
        why = _("the promise was withdrawn")
    elif has_figure:
        why = _("new figure")
    elif target is None and row.reason in STEPS:
        why = _("a step was reported done")
    else:
        why = _("a date passed")
    is_new_figure = has_figure and row.observation_id not in (None, row.before_observation)
    return Change(row, row.before, why, is_new_figure, row.starts_on < plan.opened_on)


def figure_days(rows, plan):
    """Pairs (indicator, day) of the figures that became known on the days of some assessments."""
    indicators, days = set(), {row.starts_on for row in rows}
    for row in rows:
        if row.target is not None:
            indicators |= {row.target.indicator_id, row.target.comparator_indicator_id} - {None}
    found = set()
    for figure in Observation.objects.published().filter(
        Q(published_on__in=days) | Q(published_at__date__in=days), indicator__in=indicators
    ):
        # Before the plan was opened here a figure is known from its source's day.
        if figure.published_on < plan.opened_on:
            found.add((figure.indicator_id, figure.published_on))
        if day_of(figure.published_at) >= plan.opened_on:
            found.add((figure.indicator_id, day_of(figure.published_at)))
    return found
