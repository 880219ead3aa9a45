import pytest

from commitments.passages import Mark, marked_lines, passage

TEXT = """# 报道

## 1 一节

第一句话。第二句话,承诺修路十公里。第三句话。

分栏之前的话没有说完,而且很长很长很长很长,

接着说承诺植树。

最后一段。
"""


def at(words):
    start = TEXT.index(words)
    return start, start + len(words)


def shown(lines):
    return [line.sign + "".join(segment.text for segment in line.segments) for line in lines]


def test_a_quote_is_shown_in_its_own_paragraph():
    found = passage(TEXT, *at("承诺修路十公里"))
    assert shown(found.lines) == ["第一句话。第二句话,承诺修路十公里。第三句话。"]
    marked = [s.text for line in found.lines for s in line.segments if s.keys]
    assert marked == ["承诺修路十公里"]
    assert not found.goes_on_before
    assert not found.goes_on_after


def test_a_column_break_does_not_end_a_paragraph():
    found = passage(TEXT, *at("承诺植树"))
    assert shown(found.lines) == [
        "分栏之前的话没有说完,而且很长很长很长很长,",
        "",
        "接着说承诺植树。",
    ]


def test_a_long_paragraph_is_cut_at_sentences_and_says_so():
    text = "甲。" * 100 + "承诺" + "乙。" * 100
    found = passage(text, 200, 202)
    (line,) = shown(found.lines)
    assert line.startswith("甲。")
    assert line.endswith("乙。")
    assert len(line) < 250
    assert found.goes_on_before
    assert found.goes_on_after


def test_a_quote_over_a_whole_text_has_no_context():
    found = passage("承诺", 0, 2)
    assert shown(found.lines) == ["承诺"]


@pytest.mark.parametrize("text", [TEXT, "", "\n\n\n", "一行", "## ", "a\r\nb\u2028c"])
def test_no_printed_word_is_lost(text):
    lines = marked_lines(text, [Mark(0, len(text), "x")])
    assert "".join("".join(shown(lines)).split()) == "".join(text.split())


def test_each_mark_begins_once_and_ends_once_also_over_lines():
    start, _ = at("分栏之前")
    _, end = at("承诺植树")
    marks = [Mark(start, end, "a"), Mark(start, end, "b"), Mark(*at("接着说承诺植树。"), "c")]
    segments = [s for line in marked_lines(TEXT, marks) for s in line.segments]
    assert sorted(key for s in segments for key in s.begins) == ["a", "b", "c"]
    assert sorted(key for s in segments for key in s.ends) == ["a", "b", "c"]
    covered = {key: "".join(s.text for s in segments if key in s.keys) for key in "abc"}
    assert (
        covered["a"] == covered["b"] == "分栏之前的话没有说完,而且很长很长很长很长,接着说承诺植树"
    )
    assert covered["c"] == "接着说承诺植树。"


def test_heading_signs_stand_apart_from_their_words():
    line = marked_lines("## 承诺修路\n", [Mark(0, 7, "a")])[0]
    assert line.sign == "## "
    assert [s.text for s in line.segments] == ["承诺修路"]
    assert line.segments[0].begins == ["a"]


def test_of_many_blank_lines_one_is_kept():
    lines = marked_lines("一\n\n\n\n二", [])
    assert [line.is_blank for line in lines] == [False, True, False]
