"""Words of a list found in running text, and marks put around them: for an index, for a glossary."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from publish.source.document import CONTAINERS, Inline, children, string, with_children
from publish.source.leaves import leaves


class Finder:
    """Finds words in a text, the longest of those that begin at a place; Latin words only as wholes."""

    def __init__(self, words: Mapping[str, object]) -> None:
        self._by_first: dict[str, list[str]] = {}
        for word in sorted(words, key=len, reverse=True):
            self._by_first.setdefault(word[0], []).append(word)
        self._first = re.compile(f"[{''.join(map(re.escape, self._by_first))}]")

    def find(self, whole: str) -> Iterator[tuple[int, str]]:
        """Where words stand, and which."""
        at = 0
        while found := self._first.search(whole, at):
            start = found.start()
            word = next((one for one in self._by_first[found[0]] if self._stands(whole, start, one)), "")
            if word:
                yield start, word
            at = start + max(len(word), 1)

    @staticmethod
    def _stands(whole: str, start: int, word: str) -> bool:
        end = start + len(word)
        return (
            whole.startswith(word, start)
            and not (_LATIN.match(word) and _LATIN.match(whole[start - 1 : start]))
            and not (_LATIN.match(word[-1]) and _LATIN.match(whole[end : end + 1]))
        )


_LATIN = re.compile(r"[A-Za-z0-9À-ɏ]")


@dataclass(frozen=True)
class Stretch:
    """A stretch of a run of text to be marked: where it begins, how long it is, what makes its mark of the inlines."""

    start: int
    length: int
    mark: Callable[[list[Inline]], Inline]


class Cutter:
    """Puts marks around stretches of a run.

    A stretch that goes over markup is marked where it begins, so that nothing in it is moved.
    """

    def __init__(self, marks: list[Stretch]) -> None:
        self._marks = marks
        self._at = 0

    def cut(self, inlines: list[Inline]) -> list[Inline]:
        """The inlines with a mark around each stretch."""
        out: list[Inline] = []
        for one in inlines:
            if one["t"] in CONTAINERS:
                out.append(with_children(one, self.cut(children(one))))
                continue
            length = sum(len(leaf.text) for leaf in leaves([one]))
            out += self._parted(one) if one["t"] == "Str" else [one]
            self._at += length
        return out

    def _parted(self, one: Inline) -> list[Inline]:
        """A text cut where marks begin and end in it."""
        words, start, done = one["c"], self._at, 0
        out: list[Inline] = []
        while self._marks and self._marks[0].start < start + len(words):
            mark = self._marks.pop(0)
            begin = mark.start - start
            end = min(begin + mark.length, len(words))
            out += [string(words[done:begin])] if begin > done else []
            out.append(mark.mark([string(words[begin:end])]))
            done = end
        return [*out, string(words[done:])] if done < len(words) else out
