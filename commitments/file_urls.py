"""What programs and other sites read: files, feeds, calendars, pictures, frames.

People have subscribed to these and other sites show them: no address may ever change.
"""

from django.urls import include, path

from commitments import converters  # noqa: F401
from commitments.views import subscriptions
from commitments.views.archive import archive, catalogue
from commitments.views.calendars import calendar
from commitments.views.cards import card
from commitments.views.embeds import commitment_embed, plan_embed
from commitments.views.evidence import evidence
from commitments.views.feeds import feed
from commitments.views.files import commitments_file
from commitments.views.issued_reports import issued_file, report_difference_file
from commitments.views.long_file import long_file_content

urlpatterns = [
    path("", include("commitments.api.urls")),
    path("data/commitments-register.zip", archive, name="archive"),
    path("data/catalogue.jsonld", catalogue, name="catalogue"),
    path("commitments.<str:ext>", commitments_file, name="commitments_file"),
    path("reports/<code:number>/<slug:language>.<slug:ext>", issued_file, name="issued_file"),
    path(
        "reports/<code:number>/since/<code:since>/changes.csv",
        report_difference_file,
        name="report_difference_file",
    ),
    path("commitments/<code:code>/card.png", card, name="commitment_card"),
    path("long-files/<code:key>/file/", long_file_content, name="long_file_content"),
    path("evidence/<code:key>/", evidence, name="evidence"),
    path("embed/commitments/<code:code>/", commitment_embed, name="commitment_embed"),
    path("embed/plans/<code:code>/", plan_embed, name="plan_embed"),
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
