"""The web edition: a page a chapter, a contents page, and the whole book in one file that needs no other."""

from __future__ import annotations

import base64
import shutil
from pathlib import Path

from lxml import etree

from publish import xhtml
from publish.publication import Publication
from publish.render import (
    NumberedNote,
    PreparedChapter,
    RenderContext,
    Rendering,
    colophon,
    contents,
    fill,
    id_pages,
    inner,
    prepare,
    stylesheet,
    take_notes,
)
from publish.xhtml import H

STYLE = "assets/style.css"


class HtmlRenderer:
    """Writes `html/index.html`, a page for each chapter beside it, and `html/<slug>.html`."""

    name = "html"

    def render(self, publication: Publication, context: RenderContext) -> Rendering:
        """Write the web edition into the context's folder."""
        folder = context.folder / "html"
        css = stylesheet(publication, "web.css")
        files = [
            _write(folder / STYLE, css),
            *_pages(publication, context, folder),
            _whole(publication, context, folder, css),
        ]
        for asset in publication.assets.values():
            target = folder / asset.href
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(asset.path, target)
            files.append(target)
        return Rendering(tuple(sorted(str(file.relative_to(context.folder).as_posix()) for file in files)))


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def _pages(publication: Publication, context: RenderContext, folder: Path) -> list[Path]:
    """The contents page and the chapters' pages."""
    chapters = prepare(publication, "html")
    pages = id_pages(chapters)
    outline = contents(chapters, publication.toc_depth)
    metadata = publication.metadata_for("html")
    common = {
        "publication": publication,
        "metadata": metadata,
        "words": publication.edition.region.words,
        "contents": outline,
        "editions": [link for link in context.editions if link.key != publication.edition.key],
        "all_editions": context.editions,
    }
    written = [
        _write(
            folder / "index.html",
            fill(publication.theme, "web-index.html", colophon=colophon(publication, metadata), **common),
        )
    ]
    for number, prepared in enumerate(chapters):
        key = prepared.chapter.key

        def address(name: str, here: str = key) -> str | None:
            page = pages.get(name)
            return None if page is None else f"#{name}" if page == here else f"{page}.html#{name}"

        xhtml.relink(prepared.tree, address)
        notes = _settle_notes(prepared)
        page = fill(
            publication.theme,
            "web-chapter.html",
            chapter=prepared.chapter,
            body=inner(prepared.tree),
            notes=[(note, inner(note.element)) for note in notes],
            previous=chapters[number - 1].chapter if number else None,
            following=chapters[number + 1].chapter if number + 1 < len(chapters) else None,
            **common,
        )
        written.append(_write(folder / f"{key}.html", page))
    return written


def _settle_notes(prepared: PreparedChapter) -> list[NumberedNote]:
    """Make the calls of a chapter's notes links, and take the notes out, each with a link back."""
    notes = take_notes(prepared.tree)
    numbers = {note.id: note.number for note in notes}
    for call in xhtml.note_calls(prepared.tree):
        name = str(call.get("data-note"))
        call.attrib.clear()
        call.tag = f"{H}sup"
        call.set("class", "noteref")
        link = etree.SubElement(call, f"{H}a", {"href": f"#{name}", "id": f"ref-{name}", "role": "doc-noteref"})
        link.text = str(numbers.get(name, ""))
    for note in notes:
        _link_back(note.element, f"#ref-{note.id}", "↩")
        note.element.attrib.clear()
    return notes


def _link_back(note: xhtml.Element, href: str, sign: str) -> None:
    """A link back to the call at the end of a note's last paragraph."""
    last = note[-1] if len(note) and xhtml.local(note[-1]) == "p" else etree.SubElement(note, f"{H}p")
    link = etree.SubElement(last, f"{H}a", {"href": href, "class": "backlink", "role": "doc-backlink"})
    link.text = sign


def _whole(publication: Publication, context: RenderContext, folder: Path, css: str) -> Path:
    """The whole book in one file: style and images inside it."""
    chapters = prepare(publication, "html")
    known = {name for one in chapters for name in xhtml.ids(one.tree)}
    metadata = publication.metadata_for("html")
    images = {href: _data_uri(asset.path, asset.media_type) for href, asset in publication.assets.items()}
    sections = []
    for prepared in chapters:
        xhtml.relink(prepared.tree, lambda name: f"#{name}" if name in known else None)
        notes = _settle_notes(prepared)
        for tree in (prepared.tree, *(note.element for note in notes)):
            for image in tree.iter(f"{H}img"):
                image.set("src", images.get(str(image.get("src")), str(image.get("src"))))
        sections.append((prepared.chapter, inner(prepared.tree), [(note, inner(note.element)) for note in notes]))
    page = fill(
        publication.theme,
        "web-whole.html",
        publication=publication,
        metadata=metadata,
        words=publication.edition.region.words,
        contents=contents(chapters, publication.toc_depth),
        colophon=colophon(publication, metadata),
        sections=sections,
        css=css,
    )
    return _write(folder / f"{publication.slug}.html", page)


def _data_uri(path: Path, media_type: str) -> str:
    return f"data:{media_type};base64,{base64.b64encode(path.read_bytes()).decode()}"
