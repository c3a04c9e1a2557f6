"""Whose glyphs a font has: told by its name, and by comparing what is drawn with the fonts of each region.

One ideograph is written differently in each region (骨, 直, 返), and one font file may hold all of the forms. A name
tells most; a Type 3 font or a renamed one must be looked at. Its glyphs are drawn from the page and laid over those of
the installed fonts of each region: where one agrees and the wanted one does not, that is whose they are.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageStat

from publish.check.pdf.page import Document, Font, Glyph, PrintedPage
from publish.errors import UsageError
from publish.regions import region

NAMES: Mapping[str, str] = {
    "SC": "Mainland China",
    "TC": "Taiwan",
    "HK": "Hong Kong",
    "JP": "Japan",
    "KR": "Korea",
}
# What names of fonts say, without spaces and hyphens, in this order: Noto and Source Han, then systems and foundries.
_WORDS = {
    "HK": r"CJKhk CJKHK ^(?:Noto|SourceHan)\w*(?:HK|HWHC|HC)(?![a-z]) HKSCS PingFangHK HKT UKaiHK",
    "TC": r"""CJKtc CJKTC ^(?:Noto|SourceHan)\w*TC(?![a-z]) MingLiU JhengHei DFKai PingFangTC (?:Songti|Kaiti|Heiti)TC
        LiSong LiHei BiauKai TWSung TWKai UKaiTW LXGWWenKaiTC""",
    "KR": r"""CJKkr CJKKR ^(?:Noto|SourceHan)\w*KR(?![a-z]) ^SourceHan(?:Sans|Serif)K(?![a-z]) Batang Gulim Dotum
        Malgun Myeongjo AppleSDGothic Nanum""",
    "JP": r"""CJKjp CJKJP ^(?:Noto|SourceHan)\w*JP(?![a-z]) Mincho Hira(?:Min|Kaku|Maru)\w*Pro Hiragino\w*Pro
        HiraginoSansW IPAe?x?[MG] Kozuka Koz(?:Min|Go) MSP?Gothic YuGothic YuMin Meiryo Takao VLP?Gothic""",
    "SC": r"""CJKsc CJKSC ^(?:Noto|SourceHan)\w*(?:SC|CN)(?![a-z]) SimSun SimHei YaHei DengXian STFang STXi STZhong
        ST(?:Song|Kaiti|Heiti) FangSong KaiTi PingFangSC (?:Songti|Kaiti|Heiti)SC Hiragino\w*GB Fandol GB2312 GB18030
        FZ\w+GBK WenQuanYi UKaiCN LXGWWenKai""",
}
_SUFFIXES = {key: re.compile("|".join(words.split())) for key, words in _WORDS.items()}
# Fonts of all regions: they show the glyphs that a text's language asks for, whatever their name says.
_OF_ALL = re.compile("^(?:Noto(?:Serif|Sans)(?:Mono)?CJK|SourceHan)")
_ORDERINGS = {"GB1": "SC", "CNS1": "TC", "Japan1": "JP", "Korea1": "KR"}
# Without a suffix Source Han and Noto CJK are Japanese.
_PLAIN_HAN = re.compile(r"^SourceHan(?:Sans|Serif)(?:Regular|Bold|Medium|Light|Heavy|Normal|SemiBold|ExtraLight)?$")
# Ideographs whose forms tell regions apart, the frequent ones first.
TELLING = "直骨角者具户戶返述令黄黃草花起值真道这過过近化空船次平肖望情青说説认令所冷領邊边曾首喝"
_EM = 64  # pixels
_SOFT = ImageFilter.GaussianBlur(1)  # evens out what hinting does
_SAME = 0.06  # of 1: how far a drawing may differ from the font that it was drawn with
_DIFFERENT = 0.02  # of 1: how far the forms of two regions differ at least
_CLEARLY = 0.85  # the nearer one's distance is at most this share of the other's
_ENOUGH = 12  # ideographs to look at
_SOME = 60  # of those that decide nothing


def wanted_regions(lang: str) -> frozenset[str]:
    """The regions whose glyphs a document in a language may have; none where the language is not Chinese."""
    try:
        row = region(lang)
    except UsageError:
        return frozenset()
    if lang.strip().lower() == "zh-hant":  # of no stated region
        return frozenset({"TC", "HK"})
    if row.script == "Hans":
        return frozenset({"SC"})
    return frozenset({"HK"} if row.variety == "hk" else {"TC"})


def region_of_name(font: Font) -> str:
    """The region that a font's name states; empty where it states none."""
    name = re.sub(r"[ _,-]", "", font.name)
    for key, pattern in _SUFFIXES.items():
        if pattern.search(name):
            return key
    if _PLAIN_HAN.match(name):
        return "JP"
    return _ORDERINGS.get(font.ordering, "")


def region_of(document: Document, font: Font, uses: Sequence[tuple[PrintedPage, Glyph]], wanted: frozenset[str]) -> str:
    """The region whose glyphs a font shows; empty where that cannot be told.

    Shapes count more than names: a font of one region shows another's glyphs where the text's language asks for them.
    Two readings are weighed, the wanted region and its rival, on the ideographs that these two write differently.
    """
    named = region_of_name(font)
    telling = {glyph.text: (page, glyph) for page, glyph in reversed(uses) if glyph.text in TELLING and glyph.upright}
    chosen = sorted(telling, key=TELLING.index)[:_ENOUGH]
    if not chosen and _OF_ALL.search(re.sub(r"[ _,-]", "", font.name)):
        telling = {glyph.text: (page, glyph) for page, glyph in reversed(uses) if glyph.upright}
        chosen = _differing(named, wanted, sorted(telling)[:_SOME])
        if not chosen:
            return ""
    if not chosen or not font.embedded or not _references():  # if not embedded, it may differ elsewhere
        return named
    with pypdfium2.PdfDocument(document.file) as pdf:
        drawn = {char: _drawn(pdf, *telling[char]) for char in chosen}
    apart: dict[str, dict[str, float]] = {}
    faces: dict[str, tuple[str, int]] = {}
    for key, file, index in _references():
        distances = {char: _distance(image, _reference(file, index, char)) for char, image in drawn.items()}
        if key not in apart or sum(distances.values()) < sum(apart[key].values()):
            apart[key], faces[key] = distances, (file, index)
    own = min(sorted(wanted & apart.keys()), key=lambda key: sum(apart[key].values()), default="")
    others = sorted((key for key in apart if key not in wanted), key=lambda key: sum(apart[key].values()))
    if not own or not others:
        return named
    rival = named if named in others else others[0]
    differing = [
        char
        for char in chosen
        if _distance(_reference(*faces[own], char), _reference(*faces[rival], char)) > _DIFFERENT
    ]
    means = {key: sum(apart[key][char] for char in differing) / max(len(differing), 1) for key in (own, rival)}
    for key, other in ((own, rival), (rival, own)):
        if differing and means[key] < _SAME and means[key] < _CLEARLY * means[other]:
            return key
    return named


def _differing(named: str, wanted: frozenset[str], chars: Iterable[str]) -> list[str]:
    """Ideographs that two regions write differently, whether or not they are among those that tell most."""
    faces: dict[str, tuple[str, int]] = {}
    for key, file, index in _references():
        faces.setdefault(key, (file, index))
    own = [faces[key] for key in wanted & faces.keys()]
    if not own or named not in faces:
        return []

    def differs(char: str) -> bool:
        other = _reference(*faces[named], char)
        return all(_distance(_reference(*one, char), other) > _DIFFERENT for one in own)

    return [char for char in chars if differs(char)][:_ENOUGH]


def _drawn(pdf: pypdfium2.PdfDocument, page: PrintedPage, glyph: Glyph) -> Image.Image:
    """The em square of a glyph as the page shows it, black on white, _EM pixels wide."""
    size, box = glyph.size, glyph.box
    scale = _EM / size
    crop = (box.left, page.height - box.top - size, page.width - box.left - size, box.top)
    shown = pdf[page.number - 1].render(scale=scale, crop=tuple(max(one, 0) for one in crop), grayscale=True)
    image: Image.Image = shown.to_pil().convert("L").resize((_EM, _EM))
    shades = image.histogram()
    low = next(n for n in range(256) if shades[n])
    high = next(n for n in range(255, -1, -1) if shades[n])
    levels = [max(0, min(255, round((n - low) * 255 / max(high - low, 1)))) for n in range(256)]
    return image.point(levels).filter(_SOFT)


def _distance(one: Image.Image, other: Image.Image) -> float:
    """How far two drawings differ, of 1, in their best alignment."""
    moves = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
    differences = [ImageChops.difference(one, ImageChops.offset(other, *move)) for move in moves]
    return min(float(ImageStat.Stat(image).mean[0]) for image in differences) / 255


@cache
def _reference(file: str, index: int, char: str) -> Image.Image:
    """An ideograph as an installed font has it, in its em square."""
    image = Image.new("L", (_EM, _EM), 255)
    font = ImageFont.truetype(file, _EM, index=index)
    ImageDraw.Draw(image).text((0, round(0.88 * _EM)), char, fill=0, font=font, anchor="ls")
    return image.filter(_SOFT)


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
