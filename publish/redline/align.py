"""Which passage of the new state is which of the old, and what differs within it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from publish.han import SENTENCE
from publish.redline.passages import RedlinePassage

Kind = Literal["same", "changed", "added", "removed", "moved"]
# Of what is compared: the piece is in both, only in the old text, only in the new.
SAME, OLD, NEW = "=", "-", "+"
Piece = tuple[str, str]

BAND = 60  # how far from the diagonal of a stretch that was rewritten a passage is looked for
ALIKE = 0.35  # of the characters and pairs of characters in both: from here on a passage was changed, not replaced
LONG_ENOUGH = 8  # characters that a passage has at least to be known again in another place
_TOKEN = re.compile(r"[0-9A-Za-z\u00c0-\u024f]+|\s+|.", re.DOTALL)
_SHORT = 2  # characters between two changes that are taken into one: 他[-的-]头[-发-] is hard to read


@dataclass(frozen=True)
class RedlineRow:
    """A line of a redline: a passage that is the same, changed, added, removed, or moved from elsewhere unchanged."""

    kind: Kind
    old: RedlinePassage | None
    new: RedlinePassage | None

    @property
    def passage(self) -> RedlinePassage:
        """The passage as it is now; as it was, where it has gone."""
        found = self.new or self.old
        if found is None:
            raise ValueError("a row of nothing")
        return found

    @property
    def pieces(self) -> list[Piece]:
        """Both texts as pieces."""
        return differences(self.old.text if self.old else "", self.new.text if self.new else "")


def align(old: Sequence[RedlinePassage], new: Sequence[RedlinePassage]) -> list[RedlineRow]:
    """The rows of a redline, in the order of reading; a passage that has gone stands where it was."""
    rows: list[RedlineRow] = []
    left, right = [(one.kind, one.text) for one in old], [(one.kind, one.text) for one in new]
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind == "equal":
            rows += [RedlineRow("same", one, two) for one, two in zip(old[a:b], new[c:d], strict=True)]
        else:
            rows += _rewritten(old[a:b], new[c:d])
    return _with_moves(rows)


def _rewritten(old: Sequence[RedlinePassage], new: Sequence[RedlinePassage]) -> Iterator[RedlineRow]:
    """The rows of a stretch that differs: the pairs whose likenesses sum up to most, and what is between them."""
    at = [0, 0]
    for i, j in [*_pairs([_grams(one.text) for one in old], [_grams(one.text) for one in new]), (len(old), len(new))]:
        yield from (RedlineRow("removed", one, None) for one in old[at[0] : i])
        yield from (RedlineRow("added", None, one) for one in new[at[1] : j])
        if i < len(old):
            yield RedlineRow("changed", old[i], new[j])
        at = [i + 1, j + 1]


def _pairs(old: Sequence[frozenset[str]], new: Sequence[frozenset[str]]) -> list[tuple[int, int]]:
    """The best alignment of two sequences that leaves the order (Needleman and Wunsch), within a band."""
    best: dict[tuple[int, int], float] = defaultdict(float)
    step: dict[tuple[int, int], tuple[int, int]] = {}
    slope = len(new) / max(len(old), 1)
    for i in range(1, len(old) + 1):
        middle = round(i * slope)
        for j in range(max(1, middle - BAND), min(len(new), middle + BAND) + 1):
            like = _likeness(old[i - 1], new[j - 1])
            options = [(best[i - 1, j], (i - 1, j)), (best[i, j - 1], (i, j - 1))]
            if like >= ALIKE:
                options.append((best[i - 1, j - 1] + like, (i - 1, j - 1)))
            best[i, j], step[i, j] = max(options)
    found, at = [], max(best, key=lambda one: best[one], default=(0, 0))
    while at in step:
        before = step[at]
        if before == (at[0] - 1, at[1] - 1):
            found.append(before)
        at = before
    return found[::-1]


def _grams(text: str) -> frozenset[str]:
    return frozenset((*text, *(text[at : at + 2] for at in range(len(text) - 1))))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def _with_moves(rows: list[RedlineRow]) -> list[RedlineRow]:
    """The rows with a passage that has gone in one place and come in another told as one that was moved."""
    gone: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        if row.kind == "removed" and row.old and len(row.old.text) >= LONG_ENOUGH:
            gone[row.old.text].append(number)
    left: set[int] = set()
    for number, row in enumerate(rows):
        if row.kind == "added" and row.new and gone.get(row.new.text):
            source = gone[row.new.text].pop(0)
            rows[number] = RedlineRow("moved", rows[source].old, row.new)
            left.add(source)
    return [row for number, row in enumerate(rows) if number not in left]


def differences(old: str, new: str) -> list[Piece]:
    """Two texts as pieces: (`=`, text of both), (`-`, of the old only), (`+`, of the new only).

    Sentences first, which keeps long texts fast and what stands in one sentence out of the next; then words and
    characters. The pieces without the old ones are the new text, without the new ones the old.
    """
    found: list[Piece] = []
    for a, b in _parts(SENTENCE.findall(old), SENTENCE.findall(new)):
        if a == b:
            found.append((SAME, a))
            continue
        for one, two in _parts(_TOKEN.findall(a), _TOKEN.findall(b)):
            found += [(SAME, one)] if one == two else [(OLD, one), (NEW, two)]
    return _smooth(found)


def _parts(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """The stretches of two sequences that are the same, or stand for each other."""
    for _, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield "".join(old[a:b]), "".join(new[c:d])


def _smooth(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces without empty ones, and with what is short between two changes made a part of them."""
    full = [one for one in pieces if one[1]]
    short = [
        kind == SAME and 0 < number < len(full) - 1 and len(text) < _SHORT and text.isalnum()
        for number, (kind, text) in enumerate(full)
    ]
    out: list[Piece] = []
    old = new = ""
    for (kind, text), taken in zip([*full, (SAME, "")], [*short, False], strict=True):
        if kind == SAME and not taken:
            out += [one for one in ((OLD, old), (NEW, new), (SAME, text)) if one[1]]
            old = new = ""
            continue
        old += text if kind != NEW else ""
        new += text if kind != OLD else ""
    return out


def count(rows: Sequence[RedlineRow]) -> Counter[Kind]:
    """How many rows are of which kind."""
    return Counter(row.kind for row in rows)
