"""The public addresses. They are in bookmarks and printed reports: none may ever change."""

from django.urls import path, register_converter

from commitments.models.bilingual import CODE
from commitments.views.commitment import commitment
from commitments.views.commitments import commitment_list
from commitments.views.files import commitments_file
from commitments.views.home import home
from commitments.views.plan import plan


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
    path("commitments.<str:ext>", commitments_file, name="commitments_file"),
    path("commitments/<code:code>/", commitment, name="commitment"),
    path("plans/<code:code>/", plan, name="plan"),
]
