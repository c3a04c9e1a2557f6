"""The words that a book defines: `definitions:` names a file of them, `::: glossary` is where their list stands.

Where a word stands first in a chapter it leads to its definition, and so does each `[词]{.term}`. The list is text of
the book like any other, made when the manuscript is read, so that editions convert it and the gate holds it.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from publish.cache import digest
from publish.errors import Faults, Place, PublishError
from publish.findings import Finding
from publish.source.document import Block, Inline, children, key_values, map_inlines, rewrite, text
from publish.source.features.around import rewrite_around
from publish.source.features.stretches import Cutter, Finder, Stretch
from publish.source.leaves import OBJECT, Leaf, leaves
from publish.source.phrase import phrase
from publish.source.places import line_of
from publish.source.settings.literature import BY_NAME
from publish.source.sheets import Gists, Sheet, SourceFile
from publish.yamlfile import KeyPath, YamlDocument

GLOSSARY = "glossary"  # the class of the division that the list is put into
TERM = "term"  # the class of what leads to a definition
DEFINED = "defined"  # the class of an entry of the list
READING = "reading"
_OPTIONS = ("definition", "also", "reading", "mark")
_PLACE = "Write ::: glossary and ::: where their list is to stand"
# Where no word is looked for: what is said elsewhere again, or stands by itself.
_APART = ("Header", "Figure", "Table", "CodeBlock", "RawBlock", "DefinitionList", "LineBlock")
_HELD = "held"  # what stands for a note in which none is looked for
_LISTS = frozenset([GLOSSARY, "csl-bib-body", "index"])


@dataclass(frozen=True)
class Definition:
    """A word with what it means; `words` are all that stand for it in the text, `marked` wherever they are found."""

    term: str
    meaning: str
    words: tuple[str, ...]
    reading: str = ""
    marked: bool = True
    place: Place = field(default_factory=lambda: Place(""))

    @property
    def id(self) -> str:
        """The id of its entry."""
        return f"def-{hashlib.sha256(self.term.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"


def read_definitions(document: YamlDocument) -> tuple[Definition, ...]:
    """The words of a file: each with its meaning, or with a map of `definition`, `also`, `reading`, `mark`.

    Raises `PublishError` with file, line and key for all that is not allowed in it.
    """
    faults, found = Faults(), list[Definition]()
    data = document.data or {}
    if not isinstance(data, dict):
        problem = "the definitions are not a map of words to what they mean"
        raise PublishError(problem, "Write on each line a word, a colon, and what it means", document.place(()))
    for term, said in data.items():
        with faults.kept():
            found.append(_definition(document, str(term).strip(), said, (term,)))
    faults.tell()
    return tuple(found)


def _definition(document: YamlDocument, term: str, said: Any, path: KeyPath) -> Definition:
    options = said if isinstance(said, dict) else {"definition": said}
    strange = next((str(key) for key in options if key not in _OPTIONS), "")
    if strange:
        problem, remedy = f'unknown key "{strange}"', f"Write {', '.join(_OPTIONS)}"
        raise PublishError(problem, remedy, document.place((*path, strange)))
    meaning = options.get("definition")
    if not isinstance(meaning, str | int | float) or not str(meaning).strip() or not term:
        raise PublishError(f'"{term}" has no definition', "Write what it means behind the colon", document.place(path))
    also = options.get("also") or []
    words = [term, *(str(one).strip() for one in (also if isinstance(also, list) else [also]))]
    reading, marked = str(options.get("reading") or ""), options.get("mark", True) is not False
    return Definition(term, str(meaning).strip(), tuple(filter(None, words)), reading, marked, document.place(path))


def define(
    sheets: Sequence[Sheet], definitions: Sequence[Definition], gists: Gists
) -> tuple[list[Sheet], bool, list[Finding]]:
    """The files with the list of definitions in its place, and words leading to it; whether there is such a list."""
    if not definitions:
        return list(sheets), False, []
    definer = _Definer(definitions)
    placed = [definer.put(sheet, gists) for sheet in sheets]
    if not definer.placed:
        problem = "the book defines words, and has no place for their list"
        return list(sheets), False, [Finding("glossary-unplaced", "warning", definitions[0].place, problem, _PLACE)]
    return [definer.lead(sheet, gists) for sheet in placed], True, definer.findings()


class _Definer:
    """Puts the list where it stands, and leads words to it; it remembers which it has met."""

    def __init__(self, definitions: Sequence[Definition]) -> None:
        self._definitions = definitions
        self._digest = digest(definitions)
        self._by_word: dict[str, Definition] = {}
        for one in definitions:
            for word in one.words:
                self._by_word.setdefault(word, one)
        marked = {word: one for word, one in self._by_word.items() if one.marked}
        self._finder = Finder(marked) if marked else None
        self._met: set[str] = set()
        self._unknown: list[Finding] = []
        self.placed = False

    def put(self, sheet: Sheet, gists: Gists) -> Sheet:
        """A file with the list in its first place for one."""
        if self.placed or not any(GLOSSARY in line for line in sheet.file.lines):
            return sheet
        one, self.placed = gists.passed(sheet, "list of definitions", self._digest, self._filled)
        return one

    def _filled(self, file: SourceFile) -> tuple[SourceFile, bool]:
        """A file with the list in its first place, and whether it has one."""
        places: list[Block] = []

        def block(one: Block) -> list[Block] | None:
            if places or one["t"] != "Div" or GLOSSARY not in one["c"][0][1]:
                return None
            places.append(one)
            (name, classes, pairs), said = one["c"]
            line = one.get("line", 0)
            rows = [_entry(definition, line) for definition in self._definitions]
            listed = {"t": "Div", "c": [["", [BY_NAME], []], rows], "line": line}
            return [{**one, "c": [[name, classes, pairs], [*said, listed]]}]

        return replace(file, blocks=rewrite(file.blocks, block)), bool(places)

    def lead(self, sheet: Sheet, gists: Gists) -> Sheet:
        """A file whose words lead to their definitions: those of its author's marks, and the first of each other."""
        one, gist = gists.passed(sheet, "defined", self._digest, self._led)
        self._met.update(gist["met"])
        self._unknown += map(Finding.from_dict, gist["unknown"])
        return one

    def _led(self, file: SourceFile) -> tuple[SourceFile, dict[str, Any]]:
        """A file that is led, with the words that it has met and what is unknown in it."""
        leading = _Leading(self._by_word, file)
        own_marks = any(TERM in line or GLOSSARY in line for line in file.lines)
        blocks = rewrite(file.blocks, None, leading.own) if own_marks else file.blocks
        finder = self._finder
        if finder is not None:
            blocks = _in_running_text(blocks, lambda inlines: leading.found(finder, inlines))
        return replace(file, blocks=blocks), {
            "met": sorted(leading.met),
            "unknown": [one.as_dict() for one in leading.unknown],
        }

    def findings(self) -> list[Finding]:
        """Marks of words that are not defined; words that stand nowhere."""
        found = list(self._unknown)
        for one in self._definitions:
            if one.marked and one.term not in self._met:
                problem = f'"{one.term}" is defined and stands nowhere in the book'
                found.append(Finding("glossary-unused", "note", one.place, problem, "Check its spelling"))
        return found


@dataclass
class _Leading:
    """One file on its way: the words that lead to their definitions already, those met, those that nobody defines."""

    by_word: Mapping[str, Definition]
    file: SourceFile
    led: set[str] = field(default_factory=set)
    met: set[str] = field(default_factory=set)
    unknown: list[Finding] = field(default_factory=list)

    def own(self, inlines: list[Inline], line: int) -> list[Inline]:
        """A run of text with its author's own marks leading to definitions."""

        def change(one: Inline) -> list[Inline] | None:
            if one["t"] != "Span" or TERM not in one["c"][0][1]:
                return None
            word = key_values(one["c"][0]).get("key") or " ".join(text(children(one)).split())
            definition = self.by_word.get(word)
            if definition is None:
                place = Place(self.file.name, line_of(word, list(self.file.lines), line))
                self.unknown.append(self._told(word, place))
                return children(one)
            self.led.add(definition.term)
            self.met.add(definition.term)
            return [_link(definition, children(one), one["c"][0][0])]

        return map_inlines(inlines, change)

    def _told(self, word: str, place: Place) -> Finding:
        near = difflib.get_close_matches(word, list(self.by_word), n=1)
        remedy = f'Did you mean "{near[0]}"?' if near else "Add it to the definitions, or take the mark away"
        return Finding("glossary-unknown", "warning", place, f'"{word}" is not defined', remedy)

    def found(self, finder: Finder, inlines: list[Inline]) -> list[Inline]:
        """A run of text with the first of each word leading to its definition."""
        parts = leaves(inlines, _is_apart)
        whole = "".join(OBJECT * len(one.text) if one.opaque else one.text for one in parts)
        stretches = []
        for start, word in finder.find(whole):
            definition = self.by_word[word]
            self.met.add(definition.term)
            if definition.term not in self.led and _in_one(parts, start, len(word)):
                self.led.add(definition.term)
                stretches.append(Stretch(start, len(word), partial(_link, definition)))
        return Cutter(stretches).cut(inlines) if stretches else inlines


def _in_running_text(blocks: list[Block], unit: Callable[[list[Inline]], list[Inline]]) -> list[Block]:
    """The blocks with each run of running text changed: not headings, captions, cells, lists of literature.

    Notes come last: a reader meets a word in the text before one in a note that is called behind it.
    """
    notes: list[Inline] = []
    bare = _swapped(blocks, lambda one: _put_by(notes, one) if one.get("t") == "Note" else None)
    changed = _changed(bare, unit)
    if not notes:
        return changed
    told = [{**one, "c": _in_running_text(one["c"], unit)} for one in notes]
    return list(_swapped(changed, lambda one: told[int(one["c"][1])] if _is_put_by(one) else None))


def _put_by(notes: list[Inline], note: Inline) -> Inline:
    """What stands for a note that is put by."""
    notes.append(note)
    return {"t": "RawInline", "c": [_HELD, str(len(notes) - 1)]}


def _is_put_by(one: Inline) -> bool:
    return one.get("t") == "RawInline" and one["c"][0] == _HELD


def _swapped(content: Any, swap: Callable[[dict[str, Any]], dict[str, Any] | None]) -> Any:
    """A tree with those of its nodes changed for which `swap` gives another one."""
    if isinstance(content, list):
        return [_swapped(one, swap) for one in content]
    if isinstance(content, dict):
        other = swap(content)
        return {key: _swapped(value, swap) for key, value in content.items()} if other is None else other
    return content


def _changed(blocks: list[Block], unit: Callable[[list[Inline]], list[Inline]]) -> list[Block]:
    def is_kept(one: Block) -> bool:
        return one["t"] in _APART or (one["t"] == "Div" and bool(_LISTS & set(one["c"][0][1])))

    return rewrite_around(blocks, is_kept, lambda _one: None, lambda inlines, _line: unit(inlines))


def _link(definition: Definition, inlines: list[Inline], name: str = "") -> Inline:
    return {"t": "Link", "c": [[name, [TERM], []], inlines, [f"#{definition.id}", ""]]}


def _entry(definition: Definition, line: int) -> Block:
    """An entry of the list: its word and what it means, a paragraph for each that is parted by an empty line."""
    paragraphs = [one for one in definition.meaning.split("\n\n") if one.strip()]
    meaning = [{"t": "Para", "c": phrase(one), "line": line} for one in paragraphs]
    listed = {"t": "DefinitionList", "c": [[phrase(definition.term), [meaning]]], "line": line}
    pairs = [[READING, definition.reading]] if definition.reading else []
    return {"t": "Div", "c": [[definition.id, [DEFINED], pairs], [listed]], "line": line}


def _in_one(parts: Sequence[Leaf], start: int, length: int) -> bool:
    """Whether a stretch lies in one piece of text, so that a link can hold the whole of it."""
    at = 0
    for one in parts:
        if at <= start < at + len(one.text):
            return start + length <= at + len(one.text)
        at += len(one.text)
    return False


def _is_apart(one: Inline) -> bool:
    """Whether no word is looked for in a container: what leads elsewhere already, letters of a reference."""
    return one["t"] == "Link" or (one["t"] == "Span" and bool({"xref-text", "citation"} & set(one["c"][0][1])))
