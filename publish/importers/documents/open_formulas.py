"""The formulas of an OpenDocument text: marked where they stand, read by pandoc as MathML, set back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from publish.importers import shared
from publish.importers.documents.opendocument import DRAW, replace_with_words
from publish.importers.documents.parts import xml_of
from publish.importers.report import Ledger
from publish.source import pandoc
from publish.source.document import Block, Inline, string

_MATHML = "{http://www.w3.org/1998/Math/MathML}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_OPEN, _CLOSE = "\ue0f0", "\ue0f1"  # a formula's place while pandoc reads the text, which leaves such objects out
_PLACE = re.compile(f"{_OPEN}(\\d+){_CLOSE}")


def with_places(source: Path, root: etree._Element) -> list[etree._Element]:
    """The formulas of a text as MathML; in the text each becomes a mark with its number."""
    formulas: list[etree._Element] = []
    for place in list(root.iter(f"{DRAW}object")):
        name = str(place.get(_HREF, "")).removeprefix("./").strip("/")
        formula = next(place.iter(f"{_MATHML}math"), None)
        formula = xml_of(source, f"{name}/content.xml") if formula is None and name else formula
        frame = place.getparent()
        if formula is None or formula.tag != f"{_MATHML}math" or frame is None or frame.getparent() is None:
            continue
        replace_with_words(frame, f"{_OPEN}{len(formulas)}{_CLOSE}")
        formulas.append(formula)
    return formulas


def with_formulas(blocks: list[Block], formulas: list[etree._Element], ledger: Ledger) -> list[Block]:
    """The blocks with TeX where the formulas' marks are; one that cannot be read is code, and told."""
    if not formulas:
        return blocks
    pages = [(str(number), f"<p>{_as_html(one)}</p>") for number, one in enumerate(formulas)]
    read, _ = pandoc.read(pages, "html")
    made = [_formula(inner, one, ledger) for inner, one in zip(read, formulas, strict=True)]

    def change(node: Any) -> Any:
        content = node.get("c")
        if isinstance(content, list) and any(_is_mark(one) for one in content):
            alone = sum(1 for one in content if one.get("t") not in ("Space", "SoftBreak")) == 1
            return {**node, "c": [part for one in content for part in _unmarked(one, made, alone=alone)]}
        return node

    return list(shared.mapped(blocks, change))


def _is_mark(node: Any) -> bool:
    return isinstance(node, dict) and node.get("t") == "Str" and _OPEN in node["c"]


def _unmarked(node: Any, made: list[Inline], *, alone: bool) -> Iterator[Any]:
    """A word with its marks as formulas; one that is a paragraph by itself is displayed."""
    if not _is_mark(node):
        yield node
        return
    for at, piece in enumerate(_PLACE.split(node["c"])):
        if at % 2 == 0:
            yield from [string(piece)] if piece else []
            continue
        one = made[int(piece)]
        displayed = alone and node["c"] == f"{_OPEN}{piece}{_CLOSE}" and one["t"] == "Math"
        yield {**one, "c": [{"t": "DisplayMath"}, one["c"][1]]} if displayed else one


def _as_html(formula: etree._Element) -> str:
    """MathML as HTML has it: without prefixes, and without what it was made from (StarMath)."""
    for one in formula.iter(f"{_MATHML}annotation"):
        one.text = None
    return re.sub(r"(</?)\w+:", r"\1", etree.tostring(formula, encoding="unicode", with_tail=False))


def _formula(read: list[Block], formula: etree._Element, ledger: Ledger) -> Inline:
    found = [one for block in read if block["t"] in ("Para", "Plain") for one in block["c"] if one["t"] == "Math"]
    if len(found) == 1 and found[0]["c"][1].strip():
        return {"t": "Math", "c": [{"t": "InlineMath"}, found[0]["c"][1].strip()]}
    words = "".join(str(one) for one in formula.itertext()).strip()
    ledger.unread("formula-unread", 0, words, "a formula that cannot be read: write it between $ and $")
    return {"t": "Code", "c": [["", [], []], words]}
