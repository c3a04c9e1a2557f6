"""Quotation marks by pairs: “ ” ‘ ’ and 「 」 『 』, each region's own, by depth; straight ones read as curly.

Sources: GB/T 15834-2011 §4.8 (Mainland), Taiwan MOE 2008 and clreq §3.1.3 (Taiwan, Hong Kong).
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from publish.regions import Quotes

# What an edition does with quotation marks: nothing, only read straight ones, or write its region's.
Mode = Literal["keep", "straight", "region"]
MODES: tuple[Mode, ...] = ("keep", "straight", "region")

CLOSING = {"“": "”", "‘": "’", "「": "」", "『": "』"}
_OPENING = {closing: opening for opening, closing in CLOSING.items()}
_MARK = re.compile("[“”‘’「」『』]")
_ANY_MARK = re.compile("[“”‘’「」『』\"']")

_LATIN = re.compile(r"[0-9A-Za-zÀ-ɏ]")
_CJK_CHARACTER = "[\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
_ASCII = re.compile("[\0-\x7f]")
_STRAIGHT = re.compile("[\"']")
_DOUBLE = re.compile('"')
# A list or an object of a program: ["张三", "李四"], {"name": "张三"}.
_VALUE = r"(?:\"[^\"\n]*\"|'[^'\n]*'|[A-Za-z0-9_.+-]+)"
_VALUES = re.compile(rf"[\[{{]\s*{_VALUE}(?:\s*[,:]\s*{_VALUE})*\s*[\]}}]")
_EQUALS = re.compile(r"[A-Za-z_][\w.]*\s*[=!<>]?=\s*\Z")  # WHERE name = "张三"
_CODE_BEFORE = "={[<\\"
_TERM = re.compile(r"[0-9A-Za-zÀ-ɏ][0-9A-Za-zÀ-ɏ .&+'-]*")
_DECADE = re.compile("‘[0-9]0s")
_WORD = re.compile(r"(?<![0-9A-Za-z])[a-z]{2,}(?![0-9A-Za-z])")

# A Latin stretch that reaches no edge of the block is a passage, not a few terms in a Chinese sentence, from here on.
_MIN_PASSAGE_WORDS = 3


# A quotation within one, both in straight marks.
_LONGEST_INNER = 12
_POINT = re.compile("[，。！？；：、…,.!?;:\\s]")
_ENDINGS, _GOES_ON = "。！？….!?", "，、；：,;:"
_SAID = re.compile("[：:，。？！说說道问問答喊叫写寫]\\s?$")
_JOINING = re.compile("^(?:[和与與跟或及到是]|或者|以及|[还還]是|[变變改]成|改[为為]|而?不是|就是|等[于於])$")


_CJK = re.compile(_CJK_CHARACTER)
# Single marks around text with Chinese in it; beside a Latin letter or digit they are apostrophes and feet.
_SINGLE = re.compile(rf"(?<![0-9A-Za-zÀ-ɏ])'(?=[^'\n]*{_CJK_CHARACTER})[^'\n]*'(?![0-9A-Za-zÀ-ɏ])")


@dataclass(frozen=True, slots=True)
class QuotePair:
    """A pair of quotation marks, by the indices of its marks."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Pairing:
    """The pairs in the order of their opening marks, and the indices of the marks that have no partner.

    `running` are opening marks whose quotation runs on into the next paragraph.
    """

    pairs: tuple[QuotePair, ...]
    unmatched: tuple[int, ...]
    running: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class QuoteReading:
    """A text with its straight quotation marks read as curly ones, each at its index; `doubtful` stay as they are."""

    text: str
    straight: frozenset[int] = frozenset()
    doubtful: tuple[int, ...] = ()


def read(text: str, opaque: Sequence[tuple[int, int]] = ()) -> QuoteReading:
    """Read straight quotation marks around Chinese in Chinese sentences: "中文" is “中文”, '中文' is ‘中文’.

    Inches, feet, apostrophes, quotations all in Latin letters and what looks like code (`alt="图"`) are left alone.
    Where there is an odd one, or a Chinese quotation stands in a Latin sentence, nobody can tell: these are doubtful.
    """
    if not _STRAIGHT.search(text):
        return QuoteReading(text)
    masked = _masked(text, opaque)
    doubles = _double_marks(masked)
    doubtful: list[int] = []
    quotations: list[tuple[int, int]] = []
    inner: set[int] = set()  # marks of a quotation within another
    if len(doubles) % 2:
        doubtful += (index for index in doubles if _beside_chinese(masked, index))
    else:
        quotations, inner = _paired(masked, doubles)
    quotations += ((single.start(), single.end() - 1) for single in _SINGLE.finditer(masked))
    chinese, latin = _extent(_CJK, masked), _extent(_LATIN, masked)
    found: dict[int, str] = {}
    values = [found.span() for found in _VALUES.finditer(text)] if "{" in text or "[" in text else []
    for start, end in quotations:
        if not _is_chinese(masked, start, end) or any(first < start and end < last for first, last in values):
            continue
        foreign = _reaches_beyond(latin, start, end) and not _reaches_beyond(chinese, start, end)
        if foreign or masked[start + 1].isspace() or masked[end - 1].isspace():
            doubtful += (start, end)
        else:
            found[start], found[end] = "“”" if masked[start] == '"' and start not in inner else "‘’"
    return QuoteReading(apply(text, found), frozenset(found), tuple(sorted(doubtful)))


def _paired(text: str, marks: Sequence[int]) -> tuple[list[tuple[int, int]], set[int]]:
    """The pairs of straight double marks, an even number, and those that open one within another.

    One after the other, but where they make sense only as two and two: "你知道"连珠"吗？"
    """
    pairs: list[tuple[int, int]] = []
    inner: set[int] = set()
    at = 0
    while at < len(marks):
        last = at + 1
        if _is_nested(text, marks[at : at + 4]):
            last = at + 3
            while last + 2 < len(marks) and text[marks[last] - 1] in _GOES_ON:  # …的"命门"、"志堂"两穴
                last += 2
            within = range(at + 1, last, 2)
            pairs += ((marks[one], marks[one + 1]) for one in within)
            inner.update(marks[one] for one in within)
        pairs.append((marks[at], marks[last]))
        at = last + 1
    return pairs, inner


def _is_nested(text: str, marks: Sequence[int]) -> bool:
    """Whether four marks are a quotation within one: the inner two have a word between them, and more beside them.

    The third cannot open anything, or the first follows someone's saying, or begins the text, and the last ends a
    sentence.
    """
    if len(marks) < 4:  # noqa: PLR2004
        return False
    first, second, third, fourth = marks
    between = text[second + 1 : third]
    if not between or len(between) > _LONGEST_INNER or any(one.search(between) for one in (_POINT, _SAID, _JOINING)):
        return False
    if fourth == third + 2 and text[third + 1] in ":：;=":  # a single mark is quoted: 没有":"
        return False
    if text[third + 1] in _GOES_ON or text[third + 1] in _ENDINGS:
        return True
    if _POINT.match(text, second - 1):
        return False
    said = not text[:first].strip() or _SAID.search(text, 0, first) is not None
    return said and text[fourth - 1] in _ENDINGS


def _double_marks(text: str) -> list[int]:
    """The indices of straight double marks that do not mean inches: 5" stands outside quotations and after a digit."""
    marks: list[int] = []
    for match in _DOUBLE.finditer(text):
        index = match.start()
        if len(marks) % 2 or not text[index - 1 : index].isdecimal():
            marks.append(index)
    return marks


def _is_chinese(text: str, start: int, end: int) -> bool:
    """Whether there is Chinese in a quotation that is not a value in code."""
    before, after = text[max(0, start - 1) : start], text[end + 1 : end + 2]
    in_code = (
        (before and before in _CODE_BEFORE)
        or bool(_EQUALS.search(text[max(0, start - 40) : start]))
        or after == "}"
        or (after == ":" and before in ("", ",", " "))
    )
    return not in_code and (_CJK.search(text, start, end) is not None or _is_term(text, start, end))


def _is_term(text: str, start: int, end: int) -> bool:
    """Whether Latin words in quotation marks stand right in Chinese text: 所谓"AI"时代."""
    if not _TERM.fullmatch(text, start + 1, end) or len(text[start + 1 : end].split()) > _MIN_PASSAGE_WORDS:
        return False
    before, after = text[max(0, start - 1) : start], text[end + 1 : end + 2]
    beside = [_CJK.match(one) is not None for one in (before, after) if one]
    return bool(beside) and all(beside)


def _extent(pattern: re.Pattern[str], text: str) -> tuple[int, int] | None:
    """The indices of the first and the last character of a kind."""
    first = pattern.search(text)
    if first is None:
        return None
    last = next(index for index in range(len(text) - 1, -1, -1) if pattern.match(text[index]))
    return first.start(), last


def _reaches_beyond(extent: tuple[int, int] | None, start: int, end: int) -> bool:
    return extent is not None and (extent[0] < start or extent[1] > end)


def _beside_chinese(text: str, index: int) -> bool:
    return bool(_CJK.match(text[index - 1 : index]) or _CJK.match(text[index + 1 : index + 2]))


def running_on(paragraphs: Sequence[tuple[str, Sequence[tuple[int, int]]]]) -> list[frozenset[int]]:
    """For each of neighbouring paragraphs (text, opaque ranges), the marks of quotations that run on into the next.

    Each paragraph of a long quotation begins with the opening mark, and only the last closes it; so a mark without a
    partner is none where the next paragraph begins with it, and so on to one that closes all (GB/T 15834-2011 §4.8.3).
    """
    found: list[frozenset[int]] = [frozenset()] * len(paragraphs)
    chain: list[tuple[int, list[int]]] = []
    pending = ""  # the marks that the next paragraph must begin with
    for number, (text, opaque) in enumerate(paragraphs):
        reading = read(text, opaque).text
        unmatched = pair(reading, opaque).unmatched
        if not reading.lstrip().startswith(pending):
            chain = []
        pending = "".join(reading[index] for index in unmatched)
        if set(pending) - CLOSING.keys():
            chain, pending = [], ""
        elif pending:
            chain.append((number, list(unmatched)))
        else:
            for before, marks in chain:
                found[before] = frozenset(marks)
            chain = []
    return found


def pair(text: str, opaque: Sequence[tuple[int, int]] = (), running: Collection[int] = ()) -> Pairing:
    """Pair the quotation marks of one block, by a stack. Marks in `opaque` ranges are not looked at.

    `running` are opening marks that a later paragraph closes: without a partner here, they are not unmatched.

    An apostrophe does not count as a mark: ’ after a Latin letter or digit that closes no ‘, or before one after a
    space (’90s, and ‘90s as word processors have it). Neither is ” after a digit that closes no “ (inches).
    """
    pairs: list[QuotePair] = []
    unmatched: list[int] = []
    stack: list[int] = []
    pending: Counter[str] = Counter()  # how often each opening mark stands on the stack
    for index in _marks(text, opaque):
        mark = text[index]
        if mark in CLOSING:
            if not _DECADE.match(text, index):
                stack.append(index)
                pending[mark] += 1
            continue
        opening = _OPENING[mark]
        if mark == "’" and _is_apostrophe(text, index, open_quote=bool(stack) and text[stack[-1]] == "‘"):
            continue
        if pending[opening]:
            while text[stack[-1]] != opening:
                unmatched.append(stack.pop())
                pending[text[unmatched[-1]]] -= 1
            pairs.append(QuotePair(stack.pop(), index))
            pending[opening] -= 1
        elif mark != "”" or not text[index - 1 : index].isdecimal():
            unmatched.append(index)
    unmatched.extend(stack)
    lone = sorted(unmatched)
    return Pairing(
        tuple(sorted(pairs, key=lambda found: found.start)),
        tuple(index for index in lone if index not in running),
        tuple(index for index in lone if index in running),
    )


def replacements(
    text: str,
    pairing: Pairing,
    target: Quotes,
    opaque: Sequence[tuple[int, int]] = (),
    straight: Collection[int] = (),
) -> Mapping[int, str]:
    """The marks that `target` writes otherwise, by index; each is one code point for one.

    A pair takes the target's outer marks, or, within another pair, those which that pair does not have. A pair that
    has the target's marks already keeps them, unless the pair around it has just been given the same. An all-Latin
    quotation in Latin text keeps its curly marks. `straight` marks belonged to no region and go by depth alone.
    """
    passages = _Passages(text, opaque)
    found: dict[int, str] = {}
    enclosing: list[tuple[QuotePair, str, bool]] = []  # pair, opening mark it ends up with, whether that is a change
    running = (QuotePair(index, len(text)) for index in pairing.running)
    for each in sorted([*pairing.pairs, *running], key=lambda one: one.start):
        while enclosing and enclosing[-1][0].end < each.start:
            enclosing.pop()
        mark = text[each.start]
        if mark in "“‘" and target.outer[0] not in "“‘" and passages.hold(each):
            continue
        outside, changed = (enclosing[-1][1], enclosing[-1][2]) if enclosing else ("", False)
        own = not target.by_depth and each.start not in straight and mark in (target.outer[0], target.inner[0])
        opening = mark
        if not own or (changed and outside == mark):
            opening = target.inner[0] if outside == target.outer[0] else target.outer[0]
        if opening != mark:
            found[each.start] = opening
            if each.end < len(text):
                found[each.end] = CLOSING[opening]
        enclosing.append((each, opening, opening != mark))
    return found


def apply(text: str, marks: Mapping[int, str]) -> str:
    """The text with the characters at the given indices replaced."""
    parts: list[str] = []
    position = 0
    for index in sorted(marks):
        parts += (text[position:index], marks[index])
        position = index + 1
    parts.append(text[position:])
    return "".join(parts)


def has_marks(text: str) -> bool:
    """Whether there is any quotation mark at all, straight ones and apostrophes too."""
    return _ANY_MARK.search(text) is not None


def _marks(text: str, opaque: Sequence[tuple[int, int]]) -> Iterator[int]:
    indices = (match.start() for match in _MARK.finditer(text))
    if not opaque:
        yield from indices
        return
    ranges = iter(opaque)
    start, end = next(ranges)
    for index in indices:
        while index >= end:
            start, end = next(ranges, (len(text), len(text) + 1))
        if index < start:
            yield index


def _is_apostrophe(text: str, index: int, *, open_quote: bool) -> bool:
    before = bool(_LATIN.match(text[index - 1 : index]))
    after = bool(_LATIN.match(text[index + 1 : index + 2]))
    if before:
        return after or not open_quote
    return after and not open_quote and (index == 0 or text[index - 1].isspace() or text[index - 1] in "“‘「『(（[")


class _Passages:
    """The passages of Latin text in a block, as far as quotations stand in them."""

    def __init__(self, text: str, opaque: Sequence[tuple[int, int]]) -> None:
        self._text = _masked(text, opaque)

    @cached_property
    def _cjk(self) -> list[int]:
        return [found.start() for found in _CJK.finditer(self._text)]

    def hold(self, each: QuotePair) -> bool:
        """Whether the quotation is all Latin and stands in a passage of Latin text, not in a Chinese sentence."""
        if not _LATIN.search(self._text, each.start, each.end):
            return False
        place = bisect(self._cjk, each.start)
        start = self._cjk[place - 1] + 1 if place else 0
        end = self._cjk[place] if place < len(self._cjk) else len(self._text)
        if end < each.end:
            return False
        if not start and end == len(self._text):
            return True
        left, right = self._text[start : each.start], self._text[each.end + 1 : end]
        if (start and not _LATIN.search(left)) or (end < len(self._text) and not _LATIN.search(right)):
            return False
        return len(_WORD.findall(left)) + len(_WORD.findall(right)) >= _MIN_PASSAGE_WORDS


def _masked(text: str, opaque: Sequence[tuple[int, int]]) -> str:
    """The text without the words in opaque ranges: code makes no Latin passage, but protected Chinese is Chinese."""
    parts: list[str] = []
    position = 0
    for start, end in opaque:
        parts += (text[position:start], _ASCII.sub("\ufffc", text[start:end]))
        position = end
    return "".join([*parts, text[position:]])
