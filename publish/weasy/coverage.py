"""Coverage: which characters no installed font can show, asked of Pango before a page is laid out."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from weasyprint.text.ffi import ffi, gobject, pango, unicode_to_char_p
from weasyprint.text.fonts import FontConfiguration

ffi.cdef("int pango_layout_get_unknown_glyphs_count(PangoLayout *layout);", override=True)

# Combining marks, joiners, controls and spaces have no glyph that could be missing by itself.
_UNSEEN = ("Mn", "Me", "Cf", "Cc", "Zs", "Zl", "Zp")


def uncovered(text: Iterable[str], families: Sequence[str], language: str) -> frozenset[str]:
    """The characters of a text for which neither these families nor any other installed font has a glyph."""
    characters = sorted(char for char in set(text) if char > "\x7f" and unicodedata.category(char) not in _UNSEEN)
    fonts = FontConfiguration()
    context = ffi.gc(pango.pango_font_map_create_context(fonts.font_map), gobject.g_object_unref)
    language_p, name = unicode_to_char_p(language)
    pango.pango_context_set_language(context, pango.pango_language_from_string(language_p))
    description = ffi.gc(pango.pango_font_description_new(), pango.pango_font_description_free)
    family_p, families_name = unicode_to_char_p(",".join(families))
    pango.pango_font_description_set_family(description, family_p)
    layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
    pango.pango_layout_set_font_description(layout, description)

    def unknown(part: Sequence[str]) -> bool:
        # One to a line, so that no character is shaped with the next.
        text_p, _whole = unicode_to_char_p("\n".join(part))
        pango.pango_layout_set_text(layout, text_p, -1)
        return bool(pango.pango_layout_get_unknown_glyphs_count(layout))

    def search(part: Sequence[str]) -> list[str]:
        if not part or not unknown(part):
            return []
        if len(part) == 1:
            return [part[0]]
        half = len(part) // 2
        return search(part[:half]) + search(part[half:])

    found = frozenset(search(characters))
    del name, families_name  # the memory that Pango was given must live until here
    return found
