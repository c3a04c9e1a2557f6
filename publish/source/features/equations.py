"""Displayed formulas that have names, pandoc-crossref's `{#eq:x}` or LaTeX's own label; one for each row named."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publish.source.document import CONTAINERS, Inline, children, string, with_children
from publish.source.features import latex

EQUATION = "equation"
_EQUATION_LABEL = re.compile(r"^\{#(eq[:-][^\s{}]+)\}")
# Environments that have a number for each row, and those that have the same rows without.
_ROW_SETS = {
    "align": "aligned", "flalign": "aligned", "eqnarray": "aligned", "alignat": "alignedat", "gather": "gathered",
}  # fmt: skip
_ROWS = re.compile(
    r"\s*\\begin\{(?P<name>align|flalign|eqnarray|alignat|gather)\*?\}(?P<columns>\{\d+\})?"
    r"(?P<rows>.*)\\end\{(?P=name)\*?\}\s*$",
    re.DOTALL,
)
_ROW_MARK = re.compile(r"\\\\(?:\*|\s*\[[^\]\n]*\])?|\\begin|\\end|\\[{}]|[{}]")


def with_names(inlines: list[Inline]) -> list[Inline]:
    """Display formulas with a name behind them, each in a span that has it."""
    out: list[Inline] = []
    rest = list(inlines)
    while rest:
        one = rest.pop(0)
        one = latex.relabelled(one) if _is_display(one) else one
        if one["t"] in CONTAINERS:
            one = with_children(one, with_names(children(one)))
        behind = 1 if rest and rest[0]["t"] in ("Space", "SoftBreak") else 0
        label = _EQUATION_LABEL.match(rest[behind]["c"]) if _is_display(one) and _is_text(rest, behind) else None
        if label:
            more = rest[behind]["c"][label.end() :]
            rest[: behind + 1] = [string(more)] if more else []
            one = {"t": "Span", "c": [[label[1], [EQUATION], []], [one]]}
        elif _is_display(one) and "\\label" in one["c"][1]:
            out += _named_rows(one)
            continue
        out.append(one)
    return out


def _named_rows(math: Inline) -> list[Inline]:
    """A display formula that LaTeX has named, in a span; one whose rows have names of their own as one for each."""
    names = latex.LABEL.findall(math["c"][1])
    if len(names) == 1:
        return [_equation(names[0], math)]
    environment = _ROWS.match(math["c"][1]) if names else None
    if not environment:
        return [math]
    inner = _ROW_SETS[environment["name"]]
    out: list[Inline] = []
    for rows, name in _grouped(environment["rows"]):
        tex = f"\\begin{{{inner}}}{environment['columns'] or ''}\n{rows}\n\\end{{{inner}}}"
        one = {**math, "c": [math["c"][0], tex]}
        out.append(_equation(name, one) if name else one)
    return out


def _equation(label: str, math: Inline) -> Inline:
    return {"t": "Span", "c": [[latex.name_of("eq", label), [EQUATION], []], [math]]}


def _grouped(text: str) -> Iterator[tuple[str, str]]:
    """The rows of an environment, each named one with the nameless before it, and its name."""
    rows: list[str] = []
    for row in _split_rows(text):
        rows.append(row)
        if names := latex.LABEL.findall(row):
            yield " \\\\\n".join(rows), names[0]
            rows = []
    if "".join(rows).strip():
        yield " \\\\\n".join(rows), ""


def _split_rows(text: str) -> Iterator[str]:
    """The rows of an environment; those of environments and groups within it stay in theirs."""
    depth, start = 0, 0
    for mark in _ROW_MARK.finditer(text):
        if mark[0].startswith("\\\\"):
            if not depth:
                yield text[start : mark.start()].strip()
                start = mark.end()
        else:
            depth += 1 if mark[0] in ("\\begin", "{") else -1 if mark[0] in ("\\end", "}") else 0
    yield text[start:].strip()


def _is_display(one: Inline) -> bool:
    return bool(one["t"] == "Math" and one["c"][0]["t"] == "DisplayMath")


def _is_text(inlines: list[Inline], at: int) -> bool:
    return len(inlines) > at and bool(inlines[at]["t"] == "Str")
