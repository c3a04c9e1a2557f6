"""The PDF edition: cover, title page, colophon, true page numbers, notes at the foot; WeasyPrint sets it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from publish.cache import Cache
from publish.edition.publication import Publication
from publish.regions import Region
from publish.render import RenderContext, Rendering
from publish.render.pdf.cut import CUT, SIDE, cut
from publish.render.pdf.document import document, page_measure
from publish.render.pdf.emoji import in_one_ink
from publish.render.pdf.job import LENGTHS, Job, measured
from publish.render.pdf.locators import ASKS_FOLIOS, asks_pages
from publish.render.pdf.notes import with_gathered
from publish.render.pdf.parts import WHOLE, plan_parts, plan_turning
from publish.render.pdf.whole import GETA, lay_out_book
from publish.render.pictures import Measure, fit, fitted
from publish.steps import Plan
from publish.weasy.layout import tested, uncovered

MILLIMETRES = 25.4  # of an inch
TALLEST = 0.6  # of the page's height, that the style sheet lets a picture have
# Dots per inch of photographs, and how many times finer drawings are: what printers ask for, and less where a book has
# so many pictures that its file would be too large to hand on.
RESOLUTIONS = ((300, 2), (300, 1), (220, 1), (150, 1))
MOST_PICTURES = 120_000_000  # bytes


def plan_pages(publication: Publication, context: RenderContext) -> Rendering | Plan[Rendering]:
    """Write a short book's PDF at once; cut a long one into parts, each of which can be laid out by itself."""
    publication = with_gathered(publication)
    html, findings = document(publication, CUT, context.cache)
    html = in_one_ink(html)
    region = publication.edition.region
    absent = _absent(html, region, context.cache)
    html = html.translate({ord(char): GETA for char in absent}) if absent else html
    book = replace(publication, chapters=(), units=(), record=())
    right = page_measure(publication)["chapter_break"] == "right"
    job = Job(
        book,
        context,
        tuple(findings),
        tuple(sorted(map(ord, absent))),
        _pictures(publication, context.cache),
        2 if right else 1,
    )
    pieces = cut(html, publication, right=right) if tested() else None
    # Numbers that move their own lines, on pages whose sides are not known either, would settle late or never.
    if pieces is None or (any(SIDE in text for text in pieces.texts) and any(map(asks_pages, pieces.texts))):
        return lay_out_book(job, html.replace(CUT, ""))
    job.folder.mkdir(parents=True)
    (job.folder / WHOLE).write_text(html.replace(CUT, ""), encoding="utf-8")
    for name, text in (("front", pieces.front), ("margins", pieces.bare)):
        (job.folder / f"{name}.html").write_text(text, encoding="utf-8")
    for number, text in enumerate(pieces.texts):
        (job.folder / f"{number}.html").write_text(text, encoding="utf-8")
    asking = {number: ASKS_FOLIOS in text for number, text in enumerate(pieces.texts) if asks_pages(text)}
    turning = tuple(SIDE in text for text in pieces.texts)
    if any(turning):
        return plan_turning(job, turning)
    if asking:
        job.say(LENGTHS, [_measured(text, number in asking, context.cache) for number, text in enumerate(pieces.texts)])
    return plan_parts(job, len(pieces.texts), asking)


def _absent(html: str, region: Region, cache: Cache) -> frozenset[str]:
    """The characters of a book that no font can show; the cache's keys know of the fonts."""
    characters = "".join(sorted(set(html)))
    key = cache.key("uncovered", characters, region.fonts.body, region.layout_tag)
    return cache.made(key, lambda: uncovered(characters, region.fonts.body, region.layout_tag), sorted, frozenset)


def _measured(html: str, asks: bool, cache: Cache) -> tuple[float, dict[str, float]]:  # a step's arguments
    """How long a part's text is, and where its ids stand, as it is kept where it was measured before."""
    return cache.made(cache.key("length", html, asks), lambda: measured(html, asks=asks), list, tuple)


def _pictures(publication: Publication, cache: Cache) -> dict[str, Path]:
    """The files of the book's images by address: as fine as printers ask for, the cover's for the whole page."""
    page = publication.page
    block = page.width - page.inner - page.outer, page.height * TALLEST
    ladder = [_dots(*block, dpi, sharper) for dpi, sharper in RESOLUTIONS]
    files = {href: picture.path for href, picture in fitted(publication, ladder, MOST_PICTURES, cache).items()}
    cover = publication.metadata_for("pdf").cover_image
    if cover in files and not publication.original_images:
        sides = page.width + 2 * page.bleed, page.height + 2 * page.bleed
        files[cover] = fit(publication.assets[cover], _dots(*sides, *RESOLUTIONS[0]), cache).path
    return files


def _dots(width: float, height: float, dpi: int, sharper: int) -> Measure:
    """A measure in millimetres at a resolution."""
    across, down = (round(side / MILLIMETRES * dpi) for side in (width, height))
    return Measure(f"print-{width:g}-{dpi}-{sharper}", across, down, sharper=sharper, quality=90, plain=True)
