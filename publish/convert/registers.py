"""What kind of writing a text is of: of today, official, a novel, classical, Cantonese, verse, by its characters."""

from __future__ import annotations

import re
import string
from math import exp, log
from operator import add, eq
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Register = Literal["modern", "official", "literary", "classical", "cantonese", "verse"]
REGISTERS: tuple[Register, ...] = get_args(Register)
TOLD = 5  # registers that characters tell; verse is told by its lines
OLD = frozenset([2, 3, 5])
SCALE = 100  # the weights are logarithms of odds, in hundredths

_ALIKE = {
    "0": string.digits + "０１２３４５６７８９",
    "a": string.ascii_letters + "\ufffc`",
    "。": "，。；！？…—―,;!?/|\\\n\t〕",
    "：": ":",
    "「": "“‘「『《〈（(【[{\"'",
    "」": "”’」』》〉）)】]}",
    "_": " \u3000",
    "·": "・‧•",
    "嗰": "𠮶",  # Cantonese, written in Simplified in either way
    "喎": "㖞",
}


class _Same(dict[int, int | str]):
    """What is not named stays, and is kept: a table that has a character is much faster than one that has not."""

    def __missing__(self, key: int) -> int:
        self[key] = key
        return key


NORMAL = _Same({ord(character): sign for sign, characters in _ALIKE.items() for character in characters})


def normal(text: str) -> str:
    """The text as the table has it: figures, Latin letters and marks of one kind are one sign each."""
    return text.translate(NORMAL)


_ENOUGH, _GLANCE = 300, 60  # characters that tell the register; those that may show that a text is plainly modern
_BITS, _MIDDLE = 24, 1 << 12  # sums of all registers are kept in one number
# The characters of a sentence tell the same thing several times over, so that their sum counts two fifths.
_OVERLAP = 2.5
# What is said in advance for each register, beyond what was learnt: most text is of today, few are novels of old.
_ADVANCE = (50, 50, -50, 0, 50)
_CLEAR = 1000  # a lead of modern text that no pair of characters is asked about
_LEAST = 0.01  # a register less probable than this is not asked


MODERN, LITERARY, CLASSICAL, CANTONESE, VERSE = map(
    REGISTERS.index, ("modern", "literary", "classical", "cantonese", "verse")
)
_OF_NOW = [index for index in range(TOLD) if index not in OLD]
_VERSE = re.compile(
    "[「『“‘]?(?:([\u3400-\u9fff]{5})[，。；！？、：\\s]([\u3400-\u9fff]{5})|([\u3400-\u9fff]{7})[，。；！？、：\\s]([\u3400-\u9fff]{7}))(?![\u3400-\u9fff])"
)
_OF_TODAY = re.compile("[的了这這着著们們吗嗎吧呢么麼她它没沒些你很]")


def _is_verse(text: str) -> bool:
    """Whether a text begins with two lines of verse: as long, but not built alike word for word, as talk may be."""
    found = _VERSE.match(text)
    if not found or _OF_TODAY.search(text):
        return False
    one, other = filter(None, found.groups())
    return not any(map(eq, one, other))


_MARK = re.compile("[，。；！？：、…]")
_FEWEST_SPACES = 2


def _is_list(text: str) -> bool:
    """Whether a text is words with spaces between them, more than marks: titles, keywords, a row of names."""
    spaces = text.count(" ")
    return spaces >= _FEWEST_SPACES and spaces > len(_MARK.findall(text))


class Registers:
    """What speaks for each register, in hundredths of logarithms of odds: characters, and pairs of them side by side.

    `advance` is what each has in advance.
    """

    def __init__(self, rows: Mapping[str, Sequence[int]], advance: Sequence[int]) -> None:
        self._advance = _packed(advance)
        sums = [_packed([0] * len(advance))] * len(rows)
        for place, column in enumerate(zip(*rows.values(), strict=True)):  # all rows at once: there are thousands
            shift = _BITS * place
            sums = [total + (value << shift) for total, value in zip(sums, column, strict=True)]
        self._rows = dict(zip(rows, sums, strict=True))

    def of(self, text: str) -> int:
        """The likeliest register of a text, an index into REGISTERS."""
        return max(self.shares(text), key=lambda kind: kind[1])[0]

    def shares(self, text: str, book: Book = ()) -> Shares:
        """How probable it is that a text is of today, of a novel, classical: registers with their shares.

        Lines of five or of seven characters without the particles of today are verse, however short; within a book of
        other writing they are classical, as all that is classical is verse in a book of it. Words with spaces between
        them are modern, for they are no sentences; but not in an old book, whose headings are such. What the text
        itself says is weighed by how much of the whole `book` is of each register.
        """
        in_prose = book and book[_IN_BOOK.index(VERSE)] < _MOSTLY
        if _is_verse(text[:_ENOUGH]):
            return ((CLASSICAL if in_prose else VERSE, 1.0),)
        if _is_list(text) and not (book and book[0] < _MOSTLY):
            return ((MODERN, 1.0),)
        sums = [*map(add, self._sums(text), _ADVANCE)]
        today = max(_OF_NOW, key=sums.__getitem__)
        asked = (today, LITERARY, CLASSICAL)
        found = chances([round(sums[one] / _OVERLAP + known) for one, known in zip(asked, _in_book(book), strict=True)])
        told = (today, LITERARY, CLASSICAL if in_prose or not book else VERSE)
        return tuple((register, share) for register, share in zip(told, found, strict=True) if share >= _LEAST)

    def book(self, lines: Sequence[str]) -> Book:
        """How much of a book is of today, of novels, classical, verse, by the lines of it that are `sampled`."""
        sums, total = dict.fromkeys(_IN_BOOK, 0.0), sum(map(_weight, lines))
        for line in lines:
            for register, share in self.shares(line):
                sums[register if register in sums else MODERN] += share * _weight(line) / total
        return tuple(round(share / _STEP) * _STEP for share in sums.values())

    def _sums(self, text: str) -> list[int]:
        """What speaks for each register, in hundredths, but for what is the same for all."""
        plain, weights, total = "", self._rows.get, self._advance
        for part, lead in ((text[:_GLANCE], 2 * _CLEAR), (text[_GLANCE:_ENOUGH], _CLEAR)):
            read = part.translate(NORMAL)
            plain += read
            total = sum(filter(None, map(weights, read)), total)
            found = _unpacked(total)
            if found[0] > max(found[1:]) + lead:
                return found
        return _unpacked(sum(filter(None, map(weights, map(add, plain, plain[1:]))), total))


# How much of a book is of today, of novels, classical, verse; () where nothing is known.
Book = tuple[float, ...]
_IN_BOOK = (MODERN, LITERARY, CLASSICAL, VERSE)
# A book's registers are told by so many of its lines, those with a sentence, and in steps: a few words more in it make
# no other book of it. A register that it has not has this share of it all the same: a book may quote any other.
_LINES, _SENTENCE, _STEP, _SOME = 200, 8, 0.25, 0.05
_MOSTLY = 0.5


def sampled(lines: Sequence[str]) -> tuple[str, ...]:
    """The lines of a book that tell its registers; () where they are too few."""
    told = [line for line in lines if len(line) >= _SENTENCE and not line.isascii()]
    told = told[:: len(told) // _LINES + 1]
    return tuple(told) if sum(map(_weight, told)) >= _ENOUGH else ()


def _weight(line: str) -> int:
    return min(len(line), _GLANCE)


def _in_book(book: Book) -> Sequence[float]:
    """What speaks in a book for what is of today, of a novel, old, in hundredths, beyond what does so anywhere.

    A book of today speaks against none: it may quote any, and a story of today is near to a novel of old (冲她一笑).
    """
    if not book:
        return (0.0, 0.0, 0.0)
    today, novels, *old = book
    return [SCALE * log(3 * max(share, today, _SOME)) for share in (today, novels, sum(old))]


def _unpacked(total: int) -> list[int]:
    return [(total >> (_BITS * place)) & ((1 << _BITS) - 1) for place in range(TOLD)]


def _packed(row: Sequence[int]) -> int:
    return sum((value + _MIDDLE) << (_BITS * place) for place, value in enumerate(row))


Shares = tuple[tuple[int, float], ...]


def chances(scores: Sequence[int]) -> list[float]:
    """The forms' probabilities, as the table itself has them."""
    top = max(scores)
    raised = [exp((score - top) / SCALE) for score in scores]
    total = sum(raised)
    return [value / total for value in raised]
