"""PDF, reopened: tagged, with outline and metadata, its face embedded, every cell in its text."""

import io
import re

import pytest
from pypdf import PdfReader

from commitments.exporters.report import Part
from commitments.exporters.to_pdf import to_pdf
from tests.exporters.build import ISSUED, ROW, a_report, with_title


def reopened(report):
    return PdfReader(io.BytesIO(to_pdf(report)))


def text_of(document):
    """All its text without the breaks of lines."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in document.pages))


@pytest.fixture(scope="module")
def document():
    return reopened(a_report(parts=frozenset(Part)))


def titles(outline):
    found = []
    for entry in outline:
        found.append(titles(entry) if isinstance(entry, list) else entry.title)
    return found


def test_is_tagged_as_the_standard_for_accessible_documents_asks(document):
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "zh-CN"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    kinds = set(re.findall(r"/(H1|H2|Table|TH|TD)\b", structure(document)))
    assert kinds == {"H1", "H2", "Table", "TH", "TD"}


def structure(document):
    """The kinds of all elements of its structure."""
    found = []

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            found.append(str(node.get("/S", "")))
            if "/K" in node:
                walk(node["/K"])

    walk(document.trailer["/Root"]["/StructTreeRoot"])
    return " ".join(found)


def test_has_an_outline(document):
    assert titles(document.outline) == [
        "一、 总体情况",
        ["（一） 按牵头单位"],
        "二、 承诺事项",
        "三、 逐项说明",
        ["（一） ZZ-052 市级以上农业龙头企业达到350家", "（二） ZZ-053 没有数据"],
        "四、 来源",
        ["（一） 规划文件"],
        "五、 方法",
        ["（一） 要点"],
    ]


def test_says_what_it_is(document):
    about = document.metadata
    assert about.title == "株洲市承诺事项进展情况"
    assert about.author == "株洲市规划"
    assert about.creation_date.date().isoformat() == "2026-11-23"


def test_every_face_is_embedded(document):
    faces = faces_of(document)
    assert any("NotoSansSC" in name for name in faces)
    assert all(faces.values())


def faces_of(document):
    """Whether each face is embedded, by its name."""
    faces = {}
    for page in document.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            [inner] = font.get_object()["/DescendantFonts"]
            about = inner.get_object()["/FontDescriptor"].get_object()
            faces[str(about["/FontName"])] = "/FontFile3" in about or "/FontFile2" in about
    return faces


def test_signs_that_the_chinese_face_draws_wide_are_latin_in_english():
    for language, count in (("zh-hans", 1), ("en", 2)):
        row = with_title("≥ 350 · 2025")
        faces = faces_of(reopened(a_report(row, language=language, parts={Part.TABLE})))
        assert len(faces) == count
        assert all(faces.values())


def test_draws_the_characters_of_gb_2312_and_rare_place_names():
    # Every character of the two levels of GB 2312.
    rows = [
        bytes([high, low]).decode("gb2312", "ignore")
        for high in range(0xB0, 0xF8)
        for low in range(0xA1, 0xFF)
    ]
    text = "".join(rows) + "㵲洣漣瀏"
    document = reopened(a_report(with_title(text), parts={Part.TABLE}))
    # With a character that no face has, the document could not claim the standard.
    assert b"pdfuaid:part" in document.trailer["/Root"]["/Metadata"].get_data()
    assert "㵲" in text_of(document)


def test_every_cell_that_is_read_is_in_its_text(document):
    text = text_of(document)
    for cell in ROW[:3]:
        assert re.sub(r"\s", "", cell) in text
    assert "第1页，共" in text


def test_the_table_lies_across_a4(document):
    sizes = {tuple(round(float(side)) for side in page.mediabox[2:]) for page in document.pages}
    assert sizes == {(595, 842), (842, 595)}


def test_an_issued_report_has_its_number_on_every_page():
    document = reopened(a_report(**ISSUED))
    assert all(ISSUED["number"] in page.extract_text() for page in document.pages)
    assert ISSUED["issued_as"] in text_of(document)


def test_an_invented_plan_is_marked_on_every_page():
    document = reopened(a_report(fictional="虚构示例"))
    assert all("虚构示例" in page.extract_text() for page in document.pages)


@pytest.mark.parametrize("part", list(Part))
def test_any_one_part_can_stand_alone(part):
    assert len(reopened(a_report(parts={part})).pages) >= 1


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "前\x00后\x0b\ud800",
        "<b>&amp;</b>",
        '#panic("x") $1/0$ *_`\\',
        "㵲水🙂\u202e右起",
        "长" * 10_000,
        "a" * 10_000,
    ],
)
def test_hostile_text_does_no_harm(text):
    document = reopened(a_report(with_title(text), title=text[:200], parts=frozenset(Part)))
    assert "ZZ-052" in text_of(document)


def test_a_sign_that_no_face_has_leaves_the_document_tagged():
    document = reopened(a_report(with_title("好🙂"), parts={Part.TABLE}))
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_words_are_never_read_as_markup():
    text = text_of(reopened(a_report(with_title("#strong[x] $x^2$"), parts={Part.TABLE})))
    assert "#strong[x]$x^2$" in text


def test_the_same_report_is_the_same_file():
    assert to_pdf(a_report()) == to_pdf(a_report())
