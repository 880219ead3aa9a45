"""The facts of a promise as entries of its timeline, as far as they were known on a day.

A fact is dated by the day it became known here, and where that is before the plan was opened, by
the day its source made it known: as `changes` does for a whole plan.
"""

from dataclasses import replace
from functools import cached_property

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from commitments import formats, sentences
from commitments.changes import in_words, step_word
from commitments.detail.entries import Entry, Line, What
from commitments.differences import amended
from commitments.domain.amendment import amendment_flag
from commitments.domain.status import Status
from commitments.facts import day_of, domain_target
from commitments.labels import FLAG

# An agency's words are read in full in their own section.
LONGEST_EXCERPT = 120


class Telling:
    """The facts of a dossier as entries, as far as they were known on a day."""

    def __init__(self, dossier, day):
        self.dossier, self.day = dossier, day
        self.commitment, self.opened_on = dossier.commitment, dossier.opened_on
        self.source = self.commitment.source
        shown = day_of(self.commitment.published_at)
        self.first_day = self.source.published_on if shown <= self.opened_on else shown
        self.withdrawn_on = self.commitment.withdrawn_on

    def dated(self, shown, told):
        if self.day < self.opened_on or shown <= self.opened_on:
            return told
        return shown

    def known(self, facts):
        """Pairs (known, day) of those known by the day, and not before the promise itself."""
        for known in facts:
            is_early = self.day < self.opened_on
            if (known.told_from if is_early else known.shown_from) > self.day:
                continue
            on = self.dated(known.shown_from, known.told_from)
            if self.first_day <= on <= self.day:
                yield known, on

    def replaced_on(self, known):
        on = self.dated(known.shown_until, known.told_until)
        return on if on <= self.day else None

    # --- How it began ---------------------------------------------------------------------------

    def beginnings(self):
        plan, source = self.commitment.plan, self.source
        if plan.adopted_on != source.published_on:
            yield Entry(plan.adopted_on, What.ADOPTED, text=plan.title)
        publisher = Line(source.title, source=source.publisher, url=source.url)
        yield Entry(source.published_on, What.PROMISED, [publisher])
        if source.published_on < self.opened_on <= self.day:
            yield Entry(self.opened_on, What.OPENED)
        if self.first_day > self.opened_on:
            yield Entry(self.first_day, What.ADDED)

    def amendments(self):
        """Changes of the promise's own fields: what it said, what it says, by which document."""
        for amendment in self.dossier.amendments:
            on = day_of(amendment.published_at)
            if on <= self.day:
                named = {"source": amendment.document, "url": amendment.document_url}
                lines = [
                    Line(each.after or "–", each.name, each.before or "–", **named)
                    for each in amended(amendment)
                ]
                yield Entry(on, What.AMENDED, lines, text=amendment.reason)

    # --- Facts ----------------------------------------------------------------------------------

    def tests(self):
        rows = {known.row.pk: known.row for known in self.dossier.targets}
        before = {row.replaced_by_id: row for row in rows.values() if row.replaced_by_id}
        found = {}
        for known, on in self.known(self.dossier.targets):
            row = known.row
            text, document = sentences.test_in_words(row), row.document
            # The promise's own source stands in its own entry.
            named = [document.title, document.url] if document != self.source else []
            line = Line(text, "", "", self.replaced_on(known), *named)
            if row.pk in before:
                line = replace(line, before=sentences.test_in_words(before[row.pk]))
                word = _("Test corrected here")
                yield Entry(on, What.CORRECTED, [line], text=row.reason, word=word)
            elif row.amends_id:
                original = rows[row.amends_id]
                flag = amendment_flag(domain_target(original), domain_target(row))
                line = replace(line, before=sentences.test_in_words(original))
                yield Entry(on, What.CHANGED, [line], text=row.reason, word=FLAG.get(flag, ""))
            else:
                found.setdefault(on, Entry(on, What.TEST)).lines.append(line)
        yield from found.values()

    def figures(self):
        """Figures of one day are one entry; what corrects or makes final another is not."""
        found = {}
        for indicator, facts in self.dossier.observations.items():
            before = {known.row.replaced_by_id: known.row for known in facts}
            for known in facts:
                known.row.indicator = self.indicators[indicator]
            for known, on in self.known(facts):
                row, earlier = known.row, before.get(known.row.pk)
                what = kind_of_figure(row, earlier)
                entry = found.setdefault((on, what), Entry(on, what))
                told = in_words(row)
                line = Line(
                    told.text,
                    f"{told.name} · {formats.period_label(row.period)}",
                    in_words(earlier).text if earlier else "",
                    self.replaced_on(known),
                    row.source,
                    row.source_link,
                )
                entry.lines.append(line)
        return found.values()

    @cached_property
    def indicators(self):
        own = {known.row.indicator_id: known.row.indicator for known in self.dossier.targets}
        other = {
            known.row.comparator_indicator_id: known.row.comparator_indicator
            for known in self.dossier.targets
        }
        return other | own

    def steps(self):
        before = {
            known.row.replaced_by_id: known.row
            for known in self.dossier.milestones
            if known.row.replaced_by_id
        }
        rows = {known.row.pk: known.row for known in self.dossier.milestones}
        found = {}
        for known, on in self.known(self.dossier.milestones):
            row, earlier = known.row, before.get(known.row.pk)
            later = rows.get(row.replaced_by_id)
            # That a step was done has a row of its own; the date that was set still stands.
            is_kept = later is not None and later.done_on and later.due_on == row.due_on
            ends = None if is_kept else self.replaced_on(known)
            line = Line(step_word(row), row.title, "", ends, row.source, row.source_url)
            if row.done_on:
                yield Entry(on, What.DONE, [line])
            elif earlier:
                line = replace(line, before=step_word(earlier))
                yield Entry(on, What.CORRECTED, [line], word=_("Step corrected here"))
            else:
                found.setdefault(on, Entry(on, What.STEPS)).lines.append(line)
        yield from found.values()

    def words(self, updates):
        for update in updates:
            on = self.dated(day_of(update.published_at), update.dated_on)
            text = Truncator(update.text).chars(LONGEST_EXCERPT)
            yield Entry(
                on, What.SAID, [Line(text)], text=update.agency.name, url=f"#update-{update.code}"
            )

    def statuses(self, runs):
        """Where no fact became known or ceased on the day, a date brought the status about."""
        facts = [*self.dossier.targets, *self.dossier.milestones]
        facts += [known for found in self.dossier.observations.values() for known in found]
        moved = {self.opened_on, *(on for known in facts for on in known.days)}
        earlier = None
        for row in runs:
            is_withdrawn = row.outcome is Status.WITHDRAWN
            on = row.starts_on
            text = sentences.sentence(row)
            if earlier and not is_withdrawn and on not in moved:
                text = _("A date passed. %(sentence)s") % {"sentence": text}
            yield Entry(
                on,
                What.WITHDRAWN if is_withdrawn else What.STATUS,
                text=text,
                url=self.commitment.withdrawn_url if is_withdrawn else "",
                status=row.outcome,
                was=earlier,
            )
            earlier = row.outcome

    # --- Dates ----------------------------------------------------------------------------------

    def due(self):
        """The due dates of what is asked for on the day, past and to come."""
        found = {}
        for known in self.dossier.targets:
            row = known.row
            if known.on(self.day, self.opened_on) and self.counts(row.due_period.ends_on):
                on = row.due_period.ends_on
                line = Line(sentences.test_in_words(row))
                found.setdefault(on, Entry(on, What.DUE)).lines.append(line)
        yield from found.values()
        for known in self.dossier.milestones:
            row = known.row
            is_open = known.on(self.day, self.opened_on) and not (
                row.done_on and row.done_on <= row.due_on
            )
            if is_open and self.counts(row.due_on):
                what = What.OVERDUE if row.due_on < self.day else What.DUE
                yield Entry(row.due_on, what, [Line(row.title)])

    def counts(self, on):
        """Whether a date still meant something: the promise was there and not withdrawn."""
        return self.first_day <= on and not (
            self.withdrawn_on and self.withdrawn_on <= min(on, self.day)
        )


def kind_of_figure(row, earlier):
    if earlier is None:
        return What.PROVISIONAL if row.is_provisional else What.FIGURE
    was_provisional = earlier.is_provisional and not row.is_provisional
    return What.FINAL if was_provisional else What.CORRECTED
