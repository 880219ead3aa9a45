"""What a line of the report says in each of its columns, in the active language."""

from decimal import ROUND_FLOOR, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from commitments.domain.exact import EXACT
from commitments.domain.kinds import Kind
from commitments.domain.standards import standard
from commitments.domain.status import Flag, Status
from commitments.formats import listed, quantity
from commitments.labels import FLAG, GROUP, KIND, STATUS
from commitments.models import Commitment
from commitments.sentences import sentence, test, test_in_words
from commitments.sentences.items import item_amount, item_name
from commitments.sentences.limits import SYMBOL

FOUR_DECIMALS = Decimal("0.0001")


# --- The promise ------------------------------------------------------------------------------


def supporting_agencies(line):
    return listed(agency.name for agency in line.commitment.supporting_agencies.all())


def binding(line):
    return str(Commitment.Binding(line.commitment.binding).label)


def due_basis(line):
    basis = line.target.due_basis if line.target else line.commitment.due_basis
    return str(Commitment.DueBasis(basis).label)


def fictional(line):
    return _("yes (fictional example)") if line.commitment.plan.is_fictional else _("no")


# --- The test ---------------------------------------------------------------------------------


def kind(line):
    return str(KIND[Kind(line.target.kind if line.target else line.assessment.kind)])


def short_test(line):
    """The test in short; of an amended target with a word that says so."""
    if line.target is None:
        return kind(line)
    if line.target.amends_id is None:
        return test(line.target)
    return pgettext("report", "amended: %(test)s") % {"test": test(line.target)}


def code(line):
    return line.target.code if line.target else ""


def in_words(line):
    return test_in_words(line.target) if line.target else ""


def change(line):
    """Of an amended target, why it was changed; of an original, nothing."""
    return line.target.reason if line.target else ""


def document(line):
    """The document that set or changed the test; without one, the promise's own."""
    return (line.target.document if line.target else line.commitment.source).title


def document_url(line):
    return (line.target.document if line.target else line.commitment.source).url


def indicator(line):
    return line.target.indicator.name if line.target else ""


def comparator(line):
    return SYMBOL.get(line.target.kind, "") if line.target else ""


def target_value(line):
    if line.target is None:
        return None
    return Decimal(0) if line.target.kind == Kind.ZERO else line.target.value


def unit(line):
    if line.target is None:
        return ""
    item = judged_item(line)
    return item.unit if item else line.target.indicator.unit


def due_period(line):
    return str(line.target.due_period) if line.target else ""


def baseline_period(line):
    return line.assessment.details.get("baseline", ["", None])[0]


def baseline_value(line):
    value = line.assessment.details.get("baseline", ["", None])[1]
    return None if value is None else Decimal(value)


# --- The figure -------------------------------------------------------------------------------


def judged_item(line):
    """The item of a standard whose figure is the line's, if it has one."""
    code = line.assessment.details.get("item")
    if line.target is None or line.target.kind != Kind.COMPOSITE or not code:
        return None
    return standard(line.target.standard).item(code)


def figure(line):
    """The figure in words: its unit, or what the source said in place of a number."""
    observation = line.assessment.observation
    if observation is None or line.target is None:
        return ""
    item = judged_item(line)
    if item is not None:
        return f"{item_name(item)} {item_amount(observation.value, item)}"
    return observation.stated or quantity(observation.value, line.target.indicator)


def of_figure(name):
    def cell(line):
        observation = line.assessment.observation
        return None if observation is None else getattr(observation, name)

    return cell


def figure_period(line):
    observation = line.assessment.observation
    return "" if observation is None else str(observation.period)


def is_provisional(line):
    observation = line.assessment.observation
    if observation is None:
        return ""
    return _("yes") if observation.is_provisional else _("no")


def other_value(line):
    """The other side's figure of the same period, in a comparison."""
    margin = line.assessment.details.get("margin")
    if line.target is None or line.target.kind != Kind.ABOVE_COMPARATOR or margin is None:
        return None
    return line.assessment.observation.value - Decimal(margin)


def latest_period(line):
    latest = line.judged and line.judged.latest
    return str(latest.period) if latest else ""


def latest_value(line):
    latest = line.judged and line.judged.latest
    return latest.value if latest else None


# --- The judgement ----------------------------------------------------------------------------


def status(line):
    return str(STATUS[Status(line.assessment.status)])


def group(line):
    return str(GROUP[Status(line.assessment.status).group])


def status_of_commitment(line):
    return str(STATUS[Status(line.standing.status)])


def in_a_sentence(line):
    return sentence(line.assessment, line.steps)


def flags(line):
    return listed(str(FLAG[Flag(flag)]) for flag in line.assessment.flags)


def share_of(name):
    """A share or pace at four decimals, cut so that it never looks better than it is."""

    def cell(line):
        text = line.assessment.details.get(name)
        if text is None:
            return None
        return Decimal(text).quantize(FOUR_DECIMALS, rounding=ROUND_FLOOR, context=EXACT)

    return cell
