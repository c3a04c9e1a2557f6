"""Theorems, definitions, proofs and their kin: divisions that have a word, mostly a number, and perhaps a name.

The spelling is Quarto's (`::: {#thm-line}` with the name as a heading or in `name="…"`) and bookdown's
(`::: {.theorem #line name="…"}`). The word and the number are an edition's: 定理 3.1（名）.
"""

from __future__ import annotations

import re

from publish.source.document import Block, Inline, block_text, key_values, string
from publish.source.phrase import phrase

STATEMENT = "statement"  # the class of each
SAID = "statement-said"  # of one whose word its author has typed
NAME = "statement-name"  # and of the name that one has
GAP = "\u3000"  # what stands between the head of one and its text
# What a reference says its kind by, and the class; those without a number are never referred to by it.
NUMBERED = {
    "thm": "theorem", "lem": "lemma", "cor": "corollary", "prp": "proposition", "cnj": "conjecture",
    "def": "definition", "exm": "example", "exr": "exercise", "hyp": "hypothesis", "alg": "algorithm",
    "sol": "solution", "rem": "remark", "axm": "axiom", "prty": "property", "crtn": "criterion", "obsv": "observation",
}  # fmt: skip
_BARE = frozenset(["proof", "remark", "solution"])
PREFIXES = {kind: prefix for prefix, kind in NUMBERED.items()}
_BY_CLASS = {kind: prefix for kind, prefix in PREFIXES.items() if kind not in _BARE}
# Classes that books also have for something else: they need a name of their own to mean this.
_COMMON = frozenset("definition example exercise hypothesis algorithm axiom property criterion observation".split())
_PREFIX = re.compile(rf"(?P<prefix>{'|'.join(NUMBERED)})[:-]\S")
MAY_STATE = re.compile(
    rf"^[ \t>]*:::+[^\n]*?(?:#(?:{'|'.join(NUMBERED)})[:-]|(?<![\w-])(?:{'|'.join([*_BY_CLASS, *_BARE])})(?![\w-]))"
    rf"|\bid=[\"']?(?:{'|'.join(NUMBERED)})[:-]"
    r"|\\begin\{algorithm"
    r"|^[ \t>]*(?:`{3,}|~{3,}|:{3,})[ \t]*\{(?:(?i:prf):\w+|exercise|solution)\}",  # MyST's
    re.MULTILINE,
)
# What an author has said already: **定理 1.1**, Proof. A word that may begin a sentence (定义 $f$ 为) is said where it
# is marked, or where a number or a mark follows; one that begins many (证明 $x>0$) only in what it is the word of.
_TYPED = re.compile(
    r"\s*(?:定理|引理|推[论論]|命[题題]|猜想|算法|演算法"
    r"|(?:定[义義]|假[设設]|公理|性[质質]|[准準]则|準則|[观觀]察)(?=\s*(?:[\d.．、：:（(]|$))"
    rf"|(?i:{'|'.join(kind for kind in PREFIXES if kind not in _BARE)})\b)"
)
_OWN = {
    "example": re.compile(r"\s*例[题題子]?(?=[\s\d.、：:（(]|$)"),
    "exercise": re.compile(r"\s*(?:[练練][习習]|[习習]?[题題](?=[\s\d.、：:（(]|$))"),
    "proof": re.compile(r"\s*(?:[证證]明?(?=[\s：:.。]|$)|(?i:proof)\b)"),
    "solution": re.compile(r"\s*(?:解答?(?=[\s：:]|$)|(?i:solution)\b)"),
    "remark": re.compile(r"\s*(?:[备備]?[注註](?=[\s\d：:]|$)|(?i:remark)\b)"),
}


def stated(one: Block) -> Block | None:
    """A division that states something, with its kind as a class and its name before its text; None for all others."""
    if one["t"] != "Div":
        return None
    (identifier, classes, pairs), blocks = one["c"]
    kind, identifier = _kind(identifier, classes, key_values(one["c"][0]), blocks)
    if not kind or not blocks:
        return None
    name, blocks = _named(blocks, key_values(one["c"][0]))
    numbered = bool(identifier and _PREFIX.match(identifier)) or kind not in _BARE
    own = [name for name in classes if name not in (kind, STATEMENT, "unnumbered")]
    plain = ["unnumbered"] if not numbered or "unnumbered" in classes else []
    if blocks and not name and _is_typed(blocks[0], kind):
        return {**one, "c": [[identifier, [SAID, kind, *own], _left(pairs)], blocks]}
    return {**one, "c": [[identifier, [STATEMENT, kind, *plain, *own], _left(pairs)], _led(blocks, name)]}


def _is_typed(block: Block, kind: str) -> bool:
    """Whether a paragraph begins with the word of what it states."""
    first = next((one for one in block["c"] if one["t"] != "Space"), None) if block["t"] in ("Para", "Plain") else None
    marked = first is not None and first["t"] in ("Strong", "Emph")
    words = block_text([{"t": "Plain", "c": first["c"]}]) if first is not None and marked else block_text([block])
    return bool(_TYPED.match(words) or (kind in _OWN and _OWN[kind].match(words)))


def _kind(identifier: str, classes: list[str], keys: dict[str, str], blocks: list[Block]) -> tuple[str, str]:
    """The kind of a division and its name in full; both empty for one that states nothing."""
    if found := _PREFIX.match(identifier):
        return NUMBERED[found["prefix"]], identifier
    kind = next((one.lower() for one in classes if one.lower() in _BY_CLASS or one.lower() in _BARE), "")
    if kind and STATEMENT not in classes:
        themed = not identifier and has_title(blocks)  # a box of a site's theme: ::: theorem 标题
        kind = "" if themed or (kind in _COMMON and not _is_meant(identifier, keys)) else kind
    if not kind:
        return "", identifier
    return kind, f"{_BY_CLASS[kind]}:{identifier}" if identifier and kind in _BY_CLASS else identifier


def _is_meant(identifier: str, keys: dict[str, str]) -> bool:
    """Whether a division whose class is common is one that states something: it has a name of its own."""
    return bool(identifier or keys.get("name") or keys.get("title"))


def has_title(blocks: list[Block]) -> bool:
    """Whether blocks begin with a title of their own, as those of a box do."""
    return bool(blocks) and blocks[0]["t"] == "Div" and "title" in blocks[0]["c"][0][1]


def _named(blocks: list[Block], keys: dict[str, str]) -> tuple[list[Inline], list[Block]]:
    """The name of what is stated, and the blocks without it."""
    if blocks[0]["t"] == "Header":
        return blocks[0]["c"][2], blocks[1:]
    if has_title(blocks) and blocks[0]["c"][1]:
        return blocks[0]["c"][1][0]["c"], blocks[1:]
    return phrase(keys.get("name") or keys.get("title") or ""), blocks


def _left(pairs: list[list[str]]) -> list[list[str]]:
    return [pair for pair in pairs if pair[0] not in ("name", "title")]


def _led(blocks: list[Block], name: list[Inline]) -> list[Block]:
    """The blocks with the name before the words of the first, in a paragraph of its own where that has none."""
    if not name:
        return blocks
    head: Inline = {"t": "Span", "c": [["", [NAME], []], [string("（"), *name, string("）")]]}
    if not is_led(blocks):
        return [{"t": "Para", "c": [head], "line": blocks[0].get("line", 0) if blocks else 0}, *blocks]
    return [{**blocks[0], "c": [head, string(GAP), *blocks[0]["c"]]}, *blocks[1:]]


def is_led(blocks: list[Block]) -> bool:
    """Whether the first of the blocks is one in whose line a head can stand."""
    if not blocks or blocks[0]["t"] not in ("Para", "Plain"):
        return False
    first = next((one for one in blocks[0]["c"] if one["t"] != "Span" or one["c"][1]), None)
    return first is not None and not (first["t"] == "Math" and first["c"][0]["t"] == "DisplayMath")
