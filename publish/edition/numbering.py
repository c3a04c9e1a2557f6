"""Numbers of chapters, sections, figures, tables, listings and formulas, in the words of a region."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from publish.edition.markup.xhtml import Element, H, add_class, local, plain
from publish.regions import Words
from publish.source.features.theorems import GAP, NAME, SAID, STATEMENT
from publish.source.pictures.panels import PART, WHOLE


@dataclass(frozen=True)
class ReferenceLabel:
    """What may be referred to: its kind (fig, tbl, lst, eq, sec), its number (3-1), that in full (图 3-1), its title.

    Both numbers are empty for what is not numbered, a figure without a caption for example. The number of a part,
    3-1(a), begins with that of the whole, which is `within`.
    """

    kind: str
    number: str
    full: str
    title: str
    within: str = ""


# What an author has typed at the head of a statement: 定理 1.1.
_TYPED = re.compile(r"\s*\w{1,12}?\s*(?P<number>\d+(?:[.\-]\d+)*)")
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


def number_headings(root: Element, chapter: int, words: Words, counts: Counter[str], level: int = 0) -> str:
    """Number a chapter's headings (第三章, 3.1, 3.1.2) in place; the label of its first.

    `level` files stand above it; `counts` are the sections of the same chapter that were numbered before, by their
    depth. Headings of the class unnumbered stay bare.
    """
    label = ""
    for heading in _headings(root):
        first, depth = local(heading) == "h1", level + int(local(heading)[1]) - 1
        if "unnumbered" in (heading.get("class") or "").split() or (first and label):
            continue
        if depth > 1 and not counts[_section(depth - 1)]:  # it has no section to be a part of
            continue
        counts[_section(depth)] += 1
        for deeper in range(depth + 1, level + 6):
            counts[_section(deeper)] = 0
        above = [counts[_section(one)] for one in range(1, depth + 1)]
        number = _dotted([chapter, *above]) if depth else words.chapter.format(chinese_number(chapter))
        label = number if first else label
        span = etree.Element(f"{H}span", {"class": "number"})
        span.text, heading.text, span.tail = number, None, " " + (heading.text or "").lstrip()
        heading.insert(0, span)
    return label


def _headings(root: Element) -> Iterator[Element]:
    return root.iter(*(f"{H}h{level}" for level in range(1, 7)))


def _section(depth: int) -> str:
    """What sections of a depth below the chapter's are counted by."""
    return f"section {depth}"


def _dotted(numbers: list[int]) -> str:
    return ".".join(str(number) for number in numbers)


def number_legends(root: Element, chapter: int, words: Words, counts: Counter[str]) -> None:
    """Number the captions of a chapter's figures, tables and listings in place: 图 3-1, 表 3-2; without chapters 图 1.

    Formulas with a name have their number behind them: (3.2). `counts` are how many were numbered before, by word.
    """
    for whole in _wholes(root):
        _letter(whole)
    for word, captions in (
        (words.figure, _captions(root, "fig")),
        (words.table, _captions(root, "tbl")),
        (words.listing, _listings(root)),
    ):
        for caption in captions:
            counts[word] += 1
            _put_before(caption, f"{word} {chapter}-{counts[word]}" if chapter else f"{word} {counts[word]}")
    for statement, head in _statements(root):
        if "unnumbered" not in _classes(statement):
            word = head.text or ""
            counts[word] += 1
            head.text = f"{word} {chapter}.{counts[word]}" if chapter else f"{word} {counts[word]}"
    tags = {plain(one) for whole in _equations(root) for one in whole if one.get("class") == "number"}
    for formula in _equations(root):
        if not formula.get("id") or any(one.get("class") == "number" for one in formula):
            continue  # nobody refers to it, or the author's own: a tag
        label = ""
        while not label or label in tags:
            counts[words.equation] += 1
            label = f"({chapter}.{counts[words.equation]})" if chapter else f"({counts[words.equation]})"
        etree.SubElement(formula, f"{H}span", {"class": "number"}).text = label


def _captions(root: Element, kind: str) -> Iterator[Element]:
    """The captions of one kind that say anything, and those of figures whose parts have letters."""
    for caption in list(root.iter(f"{H}figcaption", f"{H}caption")):
        parent = caption.getparent()
        if parent is None or _kind(parent) != kind or whole_of(parent) is not None:
            continue
        if plain(caption).strip() or WHOLE in _classes(parent):
            yield caption


def _classes(element: Element) -> list[str]:
    return (element.get("class") or "").split()


def _wholes(root: Element) -> list[Element]:
    """The figures of several parts."""
    return [one for one in root.iter(f"{H}figure") if WHOLE in _classes(one)]


def whole_of(element: Element) -> Element | None:
    """The figure that a figure or table is a part of."""
    if PART not in _classes(element):
        return None
    return next((one for one in element.iterancestors(f"{H}figure") if WHOLE in _classes(one)), None)


def _letter(whole: Element) -> None:
    """Give the parts of a figure their letters, (a), (b), where any can be spoken of: by a caption or a name."""
    parts = [one for one in whole.iter(f"{H}figure", f"{H}table") if whole_of(one) is whole]
    captions = [_caption(one) for one in parts]
    named = any(_NAME.match(one.get("id") or "") for one in parts)
    if not named and not any(one is not None and plain(one).strip() for one in captions):
        return
    for number, (part, caption) in enumerate(zip(parts, captions, strict=True)):
        _put_before(_new_caption(part) if caption is None else caption, f"({_LETTERS[number % len(_LETTERS)]})", " ")
    if _caption(whole) is None:
        _new_caption(whole)


_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_NAME = re.compile(r"(?:fig|tbl)[:-](?![0-9a-f]{10}(?:-\d+)?$)")  # an author's, not one that was made


def _caption(element: Element) -> Element | None:
    return next((one for one in element if one.tag in (f"{H}figcaption", f"{H}caption")), None)


def _new_caption(element: Element) -> Element:
    """An empty caption, where those of the kind stand."""
    if element.tag == f"{H}figure":
        return etree.SubElement(element, f"{H}figcaption")
    element.insert(0, caption := etree.Element(f"{H}caption"))
    return caption


def _kind(element: Element) -> str:
    """Whether an element is a figure or a table; a figure that is named as a table is one, in a picture for example."""
    if element.tag == f"{H}table":
        return "tbl"
    if element.tag != f"{H}figure":
        return ""
    return "tbl" if (element.get("id") or "").startswith("tbl-") else "fig"


def _listings(root: Element) -> Iterator[Element]:
    """The captions of listings."""
    for part in list(root.iter(f"{H}div")):
        parent = part.getparent()
        if parent is not None and part.get("class") == "caption" and parent.get("class") == "listing":
            yield part


def _equations(root: Element) -> list[Element]:
    """The formulas that have a name or a tag."""
    return [span for span in root.iter(f"{H}span") if span.get("class") == "equation"]


def _statements(root: Element) -> Iterator[tuple[Element, Element]]:
    """The statements of a chapter, each with its head, which says its word."""
    for one in root.iter(f"{H}div"):
        if _classes(one)[:1] == [STATEMENT] and (head := next(one.iter(f"{H}span"), None)) is not None:
            yield one, head


def part_statements(root: Element) -> None:
    """Part the head of each statement from its text; where it has a name, that is what stands before the text."""
    for _, head in _statements(root):
        behind, words = head.getnext(), (head.tail or "").strip()
        named = behind is not None and behind.get("class") == NAME and not words
        last = behind if named else head
        paragraph = head.getparent()
        if last is not None and last.getnext() is None and not (last.tail or "").strip() and paragraph is not None:
            add_class(paragraph, "statement-head")
        elif not named:
            head.tail = GAP + (head.tail or "").lstrip()


def _put_before(caption: Element, number: str, gap: str = "　") -> None:
    """Put a number before a caption's text: in its first paragraph, or in itself."""
    first = caption[0] if len(caption) and not (caption.text or "").strip() else None
    inner = first if first is not None and local(first) == "p" else caption
    span = etree.Element(f"{H}span", {"class": "number"})
    behind = (inner.text or "").lstrip()
    span.text, span.tail = number, gap + behind if behind or len(inner) else ""
    caption.text = inner.text = None
    inner.insert(0, span)


def labels(root: Element, chapter: int, words: Words) -> dict[str, ReferenceLabel]:
    """What may be referred to in a chapter whose numbers are written, by its id, each kind in the order of the text."""
    found: dict[str, ReferenceLabel] = {}
    for heading in _headings(root):
        number, title = parted(heading)
        bare = str(chapter) if number == words.chapter.format(chinese_number(chapter or 1)) else number
        full = number if bare != number or not number else words.section.format(number)
        _add(found, heading, ReferenceLabel("sec", bare, full, title))
    for element in root.iter(f"{H}figure", f"{H}table"):
        _add(found, element, _legend(element, words))
    for caption in _listings(root):
        number, title = parted(caption)
        _add(
            found, caption.getparent(), ReferenceLabel("lst", number.removeprefix(words.listing).strip(), number, title)
        )
    for formula in (one for one in _equations(root) if one.get("id")):
        number = next((plain(one) for one in formula if one.get("class") == "number"), "")
        _add(found, formula, ReferenceLabel("eq", number, number and f"{words.equation} {number}", ""))
    for statement, head in _statements(root):
        name = next((plain(one) for one in head.itersiblings() if one.get("class") == NAME), "")
        word, _, number = (head.text or "").partition(" ")
        kind = re.split("[:-]", statement.get("id") or "")[0]
        _add(found, statement, ReferenceLabel(kind, number, number and f"{word} {number}", name.strip("（）") or word))
    for statement in root.iter(f"{H}div"):
        if SAID in _classes(statement) and (typed := _TYPED.match(plain(statement))):
            kind = re.split("[:-]", statement.get("id") or "")[0]
            _add(found, statement, ReferenceLabel(kind, typed["number"], " ".join(typed[0].split()), ""))
    return found


def _legend(element: Element, words: Words) -> ReferenceLabel:
    """What a figure or table is called; of a part, 图 3-1(a)."""
    kind, caption, whole = _kind(element), _caption(element), whole_of(element)
    number, title = parted(caption) if caption is not None else ("", "")
    word = words.figure if kind == "fig" else words.table
    if whole is None:
        return ReferenceLabel(kind, number.removeprefix(word).strip(), number, title)
    of = _legend(whole, words)
    return ReferenceLabel(of.kind, of.number and of.number + number, of.full and of.full + number, title, of.number)


def _add(found: dict[str, ReferenceLabel], element: Element | None, label: ReferenceLabel) -> None:
    name = None if element is None else element.get("id")
    if name:
        found[name] = label


def parted(element: Element) -> tuple[str, str]:
    """The number of a heading or caption, and the rest of its text."""
    span = next((one for one in element.iter(f"{H}span") if one.get("class") == "number"), None)
    number = plain(span) if span is not None else ""
    return number, " ".join(plain(element).split()).removeprefix(number).strip()
