"""Form fields that refuse what they cannot read, and say what to write; they never guess."""

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import normalize_newlines
from django.utils.translation import gettext_lazy as _

from commitments.domain.periods import Period
from commitments.importing import cells
from commitments.models.fields import PeriodField

# Both have the year first, so none can be read in two ways; the calendar writes the second one
# on Chinese pages.
DATE_FORMATS = ["%Y-%m-%d", "%Y/%m/%d"]


class NumberWidget(AdminTextInputWidget):
    """A text box: a browser's number box swallows what it cannot read, and sends nothing."""

    def __init__(self, attrs=None):
        super().__init__({"class": "number", "inputmode": "decimal", **(attrs or {})})


class NumberInput(forms.DecimalField):
    widget = NumberWidget

    def to_python(self, value):
        if isinstance(value, str):
            value = value.strip().replace("\0", "")
            if value and not cells.NUMBER.fullmatch(value):
                raise ValidationError(
                    cells.number_problem(value), code="unreadable", params={"value": value}
                )
        return super().to_python(value)

    def prepare_value(self, value):
        return plain(value)

    def widget_attrs(self, widget):
        return {}


def plain(value):
    """A stored Decimal without the zeros that its column adds: 350.000000 is 350."""
    if value is None or isinstance(value, str):
        return value
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class WholeInput(forms.IntegerField):
    widget = NumberWidget

    def to_python(self, value):
        if isinstance(value, str) and (text := value.strip()):
            try:
                return cells.whole(text.replace("\0", ""))
            except ValueError as error:
                raise ValidationError(str(error), code="unreadable") from error
        return super().to_python(value)

    def widget_attrs(self, widget):
        return {}


class YearInput(WholeInput):
    def to_python(self, value):
        if isinstance(value, str) and (text := value.strip()):
            try:
                return cells.year(text.replace("\0", ""))
            except ValueError as error:
                raise ValidationError(str(error), code="unreadable") from error
        return super().to_python(value)


class DayInput(forms.DateField):
    default_error_messages = {"invalid": _("This is not a date. Write it as 2021-11-05.")}

    def __init__(self, **kwargs):
        super().__init__(
            **(
                kwargs
                | {
                    "input_formats": DATE_FORMATS,
                    "widget": AdminDateWidget(format="%Y-%m-%d"),
                }
            )
        )


class PeriodInput(forms.CharField):
    """A `Period` as typed: 2023, 2023-H1, 2023-Q3 or 2023-10."""

    def __init__(self, *, max_length=None, **kwargs):
        # A text that is too long is not a period; its length is not what is wrong with it.
        super().__init__(**kwargs)

    def to_python(self, value):
        text = super().to_python(value)
        return PeriodField().to_python(text) if text else None

    def prepare_value(self, value):
        return str(value) if isinstance(value, Period) else value

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), (data or "").strip().upper())


class InterimInput(forms.CharField):
    """Interim targets as in the plan files, 2023=300;2024=320, stored as pairs."""

    def __init__(self, *, encoder=None, decoder=None, **kwargs):
        super().__init__(**kwargs)

    def to_python(self, value):
        if isinstance(value, list):
            return value
        text = super().to_python(value).replace("；", ";").replace("＝", "=")
        try:
            return cells.interim(text)
        except ValueError as error:
            raise ValidationError(str(error), code="unreadable") from error

    def prepare_value(self, value):
        if isinstance(value, list):
            return "; ".join(f"{period}={number}" for period, number in value)
        return value

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial or []), data)


class VerbatimInput(forms.CharField):
    """A text kept to the character: only a browser's line ends are put back as they were."""

    def __init__(self, **kwargs):
        super().__init__(**(kwargs | {"strip": False}))

    def to_python(self, value):
        return normalize_newlines(super().to_python(value))


FORM_FIELDS = {
    models.DecimalField: {"form_class": NumberInput},
    models.PositiveIntegerField: {"form_class": WholeInput, "widget": NumberWidget},
    models.PositiveSmallIntegerField: {"form_class": YearInput, "widget": NumberWidget},
    models.DateField: {"form_class": DayInput},
    models.URLField: {"assume_scheme": "https"},
    PeriodField: {"form_class": PeriodInput},
}
