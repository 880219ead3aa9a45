"""The history as people read it: entries with the words of the fields they changed."""

from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db.models import DateTimeField
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from commitments.actions.history import SECRET, naming_field
from commitments.exporters.to_csv import csv_lines
from commitments.formats import listed
from commitments.models.entry import Entry

CHUNK = 500
# A longer text is folded on the page; the file has all of it.
FOLDED_FROM = 300


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str

    @property
    def is_long(self):
        return max(len(self.before), len(self.after)) > FOLDED_FROM


@dataclass(frozen=True)
class Line:
    """One entry in words."""

    entry: Entry
    kind: str
    changes: list

    @property
    def who(self):
        return person_words(self.entry.by)

    @property
    def when(self):
        return moment(self.entry.at)

    @property
    def address(self):
        """The record's own history, where the admin has one."""
        if not self.entry.record_id:
            return ""
        try:
            return reverse(
                f"admin:{self.entry.kind.replace('.', '_')}_history", args=[self.entry.record_id]
            )
        except NoReverseMatch:
            return ""


def person_words(user):
    """A person by name with the user name, which stays when the name is written otherwise."""
    if user is None:
        return ""
    name = user.get_full_name()
    return f"{name} ({user.get_username()})" if name else user.get_username()


def lines_of(entries):
    """Entries in words, with one query for each kind of record that their values name."""
    entries = [*entries]
    names = Names(entries)
    return [
        Line(
            entry,
            kind_words(entry.kind),
            [
                Change(label_of(entry.kind, name), *shown(entry.kind, name, values, names))
                for name, values in entry.changes.items()
            ],
        )
        for entry in entries
    ]


def model_of(kind):
    """The model of a kind, or None: a later version may have dropped it."""
    try:
        return apps.get_model(kind) if kind else None
    except LookupError:
        return None


def field_of(kind, name):
    model = model_of(kind)
    fields = model._meta.get_fields() if model else ()
    return next((f for f in fields if f.name == name and not f.auto_created), None)


def kind_words(kind):
    model = model_of(kind)
    return str(model._meta.verbose_name) if model else kind


def label_of(kind, name):
    field = field_of(kind, name)
    if field is not None:
        return str(field.verbose_name)
    model = model_of(kind)
    if name in getattr(model, "told_by_name", ()):
        return str(model._meta.get_field(name).related_model._meta.verbose_name_plural)
    return name


def shown(kind, name, values, names):
    """Both values in words. What is secret is only said to have changed."""
    if name in SECRET:
        return "", _("changed; it is not kept")
    field = field_of(kind, name)
    return tuple(in_words(field, value, names) for value in values)


def in_words(field, value, names):
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list) and field is None:
        return listed(value)
    if isinstance(value, list) and not field.many_to_many:
        return "; ".join("=".join(map(str, pair)) for pair in value)
    if field is None:
        return str(value)
    if field.is_relation:
        found = value if isinstance(value, list) else [value]
        return listed([names.of(field.related_model, each) for each in found])
    if isinstance(field, DateTimeField):
        return moment(datetime.fromisoformat(value))
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    return str(value)


class Names:
    """What the records are called today that entries name by code or number."""

    def __init__(self, entries):
        wanted = {}
        for entry in entries:
            for name, values in entry.changes.items():
                field = field_of(entry.kind, name)
                if field is not None and field.is_relation and name not in SECRET:
                    for value in values:
                        found = value if isinstance(value, list) else [value]
                        wanted.setdefault(field.related_model, set()).update(found)
        self.found = {model: self.look_up(model, keys) for model, keys in wanted.items()}

    def look_up(self, model, keys):
        key = naming_field(model) or "pk"
        related = [f.name for f in model._meta.fields if f.is_relation and f.name != "replaced_by"]
        rows = model._base_manager.filter(**{f"{key}__in": keys - {None}})
        return {getattr(row, key): str(row) for row in rows.select_related(*related)}

    def of(self, model, key):
        name = self.found.get(model, {}).get(key, "")
        if not naming_field(model):
            return f"#{key} {name}".strip()
        return name if str(key) in name or not name else f"{name} ({key})"


# --- The file ------------------------------------------------------------------------------------


def history_file(entries):
    """The bytes of a CSV: a line for each field that an entry changed."""
    headings = [
        _("when"),
        _("who"),
        _("what happened"),
        _("kind of record"),
        _("record number"),
        _("record"),
        _("field"),
        pgettext("history", "before"),
        pgettext("history", "after"),
        _("why"),
    ]
    return csv_lines(headings, file_rows(entries))


def file_rows(entries):
    held = []
    for entry in entries.select_related("by").iterator(chunk_size=CHUNK):
        held.append(entry)
        if len(held) == CHUNK:
            yield from rows_of_lines(lines_of(held))
            held = []
    yield from rows_of_lines(lines_of(held))


def rows_of_lines(lines):
    for line in lines:
        entry = line.entry
        at = timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S")
        about = (at, line.who, str(entry.get_action_display()), line.kind)
        about = (*about, entry.record_id, entry.name)
        for change in line.changes or [Change("", "", "")]:
            yield (*about, change.label, change.before, change.after, entry.why)


def moment(at):
    """2026-11-24 10:05 in the register's own time zone and language."""
    return date_format(timezone.localtime(at), pgettext("moment", "j F Y, H:i"))
