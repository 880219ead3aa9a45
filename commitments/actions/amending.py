"""A published promise's own fields: what an amendment would change of them, and changing it."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from commitments.models import Commitment

# What an amendment may change. Its code stays, and so does the plan it is a promise of.
AMENDABLE = (
    "title_zh",
    "title_en",
    "source",
    "quote",
    "quote_start",
    "editor_note_zh",
    "editor_note_en",
    "lead_agency",
    "supporting_agencies",
    "theme",
    "due_year",
    "due_basis",
    "due_note_zh",
    "due_note_en",
    "binding",
    "context_indicators",
    "withdrawn_on",
    "withdrawn_document_zh",
    "withdrawn_document_en",
    "withdrawn_url",
)


def fields():
    return [Commitment._meta.get_field(name) for name in AMENDABLE]


def as_told(commitment, many=None):
    """A promise's own fields as an amendment keeps them; `many` gives rows not saved yet."""
    found = {}
    for field in fields():
        value = getattr(commitment, field.name) if field.is_relation else None
        if field.many_to_many:
            rows = value.all() if many is None else many[field.name]
            found[field.name] = sorted(row.code for row in rows)
        elif field.is_relation:
            found[field.name] = value.code
        else:
            value = field.value_from_object(commitment)
            found[field.name] = value.isoformat() if hasattr(value, "isoformat") else value
    return found


def changes_between(before, after):
    return {name: [before[name], after[name]] for name in AMENDABLE if before[name] != after[name]}


def as_stored(field, told):
    """A field's value, or its rows, from the form in which an amendment keeps it."""
    if field.many_to_many:
        return list(field.related_model.objects.filter(code__in=told).order_by("code"))
    if field.is_relation:
        return field.related_model.objects.get(code=told)
    return field.to_python(told)


def change(commitment, told):
    """Give a promise, in memory, values as an amendment keeps them; returns its new rows."""
    many = {}
    for field in fields():
        if field.name not in told:
            continue
        value = as_stored(field, told[field.name])
        if field.many_to_many:
            many[field.name] = value
        else:
            setattr(commitment, field.name, value)
    return many


def apply(amendment):
    """Change the promise as the amendment says. Raises `ValidationError`, having changed nothing.

    Refused when the promise no longer says what the amendment's author had before their eyes.
    """
    commitment = Commitment.objects.select_for_update().get(pk=amendment.commitment_id)
    now = as_told(commitment)
    if any(now[name] != before for name, (before, _after) in amendment.changes.items()):
        raise ValidationError(_("The promise was amended after this was begun. Look at it again."))
    many = change(commitment, {name: new for name, (_old, new) in amendment.changes.items()})
    commitment.clean()
    commitment.validate_constraints()
    commitment.save()
    for name, rows in many.items():
        getattr(commitment, name).set(rows)
