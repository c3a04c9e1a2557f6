"""What a character's neighbours tell of its Traditional form: a table of weights, learnt from native text.

For each character that may have become several, the table (data/contexts.tsv, made by scripts/contexts.py) has the
weight of neighbours for each form against the first: of strings around the place (公司成立后), of the classes that the
neighbours belong to (characters of foreign names, of places, of food), of OpenCC's own choice, and of the register.
Of some characters what stands near counts as well, wherever it stands. Old text has weights of its own on top of
these, and one for the length of OpenCC's phrase. The weights add up; the best form is taken, if it leads OpenCC's by
the margin that native text showed to be needed.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib import resources
from math import exp, log
from operator import add, eq
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Register = Literal["modern", "official", "literary", "classical", "cantonese", "verse"]
REGISTERS: tuple[Register, ...] = get_args(Register)
TOLD = 5  # registers that characters tell; verse is told by its lines
OLD = frozenset([2, 3, 5])
LAYERS = (0, 0, 1, 2, 0, 3)  # by register, whose probabilities it has: modern, literary, classical text's, verse's
SCALE = 100  # the weights are logarithms of odds, in hundredths

# Strings around a place, as where they begin and end beside it: (-1, 2) is a neighbour on either side.
GRAMS = ((-1, 1), (0, 2), (-2, 1), (0, 3), (-1, 2), (-3, 1), (0, 4), (-2, 2), (-1, 3), (-2, 3))
CLASS_GRAMS = ((-1, 1), (0, 2), (-2, 1), (0, 3), (-1, 2), (-2, 3), (-3, 1), (0, 4))
PAD = 4  # margins, so that every gram lies within the text

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


_NORMAL = _Same({ord(character): sign for sign, characters in _ALIKE.items() for character in characters})


def normal(text: str) -> str:
    """The text as the table has it: figures, Latin letters and marks of one kind are one sign each."""
    return text.translate(_NORMAL)


_ENOUGH, _GLANCE = 300, 60  # characters that tell the register; those that may show that a text is plainly modern
_BITS, _MIDDLE = 24, 1 << 12  # sums of all registers are kept in one number
# The characters of a sentence tell the same thing several times over, so that their sum counts two fifths.
_OVERLAP = 2.5
# What is said in advance for each register, beyond what was learnt: most text is of today, few are novels of old.
_ADVANCE = (50, 50, -50, 0, 50)
_CLEAR = 1000  # a lead of modern text that no pair of characters is asked about
_LEAST = 0.01  # a register less probable than this is not asked


MODERN, LITERARY, CLASSICAL, VERSE = map(REGISTERS.index, ("modern", "literary", "classical", "verse"))
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
        """How much of a book with these lines is of today, of novels, classical, verse."""
        sums, total = dict.fromkeys(_IN_BOOK, 0.0), sum(map(_weight, lines))
        for line in lines:
            for register, share in self.shares(line):
                sums[register if register in sums else MODERN] += share * _weight(line) / total
        return tuple(round(share / _STEP) * _STEP for share in sums.values())

    def _sums(self, text: str) -> list[int]:
        """What speaks for each register, in hundredths, but for what is the same for all."""
        plain, weights, total = "", self._rows.get, self._advance
        for part, lead in ((text[:_GLANCE], 2 * _CLEAR), (text[_GLANCE:_ENOUGH], _CLEAR)):
            read = part.translate(_NORMAL)
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


def register_of(text: str) -> int:
    """The likeliest register of a text by the table."""
    return table().registers.of(text)


@lru_cache(maxsize=16)
def shares(text: str, book: Book = ()) -> Shares:
    """The registers that a text may be of by the table, each with its share of probability."""
    return table().registers.shares(text, book)


def book_of(lines: Sequence[str]) -> Book:
    """How much of a book is of today, of novels, classical, verse, by some of its lines; () where they are too few."""
    told = [line for line in lines if len(line) >= _SENTENCE and not line.isascii()]
    told = told[:: len(told) // _LINES + 1]
    return _book_of(tuple(told)) if sum(map(_weight, told)) >= _ENOUGH else ()


@lru_cache(maxsize=4)
def _book_of(told: tuple[str, ...]) -> Book:
    return table().registers.book(told)


# Where a place lies in its word, as a segmenter has it: the word is that character alone, or it begins, ends, goes on.
STATES = "SBEM"


# The weights of the strings around a place, by how far before it they begin. Most strings around most places have none,
# and to look for one takes a while in so large a table: so the two lowest bits of a weight say whether a longer string
# begins as this one does, or one that begins earlier ends so. A string that has no weight of its own may say so too.
Grams = tuple[dict[str, int], dict[str, int], dict[str, int], dict[str, int]]
FLAGS, _LONGER, _EARLIER = 2, 1, 2


@dataclass(frozen=True)
class Character:
    """What is known of one character: its forms in OpenCC's standard spelling, and what speaks for each.

    `number` tells which form a character of OpenCC's is: some are spelled in two ways. `trust` is by how much another
    form must lead OpenCC's, by layer (modern, literary, classical text) and by OpenCC's form.

    `prior` is, by register and by OpenCC's choice, what each form but the first has in advance; `old` the same in old
    text, by register (literary, classical), by OpenCC's choice and by the length of the phrase that it rests on (1 to
    PHRASES); `words` by OpenCC's choice for the word alone, and by the place in the word. `grams` are the neighbours'
    weights by form but the first, as text and as classes; `old_grams` those that old text adds, as text. `near` are
    those of single characters before and after the place in old text, `modern_near` those in all other.
    """

    forms: tuple[str, ...]
    number: Mapping[str, int]
    trust: tuple[tuple[int, ...], ...]
    prior: tuple[tuple[tuple[int, ...], ...], ...]
    words: tuple[tuple[tuple[int, ...], ...], ...]
    old: tuple[tuple[tuple[tuple[int, ...], ...], ...], ...]
    grams: tuple[tuple[Grams, Grams], ...]
    old_grams: tuple[Grams, ...]
    near: tuple[tuple[dict[str, int], dict[str, int]], ...]
    modern_near: tuple[tuple[dict[str, int], dict[str, int]], ...]

    @cached_property
    def heeds_near(self) -> bool:
        """Whether what stands near counts in modern text."""
        return any(side for sides in self.modern_near for side in sides)

    @cached_property
    def word_bounds(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The least and the most that a segmenter's word can add to each form."""
        rows = [(0, *row) for choice in self.words for row in choice]
        return tuple(map(min, zip(*rows, strict=True))), tuple(map(max, zip(*rows, strict=True)))


class ContextTable:
    """The whole table, kept as the bytes of its file; a character's line is read when the character is first met.

    `unreached` are phrases of OpenCC's of which it has learnt nothing true, for converting back does not lead to them.
    `asked` finds, in OpenCC's standard conversion of a modern and of an old text, what is not settled by it, and
    `either` in a text of which the register is not known yet.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._lines = {data[at : data.index(b"\t", at)].decode(): at for at in _line_starts(data)}
        self._read: dict[str, Character] = {}
        self.calibration = tuple(map(float, self._taken("calibration").split(" ")))
        self.version = int(self._taken("version"))
        self.unreached = tuple(filter(None, self._taken("unreached").split(" ")))
        self._registers, self._classes = self._taken("registers"), self._taken("classes")
        self._verse, self._listed = self._taken("verse"), self._taken("listed")
        settled = self._taken("asked").split(" ")
        self.asked = tuple(re.compile(f"[{characters}]") for characters in settled)
        self.either = re.compile(f"[{''.join(settled)}]")

    def _taken(self, key: str) -> str:
        """A line of the head, which is no character's."""
        found = self._line(key)
        del self._lines[key]
        return found

    def _line(self, key: str) -> str:
        start = self._lines[key] + len(key.encode()) + 1
        return self._data[start : self._data.find(b"\n", start)].decode()

    @cached_property
    def unreached_at(self) -> dict[str, list[tuple[int, str]]]:
        """By character, the phrases that have it, with its place in each."""
        found: dict[str, list[tuple[int, str]]] = {}
        for one in self.unreached:
            for at, character in enumerate(one):
                found.setdefault(character, []).append((at, one))
        return found

    @cached_property
    def registers(self) -> Registers:
        """What tells the register."""
        fields = self._registers.split(" ")
        width = TOLD + 1
        rows = [fields[at : at + width] for at in range(0, len(fields), width)]
        advance, *known = ((row[0], tuple(map(int, row[1:]))) for row in rows)
        return Registers(dict(known), advance[1])

    @cached_property
    def listed(self) -> frozenset[str]:
        """Words of two characters whose form other lists have as OpenCC does, and none has otherwise."""
        groups = ((one[0], one[1], one[2:]) for one in filter(None, self._listed.split(" ")))
        return frozenset(
            known + one if place == PLACES[0] else one + known for known, place, beside in groups for one in beside
        )

    @cached_property
    def verse(self) -> dict[str, Verse]:
        """What verse makes of the scores in classical text, by character."""
        return {one[0]: Verse(*map(int, one[2:].split(" "))) for one in filter(None, self._verse.split(WEIGHT_MARK))}

    @cached_property
    def classes(self) -> dict[int, str]:
        """By character, the letter of its class."""
        return _Classes({ord(member): group[0] for group in self._classes.split(" ") for member in group[1:]})

    def __contains__(self, character: str) -> bool:
        return character in self._lines

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __getitem__(self, character: str) -> Character:
        found = self._read.get(character)
        if found is None:
            found = self._read[character] = parsed(character, self.classes[ord(character)], self._line(character))
        return found


class Verse:
    """What verse makes of a character's scores in classical text: how much they count, and what each form has besides.

    The latter by OpenCC's choice, by the length of its phrase (1 to 3) and by form but the first, in hundredths.
    """

    PHRASES = 3

    def __init__(self, counts: int, *besides: int) -> None:
        self._counts, self._besides = counts, besides

    def scores(self, found: Sequence[int], stock: int, phrase: int) -> tuple[int, ...]:
        """The scores in verse."""
        others = len(found) - 1
        at = (stock * self.PHRASES + min(phrase, self.PHRASES) - 1) * others
        besides = (0, *self._besides[at : at + others])
        return tuple(one * self._counts // SCALE + more for one, more in zip(found, besides, strict=True))


def _line_starts(data: bytes) -> Iterator[int]:
    """Where the lines of a file begin that ends with a line end."""
    at = 0
    while at < len(data):
        yield at
        at = data.index(b"\n", at) + 1


class _Classes(dict[int, str]):
    """What has no class, has one sign."""

    def __missing__(self, key: int) -> str:
        self[key] = NO_CLASS
        return NO_CLASS


NO_CLASS = "\u00bf"


def parsed(character: str, letter: str, line: str) -> Character:
    """A character of the table; `letter` is that of its class."""
    fields = line.split("\t")
    forms = fields[0].split(" ")
    others = len(forms) - 1
    trust, prior, words, old = (tuple(map(int, field.split(" "))) for field in fields[1:5])
    grams = fields[5:]
    by_phrase = _cube(old, PHRASES, others)
    return Character(
        tuple(spellings[0] for spellings in forms),
        {spelling: number for number, spellings in enumerate(forms) for spelling in spellings},
        tuple(tuple(trust[at : at + len(forms)]) for at in range(0, len(trust), len(forms))),
        _cube(prior, len(forms), others),
        _cube(words, len(STATES), others),
        tuple(by_phrase[at : at + len(forms)] for at in range(0, len(by_phrase), len(forms))),
        tuple((_grams(grams[at], character), _grams(grams[at + 1], letter)) for at in range(0, 2 * others, 2)),
        tuple(_grams(field, character) for field in grams[2 * others : 3 * others]),
        tuple(_near(field) for field in grams[3 * others : 4 * others]),
        tuple(_near(field) for field in grams[4 * others :]),
    )


def _cube(values: Sequence[int], middle: int, inner: int) -> tuple[tuple[tuple[int, ...], ...], ...]:
    rows = [tuple(values[at : at + inner]) for at in range(0, len(values), inner)]
    return tuple(tuple(rows[at : at + middle]) for at in range(0, len(rows), middle))


# In the file the strings of one weight stand together after it, without the character in their middle.
PLACE_MARK, WEIGHT_MARK = " / ", "|"
PLACES = "<>"  # of listed words: whether the character stands first or last


def _grams(field: str, middle: str) -> Grams:
    zero, one, two, three = (
        _flagged(_weights(part, at, middle), at) for at, part in enumerate(field.split(PLACE_MARK))
    )
    for at, later, earlier in ((2, two, three), (1, one, two)):
        for end in {one[1 : at + 2] for one in earlier}:
            later[end] = later.get(end, 0) | _EARLIER
    return zero, one, two, three


def _flagged(weights: dict[str, int], at: int) -> dict[str, int]:
    """The weights with a sign at the strings that begin a longer one; `at` is where in them the place is."""
    shortest = max(at + 1, 2)
    found = {one: weight << FLAGS for one, weight in weights.items()}
    for start in {one[:shortest] for one in weights if len(one) > shortest}:
        found[start] = found.get(start, 0) | _LONGER
    return found


def _near(field: str) -> tuple[dict[str, int], dict[str, int]]:
    before, after = (_weights(part, 0, "") for part in field.split(PLACE_MARK))
    return before, after


def _weights(part: str, at: int, middle: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for group in part.split(WEIGHT_MARK) if part else ():
        weight, *strings = group.split(" ")
        found.update(dict.fromkeys([f"{one[:at]}{middle}{one[at:]}" for one in strings], int(weight)))
    return found


@cache
def table() -> ContextTable:
    """The table, opened once per process."""
    return ContextTable(resources.files("publish.convert").joinpath("data/contexts.tsv").read_bytes())


REACH = 3  # characters on either side whose strings count
NEAR = 8  # characters on either side that count near the place, wherever they stand
PHRASES = 4  # the length of OpenCC's phrase that counts at most


def window(text: str, index: int) -> str:
    """The place with its neighbours, as long everywhere; line ends stand for what lies beyond the text."""
    if index < REACH:
        text, index = "\n" * REACH + text, index + REACH
    found = text[index - REACH : index + REACH + 1]
    return found if len(found) == _WIDTH else found.ljust(_WIDTH, "\n")


def near(text: str, index: int) -> Near:
    """What stands near the place, before and after it, but for the character itself, which tells nothing of itself."""
    before, after = text[max(index - NEAR, 0) : index], text[index + 1 : index + 1 + NEAR]
    return before.replace(text[index], ""), after.replace(text[index], "")


Near = tuple[str, str]
ALONE: Near = ("", "")
_WIDTH = 2 * REACH + 1
_MAX_CACHED = 1 << 15


@lru_cache(maxsize=_MAX_CACHED)
def scores(window: str, register: int, stock: int, phrase: int = 1, near: Near = ALONE) -> tuple[int, ...]:
    """What speaks for each form of the character in a window's middle, in hundredths, but for its word.

    `stock` is OpenCC's choice; `phrase`, the length of the phrase that it rests on, counts in old text; `near` is what
    stands before and after. What the word adds are `Character.words`. A book's Traditional editions ask for the same.
    """
    known = table()[window[REACH]]
    text = window.translate(_NORMAL)
    classes = text.translate(table().classes)
    old = register in OLD
    if old:
        found = [0, *known.old[register != LITERARY][stock][min(phrase, PHRASES) - 1]]
    else:
        found = [0, *known.prior[register][stock]]
    for form, (grams, kinds) in enumerate(known.grams, 1):
        found[form] += summed(grams, text) + summed(kinds, classes)
    if old:
        for form, grams in enumerate(known.old_grams, 1):
            found[form] += summed(grams, text)
    before, after = near
    if before or after:
        for form, (one, other) in enumerate(known.near if old else known.modern_near, 1):
            found[form] += sum(map(one.get, before, _NOTHING)) + sum(map(other.get, after, _NOTHING))
    return tuple(found)


_NOTHING = (0,) * NEAR


def keeps(known: Character, found: Sequence[int], stock: int, margin: int) -> bool:
    """Whether OpenCC's form wins by its scores whatever word a segmenter finds."""
    least, most = known.word_bounds
    enough = found[stock] + least[stock] + margin
    return all(form == stock or value + most[form] <= enough for form, value in enumerate(found))


def certain(known: Character, found: Sequence[int], stock: int, margin: int) -> int | None:
    """The form that wins by its scores whatever word a segmenter finds; None where the word decides.

    Another form than OpenCC's wins if it leads that by more than the margin.
    """
    least, most = known.word_bounds
    worst = [*map(add, found, least)]
    best = [*map(add, found, most)]
    worst[stock] += margin
    best[stock] += margin
    top = max(worst)
    form = stock if worst[stock] == top else worst.index(top)
    best[form] = top - 1
    rest = max(best)
    return form if top > rest or (form == stock and top == rest) else None


def reasons(window: str, register: int, form: int, other: int, near: Near = ALONE) -> list[tuple[str, float]]:
    """Which neighbours speak for one form against another, the heaviest first, in logarithms of odds."""
    known = table()[window[REACH]]
    text = window.translate(_NORMAL)
    classes = text.translate(table().classes)
    weights: dict[str, int] = {}
    for sign, which in ((1, form), (-1, other)):
        if not which:
            continue
        grams, kinds = known.grams[which - 1]
        added = ((known.old_grams[which - 1], text),) if register in OLD else ()
        for weights_of, spelled in ((grams, text), (kinds, classes), *added):
            for start, end, value in _found(weights_of, spelled):
                shown = _alike(window, start, end) if weights_of is kinds else window[start:end]
                weights[shown] = weights.get(shown, 0) + sign * value
        standing = (known.near if added else known.modern_near)[which - 1 : which]
        for side, (kept, beside) in enumerate(zip(standing[0], near, strict=True) if standing else ()):
            for one in beside:
                shown = f"…{one}" if side else f"{one}…"
                weights[shown] = weights.get(shown, 0) + sign * kept.get(one, 0)
    found = [(shown.replace("\n", "¶"), value / SCALE) for shown, value in weights.items() if value]
    return sorted(found, key=lambda pair: -abs(pair[1]))


def _alike(window: str, start: int, end: int) -> str:
    """A string whose neighbours stand for others of their kind: 埃~里克~."""
    return "".join(one if at == REACH else f"{one}~" for at, one in enumerate(window[start:end], start))


def summed(grams: Grams, text: str) -> int:
    """The weights of all strings around a window's middle. Written out, as it runs for one character in fifteen."""
    zero, one, two, three = grams
    found = 0
    value = zero.get(text[3:5])
    if value is not None:
        found = value >> FLAGS
        if value & _LONGER:
            found += (zero.get(text[3:6], 0) >> FLAGS) + (zero.get(text[3:7], 0) >> FLAGS)
    value = one.get(text[2:4])
    if value is None:
        return found
    found += value >> FLAGS
    if value & _LONGER:
        found += (one.get(text[2:5], 0) >> FLAGS) + (one.get(text[2:6], 0) >> FLAGS)
    if value & _EARLIER:
        value = two.get(text[1:4])
        if value is not None:
            found += value >> FLAGS
            if value & _LONGER:
                found += (two.get(text[1:5], 0) >> FLAGS) + (two.get(text[1:6], 0) >> FLAGS)
            if value & _EARLIER:
                found += three.get(text[0:4], 0) >> FLAGS
    return found


def _found(grams: Grams, text: str) -> Iterator[tuple[int, int, int]]:
    """The strings around a window's middle that have a weight: where each begins and ends, and the weight."""
    for before, weights in enumerate(grams):
        for end in range(REACH + 1, _WIDTH + 1):
            value = weights.get(text[REACH - before : end], 0) >> FLAGS
            if value:
                yield REACH - before, end, value


def chances(scores: Sequence[int]) -> list[float]:
    """The forms' probabilities, as the table itself has them."""
    top = max(scores)
    raised = [exp((score - top) / SCALE) for score in scores]
    total = sum(raised)
    return [value / total for value in raised]


def calibrated(chance: float, register: int) -> float:
    """How probable it is that a form which the table gives this chance is right, measured on text never learnt from."""
    slope, shift = table().calibration[2 * LAYERS[register] :][:2]
    bounded = min(max(chance, 1e-6), 1 - 1e-6)
    return 1 / (1 + exp(-(slope * log(bounded / (1 - bounded)) + shift)))
