"""Words marked for an index: by their author, `[词]{.index}`, or wherever a word of the book's list stands.

Each mark is a span of the class `index` with an id, and says by its attributes where in the index it belongs: `key` is
the entry, its levels parted by `!` as in LaTeX, `see` and `seealso` are other entries, `reading` is its pinyin, `of`
the index that is meant; `range` is `start` or `end` of a passage on it. What an entry is called in an edition, and what
leads to it, is known when that is numbered.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from publish.cache import digest
from publish.errors import Faults, Place, PublishError
from publish.findings import Finding
from publish.source.document import (
    CONTAINERS,
    Attr,
    Block,
    Inline,
    children,
    key_values,
    map_inlines,
    rewrite,
    string,
    text,
    with_children,
)
from publish.source.features.around import rewrite_around
from publish.source.features.stretches import Cutter, Finder, Stretch
from publish.source.leaves import OBJECT, leaves
from publish.source.places import line_of
from publish.source.sheets import Gists, Sheet, SourceFile, sheet_of
from publish.yamlfile import KeyPath, YamlDocument

INDEX = "index"  # the class of a marked word, and of the division that the index is put into
LEVELS = "!"  # between the levels of an entry
_FULL_LEVELS = "！"  # as an input method for Chinese writes it
_LITERATURE = "csl-bib-body"  # the class of a list of literature, which no index speaks of
TERMS, NAMES = "", "names"  # which index is meant: that of everything, unless it is said
_KINDS = {"name": NAMES, "names": NAMES}  # classes beside it
# LaTeX's own, as authors of bookdown write it: \index{key}, \index{sort@key!below|see{other}}; \printindex.
_LATEX = re.compile(r"\\index\{((?:[^{}]|\{[^{}]*\})*)\}")
_LATEX_PLACE = "\\printindex"
_PLACE_ALL = "Write ::: index and ::: where it is to stand"
_PLACE = 'Write ::: {{.index of="{}"}} and ::: where it is to stand'
_OPTIONS = ("key", "see", "seealso", "reading", "also")
START, END = "start", "end"  # of a passage that an entry is about
_LATEX_RANGES = {"(": START, ")": END}


@dataclass(frozen=True)
class IndexTerm:
    """A word of the book's list: what marks it in the text, and where in which index it belongs."""

    words: tuple[str, ...]
    kind: str
    key: str
    see: str = ""
    seealso: str = ""
    reading: str = ""
    place: Place = field(default_factory=lambda: Place(""))

    @property
    def pairs(self) -> list[list[str]]:
        """The attributes of a mark; a word that only leads to another counts as that one."""
        rows = (("key", self.see or self.key), ("seealso", self.seealso), ("reading", "" if self.see else self.reading))
        return [*_of(self.kind), *([name, value] for name, value in rows if value)]


def kind_of(attributes: Attr) -> str:
    """Which index a mark or a division means."""
    named = key_values(attributes).get("of", "")
    return named or next((_KINDS[name] for name in attributes[1] if name in _KINDS), TERMS)


def _of(kind: str) -> list[list[str]]:
    return [["of", kind]] if kind else []


# --- the list ---------------------------------------------------------------------------------------------------------


def read_index_terms(document: YamlDocument) -> tuple[IndexTerm, ...]:
    """The words of a list: `terms:`, `names:` and others, each a list of words or a map of words to entries.

    Raises `PublishError` with file, line and key for all that is not allowed in it.
    """
    data, faults = document.data, Faults()
    if data is None:
        return ()
    if isinstance(data, list):
        data = {"terms": data}
    if not isinstance(data, dict):
        raise _wrong(document, (), "the list is neither a list of words nor a map of such lists")
    terms: list[IndexTerm] = []
    for kind, rows in data.items():
        with faults.kept():
            path = () if isinstance(document.data, list) else (kind,)
            terms += _terms(document, TERMS if kind == "terms" else str(kind), rows, path, faults)
    faults.tell()
    return tuple(terms)


def _wrong(document: YamlDocument, path: KeyPath, problem: str) -> PublishError:
    return PublishError(problem, "Write terms: and under it a word on each line", document.place(path))


def _terms(document: YamlDocument, kind: str, rows: Any, path: KeyPath, faults: Faults) -> Iterator[IndexTerm]:
    if isinstance(rows, list):
        for number, word in enumerate(rows):
            with faults.kept():
                yield _term(document, kind, word, None, (*path, number))
    elif isinstance(rows, dict):
        for word, options in rows.items():
            with faults.kept():
                yield _term(document, kind, word, options, (*path, word))
    elif rows is not None:
        raise _wrong(document, path, f"{path[-1]} is neither a list of words nor a map of them")


def _term(document: YamlDocument, kind: str, word: Any, options: Any, path: KeyPath) -> IndexTerm:
    options = {"key": options} if isinstance(options, str | int) else options or {}
    if not isinstance(word, str | int) or not str(word).strip():
        raise _wrong(document, path, "this is not a word")
    if not isinstance(options, dict) or set(options) - set(_OPTIONS):
        strange = next((str(key) for key in options if key not in _OPTIONS), "") if isinstance(options, dict) else ""
        raise PublishError(
            f'unknown key "{strange}"' if strange else f'what stands behind "{word}" is not an entry',
            f"Write an entry, or a map with {', '.join(_OPTIONS)}",
            document.place((*path, strange) if strange else path),
        )
    also = options.get("also") or []
    said = {key: " ".join(str(value).split()) for key, value in options.items() if key != "also" and value is not None}
    words = [str(one).strip() for one in ([word, *also] if isinstance(also, list) else [word, also])]
    return IndexTerm(
        tuple(one for one in words if one),
        kind,
        _levels(said.get("key", "")) or words[0],
        _levels(said.get("see", "")),
        _levels(said.get("seealso", "")),
        said.get("reading", ""),
        document.place(path),
    )


def _levels(said: str) -> str:
    """An entry as it was said, with its levels parted as ours are."""
    return said.replace(_FULL_LEVELS, LEVELS)


# --- the text ---------------------------------------------------------------------------------------------------------


def mark_words(
    sheets: Sequence[Sheet], terms: Sequence[IndexTerm], gists: Gists
) -> tuple[list[Sheet], bool, list[Finding]]:
    """The files with all words for an index marked, whether there are any, and what is wrong with them."""
    having = [any(INDEX in line for line in sheet.file.lines) for sheet in sheets]
    if not terms and not any(having):
        return list(sheets), False, []
    marker = _Marker(terms)
    marked = [
        marker.mark(sheet, gists) if wanted or terms else sheet for sheet, wanted in zip(sheets, having, strict=True)
    ]
    led = [marker.led(sheet, gists) if wanted else sheet for sheet, wanted in zip(marked, having, strict=True)]
    return led, marker.found, marker.findings()


@dataclass
class _Met:
    """What was met in a text, or in several, in order.

    `names` counts the ids that were given, by the hash of their entry; `keys` are what authors' own marks say; `first`
    is the first mark of each kind, `placed` the kinds that an index stands for, `empty` the marks of no word.
    `passages`: whether marks say where a passage begins or ends.
    """

    names: Counter[str] = field(default_factory=Counter)
    terms: set[int] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    first: dict[str, Place] = field(default_factory=dict)
    placed: set[str] = field(default_factory=set)
    empty: list[Place] = field(default_factory=list)
    passages: bool = False

    def add(self, other: _Met) -> None:
        """Add what was met behind."""
        self.names.update(other.names)
        self.terms |= other.terms
        self.keys |= other.keys
        for kind, place in other.first.items():
            self.first.setdefault(kind, place)
        self.placed |= other.placed
        self.empty += other.empty

    def as_gist(self) -> dict[str, Any]:
        """What was met, as JSON has it."""
        return {
            "names": dict(self.names),
            "terms": sorted(self.terms),
            "keys": sorted(self.keys),
            "first": {kind: [one.file, one.line] for kind, one in self.first.items()},
            "placed": sorted(self.placed),
            "empty": [[one.file, one.line] for one in self.empty],
            "passages": self.passages,
        }

    @classmethod
    def from_gist(cls, gist: Mapping[str, Any]) -> _Met:
        """What was met, from JSON."""
        return cls(
            Counter(gist["names"]),
            set(gist["terms"]),
            set(gist["keys"]),
            {kind: Place(*one) for kind, one in gist["first"].items()},
            set(gist["placed"]),
            [Place(*one) for one in gist["empty"]],
            gist["passages"],
        )


class _Marker:
    """Marks words, and remembers which it has met and where an index is to stand."""

    def __init__(self, terms: Sequence[IndexTerm]) -> None:
        self._terms = terms
        self._digest = digest(terms)
        self._leading = [term for term in terms if term.see]
        self._words = _Words(terms)
        self._met = _Met()
        self._open: dict[tuple[str, str], Place] = {}  # where passages begin that have not ended, by index and entry
        self._ranges: list[Finding] = []

    def mark(self, sheet: Sheet, gists: Gists) -> Sheet:
        """A file with its words marked; one that was marked before is taken where its ids are as they were.

        So is one with passages, where those are open before it that were: one may begin in another file.
        """
        key, opened = gists.key(sheet, "marks", self._digest), dict(self._open)
        gist, marking, done = gists.known(key), None, None
        if gist is None:
            marking = self._marking(sheet.file, self._met.names, self._open)
            done = marking.mark(sheet.whole)
            gist = gists.keep(key, marking.met.as_gist())
        met = _Met.from_gist(gist)
        before = Counter({name: self._met.names[name] for name in met.names})
        self._met.add(met)
        if not met.passages:

            def make(file: SourceFile) -> tuple[SourceFile, bool]:
                return done or self._marking(file, before, {}).mark(file), True

            return gists.passed(sheet, "marked", [self._digest, before], make)[0]
        key = gists.key(sheet, "passages", self._digest, before, _as_rows(opened))
        passed = gists.known(key)
        if passed is None:
            marking = marking or self._marking(sheet.file, before, self._open)
            done = done or marking.mark(sheet.whole)
            ranges = [one.as_dict() for one in marking.ranges]
            passed = gists.keep(key, {"open": _as_rows(self._open), "ranges": ranges})
        self._open = {(kind, entry): Place(*place) for kind, entry, *place in passed["open"]}
        self._ranges += map(Finding.from_dict, passed["ranges"])
        again = self._marking(sheet.file, before, opened)
        return sheet_of(done, key) if done else sheet.after(key, lambda: again.mark(sheet.whole))

    def _marking(self, file: SourceFile, before: Counter[str], passages: dict[tuple[str, str], Place]) -> _Marking:
        return _Marking(self._words, file, before, passages)

    @property
    def found(self) -> bool:
        """Whether any word is marked, or an index is to stand anywhere."""
        return bool(self._met.first or self._met.placed)

    def led(self, sheet: Sheet, gists: Gists) -> Sheet:
        """A file with what only leads to other entries put into its indexes."""
        if not self._leading or not self._met.placed:
            return sheet
        return gists.passed(sheet, "leading", [self._digest, sorted(self._met.placed)], self._led)[0]

    def _led(self, file: SourceFile) -> tuple[SourceFile, bool]:
        def block(one: Block) -> list[Block] | None:
            if one["t"] != "Div" or INDEX not in one["c"][0][1]:
                return None
            mine = [term for term in self._leading if self._home(term.kind) == kind_of(one["c"][0])]
            if not mine or any("index-see" in inner["c"][0][1] for inner in one["c"][1] if inner["t"] == "Div"):
                return None
            spans = [
                _span("", [*_of(t.kind), ["key", t.key], ["see", t.see], ["reading", t.reading]], []) for t in mine
            ]
            see = {
                "t": "Div",
                "c": [["", ["index-see"], []], [{"t": "Plain", "c": spans, "mark": False, "line": one.get("line", 0)}]],
            }
            return [{**one, "c": [one["c"][0], [*one["c"][1], see]]}]

        return replace(file, blocks=rewrite(file.blocks, block)), True

    def _home(self, kind: str) -> str:
        """The index that a kind of words stands in: its own, or that of everything."""
        return kind if kind in self._met.placed else TERMS

    def findings(self) -> list[Finding]:
        """No place for an index, words of the list that are nowhere, marks of no word."""
        problem, remedy = "a mark for the index names no word", 'Write the word in its brackets, or key="…" behind them'
        found = [Finding("index-empty", "warning", place, problem, remedy) for place in self._met.empty]
        found += [*self._ranges, *(_unpaired(key, START, place) for (_, key), place in self._open.items())]
        for kind, first in self._met.first.items():
            if self._home(kind) not in self._met.placed:
                which = f"the index of {kind}" if kind else "an index"
                problem, remedy = f"words are marked for {which}, which the book does not have", _PLACE.format(kind)
                found.append(Finding("index-unplaced", "warning", first, problem, remedy if kind else _PLACE_ALL))
        for number, term in enumerate(self._terms):
            met = number in self._met.terms
            if not met and not term.see and self._met.keys.isdisjoint({*term.words, term.key}):
                problem = f'"{term.words[0]}" is listed for the index and stands nowhere in the book'
                found.append(Finding("index-unused", "note", term.place, problem, "Check its spelling, or take it out"))
        return found


def _as_rows(opened: Mapping[tuple[str, str], Place]) -> list[list[Any]]:
    """Where passages begin that have not ended, as JSON has it."""
    return [[*entry, place.file, place.line] for entry, place in opened.items()]


class _Words:
    """The words of a book's list, by each of which its term and its number are found."""

    def __init__(self, terms: Sequence[IndexTerm]) -> None:
        self.by_word: dict[str, tuple[int, IndexTerm]] = {}
        for number, term in enumerate(terms):
            for word in term.words:
                self.by_word.setdefault(word, (number, term))
        self.finder = Finder(self.by_word) if terms else None


class _Marking:
    """Marks the words of one file; `before` counts the ids given before it, `passages` are those open there."""

    def __init__(
        self, words: _Words, file: SourceFile, before: Counter[str], passages: dict[tuple[str, str], Place]
    ) -> None:
        self._words, self._file, self._before, self._open = words, file, before, passages
        self.met = _Met()
        self.ranges: list[Finding] = []

    def mark(self, file: SourceFile) -> SourceFile:
        """The file with its words marked."""

        def block(one: Block) -> list[Block] | None:
            if one["t"] == "Para" and one["c"] == [string(_LATEX_PLACE)]:
                self.met.placed.add(TERMS)
                return [{**one, "t": "Div", "c": [["", [INDEX], []], []]}]
            if one["t"] == "Div" and INDEX in one["c"][0][1]:
                self.met.placed.add(kind_of(one["c"][0]))
            return None

        def is_kept(one: Block) -> bool:
            return bool(one["t"] == "Div" and _LITERATURE in one["c"][0][1])

        return replace(file, blocks=rewrite_around(file.blocks, is_kept, block, self._unit))

    def _unit(self, inlines: list[Inline], line: int) -> list[Inline]:
        def place(word: str) -> Place:
            return Place(self._file.name, line_of(word, list(self._file.lines), line))

        return self._found(self._own(_from_latex(inlines), place), place)

    def _first(self, kind: str, word: str, place: Callable[[str], Place]) -> None:
        if kind not in self.met.first:
            self.met.first[kind] = place(word)

    def _own(self, inlines: list[Inline], place: Callable[[str], Place]) -> list[Inline]:
        """The author's own marks, each with its entry and an id; one that only leads elsewhere needs none."""
        out: list[Inline] = []
        for one in inlines:
            if one["t"] not in CONTAINERS:
                out.append(one)
                continue
            inner = with_children(one, self._own(children(one), place))
            out.append(self._marked(inner, place) if _is_mark(one) else inner)
        return out

    def _marked(self, one: Inline, place: Callable[[str], Place]) -> Inline:
        (name, classes, _), inner = one["c"]
        pairs = key_values(one["c"][0])
        word = " ".join(text(inner).split())
        key = _levels(" ".join(pairs.get("key", "").split())) or word
        if not key.strip(LEVELS):
            self.met.empty.append(place("{.index"))
            return {**one, "c": [[name, [c for c in classes if c != INDEX], []], inner]}
        kind = kind_of(one["c"][0])
        listed = self._listed(word, kind)
        if listed and not {"key", "see"} & set(pairs):  # the list says what its words are called
            key, pairs = listed.see or listed.key, {**dict(listed.pairs), **pairs}
        self._first(kind, word or key, place)
        self.met.keys |= {word, key}
        if "range" in pairs:
            self.met.passages = True
            pairs = self._ranged((kind, key), pairs, place(word or key))
        rest = [[k, _levels(v) if k in ("see", "seealso") else v] for k, v in pairs.items() if k not in ("key", "of")]
        left = [c for c in classes if c != INDEX and c not in _KINDS]
        own = name if "see" in pairs else name or self._name(key)
        return {**one, "c": [[own, [INDEX, *left], [*_of(kind), ["key", key], *rest]], inner]}

    def _ranged(self, entry: tuple[str, str], pairs: dict[str, str], place: Place) -> dict[str, str]:
        """The attributes of a mark that begins or ends a passage, without `range` where it does neither."""
        side, before = pairs["range"], self._open.pop(entry, None)
        if side == START:
            self.ranges += [_unpaired(entry[1], START, before)] if before else []
            self._open[entry] = place
        elif side != END or not before:
            self.ranges.append(_unpaired(entry[1], side, place))
            return {name: value for name, value in pairs.items() if name != "range"}
        return pairs

    def _listed(self, word: str, kind: str) -> IndexTerm | None:
        """The word of the list that an author's own mark is of; it is met, whatever the mark says of it."""
        number, term = self._words.by_word.get(word, (0, None))
        if term is None or term.kind != kind:
            return None
        self.met.terms.add(number)
        return term

    def _found(self, inlines: list[Inline], place: Callable[[str], Place]) -> list[Inline]:
        """The words of the list, marked wherever they stand in a run of text."""
        if self._words.finder is None:
            return inlines
        parts = leaves(inlines, _is_apart)
        whole = "".join(OBJECT * len(one.text) if one.opaque else one.text for one in parts)
        found = list(self._words.finder.find(whole))
        if not found:
            return inlines
        marks = []
        for start, word in found:
            number, term = self._words.by_word[word]
            self.met.terms.add(number)
            self._first(term.kind, word, place)
            marks.append(Stretch(start, len(word), partial(_span, self._name(term.see or term.key), term.pairs)))
        return Cutter(marks).cut(inlines)

    def _name(self, key: str) -> str:
        """An id that depends on the entry and on how many marks of it stand before."""
        name = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:10]
        self.met.names[name] += 1
        number = self._before[name] + self.met.names[name]
        return f"ix-{name}" if number == 1 else f"ix-{name}-{number}"


def _unpaired(key: str, side: str, place: Place) -> Finding:
    """What is said of a mark whose passage does not end, or has not begun; the entry leads to the mark alone."""
    problems = {START: f'the passage on "{key}" does not end', END: f'no passage on "{key}" has begun'}
    other = END if side == START else START
    remedy = f'Write []{{.index key="{key}" range={other}}} where it does'
    if side not in problems:
        remedy = f"Write range={START} where the passage begins, range={END} where it ends"
    problem = problems.get(side, f'range="{side}" says nothing')
    return Finding("index-range", "warning", place, f"{problem}: the index leads to this place alone", remedy)


def _from_latex(inlines: list[Inline]) -> list[Inline]:
    """The inlines with LaTeX's marks as ours: of one that has a space in it, pandoc has made several texts."""
    if not any(one["t"] == "Str" and "\\index{" in one["c"] for one in inlines):
        return inlines
    out: list[Inline] = []
    words = ""
    for one in [*inlines, None]:
        if one is not None and one["t"] in ("Str", "Space", "SoftBreak"):
            words += one["c"] if one["t"] == "Str" else " " if one["t"] == "Space" else "\n"
            continue
        for number, piece in enumerate(_LATEX.split(words)):
            out += [_latex_mark(piece)] if number % 2 else _words(piece)
        words = ""
        out += [one] if one is not None else []
    return out


def _latex_mark(said: str) -> Inline:
    key, _, how = said.partition("|")
    levels = [level.rpartition("@")[2].strip() for level in key.split(LEVELS)]
    pairs = [["key", LEVELS.join(levels)]]
    other = re.match(r"(see(?:also)?)\{(.*)\}", how)
    pairs += [["range", _LATEX_RANGES[how[0]]]] if how[:1] in _LATEX_RANGES else []
    return _span("", [*pairs, *([[other[1], other[2]]] if other else [])], [])


def _words(text: str) -> list[Inline]:
    nodes = {" ": {"t": "Space"}, "\n": {"t": "SoftBreak"}}
    return [nodes.get(one) or string(one) for one in re.split(r"([ \n])", text) if one]


def _is_mark(one: Inline) -> bool:
    return one["t"] == "Span" and INDEX in one["c"][0][1]


def _is_apart(one: Inline) -> bool:
    """Whether no word of the list is looked for in a container: a mark already, an address, letters of a reference."""
    if one["t"] == "Link" and {"uri", "email"} & set(one["c"][0][1]):
        return True
    return one["t"] == "Span" and bool({INDEX, "xref-text"} & set(one["c"][0][1]))


def _span(name: str, pairs: list[list[str]], inlines: list[Inline]) -> Inline:
    return {"t": "Span", "c": [[name, [INDEX], [pair for pair in pairs if pair[1]]], inlines]}


def unmarked(inlines: list[Inline]) -> list[Inline]:
    """The inlines without marks, for a text that is said a second time."""
    return map_inlines(inlines, lambda one: unmarked(children(one)) if _is_mark(one) else None)
