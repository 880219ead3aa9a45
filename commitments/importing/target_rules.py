"""What a target must fit beside its own cells: one set of rules for the form and for a file."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from commitments.domain.kinds import Kind
from commitments.domain.periods import Period
from commitments.models import Indicator


def target_problems(values, *, commitment=None):
    """Yields (field, ValidationError) for what does not fit.

    `values` are a target's, by field; one that is missing or None is not known.
    """
    yield from scale_problems(values.get("indicator"), values.get("kind"))
    yield from comparator_problems(values)
    yield from amends_problems(values.get("amends"), values.get("code"), commitment)
    yield from interim_problems(values.get("interim") or [], values.get("due_period"))
    first, last = values.get("valid_from"), values.get("valid_until")
    if first and last and last < first:
        yield refusal("valid_until", _("The last day must not come before the first."))


# What a target tests. A public one changes by a document; a misreading of it, for a told reason.
TESTED = (
    "indicator",
    "kind",
    "value",
    "standard",
    "comparator_indicator",
    "baseline_period",
    "baseline_value",
    "first_period",
    "due_period",
    "interim",
)


def correction_problems(public, values):
    """Yields what does not fit a row that would replace a public target, by (field, error)."""
    is_another_test = any(
        name in values and values[name] != getattr(public, name) for name in TESTED
    )
    if is_another_test and values.get("reason_zh", "") in ("", public.reason_zh):
        yield refusal(
            "reason_zh",
            _(
                "The public knows this test. Write how it was entered wrongly; if a new document "
                "changed it, amend it by that document instead."
            ),
        )


def scale_problems(indicator, kind):
    if indicator is None or not kind:
        return
    is_class = indicator.scale == Indicator.Scale.WATER_CLASS
    if (kind == Kind.CLASS_AT_OR_BETTER) != is_class:
        yield refusal(
            "kind",
            _("A test of a quality class goes with an indicator of water classes only."),
        )


def comparator_problems(values):
    indicator, other = values.get("indicator"), values.get("comparator_indicator")
    first, due = values.get("first_period"), values.get("due_period")
    if indicator is not None and other is not None:
        if indicator.pk == other.pk:
            yield refusal("comparator_indicator", _("Choose another indicator to compare with."))
        elif indicator.frequency != other.frequency:
            yield refusal(
                "comparator_indicator", _("The two indicators are not reported equally often.")
            )
    if first is not None and due is not None and (first.parts != due.parts or first > due):
        yield refusal(
            "first_period",
            _("The first period must be as long as the due period, and not after it."),
        )


def amends_problems(original, code, commitment):
    if original is None or commitment is None:
        return
    if original.commitment_id != commitment.pk:
        yield refusal("amends", _("This target belongs to another commitment."))
    elif original.code == code:
        yield refusal("code", _("An amendment has a code of its own."))


def interim_problems(interim, due):
    points = [Period.parse(period) for period, _number in interim]
    if len({period.end_month for period in points}) != len(points):
        yield refusal("interim", _("Two interim targets end on the same day."))
    elif due is not None and any(period.end_month >= due.end_month for period in points):
        yield refusal("interim", _("An interim target comes before the due period."))


def refusal(field, message):
    return field, ValidationError(message)
