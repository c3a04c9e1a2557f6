"""The PDF edition: cover, title page, colophon, true page numbers, notes at the foot; WeasyPrint sets it."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pikepdf

from publish import fonts
from publish.check.findings import Finding
from publish.errors import Place, PublishError
from publish.publication import Publication
from publish.regions import Fonts
from publish.render import (
    RenderContext,
    Rendering,
    colophon,
    contents,
    families_css,
    fill,
    id_pages,
    inner,
    latin,
    prepare,
    stylesheet,
)
from publish.render.cover_face import cover_face
from publish.render.finish import POINTS, VARIANT, Label, finish, labels
from publish.render.layout import Log, lay_out, listening, uncovered, without_collector, write_pdf
from publish.render.print_tree import settle
from publish.theme import read_theme

GETA = "〓"  # what compositors set for a piece of type they have not (U+3013)


class PdfRenderer:
    """Writes `<slug>.pdf`."""

    name = "pdf"

    def render(self, publication: Publication, context: RenderContext) -> Rendering:
        """Write the PDF into the context's folder."""
        html, findings = document(publication)
        region = publication.edition.region
        absent = uncovered(html, region.fonts.body, region.layout_tag)
        html = html.translate({ord(char): GETA for char in absent})
        files = {asset.href: asset.path for asset in publication.assets.values()}
        file = context.folder / f"{publication.slug}.pdf"
        file.parent.mkdir(parents=True, exist_ok=True)
        with without_collector(), listening() as log:
            try:
                pages = lay_out(html, files)
                _one_annotation_a_link(pages)
                data = write_pdf(pages, VARIANT)
            except RecursionError as error:
                raise PublishError(
                    "the text nests too deeply for a page", "Nest lists and quotations less", Place(publication.slug)
                ) from error
        embedded = _save(data, file, publication, labels(pages, publication.edition.region.words))
        missing = sorted({*log.missing, *map(ord, absent)})
        notes = {"pages": len(pages.pages), "missing": missing, "fonts": embedded}
        return Rendering((file.name,), (*findings, *_log_findings(log)), notes)


def _one_annotation_a_link(pages: Any) -> None:
    """Drop the annotations of spans inside a link: only the link's own is tagged as one (PDF/UA-1 §7.18.5)."""
    for page in pages.pages:
        page.links[:] = [link for link in page.links if link[3].link]


def document(publication: Publication) -> tuple[str, list[Finding]]:
    """The HTML that WeasyPrint lays out, and what had to be set otherwise than written."""
    chapters = prepare(publication, "pdf")
    known = id_pages(chapters)
    outline = contents(chapters, publication.toc_depth)
    metadata = publication.metadata_for("pdf")
    measure = _measure(publication)
    characters = int(str(measure["characters"]))
    findings = [finding for prepared in chapters for finding in settle(prepared, known, metadata.title, characters)]
    faces = publication.edition.region.fonts
    if faces.latin:
        for prepared in chapters:
            latin.wrap(prepared.tree)
    findings += _bold(faces)[1]
    html = fill(
        publication.theme,
        "print.html",
        publication=publication,
        metadata=metadata,
        words=publication.edition.region.words,
        lang=publication.edition.region.layout_tag,
        cover=metadata.cover_image if metadata.cover_image in publication.assets else "",
        colophon=colophon(publication, metadata),
        contents=outline,
        half_title=measure["half_title"],
        chapters=[(prepared.chapter, inner(prepared.tree)) for prepared in chapters],
        standing=cover_face(metadata, publication.slug, may_stand=True).standing,
        css=print_css(publication),
        cover_css=stylesheet(
            publication,
            "cover.css",
            width=f"{publication.page.width}mm",
            height=f"{publication.page.height}mm",
            bleed=publication.page.bleed,
        ),
    )
    return html, findings


def print_css(publication: Publication) -> str:
    """The style sheet of a publication's pages."""
    faces = publication.edition.region.fonts
    return stylesheet(
        publication,
        "print.css",
        issuer=css_string(publication.metadata_for("pdf").publisher),
        bold=_bold(faces)[0],
        latin=families_css(faces.latin and (*faces.latin, *faces.body)),
        **_measure(publication),
    )


def _bold(faces: Fonts) -> tuple[str, list[Finding]]:
    """The families of bold text, where those of the body have no bold: WeasyPrint makes none up (its issue 1470)."""
    regular = fonts.find(faces.body, "regular")
    if not regular or any(face.family == regular[0].family for face in fonts.find(faces.body, "bold")):
        return "", []
    problem = f'the font "{regular[0].family}" has no bold: bold words are set in the font of headings'
    return families_css(faces.heading), [
        Finding("pdf-bold", "warning", Place(""), problem, "Install its bold, or name another font under fonts: body")
    ]


def css_string(text: str) -> str:
    """A text as it stands between double quotes in CSS."""
    return re.sub(r'["\\\n\r<]', lambda match: f"\\{ord(match[0]):x} ", text)


def _measure(publication: Publication) -> dict[str, object]:
    """The type area in points: lines are a whole number of characters wide (clreq §2.3)."""
    page, theme = publication.page, read_theme(publication.theme)
    width = (page.width - page.inner - page.outer) * POINTS
    characters = max(int(width / theme.body_size), 8)
    spare = width - characters * theme.body_size
    return {
        "size": theme.body_size,
        "line": theme.line,
        "characters": characters,
        "inner": round(page.inner * POINTS + spare / 2, 2),
        "outer": round(page.outer * POINTS + spare / 2, 2),
        "top": round(page.top * POINTS, 2),
        "bottom": round(page.bottom * POINTS, 2),
        "width": round(page.width * POINTS, 2),
        "height": round(page.height * POINTS, 2),
        "bleed": round(page.bleed * POINTS, 2),
        "hanging": page.hanging,
        "code_line": 12.5,
        "code_ground": "#f5f4f1",
        "two": page.two_sided,
        "half_title": page.two_sided and len(publication.chapters) > 1,
        # A page that is one of no pair has no right side to wait for.
        "recto": "right" if page.two_sided else "page",
        "chapter_break": "right" if page.two_sided and theme.chapters == "recto" else "page",
        "numbered": publication.numbered,
    }


def _log_findings(log: Log) -> list[Finding]:
    """WeasyPrint's warnings about the book; those about CSS that it does not know are its own affair."""
    out = []
    for message in dict.fromkeys(log.warnings):
        if message.startswith(
            (
                "Ignored",
                "Unsupported",
                "Expected",
                "Invalid",
                "This table row has more columns",
                "Too many glyphs missing",
            )
        ):
            continue
        if "harfbuzz" in message.lower() or "subset" in message.lower():
            out.append(
                Finding(
                    "pdf-subset",
                    "warning",
                    Place(""),
                    "fonts are subset slowly: the library harfbuzz-subset is missing",
                    "See: publish doctor",
                )
            )
        else:
            out.append(Finding("pdf-layout", "warning", Place(""), " ".join(message.split())[:300]))
    return list(dict.fromkeys(out))


def _save(data: bytes, file: Path, publication: Publication, page_labels: Sequence[Label]) -> list[str]:
    """Write the PDF with what WeasyPrint leaves open (`finish`). The names of its fonts."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        finish(pdf, publication.edition.region.tag, page_labels, publication.page)
        if publication.metadata_for("pdf").progression == "rtl":
            pdf.Root["/ViewerPreferences"]["/Direction"] = pikepdf.Name.R2L
        names = {str(font["/BaseFont"]) for page in pdf.pages for _, font in _fonts(page)}
        pdf.save(file, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return sorted(re.sub(r"^/(?:[A-Z]{6}\+)?", "", name) for name in names)


def _fonts(page: Any) -> Any:
    """The fonts of a page by the names that it calls them."""
    return page.get("/Resources", {}).get("/Font", {}).items()
