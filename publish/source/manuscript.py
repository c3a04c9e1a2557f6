"""The manuscript: the book's Markdown read once, its lines joined, its ids given, cut into chapters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from publish.cache import NONE, Cache
from publish.compiled import loading
from publish.errors import Faults, Place, PublishError
from publish.findings import Finding
from publish.formulas.tex import definitions
from publish.source import pandoc
from publish.source.chapters import ChapterFile
from publish.source.document import (
    Block,
    Inline,
    block_text,
    formulas,
    nesting,
    rewrite,
    string,
    text,
)
from publish.source.drafts import Draft, read_drafts
from publish.source.features.defined import define
from publish.source.features.diagrams import figured
from publish.source.features.indexing import mark_words, unmarked
from publish.source.features.listings import included, includes, titled
from publish.source.features.notes import with_called, with_kinds, with_nested
from publish.source.features.pseudocode import algorithms
from publish.source.features.references import refer
from publish.source.features.tables import tabulated, tabulates, without_even_widths
from publish.source.features.typed import typed_numbers
from publish.source.identify import identify
from publish.source.joining import count_gaps, join_lines, sets_gaps
from publish.source.pictures.alone import captioned, set_alone
from publish.source.pictures.locked import with_copies
from publish.source.pictures.panels import arranged
from publish.source.pictures.placeholders import says_nothing
from publish.source.places import Source, line_of, locate
from publish.source.project import Project
from publish.source.raw import keep_raw
from publish.source.reading import APART, Reading, read_dialects
from publish.source.reading.account import account, left, source_side, unread
from publish.source.script import check_script
from publish.source.settings.frontmatter import front_matter
from publish.source.settings.literature import chapter_files
from publish.source.settings.metadata import Metadata
from publish.source.sheets import FileText, Gists, Sheet, SourceFile, text_of
from publish.source.slugs import slugify
from publish.source.titles import PART, headed, led, opening_parts, title_over
from publish.source.warned import read_findings
from publish.textfile import read_text, shown
from publish.trail import Reason, Trail

# Names that pages of our own have.
RESERVED = ("index", "nav", "cover", "title", "colophon", "notes", "toc", "contents")


# A single paragraph beyond this length was not written by anybody, and no page layout holds it in memory.
LONGEST_LINE = 500_000


@dataclass(frozen=True)
class Chapter:
    """One chapter of the source: `key` names its page, `id` its heading; `part` is the title of the part it opens.

    `level` counts the chapters that it stands under. `text` has its blocks.
    """

    key: str
    id: str
    title: str
    file: str
    folder: Path
    text: FileText
    part: str = ""
    inside: bool = False
    numbered: bool = True
    headed: bool = True
    level: int = 0
    grouping: bool = False

    @property
    def blocks(self) -> list[Block]:
        """Its blocks; those of a chapter that is as it was in an earlier build are made now."""
        return self.text.blocks


@dataclass(frozen=True)
class Manuscript:
    """The book as its author wrote it, ready to be made into editions."""

    chapters: tuple[Chapter, ...]
    metadata: Metadata
    lines: dict[str, tuple[str, ...]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    refers: bool = False  # whether anything is referred to by name, and so has a number
    indexes: bool = False  # whether any word is marked for an index
    defines: bool = False  # whether it has a list of words that it defines
    cites: bool = False  # whether it has literature
    beside: tuple[Path, ...] = ()  # files that code, tables or literature were taken from
    reasons: tuple[Reason, ...] = field(default=(), compare=False)  # why each file was read, or not

    def place(self, chapter: Chapter, line: int, needle: str = "") -> Place:
        """The place of a block's line in a chapter's file, or of `needle` in that block."""
        found = line_of(needle, list(self.lines[chapter.file]), line) if needle else line
        return Place(chapter.file, found)


def read_manuscript(project: Project, cache: Cache = NONE) -> Manuscript:
    """Read all chapters of a book with one start of pandoc, or with none where the cache has them all.

    Raises `PublishError` with file and line for what cannot be read.
    """
    sources = _sources(project)
    if not any(line.strip() for file in sources for line in file.lines):
        place = Place(sources[0].name if sources else shown(project.file))
        raise PublishError("the book is empty", "Write something in it", place)
    nearby: list[Finding] = []
    if not project.citing and any("[" in line and "@" in line for file in sources for line in file.lines):
        with loading("publish.source.citations.nearby"):
            from publish.source.citations.nearby import with_nearby  # noqa: PLC0415  # as below

        project, nearby = with_nearby(project, sources, cache)
    cites = bool(project.citing) or any(file.literature for file in sources)
    trail, gists = Trail(cache, project.slug, "read"), Gists(cache, project.slug)
    spaced = sets_gaps([_gaps(file, gists) for file in sources])
    read = partial(_read, project, spaced=spaced, cites=cites)
    sheets, drafts = read_drafts(project, sources, gists, read, trail=trail, spaced=spaced, cites=cites)
    met = [*unread((file.name, one.unread) for file, one in zip(sources, drafts, strict=True))]
    met += [*nearby, *(finding for one in drafts for finding in one.account)]
    sheets = [_with_code(sheet, project, gists) for sheet in sheets]
    listed, literature = project.chapters, tuple[Path, ...]()
    if cites:
        with loading("publish.source.citations.process"):
            from publish.source.citations.nearby import as_warnings  # noqa: PLC0415  # only a book with literature
            from publish.source.citations.process import cite  # noqa: PLC0415  # needs these

        cited = cite(sheets, project, gists)
        sheets, listed, literature = cited.files, (*listed, *cited.listed), cited.beside
        met += as_warnings(cited.findings) if nearby else cited.findings
    sheets, refers, misses = refer([_with_tables(sheet, project, gists) for sheet in sheets], gists)
    sheets, defines, undefined = define(sheets, project.definitions, gists)
    sheets, indexes, unindexed = mark_words(sheets, project.index_terms, gists)
    numbered = [*typed_numbers(sheets, gists, sections=project.number_sections, refers=refers)]
    sheets, findings = identify(sheets, gists)
    if project.locked.pictures:
        sheets = [gists.fresh(_with_copies(sheet.whole, project)) for sheet in sheets]
    chapters = _chapters(project, sheets, listed, gists)
    gists.close()
    if not chapters:
        raise PublishError("the book is empty", "Write something in it", Place(shown(project.file)))
    metadata = project.metadata
    if not metadata.title:
        metadata = _titled(metadata, sheets, chapters, project)
        chapters = [chapter if chapter.title else replace(chapter, title=metadata.title) for chapter in chapters]
    return Manuscript(
        chapters=tuple(chapters),
        metadata=metadata,
        lines={sheet.file.name: sheet.file.lines for sheet in sheets},
        findings=(
            *(one for one in project.findings if one.code != "meta-title" or not _is_titled(chapters)),
            *check_script(map(_body, sources), project.source, Place(shown(project.file)), cache),
            *met,
            *misses,
            *undefined,
            *unindexed,
            *numbered,
            *findings,
            *(said for one in drafts for said in one.warnings),
        ),
        refers=refers,
        indexes=indexes,
        defines=defines,
        cites=cites,
        beside=(*(path for sheet in sheets for path in sheet.file.beside), *literature),
        reasons=trail.close(),
    )


def _with_code(sheet: Sheet, project: Project, gists: Gists) -> Sheet:
    if not includes(sheet.file.lines):
        return sheet
    return gists.filled(sheet, "code", lambda file: included(file, project.root))


def _with_tables(sheet: Sheet, project: Project, gists: Gists) -> Sheet:
    if not tabulates(sheet.file.lines):
        return sheet
    return gists.filled(sheet, "tables", lambda file: tabulated(file, project.root, project.source))


def _with_copies(file: SourceFile, project: Project) -> SourceFile:
    return replace(file, blocks=with_copies(file.blocks, project.locked))


def _read(project: Project, sources: Sequence[SourceFile], *, spaced: bool, cites: bool) -> list[Draft]:
    """The draft of each file, all read in one start of pandoc."""
    readings = [read_dialects(file.lines, cites=cites, ends=project.lines) for file in sources]
    with ThreadPoolExecutor(1) as beside:  # pandoc is a process of its own: what needs it not is made meanwhile
        texts = [(file.name, with_called(one.text)) for file, one in zip(sources, readings, strict=True)]
        asked = beside.submit(pandoc.read, texts)
        searched = [Source(_shown(one), one.tokens) for one in readings]
        sides = [source_side(one) for one in readings]
        pandoc.use_wait()
        read, warnings = asked.result()
    whole = [_without_edges(blocks) if APART in text else blocks for blocks, (_, text) in zip(read, texts, strict=True)]
    drafts = []
    for number, (file, one, there, side, blocks) in enumerate(
        zip(sources, readings, searched, sides, map(with_nested, whole), strict=True)
    ):
        located = _located(file, one, there, blocks, spaced=spaced)
        located = replace(located, blocks=figured(with_kinds(located.blocks, file.lines), file.lines))
        read_as, unread = algorithms(arranged(located.blocks, file.lines), file.name, file.lines)
        located = replace(located, blocks=read_as)
        located = _with_raw(located, project)
        found = tuple(account(file.name, one, side, blocks))
        said = [*read_findings([text for place, text in warnings if place == number], file, one), *unread]
        drafts.append(Draft(located.blocks, tuple(left(one, blocks)), found, tuple(said)))
    return drafts


def _without_edges(blocks: list[Block]) -> list[Block]:
    """The blocks without what the reading has put between items whose numbers do not follow each other."""
    return rewrite(blocks, lambda one: [] if one["t"] == "RawBlock" and one["c"][1] == APART else None)


def _shown(reading: Reading) -> str:
    return "\n".join(row.text for row in reading.shown) + "\n"


def _with_raw(file: SourceFile, project: Project) -> SourceFile:
    """A file with its raw HTML kept where it is not to be converted, if it may have any."""
    if not any("<" in line or "translate" in line for line in file.lines):
        return file
    return replace(file, blocks=keep_raw(file.blocks, project.is_foreign))


def _sources(project: Project) -> list[SourceFile]:
    """All chapters' files. What is wrong in any of them is raised at once."""
    faults, sources = Faults(), []
    for index in range(len(project.chapters)):
        with faults.kept():
            sources.append(_source(project, index))
    faults.tell(project.findings)
    return sources


def _source(project: Project, index: int) -> SourceFile:
    """A chapter's file with its own front matter blanked, so that line numbers stay."""
    chapter = project.chapters[index]
    if chapter.grouping:
        return SourceFile(
            shown(chapter.path), chapter.path, (), [], chapter.title, chapter.part, chapter.inside, chapter.level
        )
    name, whole = shown(chapter.path), read_text(chapter.path)
    settings, offset = front_matter(whole, name)
    lines = whole.split("\n")
    long = next((number for number, line in enumerate(lines, 1) if len(line) > LONGEST_LINE), 0)
    if long:
        raise PublishError(
            f"this line has more than {LONGEST_LINE:,} characters", "Break it into paragraphs", Place(name, long)
        )
    body = [""] * offset + lines[offset:]
    title = settings.data.get("title", "")
    title = title.strip() if isinstance(title, str) else ""
    is_book = project.single_file or (len(project.chapters) == 1 and title == project.metadata.title)
    return SourceFile(
        name,
        chapter.path,
        tuple(body),
        [],
        "" if is_book else title,  # which the book has: # are its chapters
        chapter.part,
        chapter.inside,
        chapter.level,
        chapter.title or (title if is_book else ""),
        is_book,
        literature=() if project.single_file else chapter_files(chapter.path.parent, settings),
    )


def _body(file: SourceFile) -> str:
    return "\n".join(file.lines) + "\n"


def _located(file: SourceFile, reading: Reading, prepared: Source, blocks: list[Block], *, spaced: bool) -> SourceFile:
    with nesting(file.name):
        shown = _shown(reading)
        placed = locate(blocks, shown, prepared=prepared, numbers=[row.line for row in reading.shown])
        settled = captioned(_figures(without_even_widths(_mended(join_lines(set_alone(placed), spaced=spaced)))))
        if any("```" in line or "~~~" in line for line in file.lines):
            settled = titled(settled)
        opened = opening_parts(settled)
        if file.is_book:
            return replace(file, blocks=headed(led(opened, file.listed), title_over(opened, file.listed), file.listed))
        return replace(file, blocks=headed(led(opened, file.title), file.title, file.listed))


def _mended(blocks: list[Block]) -> list[Block]:
    """The blocks without headings that say nothing (a contents list has no line for them), all texts in paragraphs.

    Pandoc gives a definition without a blank line above it, but with one within, as texts that follow each other, and a
    line above one that might have been a heading (#春天) as a text.
    """

    def block(one: Block) -> list[Block] | None:
        if one["t"] == "Header" and not text(one["c"][2]).strip():
            return []
        if one["t"] == "BlockQuote":
            return [{**one, "c": _spaced_out(rewrite(one["c"], block))}]
        if one["t"] != "DefinitionList" or not any(map(_runs_on, (each for _, all_ in one["c"] for each in all_))):
            return None
        rows = [[term, [_paragraphs(each) if _runs_on(each) else each for each in all_]] for term, all_ in one["c"]]
        return [{**one, "c": rows}]

    return _spaced_out(rewrite(blocks, block))


def _spaced_out(blocks: list[Block]) -> list[Block]:
    """Blocks with the texts among them as paragraphs, but beside raw HTML, which may be their tags."""
    raw = [False, *(one["t"] == "RawBlock" for one in blocks), False]
    return [
        {**one, "t": "Para"} if one["t"] == "Plain" and not raw[at] and not raw[at + 2] else one
        for at, one in enumerate(blocks)
    ]


def _runs_on(definition: list[Block]) -> bool:
    return len([one for one in definition if one["t"] == "Plain"]) > 1


def _paragraphs(definition: list[Block]) -> list[Block]:
    return [{**one, "t": "Para"} if one["t"] == "Plain" else one for one in definition]


def _figures(blocks: list[Block]) -> list[Block]:
    """Images that stand alone in a paragraph without a caption made figures too, as pandoc makes those with one.

    What an editor wrote in a description's place is no caption.
    """

    def block(one: Block) -> list[Block] | None:
        if one["t"] == "Figure" and says_nothing(block_text(one["c"][1][1])):
            return [{**one, "c": [one["c"][0], [None, []], one["c"][2]]}]
        if one["t"] != "Para" or len(one["c"]) != 1 or one["c"][0]["t"] != "Image":
            return None
        image = one["c"][0]
        attributes, alt, target = image["c"]
        if alt:
            return None
        figure = [
            [attributes[0], [], []],
            [None, []],
            [{"t": "Plain", "c": [{**image, "c": [["", *attributes[1:]], alt, target]}]}],
        ]
        return [{**one, "t": "Figure", "c": figure}]

    return rewrite(blocks, block)


def _gaps(file: SourceFile, gists: Gists) -> tuple[int, int]:
    """What is counted in a file; known where the file is as it was."""
    key = gists.cache.key("gaps", file.lines)
    places, gaps = gists.known(key) or gists.keep(key, [*count_gaps(_body(file))])
    return places, gaps


@dataclass(frozen=True)
class _Piece:
    """A file's chapter as the book needs it: its text, the heading that it begins with, of whatever level."""

    text: FileText
    begins: Block | None
    bare: bool = False  # whether it is nothing but that heading

    @property
    def heading(self) -> Block | None:
        """Its heading of the first level."""
        return self.begins if self.begins is not None and self.begins["c"][0] == 1 else None


def _chapters(
    project: Project, sheets: Sequence[Sheet], contents: Sequence[ChapterFile], gists: Gists
) -> list[Chapter]:
    chapters: list[Chapter] = []
    headings: list[Block | None] = []
    taken = {*RESERVED, project.slug}
    cut = [_cut(sheet, gists) for sheet in sheets]
    last = next((pieces[-1] for pieces in reversed(cut) if pieces), None)
    opened, inside = "", False  # by a heading that opens a part
    for sheet, listed, pieces in zip(sheets, contents, cut, strict=True):
        file = sheet.file
        part = file.part or opened
        stem = _page_name(project, file, pieces[0].begins if pieces else None, grouping=listed.grouping)
        for number, piece in enumerate(pieces, 1):
            heading = piece.heading
            if heading and piece.bare and piece is not last and PART in heading["c"][1][1]:
                part, inside = text(heading["c"][2]).strip(), True
                continue
            title = (
                text(heading["c"][2]).strip()
                if heading
                else (number == 1 and (file.title or file.listed))
                or (project.metadata.title if project.single_file or len(sheets) == 1 else _named_by(file.path))
            )
            own = _heading_name(heading) if heading and (project.single_file or len(pieces) > 1) else ""
            names = [own or _ONLY] if project.single_file else [stem, own]
            key = _free("-".join(name for name in names if name), taken)
            headings.append(heading)
            chapters.append(
                Chapter(
                    key=key,
                    id=heading["c"][1][0] if heading else "",
                    title=title,
                    file=file.name,
                    folder=file.path.parent,
                    text=piece.text,
                    part=part,
                    inside=file.inside or inside,
                    numbered=heading is not None and "unnumbered" not in heading["c"][1][1],
                    headed=heading is not None,
                    level=file.level,
                    grouping=listed.grouping,
                )
            )
            part = ""
        opened = part
    return _listing_groups(chapters, headings, gists)


def _cut(sheet: Sheet, gists: Gists) -> list[_Piece]:
    """The chapters of a file."""

    def make(file: SourceFile) -> tuple[SourceFile, list[Any]]:
        return file, [
            [piece[0] if piece[0]["t"] == "Header" else None, _defining(piece), len(piece) == 1]
            for piece in _pieces(file.blocks)
        ]

    one, gist = gists.passed(sheet, "chapters", None, make)

    def piece(number: int) -> list[Block]:
        return _pieces(one.whole.blocks)[number]

    key = gists.key(one, "chapter") if one.key else ""
    return [
        _Piece(FileText(key and f"{key} {number}", partial(piece, number), tuple(defines)), begins, bare)
        for number, (begins, defines, bare) in enumerate(gist)
    ]


def _defining(blocks: list[Block]) -> list[str]:
    """The formulas in a chapter that define macros."""
    return [tex for tex, _ in formulas(blocks) if definitions(tex).sources]


# Files that are named for their place in a folder and not for what they say.
_NAMELESS = frozenset(["index", "_index", "readme"])
_MADE_ID = re.compile(r"[a-z]+-[0-9a-f]{10}(-\d+)?$")


def _page_name(project: Project, file: SourceFile, begins: Block | None, *, grouping: bool) -> str:
    """What a file's page is called: as the file is, or its folder where it is that folder's README or index.

    It does not change when a chapter comes before it.
    """
    if grouping:
        return slugify(file.title)
    if file.path.parent == project.root and file.path.stem.lower() == "index":  # index.html is the site's first page
        return (_heading_name(begins) if begins else "") or "home"
    nameless = file.path.stem.lower() in _NAMELESS and file.path.parent != project.root
    return slugify(file.path.parent.name if nameless else file.path.stem)


def _heading_name(heading: Block) -> str:
    """What the page of one of several chapters in a file is called: as the heading's own id, or as its title."""
    _, (identifier, _, _), inlines = heading["c"]
    return slugify(text(inlines) if not identifier or _MADE_ID.match(identifier) else identifier)[:_LONGEST_NAME]


_LONGEST_NAME = 40
_ONLY = "text"  # of a single file that has no heading; the whole book's page has the file's own name


def _listing_groups(chapters: Sequence[Chapter], headings: Sequence[Block | None], gists: Gists) -> list[Chapter]:
    """The chapters, those that are a title alone with a list of what stands under them."""
    out = []
    for number, chapter in enumerate(chapters):
        if not chapter.grouping:
            out.append(chapter)
            continue
        end = next((at for at in range(number + 1, len(chapters)) if chapters[at].level <= chapter.level), None)
        nearest = [at for at in range(number + 1, end or len(chapters)) if chapters[at].level == chapter.level + 1]
        rows = [[{"t": "Plain", "c": [_leading(chapters[at], headings[at])], "line": 0}] for at in nearest]
        blocks = [*chapter.blocks, {"t": "BulletList", "c": rows, "line": 0}]
        out.append(replace(chapter, text=text_of(blocks, gists.cache.key("group", blocks))))
    return out


def _leading(chapter: Chapter, heading: Block | None) -> Inline:
    """A chapter's title, which leads to it."""
    words = heading["c"][2] if heading else [string(chapter.title)]
    plain = unmarked([one for one in words if one["t"] != "Note"])
    if not chapter.id:
        return {"t": "Span", "c": [["", [], []], plain]}
    return {"t": "Link", "c": [["", [], []], plain, [f"#{chapter.id}", ""]]}


def _free(key: str, taken: set[str]) -> str:
    number, unique = 1, key
    while unique in taken:
        number += 1
        unique = f"{key}-{number}"
    taken.add(unique)
    return unique


def _pieces(blocks: list[Block]) -> list[list[Block]]:
    """The blocks cut before each heading of the first level; what stands before the first is a piece of its own."""
    pieces: list[list[Block]] = [[]]
    for block in blocks:
        if block["t"] == "Header" and block["c"][0] == 1:
            pieces.append([])
        pieces[-1].append(block)
    return [piece for piece in pieces if piece]


def _named_by(path: Path) -> str:
    """What a file that has no title is called: its name without its number, or its folder's."""
    stem = path.parent.name if path.stem.lower() in ("readme", "index", "_index") else path.stem
    return re.sub(r"^\d+[-_. ]+(?=\S)", "", stem).replace("_", " ").strip() or stem


def _is_titled(chapters: Sequence[Chapter]) -> bool:
    """Whether a book that names no title has one, that of its only chapter."""
    return len(chapters) == 1 and chapters[0].headed


def _titled(metadata: Metadata, sheets: Sequence[Sheet], chapters: Sequence[Chapter], project: Project) -> Metadata:
    """A book without a title takes that of its only file, else of its first chapter, or its file's or folder's name."""
    only = sheets[0].file.title if len(sheets) == 1 else ""
    title = only or next((chapter.title for chapter in chapters if chapter.title), "") or project.slug
    return replace(metadata, title=title)
