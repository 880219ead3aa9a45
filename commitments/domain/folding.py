"""Texts as a search compares them: without case, with plain signs for wide ones.

Chinese sources write digits, letters and marks now plain, now in the wide form that fills a whole
square (２０２５年，ＰＭ２.５), and few readers know which. A roman number that is one sign (Ⅱ)
stays one: taken apart, "II类" would be found in Ⅲ类.
"""

import re
import unicodedata

# Ⅱ has no key on a keyboard.
_ROMAN = re.compile(r"(?<![a-z])(?:iv|vi|v|i{1,3})(?![a-z])")
_ROMANS = dict(zip(("i", "ii", "iii", "iv", "v", "vi"), "ⅰⅱⅲⅳⅴⅵ", strict=True))
# A keyboard has one sign for both.
_QUOTES = dict.fromkeys("“”", '"')


class _Folds(dict[int, str]):
    """What each sign is compared as, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        plain = sign if 0x2160 <= code <= 0x217F else unicodedata.normalize("NFKC", sign)
        self[code] = _QUOTES.get(plain, plain.casefold())
        return self[code]


_FOLDS = _Folds()


def folded(text: str) -> str:
    """A text as it is compared; each of its signs by itself, so that places can be told."""
    return text.translate(_FOLDS)


def forms_of(term: str) -> list[str]:
    """A word as it is compared, and with Ⅱ for II if it has such a number."""
    plain = folded(unicodedata.normalize("NFKC", term))
    roman = _ROMAN.sub(lambda found: _ROMANS[found[0]], plain)
    return [plain] if plain == roman else [plain, roman]
