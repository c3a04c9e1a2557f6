"""Forms to sort by: a Han name or title in pinyin, in zhuyin or by strokes, as catalogues and shelves order them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from publish.han import IDEOGRAPH_RUN, IDEOGRAPHS

_NAME = re.compile(f"[{IDEOGRAPHS}]{{2,4}}")
# Surnames of two characters (the commoner ones of 《百家姓》).
_COMPOUND = frozenset(
    "欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 东方 東方 皇甫 尉迟 尉遲 公孙 公孫 慕容 令狐 司徒 司空 夏侯 端木 独孤 獨孤 "
    "南宫 南宮 宇文 长孙 長孫 轩辕 軒轅 百里 呼延 东郭 東郭 西门 西門 公冶 澹台 澹臺 濮阳 濮陽 "
    "太史 申屠 钟离 鍾離 万俟".split()
)
# Surnames read differently from the character's usual reading (《现代汉语词典》).
_SURNAMES = {
    "单": "shan", "單": "shan", "解": "xie", "查": "zha", "仇": "qiu", "区": "ou", "區": "ou", "曾": "zeng",
    "盖": "ge", "蓋": "ge", "朴": "piao", "繁": "po", "任": "ren", "华": "hua", "華": "hua", "洗": "xian",
    "冼": "xian", "翟": "zhai", "乐": "yue", "樂": "yue", "员": "yun", "員": "yun", "覃": "qin", "折": "she",
    "黑": "he", "秘": "bi", "祭": "zhai", "缪": "miao", "繆": "miao", "尉迟": "yuchi", "尉遲": "yuchi",
    "万俟": "moqi", "澹台": "tantai", "澹臺": "tantai", "长孙": "zhangsun", "長孫": "zhangsun",
}  # fmt: skip


def person(name: str, method: str) -> str:
    """A person's name to sort by: 王小波 is Wang Xiaobo, ㄨㄤˊ ㄒㄧㄠˇ ㄅㄛ or 04王03小08波; empty for none.

    Pinyin follows GB/T 28039-2011: surname first, each part one word. Other names than Han ones of two to four
    characters (a foreign name, a company) go part by part.
    """
    if not IDEOGRAPH_RUN.search(name) or method not in _METHODS:
        return ""
    return _METHODS[method](name, True)


def title(text: str, method: str) -> str:
    """A title to sort by: 一稿多版 is Yi gao duo ban; empty where none is needed."""
    if not IDEOGRAPH_RUN.search(text) or method not in _METHODS:
        return ""
    return _METHODS[method](text, False)


def _pinyin(text: str, is_name: bool) -> str:
    from pypinyin import lazy_pinyin  # noqa: PLC0415  # a large table, loaded only for Han names

    if not is_name:
        words = IDEOGRAPH_RUN.sub(lambda match: f" {' '.join(lazy_pinyin(match[0]))} ", text)
        plain = _spaced(words)
        return plain[:1].upper() + plain[1:]
    if _NAME.fullmatch(text):
        length = 2 if text[:2] in _COMPOUND and len(text) > 2 else 1  # noqa: PLR2004  # a surname needs a given name
        surname = _SURNAMES.get(text[:length]) or "".join(lazy_pinyin(text[:length]))
        return f"{surname.capitalize()} {''.join(lazy_pinyin(text[length:])).capitalize()}"
    return _spaced(IDEOGRAPH_RUN.sub(lambda match: f" {''.join(lazy_pinyin(match[0])).capitalize()} ", text))


def _zhuyin(text: str, _is_name: bool) -> str:
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415  # as above

    return _spaced(IDEOGRAPH_RUN.sub(lambda match: f" {' '.join(lazy_pinyin(match[0], style=Style.BOPOMOFO))} ", text))


def _stroke(text: str, _is_name: bool) -> str:
    """Each Han character after its strokes in two digits: 04王 before 11張; then by radical, as in Unicode.

    As Taiwan's and Hong Kong's lists of names do: by the strokes of the surname, then of the next character.
    """
    counts = _strokes()
    return _spaced(IDEOGRAPH_RUN.sub(lambda match: "".join(f"{counts.get(one, 99)}{one}" for one in match[0]), text))


@cache
def _strokes() -> dict[str, str]:
    """The strokes of each character, in two digits (CLDR's `zh-u-co-stroke`, which counts as Traditional forms do)."""
    table = (Path(__file__).parent / "strokes.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return {char: number.zfill(2) for number, chars in rows for char in chars}


# A sort key has the marks of its letters, and no quotation marks or brackets of titles.
_MARKS = str.maketrans("，。、；：！？（）", ",.,;:!?()", "《》〈〉「」『』“”‘’")


def _spaced(text: str) -> str:
    """One space between words, and none before a mark."""
    return re.sub(r" +([,.;:!?)])", r"\1", " ".join(text.translate(_MARKS).split()))


_METHODS: dict[str, Callable[[str, bool], str]] = {"pinyin": _pinyin, "zhuyin": _zhuyin, "stroke": _stroke}
