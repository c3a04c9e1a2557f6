"""Choices: where a conversion had several right spellings to choose from, which it took, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Reason = Literal["opinions", "rule", "hard", "join", "cut", "phrase"]

REASONS: dict[Reason, str] = {
    "opinions": "OpenCC and the second opinion differ",
    "rule": "a rule overruled the opinions",
    "hard": "a character known to be hard, with little around it to decide by",
    "join": "the phrase lies across markup and was read as one",
    "cut": "markup cuts a phrase whose length changed",
    "phrase": "a regional phrase that has another sense as well",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A term of the source text (`start` to `end`, in code points of the block's text) and what it became.

    `chosen` and `others` are whole forms of the term in the target's writing, the best first; `said` is what each
    opinion wrote for the term (("opencc", "隻讀"), ("words", "只讀"), …); `why` names the rule or the evidence in a few
    words; `doubt` runs from 0 (sure) to 1 (a guess).
    """

    start: int
    end: int
    term: str
    chosen: str
    others: tuple[str, ...]
    reason: Reason
    doubt: float
    why: str = ""
    said: tuple[tuple[str, str], ...] = ()
