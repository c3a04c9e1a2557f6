"""The printed page: trim sizes by name, margins, bleed and crop marks, one side or two, paper, press or screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from publish.errors import PublishError
from publish.findings import Finding
from publish.textfile import shown_folder
from publish.themes import Theme
from publish.yamlfile import KeyPath, YamlDocument

if TYPE_CHECKING:
    from publish.source.settings.page_schema import PageModel, WrapModel

# Trim sizes in millimetres, width by height.
# ISO 216 and JIS P 0138 for A and B; GB/T 788-1999 counts A4 and A5 as 16开 and 32开 of large sheets.
# The Mainland's 开 are what is left of a sheet of 787 × 1092 mm, or of 850 × 1168 and 889 × 1194 mm for 大, when it is
# folded and trimmed; Taiwan's 開 of a sheet of 31 × 43 inches (四六版) or 25 × 35 inches (菊版).
PAGE_SIZES: dict[str, tuple[float, float]] = {
    "A4": (210, 297),
    "A5": (148, 210),
    "B5": (176, 250),
    "A6": (105, 148),
    "JIS B5": (182, 257),
    "16开": (185, 260),
    "大16开": (210, 285),
    "异16开": (170, 240),
    "32开": (130, 184),
    "大32开": (140, 203),
    "国际32开": (148, 210),
    "64开": (92, 126),
    "16開": (190, 260),
    "18開": (170, 230),
    "25開": (148, 210),
    "32開": (130, 190),
    "菊版": (148, 210),
    "US Letter": (215.9, 279.4),
    "US Trade": (152.4, 228.6),
    "US Digest": (139.7, 215.9),
}
# 号数 in points, as CTeX, Word, WPS and InDesign have them.
TEXT_SIZES: dict[str, float] = {
    "三号": 16,
    "小三": 15,
    "四号": 14,
    "小四": 12,
    "五号": 10.5,
    "小五": 9,
    "六号": 7.5,
    "小六": 6.5,
    "七号": 5.5,
}
_LEAST_TEXT, _MOST_TEXT = 5.0, 24.0  # points
_POINTS = 72 / 25.4  # of a millimetre
_LEAST_MARGIN = 5.0  # millimetres, where a line's length takes from it
_LENGTH = re.compile(r"^(\d+(?:\.\d+)?)\s*(mm|cm|in|pt)$")
_MILLIMETRES = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72}
BLEED = 3.0  # millimetres: what printers ask for in all three regions
_MOST_BLEED = 20.0
_ROOM = 0.8  # of a side, that the margins may take
NOTES_MARGIN = 26.0  # millimetres: the least outer margin that notes can be read in
INK_LIMIT = 300  # percent: what coated sheets take of all inks together; printers in all three regions ask for it
_THICKEST = 1.0  # millimetres of a leaf
_FINE = 4  # digits behind the point of a millimetre that a leaf's thickness has
_LEAST_INK, _MOST_INK = 200, 400
# Keys that say something of a press alone.
_PRESS_KEYS = ("profile", "condition", "standard", "inks", "ink-limit")
_PROFILE_HEAD = 40  # bytes of an ICC profile that say what it is (ICC.1:2022 §7.2)

Standard = Literal["PDF/X-4", "PDF/X-1a"]
Accessibility = Literal["PDF/UA-1", "PDF/UA-2"]


@dataclass(frozen=True)
class Press:
    """What a printing press needs: its inks, and the PDF/X that the printer takes.

    `profile` is the ICC profile of the printing condition, `condition` its name in ICC's registry, "" where the
    profile's own name is to stand for it; `one_ink`: all is printed in black. `ink_limit` is in percent.
    """

    profile: Path | None = None
    condition: str = ""
    standard: Standard = "PDF/X-4"
    one_ink: bool = False
    ink_limit: int = INK_LIMIT


@dataclass(frozen=True)
class Wrap:
    """A cover on one sheet: thickness of a leaf or of the spine, width of a flap (0: none), texts; millimetres."""

    paper: float = 0.0
    spine: float = 0.0
    flap: float = 0.0
    back: str = ""
    front_flap: str = ""
    back_flap: str = ""
    price: str = ""
    colour: str = ""

    def thickness(self, pages: int) -> float:
        """The spine of a book of so many pages, to a tenth of a millimetre."""
        return self.spine or round(-(-pages // 2) * self.paper, 1)

    def converted(self, convert: Callable[[str], str], book: Wrap | None) -> Wrap:
        """The same with its texts passed through `convert` where they are those of the book's cover, not its own."""
        said = {name: getattr(self, name) for name in ("back", "front_flap", "back_flap", "price")}
        books: dict[str, Any] = {name: convert(one) for name, one in said.items() if one == getattr(book, name, None)}
        return replace(self, **books)


@dataclass(frozen=True)
class Page:
    """The page of an edition, in millimetres; `hanging` lets stops hang outside the measure at a line's end.

    `punctuation` is how wide marks are within a line (`typography.marks.halves`).

    With `two_sided`, the inner margin is at the spine and chapters may begin on a right page; otherwise it is always
    on the left. `bleed` is what pictures and colours reach over the trimmed edge. `press` is None where the pages are
    not for one, `wrap` where the cover is the first page. `text_size` is in points and `line_length` in characters; 0
    where they are left to the theme. `chapter_start` is "" where the theme and the chapters' length decide.
    """

    width: float
    height: float
    top: float
    bottom: float
    inner: float
    outer: float
    hanging: bool = False
    punctuation: Literal["full", "kaiming", "half"] = "full"
    two_sided: bool = True
    bleed: float = 0.0
    crop_marks: bool = False
    screen: bool = False
    press: Press | None = None
    text_size: float = 0.0
    line_length: int = 0
    wrap: Wrap | None = None
    accessibility: Accessibility = "PDF/UA-1"
    chapter_start: Literal["", "any", "right"] = ""


def read_page(model: PageModel, theme: Theme, document: YamlDocument, root: Path, path: KeyPath = ("page",)) -> Page:
    """A page as the settings have it, the theme's own ways for what they leave open; `root` is the book's folder.

    Raises `PublishError` with the place of the key for what cannot be printed.
    """
    width, height = _size(model.size, document, (*path, "size"))
    shares = theme.margins
    margins = {}
    for side, share, of in (
        ("top", shares.top, height),
        ("bottom", shares.bottom, height),
        ("inner", shares.inner, width),
        ("outer", shares.outer, width),
    ):
        written = getattr(model, f"margin_{side}") or model.margin
        margins[side] = _length(written, document, (*path, f"margin-{side}")) if written else round(of * share, 1)
    if margins["inner"] + margins["outer"] > width * _ROOM or margins["top"] + margins["bottom"] > height * _ROOM:
        raise PublishError("the margins leave no room for the text", "Make them smaller", document.place(path))
    if theme.notes_in_margin and margins["outer"] < NOTES_MARGIN:
        raise PublishError(
            f"an outer margin of {margins['outer']:g} mm has no room for notes",
            f"Give it {NOTES_MARGIN:g}mm or more, or write notes: {{place: page}}",
            document.place((*path, "margin-outer")),
        )
    screen = model.medium == "screen"
    bleed = _bleed(model, document, path)
    if screen and bleed:
        raise PublishError(
            "a page for the screen has no bleed and no marks",
            "Remove bleed and marks, or for: screen",
            document.place(path),
        )
    sides = model.sides or ("one" if screen else theme.sides)
    text_size = _text_size(model.text_size, document, (*path, "text-size"))
    if model.line_length:
        taken = model.line_length * (text_size or theme.body_size) / _POINTS
        if width - taken < 2 * _LEAST_MARGIN:
            raise PublishError(
                f"{model.line_length} characters of {text_size or theme.body_size:g}pt are wider than the page",
                "Write a smaller line-length or text-size, or a larger size",
                document.place((*path, "line-length")),
            )
        # What is left is shared as the margins shared it.
        share = (width - taken) / (margins["inner"] + margins["outer"])
        margins["inner"], margins["outer"] = (round(margins[side] * share, 2) for side in ("inner", "outer"))
    return Page(
        width,
        height,
        text_size=text_size,
        line_length=model.line_length or 0,
        hanging=model.hanging_punctuation,
        punctuation=model.punctuation,
        chapter_start=model.chapter_start or "",
        two_sided=sides == "two",
        bleed=bleed,
        crop_marks=model.marks == "crop",
        screen=screen,
        press=_press(model, document, root, path),
        wrap=_wrap(model.cover, document, path, width) if model.cover and not screen else None,
        accessibility=_accessibility(model, document, path),
        **margins,
    )


def _bleed(model: PageModel, document: YamlDocument, path: KeyPath) -> float:
    """The bleed in millimetres; crop marks and a press alone mean the usual one, for both are about where it is cut."""
    if model.bleed is None:
        return BLEED if model.marks == "crop" or model.medium == "press" else 0.0
    bleed = 0.0 if model.bleed == "0" else _length(model.bleed, document, (*path, "bleed"))
    if bleed > _MOST_BLEED:
        raise PublishError(
            f"a bleed of {model.bleed} is too large",
            "Printers ask for 3mm, some for 5mm",
            document.place((*path, "bleed")),
        )
    return bleed


def _wrap(model: WrapModel, document: YamlDocument, path: KeyPath, width: float) -> Wrap:
    def length(name: str) -> float:
        written = getattr(model, name)
        return _length(written, document, (*path, "cover", name), _FINE) if written else 0.0

    if not model.paper and not model.spine:
        raise PublishError(
            "the spine needs paper, the thickness of a leaf, or spine, its own",
            "Write paper: 0.1mm, as the printer says",
            document.place((*path, "cover")),
        )
    flap = length("flaps")
    if flap > width:
        raise PublishError(
            f"flaps of {model.flaps} are wider than the page",
            "Write one flap's width: 80mm",
            document.place((*path, "cover", "flaps")),
        )
    paper = length("paper")
    if paper > _THICKEST:
        raise PublishError(
            f"a leaf of {model.paper} is board, not paper",
            "Write the thickness of one leaf: 0.1mm",
            document.place((*path, "cover", "paper")),
        )
    return Wrap(
        paper,
        length("spine"),
        flap,
        model.back or "",
        model.front_flap or "",
        model.back_flap or "",
        model.price or "",
        model.colour or "",
    )


def _accessibility(model: PageModel, document: YamlDocument, path: KeyPath) -> Accessibility:
    """What readers with other senses than eyes are promised; PDF/X, which is PDF 1, has no room for PDF/UA-2."""
    if model.medium == "press" and model.accessibility == "PDF/UA-2":
        raise PublishError(
            "PDF/UA-2 is PDF 2.0, which a press does not take",
            "Remove accessibility, or write for: print",
            document.place((*path, "accessibility")),
        )
    return model.accessibility


def _press(model: PageModel, document: YamlDocument, root: Path, path: KeyPath) -> Press | None:
    if model.medium != "press":
        # An edition for screens may stand beside a book for a press: only what it says itself counts.
        own = (one for one in _PRESS_KEYS if one.replace("-", "_") in model.model_fields_set)
        key = next((one for one in own if (*path, one) in document.lines), None)
        if key:
            raise PublishError(
                f"{key} says something of pages for a press, and these are for: {model.medium}",
                f"Write for: press, or remove {key}",
                document.place((*path, key)),
            )
        return None
    limit = model.ink_limit if model.ink_limit is not None else INK_LIMIT
    if not _LEAST_INK <= limit <= _MOST_INK:
        raise PublishError(
            f"an ink limit of {limit} is none that a press has",
            "Write all inks together in percent: 300, or 240 for newsprint",
            document.place((*path, "ink-limit")),
        )
    profile = _profile(model.profile, document, root, path) if model.profile else None
    return Press(profile, model.condition or "", model.standard, one_ink=model.inks == "black", ink_limit=limit)


def unprofiled(page: Page, document: YamlDocument, path: KeyPath = ("page",)) -> Iterator[Finding]:
    """That pages for a press do not say which: what is made of their colours is a guess then."""
    if page.press and not page.press.profile:
        yield Finding(
            "press-profile",
            "warning",
            document.place(path),
            "no ICC profile says how this press prints: colours go to its inks by a plain rule, and the PDF does not "
            f"call itself {page.press.standard}",
            "Ask the printer for the profile of its press and paper, and name its file under page: profile",
        )


def _profile(name: str, document: YamlDocument, root: Path, path: KeyPath) -> Path:
    """The file of an ICC profile, which must be one of a press with four inks."""
    file, place = root / name, document.place((*path, "profile"))
    try:
        with file.open("rb") as opened:
            head = opened.read(_PROFILE_HEAD)
    except OSError as error:
        raise PublishError(
            f'ICC profile "{name}" not found', f"Add it to {shown_folder(root)}; the printer has it", place
        ) from error
    if head[36:40] != b"acsp":
        raise PublishError(f'"{name}" is no ICC profile', "Name the .icc file that the printer gave you", place)
    if head[12:16] != b"prtr" or head[16:20] != b"CMYK":
        raise PublishError(
            f'"{name}" is a profile of {head[16:20].decode("latin-1").strip()} colours, not of a press with four inks',
            "Ask the printer for the CMYK profile of its press and paper",
            place,
        )
    return file


def _text_size(text: str | None, document: YamlDocument, path: KeyPath) -> float:
    """The size of the text in points by its name or its length; 0 for none."""
    if not text:
        return 0.0
    name = text.strip().replace("號", "号")
    known = name in TEXT_SIZES or _LENGTH.match(name)
    size = TEXT_SIZES[name] if name in TEXT_SIZES else _length(name, document, path) * _POINTS if known else 0
    if not _LEAST_TEXT <= size <= _MOST_TEXT:
        remedy = f"Choose from {', '.join(TEXT_SIZES)}, or write a length from 6pt to 24pt"
        raise PublishError(f'"{text}" is no size of text', remedy, document.place(path))
    return round(size * 4) / 4


def _size(text: str, document: YamlDocument, path: KeyPath) -> tuple[float, float]:
    by_name = {name.lower(): size for name, size in PAGE_SIZES.items()}
    # 16k and 16K are 16开. A character of the other writing is understood where that name alone is known: 25开, 大32開.
    name = re.sub(r"^(大?\d+)k$", r"\1开", text.strip().lower())
    for known in (name, name.replace("開", "开").replace("國際", "国际"), name.replace("开", "開")):
        if known in by_name:
            return by_name[known]
    sides = re.split(r"\s*[x×*]\s*|\s+", re.sub(r"(\d)\s+(mm|cm|in|pt)\b", r"\1\2", text.strip()))
    if len(sides) == 2:  # noqa: PLR2004  # width and height
        unit = re.search(r"[a-z]+$", sides[1])
        first = sides[0] if re.search(r"[a-z]$", sides[0]) else sides[0] + (unit.group() if unit else "")
        if _LENGTH.match(first) and _LENGTH.match(sides[1]):
            return _length(first, document, path), _length(sides[1], document, path)
    raise PublishError(
        f'unknown page size "{text}"',
        f"Choose from {', '.join(PAGE_SIZES)}, or write it out: 140mm 203mm",
        document.place(path),
    )


def _length(text: str, document: YamlDocument, path: KeyPath, digits: int = 2) -> float:
    match = _LENGTH.match(text.strip())
    if not match:
        raise PublishError(
            f'"{text}" is not a length', "Write a number and a unit: 20mm, 2cm, 0.8in or 57pt", document.place(path)
        )
    return round(float(match[1]) * _MILLIMETRES[match[2]], digits)
