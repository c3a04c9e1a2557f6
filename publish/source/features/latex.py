r"""LaTeX's own names and references: `\label{mean}` in a formula, a caption or a heading, `\eqref{mean}` in the text.

Notes that a web page or Typora shows with MathJax are full of them, with labels of any spelling. They become names and
references as `references` has them: the formula that `\label{mean}` names is `eq:mean`. bookdown's are of the kind.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

from publish.source.document import Block, Inline, is_wide, string
from publish.source.features.theorems import NUMBERED

KINDS = ("fig", "tbl", "eq", "lst", "sec", *NUMBERED)
LABEL = re.compile(r"\\label\s*\{([^{}\n]+)\}")
_HOW = r"\\(?P<how>eqref|ref|autoref|[cC]ref)\{(?P<label>[^{}\n]+)\}"
# What is said of a formula has brackets already: (\ref{mean}) is (3.2), too. A tie before it is a space.
_REFERENCE = re.compile(rf"~?(?:(?P<open>[（(]\s*){_HOW}(?P<close>\s*[）)])|{_HOW.replace('<', '<own_')})")
_LEFT = re.compile(r"\\(?:eqref|ref|autoref|[cC]ref|label)\{[^{}\n]*\}")
_ALONE = re.compile(rf"\s*(?:[（(]\s*)?{_HOW}\s*[）)]?\s*")
# bookdown's: \@ref(eq:mean), (\#eq:mean) in a formula, (\#fig:map) before a caption; its own Markdown has (#fig:map).
_BOOKDOWN = re.compile(r"\\@ref\((?P<label>[^()\s]+)\)")
_BOOKDOWN_LABEL = re.compile(r"\(\\?#(?P<label>eq:[^()\s]+)\)")
_NAMING = re.compile(r"\s*(?:\\label\{(?P<label>[^{}\n]+)\}|\(\\?#(?P<own>(?:fig|tab):[^()\s]+)\))\s*")
_ENVIRONMENT = re.compile(
    r"\s*\\begin\{(?P<name>(?:equation|align|alignat|flalign|gather|multline|eqnarray)\*?)\}.*\\end\{(?P=name)\}\s*",
    re.DOTALL,
)
_KIND = re.compile(r"^([a-z]+)([:-])")
_UNSAFE = re.compile(r"[^\w.:/-]+")
_NAMED = {"Figure": "fig", "Table": "tbl", "Header": "sec"}


def name_of(kind: str, label: str) -> str:
    """The name under which a book has what LaTeX has given a label: its own where it says its kind, as eq:mean does."""
    safe = _UNSAFE.sub("-", label.strip())
    return safe if re.match(rf"{kind}[:-]\w", safe) else f"{kind}:{safe.lstrip('.:/-') or '-'}"


@dataclass(frozen=True)
class Said:
    """A reference of LaTeX's in a text: where it stands, the names that it leads to, whether it is numbers alone.

    `gap` is the space that its tie makes before it.
    """

    start: int
    stop: int
    names: tuple[str, ...]
    bare: bool
    gap: str


def references(text: str, known: Container[str]) -> Iterator[Said]:
    """The references of LaTeX's in a text that lead somewhere; a heading's name is any id, in `known` with a #."""
    for found in _REFERENCE.finditer(text):
        own = "own_" if found["label"] is None else ""
        names = [_meant(label, known) for label in found[f"{own}label"].split(",")]
        if not all(names):
            continue
        how, (start, stop) = found[f"{own}how"], found.span()
        gap = "\u00a0" if found[0].startswith("~") and text[:start] and not is_wide(text[start - 1]) else ""
        if found["open"] and not (how == "ref" and names[0].startswith("eq")):
            start, stop = found.end("open"), found.start("close")
        yield Said(start, stop, tuple(names), how in ("eqref", "ref"), gap)


def _meant(label: str, known: Container[str]) -> str:
    """The name of the book's that a label means, spelt with a colon or a hyphen; empty for none."""
    label = label.strip()
    spelt = [label, _KIND.sub(lambda found: found[1] + ("-" if found[2] == ":" else ":"), label)]
    names = [*(name_of(kind, one) for one in spelt for kind in ("eq", *KINDS)), f"#{label}"]
    return next((name for name in names if name in known), "")


def typed(one: Inline) -> str:
    r"""The text of a reference that is no text: `$\eqref{mean}$`, or bookdown's `\@ref(mean)`; empty for all else."""
    if one["t"] == "Math" and _ALONE.fullmatch(one["c"][1]):
        return str(one["c"][1]).strip()
    if one["t"] == "Span" and len(one["c"][1]) == 1 and one["c"][1][0]["t"] == "Str":
        found = _BOOKDOWN.fullmatch(one["c"][1][0]["c"])
        return f"\\ref{{{found['label']}}}" if found else ""
    return ""


def shown(one: Inline) -> str:
    """What was typed of such a reference."""
    return str(one["c"][1] if one["t"] == "Math" else one["c"][1][0]["c"])


def relabelled(one: Inline) -> Inline:
    r"""A formula with bookdown's label as LaTeX's: `(\#eq:mean)`."""
    return {**one, "c": [one["c"][0], _BOOKDOWN_LABEL.sub(lambda found: f"\\label{{{found['label']}}}", one["c"][1])]}


def left(text: str) -> list[str]:
    """The commands of LaTeX's references that a text still has."""
    return _LEFT.findall(text)


def displayed(one: Block) -> Block | None:
    """A formula that stands as a block of TeX, as bookdown writes them, as a paragraph; None for all else."""
    if one["t"] != "RawBlock" or one["c"][0] not in ("tex", "latex") or not _ENVIRONMENT.fullmatch(one["c"][1]):
        return None
    return {"t": "Para", "c": [{"t": "Math", "c": [{"t": "DisplayMath"}, one["c"][1]]}], "line": one.get("line", 0)}


def named(one: Block) -> Block | None:
    r"""A figure, table or heading whose words hold a `\label`, with it as its name; None for all others."""
    kind = _NAMED.get(one["t"], "")
    if not kind:
        return None
    content, labels = [*one["c"]], list[str]()
    at = 1 if kind == "sec" else 0
    if kind == "sec":
        content[2] = _without_labels(content[2], labels)
    else:
        content[1] = [content[1][0], [_without_label(block, labels) for block in content[1][1]]]
    if not labels:
        return None
    if kind == "fig":
        content[2] = [_without_label(block, []) for block in content[2]]
    identifier, classes, pairs = content[at]
    own = identifier if kind != "sec" else ""  # a heading's is pandoc's, made of its words
    content[at] = [own or name_of(kind, labels[0]), classes, pairs]
    return {**one, "c": content}


def _without_label(block: Block, labels: list[str]) -> Block:
    return {**block, "c": _without_labels(block["c"], labels)} if block["t"] in ("Plain", "Para") else block


def _without_labels(inlines: list[Inline], labels: list[str]) -> list[Inline]:
    """Inlines without the labels in their texts, a picture's words too; the labels are noted."""
    out: list[Inline] = []
    for one in inlines:
        if one["t"] == "Image":
            (own, alt, target) = one["c"]
            out.append({**one, "c": [own, _without_labels(alt, labels), target]})
        elif one["t"] == "Str" and (found := _NAMING.search(one["c"])):
            labels.append(found["label"] or found["own"])
            rest = _NAMING.sub("", one["c"])
            out += [string(rest)] if rest else []
        else:
            out.append(one)
    while len(out) < len(inlines) and out and out[-1]["t"] in ("Space", "SoftBreak"):
        out.pop()
    return out
