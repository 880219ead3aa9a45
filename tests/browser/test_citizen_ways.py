"""A citizen's ways through the site on a phone, each in one or two taps, and without a script."""

import csv
import io
import re
import zipfile

import pytest

PHONE = {"width": 360, "height": 740}


class Citizen:
    """Taps are counted; typing a word or a date is none."""

    def __init__(self, page):
        self.page, self.taps = page, 0
        page.set_viewport_size(PHONE)

    def opens(self, address):
        assert self.page.goto(address).status == 200
        return self

    def taps_on(self, place):
        with self.page.expect_navigation():
            place.click()
        self.taps += 1

    def takes(self, place):
        """What a tap downloads."""
        with self.page.expect_download() as download:
            place.click()
        self.taps += 1
        return download.value.path().read_bytes()

    def reads(self, place="main"):
        return " ".join(self.page.locator(place).inner_text().split())


@pytest.fixture
def citizen(plans, page_with_and_without_scripts):
    return Citizen(page_with_and_without_scripts)


def test_finds_a_promise_by_a_word_of_the_newspaper(citizen):
    page = citizen.opens("/").page
    page.get_by_label("搜索承诺事项").fill("龙头企业")
    citizen.taps_on(page.get_by_role("button", name="搜索"))
    citizen.taps_on(page.locator(".row").get_by_role("link", name="发展市级以上农业龙头企业"))
    assert citizen.taps == 2
    assert "350家" in citizen.reads("mark")
    assert "株洲市农业农村局" in citizen.reads()


def test_finds_it_in_english_too(citizen):
    page = citizen.opens("/en/").page
    page.get_by_label("Search the promises").fill("leading enterprises")
    citizen.taps_on(page.get_by_role("button", name="Search"))
    citizen.taps_on(page.locator(".row").get_by_role("link").first)
    assert citizen.taps == 2
    assert "at least 350 enterprises" in citizen.reads()


def test_finds_what_an_agency_missed(citizen):
    page = citizen.opens("/?plan=xulan-example").page
    agency = "虚澜市发展和改革委员会（虚构）"
    citizen.taps_on(page.get_by_role("link", name=agency).first)
    citizen.taps_on(page.locator(".counts").get_by_role("link", name="未实现"))
    assert citizen.taps == 2
    rows = page.locator(".row")
    assert rows.count() >= 1
    for row in rows.all():
        assert agency in row.inner_text()
        assert "未实现" in row.locator(".badge").inner_text()


def test_understands_why_it_stands_so(citizen):
    page = citizen.opens("/en/?plan=xulan-example").page
    citizen.taps_on(page.locator(".counts").get_by_role("link", name="missed"))
    citizen.taps_on(page.locator(".row").get_by_role("link", name="GDP of 360 billion yuan"))
    assert citizen.taps == 2
    heading = page.get_by_role("heading", name="Why this status")
    assert heading.is_visible()
    why = citizen.reads("section:has(> #why)")
    # The figure that was judged, what it lacks, and how much of the way was gone.
    for words in ("347.18 billion yuan", "347.18 − 360 = −12.82", "88.4%"):
        assert words in why, words


def test_sees_what_was_shown_on_a_past_day(citizen):
    page = citizen.opens("/?plan=xulan-example").page
    today = citizen.reads(".lead")
    page.get_by_label("查看本页在以下日期的内容").fill("2023-06-30")
    citizen.taps_on(page.get_by_role("button", name="查看当日"))
    assert citizen.taps == 1
    assert "2023年6月30日" in citizen.reads(".notice--past")
    assert citizen.reads(".lead") != today
    # The day stays as the citizen reads on, and one tap leads back.
    citizen.taps_on(page.locator(".counts a").first)
    assert "as_of=2023-06-30" in page.url
    assert "2023年6月30日" in citizen.reads(".notice--past")
    citizen.taps_on(page.locator(".notice--past a"))
    assert page.locator(".notice--past").count() == 0


def test_sees_a_promise_as_it_was(citizen):
    page = citizen.opens("/en/commitments/XL-001/").page
    page.get_by_label("See this page as the site showed it on").fill("2023-06-30")
    citizen.taps_on(page.get_by_role("button", name="Show that day"))
    assert citizen.taps == 1
    assert "30 June 2023" in citizen.reads(".notice--past")
    assert "on pace" in citizen.reads(".verdict") or "behind" in citizen.reads(".verdict")


def test_takes_what_is_on_the_screen_as_a_file(citizen):
    page = citizen.opens("/?plan=xulan-example").page
    citizen.taps_on(page.locator(".counts").get_by_role("link", name="未实现"))
    count = int(re.match(r"\d+", page.locator(".count strong").inner_text()).group())
    table = citizen.takes(page.locator(".files").get_by_role("link", name="CSV")).decode(
        "utf-8-sig"
    )
    assert citizen.taps == 2
    codes = {row[0] for row in csv.reader(io.StringIO(table)) if row and row[0].startswith("XL-")}
    assert len(codes) == count
    book = citizen.takes(page.locator(".files").get_by_role("link", name="XLSX"))
    names = zipfile.ZipFile(io.BytesIO(book)).namelist()
    assert "xl/workbook.xml" in names


def test_subscribes_to_changes_and_due_dates(citizen):
    """The links are what a feed reader or a calendar is given: they must answer with one."""
    page = citizen.opens("/?plan=xulan-example").page
    for place in (".follow", ".files"):
        if place == ".files":
            citizen.taps_on(page.locator(".counts").get_by_role("link", name="未实现"))
        for kind, start in (
            ("application/atom+xml", b"<?xml"),
            ("text/calendar", b"BEGIN:VCALENDAR"),
        ):
            # One tap more: what it opens depends on the reader's own programs.
            address = page.locator(place).locator(f"[type='{kind}']").get_attribute("href")
            answer = page.request.get(address)
            assert answer.status == 200
            assert answer.headers["content-type"].startswith(kind)
            assert answer.body().startswith(start)
            assert "plan=xulan-example" in address
    assert citizen.taps == 1
    assert "missed" in address


def test_reads_in_large_text_and_it_stays(citizen):
    page = citizen.opens("/").page
    citizen.taps_on(page.get_by_role("link", name="长辈版"))
    assert citizen.taps == 1
    small = 18
    citizen.taps_on(page.locator(".counts a").first)
    citizen.taps_on(page.locator(".row a").first)
    citizen.taps_on(page.get_by_role("link", name="English"))
    assert "/en/large/commitments/" in page.url
    sizes = page.locator("main p, main li, main dd, main dt, main a, main summary").evaluate_all(
        "all => all.filter(each => each.checkVisibility() && !each.closest('svg, .unseen'))"
        ".map(each => parseFloat(getComputedStyle(each).fontSize))"
    )
    assert min(sizes) >= small
    citizen.taps_on(page.get_by_role("link", name="Standard text"))
    assert "/large/" not in page.url
