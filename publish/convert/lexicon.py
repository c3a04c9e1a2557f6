"""A lexicon with frequencies, and the most probable reading of a few characters as its words.

The third opinion. It differs from a segmenter in that it chooses words and their Traditional forms at once: of all ways
to read a stretch as words, and of all forms of those words, the likeliest that gives a character this form or that.
The data are made by scripts/lexicon.py; data/README.md says from what, and under which licences.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from math import log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# A word as an edge of the lattice: its length in characters, its Traditional form, the logarithm of its probability.
Edge = tuple[int, str, float]

_LONGEST = 6  # characters of a word
_BILLION = 1_000_000_000
_UNKNOWN = log(30 / _BILLION)  # a character that is not a word of its own
_NEVER = float("-inf")


class Lexicon:
    """Words, their frequencies and forms."""

    def __init__(self, rows: Mapping[str, str]) -> None:
        self._rows = rows
        self._edges: dict[str, tuple[tuple[str, float], ...]] = {}

    def forms(self, word: str) -> tuple[tuple[str, float], ...]:
        """The word's forms, each with the logarithm of its probability, the likeliest first; () if it is unknown."""
        found = self._edges.get(word)
        if found is None:
            found = self._edges[word] = _parsed(word, self._rows.get(word))
        return found

    def weight(self, word: str) -> float | None:
        """The logarithm of the word's own probability, whatever its form; None if it is unknown."""
        row = self._rows.get(word)
        return None if row is None else log(int(row.partition("\t")[0]) / _BILLION)

    def readings(self, text: str, index: int, standard: str) -> dict[str, float]:
        """For each form that `text[index]` can have: the logarithm of its likeliest reading's probability.

        `text` is a short stretch of Han, and `standard` its conversion in OpenCC's spelling, character by character:
        what a character becomes that is not a word of the lexicon.
        """
        return _readings([self._from(text, start, standard) for start in range(len(text))], index)

    def simplified_readings(self, options: Sequence[str], index: int) -> dict[str, float]:
        """Likewise the other way: `options` are the Simplified characters that may stand at each place of a stretch."""
        edges: list[list[Edge]] = []
        for start in range(len(options)):
            edges.append([])
            spelled = [""]
            for length in range(1, min(_LONGEST, len(options) - start) + 1):
                spelled = [word + character for word in spelled for character in options[start + length - 1]]
                weights = [(word, self.weight(word)) for word in spelled]
                edges[start] += [(length, word, weight) for word, weight in weights if weight is not None]
                if length == 1:
                    edges[start] += [(1, word, _UNKNOWN) for word, weight in weights if weight is None]
        return _readings(edges, index)

    def _from(self, text: str, start: int, standard: str) -> list[Edge]:
        found: list[Edge] = [
            (length, form, weight)
            for length in range(1, min(_LONGEST, len(text) - start) + 1)
            for form, weight in self.forms(text[start : start + length])
        ]
        if not found or found[0][0] > 1:
            found.append((1, standard[start], _UNKNOWN))
        return found


def _readings(edges: list[list[Edge]], index: int) -> dict[str, float]:
    """For each character at the index, the weight of the likeliest way through the lattice that gives it."""
    before, after = _best(edges, len(edges)), _best_from(edges, len(edges))
    found: dict[str, float] = {}
    for start in range(max(0, index - _LONGEST + 1), index + 1):
        for length, form, weight in edges[start]:
            if start + length > index:
                score = before[start] + weight + after[start + length]
                character = form[index - start]
                found[character] = max(score, found.get(character, _NEVER))
    return found


def _best(edges: list[list[Edge]], length: int) -> list[float]:
    """The likeliest reading of the text up to each index."""
    best = [0.0] + [_NEVER] * length
    for start, starting in enumerate(edges):
        for size, _, weight in starting:
            best[start + size] = max(best[start + size], best[start] + weight)
    return best


def _best_from(edges: list[list[Edge]], length: int) -> list[float]:
    """The likeliest reading of the text from each index on."""
    best = [_NEVER] * length + [0.0]
    for start in range(length - 1, -1, -1):
        best[start] = max(weight + best[start + size] for size, _, weight in edges[start])
    return best


def _parsed(word: str, row: str | None) -> tuple[tuple[str, float], ...]:
    if row is None:
        return ()
    parts, _, forms = row.partition("\t")
    share = log(int(parts) / _BILLION)
    if not forms:
        return ((word, share),)
    pairs = (form.split(":") for form in forms.split(" "))
    return tuple((form, share + log(int(thousandths) / 1000)) for form, thousandths in pairs)


@cache
def lexicon() -> Lexicon:
    """The lexicon, read once per process (some tenths of a second, when a text first has something to decide)."""
    data = resources.files("publish.convert").joinpath("data/lexicon.tsv").read_text("utf-8")
    return Lexicon(dict(line.split("\t", 1) for line in data.splitlines()))
