"""A publication as the one HTML document that is laid out, its style sheet and the measures of its page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from markupsafe import Markup

from publish import fonts
from publish.cache import NONE, Cache
from publish.edition.publication import Publication
from publish.errors import Place
from publish.findings import Finding
from publish.han import CIRCLED
from publish.regions import Fonts
from publish.render import (
    byline,
    colophon,
    contents,
    families_css,
    fill,
    id_pages,
    imprint_lines,
    prepare_kept,
    stylesheet,
)
from publish.render.article import below_title, is_article
from publish.render.cover_face import cover_face
from publish.render.pdf.finish import POINTS
from publish.render.pdf.heads import running_head
from publish.render.pdf.notes import as_it_is, in_margin, notes_apart, without_heading
from publish.render.pdf.opening import begins_right
from publish.render.pdf.printed import Printing, print_chapters
from publish.render.pdf.tables import Area
from publish.themes import read_theme

NOTE = 0.81  # of the body size
NOTES_GAP, NOTES_EDGE = 4.5, 6.0  # millimetres between the text and notes in the margin, and between these and the edge
CODE, CODE_LEADING = 0.76, 1.57  # of the body size, of its own
A5_HEIGHT = 210  # millimetres: title pages are designed on this one

# Notes are ① where [1] is a source.
NOTES_BESIDE_NUMBERS = f"""
@counter-style circled {{ system: fixed; symbols: {" ".join(CIRCLED)}; suffix: ""; }}
.footnote::footnote-call, .noteref {{ font-size: 7.5pt; }}
.footnote:not(.said):not(.by-page)::footnote-call {{ content: counter(footnote, circled); }}
.footnote:not(.said):not(.by-page)::footnote-marker {{ content: counter(footnote, circled) " "; }}
"""


def document(publication: Publication, cut: str = "", cache: Cache = NONE) -> tuple[str, list[Finding]]:
    """The HTML that WeasyPrint lays out, `cut` between its chapters, and what is set differently from the source."""
    apart = notes_apart(publication)
    change = without_heading if apart else as_it_is
    chapters = prepare_kept(publication, "pdf", cache, {}, change, way="notes apart" if apart else "")
    known = id_pages(chapters)
    outline = contents(chapters, publication.toc_depth)
    metadata = publication.metadata_for("pdf")
    measure = page_measure(publication)
    cites = any(one.gist.by_number for one in chapters)
    area = _area(publication, measure)
    printing = Printing(publication, known, area, measure["characters"], cites)
    texts, findings = print_chapters(chapters, printing, cache)
    faces = publication.edition.region.fonts
    findings += _bold(faces)[1]
    head, rest = below_title(texts[0], publication.chapters[0])
    html = fill(
        publication.theme,
        "print.html",
        cut=Markup(cut),  # noqa: S704  # ours
        publication=publication,
        metadata=metadata,
        words=publication.edition.region.words,
        lang=publication.edition.region.layout_tag,
        cover=metadata.cover_image if metadata.cover_image in publication.assets else "",
        colophon=colophon(publication, metadata),
        contents=outline,
        head=partial(running_head, area=area, two_sided=publication.page.two_sided),
        article=is_article(publication, "pdf"),
        head_of_article=head,
        rest_of_article=rest,
        byline=byline(publication, metadata),
        imprint=imprint_lines(publication, metadata),
        half_title=measure["half_title"],
        chapters=[(prepared.chapter, text) for prepared, text in zip(chapters, texts, strict=True)],
        standing=cover_face(metadata, publication.slug, may_stand=True).standing,
        css=print_css(publication) + (NOTES_BESIDE_NUMBERS if cites else ""),
        cover_css=stylesheet(
            publication,
            "cover.css",
            width=f"{publication.page.width}mm",
            height=f"{publication.page.height}mm",
            bleed=publication.page.bleed,
        ),
    )
    return html, list(dict.fromkeys(findings))


def print_css(publication: Publication) -> str:
    """The style sheet of a publication's pages."""
    faces = publication.edition.region.fonts
    return stylesheet(
        publication,
        "print.css",
        issuer=css_string(publication.metadata_for("pdf").publisher),
        bold=_bold(faces)[0],
        latin=families_css(faces.latin and (*faces.latin, *faces.body)),
        latin_size=faces.latin_size,
        italic=fonts.has_italic((*faces.latin, *faces.body)),
        **page_measure(publication),
    )


def _bold(faces: Fonts) -> tuple[str, list[Finding]]:
    """The families of bold text where the body's have no bold: WeasyPrint does not synthesize it (its issue 1470)."""
    family = fonts.without_bold(faces.body)
    if not family:
        return "", []
    problem = f'the font "{family}" has no bold: bold words are set in the font of headings'
    remedy = "Install its bold, or name another font under fonts: body"
    return families_css(faces.heading), [Finding("pdf-bold", "warning", Place("", key="fonts.body"), problem, remedy)]


def css_string(text: str) -> str:
    """A text as written between double quotes in CSS."""
    return re.sub(r'["\\\n\r<]', lambda match: f"\\{ord(match[0]):x} ", text)


def page_measure(publication: Publication) -> dict[str, Any]:
    """The type area in points: lines are a whole number of characters wide (clreq §2.3)."""
    page, theme = publication.page, read_theme(publication.theme)
    width = (page.width - page.inner - page.outer) * POINTS
    size = page.text_size or (theme.body_size if page.line_length else theme.size_for(width))
    characters = page.line_length or max(int(width / size), 8)
    spare = width - characters * size
    line = round(size * theme.leading, 3)
    lines = (page.height - page.top - page.bottom) * POINTS / line
    return {
        "size": size,
        "line": line,
        "note": round(size * NOTE * 2) / 2,
        "scale": min(max(page.height / A5_HEIGHT, 0.75), 1.3),
        "characters": characters,
        "inner": round(page.inner * POINTS + spare / 2, 2),
        "outer": round(page.outer * POINTS + spare / 2, 2),
        "top": round(page.top * POINTS, 2),
        "bottom": round(page.bottom * POINTS, 2),
        "width": round(page.width * POINTS, 2),
        "height": round(page.height * POINTS, 2),
        "bleed": round(page.bleed * POINTS, 2),
        "hanging": page.hanging,
        "punctuation": page.punctuation,
        "code_size": round(size * CODE * 4) / 4,
        "code_line": round(size * CODE * CODE_LEADING, 2),
        "code_ground": "#f5f4f1",
        "code_mark": "#e2dfd6",
        "aside": round((page.outer - NOTES_EDGE - NOTES_GAP) * POINTS, 2) if in_margin(publication) else 0,
        "aside_gap": round(NOTES_GAP * POINTS, 2),
        "two": page.two_sided,
        "half_title": page.two_sided and len(publication.chapters) > 1,
        # A single page has no right-hand side to wait for.
        "recto": "right" if page.two_sided else "page",
        "chapter_break": _chapter_break(publication, characters * lines),
        "article": is_article(publication, "pdf"),
        "numbered": publication.numbered,
        "opens_numbered": any(one.label and not one.part for one in publication.chapters[:1]),
    }


def _chapter_break(publication: Publication, a_page: float) -> str:
    """What chapters begin on; those of an article are sections, and run on."""
    if is_article(publication, "pdf"):
        return "auto"
    return "right" if begins_right(publication, a_page) else "page"


def _area(publication: Publication, measure: Mapping[str, Any]) -> Area:
    """The type area, in points."""
    page = publication.page
    height = (page.height - page.top - page.bottom) * POINTS
    return Area(measure["characters"] * measure["size"], height, measure["size"], measure["note"])
