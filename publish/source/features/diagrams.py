"""Diagrams: code that a program draws. One with a caption or a name is a figure, as Quarto's authors write them.

Code of the class `mermaid`, `dot`, `graphviz` or `plantuml` is a diagram unless it has the class `code`, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from publish.source.document import Block, key_values, rewrite
from publish.source.phrase import phrase

KINDS = {
    "mermaid": "mermaid", "dot": "graphviz", "graphviz": "graphviz", "plantuml": "plantuml", "puml": "plantuml",
}  # fmt: skip
NOT_DRAWN = "code"  # the class of code that is shown as code
SAID = "said"  # the attribute with what is read aloud of a diagram
_OPTION = re.compile(r"^\s*(?:%%|//)\|\s*(?P<key>label|fig-cap|fig-alt)\s*:\s*[\"']?(?P<value>.*?)[\"']?\s*$")
_MAY_HAVE = re.compile(r"^[\s>]*(?:```|~~~).*\b(?:mermaid|dot|graphviz|plantuml|puml)\b")
_CAPTIONS = ("caption", "fig-cap", "title")
_ALTS = ("alt", "fig-alt")


def kind_of(classes: Sequence[str]) -> str:
    """What draws code of these classes: mermaid, graphviz; empty for none."""
    return "" if NOT_DRAWN in classes else next((KINDS[name] for name in classes if name in KINDS), "")


def figured(blocks: list[Block], lines: Sequence[str]) -> list[Block]:
    """The blocks with diagrams that have a caption or the name of a figure made figures."""
    if not any(_MAY_HAVE.match(line) for line in lines):
        return blocks

    def block(one: Block) -> list[Block] | None:
        if one["t"] != "CodeBlock" or "drawn" in one or not kind_of(one["c"][0][1]):
            return None
        return [_figure(one)]

    return rewrite(blocks, block)


def _figure(one: Block) -> Block:
    (name, classes, own), code = one["c"]
    said = dict(_options(code)) | key_values(one["c"][0])
    caption = next((said[key] for key in _CAPTIONS if said.get(key)), "")
    alt = next((said[key] for key in _ALTS if said.get(key)), "")
    name = name or said.get("label", "")
    left = [pair for pair in own if pair[0] not in (*_CAPTIONS, *_ALTS, "label")]
    drawn = {**one, "drawn": True, "c": [["", classes, [*left, *([[SAID, alt]] if alt else [])]], code]}
    if not caption and not name:
        return drawn
    line = one.get("line", 0)
    words = [{"t": "Plain", "c": phrase(caption), "line": line}] if caption else []
    return {"t": "Figure", "c": [[name, ["diagram"], []], [None, words], [drawn]], "line": line}


def _options(code: str) -> list[tuple[str, str]]:
    """What Quarto's comments at the beginning of a diagram say of it."""
    found = []
    for line in code.split("\n"):
        option = _OPTION.match(line)
        if not option:
            break
        found.append((option["key"], option["value"]))
    return found
