"""Every figure and dated step behind the tests of a report, each with its source."""

from operator import attrgetter

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from commitments import formats
from commitments.domain.kinds import Kind
from commitments.exporters.table import Type
from commitments.models import Observation
from commitments.report.lines import place
from commitments.sentences.items import item_amount, item_name


class Figure:
    """A line of the list: a published figure of one side of a test."""

    is_step = False

    def __init__(self, commitment, test, row, indicator, day):
        self.commitment, self.target_code = commitment, test.row.code
        self.row, self.indicator, self.day = row, indicator, day
        is_composite = test.row.kind == Kind.COMPOSITE
        items = test.target.standard.items if is_composite else ()
        self.item = next((item for item in items if item.code == row.item), None)

    @property
    def name(self):
        return item_name(self.item) if self.item else self.indicator.name

    @property
    def text(self):
        if self.item:
            return item_amount(self.row.value, self.item)
        return self.row.stated or formats.quantity(self.row.value, self.indicator)

    @property
    def unit(self):
        return self.item.unit if self.item else self.indicator.unit

    @property
    def period(self):
        return str(self.row.period)

    @property
    def value(self):
        return self.row.value

    @property
    def provisional(self):
        return _("yes") if self.row.is_provisional else _("no")

    @property
    def published_on(self):
        return self.row.published_on

    @property
    def kind(self):
        return str(Observation.SourceKind(self.row.source_kind).label)

    @property
    def definition(self):
        return self.row.definition


class Step:
    """A line of the list: a dated step and whether it was done by the day."""

    is_step = True
    target_code = unit = provisional = kind = definition = ""
    value = None

    def __init__(self, commitment, step, day):
        self.commitment, self.row, self.day = commitment, step.ref, day
        self.is_done = step.is_done(day)

    @property
    def name(self):
        return self.row.title

    @property
    def period(self):
        return self.row.due_on.isoformat()

    @property
    def text(self):
        if self.is_done:
            return _("done on %(day)s") % {"day": formats.day(self.row.done_on)}
        return _("overdue") if self.row.due_on < self.day else _("not due yet")

    @property
    def published_on(self):
        return self.row.done_published_on if self.is_done else None


TEXT, NUMBER, DATE, URL = Type.TEXT, Type.NUMBER, Type.DATE, Type.URL
COLUMNS = (
    ("code", pgettext_lazy("column", "Code"), TEXT, 9, attrgetter("commitment.code")),
    ("target_code", pgettext_lazy("column", "Target code"), TEXT, 12, attrgetter("target_code")),
    ("name", pgettext_lazy("column", "Indicator or step"), TEXT, 34, attrgetter("name")),
    ("period", pgettext_lazy("column", "Period or due day"), TEXT, 12, attrgetter("period")),
    ("text", pgettext_lazy("column", "Figure"), TEXT, 22, attrgetter("text")),
    ("value", pgettext_lazy("column", "Figure as a number"), NUMBER, 12, attrgetter("value")),
    ("unit", pgettext_lazy("column", "Unit"), TEXT, 12, attrgetter("unit")),
    ("provisional", pgettext_lazy("column", "Provisional"), TEXT, 11, attrgetter("provisional")),
    (
        "definition",
        pgettext_lazy("column", "Other definition"),
        TEXT,
        20,
        attrgetter("definition"),
    ),
    ("published_on", pgettext_lazy("column", "Published on"), DATE, 12, attrgetter("published_on")),
    ("source", pgettext_lazy("column", "Source"), TEXT, 40, attrgetter("row.source")),
    ("source_kind", pgettext_lazy("column", "Kind of source"), TEXT, 12, attrgetter("kind")),
    ("source_url", pgettext_lazy("column", "Address"), URL, 36, attrgetter("row.source_url")),
)


def figures_of(dossier, day):
    """All that was known on the day: test by test in the order of time, then the steps."""
    commitment, facts = dossier.commitment, dossier.on(day)
    # A changed target is tested by the same figures as the one it changed.
    for test in sorted(facts.originals, key=place):
        target = test.row
        for indicator, found in (
            (target.indicator, test.observations),
            (target.comparator_indicator, test.comparator),
        ):
            for each in sorted(found, key=lambda each: (each.item, each.period, each.revision)):
                yield Figure(commitment, test, each.ref, indicator, day)
    for step in sorted(facts.milestones, key=lambda step: step.due_on):
        yield Step(commitment, step, day)
