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
from publish.edition.defined import join_definitions
from publish.edition.diagrams import draw_diagrams
from publish.edition.formulas import Formulas, unwritten, write_formulas
from publish.edition.images import place_raw_image
from publish.edition.indexing import fill_indexes
from publish.edition.kept import Derived
from publish.edition.notes import lift_notes
from publish.edition.numbering import ReferenceLabel
from publish.edition.prune import drop_gone
from publish.edition.publication import Formula, PublishedChapter
from publish.errors import Place
from publish.findings import Finding
from publish.formulas.tex import Macros
from publish.source import pandoc
from publish.source.document import Block, Inline, map_inlines, nesting, rewrite
from publish.source.given import merge_metadata
from publish.source.manuscript import Chapter
from publish.source.metadata import Metadata
from publish.textfile import shown


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
            lift_notes(label_boxes(one.prepare(text.blocks), region.tag), region.words)
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


def number_chapters(
    context: Context, kept: Sequence[tuple[Chapter, Derived]]
) -> tuple[tuple[PublishedChapter, ...], list[Finding]]:
    """The chapters of an edition numbered, with what refers to others filled in."""
    chapters = [chapter for chapter, _ in kept]
    roots = [xhtml.read(one.page) for _, one in kept]
    findings = [*draw_diagrams(context, chapters, roots)]
    numbers, counts = list(_numbers(context, chapters)), Counter[str]()
    labels = []
    for chapter, root, number in zip(chapters, roots, numbers, strict=True):
        if context.project.number_sections and not chapter.level:
            counts = Counter()
        labels.append(_number(context, root, number, counts, chapter.level))
    findings += _refer(context, chapters, roots, numbers)
    if context.manuscript.defines:
        for root in roots:
            join_definitions(root)
    if context.manuscript.indexes:
        findings += fill_indexes(context, chapters, roots)
    rows = zip(kept, roots, labels, _part_labels(context, chapters), strict=True)
    return tuple(_published(context, *row) for row in rows), findings


def _refer(
    context: Context, chapters: Sequence[Chapter], roots: Sequence[xhtml.Element], numbers: Sequence[int]
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
        for chapter, root in zip(chapters, roots, strict=True):
            findings += step(context, chapter, root, known)
    return findings


def _numbers(context: Context, chapters: Sequence[Chapter]) -> Iterator[int]:
    """The number of each chapter, that above it for a nested one; 0 without one: a preface, a book of one chapter."""
    count, above = 0, False
    for chapter in chapters:
        numbered = context.project.number_sections and chapter.numbered
        if not chapter.level:
            above = numbered
            count += numbered
        yield count if numbered and above and len(context.manuscript.chapters) > 1 else 0


def _part_labels(context: Context, chapters: Sequence[Chapter]) -> Iterator[str]:
    """The number of the part that each chapter opens, 第一部; empty for a chapter that opens none."""
    count = 0
    for chapter in chapters:
        opens = bool(chapter.part)
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
    context: Context, kept: tuple[Chapter, Derived], root: xhtml.Element, label: str, part_label: str
) -> PublishedChapter:
    """A chapter that is numbered and says what its references lead to."""
    chapter, derived = kept
    title, identifier = _title(context, chapter, root)
    read_at, edit_at = _in_repository(context, chapter)
    return PublishedChapter(
        key=chapter.key,
        id=identifier,
        title=title,
        label=label,
        xhtml=xhtml.serialize(root),
        file=chapter.file,
        part=derived.part,
        inside=chapter.inside,
        part_label=part_label,
        level=chapter.level,
        read_at=read_at,
        edit_at=edit_at,
        formulas=derived.formulas,
        tables=_table_lines(root, derived),
    )


def _table_lines(root: xhtml.Element, derived: Derived) -> dict[str, int]:
    """The line of each table in the source, by its first words."""
    words = {xhtml.first_words(table) for table in root.iter(f"{xhtml.H}table")} - {""}
    if not words:
        return {}
    said = ((unit.output.strip(), unit.line) for unit in reversed(derived.gathered.units))
    return {text: line for text, line in said if text in words}


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
