"""How a DOCX looks, and what it says of itself: with the styles that Word itself works with."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Pt, RGBColor

from commitments.exporters.docx_table import made
from commitments.exporters.look import INK
from commitments.exporters.report import Report
from commitments.exporters.table import harmless

# Name, another name of it or the nearest that every office has, family, pitch.
FACES = (
    ("FangSong", "仿宋", "modern", "fixed"),
    ("SimHei", "黑体", "modern", "fixed"),
    ("KaiTi", "楷体", "modern", "fixed"),
    ("方正小标宋简体", "SimSun", "auto", "variable"),
)


# Of the paragraphs in tables; a line there is as high as its style says, whatever its text has.
TABLE, SMALL_TABLE = "Table Text", "Small Table Text"


class Look:
    """Faces and sizes in points: of an official document in Chinese, plain in English."""

    def __init__(self, is_chinese: bool) -> None:
        self.is_chinese = is_chinese
        self.latin = "Times New Roman" if is_chinese else "Arial"
        self.text = "FangSong"
        self.head, self.second = ("SimHei", "KaiTi") if is_chinese else ("SimHei", "SimHei")
        # In Chinese as GB/T 9704 asks: the title in size 2, headings and text in size 3.
        self.title = "方正小标宋简体" if is_chinese else "SimHei"
        self.body_size, self.title_size = (16, 22) if is_chinese else (11, 20)
        self.first_size, self.second_size = (16, 16) if is_chinese else (15, 12)
        self.note_size, self.table_size, self.small_size = 12 if is_chinese else 10.5, 10.5, 9
        # Of heads so narrow that an English word would break, or leave one Chinese sign alone.
        self.narrow_size = 6.5 if is_chinese else 6
        self.indent = 2 * self.body_size if is_chinese else 0
        self.line = 28 if is_chinese else 15


def describe(document: Document, report: Report) -> None:
    """What the file says of itself."""
    about = document.core_properties
    day = report.as_of
    about.title, about.subject = (
        harmless(report.title)[:255],
        harmless(report.issued_as or report.day),
    )
    about.author = harmless(", ".join(report.plans))[:255]
    about.last_modified_by, about.comments = about.author, harmless(report.fictional)[:255]
    about.keywords = day.isoformat()
    about.language = "zh-CN" if report.is_chinese else "en-GB"
    # The report's day and not the clock's.
    about.created = about.modified = datetime(day.year, day.month, day.day, tzinfo=UTC)


def drop_thumbnail(document: Document) -> None:
    """The library's own empty document brings a picture of itself, which file managers show."""
    package = document.part.package
    for key, relationship in [*package.rels.items()]:
        if relationship.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[key]


def name_faces(document: Document) -> None:
    """Say of each Chinese face what else it is called and like, for who has not got it."""
    kind = RELATIONSHIP_TYPE.FONT_TABLE
    part = document.part.part_related_by(kind)
    table = parse_xml(part.blob)
    for name, other, family, pitch in FACES:
        table.append(
            parse_xml(
                f'<w:font {nsdecls("w")} w:name="{name}"><w:altName w:val="{other}"/>'
                f'<w:charset w:val="86"/><w:family w:val="{family}"/>'
                f'<w:pitch w:val="{pitch}"/></w:font>'
            )
        )
    part._blob = serialize_part_xml(table)


def set_styles(document: Document, look: Look) -> None:
    """Faces and sizes, and in Chinese the numbers of the headings."""
    styles = document.styles
    normal = styles["Normal"]
    set_font(look, normal, look.text, look.body_size)
    normal.paragraph_format.space_after = Pt(4)
    normal.paragraph_format.line_spacing = Pt(look.line)
    set_language(look, normal.element)
    for name, face, size, before, after in (
        ("Title", look.title, look.title_size, 6, 8),
        ("Heading 1", look.head, look.first_size, 16, 8),
        ("Heading 2", look.second, look.second_size, 12, 6),
    ):
        style = styles[name]
        set_font(look, style, face, size, bold=not look.is_chinese or name == "Heading 2")
        style.paragraph_format.space_before, style.paragraph_format.space_after = (
            Pt(before),
            Pt(after),
        )
        style.paragraph_format.line_spacing = 1.25
        style.paragraph_format.keep_with_next = True
    for name, points in ((TABLE, look.table_size), (SMALL_TABLE, look.small_size)):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.font.size = normal, Pt(points)
        style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.line_spacing = 1
    title = styles["Title"]
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for border in title.element.pPr.findall(qn("w:pBdr")):
        title.element.pPr.remove(border)
    if look.is_chinese:
        number_headings(document)


def set_font(look: Look, style: Any, face: str, size: float, *, bold: bool = False) -> None:
    """The Latin and the East Asian face: without the second Word takes one of its own."""
    style.font.size, style.font.bold = Pt(size), bold
    style.font.color.rgb = RGBColor.from_string(INK[1:])
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{name}"), look.latin)
    fonts.set(qn("w:eastAsia"), face)


def set_language(look: Look, style: BaseOxmlElement) -> None:
    properties = style.get_or_add_rPr()
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    latin = "en-US" if look.is_chinese else "en-GB"
    properties.append(made("w:lang", val=latin, eastAsia="zh-CN"))


def number_headings(document: Document) -> None:
    """一、 and （一） as Word's own numbering, so that a heading put in between is counted."""
    numbering = document.part.numbering_part.element
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
        style = document.styles[f"Heading {at + 1}"].element.get_or_add_pPr()
        numbered = made("w:numPr")
        numbered.append(made("w:ilvl", val=at))
        numbered.append(made("w:numId", val=90))
        style._insert_numPr(numbered)
