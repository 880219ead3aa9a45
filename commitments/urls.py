"""The public pages. They are in bookmarks and printed reports: no address may ever change.

Each has a second address in large text, see docs/decisions/0012-large-text.md.
"""

from django.urls import path

from commitments import converters  # noqa: F401
from commitments.api.views import api_page
from commitments.views.about import about, accessibility, data
from commitments.views.agency import agency, agency_list
from commitments.views.changes import changes, corrections
from commitments.views.check_file import check_file
from commitments.views.commitment import commitment
from commitments.views.commitments import commitment_list
from commitments.views.error_report import report_error, report_thanks
from commitments.views.home import home
from commitments.views.issued_reports import issued_report, issued_reports, report_difference
from commitments.views.long_file import ask_long_file, long_file
from commitments.views.method import method
from commitments.views.plan import plan
from commitments.views.report import report
from commitments.views.theme import theme, theme_list

urlpatterns = [
    path("", home, name="home"),
    path("commitments/", commitment_list, name="commitments"),
    path("commitments/<code:code>/", commitment, name="commitment"),
    path("report/", report, name="report"),
    path("long-files/", ask_long_file, name="long_files"),
    path("long-files/<code:key>/", long_file, name="long_file"),
    path("reports/", issued_reports, name="issued_reports"),
    path("reports/check/", check_file, name="check_file"),
    path("reports/<code:number>/", issued_report, name="issued_report"),
    path("reports/<code:number>/since/<code:since>/", report_difference, name="report_difference"),
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
    path("api/", api_page, name="api"),
    path("report-error/", report_error, name="report_error"),
    path("report-error/<code:reference>/", report_thanks, name="report_thanks"),
]
