"""The staff area as a person meets it in a browser."""

import datetime as dt

import pytest
from django.utils import timezone

from commitments.models import Observation
from tests.factories import (
    make_commitment,
    make_observation,
    make_target,
    make_update,
    make_user,
)

PASSWORD = "correct horse battery"
WIDTHS = (360, 1280)
STAFF = ("/admin/", "/en/admin/")


@pytest.fixture
def target(transactional_db):
    make_user("staff", password=PASSWORD, is_staff=True, is_superuser=True)
    year = timezone.localdate().year
    commitment = make_commitment(due_year=year + 2)
    make_update(commitment)
    return make_target(
        commitment,
        due_period=year + 2,
        baseline_period=year - 4,
        baseline_value=200,
    )


def log_in(page, address):
    page.goto(address)
    page.fill("#id_username", "staff")
    page.fill("#id_password", PASSWORD)
    page.click("input[type=submit]")


def test_a_figure_is_entered_and_submitted_in_chinese(page, target):
    year = timezone.localdate().year - 1
    log_in(page, "/admin/commitments/observation/add/")
    page.select_option("#id_indicator", label=target.indicator.name_zh)
    page.fill("#id_period", str(year))
    page.fill("#id_value", "３００家")
    page.fill("#id_published_on", f"{year}-12-31")
    page.fill("#id_source_zh", "统计公报")
    page.click("text=保存并提交审核")
    assert "含有全角字符" in page.inner_text(".field-value .errorlist")
    page.fill("#id_value", "300")
    page.click("text=保存并提交审核")
    assert "已提交审核" in page.inner_text(".messagelist")
    assert Observation.objects.in_review().get().value == 300


def test_a_figure_is_corrected_from_the_list(page, target):
    year = timezone.localdate().year - 1
    old = make_observation(target.indicator, year, 300, published_on=dt.date(year, 12, 31))
    log_in(page, "/en/admin/commitments/observation/")
    page.click("#result_list .field-correct_link a")
    assert page.input_value("#id_value") == "300"
    assert page.is_disabled("#id_indicator")
    page.fill("#id_value", "310")
    page.click("text=Save and submit for review")
    assert "Submitted for review" in page.inner_text(".messagelist")
    old.refresh_from_db()
    assert (old.value, old.replaced_by) == (300, None)
    assert Observation.objects.in_review().get().value == 310


def test_scripts_of_the_stock_admin_work_under_the_policy(page, target):
    """The page fixture fails on any breach; this opens what the scripts draw."""
    log_in(page, "/admin/commitments/observation/add/")
    page.click("#calendarlink0")
    page.click("#calendarin0 td:not(.nonday) a >> nth=0")
    assert page.input_value("#id_published_on").endswith("01")
    draft = make_commitment(published=False)
    page.goto(f"/en/admin/commitments/commitment/{draft.pk}/change/")
    page.click("#targets-group .add-row a")
    page.fill("#id_targets-0-code", "T-2")
    with page.expect_popup() as popup:
        page.click("#add_id_lead_agency")
    popup.value.wait_for_load_state()
    popup.value.fill("#id_code", "new-agency")
    popup.value.fill("#id_name_zh", "新单位")
    popup.value.fill("#id_name_en", "New agency")
    with popup.value.expect_event("close"):
        popup.value.click("input[name=_save]")
    page.wait_for_selector("#id_lead_agency option:checked:text('New agency')", state="attached")


@pytest.mark.parametrize("prefix", STAFF)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_the_staff_pages(page, axe_problems, target, prefix, width):
    figure = make_observation(target.indicator, 2023)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(prefix)
    found = axe_problems(page)
    log_in(page, prefix)
    for address in (
        "",
        "commitments/commitment/",
        f"commitments/commitment/{target.commitment_id}/change/",
        "commitments/observation/",
        "commitments/observation/add/",
        f"commitments/observation/{figure.pk}/change/",
        f"commitments/indicator/{target.indicator_id}/change/",
        f"commitments/target/add/?amends={target.pk}",
    ):
        page.goto(prefix + address)
        found += axe_problems(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{address} is {wide} px wide"
    assert found == []
