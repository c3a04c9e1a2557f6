"""The natural order of files and folders: as a book has them, by number, Han by pinyin as file managers show them."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from functools import cache
from typing import Any

from publish.han import IDEOGRAPH_RUN

OPENING = ("readme", "index", "_index")  # the page that opens a folder
_DIGITS = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_HAN = "[零〇一二两兩三四五六七八九十百千]+"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_OF_A_FEW = {"上": 1, "中": 2, "下": 3} | {char: number for number, char in enumerate(_STEMS, 1)}
# Figures; Han that count: 第三, 三章, 三、 and 丙、 at a name's start; 上, 中, 下 of a work in three parts.
_NUMERAL = re.compile(
    rf"\d+|(?<=第){_HAN}|{_HAN}(?=[章回卷节節部篇讲講课課])|^{_HAN}(?=[、.．,，:：\s_-])"
    rf"|^[{_STEMS}](?=[、.．编編篇部卷组組类類]|$)|(?:^|(?<=[卷册冊部篇（(\s_-]))[上中下](?=[篇册冊卷部集半）)]|$)"
)
# Names that stand first or last in any book, in this order; all others stand between.
_FIRST = (
    "封面 首页 首頁 主页 主頁 目录 目錄 索引 "
    "代序 序 序言 自序 前言 导言 導言 导读 導讀 引言 写在前面 寫在前面 引子 楔子"
).split()
_LAST = "尾声 尾聲 结语 結語 番外 后记 後記 跋 附录 附錄 参考文献 參考文獻 致谢 致謝".split()
_OTHERS = len(_FIRST) + 1
_RANKS = {
    **dict.fromkeys(OPENING, 0),
    **{name: rank for rank, name in enumerate(_FIRST, 1)},
    **{name: rank for rank, name in enumerate(_LAST, _OTHERS + 1)},
}
Key = tuple[Any, ...]


def natural(path: str) -> Key:
    """A key for a path with slashes: `第2章` before `第10章`, `第二章` before `第十章`; a README or index first."""
    folder, name = posixpath.split(path)
    stem, ending = posixpath.splitext(name)
    return (*(named(step) for step in folder.split("/") if step), (*named(stem), ending))


@cache
def named(name: str) -> Key:
    """A key for a name without its ending, among those of one folder."""
    text = unicodedata.normalize("NFC", name)
    parts: list[Key] = []
    at = 0
    for match in _NUMERAL.finditer(text):
        parts += [(1, *_spelled(text[at : match.start()]))] if match.start() > at else []
        parts.append((0, number_of(match[0])))
        at = match.end()
    bare = text.strip("_ .-").lower()
    rank = _RANKS.get(bare[:2] if bare.startswith(("附录", "附錄")) else bare, _OTHERS)
    return (rank, (*parts, (1, *_spelled(text[at:]))), name)


def _spelled(text: str) -> Key:
    """Letters in lower case; Han behind them, by pinyin with its tone."""
    spelled: list[Key] = []
    at = 0
    for run in IDEOGRAPH_RUN.finditer(text):
        from pypinyin import Style, lazy_pinyin  # noqa: PLC0415  # a large table, loaded only for Han names

        spelled += [(0, char) for char in text[at : run.start()].lower()]
        sounds = lazy_pinyin(run[0], style=Style.TONE3, neutral_tone_with_five=True)
        if len(sounds) != len(run[0]):  # rare Han without a sound are told as one
            sounds = list(run[0])
        spelled += [(1, sound, char) for sound, char in zip(sounds, run[0], strict=True)]
        at = run.end()
    return (*spelled, *((0, char) for char in text[at:].lower()))


def number_of(numeral: str) -> int:
    """The number that figures or Han write."""
    if numeral.isdecimal():
        return int(numeral)
    if numeral in _OF_A_FEW:
        return _OF_A_FEW[numeral]
    total, digit = 0, 0
    for char in numeral:
        if char in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[char], 0
        else:
            digit = _DIGITS[char] if not digit else digit * 10 + _DIGITS[char]
    return total + digit
