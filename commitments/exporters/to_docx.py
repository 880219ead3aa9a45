"""DOCX in the manner of an official report, with the styles that Word itself works with."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from commitments.domain.status import Group
from commitments.exporters.details import (
    Cited,
    Detail,
    Fact,
    Reader,
    details_of,
    figure_headings,
    paired,
    printed_width,
    read_columns,
)
from commitments.exporters.look import COLOURS, INK, RULE, SOFT, WASH, group_looks
from commitments.exporters.report import Breakdown, Part, Report, Share
from commitments.exporters.table import harmless
from commitments.exporters.typesetting import Typesetter

CHART = Typesetter("chart.typ")
# Millimetres: the paper, the room between the margins upright and across.
SHORT_SIDE, LONG_SIDE = 210, 297
UPRIGHT, ACROSS = 156, 261
WARNING = "#9a3412"


class Look:
    """Faces and sizes in points: of an official document in Chinese, plain in English."""

    def __init__(self, is_chinese: bool) -> None:
        self.latin = "Times New Roman" if is_chinese else "Arial"
        self.text = "FangSong"
        self.head, self.second = ("SimHei", "KaiTi") if is_chinese else ("SimHei", "SimHei")
        self.body_size, self.title_size = (14, 22) if is_chinese else (11, 20)
        self.first_size, self.second_size = (16, 14) if is_chinese else (15, 12)
        self.note_size, self.table_size, self.small_size = 12 if is_chinese else 10.5, 10.5, 9
        self.indent = 2 * self.body_size if is_chinese else 0
        self.line = 26 if is_chinese else 15


def to_docx(report: Report) -> bytes:
    """The document."""
    return _Writer(report).written()


class _Writer:
    def __init__(self, report: Report) -> None:
        self.report, self.words = report, report.words
        self.look = Look(report.is_chinese)
        self.document: Document = docx.Document()
        self.groups = dict(zip(Group, report.groups, strict=True))

    def written(self) -> bytes:
        self.describe()
        self.set_styles()
        self.set_page(self.document.sections[0], UPRIGHT)
        self.write_footer()
        self.write_title()
        for part, write in (
            (Part.SUMMARY, self.write_summary),
            (Part.TABLE, self.write_table),
            (Part.DETAILS, self.write_details),
            (Part.SOURCES, self.write_sources),
            (Part.METHOD, self.write_method),
        ):
            if self.report.has(part):
                write()
            elif part is Part.SUMMARY and self.report.has(Part.CHARTS):
                self.heading(self.words.chart)
                self.write_chart(None)
        held = io.BytesIO()
        self.document.save(held)
        return held.getvalue()

    # --- What the file is -------------------------------------------------------------------

    def describe(self) -> None:
        report, about = self.report, self.document.core_properties
        day = report.as_of
        about.title, about.subject = harmless(report.title)[:255], harmless(report.day)
        about.author = harmless(", ".join(report.plans))[:255]
        about.last_modified_by, about.comments = about.author, harmless(report.fictional)
        about.keywords = day.isoformat()
        about.language = "zh-CN" if report.is_chinese else "en-GB"
        # The report's day and not the clock's.
        about.created = about.modified = datetime(day.year, day.month, day.day, tzinfo=UTC)

    def set_styles(self) -> None:
        look, styles = self.look, self.document.styles
        normal = styles["Normal"]
        self.set_font(normal, look.text, look.body_size)
        normal.paragraph_format.space_after = Pt(4)
        normal.paragraph_format.line_spacing = Pt(look.line)
        self.set_language(normal.element)
        for name, face, size, before, after in (
            ("Title", look.head, look.title_size, 6, 8),
            ("Heading 1", look.head, look.first_size, 16, 8),
            ("Heading 2", look.second, look.second_size, 12, 6),
        ):
            style = styles[name]
            self.set_font(style, face, size, bold=not self.report.is_chinese or name == "Heading 2")
            style.paragraph_format.space_before, style.paragraph_format.space_after = (
                Pt(before),
                Pt(after),
            )
            style.paragraph_format.line_spacing = 1.25
            style.paragraph_format.keep_with_next = True
        title = styles["Title"]
        title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for border in title.element.pPr.findall(qn("w:pBdr")):
            title.element.pPr.remove(border)
        if self.report.is_chinese:
            self.number_headings()

    def set_font(self, style: Any, face: str, size: float, *, bold: bool = False) -> None:
        """The Latin and the East Asian face: without the second Word takes one of its own."""
        style.font.size, style.font.bold = Pt(size), bold
        style.font.color.rgb = RGBColor.from_string(INK[1:])
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for name in list(fonts.attrib):
            del fonts.attrib[name]
        for name in ("ascii", "hAnsi", "cs"):
            fonts.set(qn(f"w:{name}"), self.look.latin)
        fonts.set(qn("w:eastAsia"), face)

    def set_language(self, style: BaseOxmlElement) -> None:
        properties = style.get_or_add_rPr()
        for old in properties.findall(qn("w:lang")):
            properties.remove(old)
        latin = "en-US" if self.report.is_chinese else "en-GB"
        properties.append(made("w:lang", val=latin, eastAsia="zh-CN"))

    def number_headings(self) -> None:
        """一、 and （一） as Word's own numbering, so that a heading put in between is counted."""
        numbering = self.document.part.numbering_part.element
        levels = "".join(
            f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/>'
            f'<w:numFmt w:val="chineseCountingThousand"/><w:pStyle w:val="Heading{at + 1}"/>'
            f'<w:suff w:val="nothing"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
            '<w:pPr><w:ind w:left="0" w:firstLine="0"/></w:pPr></w:lvl>'
            for at, text in enumerate(("%1、", "（%2）"))
        )
        numbering.insert(
            0,
            parse_xml(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">'
                f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
            ),
        )
        numbering.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>')
        )
        for at in (0, 1):
            style = self.document.styles[f"Heading {at + 1}"].element.get_or_add_pPr()
            numbered = made("w:numPr")
            numbered.append(made("w:ilvl", val=at))
            numbered.append(made("w:numId", val=90))
            style._insert_numPr(numbered)

    def set_page(self, section: Section, room: int) -> None:
        is_upright = room == UPRIGHT
        section.orientation = WD_ORIENT.PORTRAIT if is_upright else WD_ORIENT.LANDSCAPE
        sides = (SHORT_SIDE, LONG_SIDE) if is_upright else (LONG_SIDE, SHORT_SIDE)
        section.page_width, section.page_height = (Mm(side) for side in sides)
        if is_upright:
            # Those of GB/T 9704 for official documents; an English one has the same.
            section.top_margin, section.bottom_margin = Mm(37), Mm(35)
            section.left_margin, section.right_margin = Mm(28), Mm(26)
        else:
            section.top_margin, section.bottom_margin = Mm(24), Mm(20)
            section.left_margin = section.right_margin = Mm(18)
        section.footer_distance = Mm(12)

    def write_footer(self) -> None:
        footer = self.document.sections[0].footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
        before, _, rest = self.words.page.partition("{page}")
        between, _, after = rest.partition("{pages}")
        for text, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
            self.small(footer, text)
            if field:
                code = made("w:fldSimple", instr=field)
                code.append(self.small(footer, "1")._r)
                footer._p.append(code)
        if self.report.fictional:
            self.small(footer, f"　{self.report.fictional}")

    def small(self, paragraph: Paragraph, text: str) -> Any:
        run = paragraph.add_run(harmless(text))
        run.font.size, run.font.color.rgb = Pt(self.look.small_size), RGBColor.from_string(SOFT[1:])
        return run

    def strong(self, paragraph: Paragraph, text: str, colour: str) -> None:
        run = paragraph.add_run(harmless(text))
        run.font.bold, run.font.color.rgb = True, RGBColor.from_string(colour[1:])

    # --- The parts --------------------------------------------------------------------------

    def write_title(self) -> None:
        report, words = self.report, self.words
        self.document.add_paragraph(harmless(report.title), style="Title")
        day = self.paragraph(f"{words.as_of} {report.day}", indent=False)
        day.alignment = WD_ALIGN_PARAGRAPH.CENTER
        day.paragraph_format.space_after = Pt(10)
        if report.fictional:
            warning = self.paragraph("", indent=False)
            warning.alignment = WD_ALIGN_PARAGRAPH.CENTER
            self.strong(warning, report.fictional, WARNING)
        facts = [
            (words.plans, "\n".join(report.plans)),
            (words.as_of, report.day),
            (words.asked, "\n".join(report.asked)),
            (words.rule, report.rule_version),
            (words.notes, "\n".join(report.notes)),
        ]
        self.pairs([[fact] for fact in facts if fact[1]])

    def write_summary(self) -> None:
        report, words = self.report, self.words
        self.heading(words.summary)
        self.paragraph(report.lead)
        if report.has(Part.CHARTS):
            self.write_chart(None)
        rows = [
            [
                _Cell(self.groups[each.group], colour=COLOURS[each.group].word, bold=True),
                _Cell(each.word),
                _Cell(str(each.count), right=True),
            ]
            for each in report.counts
        ]
        rows.append(
            [
                _Cell(words.total, bold=True),
                _Cell(""),
                _Cell(str(report.total), right=True, bold=True),
            ]
        )
        heads = [_Cell(words.group), _Cell(words.status), _Cell(words.count, right=True)]
        self.table(heads, rows, [1, 1, 0.6], UPRIGHT, size=self.look.small_size)
        for found in report.breakdowns:
            self.write_breakdown(found)

    def write_breakdown(self, found: Breakdown) -> None:
        self.heading(found.heading, 2)
        heads = [found.name, self.words.total, *self.report.groups]
        rows = [
            [
                _Cell(share.name),
                _Cell(str(share.total), right=True, bold=True),
                *(_Cell(str(count), right=True) for count in share.counts),
            ]
            for share in found.shares
        ]
        self.table(
            [_Cell(text, right=at > 0) for at, text in enumerate(heads)],
            rows,
            [3.6, *[1.0] * 9],
            UPRIGHT,
            size=self.look.small_size,
        )
        if self.report.has(Part.CHARTS) and len(found.shares) > 1:
            self.write_chart(found.shares)

    def write_chart(self, shares: tuple[Share, ...] | None) -> None:
        """A picture of the counts; the table beside it says the same to who cannot see it."""
        report = self.report
        counts = [
            {"name": harmless(each.name), "total": each.total, "counts": each.counts}
            for each in shares or ()
        ]
        drawn = CHART.set(
            {
                "ink": INK,
                "lang": "zh" if report.is_chinese else "en",
                "region": "cn" if report.is_chinese else "gb",
                "groups": group_looks(report.groups),
                "counts": report.group_counts,
                "shares": counts if shares else None,
            },
            format="png",
            ppi=220,
        )
        paragraph = self.paragraph("", indent=False)
        # A line of a set height would cut the picture off.
        paragraph.paragraph_format.line_spacing = 1
        paragraph.paragraph_format.space_before = Pt(6)
        picture = paragraph.add_run().add_picture(io.BytesIO(drawn), width=Mm(UPRIGHT))
        said = "; ".join(
            f"{word} {count}"
            for word, count in zip(report.groups, report.group_counts, strict=True)
        )
        picture._inline.docPr.set("descr", harmless(f"{self.words.chart}: {said}"))

    def write_table(self) -> None:
        self.set_page(self.document.add_section(WD_SECTION.NEW_PAGE), ACROSS)
        self.heading(self.words.table)
        columns = read_columns(self.report)
        keys = [column.key for column in columns]
        reader = Reader(self.report.columns)
        rows = (
            [
                self.status_cell(text, reader.group(row)) if key == "status" else _Cell(text)
                for key, text in zip(keys, reader.texts(row, keys), strict=True)
            ]
            for row in self.report.rows
        )
        heads = [_Cell(column.heading) for column in columns]
        widths = [printed_width(column) for column in columns]
        self.table(heads, rows, widths, ACROSS, size=self.look.small_size)
        self.set_page(self.document.add_section(WD_SECTION.NEW_PAGE), UPRIGHT)

    def status_cell(self, text: str, group: Group | None) -> _Cell:
        return _Cell(text, bold=True, colour=COLOURS[group].word if group else INK)

    def write_details(self) -> None:
        self.heading(self.words.details)
        heads = [_Cell(text) for text in figure_headings(self.report)]
        for detail in details_of(self.report):
            self.write_detail(detail, heads)

    def write_detail(self, detail: Detail, heads: list[_Cell]) -> None:
        self.heading(f"{detail.code} {detail.title}", 2)
        status = self.paragraph("", indent=False)
        self.strong(status, detail.status, COLOURS[detail.group].word)
        status.paragraph_format.keep_with_next = True
        quote = self.paragraph(detail.quote, indent=False)
        quote.paragraph_format.left_indent = Mm(6)
        quote.paragraph_format.keep_with_next = True
        self.pairs(paired(detail.facts))
        for facts in detail.tests:
            self.pairs(paired(facts))
        if detail.figures:
            rows = [[_Cell(text) for text in row] for row in detail.figures]
            self.table(heads, rows, [3, 1.4, 2, 1.5, 4], UPRIGHT, size=self.look.small_size)

    def write_sources(self) -> None:
        self.heading(self.words.sources)
        self.heading(self.words.documents, 2)
        for each in self.report.documents:
            day = each.published_on.isoformat()
            self.source(f"{each.title} · {each.publisher} · {day}", each.url)
            self.small(self.paragraph("", indent=False), f"SHA-256 {each.sha256}")
        cited = Cited(self.report.columns)
        for row in self.report.rows:
            cited.add(row)
        if cited.found:
            self.heading(self.words.figure_sources, 2)
        for source, day, address in cited:
            self.source(f"{source} · {day}", address)

    def source(self, text: str, address: str) -> None:
        paragraph = self.paragraph(text, indent=False)
        paragraph.paragraph_format.line_spacing = 1.15
        if address:
            paragraph.add_run().add_break()
            self.link(paragraph, harmless(address))

    def link(self, paragraph: Paragraph, address: str) -> None:
        run = self.small(paragraph, address)
        if address.startswith(("http://", "https://")):
            kind = RELATIONSHIP_TYPE.HYPERLINK
            link = OxmlElement("w:hyperlink")
            link.set(qn("r:id"), paragraph.part.relate_to(address, kind, is_external=True))
            link.append(run._r)
            paragraph._p.append(link)

    def write_method(self) -> None:
        self.heading(self.words.method)
        for section in self.report.method:
            self.heading(section.heading, 2)
            for text in section.paragraphs:
                note = self.paragraph("")
                note.add_run(harmless(text)).font.size = Pt(self.look.note_size)
                note.paragraph_format.line_spacing = 1.3

    # --- The elements -----------------------------------------------------------------------

    def heading(self, text: str, level: int = 1) -> None:
        self.document.add_paragraph(harmless(text), style=f"Heading {level}")

    def paragraph(self, text: str, *, indent: bool = True) -> Paragraph:
        paragraph = self.document.add_paragraph(harmless(text))
        if indent and self.look.indent:
            # In characters and not in points, as Word itself sets a Chinese paragraph.
            properties = paragraph._p.get_or_add_pPr()
            properties._insert_ind(
                made("w:ind", firstLineChars=200, firstLine=self.look.indent * 20)
            )
        return paragraph

    def pairs(self, lines: list[list[Fact]]) -> None:
        """Facts as label and value; two short ones share a line."""
        rows = [
            [
                cell
                for label, value in line
                for cell in (
                    _Cell(label, colour=SOFT),
                    _Cell(value, span=3 if len(line) == 1 else 1),
                )
            ]
            for line in lines
        ]
        self.table([], rows, [1, 2, 1, 2], UPRIGHT)

    def table(
        self, heads: list[_Cell], rows: Any, widths: list[Any], room: int, size: float = 0
    ) -> None:
        """A table as wide as the page's room, its head again on every page.

        It is built from its elements: the library's own cells look their table up again and again,
        and take many times as long.
        """
        twips = [round(width * room * 56.7 / sum(widths)) for width in widths]
        table = parse_xml(
            f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/>'
            '<w:tblInd w:w="70" w:type="dxa"/><w:tblBorders>'
            + "".join(
                f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{RULE[1:]}"/>'
                for side in ("top", "left", "bottom", "right", "insideH", "insideV")
            )
            + '</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
            '<w:top w:w="20" w:type="dxa"/><w:left w:w="70" w:type="dxa"/>'
            '<w:bottom w:w="20" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
            "</w:tblPr><w:tblGrid>"
            + "".join(f'<w:gridCol w:w="{width}"/>' for width in twips)
            + "</w:tblGrid></w:tbl>"
        )
        half_points = round((size or self.look.table_size) * 2)
        if heads:
            table.append(_row(heads, twips, half_points, is_head=True))
        for row in rows:
            table.append(_row(row, twips, half_points))
        body = self.document.element.body
        body.insert(len(body) - 1, table)
        # Two tables with nothing between them would become one.
        gap = self.document.add_paragraph()
        gap.paragraph_format.space_after = Pt(0)
        gap.paragraph_format.line_spacing = Pt(8)


class _Cell:
    """A text in a table, and how it stands there."""

    __slots__ = ("bold", "colour", "right", "span", "text")

    def __init__(
        self, text: str, *, bold: bool = False, colour: str = "", right: bool = False, span: int = 1
    ) -> None:
        self.text, self.bold, self.colour = harmless(text), bold, colour
        self.right, self.span = right, span


def _row(
    cells: list[_Cell], widths: list[int], half_points: int, *, is_head: bool = False
) -> BaseOxmlElement:
    row, properties = made("w:tr"), made("w:trPr")
    if is_head or max(len(cell.text) for cell in cells) < 1_000:
        properties.append(made("w:cantSplit"))
    if is_head:
        properties.append(made("w:tblHeader"))
    row.append(properties)
    place = 0
    for cell in cells:
        width = sum(widths[place : place + cell.span])
        row.append(_cell(cell, width, half_points, is_head=is_head))
        place += cell.span
    return row


def _cell(cell: _Cell, width: int, half_points: int, *, is_head: bool) -> BaseOxmlElement:
    element, properties = made("w:tc"), made("w:tcPr")
    properties.append(made("w:tcW", w=width, type="dxa"))
    if cell.span > 1:
        properties.append(made("w:gridSpan", val=cell.span))
    if is_head:
        properties.append(made("w:shd", val="clear", color="auto", fill=WASH[1:]))
    element.append(properties)
    paragraph, layout = made("w:p"), made("w:pPr")
    if is_head:
        layout.append(made("w:keepNext"))
    layout.append(made("w:spacing", before=0, after=0, line=240, lineRule="auto"))
    if cell.right:
        layout.append(made("w:jc", val="right"))
    paragraph.append(layout)
    run, style = made("w:r"), made("w:rPr")
    if cell.bold or is_head:
        style.append(made("w:b"))
    if cell.colour:
        style.append(made("w:color", val=cell.colour[1:]))
    style.append(made("w:sz", val=half_points))
    run.append(style)
    for at, line in enumerate(cell.text.split("\n")):
        if at:
            run.append(made("w:br"))
        text = made("w:t")
        text.text = line
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run.append(text)
    paragraph.append(run)
    element.append(paragraph)
    return element


def made(name: str, **attributes: str | int) -> BaseOxmlElement:
    """An element with attributes of Word's own namespace."""
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), str(value))
    return element
