"""What only a browser can tell of the public pages: accessibility, reflow, weight, the keyboard."""

import gzip

import pytest
from django.core.management import call_command

HOME = ("/", "/en/")
LISTS = (
    "/commitments/",
    "/en/commitments/",
    "/commitments/?plan=xulan-example&sort=severity",
    "/en/commitments/?plan=xulan-example&sort=severity&group=met&group=off_course",
    "/en/commitments/?q=zzz&as_of=2025-01-01",
    "/commitments/?status=foo",
    "/en/commitments/?page=99",
)
PAGES = (*HOME, "/?plan=xulan-example", "/en/?plan=xulan-example", *LISTS, "/nowhere")
MOST_BYTES = 30_000


@pytest.fixture
def plans(transactional_db, settings):
    """The real plan and the fictional one, which has every kind and status."""
    for folder in ("zhuzhou-2021", "xulan-example"):
        call_command("load_plan", str(settings.SEED_DIR / folder), verbosity=0)


def unfold(page):
    """Open everything that is folded, so that it is looked at too."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")


def test_axe_finds_nothing_at_360_and_1280(plans, page, axe_problems):
    problems = []
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for address in PAGES:
            page.goto(address)
            unfold(page)
            problems += [f"{width}: {problem}" for problem in axe_problems(page)]
    assert problems == []


def test_nothing_runs_out_of_a_screen_320_wide(plans, page):
    """As wide as 1280 pixels at 400%."""
    for width in (320, 360):
        page.set_viewport_size({"width": width, "height": 640})
        for address in PAGES:
            page.goto(address)
            unfold(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_everything_to_click_is_24_pixels_at_least(plans, page):
    """Links in the middle of a sentence are exempt, and parts of a bar, which repeat its list."""
    page.set_viewport_size({"width": 360, "height": 800})
    for address in ("/en/?plan=xulan-example", "/en/commitments/?plan=xulan-example&group=met"):
        page.goto(address)
        unfold(page)
        small = page.evaluate(
            """() => [...document.querySelectorAll("a, button, summary, label:has(input), select")]
                .filter(each => !each.closest(".lead, svg, .skip"))
                .map(each => [each.textContent.trim(), each.getBoundingClientRect()])
                .filter(([, box]) => box.height < 24 || box.width < 24)
                .map(([text, box]) => `${text}: ${box.width} x ${box.height}`)"""
        )
        assert small == [], address


def test_home_and_list_weigh_30_kilobytes_at_most(plans, page):
    """With all they load, compressed as they are served."""
    for address in (*HOME, *LISTS[:4], "/en/?plan=xulan-example"):
        bodies = []

        def collect(response, bodies=bodies):
            bodies.append(response)

        page.on("response", collect)
        page.goto(address, wait_until="networkidle")
        page.remove_listener("response", collect)
        weights = {each.url: len(gzip.compress(each.body())) for each in bodies}
        assert len(weights) >= 2
        assert sum(weights.values()) <= MOST_BYTES, weights


def test_the_first_stop_of_the_keyboard_skips_to_the_content(plans, page):
    page.goto("/en/commitments/")
    page.keyboard.press("Tab")
    link = page.locator(":focus")
    assert link.inner_text() == "Skip to the content"
    assert link.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator("main :focus").count() == 1


def test_a_citizen_finds_a_promise_by_a_word_of_the_newspaper(plans, page):
    page.goto("/")
    page.get_by_label("搜索承诺事项").fill("合作社")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    rows = page.locator(".row")
    assert rows.count() >= 1
    assert "合作社" in page.locator(".rows").inner_text()
    page.get_by_role("link", name="English").click()
    assert page.locator(".row").count() == rows.count()
    assert page.locator("html").get_attribute("lang") == "en"


def test_a_citizen_finds_what_an_agency_has_not_reported(plans, page):
    page.goto("/en/")
    page.locator(".counts").get_by_role("link", name="due, no figure").click()
    page.locator("summary", has_text="Filter and order").click()
    page.get_by_label("Zhuzhou Municipal Agriculture and Rural Affairs Bureau").check()
    page.get_by_role("button", name="Show").click()
    assert page.locator(".count").inner_text() == "9 of 61 promises"
    page.get_by_role("link", name="Standing due, no figure").click()
    assert page.locator(".count").inner_text().startswith("28 of 61 promises")


def test_a_bar_is_a_way_to_its_list(plans, page):
    page.goto("/en/?plan=xulan-example")
    page.locator(".bar a").first.click()
    assert "group=met" in page.url
    assert "plan=xulan-example" in page.url
