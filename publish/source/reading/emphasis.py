"""Emphasis: which runs of * and _ belong together, by CommonMark and with Chinese marks as Chinese writes them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from publish.source.document import AMBIGUOUS_MARKS, is_wide

# Signs that faces are drawn with: between two of them a _ is a mouth, (>_<), and a * beside ^ is a cheek.
_FACE = frozenset("^<>-=;@~.|'\u00b4`")
_LIST_MARK = re.compile(r"(?:[ \t>]|[-+*][ \t]|\d{1,9}[.)][ \t])*\Z")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LONGEST = 60  # characters of bold words whose marks have spaces within


@dataclass
class Run:
    """A run of one mark in a text: where it begins and ends, its place in what is made, and what it can do.

    `scope`: marks of different scopes (cells, paragraphs) do not belong together.
    """

    start: int
    end: int
    place: int
    scope: tuple[int, int]
    mark: str
    opens: bool
    closes: bool
    left: int = field(init=False)
    opened: int = field(default=0, init=False)
    closed: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.left = self.end - self.start

    @property
    def length(self) -> int:
        """How many marks it has."""
        return self.end - self.start


def run_at(text: str, start: int, end: int, place: int, scope: tuple[int, int]) -> Run:
    """The run of marks from `start` to `end` of a text."""
    mark, before, after = text[start], text[start - 1 : start] if start else "", text[end : end + 1]
    left = not _is_space(after) and (not _is_sign(after) or _is_space(before) or _frees(before))
    right = not _is_space(before) and (not _is_sign(before) or _is_space(after) or _frees(after))
    opens, closes = left, right
    if mark == "_":
        opens, closes = left and (not right or _is_mark(before)), right and (not left or _is_mark(after))
        face = before in _FACE and after in _FACE
    else:
        face = "^" in (before, after)
    return Run(start, end, place, scope, mark, opens and not face, closes and not face)


def paired(text: str, runs: Sequence[Run], out: list[str]) -> None:
    """Put each run into `out`: marks that belong together as they are, all others escaped."""
    _match(text, runs)
    _match_loosely(text, runs, out)
    for run in runs:
        if run.closed == run.opened and not run.left:  # **甲****乙** is **甲乙**
            run.closed = run.opened = 0
        out[run.place] = run.mark * run.closed + _alone(text, run) + run.mark * run.opened


def _alone(text: str, run: Run) -> str:
    """The marks of a run that belong to nothing."""
    before, after = text[run.start - 1 : run.start] if run.start else "", text[run.end : run.end + 1]
    inside = run.mark == "_" and before.isalnum() and after.isalnum()
    begins = not after.strip() and _LIST_MARK.match(text, text.rfind("\n", 0, run.start) + 1, run.start)
    return run.mark * run.left if inside or begins else f"\\{run.mark}" * run.left


def _match(text: str, runs: Sequence[Run]) -> None:
    """Pair runs as CommonMark does (0.31, rules 1 to 17 of emphasis and the procedure of its appendix)."""
    openers: list[Run] = []
    for run in runs:
        at = len(openers) - 1
        while run.closes and run.left and at >= 0:
            one = openers[at]
            said = one.mark == run.mark and one.scope == run.scope and _says(text[one.end : run.start])
            if not said or not one.left or _is_odd(one, run):
                at -= 1
                continue
            used = 2 if one.left > 1 and run.left > 1 else 1
            one.left -= used
            one.opened += used
            run.left -= used
            run.closed += used
            del openers[at + 1 :]
            if not one.left:
                del openers[at]
                at -= 1
        if run.opens and run.left:
            openers.append(run)


def _is_odd(one: Run, other: Run) -> bool:
    """CommonMark's rule of three, but for two bold words beside each other, **甲****乙**; five stars are five stars."""
    lengths = {one.length, other.length}
    if lengths == {2, 4}:
        return False
    if len(lengths) > 1 and max(lengths) > 3:  # noqa: PLR2004  # no mark is as long
        return True
    both = (one.opens and one.closes) or (other.opens and other.closes)
    return both and (one.length + other.length) % 3 == 0 and not (one.length % 3 == 0 and other.length % 3 == 0)


def _match_loosely(text: str, runs: Sequence[Run], out: list[str]) -> None:
    """Pair what CommonMark leaves alone and its author meant: `**Note:**text`, `** 粗体 **` in a Chinese sentence."""
    begun: Run | None = None
    balance = 0
    for run in runs:
        whole = run.mark == "*" and run.left == run.length and run.length < 3  # noqa: PLR2004  # emphasis, or strong
        if not whole:
            balance += run.opened - run.closed
            continue
        if begun and begun.scope == run.scope and begun.length == run.length and not balance:
            inner = text[begun.end : run.start]
            if _is_meant(text, begun, run, inner):
                begun.left, begun.opened, run.left, run.closed = 0, begun.length, 0, run.length
                if inner[0].isspace():
                    out[begun.place + 1] = out[begun.place + 1].lstrip()
                if inner[-1].isspace():
                    out[run.place - 1] = out[run.place - 1].rstrip()
                begun = None
                continue
        begun, balance = run, 0


def _is_meant(text: str, begun: Run, run: Run, inner: str) -> bool:
    if not inner.strip() or "\n" in inner:
        return False
    if not inner[0].isspace() and not inner[-1].isspace():
        return inner[0].isalnum() or inner[-1].isalnum() or bool(_HAN.search(inner))
    outer = (text[begun.start - 1 : begun.start] if begun.start else "", text[run.end : run.end + 1])
    if begun.length > 1 and not inner[0].isspace() and outer[1] in ("", "\n"):  # **a whole line. **
        return True
    apart = _is_space(outer[0]) and inner[0].isspace(), _is_space(outer[1]) and inner[-1].isspace()
    return begun.length > 1 and not any(apart) and len(inner) <= _LONGEST and bool(_HAN.search(inner))


def _says(inner: str) -> bool:
    """Whether anything but marks and spaces stands there."""
    return any(char.isalnum() or not (char.isspace() or unicodedata.category(char)[0] == "P") for char in inner)


def _is_space(char: str) -> bool:
    return not char or char.isspace()


def _is_chinese(char: str) -> bool:
    return char in AMBIGUOUS_MARKS or is_wide(char)


def _is_mark(char: str) -> bool:
    return bool(char) and unicodedata.category(char)[0] in "PS"


def _is_sign(char: str) -> bool:
    """Whether a character is punctuation that must not stand beside a mark; a Chinese one may."""
    return _is_mark(char) and not _is_chinese(char)


def _frees(char: str) -> bool:
    return _is_mark(char) or _is_chinese(char)
