"""Renderers: the protocol, and what all formats share. A plug-in imports from here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publish.render.chapters import (
        DEFAULT_NAMESPACE,
        Entry,
        NumberedNote,
        PreparedChapter,
        call_ids,
        contents,
        id_pages,
        inner,
        prepare,
        prepare_kept,
        take_notes,
    )
    from publish.render.imprint import byline, colophon, imprint_lines, modified_date
    from publish.render.protocol import (
        Download,
        EditionLink,
        PlanningRenderer,
        RenderContext,
        Renderer,
        Rendering,
        renderer,
    )
    from publish.render.templates import families_css, fill, stylesheet, words_of

# Where each name is: a format's description is read by every command, and must not load what only rendering needs.
_HOMES = {
    "chapters": (
        "DEFAULT_NAMESPACE",
        "Entry",
        "NumberedNote",
        "PreparedChapter",
        "call_ids",
        "contents",
        "id_pages",
        "inner",
        "prepare",
        "prepare_kept",
        "take_notes",
    ),
    "imprint": ("byline", "colophon", "imprint_lines", "modified_date"),
    "protocol": ("Download", "EditionLink", "PlanningRenderer", "RenderContext", "Renderer", "Rendering", "renderer"),
    "templates": ("families_css", "fill", "stylesheet", "words_of"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


__all__ = [
    "DEFAULT_NAMESPACE",
    "Download",
    "EditionLink",
    "Entry",
    "NumberedNote",
    "PlanningRenderer",
    "PreparedChapter",
    "RenderContext",
    "Renderer",
    "Rendering",
    "byline",
    "call_ids",
    "colophon",
    "contents",
    "families_css",
    "fill",
    "id_pages",
    "imprint_lines",
    "inner",
    "modified_date",
    "prepare",
    "prepare_kept",
    "renderer",
    "stylesheet",
    "take_notes",
    "words_of",
]
