"""How many promises each choice of the filter would show, from one query for all of them.

The database groups the plan's rows by the few values the filter asks about; the groups are added up
here. A query for each choice would be fifty.
"""

from collections import Counter, defaultdict

from django.db.models import BooleanField, Case, CharField, Count, Value, When

from commitments.domain.freshness import Freshness
from commitments.domain.kinds import Kind
from commitments.domain.status import Status
from commitments.filters.fields import NO, NO_YEAR, YES
from commitments.models.assessment import fresh_on

COLUMNS = {
    "agency": "standing__lead_agency__code",
    "theme": "standing__theme__code",
    "due_year": "standing__due_year",
    "binding": "standing__binding",
    "status": "standing__status",
    "kind": "standing__kind",
}


class Counts:
    """What a filter's fields would find.

    `asked` has the values asked for of each field of choices, `conditions` whatever else narrows,
    by name.
    """

    def __init__(self, everything, day, asked, conditions):
        self.asked = {name: frozenset(values) for name, values in asked.items()}
        self.found = defaultdict(Counter)
        self.present = defaultdict(set)
        # How many only these fields and conditions, and nothing else, keep out.
        self.kept_out = Counter()
        for group in grouped(everything, day, conditions.values()):
            columns, answers, count = group[:7], group[7:-1], group[-1]
            failed = {name for name, holds in zip(conditions, answers, strict=True) if not holds}
            self.add(values_of(columns), failed, count)

    def add(self, values, failed, count):
        failed |= {
            name for name, asked in self.asked.items() if asked and values[name] not in asked
        }
        self.kept_out[frozenset(failed)] += count
        for name in self.asked:
            self.present[name].add(values[name])
            # The values of one field widen: another choice of it keeps all the other fields.
            if failed <= {name}:
                self.found[name][values[name]] += count

    @property
    def total(self):
        """All that the plan shows on the day."""
        return sum(self.kept_out.values())

    def without(self, *names):
        """How many there would be without some fields or conditions."""
        return sum(count for failed, count in self.kept_out.items() if failed <= set(names))

    def of(self, name, value):
        """How many a choice of a field would show, all other fields kept."""
        return self.found[name][value]

    def has(self, name, value):
        """Whether any promise of the plan has it, whatever is asked."""
        return value in self.present[name]


def grouped(everything, day, conditions):
    """Tuples: the values of `COLUMNS` and the freshness, whether each condition holds, a count."""
    freshness = Case(
        *(When(fresh_on(day, each, "standing__"), then=Value(each.value)) for each in Freshness),
        output_field=CharField(),
    )
    answers = {
        f"holds_{place}": Case(
            When(condition, then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        )
        for place, condition in enumerate(conditions)
    }
    rows = everything.order_by().annotate(freshness=freshness, **answers)
    names = [*COLUMNS.values(), "freshness", *answers]
    return rows.values_list(*names).annotate(count=Count("pk"))


def values_of(columns):
    """The value of each field of choices, as the address writes it."""
    values = dict(zip([*COLUMNS, "freshness"], columns, strict=True))
    year = values["due_year"]
    return values | {
        "group": Status(values["status"]).group.value,
        "due_year": NO_YEAR if year is None else f"{year:04}",
        "measurable": NO if values["kind"] == Kind.NOT_ASSESSABLE else YES,
    }
