"""Facts as named tuples: a long report reads hundreds of thousands and changes none of them.

Making a model's instance takes several times as long as all that is then asked of it.
"""

from collections import namedtuple

from django.db.models import Choices

from commitments.models import Indicator, Observation, SourceDocument, Target
from commitments.models.bilingual import Translated


def light(model, *columns):
    """A tuple of a model's columns that knows its translated texts and its choices."""
    row = namedtuple(f"Light{model.__name__}", columns)
    known = {
        name: value
        for name, value in vars(model).items()
        if isinstance(value, Translated) or (isinstance(value, type) and issubclass(value, Choices))
    }
    return type(row.__name__, (row,), known)


INDICATOR = light(
    Indicator,
    "pk",
    "name_zh",
    "name_en",
    "unit_zh",
    "unit_en",
    "frequency",
    "measure",
    "scale",
    "reporting_unit",
    "floor",
    "ceiling",
)
TARGET = light(
    Target,
    "pk",
    "published_at",
    "superseded_at",
    "replaced_by_id",
    "commitment_id",
    "code",
    "indicator_id",
    "kind",
    "value",
    "standard",
    "comparator_indicator_id",
    "baseline_period",
    "baseline_value",
    "first_period",
    "due_period",
    "due_basis",
    "interim",
    "document_id",
    "amends_id",
    "reason_zh",
    "reason_en",
)
OBSERVATION = light(
    Observation,
    "pk",
    "published_at",
    "superseded_at",
    "replaced_by_id",
    "indicator_id",
    "item",
    "period",
    "value",
    "stated_zh",
    "stated_en",
    "published_on",
    "source_zh",
    "source_en",
    "source_url",
    "source_kind",
    "is_provisional",
    "definition_zh",
    "definition_en",
)


def targets(found):
    """The targets of a queryset, each with its indicators, document and what it amends."""
    rows = read(TARGET, found)
    by_key = {row.pk: row for row in rows}
    keys = {key for row in rows for key in (row.indicator_id, row.comparator_indicator_id) if key}
    indicators = {row.pk: row for row in read(INDICATOR, Indicator.objects.filter(pk__in=keys))}
    documents = SourceDocument.objects.defer("text").in_bulk({row.document_id for row in rows})
    for row in rows:
        row.indicator = indicators[row.indicator_id]
        row.comparator_indicator = indicators.get(row.comparator_indicator_id)
        row.document = documents[row.document_id]
        # No amendment is published before what it amends.
        row.amends = by_key[row.amends_id] if row.amends_id else None
    return rows


def observations(found):
    return read(OBSERVATION, found)


def read(kind, found):
    return [kind._make(row) for row in found.values_list(*kind._fields)]
