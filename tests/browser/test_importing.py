"""Importing a sheet in a browser: in Chinese, by mouse and eye, at the widths staff work at."""

import pytest

from commitments.models import Observation
from tests.factories import make_agency, make_commitment, make_observation, make_staff, make_target

PASSWORD = "correct horse battery"
HEAD = "指标编码,时期,数值,单位,来源发布日期,来源类型,来源（中文）\r\n"
AGAIN = "{0},2023,310,家,2024/3/20,官方来源,公报\r\n"
WRONG = "{0},2024,350家,万家,2025/3/20,官方来源,统计公报\r\n" + AGAIN
RIGHT = "{0},2024,350,家,2025/3/20,官方来源,统计公报\r\n" + AGAIN


@pytest.fixture
def target(transactional_db):
    agency = make_agency()
    make_staff("editor", agency, password=PASSWORD)
    target = make_target(make_commitment(lead_agency=agency))
    make_observation(target.indicator, 2023, 300)
    return target


def log_in(page, address):
    page.goto(address)
    page.fill("#id_username", "editor")
    page.fill("#id_password", PASSWORD)
    page.click("input[type=submit]")


def send(page, text):
    page.set_input_files(
        "#id_file", {"name": "数据.csv", "mimeType": "text/csv", "buffer": text.encode("gb18030")}
    )
    page.click("text=检查文件")


def test_a_file_is_mended_until_it_can_be_confirmed(page, target):
    log_in(page, "/admin/commitments/sheetimport/add/")
    code = target.indicator.code
    send(page, HEAD + WRONG.format(code))
    assert "错误2处" in page.inner_text(".errornote")
    assert "C2 数值" in page.inner_text(".import table")
    assert page.locator("text=提交").count() == 0
    page.goto("/admin/commitments/sheetimport/add/")
    send(page, HEAD + RIGHT.format(code))
    assert page.inner_text(".differences del >> nth=0") == "300"
    page.click("text=提交2条记录审核")
    assert "已导入2条记录，等待审核" in page.inner_text(".messagelist")
    assert Observation.objects.in_review().count() == 2


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_axe_finds_nothing_on_the_pages_of_an_import(page, axe_problems, target, prefix, width):
    page.set_viewport_size({"width": width, "height": 900})
    log_in(page, "/admin/commitments/sheetimport/add/")
    send(page, HEAD + WRONG.format(target.indicator.code) + RIGHT.format("nobody"))
    plan = page.url.partition("/admin/")[2]
    found = []
    for address in ("commitments/sheetimport/add/", "commitments/sheetimport/", plan):
        page.goto(f"{prefix}/admin/{address}")
        found += axe_problems(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{address} is {wide} px wide"
    assert found == []
