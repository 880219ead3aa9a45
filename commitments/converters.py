"""Importing this teaches Django what may stand in an address."""

from django.urls import register_converter

from commitments.models.bilingual import CODE


class CodeConverter:
    """A stable code; what cannot be one is not found, without asking the database."""

    regex = CODE

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(CodeConverter, "code")
