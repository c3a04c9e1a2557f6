"""Which stars and underscores are emphasis: paired as CommonMark 0.31 §6.2 does it, with what Chinese text needs.

There are no spaces between words, so a run may open and close beside any letter and any Chinese mark (**“引文”**说). In
turn what is no emphasis has to be told by itself: products, hidden names and figures, faces.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from publish.han import CLOSERS, IDEOGRAPH, IDEOGRAPHS

_NEVER_FIRST = frozenset("^,;)]}、，。；：）」』》】〉”’")
_NEVER_LAST = frozenset("^([{（「『《【〈“‘")
_OPENS_WORD = re.compile(
    r"[\w\"'(\[{`*~$\\=:#@!&.“‘「『《【（—…]|<[A-Za-z/]|-\w"
)  # what an underscore may stand before
_CLOSES_WORD = re.compile(r"[\w\"')\]}`*~$\\=>:.!?”’」』》】）。，！？；：、…—]")
_MARKS_ALONE = re.compile(r"[！？!?…—。~～]+")
_STOP = re.compile(r"[，、；：。！？,;]")
_WORD_BEFORE = re.compile(r"[^\W_]*\Z")
_WORD_AFTER = re.compile(r"[^\W_]*")
_SUM = frozenset("=＝≈")
_COMMENT_ENDS = re.compile(r"/(?=\s|\Z)")
_BLOCK = re.compile(r"\n[ \t>]*(?:\n|[-+*][ \t]|\d{1,9}[.)][ \t]|\#{1,6}[ \t]|\||`{3}|~{3}|:{3})")
_CELL = re.compile(r"[|\n]")
_BEFORE_BULLET = re.compile(r"[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)*")
_SENTENCE = re.compile(rf"[。！？!?](?![{CLOSERS}]*\Z)")
_ENDS = dict(zip(")]}）」』》】〉”’", "([{（「『《【〈“‘", strict=True))
_NUMBERED = re.compile(r"^\s*\w{1,3}[)）]|’(?=[A-Za-z])", re.MULTILINE)  # 1) and don’t end nothing
_SHORT = 2  # characters of a name, or of what is multiplied, beside a star
_LEVEL = re.compile(r"[Pp][ ]?[<＜≤][ ]?0?\.\d+(?![\d*])")  # *P<0.05，**P<0.01; not **P<0.05**
_PARTED = frozenset("、：:")  # *、**、***分别表示
_EQUAL = re.compile(r"[\w)）][=＝][^=]")
_SUM_LONG = 60
_SUM_ENDS = " \t\n，。；：、！？（(“”「」|"
_SUM_END = re.compile(r"[ \t\n，。；：、！？）)“”「」|]")
_SIDES = re.compile(
    rf"[{IDEOGRAPHS}](?:\*[{IDEOGRAPHS}]){{2,3}}|[{IDEOGRAPHS}]{{2}}(?:\*[{IDEOGRAPHS}]{{2}}){{2,3}}"
)  # （长*宽*高）
_NEXT_NAME = re.compile(rf"[、，,；和与及][ ]?[{IDEOGRAPHS}]{{1,2}}")
_FACE = 8  # characters of a face at most
_STRONG = 2
_MOST = 3  # stars of a run that opens or closes: more are a line to be filled in, or two runs of bold that touch


@dataclass
class DelimiterRun:
    """Stars or underscores beside each other, from `start` to `end` of a text, and how many of them are of a pair."""

    text: str
    start: int
    end: int
    closing: int = 0
    opening: int = 0
    literal: bool = False
    slipped: bool = False  # opens although a space stands behind it: 今天** 注意**

    @property
    def char(self) -> str:
        """The character that it is made of."""
        return self.text[self.start]

    @property
    def length(self) -> int:
        """How many characters it has."""
        return self.end - self.start

    @property
    def left(self) -> int:
        """How many of its characters are in no pair yet."""
        return self.length - self.closing - self.opening

    @property
    def before(self) -> str:
        """The character before it; a space at the beginning."""
        return self.text[self.start - 1] if self.start else " "

    @property
    def after(self) -> str:
        """The character after it; a space at the end."""
        return self.text[self.end] if self.end < len(self.text) else " "

    @cached_property
    def opens(self) -> bool:
        """Whether emphasis may begin here."""
        before, after = self.before, self.after
        if self.is_sign or (before.isdecimal() and (after in _NEVER_FIRST or after.isspace())):  # 0.85***，
            return False
        if after.isspace() or _COMMENT_ENDS.match(self.text, self.end) or (after in _NEVER_FIRST and self.length == 1):
            return False
        surely = self.length > 1 or bool(_OPENS_WORD.match(self.text, self.end))
        return self.char == "*" or (not before.isalnum() and surely)

    @cached_property
    def closes(self) -> bool:
        """Whether emphasis may end here."""
        before, after = self.before, self.after
        if self.is_sign or (self.length == 1 and before in "，,；;、" and after.isascii() and after.isalnum()):  # ，*p
            return False
        if (
            self.length == 1 and before == "/" and after.isspace() and self.text[self.start - 2 : self.start] != "*/"
        ):  # /* a comment */
            return False
        if before.isspace():
            return self.length == _STRONG and before != "\n" and self.start > 0  # **粗体 **后面
        if before in _NEVER_LAST and self.length == 1:
            return False
        surely = self.length > 1 or bool(_CLOSES_WORD.match(before))
        return self.char == "*" or (not after.isalnum() and surely)

    @cached_property
    def is_sign(self) -> bool:
        """Whether it is no mark but a sign: of what is multiplied, of how sure a figure is (0.85***，*P<0.05)."""
        before, after = self.before, self.after
        if self.char != "*":
            return False
        if self.length == 1 and before.isascii() and (before.isalnum() or before in "%)") and after.isdecimal():
            return after.isascii() and not self._ends_bold()
        if self.length <= _MOST and (_LEVEL.match(self.text, self.end) or (before in _PARTED and after == "、")):
            return True
        amid = self.length == 1 and before.isalnum() and after.isalnum()
        return amid and not self._ends_bold() and self._is_in_sum()

    def _ends_bold(self) -> bool:
        """Whether a star before it in the same word opens: *x*2 and *R*² are none."""
        begun = max(self.text.rfind(char, max(self.start - _SUM_LONG, 0), self.start) for char in " \t\n，。；：、（")
        return self.text[begun + 1 : begun + 2] == "*"

    def _is_in_sum(self) -> bool:
        """Whether it multiplies words: it stands in a formula with =, or between words of a sign in brackets."""
        begun = max(self.text.rfind(char, max(self.start - _SUM_LONG, 0), self.start) for char in _SUM_ENDS) + 1
        found = _SUM_END.search(self.text, self.end, self.end + _SUM_LONG)
        run = self.text[begun : found.start() if found else self.end + _SUM_LONG]
        if _EQUAL.search(run) and "**" not in run:
            return True
        return self.text[begun - 1 : begun] in ("(", "（") and bool(found) and bool(_SIDES.fullmatch(run))

    @property
    def within(self) -> bool:
        """Whether it stands within a word, or a sentence of Chinese."""
        return self.before.isalnum() and self.after.isalnum()

    def written(self) -> str:
        """The run as pandoc reads it rightly: what is in no pair is escaped, where it could be taken for one."""
        if self._is_bullet() or self._is_in_name():
            return self.char * self.length
        return self.char * self.closing + f"\\{self.char}" * self.left + self.char * self.opening

    def _is_in_name(self) -> bool:
        """Whether underscores stand within a name (snake_case, 图_1), of which no reader makes emphasis.

        Beside Han pandoc finds some in two and more (__月__日) behind a mark.
        """
        return self.char == "_" and self.within and (self.length == 1 or f"{self.before}{self.after}".isascii())

    def _is_bullet(self) -> bool:
        line = self.text[self.text.rfind("\n", 0, self.start) + 1 : self.start]
        return self.after.isspace() and not self.closing and bool(_BEFORE_BULLET.fullmatch(line))


@dataclass(frozen=True, slots=True)
class Refused:
    """Two runs between which stands no emphasis, although CommonMark finds some: where, and what they enclose."""

    start: int
    words: str


def pair(runs: Sequence[DelimiterRun], *, table: bool = False) -> list[Refused]:
    """Find the pairs among the runs of one text, in their order; what was refused although it stands among Han."""
    refused: list[Refused] = []
    openers: list[DelimiterRun] = []
    boundary = _CELL if table else _BLOCK
    behind = 0
    for run in runs:
        if boundary.search(run.text, behind, run.start + 1):
            _close_late(openers)
            openers.clear()
        behind = run.end
        if run.closes:
            refused += _close(openers, run)
        if run.left and not run.opens and not run.closing and not openers:
            run.slipped = _slips(run, runs, boundary)
        if run.left and (run.opens or run.slipped) and not run.literal:
            openers.append(run)
    _close_late(openers)
    return refused


def _slips(run: DelimiterRun, runs: Sequence[DelimiterRun], boundary: re.Pattern[str]) -> bool:
    """Whether ** between a word and a space opens by a slip: the next closes, and all come in pairs."""
    if run.char != "*" or run.length != _STRONG or run.after != " " or not run.before.isalnum():
        return False
    found = boundary.search(run.text, run.end)
    end = found.start() if found else len(run.text)
    behind = [one for one in runs if run.start <= one.start < end and one.char == "*"]
    return len(behind) % 2 == 0 and all(one.length == _STRONG for one in behind) and not behind[1].before.isspace()


def _close_late(openers: list[DelimiterRun]) -> None:
    """Pair the last two that wait where the second stands behind a space by a slip: *Go 101 *是."""
    if len(openers) != _STRONG or any(one.left != 1 or one.length != 1 for one in openers):
        return
    opener, closer = openers
    slip = closer.before == " " and not closer.after.isspace() and IDEOGRAPH.match(closer.after)
    beside = opener.text[: opener.start].rstrip()[-1:]
    if opener.char == closer.char == "*" and slip and not beside.isalnum() and _is_meant(opener, closer):
        opener.opening = closer.closing = 1


def _close(openers: list[DelimiterRun], run: DelimiterRun) -> list[Refused]:
    """Pair a run with those that wait before it, the nearest first, as far as it reaches."""
    while run.left and (opener := next((one for one in reversed(openers) if _fit(one, run)), None)):
        del openers[openers.index(opener) + 1 :]
        if not _is_meant(opener, run):
            openers.pop()
            return _refuse(opener, run)
        size = min(_STRONG, opener.left, run.left)
        opener.opening += size
        run.closing += size
        if not opener.left:
            openers.pop()
    return []


def _refuse(opener: DelimiterRun, closer: DelimiterRun) -> list[Refused]:
    """Leave two runs as they were typed, unless one is of another pair already.

    Products, and what CommonMark leaves as well (a run behind a space closes nothing), are nothing to tell of.
    """
    opener.literal = closer.literal = not (opener.closing or closer.closing)
    inner = opener.text[opener.end : closer.start]
    if not opener.literal or not IDEOGRAPH.search(inner) or "__" in inner:
        return []
    told = (_is_product, _is_repeated) if opener.length == 1 else (_is_product, _hides)
    if closer.before.isspace() or any(one(opener, closer, inner) for one in told):
        return []
    return [Refused(opener.start, opener.text[opener.start : closer.end])]


def _fit(opener: DelimiterRun, closer: DelimiterRun) -> bool:
    """Whether two runs may be of one pair (rules 9 and 10 of CommonMark)."""
    if opener.char != closer.char:
        return False
    if {opener.length, closer.length} == {_STRONG, 2 * _STRONG}:
        return True  # **甲****乙**: bold that ends and begins again
    if opener.length != closer.length and max(opener.length, closer.length) > _MOST:
        return False  # 密码****，*注: no mark is as long
    both = (opener.opens and opener.closes) or (closer.opens and closer.closes)
    thirds = opener.length % _MOST == 0 and closer.length % _MOST == 0
    return not both or (opener.length + closer.length) % _MOST != 0 or thirds


def _is_meant(opener: DelimiterRun, closer: DelimiterRun) -> bool:
    """Whether somebody who sees both runs would say that the words between them are emphasised."""
    inner = opener.text[opener.end : closer.start]
    if opener.left > _MOST and closer.left > _MOST:
        return False
    if opener.char == "_" and "__" in inner:
        return False  # blanks to fill in: __万__仟__佰元，押__付__。
    if opener.length == 1 and "\n" in inner and (closer.within if opener.before.isspace() else opener.within):
        plain = all(map(IDEOGRAPH.match, inner.replace("\n", "")))
        if closer.within or not plain:  # *注：不含税 above 带*的必填; 酸奶*2 above 鸡蛋*30; but not 计算*程 above 序*，
            return False
    if not any(map(_is_shown, inner)):
        alone = _MARKS_ALONE.fullmatch(inner) or (len(inner) == 1 and inner != ".")
        return opener.length == closer.length == _STRONG or bool(alone)
    return not (
        _is_face(opener, closer, inner)
        or _is_product(opener, closer, inner)
        or _hides(opener, closer, inner)
        or _is_repeated(opener, closer, inner)
        or _is_far(opener, closer, inner)
    )


def _is_far(opener: DelimiterRun, closer: DelimiterRun, inner: str) -> bool:
    """Two runs that have nothing to do with each other: *号不是注。密码*必填, f(*args, **kwargs)，char **p.

    One star on both sides amid words encloses no sentence's end. What begins in brackets or quotation marks and ends
    outside of them is no emphasis where it goes over a line's end, or where a space stands before its last mark.
    """
    amid = opener.length == closer.length == 1 and opener.before.isalnum() and closer.after.isalnum()
    loose = "\n" in inner or closer.before == " "
    return (amid and bool(_SENTENCE.search(inner))) or (loose and not _is_whole(inner))


def _is_whole(words: str) -> bool:
    """Whether each bracket and quotation mark that ends in the words begins in them, and the other way round."""
    waiting: list[str] = []
    for char in _NUMBERED.sub("", words):
        if char in _ENDS.values():
            waiting.append(char)
        elif char in _ENDS and (not waiting or waiting.pop() != _ENDS[char]):
            return False
    return not waiting


def _is_shown(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char) == "So" or char in "`$\\<["


def _is_face(opener: DelimiterRun, closer: DelimiterRun, inner: str) -> bool:
    """A face in brackets: (*^▽^*), (*/ω＼*)."""
    beside = opener.before in "(（" and closer.after in ")）" and opener.length == closer.length == 1
    return (
        beside
        and len(inner) <= _FACE
        and not (inner[0].isalnum() or inner[-1].isalnum())
        and not IDEOGRAPH.search(inner)
    )


def _is_product(opener: DelimiterRun, closer: DelimiterRun, inner: str) -> bool:
    """Products in words: 总价=单价*数量*折扣, 面积=长*宽，体积=长*宽*高."""
    if opener.length != 1 or closer.length != 1 or not (opener.before.isalnum() and closer.after.isalnum()):
        return False
    if "=" in inner or "＝" in inner:
        return True
    first, last = _WORD_BEFORE.search(opener.text[: opener.start]), _WORD_AFTER.match(closer.text, closer.end)
    if not first or not last or not inner.isalnum():
        return False
    sides = closer.text[last.end() : last.end() + 1], opener.text[: first.start()].rstrip()[-1:]
    return any(side and side in _SUM for side in sides)


def _is_repeated(opener: DelimiterRun, closer: DelimiterRun, inner: str) -> bool:
    """Stars of a pattern to knit: *下针1针，上针1针*，重复*到*之间; 第3圈：*1短针，1加针* 重复6次."""
    if opener.length != 1 or closer.length != 1 or "\n" in inner:
        return False
    before, behind = (
        opener.text[max(opener.start - _NEAR, 0) : opener.start],
        opener.text[closer.end : closer.end + _NEAR],
    )
    line = f"{before.rpartition(chr(10))[2]}*{inner}*{behind.partition(chr(10))[0]}"
    return bool(_AGAIN.search(line)) and bool(_STITCHES.search(inner) or _UP_TO.fullmatch(inner))


_NEAR = 40  # characters
_AGAIN = re.compile(
    r"重[复複覆]|循[环環]|反[复覆複]|\*[ ]?[×xX][ ]?\d|\*[ ]?\d+[ ]?[次遍]|rep(?:eat)?\b", re.IGNORECASE
)
_STITCHES = re.compile(
    r"\d[ ]?[上下加减減短长長锁鎖辫辮引挂掛并併空][针針]?|[上下加减減短长長锁鎖辫辮引滑空][针針][ ]?\d"
    r"|\d[ ]?[针針]|\b[kp]\d",
    re.IGNORECASE,
)
_UP_TO = re.compile(r"[到至和与與～~-]")


def _hides(opener: DelimiterRun, closer: DelimiterRun, inner: str) -> bool:
    """Names and figures of which a part is hidden: 王*明、李*华; 138****5678、139****1234."""
    named = opener.length == _STRONG and bool(_NEXT_NAME.fullmatch(inner))  # 李**、王**
    if not (opener.before.isalnum() and closer.before.isalnum() and (named or inner[0].isalnum())):
        return False
    if opener.length > _MOST - 1 and closer.length > _MOST - 1:
        return opener.before.isascii() and inner[0].isascii() and inner[-1].isascii()
    if opener.length == closer.length == _STRONG:
        return bool(_NEXT_NAME.fullmatch(inner))
    parts = _STOP.split(inner)
    ends = closer.after.isalnum() or bool(_STOP.match(closer.after))
    return opener.length == closer.length == 1 and ends and len(parts) > 1 and all(len(one) <= _SHORT for one in parts)
