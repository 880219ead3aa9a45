"""What staff typed, in a browser: two at one record, a login that ran out, a file by phone."""

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from commitments.models import Agency, Entry, Evidence
from tests.factories import (
    PDF,
    make_agency,
    make_commitment,
    make_observation,
    make_target,
    make_user,
)

PASSWORD = "correct horse battery"


@pytest.fixture
def agency(transactional_db):
    make_user("staff", password=PASSWORD, is_staff=True, is_superuser=True)
    return make_agency(code="water", name_zh="市水利局", name_en="Water Bureau")


def log_in(page, address):
    page.goto(address)
    fill_login(page)


def fill_login(page):
    page.fill("#id_username", "staff")
    page.fill("#id_password", PASSWORD)
    page.click("input[type=submit]")
    page.wait_for_selector("#logout-form")


def looked_at(page, axe_problems):
    """What axe finds on a page at the widths of a phone and a tablet, and what is too wide."""
    found = []
    for width in (360, 768):
        page.set_viewport_size({"width": width, "height": 900})
        found += axe_problems(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{page.url} is {wide} px wide at {width}")
    return found


def test_the_second_to_save_chooses_between_both_versions(page, axe_problems, agency):
    log_in(page, f"/admin/commitments/agency/{agency.pk}/change/")
    Agency.objects.update(name_en="Water Office", note_zh="由办公室更名。")
    page.fill("#id_name_en", "Water Authority")
    page.fill("#id__why", "机构改革")
    page.click("input[name=_save]")
    page.wait_for_selector(".conflict")
    assert looked_at(page, axe_problems) == []
    assert "由办公室更名。" in page.inner_text("#content")
    assert page.is_checked("input[name=_keep-name_en][value=mine]")
    assert page.is_checked("input[name=_keep-note_zh][value=theirs]")
    page.click("text=按所选内容保存")
    page.wait_for_selector(".messagelist")
    agency.refresh_from_db()
    assert (agency.name_en, agency.note_zh) == ("Water Authority", "由办公室更名。")
    page.goto(f"/admin/commitments/agency/{agency.pk}/history/")
    assert "机构改革" in page.inner_text(".history")
    found = looked_at(page, axe_problems)
    page.goto("/admin/commitments/entry/")
    found += looked_at(page, axe_problems)
    page.goto(f"/admin/commitments/entry/{Entry.objects.first().pk}/change/")
    assert found + looked_at(page, axe_problems) == []


def test_a_form_comes_back_after_the_login_ran_out(page, axe_problems, agency):
    log_in(page, "/admin/commitments/agency/add/")
    page.fill("#id_code", "forest")
    page.fill("#id_name_zh", "市林业局")
    page.fill("#id_name_en", "Forestry Bureau")
    Session.objects.all().delete()
    page.click("input[name=_save]")
    page.wait_for_selector("#id_password")
    assert looked_at(page, axe_problems) == []
    fill_login(page)
    assert page.input_value("#id_name_zh") == "市林业局"
    assert looked_at(page, axe_problems) == []
    page.click("input[name=_save]")
    page.wait_for_selector(".messagelist")
    assert Agency.objects.filter(code="forest").exists()


def test_a_figure_with_its_file_is_entered_on_a_phone(page, axe_problems, agency):
    year = timezone.localdate().year - 1
    target = make_target(make_commitment(lead_agency=agency), due_period=year + 2)
    make_observation(target.indicator, year - 1, 290)
    page.set_viewport_size({"width": 360, "height": 740})
    log_in(page, f"/admin/commitments/observation/add/?indicator={target.indicator.pk}")
    page.fill("#id_period", str(year))
    page.fill("#id_value", "300家")
    page.fill("#id_published_on", f"{year}-12-31")
    page.fill("#id_source_zh", "统计公报")
    file = {"name": "统计公报.pdf", "mimeType": "application/pdf", "buffer": PDF}
    page.set_input_files("#id_evidence-0-upload", file)
    page.click("input[name=_save]")
    assert "以下文件未能保留" in page.inner_text(".help-line--warning")
    assert looked_at(page, axe_problems) == []
    page.fill("#id_value", "300")
    page.set_input_files("#id_evidence-0-upload", file)
    page.click("input[name=_continue]")
    page.wait_for_selector(".messagelist")
    with page.expect_download() as download:
        page.click("text=统计公报.pdf (")
    assert download.value.suggested_filename == "统计公报.pdf"
    assert Evidence.objects.get().size == len(PDF)
    assert looked_at(page, axe_problems) == []
