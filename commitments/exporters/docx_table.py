"""Tables of a DOCX, built from their elements.

The library's own cells look their table up again and again, and take many times as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement

from commitments.exporters.look import RULE, WASH
from commitments.exporters.table import harmless

TWIPS = 56.7  # In a millimetre.


class Cell:
    """A text in a table, and how it stands there."""

    __slots__ = ("bold", "colour", "keep", "picture", "right", "size", "span", "text")

    def __init__(
        self,
        text: str,
        *,
        bold: bool = False,
        colour: str = "",
        right: bool = False,
        span: int = 1,
        picture: BaseOxmlElement | None = None,
        size: float = 0,
    ) -> None:
        """`picture` is a run that stands before the text; `size` another than the table's.

        `keep` keeps its row on one page with the next.
        """
        self.keep, self.size = False, size
        self.text, self.bold, self.colour = harmless(text), bold, colour
        self.right, self.span, self.picture = right, span, picture


def table_of(
    heads: list[Cell],
    rows: Iterable[list[Cell]],
    widths: Sequence[float],
    room: float,
    style: str,
) -> BaseOxmlElement:
    """A table of `room` millimetres, `widths` being shares of it; `style` that of its paragraphs.

    Its head stands on every page again, and a row stays on one.
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
    if heads:
        table.append(_row(heads, twips, style, is_head=True))
    for row in rows:
        table.append(_row(row, twips, style))
    return table


def _row(
    cells: list[Cell], widths: list[int], style: str, *, is_head: bool = False
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
        row.append(_cell(cell, width, style, is_head=is_head))
        place += cell.span
    return row


def _cell(cell: Cell, width: int, style: str, *, is_head: bool) -> BaseOxmlElement:
    element, properties = made("w:tc"), made("w:tcPr")
    properties.append(made("w:tcW", w=width, type="dxa"))
    if cell.span > 1:
        properties.append(made("w:gridSpan", val=cell.span))
    if is_head:
        properties.append(made("w:shd", val="clear", color="auto", fill=WASH[1:]))
    element.append(properties)
    paragraph, layout = made("w:p"), made("w:pPr")
    layout.append(made("w:pStyle", val=style))
    if is_head or cell.keep:
        layout.append(made("w:keepNext"))
    if cell.right:
        layout.append(made("w:jc", val="right"))
    paragraph.append(layout)
    run, look = made("w:r"), made("w:rPr")
    if cell.bold or is_head:
        look.append(made("w:b"))
    if cell.colour:
        look.append(made("w:color", val=cell.colour[1:]))
    if cell.size:
        look.append(made("w:sz", val=round(cell.size * 2)))
    run.append(look)
    for at, line in enumerate(cell.text.split("\n")):
        if at:
            run.append(made("w:br"))
        text = made("w:t")
        text.text = line
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run.append(text)
    if cell.picture is not None:
        paragraph.append(cell.picture)
    paragraph.append(run)
    element.append(paragraph)
    return element


def made(name: str, **attributes: str | int) -> BaseOxmlElement:
    """An element with attributes of Word's own namespace."""
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), str(value))
    return element
