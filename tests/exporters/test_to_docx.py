"""DOCX, reopened: real headings, heads that repeat, page numbers, faces for both scripts."""

import io
import zipfile

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from lxml import etree

from commitments.exporters.report import Part
from commitments.exporters.to_docx import to_docx
from tests.exporters.build import BLANK, COLUMNS, ISSUED, ROW, a_report, with_title


def reopened(report):
    return docx.Document(io.BytesIO(to_docx(report)))


@pytest.fixture(scope="module")
def document():
    return reopened(a_report(parts=frozenset(Part)))


def headings(document):
    return [
        (paragraph.style.name, paragraph.text)
        for paragraph in document.paragraphs
        if paragraph.style.name.startswith("Heading")
    ]


def tables_with_heads(document):
    return [table for table in document.tables if "w:tblHeader" in table._tbl.xml]


def cells(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_has_real_headings_in_order(document):
    assert headings(document) == [
        ("Heading 1", "总体情况"),
        ("Heading 2", "按牵头单位"),
        ("Heading 1", "承诺事项"),
        ("Heading 1", "逐项说明"),
        ("Heading 2", "ZZ-052 市级以上农业龙头企业达到350家"),
        ("Heading 2", "ZZ-053 没有数据"),
        ("Heading 1", "来源"),
        ("Heading 2", "规划文件"),
        ("Heading 1", "方法"),
        ("Heading 2", "要点"),
    ]
    assert document.paragraphs[0].style.name == "Title"
    assert document.paragraphs[0].text == "株洲市承诺事项进展情况"


def test_chinese_headings_are_numbered_by_word_itself(document):
    for at, name in enumerate(("Heading 1", "Heading 2")):
        number = document.styles[name].element.pPr.numPr
        assert (number.numId.val, number.ilvl.val) == (90, at)
    numbering = document.part.numbering_part.element.xml
    assert 'w:val="chineseCountingThousand"' in numbering
    assert 'w:lvlText w:val="%1、"' in numbering
    assert 'w:lvlText w:val="（%2）"' in numbering


def test_english_headings_are_plain():
    document = reopened(a_report(language="en"))
    assert document.styles["Heading 1"].element.pPr.numPr is None


@pytest.mark.parametrize("name", ["Normal", "Title", "Heading 1", "Heading 2"])
def test_every_style_names_a_face_for_each_script(document, name):
    fonts = document.styles[name].element.rPr.rFonts
    assert fonts.get(qn("w:ascii")) == "Times New Roman"
    face = fonts.get(qn("w:eastAsia"))
    assert face in ("FangSong", "SimHei", "KaiTi", "方正小标宋简体")
    assert fonts.get(qn("w:asciiTheme")) is None
    # For who has not got it, what it is like.
    known = etree.fromstring(document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE).blob)
    [told] = [each for each in known if each.get(qn("w:name")) == face]
    assert told.find(qn("w:altName")).get(qn("w:val"))
    assert told.find(qn("w:charset")).get(qn("w:val")) == "86"


def test_a_chinese_text_has_the_sizes_and_margins_of_an_official_document(document):
    sizes = {name: document.styles[name].font.size.pt for name in ("Title", "Heading 1", "Normal")}
    assert sizes == {"Title": 22, "Heading 1": 16, "Normal": 16}
    first = document.sections[0]
    sides = (first.top_margin, first.bottom_margin, first.left_margin, first.right_margin)
    assert [round(side.mm) for side in sides] == [37, 35, 28, 26]
    english = reopened(a_report(language="en")).sections[0]
    assert round(english.top_margin.mm) == round(english.bottom_margin.mm) == 25


def test_a_line_of_a_table_is_as_high_as_its_text(document):
    """Also where it has a drawing, and in what Word calls the paragraph's mark."""
    found = (paragraph for table in document.tables for paragraph in all_of(table))
    used = {paragraph.style.name: paragraph.style for paragraph in found}
    assert {*used} == {"Table Text", "Small Table Text"}
    for style in used.values():
        assert style.font.size.pt < document.styles["Normal"].font.size.pt
        assert style.paragraph_format.line_spacing == 1


def all_of(table):
    return (each for row in table.rows for cell in row.cells for each in cell.paragraphs)


def test_has_no_picture_of_another_document():
    with zipfile.ZipFile(io.BytesIO(to_docx(a_report()))) as parts:
        assert not [name for name in parts.namelist() if "thumbnail" in name]


def test_the_table_has_every_cell_that_is_read_and_its_head_repeats(document):
    [table] = [
        each
        for each in tables_with_heads(document)
        if len(each.columns) == 3 and each.rows[0].cells[0].text == "编号"
    ]
    assert cells(table) == [
        [column.heading for column in COLUMNS[:3]],
        list(ROW[:3]),
        ["ZZ-053", "没有数据", ""],
    ]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.rows[1]._tr.trPr.find(qn("w:cantSplit")) is not None


def test_the_table_lies_across_a4_and_the_rest_stands(document):
    sizes = [
        (round(section.page_width.mm), round(section.page_height.mm))
        for section in document.sections
    ]
    assert sizes == [(210, 297), (297, 210), (210, 297)]


def test_the_foot_counts_the_pages(document):
    foot = document.sections[0].footer.paragraphs[0]
    fields = [each.get(qn("w:instr")) for each in foot._p.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert "".join(each.text for each in foot._p.iter(qn("w:t"))) == "第1页，共1页"


def test_the_chart_has_words_for_who_cannot_see_it(document):
    told = [each.get("descr") for each in document.element.iter(qn("wp:docPr"))]
    [described] = [each for each in told if each]
    assert described.startswith("承诺事项分布：") or described.startswith("承诺事项分布: ")
    assert "偏离进度 1" in described


def test_says_what_it_is(document):
    about = document.core_properties
    assert about.title == "株洲市承诺事项进展情况"
    assert about.language == "zh-CN"
    assert about.author == "株洲市规划"
    assert about.created.date().isoformat() == "2026-11-23"


def test_an_address_can_be_followed(document):
    targets = [each.target_ref for each in document.part.rels.values() if each.is_external]
    assert "https://example.org/report" in targets


def test_only_a_web_address_can_be_followed():
    report = a_report(parts={Part.SOURCES})
    [source] = report.documents
    harmful = type(source)(source.title, "", source.published_on, "javascript:alert(1)", "0")
    document = reopened(a_report(parts={Part.SOURCES}, documents=(harmful,)))
    assert not [each for each in document.part.rels.values() if each.is_external]
    assert any("javascript:alert(1)" in each.text for each in document.paragraphs)


def test_the_details_tell_facts_and_figures(document):
    texts = [text for table in document.tables for row in cells(table) for text in row]
    assert "270.5 家" in texts
    assert "株洲市统计公报" in texts


@pytest.mark.parametrize("part", list(Part))
def test_what_is_not_asked_for_is_not_in_it(part):
    words = {
        Part.SUMMARY: "总体情况",
        Part.CHARTS: "承诺事项分布",
        Part.TABLE: "承诺事项",
        Part.DETAILS: "逐项说明",
        Part.SOURCES: "来源",
        Part.METHOD: "方法",
    }
    found = [text for name, text in headings(reopened(a_report(parts={part}))) if name[-1] == "1"]
    assert found == [words[part]]


def test_an_issued_report_has_its_number_below_the_title_and_on_every_page():
    document = reopened(a_report(**ISSUED))
    title, number, *_rest = document.paragraphs
    assert (title.style.name, number.text) == ("Title", ISSUED["issued_as"])
    assert ISSUED["number"] in document.sections[0].footer.paragraphs[0].text
    assert all(section.footer.is_linked_to_previous for section in [*document.sections][1:])


def test_an_invented_plan_is_marked_on_top_and_on_every_page():
    document = reopened(a_report(fictional="虚构示例"))
    assert document.paragraphs[2].text == "虚构示例"
    assert "虚构示例" in document.sections[0].footer.paragraphs[0].text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "=1+1"),
        ("前\x00后\x0b\ud800", "前�后��"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        ("{{ PAGE }} #set page", "{{ PAGE }} #set page"),
        (" 两边有空格 ", " 两边有空格 "),
        ("㵲水🙂\u202e右起", "㵲水🙂\u202e右起"),
        ("长" * 10_000, "长" * 10_000),
    ],
)
def test_hostile_text_comes_back_whole(text, shown):
    document = reopened(a_report(with_title(text), parts=frozenset(Part)))
    found = [row[1] for table in tables_with_heads(document) for row in cells(table)]
    assert shown in found


def test_without_rows_there_is_still_the_head():
    tables = tables_with_heads(reopened(a_report(rows=[], parts={Part.TABLE})))
    assert len(tables[0].rows) == 1
    assert BLANK[0] not in str(cells(tables[0]))


def test_a_status_has_a_shape_before_its_word(document):
    table = next(each for each in tables_with_heads(document) if cells(each)[0][0] == "类别")
    for row in table.rows[1:-1]:
        element = row.cells[0]._tc
        [drawing] = element.xpath(".//w:drawing")
        # A screen reader has the word.
        assert "decorative" in drawing.xml
        first, *_rest = element.xpath(".//w:r")
        assert drawing in first
        assert row.cells[0].text
    numbers = document.element.xpath("//wp:docPr/@id")
    assert len(numbers) == len(set(numbers))


def test_a_shape_is_kept_once_however_often_it_is_shown(document):
    names = [
        part.partname for part in document.part.package.iter_parts() if "media" in part.partname
    ]
    shown = document.element.xpath("//a:blip/@r:embed")
    assert len(shown) > len(set(shown))
    assert len(names) == len(set(shown))
