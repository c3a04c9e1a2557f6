"""Paragraphs that go on behind a figure, a table, code, a list or a formula, and so begin without an indent.

In Chinese setting each new paragraph is indented, also behind what is no paragraph (clreq §3.3.1). Only the second half
of a sentence is not: the text before the block ends without the mark that ends a sentence. An author says so, or the
opposite, by the classes `continued` and `indented`, on a division or a paragraph.
"""

from __future__ import annotations

import re

from publish.edition.markup import xhtml

CONTINUED = "continued"
INDENTED = "indented"
_BLOCKS = frozenset(("figure", "table", "pre", "ul", "ol", "dl", "blockquote", "math"))
# Items end where they will, and what announces them often ends with no mark: only a pause there is half a sentence.
_ITEMS = frozenset(("ul", "ol", "dl", "blockquote"))
_PAUSES = re.compile(r"[，、,]\s*$")
_STRESSED = ("strong", "b", "em", "i")
_ENDED = re.compile(r"[。！？!?.…：:；;—～~」』”’）)】》〉\]]\s*$")
# What the second half of a sentence begins with: 我们写成 … 再运行它.
_SECOND_HALF = re.compile(
    r"\s*[，。；、：）)」』”a-z的地得之来來去则則即并並而且但就便会會能可再后後时時是为為等与與和及或]"
)
_STOPPED = re.compile(r"[。.]\s*$")  # a formula that ends its sentence
# What the sentence around a formula goes on with; anything else begins a new one, whatever mark the text above lacks.
_GOES_ON = re.compile(
    r"\s*(?:[，。；、：）)」』”a-z的且而即亦则則是称稱]|[并並](?![非不未没])|可[得知见見证證]|得到?[，。$]?|和|与|與|或|及|以及|也就|那么|那麼|成立|其中|式中|[这這此][里裡处處])"
)
# What explains the letters of a formula is part of its sentence (GB/T 1.1-2020 §9.8.3 sets it flush).
_EXPLAINS = re.compile(r"\s*(?:其中|式中|这里|這裡|此处|此處)")


def mark_continued(root: xhtml.Element) -> None:
    """Give the class `continued` to each paragraph that goes on behind a block."""
    for paragraph in list(root.iter(f"{xhtml.H}p")):
        if _goes_on(paragraph):
            classes = str(paragraph.get("class") or "").split()
            paragraph.set("class", " ".join([*classes, CONTINUED]))


def _goes_on(paragraph: xhtml.Element) -> bool:
    classes = str(paragraph.get("class") or "").split()
    block = paragraph.getprevious()
    if CONTINUED in classes or INDENTED in classes or block is None or not _is_text(paragraph):
        return False
    formula = _is_formula(block)
    if not formula and not _holds_block(block):
        return False
    before = block.getprevious()
    if before is None or not _is_text(before):
        return False
    if xhtml.local(block) in _ITEMS:
        return bool(_PAUSES.search(xhtml.words(before)))
    if formula:
        ended = _has_ended(before) or _STOPPED.search(xhtml.words(block))
        return bool((_EXPLAINS if ended else _GOES_ON).match(xhtml.words(paragraph)))
    # What stands above code, a table or a picture without a mark is a name of it as often as half a sentence.
    half = _PAUSES.search(xhtml.words(before)) or _SECOND_HALF.match(xhtml.words(paragraph))
    return bool(half) and not _has_ended(before)


def _has_ended(paragraph: xhtml.Element) -> bool:
    """Whether a paragraph ends its sentence; one that is all bold is a heading of its author's, or a caption."""
    bold = len(paragraph) == 1 and xhtml.local(paragraph[0]) in _STRESSED and not (paragraph.text or "").strip()
    return bool(_ENDED.search(xhtml.words(paragraph))) or (bold and not (paragraph[0].tail or "").strip())


def _is_text(element: xhtml.Element) -> bool:
    """Whether an element is a paragraph of text, and not a formula by itself."""
    return xhtml.local(element) == "p" and bool(xhtml.words(element).strip()) and not _is_formula(element)


def _is_formula(element: xhtml.Element) -> bool:
    """Whether an element holds nothing but a displayed formula."""
    formulas = [one for one in element.iter() if xhtml.local(one) == "math" and one.get("display") == "block"]
    if not formulas:
        return False
    inside = sum(len(xhtml.words(one)) for one in formulas)
    return len(xhtml.words(element).strip(" ，。,.;；\n")) <= inside


def _holds_block(element: xhtml.Element) -> bool:
    """Whether an element is such a block, or a box around one: code with its title."""
    name = xhtml.local(element)
    return name in _BLOCKS or (name == "div" and any(xhtml.local(one) in ("pre", "table") for one in element))
