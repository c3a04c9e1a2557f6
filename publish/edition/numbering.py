"""Numbers of chapters, sections, figures and tables, in the words of a region."""

from __future__ import annotations

from lxml import etree

from publish.edition.xhtml import Element, H, local, plain
from publish.regions import Words

_DIGITS = "〇一二三四五六七八九"
_UNITS = ("", "十", "百", "千")


def chinese_number(number: int) -> str:
    """A whole number from 1 to 9999 in Chinese: 十, 二十一, 一百〇五."""
    digits = str(number)
    out = ""
    for index, digit in enumerate(digits):
        unit = _UNITS[len(digits) - index - 1]
        if digit != "0":
            out += _DIGITS[int(digit)] + unit
        elif out and not out.endswith("〇") and int(digits[index:]) > 0:
            out += "〇"
    return out.removeprefix("一") if 10 <= number < 20 else out  # noqa: PLR2004  # 十, not 一十


def number_headings(root: Element, chapter: int, words: Words) -> str:
    """Number a chapter's headings (第三章, 3.1, 3.1.2) in place; return the label of the first.

    Headings of the class unnumbered get none.
    """
    counts = [0] * 6
    label = ""
    for heading in root.iter(*(f"{H}h{level}" for level in range(1, 7))):
        level = int(local(heading)[1])
        if "unnumbered" in (heading.get("class") or "").split() or (level > 1 and not chapter):
            continue
        if (level == 1 and label) or (level > 2 and not counts[level - 2]):  # noqa: PLR2004  # a section's own part
            continue
        counts[level - 1] += 1
        counts[level:] = [0] * (6 - level)
        number = words.chapter.format(chinese_number(chapter)) if level == 1 else _dotted([chapter, *counts[1:level]])
        label = number if level == 1 else label
        span = etree.Element(f"{H}span", {"class": "number"})
        span.text, heading.text, span.tail = number, None, " " + (heading.text or "").lstrip()
        heading.insert(0, span)
    return label


def _dotted(numbers: list[int]) -> str:
    return ".".join(str(number) for number in numbers)


def number_legends(root: Element, chapter: int, words: Words) -> None:
    """Number the captions of a chapter's figures and tables in place: 图 3-1, 表 3-2; without chapters 图 1."""
    for tag, word, owner in ((f"{H}figcaption", words.figure, f"{H}figure"), (f"{H}caption", words.table, f"{H}table")):
        number = 0
        for caption in root.iter(tag):
            parent = caption.getparent()
            if parent is None or parent.tag != owner or not plain(caption).strip():
                continue
            number += 1
            span = etree.Element(f"{H}span", {"class": "number"})
            span.text = f"{word} {chapter}-{number}" if chapter else f"{word} {number}"
            span.tail = "　" + (caption.text or "").lstrip()
            caption.text = None
            _first_text(caption).insert(0, span)
            if span.getparent() is not caption:
                inner = span.getparent()
                if inner is not None:
                    span.tail = "　" + (inner.text or "").lstrip()
                    inner.text = None


def _first_text(caption: Element) -> Element:
    """Where a caption's text begins: in its first paragraph, or in itself."""
    first = caption[0] if len(caption) and not (caption.text or "").strip() else None
    return first if first is not None and local(first) == "p" else caption
