"""The words an assessment can be told with, each worked out only when a sentence asks for it."""

from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from commitments.domain.kinds import Kind
from commitments.domain.periods import Period
from commitments.domain.standards import standard
from commitments.formats import (
    day,
    period_end,
    period_in_text,
    quantity_in_text,
    share,
    shares,
)
from commitments.sentences.items import ItemWords, item_amount
from commitments.sentences.limits import comparator, limit
from commitments.sentences.tally import Tally


class Told:
    """A mapping of words for `message % told`, from an `Assessment` row, saved or not."""

    def __init__(self, assessment):
        self.row = assessment
        self.details = assessment.details
        self.target = assessment.target
        self.observation = assessment.observation

    def __getitem__(self, name):
        return getattr(self, name)

    @property
    def why(self):
        return self.row.reason

    @property
    def is_of_several(self):
        """Whether a promise stands as the worst of several tests does, of which this is one."""
        return "tests" in self.details

    @property
    def are_all_alike(self):
        """Whether the other tests have the same status, so that none is the worst."""
        return self.details["alike"] == self.details["tests"]

    @property
    def test(self):
        """The name of the test that decided."""
        return self.target.indicator.name if self.target else _("dated steps")

    # --- Periods --------------------------------------------------------------------------------

    @cached_property
    def decided(self):
        """The period that decided."""
        return Period.parse(self.details["period"])

    @property
    def period(self):
        return period_in_text(self.decided)

    @property
    def figure_period(self):
        return period_in_text(self.observation.period)

    @property
    def end(self):
        return period_end(self.decided)

    @property
    def due(self):
        return period_in_text(self.target.due_period)

    # --- Figures --------------------------------------------------------------------------------

    def figure(self, value):
        if self.target.kind == Kind.COMPOSITE:
            return item_amount(value, self.items.worst)
        return quantity_in_text(value, self.target.indicator)

    @property
    def value(self):
        return self.observation.stated or self.figure(self.observation.value)

    @property
    def limit(self):
        return limit(self.target)

    @property
    def baseline(self):
        return self.figure(Decimal(self.details["baseline"][1]))

    @property
    def baseline_period(self):
        return period_in_text(Period.parse(self.details["baseline"][0]))

    @property
    def other(self):
        """The other side's figure in a comparison: what the margin leaves of ours."""
        return self.figure(self.observation.value - Decimal(self.details["margin"]))

    @property
    def comparator(self):
        return comparator(self.target)

    # --- Shares ---------------------------------------------------------------------------------

    @cached_property
    def pair(self):
        return shares(self.details["progress"], self.details["expected"])

    @property
    def progress(self):
        if "expected" in self.details:
            return self.pair[0]
        return share(self.details["progress"])

    @property
    def expected(self):
        return self.pair[1]

    def has(self, name):
        """Whether a share is known and above zero."""
        return Decimal(self.details.get(name, 0)) > 0

    # --- Others ---------------------------------------------------------------------------------

    @cached_property
    def tally(self):
        return Tally(self.details["tally"])

    @property
    def count(self):
        return self.tally.count

    @property
    def remarks(self):
        return self.tally.remarks

    @cached_property
    def items(self):
        return ItemWords(standard(self.target.standard), self.details, self.observation)

    @property
    def withdrawn_on(self):
        return day(self.row.commitment.withdrawn_on)

    @property
    def withdrawn_document(self):
        return self.row.commitment.withdrawn_document
