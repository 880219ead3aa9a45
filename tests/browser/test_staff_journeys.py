"""Each role in a browser, in Chinese, from login to logout; and one figure through all of them."""

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from commitments.models import Observation
from tests.factories import (
    make_agency,
    make_commitment,
    make_observation,
    make_staff,
    make_target,
    make_user,
)

PASSWORD = "correct horse battery"
ROOT = "/admin/"
LIST = "/admin/commitments/observation/"


@pytest.fixture
def target(transactional_db):
    """A promise of two years from now, of an agency with an editor; and everybody else."""
    year = timezone.localdate().year
    agency = make_agency(name_zh="市农业农村局")
    commitment = make_commitment(lead_agency=agency, due_year=year + 2, by=make_user("loader"))
    for name, role, agencies, called in (
        ("wang", "editor", [agency], "王小明"),
        ("li", "reviewer", [], "李芳"),
        ("sun", "reviewer", [], "孙伟"),
        ("zhao", "administrator", [], "赵强"),
        ("qian", "auditor", [], "钱丽"),
    ):
        make_staff(role, *agencies, username=name, password=PASSWORD, first_name=called)
    make_commitment(lead_agency=make_agency(), title_zh="别的单位的承诺", published=False)
    return make_target(
        commitment, due_period=year + 2, baseline_period=year - 4, baseline_value=200
    )


def log_in(page, name):
    page.goto(ROOT)
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.click("input[type=submit]")
    page.wait_for_selector("#logout-form")


def log_out(page):
    page.click("#logout-form button")
    page.wait_for_selector("text=感谢您")


def fill_figure(page, target, value):
    year = timezone.localdate().year - 1
    page.goto(LIST + "add/")
    page.select_option("#id_indicator", label=target.indicator.name_zh)
    page.fill("#id_period", str(year))
    page.fill("#id_value", value)
    page.fill("#id_published_on", f"{year}-12-31")
    page.fill("#id_source_zh", "统计公报")


def test_a_figure_goes_from_the_editor_to_the_public(page, target):
    year = timezone.localdate().year - 1
    public = f"/commitments/{target.commitment.code}/"
    page.set_viewport_size({"width": 360, "height": 780})
    log_in(page, "wang")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    fill_figure(page, target, "30")
    page.set_input_files(
        "#id_evidence-0-upload",
        {"name": "统计公报.txt", "mimeType": "text/plain", "buffer": "全市300家。".encode()},
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.click("text=保存并提交审核")
    assert "已提交审核" in page.inner_text(".messagelist")
    log_out(page)

    page.set_viewport_size({"width": 768, "height": 1024})
    log_in(page, "li")
    page.click("text=有1条待审核")
    assert "市农业农村局" in page.inner_text(".review table")
    page.click(f"text={target.indicator.name_zh} {year}")
    assert "暂无数据 → 背离目标" in page.inner_text(".case")
    assert "统计公报.txt" in page.inner_text(".case")
    page.click("text=退回所勾选")
    assert "请写明退回原因" in page.inner_text(".errorlist")
    page.fill("#id_note", "少写了一个零，请核对公报。")
    page.click("text=退回所勾选")
    assert "已退回" in page.inner_text(".outcomes")
    log_out(page)

    log_in(page, "wang")
    page.goto(LIST)
    page.click(f"text={target.indicator.name_zh}")
    assert "李芳" in page.inner_text(".help-line--returned")
    assert "少写了一个零" in page.inner_text(".help-line--returned")
    page.fill("#id_value", "300")
    page.click("text=保存并提交审核")
    log_out(page)

    page.goto(public)
    assert "进度正常" not in page.inner_text("main")
    log_in(page, "sun")
    page.click("text=有1条待审核")
    page.check(".review table input[type=checkbox]")
    page.click("text=查看所选")
    assert "暂无数据 → 进度正常" in page.inner_text(".case")
    page.click("text=公开所勾选")
    assert "暂无数据 → 进度正常" in page.inner_text(".outcomes")
    log_out(page)

    page.goto(public)
    assert "进度正常" in page.inner_text("main")
    assert page.locator("a", has_text="统计公报.txt").count()
    figure = Observation.objects.live().get()
    assert (figure.value, figure.published_by.username) == (300, "sun")
    log_in(page, "qian")
    page.goto(f"{LIST}{figure.pk}/history/")
    told = page.inner_text("#content")
    for name in ("wang", "li", "sun"):
        assert name in told
    assert "少写了一个零" in told
    log_out(page)


def test_an_editor_sees_the_own_agency_alone(page, target):
    log_in(page, "wang")
    page.goto("/admin/commitments/commitment/")
    assert target.commitment.title_zh in page.inner_text("#result_list")
    assert "别的单位" not in page.inner_text("#content")
    assert "用户" not in page.inner_text("#content")
    log_out(page)


def test_an_administrator_gives_a_person_a_role(page, target):
    log_in(page, "zhao")
    page.goto("/admin/auth/user/add/")
    page.fill("#id_username", "zhou")
    page.fill("#id_password1", PASSWORD)
    page.fill("#id_password2", PASSWORD)
    page.click("input[name=_continue]")
    page.fill("#id_first_name", "周敏")
    page.click(".add-row a")
    page.select_option("#id_appointments-0-role", label="审核员")
    page.click("input[name=_save]")
    assert "已保存" in page.inner_text(".messagelist")
    log_out(page)
    assert get_user_model().objects.get(username="zhou").is_staff
    page.goto(ROOT)
    page.fill("#id_username", "zhou")
    page.fill("#id_password", PASSWORD)
    page.click("input[type=submit]")
    assert "由他人设置" in page.inner_text("#content")
    page.fill("#id_old_password", PASSWORD)
    for field in ("#id_new_password1", "#id_new_password2"):
        page.fill(field, "wrong donkey charger")
    page.click("#content input[type=submit]")
    page.wait_for_selector("#logout-form")
    assert "周敏" in page.inner_text("#user-tools")
    page.goto("/admin/review/")
    assert "没有待审核的内容" in page.inner_text("#content")
    log_out(page)


def test_an_auditor_reads_and_is_offered_nothing_to_change(page, target):
    figure = make_observation(target.indicator, 2020, published=False)
    log_in(page, "qian")
    for address in (
        ROOT,
        f"/admin/commitments/commitment/{target.commitment_id}/change/",
        f"{LIST}{figure.pk}/change/",
        "/admin/auth/user/",
    ):
        page.goto(address)
        words = page.inner_text("#content")
        for offer in ("新增", "保存", "删除", "提交审核", "更正", "修订或撤销"):
            assert offer not in words, f"{address} offers {offer}"
    log_out(page)


@pytest.mark.parametrize("width", [360, 768])
def test_axe_finds_nothing_on_the_pages_of_review(page, axe_problems, target, width):
    from commitments.actions.reviewing import send_back, submit

    editor = get_user_model().objects.get(username="wang")
    reviewer = get_user_model().objects.get(username="li")
    now = timezone.now()
    figures = [
        make_observation(target.indicator, year, 250, published=False, by=editor)
        for year in (2020, 2021, 2022)
    ]
    submit(figures, by=editor, at=now)
    send_back(figures[2:], by=reviewer, at=now, note="请核对。")
    page.set_viewport_size({"width": width, "height": 900})
    found = []

    def look(*addresses):
        for address in addresses:
            page.goto(address)
            found.extend(axe_problems(page))
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{address} is {wide} px wide"

    tokens = "&".join(f"record=observation-{figure.pk}" for figure in figures[:2])
    log_in(page, "li")
    look("/admin/", "/admin/review/", f"/admin/review/look/?{tokens}")
    page.uncheck(".case input >> nth=1")
    page.click("text=公开所勾选")
    page.wait_for_selector(".outcomes")
    found += axe_problems(page)
    log_out(page)
    log_in(page, "wang")
    look(
        LIST,
        LIST + "add/",
        f"{LIST}{figures[1].pk}/change/",
        f"{LIST}{figures[2].pk}/change/",
        f"/admin/commitments/commitment/{target.commitment_id}/change/",
        f"/admin/commitments/amendment/add/?commitment={target.commitment_id}",
    )
    log_out(page)
    log_in(page, "zhao")
    look("/admin/auth/user/", f"/admin/auth/user/{editor.pk}/change/")
    assert found == []
