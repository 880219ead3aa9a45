"""Frames on other sites, and the data that stands in a page's head, under the strict policy."""

import pytest

from tests.factories import make_commitment, make_observation, make_target

pytestmark = pytest.mark.django_db(transaction=True)


def test_cards_show_in_frames(page, live_server):
    commitment = make_commitment(code="ZZ-001", title_en="Firms")
    make_observation(make_target(commitment).indicator, 2025, 360)
    frames = "".join(
        f'<iframe name="{name}" src="{live_server.url}{address}"></iframe>'
        for name, address in (
            ("card", "/en/embed/commitments/ZZ-001/"),
            ("bar", f"/embed/plans/{commitment.plan.code}/"),
        )
    )
    # A page that refuses to be framed refuses here too; another host would need a second server.
    outside = f"{live_server.url}/outside/"
    page.route(outside, lambda route: route.fulfill(body=frames, content_type="text/html"))
    page.goto(outside)
    assert page.frame("card").get_by_role("heading").inner_text() == "Firms"
    colour = "getComputedStyle(document.querySelector('.badge .symbol')).color"
    assert page.frame("card").evaluate(colour) == "rgb(0, 122, 87)"
    assert page.frame("bar").locator(".part").count() == 1


def test_a_card_has_nothing_that_axe_finds(page, axe_problems):
    commitment = make_commitment(code="ZZ-001")
    make_target(commitment)
    for address in ("/embed/commitments/ZZ-001/", f"/en/embed/plans/{commitment.plan.code}/"):
        page.goto(address)
        assert axe_problems(page) == []


def test_structured_data_breaks_no_rule_of_the_policy(page):
    make_commitment(code="ZZ-001")
    page.goto("/commitments/ZZ-001/")
    # The fixture fails this test if the browser complained.
    assert page.locator('script[type="application/ld+json"]').count() == 1
    page.get_by_text("嵌入此卡片").click()
    assert page.locator("#embed-code").input_value().startswith("<iframe src=")
