"""Trails: what each part of a step was made from the last time, so that a build can say why it is made again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from publish.cache import Cache, digest

STORED, NEW, GONE, UNKEPT = "from the store", "it is new", "it is no more in the store", "the store is not used"
_PROGRAM = "publish, a tool or a font"
_SHOWN = 3  # things that have changed, in a sentence


@dataclass(frozen=True)
class Reason:
    """Whether a part of a step was made now, and why, or why not."""

    step: str
    part: str
    made: bool
    why: str

    def as_dict(self) -> dict[str, Any]:
        """The reason as JSON has it."""
        return asdict(self)


class Trail:
    """What the parts of a step of a book are made from, each thing under the name that people know it by.

    It is noted in the cache; what is different the next time is the reason to make a part again.
    """

    def __init__(self, cache: Cache, book: str, step: str) -> None:
        self._cache, self._step = cache, step
        self._slot = digest("trail", book, step)
        self._before: Mapping[str, Mapping[str, str]] = cache.recall(self._slot) or {}
        self._now: dict[str, Mapping[str, str]] = {}
        self._reasons: list[Reason] = []

    def tell(self, part: str, reads: Mapping[str, str], *, made: bool) -> None:
        """Tell of a part that was made, or taken; `reads` has the hash of each thing that it reads, by name."""
        now = {_PROGRAM: self._cache.program, **reads}
        self._reasons.append(Reason(self._step, part, made, self._why(part, now) if made else STORED))
        self._now[part] = now

    def taken(self, part: str, reads: Mapping[str, object], make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What JSON says of a part that is made from what it `reads`: as it is kept, or made now and kept."""
        return self.taken_by(part, hashed(reads), make)

    def taken_by(self, part: str, hashes: Mapping[str, str], make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """The same of a part of whose reads the hashes are known."""
        key = self._cache.key(self._step.rpartition(" ")[2], hashes)
        kept: dict[str, Any] | None = self._cache.get_json(key)
        self.tell(part, hashes, made=kept is None)
        if kept is not None:
            return kept
        made = make()
        self._cache.put_json(key, made)
        return made

    def close(self) -> tuple[Reason, ...]:
        """Note what the parts were made from; why each was made, or not."""
        if self._now != self._before:
            self._cache.note(self._slot, self._now)
        return tuple(self._reasons)

    def _why(self, part: str, now: Mapping[str, str]) -> str:
        if not self._cache.folder:
            return UNKEPT
        before = self._before.get(part)
        if before is None:
            return NEW
        changed = [name for name in {**now, **before} if now.get(name) != before.get(name)]
        changed = [_PROGRAM] if _PROGRAM in changed else changed  # by which hashes of all else differ, too
        more = f" and {len(changed) - _SHOWN} other things" if len(changed) > _SHOWN else ""
        return f"{', '.join(changed[:_SHOWN])}{more} changed" if changed else GONE


def hashed(reads: Mapping[str, object]) -> dict[str, str]:
    """The hash of each thing that a part reads, by name."""
    return {name: digest(value) for name, value in reads.items()}


__all__ = ["Reason", "Trail", "hashed"]
