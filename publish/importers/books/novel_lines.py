"""The lines of a plain text: where they stand, how wide they are, and whether they are pieces of paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from publish.importers.books import inset
from publish.importers.escaping import is_hidden
from publish.importers.report import Ledger
from publish.importers.shared import heading_level
from publish.source.document import is_wide

SENTENCE_END = re.compile(r"[。！？!?…—.：:；;”’」』）)】》~～]\s*$")
RULE = re.compile(r"\s*(?:[-—–=*＊_·•~～☆★◇◆※#]\s*){3,}$")
SHARE_WRAPPED = 0.25  # share of lines that end within a sentence, above which lines are wrapped


@dataclass(frozen=True)
class NovelLine:
    """A line of the text."""

    number: int
    text: str  # without spaces at either end
    depth: int  # columns of blanks before it
    blank: bool

    @property
    def indented(self) -> bool:
        """Whether a paragraph begins here, where a text indents them."""
        return self.depth > 1

    @property
    def width(self) -> int:
        """Columns: a wide character takes two."""
        return sum(2 if is_wide(char) else 1 for char in self.text)


def novel_lines(text: str, ledger: Ledger) -> list[NovelLine]:
    """The lines of a text, without invisible characters, which are told."""
    hidden = Counter(char for char in text if is_hidden(char) and char != "\n")
    for char, number in sorted(hidden.items()):
        ledger.decide("invisible-dropped", 0, f"U+{ord(char):04X} × {number}", "dropped", "invisible characters")
    clean = (
        "".join(char for char in text if not is_hidden(char) or char == "\n").replace("\xa0", " ").replace("\t", "    ")
    )
    return [
        NovelLine(
            number,
            line.strip(" \u3000\f\v"),
            inset.depth_of(line),
            not line.strip(" \u3000\f\v"),
        )
        for number, line in enumerate(clean.split("\n"), 1)
    ]


def is_wrapped(lines: Sequence[NovelLine], wanted: str, ledger: Ledger) -> bool:
    """Whether lines are pieces of paragraphs: many end within a sentence, and those that do are about equally long."""
    if wanted != "auto":
        return wanted == "wrapped"
    full = [one for one in lines if not one.blank and heading_level(one.text) is None and not RULE.match(one.text)]
    torn = sorted(one.width for one in full if not SENTENCE_END.search(one.text))
    if len(torn) < max(4, SHARE_WRAPPED * len(full)):
        return False
    longest = max(one.width for one in full)
    middle = torn[len(torn) // 2]
    wrapped = longest <= 1.3 * middle + 4 and middle >= 24  # noqa: PLR2004  # columns: verse has shorter lines
    if wrapped:
        ledger.decide("lines-joined", 0, "", "joined to paragraphs", f"lines are wrapped at about {middle} columns")
    return wrapped
