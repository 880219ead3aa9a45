"""The citizen's sentence for every branch of the rule, through the rule itself. No database."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from commitments import sentences
from commitments.actions.assessing import stored
from commitments.domain.assessment import assess_commitment, assess_milestones, assess_target
from commitments.domain.freshness import NEVER, Supply
from commitments.domain.periods import Period
from commitments.domain.result import Why
from commitments.domain.status import Status
from commitments.facts import domain_milestone, domain_observation, domain_target
from commitments.models import (
    Commitment,
    Indicator,
    Milestone,
    Observation,
    SourceDocument,
    Target,
)

ZH, EN = "zh-hans", "en"
NOW, DUE, LONG_DUE, LATER = (
    date(2024, 6, 1),
    date(2026, 6, 1),
    date(2027, 2, 1),
    date(2027, 6, 1),
)
DOCUMENT = SourceDocument(published_on=date(2021, 11, 5))
INDICATOR = {
    "name_zh": "农业龙头企业数",
    "name_en": "Leading enterprises",
    "unit_zh": "家",
    "unit_en": "enterprises",
    "reporting_unit": Decimal(1),
    "direction": "up",
}
RATIO = {"unit_zh": ":1", "unit_en": ":1", "reporting_unit": Decimal("0.001")}
PER_CENT = {"unit_zh": "%", "unit_en": "%", "reporting_unit": Decimal("0.1")}
RIVER = {"unit_zh": "类", "unit_en": "class", "scale": "water_class"}
SIX = ("SO2", "NO2", "PM10", "PM2.5", "CO_p95", "O3_p90")
TEN = (*SIX, "SO2_p98", "NO2_p98", "PM10_p95", "PM2.5_p95")


def a_target(kind="at_least", value=350, baseline=(2020, 200), due=2025, indicator=(), **fields):
    if baseline:
        fields["baseline_period"] = Period(baseline[0])
        fields["baseline_value"] = Decimal(str(baseline[1]))
    return Target(
        kind=kind,
        value=None if value is None else Decimal(str(value)),
        due_period=Period.parse(str(due)),
        indicator=Indicator(**(INDICATOR | dict(indicator))),
        document=DOCUMENT,
        **fields,
    )


def figures(values, **fields):
    """Figures published in the March after their year; a key may be (year, item)."""
    rows = []
    for key, value in values.items():
        year, item = key if isinstance(key, tuple) else (key, "")
        row = Observation(
            period=Period.parse(str(year)),
            item=item,
            value=Decimal(str(value)),
            published_on=date(Period.parse(str(year)).year + 1, 3, 1),
            **fields,
        )
        rows.append(domain_observation(row))
    return rows


def judged(target, values, on, other=(), **fields):
    found = assess_target(
        domain_target(target),
        figures(values, **fields),
        as_of=on,
        comparator=figures(dict(other)),
    )
    return stored(found, target, found.flags)


def number(values, on=NOW, **target):
    return judged(a_target(**target), values, on)


def versus(own, other, on=NOW, due=2025):
    compared = Indicator(name_zh="收入增速（全省）", name_en="Income growth, province", **PER_CENT)
    names = {"name_zh": "收入增速（本市）", "name_en": "Income growth, city"}
    target = a_target(
        kind="above_comparator",
        value=None,
        baseline=None,
        due=due,
        indicator=PER_CENT | names,
        comparator_indicator=compared,
        first_period=Period(2021),
    )
    return judged(target, own, on, other)


def air(years, on=DUE, due=2025):
    """A test by the air standard; `years` maps a year to its figures by item."""
    target = a_target(
        kind="composite", value=None, baseline=None, due=due, standard="GB3095-2012-grade2"
    )
    values = {(year, item): value for year, items in years.items() for item, value in items.items()}
    return judged(target, values, on)


def clean(*items):
    return dict.fromkeys(items, 2)


def steps(*done, on=NOW):
    rows = [
        Milestone(
            title_zh=f"第{n}步",
            title_en=f"Step {n}",
            due_on=date(2022 + n, 12, 31),
            done_on=day,
            done_published_on=day,
        )
        for n, day in enumerate(done, start=1)
    ]
    found = assess_milestones([domain_milestone(row) for row in rows], as_of=on)
    row = stored(found, None, ())
    row.steps = rows
    return row


def untested(due_year=None, withdrawn_on=None):
    found = assess_commitment(withdrawn_on=withdrawn_on, as_of=NOW)
    row = stored(found, None, ())
    row.commitment = Commitment(
        due_year=due_year,
        withdrawn_on=withdrawn_on,
        withdrawn_document_zh="《关于终止项目的通告》",
        withdrawn_document_en="the Notice Ending the Project",
    )
    return row


def case(why, assessment, zh, en):
    return pytest.param(why, assessment, zh, en, id=f"{why.value}-{assessment.status}")


CASES = [
    # --- Pace -----------------------------------------------------------------------------------
    case(
        Why.BEHIND_PACE,
        number({2023: 271}),
        "到2023年底，时间过了60%，承诺的变化完成了47%：进度滞后。",
        "By the end of 2023, 60% of the time had passed and 47% of the promised change had "
        "happened: behind.",
    ),
    case(
        Why.BEHIND_PACE,
        number({2023: 290}, interim=[["2023", "300"]]),
        "到2023年底，承诺的变化完成了60%，按文件的阶段目标应完成66%：进度滞后。",
        "By the end of 2023, 60% of the promised change had happened, where the document’s "
        "interim targets called for 66%: behind.",
    ),
    case(
        Why.ON_PACE,
        number({2023: 296}),
        "到2023年底，时间过了60%，承诺的变化完成了64%：进度正常。",
        "By the end of 2023, 60% of the time had passed and 64% of the promised change had "
        "happened: on pace.",
    ),
    case(
        Why.FAR_BEHIND_PACE,
        number({2023: 240}),
        "到2023年底，时间过了60%，承诺的变化完成了26%：严重滞后。",
        "By the end of 2023, 60% of the time had passed and 26% of the promised change had "
        "happened: far behind.",
    ),
    case(
        Why.NO_CHANGE,
        number({2023: 200}),
        "到2023年底，时间过了60%，数据为200家，与2020年的200家相比没有可衡量的进展：严重滞后。",
        "By the end of 2023, 60% of the time had passed, and 200 enterprises is no measurable "
        "improvement on the 200 enterprises of 2020: far behind.",
    ),
    case(
        Why.WORSE_THAN_BASELINE,
        number({2023: "2.1"}, kind="ratio", value="1.8", baseline=(2020, "2.05"), indicator=RATIO),
        "2023年为2.1:1，离不超过1.8:1的目标比2020年的2.05:1更远：背离目标。",
        "The figure for 2023 was 2.1:1, further from the target of at most 1.8:1 than the 2.05:1 "
        "of 2020: moving away.",
    ),
    case(
        Why.NOTHING_EXPECTED_YET,
        number({2022: 200}, interim=[["2023", "200"]]),
        "到2022年底，文件的阶段目标尚不要求有变化，数据为200家：进度正常。",
        "By the end of 2022 the document’s interim targets called for no change yet, and the "
        "figure was 200 enterprises: on pace.",
    ),
    # --- Before it is due -----------------------------------------------------------------------
    case(
        Why.MET_AT_BASELINE,
        number({2023: "45.7"}, value=46, baseline=(2020, "46.2"), indicator=PER_CENT),
        "不低于46%的目标在2020年（46.2%）本已达到，2023年为45.7%，反而没有达到：背离目标。",
        "The target of at least 46% was met in 2020 with 46.2%, but the figure for 2023 was "
        "45.7%: moving away.",
    ),
    case(
        Why.LATEST_MEETS,
        number(
            {"2024-Q1": 98},
            due="2026-Q4",
            value=98,
            indicator=PER_CENT | {"frequency": "quarter"},
            on=date(2025, 4, 1),
        ),
        "2024年第一季度为98%，已达到2026年第四季度不低于98%的目标：提前达到（待保持）。",
        "The figure for Q1 2024 was 98%, which already meets the target of at least 98% for "
        "Q4 2026: met early, must hold.",
    ),
    case(
        Why.LATEST_MEETS,
        judged(
            a_target(kind="class_at_or_better", value=2, baseline=None, indicator=RIVER),
            {2022: 2},
            NOW,
            stated_zh="优于Ⅱ类",
            stated_en="better than class Ⅱ",
        ),
        "2022年为优于Ⅱ类，已达到2025年Ⅱ类或更好的目标：提前达到（待保持）。",
        "The figure for 2022 was better than class Ⅱ, which already meets the target of class Ⅱ "
        "or better for 2025: met early, must hold.",
    ),
    case(
        Why.STALE,
        number({2021: 240}),
        "最近的数据是2021年的240家，已有两期以上没有更新：数据不足。",
        "The latest figure, 240 enterprises, is for 2021, two or more reporting periods ago: not "
        "enough data.",
    ),
    case(
        Why.NO_BASELINE,
        number({2023: 300}, baseline=None),
        "2023年为300家，没有更早的数据可作基数，无法衡量进度：数据不足。",
        "The figure for 2023 was 300 enterprises, and there is no earlier one to measure progress "
        "from: not enough data.",
    ),
    case(
        Why.STOCK_REACHED,
        number({2023: 352}, indicator={"measure": "cumulative"}),
        "2023年累计为352家，达到不少于350家的目标，累计数不会减少：已实现。",
        "The total, which cannot fall, was 352 enterprises in 2023, which meets the target of at "
        "least 350 enterprises: achieved.",
    ),
    # --- No figure ------------------------------------------------------------------------------
    case(
        Why.NO_VALUES,
        number({}),
        "2025年到期，尚未查到任何数据：暂无数据。",
        "No figure has been found yet; the test is due in 2025: no data.",
    ),
    case(
        Why.NO_VALUES,
        number({}, on=DUE),
        "到期时间2025年已过，尚未查到2025年的数据：到期待公布。",
        "The due time 2025 has passed and no figure for 2025 has been found: due, figure awaited.",
    ),
    case(
        Why.NO_VALUES,
        number({}, on=LONG_DUE),
        "到期时间2025年已过一年以上，仍未查到2025年的数据：到期未公布。",
        "The due time 2025 passed more than a year ago and no figure for 2025 has been found: "
        "due, never reported.",
    ),
    case(
        Why.DUE_UNPUBLISHED,
        number({2024: 300}, on=DUE),
        "到期时间2025年已过，尚未查到2025年的数据，最近的数据是2024年的300家：到期待公布。",
        "The due time 2025 has passed and no figure for 2025 has been found; the latest is 300 "
        "enterprises for 2024: due, figure awaited.",
    ),
    case(
        Why.DUE_UNPUBLISHED,
        number({2024: 300}, on=LONG_DUE),
        "到期时间2025年已过一年以上，仍未查到2025年的数据，最近的数据是2024年的300家：到期未公布。",
        "The due time 2025 passed more than a year ago and no figure for 2025 has been found; the "
        "latest is 300 enterprises for 2024: due, never reported.",
    ),
    # --- Due ------------------------------------------------------------------------------------
    case(
        Why.DUE_MET,
        number({2025: 0}, kind="zero", value=None, baseline=(2020, 37), on=DUE),
        "2025年为0家，达到清零的目标：已实现。",
        "The figure for 2025 was 0 enterprises, which meets the target of zero: achieved.",
    ),
    case(
        Why.DUE_SHORT,
        number(
            {2025: "99.6"},
            kind="coverage",
            value=100,
            baseline=(2020, "71.5"),
            indicator=PER_CENT,
            on=DUE,
        ),
        "2025年为99.6%，没有达到100%的目标；完成承诺变化的98%，仍未实现。",
        "The figure for 2025 was 99.6%, which does not meet the target of 100%; 98% of the "
        "promised change was made, and the target was still missed.",
    ),
    case(
        Why.DUE_SHORT,
        number({2025: "349.999999"}, on=DUE),
        "2025年为349.999999家，没有达到不少于350家的目标；完成承诺变化的99%，仍未实现。",
        "The figure for 2025 was 349.999999 enterprises, which does not meet the target of at "
        "least 350 enterprises; 99% of the promised change was made, and the target was still "
        "missed.",
    ),
    case(
        Why.DUE_SHORT,
        number({2025: 340}, baseline=None, on=DUE),
        "2025年为340家，没有达到不少于350家的目标：未实现。",
        "The figure for 2025 was 340 enterprises, which does not meet the target of at least 350 "
        "enterprises: missed.",
    ),
    case(
        Why.MET_AFTER_DUE,
        number({2025: 340, 2026: 352}, on=LATER),
        "不少于350家的目标应于2025年达到，到2026年才达到，为352家：逾期实现。",
        "The target of at least 350 enterprises was due in 2025 and was met only in 2026, with "
        "352 enterprises: achieved late.",
    ),
    case(
        Why.LATER_MET,
        number({2026: 352}, on=LATER),
        "到期的2025年没有公布数据，此后2026年为352家，达到不少于350家的目标，是否按期达到未经核实：已实现。",
        "No figure for 2025, when it fell due, was published; that for 2026 was 352 enterprises, "
        "which meets the target of at least 350 enterprises, but whether it was met in time is "
        "not verified: achieved.",
    ),
    case(
        Why.LATER_SHORT,
        number({2026: 320}, on=LATER),
        "到期的2025年没有公布数据，此后2026年为320家，没有达到不少于350家的目标；完成承诺变化的80%，仍未实现。",
        "No figure for 2025, when it fell due, was published; that for 2026 was 320 enterprises, "
        "which does not meet the target of at least 350 enterprises; 80% of the promised change "
        "was made, and the target was still missed.",
    ),
    # --- Every year -----------------------------------------------------------------------------
    case(
        Why.YEARS_ALL_MET,
        versus(dict.fromkeys(range(2021, 2026), 6), dict.fromkeys(range(2021, 2026), 5), DUE),
        "每年都高于“全省”，5年中5年：已实现。",
        "Above “province” every year, 5 of 5 years: achieved.",
    ),
    case(
        Why.YEAR_FAILED,
        versus({2021: 6, 2022: "5.3", 2023: 6}, {2021: 5, 2022: "5.3", 2023: 5}),
        "2022年为5.3%，没有高于“全省”的5.3%；5年中2年高于（2022年未达到）：年度失守。",
        "In 2022 the figure was 5.3%, not above the 5.3% of “province”; above it in 2 of 5 years "
        "(not in 2022): a year was missed.",
    ),
    case(
        Why.YEAR_FAILED,
        versus(
            {2021: 6, 2022: 6, 2023: 6, 2024: 4, 2025: 6}, dict.fromkeys(range(2021, 2026), 5), DUE
        ),
        "2024年为4%，没有高于“全省”的5%；5年中4年高于（2024年未达到）：未实现。",
        "In 2024 the figure was 4%, not above the 5% of “province”; above it in 4 of 5 years (not "
        "in 2024): missed.",
    ),
    case(
        Why.YEARS_MISSING,
        versus({2021: 6, 2022: 6, 2023: 6, 2025: 6}, dict.fromkeys(range(2021, 2026), 5), DUE),
        "到期时间2025年已过，5年中4年高于“全省”（2024年缺数据）：到期待公布。",
        "The due time 2025 has passed; above “province” in 4 of 5 years (no figure for 2024): "
        "due, figure awaited.",
    ),
    case(
        Why.YEARS_MISSING,
        versus({}, {}, LONG_DUE),
        "到期时间2025年已过，尚未查到可与“全省”比较的数据，5年中0年：到期未公布。",
        "The due time 2025 has passed and no figures to compare with “province” have been found, "
        "0 of 5 years: due, never reported.",
    ),
    case(
        Why.YEARS_MET_SO_FAR,
        versus({2021: 6, 2022: 6, 2023: 6}, {2021: 5, 2022: 5, 2023: 5}),
        "已有数据的年份都高于“全省”，5年中3年：进度正常。",
        "Above “province” wherever both figures are known, in 3 of 5 years: on pace.",
    ),
    case(
        Why.YEARS_NONE_JUDGED,
        versus({2021: 6}, {}),
        "尚未查到可与“全省”比较的数据，5年中0年（2021–2023年缺数据）：暂无数据。",
        "No figures to compare with “province” have been found yet, 0 of 5 years (no figure for "
        "2021–2023): no data.",
    ),
    case(
        Why.YEARS_STALE,
        versus({2021: 6}, {2021: 5}),
        "可比较的数据已有两期以上没有更新；5年中1年高于“全省”（2022、2023年缺数据）：数据不足。",
        "The last figures that can be compared are two or more periods old; above “province” in 1 "
        "of 5 years (no figure for 2022, 2023): not enough data.",
    ),
    # --- A standard of several items ------------------------------------------------------------
    case(
        Why.ITEMS_ALL_PASS,
        air({2025: clean(*TEN)}),
        "2025年，GB 3095-2012 二级的10项全部达标：已实现。",
        "In 2025 all 10 items of GB 3095-2012 grade 2 passed: achieved.",
    ),
    case(
        Why.ITEM_FAILED,
        air({2025: clean(*TEN) | {"PM2.5": "35.6"}}),
        "2025年，“PM2.5年平均”为35.6微克/立方米（按标准修约为36），超过35微克/立方米的限值；"
        "GB 3095-2012 二级的10项中有1项不达标：未实现。",
        "In 2025, “PM2.5 annual mean” was 35.6 µg/m³ (36 as the standard rounds), above the limit "
        "of 35 µg/m³; 1 of the 10 items of GB 3095-2012 grade 2 failed: missed.",
    ),
    case(
        Why.ITEMS_PASSED_LATER,
        air({2023: clean(*TEN) | {"PM2.5": 36}, 2024: clean(*TEN)}, due=2023),
        "GB 3095-2012 二级的10项应于2023年达标，到2024年才全部达标：逾期实现。",
        "The 10 items of GB 3095-2012 grade 2 were due to pass in 2023, and all did only in 2024: "
        "achieved late.",
    ),
    case(
        Why.ITEMS_MISSING,
        air({2025: clean(*SIX)}),
        "到期时间2025年已过，公布的六项均达标（日均百分位未公布）：到期待公布。",
        "The due time 2025 has passed; all six published items pass (daily percentiles not "
        "published): due, figure awaited.",
    ),
    case(
        Why.ITEMS_MISSING,
        air({2024: clean(*SIX)}, on=LONG_DUE),
        "到期时间2025年已过，尚未查到2025年的数据：到期未公布。",
        "The due time 2025 has passed and no figure for 2025 has been found: due, never reported.",
    ),
    case(
        Why.ITEM_WORST,
        air({2021: {"PM2.5": 45}, 2022: {"PM2.5": 45}, 2023: {"PM2.5": 41}}, on=NOW),
        "到2023年底，时间过了50%，最差的一项“PM2.5年平均”为41微克/立方米（限值35微克/立方米），"
        "完成了承诺变化的40%：进度滞后。",
        "By the end of 2023, 50% of the time had passed, and the worst item, “PM2.5 annual mean”, "
        "at 41 µg/m³ with a limit of 35 µg/m³, had made 40% of the change promised: behind.",
    ),
    case(
        Why.ITEM_WORST,
        air({2023: {"PM2.5": 41}}, on=NOW),
        "到2023年底，最差的一项“PM2.5年平均”为41微克/立方米，限值35微克/立方米，"
        "没有更早的数据可作基数，无法衡量进度：数据不足。",
        "By the end of 2023 the worst item, “PM2.5 annual mean”, was 41 µg/m³ with a limit of 35 "
        "µg/m³, and there is no earlier figure to measure progress from: not enough data.",
    ),
    case(
        Why.ITEM_WORST,
        air({2023: clean(*SIX)}, on=NOW),
        "到2023年底，公布的六项均达标（日均百分位未公布）：提前达到（待保持）。",
        "By the end of 2023, all six published items pass (daily percentiles not published): met "
        "early, must hold.",
    ),
    # --- Dated steps ----------------------------------------------------------------------------
    case(
        Why.STEPS_ALL_DONE,
        steps(date(2023, 5, 1), date(2024, 5, 1)),
        "2个节点均已在最后期限2024年12月31日前完成：已实现。",
        "All 2 steps were done by the last date set, 31 December 2024: achieved.",
    ),
    case(
        Why.STEPS_DONE_LATE,
        steps(date(2023, 5, 1), date(2025, 5, 1), on=DUE),
        "各节点均已完成，最后一个于2025年5月1日完成，晚于最后期限2024年12月31日：逾期实现。",
        "Every step is done, the last on 1 May 2025, after the last date set, 31 December 2024: "
        "achieved late.",
    ),
    case(
        Why.STEPS_LAST_DATE_PASSED,
        steps(date(2023, 5, 1), None, on=DUE),
        "最后期限2024年12月31日已过，2个节点完成了1个：未实现。",
        "The last date set, 31 December 2024, has passed, and 1 of 2 steps are done: missed.",
    ),
    case(
        Why.STEP_OVERDUE,
        steps(None, None),
        "2个节点完成了0个，“第1步”应于2023年12月31日完成，尚未完成：进度滞后。",
        "0 of 2 steps are done; “Step 1” was due on 31 December 2023 and is not: behind.",
    ),
    case(
        Why.STEPS_NONE_OVERDUE,
        steps(date(2023, 5, 1), None),
        "2个节点完成了1个，没有节点逾期：进度正常。",
        "1 of 2 steps are done and none is past its date: on pace.",
    ),
    # --- No test --------------------------------------------------------------------------------
    case(
        Why.NO_TEST,
        untested(),
        "原文没有给出可以检验的数值，也没有写明期限：无法考核。",
        "The text gives neither a number that could be tested nor a date: cannot be assessed.",
    ),
    case(
        Why.NO_TEST,
        untested(due_year=2026),
        "原文没有给出可以检验的数值：无法考核。",
        "The text gives no number that could be tested: cannot be assessed.",
    ),
    case(
        Why.WITHDRAWN,
        untested(withdrawn_on=date(2023, 10, 1)),
        "这项承诺已于2023年10月1日撤销，依据为《关于终止项目的通告》：已撤销。",
        "The promise was withdrawn on 1 October 2023 under the Notice Ending the Project: "
        "withdrawn.",
    ),
]


def said(assessment, language):
    with override(language):
        return sentences.sentence(assessment, getattr(assessment, "steps", ()))


def test_every_branch_of_the_rule_has_its_sentence():
    assert {param.values[0] for param in CASES} == set(Why)


def test_every_status_has_its_sentence():
    assert {param.values[1].status for param in CASES} == {status.value for status in Status}


@pytest.mark.parametrize(("why", "assessment", "zh", "en"), CASES)
def test_in_english(why, assessment, zh, en):
    assert assessment.reason == why
    assert said(assessment, EN) == en


@pytest.mark.parametrize(("why", "assessment", "zh", "en"), CASES)
def test_in_chinese(why, assessment, zh, en):
    assert said(assessment, ZH) == zh


@pytest.mark.parametrize("count", [1, 2])
def test_steps_can_be_told_without_the_steps_at_hand(count):
    for done in ([date(2023, 5, 1)] * count, [None] * count, [date(2026, 5, 1)] * count):
        row = steps(*done, on=LATER)
        with override(EN):
            assert sentences.sentence(row)


def test_an_item_that_met_its_limit_later_is_not_said_to_be_above_it():
    row = air(
        {2023: clean(*TEN) | {"SO2": 61, "PM2.5": 36}, 2024: {"SO2": 10, "PM2.5": 30}}, due=2023
    )
    assert said(row, EN) == ("In 2023, 2 of the 10 items of GB 3095-2012 grade 2 failed: missed.")


# --- The test itself ------------------------------------------------------------------------------

TESTS = [
    (a_target(), "≥ 350 家 · 2025", "≥ 350 enterprises · 2025"),
    (
        a_target(kind="at_most", value=32, due="2025-Q4", indicator=PER_CENT),
        "≤ 32% · 2025年第四季度",
        "≤ 32% · Q4 2025",
    ),
    (a_target(kind="ratio", value="1.80", indicator=RATIO), "≤ 1.8:1 · 2025", "≤ 1.8:1 · 2025"),
    (a_target(kind="zero", value=None), "= 0 家 · 2025", "= 0 enterprises · 2025"),
    (
        a_target(kind="coverage", value=100, indicator=PER_CENT),
        "≥ 100% · 2025",
        "≥ 100% · 2025",
    ),
    (
        versus({}, {}).target,
        "> 全省 · 2021–2025 每年",
        "> province · 2021–2025, every year",
    ),
    (
        a_target(kind="class_at_or_better", value=2, due=2026, indicator=RIVER),
        "Ⅱ类或更好 · 2026",
        "class Ⅱ or better · 2026",
    ),
    (
        air({}, due=2026).target,
        "GB 3095-2012 二级（10项）· 2026",
        "GB 3095-2012 grade 2 (10 items) · 2026",
    ),
    (None, "", ""),
]


@pytest.mark.parametrize(("target", "zh", "en"), TESTS)
def test_a_test_fits_on_a_row(target, zh, en):
    with override(ZH):
        assert sentences.test(target) == zh
    with override(EN):
        assert sentences.test(target) == en


def test_a_test_in_words_names_what_is_measured_and_when():
    with override(ZH):
        assert sentences.test_in_words(a_target()) == "到2025年底，农业龙头企业数不少于350家"
        assert sentences.test_in_words(versus({}, {}).target) == (
            "2021年至2025年，收入增速（本市）每年高于“收入增速（全省）”"
        )
    with override(EN):
        assert sentences.test_in_words(a_target()) == (
            "Leading enterprises: at least 350 enterprises by the end of 2025"
        )
        assert sentences.test_in_words(air({}).target) == (
            "Leading enterprises: all 10 items of GB 3095-2012 grade 2 pass in 2025"
        )


def test_says_what_a_promise_lacks_for_a_test():
    with override(EN):
        without = sentences.measures_of_promise(Commitment(due_year=None), [], has_tests=False)
        assert [each.lacking for each in without if each.is_missing] == [
            "a number to reach",
            "a unit",
            "a date",
            "a definition of what is measured",
            "a starting point",
            "a source of figures",
        ]
        dated = Commitment(due_year=2025, due_basis="implied")
        found = sentences.measures_of_promise(dated, [], has_tests=False)
        assert [each.text for each in found if not each.is_missing] == [
            "the end of 2025 · implied by the text"
        ]


def test_says_what_a_target_has_for_a_test():
    with override(EN):
        assert [(str(each.name), each.text) for each in sentences.measures(a_target())] == [
            ("Number", "at least 350 enterprises"),
            ("Unit", "enterprises"),
            ("Date", "the end of 2025 · stated in the text"),
            ("Definition", "not stated"),
            ("Starting point", "2020 · 200 enterprises"),
            ("Source of figures", "not stated"),
        ]
        air_has = {each.code: each.text for each in sentences.measures(air({}).target)}
        assert air_has["number"].endswith("10 items")
        assert air_has["baseline"] == "not needed by this kind of test"


# --- How fresh the figures are --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("newer_due_on", "day", "words"),
    [
        (
            date(2024, 1, 1),
            date(2023, 12, 31),
            "23 months ago; the next one is due by the end of 2023.",
        ),
        (
            date(2024, 1, 1),
            date(2024, 1, 1),
            "23 months ago; a newer one was due by the end of 2023.",
        ),
        (
            date(2023, 4, 1),
            date(2026, 1, 18),
            "4 years ago; a newer one was due by the end of March 2023.",
        ),
        (NEVER, date(2022, 2, 17), "less than a month ago; the test needs no newer one."),
        (NEVER, date(2022, 2, 18), "1 month ago; the test needs no newer one."),
    ],
)
def test_freshness_in_words(newer_due_on, day, words):
    newest = Observation(period=Period(2021), published_on=date(2022, 1, 18))
    with override(EN):
        assert sentences.freshness(Supply(True, newer_due_on), newest, day) == (
            f"The newest figure is for 2021 and was published on 18 January 2022, {words}"
        )


def test_freshness_without_a_figure():
    day = date(2024, 1, 1)
    with override(EN):
        assert sentences.freshness(Supply(True), None, day) == "No figure has been published yet."
        assert sentences.freshness(Supply(False), None, day) == "No figures are expected."


# --- Why this status ------------------------------------------------------------------------------


def test_the_workings_can_be_redone_by_hand():
    with override(EN):
        assert sentences.workings(number({2023: 271})) == [
            ("Test", "Leading enterprises: at least 350 enterprises by the end of 2025"),
            ("Starting point", "200 enterprises in 2020"),
            ("Figure judged", "271 enterprises for 2023, published on 1 March 2024"),
            ("Margin", "271 − 350 = −79 enterprises (met from 0 up)"),
            (
                "Share of the promised change made (P)",
                "(271 − 200) ÷ (350 − 200) = 47.3%",
            ),
            ("Share of the time gone (E)", "3 of 5 years = 60.0%"),
            ("Pace (R = P ÷ E)", "0.78 (on pace from 0.95, far behind below 0.60)"),
            ("Rule", "step 13 of the decision list, rule version 1.1"),
        ]


def test_the_workings_of_a_limit_subtract_the_figure_from_it():
    row = number({2023: "1.84"}, kind="ratio", value="1.8", baseline=(2020, 2), indicator=RATIO)
    with override(ZH):
        assert ("差额", "1.8 − 1.84 = −0.04（不小于0为达到）") in sentences.workings(row)


def test_the_workings_are_in_the_numbers_of_the_sentences():
    unit = {"unit_zh": "亿元", "unit_en": "100 million yuan"}
    row = number({2025: "3471.8"}, LATER, value=3600, baseline=(2020, "2486.3"), indicator=unit)
    with override(EN):
        lines = dict(sentences.workings(row))
    assert lines["Margin"] == "347.18 − 360 = −12.82 billion yuan (met from 0 up)"
    assert lines["Share of the promised change made (P)"] == (
        "(347.18 − 248.63) ÷ (360 − 248.63) = 88.4%"
    )
    with override(ZH):
        assert ("差额", "3,471.8 − 3,600 = −128.2亿元（不小于0为达到）") in sentences.workings(row)


def test_a_pace_just_short_of_the_cut_off_does_not_look_like_it():
    row = number({2023: "285.499"})
    with override(EN):
        lines = dict(sentences.workings(row))
    assert row.status == Status.BEHIND
    assert lines["Pace (R = P ÷ E)"].startswith("0.94 ")


@pytest.mark.parametrize(("why", "assessment", "zh", "en"), CASES)
@pytest.mark.parametrize("language", [ZH, EN])
def test_every_assessment_has_workings(language, why, assessment, zh, en):
    with override(language):
        for label, text in sentences.workings(assessment):
            assert label
            assert text
            assert "%(" not in text
