"""Every kind of page, as people with other eyes, hands and screens meet it (WCAG 2.2 AA)."""

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.page_kinds import ERRORS, PAGES, in_english, in_large_text

ADDRESSES = (*PAGES, *ERRORS)
# A screen 1280 wide at 400% is 320 wide.
NARROWEST = 320


def unfold(page):
    """Open everything that is folded, so that it is looked at too."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")


def visit(page, address):
    """Shows the page; whether it was answered as it should be."""
    ordinary = address.removeprefix("/en").replace("/large/", "/", 1)
    answered = page.goto(address).status == ERRORS.get(ordinary, 200)
    unfold(page)
    return [] if answered else [f"{address}: answered otherwise"]


def headings_out_of_order(page):
    levels = page.evaluate(
        "() => [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(each => +each.tagName[1])"
    )
    in_order = all(after <= before + 1 for before, after in pairwise(levels))
    if levels[:1] == [1] and levels.count(1) == 1 and in_order:
        return []
    return [f"{page.url}: headings {levels}"]


def runs_out(page, width):
    found = page.evaluate("document.documentElement.scrollWidth")
    return [f"{page.url}: {found} wide on {width}"] if found > width else []


def cut_text(page):
    """Words whose box hides a part of them."""
    return page.evaluate(
        """() => [...document.querySelectorAll("main *, header *, footer *")]
            .filter(each => !each.closest("svg, .unseen, textarea, thead"))
            .filter(each => ["hidden", "clip"].includes(getComputedStyle(each).overflowX)
                && each.scrollWidth > each.clientWidth + 1)
            .map(each => `${location.pathname}: ${each.className} "${each.textContent.trim()}"`)"""
    )


def too_small(page, selector, least):
    return page.evaluate(
        """([selector, least]) => [...document.querySelectorAll(selector)]
            .filter(each => !each.closest(".lead, svg, .skip, .unseen"))
            .map(each => [each.textContent.trim(), each.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.height < least || box.width < least))
            .map(([text, box]) =>
                `${location.href}: "${text}" is ${box.width} x ${box.height}`)""",
        [selector, least],
    )


# What a thumb must hit: all but links within a sentence.
STANDALONE = (
    ".site a, .site-foot a, button, summary, select, input:not([type=hidden], [type=checkbox]),"
    " label:has(input), .kinds a, .switch a, .follow a, .counts a, .pager a, .files a,"
    " .contents a, .downloads a, .downloads-line a, .chips a, .lines a, .row__title a,"
    " .compared a, .onward, .kicker > a:only-child"
)


@pytest.mark.parametrize(
    ("width", "place", "least"),
    [
        (360, lambda address: address, 24),
        (1280, in_english, 24),
        (360, lambda address: in_large_text(in_english(address)), 44),
        (1280, in_large_text, 44),
    ],
    ids=["phone-zh", "desk-en", "phone-en-large", "desk-zh-large"],
)
def test_every_page_is_open_to_everyone(plans, page, axe_problems, width, place, least):
    """Axe, headings, targets; nothing cut and nothing sideways, at this width and at 400%."""
    problems = []
    for address in map(place, ADDRESSES):
        page.set_viewport_size({"width": width, "height": 800})
        problems += visit(page, address)
        problems += axe_problems(page)
        problems += headings_out_of_order(page)
        problems += too_small(page, STANDALONE, least)
        problems += runs_out(page, width)
        page.set_viewport_size({"width": NARROWEST, "height": 640})
        problems += runs_out(page, NARROWEST)
        problems += cut_text(page)
    assert problems == []


@pytest.mark.parametrize("place", [lambda address: address, in_english], ids=["zh", "en"])
def test_twice_as_large_still_fits(plans, page, place):
    """At 200%, whether a browser enlarges the whole page or the letters alone."""
    problems = []
    for address in map(place, ADDRESSES):
        page.set_viewport_size({"width": 640, "height": 450})
        visit(page, address)
        problems += runs_out(page, 640)
        page.set_viewport_size({"width": 1280, "height": 900})
        # A style sheet of the test's own would break the policy; a property set here does not.
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        problems += runs_out(page, 1280)
        problems += cut_text(page)
    assert problems == []


STOPS = """() => {
    const here = document.activeElement;
    if (here === document.body) return null;
    const style = getComputedStyle(here), box = here.getBoundingClientRect();
    return {
        index: [...document.querySelectorAll("*")].indexOf(here),
        what: `${here.tagName} ${here.textContent.trim().slice(0, 30)}`,
        shown: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        seen: box.bottom > 0 && box.top < innerHeight && box.width > 0,
    };
}"""
# The parts of a bar are left out: a list of the same links stands under each.
REACHABLE = """() => {
    const all = [...document.querySelectorAll("*")];
    return [...document.querySelectorAll(
            "a[href], button, input:not([type=hidden]), select, textarea, summary")]
        .filter(each => each.checkVisibility() && !each.closest("svg"))
        .map(each => all.indexOf(each));
}"""


def stops(page, most=600):
    """Where the keyboard's Tab stops, until it leaves the page."""
    page.keyboard.press("Tab")
    found = []
    while len(found) < most:
        stop = page.evaluate(STOPS)
        if stop is None:
            return found
        found.append(stop)
        page.keyboard.press("Tab")
    raise AssertionError(f"{page.url}: the keyboard does not come out of {found[-3:]}")


@pytest.mark.parametrize("size", [lambda address: address, in_large_text], ids=["", "large"])
def test_the_keyboard_reaches_everything_in_order_and_leaves(plans, page, size):
    for address in (
        "/?plan=xulan-example",
        "/commitments/?q=%E5%86%9C",
        "/commitments/XL-001/",
        "/agencies/XL-ST/",
        "/changes/?plan=xulan-example&kind=amendment",
        "/method/",
        "/report-error/",
        "/nowhere/",
    ):
        # Each in a window of its own: the keyboard has left the one before.
        with page.context.new_page() as window:
            window.emulate_media(reduced_motion="reduce")
            window.goto(size(address))
            unfold(window)
            found = stops(window)
            reachable = window.evaluate(REACHABLE)
        assert found[0]["what"] == "A 跳到正文"
        places = [stop["index"] for stop in found]
        # In the order of the page: none goes back, none is missed.
        assert places == sorted(places), address
        assert set(reachable) - set(places) == set(), address
        assert [stop["what"] for stop in found if not stop["seen"]] == [], address
        assert [stop["what"] for stop in found if not stop["shown"]] == [], address


def test_the_first_stop_leads_past_the_navigation(plans, page):
    for address in ("/en/commitments/", "/en/large/commitments/", "/en/nowhere"):
        page.goto(address)
        page.keyboard.press("Tab")
        link = page.locator(":focus")
        assert link.inner_text() == "Skip to the content"
        expect(link).to_be_in_viewport(ratio=1)
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("!!document.activeElement.closest('main')"), address


def test_forced_colours_keep_every_status_apart(plans, page):
    """Where the system chooses the colours, words and shapes still tell one status from another."""
    page.emulate_media(forced_colors="active")
    page.goto("/en/commitments/?plan=xulan-example&sort=severity")
    badges = page.locator(".badge")
    assert badges.count() > 10
    for badge in badges.all():
        assert badge.inner_text().strip()
        shape = badge.locator("svg").first
        colours = shape.evaluate(
            """each => { const used = getComputedStyle(each); return [used.color,
                getComputedStyle(each.parentElement).backgroundColor]; }"""
        )
        assert colours[0] != colours[1], badge.inner_text()


def test_a_status_is_never_told_by_colour_alone(plans, page):
    """Each badge has a word and a shape; each group has a shape of its own; each bar has words."""
    shapes = {}
    for address in ("/commitments/?plan=xulan-example", "/commitments/?plan=xulan-example&page=2"):
        page.goto(address)
        for badge in page.locator(".row .badge").all():
            word = badge.inner_text().strip()
            shape = badge.locator("use").first.get_attribute("href")
            assert word
            assert shape
            shapes.setdefault(shape, set()).add(word)
    words = [word for each in shapes.values() for word in each]
    # No word has two shapes, and as many shapes are there as groups in the example.
    assert len(words) == len(set(words))
    assert len(shapes) == 8
    page.goto("/?plan=xulan-example")
    for part in page.locator(".bar a").all():
        assert (part.get_attribute("aria-label") or part.text_content()).strip()


def test_nothing_moves_for_a_reader_who_wants_it_still(plans, page):
    page.emulate_media(reduced_motion="reduce")
    for address in ADDRESSES:
        page.goto(address)
        moving = page.evaluate(
            """() => [...document.querySelectorAll("*")].filter(each => {
                const style = getComputedStyle(each);
                return style.animationName !== "none"
                    || style.transitionDuration.split(",").some(each => parseFloat(each) > 0);
            }).map(each => each.className)"""
        )
        assert moving == [], address


def test_a_page_is_whole_without_a_script(plans, browser, live_server):
    """A script may add a convenience; no word waits for it."""
    words = {True: [], False: []}
    for is_on, found in words.items():
        context = browser.new_context(base_url=live_server.url, java_script_enabled=is_on)
        page = context.new_page()
        for address in ("/", "/commitments/", "/commitments/XL-001/", "/changes/"):
            page.goto(address)
            found += page.locator("body").inner_text().split()
        context.close()
    assert len(words[False]) > 200
    assert set(words[False]) <= set(words[True])
