"""One entry of a list of literature: in its language, with its addresses whole, with links back to what cites it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from publish.convert.names import keeps_surname
from publish.han import IDEOGRAPHS
from publish.source.citations.bibliography import JOINER, Reference
from publish.source.citations.cluster import Cluster
from publish.source.citations.fields import APART, BEHIND_NATION
from publish.source.citations.style import CitationStyle
from publish.source.document import CONTAINERS, Block, Inline, children, string, text, with_children
from publish.source.phrase import words
from publish.source.project import Project
from publish.source.settings.literature import SCRIPT

_NUMBER, _WORDS = "csl-left-margin", "csl-right-inline"  # the columns of a numbered entry, as pandoc names them
_COLUMNS = frozenset([_NUMBER, _WORDS, "csl-block", "csl-indent"])
_SCRIPTS = {"zh": 0, "ja": 1, "ru": 3, "ko": 4}  # the order of scripts in a list by names; Western ones are 2
_BACK = "↑"  # which every Chinese font has
_HAN = re.compile(f"[{IDEOGRAPHS}]")


def entry(
    name: str,
    inlines: list[Inline],
    reference: Reference,
    citations: Sequence[Cluster],
    project: Project,
    style: CitationStyle,
    line: int,
) -> Block:
    """An entry of the id `name`, limited to editions where all that cites it is."""
    foreign = project.is_foreign(reference.lang) and not _is_own(reference.lang)
    outer, inner = ("“", "”"), ("‘", "’")
    if not foreign:
        outer, inner = project.source.quotes.outer, project.source.quotes.inner
    made = _quoted(_addressed(_unjoined(inlines)), outer, inner)
    if reference.eastern and style.standard:
        made = _colons(made)
    content = _in_language(_surnamed(made, reference), reference, foreign=foreign)
    if project.citing.linked:
        content = _with_back(content, _back(citations, project))
    plain: Block = {"t": "Plain", "c": content, "line": line}
    script = [[SCRIPT, str(_SCRIPTS.get(reference.lang.split("-")[0], 2))]] if style.by_script else []
    block: Block = {"t": "Div", "c": [[name, ["csl-entry"], script], [plain]], "line": line}
    editions = _editions(citations)
    if not editions:
        return block
    return {"t": "Div", "c": [["", ["only"], [["edition", " ".join(editions)]]], [block]], "line": line}


def _surnamed(inlines: list[Inline], reference: Reference) -> list[Inline]:
    """An entry in which the surnames of people are no other words (于潇 is not 於瀟), whatever stands beside them."""
    names = [name for name in reference.people if keeps_surname(name)]
    if not names or reference.kept:
        return inlines
    pattern = re.compile("|".join(map(re.escape, names)))

    def change(one: Inline) -> list[Inline] | None:
        if one["t"] != "Str" or not pattern.search(one["c"]):
            return None
        out: list[Inline] = []
        at = 0
        for found in pattern.finditer(one["c"]):
            out += [string(one["c"][at : found.start()])] if found.start() > at else []
            out.append({"t": "Span", "c": [["", ["keep"], []], [string(found[0][0])]]})
            at = found.start() + 1
        return [*out, string(one["c"][at:])]

    return mapped(inlines, change)


def _in_language(inlines: list[Inline], reference: Reference, *, foreign: bool) -> list[Inline]:
    """An entry's words in a span that names their language, or keeps them from conversion; its number stays outside."""
    classes = ["keep"] if reference.kept else []
    pairs = [["lang", reference.lang]] if foreign else []
    if not classes and not pairs:
        return inlines
    out: list[Inline] = []
    rest: list[Inline] = []
    for one in inlines:
        if one["t"] == "Span" and set(one["c"][0][1]) & _COLUMNS:
            attributes, inner = one["c"]
            number = _NUMBER in attributes[1]
            words = inner if number else [{"t": "Span", "c": [["", classes, pairs], inner]}]
            out.append({**one, "c": [attributes, words]})
        else:
            rest.append(one)
    return [*out, {"t": "Span", "c": [["", classes, pairs], rest]}] if rest else out


def _with_back(inlines: list[Inline], back: list[Inline]) -> list[Inline]:
    """An entry with its links back at its end, within the column of its words."""
    last = inlines[-1] if inlines else None
    if last is not None and last["t"] == "Span" and _WORDS in last["c"][0][1]:
        return [*inlines[:-1], {**last, "c": [last["c"][0], [*last["c"][1], *back]]}]
    return [*inlines, *back]


def _is_own(lang: str) -> bool:
    """Whether a language is Chinese of no region: the book's own."""
    return lang.lower() in ("zh", "zho", "chi", "cmn")


def _editions(citations: Sequence[Cluster]) -> list[str]:
    """The editions that an entry is limited to; none where it stands in all, or where formats differ."""
    found: list[str] = []
    for one in citations:
        limits = [dict(limit) for limit in one.limits]
        if len(limits) != 1 or set(limits[0]) != {"edition"}:
            return []
        found += re.split(r"[\s,;]+", limits[0]["edition"].strip())
    return list(dict.fromkeys(found))


def _back(citations: Sequence[Cluster], project: Project) -> list[Inline]:
    """The links back to what cites an entry, each limited as that is."""
    links: list[Inline] = []
    for number, one in enumerate(citations, 1):
        several = str(number) if len(citations) > 1 else ""
        said = f"{project.source.words.cited_at} {several}".strip()
        pairs = [["role", "doc-backlink"], ["aria-label", said]]
        shown = [string(f"{_BACK}{several}")]
        link: Inline = {
            "t": "Link",
            "c": [["", ["backlink"], pairs], shown, [f"#{one.id}", ""]],
        }
        for limit in reversed(one.limits):
            link = {"t": "Span", "c": [["", ["only"], [list(pair) for pair in limit]], [link]]}
        links.append(link)
    return [{"t": "Span", "c": [["", ["cited"], []], links]}] if links else []


def mapped(inlines: list[Inline], change: Callable[[Inline], list[Inline] | None]) -> list[Inline]:
    """The inlines with what `change` gives in the place of each, top down, where it gives anything."""
    out: list[Inline] = []
    for one in inlines:
        made = change(one)
        if made is not None:
            out += made
        else:
            out.append(with_children(one, mapped(children(one), change)) if one["t"] in CONTAINERS else one)
    return out


def _unjoined(inlines: list[Inline]) -> list[Inline]:
    """The inlines without the joiners that kept words from being taken for numbers, and names in one."""

    def change(one: Inline) -> list[Inline] | None:
        if one["t"] != "Str" or not any(mark in one["c"] for mark in (JOINER, APART, BEHIND_NATION)):
            return None
        return words(one["c"].replace(JOINER, "").replace(BEHIND_NATION, "").replace(APART, " "))

    return mapped(inlines, change)


def by_surname(inlines: list[Inline]) -> list[Inline]:
    """What a citation says, of names no more than the surname."""

    def change(one: Inline) -> list[Inline] | None:
        marked = one["t"] == "Str" and (APART in one["c"] or BEHIND_NATION in one["c"])
        return [string(_BEHIND_SURNAME.sub("", _NATION.sub("", one["c"])))] if marked else None

    return mapped(inlines, change)


_BEHIND_SURNAME = re.compile(rf"{APART}[^，,；;（）()\s]*")
_NATION = re.compile(rf"[\[［(（〔【][^{BEHIND_NATION}；;]*{BEHIND_NATION}")


def _addressed(inlines: list[Inline]) -> list[Inline]:
    """The inlines with their addresses marked as such, so that they are neither converted nor broken at will."""

    def change(one: Inline) -> list[Inline] | None:
        if one["t"] != "Link":
            return None
        _, inner, target = one["c"]
        shown = text(inner)
        own = shown == target[0] or target[0].endswith(f"/{shown}")
        return [{**one, "c": [["", ["uri"] if own else [], []], inner, target]}]

    return mapped(inlines, change)


def _quoted(inlines: list[Inline], outer: tuple[str, str], inner: tuple[str, str]) -> list[Inline]:
    """The inlines with the quotation marks that pandoc has as nodes as characters."""

    def change(one: Inline) -> list[Inline] | None:
        if one["t"] != "Quoted":
            return None
        marks = outer if one["c"][0]["t"] == "DoubleQuote" else inner
        return [string(marks[0]), *mapped(one["c"][1], change), string(marks[1])]

    return mapped(inlines, change)


def _colons(inlines: list[Inline]) -> list[Inline]:
    """A colon behind Han as wide as they are: BibLaTeX joins a title and its subtitle by a Western one."""
    out: list[Inline] = []
    for at, one in enumerate(inlines):
        made: Any = one
        if one["t"] in CONTAINERS:
            made = with_children(one, _colons(children(one)))
        elif one["t"] == "Str" and re.search(rf"[{IDEOGRAPHS}）》”’」』]:$", one["c"]) and at + 2 < len(inlines):
            if inlines[at + 1]["t"] == "Space":
                made = string(one["c"][:-1] + "：")
        elif one["t"] == "Space" and out and out[-1]["t"] == "Str" and out[-1]["c"].endswith("："):
            before = inlines[at - 1]
            if before["t"] == "Str" and before["c"].endswith(":"):
                continue
        out.append(made)
    return out
