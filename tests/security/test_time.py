"""No text makes a regular expression take more than about twice as long for twice the text."""

import importlib
import pkgutil
import re
import time

from django import forms
from django.apps import apps
from django.core.validators import RegexValidator
from django.urls import get_resolver

import commitments
import tracker
from commitments import formats
from commitments.api import asking
from commitments.domain import outline
from commitments.importing import cells, xlsx_sheets
from commitments.models.bilingual import CODE

UNITS = (
    *("a", "1", "-", ".", "a.", "a-", "1,", "1,111", "+1", "1.", "1e", " ", "\t", "\n", "\n ", "#"),
    *(
        '"',
        '"a',
        "\\",
        "_",
        "*",
        "[",
        "[h",
        "[h]",
        "]",
        "_x",
        "_x0",
        "A1",
        "(",
        "（",
        "（一",
        "第",
        "一",
    ),
    *(
        "年1月",
        "2025-",
        "'",
        ";",
        "\r",
        "\u2028",
        "/",
        "a/",
        "<",
        '<symbol id="',
        "I",
        "IV",
        "{",
        "commitments/",
    ),
    *(
        "1 thousand ",
        "commitments/a",
        "v1.",
        "0123456789abcdef",
        "Q1",
        "\x00",
        "长",
        "\ud800",
        "&",
        "$",
    ),
)
ENDINGS = ("!", "\n")
# In real use a text is as long as a page at most; what grows with the square shows long before.
SHORT, LONG, TIMES = 250, 2_000, 8


def patterns():
    """Every regular expression of the register: of modules, addresses and fields."""
    found = {CODE: re.compile(CODE)}

    def walk(resolver):
        for each in resolver.url_patterns:
            found[each.pattern.regex.pattern] = each.pattern.regex
            if hasattr(each, "url_patterns"):
                walk(each)

    walk(get_resolver("tracker.urls"))
    for package in (commitments, tracker):
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" in each.name or each.name.endswith("wsgi"):
                continue
            module = importlib.import_module(each.name)
            for value in vars(module).values():
                for one in value if isinstance(value, list | tuple) else [value]:
                    if isinstance(one, re.Pattern) and isinstance(one.pattern, str):
                        found[one.pattern] = one
    fields = [field for model in apps.get_models() for field in model._meta.get_fields()]
    fields += [
        field
        for form in vars(asking).values()
        if isinstance(form, type) and issubclass(form, forms.BaseForm)
        for field in form.base_fields.values()
    ]
    for field in fields:
        for validator in getattr(field, "validators", ()):
            if isinstance(validator, RegexValidator):
                found[validator.regex.pattern] = validator.regex

    return found


# Only ever asked whether they match a text, or how it begins; and one for the formats of a sheet's
# cells, which are short (tests/importing/test_reading.py).
FROM_THE_START = {
    cells.POWER_OF_TEN,
    formats.COUNTED_IN,
    xlsx_sheets.LITERAL,
    *outline._RANKED,
}


def seconds(pattern, text):
    began = time.process_time()
    pattern.match(text)
    pattern.fullmatch(text)
    if pattern not in FROM_THE_START:
        pattern.search(text)
    return time.process_time() - began


def is_slow(pattern, unit, ending):
    """Whether it takes out of all proportion longer for a longer text than for a shorter one."""
    # What doubles with each letter would take for ever with thousands: some letters first.
    if seconds(pattern, unit * 20 + ending) > 0.03:
        return True
    long = unit * (LONG // len(unit)) + ending
    # What is over in a millisecond is in proportion to nothing.
    if seconds(pattern, long) < 0.001:
        return False
    short = unit * (SHORT // len(unit)) + ending
    best = [min(seconds(pattern, text) for _round in range(5)) for text in (short, long)]
    # Twice the proportion and more: other work on the machine makes no difference.
    return best[1] > 3 * TIMES * best[0]


def slow(pattern):
    return [(unit, end) for unit in UNITS for end in ENDINGS if is_slow(pattern, unit, end)]


def test_the_measure_finds_what_is_slow():
    assert is_slow(re.compile(r"(?:a+)+$"), "a", "!")
    assert is_slow(re.compile(r"a*$"), "a", "!")
    assert not is_slow(re.compile(r"[a-z]+"), "a", "!")


def test_every_expression_takes_its_time_in_proportion(subtests):
    looked_at = patterns()
    assert len(looked_at) > 90
    for text, pattern in looked_at.items():
        with subtests.test(ascii(text)[:60]):  # a lone surrogate cannot be told to another process
            assert slow(pattern) == []
