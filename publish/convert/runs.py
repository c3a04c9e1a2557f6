"""Runs: which stretch of the source became which stretch of the output, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Origin = Literal["copy", "opencc", "quote", "glossary", "phrase", "keep", "decision"]


@dataclass(frozen=True, slots=True)
class Run:
    """What the source's code points from `start` to `end` became. A text's runs tile it, in order, without a gap."""

    start: int
    end: int
    text: str
    origin: Origin

    @property
    def aligned(self) -> bool:
        """Whether source and output correspond code point by code point."""
        return self.end - self.start == len(self.text)


@dataclass(frozen=True, slots=True)
class Issue:
    """Something a person should look at: a stable code, the code point index in the text, the characters at fault."""

    code: str
    index: int
    text: str


def distribute(runs: Iterable[Run], cuts: Sequence[int]) -> list[str]:
    """The output cut at the sorted source indices `cuts`: always `len(cuts) + 1` strings.

    A run as long as its source is cut code point by code point; any other stays whole in the piece where it begins.
    """
    pieces: list[list[str]] = [[] for _ in range(len(cuts) + 1)]
    current = 0
    for run in runs:
        while current < len(cuts) and cuts[current] <= run.start:
            current += 1
        if not run.aligned:
            pieces[current].append(run.text)
            continue
        position = run.start
        while current < len(cuts) and cuts[current] < run.end:
            pieces[current].append(run.text[position - run.start : cuts[current] - run.start])
            position = cuts[current]
            current += 1
        pieces[current].append(run.text[position - run.start :])
    return ["".join(piece) for piece in pieces]
