"""Images: each is found and given its address in the edition; one on another host is replaced by a link."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlsplit

from lxml import etree

from publish.edition.context import Context
from publish.edition.markup import xhtml
from publish.errors import Place, PublishError
from publish.findings import REMOTE, Finding
from publish.source.document import (
    Block,
    Inline,
    children,
    key_values,
    map_inlines,
    rewrite,
    string,
    text,
    with_children,
)
from publish.source.manuscript import Chapter
from publish.source.pictures.assets import Asset, AssetError
from publish.source.pictures.locked import absolute, is_remote


def place_images(context: Context, chapter: Chapter, blocks: list[Block]) -> tuple[list[Block], list[Finding]]:
    """The blocks with each image's address replaced by that of the edition's asset."""
    findings: list[Finding] = []

    def block(one: Block) -> list[Block] | None:
        if one["t"] == "Header":
            words, found = _titled(context, chapter, one)
            findings.extend(found)
            return [{**one, "c": [*one["c"][:2], words]}]
        if one["t"] != "Figure":
            return None
        replaced, found = _remote_figure(context, chapter, one)
        findings.extend(found)
        return replaced

    def unit(inlines: list[Inline], line: int) -> list[Inline]:
        def change(inline: Inline, *, linked: bool = False) -> list[Inline] | None:
            if inline["t"] == "Link" and not linked:
                return [with_children(inline, map_inlines(children(inline), partial(change, linked=True)))]
            if inline["t"] != "Image":
                return None
            placed, found = _image(context, chapter, inline, line, linked=linked)
            findings.extend(found)
            return placed

        return map_inlines(inlines, change)

    return rewrite(blocks, block, unit), findings


def _titled(context: Context, chapter: Chapter, heading: Block) -> tuple[list[Inline], list[Finding]]:
    """A heading's words, with descriptions for pictures on other hosts: no title tells of hosts."""
    findings: list[Finding] = []
    line = heading.get("line", 0)
    said = text(heading["c"][2])

    def change(inline: Inline) -> list[Inline] | None:
        if inline["t"] != "Image" or not is_remote(inline["c"][2][0]):
            return None
        _, alt, (url, _title) = inline["c"]
        findings.append(remote_image(context.manuscript.place(chapter, line, url), "image", url))
        return [] if said.count(text(alt)) > 1 else alt

    return map_inlines(heading["c"][2], change), findings


def place_raw_image(context: Context, chapter: Chapter, element: xhtml.Element) -> list[Finding]:
    """Place an image of raw HTML, in place, like any other; those of the Markdown are placed already."""
    source = element.get("src") or ""
    place = context.manuscript.place(chapter, 0, _needle(context, chapter, source))
    if source in context.assets.used:
        _describe(element, context.assets.used[source])
        return []
    if is_remote(source):
        _unplace(context, element, source)
        return [remote_image(place, "image", source)]
    try:
        asset = context.assets.add(source, chapter.folder)
    except AssetError as error:
        _describe(element, context.assets.placeholder(source))
        return [_missing(error, place)]
    silent = element.get("alt") is None
    _describe(element, asset)
    return [Finding("img-alt", "warning", place, _silent(source), 'Give it alt="…"')] if silent else []


def fault(context: Context, error: AssetError, place: Place) -> Finding:
    """An image's fault: a finding while the book is checked, else raised as a `PublishError`."""
    if not context.checking:
        raise PublishError(error.problem, error.remedy, place) from error
    return Finding(error.code, "error", place, error.problem, error.remedy)


def _missing(error: AssetError, place: Place) -> Finding:
    """The finding on an image in whose place a frame with its name stands."""
    return Finding(error.code, "warning", place, error.problem, error.remedy)


_SHOWN = 80  # characters of an address that a line shows


def remote_image(place: Place, what: str, url: str) -> Finding:
    """The finding on an image, or another kind of picture, that is on another host."""
    named = url if len(url) <= _SHOWN else f"{url[: _SHOWN - 1]}…"
    problem = f'{what} "{named}" is on another host and not in the book'
    return Finding(REMOTE, "warning", place, problem, "Run publish fetch, or save it into the book and name the file")


def _image(
    context: Context, chapter: Chapter, image: Inline, line: int, *, linked: bool
) -> tuple[list[Inline], list[Finding]]:
    """An image with its asset's address, or what replaces it: only words where it is inside a link (`linked`)."""
    attributes, alt, (url, title) = image["c"]
    place = context.manuscript.place(chapter, line, url)
    if is_remote(url):
        span = {
            "t": "Span",
            "c": [
                ["", ["remote-image"], []],
                alt if linked and alt else _remote_words(context, alt, url, linked=linked),
            ],
        }
        return [span], [remote_image(place, "image", url)]
    try:
        asset = context.assets.add(url, chapter.folder)
    except AssetError as error:
        asset = context.assets.placeholder(url)
        return [{**image, "c": [attributes, alt, [asset.href, title]]}], [_missing(error, place)]
    findings: list[Finding] = []
    if not text(alt).strip() and "alt" not in key_values(attributes):
        findings.append(Finding("img-alt", "warning", place, _silent(url), "Describe it between [ and ]"))
    return [{**image, "c": [attributes, alt, [asset.href, title]]}], findings


def _silent(url: str) -> str:
    return f'image "{url[:80]}" has no alternative text'


def _remote_words(context: Context, alt: list[Inline], url: str, *, linked: bool = False) -> list[Inline]:
    """What replaces an image on another host: its alternative text and a link, unless it is inside one."""
    host = urlsplit(url).hostname or url[:40]
    if linked:
        return [string(f"{context.edition.region.words.remote_image} {host}")]
    words = string(context.edition.region.words.remote_image + " ")
    link = {"t": "Link", "c": [["", [], []], [string(host)], [absolute(url), ""]]}
    return [*alt, string("（"), words, link, string("）")] if alt else [words, link]


def _remote_figure(context: Context, chapter: Chapter, figure: Block) -> tuple[list[Block] | None, list[Finding]]:
    """A figure whose images are all on other hosts becomes a framed caption with links; None for any other."""
    (identifier, classes, pairs), (_, long), content = figure["c"]
    images = [
        node for inner in content if inner["t"] in ("Plain", "Para") for node in inner["c"] if node["t"] == "Image"
    ]
    urls = [image["c"][2][0] for image in images]
    if not urls or not all(is_remote(url) for url in urls):
        return None, []
    caption = [inline for inner in long if inner["t"] in ("Plain", "Para") for inline in inner["c"]]
    words = [
        word for index, url in enumerate(urls) for word in _remote_words(context, caption if index == 0 else [], url)
    ]
    legend = [{"t": "Plain", "c": words}]
    line = figure.get("line", 0)
    framed = {**figure, "c": [[identifier, [*classes, "remote-image"], pairs], [None, legend], []]}
    return [framed], [remote_image(context.manuscript.place(chapter, line, url), "image", url) for url in urls]


def _needle(context: Context, chapter: Chapter, source: str) -> str:
    """How an image's raw HTML is written in the source, as far as can be told."""
    rows = context.manuscript.lines[chapter.file]
    forms = (f'src="{source}"', f"src='{source}'", f"src={source}")
    return next((form for form in forms if any(form in row for row in rows)), source)


def _unplace(context: Context, element: xhtml.Element, source: str) -> None:
    """Replace an image on another host by its alternative text and a link, unless it is inside one."""
    words, host = context.edition.region.words.remote_image + " ", urlsplit(source).hostname or ""
    alt = (element.get("alt") or "").strip()
    heading = next((above for above in element.iterancestors() if above.tag in _HEADINGS), None)
    if heading is not None:  # which tells of no hosts
        _titled_raw(element, alt, xhtml.plain(heading))
        return
    element.tag = f"{xhtml.H}span"
    element.attrib.clear()
    element.set("class", "remote-image")
    if any(above.tag == f"{xhtml.H}a" for above in element.iterancestors()):
        element.text = alt or words + host
        return
    element.text = f"{alt}（{words}" if alt else words
    link = etree.SubElement(element, f"{xhtml.H}a", href=absolute(source))
    link.text, link.tail = host, "）" if alt else ""


_HEADINGS = frozenset(f"{xhtml.H}h{level}" for level in range(1, 7))


def _titled_raw(element: xhtml.Element, alt: str, said: str) -> None:
    """In a heading, leave an image's description, or nothing where its words say the same."""
    behind = element.getnext()
    if alt and alt not in said:
        element.tag = f"{xhtml.H}span"
        element.attrib.clear()
        element.text = alt
        return
    if behind is not None and behind.tag == f"{xhtml.H}br" and not (element.tail or "").strip():
        xhtml.remove(behind)
    xhtml.remove(element)


def _describe(element: xhtml.Element, asset: Asset) -> None:
    """Give an image its asset's address, an alternative text and, unless it has one, its size in pixels."""
    element.set("src", asset.href)
    if element.get("alt") is None:
        element.set("alt", "")
    sized = any(element.get(name) for name in ("style", "width", "height"))
    if asset.width and asset.height and not sized:
        element.set("width", str(asset.width))
        element.set("height", str(asset.height))
