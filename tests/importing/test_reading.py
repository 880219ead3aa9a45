"""What an uploaded file is read as, and which files are not read at all."""

import resource
import time
from datetime import date

import pytest
from django.utils.translation import override

from commitments.importing.reading import read_sheets
from commitments.importing.sheet import Unreadable
from tests.importing.workbook import SHEET, doctored, with_row, workbook

TABLE = [["指标编码", "数值"], ["龙头企业", "350"]]
TEXT = "指标编码,数值\r\n龙头企业,350\r\n"


def texts(sheets):
    return [[[cell.text for cell in row.cells] for row in sheet.rows] for sheet in sheets]


def kinds(sheets):
    return [[cell.kind.value for cell in row.cells] for row in sheets[0].rows]


def refusal(name, data):
    with override("en"), pytest.raises(Unreadable) as caught:
        read_sheets(name, data)
    return str(caught.value)


class TestCsv:
    @pytest.mark.parametrize(
        "data",
        [
            TEXT.encode(),
            TEXT.encode("utf-8-sig"),
            TEXT.encode("gb18030"),
            TEXT.replace(",", ";").encode("gb18030"),
            TEXT.replace(",", "\t").encode("utf-16"),
            b"\xfe\xff" + TEXT.replace(",", "\t").encode("utf-16-be"),
            TEXT.replace("\r\n", "\n").encode(),
            ('"' + TEXT.replace(",", '","').replace("\r\n", '"\r\n"')[:-1]).encode(),
        ],
        ids=["utf-8", "bom", "gb18030", "semicolon", "excel text", "big-endian", "unix", "quoted"],
    )
    def test_is_read_as_any_spreadsheet_saved_it(self, data):
        assert texts(read_sheets("数据.csv", data)) == [TABLE]

    def test_keeps_line_breaks_quotes_and_the_numbers_of_rows(self):
        data = b'a,b\r\n\r\n"one ""two""\r\nthree",4\r\n'
        [sheet] = read_sheets("a.csv", data)
        assert [(row.number, row.cell(0).text) for row in sheet.rows] == [
            (1, "a"),
            (3, 'one "two"\nthree'),
        ]

    def test_takes_off_the_apostrophe_that_makes_a_formula_inert(self):
        [sheet] = read_sheets("a.csv", b"a,b,c\r\n'=1+1,'-5,'tis\r\n")
        assert texts([sheet])[0][1] == ["=1+1", "-5", "'tis"]

    def test_refuses_what_cannot_be_read_and_names_the_row(self):
        assert refusal("a.csv", b"a,b\nx\xff\xff,1\n") == (
            "Row 2 has characters that cannot be read. Save the file as “CSV UTF-8”."
        )
        assert refusal("a.csv", b'a,b\n1,2\n"open,3\n').startswith("Row 3 cannot be read as CSV")
        assert refusal("a.csv", b"a\x00b\n") == (
            "The file is not text. Save it as XLSX or as “CSV UTF-8”."
        )
        assert refusal("a.csv", b" \n ") == "The file is empty."

    def test_refuses_more_rows_columns_and_characters_than_anybody_needs(self):
        assert "more than 5000 rows" in refusal("a.csv", b"a\n" + b"1\n" * 5_001)
        assert "more than 100 cells" in refusal("a.csv", b"1," * 101 + b"1\n")
        assert "longer than 32767 characters" in refusal("a.csv", b"a\n" + b"x" * 40_000)
        assert refusal("a.csv", b"a\n" * 5_000_001) == "The file is larger than 10 MB."


class TestXlsx:
    def test_is_read_sheet_by_sheet(self):
        assert texts(read_sheets("数据.xlsx", workbook(TABLE, [["注"]]))) == [TABLE, [["注"]]]

    def test_says_what_a_cell_really_holds(self):
        def fill(book, sheet):
            sheet.write_row(0, 0, ["text", 18.5, 0.1 + 0.2, True, 1e15])
            sheet.write_datetime(1, 0, date(2025, 1, 1), book.add_format({"num_format": 14}))
            sheet.write_number(1, 1, 45658, book.add_format({"num_format": 'yyyy"年"m"月"'}))
            sheet.write_number(1, 2, 0.47, book.add_format({"num_format": "0.0%"}))
            sheet.write_number(1, 3, 5, book.add_format({"num_format": '0"days"'}))
            sheet.write_formula(1, 4, "=1/0", None, "#DIV/0!")
            sheet.write_formula(1, 5, "=2+2", None, 4)

        sheets = read_sheets("a.xlsx", workbook(fill))
        assert kinds(sheets) == [
            ["text", "number", "number", "yes_no", "rounded"],
            ["date", "date", "percent", "number", "error", "number"],
        ]
        assert texts(sheets)[0] == [
            ["text", "18.5", "0.3", "TRUE", "1e+15"],
            ["2025-01-01", "2025-01-01", "0.47", "5", "#DIV/0!", "4"],
        ]

    def test_sees_a_formula_without_a_result(self):
        row = b'<row r="9"><c r="A9"><f>SUM(B1:B2)</f></c></row>'
        assert kinds(read_sheets("a.xlsx", doctored(with_row(row))))[-1] == ["formula"]

    def test_sees_merged_cells_hidden_rows_and_leaves_hidden_sheets(self):
        def fill(book, sheet):
            sheet.write_column(0, 0, ["head", "one", "two", "three"])
            sheet.merge_range("A2:B3", "both")
            sheet.set_row(3, None, None, {"hidden": True})

        def hide(book, sheet):
            sheet.write_string(0, 0, "secret")
            sheet.hide()

        sheets = read_sheets("a.xlsx", workbook(fill, hide))
        assert len(sheets) == 1
        assert kinds(sheets) == [["text"], ["text", "merged"], ["merged", "merged"], ["text"]]
        assert [row.is_hidden for row in sheets[0].rows] == [False, False, False, True]

    def test_reads_rich_text_and_text_in_the_cell_without_its_reading_aid(self):
        row = (
            '<row r="3"><c r="B3" t="inlineStr"><is><r><t>株</t></r><r><t xml:space="preserve">洲 '
            "</t></r><rPh><t>zhu</t></rPh></is></c></row>"
        ).encode()
        sheets = read_sheets("a.xlsx", doctored(with_row(row)))
        assert texts(sheets)[0][-1] == ["", "株洲 "]

    def test_empty_cells_with_a_look_cost_and_mean_nothing(self):
        row = b'<row r="1048576"><c r="XFD1048576" s="0"/></row>'
        assert texts(read_sheets("a.xlsx", doctored(with_row(row)))) == [[["a"], ["b"]]]


LAUGHS = b"".join(
    b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha") for n in range(10)
)
FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
HOSTILE = {
    "zip bomb": (
        lambda: doctored(with_row(b"<row><c><v>" + b"1" * 60_000_000 + b"</v></c></row>")),
        "larger than 50 MB",
    ),
    "millions of elements": (
        lambda: doctored(with_row(b"<row>" + b"<c/>" * 9_000_000 + b"</row>")),
        "too large",
    ),
    "millions of texts": (
        lambda: doctored(
            lambda xml: xml.replace(b"</sst>", b"<si><t>a</t></si>" * 2_000_000 + b"</sst>"),
            "xl/sharedStrings.xml",
        ),
        "too large",
    ),
    "one endless text": (
        lambda: doctored(
            lambda xml: xml.replace(b"</sst>", b"<si><t>" + b"a" * 40_000_000 + b"</t></si></sst>"),
            "xl/sharedStrings.xml",
        ),
        "longer than 32767 characters",
    ),
    "entities": (
        lambda: doctored(
            lambda xml: xml.replace(b"<worksheet", b"<!DOCTYPE x [" + LAUGHS + b"]><worksheet", 1)
        ),
        "document type declaration",
    ),
    "outside entity": (
        lambda: doctored(
            lambda xml: xml.replace(
                b"<sst", b'<!DOCTYPE x [<!ENTITY p SYSTEM "file:///etc/passwd">]><sst', 1
            ),
            "xl/sharedStrings.xml",
        ),
        "document type declaration",
    ),
    "a cell at the far corner": (lambda: doctored(with_row(FAR)), "XFD1048576"),
    "too many rows": (lambda: workbook([["a"]] * 5_002), "more than 5000 rows"),
    "merged over everything": (
        lambda: doctored(
            lambda xml: xml.replace(
                b"</sheetData>",
                b"</sheetData><mergeCells>"
                + b'<mergeCell ref="A1:XFD1048576"/>' * 300_000
                + b"</mergeCells>",
            ),
            data=workbook([["a"]] * 5_000),
        ),
        "too many merged cells",
    ),
    "macros": (lambda: doctored(add={"xl/vbaProject.bin": b"x"}), "has macros"),
    "links to other files": (
        lambda: doctored(add={"xl/externalLinks/externalLink1.xml": b"<a/>"}),
        "values from other files",
    ),
    "not whole": (lambda: workbook()[:-200], "damaged"),
    "no sheet": (lambda: doctored(lambda xml: b"<worksheet>", SHEET), "damaged"),
    "a zip of something else": (lambda: b"PK\x03\x04" + b"\0" * 100, "damaged"),
    "not a zip": (lambda: TEXT.encode(), "it is not"),
    "an old workbook": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "(.xls)"),
    "locked": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "password",
    ),
    "200 MB": (lambda: b"PK\x03\x04" + b"\0" * 200_000_000, "larger than 10 MB"),
}


def test_number_formats_made_to_take_for_ever_are_read_at_once():
    """Each open bracket is looked at to the end of the code: a long one took hours."""
    code = b"[" * 5_000_000
    styles = b'<numFmts><numFmt numFmtId="164" formatCode="' + code + b'"/></numFmts><fonts'
    cell = b'<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0"/>'

    def change(content):
        content = content.replace(b"<fonts", styles, 1)
        return content.replace(b"</cellXfs>", cell * 60_000 + b"</cellXfs>")

    began = time.process_time()
    [sheet] = read_sheets("a.xlsx", doctored(change, part="xl/styles.xml"))
    assert time.process_time() - began < 10
    assert len(sheet.rows) == 2


@pytest.mark.parametrize("case", HOSTILE)
def test_a_file_that_would_do_harm_is_refused_quickly_in_little_memory(case):
    make, said = HOSTILE[case]
    data = make()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    assert said in refusal("a.xlsx", data)
    assert time.process_time() - began < 6
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 150_000, f"{grown} KB more"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.xlsm", workbook(), "may have macros"),
        ("a.pdf", b"%PDF", "ends in .xlsx or .csv"),
        ("a", b"x", "ends in .xlsx or .csv"),
        ("a.csv", workbook(), "By its name the file is a text, but it is not"),
        ("a.xlsx", b"a,b", "By its name the file is a workbook, but it is not"),
    ],
)
def test_what_a_file_is_must_fit_its_name(name, data, said):
    assert said in refusal(name, data)
