"""Names of people in literature: a Han name is one word; one that Chinese has put into its own letters is two.

诸葛, 亮 is 诸葛亮 and 村上, 春树 is 村上春树, but 珀金斯, 约翰 is 珀金斯 约翰, as GB/T 7714 has 昂温 G: surname first,
what follows it behind a space. In a sentence that is 约翰·珀金斯.
"""

from __future__ import annotations

import re

from publish.han import COMPOUND_SURNAMES, IDEOGRAPHS

_HAN = re.compile(f"[{IDEOGRAPHS}]")
# Where an author is from, before the name: [美] 克鲁格曼, （英）亚当·斯密, 〔日〕.
NATION = re.compile(rf"^[\[［(（〔【][{IDEOGRAPHS}]{{1,6}}[\]］)）〕】]\s*")
# Characters that names from Western languages are written with (新华社, 世界人名翻译大辞典) and that hardly stand in
# Chinese or Japanese ones, simplified and traditional.
_SOUNDS = frozenset(
    "斯尔爾克姆弗罗羅茨蒂拉萨薩维維特巴布卡迪埃奥奧菲格赫杰傑凯凱莱萊勒琳露洛玛瑪麦麥曼默诺諾帕佩珀普齐齊乔喬瑞什塔托瓦威韦沃谢謝谟謨"
    "茲兹宾賓贝貝登蒙恩费費冯馮盖蓋哈霍肯库庫朗劳勞伦倫莫穆纳納欧歐潘切塞桑施泰坦汤湯图圖温溫夏辛逊遜约約翰詹娜妮娅婭莉丝絲"
    "芙薇戈顿頓廷基努卫衛"
)
_TWO = 2  # characters


# What Chinese sets between names, where BibTeX wants `and`; a name in Han has none of these in it.
_BETWEEN = re.compile(r"\s*[，、；;]\s*")


def several(name: str) -> list[str]:
    """The names that are typed as one: 张三、李四 and 张三；李四 are two, to BibTeX a single person."""
    return [one for one in _BETWEEN.split(name) if one] if _HAN.search(name) else [name]


def joined(family: str, given: str) -> str:
    """A name whose surname, or all of which, is written in Han; empty for any other, whose parts stay apart."""
    if not _HAN.search(family) or not given:
        return ""
    if not _HAN.search(given):  # 昂温, P. S.
        return f"{family} {' '.join(given.replace('.', ' ').split())}"
    return f"{family} {given}" if _is_foreign(family, given) else family + given


def in_a_sentence(name: str) -> str:
    """A joined name as running text has it: 约翰·珀金斯; initials go, 昂温."""
    family, _, given = NATION.sub("", name, count=1).partition(" ")
    if not given or not _HAN.search(family):
        return f"{family} {given}".strip()
    return f"{given}·{family}" if _HAN.search(given) else family


def _is_foreign(family: str, given: str) -> bool:
    if len(family) < _TWO or family in COMPOUND_SURNAMES or "·" in given:
        return "·" in family + given
    sounds = sum(char in _SOUNDS for char in family + given)
    return sounds >= _TWO and sounds * 3 >= len(family + given)
