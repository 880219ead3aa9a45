"""DOCX in the manner of an official report, with the styles that Word itself works with."""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
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
from commitments.exporters.docx_shapes import Shapes, set_close
from commitments.exporters.docx_styles import (
    SMALL_TABLE,
    TABLE,
    Look,
    describe,
    drop_thumbnail,
    name_faces,
    set_styles,
)
from commitments.exporters.docx_table import Cell, made, table_of
from commitments.exporters.look import COLOURS, INK, SOFT, group_looks
from commitments.exporters.report import Breakdown, Part, Report, Share
from commitments.exporters.table import harmless
from commitments.exporters.typesetting import Typesetter

CHART = Typesetter("chart.typ")
# Millimetres: the paper, the room between the margins upright and across.
SHORT_SIDE, LONG_SIDE = 210, 297
UPRIGHT, ACROSS = 156, 261
WARNING = "#9a3412"
# So many rows at the end of a table stay together, and a table of no more than so many.
LEAST_ROWS, MOST_ROWS = 4, 15


def to_docx(report: Report) -> bytes:
    """The document."""
    return _Writer(report).written()


def keep_together(rows: list[list[Cell]]) -> None:
    """Keep rows that follow each other on one page."""
    for row in rows[:-1]:
        for cell in row:
            cell.keep = True


class _Writer:
    def __init__(self, report: Report) -> None:
        self.report, self.words = report, report.words
        self.look = Look(report.is_chinese)
        self.document: Document = docx.Document()
        self.shapes = Shapes(self.document)
        self.groups = dict(zip(Group, report.groups, strict=True))

    def written(self) -> bytes:
        describe(self.document, self.report)
        drop_thumbnail(self.document)
        name_faces(self.document)
        set_styles(self.document, self.look)
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

    def set_page(self, section: Section, room: int) -> None:
        is_upright = room == UPRIGHT
        section.orientation = WD_ORIENT.PORTRAIT if is_upright else WD_ORIENT.LANDSCAPE
        sides = (SHORT_SIDE, LONG_SIDE) if is_upright else (LONG_SIDE, SHORT_SIDE)
        section.page_width, section.page_height = (Mm(side) for side in sides)
        if is_upright:
            # Those of GB/T 9704 for a Chinese official document.
            top, bottom = (37, 35) if self.report.is_chinese else (25, 25)
            section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
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
        for text in filter(None, (self.report.number, self.report.fictional)):
            self.small(footer, f"　{text}")

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
        for text in filter(None, (report.issued_as, f"{words.as_of} {report.day}")):
            line = self.paragraph(text, indent=False)
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.space_after = Pt(10)
        if report.fictional:
            warning = self.paragraph("", indent=False)
            warning.alignment = WD_ALIGN_PARAGRAPH.CENTER
            self.strong(warning, report.fictional, WARNING)
        self.pairs([[fact] for fact in report.facts])

    def write_summary(self) -> None:
        report, words = self.report, self.words
        self.heading(words.summary)
        self.paragraph(report.lead)
        if report.has(Part.CHARTS):
            self.write_chart(None)
        rows = [
            [
                self.status_cell(self.groups[each.group], each.group),
                Cell(each.word),
                Cell(str(each.count), right=True),
            ]
            for each in report.counts
        ]
        rows.append(
            [
                Cell(words.total, bold=True),
                Cell(""),
                Cell(str(report.total), right=True, bold=True),
            ]
        )
        # The total is not left alone on the next page.
        keep_together(rows[-LEAST_ROWS:])
        heads = [Cell(words.group), Cell(words.status), Cell(words.count, right=True)]
        self.table(heads, rows, [1, 1, 0.6], UPRIGHT, SMALL_TABLE)
        for found in report.breakdowns:
            self.write_breakdown(found)

    def write_breakdown(self, found: Breakdown) -> None:
        self.heading(found.heading, 2)
        heads = [found.name, self.words.total, *self.report.groups]
        rows = [
            [
                Cell(share.name),
                Cell(str(share.total), right=True, bold=True),
                *(Cell(str(count), right=True) for count in share.counts),
            ]
            for share in found.shares
        ]
        if len(rows) <= MOST_ROWS:
            keep_together(rows)
        self.table(
            [
                Cell(text, right=at > 0, size=self.look.narrow_size if at > 1 else 0)
                for at, text in enumerate(heads)
            ],
            rows,
            [2.7 if self.look.is_chinese else 3, 0.9, *[1.2] * len(self.report.groups)],
            UPRIGHT,
            SMALL_TABLE,
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
                "groups": group_looks(map(harmless, report.groups)),
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
        paragraph.paragraph_format.space_after = Pt(8)
        picture = paragraph.add_run().add_picture(io.BytesIO(drawn), width=Mm(UPRIGHT))
        set_close(picture._inline)
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
                self.status_cell(text, reader.group(row)) if key == "status" else Cell(text)
                for key, text in zip(keys, reader.texts(row, keys), strict=True)
            ]
            for row in self.report.rows
        )
        heads = [Cell(column.heading) for column in columns]
        widths = [printed_width(column) for column in columns]
        self.table(heads, rows, widths, ACROSS, SMALL_TABLE)
        self.set_page(self.document.add_section(WD_SECTION.NEW_PAGE), UPRIGHT)

    def status_cell(self, text: str, group: Group | None) -> Cell:
        if group is None:
            return Cell(text, bold=True, colour=INK)
        picture = self.shapes.run(group, self.look.small_size)
        return Cell(text, bold=True, colour=COLOURS[group].word, picture=picture)

    def write_details(self) -> None:
        self.heading(self.words.details)
        heads = [Cell(text) for text in figure_headings(self.report)]
        for detail in details_of(self.report):
            self.write_detail(detail, heads)

    def write_detail(self, detail: Detail, heads: list[Cell]) -> None:
        self.heading(f"{detail.code} {detail.title}", 2)
        status = self.paragraph("", indent=False)
        status._p.append(self.shapes.run(detail.group, self.look.body_size))
        self.strong(status, detail.status, COLOURS[detail.group].word)
        status.paragraph_format.keep_with_next = True
        quote = self.paragraph(detail.quote, indent=False)
        quote.paragraph_format.left_indent = Mm(6)
        quote.paragraph_format.keep_with_next = True
        self.pairs(paired(detail.facts))
        for facts in detail.tests:
            self.pairs(paired(facts))
        if detail.figures:
            rows = [[Cell(text) for text in row] for row in detail.figures]
            self.table(heads, rows, [3, 1.4, 2, 1.5, 4], UPRIGHT, SMALL_TABLE)

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
        if self.report.may_follow(address):
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
                    Cell(label, colour=SOFT),
                    Cell(value, span=3 if len(line) == 1 else 1),
                )
            ]
            for line in lines
        ]
        self.table([], rows, [1, 2, 1, 2], UPRIGHT)

    def table(
        self, heads: list[Cell], rows: Any, widths: list[Any], room: int, style: str = TABLE
    ) -> None:
        """A table as wide as the page's room, its head again on every page."""
        style_id = self.document.styles[style].style_id
        table = table_of(heads, rows, widths, room, style_id)
        body = self.document.element.body
        body.insert(len(body) - 1, table)
        # Two tables with nothing between them would become one.
        gap = self.document.add_paragraph()
        gap.paragraph_format.space_after = Pt(0)
        gap.paragraph_format.line_spacing = Pt(8)
