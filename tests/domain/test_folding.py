"""How texts and words are compared: what finds what."""

import pytest

from commitments.domain.folding import folded, forms_of


@pytest.mark.parametrize(
    ("text", "as_compared"),
    [
        ("PM2.5", "pm2.5"),
        ("ＰＭ２.５", "pm2.5"),
        ("２０２５年（含）", "2025年(含)"),
        ("全面“清零”", '全面"清零"'),
        # A roman number that is one sign stays one.
        ("Ⅲ类", "ⅲ类"),
        ("", ""),
    ],
)
def test_a_text_is_compared_without_case_or_width(text, as_compared):
    assert folded(text) == as_compared


@pytest.mark.parametrize(
    ("term", "forms"),
    [
        ("农业", ["农业"]),
        ("III类", ["iii类", "ⅲ类"]),
        ("ＩＶ", ["iv", "ⅳ"]),
        ("class II or III", ["class ii or iii", "class ⅱ or ⅲ"]),
        # Within a word these letters are no number, and there is none above six.
        ("division", ["division"]),
        ("VII", ["vii"]),
        # Typed as one sign it is also looked for as letters.
        ("Ⅱ", ["ii", "ⅱ"]),
    ],
)
def test_a_word_is_looked_for_with_roman_numbers_as_one_sign_too(term, forms):
    assert forms_of(term) == forms
