"""A table's constraints asked in memory give the answers of the database."""

from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint

from commitments.domain.periods import Period
from commitments.importing.constraints import holds
from commitments.models import Commitment, Indicator, Target

TARGETS = [
    {"kind": kind, "value": value, "standard": standard, **compared, **baseline}
    for kind, value, standard, compared, baseline in product(
        ("at_least", "zero", "coverage", "class_at_or_better", "composite", "above_comparator"),
        (None, 0, 3, 3.5, 101),
        ("", "GB3095-2012-grade2"),
        (
            {},
            {"comparator_indicator": Indicator(pk=1)},
            {"comparator_indicator": Indicator(pk=1), "first_period": Period(2020)},
        ),
        ({}, {"baseline_value": 1}, {"baseline_value": 1, "baseline_period": Period(2020)}),
    )
]
COMMITMENTS = [
    {"due_year": year, "due_basis": basis, "quote": quote}
    for year, basis, quote in product((None, 2025), ("none", "stated"), ("", "词"))
]


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "cases"), [(Target, TARGETS), (Commitment, COMMITMENTS)])
def test_memory_and_database_agree(model, cases):
    constraints = [c for c in model._meta.constraints if isinstance(c, CheckConstraint)]
    asked = 0
    for constraint in constraints:
        if "amendment" in constraint.name or "withdrawn" in constraint.name:
            continue
        # One question for each different answer of the fields it reads.
        seen = {}
        for case in cases:
            record = model(**case)
            fields = tuple(str(getattr(record, name)) for name in case)
            seen.setdefault((constraint.name, holds(constraint.condition, record), fields), record)
        for (_name, answer, _fields), record in [*seen.items()][:60]:
            try:
                constraint.validate(model, record)
                is_kept = True
            except ValidationError:
                is_kept = False
            assert (answer is not False) == is_kept, (constraint.name, record.__dict__)
            asked += 1
    assert asked > 20
