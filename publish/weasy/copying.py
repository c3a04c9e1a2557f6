"""Text that copies as it was written: no reader should see spaces between characters spread over a line.

PDFium, which Chrome reads PDFs with, sees spaces between characters that one operator shows further apart than half the
width of the font's space, 0.11 em; between two operators it takes a sixth of an em. So what stands further apart is
shown by two. Beside Western text a space is what one expects.
"""

from __future__ import annotations

import re
from typing import Any

from pydyf import Stream

_SPREAD = re.compile(r">(-1[0-7]\d)<")  # in thousandths of an em, as PDF has it

_show_text = Stream.show_text


def show_text(self: Any, text: str) -> None:
    """The `show_text` of pydyf, a string split where its characters are spread."""
    _show_text(self, _SPREAD.sub(r">\1] TJ [<", text))
