"""Whether somebody else changed what a form shows since it was opened, and what to do about it.

A form carries a mark of every value it was filled with. When it comes back, the marks of the values
stored now tell which fields another person has changed since. No table has a version column, so no
way of writing to the register can forget to raise it.
"""

import hashlib
import json
from dataclasses import dataclass, field

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from commitments.formats import listed

# The names under which a form carries its marks, and the answers given on the page of a conflict.
SEEN, KEEP = "_seen", "_keep-"
MINE, THEIRS, NEW = "mine", "theirs", "new"


def mark(value):
    text = json.dumps(value, ensure_ascii=True)
    return hashlib.blake2s(text.encode(), digest_size=8).hexdigest()


def seen_by(forms_shown):
    """What the page carries: {form: {field: mark of the value it was filled with}}."""
    found = {
        key(form): {name: mark(stored_as_posted(form, name)) for name in compared(form)}
        for form in forms_shown
        if form.instance.pk
    }
    return json.dumps(found, separators=(",", ":"))


def read_seen(text):
    """The marks as posted; None when they are missing or are not ours."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    is_ours = isinstance(found, dict) and all(isinstance(each, dict) for each in found.values())
    return found if is_ours else None


def key(form):
    return f"{form.prefix or ''}:{form.instance.pk}"


def compared(form):
    """Names of the fields a person fills in."""
    return [
        name
        for name, each in form.fields.items()
        if not each.disabled
        and not isinstance(each.widget, forms.HiddenInput | forms.FileInput)
        and name != "DELETE"
    ]


def stored_as_posted(form, name):
    """A field's stored value as a browser would send it: a text, or a list of texts."""
    each = form.fields[name]
    value = each.prepare_value(form.get_initial_for_field(each, name))
    if isinstance(each.widget, forms.CheckboxInput):
        return "on" if value else ""
    if isinstance(each.widget, forms.SelectMultiple | forms.CheckboxSelectMultiple):
        return sorted(str(one) for one in value or [])
    shown = each.widget.format_value(value)
    shown = shown[0] if isinstance(shown, list) and shown else shown
    return str(shown or "")


def posted(form, name):
    """What was sent for a field, in the same shape."""
    each, sent_as = form.fields[name], form.add_prefix(name)
    if isinstance(each.widget, forms.CheckboxInput):
        return "on" if form.data.get(sent_as) else ""
    if isinstance(each.widget, forms.SelectMultiple | forms.CheckboxSelectMultiple):
        return sorted(form.data.getlist(sent_as))
    return form.data.get(sent_as, "").replace("\r\n", "\n")


def in_words(form, name, value):
    """A value as a person reads it."""
    each = form.fields[name]
    if isinstance(each.widget, forms.CheckboxInput):
        return _("yes") if value else _("no")
    if isinstance(each, forms.ModelChoiceField):
        asked = value if isinstance(value, list) else [value]
        pks = [one for one in asked if one.isascii() and one.isdigit() and len(one) < 19]
        return listed([str(one) for one in each.queryset.filter(pk__in=pks)])
    if isinstance(each, forms.ChoiceField):
        return str(dict(forms.ChoiceField(choices=each.choices).choices).get(value, value))
    return value


@dataclass(frozen=True)
class Difference:
    """One field that somebody else has changed since, to another value than is sent now."""

    name: str
    label: str
    mine: str
    theirs: str
    # Whether the sender changed it too; else theirs is what they would expect to keep.
    is_mine_new: bool


@dataclass(frozen=True)
class Part:
    """A form of the page with what differs in it; `gone` is a row that is no longer to be edited.

    `texts` are what was typed into a row that is gone: pairs of label and words.
    """

    title: str
    differences: list = field(default_factory=list)
    gone: str = ""
    texts: list = field(default_factory=list)


def conflicts(form, formsets, seen):
    """The `Part`s of a page that somebody else has changed since it was opened; empty: save it."""
    found = []
    for each in [form, *(row for formset in formsets for row in formset.initial_forms)]:
        marks = seen.get(key(each)) if each.instance.pk else None
        differing = differences(each, marks) if marks is not None else []
        if differing:
            found.append(Part(title_of(each), differing))
    for formset in formsets:
        for prefix, row in gone_rows(formset):
            found.append(Part(title_of(row), gone=prefix, texts=texts_of(row)))
    return found


def title_of(form):
    name = form._meta.model._meta.verbose_name
    colon = pgettext("colon", ": ")
    return f"{name}{colon}{form.instance}" if form.instance.pk else str(name)


def differences(form, marks):
    found = []
    for name in compared(form):
        theirs, mine = stored_as_posted(form, name), posted(form, name)
        if mark(theirs) == marks.get(name) or theirs == mine:
            continue
        found.append(
            Difference(
                form.add_prefix(name),
                str(form[name].label),
                in_words(form, name, mine),
                in_words(form, name, theirs),
                mark(mine) != marks.get(name),
            )
        )
    return found


def gone_rows(formset):
    """Rows that were on the page and are not to be edited any more: (prefix, form) pairs."""
    held = {str(row.pk) for row in formset.get_queryset()}
    pk_name = formset.model._meta.pk.name
    for form in formset.initial_forms:
        asked = formset.data.get(form.add_prefix(pk_name), "")
        if asked and asked not in held:
            yield form.prefix, form


def texts_of(form):
    """What was typed, with its labels; what was left empty is left out."""
    values = [(name, posted(form, name)) for name in compared(form)]
    return [
        (str(form[name].label), in_words(form, name, value))
        for name, value in values
        if value not in ("", [])
    ]


# --- Answers -------------------------------------------------------------------------------------


def merged(data, form, formsets):
    """The form's data with the answers of the conflict page carried out."""
    found = data.copy()
    for each in [form, *(row for formset in formsets for row in formset.initial_forms)]:
        for name in compared(each) if each.instance.pk else ():
            sent_as = each.add_prefix(name)
            if data.get(KEEP + sent_as) == THEIRS:
                theirs = stored_as_posted(each, name)
                found.setlist(sent_as, theirs if isinstance(theirs, list) else [theirs])
                if not theirs:
                    found.pop(sent_as)
    for formset in formsets:
        gone = [prefix for prefix, _form in gone_rows(formset)]
        if any(KEEP + prefix in data for prefix in gone):
            renumber(found, formset, gone)
    for name in [name for name in found if name.startswith(KEEP)]:
        del found[name]
    return found


def renumber(data, formset, gone):
    """Take the rows that are gone out of a formset's data, or put them at its end as new ones."""
    rows = []
    for form in formset.forms:
        start = f"{form.prefix}-"
        fields = {name: data.pop(name) for name in [*data] if name.startswith(start)}
        values = {name.removeprefix(start): value for name, value in fields.items()}
        if form.prefix not in gone:
            rows.append((not values.get(formset.model._meta.pk.name, [""])[0], values))
        elif data.get(KEEP + form.prefix) == NEW:
            values[formset.model._meta.pk.name] = [""]
            rows.append((True, values))
    rows.sort(key=lambda row: row[0])
    for number, (_is_new, values) in enumerate(rows):
        for name, value in values.items():
            data.setlist(f"{formset.prefix}-{number}-{name}", value)
    data[f"{formset.prefix}-TOTAL_FORMS"] = str(len(rows))
    data[f"{formset.prefix}-INITIAL_FORMS"] = str(sum(not is_new for is_new, _values in rows))
