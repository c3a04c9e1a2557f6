"""One citation in the text: how it is put to pandoc, and how what comes back in two languages is made one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from publish.cache import as_json
from publish.han import IDEOGRAPHS
from publish.source.citations.bibliography import Reference
from publish.source.citations.style import CitationStyle
from publish.source.citations.syntax import locator
from publish.source.document import CONTAINERS, Inline, block_text, children, is_wide, string, text, with_children

_HAN = re.compile(f"[{IDEOGRAPHS}]")


@dataclass
class Cluster:
    """A citation of one source or more, what limits the parts of the text that it stands in, and what became of it.

    `noted` is one in a note, `lowered` one whose numbers stand on the line: 见文献[1].
    """

    node: Inline
    limits: tuple[tuple[tuple[str, str], ...], ...] = ()
    noted: bool = False
    lowered: bool = False
    id: str = ""
    made: list[Inline] = field(default_factory=list)

    @property
    def items(self) -> list[dict[str, Any]]:
        """Its sources in pandoc's form."""
        found: list[dict[str, Any]] = self.node["c"][0]
        return found

    @property
    def keys(self) -> list[str]:
        """The keys of its sources."""
        return [str(one["citationId"]) for one in self.items]


@dataclass(frozen=True)
class Part:
    """What pandoc sets of a citation at once, and the place in its source that stands behind it."""

    items: list[dict[str, Any]]
    behind: str = ""


def parts_of(cluster: Cluster, style: CitationStyle) -> list[Part]:
    """A citation as pandoc is to set it.

    By the national standard a page stands behind the brackets and above the line, so that a source with one is set by
    itself.
    """
    parts: list[Part] = []
    for one in cluster.items:
        item = {key: value for key, value in one.items() if key != "located"}
        place, pages, rest = locator(one["located"])
        if place and style.standard:
            item["citationSuffix"] = []
            parts.append(Part([item], f"{place}{rest.rstrip()}"))
            continue
        if place and pages:
            item["citationSuffix"] = [string(","), {"t": "Space"}, *_words(f"{place}{rest}")]
        if parts and not parts[-1].behind:
            parts[-1].items.append(item)
        else:
            parts.append(Part([item]))
    return parts


def _words(words: str) -> list[Inline]:
    pieces = re.split("( +)", words)
    return [{"t": "Space"} if not piece.strip() else string(piece) for piece in pieces if piece]


def joined(
    cluster: Cluster,
    versions: tuple[Sequence[Inline], Sequence[Inline]],
    references: Mapping[str, Reference],
    style: CitationStyle,
    prefix: str,
) -> list[Inline]:
    """A citation from what pandoc made of its parts in the book's language and in a Western one."""
    out: list[Inline] = []
    for part, home, western in zip(parts_of(cluster, style), *versions, strict=True):
        items = [references[str(one["citationId"])] for one in part.items]
        spoken = part.items[0]["citationMode"]["t"] == "AuthorInText"
        inlines = _in_languages(home["c"][1], western["c"][1], items, style, spoken=spoken)
        if spoken and style.numeric:
            inlines = [*_named(items[0]), *inlines]
        out += _behind(inlines, part.behind or _lost(part.items, inlines), style)
    made = _linked(_without_gaps(out) if style.standard else out, references, style, prefix)
    return _on_line(made) if cluster.lowered else made


def _on_line(inlines: list[Inline]) -> list[Inline]:
    """The inlines with what was raised on the line."""
    return [two for one in inlines for two in (one["c"] if one["t"] == "Superscript" else [one])]


def _lost(items: Sequence[Mapping[str, Any]], inlines: list[Inline]) -> str:
    """What a style that names no places in its sources has left out of a citation."""
    shown = block_text([{"t": "Plain", "c": inlines}])  # what is in a note, too
    said = [text(one["citationSuffix"]).strip() for one in items]
    lost = [one for one in said if any(number not in shown for number in re.findall(r"[0-9]+", one))]
    return "；".join(one.lstrip(",，、 ") for one in lost)


def _in_languages(
    home: list[Inline], western: list[Inline], items: Sequence[Reference], style: CitationStyle, *, spoken: bool
) -> list[Inline]:
    """Of both versions, each source in its own; numbers are the same in both."""
    if style.numeric:
        return home
    first = items[0].eastern if spoken else any(one.eastern for one in items)
    base, other = (home, western) if first else (western, home)
    if len({one.eastern for one in items}) == 1:
        return base
    foreign = {f"#ref-{one.key}" for one in items if one.eastern != first}
    links = {target: [link for link in _links(other) if link["c"][2][0] == target] for target in foreign}

    def change(inlines: list[Inline]) -> list[Inline]:
        out = []
        for one in inlines:
            target = one["c"][2][0] if one["t"] == "Link" else ""
            if links.get(target):
                out.append(links[target].pop(0))
            else:
                out.append(with_children(one, change(children(one))) if one["t"] in CONTAINERS else one)
        return out

    return change(base)


def _links(inlines: Sequence[Inline]) -> Iterator[Inline]:
    for one in inlines:
        if one["t"] == "Link":
            yield one
        elif one["t"] in CONTAINERS:
            yield from _links(children(one))


def _named(reference: Reference) -> list[Inline]:
    """The author's name before the number of a citation that the sentence speaks of."""
    return [protected(one, reference) for one in _words(reference.name)]


def _behind(inlines: list[Inline], place: str, style: CitationStyle) -> list[Inline]:
    if not place:
        return inlines
    raised = inlines[-1] if inlines and inlines[-1]["t"] == "Superscript" else None
    if style.numeric and raised is not None:
        return [*inlines[:-1], {**raised, "c": [*raised["c"], string(place)]}]
    return [*inlines, {"t": "Superscript", "c": [string(place)]}]


def _without_gaps(inlines: list[Inline]) -> list[Inline]:
    """The inlines as the national standard has them: a hyphen between numbers, no space before a wide bracket.

    Nor one behind what its author has typed before a name, 见张三, but for that before 等 (§10.2).
    """
    out: list[Inline] = []
    for one in inlines:
        if out and out[-1]["t"] == "Space" and _HAN.match(text([one])) and not text([one]).startswith("等"):
            before = text(out[-2:-1])
            if _HAN.match(before[-1:]):
                out.pop()
        if one["t"] == "Superscript":
            numbers = [string("-") if two == string("\u2013") else two for two in one["c"]]
            out.append({**one, "c": _ranged(numbers)})
            continue
        if one["t"] == "Str" and one["c"].startswith("（") and out and out[-1]["t"] == "Space":
            out.pop()
        out.append(one)
    return out


def _ranged(inlines: list[Inline]) -> list[Inline]:
    """Raised numbers with two that follow one another as a range, 1-2, as CSL has three only (GB/T 7714 §10.1.2)."""
    out = list(inlines)
    for at in range(1, len(out) - 1):
        before, after = text(out[at - 1 : at]), text(out[at + 1 : at + 2])
        between = out[at] == string(",") and string("-") not in (*out[max(at - 2, 0) : at], *out[at + 1 : at + 3])
        if between and before.isdecimal() and after.isdecimal() and int(after) == int(before) + 1:
            out[at] = string("-")
    return out


def _linked(
    inlines: list[Inline], references: Mapping[str, Reference], style: CitationStyle, prefix: str
) -> list[Inline]:
    """The inlines with each link to the entry of its source; a protected source's words as they are.

    A note may say an address, which is a link itself: the one to the entry ends before it.
    """
    out: list[Inline] = []
    for one in inlines:
        if one["t"] == "Link" and one["c"][2][0].startswith("#ref-"):
            key = one["c"][2][0].removeprefix("#ref-")
            attributes = ["", [], [["role", "doc-biblioref"]]]
            words = one["c"][1]
            plain = len([*takewhile(lambda part: b'"Link"' not in as_json(part), words)])
            link = {**one, "c": [attributes, words[:plain], [f"#bib-{prefix}{slug(key)}", ""]]}
            made = [*([link] if plain else []), *words[plain:]]
            reference = references.get(key)
            kept = reference is not None and reference.kept and not style.numeric
            out += [_kept(made)] if kept else made
        elif one["t"] == "Note":
            out.append({**one, "c": [_in_block(block, references, style, prefix) for block in one["c"]]})
        else:
            inner = _linked(children(one), references, style, prefix) if one["t"] in CONTAINERS else []
            out.append(with_children(one, inner) if one["t"] in CONTAINERS else one)
    return out


def _in_block(
    block: dict[str, Any], references: Mapping[str, Reference], style: CitationStyle, prefix: str
) -> dict[str, Any]:
    if block["t"] not in ("Para", "Plain"):
        return block
    return {**block, "c": _linked(block["c"], references, style, prefix)}


def protected(one: Inline, reference: Reference) -> Inline:
    """An inline of a source, in a span that keeps it from conversion where the source is kept."""
    return _kept([one]) if reference.kept else one


def _kept(inlines: list[Inline]) -> Inline:
    return {"t": "Span", "c": [["", ["keep"], []], inlines]}


def slug(key: str) -> str:
    """A key as part of an id, in ASCII."""
    plain = re.sub(r"[^A-Za-z0-9_.-]+", "-", key).strip("-.")
    return plain if plain == key else f"{plain}-{hashlib.sha256(key.encode()).hexdigest()[:6]}".lstrip("-")


def tidied(inlines: list[Inline]) -> list[Inline]:
    """Inlines without the spaces beside a citation that would stand between two Han, or before a raised number."""
    out: list[Inline] = []
    for at, one in enumerate(inlines):
        if one["t"] in ("Space", "SoftBreak"):
            before, after = out[-1] if out else None, inlines[at + 1] if at + 1 < len(inlines) else None
            if _is_cited(after) and _closes_up(after, text([before])[-1:] if before else "", first=True):
                continue
            following = text(inlines[at + 1 :])[:1]
            if _is_cited(before) and _closes_up(before, following, first=False):
                continue
        out.append(one)
    return out


def _is_cited(one: Inline | None) -> bool:
    return one is not None and one["t"] == "Span" and "citation" in one["c"][0][1]


def _closes_up(cited: Inline | None, char: str, *, first: bool) -> bool:
    """Whether a citation stands close to the character on one of its sides."""
    if cited is None or not char:
        return False
    inner = children(cited)
    end = inner[0 if first else -1] if inner else None
    raised = end is not None and end["t"] in ("Superscript", "Note")
    own = text(inner)[:1] if first else text(inner)[-1:]
    if raised:
        return first or is_wide(char)
    return bool(own) and is_wide(own) and is_wide(char)
