"""What would be another if a record replaced another, field by field, in words."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from commitments import formats
from commitments.domain.periods import Period
from commitments.models import Commitment
from commitments.models.workflow import Superseding

# What the workflow sets, and what names the row itself.
NOT_TOLD = {field.name for field in Superseding._meta.fields} | {"id", "changes"}


@dataclass(frozen=True)
class Difference:
    """A field's name, and its words before and after; empty where there were none."""

    name: str
    before: str
    after: str


def differences(before, after):
    """The `Difference` of every field in which two records of one model differ.

    `before` may be None: then every field that `after` fills.
    """
    model = type(after)
    found = []
    for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
        if field.name in NOT_TOLD or not field.editable:
            continue
        old = words(before, field) if before is not None else ""
        new = words(after, field)
        if old != new and (new or before is not None):
            found.append(Difference(capfirst(field.verbose_name), old, new))
    return found


def amended(amendment):
    """The `Difference` of each field of a promise that an amendment changes."""
    found = []
    for name, (before, after) in amendment.changes.items():
        field = Commitment._meta.get_field(name)
        label = capfirst(field.verbose_name)
        found.append(Difference(label, told_words(field, before), told_words(field, after)))
    return found


def told_words(field, told):
    """A value as an amendment keeps it, as a person reads it."""
    if told is None or told == "" or told == []:
        return ""
    if field.is_relation:
        codes = told if isinstance(told, list) else [told]
        rows = field.related_model.objects.filter(code__in=codes)
        return formats.listed(str(row) for row in rows)
    if field.choices:
        return str(dict(field.flatchoices).get(told, told))
    if isinstance(field, models.DateField):
        return formats.day(field.to_python(told))
    return str(told)


def words(record, field):
    """A field of a record as a person reads it."""
    if field.many_to_many:
        return formats.listed(str(each) for each in getattr(record, field.name).all())
    if field.is_relation:
        found = getattr(record, field.name)
        return "" if found is None else str(found)
    value = field.value_from_object(record)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return plain_words(record, field, value)


def plain_words(record, field, value):
    if value is None or value == "" or value == []:
        return ""
    if isinstance(field, models.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(value, Period):
        return formats.period_label(value)
    if isinstance(value, dt.date):
        return formats.day(value)
    if isinstance(value, Decimal):
        indicator = getattr(record, "indicator", None)
        is_whole = indicator is not None and not getattr(record, "item", "")
        return formats.quantity(value, indicator) if is_whole else formats.number(value)
    if isinstance(value, list):
        return "; ".join(f"{period}={number}" for period, number in value)
    return str(value)
