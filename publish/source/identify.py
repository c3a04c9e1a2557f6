"""Identifiers: ASCII, unique in the book, the same in every edition, and links that point to them."""

from __future__ import annotations

import hashlib
import html
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from publish.errors import Place
from publish.findings import Finding
from publish.source.document import (
    CONTAINERS,
    Attr,
    Block,
    Inline,
    attr,
    block_text,
    children,
    inline_nodes,
    rewrite,
    text,
    with_attr,
    with_children,
)
from publish.source.places import line_of

# XML's NCName in ASCII: what an id may be in XHTML and EPUB.
_SOUND = re.compile(r"^[A-Za-z_][A-Za-z0-9_.-]*$")
# An id in a tag of raw HTML; `name` is one in an <a> only.
_RAW_ID = re.compile(
    r"""(?P<before><(?:[a-z][^<>]*?\sid|a\b[^<>]*?\sname)\s*=\s*)(?:"(?P<double>[^"<>]+)"|'(?P<single>[^'<>]+)'|(?P<bare>[^\s"'<>]+))""",
    re.IGNORECASE,
)
_FOREIGN = re.compile(r"<(/?(?:svg|math)\b)", re.IGNORECASE)
# A link of raw HTML within the book: its address has no scheme.
_RAW_LINK = re.compile(
    r"""(?P<before><a\b[^<>]*?\s)href\s*=\s*(?:"(?P<double>[^"<>:]*)"|'(?P<single>[^'<>:]*)'|(?P<bare>[^\s"'<>:]+))""",
    re.IGNORECASE,
)
# Ids that the pages of our own have.
_RESERVED = re.compile(r"^(?:start|part)-")
_PREFIXES = {"Header": "h", "Figure": "fig", "Table": "tbl", "Para": "p", "Plain": "p", "LineBlock": "p", "Note": "fn"}
# The class of the empty span that carries a paragraph's id until the XHTML is written.
MARK = "publish-id"
SAFE_SCHEMES = ("http", "https", "mailto", "tel", "ftp", "doi")


@dataclass(frozen=True)
class SourceFile:
    """One Markdown file of the book, read: the name that messages use, its path, its lines, its blocks.

    `beside` are the other files that its text is taken from, `literature` those that its
    own settings name.
    """

    name: str
    path: Path
    lines: tuple[str, ...]
    blocks: list[Block]
    title: str = ""
    part: str = ""
    inside: bool = False
    level: int = 0
    listed: str = ""
    beside: tuple[Path, ...] = ()
    literature: tuple[Path, ...] = ()


class _Names:
    """Hands out ids: an author's stays, others are made from a hash of their own text and an ordinal among equals."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self._equals: Counter[str] = Counter()

    def of(self, kind: str, own_text: str) -> str:
        letters = "".join(own_text.split())  # spaces at line ends depend on the text around
        digest = hashlib.sha256(letters.encode("utf-8", "surrogatepass")).hexdigest()[:10]
        base = f"{_PREFIXES.get(kind, 'x')}-{digest}"
        while True:
            self._equals[base] += 1
            number = self._equals[base]
            name = base if number == 1 else f"{base}-{number}"
            if name not in self.taken:
                self.taken.add(name)
                return name

    def keep(self, name: str) -> str:
        """The author's own name, with an ordinal where another chapter has taken it already."""
        number, unique = 1, name
        while unique in self.taken:
            number += 1
            unique = f"{name}-{number}"
        self.taken.add(unique)
        return unique


def _sound(name: str) -> bool:
    """Whether an author's id may stay as it is."""
    return bool(_SOUND.match(name)) and not _RESERVED.match(name)


def _spelt(name: str) -> str:
    """An author's id as XML with namespaces may have it: pandoc-crossref's `fig:map` is fig-map."""
    return name.replace(":", "-")


def anchor(fragment: str) -> str:
    """A link's fragment as ids are compared: percent-decoded, in Unicode's form C."""
    return unicodedata.normalize("NFC", unquote(fragment))


def identify(files: Sequence[SourceFile]) -> tuple[list[SourceFile], list[Finding]]:
    """Give every heading, figure, table, note and paragraph an id, and point every inner link to one.

    Inner links become `#id` whatever file they lead to; a link to nothing loses its target and is reported.
    """
    names = _Names()
    findings: list[Finding] = []
    tables: list[dict[str, str]] = []
    identified: list[SourceFile] = []
    for file in files:
        table: dict[str, str] = {}
        blocks = _identify_file(file, names, table, findings)
        identified.append(replace(file, blocks=blocks))
        tables.append(table)
    linker = _Linker(identified, tables, findings)
    linked = [linker.link(index) for index in range(len(identified))]
    return linked, _by_target(findings)


def _by_target(findings: Sequence[Finding]) -> list[Finding]:
    """The findings with the links that lead to the same nothing in one, at the first of their places."""
    times = Counter(one.problem for one in findings if one.code == "link-broken")
    grouped: dict[object, Finding] = {}
    for number, one in enumerate(findings):
        several = times[one.problem] if one.code == "link-broken" else 1
        problem = f"{one.problem} ({several} times, first here)" if several > 1 else one.problem
        grouped.setdefault(one.problem if several > 1 else number, replace(one, problem=problem))
    return list(grouped.values())


def _identify_file(file: SourceFile, names: _Names, table: dict[str, str], findings: list[Finding]) -> list[Block]:
    explicit = set(re.findall(r"\{[^{}\n]*#([^\s{}]+)", "\n".join(file.lines)))

    def named(node: dict[str, Any], line: int, own_text: Callable[[], str], *, wanted: bool) -> dict[str, Any]:
        attributes = attr(node)
        if attributes is None or MARK in attributes[1]:
            return node
        old = attributes[0]
        author = bool(old) and (node["t"] != "Header" or old in explicit)
        if author and _sound(_spelt(old)):
            new = kept(_spelt(old), line, f"#{old}")
        elif old or wanted:
            new = names.of(node["t"], own_text())
        else:
            return node
        if old:
            table.setdefault(anchor(old), new)
        return with_attr(node, [new, *attributes[1:]])

    def kept(old: str, line: int, needle: str) -> str:
        new = names.keep(old)
        if new != old:
            findings.append(_duplicate(file, line_of(needle, list(file.lines), line), old, new))
        return new

    def raw(node: dict[str, Any], line: int) -> dict[str, Any]:
        """Raw HTML with ids that are ASCII and unique; the second of two in one file goes when the XHTML is written."""

        def rename(match: re.Match[str]) -> str:
            old = match["double"] or match["single"] or match["bare"]
            if anchor(old) not in table:
                table[anchor(old)] = kept(old, line, match[0]) if _sound(old) else names.of("Raw", old)
            return f'{match["before"]}"{table[anchor(old)]}"'

        return {**node, "c": [node["c"][0], _RAW_ID.sub(rename, node["c"][1])]}

    def inlines(content: list[Inline], line: int) -> list[Inline]:
        out: list[Inline] = []
        for inline in content:
            one = inline
            if one["t"] == "Note":
                one = {**one, "id": names.of("Note", block_text(one["c"]))}
            elif one["t"] == "RawInline":
                one = raw(one, line)
            else:
                one = named(one, line, partial(text, [one]), wanted=False)
            if one["t"] in CONTAINERS:
                one = with_children(one, inlines(children(one), line))
            out.append(one)
        return out

    foreign = False  # within raw SVG or MathML, where an HTML span would end the drawing

    def block(one: Block) -> list[Block] | None:
        nonlocal foreign
        line = one.get("line", 0)
        kind = one["t"]
        if kind == "RawBlock":
            drawn = _FOREIGN.findall(one["c"][1])
            foreign = not drawn[-1].startswith("/") if drawn else foreign
            return [raw(one, line)]
        if kind in ("Header", "Figure", "Table"):
            return [named(one, line, lambda: _own_text(one), wanted=True)]
        if kind in ("Para", "Plain") and one["c"] and one.get("mark", True) and not foreign:
            return [{**one, "c": [_mark(names.of(kind, text(one["c"]))), *one["c"]]}]
        if kind == "LineBlock" and one["c"]:
            name = names.of(kind, "\n".join(map(text, one["c"])))
            return [{**one, "c": [[_mark(name), *one["c"][0]], *one["c"][1:]]}]
        if attr(one) is not None:
            return [named(one, line, lambda: block_text([one]), wanted=False)]
        return None

    identified = rewrite(_unmarked_cells(file.blocks), block, inlines)
    for name, target in anchors(identified):
        table.setdefault(name, target)
    return identified


def anchors(blocks: list[Block]) -> list[tuple[str, str]]:
    """The names under which other tools link to headings, with the ids: GitHub's, VuePress's, the plain text."""
    found: list[tuple[str, str]] = []
    taken: Counter[str] = Counter()

    for one in _headings(blocks):
        words, own = " ".join(text(one["c"][2]).split()), one["c"][1][0]
        slug = github_slug(words)
        found.append((anchor(f"{slug}-{taken[slug]}" if taken[slug] else slug), own))
        taken[slug] += 1
        found.extend((anchor(name), own) for name in (vuepress_slug(words), words, words.replace(" ", "-")))
    return found


def _headings(blocks: list[Block]) -> Iterator[Block]:
    """The headings of a text with an id, those in divisions and quotations too."""
    for one in blocks:
        if one["t"] == "Header" and one["c"][1][0]:
            yield one
        elif one["t"] in ("Div", "BlockQuote"):
            yield from _headings(one["c"][1] if one["t"] == "Div" else one["c"])


def github_slug(words: str) -> str:
    """A heading's anchor as GitHub makes it: small letters, marks left out, a hyphen for each space."""
    return re.sub(r"[^\w\- ]", "", words.strip().lower()).replace(" ", "-")


def vuepress_slug(words: str) -> str:
    """A heading's anchor as VuePress and VitePress make it: ASCII marks and spaces are hyphens, one at a time."""
    plain = unicodedata.normalize("NFKD", words)
    plain = "".join(char for char in plain if not "\u0300" <= char <= "\u036f")
    plain = re.sub(r"[\s~`!@#$%^&*()\-_+=\[\]{}|\\;:\"'“”‘’<>,.?/]+", "-", plain)
    plain = re.sub(r"-{2,}", "-", plain).strip("-")
    return re.sub(r"^(\d)", r"_\1", plain).lower()


def _own_text(block: Block) -> str:
    """The text that a heading, figure or table is known by; a figure's images are part of it."""
    if block["t"] == "Header":
        return text(block["c"][2])
    images: list[str] = []

    def note(inlines: list[Inline], _line: int) -> list[Inline]:
        images.extend(str(node["c"][2][0]) for node in inline_nodes(inlines) if node["t"] == "Image")
        return inlines

    if block["t"] == "Figure":
        rewrite(block["c"][2], None, note)
    return "\n".join([block_text([block]), *images])


def _unmarked_cells(blocks: list[Block]) -> list[Block]:
    """The blocks with the short texts of table cells, figures and captions set apart: they need no id of their own."""

    def cell(one: Block) -> Block:
        return {**one, "mark": False} if one["t"] in ("Plain", "Para") else one

    def block(one: Block) -> list[Block] | None:
        if one["t"] == "Figure":
            attributes, (short, long), content = one["c"]
            return [
                {**one, "c": [attributes, [short, [cell(inner) for inner in long]], [cell(inner) for inner in content]]}
            ]
        if one["t"] == "Table":
            attributes, (short, long), columns, head, bodies, foot = one["c"]

            def rows(content: list[Any]) -> list[Any]:
                return [[row[0], [[*c[:4], [cell(inner) for inner in c[4]]] for c in row[1]]] for row in content]

            return [
                {
                    **one,
                    "c": [
                        attributes,
                        [short, [cell(inner) for inner in long]],
                        columns,
                        [head[0], rows(head[1])],
                        [[body[0], body[1], rows(body[2]), rows(body[3])] for body in bodies],
                        [foot[0], rows(foot[1])],
                    ],
                }
            ]
        return None

    return rewrite(blocks, block)


def _mark(name: str) -> Inline:
    return {"t": "Span", "c": [[name, [MARK], []], []]}


def _duplicate(file: SourceFile, line: int, old: str, new: str) -> Finding:
    return Finding(
        "id-duplicate",
        "warning",
        Place(file.name, line),
        f'the id "{old}" is used twice in the book; this one becomes "{new}"',
        "Give it another name",
    )


class _LeadsNowhereError(Exception):
    """A link has no target; `problem` and `remedy` are for the finding."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(problem)


class _Linker:
    """Points inner links to ids."""

    def __init__(self, files: Sequence[SourceFile], tables: Sequence[dict[str, str]], findings: list[Finding]) -> None:
        self._files = files
        self._tables = tables
        self._findings = findings
        self._by_path = {file.path.resolve(): index for index, file in enumerate(files)}
        self._firsts = [_first_id(file.blocks) for file in files]
        folders = [file.path.resolve().parent for file in files]
        self._root = Path(os.path.commonpath(folders)) if folders else Path()

    def link(self, index: int) -> SourceFile:
        file = self._files[index]

        def inlines(content: list[Inline], line: int) -> list[Inline]:
            out: list[Inline] = []
            for inline in content:
                one = inline
                if one["t"] in CONTAINERS:
                    one = with_children(one, inlines(children(one), line))
                if one["t"] != "Link":
                    out.append(self._raw(index, one, line) if one["t"] == "RawInline" else one)
                    continue
                attributes, inner, (url, title) = one["c"]
                target = self._target(index, url, line, wiki="wikilink" in attributes[1])
                if target is None:
                    out.append({"t": "Span", "c": [_without_keys(attributes), inner]})
                else:
                    out.append({**one, "c": [attributes, inner, [target, title]]})
            return out

        def block(one: Block) -> list[Block] | None:
            return [self._raw(index, one, one.get("line", 0))] if one["t"] == "RawBlock" else None

        return replace(file, blocks=rewrite(file.blocks, block, inlines))

    def _raw(self, index: int, node: dict[str, Any], line: int) -> dict[str, Any]:
        """Raw HTML with its inner links pointed like any other; one that leads nowhere loses its address."""

        def point(match: re.Match[str]) -> str:
            url = html.unescape(match["double"] or match["single"] or match["bare"] or "")
            target = self._target(index, url, line)
            return match["before"] if target is None else f'{match["before"]}href="{html.escape(target)}"'

        return {**node, "c": [node["c"][0], _RAW_LINK.sub(point, node["c"][1])]}

    def _target(self, index: int, url: str, line: int, *, wiki: bool = False) -> str | None:
        """Where a link leads: `#id`, an address elsewhere, or None for nowhere, which is reported.

        A link of a `wiki` has a name there, of which the reading has made an address.
        """
        try:
            return self._resolved(index, url)
        except _LeadsNowhereError as error:
            file = self._files[index]
            typed = unquote(url).replace(".md", "", 1) if wiki else url
            place = Place(file.name, line_of(typed, list(file.lines), line) if url else line)
            named = f"[[{typed[-80:]}]]"
            problem = f'the link to "{named}" leads to no chapter of this book' if wiki else error.problem
            remedy = "Call the chapter by its file's name, or take out the brackets" if wiki else error.remedy
            self._findings.append(Finding("link-broken", "warning", place, problem, remedy))
            return None

    def _resolved(self, index: int, url: str) -> str:
        if not url:
            raise _LeadsNowhereError("a link leads nowhere", "Give it an address")
        try:
            parts = urlsplit(url)
            path = (self._files[index].path.parent / unquote(parts.path)).resolve()
        except (OSError, ValueError) as error:
            raise _LeadsNowhereError(f'"{url[:60]}" is not a valid address', "Write it as https://…") from error
        if len(parts.scheme) > 1:
            if parts.scheme.lower() not in SAFE_SCHEMES:
                raise _LeadsNowhereError(
                    f"links to {parts.scheme}: addresses are not published", "Use https:, http: or mailto:"
                )
            return url
        if parts.netloc:
            return f"https:{url}"
        there = self._there(path, index, unquote(parts.path))
        if there is None:
            raise _LeadsNowhereError(
                f'the link to "{self._named(path, parts.path)}" leads to no chapter of this book',
                "Link to a chapter's .md file, or to an address on the web",
            )
        return f"#{self._inner(index, there, anchor(parts.fragment), url)}"

    def _named(self, path: Path, written: str) -> str:
        """The file that a link means, from the book's folder, so that links to one file are told together."""
        there = path.relative_to(self._root).as_posix() if path.is_relative_to(self._root) else unquote(written)
        return there[-80:]

    def _there(self, path: Path, index: int, wanted: str) -> int | None:
        """The file that a path means, as the tools that people write for would find it."""
        if not wanted:
            return index
        bare = path.with_suffix("") if path.suffix.lower() in (".html", ".htm", ".md", ".markdown") else path
        names = [path, *(bare.with_name(bare.name + suffix) for suffix in (".md", ".markdown"))]
        names += [bare / f"{name}.md" for name in ("index", "README", "readme", "_index")]
        if bare.name.lower() == "index":
            names += [bare.with_name("README.md"), bare.parent.with_suffix(".md")]
        if wanted.startswith("/"):
            roots = [self._root / one.relative_to(one.anchor) for one in names]
            names += roots
            below = [one.relative_to(one.anchor) for one in names[: len(names) // 2]]
            names += [file.path for file in self._files for one in below if str(file.path).endswith(f"/{one}")]
        found = next((self._by_path[one] for one in names if one in self._by_path), None)
        if found is None and "/" not in wanted:  # a wiki's link names a note wherever it lies
            stem = wanted.removesuffix(".md").lower()
            found = next((at for at, file in enumerate(self._files) if file.path.stem.lower() == stem), None)
        return found

    def _inner(self, here: int, there: int, wanted: str, url: str) -> str:
        """The id that a fragment means: in its own file first; in others only where no file was named."""
        if not wanted and self._firsts[there]:
            return self._firsts[there]
        others = [index for index in range(len(self._files)) if index != here] if there == here else []
        for index in [there, *others]:
            if wanted in self._tables[index]:
                return self._tables[index][wanted]
        raise _LeadsNowhereError(
            f'the link "{url[:80]}" leads to no heading or id', "Check its spelling, or give the target {#that-id}"
        )


def _without_keys(attributes: Attr) -> Attr:
    return [attributes[0], [name for name in attributes[1] if name not in ("uri", "email")], []]


def _first_id(blocks: list[Block]) -> str:
    """The id of the first thing in a file that has one."""
    found: list[str] = []

    def block(one: Block) -> list[Block] | None:
        attributes = attr(one)
        if attributes and attributes[0]:
            found.append(attributes[0])
        elif one["t"] in ("Para", "Plain") and one["c"] and one["c"][0]["t"] == "Span":
            found.append(one["c"][0]["c"][0][0])
        return [] if found else None

    rewrite(blocks, block)
    return next((name for name in found if name), "")
