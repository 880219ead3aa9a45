"""The public addresses. They are in bookmarks and printed reports: none may ever change."""

from django.urls import path, register_converter

from commitments.models.bilingual import CODE
from commitments.views import subscriptions
from commitments.views.about import about, accessibility, data
from commitments.views.agency import agency, agency_list
from commitments.views.calendars import calendar
from commitments.views.cards import card
from commitments.views.changes import changes, corrections
from commitments.views.commitment import commitment
from commitments.views.commitments import commitment_list
from commitments.views.embeds import commitment_embed, plan_embed
from commitments.views.feeds import feed
from commitments.views.files import commitments_file
from commitments.views.home import home
from commitments.views.method import method
from commitments.views.plan import plan
from commitments.views.theme import theme, theme_list


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
    path("agencies/", agency_list, name="agencies"),
    path("agencies/<code:code>/", agency, name="agency"),
    path("themes/", theme_list, name="themes"),
    path("themes/<code:code>/", theme, name="theme"),
    path("changes/", changes, name="changes"),
    path("changes/corrections/", corrections, name="corrections"),
    path("method/", method, name="method"),
    path("about/", about, name="about"),
    path("accessibility/", accessibility, name="accessibility"),
    path("data/", data, name="data"),
]

# What a feed and a calendar follow; both are at the same places.
FOLLOWED = [
    ("", "", subscriptions.of_plan),
    ("commitments/", "commitments_", subscriptions.of_filter),
    ("commitments/<code:code>/", "commitment_", subscriptions.of_commitment),
    ("agencies/<code:code>/", "agency_", subscriptions.of_agency),
    ("themes/<code:code>/", "theme_", subscriptions.of_theme),
]
for place, name, find in FOLLOWED:
    urlpatterns += [
        path(f"{place}feed.atom", feed, {"find": find}, name=f"{name}feed"),
        path(f"{place}calendar.ics", calendar, {"find": find}, name=f"{name}calendar"),
    ]

urlpatterns += [
    path("commitments/<code:code>/card.png", card, name="commitment_card"),
    path("embed/commitments/<code:code>/", commitment_embed, name="commitment_embed"),
    path("embed/plans/<code:code>/", plan_embed, name="plan_embed"),
]
