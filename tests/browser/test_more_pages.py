"""What only a browser can tell of the agencies', themes', changes' and method's pages."""


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
