"""The first page of the staff area with something in every pile, as wide as it is opened."""

import datetime as dt

from django.utils import timezone

from commitments.actions.reviewing import send_back, submit
from tests.factories import make_agency, make_error_report, make_staff, make_update
from tests.waiting import make_register

PASSWORD = "correct horse battery"


def test_the_desk_fits_and_is_accessible(page, axe_problems, transactional_db):
    agency = make_agency()
    promises = make_register(agency)
    editor = make_staff("editor", agency)
    reviewer = make_staff("reviewer", password=PASSWORD)
    make_error_report()
    records = [make_update(promises["fresh"], published=False, by=editor) for _time in range(2)]
    an_hour_ago = timezone.now() - dt.timedelta(hours=1)
    submit(records, by=editor, at=an_hour_ago)
    send_back(records[:1], by=reviewer, at=an_hour_ago, note="请附来源页码。")
    found = []
    for address in ("/admin/", "/en/admin/"):
        page.goto(address)
        if page.query_selector("#id_username"):
            page.fill("#id_username", "reviewer")
            page.fill("#id_password", PASSWORD)
            page.click("input[type=submit]")
            page.locator(".desk").wait_for()
        # Without something in each, the check would say little.
        assert page.locator(".desk__pile").count() == 6
        for width in (360, 768, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            found += axe_problems(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert found == []
    page.click(".desk__counts a >> nth=2")
    page.locator("#changelist").wait_for()
    assert "3 commitments" in page.inner_text("#changelist .paginator")
