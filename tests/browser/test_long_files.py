"""What only a browser can tell of a file that takes long: its page looks again by itself."""

import io

import pytest
from django.core.management import call_command

from commitments.report import kinds


@pytest.mark.parametrize("place", ["/", "/large/"])
def test_a_reader_waits_for_a_long_file_and_takes_it(plans, page, axe_problems, monkeypatch, place):
    monkeypatch.setattr(kinds, "MOST_AT_ONCE", 0)
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{place}report/?plan=xulan-example")
    page.get_by_role("link", name="ODS").first.click()
    page.get_by_role("link", name="停止自动刷新").click()
    assert axe_problems(page) == []
    page.get_by_role("link", name="恢复自动刷新").click()
    call_command("make_long_files", stdout=io.StringIO())
    take = page.get_by_role("link", name="下载文件")
    take.wait_for(timeout=10_000)
    assert axe_problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    with page.expect_download() as download:
        take.click()
    assert download.value.suggested_filename.endswith(".ods")
