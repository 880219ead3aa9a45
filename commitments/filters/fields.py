"""The fields of the filter: what each can read, and what it says of what it cannot."""

import re

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from commitments.filters.searching import words_of
from commitments.models.bilingual import CODE
from commitments.roll import NO_YEAR

LONGEST_SEARCH = 200
MOST_TERMS = 10
UNKNOWN_VALUE = {"invalid_choice": _("“%(value)s” is not a value this filter knows.")}


class SearchField(forms.CharField):
    """Words separated by any white space, the Chinese one included; cleaned to a list."""

    # Django's own Chinese for this says something else.
    default_error_messages = {
        "null_characters_not_allowed": _("A search has no control characters.")
    }

    def clean(self, value):
        text = super().clean(value)
        if len(text) > LONGEST_SEARCH:
            raise ValidationError(
                _("A search has %(limit)d characters at most; this one has %(count)d."),
                params={"limit": LONGEST_SEARCH, "count": len(text)},
            )
        terms = words_of(text)
        if len(terms) > MOST_TERMS:
            raise ValidationError(
                _("A search has %(limit)d words at most; this one has %(count)d."),
                params={"limit": MOST_TERMS, "count": len(terms)},
            )
        return terms


class ManyField(forms.MultipleChoiceField):
    """Any number of choices; an empty value, as a form sends for “all”, is none."""

    def to_python(self, value):
        return [each for each in super().to_python(value) if each]


class CodesField(ManyField):
    """Codes of records: all that are known can be asked for, the choices are those offered."""

    known = frozenset()

    def valid_value(self, value):
        return value in self.known


class NamedField(ManyField):
    """Codes of commitments. One that is not shown finds nothing, just as one that never was."""

    def valid_value(self, value):
        return re.fullmatch(CODE, value) is not None


class YearsField(ManyField):
    """Any year can be asked for, also one in which nothing is due."""

    def valid_value(self, value):
        return value == NO_YEAR or (len(value) == 4 and value.isascii() and value.isdigit())


class DayField(forms.DateField):
    """A day up to `latest`, written in one way in every language."""

    latest = None
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {
        "invalid": _("“%(value)s” is not a day. Write it as 2026-01-31."),
        "coming": _("%(value)s has not come yet; choose today or a day before."),
    }

    def __init__(self, **kwargs):
        kwargs.setdefault("input_formats", ["%Y-%m-%d"])
        super().__init__(**kwargs)

    def to_python(self, value):
        try:
            return super().to_python(value)
        except ValidationError as error:
            raise ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": value}
            ) from error

    def validate(self, value):
        super().validate(value)
        if value is not None and self.latest is not None and value > self.latest:
            raise ValidationError(
                self.error_messages["coming"], code="coming", params={"value": value.isoformat()}
            )


class SearchFilter(filters.Filter):
    field_class = SearchField


class OneFilter(filters.Filter):
    field_class = forms.ChoiceField


class ManyFilter(filters.MultipleChoiceFilter):
    """Any of some values."""

    field_class = ManyField

    def __init__(self, **kwargs):
        kwargs.setdefault("error_messages", UNKNOWN_VALUE)
        super().__init__(distinct=False, widget=forms.CheckboxSelectMultiple, **kwargs)


class CodesFilter(ManyFilter):
    field_class = CodesField


class NamedFilter(ManyFilter):
    field_class = NamedField


class YearsFilter(ManyFilter):
    field_class = YearsField


class DayFilter(filters.Filter):
    field_class = DayField
