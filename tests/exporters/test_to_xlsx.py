"""XLSX, reopened: two sheets, cells of their own type, text that stays text."""

import io
import zipfile
from datetime import datetime
from decimal import Decimal

import openpyxl
import pytest

from commitments.exporters.report import Part
from commitments.exporters.table import Column, Type
from commitments.exporters.to_xlsx import LONGEST_TEXT, MOST_LINKS, to_xlsx
from tests.exporters.build import (
    BLANK,
    COLUMNS,
    FIGURE,
    FIGURE_COLUMNS,
    ISSUED,
    OF_STANDING,
    ROW,
    STANDING,
    a_report,
    with_title,
)


def reopened(report):
    held = io.BytesIO()
    to_xlsx(report, held)
    held.seek(0)
    return openpyxl.load_workbook(held)


@pytest.fixture(scope="module")
def book():
    return reopened(a_report())


@pytest.fixture
def table(book):
    return book["承诺事项"]


def test_has_a_sheet_for_each_part():
    book = reopened(a_report(parts=frozenset(Part)))
    assert book.sheetnames == ["说明", "总体情况", "承诺事项", "数据", "来源", "方法"]
    assert reopened(a_report(parts={Part.TABLE})).sheetnames == ["说明", "承诺事项"]


def test_every_cell_has_its_own_type(table):
    assert [cell.value for cell in table[2]] == [
        "ZZ-052",
        "市级以上农业龙头企业达到350家",
        "到2023年底，时间过了60%，承诺的变化完成了47%：进度滞后。",
        270.5,
        0.47,
        2025,
        datetime(2024, 3, 1),
        "https://example.org/公报?a=1&b=2",
    ]
    assert table["G2"].is_date
    assert [cell.data_type for cell in table[2]] == ["s", "s", "s", "n", "n", "n", "d", "s"]
    assert table["H2"].hyperlink.target == "https://example.org/公报?a=1&b=2"


def test_numbers_show_all_their_decimals_and_no_more(table):
    assert table["D2"].number_format == "#,##0.0"
    assert table["E2"].number_format == "0.00%"
    assert table["F2"].number_format == "0"


def test_a_number_keeps_away_from_the_unit_beside_it(table):
    for cell in (table["D2"], table["E2"]):
        assert (cell.alignment.horizontal, cell.alignment.indent) == ("right", 1)


def test_the_line_below_a_printed_row_runs_under_days_numbers_and_links_too():
    numbers = (Column("number", "数值", Type.NUMBER, 12), Column("share", "比例", Type.SHARE, 9))
    figures = reopened(
        a_report(
            parts=frozenset(Part),
            figure_columns=(*FIGURE_COLUMNS, *numbers),
            figures=((*FIGURE, Decimal("270.5"), Decimal("0.47")),),
        )
    )["数据"]
    assert {cell.border.bottom.style for cell in figures[2]} == {"thin"}


def test_a_status_has_its_shape_and_colour_and_its_cell_is_the_word():
    cell = reopened(a_report(STANDING, columns=OF_STANDING))["承诺事项"]["B2"]
    assert (cell.value, cell.number_format) == ("进度滞后", '"▼ "@')
    assert (cell.font.color.rgb, cell.font.bold) == ("FF744700", True)


def test_a_group_has_its_shape_and_colour_in_the_counts(book):
    sheet = book["总体情况"]
    for place, word, sign in (("C5", "偏离进度", "▼"), ("C6", "暂无法判断", "■")):
        assert (sheet[place].value, sheet[place].number_format) == (word, f'"{sign} "@')
    # Long words have the room of two columns.
    assert {"C4:D4", "C5:D5"} <= {str(each) for each in sheet.merged_cells.ranges}


def test_what_is_absent_is_an_empty_cell(table):
    assert [cell.value for cell in table[3]] == ["ZZ-053", "没有数据", *[None] * 6]


def test_the_head_is_bold_stays_in_sight_and_filters(table):
    assert [cell.value for cell in table[1]] == [column.heading for column in COLUMNS]
    assert all(cell.font.bold for cell in table[1])
    assert table.freeze_panes == "C2"
    assert table.auto_filter.ref == "A1:H3"


def test_columns_have_their_widths_and_rows_the_room_they_need(table):
    assert table.column_dimensions["B"].width == pytest.approx(30.7, abs=0.1)
    assert table.column_dimensions["C"].width == pytest.approx(48.7, abs=0.1)
    assert table.row_dimensions[2].height > table.row_dimensions[3].height


def test_prints_across_a_page_with_its_head_on_each(table):
    assert table.page_setup.orientation == "landscape"
    assert table.page_setup.paperSize == 9
    assert table.print_title_rows == "$1:$1"
    assert table.print_area == "'承诺事项'!$A$1:$C$3"
    assert table.sheet_properties.pageSetUpPr.fitToPage
    assert table.page_setup.fitToHeight == 0
    assert table.oddHeader.left.text == "株洲市承诺事项进展情况"
    assert table.oddHeader.right.text == "2026-11-23"


def filled(sheet):
    """The rows of a sheet without their empty cells, and without empty rows."""
    rows = ([cell for cell in row if cell is not None] for row in sheet.values)
    return [row for row in rows if row]


def test_says_what_it_is(book):
    assert filled(book["说明"]) == [
        ["株洲市承诺事项进展情况"],
        ["规划文件", "株洲市规划"],
        ["截至日期", datetime(2026, 11, 23)],
        ["筛选条件", "全部承诺事项"],
        ["规则版本", "1.0"],
        ["阅读说明", "比例和进度一律舍尾，不进位。"],
    ]


def test_counts_by_status_and_by_agency(book):
    rows = filled(book["总体情况"])
    assert rows[2:6] == [
        ["状态", "承诺事项数", "类别"],
        ["进度滞后", 1, "偏离进度"],
        ["暂无数据", 1, "暂无法判断"],
        ["合计", 2],
    ]
    assert rows[-1] == ["市农业农村局", 2, 0, 0, 0, 0, 1, 1, 0, 0]


def test_draws_the_counts_with_the_program_s_own_charts(book):
    charts = book["总体情况"]._charts
    assert [type(chart).__name__ for chart in charts] == ["BarChart", "BarChart"]
    first, second = charts
    assert first.series[0].val.numRef.f == "总体情况!$B$5:$B$6"
    assert first.series[0].cat.strRef.f == "总体情况!$A$5:$A$6"
    assert len(second.series) == 8
    assert second.grouping == "stacked"
    plain = reopened(a_report(parts={Part.SUMMARY}))
    assert plain["总体情况"]._charts == []


def test_names_its_sources_and_its_method():
    columns = (*COLUMNS, Column("figure_source", "数据来源", Type.TEXT, 30))
    columns = (*columns, Column("figure_url", "网址", Type.URL, 30))
    rows = [(*ROW, "统计公报", "https://example.org/1")] * 2
    book = reopened(a_report(rows=rows, columns=columns))
    listed = filled(book["来源"])
    assert listed[2][:2] == ["新闻发布会报道", "株洲日报"]
    assert listed[-1] == ["统计公报", "https://example.org/1"]
    assert sum(row[0] == "统计公报" for row in listed) == 1
    assert filled(book["方法"]) == [["要点"], ["先看数据，再看进度。"], ["最差的一项决定整体。"]]


def test_an_issued_report_has_its_number_first_and_on_every_page():
    book = reopened(a_report(**ISSUED))
    assert filled(book["说明"])[1] == ["报告", ISSUED["issued_as"]]
    assert all(sheet.oddHeader.left.text.endswith(ISSUED["number"]) for sheet in book)
    assert book.properties.subject == ISSUED["issued_as"]


def test_an_invented_plan_is_marked_on_both_sheets():
    book = reopened(a_report(fictional="虚构示例"))
    assert book.properties.description == "虚构示例"
    assert book["说明"]["A2"].value == "虚构示例"
    assert book["承诺事项"].oddFooter.center.text == "虚构示例"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "0123", "1e5", "TRUE"])
def test_text_is_never_a_formula_or_a_number(text):
    cell = reopened(a_report(with_title(text)))["承诺事项"]["B2"]
    assert (cell.value, cell.data_type) == (text, "s")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("前\x00后\x0b\ud800", "前�后��"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        ("_x0041_", "_x0041_"),
        (" 两边有空格 ", " 两边有空格 "),
        ("㵲水🙂\u202e右起", "㵲水🙂\u202e右起"),
        ("长" * 10_000, "长" * 10_000),
    ],
)
def test_hostile_text_comes_back_whole(text, shown):
    table = reopened(a_report(with_title(text)))["承诺事项"]
    assert openpyxl.utils.escape.unescape(table["B2"].value) == shown


def test_a_text_longer_than_a_cell_is_cut_and_says_so():
    text = reopened(a_report(with_title("🙂" * LONGEST_TEXT)))["承诺事项"]["B2"].value
    assert len(text.encode("utf-16-le")) // 2 <= LONGEST_TEXT
    assert text.endswith("🙂…")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "internal:Sheet2!A1", "file:///x"])
def test_only_a_web_address_is_a_link(address):
    cell = reopened(a_report((*ROW[:7], address)))["承诺事项"]["H2"]
    assert (cell.value, cell.hyperlink) == (address, None)


def test_more_links_than_a_sheet_may_have_are_text():
    columns = (Column("url", "网址", Type.URL, 20),)
    held = io.BytesIO()
    rows = [("https://example.org/",)] * 66_000
    to_xlsx(a_report(rows=rows, columns=columns, parts={Part.TABLE}), held)
    with zipfile.ZipFile(held) as parts:
        sheet = parts.read("xl/worksheets/sheet2.xml")
    assert sheet.count(b"<hyperlink ") == MOST_LINKS
    assert sheet.count(b"<row ") == 66_001


def test_the_same_report_is_the_same_file():
    def written():
        held = io.BytesIO()
        to_xlsx(a_report(), held)
        return held.getvalue()

    assert written() == written()


def test_without_rows_there_is_still_the_heading():
    table = reopened(a_report(rows=()))["承诺事项"]
    assert table.max_row == 1


def test_a_share_just_short_of_all_never_reads_100_per_cent():
    cell = reopened(a_report((*ROW[:4], Decimal("0.9999"), *ROW[5:])))["承诺事项"]["E2"]
    assert (cell.value, cell.number_format) == (0.9999, "0.00%")


def test_a_blank_row_is_only_as_high_as_a_line():
    assert reopened(a_report(BLANK))["承诺事项"].row_dimensions[2].height == 16.5
