"""Runs: which stretch of the source became which stretch of the output, and why."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from publish.convert.replay import Unit

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


def opencc_run(start: int, end: int, text: str) -> Run:
    """A stretch that OpenCC has changed."""
    return Run(start, end, text, "opencc")


def runs_of(text: str, start: int, units: Sequence[Unit], marks: Mapping[int, str]) -> Iterator[Run]:
    """Runs of the source `text` from `start` on: characters that correspond one by one are grouped by origin."""
    for length, output in units:
        end = start + length
        if length != len(output):
            yield opencc_run(start, end, output)
        elif not marks and text[start:end] == output:
            yield Run(start, end, output, "copy")
        else:
            yield from _aligned_runs(text[start:end], start, output, marks)
        start = end


def _aligned_runs(source: str, start: int, output: str, marks: Mapping[int, str]) -> Iterator[Run]:
    def origin(index: int) -> Origin:
        if start + index in marks:
            return "quote"
        return "copy" if source[index] == output[index] else "opencc"

    for kind, group in groupby(range(len(source)), key=origin):
        indices = list(group)
        first, last = indices[0], indices[-1] + 1
        yield Run(start + first, start + last, output[first:last], kind)
