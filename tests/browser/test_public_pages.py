"""What only a browser can tell of the public pages: accessibility, reflow, weight, the keyboard."""


def unfold(page):
    """Open everything that is folded, so that it is looked at too."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")


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
