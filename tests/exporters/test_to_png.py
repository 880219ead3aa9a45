import re

import typst
from pylopdf_fonts_zh_cn import sans_path

from commitments.exporters.typesetting import FONTS


def characters_of_gb2312():
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                yield bytes([row, cell]).decode("gb2312")
            except UnicodeDecodeError:
                continue


def drawn(text):
    """The text in the card's faces as SVG, forty characters a line."""
    lines = "\\ ".join(f'#"{text[n : n + 40]}"' for n in range(0, len(text), 40))
    names = ", ".join(f'"{name}"' for name in FONTS)
    source = (
        f"#set page(width: 2000pt, height: auto)\n#set text(font: ({names}), fallback: false)\n"
    )
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(sans_path().parent)])
    compiler = typst.Compiler((source + lines).encode(), font_paths=fonts)
    return compiler.compile(format="svg").decode()


def shapes(svg):
    return set(re.findall(r'<symbol id="g[^>]*>\s*<path[^>]* d="([^"]+)"', svg))


def test_the_faces_have_every_character_of_gb_2312_and_the_rare_ones():
    # What a face lacks is drawn as a box, the same for every character.
    boxes = shapes(drawn("\ue123"))
    assert len(boxes) == 1
    text = "".join(characters_of_gb2312()) + "㵲≥≤²³₂₃ⅠⅡⅢⅣⅤµ→"
    assert not boxes & shapes(drawn(text))
