"""Numbers, units, shares, periods and days in both languages. No database."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from commitments import formats
from commitments.domain.periods import Period
from commitments.models import Indicator

ZH, EN = "zh-hans", "en"


def unit(zh, en, **fields):
    return Indicator(unit_zh=zh, unit_en=en, **fields)


HOUSEHOLDS = unit("家", "enterprises")
YUAN = unit("亿元", "100 million yuan")
PER_CENT = unit("%", "%")
RATIO = unit(":1", ":1")
CLASS = unit("类", "class", scale="water_class")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("7500", "7,500"),
        ("7500.000000", "7,500"),
        ("1.854", "1.854"),
        ("99.999999", "99.999999"),
        ("-0.5", "−0.5"),
        ("0.000000", "0"),
        ("-0", "0"),
        ("1E+3", "1,000"),
        ("123456789.123456", "123,456,789.123456"),
    ],
)
@pytest.mark.parametrize("language", [ZH, EN])
def test_a_number_has_every_digit_and_no_more(language, value, shown):
    with override(language):
        assert formats.number(Decimal(value)) == shown


@pytest.mark.parametrize(
    ("value", "indicator", "zh", "en"),
    [
        ("350", HOUSEHOLDS, "350 家", "350 enterprises"),
        ("1", HOUSEHOLDS, "1 家", "1 enterprise"),
        ("1", unit("个", "classes"), "1 个", "1 class"),
        ("1", unit("公里", "km"), "1 公里", "1 km"),
        ("100.000000", PER_CENT, "100%", "100%"),
        ("1.8", RATIO, "1.8:1", "1.8:1"),
        ("2", CLASS, "Ⅱ类", "class Ⅱ"),
        ("6", CLASS, "劣Ⅴ类", "worse than class Ⅴ"),
        ("18.5", YUAN, "18.5 亿元", "1.85 billion yuan"),
        ("0.185", YUAN, "0.185 亿元", "18.5 million yuan"),
        ("0.0001", YUAN, "0.0001 亿元", "10,000 yuan"),
        ("-2", YUAN, "−2 亿元", "−200 million yuan"),
        ("90.4", unit("万亩", "10,000 mu"), "90.4 万亩", "904,000 mu"),
        ("0", YUAN, "0 亿元", "0 yuan"),
        ("5", unit("", ""), "5", "5"),
    ],
)
def test_a_quantity_is_the_same_in_both_languages(value, indicator, zh, en):
    with override(ZH):
        assert formats.quantity(Decimal(value), indicator) == zh
    with override(EN):
        assert formats.quantity(Decimal(value), indicator) == en


def test_inside_a_chinese_sentence_there_is_no_space():
    with override(ZH):
        assert formats.quantity_in_text(Decimal(350), HOUSEHOLDS) == "350家"
    with override(EN):
        assert formats.quantity_in_text(Decimal(350), HOUSEHOLDS) == "350 enterprises"


@pytest.mark.parametrize(
    ("value", "indicator", "zh", "en"),
    [
        ("0.4", PER_CENT, "0.4个百分点", "0.4 percentage points"),
        ("0.004", RATIO, "0.004", "0.004"),
        ("2", CLASS, "2个类别", "2 classes"),
        ("30", HOUSEHOLDS, "30家", "30 enterprises"),
    ],
)
def test_a_difference_has_the_unit_of_a_difference(value, indicator, zh, en):
    with override(ZH):
        assert formats.difference(Decimal(value), indicator) == zh
    with override(EN):
        assert formats.difference(Decimal(value), indicator) == en


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0.473333", "47%"),
        ("0.479999", "47%"),
        ("0.999999", "99%"),
        ("1", "100%"),
        ("1.2", "120%"),
        ("0", "0%"),
        ("0.004", "0.4%"),
        ("0.0000001", "0.0000%"),
        ("-0.001", "−1%"),
    ],
)
def test_a_share_is_cut_and_never_flatters(value, shown):
    assert formats.share(value) == shown


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        ("0.47", "0.6", ("47%", "60%")),
        ("0.571", "0.579", ("57.1%", "57.9%")),
        ("0.5714", "0.5719", ("57.14%", "57.19%")),
        ("0.6", "0.6", ("60%", "60%")),
    ],
)
def test_two_shares_that_differ_look_different(first, second, shown):
    assert formats.shares(first, second) == shown


@pytest.mark.parametrize(
    ("period", "zh", "en", "zh_end", "en_end"),
    [
        ("2023", "2023年", "2023", "2023年底", "the end of 2023"),
        ("2023-Q3", "2023年第三季度", "Q3 2023", "2023年9月底", "the end of September 2023"),
        ("2023-10", "2023年10月", "October 2023", "2023年10月底", "the end of October 2023"),
        ("2023-H1", "2023年上半年", "first half of 2023", "2023年6月底", "the end of June 2023"),
        (
            "2023-H2",
            "2023年下半年",
            "second half of 2023",
            "2023年12月底",
            "the end of December 2023",
        ),
    ],
)
def test_periods_read_as_people_write_them(period, zh, en, zh_end, en_end):
    found = Period.parse(period)
    with override(ZH):
        assert (formats.period_label(found), formats.period_end(found)) == (zh, zh_end)
    with override(EN):
        assert (formats.period_label(found), formats.period_end(found)) == (en, en_end)


def test_days_and_lists_read_as_people_write_them():
    with override(ZH):
        assert formats.day(date(2021, 11, 5)) == "2021年11月5日"
        assert formats.listed(["甲", "乙"]) == "甲、乙"
    with override(EN):
        assert formats.day(date(2021, 11, 5)) == "5 November 2021"
        assert formats.listed(["a", "b"]) == "a, b"


@pytest.mark.parametrize(
    ("zh", "en", "head", "words"),
    [
        ("亿元", "100 million yuan", "Figure (billion yuan)", ["348.63", "0.05"]),
        ("家", "enterprises", "Figure (enterprises)", ["3,486.3", "0.5"]),
        ("%", "%", "Figure", ["3,486.3%", "0.5%"]),
        (":1", ":1", "Figure", ["3,486.3:1", "0.5:1"]),
        ("", "", "Figure", ["3,486.3", "0.5"]),
    ],
)
def test_numbers_that_stand_together_say_their_unit_once(zh, en, head, words):
    values = [Decimal("3486.3"), Decimal("0.5")]
    with override(EN):
        together = formats.Together(en, values)
        assert together.head("Figure") == head
        assert [together.word(value) for value in values] == words
    with override(ZH):
        expected = f"数据（{zh}）" if zh and zh[0] not in "%:" else "数据"
        assert formats.Together(zh, values).head("数据") == expected
