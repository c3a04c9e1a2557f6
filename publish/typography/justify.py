"""Justification of Chinese lines over WeasyPrint: the slack goes between Han characters, not into the spaces alone.

WeasyPrint 70 stretches spaces only (`layout/inline.py: count_expandable_spaces`), so lines of pure Han end ragged and
Latin words stand in holes (clreq §2.3.2 wants both ends flush). Here every full-width character is an opportunity like
a space. WeasyPrint's own code does the rest: it counts opportunities, widens the boxes, and asks for a layout with the
spacing when it draws; Pango's letter-spacing on the runs of full-width characters sets it, trimmed at a layout's ends.
"""

from __future__ import annotations

import re
from typing import Any

from weasyprint import __version__ as installed
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.text import line_break
from weasyprint.text.ffi import TO_UNITS, ffi, pango

# The version whose internals this was written against; another is left as it is.
TESTED = "70.0"
_WIDE = (
    "\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
    "\U00020000-\U0003ffff“”‘’—…"
)
_RUN = re.compile(f"[{_WIDE}]+")
_OPPORTUNITY = re.compile(f"[{_WIDE} \u00a0]")

_set_text = line_break.Layout.set_text


def opportunities(box: Any) -> int:
    """How many places of a box can take slack: after each full-width character, and at each space."""
    if isinstance(box, boxes.TextBox):
        return len(_OPPORTUNITY.findall(box.text))
    if isinstance(box, (boxes.LineBox, boxes.InlineBox)):
        return sum(opportunities(child) for child in box.children)
    return 0


def _justify_line(context: Any, line: Any, extra_width: float) -> None:
    """Spread a line's slack; after its last character nothing is added, so that the line ends flush."""
    count = opportunities(line)
    last = _last_text(line)
    if last and _OPPORTUNITY.match(last[-1]):
        count -= 1
    if count > 0:
        inline.add_word_spacing(context, line, extra_width / count, 0)


def _last_text(box: Any) -> str:
    """The text that a line ends with; empty where it ends with something that is no text."""
    if isinstance(box, boxes.TextBox):
        return str(box.text)
    if isinstance(box, (boxes.LineBox, boxes.InlineBox)):
        for child in reversed(box.children):
            if child.is_in_normal_flow():
                return _last_text(child)
    return ""


def _justified_text(self: Any, text: str, justify: bool = False) -> None:
    """WeasyPrint's `Layout.set_text`, and where it justifies the spacing of full-width runs."""
    _set_text(self, text, justify)
    if not (justify and self.justification_spacing and _RUN.search(self.text)):
        return
    attributes = pango.pango_layout_get_attributes(self.layout)
    if attributes == ffi.NULL:
        attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
    own = self.style["letter_spacing"]
    spacing = int((self.justification_spacing + (0 if own == "normal" else own)) * TO_UNITS)
    position, start = 0, 0
    for match in _RUN.finditer(self.text):
        position += len(self.text[start : match.start()].encode())
        start = match.start()
        attribute = pango.pango_attr_letter_spacing_new(spacing)
        attribute.start_index, attribute.end_index = position, position + len(match[0].encode())
        pango.pango_attr_list_change(attributes, attribute)
    pango.pango_layout_set_attributes(self.layout, attributes)


def install() -> bool:
    """Teach WeasyPrint to justify Chinese; False where its version is not the tested one and nothing was changed."""
    if installed != TESTED:
        return False
    inline.count_expandable_spaces = opportunities
    inline.justify_line = _justify_line
    line_break.Layout.set_text = _justified_text
    return True
