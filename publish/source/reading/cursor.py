"""What all that narrows text has in common: the text, where its lines are, what the file has, what is noted."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from publish.source.reading.emphasis import DelimiterRun
from publish.source.reading.formulas import Dollars
from publish.source.reading.rows import ReadingNotes
from publish.source.reading.unread import escaped


@dataclass
class Cursor:
    """A text, and what is read at an index of it: what is written for that, and the index behind it.

    `notes` are the labels that the file defines, `closed` the elements that it closes somewhere.
    `addresses` are the names of addresses, in lower case; `named` the blocks that links of the file lead to.
    """

    ledger: ReadingNotes
    notes: Collection[str] = ()
    closed: Collection[str] = ()
    headings: Collection[str] = ()
    addresses: Collection[str] = ()
    named: Collection[str] = ()
    dollars: Dollars = field(default_factory=Dollars)
    table: bool = False
    _text: str = field(default="", init=False)
    _line_of: Callable[[int], int] = field(default=lambda _: 0, init=False)
    _linked: int = field(default=0, init=False)
    _product: int = field(default=-1, init=False)
    _width: str = field(default="", init=False)
    _struck: int = field(default=-1, init=False)
    _runs: list[tuple[int, DelimiterRun]] = field(default_factory=list, init=False)
    _begun: set[str] = field(default_factory=set, init=False)

    def _as_is(self, at: int, length: int = 1) -> tuple[str, int]:
        return self._text[at : at + length], at + length

    def _name(self, kind: str, at: int, words: str) -> None:
        self.ledger.name(kind, self._line_of(at), words)

    def _escaped(self, at: int, length: int) -> tuple[str, int]:
        return escaped(self._text[at : at + length]), at + length
