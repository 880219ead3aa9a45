"""The shapes of the groups in a DOCX: small pictures before the word of a status.

Pictures and not characters: no face need have them, and the text of a cell stays what it is.
"""

from __future__ import annotations

import io
from copy import deepcopy
from functools import cache

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.shape import CT_Inline
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Pt

from commitments.domain.status import Group
from commitments.exporters.docx_table import made
from commitments.exporters.look import shape_of
from commitments.exporters.typesetting import Typesetter

SHAPE = Typesetter("shape.typ")
# Of the size of the text beside it: how high a shape is, and how wide with its room.
HIGH, WIDE = 0.85, 1.105
# Every drawing of a document has a number; the library gives the first ones to its own.
FIRST_NUMBER = 10_000
# The word says the same: a screen reader passes over it.
DECORATION = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative '
    'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/>'
    "</a:ext></a:extLst>"
)


class Shapes:
    """The shapes of one document, each kept in it once however often it is shown."""

    def __init__(self, document: Document) -> None:
        self.document, self.count = document, 0
        self.made: dict[tuple[Group, float], BaseOxmlElement] = {}

    def run(self, group: Group, size: float) -> BaseOxmlElement:
        """A run with the shape, for a text of `size` points."""
        if (group, size) not in self.made:
            self.made[group, size] = self._run(group, size)
        run = deepcopy(self.made[group, size])
        self.count += 1
        run.xpath(".//wp:docPr")[0].set("id", str(FIRST_NUMBER + self.count))
        return run

    def _run(self, group: Group, size: float) -> BaseOxmlElement:
        place, _image = self.document.part.get_or_add_image(io.BytesIO(_picture(group)))
        name = f"{group.value}.png"
        inline = CT_Inline.new_pic_inline(1, place, name, Pt(size * WIDE), Pt(size * HIGH))
        set_close(inline)
        inline.docPr.append(parse_xml(DECORATION))
        run, drawing = made("w:r"), made("w:drawing")
        drawing.append(inline)
        run.append(drawing)
        return run


def set_close(inline: CT_Inline) -> None:
    """No room around a drawing: where none is said, LibreOffice leaves three millimetres."""
    for side in ("distT", "distB", "distL", "distR"):
        inline.set(side, "0")


@cache
def _picture(group: Group) -> bytes:
    return SHAPE.set({"shape": shape_of(group)}, format="png", ppi=360)
