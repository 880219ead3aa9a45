"""Finding quotes, and the nearest place when they are not there."""

import pytest

from commitments.domain.quotes import find_quote, nearest

TEXT = "我们将大力培育新型农业经营主体。到2025年,发展家庭农场350家以上,农民专业合作社提质。"


def test_an_exact_quote_is_found_by_its_offsets():
    start, end = find_quote(TEXT, "家庭农场350家")
    assert TEXT[start:end] == "家庭农场350家"
    assert find_quote(TEXT, "家庭农場350家") is None
    assert find_quote(TEXT, "") is None


@pytest.mark.parametrize(
    ("quote", "place", "differences"),
    [
        ("发展家廷农场350家", "发展家庭农场350家", (("廷", "庭"),)),
        ("到2025年，发展家庭农场", "到2025年,发展家庭农场", (("，", ","),)),
        ("发展农场350家以上", "发展家庭农场350家以上", (("", "家庭"),)),
        ("发展好家庭农场350家", "发展家庭农场350家", (("好", ""),)),
        ("新形农业经营", "新型农业经营", (("形", "型"),)),
        ("家", "家", ()),
    ],
)
def test_the_nearest_place_says_what_differs(quote, place, differences):
    found = nearest(TEXT, quote)
    assert (found.text, found.differences) == (place, differences)
    assert TEXT[found.start : found.end] == place


def test_nothing_in_common_has_no_nearest_place():
    assert nearest(TEXT, "xyz") is None
    assert nearest(TEXT, "") is None
    assert nearest("", "家庭农场") is None


def test_the_right_one_of_many_like_places_is_found_in_a_long_text():
    filler = "".join(chr(0x4E00 + (n * 7919) % 20000) for n in range(25_000))
    text = f"{filler}{TEXT}{filler}"
    quote = "到2025年,发展家庭农埸350家以上"
    found = nearest(text, quote)
    assert found.text == "到2025年,发展家庭农场350家以上"
    assert found.differences == (("埸", "场"),)


def test_a_text_of_one_character_ends_too():
    found = nearest("的" * 50_000, "的" * 1_000 + "x")
    assert found.ratio > 0.9
