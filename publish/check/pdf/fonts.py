"""Whose glyphs a font has: told by its name, and by comparing what is drawn with the fonts of each region.

One ideograph is written differently in each region (骨, 直, 返), and one font file may hold all of the forms. A name
tells most; a Type 3 font or a renamed one must be looked at. Its glyphs are drawn from the page and laid over those of
the installed fonts of each region: where one agrees and the wanted one does not, that is whose they are.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageStat

from publish.check.pdf.page import Document, Font, Glyph, Page
from publish.errors import UsageError
from publish.regions import region

NAMES: Mapping[str, str] = {
    "SC": "Mainland China",
    "TC": "Taiwan",
    "HK": "Hong Kong",
    "JP": "Japan",
    "KR": "Korea",
}
# What names of fonts say, in this order: Noto and Source Han, then what systems and foundries ship.
_SUFFIXES = (
    ("HK", r"CJK-?HK|CJKhk|(?:Noto|SourceHan)\w*?-?(?:HK|HC|HWHC)\b|HKSCS|PingFang-?HK|HK-|HKT\b"),
    ("TC", r"CJK-?TC|CJKtc|(?:Noto|SourceHan)\w*?-?TC\b|MingLiU|JhengHei|DFKai|PingFang-?TC|(?:Songti|Kaiti|Heiti)-?TC|Li(?:Song|Hei)|BiauKai|TW-(?:Sung|Kai)|LXGWWenKaiTC"),
    ("KR", r"CJK-?KR|CJKkr|(?:Noto|SourceHan)\w*?-?(?:KR|K)\b|Batang|Gulim|Dotum|Malgun|Myeongjo|AppleSDGothic|Nanum"),
    ("JP", r"CJK-?JP|CJKjp|(?:Noto|SourceHan)\w*?-?JP\b|Mincho|Hiragino(?:Sans-W|MinPro|KakuPro|MaruPro)|Hira(?:Min|Kaku|Maru|gino(?:Sans|Mincho)?)Pro|IPA(?:ex)?[MGmg]|Kozuka|Koz(?:Min|Go)|MS-?P?Gothic|YuGothic|YuMin|Yu-?Gothic|Meiryo|TakaoP?|VL-?P?Gothic"),
    ("SC", r"CJK-?SC|CJKsc|(?:Noto|SourceHan)\w*?-?(?:SC|CN)\b|SimSun|SimHei|NSimSun|YaHei|DengXian|STSong|STKaiti|STHeiti|STFang|STXi|STZhong|Fang-?Song|KaiTi|PingFang-?SC|(?:Songti|Kaiti|Heiti|Hiragino.*)-?(?:SC|GB)|Fandol|GB2312|GB18030|FZ\w+-GBK|WenQuanYi|LXGWWenKai\b"),
)  # fmt: skip
_ORDERINGS = {"GB1": "SC", "CNS1": "TC", "Japan1": "JP", "Korea1": "KR"}
# Without a suffix Source Han and Noto CJK are Japanese.
_PLAIN_HAN = re.compile(
    r"^SourceHan(?:Sans|Serif)(?:-(?:Regular|Bold|Medium|Light|Heavy|Normal|SemiBold|ExtraLight))?$"
)
# Ideographs whose forms tell regions apart, the frequent ones first.
TELLING = "直骨角者具户戶返述令黄黃草花起值真道这過过近化空船次平肖望情青说説认令所冷領邊边曾首喝"
_EM = 64  # pixels
_SAME = 0.05  # of the pixels' range: so far a drawing may differ from the font that it was drawn with
_CLEARLY = 0.02  # so much nearer must another region's form be
_ENOUGH = 3  # ideographs to look at


def wanted_regions(lang: str) -> frozenset[str]:
    """The regions whose glyphs a document in a language may have; none where the language is not Chinese."""
    try:
        row = region(lang)
    except UsageError:
        return frozenset()
    if row.script == "Hans":
        return frozenset({"SC"})
    return frozenset({"HK"} if row.variety == "hk" else {"TC"})


def region_of_name(font: Font) -> str:
    """The region that a font's name tells; empty where it tells none."""
    name = re.sub(r"[ _,]", "-", font.name)
    plain = name.replace("-", "")
    for key, pattern in _SUFFIXES:
        if re.search(pattern, name) or re.search(pattern, plain):
            return key
    if _PLAIN_HAN.match(name):
        return "JP"
    return _ORDERINGS.get(font.ordering, "")


def glyph_region(document: Document, uses: Sequence[tuple[Page, Glyph]], wanted: frozenset[str]) -> str:
    """The region whose installed font a document's glyphs were drawn with; empty where that cannot be told."""
    telling = {glyph.text: (page, glyph) for page, glyph in reversed(uses) if glyph.text in TELLING and glyph.upright}
    chosen = sorted(telling, key=TELLING.index)[:12]
    if not chosen:
        return ""
    votes: dict[str, int] = {}
    with pypdfium2.PdfDocument(document.file) as pdf:
        for char in chosen:
            page, glyph = telling[char]
            key = _nearest(_drawn(pdf, page, glyph), char, wanted)
            votes[key] = votes.get(key, 0) + 1
            if votes[key] >= _ENOUGH:
                break
    votes.pop("", None)
    return max(sorted(votes), key=lambda one: votes[one]) if votes else ""


def _drawn(pdf: pypdfium2.PdfDocument, page: Page, glyph: Glyph) -> Image.Image:
    """The em square of a glyph as the page shows it, black on white, _EM pixels wide."""
    size, box = glyph.size, glyph.box
    scale = _EM / size
    crop = (box.left, page.height - box.top - size, page.width - box.left - size, box.top)
    shown = pdf[page.number - 1].render(scale=scale, crop=tuple(max(one, 0) for one in crop), grayscale=True)
    image: Image.Image = shown.to_pil().convert("L").resize((_EM, _EM))
    low, high = image.getextrema()
    levels = [max(0, min(255, round((n - low) * 255 / max(high - low, 1)))) for n in range(256)]
    return image.point(levels)


def _nearest(image: Image.Image, char: str, wanted: frozenset[str]) -> str:
    """The region whose form a drawing clearly has; empty where none has it or the wanted one has it too."""
    distances: dict[str, float] = {}
    for key, file, index in _references():
        drawn = _reference(file, index, char)
        distance = min(_distance(image, drawn, x, y) for x in (-1, 0, 1) for y in (-1, 0, 1))
        distances[key] = min(distance, distances.get(key, 1))
    if not distances or not wanted & distances.keys():
        return ""
    best = min(sorted(distances), key=lambda one: distances[one])
    own = min(distances[one] for one in wanted if one in distances)
    if own - distances[best] < _CLEARLY:
        return min(sorted(wanted), key=lambda one: distances.get(one, 1)) if own < _SAME else ""
    return best if distances[best] < _SAME else ""


def _distance(one: Image.Image, other: Image.Image, x: int, y: int) -> float:
    return float(ImageStat.Stat(ImageChops.difference(one, ImageChops.offset(other, x, y))).mean[0]) / 255


@cache
def _reference(file: str, index: int, char: str) -> Image.Image:
    """An ideograph as an installed font has it, in its em square."""
    image = Image.new("L", (_EM, _EM), 255)
    font = ImageFont.truetype(file, _EM, index=index)
    ImageDraw.Draw(image).text((0, round(0.88 * _EM)), char, fill=0, font=font, anchor="ls")
    return image


@cache
def _references() -> tuple[tuple[str, str, int], ...]:
    """Installed fonts of each region as (region, file, index): serif and sans, regular and bold."""
    program = shutil.which("fc-list")
    if program is None:
        return ()
    found = []
    for key in NAMES:
        for family in (f"Noto Serif CJK {key}", f"Noto Sans CJK {key}"):
            for style in ("Regular", "Bold"):
                query = [program, f"{family}:style={style}", "--format", "%{file}\t%{index}\n"]
                listed = subprocess.run(query, capture_output=True, text=True, timeout=30, check=False).stdout
                for line in sorted(listed.splitlines())[:1]:
                    file, _, index = line.partition("\t")
                    if Path(file).is_file():
                        found.append((key, file, int(index) & 0xFFFF))
    return tuple(found)
