"""Loading a plan from checked plan files: all of it or nothing, and nothing twice."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.actions.assessing import reassess
from commitments.actions.history import stored, write
from commitments.actions.publishing import slot
from commitments.domain.standards import STANDARDS
from commitments.facts import domain_target, told_on
from commitments.importing.plan_files import PlanRefused
from commitments.models import (
    Agency,
    Commitment,
    Entry,
    Indicator,
    Milestone,
    Observation,
    Plan,
    SourceDocument,
    Target,
    Theme,
    UntrackedPassage,
    Update,
)
from commitments.models.source_document import sha256_of
from commitments.models.workflow import State

MODELS = {
    "agencies": Agency,
    "themes": Theme,
    "indicators": Indicator,
    "sources": SourceDocument,
    "commitments": Commitment,
    "passages": UntrackedPassage,
    "targets": Target,
    "milestones": Milestone,
    "observations": Observation,
    "updates": Update,
}
REFERENCES = {
    "source": SourceDocument,
    "document": SourceDocument,
    "lead_agency": Agency,
    "supporting_agencies": Agency,
    "agency": Agency,
    "theme": Theme,
    "indicator": Indicator,
    "comparator_indicator": Indicator,
    "context_indicators": Indicator,
    "commitment": Commitment,
    "amends": Target,
}
MANY = ("supporting_agencies", "context_indicators")
FACTS = (Target, Milestone, Observation)
# What a step was before its source said that it was done.
NOT_DONE = {
    "done_on": None,
    "done_published_on": None,
    "source_zh": "",
    "source_en": "",
    "source_url": "",
}
NOT_FIELDS = ("text_file", "sha256", "corrects")


@dataclass
class Loaded:
    """What loading did: counts of rows added, changed and unchanged."""

    plan: Plan
    counts: Counter = field(default_factory=Counter)


@transaction.atomic
def load_plan(files, *, by, at):
    """Load the plan of some `PlanFiles` and publish it; returns a `Loaded`.

    Rows are known by their code, observations by indicator, item, period, source kind and
    definition. A fact that differs from every version on record is added as a correction.
    Raises `PlanRefused` with every mistake of the files, having changed nothing.
    """
    if len(files.rows.get("plan", ())) != 1 or any(p.file == "plan.csv" for p in files.problems):
        raise PlanRefused(files.problems)
    loading = Loading(files, by, at)
    loading.run()
    if files.problems:
        raise PlanRefused(files.problems)
    write(loading.before, loading.written, by=by, at=at, action=Entry.Action.LOADED)
    plan = loading.plan
    plan.files_sha256 = files.sha256
    plan.save(update_fields=["files_sha256"])
    if loading.counts["added"] or loading.counts["changed"]:
        indicators = loading.known[Indicator].values()
        reassess(
            Commitment.objects.published()
            .filter(Q(plan=plan) | Q(targets__indicator__in=indicators))
            .distinct()
        )
    return Loaded(plan, loading.counts)


class Loading:
    def __init__(self, files, by, at):
        self.files, self.by, self.at = files, by, at
        self.counts = Counter()
        self.plan = None
        # For the history: the rows as they were, and the records written.
        self.before, self.written = {}, []
        # Every object by model and code, and the codes of rows that were refused: what refers to
        # a refused row is not complained of again.
        self.known = {model: {} for model in {*MODELS.values()}}
        self.refused = {model: set() for model in {*MODELS.values()}}
        self.texts = {
            row.values.get("code"): row.values.get("text") for row in files.rows["sources"]
        }

    def run(self):
        self.load_the_plan()
        if self.plan is None:
            return
        for noun, model in MODELS.items():
            self.refuse_repeated_codes(noun)
            for row in self.files.rows[noun]:
                self.load(row, model)
        if not self.files.problems:
            self.plan.agencies.set(self.known[Agency].values())

    def load_the_plan(self):
        [row] = self.files.rows["plan"]
        values = dict(row.values)
        if values["opened_on"] and not values["is_fictional"]:
            self.files.complain(
                row,
                "opened_on",
                _("Only a fictional plan may say when it was opened; leave this empty."),
            )
        plan = Plan.objects.filter(code=values["code"]).first()
        if not values["is_fictional"]:
            values["opened_on"] = plan.opened_on if plan else timezone.localdate(self.at)
        self.plan = self.keep(row, Plan, plan, values)

    def refuse_repeated_codes(self, noun):
        first = {}
        for row in self.files.rows[noun]:
            code = row.values.get("code")
            if code is None:
                continue
            if code in first:
                self.files.complain(
                    row,
                    "code",
                    _("The code %(code)s is already in row %(row)d.")
                    % {"code": code, "row": first[code]},
                )
            first.setdefault(code, row.number)

    def load(self, row, model):
        problems_before = len(self.files.problems)
        values, leans_on_refused = self.resolved(row)
        if model is Commitment or model is SourceDocument:
            values["plan"] = self.plan
        if model is SourceDocument and "text" in values:
            values["sha256"] = sha256_of(values["text"])
        if model is Target:
            values["interim"] = list(values.get("interim", ()))
        if model is Target and values.get("standard") and values["standard"] not in STANDARDS:
            self.files.complain(
                row,
                "standard",
                _("This standard is not known. Known: %(known)s.")
                % {"known": ", ".join(STANDARDS)},
            )
        code = row.values.get("code")
        if leans_on_refused or len(self.files.problems) > problems_before or self.is_broken(row):
            if model is Commitment:
                self.check_quote(row)
            self.refused[model].add(code)
            return
        found = (
            self.load_fact(row, model, values)
            if model in FACTS
            else self.load_record(row, model, values)
        )
        if len(self.files.problems) > problems_before:
            self.refused[model].add(code)
        elif code:
            self.known[model][code] = found

    def check_quote(self, row):
        """The quote of a row that is refused for something else, so both are named at once."""
        values = row.values
        text = self.texts.get(values.get("source"))
        if text is None or "quote" not in values or "quote_start" not in values:
            return
        place = Commitment(
            source=SourceDocument(text=text),
            quote=values["quote"],
            quote_start=values["quote_start"],
        )
        try:
            place.check_quote()
        except ValidationError as error:
            self.files.complain(row, "quote", error.messages[0])

    def is_broken(self, row):
        """Whether a reader already complained of this row, or of its file's header."""
        return any(
            problem.file == row.file and problem.row in (None, 1, row.number)
            for problem in self.files.problems
        )

    def resolved(self, row):
        """The row's values with objects for codes, and whether it refers to a refused row."""
        values = {name: value for name, value in row.values.items() if name not in NOT_FIELDS}
        leans_on_refused = False
        for name, model in REFERENCES.items():
            if name not in values or not values[name]:
                continue
            wanted = values[name] if name in MANY else [values[name]]
            leans_on_refused |= any(code in self.refused[model] for code in wanted)
            found = [self.look_up(row, name, model, code) for code in wanted]
            values[name] = found if name in MANY else found[0]
        return values, leans_on_refused

    def look_up(self, row, name, model, code):
        if code in self.known[model]:
            return self.known[model][code]
        # Bodies, areas and measures may be shared with a plan loaded before.
        found = (
            model.objects.filter(code=code).first() if model in (Agency, Theme, Indicator) else None
        )
        if found is None and code not in self.refused[model]:
            self.files.complain(
                row, name, _("There is no “%(code)s” in the files.") % {"code": code}
            )
        return found

    def load_record(self, row, model, values):
        existing = model.objects.filter(code=values["code"]).first()
        if existing is not None and getattr(existing, "plan", self.plan) != self.plan:
            self.files.complain(
                row,
                "code",
                _("The code %(code)s belongs to another plan.") % {"code": values["code"]},
            )
            return None
        return self.keep(row, model, existing, values)

    def keep(self, row, model, existing, values):
        """Save a record that describes: added if new, changed in place if it differs."""
        many = {name: values.pop(name) for name in MANY if name in values}
        if existing is not None:
            self.before |= stored([existing])
        record = existing or model(**values)
        differing = [name for name, value in values.items() if getattr(record, name) != value]
        for name in differing:
            setattr(record, name, values[name])
        self.publish(record, self.plan)
        if not self.is_valid(row, record):
            return None
        if existing is None or differing:
            record.save()
        for name, objects in many.items():
            held = getattr(record, name)
            if set(held.all()) != set(objects):
                held.set(objects)
                differing.append(name)
        added_or_changed = "changed" if differing else "unchanged"
        self.counts["added" if existing is None else added_or_changed] += 1
        self.written.append(record)
        return record

    def load_fact(self, row, model, values):
        """Add a fact, or a correction of one; what is on record already is left alone."""
        record = model(**values)
        versions = list(model.objects.published().filter(**slot(record)).order_by("pk"))
        for version in versions:
            if all(getattr(version, name) == value for name, value in values.items()):
                self.counts["unchanged"] += 1
                return version
        live = versions[-1] if versions else None
        if model is Observation and (live is not None) != row.values["corrects"]:
            message = (
                _("There is another figure for this period. To correct it, write “yes”.")
                if live is not None
                else _("There is no earlier figure to correct for this period.")
            )
            self.files.complain(row, "corrects", message)
            return None
        record.created_at, record.created_by = self.at, self.by
        if not self.is_valid(row, record):
            return None
        if model is Milestone and record.done_on and live is None:
            # A file has one row a step, but the step was promised before it was done.
            live = self.add_fact(model(**values | NOT_DONE))
        self.counts["changed" if versions else "added"] += 1
        return self.add_fact(record, live)

    def add_fact(self, record, live=None):
        """Publish a fact in place of the version that is live."""
        model = type(record)
        record.created_at, record.created_by = self.at, self.by
        record.save()
        moment = self.moment(told_on(record))
        if live is not None:
            moment = max(moment, live.published_at)
            self.before |= stored([live])
            model.objects.filter(pk=live.pk).update(superseded_at=moment, replaced_by=record)
        self.publish(record, self.plan, moment)
        record.save()
        self.written.append(record)
        return record

    def publish(self, record, plan, moment=None):
        if not hasattr(record, "state") or record.state == State.PUBLISHED:
            return
        if record.created_at is None:
            record.created_at, record.created_by = self.at, self.by
        record.state, record.published_by = State.PUBLISHED, self.by
        # An agency's words were not here before it said them.
        said_on = record.dated_on if isinstance(record, Update) else plan.opened_on
        record.published_at = moment or self.moment(said_on)

    def moment(self, day):
        """When a fact was published here: now, but in a fictional plan when its story says so."""
        if not self.plan.is_fictional:
            return self.at
        day = max(day, self.plan.opened_on)
        return timezone.make_aware(dt.datetime.combine(day, dt.time(9)))

    def is_valid(self, row, record):
        """Check a record by the model's own rules, as a form would."""
        try:
            record.full_clean(validate_unique=False)
        except ValidationError as error:
            columns = row.values
            for name, messages in error.message_dict.items():
                for message in messages:
                    shown = name if name in columns and name != NON_FIELD_ERRORS else ""
                    self.files.complain(row, shown, message)
            return False
        if isinstance(record, Target):
            return self.can_be_tested(row, record)
        return True

    def can_be_tested(self, row, target):
        """Whether the rule itself accepts a target: periods in order, interim points apart."""
        try:
            domain_target(target)
        except ValueError as error:
            self.files.complain(
                row, "", _("The rule cannot test this target: %(error)s") % {"error": error}
            )
            return False
        return True
