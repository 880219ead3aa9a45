"""The list's filter in a browser, with the script that spares a reload and without it."""

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

LIST = "/en/commitments/?plan=xulan-example"


@pytest.fixture
def plan(transactional_db, settings):
    call_command("load_plan", str(settings.SEED_DIR / "xulan-example"), verbosity=0)


def unfolded(page, address=LIST):
    page.goto(address)
    page.get_by_text("Filter and order").click()
    return page.locator("[name=group][value=off_course]")


def test_a_choice_shows_what_it_finds_without_a_reload(plan, page):
    choice = unfolded(page)
    page.evaluate("window.isTheSamePage = true")
    behind = page.locator("#field-due_year label", has_text="2030").locator(".boxes__count")
    before = behind.inner_text()
    choice.focus()
    page.keyboard.press("Space")
    expect(page.locator(".chips")).to_contain_text("off course")
    assert page.evaluate("window.isTheSamePage")
    assert "group=off_course" in page.url
    # Focus and what is open stay; counts, links and the spoken line follow.
    expect(choice).to_be_focused()
    expect(page.locator(".filter__more")).to_have_attribute("open", "")
    expect(behind).not_to_have_text(before)
    found = page.locator(".rows .row").count()
    expect(page.locator("main > [role=status]")).to_have_text(f"{found} of 36 promises")
    expect(page.locator("[role=status]")).to_have_count(1)
    for link in ("CSV", "简体中文"):
        address = page.get_by_role("link", name=link, exact=True).get_attribute("href")
        assert "group=off_course" in address


def test_back_and_forward_lead_through_the_choices(plan, page):
    choice = unfolded(page)
    choice.check()
    expect(page.locator(".chips li")).to_have_count(1)
    page.locator("[name=group][value=withdrawn]").check()
    expect(page.locator(".chips li")).to_have_count(3)
    # As the page sees it: what Playwright counts may lag behind a list that a script changed.
    page.evaluate("history.back()")
    expect(page.locator(".chips li")).to_have_count(1)
    expect(choice).to_be_checked()
    page.evaluate("history.back()")
    expect(page.locator(".chips")).to_have_count(0)
    expect(choice).not_to_be_checked()
    page.evaluate("history.forward()")
    expect(page.locator(".chips li")).to_have_count(1)
    expect(choice).to_be_checked()
    # A jump within the page loads nothing.
    page.evaluate("window.isTheSamePage = true; location.hash = 'main'")
    page.go_back()
    assert page.evaluate("window.isTheSamePage")


def test_an_answer_that_cannot_be_shown_in_place_is_asked_for_as_a_page(plan, page):
    choice = unfolded(page)
    page.evaluate("document.querySelector('[name=group]').value = 'nonsense'")
    page.locator("[name=group]").first.check()
    expect(page.get_by_role("alert")).to_contain_text("“nonsense” is not a value this filter knows")
    expect(choice).not_to_be_checked()


def test_the_address_of_a_list_can_be_copied(plan, page, live_server):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    unfolded(page).check()
    expect(page.locator(".chips li")).to_have_count(1)
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    expect(page.locator("main > [role=status]")).to_have_text("Link copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_without_a_script_the_button_does_the_same(plan, browser, live_server):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    unfolded(page).check()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".chips")).to_contain_text("off course")
    expect(page.get_by_role("button", name="Copy the link")).to_be_hidden()
    page.locator(".chips a").click()
    expect(page.locator(".chips")).to_have_count(0)
    context.close()
