"""What a sheet of commitments with their targets would change."""

from collections import defaultdict
from functools import partial
from types import SimpleNamespace

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.importing.checked import (
    Checked,
    CheckedRow,
    Fate,
    digest,
    field_problems,
    hidden_row,
)
from commitments.importing.columns import (
    Problem,
    Reference,
    match_header,
    problem_at,
    read_row,
    settle,
    table_of,
)
from commitments.importing.constraints import broken
from commitments.importing.promise_columns import (
    AMENDMENT,
    AMENDMENT_NEEDS,
    EMPTY,
    PROMISE,
    PROMISE_NEEDS,
    TARGET,
    TARGET_NEEDS,
    promise_columns,
    promise_values,
    target_values,
    word,
)
from commitments.importing.target_rules import correction_problems, target_problems
from commitments.models import (
    Agency,
    Amendment,
    Commitment,
    Indicator,
    Plan,
    SourceDocument,
    Target,
    Theme,
)
from commitments.models.commitment import misquoted

# A quote that is not there is looked for; that takes milliseconds, so only for so many.
MOST_QUOTES_SOUGHT = 50
# The column of each constraint's message.
PROMISE_CONSTRAINTS = {"commitment_due_year_has_basis": "due_basis"}
TARGET_CONSTRAINTS = {
    "target_has_number": "value",
    "target_zero_is_zero": "value",
    "target_coverage_in_percent": "value",
    "target_class_known": "value",
    "target_standard_if_composite": "standard",
    "target_comparator_complete": "comparator_indicator",
    "target_baseline_complete": "baseline_value",
    "target_amendment_has_reason": "reason_zh",
}
IN_USE = _("The code is in use.")
IN_REVIEW = _("This is in review. It can be changed when it is published or returned.")
CHANGED_SINCE = _("Somebody changed this since the export. Export it again.")
DRAFTED = _("There is a draft of this already. Export it and change that row.")
PUBLIC = _(
    "The promise is public, so only a document changes it. Fill in the amendment's document and "
    "reason in this row."
)
AMENDED = _("An amendment of this promise is not decided yet.")


def check_promises(sheets, *, access, on, hold=False):
    """What some sheets would do to the commitments a person may write, as a `Checked`.

    With `hold`, what would be changed is kept from others until the transaction ends. The queries
    do not grow with the rows. Raises `Unreadable` for a file without rows.
    """
    found = named(access)
    columns = promise_columns(found)
    sheet = table_of(sheets, columns)
    places, problems = match_header(sheet.rows[0], columns)
    check = PromiseCheck(places, access, found)
    rows = [(row, *read_row(row, places)) for row in sheet.rows[1:]]
    check.look_up([values for _row, values, _problems in rows], hold)
    return Checked(problems, [check.row(*each) for each in rows], check.links)


def named(access):
    """The records that cells may name, as the forms offer them."""
    sources = access.visible(SourceDocument.objects.defer("text"))
    originals = access.own(Target.objects.filter(superseded_at=None, amends=None))
    return SimpleNamespace(
        plans=Reference(access.visible(Plan.objects.all())),
        sources=Reference(sources),
        themes=Reference(access.visible(Theme.objects.all())),
        agencies=Reference(Agency.objects.all()),
        indicators=Reference(Indicator.objects.all()),
        originals=Reference(originals),
    )


class PromiseCheck:
    def __init__(self, places, access, names):
        self.access, self.named = access, names
        self.place_of = {column.key: place for place, column in places.items()}
        self.columns = {column.key: column for column in places.values()}
        self.links = []
        # What the first row of each commitment said and came to; rows by their target's code.
        self.first, self.target_rows, self.marks = {}, {}, {}
        self.quotes_sought = 0

    def look_up(self, rows, hold):
        """Read what is on record for the sheet's codes and marks, however many."""
        codes = {values["code"] for values in rows if values.get("code")}
        ids = {values["record"][0] for values in rows if values.get("record")}
        promises = Commitment.objects.prefetch_related("supporting_agencies")
        tests = Target.objects.order_by("pk").select_related("amends")
        if hold:
            promises = promises.select_for_update()
            tests = tests.select_for_update(of=("self",))
        leads = self.access.choices(Commitment._meta.get_field("lead_agency"))
        self.leads = {*leads.values_list("pk", flat=True)}
        self.own = {*self.access.own(Commitment.objects.all()).values_list("pk", flat=True)}
        found = [*promises.filter(Q(code__in=codes) | Q(pk__in=ids & self.own))]
        names = self.named
        settle(
            found,
            plan=names.plans,
            source=names.sources,
            lead_agency=names.agencies,
            theme=names.themes,
        )
        self.promises = {each.code: each for each in found if each.code in codes}
        self.marked = {each.pk: each for each in found if each.pk in ids & self.own}
        codes = {values["target_code"] for values in rows if values.get("target_code")}
        self.tests = defaultdict(list)
        found = [*tests.filter(code__in=codes, superseded_at=None)]
        settle(
            found,
            indicator=names.indicators,
            comparator_indicator=names.indicators,
            document=names.sources,
        )
        for test in found:
            self.tests[test.code].append(test)
        undecided = Amendment.objects.unpublished().filter(commitment__code__in=self.promises)
        self.amended = {*undecided.values_list("commitment", flat=True)}
        sources = {values["source"].pk for values in rows if values.get("source")}
        texts = SourceDocument.objects.filter(pk__in=sources).values_list("pk", "text")
        self.texts = dict(texts)

    def row(self, row, values, problems):
        checked = CheckedRow(row.number, values.get("code") or "", problems=problems)
        at = partial(self.problem, row)
        self.compare_marks(row, values, at, problems)
        promise = self.promise(row, checked, values, at)
        if self.has_target(row):
            checked.name = values.get("target_code") or checked.name
            self.target(row, checked, values, promise, at)
        if row.is_hidden and checked.records:
            problems.append(hidden_row(row.number))
        if problems:
            checked.refuse()
        return checked

    def problem(self, row, name, message):
        if name in self.place_of:
            return problem_at(row, self.place_of[name], self.columns[name], str(message))
        return Problem(str(row.number), "", str(message))

    def compare_marks(self, row, values, at, problems):
        mark = values.get("target_record")
        if mark:
            first = self.marks.setdefault(mark[0], row.number)
            if first != row.number:
                problems.append(
                    at(
                        "target_record",
                        _("This record is already in row %(row)d.") % {"row": first},
                    )
                )

    def has_target(self, row):
        return any(
            row.cell(place) for key, place in self.place_of.items() if key.startswith("target_")
        )

    # --- The commitment --------------------------------------------------------------------------

    def promise(self, row, checked, values, at):
        """Check what a row says of its commitment; returns the record, or None if it has none."""
        code = values.get("code")
        if code is None:
            return None
        given = self.given(values, PROMISE, "")
        if code in self.first:
            return self.repeated(row, checked, given, at)
        self.first[code] = first = SimpleNamespace(
            number=row.number, given={**given}, record=None, to_save=False
        )
        current = self.promises.get(code)
        if current is not None and current.pk not in self.own:
            checked.problems.append(at("code", IN_USE))
            return None
        if current is not None and says_nothing(given):
            first.record = current
            return current
        mark = values.get("record")
        base = self.marked.get(mark[0]) if mark else None
        if base is not None and base.code != code:
            message = _("The exported row had “%(old)s” here; a code is never changed.")
            checked.problems.append(at("code", message % {"old": base.code}))
            return None
        first.record = self.judge_promise(checked, given, current, mark, values, at)
        first.to_save = first.record in checked.records
        return first.record

    def repeated(self, row, checked, given, at):
        """A further row of a commitment says the same of it, or nothing."""
        first = self.first[given["code"]]
        if not says_nothing(given):
            checked.problems += [
                at(
                    name,
                    _("Row %(row)d says otherwise of this commitment.") % {"row": first.number},
                )
                for name, value in given.items()
                if name in first.given and value != first.given[name]
            ]
        return first.record

    def judge_promise(self, checked, given, current, mark, values, at):
        if current is None:
            if mark:
                return self.conflict(checked, _("The exported record is no longer there."))
            return self.new_promise(checked, given, at)
        held = promise_values(current)
        changes = self.changes(held, given, "")
        if not changes or (mark and digest(held | given) == mark[1]):
            return current
        if current.is_published:
            return self.amend(checked, given, current, mark, values, at)
        why = why_not(current, mark, held)
        if why:
            checked.changes += changes
            return self.conflict(checked, why, current)
        said = held | given
        if self.fits_promise(checked, said, at, held["lead_agency"]):
            given |= {"quote_start": said["quote_start"]}
            self.save_promise(checked, current, given)
            checked.fate = Fate.CHANGED
            checked.changes += changes
        return current

    def amend(self, checked, given, current, mark, values, at):
        """Change a public promise by a document, as a proposal that a reviewer decides on."""
        held = promise_values(current)
        said = held | given
        document = {name: values.get(f"amendment_{name}") or "" for name in AMENDMENT}
        differing = [name for name in given if given[name] != held[name]]
        if not all(document[name] for name in AMENDMENT_NEEDS):
            checked.problems += [at(name, PUBLIC) for name in differing]
            return current
        if "plan" in differing:
            checked.problems.append(at("plan", _("A promise stays in its plan.")))
        for name, value in document.items():
            place = partial(self.amendment_problem, at)
            checked.problems += field_problems(Amendment, {name: value}, place)
        if not self.fits_promise(checked, said, at, held["lead_agency"]):
            return current
        checked.changes += self.changes(held, said, "") + self.changes({}, document, "amendment_")
        if current.pk in self.amended or (mark and digest(held) != mark[1]):
            why = AMENDED if current.pk in self.amended else CHANGED_SINCE
            return self.conflict(checked, why, current)
        told = {name: [as_told(held[name]), as_told(said[name])] for name in PROMISE}
        changes = {name: pair for name, pair in told.items() if pair[0] != pair[1]}
        checked.records.append(Amendment(commitment=current, changes=changes, **document))
        checked.fate = Fate.CHANGED
        return current

    def amendment_problem(self, at, name, message):
        return at(f"amendment_{name}", message)

    def new_promise(self, checked, given, at):
        if not self.fits_promise(checked, given, at):
            return None
        checked.fate = Fate.NEW
        checked.changes += self.changes({}, given, "")
        record = Commitment()
        self.save_promise(checked, record, given)
        return record

    def save_promise(self, checked, record, given):
        for name, value in given.items():
            if name == "supporting_agencies":
                self.links.append((record, name, value))
            else:
                setattr(record, name, value)
        checked.records.append(record)

    def fits_promise(self, checked, values, at, led_by=None):
        """Whether a commitment could be saved so; what could not is added to the row's mistakes.

        `led_by` is the agency that led it: an editor may leave it, and choose among their own.
        """
        found = [
            at(name, _("This must not be empty."))
            for name in PROMISE_NEEDS
            if name in self.columns and name in values and values[name] in (None, "")
        ]
        found += field_problems(Commitment, values, at)
        lead = values.get("lead_agency")
        if lead not in (None, led_by) and lead.pk not in self.leads:
            message = _("You do not write for “%(agency)s”.") % {"agency": lead.name}
            found.append(at("lead_agency", message))
        plan, source = values.get("plan"), values.get("source")
        if plan is not None and source is not None and source.plan_id != plan.pk:
            found.append(at("source", _("This source belongs to another plan.")))
        elif source is not None and values.get("quote"):
            found += self.quote_problems(values, at)
        plain = {name: value for name, value in values.items() if name != "supporting_agencies"}
        if not found and self.is_whole(values, PROMISE, ""):
            record = Commitment(**plain)
            found += [
                at(PROMISE_CONSTRAINTS[name], message)
                for name, message in broken(record, PROMISE_CONSTRAINTS)
            ]
        checked.problems += found
        return not checked.problems

    def is_whole(self, values, names, prefix):
        """Whether every cell of some columns could be read: half a record is not judged."""
        return all(name in values for name in names if prefix + name in self.columns)

    def quote_problems(self, values, at):
        """The quote is an exact slice of its source; an only place need not be given."""
        text, quote = self.texts[values["source"].pk], values["quote"]
        start = values.get("quote_start")
        if start is None and text.count(quote) == 1:
            values["quote_start"] = start = text.index(quote)
        if start is not None and text[start : start + len(quote)] == quote:
            return
        if start is None and quote in text:
            yield at("quote_start", _("The words occur several times. Write which place is meant."))
            return
        self.quotes_sought += 1
        if self.quotes_sought > MOST_QUOTES_SOUGHT:
            yield at("quote", _("The quote is not in the source at this place."))
            return
        error = misquoted(text, quote)
        yield at("quote", ValidationError(error.message, params=error.params).messages[0])

    # --- The target ----------------------------------------------------------------------------

    def target(self, row, checked, values, promise, at):
        given = self.given(values, TARGET, "target_")
        at = partial(self.target_problem, at)
        checked.problems += [
            at(name, _("This must not be empty."))
            for name in TARGET_NEEDS
            if f"target_{name}" in self.columns and name in given and given[name] is None
        ]
        checked.problems += self.unit_problems(values, given, at)
        code = given.get("code")
        if code is None:
            return
        first = self.target_rows.setdefault(code, row.number)
        if first != row.number:
            message = _("The code %(code)s is already in row %(row)d.")
            checked.problems.append(at("code", message % {"code": code, "row": first}))
            return
        versions = self.tests[code]
        if any(each.commitment_id not in self.own for each in versions):
            checked.problems.append(at("code", IN_USE))
        elif any(promise is not None and each.commitment_id != promise.pk for each in versions):
            checked.problems.append(at("code", _("This target belongs to another commitment.")))
        elif checked.problems or promise is None:
            # Nothing will come of the row, but all that is wrong with it is said at once.
            held = target_values(versions[0]) if versions else {}
            self.fits_target(checked, held | given, promise, at, live_of(versions))
        else:
            self.judge_target(checked, given, versions, values.get("target_record"), promise, at)

    def target_problem(self, at, name, message):
        return at(f"target_{name}", message)

    def unit_problems(self, values, given, at):
        indicator = given.get("indicator")
        if indicator is None or "target_unit" not in values:
            return
        units = (indicator.unit_zh, indicator.unit_en)
        if given.get("value") is None and not values["target_unit"]:
            return
        if (values["target_unit"] or "") not in units:
            message = _("The figure is counted in “%(unit)s”. Write that, and the value in it.")
            if not any(units):
                message = _("The indicator has no unit. Leave this empty.")
            yield at("unit", message % {"unit": indicator.unit})

    def judge_target(self, checked, given, versions, mark, promise, at):
        if checked.fate is Fate.CONFLICT:
            return
        drafts = [each for each in versions if not each.is_published]
        current = next(iter(drafts or versions), None)
        if current is None:
            if mark:
                self.conflict(checked, _("The exported record is no longer there."))
            elif self.fits_target(checked, given, promise, at):
                checked.records.append(self.made(given, promise))
                checked.changes += self.changes({}, given, "target_")
                checked.fate = Fate.NEW
                self.hand_in(checked, promise)
            return
        held = target_values(current)
        changes = self.changes(held, given, "target_")
        if not changes or (mark and digest(held | given) == mark[1]):
            return
        why = why_not(current, mark, held)
        if why:
            checked.changes += changes
            self.conflict(checked, why)
        elif self.fits_target(checked, held | given, promise, at, live_of(versions)):
            # What is public is corrected by a new row, a draft is changed in place.
            record = self.made(held, promise) if current.is_published else current
            for name, value in given.items():
                setattr(record, name, value)
            checked.records.append(record)
            checked.changes += changes
            checked.fate = Fate.NEW if checked.fate is Fate.NEW else Fate.CHANGED
            self.hand_in(checked, promise)

    def made(self, values, promise):
        return Target(commitment=promise, **values)

    def hand_in(self, checked, promise):
        """A test goes to the reviewers with its commitment, if that is still a draft."""
        first = self.first[promise.code]
        if promise.pk is not None and promise.is_in_hand and not first.to_save:
            checked.records.insert(0, promise)
        first.to_save = True

    def fits_target(self, checked, values, promise, at, public=None):
        """Whether a target could be saved so, in place of the public one if there is one."""
        texts = {name: value for name, value in values.items() if isinstance(value, str)}
        found = [*field_problems(Target, texts, at)]
        problems = [*target_problems(values, commitment=promise)]
        if public is not None:
            problems += correction_problems(public, values)
        found += [at(name, error.messages[0]) for name, error in problems]
        if not found and self.is_whole(values, TARGET, "target_") and fills(values):
            record = self.made(values, promise)
            found += [
                at(TARGET_CONSTRAINTS[name], message)
                for name, message in broken(record, TARGET_CONSTRAINTS)
            ]
        checked.problems += found
        return not checked.problems

    # --- What both share -----------------------------------------------------------------------

    def given(self, values, names, prefix):
        """What a row says, by the fields; a cell that could not be read is not among it."""
        return {
            name: EMPTY.get(name) if values[prefix + name] is None else values[prefix + name]
            for name in names
            if prefix + name in values
        }

    def changes(self, held, given, prefix):
        return [
            [
                str(self.columns[prefix + name].heading),
                word(name, held.get(name)),
                word(name, value),
            ]
            for name, value in given.items()
            if prefix + name in self.columns
            and value != held.get(name, EMPTY.get(name))
            and prefix + name != "code"
        ]

    def conflict(self, checked, why, record=None):
        checked.fate, checked.why, checked.records = Fate.CONFLICT, str(why), []
        return record


def live_of(versions):
    return next((each for each in versions if each.is_published), None)


def fills(target):
    return all(target[name] is not None for name in TARGET_NEEDS)


def says_nothing(given):
    """Whether a row has nothing of its commitment but the code."""
    return all(value == EMPTY.get(name) for name, value in given.items() if name != "code")


def as_told(value):
    """A value in the form in which an amendment keeps it: other records by their codes."""
    if isinstance(value, list):
        return [each.code for each in value]
    return getattr(value, "code", value)


def why_not(current, mark, held):
    """Why a row may not change the record; empty when it may."""
    if current.is_in_review:
        return IN_REVIEW
    if mark is None:
        return "" if current.is_published else DRAFTED
    return "" if digest(held) == mark[1] and current.pk == mark[0] else CHANGED_SINCE
