"""The font that formulas come with: a file beside the pages, and in the single file its bytes."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from publish.cache import Cache
from publish.formulas import mathfont
from publish.render.html.fonts import FOLDER


@dataclass(frozen=True)
class FormulaFont:
    """A WOFF2 with the characters of a book's formulas; none for a book without."""

    data: bytes = b""

    @property
    def name(self) -> str:
        """A name by what is inside: a browser may keep it for good."""
        return f"math-{hashlib.sha256(self.data).hexdigest()[:12]}.woff2"

    @property
    def files(self) -> dict[str, bytes]:
        """What lies beside the pages, by address."""
        if not self.data:
            return {}
        return {f"{FOLDER}/{self.name}": self.data, f"{FOLDER}/math-LICENSE.txt": mathfont.LICENCE.read_bytes()}

    def rule(self, *, inside: bool) -> str:
        """The `@font-face` rule for the style sheet of all pages, or of the one that holds its fonts itself.

        A browser loads it where a formula is shown and no font of the system sets it.
        """
        if not self.data:
            return ""
        source = f"data:font/woff2;base64,{base64.b64encode(self.data).decode()}" if inside else f"fonts/{self.name}"
        return f'@font-face{{font-family:"{mathfont.FAMILY}";font-display:swap;src:url({source}) format("woff2")}}'


def formula_font(pages: Iterable[str], cache: Cache) -> FormulaFont:
    """The font for the formulas of these pages."""
    points = mathfont.characters(pages)
    return FormulaFont(mathfont.cut(points, woff=True, cache=cache)) if points else FormulaFont()
