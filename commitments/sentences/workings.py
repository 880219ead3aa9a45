"""Why this status: the test, the figures and the arithmetic, so that anyone can redo it."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from commitments.domain.exact import EXACT
from commitments.domain.kinds import Kind
from commitments.domain.pace import BEHIND_FROM, ON_TRACK_FROM
from commitments.domain.periods import Period
from commitments.formats import Together, cut, day, difference, share
from commitments.sentences.limits import number_of, test_in_words
from commitments.sentences.told import Told


def workings(assessment):
    """Lines (label, text) of how an assessment came about; only what the rule used is shown."""
    told = Told(assessment)
    lines = []
    if told.target is not None:
        lines.append((_("Test"), test_in_words(told.target)))
        lines += [line for make in LINES for line in make(told)]
    return [*lines, (_("Rule"), rule(told))]


def rule(told):
    words = {"rule": told.details["rule"], "version": told.row.rule_version}
    if told.target is not None and is_composite(told):
        return (
            _("each item by the decision list, then all together; rule version %(version)s") % words
        )
    return _("step %(rule)s of the decision list, rule version %(version)s") % words


def figures(told):
    """The baseline and the figure judged; of a standard, those of its worst item."""
    if is_composite(told) and not told.items.failed:
        return
    if "baseline" in told.details:
        text = _("%(value)s in %(period)s") % {
            "value": told.baseline,
            "period": told.baseline_period,
        }
        yield _("Starting point"), text
    if told.observation is not None:
        yield _("Figure judged"), figure(told)


def figure(told):
    words = {"period": told.figure_period, "day": day(told.observation.published_on)}
    if is_composite(told):
        words["value"] = f"{told.items.name} {told.items.value}"
    else:
        words["value"] = told.value
    if told.observation.is_provisional:
        return _("%(value)s for %(period)s, provisional, published on %(day)s") % words
    return _("%(value)s for %(period)s, published on %(day)s") % words


def distance(told):
    """The signed margin: zero or more means met."""
    if "margin" not in told.details or told.observation is None:
        return
    margin = Decimal(told.details["margin"])
    if is_composite(told):
        yield _("Smallest margin of an item"), share(margin, 1)
        return
    if told.target.kind == Kind.CLASS_AT_OR_BETTER:
        return
    yield _("Margin"), subtraction(told, margin)


def subtraction(told, margin):
    value = told.observation.value
    kind = Kind(told.target.kind)
    limit = EXACT.subtract(value, margin)
    parts = [value, limit]
    if kind in (Kind.AT_MOST, Kind.RATIO, Kind.ZERO):
        parts = [number_of(told.target), value]
    sign = _("met above 0") if kind is Kind.ABOVE_COMPARATOR else _("met from 0 up")
    written = Together(told.target.indicator.unit, parts)
    return pgettext("arithmetic", "%(sum)s = %(result)s (%(sign)s)") % {
        "sum": " − ".join(bracketed(part, written) for part in parts),
        "result": signed_difference(margin, told.target.indicator, written),
        "sign": sign,
    }


def bracketed(value, written):
    return f"({written.number(value)})" if value < 0 else written.number(value)


def signed_difference(margin, indicator, written):
    text = difference(abs(margin), indicator)
    if written.unit != indicator.unit:
        # By the same power as the sum beside it.
        text = f"{written.number(abs(margin))} {written.unit}"
    return f"−{text}" if margin < 0 else text


def pace(told):
    """P, E and R, each with the numbers it comes from where one test has them."""
    if "progress" not in told.details:
        return
    yield _("Share of the promised change made (P)"), done(told)
    if "expected" not in told.details:
        return
    yield expected(told)
    if "pace" in told.details:
        yield _("Pace (R = P ÷ E)"), ratio(told)


def done(told):
    result = share(told.details["progress"], 1)
    if is_composite(told) or told.target.kind == Kind.CLASS_AT_OR_BETTER:
        return result
    start = Decimal(told.details["baseline"][1])
    goal, value = number_of(told.target), told.observation.value
    written = Together(told.target.indicator.unit, [goal, value, start])
    begun = bracketed(start, written)
    change = f"({written.number(value)} − {begun}) ÷ ({written.number(goal)} − {begun})"
    return f"{change} = {result}"


def expected(told):
    result = share(told.details["expected"], 1)
    if told.target.interim:
        return _("Share expected on the way through the interim targets (E)"), result
    label = _("Share of the time gone (E)")
    start = Period.parse(told.details["baseline"][0]).end_month
    now = told.observation.period.end_month
    months = [now - start, told.target.due_period.end_month - start]
    if all(count % 12 == 0 for count in months):
        words = {"gone": months[0] // 12, "all": months[1] // 12, "share": result}
        return label, _("%(gone)s of %(all)s years = %(share)s") % words
    words = {"gone": months[0], "all": months[1], "share": result}
    return label, _("%(gone)s of %(all)s months = %(share)s") % words


def ratio(told):
    """R, cut to two decimals, beside the cut-offs it was compared with."""
    words = {
        "ratio": format(cut(Decimal(told.details["pace"]), 0).scaleb(-2), "f").replace("-", "−"),
        "on_track": format(Decimal(ON_TRACK_FROM).scaleb(-2), "f"),
        "behind": format(Decimal(BEHIND_FROM).scaleb(-2), "f"),
    }
    return _("%(ratio)s (on pace from %(on_track)s, far behind below %(behind)s)") % words


def counts(told):
    """The tally of an every-year test, and how a standard's items came out."""
    if "tally" in told.details:
        yield _("Above the comparator"), str(told.tally)
    if is_composite(told):
        items = told.items
        words = {
            "passed": len(items.passed),
            "failed": len(items.failed),
            "missing": len(items.missing),
            "total": items.total,
        }
        yield (
            _("Items"),
            _("%(passed)s of %(total)s pass, %(failed)s fail, %(missing)s without a figure")
            % words,
        )


def is_composite(told):
    return told.target.kind == Kind.COMPOSITE


LINES = (figures, distance, pace, counts)
