"""WeasyPrint made faster, its pages unchanged: less text shaped for a line, fonts described once, styles found sooner.

WeasyPrint 70 shapes four lines' worth of narrow letters to find where one line ends (`text/line_break.py:
split_first_line`), all of a text without spaces to find its narrowest column, and asks Pango for a new context and font
description each time. Full-width text fills its line with a quarter of that, and there are few fonts in a book. Most of
an element's hundred properties are neither set nor computed, yet take the way of those that are (`css/__init__.py:
ComputedStyle`). The tags of a PDF list all pages for each of their elements (`pydyf.PDF.page_references`). Each font is
copied whole, with all the fonts of its collection, before its glyphs are picked (`pdf/fonts.py: Font`). Each dot of a
leader is a box, a text and a piece of marked content (`layout/leader.py: handle_leader`).
"""

from __future__ import annotations

import re
from typing import Any

from weasyprint.css import ComputedStyle
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES
from weasyprint.layout import inline
from weasyprint.layout.leader import leader_index
from weasyprint.pdf import fonts, pydyf
from weasyprint.text import line_break
from weasyprint.text.ffi import ffi, gobject, harfbuzz, pango, unicode_to_char_p
from weasyprint.text.fonts import get_font_description

from publish.weasy.replace import replaced

_WIDE = re.compile("[\u2e80-\u33ff\u3400-\u9fff\uff00-\uff60]")
# After this a line may break, wherever the text goes on (UAX #14: ideographs; spaces).
_BREAK = re.compile("[\u4e00-\u9fff]{2}| [^ ]")
_NARROW = 0.5  # em: about the width of a Latin letter
_SPARE = 12  # characters beyond a full line: room for a word and for what must not begin a line

_TYPES = (
    "char[]",
    "char[4]",
    "hb_tag_t[100]",
    "unsigned int *",
    "FcChar8 **",
    "PangoFcFont *",
    "PangoFcFontMap *",
    "PangoGlyphInfo",
    "PangoLogAttr",
    "PangoLogAttr[]",
    "PangoRectangle *",
)
_SAME_WIDTH = 0.05  # pixels

_handle_leader = inline.handle_leader
_split_first_line = line_break.split_first_line
_setup = line_break.Layout.setup
_computed = ComputedStyle.__missing__
_page_references = pydyf.PDF.page_references.fget
_read_font = fonts.Font.__init__
_subset_font = fonts.Font.subset
# What `Layout.setup` reads besides the font; other values are left to it.
_PLAIN = {
    "text_decoration_line": "none",
    "font_kerning": "auto",
    "font_variant_ligatures": "normal",
    "font_variant_position": "normal",
    "font_variant_caps": "normal",
    "font_variant_numeric": "normal",
    "font_variant_alternates": "normal",
    "font_variant_east_asian": "normal",
    "font_feature_settings": "normal",
    "font_language_override": "normal",
}
# Properties whose value, where no rule sets them, is the parent's or the initial one as it is.
_OWN_WAYS = {
    "float",
    "position",
    "display",
    "page",
    *(name for name in INITIAL_VALUES if name.startswith("text_decoration_")),
}
_FROM_PARENT = frozenset(INHERITED - _OWN_WAYS)
_INITIAL = frozenset(INITIAL_VALUES.keys() - INHERITED - INITIAL_NOT_COMPUTED - _OWN_WAYS)
# The logical properties that set a physical one in horizontal text of either direction (CSS Logical Properties §4).
_LOGICAL = {
    name: tuple({function(block="ttb", inline=inline) for inline in ("ltr", "rtl")})
    for name, function in PHYSICAL_FUNCTIONS.items()
}
# The widths that lines without a style do not have, whatever is said of them (`css/computed_values.py: border_width`).
_BORDERS = {f"border_{side}_width": f"border_{side}_style" for side in ("top", "right", "bottom", "left")}
_NO_LINE = ("none", "hidden")
_FONT = ("font_style", "font_stretch", "font_weight", "font_size", "font_variation_settings")


def read_types() -> None:
    """Have cffi read the names of C types, each of which takes a process milliseconds when it meets it first."""
    for name in _TYPES:
        ffi.typeof(name)


def split_first_line(text: str, style: Any, context: Any, max_width: Any, *arguments: Any, **options: Any) -> Any:
    """WeasyPrint's `split_first_line`, given the beginning of the text where that decides the first line.

    It does where the line ends before the beginning does and may break once more behind (that break is what WeasyPrint
    looks for, to see whether a next word would fit). Else WeasyPrint gets all of the text.
    """
    if max_width is not None and style["font_size"] and style["white_space"] in ("normal", "pre-wrap", "pre-line"):
        length = _enough(text, max_width / style["font_size"])
        if length < len(text):
            beginning = text[:length]
            result = _split_first_line(beginning, style, context, max_width, *arguments, **options)
            resume = result[2]
            if resume is not None and _BREAK.search(beginning, len(beginning.encode()[:resume].decode())):
                return result
    return _split_first_line(text, style, context, max_width, *arguments, **options)


def _enough(text: str, ems: float) -> int:
    """How many characters of a text should fill a line of so many ems, and some more."""
    if ems * 4 >= len(text):
        return len(text)
    most = text[: int(ems * 4)] or text[:1]
    wide = len(_WIDE.findall(most)) / len(most)
    return int(ems / (wide + _NARROW * (1 - wide))) + _SPARE


def setup(self: Any, style: Any) -> None:
    """WeasyPrint's `Layout.setup` with one Pango context for each language, one description for each font."""
    found = getattr(style, "font_for_publish", None)
    if found is None:
        found = style.font_for_publish = (
            () if any(style[name] != value for name, value in _PLAIN.items()) else _font(style)
        )
    if not found:
        _setup(self, style)
        return
    context, self.language, description = found
    self.style = style
    self.first_line_direction = 0
    self.layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
    pango.pango_layout_set_auto_dir(self.layout, False)
    pango.pango_layout_set_font_description(self.layout, description)
    self.ascent = self.underline_position = self.strikethrough_position = None


def _font(style: Any) -> tuple[Any, Any, Any]:
    """A Pango context and a language for a style, and the description of its font, which others with it share."""
    known: dict[Any, Any] = style.font_config.__dict__.setdefault("known_to_publish", {})
    place = (style["direction"], style["lang"])
    if place not in known:
        known[place] = _context(style)
    font = (tuple(style["font_family"]), *(style[name] for name in _FONT))
    if font not in known:
        known[font] = get_font_description(style)
    return (*known[place], known[font])


def _context(style: Any) -> tuple[Any, Any]:
    """A Pango context for a direction and a language, and that language."""
    context = ffi.gc(pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref)
    pango.pango_context_set_round_glyph_positions(context, False)
    pango.pango_context_set_base_dir(context, line_break.PANGO_DIRECTION[style["direction"]])
    if not style["lang"]:
        return context, pango.pango_language_get_default()
    pointer, _text = unicode_to_char_p(style["lang"])
    language = pango.pango_language_from_string(pointer)
    pango.pango_context_set_language(context, language)
    return context, language


def computed(self: Any, key: str) -> Any:
    """WeasyPrint's computation of a style's property, cut short for properties that no rule sets."""
    cascaded = self.cascaded
    if key not in cascaded and not (key in _LOGICAL and any(name in cascaded for name in _LOGICAL[key])):
        if key in _INITIAL:
            value = self[key] = INITIAL_VALUES[key]
            return value
        if (key in _FROM_PARENT or key[:2] == "__") and self.parent_style is not None:
            value = self[key] = self.parent_style[key]
            return value
        if key in _BORDERS and self[_BORDERS[key]] in _NO_LINE:
            self[key] = 0
            return 0
    return _computed(self, key)


def list_pages(self: Any) -> Any:
    """The references to a PDF's pages, listed again only when there are more of them."""
    count, known = getattr(self, "known_to_publish", (0, ()))
    if count != len(self.pages["Kids"]):
        known = _page_references(self)
        self.known_to_publish = (len(self.pages["Kids"]), known)
    return known


page_references = property(list_pages)


def read_font(self: Any, *arguments: Any) -> None:
    """WeasyPrint's `Font.__init__`, reading the font's file where HarfBuzz has it, not a copy of 20 MB for each."""
    with replaced(fonts, "get_hb_object_data", seen):
        _read_font(self, *arguments)


def seen(face: Any) -> Any:
    """The bytes of a HarfBuzz face's file as a buffer that keeps them alive."""
    blob = harfbuzz.hb_face_reference_blob(face)
    with ffi.new("unsigned int *") as length:
        data = harfbuzz.hb_blob_get_data(blob, length)
        return ffi.buffer(ffi.gc(data, lambda _: harfbuzz.hb_blob_destroy(blob)), int(length[0]))


def subset_font(self: Any, *arguments: Any) -> None:
    """WeasyPrint's `Font.subset`; fonts that it cannot subset are copied after all and embedded whole."""
    _subset_font(self, *arguments)
    self.file_content = bytes(self.file_content)


def handle_leader(context: Any, line: Any, containing_block: Any) -> None:
    """WeasyPrint's `handle_leader`, its dots as one text where the width is the same: one to draw and to tag.

    Spaced dots stay apart: WeasyPrint cuts spaces to thousandths of an em, which adds up.
    """
    _, leader = leader_index(line)
    if leader is None:
        return
    _handle_leader(context, line, containing_block)
    dots = leader.children
    if len(dots) > 1 and dots[0].style["letter_spacing"] in ("normal", 0):
        first, text = dots[-1], "".join(dot.text for dot in dots)  # set from right to left
        layout = line_break.create_layout(text, first.style, context, None, 0)
        width, _ = line_break.line_size(layout.get_first_line()[0], first.style)
        layout.deactivate()
        if abs(width - sum(dot.width for dot in dots)) < _SAME_WIDTH:
            whole = first.copy()
            whole.text, whole.width, whole.pango_layout = text, width, layout
            leader.children = (whole,)
