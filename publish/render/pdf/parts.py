"""A book's pages in parts: runs of chapters laid out by themselves, as in the middle of the book, and their margins.

A part knows nothing of the pages before it. It is laid out between a page that leads in and one that leads out, which
are dropped, so that its first and last pages are broken as they are in the whole book; it has no margin boxes, for
these hold page numbers. `set_margins` makes those of all pages when their number is known. Fonts are not embedded:
each part tells which glyphs it shows, and `embed` makes one subset for all.

Written against one version of WeasyPrint, as the modules of `typography/` are.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pydyf
import weasyprint
from weasyprint import DEFAULT_OPTIONS, document, layout
from weasyprint.css.counters import CounterStyle
from weasyprint.css.targets import TargetCollector, TargetLookupItem, anchor_name_from_token
from weasyprint.draw import draw_stacking_context
from weasyprint.formatting_structure import boxes, build
from weasyprint.layout import page as pages
from weasyprint.layout.background import layout_box_backgrounds
from weasyprint.pdf import fonts as pdf_fonts
from weasyprint.stacking import StackingContext
from weasyprint.text.ffi import ffi, fontconfig, harfbuzz, pangoft2

from publish.render.pdf.records import FontRecord, NotApartError, PageRecord
from publish.weasy import speed, tags
from publish.weasy.layout import BASE, configuration, fetcher, lay_out, one_annotation_a_link, write_pdf

ffi.cdef(
    """
    FcPattern *pango_fc_font_get_pattern(PangoFcFont *font);
    hb_blob_t *hb_blob_create_from_file(const char *file_name);
    hb_face_t *hb_face_create(hb_blob_t *blob, unsigned int index);
    """,
    override=True,
)
_OPTIONS = {**DEFAULT_OPTIONS, "pdf_version": "1.7"}


@contextmanager
def instead(owner: Any, name: str, value: Any) -> Iterator[None]:
    """Let something of WeasyPrint's be another for a while."""
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)


@dataclass
class _Seen:
    """What the hooks saw of a layout."""

    context: Any = None
    sources: dict[int, tuple[str, int]] = field(default_factory=dict)
    fonts: list[Any] = field(default_factory=list)


def lay_out_text(html: str, files: Mapping[str, Path], *, leads_out: bool) -> tuple[Any, tuple[PageRecord, ...]]:
    """Lay a run of chapters out between the pages that lead in and out. Raises `NotApartError`.

    The result is WeasyPrint's document without those pages, and what its pages are.
    """
    seen = _Seen()

    def no_margins(context: Any, _page: Any, _state: Any) -> tuple[()]:
        seen.context = context
        return ()

    def no_target(*_arguments: Any) -> Any:
        raise NotApartError("text depends on where another text stands")

    with instead(layout, "make_margin_boxes", no_margins), instead(TargetCollector, "lookup_target", no_target):
        whole = lay_out(html, files)
    _refuse_dependent(seen.context, whole.pages)
    first = 2 if whole.pages[1]._page_box.page_type.blank else 1  # noqa: SLF001  # WeasyPrint's only way to it
    last = len(whole.pages) - (1 if leads_out else 0)
    if leads_out:
        _refuse_text(whole.pages[-1])
    strings = seen.context.string_set
    whole.pages = whole.pages[first:last]
    return whole, tuple(
        _record(page, {name: tuple(texts[number]) for name, texts in strings.items() if number in texts})
        for number, page in enumerate(whole.pages, first + 1)
    )


def lay_out_front(
    html: str, files: Mapping[str, Path], numbers: Mapping[str, int]
) -> tuple[Any, tuple[PageRecord, ...]]:
    """Lay out what stands before the text, its contents with the page numbers given by anchor; whole, with margins."""

    def target(_collector: Any, token: Any, box: Any, *_others: Any) -> Any:
        if token[0] == "attr()":
            token = ("string", box.element.get(token[1][0], ""))
        number = numbers.get(anchor_name_from_token(token) or "")
        if number is None:
            raise NotApartError("the contents lead to a heading that no page has")
        found = TargetLookupItem("up-to-date")
        found.target_box = SimpleNamespace(cached_counter_values={"page": [number]})
        return found

    with instead(TargetCollector, "lookup_target", target):
        whole = lay_out(html, files)
    _refuse_text(whole.pages[-1])
    whole.pages = whole.pages[:-1]
    return whole, tuple(_record(page, {}) for page in whole.pages)


def _record(page: Any, strings: Mapping[str, Sequence[str]]) -> PageRecord:
    kind = page._page_box.page_type  # noqa: SLF001  # as above
    return PageRecord(kind, page.height, tuple(page.bookmarks), strings, tuple(page.anchors))


def _refuse_dependent(context: Any, made: Sequence[Any]) -> None:
    """Refuse what other pages would show, or what shows other pages' counters."""
    if context.running_elements and any(context.running_elements.values()):
        raise NotApartError("elements run in the margins")
    if context.target_collector.counter_lookup_items:
        raise NotApartError("text has page numbers in it")
    if any(page._page_box.fixed_boxes for page in made):  # noqa: SLF001  # as above
        raise NotApartError("elements stand fixed on every page")


def _refuse_text(page: Any) -> None:
    """Refuse a page that leads out and is not empty: a note has run over to it."""
    areas = [child for child in page._page_box.children if not isinstance(child, boxes.MarginBox)]  # noqa: SLF001
    if any(isinstance(box, (boxes.TextBox, boxes.ReplacedBox)) for area in areas for box in area.descendants()):
        raise NotApartError("a note goes on behind the end of its chapter")


def set_margins(
    html: str, files: Mapping[str, Path], records: Sequence[PageRecord], book: str
) -> tuple[Any, list[int]]:
    """The margins of the text's pages, the first of which is page 1, as a document of their own.

    `html` has the style sheets and no text; `book` is the string that the title page has set. The document has only
    the pages with something in their margins; the list is of their places among the records.
    """
    source = weasyprint.HTML(string=html, base_url=BASE, url_fetcher=fetcher(files))
    font_config = configuration()
    profiles: dict[str, Any] = {}
    context = document.Document._build_layout_context(  # noqa: SLF001  # the half of `render` that lays nothing out
        source, font_config, CounterStyle(), profiles, dict(DEFAULT_OPTIONS)
    )
    context.string_set["book"][1] = [book]
    for number, record in enumerate(records, 2):
        for name, texts in record.strings.items():
            context.string_set[name][number] = list(texts)
    state: Any = ([0], {"pages": [0]}, [{"pages"}], [])
    made = [_margins(context, source, record, number, state) for number, record in enumerate(records, 2)]
    shown = [number for number, box in enumerate(made) if box.children]
    edges = [_MarginPage(made[number]) for number in shown]
    return document.Document(edges, document.DocumentMetadata(), source.url_fetcher, font_config, profiles, None), shown


def _margins(context: Any, source: Any, record: PageRecord, number: int, state: Any) -> Any:
    """A page of margin boxes only, as WeasyPrint's `make_page` and `layout_document` make them."""
    pages.set_page_type_computed_styles(record.type, source, context.style_for)
    style = context.style_for(record.type)
    box = boxes.PageBox(record.type, style)
    pages.resolve_percentages(box, style["size"])
    box.position_x = box.position_y = 0
    pages.page_width(box, context, style["size"][0])
    pages.page_height(box, context, style["size"][1])
    pages._standardize_page_based_counters(style, None)  # noqa: SLF001  # as in `make_page`
    build.update_counters(state, style)
    context.current_page, context.page_bottom = number, box.content_box_y() + box.height
    box.children = tuple(pages.make_margin_boxes(context, box, state))
    for child in box.children:
        layout_box_backgrounds(box, child, context.get_image_from_uri)
    return box


class _MarginPage(document.Page):  # type: ignore[misc]  # WeasyPrint is untyped
    """A page that paints its margin boxes and nothing of its own."""

    def paint(self, stream: Any, scale: float = 1) -> None:
        """Paint the margin boxes, as `draw_page` does behind the page's own box."""
        with stream.stacked():
            stream.transform(a=scale, d=scale)
            for child in self._page_box.children:
                draw_stacking_context(stream, StackingContext.from_box(child, self._page_box))


def write_part(whole: Any, file: Path, variant: str | None, name: str) -> tuple[FontRecord, ...]:
    """Write a document without embedding its fonts, and with links to anchors that it has not; the fonts it wants.

    `name` parts the ids in its structure from those of other parts.
    """
    one_annotation_a_link(whole)
    seen = _Seen()
    with ExitStack() as hooks:
        hooks.enter_context(instead(weasyprint.pdf, "resolve_links", _every_link))
        hooks.enter_context(instead(weasyprint.pdf, "add_outlines", lambda *_: None))
        hooks.enter_context(instead(weasyprint.pdf, "build_fonts_dictionary", _not_embedded(seen)))
        hooks.enter_context(instead(pdf_fonts.Font, "__init__", _sourced(seen)))
        hooks.enter_context(tags.named(name))
        data = write_pdf(whole, variant) if variant else whole.write_pdf()
    file.write_bytes(data)
    return tuple(_font_record(font, *seen.sources[id(font)]) for font in seen.fonts)


def _every_link(made: Sequence[Any]) -> Iterator[Any]:
    """WeasyPrint's `resolve_links`, which keeps the links to other parts."""
    known: set[str] = set()
    for page in made:
        anchors = []
        for name, (x, y, _, _) in page.anchors.items():
            if name not in known:
                anchors.append((name, x, y))
                known.add(name)
        yield list(page.links), anchors


def _not_embedded(seen: _Seen) -> Any:
    def fonts_dictionary(_pdf: Any, used: Mapping[Any, Any], *_others: Any) -> Any:
        seen.fonts += used.values()
        return pydyf.Dictionary()

    return fonts_dictionary


def _sourced(seen: _Seen) -> Any:
    """WeasyPrint's `Font.__init__`, noting the file that the font comes from."""
    make = pdf_fonts.Font.__init__

    def read(font: Any, pango_font: Any, *others: Any) -> None:
        make(font, pango_font, *others)
        pattern = pangoft2.pango_fc_font_get_pattern(ffi.cast("PangoFcFont *", pango_font))
        with ffi.new("FcChar8 **") as name:
            if fontconfig.FcPatternGetString(pattern, b"file", 0, name) != 0:
                raise NotApartError("a font has no file")
            seen.sources[id(font)] = (ffi.string(name[0]).decode(), int(font.index))

    return read


def _font_record(font: Any, file: str, index: int) -> FontRecord:
    if font.missing:  # their numbers are made up, and each part makes up its own
        raise NotApartError("glyphs are missing")
    kept = {key: value for key, value in vars(font).items() if key not in ("hb_font", "hb_face", "file_content")}
    return FontRecord(kept, file, index)


def embed(records: Iterable[FontRecord]) -> bytes:
    """A PDF that has nothing but one subset of each font, named as WeasyPrint does, in `/Fonts` of its catalog.

    Raises `NotApartError` where two parts mean different faces by one name.
    """
    merged: dict[str, Any] = {}
    sources: dict[str, tuple[str, int]] = {}
    for record in records:
        name = record.known["hash"]
        if sources.setdefault(name, (record.file, record.index)) != (record.file, record.index):
            raise NotApartError("one name is that of two fonts")
        if name not in merged:
            merged[name] = _opened(record)
        else:
            merged[name].widths = {**record.known["widths"], **merged[name].widths}
            merged[name].to_unicode = {**record.known["to_unicode"], **merged[name].to_unicode}
    for font in merged.values():
        font.widths, font.to_unicode = dict(sorted(font.widths.items())), dict(sorted(font.to_unicode.items()))
    pdf = pydyf.PDF()
    dictionary = pdf_fonts.build_fonts_dictionary(pdf, merged, True, True, _OPTIONS)
    pdf.add_object(dictionary)
    pdf.catalog["Fonts"] = dictionary.reference
    output = io.BytesIO()
    pdf.write(output, b"1.7", compress=True)
    return output.getvalue()


def _opened(record: FontRecord) -> Any:
    """WeasyPrint's `Font` from what a part knew of it, its face opened again."""
    font = object.__new__(pdf_fonts.Font)
    font.__dict__.update({**record.known, "widths": {**record.known["widths"]}})
    blob = harfbuzz.hb_blob_create_from_file(record.file.encode())
    face = harfbuzz.hb_face_create(blob, record.index)
    harfbuzz.hb_blob_destroy(blob)
    font.hb_face = ffi.gc(face, harfbuzz.hb_face_destroy)
    font.file_content = speed.seen(font.hb_face)
    return font
