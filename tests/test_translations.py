"""The catalogue is complete, compiled and says the same in both languages."""

import re
import sys
from pathlib import Path

import polib
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "script"))
import messages

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def catalogue():
    return messages.open_catalogue()


def test_every_message_of_the_code_is_in_the_catalogue_and_no_other(catalogue):
    held = {(e.msgctxt, e.msgid, e.msgid_plural or None) for e in catalogue}
    assert held == set(messages.messages())


def test_every_message_has_its_chinese(catalogue):
    assert [e.msgid for e in catalogue if not e.translated() or "fuzzy" in e.flags] == []


def test_the_compiled_catalogue_is_that_of_the_text(catalogue):
    compiled = polib.mofile(str(messages.CATALOGUE.with_suffix(".mo")))
    said = {(e.msgctxt, e.msgid): (e.msgstr, e.msgstr_plural) for e in catalogue}
    assert {(e.msgctxt, e.msgid): (e.msgstr, e.msgstr_plural) for e in compiled} == said


def test_a_translation_keeps_every_placeholder(catalogue):
    def placeholders(text):
        return set(PLACEHOLDER.findall(text))

    for entry in catalogue:
        chinese = entry.msgstr_plural.get(0) or entry.msgstr
        english = entry.msgid_plural or entry.msgid
        lost = placeholders(english) - placeholders(chinese)
        # Chinese may leave out the number of a plural, but nothing else.
        assert placeholders(chinese) <= placeholders(english), entry.msgid
        assert not lost or entry.msgid_plural, entry.msgid
