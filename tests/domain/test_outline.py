import pytest

from commitments.domain.outline import outline, section_at

REPORT = """引言。

# 报道

## 1 一节
甲。

## 2 二节
乙。

# 另一篇
丙。
"""
PAPER = """第一章 总则

一、总体要求

（一）基本原则
坚持量力而行。

（二）公开透明，接受监督，这一行以句号结束，所以是正文。

二、任务
一、企业达到350家。
"""


def titles(text):
    return [(section.level, section.title) for section in outline(text)]


def test_markdown_headings_are_sections_with_their_levels():
    assert titles(REPORT) == [
        (0, ""),
        (0, "报道"),
        (1, "1 一节"),
        (1, "2 二节"),
        (0, "另一篇"),
    ]


def test_so_are_the_numbered_headings_of_official_papers_but_no_sentences():
    assert titles(PAPER) == [
        (0, "第一章 总则"),
        (1, "一、总体要求"),
        (2, "（一）基本原则"),
        (1, "二、任务"),
    ]


@pytest.mark.parametrize("text", [REPORT, PAPER, "没有标题。", ""])
def test_sections_follow_each_other_and_leave_nothing_out(text):
    sections = outline(text)
    assert "".join(text[each.start : each.end] for each in sections) == text
    for each in sections:
        assert text[each.title_at :].startswith(each.title)


def test_a_whole_section_has_those_below_it():
    sections = outline(REPORT)
    start, end = section_at(sections, REPORT.index("报道"))
    assert REPORT[start:end].startswith("# 报道")
    assert REPORT[start:end].endswith("乙。\n\n")
    start, end = section_at(sections, REPORT.index("2 二节"))
    assert REPORT[start:end] == "## 2 二节\n乙。\n\n"
    assert section_at(sections, REPORT.index("乙")) is None
