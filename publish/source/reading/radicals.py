"""Radicals that a PDF's text holds in place of the characters that they show, and characters that show nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from publish.han import IDEOGRAPHS

# Each radical of the CJK Radicals Supplement with its ideograph (Unicode 15, Equivalent_Unified_Ideograph).
_PAIRS = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇𠘨⺈刀⺉刂⺊卜⺋㔾⺌小⺍尐⺎兀⺏尣⺐尢⺑𡯂⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爬⺦丬⺧牛⺨犭⺩王"
    "⺪𤴔⺫目⺬示⺭礻⺮𥫗⺯糹⺰纟⺱罓⺲罒⺳㓁⺴冗⺵𦉫⺶羊⺷𦍌⺸𦍋⺹耂⺺肀⺻聿⺼肉⺽𦥑⺾艹⺿艺⻀艻⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇𧢲⻈讠⻉贝⻊𧾷⻋车⻌辶⻍辷⻎辸⻏邑⻐钅⻑長"
    "⻒镸⻓长⻔门⻕𨸏⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞𩙿⻟飠⻠饣⻡𩠐⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
_TABLE = str.maketrans(
    {
        **{_PAIRS[at]: _PAIRS[at + 1] for at in range(0, len(_PAIRS), 2)},
        **{chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)},
    }
)
_RADICAL = re.compile("[\u2e80-\u2fd5\ufb00-\ufb06]")
# Letters that a PDF has drawn as one: ﬁ, ﬄ.
_LIGATURE = re.compile("[\ufb00-\ufb06](?=[A-Za-z\ufb00-\ufb06])|(?<=[A-Za-z])[\ufb00-\ufb06]")
# A radical beside Han is a character of a word; one that stands alone is what the text speaks of.
_IN_A_WORD = re.compile(
    f"(?<=[\u2e80-\u2fd5{IDEOGRAPHS}])[\u2e80-\u2fd5]|[\u2e80-\u2fd5](?=[\u2e80-\u2fd5{IDEOGRAPHS}])"
)

# Zero-width spaces, joiners of words, byte order marks, soft hyphens: beside Han they part a word for every dictionary.
_NOTHING = re.compile("[\u00ad\u200b\u2060\ufeff]")
_BESIDE_HAN = re.compile(
    f"(?<=[\u3000-\u303f{IDEOGRAPHS}\uff00-\uffef])[\u00ad\u200b\u2060\ufeff]+"
    f"|[\u00ad\u200b\u2060\ufeff]+(?=[\u3000-\u303f{IDEOGRAPHS}\uff00-\uffef])"
)


def has_radicals(text: str) -> bool:
    """Whether a text holds any radicals, or letters drawn as one."""
    return bool(_RADICAL.search(text))


def without_nothing(text: str) -> str:
    """The text without the characters that show nothing beside Han."""
    text = text.replace("\f", "")  # where a page of an old text file ends
    return _BESIDE_HAN.sub("", text) if _NOTHING.search(text) else text


def as_characters(text: str, *, alone: bool = False) -> str:
    """The text with the radicals in its words made the characters that they show, and letters drawn as one parted.

    Radicals that stand alone too, where the text does not speak of radicals.
    """
    text = _LIGATURE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return text.translate(_TABLE) if alone else _IN_A_WORD.sub(lambda found: found[0].translate(_TABLE), text)


_SPEAKS = re.compile("部首|偏旁|筆畫|笔画")


def is_pasted(texts: Iterable[str]) -> bool:
    """Whether a text has radicals because it was pasted: they stand in words, and it says nothing of radicals."""
    whole = "\n".join(texts)
    return bool(_IN_A_WORD.search(whole)) and not _SPEAKS.search(whole)
