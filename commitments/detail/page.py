"""All that a commitment's own page says on a day, in a constant number of queries."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from commitments import sentences
from commitments.detail.tables import corrections_of, figure_of
from commitments.detail.targets import steps_of, target_views
from commitments.detail.timeline import Timeline, timeline_of
from commitments.domain.freshness import least_fresh
from commitments.domain.status import Flag, Status
from commitments.facts import day_of, dossiers, known_rows
from commitments.labels import FLAG
from commitments.models import Observation
from commitments.passages import passage
from commitments.wording import put_back

FLAG_MEANING = {
    Flag.BASELINE_PROXY: _(
        "No figure is known from before the promise, so the first one after it stands in as the "
        "starting point."
    ),
    Flag.PROVISIONAL: _("The figure judged is provisional and may still be corrected."),
    Flag.SLIPPING: _("The latest figure is worse than an earlier one that met the target."),
    Flag.TIMING_UNVERIFIED: _(
        "No figure for the due period was published; a later one had to decide."
    ),
    Flag.LOW_RESOLUTION: _(
        "The scale has few steps, so a real change can stay invisible until a step is crossed."
    ),
    Flag.CONFLICT: _(
        "Sources give different figures for one period; the official one is used, or else the one "
        "that flatters least."
    ),
    Flag.DEFINITION_CHANGED: _(
        "Some figures follow another definition. They are listed but not judged."
    ),
    Flag.TARGET_RAISED: _("The target was raised later; the status is still of the original."),
    Flag.TARGET_LOWERED: _("The target was lowered later; the status is still of the original."),
    Flag.TIE: _("In at least one year both figures were equal. Equal is not above."),
}


@dataclass
class Page:
    """What the template shows; named as the page's own sections are."""

    commitment: object
    day: object
    is_rebuilt: bool
    sentence: str
    workings: list
    passage: object
    targets: list
    milestones: list
    measures: list
    updates: list
    context: list
    timeline: Timeline

    @property
    def status(self):
        return self.commitment.standing.outcome

    @property
    def is_withdrawn(self):
        return self.status is Status.WITHDRAWN

    @property
    def has_one_test(self):
        return len(self.targets) == 1

    @property
    def hides_test_status(self):
        """Whether a test's status is the promise's own, said on top, or no longer matters."""
        return self.is_withdrawn or (self.has_one_test and not self.milestones)

    @property
    def flags(self):
        """Codes of the flags that stand beside the promise's own status."""
        return self.commitment.standing.flags

    @property
    def explained(self):
        """Triples (code, word, meaning) of every flag on the page, each once."""
        codes = [*self.flags]
        for target in self.targets:
            codes += [flag for each in (target, *target.amended) for flag in each.flags]
        return [(flag, FLAG[Flag(flag)], FLAG_MEANING[Flag(flag)]) for flag in dict.fromkeys(codes)]

    @property
    def is_untested(self):
        return self.status is Status.NOT_ASSESSABLE

    @property
    def least_fresh(self):
        """The test whose figures are the least up to date, as the promise's own freshness is."""
        expected = [target for target in self.targets if target.supply.is_expected]
        whole = least_fresh(target.supply for target in expected)
        return next((target for target in expected if target.supply == whole), None)

    @property
    def are_alike_fresh(self):
        return len({target.freshness for target in self.targets}) == 1

    @property
    def outlooks(self):
        return [target for target in self.targets if target.outlook]


def page_of(commitment, day):
    """The `Page` of a commitment from `shown_on(day).for_page()`."""
    [dossier] = dossiers([commitment])
    put_back(dossier, day)
    opened_on = commitment.plan.opened_on
    standing = commitment.standing
    standing.commitment = commitment
    facts = dossier.on(day)
    is_withdrawn = standing.outcome is Status.WITHDRAWN
    corrections = corrections_of(dossier)
    targets = target_views(facts, commitment, day, corrections, is_withdrawn)
    text = commitment.source.text
    updates = _updates(commitment, day)
    rows = [known.row for found in dossier.observations.values() for known in found]
    prefetch_related_objects(rows, "evidence")
    return Page(
        commitment=commitment,
        day=day,
        is_rebuilt=day < opened_on,
        sentence=sentences.sentence(standing, [step.ref for step in facts.milestones]),
        workings=sentences.workings(standing),
        passage=passage(text, commitment.quote_start, commitment.quote_end),
        targets=targets,
        milestones=steps_of(facts.milestones, day),
        measures=sentences.measures_of_promise(
            commitment,
            [step.ref for step in facts.milestones],
            has_tests=bool(facts.originals),
        ),
        updates=updates,
        context=_context(commitment, day),
        timeline=timeline_of(dossier, _runs(commitment, day), updates, day),
    )


def _runs(commitment, day):
    """The first assessment of each run of days with one status, oldest first."""
    rows = list(
        commitment.assessments.filter(starts_on__lte=day)
        .select_related("target__indicator", "target__comparator_indicator", "observation")
        .order_by("starts_on")
    )
    firsts = [row for n, row in enumerate(rows) if n == 0 or row.status != rows[n - 1].status]
    for row in firsts:
        row.commitment = commitment
    return firsts


# --- What is set apart from the status ----------------------------------------------------------


def _updates(commitment, day):
    opened_on = commitment.plan.opened_on
    found = commitment.updates.published().select_related("agency").prefetch_related("evidence")
    return [
        update
        for update in found
        if (update.dated_on <= day if day < opened_on else day_of(update.published_at) <= day)
    ]


def _context(commitment, day):
    """Figures shown as information only: pairs of an indicator and its figures, newest first."""
    indicators = list(commitment.context_indicators.all())
    if not indicators:
        return []
    rows = Observation.objects.published().filter(indicator__in=indicators).order_by("pk")
    rows = rows.prefetch_related("evidence")
    found = defaultdict(list)
    for known in known_rows(rows):
        if known.on(day, commitment.plan.opened_on):
            found[known.row.indicator_id].append(known.row)
    return [
        (
            indicator,
            [
                figure_of(row, indicator, {})
                for row in sorted(found[indicator.pk], key=lambda row: row.period, reverse=True)
            ],
        )
        for indicator in indicators
    ]
