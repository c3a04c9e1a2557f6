"""Identifiers: ASCII, unique in the book, the same in every edition, and links that point to them."""

from __future__ import annotations

import hashlib
import html
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from publish.errors import Place
from publish.findings import Finding
from publish.han import IDEOGRAPHS
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
    string,
    text,
    with_attr,
    with_children,
)
from publish.source.features.notes import with_calls
from publish.source.places import line_of
from publish.source.sheets import Gists, Sheet, SourceFile

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


# What a file wishes for an id: what one that is made begins with; or an author's, its line, how it is written there.
Wish = list[Any]
_AUTHORS = ("", 0, "", "")  # an author's wish with what was given


class _Names:
    """Hands out ids: an author's stays, others are made from a hash of their own text and an ordinal among equals."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self._equals: Counter[str] = Counter()

    def give(self, wish: Wish) -> str:
        """An id for a wish that no one has."""
        return self._made(wish[0]) if len(wish) == 1 else self._kept(wish[0])

    def _made(self, base: str) -> str:
        while True:
            self._equals[base] += 1
            number = self._equals[base]
            name = base if number == 1 else f"{base}-{number}"
            if name not in self.taken:
                self.taken.add(name)
                return name

    def _kept(self, name: str) -> str:
        """The author's own name, with an ordinal where another chapter has taken it already."""
        number, unique = 1, name
        while unique in self.taken:
            number += 1
            unique = f"{name}-{number}"
        self.taken.add(unique)
        return unique


@dataclass
class _Wishes:
    """The wishes of one file, in order, and what was given: by `names`, or as it is `given` already."""

    names: _Names
    given: list[str] = field(default_factory=list)
    told: list[Wish] = field(default_factory=list)
    table: dict[str, str] = field(default_factory=dict)  # the ids by what the author calls them

    def of(self, kind: str, own_text: Callable[[], str]) -> str:
        """An id for what has none."""
        if len(self.told) < len(self.given):
            return self._next([""])
        letters = "".join(own_text().split())  # spaces at line ends depend on the text around
        made = hashlib.sha256(letters.encode("utf-8", "surrogatepass")).hexdigest()[:10]
        return self._next([f"{_PREFIXES.get(kind, 'x')}-{made}"])

    def keep(self, name: str, line: int, needle: str) -> str:
        """An author's own."""
        return self._next([name, line, needle])

    def _next(self, wish: Wish) -> str:
        self.told.append(wish)
        if len(self.told) > len(self.given):
            self.given.append(self.names.give(wish))
        return self.given[len(self.told) - 1]


def _sound(name: str) -> bool:
    """Whether an author's id may stay as it is."""
    return bool(_SOUND.match(name)) and not _RESERVED.match(name)


def _spelt(name: str) -> str:
    """An author's id as XML with namespaces may have it: pandoc-crossref's `fig:map` is fig-map."""
    return name.replace(":", "-")


def anchor(fragment: str) -> str:
    """A link's fragment as ids are compared: percent-decoded, in Unicode's form C."""
    return unicodedata.normalize("NFC", unquote(fragment))


def identify(sheets: Sequence[Sheet], gists: Gists) -> tuple[list[Sheet], list[Finding]]:
    """Give every heading, figure, table, note and paragraph an id, and point every inner link to one.

    Inner links become `#id` whatever file they lead to; a link to nothing loses its target and is reported.
    """
    names = _Names()
    named = [_named(sheet, names, gists) for sheet in sheets]
    findings = [finding for one in named for finding in one.findings]
    linker = _Linker([one.sheet.file for one in named], [one.table for one in named], [one.first for one in named])
    linked = []
    for index, one in enumerate(named):
        sheet, found = _linked(one.sheet, index, linker, gists)
        linked.append(sheet)
        findings += found
    return linked, _by_target(findings)


@dataclass(frozen=True)
class _Named:
    """A file with its ids, by what its author calls them; the first of them; names that were taken."""

    sheet: Sheet
    table: dict[str, str]
    first: str
    findings: list[Finding]


def _named(sheet: Sheet, names: _Names, gists: Gists) -> _Named:
    """A file with its ids. Where its wishes are known, what is given is, and the file need not be looked at."""
    key = gists.key(sheet, "wishes")
    gist, done = gists.known(key), None
    if gist is None:
        wishes = _Wishes(names)
        done, given = _identify_file(sheet.whole, wishes), wishes.given
        numbers = {name: number for number, name in enumerate(given)}
        known = {old: numbers.get(new, new) for old, new in wishes.table.items()}
        gist = gists.keep(key, {"wishes": wishes.told, "table": known})
    else:
        given = [names.give(wish) for wish in gist["wishes"]]

    def make(file: SourceFile) -> tuple[SourceFile, str]:
        made = done or _identify_file(file, _Wishes(names, list(given)))
        return made, _first_id(made.blocks)

    one, first = gists.passed(sheet, "named", given, make)
    table = {old: given[new] if isinstance(new, int) else new for old, new in gist["table"].items()}
    taken = [(*wish, name) for wish, name in zip(gist["wishes"], given, strict=True) if wish[0] != name]
    return _Named(one, table, first, [_duplicate(sheet.file, *each) for each in taken if len(each) == len(_AUTHORS)])


def _linked(sheet: Sheet, index: int, linker: _Linker, gists: Gists) -> tuple[Sheet, list[Finding]]:
    """A file with its links pointed. Where its addresses are known and lead where they led, it is not looked at."""
    key = gists.key(sheet, "addresses")
    addresses, done = gists.known(key), None
    if addresses is None:
        pointing = _Pointing(sheet.file, lambda url: linker.answer(index, url))
        done = pointing.point(sheet.whole), [one.as_dict() for one in pointing.findings]
        addresses = gists.keep(key, list(pointing.answers))
    answers = {url: linker.answer(index, url) for url in addresses}

    def make(file: SourceFile) -> tuple[SourceFile, list[Any]]:
        again = _Pointing(file, answers.__getitem__)
        return done or (again.point(file), [one.as_dict() for one in again.findings])

    one, told = gists.passed(sheet, "linked", list(answers.values()), make)
    return one, [Finding.from_dict(finding) for finding in told]


def _by_target(findings: Sequence[Finding]) -> list[Finding]:
    """The findings with the links that lead to the same nothing in one, at the first of their places."""
    times = Counter(one.problem for one in findings if one.code == "link-broken")
    grouped: dict[object, Finding] = {}
    for number, one in enumerate(findings):
        several = times[one.problem] if one.code == "link-broken" else 1
        problem = f"{one.problem} ({several} times, first here)" if several > 1 else one.problem
        grouped.setdefault(one.problem if several > 1 else number, replace(one, problem=problem))
    return list(grouped.values())


def _identify_file(file: SourceFile, names: _Wishes) -> SourceFile:
    """A file with the ids that it is given."""
    explicit = set(re.findall(r"\{[^{}\n]*#([^\s{}]+)", "\n".join(file.lines)))
    table = names.table

    def named(node: dict[str, Any], line: int, own_text: Callable[[], str], *, wanted: bool) -> dict[str, Any]:
        attributes = attr(node)
        if attributes is None or MARK in attributes[1]:
            return node
        old = attributes[0]
        author = bool(old) and (node["t"] != "Header" or old in explicit)
        if author and _sound(_spelt(old)):
            new = names.keep(_spelt(old), line, f"#{old}")
        elif old or wanted:
            new = names.of(node["t"], own_text)
        else:
            return node
        if old:
            table.setdefault(anchor(old), new)
        return with_attr(node, [new, *attributes[1:]])

    def raw(node: dict[str, Any], line: int) -> dict[str, Any]:
        """Raw HTML with ids that are ASCII and unique; the second of two in one file goes when the XHTML is written."""

        def rename(match: re.Match[str]) -> str:
            old = match["double"] or match["single"] or match["bare"]
            if anchor(old) not in table:
                table[anchor(old)] = names.keep(old, line, match[0]) if _sound(old) else names.of("Raw", lambda: old)
            return f'{match["before"]}"{table[anchor(old)]}"'

        return {**node, "c": [node["c"][0], _RAW_ID.sub(rename, node["c"][1])]}

    def inlines(content: list[Inline], line: int) -> list[Inline]:
        out: list[Inline] = []
        for inline in content:
            one = inline
            if one["t"] == "Note":
                one = {**one, "id": names.of("Note", partial(block_text, one["c"]))}
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
            return [{**one, "c": [_mark(names.of(kind, partial(text, one["c"]))), *one["c"]]}]
        if kind == "LineBlock" and one["c"]:
            name = names.of(kind, lambda: "\n".join(map(text, one["c"])))
            return [{**one, "c": [[_mark(name), *one["c"][0]], *one["c"][1:]]}]
        if attr(one) is not None:
            return [named(one, line, lambda: block_text([one]), wanted=False)]
        return None

    identified = with_calls(rewrite(_unmarked_cells(file.blocks), block, inlines), file.lines)
    for name, target in anchors(identified):
        table.setdefault(name, target)
    return replace(file, blocks=identified)


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


def _duplicate(file: SourceFile, old: str, line: int, needle: str, new: str) -> Finding:
    return Finding(
        "id-duplicate",
        "warning",
        Place(file.name, line_of(needle, list(file.lines), line)),
        f'the id "{old}" is used twice in the book; this one becomes "{new}"',
        "Give it another name",
    )


class _LeadsNowhereError(Exception):
    """A link has no target; `problem` and `remedy` are for the finding."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(problem)


_REMARK = re.compile(rf"[^\s./#:?&]*[{IDEOGRAPHS}][^\s./#:?&]*")  # what stands where an address would, and is none
_HOME = re.compile(r"/index\.html?")
Answer = str | list[str]  # where an address leads; or what is wrong with it, and what to do


@dataclass
class _Pointing:
    """Points the inner links of one file by the answers for their addresses, which it remembers."""

    file: SourceFile
    ask: Callable[[str], Answer]
    answers: dict[str, Answer] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def point(self, file: SourceFile) -> SourceFile:
        """The file with its links pointed."""

        def block(one: Block) -> list[Block] | None:
            return [self._raw(one, one.get("line", 0))] if one["t"] == "RawBlock" else None

        return replace(file, blocks=rewrite(file.blocks, block, self._inlines))

    def _inlines(self, content: list[Inline], line: int) -> list[Inline]:
        out: list[Inline] = []
        for inline in content:
            one = inline
            if one["t"] in CONTAINERS:
                one = with_children(one, self._inlines(children(one), line))
            if one["t"] != "Link":
                out.append(self._raw(one, line) if one["t"] == "RawInline" else one)
                continue
            attributes, inner, (url, title) = one["c"]
            target = self._target(url, line, wiki="wikilink" in attributes[1])
            if target is None and _REMARK.fullmatch(unquote(url)) and "wikilink" not in attributes[1]:
                out += [string("["), *inner, string(f"]({unquote(url)})")]  # as it was typed: [小红](笑)
            elif target is None:
                out.append({"t": "Span", "c": [_without_keys(attributes), inner]})
            else:
                out.append({**one, "c": [attributes, inner, [target, title]]})
        return out

    def _raw(self, node: dict[str, Any], line: int) -> dict[str, Any]:
        """Raw HTML with its inner links pointed like any other; one that leads nowhere loses its address."""

        def point(match: re.Match[str]) -> str:
            url = html.unescape(match["double"] or match["single"] or match["bare"] or "")
            target = self._target(url, line)
            return match["before"] if target is None else f'{match["before"]}href="{html.escape(target)}"'

        return {**node, "c": [node["c"][0], _RAW_LINK.sub(point, node["c"][1])]}

    def _target(self, url: str, line: int, *, wiki: bool = False) -> str | None:
        """Where a link leads: `#id`, an address elsewhere, or None for nowhere, which is reported.

        A link of a `wiki` has a name there, of which the reading has made an address.
        """
        answer = self.answers[url] = self.ask(url)
        if isinstance(answer, str):
            return answer
        problem, remedy = answer
        typed = unquote(url).replace(".md", "", 1) if wiki else url
        place = Place(self.file.name, line_of(typed, list(self.file.lines), line) if url else line)
        if wiki:
            named = f"[[{typed[-80:]}]]"
            problem = f'the link to "{named}" leads to no chapter of this book'
            remedy = "Call the chapter by its file's name, or take out the brackets"
        self.findings.append(Finding("link-broken", "warning", place, problem, remedy))
        return None


class _Linker:
    """Knows where addresses in a file lead: to ids of the book, by the tables and the first ids of its files."""

    def __init__(self, files: Sequence[SourceFile], tables: Sequence[dict[str, str]], firsts: Sequence[str]) -> None:
        self._files, self._tables, self._firsts = files, tables, firsts
        paths = [file.path.resolve() for file in files]
        self._by_path = {path: index for index, path in enumerate(paths)}
        self._root = Path(os.path.commonpath([path.parent for path in paths])) if paths else Path()
        self._paths: dict[tuple[Path, str], Path] = {}

    def answer(self, index: int, url: str) -> Answer:
        """Where an address in a file leads, or why nowhere."""
        try:
            return self._resolved(index, url)
        except _LeadsNowhereError as error:
            return [error.problem, error.remedy]

    def _resolved(self, index: int, url: str) -> str:
        if not url:
            raise _LeadsNowhereError("a link leads nowhere", "Give it an address")
        try:
            parts = urlsplit(url)
            wanted = unquote(parts.path)
            path = self._path(self._files[index].path.parent, wanted)
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
        there = self._there(path, index, wanted)
        if there is None:
            raise _LeadsNowhereError(
                f'the link to "{self._named(path, parts.path)}" leads to no chapter of this book',
                "Link to a chapter's .md file, or to an address on the web",
            )
        return f"#{self._inner(index, there, anchor(parts.fragment), url)}"

    def _path(self, folder: Path, wanted: str) -> Path:
        """The file that an address in a folder names."""
        if not wanted:  # itself: most links are to a place in their own file
            return folder
        if (folder, wanted) not in self._paths:
            self._paths[folder, wanted] = (folder / wanted).resolve()
        return self._paths[folder, wanted]

    def _named(self, path: Path, written: str) -> str:
        """The file that a link means, from the book's folder, so that links to one file are told together."""
        there = path.relative_to(self._root).as_posix() if path.is_relative_to(self._root) else unquote(written)
        return there[-80:]

    def _there(self, path: Path, index: int, wanted: str) -> int | None:
        """The file that a path means, as the tools that people write for would find it."""
        if not wanted:
            return index
        if not path.name:  # of the machine, or of the site: / is where a book begins
            return 0 if wanted.startswith("/") else None
        bare = path.with_suffix("") if path.suffix.lower() in (".html", ".htm", ".md", ".markdown") else path
        names = [path, *(bare.with_name(bare.name + suffix) for suffix in (".md", ".markdown"))]
        names += [bare / f"{name}.md" for name in ("index", "README", "readme", "_index")]
        if bare.name.lower() == "index":
            names.append(bare.with_name("README.md"))
            names += [bare.parent.with_suffix(".md")] if bare.parent.name else []
        if wanted.startswith("/"):
            roots = [self._root / one.relative_to(one.anchor) for one in names]
            names += roots
            below = [one.relative_to(one.anchor) for one in names[: len(names) // 2]]
            names += [file.path for file in self._files for one in below if str(file.path).endswith(f"/{one}")]
        found = next((self._by_path[one] for one in names if one in self._by_path), None)
        if found is None and _HOME.fullmatch(wanted):
            return 0
        if found is None and "/" not in wanted:  # a wiki's link names a note wherever it lies
            stem = wanted.removesuffix(".md").lower()
            found = next((at for at, file in enumerate(self._files) if file.path.stem.lower() == stem), None)
        if (
            found is None and "/" in wanted and not wanted.startswith(".")
        ):  # from the folder of the vault, or of the site
            ends = tuple(f"/{wanted.lstrip('/')}{suffix}" for suffix in ("", ".md"))
            found = next((at for at, file in enumerate(self._files) if file.path.as_posix().endswith(ends)), None)
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
