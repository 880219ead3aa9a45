"""What only a browser can tell of the agencies', themes', changes' and method's pages."""

import gzip
from itertools import pairwise

import pytest
from django.core.management import call_command

PLACES = (
    "/agencies/",
    "/agencies/zhuzhou-agriculture/",
    "/agencies/zhuzhou-reform/",
    "/agencies/XL-ST/",
    "/agencies/XL-ST/?as_of=2023-06-01",
    "/themes/",
    "/themes/XL-ENV/",
    "/changes/",
    "/changes/?plan=xulan-example",
    "/changes/?plan=xulan-example&kind=amendment&kind=step",
    "/changes/corrections/?plan=xulan-example",
    "/method/",
    "/about/",
    "/accessibility/",
    "/data/",
)
PAGES = (*PLACES, *(f"/en{place}" for place in PLACES))
MOST_BYTES = 30_000


@pytest.fixture
def plans(transactional_db, settings):
    """The real plan and the fictional one, which has every kind and status."""
    for folder in ("zhuzhou-2021", "xulan-example"):
        call_command("load_plan", str(settings.SEED_DIR / folder), verbosity=0)


def unfold(page):
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")


def test_axe_finds_nothing_at_360_and_1280(plans, page, axe_problems):
    problems = []
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for address in PAGES:
            assert page.goto(address).status == 200, address
            unfold(page)
            problems += [f"{width}: {problem}" for problem in axe_problems(page)]
    assert problems == []


def test_nothing_runs_out_of_a_screen_320_wide(plans, page):
    page.set_viewport_size({"width": 320, "height": 640})
    for address in PAGES:
        page.goto(address)
        unfold(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address


def test_headings_come_in_order_and_there_is_one_of_the_first(plans, page):
    for address in PAGES:
        page.goto(address)
        levels = page.evaluate(
            "() => [...document.querySelectorAll('h1,h2,h3,h4,h5')].map(each => +each.tagName[1])"
        )
        assert levels[0] == 1, address
        assert levels.count(1) == 1, address
        steps = pairwise(levels)
        assert all(after <= before + 1 for before, after in steps), (address, levels)


def test_links_that_stand_alone_are_24_pixels_at_least(plans, page):
    page.set_viewport_size({"width": 360, "height": 800})
    for address in PAGES:
        page.goto(address)
        small = page.evaluate(
            """() => [...document.querySelectorAll(
                    ".site a, .site-foot a, .kinds a, .switch a, .follow a, .counts a, .pager a, "
                    + ".files a, .contents a, .downloads-line a, .kicker > a:only-child")]
                .map(each => [each.textContent.trim(), each.getBoundingClientRect()])
                .filter(([, box]) => box.height < 24 || box.width < 24)
                .map(([text, box]) => `${text}: ${box.width} x ${box.height}`)"""
        )
        assert small == [], address


def test_each_page_weighs_30_kilobytes_at_most(plans, page):
    for address in PAGES:
        bodies = []

        def collect(response, bodies=bodies):
            bodies.append(response)

        page.on("response", collect)
        page.goto(address, wait_until="networkidle")
        page.remove_listener("response", collect)
        weights = {each.url: len(gzip.compress(each.body())) for each in bodies}
        assert sum(weights.values()) <= MOST_BYTES, weights


def test_a_citizen_follows_the_navigation_to_what_an_agency_said(plans, page):
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto("/")
    page.get_by_role("navigation", name="网站导航").get_by_role("link", name="责任单位").click()
    page.get_by_role("link", name="虚澜市生态环境局（虚构）").click()
    assert page.locator("h1").inner_text() == "虚澜市生态环境局（虚构）"
    assert page.locator(".statements li").count() >= 1
    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator(".statements li").count() >= 1


def test_a_citizen_sees_only_the_corrections_and_reads_the_log(plans, page):
    page.goto("/en/changes/?plan=xulan-example")
    page.locator(".kinds").get_by_role("link", name="correction").click()
    assert page.locator(".entry").count() == 5
    page.get_by_role("link", name="Corrections log").click()
    assert page.locator("tbody tr").count() == 5
    assert "326.89 billion yuan" in page.locator("tbody tr").first.inner_text()


def test_a_link_to_a_change_shows_that_change(plans, page):
    page.goto("/en/changes/?plan=xulan-example&kind=amendment")
    key = page.locator(".entry").first.get_attribute("id")
    page.goto(f"/en/changes/?plan=xulan-example&kind=amendment#{key}")
    assert page.locator(".entry:target").count() == 1
