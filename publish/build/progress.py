"""What a build tells while it goes on: each step as it is done, of how many, and how long the rest may take."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from publish.build.targets import Target
from publish.steps import Key

DERIVE = "convert"  # what people are told of the step that makes an edition
# How long steps take beside each other: reading and converting a book, a site or an EPUB of it, its pages.
READ, CONVERT, SHORT, LONG = 2.0, 2.0, 1.0, 20.0


@dataclass(frozen=True)
class Event:
    """A step that is done, and the seconds that it took; `left` are those that the rest may take.

    `part` is set for one of several steps that a longer one was parted into; `done` and `total` count these too.
    """

    step: str
    seconds: float
    done: int
    total: int
    left: float
    part: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The event as JSON has it."""
        return {
            "event": "part" if self.part else "step",
            "step": self.step,
            "seconds": round(self.seconds, 2),
            "done": self.done,
            "total": self.total,
            "left": round(self.left, 1),
        }


Progress = Callable[[Event], None]


@dataclass
class Tally:
    """Counts the steps of a build and tells of each; `tell` may raise to give the build up."""

    tell: Progress
    targets: Mapping[str, Target]
    began: float = field(default_factory=time.monotonic)
    done: int = 0
    _weights: dict[str, float] = field(default_factory=dict)
    _parts: dict[str, int] = field(default_factory=dict)
    _weighed: float = 0.0

    def __post_init__(self) -> None:
        self._weights["read"] = READ
        for key, target in self.targets.items():
            self._weights[str(Key(key, DERIVE))] = CONVERT
            for one in target.formats:
                self._weights[str(Key(key, one.name))] = LONG if one.long else SHORT
        self.total = len(self._weights)

    def finished(self, step: str, seconds: float) -> None:
        """A step is done."""
        self._count(step, seconds, self._weights.get(step, SHORT) - self._shared(step), part=False)

    def planned(self, key: Key, parts: int) -> None:
        """A step is parted into so many."""
        self._parts[str(Key(key.edition, key.step))] = parts
        self.total += parts

    def part(self, key: Key, seconds: float) -> None:
        """One of the parts of a step is done."""
        whole = str(Key(key.edition, key.step))
        weight = self._weights.get(whole, SHORT) / max(self._parts.get(whole, 1), 1)
        self._count(str(key), seconds, weight, part=True)

    def _shared(self, step: str) -> float:
        """What the parts of a step have been counted for already."""
        return self._weights.get(step, SHORT) if step in self._parts else 0.0

    def _count(self, step: str, seconds: float, weight: float, *, part: bool) -> None:
        self.done += 1
        self._weighed += weight
        rest = max(sum(self._weights.values()) - self._weighed, 0.0)
        left = (time.monotonic() - self.began) / self._weighed * rest if self._weighed else 0.0
        self.tell(Event(step, seconds, self.done, self.total, left, part))
