"""Editions: a manuscript converted for one region, once, and written to XHTML, once."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from publish.convert import Converter
from publish.convert.quotes import running_on
from publish.edition import numbering, xhtml
from publish.edition.publication import Publication, PublishedChapter
from publish.edition.units import Kind, Unit, borders, mark_of
from publish.errors import Place, PublishError, UsageError
from publish.findings import Finding
from publish.formats import names as format_names
from publish.regions import REGIONS, Region, region
from publish.source import pandoc
from publish.source.assets import AssetError, Assets
from publish.source.document import (
    CONTAINERS,
    Attr,
    Block,
    Inline,
    attr,
    block_text,
    children,
    inline_nodes,
    key_values,
    map_inlines,
    neighbours,
    nesting,
    rewrite,
    string,
    text,
    with_attr,
    with_children,
)
from publish.source.identify import MARK
from publish.source.leaves import Leaf, leaves, rebuild
from publish.source.locked import is_remote
from publish.source.manuscript import Chapter, Manuscript
from publish.source.metadata import Identifier, Metadata
from publish.source.places import first_line
from publish.source.project import EditionSettings, Project, merge_metadata

KEEP = "keep"
ONLY = "only"


@dataclass
class _Work:
    """What one derivation gathers on its way."""

    project: Project
    manuscript: Manuscript
    edition: EditionSettings
    converter: Converter
    assets: Assets
    checking: bool = False
    running: Mapping[str, frozenset[int]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    heading: tuple[str, int] = ("", 0)
    notes: set[str] = field(default_factory=set)
    part_titles: dict[str, str] = field(default_factory=dict)
    parts: int = 0
    numbered: int = 0
    elsewhere: set[tuple[str, str]] = field(default_factory=set)

    def report(self, code: str, chapter: Chapter, line: int, problem: str, remedy: str = "", needle: str = "") -> None:
        """Note a warning with its place; a note where the code only tells of a custom."""
        place = self.manuscript.place(chapter, line, needle)
        self.findings.append(Finding(code, "note" if code in _NOTES else "warning", place, problem, remedy))

    def convert(self, source: str, chapter: Chapter | None, line: int, kind: Kind) -> str:
        """A text that is all one node, converted and noted."""
        output = self.converter.convert(source)
        if source.strip():
            key, file = (chapter.key, chapter.file) if chapter else ("", self.project.place().file)
            self.units.append(Unit(key, file, line, "", kind, source, output))
        return output

    def refuse(self, error: AssetError, place: Place) -> None:
        """Raise an image's fault; while checking, note it and go on."""
        if not self.checking:
            raise PublishError(error.problem, error.remedy, place) from error
        self.findings.append(Finding(error.code, "error", place, error.problem, error.remedy))


def converter_for(project: Project, edition: EditionSettings, manuscript: Manuscript | None = None) -> Converter:
    """The converter from the book's region to an edition's; `subject` is what the book is about."""
    return Converter(
        project.source,
        edition.region,
        configurations=edition.configurations,
        quotes=edition.quotes,
        glossary=project.glossary,
        decisions=project.decisions,
        edition=edition.key,
        base=edition.region.key,
        style=edition.style,
        subject=_subject(manuscript, edition) if manuscript else "",
    )


def derive(
    project: Project,
    manuscript: Manuscript,
    edition: EditionSettings,
    scratch: Path,
    *,
    checking: bool = False,
) -> Publication:
    """Convert the manuscript for an edition and write its chapters to XHTML; images go to `scratch`.

    Raises `PublishError` with file and line for an image that is missing, damaged or outside the book; `checking` makes
    these findings too, so that one run tells of all.
    """
    converter = converter_for(project, edition, manuscript)
    work = _Work(project, manuscript, edition, converter, Assets(project.root, scratch, edition.keys), checking)
    kept = [(chapter, _settled(work, chapter, _converted(work, chapter))) for chapter in manuscript.chapters]
    kept = [(chapter, blocks) for chapter, blocks in kept if not all(block == _GONE_BLOCK for block in blocks)]
    if not kept:
        raise PublishError(f"nothing is left of the book in the edition {edition.key}", "Check the .only blocks")
    pages, warnings = pandoc.write([_with_notes(blocks) for _, blocks in kept])
    _math_findings(work, warnings)
    chapters = tuple(
        _published(work, chapter, blocks, page) for (chapter, blocks), page in zip(kept, pages, strict=True)
    )
    metadata, format_metadata = _metadata(work)
    return Publication(
        edition=edition,
        slug=project.slug,
        metadata=metadata,
        format_metadata=format_metadata,
        chapters=chapters,
        assets=dict(sorted(work.assets.used.items())),
        page=edition.page or project.page,
        theme=project.theme,
        css="\n".join(path.read_text(encoding="utf-8") for path in project.css),
        toc=project.toc,
        toc_depth=project.toc_depth,
        numbered=project.number_sections,
        findings=tuple(dict.fromkeys([*work.findings, *_unused(work)])),
        glossary={f"{term} → {form}": count for (term, form), count in sorted(converter.tally.items())},
        url=project.url,
        elsewhere=tuple(sorted(work.elsewhere | set(_elsewhere(project, edition)))),
        other_script=_other_script(project, manuscript, edition),
        decisions=dict(Counter(f"{one.term} → {one.form}" for one in sorted(converter.decided))),
        units=_noted(work),
    )


def _subject(manuscript: Manuscript, edition: EditionSettings) -> str:
    """What the book is about, as far as the edition's style needs to know."""
    if not edition.style.phrases:
        return ""
    return edition.style.phrases.subject("\n".join(block_text(chapter.blocks) for chapter in manuscript.chapters))


def _elsewhere(project: Project, edition: EditionSettings) -> Iterator[tuple[str, str]]:
    """The glossary's words in other editions, each with this edition's own."""
    for term in project.glossary.terms:
        own = term.form(edition.key, edition.region.key) or term.text
        yield from ((form, own) for form in (term.text, *term.forms.values()) if form != own)


def _other_script(project: Project, manuscript: Manuscript, edition: EditionSettings) -> tuple[str, Metadata]:
    """The book's metadata in Hant for a Hans edition and the other way round: as an edition has it, if one does."""
    others = (one for one in project.editions if one.region.script != edition.region.script)
    other = next(others, None) or project.edition("zh-TW" if edition.region.script == "Hans" else "zh-CN")
    converted = manuscript.metadata.converted(converter_for(project, other).convert)
    return other.region.tag, merge_metadata(converted, other.overrides)


def convert_units(
    project: Project, manuscript: Manuscript, edition: EditionSettings, converter: Converter | None = None
) -> tuple[Unit, ...]:
    """Every text of an edition as `derive` converts it, in the order of reading, and nothing written of it."""
    used = converter or converter_for(project, edition, manuscript)
    work = _Work(project, manuscript, edition, used, Assets(project.root, Path(), edition.keys), checking=True)
    for chapter in manuscript.chapters:
        _converted(work, chapter)
    manuscript.metadata.converted(lambda text: work.convert(text, None, 0, "metadata"))
    return _noted(work)


def _unused(work: _Work) -> list[Finding]:
    """Decisions of this edition that were not met; those of its base where the book does not build the base itself."""
    built = {one.key for one in work.project.editions}
    decisions = work.project.decisions
    return [
        Finding(
            "decision-unused",
            "warning",
            decisions.place(one),
            f'the decision on "{one.term}" fits nowhere in the edition {work.edition.key}',
            "Correct its context, or remove it",
        )
        for one in decisions.of(work.edition.key, work.edition.region.key)
        if one not in work.converter.decided and (one.edition == work.edition.key or one.edition not in built)
    ]


def _metadata(work: _Work) -> tuple[Metadata, dict[str, Metadata]]:
    """The edition's metadata: the book's, converted, under what the edition itself says; and that of each format."""
    converted = work.manuscript.metadata.converted(lambda text: work.convert(text, None, 0, "metadata"))
    metadata = merge_metadata(converted, work.edition.overrides)
    if metadata.cover_image:
        metadata = _with_cover(work, metadata)
    if "identifier" not in work.edition.overrides:
        metadata = replace(metadata, identifiers=_identifiers(work, metadata))
    formats = {name: merge_metadata(metadata, values) for name, values in work.edition.format_overrides.items()}
    return metadata, {
        name: _with_cover(work, one) if one.cover_image != metadata.cover_image else one
        for name, one in formats.items()
    }


def _identifiers(work: _Work, metadata: Metadata) -> tuple[Identifier, ...]:
    """The identifiers of an edition that states none: the book's own in the source's edition, else a stable UUID.

    It is made from the book's own identifier, or its slug, title and authors (RFC 9562 §5.5).
    """
    if metadata.identifiers and work.edition.key == work.project.source.key:
        return metadata.identifiers
    name = (
        metadata.identifiers[0].text
        if metadata.identifiers
        else "\n".join([work.project.slug, work.manuscript.metadata.title, *work.manuscript.metadata.authors()])
    )
    return (Identifier(f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{name}#{work.edition.key}')}"),)


def _with_cover(work: _Work, metadata: Metadata) -> Metadata:
    """The metadata with its cover image found and named by its address in the formats; a remote one is reported."""
    place = work.project.place("cover-image")
    metadata = replace(metadata, cover_image=work.project.locked.local(metadata.cover_image))
    if is_remote(metadata.cover_image):
        problem = f'cover image "{metadata.cover_image[:80]}" is on another host and not in the book'
        _remote(work, place, problem)
        return replace(metadata, cover_image="")
    try:
        asset = work.assets.add(metadata.cover_image, work.project.root)
    except AssetError as error:
        work.refuse(error, place)
        return replace(metadata, cover_image="")
    return replace(metadata, cover_image=asset.href)


def _remote(work: _Work, place: Place, problem: str) -> None:
    remedy = "Run publish fetch, or save it into the book and name the file"
    work.findings.append(Finding("img-remote", "warning", place, problem, remedy))


def _converted(work: _Work, chapter: Chapter) -> list[Block]:
    """A chapter's blocks for the edition: pruned and converted."""
    if chapter.part:
        work.part_titles[chapter.key] = work.convert(chapter.part, chapter, 0, "heading")
    with nesting(chapter.file):
        blocks = rewrite(_select(work, chapter, chapter.blocks), lambda block: _keep_block(work, block))
        work.running = dict(_running(work, blocks))
        return rewrite(
            blocks,
            lambda block: _note_heading(work, block),
            lambda inlines, line: _convert_unit(work, chapter, inlines, line),
        )


def _note_heading(work: _Work, block: Block) -> None:
    """Remember the heading whose text comes next: its id and level."""
    if block["t"] == "Header":
        work.heading = block["c"][1][0], block["c"][0]


def _settled(work: _Work, chapter: Chapter, blocks: list[Block]) -> list[Block]:
    """The blocks with their images settled."""
    with nesting(chapter.file):
        return rewrite(
            blocks,
            lambda block: _image_block(work, chapter, block),
            lambda inlines, line: _images(work, chapter, inlines, line),
        )


# --- which parts of the text an edition has ---------------------------------------------------------------------------


# Stands where a part was that is only in other editions; what held nothing else goes with it when the XHTML is written.
_GONE: Attr = ["", [ONLY], [["format", ""]]]
_GONE_BLOCK: Block = {"t": "Div", "c": [_GONE, []]}
_GONE_INLINE: Inline = {"t": "Span", "c": [_GONE, []]}


def _select(work: _Work, chapter: Chapter, blocks: list[Block]) -> list[Block]:
    """The blocks without what is only for other editions; what is only for some formats keeps its mark."""

    def wanted(node: Block | Inline, line: int) -> bool | None:
        """Whether an .only node stays; None for other nodes."""
        attributes = attr(node)
        if attributes is None or ONLY not in attributes[1]:
            return None
        keys = key_values(attributes)
        if not keys.keys() & {"edition", "format"}:
            work.report(
                "only-unknown", chapter, line, ".only names no edition and no format", 'Write edition="…" or format="…"'
            )
        for name in _names(keys.get("edition")):
            if name not in _known_editions(work.project):
                work.report(
                    "only-unknown", chapter, line, f'.only names the edition "{name}", which is not built', needle=name
                )
        for name in _names(keys.get("format")):
            if name not in format_names():
                work.report(
                    "only-unknown", chapter, line, f'.only names the format "{name}", which does not exist', needle=name
                )
        return "edition" not in keys or bool(set(_names(keys["edition"])) & set(work.edition.keys))

    def block(one: Block) -> list[Block] | None:
        stays = wanted(one, first_line([one]))
        if stays is None:
            return None
        if one is chapter.blocks[0] and chapter.headed:
            problem = "the heading of a chapter cannot be .only for some editions or formats; it stays in all"
            work.report("only-heading", chapter, one.get("line", 0), problem, "Write [word]{zh-TW=…} in it instead")
            return [_without_only(one)]
        if not stays:
            return [_GONE_BLOCK]
        formats = key_values(attr(one) or _GONE).get("format")
        inner: list[Block] = [_without_only(one)]
        if one["t"] == "Div":
            inner = [{**one, "c": [attr(inner[0]), rewrite(one["c"][1], block, unit)]}]
            inner = inner if any(attr(inner[0]) or ()) else inner[0]["c"][1]
        return inner if formats is None else [{**one, "t": "Div", "c": [["", [ONLY], [["format", formats]]], inner]}]

    def unit(inlines: list[Inline], line: int) -> list[Inline]:
        def change(inline: Inline) -> list[Inline] | None:
            stays = wanted(inline, line)
            if stays is None:
                return None
            if not stays:
                return [_GONE_INLINE]
            formats = key_values(attr(inline) or _GONE).get("format")
            one = _without_only(inline)
            if one["t"] in CONTAINERS:
                one = with_children(one, map_inlines(children(one), change))
            inner = children(one) if one["t"] == "Span" and attr(one) == ["", [], []] else [one]
            return inner if formats is None else [{"t": "Span", "c": [["", [ONLY], [["format", formats]]], inner]}]

        return map_inlines(inlines, change)

    return rewrite(blocks, block, unit)


def _names(value: str | None) -> list[str]:
    return [name for name in re.split(r"[\s,;]+", value or "") if name]


def _known_editions(project: Project) -> set[str]:
    return {*(edition.key for edition in project.editions), *REGIONS}


def _without_only(node: Block | Inline) -> Block | Inline:
    identifier, classes, pairs = attr(node) or _GONE
    rest = [pair for pair in pairs if pair[0] not in ("edition", "format")]
    return with_attr(node, [identifier, [name for name in classes if name != ONLY], rest])


# --- what is not converted --------------------------------------------------------------------------------------------


def _is_kept(work: _Work, node: Block | Inline) -> bool:
    """Whether a node's text stays as it is: class keep, or a language that is not the book's own."""
    attributes = attr(node)
    if attributes is None:
        return False
    language = key_values(attributes).get("lang", "")
    if node["t"] == "Link" and {"uri", "email"} & set(attributes[1]):
        return True  # an address shown as its own text
    return KEEP in attributes[1] or (bool(language) and not _own_language(work.project.source, language))


def _own_language(source: Region, tag: str) -> bool:
    try:
        return region(tag).variety == source.variety
    except UsageError:
        return False


def _keep_block(work: _Work, block: Block) -> list[Block] | None:
    """A block that is not converted, with all its texts inside spans of the class keep."""
    if block["t"] not in ("Div", "Header") or not _is_kept(work, block):
        return None

    def keep(inlines: list[Inline], _line: int) -> list[Inline]:
        return [{"t": "Span", "c": [["", [KEEP], []], inlines]}]

    return rewrite([with_attr(block, _plain_attr(work, attr(block) or _GONE))], None, keep)


def _plain_attr(work: _Work, attributes: Attr) -> Attr:
    """Attributes without what only steers the conversion: the class keep, and the book's own language."""
    identifier, classes, pairs = attributes
    return [
        identifier,
        [name for name in classes if name != KEEP],
        [[key, value] for key, value in pairs if key != "lang" or not _own_language(work.project.source, value)],
    ]


def _by_hand(work: _Work, inlines: list[Inline]) -> list[Inline]:
    """Spans with a word for this edition, `[干]{zh-TW="乾"}`, take it; the attributes for editions go."""
    known = _known_editions(work.project)

    def change(inline: Inline) -> list[Inline] | None:
        if inline["t"] != "Span":
            return None
        identifier, classes, pairs = inline["c"][0]
        words = {key: value for key, value in pairs if key in known}
        if not words:
            return None
        rest = [pair for pair in pairs if pair[0] not in known]
        word = next((words[key] for key in work.edition.keys if key in words), None)
        said = text(children(inline))
        own = said if word is None else word
        work.elsewhere.update((other, own) for other in (said, *words.values()) if other != own)
        if word is None:
            inner = map_inlines(children(inline), change)
            return (
                [{"t": "Span", "c": [[identifier, classes, rest], inner]}] if identifier or classes or rest else inner
            )
        return [{"t": "Span", "c": [[identifier, [*classes, KEEP], rest], [string(word)] if word else []]}]

    return map_inlines(inlines, change)


# --- the conversion of one text ---------------------------------------------------------------------------------------


def _convert_unit(work: _Work, chapter: Chapter, inlines: list[Inline], line: int) -> list[Inline]:
    """One unit of text, converted as a whole and cut back to its nodes."""
    inlines = _by_hand(work, inlines)
    work.notes |= _note_ids(inlines)
    parts = leaves(inlines, lambda node: _is_kept(work, node))
    joined, cuts, opaque = _joined(parts)
    if joined.strip():
        running = work.running.get(joined, frozenset())
        pieces = work.converter.pieces(joined, cuts[:-1], opaque, running)
        for issue in work.converter.issues(joined, opaque, running):
            near = joined[max(0, issue.index - 6) : issue.index + 7].replace("\ufffc", "").strip()
            problem, remedy = _ISSUES.get(issue.code, ("{}", ""))
            work.report(
                issue.code, chapter, line, problem.format(f"…{near}…"), remedy, needle=_needle(joined, issue.index)
            )
        unit = _unit(work, chapter, inlines, line, parts, (joined, "".join(pieces), cuts[:-1], opaque))
        work.units.append(replace(unit, running=tuple(sorted(running))))
        inlines = rebuild(inlines, pieces)
    return _unkept(work, _titles(work, chapter, inlines, line))


def _unit(
    work: _Work,
    chapter: Chapter,
    inlines: list[Inline],
    line: int,
    parts: list[Leaf],
    texts: tuple[str, str, list[int], list[tuple[int, int]]],
) -> Unit:
    """What is noted of a converted text. The text of a heading carries no id of its own; it comes behind its block."""
    joined, output, cuts, opaque = texts
    own = mark_of(inlines)
    name, level = work.heading if not own else (own, 0)
    if level:
        work.heading = (name, 0)
    return Unit(
        chapter.key,
        chapter.file,
        line,
        name,
        "heading" if level else "text",
        joined,
        output,
        tuple(cuts),
        tuple(opaque),
        borders(parts),
        level,
    )


def _note_ids(inlines: list[Inline]) -> set[str]:
    """The ids of the paragraphs in the notes of a run, which are converted before the run itself."""
    found: set[str] = set()

    def unit(content: list[Inline], _line: int) -> list[Inline]:
        found.add(mark_of(content))
        return content

    for node in inline_nodes(inlines):
        if node["t"] == "Note":
            rewrite(node["c"], None, unit)
    return found - {""}


def _noted(work: _Work) -> tuple[Unit, ...]:
    """All units of the edition; those in notes called so, and behind the text that calls them."""
    out: list[Unit] = []
    notes: list[Unit] = []
    for one in work.units:
        if one.kind == "text" and one.id in work.notes:
            notes.append(replace(one, kind="note"))
        elif one.kind == "aside" and notes:
            notes.append(one)
        else:
            out += [one, *notes]
            notes = []
    return (*out, *notes)


def _joined(parts: list[Leaf]) -> tuple[str, list[int], list[tuple[int, int]]]:
    """A unit's text, the indices at which its leaves end, and the ranges that are opaque."""
    cuts: list[int] = []
    opaque: list[tuple[int, int]] = []
    at = 0
    for part in parts:
        start, at = at, at + len(part.text)
        cuts.append(at)
        if part.opaque and part.text:
            opaque.append((start, at))
    return "".join(part.text for part in parts), cuts, opaque


def _running(work: _Work, blocks: list[Block]) -> Iterator[tuple[str, frozenset[int]]]:
    """By their text, the paragraphs with a quotation that runs on into the next, and its marks."""
    for paragraphs in neighbours(blocks):
        units = [_joined(leaves(_by_hand(work, one["c"]), lambda node: _is_kept(work, node))) for one in paragraphs]
        marks = running_on([(joined, opaque) for joined, _, opaque in units])
        yield from ((joined, found) for (joined, _, _), found in zip(units, marks, strict=True) if found)


def _needle(joined: str, index: int) -> str:
    """A few characters around a fault by which its line can be found; nothing where markup or an end is too near."""
    after = joined[index : index + 5].partition("\ufffc")[0]
    return after if len(after) > 2 else joined[max(0, index - 4) : index + 1]  # noqa: PLR2004  # too few to be found by


_ISSUES = {
    "quote-unmatched": ("a quotation mark has no partner: {}", ""),
    "quote-straight": (
        "a straight quotation mark can be read in two ways: {}",
        "Write “ and ”, or set code in backquotes",
    ),
    "punct-ellipsis": ("an ellipsis is not written as ……: {}", "Write ……, or let a style mend it"),
    "punct-dash": ("a dash is not written as ——: {}", "Write ——, or let a style mend it"),
    "opencc-replay": ("a phrase of changed length lies across markup: {}", ""),
}
_NOTES = frozenset(["punct-ellipsis", "punct-dash"])


def _unkept(work: _Work, inlines: list[Inline]) -> list[Inline]:
    """Spans that only said keep, or the book's own language, are unwrapped; others lose these marks."""

    def change(inline: Inline) -> list[Inline] | None:
        plain = _plain_attr(work, inline["c"][0]) if inline["t"] == "Span" else None
        if plain is None or plain == inline["c"][0]:
            return None
        inner = map_inlines(children(inline), change)
        return [{"t": "Span", "c": [plain, inner]}] if any(plain) else inner

    return map_inlines(inlines, change)


# Attributes that people read or hear.
_SAID = frozenset(["alt", "title", "aria-label"])


def _titles(work: _Work, chapter: Chapter, inlines: list[Inline], line: int, *, inside: bool = False) -> list[Inline]:
    """The texts beside the text: titles of links and images, alternative texts; each is a unit of its own.

    `inside` a span that is kept, they are kept too.
    """
    out: list[Inline] = []
    for inline in inlines:
        kind = inline["t"]
        one, kept = inline, inside or _is_kept(work, inline)
        if kind in CONTAINERS:
            one = with_children(one, _titles(work, chapter, children(one), line, inside=kept))
        if kind in ("Link", "Image") and not kept:
            attributes, inner, (url, title) = one["c"]
            alt = _convert_unit(work, chapter, inner, line) if kind == "Image" else inner
            one = {**one, "c": [attributes, alt, [url, work.convert(title, chapter, line, "aside")]]}
        if kind in ("Link", "Image", "Span") and not kept:
            identifier, classes, pairs = one["c"][0]
            said = [
                [key, work.convert(value, chapter, line, "aside") if key in _SAID else value] for key, value in pairs
            ]
            one = with_attr(one, [identifier, classes, said])
        out.append(one)
    return out


# --- images -----------------------------------------------------------------------------------------------------------


def _images(work: _Work, chapter: Chapter, inlines: list[Inline], line: int) -> list[Inline]:
    """The inlines with each image's address made that of the edition's asset; a remote image gives its link instead."""

    def change(inline: Inline) -> list[Inline] | None:
        if inline["t"] != "Image":
            return None
        attributes, alt, (url, title) = inline["c"]
        if is_remote(url):
            problem = f'image "{url[:80]}" is on another host and not in the book'
            _remote(work, work.manuscript.place(chapter, line, url), problem)
            return [{"t": "Span", "c": [["", ["remote-image"], []], _remote_words(work, alt, url)]}]
        if not text(alt).strip() and "alt" not in key_values(attributes):
            work.report(
                "img-alt",
                chapter,
                line,
                f'image "{url[:80]}" has no alternative text',
                "Say between [ and ] what it shows",
                needle=url,
            )
        try:
            asset = work.assets.add(url, chapter.folder)
        except AssetError as error:
            work.refuse(error, work.manuscript.place(chapter, line, url))
            return []
        return [{**inline, "c": [attributes, alt, [asset.href, title]]}]

    return map_inlines(inlines, change)


def _remote_words(work: _Work, alt: list[Inline], url: str) -> list[Inline]:
    host = urlsplit(url).hostname or url[:40]
    words = string(work.edition.region.words.remote_image + " ")
    link = {"t": "Link", "c": [["", [], []], [string(host)], [url, ""]]}
    return [*alt, string("（"), words, link, string("）")] if alt else [words, link]


def _image_block(work: _Work, chapter: Chapter, block: Block) -> list[Block] | None:
    """A figure whose image is remote becomes a framed caption with the link."""
    if block["t"] != "Figure":
        return None
    attributes, (_, long), content = block["c"]
    images = [
        node for inner in content if inner["t"] in ("Plain", "Para") for node in inner["c"] if node["t"] == "Image"
    ]
    if not images or not all(is_remote(image["c"][2][0]) for image in images):
        return None
    caption = [inline for inner in long if inner["t"] in ("Plain", "Para") for inline in inner["c"]]
    line = block.get("line", 0)
    words: list[Inline] = []
    for image in images:
        url = image["c"][2][0]
        problem = f'image "{url[:80]}" is on another host and not in the book'
        _remote(work, work.manuscript.place(chapter, line, url), problem)
        words += _remote_words(work, caption if image is images[0] else [], url)
    legend = [{"t": "Plain", "c": words}]
    return [{**block, "c": [[attributes[0], [*attributes[1], "remote-image"], attributes[2]], [None, legend], []]}]


# --- writing ----------------------------------------------------------------------------------------------------------


def _with_notes(blocks: list[Block]) -> list[Block]:
    """The blocks with each note's call an empty span, and the notes themselves as divs at the end."""
    found: list[Block] = []

    def calls(inlines: list[Inline], _line: int) -> list[Inline]:
        return map_inlines(inlines, call)

    def call(inline: Inline) -> list[Inline] | None:
        if inline["t"] != "Note":
            return None
        name = inline.get("id", "")
        found.append({"t": "Div", "c": [[name, ["note"], []], inline["c"]]})
        return [{"t": "Span", "c": [["", ["noteref"], [["note", name]]], []]}]

    body = rewrite(blocks, None, calls)
    return [*body, *found]


def _published(work: _Work, chapter: Chapter, blocks: list[Block], page: str) -> PublishedChapter:
    """A chapter's HTML made canonical and numbered."""
    with nesting(chapter.file):
        root = xhtml.parse(page, soup=_has_raw_html(blocks))

    def report(what: str, needle: str) -> None:
        work.report("html-removed", chapter, 0, what, needle=needle)

    def image(element: xhtml.Element) -> None:
        _raw_image(work, chapter, element)

    xhtml.canonical(root, report, image)
    xhtml.drop_gone(root)
    numbered = work.project.number_sections and chapter.numbered
    work.numbered += numbered
    number = work.numbered if numbered and len(work.manuscript.chapters) > 1 else 0
    label = ""
    if work.project.number_sections:
        label = numbering.number_headings(root, number, work.edition.region.words) if number else ""
        numbering.number_legends(root, number, work.edition.region.words)
    title, identifier = _title(work, chapter, root)
    part_label = ""
    if chapter.part:
        work.parts += 1
        part_label = (
            work.edition.region.words.part.format(numbering.chinese_number(work.parts))
            if work.project.number_sections
            else ""
        )
    return PublishedChapter(
        key=chapter.key,
        id=identifier,
        title=title,
        label=label,
        xhtml=xhtml.serialize(root),
        file=chapter.file,
        part=work.part_titles.get(chapter.key, ""),
        inside=chapter.inside,
        part_label=part_label,
    )


def _title(work: _Work, chapter: Chapter, root: xhtml.Element) -> tuple[str, str]:
    """A chapter's title and the id that leads to it: its heading's, or the first of its text."""
    first = next(xhtml.headings(root), None)
    if chapter.headed and first is not None:
        return first.text, first.id
    if not chapter.headed and chapter.title == work.manuscript.metadata.title:
        title = work.edition.overrides.get("title")
        converted = (
            merge_metadata(Metadata(), {"title": title}).title if title else work.converter.convert(chapter.title)
        )
    else:
        converted = work.converter.convert(chapter.title)
    identifier = f"start-{chapter.key}"
    anchor = root.makeelement(f"{xhtml.H}div", {"id": identifier, "class": "start"})
    anchor.tail, root.text = root.text, None
    root.insert(0, anchor)
    return converted, identifier


def _has_raw_html(blocks: list[Block]) -> bool:
    found: list[bool] = []

    def look(inlines: list[Inline], _line: int) -> list[Inline]:
        if not found:
            map_inlines(inlines, raw)
        return inlines

    def raw(inline: Inline) -> list[Inline] | None:
        if inline["t"] == "RawInline":
            found.append(True)
        return None

    def block(one: Block) -> list[Block] | None:
        if one["t"] == "RawBlock":
            found.append(True)
        return None

    rewrite(blocks, block, look)
    return bool(found)


def _raw_image(work: _Work, chapter: Chapter, element: xhtml.Element) -> None:
    """An image of raw HTML, settled like any other; those of the Markdown are settled already."""
    source = element.get("src") or ""
    needle = _source_needle(work, chapter, source)
    if source in work.assets.used:
        asset = work.assets.used[source]
    elif is_remote(source):
        problem = f'image "{source[:80]}" is on another host and not in the book'
        _remote(work, work.manuscript.place(chapter, 0, needle), problem)
        element.tag = f"{xhtml.H}span"
        element.attrib.clear()
        element.set("class", "remote-image")
        element.text = work.edition.region.words.remote_image + " " + (urlsplit(source).hostname or "")
        return
    else:
        try:
            asset = work.assets.add(source, chapter.folder)
        except AssetError as error:
            work.refuse(error, work.manuscript.place(chapter, 0, needle))
            xhtml.remove(element)
            return
        if element.get("alt") is None:
            work.report(
                "img-alt",
                chapter,
                0,
                f'image "{source[:80]}" has no alternative text',
                'Give it alt="…"',
                needle=needle,
            )
    element.set("src", asset.href)
    if element.get("alt") is None:
        element.set("alt", "")
    if (
        asset.width
        and asset.height
        and not element.get("style")
        and not element.get("width")
        and not element.get("height")
    ):
        element.set("width", str(asset.width))
        element.set("height", str(asset.height))


def _source_needle(work: _Work, chapter: Chapter, source: str) -> str:
    """What the raw HTML of an image says in the source, as far as it can be told."""
    rows = work.manuscript.lines[chapter.file]
    forms = (f'src="{source}"', f"src='{source}'", f"src={source}")
    return next((form for form in forms if any(form in row for row in rows)), source)


def _math_findings(work: _Work, warnings: Sequence[str]) -> None:
    """Formulas that pandoc could not write in MathML stay TeX and are reported where they stand."""
    for warning in dict.fromkeys(warnings):
        match = re.search(r"Could not convert TeX math\s+(.*?),\s+rendering as TeX", warning, re.DOTALL)
        formula = " ".join(match[1].split()) if match else ""
        rows = [row.strip() for row in match[1].splitlines() if row.strip()] if match else []
        needle = max(rows, key=len) if rows else ""
        place = next(
            (
                work.manuscript.place(chapter, 0, needle)
                for chapter in work.manuscript.chapters
                if needle and any(needle in line for line in work.manuscript.lines[chapter.file])
            ),
            Place(""),
        )
        problem = (
            f"the formula {formula[:60]} cannot be written as MathML and stays TeX"
            if match
            else " ".join(warning.split())[:200]
        )
        work.findings.append(
            Finding("math-tex" if match else "pandoc", "warning", place, problem, "Use simpler TeX" if match else "")
        )


__all__ = ["MARK", "convert_units", "converter_for", "derive"]
