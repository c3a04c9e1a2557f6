"""What a chapter of an edition must hold, read from the manuscript alone; the pipeline is not trusted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from publish.cache import NONE, Cache
from publish.convert import Converter, Run
from publish.convert.runs import Origin
from publish.edition.context import converter_for
from publish.errors import UsageError
from publish.formulas import tex
from publish.parity.outline import (
    ADDED,
    ADDED_BLOCK,
    Fixed,
    Item,
    Kind,
    Outline,
    Protection,
    TextLine,
    address,
    bare,
    code,
    joined,
)
from publish.regions import REGIONS, region
from publish.source.document import CONTAINERS, Attr, Block, Inline, attr, children, key_values, nesting
from publish.source.document import text as text_of
from publish.source.features.notes import is_repeated_call
from publish.source.identify import MARK
from publish.source.leaves import OBJECT, leaves
from publish.source.manuscript import Chapter, Manuscript
from publish.source.pictures.locked import absolute, is_remote
from publish.source.places import first_line
from publish.source.project import Project
from publish.source.settings.editions import EditionSettings
from publish.source.settings.literature import BY_NAME

_LEVELS = 6  # HTML has no heading below the sixth level


@dataclass(frozen=True)
class Rules:
    """What decides how an edition differs from the source."""

    keys: tuple[str, ...]
    known: frozenset[str]
    variety: str
    converter: Converter
    remote: str

    def gone(self, attributes: Attr) -> bool:
        """Whether a part is for other editions only."""
        wanted = key_values(attributes).get("edition") if "only" in attributes[1] else None
        return wanted is not None and not set(re.split(r"[\s,;]+", wanted)) & set(self.keys)

    def kept(self, attributes: Attr, *, link: bool = False) -> bool:
        """Whether a part's text stays as it is: class keep, another language, an address shown as its own text."""
        language = key_values(attributes).get("lang", "")
        own = not language or self._own(language)
        return "keep" in attributes[1] or not own or (link and bool({"uri", "email"} & set(attributes[1])))

    def _own(self, language: str) -> bool:
        try:
            return region(language).variety == self.variety
        except UsageError:
            return False

    def by_hand(self, attributes: Attr) -> str | None:
        """The word that an author gave this edition."""
        words = {key: value for key, value in attributes[2] if key in self.known}
        return next((words[key] for key in self.keys if key in words), None)


def rules_for(project: Project, manuscript: Manuscript, edition: EditionSettings, cache: Cache = NONE) -> Rules:
    """The rules of an edition."""
    return Rules(
        keys=edition.keys,
        known=frozenset([*(one.key for one in project.editions), *REGIONS]),
        variety=project.source.variety,
        converter=converter_for(project, edition, manuscript, cache),
        remote=edition.region.words.remote_image,
    )


def expected(chapter: Chapter, rules: Rules) -> Outline | None:
    """The outline that an edition's chapter must have; None where the edition has nothing of the chapter."""
    with nesting(chapter.file):
        reader = _ManuscriptReader(rules)
        first = chapter.blocks[0] if chapter.headed else None
        if all(one is not first and reader.is_gone(one) for one in chapter.blocks):
            return None
        reader.chapter(chapter.blocks, first)
    return reader.outline


def plain_line(text: str, rules: Rules, at: int = 0) -> TextLine:
    """A text without markup as a line: a title, a description."""
    return _line([_Part(text)], rules, at)


_NOTHING = TextLine("")


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a run of text as the conversion sees it; an `opaque` one shows `line`, whatever is around it."""

    text: str
    opaque: bool = False
    line: TextLine = _NOTHING


_BORDER = _Part(OBJECT, opaque=True)


def _first_id(one: Block) -> str:
    """The id that an entry of a list is known by, whatever its place in an edition's order."""
    if one["t"] != "Div":
        return ""
    return str(one["c"][0][0]) or next((_first_id(inner) for inner in one["c"][1]), "")


def _fixed(text: str, why: Protection) -> TextLine:
    words = bare(text)
    return TextLine(words, 0, (Fixed(0, len(words), why),) if words else ())


# Why what a converter has settled is as it is; the house style's phrases need only their length.
_SETTLED: dict[Origin, Protection] = {"glossary": "term", "phrase": "style", "decision": "hand"}


def _line(parts: Sequence[_Part], rules: Rules, at: int) -> TextLine:
    """The parts as a line, with what the glossary, the decisions and the style settle put into it."""
    text, shown, opaque = "", {}, []
    for part in parts:
        if part.opaque and part.text:
            shown[len(text)] = part.line
            opaque.append((len(text), len(text) + len(part.text)))
        text += part.text
    if not text or text.isspace():
        return TextLine("", at)
    pieces, position = [], 0
    for run in rules.converter.settled(text, opaque):
        pieces.append(TextLine(bare(text[position : run.start])))
        pieces.append(shown.get(run.start) or _settled(run, text[run.start : run.end]))
        position = run.end
    pieces.append(TextLine(bare(text[position:])))
    return replace(joined(pieces), at=at)


def _settled(run: Run, source: str) -> TextLine:
    words = bare(run.text)
    return TextLine(words, 0, (Fixed(0, len(words), _SETTLED.get(run.origin, "keep"), source),) if words else ())


@dataclass
class _InlineRun:
    """What is gathered from one run of inlines."""

    parts: list[_Part] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    notes: list[Inline] = field(default_factory=list)
    mark: str = ""

    def add(self, text: str, why: Protection | None) -> None:
        self.parts.append(_Part(text, opaque=True, line=_fixed(text, why)) if why else _Part(text))

    def show(self, line: TextLine) -> None:
        self.parts.append(_Part(OBJECT, opaque=True, line=line))

    def part(self) -> None:
        self.parts.append(_BORDER)


class _ManuscriptReader:
    """Walks the blocks of one chapter. `_gone` and `_solid` count what was left out and what says something."""

    def __init__(self, rules: Rules) -> None:
        self.outline = Outline()
        self._rules = rules
        self._name = ""
        self._lines = self.outline.lines.setdefault("", [])
        self._items = self.outline.items
        self._said = self.outline.said
        self._stories: list[tuple[list[Item], list[TextLine]]] = []
        self._gone = self._solid = self._linked = self._described = 0

    def chapter(self, blocks: list[Block], first: Block | None) -> None:
        for one in blocks:
            self._block(one, one.get("line", 0), always=one is first)
        for items, said in self._stories:
            self._items += items
            self._said += said

    def is_gone(self, node: Block | Inline) -> bool:
        attributes = attr(node)
        return attributes is not None and self._rules.gone(attributes)

    def _blocks(self, blocks: list[Block], line: int, *, keep: bool = False, named: bool = False) -> None:
        for one in blocks:
            self._block(one, one.get("line", line), keep=keep, named=named)

    def _begin(self, kind: Kind, name: str, line: int) -> None:
        if name:
            self._items.append(Item(kind, name, line))
            self._name, self._lines = name, self.outline.lines.setdefault(name, [])

    def _block(self, one: Block, line: int, *, keep: bool = False, named: bool = False, always: bool = False) -> None:
        """One block. `named` is one within a division that has an id, which takes the place of its own."""
        kind: str = one["t"]
        content: Any = one.get("c")
        if self.is_gone(one) and not always:
            self._gone += 1
        elif kind in ("Para", "Plain"):
            self._unit(content, line, keep=keep, optional=named and kind == "Plain")
        elif kind == "Header":
            self._heading(one, line, keep=keep)
        elif kind == "LineBlock":
            for verse in content:
                self._unit(verse, line, keep=keep)
        elif kind == "CodeBlock":
            self._anchor(content[0], line)
            self._items.append(Item("code", code(content[1]), line))
            self._solid += 1
        elif kind == "RawBlock":
            self._raw(content[1], line)
            self._solid += 1
        elif kind == "Div" and content[0][1] == [ADDED_BLOCK]:
            self._solid += 1  # marked as our own are, which the other side leaves out
        elif kind == "Div":
            self._begin("id", content[0][0], line)
            inner = keep or self._rules.kept(content[0])
            blocks = sorted(content[1], key=_first_id) if BY_NAME in content[0][1] else content[1]
            self._blocks(blocks, line, keep=inner, named=named or bool(content[0][0]))
        elif kind == "BlockQuote":
            self._blocks(content, line, keep=keep)
        elif kind in ("BulletList", "OrderedList"):
            for item in content if kind == "BulletList" else content[1]:
                self._blocks(item, line, keep=keep)
        elif kind == "DefinitionList":
            for term, definitions in content:
                self._defined(term, definitions, line, keep=keep)
        elif kind == "Figure":
            self._figure(one, line, keep=keep)
        elif kind == "Table":
            self._table(one, line, keep=keep)

    def _defined(self, term: list[Inline], definitions: list[list[Block]], line: int, *, keep: bool) -> None:
        """A term and its meanings; it goes where they were all for other editions."""
        at, name = len(self._items), self._name
        self._unit(term, line, keep=keep)
        gone, solid, end = self._gone, self._solid, len(self._items)
        for definition in definitions:
            self._blocks(definition, line, keep=keep)
        if self._gone > gone and self._solid == solid:
            self._items[at:end] = [replace(item, optional=True) for item in self._items[at:end]]
            self.outline.loose.add(name)

    def _back_to(self, name: str) -> None:
        """Drop what was begun last, with its text: all that it showed is for other editions."""
        del self.outline.lines[self._name]
        self._name, self._lines = name, self.outline.lines[name]

    def _heading(self, one: Block, line: int, *, keep: bool) -> None:
        level, attributes, inlines = one["c"]
        gone, solid, at, before = self._gone, self._solid, len(self._items), self._name
        self._begin("heading" if level <= _LEVELS else "paragraph", attributes[0], line)
        self._unit(inlines, line, keep=keep or self._rules.kept(attributes))
        emptied = self._gone > gone and self._solid == solid
        self._complete(at, str(level), optional=emptied)
        if emptied:
            self._back_to(before)

    def _complete(self, at: int, detail: str = "", *, optional: bool = False) -> None:
        """Complete the item that was begun at an index with what is known only now."""
        if at < len(self._items) and (detail or optional):
            self._items[at] = replace(self._items[at], detail=detail, optional=optional)

    def _figure(self, one: Block, line: int, *, keep: bool) -> None:
        attributes, (_, long), content = one["c"]
        at, gone, solid, before = len(self._items), self._gone, self._solid, self._name
        self._begin("figure", attributes[0], line)
        images = [node for inner in content if inner["t"] in ("Plain", "Para") for node in inner["c"]]
        images = [node for node in images if node["t"] == "Image" and not self.is_gone(node)]
        if images and all(is_remote(image["c"][2][0]) for image in images):
            self._remote_figure(images, long, line, keep=keep)
        else:
            self._blocks(content, line, keep=keep)
            emptied = self._gone > gone and self._solid == solid
            self._complete(at, optional=emptied)
            at = len(self._items)
            self._blocks(long, line, keep=keep)
            if emptied:
                self._items[at:] = [replace(item, optional=True) for item in self._items[at:]]
                self._back_to(before)

    def _remote_figure(self, images: list[Inline], legend: list[Block], line: int, *, keep: bool) -> None:
        run = _InlineRun()
        for inner in legend:
            if inner["t"] in ("Plain", "Para"):
                words = _InlineRun()
                self._inlines(inner["c"], words, line, "keep" if keep else None)
                run.items, run.notes = [*run.items, *words.items], [*run.notes, *words.notes]
                run.show(_line(words.parts, self._rules, line))
        captioned = any(inner["t"] in ("Plain", "Para") and inner["c"] for inner in legend)
        for number, image in enumerate(images):
            self._remote_words(run, image["c"][2][0], line, framed=captioned and not number)
        self._close(run, line, keep=keep)

    def _remote_words(self, run: _InlineRun, url: str, line: int, *, framed: bool) -> None:
        """The words and the link that stand for an image on another host."""
        words = f"{self._rules.remote} {urlsplit(url).hostname or url[:40]}"
        run.show(_fixed(f"（{words}）" if framed else words, "words"))
        run.items.append(Item("link", address(absolute(url)), line))
        self._solid += 1

    def _table(self, one: Block, line: int, *, keep: bool) -> None:
        attributes, (_, long), _, head, bodies, foot = one["c"]
        at = len(self._items)
        self._begin("table", attributes[0], line)
        self._blocks(long, line, keep=keep)
        rows = [*head[1], *(row for body in bodies for row in (*body[2], *body[3])), *foot[1]]
        cells = [self._row(row[1], line, keep=keep) for row in rows]
        cells = [count for count in cells if count]
        self._complete(at, f"{len(cells)} rows, {sum(cells)} cells")

    def _row(self, cells: list[Any], line: int, *, keep: bool) -> int:
        """How many cells a row has; none where it says nothing, as an empty row of headings does."""
        solid = self._solid
        for cell in cells:
            self._blocks(cell[4], line, keep=keep)
        return len(cells) if self._solid > solid else 0

    def _raw(self, text: str, line: int) -> None:
        self.outline.raw.append(text)
        self.outline.raw_at = self.outline.raw_at or line

    def _anchor(self, attributes: Attr, line: int) -> None:
        if attributes[0]:
            self._items.append(Item("id", attributes[0], line))

    def _unit(self, inlines: list[Inline], line: int, *, keep: bool = False, optional: bool = False) -> None:
        run, gone, solid = _InlineRun(), self._gone, self._solid
        self._inlines(inlines, run, line, "keep" if keep else None)
        if run.mark:
            emptied = self._gone > gone and self._solid == solid
            if optional or emptied:
                self._items.append(Item("paragraph", run.mark, line, optional=True))
            else:
                self._begin("paragraph", run.mark, line)
        self._close(run, line, keep=keep)

    def _close(self, run: _InlineRun, line: int, *, keep: bool = False) -> None:
        """The end of a run: its line, what it holds, its notes."""
        self._items += run.items
        text = _line(run.parts, self._rules, line)
        if text.text:
            self._lines.append(text)
        stories = [self._note(note, line, keep=keep) for note in run.notes]
        self._stories += stories

    def _note(self, note: Inline, line: int, *, keep: bool) -> tuple[list[Item], list[TextLine]]:
        """A note as a text of its own, after those that it calls; the note of a kept block is kept with it."""
        before = self._items, self._said, self._name, self._lines
        story: tuple[list[Item], list[TextLine]] = [], []
        self._items, self._said = story
        self._begin("note", note.get("id", ""), first_line(note["c"]) or line)
        self._blocks(note["c"], line, keep=keep)
        self._items, self._said, self._name, self._lines = before
        return story

    def _inlines(self, inlines: list[Inline], run: _InlineRun, line: int, why: Protection | None) -> None:
        for one in inlines:
            kind = one["t"]
            if kind == "Str":
                run.add(one["c"], why)
                self._solid += bool(one["c"].strip())
            elif kind in ("Space", "SoftBreak"):
                run.add(" ", why)
            elif self.is_gone(one):
                self._gone += 1
            elif is_repeated_call(one):
                run.items.append(Item("call", dict(one["c"][0][2])["note"], line))
                self._solid += 1
            elif kind in CONTAINERS:
                self._container(one, run, line, why)
            else:
                self._object(one, run, line, why)

    def _container(self, one: Inline, run: _InlineRun, line: int, why: Protection | None) -> None:
        attributes = attr(one)
        if attributes is None:
            self._inlines(children(one), run, line, why)
            return
        if MARK in attributes[1]:
            run.mark = attributes[0]
            return
        if attributes[0]:
            run.items.append(Item("id", attributes[0], line))
        kept = self._rules.kept(attributes, link=one["t"] == "Link")
        if one["t"] == "Link":
            url, title = one["c"][2]
            run.items.append(Item("link", address(url), line))
            self._say(title, line, kept=kept)
            self._linked += 1
        word = self._rules.by_hand(attributes) if one["t"] == "Span" else None
        if word is not None:
            run.add(word, "hand")
            self._solid += bool(word.strip())
        elif one["t"] == "Span" and (tuple(attributes[1]) in ADDED or "math" in attributes[1]):
            self._solid += 1  # marked as our own numbers and formulas are, which the other side leaves out
            if "math" in attributes[1]:
                self._formula(text_of(children(one)), run, line, kept=kept or why is not None)
        else:
            self._inlines(children(one), run, line, "keep" if kept else why)
        self._linked -= one["t"] == "Link"

    def _object(self, one: Inline, run: _InlineRun, line: int, why: Protection | None) -> None:
        """A node other than text: code, mathematics, an image, a note's call, raw markup, the end of a line."""
        kind: str = one["t"]
        content: Any = one.get("c")
        self._solid += 1
        if kind == "Code":
            self._anchor_in(run, content[0], line)
            run.items.append(Item("code", code(content[1]), line))
            run.show(_fixed(content[1], "code"))
        elif kind == "Note":
            run.notes.append(one)
            run.items.append(Item("call", one.get("id", ""), line))
        elif kind == "Image":
            self._image(one, run, line, why)
        elif kind == "RawInline":
            self._raw(content[1], line)
            run.parts += [_BORDER] if leaves([one]) else []  # a tag that only styles a word does not divide it
        else:
            if kind == "Math":
                self._formula(content[1], run, line, kept=why is not None)
            if kind != "Math" or not self._described:
                run.parts.append(_Part("\n", opaque=True) if kind == "LineBreak" else _BORDER)

    def _formula(self, source: str, run: _InlineRun, line: int, *, kept: bool) -> None:
        """A formula: its TeX, and its words, which are converted one by one; an alternative text has it as text."""
        if self._described:
            run.show(self._tex(source, line, kept=kept))
            return
        run.items.append(Item("formula", tex.skeleton(source), line))
        shown = tex.bare(source)
        for start, stop in tex.words(shown):
            self._say(shown[start:stop], line, kept=kept)

    def _tex(self, source: str, line: int, *, kept: bool) -> TextLine:
        """A formula's TeX as a line: fixed but for its words."""
        pieces, position = [], 0
        for start, stop in [] if kept else tex.words(source):
            pieces += [_fixed(source[position:start], "code"), plain_line(source[start:stop], self._rules, line)]
            position = stop
        return replace(joined([*pieces, _fixed(source[position:], "code")]), at=line)

    @staticmethod
    def _anchor_in(run: _InlineRun, attributes: Attr, line: int) -> None:
        if attributes[0]:
            run.items.append(Item("id", attributes[0], line))

    def _image(self, one: Inline, run: _InlineRun, line: int, why: Protection | None) -> None:
        attributes, alt, (url, title) = one["c"]
        kept = self._rules.kept(attributes)
        within: Protection | None = "keep" if kept or why else None
        if is_remote(url):
            inner = _InlineRun()
            self._inlines(_without_calls(alt), inner, line, within)
            run.items += inner.items
            inner.parts = [_Part(OBJECT, opaque=True, line=_line(inner.parts, self._rules, line))]
            if self._linked:  # its words alone stand for it in a link of its own
                instead = f"{self._rules.remote} {urlsplit(url).hostname or url[:40]}"
                run.show(_line(inner.parts, self._rules, line) if alt else _fixed(instead, "words"))
                return
            self._remote_words(inner, url, line, framed=bool(alt))
            run.items += inner.items[-1:]
            run.show(_line(inner.parts, self._rules, line))
            return
        run.part()
        self._anchor_in(run, attributes, line)
        run.items.append(Item("image", address(url), line))
        inner = _InlineRun()
        self._described += 1
        self._inlines(_without_calls(alt), inner, line, within)
        self._described -= 1
        words = _line(inner.parts, self._rules, line)
        if alone := key_values(attributes).get("alt", ""):  # instead of what stands below the picture
            self._say(alone, line, kept=kept)
        elif words.text:
            self._said.append(words)
        self._say(title, line, kept=kept)

    def _say(self, text: str, line: int, *, kept: bool) -> None:
        words = _line(
            [_Part(OBJECT, opaque=True, line=_fixed(text, "keep")) if kept else _Part(text)], self._rules, line
        )
        if words.text:
            self._said.append(words)


__all__ = ["Rules", "expected", "plain_line", "rules_for"]


def _without_calls(inlines: list[Inline]) -> list[Inline]:
    return [one for one in inlines if one["t"] != "Note" and not is_repeated_call(one)]
