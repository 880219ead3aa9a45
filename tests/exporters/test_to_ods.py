"""ODS, reopened: typed cells, text that stays text, heads that filter and stay in sight."""

import io
import zipfile
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from commitments.exporters.report import Part
from commitments.exporters.table import Column, Type
from commitments.exporters.to_ods import to_ods
from tests.exporters.build import (
    BLANK,
    COLUMNS,
    FIGURE,
    FIGURE_COLUMNS,
    ISSUED,
    OF_STANDING,
    STANDING,
    a_report,
    with_title,
)

SPACE = "urn:oasis:names:tc:opendocument:xmlns:"
TABLE, TEXT, OFFICE = (f"{{{SPACE}{name}:1.0}}" for name in ("table", "text", "office"))
CONFIG = f"{{{SPACE}config:1.0}}"
DRAW, CHART = (f"{{{SPACE}{name}:1.0}}" for name in ("drawing", "chart"))
STYLE, NUMBER, FO = (
    f"{{{SPACE}{name}:1.0}}" for name in ("style", "datastyle", "xsl-fo-compatible")
)
LINK = "{http://www.w3.org/1999/xlink}"


def written(report):
    held = io.BytesIO()
    to_ods(report, held)
    return held.getvalue()


def part(report, name="content.xml"):
    with zipfile.ZipFile(io.BytesIO(written(report))) as parts:
        return ElementTree.fromstring(parts.read(name))


def sheets(report):
    return {each.get(f"{TABLE}name"): each for each in part(report).iter(f"{TABLE}table")}


def styles(report):
    return {
        each.get(f"{STYLE}name"): each for each in part(report).iter() if each.get(f"{STYLE}name")
    }


def told(element):
    """The text of an element as a reader sees it."""
    text = element.text or ""
    for child in element:
        name = child.tag.removeprefix(TEXT)
        text += {"s": " ", "tab": "\t"}.get(name) or told(child)
        text += child.tail or ""
    return text


def value(cell):
    kind = cell.get(f"{OFFICE}value-type")
    if kind == "date":
        return kind, cell.get(f"{OFFICE}date-value")
    if kind in ("float", "percentage"):
        return kind, cell.get(f"{OFFICE}value")
    return kind, "\n".join(told(each) for each in cell.iter(f"{TEXT}p"))


def rows(sheet):
    return [
        [value(cell) for cell in row.iter(f"{TABLE}table-cell")]
        for row in sheet.iter(f"{TABLE}table-row")
    ]


def test_is_known_by_its_first_bytes():
    assert written(a_report())[30:].startswith(
        b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
    )


def test_has_the_sheets_of_the_workbook():
    assert list(sheets(a_report(parts=frozenset(Part)))) == [
        "说明",
        "总体情况",
        "承诺事项",
        "数据",
        "来源",
        "方法",
    ]
    assert list(sheets(a_report(parts={Part.TABLE}))) == ["说明", "承诺事项"]


def test_every_cell_has_its_own_type():
    head, first, blank = rows(sheets(a_report())["承诺事项"])
    assert head == [("string", column.heading) for column in COLUMNS]
    assert first == [
        ("string", "ZZ-052"),
        ("string", "市级以上农业龙头企业达到350家"),
        ("string", "到2023年底，时间过了60%，承诺的变化完成了47%：进度滞后。"),
        ("float", "270.5"),
        ("percentage", "0.47"),
        ("float", "2025"),
        ("date", "2024-03-01"),
        ("string", "https://example.org/公报?a=1&b=2"),
    ]
    assert [kind for kind, _text in blank] == ["string", "string", *[None] * 6]


def test_a_status_has_its_shape_and_colour_and_its_cell_is_the_word():
    report = a_report(STANDING, columns=OF_STANDING)
    sheet = sheets(report)["承诺事项"]
    assert rows(sheet)[1][1] == ("string", "进度滞后")
    cell = [*sheet.iter(f"{TABLE}table-cell")][len(OF_STANDING) + 1]
    style = styles(report)[cell.get(f"{TABLE}style-name")]
    assert style.find(f"{STYLE}text-properties").get(f"{FO}color") == "#744700"
    sign = styles(report)[style.get(f"{STYLE}data-style-name")]
    assert sign.find(f"{NUMBER}text").text == "▼ "
    assert sign.find(f"{NUMBER}text-content") is not None


def test_a_group_has_its_shape_in_the_counts():
    found = sheets(a_report())["总体情况"].iter(f"{TABLE}table-cell")
    shaped = {(value(cell)[1], cell.get(f"{TABLE}style-name")) for cell in found}
    assert ("偏离进度", "standing_off_course") in shaped
    assert ("暂无法判断", "standing_cannot_say") in shaped


def test_the_line_below_a_printed_row_runs_under_days_numbers_and_links_too():
    numbers = (Column("number", "数值", Type.NUMBER, 12), Column("share", "比例", Type.SHARE, 9))
    report = a_report(
        parts=frozenset(Part),
        figure_columns=(*FIGURE_COLUMNS, *numbers),
        figures=((*FIGURE, Decimal("270.5"), Decimal("0.47")),),
    )
    known = styles(report)
    *_others, row = sheets(report)["数据"].iter(f"{TABLE}table-row")
    for cell in row:
        looks = known[cell.get(f"{TABLE}style-name")].find(f"{STYLE}table-cell-properties")
        assert looks.get(f"{FO}border-bottom"), value(cell)


def test_latin_is_broken_as_latin_and_no_line_begins_with_a_bracket():
    looks = part(a_report(), "styles.xml").find(f".//{STYLE}default-style/{STYLE}text-properties")
    assert looks.get(f"{FO}language") == "en"
    assert looks.get(f"{STYLE}language-asian") == "zh"
    lines = styles(a_report())["line"].find(f"{STYLE}paragraph-properties")
    assert lines.get(f"{STYLE}line-break") == "strict"


def test_the_head_repeats_filters_and_stays_in_sight():
    report = a_report()
    assert next(part(report).iter(f"{TABLE}table-header-rows")) is not None
    [area] = list(part(report).iter(f"{TABLE}database-range"))
    assert area.get(f"{TABLE}target-range-address") == "'承诺事项'.A1:'承诺事项'.H3"
    items = {
        each.get(f"{CONFIG}name"): each.text
        for each in part(report, "settings.xml").iter(f"{CONFIG}config-item")
    }
    assert (items["HorizontalSplitPosition"], items["VerticalSplitPosition"]) == ("2", "1")


def test_an_issued_report_has_its_number_first_and_on_every_page():
    report = a_report(**ISSUED)
    assert ISSUED["issued_as"] in str(rows(sheets(report)["说明"])[2])
    assert ISSUED["number"] in told(next(part(report, "styles.xml").iter(f"{STYLE}header")))


def test_counts_by_status_and_agency():
    told_rows = rows(sheets(a_report())["总体情况"])
    assert [("string", "进度滞后"), ("float", "1"), ("string", "偏离进度")] in told_rows
    told_rows = [row for row in told_rows if len(row) > 1]
    assert told_rows[-1][:2] == [("string", "市农业农村局"), ("float", "2")]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "of:=1", "0123", "TRUE"])
def test_text_is_never_a_formula_or_a_number(text):
    report = a_report(with_title(text))
    assert rows(sheets(report)["承诺事项"])[1][1] == ("string", text)
    assert all(cell.get(f"{TABLE}formula") is None for cell in part(report).iter())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("前\x00后\x0b\ud800", "前�后��"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        (" 两边  有空格 ", " 两边  有空格 "),
        ("一行\n又一行\t表", "一行\n又一行\t表"),
        ("㵲水🙂\u202e右起", "㵲水🙂\u202e右起"),
        ("长" * 10_000, "长" * 10_000),
    ],
)
def test_hostile_text_comes_back_whole(text, shown):
    assert rows(sheets(a_report(with_title(text)))["承诺事项"])[1][1] == ("string", shown)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "#Sheet2.A1", "file:///x"])
def test_only_a_web_address_can_be_followed(address):
    report = a_report((*BLANK[:7], address), documents=())
    assert list(part(report).iter(f"{TEXT}a")) == []


def test_the_same_report_is_the_same_file():
    assert written(a_report()) == written(a_report())


def test_draws_the_counts_with_charts_of_its_own():
    report = a_report()
    manifest = part(report, "META-INF/manifest.xml")
    listed = {value for entry in manifest for value in entry.attrib.values()}
    summary = sheets(report)["总体情况"]
    links = [each.get(f"{LINK}href") for each in summary.iter(f"{DRAW}object")]
    assert links == ["./Object 1", "./Object 2"]
    for link in links:
        assert {f"{link[2:]}/", f"{link[2:]}/content.xml"} <= listed
    drawn = rows(summary)
    for link, name in zip(links, ("状态", "牵头单位"), strict=True):
        chart = part(report, f"{link[2:]}/content.xml")
        [categories] = chart.iter(f"{CHART}categories")
        head = next(at for at, row in enumerate(drawn) if row[0] == ("string", name))
        area = categories.get(f"{TABLE}cell-range-address")
        assert area.startswith(f"$'总体情况'.$A${head + 2}:")
        for series in chart.iter(f"{CHART}series"):
            # It draws the numbers under its own heading.
            assert series.get(f"{CHART}label-cell-address").endswith(f"${head + 1}")
            assert f"${head + 2}:" in series.get(f"{CHART}values-cell-range-address")


def test_without_charts_there_are_none():
    report = a_report(parts={Part.SUMMARY, Part.TABLE})
    assert list(sheets(report)["总体情况"].iter(f"{DRAW}frame")) == []
    with zipfile.ZipFile(io.BytesIO(written(report))) as parts:
        assert not [name for name in parts.namelist() if name.startswith("Object")]
