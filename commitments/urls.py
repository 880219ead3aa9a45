"""The public addresses. They are in bookmarks and printed reports: none may ever change."""

from django.urls import path, register_converter

from commitments.models.bilingual import CODE
from commitments.views.commitments import commitment_list
from commitments.views.home import home


class CodeConverter:
    """A stable code; what cannot be one is not found, without asking the database."""

    regex = CODE

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(CodeConverter, "code")

urlpatterns = [
    path("", home, name="home"),
    path("commitments/", commitment_list, name="commitments"),
]
