"""The numbers that Word counts for its lists and headings, written where it shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from publish.importers.documents.wordml import VAL, W, run_of, words_in
from publish.importers.report import Ledger

CIRCLED = {str(number): chr(0x245F + number) for number in range(1, 21)}
_HAN = "零一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_COMMON = re.compile(r"%\d[.)]|\(%\d\)")  # labels of lists that Markdown has
_PLAIN = {"decimal", "lowerLetter", "upperLetter", "lowerRoman", "upperRoman"}
_UNMARKED = {"bullet", "none"}


@dataclass(frozen=True)
class _Level:
    """A level of a list: the form of its numbers, its label with %1 for them, its first number, what follows it."""

    form: str
    label: str
    start: int
    follows: str
    decimal: bool


@dataclass
class _List:
    levels: dict[int, _Level]
    counters: dict[int, int] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)  # numberings that have restarted it


class Numbering:
    """The lists of a document and the numbers that Word has counted so far."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        found = list(styles.iter(f"{W}style")) if styles is not None else []
        self._styles = {str(one.get(f"{W}styleId")): one for one in found}
        abstract = {str(one.get(f"{W}abstractNumId")): one for one in _all(numbering, "abstractNum")}
        self._nums = {str(one.get(f"{W}numId")): one for one in _all(numbering, "num")}
        self._abstract = abstract
        self._lists = {key: _List({}) for key in abstract}
        for key, one in abstract.items():
            self._lists[key].levels = dict(map(_read_level, self._levels(one)))

    def _levels(self, abstract: etree._Element, depth: int = 0) -> list[etree._Element]:
        """The levels of a list, or of the style that it stands for."""
        link = abstract.find(f"{W}numStyleLink")
        style = self._styles.get(str(link.get(VAL))) if link is not None else None
        number = style.find(f".//{W}numId") if style is not None else None
        there = self._abstract.get(self._list_of(str(number.get(VAL)))) if number is not None else None
        if there is not None and there is not abstract and depth == 0:
            return self._levels(there, 1)
        return abstract.findall(f"{W}lvl")

    def _list_of(self, number: str) -> str:
        one = self._nums.get(number)
        link = one.find(f"{W}abstractNumId") if one is not None else None
        return str(link.get(VAL)) if link is not None else ""

    def place(self, paragraph: etree._Element) -> tuple[str, int] | None:
        """The numbering and the level of a paragraph, its own or its style's; None where it has none."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        level = number = None
        for one in (own, *(style.find(f"{W}pPr/{W}numPr") for style in self.chain(paragraph))):
            if one is not None:
                level = level if level is not None else said(one, "ilvl")
                number = number if number is not None else said(one, "numId")
        if not number or number == "0" or self._list_of(number) not in self._lists:
            return None
        if level is None or own is None:
            level = self._level_of_style(paragraph, number) or level
        return number, int(level or 0)

    def _level_of_style(self, paragraph: etree._Element, number: str) -> str | None:
        names = {str(one.get(f"{W}styleId")) for one in self.chain(paragraph)}
        for one in self._abstract[self._list_of(number)].findall(f"{W}lvl"):
            if said(one, "pStyle") in names:
                return str(one.get(f"{W}ilvl"))
        return None

    def chain(self, paragraph: etree._Element) -> Iterator[etree._Element]:
        """The style of a paragraph and those that it is based on."""
        name = said(paragraph.find(f"{W}pPr"), "pStyle")
        seen: set[str] = set()
        while name in self._styles and name not in seen:
            seen.add(name)
            yield self._styles[name]
            name = said(self._styles[name], "basedOn")

    def level(self, number: str, level: int) -> _Level | None:
        """What a level of a numbering is like."""
        override = self._override(number, level)
        changed = override.find(f"{W}lvl") if override is not None else None
        return _read_level(changed)[1] if changed is not None else self._lists[self._list_of(number)].levels.get(level)

    def count(self, number: str, level: int) -> str:
        """Count a paragraph; its label as Word shows it."""
        one = self._lists[self._list_of(number)]
        override = self._override(number, level)
        start = said(override, "startOverride")
        if start and f"{number}/{level}" not in one.begun:
            one.begun.add(f"{number}/{level}")
            one.counters[level] = int(start) - 1
        shape = self.level(number, level)
        first = shape.start if shape else 1
        one.counters[level] = one.counters.get(level, first - 1) + 1
        for deeper in [key for key in one.counters if key > level]:
            del one.counters[deeper]
        return self._label(number, one, shape) if shape else ""

    def _label(self, number: str, one: _List, shape: _Level) -> str:
        def written(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            there = self.level(number, at)
            value = one.counters.get(at, there.start if there else 1)
            return numeral(value, "decimal" if shape.decimal or there is None else there.form)

        return re.sub(r"%(\d)", written, shape.label)

    def _override(self, number: str, level: int) -> etree._Element | None:
        found = self._nums[number].findall(f"{W}lvlOverride")
        return next((one for one in found if one.get(f"{W}ilvl") == str(level)), None)

    def is_unusual(self, number: str, level: int) -> bool:
        """Whether Markdown has no list with such labels: 第一条, 一、, （1）, 1.1, ①."""
        shape = self.level(number, level)
        if shape is None or shape.form in _UNMARKED or not shape.label.strip():
            return False
        return shape.form not in _PLAIN or not _COMMON.fullmatch(shape.label.strip())

    def list_of(self, number: str) -> str:
        """The list that a numbering belongs to."""
        return self._list_of(number)


def _all(root: etree._Element | None, name: str) -> list[etree._Element]:
    return list(root.iter(f"{W}{name}")) if root is not None else []


def said(element: etree._Element | None, name: str) -> str | None:
    """The value of a property, or None where it is not set."""
    found = element.find(f"{W}{name}") if element is not None else None
    return str(found.get(VAL, "")) if found is not None else None


def _read_level(one: etree._Element) -> tuple[int, _Level]:
    start = said(one, "start") or "1"
    level = _Level(
        form=_form(one),
        label=said(one, "lvlText") or "",
        start=int(start) if start.isdecimal() else 1,
        follows=said(one, "suff") or "tab",
        decimal=one.find(f"{W}isLgl") is not None,
    )
    return int(one.get(f"{W}ilvl", "0")), level


def _form(level: etree._Element) -> str:
    """The form of numbers; Word writes newer ones in a choice of its own, with an older one for older programs."""
    found = [str(one.get(VAL, "")) for one in level.iter(f"{W}numFmt")]
    return next((one for one in found if one != "custom"), "decimal")


def write_numbers(root: etree._Element, numbering: Numbering, ledger: Ledger) -> None:
    """Write the numbers that Word counts into headings, and into lists with labels that Markdown has not."""
    placed = [
        (one, *place)
        for one in root.iter(f"{W}p")
        if (place := numbering.place(one)) and words_in(one, f"{W}t").strip()
    ]
    unusual = {numbering.list_of(number) for _, number, level in placed if numbering.is_unusual(number, level)}
    written: list[str] = []
    for paragraph, number, level in placed:
        label = numbering.count(number, level)
        shape = numbering.level(number, level)
        if not label.strip() or shape is None or shape.form in _UNMARKED:
            continue
        if _is_heading(paragraph, numbering) or numbering.list_of(number) in unusual:
            styled = any(one.find(f"{W}pPr/{W}numPr") is not None for one in numbering.chain(paragraph))
            heading = _is_heading(paragraph, numbering)
            _write_label(paragraph, label.strip(), shape, styled=styled, heading=heading)
            written.append(words_in(paragraph, f"{W}t"))
    if written:
        reason = f"{len(written)} numbers that Word counts"
        ledger.decide("numbers-written", 0, written[0], "written into the text", reason)


def _is_heading(paragraph: etree._Element, numbering: Numbering) -> bool:
    names = [said(style, "name") or "" for style in numbering.chain(paragraph)]
    return any(re.match(r"heading\b", name, re.IGNORECASE) for name in names) or any(
        (said(one, "outlineLvl") or "9") != "9"
        for one in (paragraph.find(f"{W}pPr"), *(style.find(f"{W}pPr") for style in numbering.chain(paragraph)))
    )


def _write_label(paragraph: etree._Element, label: str, shape: _Level, *, styled: bool, heading: bool) -> None:
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        properties = etree.Element(f"{W}pPr")
        paragraph.insert(0, properties)
    for old in properties.findall(f"{W}numPr"):
        properties.remove(old)
    if styled:  # to pandoc a numbering 0 continues the list above
        none = etree.SubElement(properties, f"{W}numPr")
        etree.SubElement(none, f"{W}numId").set(VAL, "0")
    apart = heading or shape.follows != "nothing"  # 第一章河道 is read as one word
    space = " " if apart and label[-1] not in "、．）：，" else ""
    properties.addnext(run_of(f"{label}{space}"))


def numeral(value: int, form: str) -> str:
    """A number as Word writes it in a form of its own (`chineseCounting`, `lowerRoman`); unknown forms are digits."""
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letter if form == "lowerLetter" else letter.upper()
    if form in ("lowerRoman", "upperRoman"):
        return _roman(value).lower() if form == "lowerRoman" else _roman(value)
    if form in ("ideographTraditional", "ideographZodiac"):
        signs = _STEMS if form == "ideographTraditional" else _BRANCHES
        return signs[(value - 1) % len(signs)]
    if form.startswith("decimalEnclosedCircle"):
        return CIRCLED.get(str(value), str(value))
    if form in ("decimalZero", "decimalFullWidth", "decimalFullWidth2"):
        return f"{value:02d}" if form == "decimalZero" else "".join(chr(0xFEE0 + ord(one)) for one in str(value))
    if form in ("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand", "koreanDigital2"):
        return "".join("〇" if one == "0" else _HAN[int(one)] for one in str(value))
    if form.startswith(("chineseCounting", "taiwaneseCounting", "japaneseCounting")):
        return _counted(value, _HAN, "十百千")
    if form in ("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"):
        return _counted(value, _LEGAL, "拾佰仟")
    return str(value)


def _counted(value: int, digits: str, units: str) -> str:
    """A number below 10,000 in Han: 二十一, 一百零三."""
    if not 0 < value < 10_000:  # noqa: PLR2004  # larger than any list
        return str(value)
    out = ""
    steps = [int(one) for one in str(value)]
    for place, step in zip(range(len(steps) - 1, -1, -1), steps, strict=True):
        if step:
            out += digits[step] + (units[place - 1] if place else "")
        elif out and not out.endswith(digits[0]):
            out += digits[0]
    out = out.rstrip(digits[0])
    return out[1:] if digits is _HAN and out.startswith("一十") else out


def _roman(value: int) -> str:
    out = ""
    for number, sign in (
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
        (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ):  # fmt: skip
        out += sign * (value // number)
        value %= number
    return out
