"""Line ends in paragraphs: a line ends where its author ended it, unless something else explains its end.

Two habits explain one: a text wrapped at a width ends lines amid sentences, where they are full; a text with a line for
each sentence does so in paragraph after paragraph. A file that has paragraphs of several sentences on one line has
neither. What its lines look like speaks for a paragraph first: those that open alike (`_alike`), short ones.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from unicodedata import category

from publish.han import CLOSERS, ENDED, FULL_STOPS, IDEOGRAPH, IDEOGRAPHS
from publish.source.reading.apart import (
    EASY,
    GOES_ON,
    IN_BOLD,
    ITEMS,
    LABEL,
    LEAST,
    SAYS,
    SHORT,
    are_apart,
    breaks,
    columns,
)


@dataclass(frozen=True)
class Habit:
    """How an author ends lines within paragraphs.

    `breaks`: as wrapped texts and texts of a line for each sentence do; False where paragraphs are left whole, None
    where the file does not say. `alone`: no more than one paragraph has long lines that end with their sentences;
    `mixed`: such paragraphs stand beside whole ones, too many to be chance. `strays`: some long lines end amid a
    sentence. `width`: columns of the lines that are broken, in the middle of all; `narrow`: those that lines have
    which are filled, though shorter than anybody wraps: text out of a column or off a telephone.
    """

    breaks: bool | None = None
    alone: bool = True
    mixed: bool = False
    strays: bool = False
    width: int = 0
    narrow: int = 0


@dataclass(frozen=True)
class LineEnds:
    """The places of lines, from 0, that end where they end, and of those that may."""

    kept: tuple[int, ...] = ()
    doubtful: tuple[int, ...] = ()
    paragraphs: bool = False  # whether each line is a paragraph of its own


_FEW = 16  # of so many lines with several sentences one that ends with its only one may be chance
_OFTEN = 3  # paragraphs with a line for each sentence that make a habit
_STOPS = re.compile(rf"[{FULL_STOPS}．.!?；;：:～~][{CLOSERS}\]*_`\"']*$")
_CLAUSE = re.compile(rf"[，、,—－-][{CLOSERS}*_]*$")
# A sentence that ends amid a line.
_INNER = re.compile(r"[。！？．][”’」』）)\]*_]*(?=[^”’」』）)\]*_\s。！？．…])")
_MARKER = re.compile(r"^[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)+(?:\[[ xX]\][ \t]+)?")
# Lines that are no text: pictures, elements, notes, formulas, commands of other tools, attributes.
_NO_TEXT = re.compile(
    rf"!\[|\[!\[|(?!{SAYS})</?[A-Za-z!]|\[\^|\||\\(?=[A-Za-z\\(\[]|$)"
    rf"|\$\$|[:~]\s|#(?!\d)|:{{1,3}}\w|\{{(?![{IDEOGRAPHS}])|%%|\^[\w-]+$|\]"
)
_CLOSES = re.compile(r"[，。、；：！？）】》”’」』〉〕,;!?)\]}]|\.(?![A-Za-z])")
_OPENS = re.compile(r"[（【《“‘「『〈〔(\[{<]$")
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\n]*\)")
_MARKS = re.compile(r"[*`]|(?<!\w)_|_(?!\w)")


def habit_of(paragraphs: Iterable[Sequence[str]]) -> Habit:
    """The habit of an author, by the lines of a file's paragraphs."""
    wrapped: list[int] = []
    ended: list[int] = []
    whole: list[int] = []
    often = 0
    filled: list[int] = []
    for lines in paragraphs:
        texts = [bare(line) for line in lines]
        filled += [most] if (most := _filled(texts)) else []
        full, sentences = _broken(lines, texts) if len(lines) > 1 else ([], [])
        wrapped += full
        ended += sentences
        often += bool(full or sentences)
        if not full:  # the lines of a wrapped paragraph hold as many sentences as they can
            whole += [columns(text) for text in texts if "。" in text and _INNER.search(text)]
    width = int(median(wrapped or ended or [0]))
    wide = sum(1 for one in whole if one * 5 > width * 6) if wrapped else len(whole)
    alone = often <= 1
    if filled and not any(one > EASY for one in whole):
        return Habit(breaks=True, alone=alone, strays=True, width=width, narrow=int(median(filled)))
    if len(wrapped) > wide or (len(ended) > len(whole) and often >= _OFTEN):
        return Habit(breaks=True, alone=alone, strays=True, width=width)
    if len(whole) > 2 * (len(wrapped) + len(ended)):
        mixed = often >= _OFTEN and len(ended) * _FEW >= len(whole)
        return Habit(breaks=False, alone=alone, mixed=mixed, strays=bool(wrapped), width=width)
    return Habit(alone=alone, strays=bool(wrapped), width=width)


def _broken(lines: Sequence[str], texts: Sequence[str]) -> tuple[list[int], list[int]]:
    """The columns of a paragraph's long lines that end amid a sentence, and of those that end with their only one."""
    wrapped: list[int] = []
    ended: list[int] = []
    if not _STOPS.search(texts[-1]) or are_apart(lines) or _alike(texts):
        return wrapped, ended
    several = any(map(_INNER.search, texts))
    for at, (text, after) in enumerate(pairwise(texts)):
        if columns(text) <= EASY or not IDEOGRAPH.search(text) or _is_fixed(lines, texts, at):
            continue
        if not _STOPS.search(text):
            if not _opening(after):
                wrapped.append(columns(lines[at].rstrip()))
        elif text[-1] not in "：:" and not several:
            ended.append(columns(lines[at].rstrip()))
    return wrapped, ended


def _filled(texts: Sequence[str]) -> int:
    """The columns that lines are filled to which are too short to be wrapped; 0 where they are no such lines.

    All but the last are as long, most of them end amid a sentence, and a sentence ends within one: no verse.
    """
    if len(texts) <= _FILLED or not _PERIOD.search(texts[-1]) or not any(map(_PAUSE.search, texts)):
        return 0
    most = max(columns(_HANGS.sub("", text)) for text in texts[:-1])
    if not _NARROWEST <= most <= EASY or not _is_filled(texts, most):
        return 0
    amid = sum(1 for text, after in pairwise(texts) if not _MARK.search(text[-1:]) and not _opening(after))
    return most if 2 * amid >= len(texts) - 1 else 0


def _is_filled(texts: Sequence[str], most: int) -> bool:
    """Whether all lines but the last are as long as they can be in `most` columns, marks that hang behind left out."""
    full = all(columns(_HANGS.sub("", text)) <= most + 1 and columns(text) >= most - _HANGING for text in texts[:-1])
    return full and columns(_HANGS.sub("", texts[-1])) <= most + 1


_FILLED = 3  # lines
_HANGING = 4  # columns that a line lacks where a mark or a word does not fit
_NARROWEST = 12
_HANGS = re.compile(rf"[，、。；：！？…—{CLOSERS}]+$")


def _is_prose(texts: Sequence[str]) -> bool:
    """Whether a paragraph ends with a sentence and has marks amid its lines, as a list of words has not."""
    return bool(_PERIOD.search(texts[-1])) and any(map(_PAUSE.search, texts))


_PERIOD = re.compile(rf"[。！？][{CLOSERS}]*$")
_PAUSE = re.compile("[，；、。！？].")


def line_ends(lines: Sequence[str], habit: Habit, *, every: bool = False) -> LineEnds:
    """Which lines of a paragraph end where they end; `every`: all for which that can be asked."""
    ends = tuple(range(len(lines) - 1))
    texts = [bare(line) for line in lines]
    if habit.narrow and not every and _is_filled(texts, habit.narrow):
        return LineEnds(doubtful=tuple(at for at in ends if not _is_fixed(lines, texts, at)))
    if are_apart(lines):
        return LineEnds(ends)
    kept = set(breaks(lines))
    free = [at for at in ends if not _is_fixed(lines, texts, at)]
    alike = _alike(texts)
    kept |= {at for at in free if at + 1 in alike or (at in alike and _is_ended(texts[at]))}
    left = [at for at in free if at not in kept]
    marked = all(_STOPS.search(text) or _CLAUSE.search(text) for text in texts)
    # which an editor has indented
    two_of_item = len(texts) == 2 and bool(_MARKER.match(lines[0])) and not marked  # noqa: PLR2004
    if every or (not two_of_item and (_are_lines(texts, habit) or _are_words(lines, texts, habit))):
        kept.update(left)
        left = []
    full = _full(lines, texts, free)
    several = any(map(_INNER.search, texts))
    # Who has typed that other lines end says that these do not.
    halves = _is_sentence(texts) or any(line.endswith(("  ", "\\")) for line in lines[:-1])
    found = {
        at: (
            columns(texts[at]) < full
            and not (two_of_item and not _is_ended_by_mark(texts[at]))
            and _is_meant(texts, at, habit, several=several, halves=halves, line=lines[at])
        )
        if not _is_bold(lines, texts, at, habit)
        else True
        for at in left
    }
    kept |= {at for at, meant in found.items() if meant}
    whole = not every and len(kept) == len(ends) and not alike and _are_paragraphs(texts)
    return LineEnds(tuple(sorted(kept)), tuple(at for at, meant in found.items() if meant is None), whole)


def unwrapped(lines: Sequence[str]) -> list[int]:
    """The places of plain lines of Latin in a Chinese paragraph that no editor has wrapped.

    The first word of the next line would have had its place on them.
    """
    texts = [bare(line) for line in lines]
    if not any(map(IDEOGRAPH.search, texts)):
        return []
    widths = [columns(text) for text in texts]
    most = max(widths) - _SLACK
    return [
        at
        for at, (text, after) in enumerate(pairwise(texts))
        if 0 < widths[at] < most - columns("".join(after.split(maxsplit=1)[:1]))
        and not IDEOGRAPH.search(text[-1:] + after[:1])
        and not after[:1].islower()
        and not _GOES_ON.search(text)
        and not (_MARKED.search(lines[at]) or _MARKED.search(lines[at + 1]) or _is_fixed(lines, texts, at))
    ]


def unexplained(lines: Sequence[str], habit: Habit) -> list[int]:
    """The places of line ends in a text that nobody has wrapped, at which no sentence goes on.

    What is joined there is told: either its author has meant a line, or nobody knows why it ends.
    """
    texts = [bare(line) for line in lines]
    if habit.breaks or not any(map(IDEOGRAPH.search, texts)):
        return []
    return [
        at
        for at, (text, after) in enumerate(pairwise(texts))
        if text
        and after
        and not (_CLAUSE.search(text) or GOES_ON.search(text) or _SECOND_HALF.match(after))
        and not _goes_on_latin(text, after)
        and (_STOPS.search(text) or not (habit.strays and columns(text) > EASY))
        and not _is_fixed(lines, texts, at)
    ]


def _goes_on_latin(text: str, after: str) -> bool:
    """Whether Latin words go on in the next line."""
    return bool(_WORD_ON.match(after)) and not IDEOGRAPH.search(text[-1:])


_WORD_ON = re.compile(r"[a-z](?![ ]?[=<>≈])")
_SLACK = 8  # columns that lines of one editor differ by
_GOES_ON = re.compile(
    r"[.!?:;,，。；：！？、…&+/\\-][\"'”’)]*$|\b(?:a|an|the|of|in|on|to|and|or|for|with|by|is|are|was)$"
)
_MARKED = re.compile(r"[*_`$<>|\\{}\[\]#=]|://")


def _is_bold(lines: Sequence[str], texts: Sequence[str], at: int, habit: Habit) -> bool:
    """Whether a line ends at one in bold as a whole, or is one: what follows has that for its head."""
    if IN_BOLD.fullmatch(lines[at + 1].strip()) and columns(texts[at + 1]) <= EASY and _STOPS.search(texts[at]):
        return True
    begins = at == 0 or bool(_STOPS.search(texts[at - 1]))
    if begins and not habit.breaks and IN_BOLD.fullmatch(lines[at].strip()) and columns(texts[at]) <= EASY:
        return bool(_BEGINS.match(texts[at + 1])) or texts[at + 1][:1].isalpha()
    return False


def _are_paragraphs(texts: Sequence[str]) -> bool:
    """Whether lines that end where they end are paragraphs: prose, of long lines or of what people say."""
    if not all(map(_ENDED.search, texts[:-1])) or not all(
        _opening(text) in _OF_PROSE or _SAID.match(text) for text in texts
    ):
        return False
    said = [text for text in texts if text.startswith(("“", "「", "『", '"'))]
    long = [text for text in texts if columns(text) > EASY]
    return 2 * len(long) >= len(texts) or 0 < len(said) < len(texts) or any(map(_INNER.search, long))


def has_long_part(lines: Sequence[str], kept: Sequence[int]) -> bool:
    """Whether what stands between line ends that are kept is too long for a line among others: paragraphs, rather.

    An edition gives shorter ones the indent of one block (`canonical`); of these only the first would have any.
    """
    if any(lines[at].endswith(("  ", "\\")) for at in kept) or lines[-1].lstrip().startswith(("——", "—")):
        return False  # its author has said that it is a line; who said what stands above
    starts = [0, *(at + 1 for at in kept)]
    parts = ["".join(map(bare, lines[start:end])) for start, end in pairwise([*starts, len(lines)])]
    most = _LONG if len(parts) > 2 else _LONG // 2  # noqa: PLR2004
    return len(parts) > 1 and _FEW_LONG * sum(1 for part in parts if columns(part) > most) >= len(parts)


_LONG = 120  # columns of a line among several; of one of two, half as many
_FEW_LONG = 4  # one long line among more than so many makes no paragraphs of a list of names
_ENDED = re.compile(rf"[{FULL_STOPS}；][{CLOSERS}\"]*$")
_OF_PROSE = frozenset(["", "“", "「", "『"])
_SAID = re.compile(r"[^\s：:，。]{1,8}[：:][“「『\"]")  # 老周说：“门没锁。” is a sentence and no label


def bare(line: str) -> str:
    """A line as a reader sees it: without an item's mark, emphasis, addresses."""
    text = _MARKER.sub("", line).strip(" \t\u3000\\")
    text = _LINK.sub(r"\1", text) if "](" in text else text
    return _MARKS.sub("", text) if "*" in text or "`" in text or "_" in text else text


def _is_ended(text: str) -> bool:
    return bool(_STOPS.search(text)) or columns(text) <= EASY


def _is_ended_by_mark(text: str) -> bool:
    return bool(_STOPS.search(text) or _BLANK.search(text))


def _is_fixed(lines: Sequence[str], texts: Sequence[str], at: int) -> bool:
    """Whether the end of a line is none to ask about: it stands in a span, beside a picture, is hard already."""
    line, after = lines[at].strip(), lines[at + 1].strip()
    if not line or not after or line.endswith(("\\", ">", "$$")) or lines[at].endswith("  "):
        return True
    if _NO_TEXT.match(_MARKER.sub("", line)) or _NO_TEXT.match(after):
        return True
    if _OPENS.search(texts[at]) or _CLOSES.match(after):
        return True
    above = "\n".join(lines[: at + 1])
    return (
        above.count("`") % 2 == 1
        or _opens_formula(above)
        or above.count("[") > above.count("]")
        or above.count("(") > above.count(")")
        or above.count("（") > above.count("）")
        or bool(_IN_TAG.search(above))
    )


def _opens_formula(text: str) -> bool:
    """Whether a text has a dollar whose other is still to come, and which stands before no price."""
    plain = text.replace("\\$", "")
    return plain.count("$") % 2 == 1 and (plain.count("$") - len(_PRICE.findall(plain))) % 2 == 1


_PRICE = re.compile(rf"\$[ ]?\d[\d.,]*(?=[\s/，。；、（(元起{IDEOGRAPHS}]|$)")
_IN_TAG = re.compile(r"<[A-Za-z/!][^<>]*$")


def _are_lines(texts: Sequence[str], habit: Habit) -> bool:
    """Whether a paragraph's lines are of no width that explains their ends."""
    if not any(map(IDEOGRAPH.search, texts)):  # a song's; who wraps English has lines that begin with small letters
        return not habit.breaks and len(texts) > 2 and all(_SUNG.fullmatch(text) for text in texts)  # noqa: PLR2004
    widest = max(map(columns, texts))
    if len(texts) > 2 and widest <= SHORT and not any(map(_MARK.search, texts)):  # noqa: PLR2004  # verse without marks
        return True
    if any(GOES_ON.search(text) for text in texts[:-1]):
        return False
    if not habit.breaks and _are_translated(texts):
        return True
    stops = [bool(_STOPS.search(text)) for text in texts]
    marked = all(stop or _CLAUSE.search(text) for stop, text in zip(stops, texts, strict=True))
    verses = len(texts) > 2 or not ENDED.search(texts[-1])  # noqa: PLR2004  # two may be halves of a sentence
    free = not (habit.breaks or habit.strays)
    if marked and widest <= SHORT and (len(texts) >= _VERSES or (verses and free)):
        return True
    if habit.breaks:  # verse in a book that was wrapped
        short = min(SHORT, habit.width // 2)
        return len(texts) > 2 and widest <= short and (all(stops) or not any(stops))  # noqa: PLR2004
    if all(stops) and widest <= EASY:
        return True
    if not any(stops) and not any(map(_CLAUSE.search, texts)):
        if len(texts) == 2:  # noqa: PLR2004  # who signs, and where
            return widest <= SHORT and len(texts[0]) > LEAST and bool(_WORD.match(texts[1]))
        widths = [columns(text) for text in texts]
        return max(widths) <= 2 * EASY and max(widths) - min(widths) > _EVEN
    couplet = len(texts) == 2 and not all(stops)  # noqa: PLR2004  # one of equal lines is told before
    return habit.breaks is False and widest <= SHORT and not couplet


def _are_words(lines: Sequence[str], texts: Sequence[str], habit: Habit) -> bool:
    """Whether lines without Han are too short for anybody to have wrapped them, and none goes on with the last."""
    if habit.breaks or habit.strays or any(map(IDEOGRAPH.search, texts)):
        return False
    if not all(text and columns(line.strip()) <= SHORT for line, text in zip(lines, texts, strict=True)):
        return False
    sentence = bool(_STOPS.search(texts[-1]))
    return not any(
        after[:1].islower() and not _STOPS.search(text) and (sentence or text.endswith(","))
        for text, after in pairwise(texts)
    )


def _are_translated(texts: Sequence[str]) -> bool:
    """Whether lines of one script stand between lines of another, each below what it says again."""
    scripts = [4 * len(IDEOGRAPH.findall(text)) >= len(text) for text in texts]
    if any(before == after for before, after in pairwise(scripts)):
        return False
    return all(han or _SAYS.match(text) for han, text in zip(scripts, texts, strict=True))


def _full(lines: Sequence[str], texts: Sequence[str], free: Sequence[int]) -> int:
    """From how many columns on a line of a paragraph is full, which ends a line amid a sentence somewhere."""
    wrapped = [columns(texts[at]) for at in free if not _is_ended(texts[at]) and not _opening(texts[at + 1])]
    return min(wrapped) * 2 // 3 if wrapped and _STOPS.search(texts[-1]) else columns("".join(lines)) + 1


_SUNG = re.compile(r"[\"'(“‘]?[A-Z][^.。:：=/_]{3,48}[.,;:!?…]?[\"'”’)]?")
_SAYS = re.compile(r"[\"'(“‘]?[A-Z][\w'’-]*[,]?[ ]\S+[ ]\S")
_MARK = re.compile(r"[，。；！？、：…,.;!?:—]")
_VERSES = 4  # lines that all are short and end with a mark: no chance
_EVEN = 8  # columns by which lines that an editor wrapped differ at most


def _is_meant(texts: Sequence[str], at: int, habit: Habit, *, several: bool, halves: bool, line: str) -> bool | None:
    """Whether a line ends where its author ended it; None where that is in doubt.

    `several`: a line of the paragraph has several sentences, so that it is no text of a line for each. `halves`: its
    lines may be pieces of one. `line`: as it was typed, with the addresses in it.
    """
    text, after = texts[at], texts[at + 1]
    wide = columns(line) > 2 * SHORT
    ended = bool(_STOPS.search(text))
    if not wide and (ended or not halves) and _is_unexplained(texts, at, habit):
        return True
    if _EQUATION.fullmatch(after) and columns(text) <= EASY and not habit.breaks:
        return True
    if columns(text) <= EASY and not habit.breaks:
        begins = _opening(text), _opening(after)
        if not {*begins} & _UNSURE or (_PAIR.match(text) and not after[:1].islower()):  # entries, if of two kinds
            return True
    if _OPTION.match(after) and (ended or _BLANK.search(text)):
        return True
    if not _ABOVE.fullmatch(text) and not IDEOGRAPH.search(text) and not IDEOGRAPH.search(after):
        return not habit.breaks and _is_short_latin(text, after)
    if _ABOVE.fullmatch(text) or _ABOVE.fullmatch(after):
        return True
    if _NUMBER.fullmatch(text) and at == 0 and columns(after) <= SHORT and not _STOPS.search(after):
        return True
    if not ended and (wide or not _may_end(text, after) or (len(texts) == 2 and len(text) <= LEAST)):  # noqa: PLR2004
        return False
    if not ended and (habit.strays or _CLAUSE.search(text)):
        return False if habit.breaks else None
    long = min(columns(text), columns(after)) > EASY
    if ended and long and text[-1] not in "：:" and (habit.mixed or _REFERS.match(after)):
        return False if habit.breaks else None
    if habit.breaks is False or (not ended and not habit.breaks and not _STOPS.search(texts[-1])):
        return True
    if habit.breaks is None:
        return True if ended and (habit.alone or (several and not habit.strays)) else None
    return None if not ended else False


def _is_sentence(texts: Sequence[str]) -> bool:
    """Whether lines may be pieces of one sentence: two that end with one, or more of which some surely are."""
    if len(texts) == 2:  # noqa: PLR2004
        return bool(_STOPS.search(texts[-1])) or max(map(len, texts)) <= LEAST
    pieces = any(not _STOPS.search(text) and _SECOND_HALF.match(after) for text, after in pairwise(texts))
    return pieces and bool(_STOPS.search(texts[-1]))


def _is_unexplained(texts: Sequence[str], at: int, habit: Habit) -> bool:
    """Whether neither a width nor a sentence that goes on tells why a line ends where it does."""
    text, after = texts[at], texts[at + 1]
    if habit.breaks or habit.strays or not 1 < len(text) <= columns(text) <= EASY or not IDEOGRAPH.search(text):
        return False
    if _is_prose(texts) and not _STOPS.search(text) and columns(text) >= max(map(columns, texts)) - _EVEN // 2:
        return False  # it is as full as any
    return not (_CLAUSE.search(text) or _AMID.search(text[-2:-1])) and not _goes_on(text, after)


def _is_short_latin(text: str, after: str) -> bool:
    """Whether a line without Han is shorter than anybody wraps, and no sentence goes on in the next."""
    if _EQUATION.fullmatch(text) and (_EQUATION.fullmatch(after) or not after[:1].islower()):
        return True
    short = 0 < columns(text) <= SHORT and len(text.split()) <= _FEW_WORDS
    return short and not after[:1].islower() and not text.endswith((",", "-"))


def is_of_chords(line: str) -> bool:
    """Whether a line is of chords above the words that are sung to them."""
    return bool(_CHORDS.fullmatch(line.strip()))


def _may_end(text: str, after: str) -> bool:
    """Whether a line without a full stop may be one: short of where anybody wraps, and no part of a sentence."""
    if len(text) < LEAST or columns(text) > SHORT or _AMID.search(text[:-1]):
        return False
    return not _goes_on(text, after)


def _goes_on(text: str, after: str) -> bool:
    """Whether the words on both sides of a line end are of one sentence."""
    return bool(GOES_ON.search(text) or _SECOND_HALF.match(after)) or not _BEGINS.match(after)


# What begins a line in the middle of a sentence.
_SECOND_HALF = re.compile(r"的(?![确確士])|了(?![解不却卻结結断斷然如])|[们們]|[中里上下内外前后时之间](?=[，。；、])")

# Chords or pinyin, above the characters that they are of.
_CHORD = r"[A-G](?:[#b♯♭]|maj|min|m|sus|add|dim|aug|M|\d|/[A-G])*"
_TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ"
_SYLLABLES = rf"(?=[^\n]*[{_TONES}])[a-züê{_TONES}]+(?:['’ \t\u3000]+[a-züê{_TONES}]+)*"
_CHORDS = re.compile(rf"(?:{_CHORD}[ \t\u3000|]+)+{_CHORD}")
_ABOVE = re.compile(rf"{_CHORDS.pattern}|{_SYLLABLES}")
_FEW_WORDS = 4
# A step of a calculation: signs and letters, functions, no words.
_TERM = (
    r"(?:(?:sin|cos|tan|cot|log|ln|lg|lim|max|min)(?![A-Za-z])|[A-Za-z]{1,3}(?![A-Za-z])"
    rf"|[^\sA-Za-z{IDEOGRAPHS}=。，；])"
)
_EQUATION = re.compile(rf"{_TERM}(?:[ ]?{_TERM})*[ ]?[=＝≈≤≥<>][ ]?{_TERM}(?:[ =＝]*{_TERM})*")
_OPTION = re.compile(r"[(（]?[AaＡ][)）.．、][ \t\u3000]?\S")
_BLANK = re.compile(r"(?:[（(][ \u3000]*[)）]|_{2,}|[.。])[。？?]?$")
# What goes on with the sentence above: a new paragraph may begin so, a line of its own hardly does.
_REFERS = re.compile(
    r"但是?|然而|不过|不過|例如|比如|因此|因而|所以|于是|於是|相反|此外|另外|而且|并且|並且|同时|同時|其中|也就是|即便?|否则|否則"
    r"|这[^篇本次]|這[^篇本次]|它|[他她](?:们|們)?的?[^说說]|从而|從而|换句话|換句話|具体来[说說]|具體來說|事实上|事實上|总之|總之|接着|接著|然后|然後"
    r"|在(?:这|這|此|其|上述)|与之|與之|如果|当然|當然|尽管|儘管|虽然|雖然|特别是|特別是|尤其"
)
_NUMBER = re.compile(
    r"(?:\d{1,3}|[IVX]{1,4}|[〇零一二三四五六七八九十百]{1,3}|(?:No|NO|Part|PART)\.? ?\d{1,3})[.、．]?"
)
_AMID = re.compile(r"[，；,;]")
_WORD = re.compile(rf"[{IDEOGRAPHS}\d]")
_BEGINS = re.compile(rf"[-+−]?\d|[{IDEOGRAPHS}“‘「『《【〔〖（(]")


# --- lines that open alike ---

_NUMERALS = "〇零一二三四五六七八九十百"
_OPENINGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("label", LABEL),
    ("label", re.compile(r"[^\W_][^\s：:*，。、,.!?！？；;“”]{0,5}[：:]$")),
    ("gap", re.compile(r"[^\s，。；！？、：]{1,10}(?:\u3000+|\t+| {2,})(?=\S)")),
    ("space", re.compile(rf"[{IDEOGRAPHS}]{{1,5}}[ ](?=[{IDEOGRAPHS}“「『《（])")),
    ("bar", re.compile(rf"[{IDEOGRAPHS}]{{1,4}}[ ]?[|｜丨](?=[^|])")),
    ("arrow", re.compile(r"(?![-—–])[^，。；！？、：—→\n]{1,24}?[ \u3000]*(?:->|→|=>|=&gt;|[ ]=[ ])[ \u3000]*(?=\S)")),
    (
        "dash",
        re.compile(r"(?![-—–])[^\s，。；！？、：—]{1,12}[ \u3000]?(?:——|—|–|--|[ ][-|/][ ])[ \u3000]?(?=\S)"),
    ),
    (
        "leader",
        re.compile(
            r".{1,60}(?:…{2,}|\.{3,}|·{3,}|—{3,}|\u3000+| {2,})[ \u3000]*(?:[\dIVXivx]{1,4}|[$￥¥]?\d[\d.,]*元?)$"
        ),
    ),
    (
        "ordinal",
        re.compile(
            rf"第[{_NUMERALS}\d]{{1,5}}[章节節回卷篇部集条條款幕场場步课課，、：:\s]"
            rf"|其[{_NUMERALS}]|[{_NUMERALS}]是|[甲乙丙丁戊][：:]?[ \u3000]"
        ),
    ),
    ("number", re.compile(r"(?:公元前?)?\d{1,4}(?:[-–—~～至到/.]\d{1,4})*[\s年月日.:：、）)．，,]")),
    ("speaker", re.compile(r"(?:-{2,3}|[—–])[ ]?(?=[^\s-])")),
    ("clause", re.compile(rf"[{_NUMERALS}]{{1,3}}[\s:：、）)．]")),
)
# A word and what it is, take care of = 照顾; a formula amid a sentence (其中用 x = 1 这样的) is none.
_PAIR = re.compile(
    rf"(?:[A-Za-z_][A-Za-z_' ]{{0,23}}?|[{IDEOGRAPHS}]{{1,6}})[ \u3000]*(?:->|→|=>|=&gt;|[ ]=[ ])[ \u3000]*(?=\S)"
)
_WEAK = frozenset(["space", "number", "“", "‘", "「", "（", "(", "《", "dash"])
_UNSURE = frozenset(["", *_WEAK])
_NO_OPENING = frozenset("*_`[]{}<>|\\$!:~^#+-=\"'&@/…—.，。、；：！？”’」』）】》")
_BRACKETS = frozenset("【〔［〖〈「『“‘《（(")


def _opening(text: str) -> str:
    """How a line opens: by an item's mark, a label, a sign; empty where it opens as any text does."""
    item = next((number for number, item in enumerate(ITEMS) if item.match(text)), None)
    if item is not None:
        return f"item {item}"
    kind = next((name for name, pattern in _OPENINGS if pattern.match(text)), "")
    first = text[:1]
    if kind or not first:
        return kind
    signs = first in _BRACKETS or (category(first)[0] in "SP" and first not in _NO_OPENING)
    return first if signs else ""


def _alike(texts: Sequence[str]) -> frozenset[int]:
    """The places of lines that open alike, where all do but a few; empty where they do not."""
    openings = [_opening(text) for text in texts if not _ASIDE.fullmatch(text)]
    if len(openings) < 2:  # noqa: PLR2004  # none is like another
        return frozenset()
    counted = Counter(one for one in openings if one)
    if not counted:
        return frozenset()
    kind, times = counted.most_common(1)[0]
    rest = openings[1:]
    headed = times == len(rest) > 1 and all(one == kind for one in rest)  # below what says what they are
    odd = len(openings) - times
    weak = kind in _WEAK
    every = (odd == 0 and len(openings) > (2 if weak else 1)) or (headed and times > (2 if weak else 1))
    if not every and (weak or times < 2 or odd * 3 > len(openings)):  # noqa: PLR2004
        return frozenset()
    return frozenset(at for at, text in enumerate(texts) if _ASIDE.fullmatch(text) or _opening(text) == kind)


# What stands between lines of any kind: a remark in brackets, a note.
_ASIDE = re.compile(r"（[^（）]*）|\([^()]*\)|【[^【】]{1,6}】.*")
