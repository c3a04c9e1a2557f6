"""A book's pages in parts: runs of chapters laid out alone as if in the middle of the book, then their margins.

A part knows nothing of the pages before it. It is laid out between a page that leads in and one that leads out, which
are dropped, so that its first and last pages are broken as they are in the whole book; it has no margin boxes, for
these hold page numbers. `set_margins` makes those of all pages when their number is known.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any

import weasyprint
from weasyprint import DEFAULT_OPTIONS, document, layout
from weasyprint.css.counters import CounterStyle
from weasyprint.css.targets import TargetCollector, TargetLookupItem, anchor_name_from_token
from weasyprint.draw import draw_stacking_context
from weasyprint.formatting_structure import boxes, build
from weasyprint.layout import page as pages
from weasyprint.layout.background import layout_box_backgrounds
from weasyprint.stacking import StackingContext

from publish.weasy import hooks
from publish.weasy.layout import BASE, configuration, fetcher, lay_out
from publish.weasy.records import NotApartError, PageRecord
from publish.weasy.replace import replaced

_log = logging.getLogger("weasyprint")
_SCALE = 0.75  # points in a CSS pixel
MOST_PASSES = 5  # over text whose numbers of pages move its own lines
Written = Callable[[Mapping[str, int] | None], tuple[str, dict[str, int]]]
_GUESS = 100  # the number of a page that is not known yet: as wide as most


def lay_out_text(
    html: str,
    files: Mapping[str, Path],
    *,
    leads_out: bool,
    leads: int = 1,
    numbers: Mapping[str, int] = MappingProxyType({}),
) -> tuple[Any, tuple[PageRecord, ...], dict[str, int]]:
    """Lay out a run of chapters between the pages that lead in, `leads` of them, and out. Raises `NotApartError`.

    `numbers` are those of the pages that the text refers to, by anchor. The result is
    WeasyPrint's document without the leading pages, what its pages are, and the numbers that it says.
    """
    contexts: list[Any] = []

    def no_margins(context: Any, _page: Any, _state: Any) -> tuple[()]:
        contexts[:] = [context]
        return ()

    told: dict[str, int] = {}
    target = _told(numbers, told)
    with replaced(layout, "make_margin_boxes", no_margins), replaced(TargetCollector, "lookup_target", target):
        whole = lay_out(html, files)
    [context] = contexts
    _refuse_dependent(context, whole.pages)
    first = leads + whole.pages[leads]._page_box.page_type.blank  # noqa: SLF001  # WeasyPrint's only way to it
    last = len(whole.pages) - (1 if leads_out else 0)
    if leads_out:
        _refuse_text(whole.pages[-1])
    strings = context.string_set
    whole.pages = whole.pages[first:last]
    records = tuple(
        _record(page, {name: tuple(texts[number]) for name, texts in strings.items() if number in texts})
        for number, page in enumerate(whole.pages, first + 1)
    )
    return whole, records, told


def lay_out_whole(html: Written, files: Mapping[str, Path], start: str) -> Any:
    """Lay out a document whose text says numbers of pages, again and again until all are true.

    `html` writes it with the numbers of the last time, and tells which it has written into it itself. Pages count
    from that of the anchor `start`. WeasyPrint does the same by itself, but lays only the pages out again that have
    changed, and then notes are lost or stand on pages twice.
    """
    numbers: dict[str, int] | None = None
    for _ in range(MOST_PASSES):
        text, told = html(numbers)
        with replaced(TargetCollector, "lookup_target", _told(numbers, told)):
            whole = lay_out(text, files)
        first = next((number for number, page in enumerate(whole.pages) if start in page.anchors), 0)
        numbers = {}
        for number, page in enumerate(whole.pages[first:], 1):
            for anchor in page.anchors:
                numbers.setdefault(anchor, number)
        if told.items() <= numbers.items():
            return whole
    _log.warning("numbers of pages in the text move one another: some may be wrong by a page")
    return whole


def _told(numbers: Mapping[str, int] | None, told: dict[str, int]) -> Any:
    """What takes the place of `lookup_target`: the number of a page, or a guess; what was said is noted in `told`."""

    def target(_collector: Any, token: Any, box: Any, property_name: Any, *_others: Any) -> Any:
        if property_name != "content":
            raise NotApartError("text depends on where another text stands")
        name = _anchor(token, box)
        if numbers is not None and name not in numbers:
            raise NotApartError(f"a page is asked for that has no #{name}")
        told[name] = _GUESS if numbers is None else numbers[name]
        return _on_page(told[name])

    return target


def lay_out_front(
    html: str, files: Mapping[str, Path], numbers: Mapping[str, int]
) -> tuple[Any, tuple[PageRecord, ...]]:
    """Lay out what comes before the text, with margins, its contents with page numbers by anchor."""

    def target(_collector: Any, token: Any, box: Any, *_others: Any) -> Any:
        number = numbers.get(_anchor(token, box))
        if number is None:
            raise NotApartError("the contents lead to a heading that no page has")
        return _on_page(number)

    with replaced(TargetCollector, "lookup_target", target):
        whole = lay_out(html, files)
    _refuse_text(whole.pages[-1])
    whole.pages = whole.pages[:-1]
    return whole, tuple(_record(page, {}) for page in whole.pages)


def _anchor(token: Any, box: Any) -> str:
    """The anchor that a style sheet's `attr(href)` or text names."""
    if token[0] == "attr()":
        token = ("string", box.element.get(token[1][0], ""))
    return str(anchor_name_from_token(token) or "")


def _on_page(number: int) -> Any:
    """What WeasyPrint finds where an anchor stands on a page of this number."""
    found = TargetLookupItem("up-to-date")
    found.target_box = SimpleNamespace(cached_counter_values={"page": [number]})
    return found


def _record(page: Any, strings: Mapping[str, Sequence[str]]) -> PageRecord:
    kind = page._page_box.page_type  # noqa: SLF001  # as above
    return PageRecord(tuple(kind), page.height, tuple(page.bookmarks), strings, tuple(page.anchors))


def _refuse_dependent(context: Any, made: Sequence[Any]) -> None:
    """Refuse what other pages would show, or what shows other pages' counters."""
    if context.running_elements and any(context.running_elements.values()):
        raise NotApartError("elements run in the margins")
    if context.target_collector.counter_lookup_items:
        raise NotApartError("the text contains page numbers")
    if any(page._page_box.fixed_boxes for page in made):  # noqa: SLF001  # as above
        raise NotApartError("elements are fixed on every page")


def _refuse_text(page: Any) -> None:
    """Refuse a lead-out page that is not empty: a note has run over to it."""
    areas = [child for child in page._page_box.children if not isinstance(child, boxes.MarginBox)]  # noqa: SLF001
    if any(isinstance(box, (boxes.TextBox, boxes.ReplacedBox)) for area in areas for box in area.descendants()):
        raise NotApartError("a note runs on past the end of its chapter")


def set_margins(
    html: str, files: Mapping[str, Path], records: Sequence[PageRecord], book: str
) -> tuple[Any, list[int]]:
    """The margins of the text's pages, the first of which is page 1, as a document of their own.

    `html` has the style sheets and no text; `book` is the string that the title page has set. The document has only
    the pages with something in their margins; the list is of their places among the records.
    """
    hooks.install()
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
    kind = pages.PageType(*record.type)
    pages.set_page_type_computed_styles(kind, source, context.style_for)
    style = context.style_for(kind)
    box = boxes.PageBox(kind, style)
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


def bookmark_tree(records: Sequence[PageRecord]) -> Any:
    """The bookmarks of all pages, nested as WeasyPrint nests them: title, page and place, children, state."""
    return document.Document.make_bookmark_tree(SimpleNamespace(pages=records), _SCALE, transform_pages=True)
