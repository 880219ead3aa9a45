"""Columns of the public tables: fields of the models under their own names, and a few others."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from commitments.facts import day_of
from commitments.models.fields import PeriodField

TYPES = {
    models.DateField: "date",
    models.BooleanField: "boolean",
    models.DecimalField: "number",
    models.IntegerField: "integer",
    models.JSONField: "object",
}


@dataclass(frozen=True)
class Column:
    """`type` is text, number, integer, boolean, date, list (of codes) or object."""

    key: str
    label: str
    type: str
    value: Callable
    choices: tuple = ()
    may_lack: bool = False
    # The table and column that its values name rows of.
    refers_to: str = ""


def columns(model, *names, **refers):
    """Columns that are fields of a model; `refers` says for a relation which table it names."""
    return tuple(column(model._meta.get_field(name), refers.get(name, "")) for name in names)


def column(field, refers_to=""):
    kind = next((word for model, word in TYPES.items() if isinstance(field, model)), "text")
    value = field_value(field)
    if field.is_relation:
        kind = "list" if field.many_to_many else ("text" if refers_to else "integer")
    choices = tuple(code for code, _word in field.flatchoices) if field.choices else ()
    return Column(
        field.name,
        field.verbose_name,
        kind,
        value,
        choices=choices,
        may_lack=field.null or field.many_to_many,
        refers_to=refers_to,
    )


def field_value(field):
    name = field.name
    if field.many_to_many:
        return lambda row: sorted(each.code for each in getattr(row, name).all())
    if field.is_relation:
        if not hasattr(field.related_model, "code") or field.related_model is field.model:
            return lambda row: getattr(row, field.attname)
        return lambda row: getattr(getattr(row, name), "code", None)
    if isinstance(field, PeriodField):
        return lambda row: str(getattr(row, name)) if getattr(row, name) else None
    return lambda row: getattr(row, name)


def shown_from():
    return Column("shown_from", _("shown here from"), "date", lambda row: day_of(row.published_at))


def shown_until():
    return Column(
        "shown_until",
        _("shown here until the day before"),
        "date",
        lambda row: None if row.superseded_at is None else day_of(row.superseded_at),
        may_lack=True,
    )


def number():
    return Column("id", _("number of the row"), "integer", lambda row: row.pk)


def replaced_by(table):
    return Column(
        "replaced_by",
        _("replaced by"),
        "integer",
        lambda row: row.replaced_by_id,
        may_lack=True,
        refers_to=f"{table}.id",
    )


def as_json(value):
    """A cell as JSON takes it; a number with its own digits and no more."""
    if isinstance(value, Decimal):
        whole = value.to_integral_value()
        return int(whole) if value == whole else float(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return value
