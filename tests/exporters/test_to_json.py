"""JSON: plain to parse, exact in its numbers."""

import json
from decimal import Decimal

import pytest

from commitments.exporters.report import Part
from commitments.exporters.to_json import to_json
from tests.exporters.build import BLANK, ROW, a_report, with_title


def read(report):
    return json.loads(b"".join(to_json(report)), parse_float=Decimal)


def test_rows_have_stable_keys_and_their_own_types():
    first, second = read(a_report())["rows"]
    assert first == {
        "code": "ZZ-052",
        "title": "市级以上农业龙头企业达到350家",
        "sentence": "到2023年底，时间过了60%，承诺的变化完成了47%：进度滞后。",
        "value": Decimal("270.5"),
        "share": Decimal("0.47"),
        "due_year": 2025,
        "published_on": "2024-03-01",
        "url": "https://example.org/公报?a=1&b=2",
    }
    assert second["value"] is None
    assert second["published_on"] is None


def test_says_what_it_is():
    about = read(a_report(fictional="虚构示例"))["about"]
    assert about == {
        "title": "株洲市承诺事项进展情况",
        "number": "",
        "issued_as": "",
        "language": "zh-hans",
        "as_of": "2026-11-23",
        "rule_version": "1.0",
        "plans": ["株洲市规划"],
        "asked": ["全部承诺事项"],
        "is_fictional": True,
        "fictional": "虚构示例",
        "notes": ["比例和进度一律舍尾，不进位。"],
        "total": 2,
        "counts": {"behind": 1, "no_data": 1},
    }


def test_holds_the_parts_asked_for():
    everything = read(a_report(parts=frozenset(Part)))
    assert list(everything) == [
        "about",
        "summary",
        "documents",
        "method",
        "columns",
        "rows",
        "figure_columns",
        "figures",
    ]
    assert everything["summary"]["groups"]["off_course"] == 1
    assert everything["summary"]["breakdowns"]["agency"][0]["total"] == 2
    assert everything["documents"][0]["sha256"] == "0" * 64
    assert everything["figures"][0]["text"] == "270.5 家"
    assert list(read(a_report(parts=frozenset()))) == ["about"]


def test_chinese_is_written_as_itself():
    assert "市级以上农业龙头企业".encode() in b"".join(to_json(a_report()))


@pytest.mark.parametrize("count", [0, 1, 2, 200, 201])
def test_any_number_of_rows_makes_one_document(count):
    assert len(read(a_report(rows=[BLANK] * count))["rows"]) == count


def test_a_number_keeps_every_digit():
    row = (*ROW[:3], Decimal("123456789.123456"), *ROW[4:])
    assert b'"value": 123456789.123456,' in b"".join(to_json(a_report(row)))


@pytest.mark.parametrize("text", ['"}],', "\\", "\x00", "\ud800", "🙂", "=1+1", "a\nb"])
def test_hostile_text_stays_text(text):
    [row] = read(a_report(with_title(text)))["rows"]
    assert row["title"] == text.replace("\x00", "�").replace("\ud800", "�")
