"""Typst as every picture and document here is set by it: words go in as JSON, never as markup."""

from __future__ import annotations

import json
import threading
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pylopdf_fonts_zh_cn import sans_path

if TYPE_CHECKING:
    # A large library, loaded by what is set first.
    import typst

HERE = Path(__file__).parent
# The second has the few signs that the Chinese face lacks: the lowered figures of SO₂ and O₃.
FONTS = ("Noto Sans SC", "DejaVu Sans Mono")


class Typesetter:
    """One template, its compiler kept warm.

    A compiler is not made for several threads at once, so one document is set at a time in a
    process; those of another template need not wait for it.
    """

    def __init__(self, template: str) -> None:
        self.template = HERE / template
        self.one_at_a_time = threading.Lock()

    @cached_property
    def compiler(self) -> typst.Compiler:
        import typst

        return typst.Compiler(str(self.template), root=str(HERE), font_paths=_faces())

    def set(self, words: object, **options: Any) -> bytes:
        """The bytes of a document of one file. The same words always give the same bytes."""
        inputs = {"data": json.dumps(words), "fonts": json.dumps(FONTS)}
        with self.one_at_a_time:
            drawn = self.compiler.compile(sys_inputs=inputs, **options)
        if not isinstance(drawn, bytes):
            raise TypeError(f"{self.template.name} gives several files")
        return drawn


@cache
def _faces() -> typst.Fonts:
    import typst

    # Those that come with packages and no other, so that every machine draws alike.
    return typst.Fonts(include_system_fonts=False, font_paths=[str(sans_path().parent)])
