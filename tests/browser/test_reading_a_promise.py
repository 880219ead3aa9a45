"""A citizen reads one promise, on a phone and on a desk, in both languages."""

import datetime as dt

import pytest

from tests.factories import (
    make_commitment,
    make_indicator,
    make_milestone,
    make_observation,
    make_passage,
    make_plan,
    make_source,
    make_target,
    make_update,
)

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = [(360, 740), (1280, 900)]


def make_one_of_each():
    """A promise with every part that a page can have."""
    plan = make_plan(code="zhuzhou", is_fictional=True, summary_en="A plan.")
    source = make_source(plan, note_en="Transcribed.")
    commitment = make_commitment(
        code="ZZ-001", source=source, editor_note_zh="疑为错字。", editor_note_en="A misprint."
    )
    number = make_target(
        commitment,
        baseline_period=2020,
        baseline_value=200,
        due_period=2035,
        interim=[["2024", "260"]],
    )
    decision = make_source(plan, published_on=dt.date(2023, 1, 5))
    make_target(
        commitment,
        indicator=number.indicator,
        amends=number,
        value=330,
        due_period=2035,
        document=decision,
        reason_zh="形势变化",
    )
    for year in range(2020, 2026):
        make_observation(
            number.indicator,
            year,
            200 + 9 * (year - 2020),
            is_provisional=year == 2025,
            source_kind="secondary" if year == 2022 else "official",
        )
    own, other = (make_indicator(name_en=name, unit_en="%") for name in ("City", "Province"))
    make_target(
        commitment,
        indicator=own,
        kind="above_comparator",
        comparator_indicator=other,
        first_period=2021,
        value=None,
    )
    for year in range(2021, 2025):
        make_observation(own, year, year % 3)
        make_observation(other, year, 1)
    river = make_indicator(name_en="River", unit_en="class", scale="water_class", direction="down")
    make_target(commitment, indicator=river, kind="class_at_or_better", value=2)
    make_observation(river, 2022, 3)
    air = make_indicator(name_en="Air", unit_en="", unit_zh="", direction="down")
    make_target(
        commitment, indicator=air, kind="composite", standard="GB3095-2012-grade2", value=None
    )
    make_observation(air, 2024, "37.4", item="PM2.5")
    make_milestone(commitment, done_on=dt.date(2023, 6, 1))
    make_milestone(commitment, due_on=dt.date(2024, 6, 1))
    make_update(commitment)
    commitment.context_indicators.add(number.indicator)
    make_commitment(code="ZZ-002", source=source, title_en="Vague", due_year=None)
    make_passage(source, "市农业农村局负责人介绍", note_zh="只是介绍。")
    make_source(
        plan, text="# 甲\n\n甲文。\n\n## 乙\n\n乙文。\n", title_en="With a table of contents"
    )


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("language", ["", "/en"])
def test_pages_pass_axe_and_never_scroll_sideways(page, axe_problems, language, width, height):
    make_one_of_each()
    page.set_viewport_size({"width": width, "height": height})
    for address in (
        "/commitments/ZZ-001/",
        "/commitments/ZZ-001/?as_of=2023-06-30",
        "/commitments/ZZ-002/",
        "/plans/zhuzhou/",
    ):
        page.goto(f"{language}{address}")
        for fold in page.locator("details").all():
            fold.evaluate("fold => { fold.open = true }")
        assert axe_problems(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_words_in_a_chart_can_be_read_on_a_phone(page):
    make_one_of_each()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/commitments/ZZ-001/")
    heights = page.locator(".chart__svg text").evaluate_all(
        "words => words.map(word => word.getBoundingClientRect().height)"
    )
    assert len(heights) > 10
    assert min(heights) >= 12


def test_the_quote_leads_to_its_place_in_the_text_and_back(page):
    make_one_of_each()
    page.goto("/en/commitments/ZZ-001/")
    page.get_by_role("link", name="See it in the full text").click()
    assert page.url.endswith("/en/plans/zhuzhou/#q-ZZ-001")
    assert page.locator("#q-ZZ-001 + mark, #q-ZZ-001 ~ mark").first.is_visible()
    page.get_by_role("link", name="ZZ-001").click()
    assert page.url.endswith("/en/commitments/ZZ-001/")
