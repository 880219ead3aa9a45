from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from commitments.domain.periods import Period


class PeriodField(models.CharField):
    """A `Period`, stored as its canonical text: 2023, 2023-H1, 2023-Q3 or 2023-10."""

    description = _("A year, half-year, quarter or month")
    default_error_messages = {
        "unreadable": _(
            "“%(value)s” is not a period. Write a year (2023), a half-year (2023-H1), "
            "a quarter (2023-Q3) or a month (2023-10)."
        )
    }

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 7)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value, expression, connection):
        return Period.parse(value) if value else None

    def to_python(self, value):
        if value is None or isinstance(value, Period):
            return value
        text = str(value).strip().upper()
        if not text:
            return None
        try:
            return Period.parse(text)
        except ValueError as error:
            raise ValidationError(
                self.error_messages["unreadable"], code="unreadable", params={"value": value}
            ) from error

    def get_prep_value(self, value):
        value = self.to_python(value)
        return None if value is None else str(value)

    def validate(self, value, model_instance):
        if value is None and not self.null:
            raise ValidationError(self.error_messages["null"], code="null")

    def run_validators(self, value):
        """The text validators of a CharField do not apply to a Period."""

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj)) or ""
