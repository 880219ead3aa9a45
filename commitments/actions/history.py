"""What a change did, written beside it in the same transaction.

The change is not described by whoever makes it: the rows are read before and after, and what
differs is the entry. So `save()`, `update()`, a bulk statement and a many-to-many are all seen.
"""

from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from django.db import transaction

from commitments.domain.periods import Period
from commitments.models.entry import Entry

CHUNK = 2_000
LONGEST_NAME = Entry._meta.get_field("name").max_length
# Set by the workflow and told by the entry itself, but for these.
TOLD_THOUGH_FIXED = {"state", "replaced_by"}
SECRET = {"password"}
NOTHING = (None, "", [])
# Without a change there is nothing to say; a publication is an entry whatever it changed.
SAYS_THAT_IT_CHANGED = {Entry.Action.CHANGED, Entry.Action.LOADED}
# What names a record in the entries of others, and can be read years later.
NAMES = ("code", "username", "name", "reference")


@contextmanager
def recorded(records, *, by, at, action=Entry.Action.CHANGED, why=""):
    """Write what the block does to these records into the history, or do nothing at all.

    Gives a list; the block adds the records that it makes. A record that is not there before is
    entered as made, one that is not there after as deleted; what did not change leaves no entry,
    unless `action` says more than that it changed. The queries grow by five for each 2,000 records.
    """
    records = [*records]
    with transaction.atomic():
        before = stored(records)
        yield records
        write(before, records, by=by, at=at, action=action, why=why)


def write(before, records, *, by, at, action=Entry.Action.CHANGED, why=""):
    """The entries of what has changed since `before = stored(records)`, new records included."""
    after = stored([*records, *before])
    entries, author = [], by.pk
    for model, pk in {**before, **after}:
        old, new = before.get((model, pk)), after.get((model, pk))
        if old is None:
            done = Entry.Action.CREATED if action == Entry.Action.CHANGED else action
        else:
            done = action if new is not None else Entry.Action.DELETED
        changes = differences(old or {}, new or {})
        if not changes and done in SAYS_THAT_IT_CHANGED:
            continue
        entries.append(
            Entry(
                at=at,
                by_id=author,
                action=done,
                kind=model._meta.label_lower,
                record_id=pk,
                name=name_of(model, pk, new or old),
                changes=changes,
                why=why,
            )
        )
    Entry.objects.bulk_create(entries, batch_size=CHUNK)


def note(action, *, by, at, record=None, name="", changes=None, why=""):
    """An entry for what changes no record: a login, a download."""
    Entry.objects.create(
        at=at,
        by=by,
        action=action,
        kind=record._meta.label_lower if record is not None else "",
        record_id=record.pk if record is not None else None,
        name=(name or str(record or ""))[:LONGEST_NAME],
        changes=changes or {},
        why=why,
    )


def differences(old, new):
    found = {}
    for name in {**old, **new}:
        values = [old.get(name), new.get(name)]
        if values[0] == values[1] or (values[0] in NOTHING and values[1] in NOTHING):
            continue
        found[name] = ["", ""] if name in SECRET else values
    return found


# --- Reading rows as they are stored -------------------------------------------------------------


def stored(records):
    """The rows of saved records as the database has them: {(model, pk): {field: value}}."""
    ids = {}
    for record in records:
        # Not `type`: the person of a request is a lazy stand-in for the account.
        model, pk = record if isinstance(record, tuple) else (record.__class__, record.pk)
        if pk is not None:
            ids.setdefault(model, {})[pk] = None
    found = {}
    for model, wanted in ids.items():
        wanted = [*wanted]
        for start in range(0, len(wanted), CHUNK):
            found |= rows_of(model, wanted[start : start + CHUNK])
    return found


def rows_of(model, ids):
    if getattr(model, "told_in_history", None) == ():
        return {}
    columns = {field.name: lookup(field) for field in told_fields(model)}
    rows = model._base_manager.filter(pk__in=ids).values_list("pk", *columns.values())
    found = {
        (model, row[0]): dict(zip(columns, map(as_json, row[1:]), strict=True)) for row in rows
    }
    for field in model._meta.many_to_many:
        for values in found.values():
            values[field.name] = []
        source, target = field.m2m_field_name(), field.m2m_reverse_field_name()
        link = field.remote_field.through._meta.get_field(target)
        pairs = (
            field.remote_field.through._base_manager.filter(**{f"{source}__in": ids})
            .values_list(f"{source}_id", lookup(link))
            .order_by(f"{source}_id", lookup(link))
        )
        for pk, value in pairs:
            if (model, pk) in found:
                found[model, pk][field.name].append(value)
    for name in getattr(model, "told_by_name", ()):
        for values in found.values():
            values[name] = []
        link = model._meta.get_field(name)
        parts = link.related_model._base_manager.filter(**{f"{link.field.name}__in": ids})
        for pk, words in parts.order_by("pk").values_list(link.field.attname, "name"):
            found[model, pk][name].append(words)
    return found


def told_fields(model):
    if hasattr(model, "told_in_history"):
        return [model._meta.get_field(name) for name in model.told_in_history]
    return [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key
        and field.name != "last_login"
        and (field.editable or field.name in TOLD_THOUGH_FIXED)
    ]


def lookup(field):
    """Where a column's value is read: another record's name rather than its number."""
    key = naming_field(field.related_model) if field.is_relation else None
    return f"{field.name}__{key}" if key else field.attname


def naming_field(model):
    """The field by which entries name records of a model, or None: by their number."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    return next((name for name in NAMES if name in fields and fields[name].unique), None)


def name_of(model, pk, values):
    """What the entry calls its record: the same in both languages, and readable when it is gone."""
    key = naming_field(model)
    if key:
        words = [values[key]]
    elif "code" in values:
        words = [values["code"]]
    else:
        words = [values[name] for name in ("indicator", "item", "period", "user") if name in values]
    return " ".join(str(word) for word in words if word)[:LONGEST_NAME] or f"#{pk}"


def as_json(value):
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Period) else value
