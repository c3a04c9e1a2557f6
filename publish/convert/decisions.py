"""The decisions: what an editor has settled, for a term in its context, in one edition."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from publish.errors import Place, PublishError, UsageError
from publish.regions import region

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

KeyPath = tuple[str | int, ...]

# In a context, the edges of a block, and what stands for something that is not text: code, a formula, a line break.
FIRST = "^"
LAST = "$"
THING = "▢"
_THINGS = str.maketrans({"\ufffc": THING, "\n": THING})

# How many characters of context a decision on one place has on each side; fewer than `_ENOUGH` in all need the edges.
CONTEXT = 6
_ENOUGH = 4


@dataclass(frozen=True, order=True)
class Decision:
    """What `term` becomes in `edition` where `before` stands in front of it and `after` behind it, in the same block.

    An empty context fits everywhere. `^` at the beginning of `before` is the block's beginning, `$` at the end of
    `after` its end, and `▢` in either is code, a formula, an image or a line break. `keep` protects the term: `form`
    is then the term itself. `line` is that of the decision in its file.
    """

    edition: str
    term: str
    before: str = ""
    after: str = ""
    form: str = ""
    keep: bool = False
    note: str = ""
    line: int = field(default=0, compare=False)

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it decides on: no two decisions of a book have the same."""
        return self.edition, self.term, self.before, self.after

    @property
    def breadth(self) -> int:
        """How much context it asks for: of two decisions that fit, the one that asks for more is meant."""
        return len(self.before) + len(self.after)

    def fits(self, text: str, start: int) -> bool:
        """Whether the term, which stands in `text` (of `shown`) at `start`, has this context."""
        end = start + len(self.term)
        if self.before.startswith(FIRST):
            if text[:start] != self.before[1:]:
                return False
        elif not text.endswith(self.before, 0, start):
            return False
        if self.after.endswith(LAST):
            return text[end:] == self.after[:-1]
        return text.startswith(self.after, end)

    def met(self, text: str) -> bool:
        """Whether a block's text has the term in this context anywhere."""
        if self.term not in text:
            return False
        text = shown(text)
        return any(self.fits(text, found.start()) for found in re.finditer(f"(?={re.escape(self.term)})", text))


def shown(text: str) -> str:
    """A block's text as contexts have it: code, formulas and line breaks are one sign."""
    return text.translate(_THINGS)


def context(text: str, start: int, end: int, length: int = CONTEXT) -> tuple[str, str]:
    """The context of the term at `start` to `end`: so many characters, and the block's edges where these are few."""
    text = shown(text)
    before, after = text[max(0, start - length) : start], text[end : end + length]
    # A sign of the text's own must not be read as an edge.
    before = before.lstrip(FIRST)
    after = after.rstrip(LAST)
    if len(before) + len(after) < _ENOUGH:
        if start <= length and before == text[:start]:
            before = FIRST + before
        if len(text) - end <= length and after == text[end:]:
            after += LAST
    return before, after


@dataclass(frozen=True, slots=True)
class DecisionMatch:
    """A decided term at code points `start` to `end`, what it becomes, and by which decision."""

    start: int
    end: int
    term: str
    form: str
    decision: Decision


@dataclass(frozen=True)
class Decisions:
    """All decisions of a book, and the file that they stand in."""

    all: tuple[Decision, ...] = ()
    file: str = ""
    empty: ClassVar[Decisions]

    @property
    def editions(self) -> frozenset[str]:
        """The keys of all editions that are decided on."""
        return frozenset(one.edition for one in self.all)

    def of(self, edition: str, base: str | None = None) -> tuple[Decision, ...]:
        """The decisions that hold in an edition: its own, and those for the edition that it is based on."""
        own = [one for one in self.all if one.edition == edition]
        taken = {one.key[1:] for one in own}
        inherited = [one for one in self.all if one.edition == base != edition and one.key[1:] not in taken]
        return (*own, *inherited)

    def matcher(self, edition: str, base: str | None = None) -> DecisionMatcher | None:
        """What finds the decided terms of an edition; None where there are none."""
        found = self.of(edition, base)
        return DecisionMatcher(found) if found else None

    def place(self, decision: Decision) -> Place:
        """Where a decision is written."""
        return Place(self.file, decision.line, f"{decision.edition}.{decision.term}")


Decisions.empty = Decisions()


class DecisionMatcher:
    """Finds decided terms: leftmost first, of those that begin together the longest, then the one with most context."""

    def __init__(self, decisions: Iterable[Decision]) -> None:
        by_term: dict[str, list[Decision]] = {}
        for one in decisions:
            by_term.setdefault(one.term, []).append(one)
        self._terms: dict[str, list[tuple[str, list[Decision]]]] = {}
        for term in sorted(by_term, key=lambda term: (-len(term), term)):
            wide = sorted(by_term[term], key=lambda one: -one.breadth)
            self._terms.setdefault(term[0], []).append((term, wide))
        self._firsts = re.compile(f"[{re.escape(''.join(self._terms))}]")

    def matches(self, text: str) -> Iterator[DecisionMatch]:
        """The decided terms of a block's text, in order; none overlaps another."""
        end, seen = 0, ""
        for found in self._firsts.finditer(text):
            start = found.start()
            if start < end:
                continue
            seen = seen or shown(text)
            decision = self._decision(seen, start)
            if decision is not None:
                end = start + len(decision.term)
                yield DecisionMatch(start, end, decision.term, decision.form, decision)

    def _decision(self, text: str, start: int) -> Decision | None:
        for term, decisions in self._terms[text[start]]:
            if text.startswith(term, start):
                found = next((one for one in decisions if one.fits(text, start)), None)
                if found is not None:
                    return found
        return None


def read_decisions_data(data: object, file: str, lines: Callable[[KeyPath], int] = lambda _: 0) -> Decisions:
    """Decisions from what their YAML file holds: edition to term to a list of `{before, after, as | keep, note}`.

    `lines` tells the line of a key path such as `("zh-TW", "干", 0)`. Raises `PublishError` with the place of what is
    wrong.
    """
    return Decisions(tuple(_DecisionReader(file, lines).read(data)), file)


_REMEDY = "Write {before: …, after: …, as: …}; see: publish review"
_KEYS = ("before", "after", "as", "keep", "note")


@dataclass(frozen=True)
class _DecisionReader:
    file: str
    lines: Callable[[KeyPath], int]

    def read(self, data: object) -> list[Decision]:
        if data is None:
            return []
        found: dict[tuple[str, str, str, str], Decision] = {}
        for key, terms in self._mapping(data, (), "the decisions are a mapping from editions to terms").items():
            for term, rows in self._mapping(terms or {}, (key,), "an edition has a mapping from terms").items():
                for decision in self._rows(edition_key(key), term, rows, (key, term)):
                    if decision.key in found:
                        problem = f'"{term}" is decided on twice here, first in line {found[decision.key].line}'
                        raise PublishError(problem, "Keep one of the two", self._place(decision.line, (key, term)))
                    found[decision.key] = decision
        return list(found.values())

    def _rows(self, edition: str, term: str, rows: object, path: KeyPath) -> Iterator[Decision]:
        if not isinstance(rows, list) or not rows:
            raise self._error("a term must have a list of decisions", f"- {_REMEDY.removeprefix('Write ')}", path)
        for index, row in enumerate(rows):
            yield self._row(edition, term, row, (*path, index))

    def _row(self, edition: str, term: str, row: object, path: KeyPath) -> Decision:
        if not isinstance(row, dict):
            raise self._error("a decision must be a map of keys and values", _REMEDY, path)
        for key, value in row.items():
            if key not in _KEYS:
                raise self._error(f'unknown key "{key}"', f"Allowed are {', '.join(_KEYS)}", (*path, str(key)))
            if key == "keep" and value is not True:
                raise self._error("keep can only be true", _REMEDY, (*path, key))
            if key != "keep" and not isinstance(value, str):
                raise self._error(f"{key} is not text", f'Write it in quotation marks: {key}: "…"', (*path, key))
        if ("as" in row) == ("keep" in row) or row.get("as") == "":
            raise self._error("a decision must say what the term becomes, or keep: true", _REMEDY, path)
        return Decision(
            edition,
            term,
            row.get("before", ""),
            row.get("after", ""),
            row.get("as", term),
            "keep" in row,
            row.get("note", ""),
            self.lines(path),
        )

    def _mapping(self, data: object, path: KeyPath, problem: str) -> dict[str, object]:
        if not isinstance(data, dict):
            raise self._error(problem, _REMEDY, path)
        for key in data:
            if not isinstance(key, str) or not key.strip():
                raise self._error(f"{key!r} is not text", "Write it in quotation marks", (*path, str(key)))
        return data

    def _error(self, problem: str, remedy: str, path: KeyPath) -> PublishError:
        return PublishError(problem, remedy, self._place(self.lines(path), path))

    def _place(self, line: int, path: Sequence[str | int]) -> Place:
        return Place(self.file, line, ".".join(map(str, path)))


def edition_key(key: str) -> str:
    """A region's own key for any tag of it; the key of a custom edition as it is."""
    try:
        return region(key).key
    except UsageError:
        return key
