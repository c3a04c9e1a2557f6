"""The classes of characters on a Chinese line: which are set tight, may not begin or end a line, or may be squeezed.

Rules: clreq §3.1.3 (marks that begin or end no line), §3.1.5 (—— and …… in one piece), §3.1.6 (the width of marks),
§3.2.1 (slack), §3.2.2 (Han beside Western text); GB/T 15834-2011 §5.1; Taiwan's handbook of punctuation (2008) for the
centred marks. Amounts are in em of the character that they belong to.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

# The classes, a letter each.
HAN, CLINGING, UNIT, CURRENCY = "H", "k", "u", "y"  # k: 々 ー, which may not begin a line; u: ％ ℃; y: ￥
OPEN, CLOSE, STOP, CENTRED, INTERPUNCT, DASH, ELLIPSIS = "O", "C", "S", "M", "I", "D", "E"
OBJECT, NOTE = "A", "N"  # a picture or another box; what calls a note
WEST, WEST_CLOSE, WEST_OPEN, WEST_OTHER = "W", "p", "q", "x"
SPACE, FIXED, IDEOGRAPHIC, NEWLINE, JOINER, BREAK = "s", "n", "Z", "B", "j", "z"
APOSTROPHE = "P"  # ’ between Western letters in a Chinese font, a full cell wide
APOSTROPHE_BLANK = 0.7  # em of that cell which the comma above the line leaves empty
CODE_SPACE = "c"  # a space in code, which keeps its width
TWO = "t"  # a character of a note in two small lines, 割注
VARIANT = "v"  # behind a Han character: which of its forms is meant (Unicode's ideographic variation sequences)

WIDE = frozenset("HkuyOCSMIDEAZvt")
_BLANK_RIGHT = CLOSE + STOP  # half of their cell is empty, on the right
_WESTERN = frozenset("Wpqx")

HALF, QUARTER = 0.5, 0.25
# Marks set tight overlap a little less than half: from half an em on, Poppler takes the second for another line's.
TIGHT = 0.49
GAP = 1 / 6  # between Han and Western text, of an em at rest
GAP_LEAST, GAP_MOST = 1 / 8, 1 / 4  # (clreq §3.2.2)
SPACE_LEAST, SPACE_MOST = 1 / 5, 1 / 3  # a space between Western words (clreq §3.2.1)
WIDEST = 0.48  # of half an em that either may become before Han characters are spaced out too far (clreq §3.2.1)

_KNOWN = {
    OPEN: "「『（《〈【〔［｛〖〘〝“‘﹁﹃",
    CLOSE: "」』）》〉】〕］｝〗〙〞〟”’﹂﹄",
    STOP: "，。、；：！？．",
    INTERPUNCT: "・‧／～〜",
    DASH: "—⸺",
    ELLIPSIS: "…⋯",
    CLINGING: "々〻ー゛゜ゝゞヽヾぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ",
    UNIT: "％‰℃℉",
    CURRENCY: "￥＄￡№",
    WEST_CLOSE: ",.;:!?)]}'\"·–°′″",
    WEST_OPEN: "([{",
    SPACE: " ",
    FIXED: "\u00a0\u202f\u2007",
    IDEOGRAPHIC: "\u3000",
    NEWLINE: "\n",
    JOINER: "\u2060\ufeff\u200d\u00ad",
    BREAK: "\u200b",
    OBJECT: "\ufffc",
}
_HAN = re.compile(
    "[\u2e80-\u2fff\u3003-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
    "\U00020000-\U0003ffff①-⓿■-◿☀-⛿]"
)

_VARIANT = re.compile("[\ufe00-\ufe02\U000e0100-\U000e01ef]")


class _Table(dict[int, str]):
    """Code point to class, for `str.translate`; a character is looked at once."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        if _HAN.match(char):
            found = HAN
        elif _VARIANT.match(char):
            found = VARIANT
        elif char.isalnum() or char in "%$€£¥#@&+-=×÷±<>_~*^|`\u20e3":  # a keycap reaches over its digit
            found = WEST
        else:
            found = WEST_OTHER
        self[point] = found
        return found


def _table(stops: str) -> _Table:
    rows = _Table({ord(char): name for name, chars in _KNOWN.items() for char in chars})
    rows.update({ord(char): stops for char in _KNOWN[STOP]})
    return rows


# In Taiwan and Hong Kong ，。、；：！？ stand in the middle of their cell and have no half to give (clreq §3.1.6).
_CORNER, _CENTRED = _table(STOP), _table(CENTRED)


def classes(text: str, language: str | None, *, code: bool = False) -> str:
    """The class of each character of a text in a language (`zh-TW`): a letter each.

    In code all that is not wide is one word, and spaces are what they are; marks beside Han are marks.
    """
    centred = (language or "").lower().startswith(("zh-tw", "zh-hk", "zh-mo", "zh-hant"))
    found = text.translate(_CENTRED if centred else _CORNER)
    if not code:
        return found
    word = list(found.translate(_CODE))
    for match in _BESIDE_WIDE.finditer(found):
        word[match.start()] = match.group()
    return "".join(word)


_CODE = str.maketrans({WEST_CLOSE: WEST, WEST_OPEN: WEST, WEST_OTHER: WEST, SPACE: CODE_SPACE})
# Beside Han they are in code what they are in text: a line does not begin with the ] of [软件].
_BESIDE_WIDE = re.compile(f"(?<=[{''.join(sorted(WIDE))}]){WEST_CLOSE}|{WEST_OPEN}(?=[{''.join(sorted(WIDE))}])")


_APOSTROPHE = re.compile("(?<=[A-Za-z])’(?=[A-Za-z])")
FULL_WIDTH = 0.9  # em: from this width on, a curly quote is a Chinese mark


def fit_quotes(kinds: str, text: str, advances: Sequence[float], size: float) -> str:
    """The classes of a text with its curly quotes Western where the font has them narrow, by their advances.

    `advances` and `size`, the em, are in one unit. An apostrophe between letters is not a mark with an empty half.
    """
    if not any(char in text for char in "“”‘’"):
        return kinds
    wide = FULL_WIDTH * size
    found = list(kinds)
    for match in _APOSTROPHE.finditer(text):
        found[match.start()] = APOSTROPHE
    for here, char in enumerate(text):
        if char in "“‘" and advances[here] < wide:
            found[here] = WEST_OPEN
        elif char in "”’" and advances[here] < wide:
            found[here] = WEST_CLOSE
    return "".join(found)


@dataclass(frozen=True, slots=True)
class PairSpacing:
    """The space between two neighbours: `set` is added to the first's advance, `spare` may also be taken off.

    `stretch` names the place when there is slack: a space of Western words, a gap, a place between wide ones,
    or one inside an address.
    """

    set: float = 0.0
    spare: float = 0.0
    stretch: int = 0


WORDS, GAPS, BETWEEN, ADDRESS = 1, 2, 3, 4
_GAPPED = frozenset(
    pair for wide in HAN + CLINGING + OBJECT for narrow in WEST + TWO for pair in (wide + narrow, narrow + wide)
)
_WHOLE = (DASH + DASH, ELLIPSIS + ELLIPSIS)  # —— and …… (clreq §3.1.5)
_TIGHT = PairSpacing(-TIGHT, 0, BETWEEN)
_NOTHING = PairSpacing()


def _pair(first: str, second: str) -> PairSpacing:
    """The rule for two classes (clreq §3.1.6, §3.2.1, §3.2.2; CSS Text 4 §8.4 says the same of pairs of marks)."""
    if second == VARIANT:
        return _NOTHING
    first = HAN if first == VARIANT else first
    pair = first + second
    if first in _BLANK_RIGHT and second in NOTE + WEST_CLOSE:  # what belongs to the mark stands in its empty half
        return PairSpacing(-TIGHT)
    if (NOTE in pair and second not in WIDE) or pair in _WHOLE:
        return _NOTHING
    if first == second == TWO:
        return _NOTHING
    if pair in (WEST + TWO, TWO + WEST):
        return PairSpacing(GAP, 0, GAPS)
    if JOINER in pair or BREAK in pair or NEWLINE in pair:
        return _NOTHING
    marks = OPEN + CLOSE + STOP + CENTRED + INTERPUNCT + IDEOGRAPHIC
    if (first in _BLANK_RIGHT and second in marks) or (first in marks and second == OPEN):
        return _TIGHT
    if first == APOSTROPHE:
        return PairSpacing(-APOSTROPHE_BLANK)
    if pair in _GAPPED:
        return PairSpacing(GAP, GAP - GAP_LEAST, GAPS)
    if SPACE in pair or FIXED in pair or CODE_SPACE in pair:
        return _NOTHING
    if first in WIDE or second in WIDE:
        spare = TIGHT if first in _BLANK_RIGHT or second == OPEN else 0.0
        return PairSpacing(0, spare, BETWEEN)
    return _NOTHING


class _Pairs(dict[str, PairSpacing]):
    def __missing__(self, pair: str) -> PairSpacing:
        found = self[pair] = _pair(*pair)
        return found


PAIRS = _Pairs()


def space_at(before: str, after: str, em: float, advance: float) -> PairSpacing:
    """The rule for one typed space between two classes, in the unit of `em` and `advance`.

    Between Han and Western text it is as wide as the gap; beside a mark it is not seen, and two marks are as tight as
    without it: `” 。` is a slip of the pen.
    """
    wide = (before in WIDE) + (after in WIDE)
    if wide == 0:
        return PairSpacing(0, max(0.0, advance - SPACE_LEAST * em), WORDS)
    if before in _BLANK_RIGHT + CENTRED + OPEN or after in _BLANK_RIGHT + CENTRED + OPEN:
        return PairSpacing(PAIRS[before + after].set * em * (wide == 2) - advance, 0, 0 if wide == 1 else BETWEEN)  # noqa: PLR2004  # both are
    if wide == 1:
        return PairSpacing(GAP * em - advance, (GAP - GAP_LEAST) * em, GAPS)
    return PairSpacing(0, 0, BETWEEN)


# An ellipsis may begin a line by clreq, and by Unicode (UAX #14 LB22) and in most houses may not.
_NO_START = frozenset(
    (ELLIPSIS, CLOSE, STOP, CENTRED, INTERPUNCT, CLINGING, UNIT, WEST_CLOSE, NOTE, JOINER, FIXED, VARIANT)
)
_NO_END = frozenset((OPEN, WEST_OPEN, CURRENCY, JOINER, FIXED))


def may_break(first: str, second: str) -> bool | None:
    """Whether a line may end between two classes; None where both are Western and Unicode's rules decide (UAX #14).

    Within a note of two lines those who know its text decide.
    """
    if first == second == TWO:
        return None
    if second in _NO_START or first in _NO_END or first + second in _WHOLE:
        return False
    if first == BREAK:
        return True
    if second in (SPACE, CODE_SPACE, BREAK):
        return False
    if first in (SPACE, CODE_SPACE):
        return True
    if first in WIDE or second in WIDE or first == NOTE:
        return True
    return None


def may_start(kinds: str, here: int, clusters: Sequence[bool], starts: Collection[int]) -> bool:
    """Whether a line may begin at a character: by the classes around it, else where Unicode allows (`starts`).

    `clusters` says of each character whether a cluster of glyphs begins with it.
    """
    before, after = kinds[here - 1], kinds[here]
    if before == after == HAN:
        return True
    if not clusters[here] and after != NEWLINE:
        return False
    if before == SPACE and here > 1 and kinds[here - 2] in OPEN + WEST_OPEN:
        return False
    if before == after == IDEOGRAPHIC and kinds[:here].rstrip(IDEOGRAPHIC)[-1:] == OPEN:
        return False  # a blank to fill in: （　　）
    allowed = may_break(before, after)
    return here in starts if allowed is None else allowed


# An address longer than a word is broken as in the Chicago Manual of Style §14.18, after :// and
# before a mark, so that the mark is not taken for the sentence's.
_ADDRESSES = re.compile(r"(?:https?://|ftp://|www\.|mailto:|/)[!-~]{12,}|[!-~]*/[!-~]{12,}")
_BEFORE = re.compile(r"(?<=[0-9A-Za-z])[/.?&=#%_~-](?=[0-9A-Za-z])")


def address_breaks(text: str) -> tuple[list[tuple[int, int]], list[int]]:
    """Where addresses are in a text, and at which characters a line may begin inside them."""
    spans = [match.span() for match in _ADDRESSES.finditer(text)]
    places = []
    for start, stop in spans:
        slashes = text.find("//", start, stop)
        if slashes >= 0:
            places.append(slashes + 2)
        inner = max(start + 3, slashes + 4)
        places += [found.start() for found in _BEFORE.finditer(text, inner, max(inner, stop - 2))]
    return spans, places


# A unit's symbol stays on the line of its number (SI Brochure §5.4.3).
_UNITS = "m|g|s|A|K|mol|cd|Hz|N|Pa|J|W|V|F|Ω|H|T|B|b|bit|bps|L|l|eV|cal|Wh|t|bar"
_UNIT_SYMBOL = re.compile(
    rf"(?<=\d)[ \u202f](?=(?:[yzafpnµμmcdhkKMGTPEZY]?(?:{_UNITS})|min|h|d|px|pt|em|dpi|rpm|°C|°F|[℃℉%‰°])"
    r"(?:[/·*^²³0-9][A-Za-z0-9²³]*)?(?![A-Za-z]))"
)
_STROKE = re.compile(r"(?<![0-9A-Za-z])([0-9A-Za-z.]+)/(?=([0-9A-Za-z]+))")
_OPTION = re.compile(r"(?<![0-9A-Za-z_)\]}.-])--?(?=[0-9A-Za-z])")  # --output, -v
_WORD = 4  # letters: shorter parts at a stroke are not words (m/s, HTTP/2, and/or)


def bound(text: str) -> set[int]:
    """The characters that may not begin a line though Unicode allows it.

    Units, what follows a short stroke, and what follows the hyphens of an option.
    """
    found = {match.end() for match in _UNIT_SYMBOL.finditer(text)} if " " in text or "\u202f" in text else set()
    if "/" in text:
        found.update(match.end() for match in _STROKE.finditer(text) if min(map(len, match.groups())) < _WORD)
    if "-" in text:
        found.update(place + 1 for match in _OPTION.finditer(text) for place in range(*match.span()))
    return found


_CODE_PART = re.compile(r"(?<=[0-9A-Za-z][-_./:=,;@+&?%|])(?=[0-9A-Za-z][!-~])")


# In text, only names of things: url.QueryEscape, resume_from_checkpoint; no numbers, no abbreviations (e.g., m/s).
_JOINT = re.compile(r"(?<=[A-Za-z]{3}[_.:@/])(?=[A-Za-z]{3})")
# A program's long name in humps: serialVersionUID, but not JavaScript.
_HUMPED = re.compile(r"(?<![A-Za-z])[A-Za-z]{12,}(?![A-Za-z])")
_HUMP = re.compile(r"(?<=[a-z]{2})(?=[A-Z][a-z]{2}|[A-Z]{3})")


def joints(text: str) -> list[int]:
    """Where names of several words may be broken in text that would be too loose without: after marks, at humps."""
    return sorted({match.start() for match in _JOINT.finditer(text)} | _humps(text))


def _humps(text: str) -> set[int]:
    return {name.start() + one.start() for name in _HUMPED.finditer(text) for one in _HUMP.finditer(name[0])}


def parts(text: str) -> list[int]:
    """Where code without spaces may be broken: after its marks, and a long name at its humps."""
    return sorted({match.start() for match in _CODE_PART.finditer(text)} | _humps(text))


# How wide marks are within a line: 全角式, 开明式 (a sentence's end keeps its cell), 半角式.
FULL, KAIMING, HALF_WIDTH = "full", "kaiming", "half"
_SENTENCE_ENDS = frozenset("。．？！")
_POINTS = frozenset("・‧")


def halves(text: str, kinds: str, way: str) -> list[int]:
    """The marks of a text that have half of their cell in a way of setting them.

    In 开明式 what ends a sentence keeps its cell, and so do closing marks behind it: the pause is there after 。” too.
    """
    if way == FULL:
        return []
    found, ends = [], False
    for here, kind in enumerate(kinds):
        if kind in STOP + CENTRED:
            ends = way == KAIMING and text[here] in _SENTENCE_ENDS
        elif kind != CLOSE:
            ends = False
            if kind != OPEN and text[here] not in _POINTS:
                continue
        if not ends:
            found.append(here)
    return found


def trims(kind: str) -> tuple[float, float]:
    """What a mark that has half of its cell gives up before and behind it."""
    if kind == OPEN:
        return TIGHT, 0.0
    return (0.0, TIGHT) if kind in _BLANK_RIGHT else (QUARTER, QUARTER)


# CSS Text 3 §8.4.1 (allow-end): stops and commas hang; colons, and what asks or exclaims, do not.
_HANGS = re.compile("[、，。．]")


def hanging(text: str) -> set[int]:
    """The marks of a text that may hang over a line's end."""
    return {match.start() for match in _HANGS.finditer(text)}


_DOTTED = HAN + CLINGING + UNIT + CURRENCY
_EMPHASIZED = re.compile(f"[{_DOTTED}]|W(?:[Wspqxn]*W)?")  # a character; Western words with what is between them


def emphasized(kinds: str) -> list[tuple[bool, int, int]]:
    """What carries emphasis marks: whether it is a Han character, and its first and last place.

    The rest is Western words; marks carry none (clreq §3.1.7).
    """
    return [(kinds[match.start()] in _DOTTED, match.start(), match.end() - 1) for match in _EMPHASIZED.finditer(kinds)]
