"""An edition's chapters written to XHTML: canonical, numbered, titled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from publish.edition import numbering, references, xhtml
from publish.edition.boxes import label_boxes
from publish.edition.canonical import make_canonical
from publish.edition.context import Context
from publish.edition.continued import mark_continued
from publish.edition.diagrams import draw_diagrams
from publish.edition.formulas import Formulas, known_macros, unwritten, write_formulas
from publish.edition.images import place_raw_image
from publish.edition.indexing import fill_indexes
from publish.edition.notes import lift_notes
from publish.edition.numbering import ReferenceLabel
from publish.edition.prune import drop_gone
from publish.edition.publication import Formula, PublishedChapter
from publish.errors import Place
from publish.findings import Finding
from publish.source import pandoc
from publish.source.document import Block, Inline, map_inlines, nesting, rewrite
from publish.source.given import merge_metadata
from publish.source.manuscript import Chapter
from publish.source.metadata import Metadata
from publish.textfile import shown


@dataclass(frozen=True)
class Text:
    """A chapter's text in an edition; `part` is the converted title of the part that the chapter opens."""

    chapter: Chapter
    blocks: list[Block]
    part: str = ""


def write(context: Context, texts: Sequence[Text]) -> tuple[tuple[PublishedChapter, ...], list[Finding]]:
    """The chapters written by one start of pandoc."""
    macros = known_macros(context)
    formulas = [Formulas(macros[text.chapter.key]) for text in texts]
    pages, warnings = pandoc.write(
        [
            lift_notes(label_boxes(one.prepare(text.blocks), context.edition.region.tag), context.edition.region.words)
            for one, text in zip(formulas, texts, strict=True)
        ]
    )
    findings = [Finding("pandoc", "warning", Place(""), " ".join(one.split())[:200]) for one in dict.fromkeys(warnings)]
    numbers, counts = list(_numbers(context, texts)), Counter[str]()
    roots: list[xhtml.Element] = []
    for text, page, one in zip(texts, pages, formulas, strict=True):
        root, found = _canonical(context, text, page, one.known)
        findings += found
        roots.append(root)
    findings += draw_diagrams(context, [text.chapter for text in texts], roots)
    chapter_labels = []
    for text, root, number in zip(texts, roots, numbers, strict=True):
        if context.project.number_sections and not text.chapter.level:
            counts = Counter()
        chapter_labels.append(_number(context, root, number, counts, text.chapter.level))
    findings += _refer(context, texts, roots, numbers)
    if context.manuscript.indexes:
        findings += fill_indexes(context, [text.chapter for text in texts], roots)
    known = [one.known for one in formulas]
    rows = zip(texts, roots, chapter_labels, _part_labels(context, texts), known, strict=True)
    return tuple(_published(context, *row) for row in rows), findings


def _refer(
    context: Context, texts: Sequence[Text], roots: Sequence[xhtml.Element], numbers: Sequence[int]
) -> list[Finding]:
    """Fill in what refers to others by their numbers: references first, for titles may have some, then lists."""
    if not context.manuscript.refers:
        return []

    def labels() -> dict[str, ReferenceLabel]:
        words = context.edition.region.words
        rows = zip(roots, numbers, strict=True)
        return {name: label for row in rows for name, label in numbering.labels(*row, words).items()}

    findings: list[Finding] = []
    for step in (references.say, references.list_all):
        known = labels()
        for text, root in zip(texts, roots, strict=True):
            findings += step(context, text.chapter, root, known)
    return findings


def _numbers(context: Context, texts: Sequence[Text]) -> Iterator[int]:
    """The number of each chapter, that above it for a nested one; 0 without one: a preface, a book of one chapter."""
    count, above = 0, False
    for text in texts:
        numbered = context.project.number_sections and text.chapter.numbered
        if not text.chapter.level:
            above = numbered
            count += numbered
        yield count if numbered and above and len(context.manuscript.chapters) > 1 else 0


def _part_labels(context: Context, texts: Sequence[Text]) -> Iterator[str]:
    """The number of the part that each chapter opens, 第一部; empty for a chapter that opens none."""
    count = 0
    for text in texts:
        opens = bool(text.chapter.part)
        count += opens
        label = context.edition.region.words.part.format(numbering.chinese_number(count))
        yield label if opens and context.project.number_sections else ""


def _canonical(
    context: Context, text: Text, page: str, known: Mapping[str, Formula]
) -> tuple[xhtml.Element, list[Finding]]:
    """A chapter's HTML made canonical, with the images of raw HTML placed."""
    chapter = text.chapter
    findings: list[Finding] = []
    with nesting(chapter.file):
        root = xhtml.parse(page, soup=_has_raw_html(text.blocks))

    if unwritten(root):
        findings.extend(write_formulas(context, chapter, root, known))

    def report(problem: str, needle: str) -> None:
        findings.append(context.finding("html-removed", chapter, 0, problem, needle=needle))

    def image(element: xhtml.Element) -> None:
        findings.extend(place_raw_image(context, chapter, element))

    make_canonical(root, report, image)
    drop_gone(root)
    mark_continued(root)
    return root, findings


def _number(context: Context, root: xhtml.Element, number: int, counts: Counter[str], level: int) -> str:
    """Number a chapter's headings and legends; its own label.

    `counts` are those of the same chapter before it, for the files under one; of the whole book, where it does not
    number its chapters but refers to a figure by name.
    """
    sections, words = context.project.number_sections, context.edition.region.words
    label = numbering.number_headings(root, number, words, counts, level) if number else ""
    if sections or context.manuscript.refers:
        numbering.number_legends(root, number, words, counts)
    return label


def _published(
    context: Context,
    text: Text,
    root: xhtml.Element,
    label: str,
    part_label: str,
    formulas: Mapping[str, Formula],
) -> PublishedChapter:
    """A chapter that is numbered and says what its references lead to."""
    chapter = text.chapter
    title, identifier = _title(context, chapter, root)
    read_at, edit_at = _in_repository(context, chapter)
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
        read_at=read_at,
        edit_at=edit_at,
        formulas=formulas,
    )


def _in_repository(context: Context, chapter: Chapter) -> tuple[str, str]:
    """Where the chapter's file is read and edited in the book's repository; empty where there is none."""
    project = context.project
    path = next((one.path for one in project.chapters if shown(one.path) == chapter.file), None)
    if project.repository is None or path is None:
        return "", ""
    return project.repository.of(path.relative_to(project.root).as_posix())


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
