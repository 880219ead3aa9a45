"""What makes a promise testable: the six things a test needs, stated or missing."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from commitments.domain.kinds import Kind
from commitments.domain.periods import Period
from commitments.domain.standards import standard
from commitments.formats import chosen, day, period_end, period_in_text, quantity_in_text
from commitments.sentences.limits import comparator, limit

NAME = {
    "number": pgettext_lazy("a test needs", "Number"),
    "unit": pgettext_lazy("a test needs", "Unit"),
    "date": pgettext_lazy("a test needs", "Date"),
    "definition": pgettext_lazy("a test needs", "Definition"),
    "baseline": pgettext_lazy("a test needs", "Starting point"),
    "source": pgettext_lazy("a test needs", "Source of figures"),
}
MISSING = {
    "number": gettext_lazy("a number to reach"),
    "unit": gettext_lazy("a unit"),
    "date": gettext_lazy("a date"),
    "definition": gettext_lazy("a definition of what is measured"),
    "baseline": gettext_lazy("a starting point"),
    "source": gettext_lazy("a source of figures"),
}
NOT_STATED = gettext_lazy("not stated")
# Nothing starts from anywhere: each period or item stands for itself.
WITHOUT_BASELINE = (Kind.ABOVE_COMPARATOR, Kind.COMPOSITE)


@dataclass(frozen=True)
class Measure:
    """One thing a test needs: what the documents say of it, and whether it is missing."""

    code: str
    text: str
    is_missing: bool = False
    # The indicator and its field, where the text is one that people wrote in one language or two.
    written: tuple | None = None

    @property
    def name(self):
        return NAME[self.code]

    @property
    def lacking(self):
        """What is missing, as a sentence names it: a number to reach."""
        return str(MISSING[self.code])


def measures(target, used=None):
    """What a target has. `used` is the baseline the rule took where the document states none."""
    indicator = target.indicator
    return [
        Measure("number", number(target)),
        stated_or_missing("unit", unit(target)),
        Measure("date", f"{period_end(target.due_period)} · {target.get_due_basis_display()}"),
        written_or_missing("definition", indicator, "definition"),
        baseline(target, used),
        written_or_missing("source", indicator, "data_source"),
    ]


def stated_or_missing(code, text):
    return Measure(code, text) if text else Measure(code, str(NOT_STATED), is_missing=True)


def written_or_missing(code, indicator, name):
    text = getattr(indicator, name)
    return Measure(code, text, written=(indicator, name)) if text else stated_or_missing(code, "")


def number(target):
    kind = Kind(target.kind)
    if kind is Kind.COMPOSITE:
        found = standard(target.standard)
        words = {"standard": chosen(found.name_zh, found.name_en), "count": len(found.items)}
        return _("the limits of %(standard)s, %(count)s items") % words
    if kind is Kind.ABOVE_COMPARATOR:
        return _("the figure of the other side: %(name)s") % {"name": comparator(target)}
    return limit(target)


def unit(target):
    indicator = target.indicator
    if indicator.scale == indicator.Scale.WATER_CLASS:
        return _("water quality class")
    if target.kind == Kind.COMPOSITE and not indicator.unit:
        return _("each item has its own")
    if indicator.unit.startswith(":"):
        return _("a ratio to one")
    return indicator.unit


def baseline(target, used):
    if target.baseline_period is not None:
        value = quantity_in_text(target.baseline_value, target.indicator)
        return Measure("baseline", f"{period_in_text(target.baseline_period)} · {value}")
    if Kind(target.kind) in WITHOUT_BASELINE:
        return Measure("baseline", _("not needed by this kind of test"))
    if used is None:
        return stated_or_missing("baseline", "")
    words = {
        "period": period_in_text(used.period),
        "value": quantity_in_text(used.value, target.indicator),
    }
    text = _("not stated; the figure for %(period)s, %(value)s, stands in") % words
    return Measure("baseline", text, is_missing=True)


def measures_of_steps(steps):
    """What a promise of dated steps has."""
    last = max(step.due_on for step in steps)
    needless = _("not needed by this kind of test")
    return [
        Measure("number", _("%(count)s steps, done or not") % {"count": len(steps)}),
        Measure("unit", needless),
        Measure("date", _("a day for each step, the last %(day)s") % {"day": day(last)}),
        Measure("definition", _("each step names what is to be done")),
        Measure("baseline", needless),
        Measure("source", _("named with each step that is done")),
    ]


def measures_of_words(commitment, due):
    """What a promise without a test has: at most a date. `due` is its year as a period, or None."""
    found = [stated_or_missing(code, "") for code in NAME]
    if due is None:
        return found
    date = f"{period_end(due)} · {commitment.get_due_basis_display()}"
    return [Measure("date", date) if each.code == "date" else each for each in found]


def measures_of_promise(commitment, steps, *, has_tests):
    """What a promise has beside its targets, each of which says it for itself."""
    if steps:
        return measures_of_steps(steps)
    if has_tests:
        return []
    due = Period(commitment.due_year) if commitment.due_year else None
    return measures_of_words(commitment, due)
