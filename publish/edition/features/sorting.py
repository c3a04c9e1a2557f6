"""Forms to sort by: a Han name or title in pinyin, in zhuyin or by strokes, as catalogues and shelves order them.

The entries of an index are sorted by the same, character by character (GB/T 22466-2008 §6), each group under its head.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from publish.convert.native import native
from publish.edition.features.taiwan import read_in_taiwan
from publish.edition.numbering import chinese_number
from publish.han import COMPOUND_SURNAMES, IDEOGRAPH_RUN, IDEOGRAPHS

_NAME = re.compile(f"[{IDEOGRAPHS}]{{2,4}}")
# Surnames read differently from the character's usual reading (《现代汉语词典》).
_SURNAMES = {
    "单": "shan4", "解": "xie4", "查": "zha1", "仇": "qiu2", "区": "ou1", "曾": "zeng1", "盖": "ge3", "朴": "piao2",
    "繁": "po2", "任": "ren2", "华": "hua4", "洗": "xian3", "冼": "xian3", "翟": "zhai2", "乐": "yue4", "员": "yun4",
    "覃": "qin2", "折": "she2", "黑": "he4", "秘": "bi4", "祭": "zhai4", "缪": "miao4", "尉迟": "yu4 chi2",
    "万俟": "mo4 qi2", "澹台": "tan2 tai2", "长孙": "zhang3 sun1", "令狐": "ling2 hu2", "宇文": "yu3 wen2",
}  # fmt: skip
# Characters that begin a term as surnames only, unless the term begins with a word of the dictionary.
_MOSTLY_SURNAMES = frozenset(["曾", "冼", "翟", "覃", "缪", "尉迟", "万俟", "澹台", "长孙"])
# How others begin a term, likewise: 长治 and 长尾理论 but 长官, 都护 and 都灵.
_LEADING = {"长": "chang2", "都": "du1"}
# Words that pypinyin's dictionary has not, by their beginnings: technical ones mostly.
_WORDS = {
    "重构": "chong2 gou4", "重载": "chong2 zai4", "重置": "chong2 zhi4", "重启": "chong2 qi3", "重试": "chong2 shi4",
    "重写": "chong2 xie3", "重命名": "chong2 ming4 ming2", "重定向": "chong2 ding4 xiang4", "重放": "chong2 fang4",
    "重采样": "chong2 cai3 yang4", "重排": "chong2 pai2", "重绘": "chong2 hui4", "重用": "chong2 yong4",
    "重入": "chong2 ru4", "重组": "chong2 zu3", "重建": "chong2 jian4", "重整": "chong2 zheng3",
    "重排序": "chong2 pai2 xu4", "重言": "chong2 yan2", "重言式": "chong2 yan2 shi4",
    "行号": "hang2 hao4", "行距": "hang2 ju4", "行宽": "hang2 kuan1", "行高": "hang2 gao1", "行首": "hang2 shou3",
    "行尾": "hang2 wei3", "行列": "hang2 lie4", "行向量": "hang2 xiang4 liang4", "行长": "hang2 zhang3",
    "长整型": "chang2 zheng3 xing2", "长短期": "chang2 duan3 qi1", "调用": "diao4 yong4", "调度": "diao4 du4",
    "传记": "zhuan4 ji4", "校样": "jiao4 yang4", "校次": "jiao4 ci4", "卷积": "juan3 ji1", "数组": "shu4 zu3",
    "参宿": "shen1 xiu4", "降维": "jiang4 wei2", "量纲": "liang4 gang1", "弹幕": "dan4 mu4", "弹性": "tan2 xing4",
    "朝代": "chao2 dai4", "朝鲜": "chao2 xian3", "会稽": "kuai4 ji1", "大宛": "da4 yuan1", "龟兹": "qiu1 ci2",
    "单于": "chan2 yu2", "吐蕃": "tu3 bo1", "六安": "lu4 an1", "厦门": "xia4 men2", "乐清": "yue4 qing1",
    "乐亭": "lao4 ting2", "都江堰": "du1 jiang1 yan4", "差分": "cha1 fen1", "差集": "cha1 ji2", "色子": "shai3 zi5",
    "应力": "ying4 li4", "应变": "ying4 bian4", "为学": "wei2 xue2", "属性": "shu3 xing4", "载体": "zai4 ti3",
    "重刊": "chong2 kan1", "重塑": "chong2 su4", "重游": "chong2 you2", "重回": "chong2 hui2", "重访": "chong2 fang3",
    "重估": "chong2 gu1", "重耳": "chong2 er3", "重瞳": "chong2 tong2", "粘度": "nian2 du4", "粘性": "nian2 xing4",
    "粘膜": "nian2 mo2", "粘附": "nian2 fu4", "藏文": "zang4 wen2", "藏语": "zang4 yu3", "藏传": "zang4 chuan2",
    "藏经": "zang4 jing1", "藏民": "zang4 min2", "藏人": "zang4 ren2", "藏区": "zang4 qu1", "藏地": "zang4 di4",
    "藏学": "zang4 xue2", "藏医": "zang4 yi1", "藏缅": "zang4 mian3", "藏袍": "zang4 pao2", "藏獒": "zang4 ao2",
    "藏羚": "zang4 ling2", "乐经": "yue4 jing1", "乐记": "yue4 ji4", "乐论": "yue4 lun4", "乐书": "yue4 shu1",
    "乐志": "yue4 zhi4", "乐评": "yue4 ping2", "乐句": "yue4 ju4", "乐羊": "yue4 yang2", "乐陵": "lao4 ling2",
    "长史": "zhang3 shi3", "长嫂": "zhang3 sao3", "长姊": "zhang3 zi3", "都柏林": "du1 bo2 lin2", "朝花": "zhao1 hua1",
    "朝云": "zhao1 yun2", "朝歌": "zhao1 ge1", "朝会": "chao2 hui4", "单父": "shan4 fu3", "单县": "shan4 xian4",
    "单雄信": "shan4 xiong2 xin4", "仇英": "qiu2 ying1", "仇兆鳌": "qiu2 zhao4 ao2", "句践": "gou1 jian4",
    "召公": "shao4 gong1", "召伯": "shao4 bo2", "召南": "shao4 nan2", "召陵": "shao4 ling2", "阏氏": "yan1 zhi1",
    "解州": "xie4 zhou1", "解池": "xie4 chi2", "浚县": "xun4 xian4", "校雠": "jiao4 chou2", "否卦": "pi3 gua4",
    "给事中": "ji3 shi4 zhong1", "弹压": "tan2 ya1", "圈养": "juan4 yang3", "了义": "liao3 yi4", "分子": "fen1 zi3",
    "薄膜": "bo2 mo2", "薄姬": "bo2 ji1", "参横": "shen1 heng2", "高句丽": "gao1 gou1 li2",
    "载波": "zai4 bo1", "载荷": "zai4 he4", "模板": "mu2 ban3", "叶公": "ye4 gong1", "尽数": "jin4 shu4",
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
    if not is_name:
        words = IDEOGRAPH_RUN.sub(lambda match: f" {' '.join(_plain(_readings(match[0])))} ", text)
        plain = _spaced(words)
        return plain[:1].upper() + plain[1:]
    if _NAME.fullmatch(text):
        length, plain_words = _surname(text), _plain(_readings(text, is_name=True))
        return f"{''.join(plain_words[:length]).capitalize()} {''.join(plain_words[length:]).capitalize()}"
    return _spaced(IDEOGRAPH_RUN.sub(lambda match: f" {''.join(_plain(_readings(match[0]))).capitalize()} ", text))


def _zhuyin(text: str, is_name: bool) -> str:
    name = is_name and _NAME.fullmatch(text) is not None
    return _spaced(
        IDEOGRAPH_RUN.sub(
            lambda match: f" {' '.join(map(_bopomofo, _readings(match[0], 'zhuyin', is_name=name)))} ", text
        )
    )


def _surname(name: str) -> int:
    """How many characters of a name are its surname."""
    return 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1  # noqa: PLR2004  # a surname needs a given name


def _readings(han: str, method: str = "pinyin", *, is_name: bool = False) -> list[str]:
    """The reading of each Han character in its word, with its tone in a digit: chong2, qing4; itself for none.

    The dictionary knows Simplified words, so that is what is looked up, whatever the text is written in. Who sorts by
    zhuyin reads as Taiwan does.
    """
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415  # a large table, loaded only for Han

    simple = native("t2s")(han)
    known = _beginning(simple, is_name=is_name)
    rest = simple[len(known) :]
    read: Any = lazy_pinyin  # its stub knows no function that gives a list
    found = [*known, *read(rest, style=Style.TONE3, errors=list, neutral_tone_with_five=True)]
    if len(found) != len(han):
        return list(han)
    return read_in_taiwan(han, found) if method == "zhuyin" else found


def _beginning(simple: str, *, is_name: bool) -> list[str]:
    """The readings of what begins a term, where they are not those of the dictionary: a surname, a term of ours."""
    longest = next((n for n in range(min(len(simple), 4), 1, -1) if simple[:n] in _WORDS), 0)
    if longest and not is_name:
        return _WORDS[simple[:longest]].split()
    length = _surname(simple) if is_name else next((n for n in (2, 1) if simple[:n] in _MOSTLY_SURNAMES), 0)
    reading = _SURNAMES.get(simple[:length], "") if length else "" if is_name else _LEADING.get(simple[:1], "")
    if reading and (is_name or not _in_dictionary(simple)):
        return reading.split()
    return _WORDS[simple[:longest]].split() if longest else []


def _in_dictionary(simple: str) -> bool:
    """Whether a text begins with a word of the dictionary: 曾经, 曾几何时."""
    from pypinyin.constants import PHRASES_DICT  # noqa: PLC0415  # as above

    return any(simple[:length] in PHRASES_DICT for length in range(2, 5))


def _plain(readings: list[str]) -> list[str]:
    return [one.rstrip("12345") for one in readings]


def _bopomofo(reading: str) -> str:
    """A reading in zhuyin: chong2 is ㄔㄨㄥˊ."""
    from pypinyin import Style  # noqa: PLC0415  # as above
    from pypinyin.contrib.tone_convert import tone3_to_tone  # noqa: PLC0415  # as above
    from pypinyin.style import convert  # noqa: PLC0415  # as above

    return str(convert(tone3_to_tone(reading), Style.BOPOMOFO, strict=True, default=reading))


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


Order = tuple[tuple[int, str], tuple[tuple[int, str, int, int, str], ...]]


@dataclass(frozen=True)
class IndexPlace:
    """Where an entry of an index stands: the head of its group, and what its group and itself are sorted by."""

    head: str
    order: Order


LATIN, OTHERS = "A–Z", "#"  # heads of what begins with no Han, where heads are not letters; with no letter at all


def index_place(
    text: str, method: str, *, is_name: bool = False, reading: str = "", strokes: str = "{}画"
) -> IndexPlace:
    """Where an entry stands in an index that is sorted by pinyin, zhuyin or strokes.

    `reading` is its pinyin where the dictionary's is wrong: `chong qing`, `chóng qìng` or `chong2 qing4`. `strokes` is
    the head of a group by strokes, with a place for the number in Chinese.
    """
    said = _said(reading)
    name = is_name and _NAME.fullmatch(text) is not None
    elements = list(_elements(text, method, said, is_name=name))
    group, head = _group(elements[0], method, strokes) if elements else ((0, ""), OTHERS)
    return IndexPlace(head, (group, tuple(elements)))


def _elements(text: str, method: str, said: list[str], *, is_name: bool) -> Iterator[tuple[int, str, int, int, str]]:
    """What a text is sorted by: words of Latin letters, then Han by their readings, strokes and radicals."""
    for found in _SORTED.finditer(text):
        if not IDEOGRAPH_RUN.match(found[0]):
            yield (0, _folded(found[0]), 0, 0, found[0])
            continue
        readings = said or _readings(found[0], method, is_name=is_name)
        said = []
        for at, char in enumerate(found[0]):
            reading = readings[at] if at < len(readings) else ""
            yield _element(char, reading, method)
        for more in readings[len(found[0]) :]:  # a reading written in more words than there are characters
            yield _element("", more, method)


def _element(char: str, reading: str, method: str) -> tuple[int, str, int, int, str]:
    rank = _ranks().get(char, _LAST)
    if method == "stroke":
        return (1, "", 0, rank, char)
    syllable, tone = reading.rstrip("12345"), int(reading[-1]) if reading[-1:].isdigit() else 0
    if not re.fullmatch("[a-zêüv]+", syllable):
        return (2, "", 0, rank, char)
    # ü follows u: lu, lü (GB/T 13418).
    sounds = _bopomofo(f"{syllable}1") if method == "zhuyin" else syllable.replace("v", "u~").replace("ü", "u~")
    return (1, sounds, tone, rank, char)


def _group(first: tuple[int, str, int, int, str], method: str, strokes: str) -> tuple[tuple[int, str], str]:
    """The group that an entry's first element belongs to, and its head."""
    kind, sounds, _, rank, _ = first
    if kind == 0:
        letter = sounds[:1].upper()
        if not "A" <= letter <= "Z":
            return (0, ""), OTHERS
        return ((2, letter), letter) if method == "pinyin" else ((1, ""), LATIN)
    if method == "stroke" and rank < _LAST:
        count = int(next(itertools.islice(_strokes().values(), rank, None)))
        return (2, f"{count:02}"), strokes.format(chinese_number(count))
    if kind == 1 and sounds:
        letter = sounds[0].upper()
        return (2, letter), letter
    return (3, ""), OTHERS


def _said(reading: str) -> list[str]:
    """The syllables of a reading, with their tones in digits."""
    if not reading:
        return []
    from pypinyin.contrib.tone_convert import to_tone3  # noqa: PLC0415  # as above

    return [str(to_tone3(one.lower())) for one in re.split(r"[\s'’-]+", reading.strip())]


def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word)
    return "".join(char for char in plain if not unicodedata.combining(char)).lower()


@cache
def _ranks() -> dict[str, int]:
    """The place of each character by strokes and radical."""
    return {char: number for number, char in enumerate(_strokes())}


_LAST = 1_000_000
_SORTED = re.compile(rf"[{IDEOGRAPHS}]+|[^\W_{IDEOGRAPHS}]+(?:[ .-][^\W_{IDEOGRAPHS}]+)*")
