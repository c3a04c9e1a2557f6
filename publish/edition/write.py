"""An edition's chapters written to XHTML: canonical, numbered, titled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from publish.edition.context import Context
from publish.edition.features.boxes import label_boxes
from publish.edition.features.continued import mark_continued
from publish.edition.features.delimited import mark_delimited, take_delimited
from publish.edition.features.formulas import Formulas, unwritten, write_formulas
from publish.edition.features.notes import lift_notes
from publish.edition.features.theorems import label_statements
from publish.edition.images import place_raw_image
from publish.edition.markup import xhtml
from publish.edition.markup.canonical import make_canonical
from publish.edition.markup.prune import drop_gone
from publish.edition.publication import Formula
from publish.errors import Place
from publish.findings import Finding
from publish.formulas.tex import Macros
from publish.source import pandoc
from publish.source.document import Block, Inline, map_inlines, nesting, rewrite
from publish.source.manuscript import Chapter


@dataclass(frozen=True)
class Text:
    """A chapter's converted text, in a context of its own; `macros` are those that its formulas may use."""

    context: Context
    chapter: Chapter
    blocks: list[Block]
    macros: Macros


@dataclass(frozen=True)
class WrittenPage:
    """A chapter as canonical XHTML, without numbers; its formulas, and what was found while it was written."""

    xhtml: str
    formulas: dict[str, Formula]
    findings: list[Finding]


def write(texts: Sequence[Text]) -> tuple[list[WrittenPage], list[Finding]]:
    """The chapters written by one start of pandoc, each by itself, and what pandoc says of them."""
    if not texts:
        return [], []
    formulas, region = [Formulas(text.macros) for text in texts], texts[0].context.edition.region
    pages, warnings = pandoc.write(
        [
            lift_notes(mark_delimited(_labelled(one.prepare(text.blocks), region.tag)), region.words)
            for one, text in zip(formulas, texts, strict=True)
        ]
    )
    # Pandoc does not say which chapter it speaks of; one that has changed is mostly written alone.
    where = texts[0].context.manuscript.place(texts[0].chapter, 0) if len(texts) == 1 else Place("")
    said = [Finding("pandoc", "warning", where, " ".join(one.split())[:200]) for one in dict.fromkeys(warnings)]
    made = []
    for text, page, one in zip(texts, pages, formulas, strict=True):
        root, found = _canonical(text.context, text, page, one.known)
        made.append(WrittenPage(xhtml.serialize(root), one.known, found))
    return made, said


def _labelled(blocks: list[Block], tag: str) -> list[Block]:
    """The blocks with the words of the region of `tag` on boxes and on what is stated and proved."""
    return label_statements(label_boxes(blocks, tag), tag)


def _canonical(
    context: Context, text: Text, page: str, known: Mapping[str, Formula]
) -> tuple[xhtml.Element, list[Finding]]:
    """A chapter's HTML made canonical, with the images of raw HTML placed."""
    chapter = text.chapter
    findings: list[Finding] = []
    with nesting(chapter.file):
        root = xhtml.parse(page, soup=_has_raw_html(text.blocks))
        take_delimited(root)

    if unwritten(root):
        findings.extend(write_formulas(context, chapter, root, known))

    def report(problem: str, needle: str) -> None:
        remedy = "Say in Markdown what it shows, or take it out"
        findings.append(context.finding("html-removed", chapter, 0, problem, remedy, needle=needle))

    def image(element: xhtml.Element) -> None:
        findings.extend(place_raw_image(context, chapter, element))

    make_canonical(root, report, image)
    drop_gone(root)
    mark_continued(root)
    return root, findings


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
