"""An edition's chapters written to XHTML: canonical, numbered, titled."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from publish.edition import numbering, xhtml
from publish.edition.boxes import label_boxes
from publish.edition.canonical import make_canonical
from publish.edition.context import Context
from publish.edition.continued import mark_continued
from publish.edition.images import place_raw_image
from publish.edition.notes import lift_notes
from publish.edition.prune import drop_gone
from publish.edition.publication import PublishedChapter
from publish.errors import Place
from publish.findings import Finding
from publish.source import pandoc
from publish.source.document import Block, Inline, map_inlines, nesting, rewrite
from publish.source.given import merge_metadata
from publish.source.manuscript import Chapter
from publish.source.metadata import Metadata


@dataclass(frozen=True)
class Text:
    """A chapter's text in an edition; `part` is the converted title of the part that the chapter opens."""

    chapter: Chapter
    blocks: list[Block]
    part: str = ""


def write(context: Context, texts: Sequence[Text]) -> tuple[tuple[PublishedChapter, ...], list[Finding]]:
    """The chapters written by one start of pandoc."""
    pages, warnings = pandoc.write([lift_notes(label_boxes(text.blocks, context.edition.region.tag)) for text in texts])
    findings = list(_formulas(context, warnings))
    chapters: list[PublishedChapter] = []
    for text, page, number, part_label in zip(
        texts, pages, _numbers(context, texts), _part_labels(context, texts), strict=True
    ):
        root, found = _canonical(context, text, page)
        findings += found
        chapters.append(_published(context, text, root, number, part_label))
    return tuple(chapters), findings


def _numbers(context: Context, texts: Sequence[Text]) -> Iterator[int]:
    """The number of each chapter; 0 for one without: a preface, any in a book of one chapter."""
    count = 0
    for text in texts:
        numbered = context.project.number_sections and text.chapter.numbered and not text.chapter.level
        count += numbered
        yield count if numbered and len(context.manuscript.chapters) > 1 else 0


def _part_labels(context: Context, texts: Sequence[Text]) -> Iterator[str]:
    """The number of the part that each chapter opens, 第一部; empty for a chapter that opens none."""
    count = 0
    for text in texts:
        opens = bool(text.chapter.part)
        count += opens
        label = context.edition.region.words.part.format(numbering.chinese_number(count))
        yield label if opens and context.project.number_sections else ""


def _canonical(context: Context, text: Text, page: str) -> tuple[xhtml.Element, list[Finding]]:
    """A chapter's HTML made canonical, with the images of raw HTML placed."""
    chapter = text.chapter
    findings: list[Finding] = []
    with nesting(chapter.file):
        root = xhtml.parse(page, soup=_has_raw_html(text.blocks))

    def report(problem: str, needle: str) -> None:
        findings.append(context.finding("html-removed", chapter, 0, problem, needle=needle))

    def image(element: xhtml.Element) -> None:
        findings.extend(place_raw_image(context, chapter, element))

    make_canonical(root, report, image)
    drop_gone(root)
    mark_continued(root)
    return root, findings


def _published(context: Context, text: Text, root: xhtml.Element, number: int, part_label: str) -> PublishedChapter:
    """A chapter with its headings and legends numbered."""
    chapter, words = text.chapter, context.edition.region.words
    label = ""
    if context.project.number_sections:
        label = numbering.number_headings(root, number, words) if number else ""
        numbering.number_legends(root, number, words)
    title, identifier = _title(context, chapter, root)
    return PublishedChapter(
        key=chapter.key,
        id=identifier,
        title=title,
        label=label,
        xhtml=xhtml.serialize(root),
        file=chapter.file,
        part=text.part,
        inside=chapter.inside,
        part_label=part_label,
        level=chapter.level,
    )


def _title(context: Context, chapter: Chapter, root: xhtml.Element) -> tuple[str, str]:
    """A chapter's title and the id to link to: its heading's, or that of an anchor put before its text."""
    first = next(xhtml.headings(root), None)
    if chapter.headed and first is not None:
        return first.text, first.id
    identifier = f"start-{chapter.key}"
    anchor = root.makeelement(f"{xhtml.H}div", {"id": identifier, "class": "start"})
    anchor.tail, root.text = root.text, None
    root.insert(0, anchor)
    return _stated_title(context, chapter), identifier


def _stated_title(context: Context, chapter: Chapter) -> str:
    """The title of a chapter without a heading; where it is the book's title, as the edition states it."""
    own = context.edition.overrides.get("title")
    if own and not chapter.headed and chapter.title == context.manuscript.metadata.title:
        return merge_metadata(Metadata(), {"title": own}).title
    return context.converter.convert(chapter.title)


def _has_raw_html(blocks: list[Block]) -> bool:
    """Whether a text has raw HTML anywhere."""
    found: list[bool] = []

    def raw(inline: Inline) -> list[Inline] | None:
        if inline["t"] == "RawInline":
            found.append(True)
        return None

    def block(one: Block) -> list[Block] | None:
        if one["t"] == "RawBlock":
            found.append(True)
        return None

    rewrite(blocks, block, lambda inlines, _line: inlines if found else map_inlines(inlines, raw))
    return bool(found)


def _formulas(context: Context, warnings: Sequence[str]) -> Iterator[Finding]:
    """Formulas that pandoc could not write as MathML stay TeX and are reported in place."""
    for warning in dict.fromkeys(warnings):
        match = re.search(r"Could not convert TeX math\s+(.*?),\s+rendering as TeX", warning, re.DOTALL)
        if not match:
            yield Finding("pandoc", "warning", Place(""), " ".join(warning.split())[:200])
            continue
        problem = f"the formula {' '.join(match[1].split())[:60]} cannot be written as MathML and stays TeX"
        needle = max((row.strip() for row in match[1].splitlines()), key=len, default="")
        yield Finding("math-tex", "warning", _formula_place(context, needle), problem, "Use simpler TeX")


def _formula_place(context: Context, needle: str) -> Place:
    """Where a row of a formula is in the manuscript; nowhere if no line has it."""
    manuscript = context.manuscript
    for chapter in manuscript.chapters:
        if needle and any(needle in line for line in manuscript.lines[chapter.file]):
            return manuscript.place(chapter, 0, needle)
    return Place("")
