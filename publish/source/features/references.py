"""References by name: `@fig:map` and `@fig-map` made links, the names made ids of what they stand on.

The spelling is that of pandoc-crossref (`{#fig:map}`, `$$…$$ {#eq:x}`, `{#lst:x caption="…"}`) and of Quarto
(`{#fig-map}`, `lst-cap="…"`, a division around a figure). What a reference says is known when an edition is numbered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from publish.cache import digest
from publish.errors import Place
from publish.findings import Finding
from publish.source.document import (
    CONTAINERS,
    Attr,
    Block,
    Inline,
    attr,
    children,
    is_wide,
    key_values,
    rewrite,
    string,
    with_attr,
    with_children,
)
from publish.source.features import latex
from publish.source.features.captions import SAID, with_captions
from publish.source.features.equations import with_names
from publish.source.features.latex import KINDS
from publish.source.features.rawfigures import pictured
from publish.source.features.theorems import MAY_STATE, NUMBERED, stated
from publish.source.phrase import phrase, words
from publish.source.places import line_of
from publish.source.sheets import Gists, Sheet, SourceFile

REFERENCE, BARE, PAGE = "xref", "bare", "page"  # classes of a link: a reference, without its word, to a page in print
SHOWN = "xref-text"  # the class of what it says, as an edition's own words
LISTING, CAPTION = "listing", "caption"
LISTS = {"list-of-figures": "fig", "list-of-tables": "tbl", "list-of-listings": "lst", "list-of-equations": "eq"}
_KIND = "|".join(KINDS)
_LABEL = re.compile(rf"^(?:{_KIND})[:-]\S")
_OF_FIGURE = re.compile(r"^(?:fig|tbl|eq|lst|sec)[:-]\S")
# A name may be followed by Han without a space: the longest known one that a text begins with is meant.
_ONE = rf"@(?i:{_KIND})[:-]\w[\w.:/-]*"
_SEPARATOR = r"\s*[;；]\s*"
_FOUND = re.compile(
    rf"\[(?P<inner>-?{_ONE}(?:{_SEPARATOR}-?{_ONE})*)\s*\]"
    rf"|(?<![A-Za-z0-9_.+%@/-])(?P<outer>{_ONE}(?:\s*;\s*{_ONE})*)"  # a full-width ； is the sentence's own
)
_EACH = re.compile(rf"(?P<minus>-?)@(?P<name>{_ONE[1:]})")
_MAY_HAVE = re.compile(rf"@(?:{_KIND})[:-]|ref[{{(]|\\label\{{", re.IGNORECASE)
_MAY_LABEL = re.compile(
    r"\{#eq[:-]|\\label\s*\{|\(\\?#(?:eq|fig|tab):|lst|list-of-"
    r"|^[ \t>]*:::+\s*\{[^}]*#(?:fig|tbl|lst)[:-]|\bid=[\"']?(?:fig|tbl|lst)[:-]",
    re.MULTILINE,
)
# The words that authors set before a reference themselves, in every region; and behind it.
_BEFORE = {
    "fig": ("图", "圖", "Fig.", "Figure"),
    "tbl": ("表", "表格", "Table"),
    "eq": ("式", "公式", "等式", "方程", "Eq."),
    "lst": ("代码", "代碼", "程式碼", "清单", "清單", "列表", "程序", "程式"),
    "sec": ("第",),
    "thm": ("定理",),
    "lem": ("引理",),
    "cor": ("推论", "推論"),
    "prp": ("命题", "命題"),
    "cnj": ("猜想",),
    "def": ("定义", "定義"),
    "exm": ("例", "例题", "例題"),
    "exr": ("练习", "練習", "习题", "習題", "题", "題"),
    "hyp": ("假设", "假設"),
    "alg": ("算法", "演算法"),
    "sol": ("解", "解答"),
    "rem": ("注", "註", "备注", "備註"),
}
_BEHIND = {"eq": ("式",), "sec": ("节", "節", "章", "小节", "小節")}


@dataclass(frozen=True)
class _Names:
    """The names that a book gives to what may be referred to, by its kind and a colon or hyphen."""

    all: frozenset[str]

    @cached_property
    def digest(self) -> str:
        """The hash of all."""
        return digest(sorted(self.all))

    def meant(self, text: str) -> str:
        """The longest name that a text begins with; empty for none."""
        return next((text[:end] for end in range(len(text), 0, -1) if text[:end] in self.all), "")

    def uses(self, text: str) -> bool:
        """Whether a book's names are spelt so: with a colon mostly, else where it has one of the kind."""
        kind = re.match(r"(\w+)[:-]", text)
        if kind is None:
            return False
        sure = kind[0].endswith(":") and kind[1] not in NUMBERED
        return sure or any(name.startswith(kind[0]) for name in self.all)


def refer(sheets: Sequence[Sheet], gists: Gists) -> tuple[list[Sheet], bool, list[Finding]]:
    """The files with names on what they name and references made links, whether there are any, and those to nothing."""
    may = [_may(sheet, gists) for sheet in sheets]
    having = [refers for refers, _, _ in may]
    asked = any(having)
    labelled, known = list[Sheet](), set[str]()
    for sheet, (_, labels, _) in zip(sheets, may, strict=True):
        one, found = _labelled(sheet, gists, labelling=labels, asked=asked)
        labelled.append(one)
        known.update(found)
    if not asked:
        return labelled, any(lists for _, _, lists in may), []
    names = _Names(frozenset(known))
    findings = list[Finding]()
    for number, wanted in enumerate(having):
        if wanted:
            labelled[number], missing = _referring(labelled[number], names, gists)
            findings += missing
    return labelled, True, _once(findings)


def _may(sheet: Sheet, gists: Gists) -> list[bool]:
    """Whether a file may have references, names for what they lead to, and lists of these."""
    key = gists.key(sheet, "refers")
    known: list[bool] | None = gists.known(key)
    if known is not None:
        return known
    text = "\n".join(sheet.file.lines)
    found = [bool(_MAY_HAVE.search(text)), bool(_MAY_LABEL.search(text) or MAY_STATE.search(text)), "list-of-" in text]
    gists.keep(key, found)
    return found


def _once(findings: Sequence[Finding]) -> list[Finding]:
    """The findings, of what was not read the first alone, which says how often there is more."""
    unread = [one for one in findings if one.code == _UNREAD]
    if len(unread) > 1:
        first, times = unread[0], f" ({len(unread)} of the kind, first here)"
        unread = [replace(first, problem=f"{first.problem}{times}")]
    return [*(one for one in findings if one.code != _UNREAD), *unread]


# --- what is named ----------------------------------------------------------------------------------------------------


def _labelled(sheet: Sheet, gists: Gists, *, labelling: bool, asked: bool) -> tuple[Sheet, list[str]]:
    """A file with the names of formulas, code and divisions around a figure on what they name; and all its names.

    None are looked for where nothing is `asked` for.
    """
    if not labelling and not asked:
        return sheet, []

    def make(file: SourceFile) -> tuple[SourceFile, list[str]]:
        blocks = file.blocks
        if labelling:
            captioned = with_captions(blocks) if any("{#lst" in line for line in file.lines) else blocks
            blocks = rewrite(captioned, _block, lambda inlines, _line: with_names(inlines))
        return replace(file, blocks=blocks), list(_labels(blocks)) if asked else []

    return gists.passed(sheet, "labelled", [labelling, asked], make)


def _block(one: Block) -> list[Block] | None:
    if one["t"] == "CodeBlock":
        return _listing(one)
    if one["t"] == "Div" and _OF_FIGURE.match(one["c"][0][0]):
        return _division(one)
    figure = pictured(one)
    made = stated(one) or latex.displayed(one) or latex.named(figure or one) or figure
    return [made] if made else None


def _listing(one: Block) -> list[Block] | None:
    """Code with a caption, or a name, made a listing that has both."""
    (identifier, classes, pairs), code = one["c"]
    keys = key_values(one["c"][0])
    words = keys.get("caption") or keys.get("lst-cap") or ""
    typed = one.get(SAID, [])
    named = identifier.startswith(("lst:", "lst-"))
    if not words and not named:
        return None
    one = {key: value for key, value in one.items() if key != SAID}
    left = [pair for pair in pairs if pair[0] not in ("caption", "lst-cap", "title")]
    words = words or (keys.get("title", "") if named else "")
    title = [] if words == keys.get("title") else [pair for pair in pairs if pair[0] == "title"]
    inner = {**one, "c": [["" if named else identifier, classes, [*left, *title]], code]}
    said = {
        "t": "Plain",
        "c": typed or phrase(words),
        "mark": False,
        "line": max(one.get("line", 0) - 1, 0),
    }  # the fence's
    caption = {"t": "Div", "c": [["", [CAPTION], []], [said]]}
    blocks = [caption, inner] if words or typed else [inner]
    return [{**one, "t": "Div", "c": [[identifier if named else "", [LISTING], []], blocks]}]


def _division(one: Block) -> list[Block] | None:
    """Quarto's division around a figure or table: the name goes to what is inside, with the caption below.

    Around anything else, code that draws something for example, the whole is a figure.
    """
    (name, classes, pairs), blocks = one["c"]
    wanted = {"fig": "Figure", "tbl": "Table"}.get(name[:3])
    at = [number for number, inner in enumerate(blocks) if inner["t"] == wanted]
    if wanted and not at and len(blocks) > 1 and blocks[-1]["t"] == "Para":
        caption = [None, [{**blocks[-1], "t": "Plain"}]]
        return [{**one, "t": "Figure", "c": [[name, classes, pairs], caption, blocks[:-1]]}]
    if len(at) != 1 or (attr(blocks[at[0]]) or [""])[0]:
        return None
    inner = with_attr(blocks[at[0]], [name, *(attr(blocks[at[0]]) or ["", [], []])[1:]])
    rest = [*blocks[: at[0]], inner, *blocks[at[0] + 1 :]]
    last = rest[-1]
    if not inner["c"][1][1] and last["t"] == "Para" and last is not inner:
        inner = {**inner, "c": [inner["c"][0], [None, [{**last, "t": "Plain"}]], *_said_of(inner, last["c"])]}
        rest = [inner if block["t"] == wanted else block for block in rest[:-1]]
    return [{**one, "c": [["", classes, pairs], rest]}] if classes or pairs else rest


def _said_of(figure: Block, caption: list[Inline]) -> list[Any]:
    """The content of a figure or table, a picture without words for those who hear having the caption."""
    if figure["t"] != "Figure":
        return list(figure["c"][2:])

    def unit(inlines: list[Inline], _line: int) -> list[Inline]:
        return [
            {**one, "c": [one["c"][0], caption, one["c"][2]]} if one["t"] == "Image" and not one["c"][1] else one
            for one in inlines
        ]

    return [rewrite(figure["c"][2], None, unit)]


def _labels(blocks: list[Block]) -> Iterator[str]:
    """The names in a text that something may refer to."""
    found: list[str] = []

    def note(attributes: Attr | None) -> None:
        if attributes and _LABEL.match(attributes[0]):
            found.append(attributes[0])

    def block(one: Block) -> None:
        note(attr(one))
        if one["t"] == "Header":
            found.append(f"#{one['c'][1][0]}")

    def unit(inlines: list[Inline], _line: int) -> list[Inline]:
        for one in inlines:
            if one["t"] in CONTAINERS:
                note(attr(one))
                unit(children(one), 0)
        return inlines

    rewrite(blocks, block, unit)
    yield from found


# --- what refers ------------------------------------------------------------------------------------------------------


def _referring(sheet: Sheet, names: _Names, gists: Gists) -> tuple[Sheet, list[Finding]]:
    """A file with its references made links, and those to nothing."""

    def make(file: SourceFile) -> tuple[SourceFile, list[Any]]:
        found: list[Any] = []

        def unit(inlines: list[Inline], line: int) -> list[Inline]:
            def broken(name: str) -> None:
                found.append(_broken(file, name, line).as_dict())

            def unread(command: str) -> None:
                found.append(_unread(file, command, line).as_dict())

            return _Unit(names, broken, unread).read(inlines)

        return replace(file, blocks=rewrite(file.blocks, None, unit)), found

    one, told = gists.passed(sheet, "referring", names.digest, make)
    return one, [Finding.from_dict(finding) for finding in told]


def _broken(file: SourceFile, name: str, line: int) -> Finding:
    place = Place(file.name, line_of(f"@{name}", list(file.lines), line))
    problem, remedy = f"@{name} refers to nothing in this book", f"Check its spelling, or name its target {{#{name}}}"
    return Finding("xref-broken", "error", place, problem, remedy)


_UNREAD = "xref-unread"


def _unread(file: SourceFile, command: str, line: int) -> Finding:
    place = Place(file.name, line_of(command, list(file.lines), line))
    problem = f"{command} leads to nothing in this book and appears as it was typed"
    return Finding(_UNREAD, "warning", place, problem, "Correct its name, or take it out")


@dataclass(frozen=True)
class _Unit:
    """What reads the references in one run of text."""

    names: _Names
    broken: Callable[[str], None]
    unread: Callable[[str], None]

    def read(self, inlines: list[Inline]) -> list[Inline]:
        out: list[Inline] = []
        text = ""
        for one in [*inlines, None]:
            if one is not None and one["t"] in ("Str", "Space", "SoftBreak"):
                text += one["c"] if one["t"] == "Str" else " "
                continue
            said = latex.typed(one) if one is not None else ""
            if said and any(latex.references(said, self.names.all)):
                text += said
                continue
            if said:
                self.unread(latex.shown(one or {}))
            out += self._text(text)
            text = ""
            if one is not None and (part := _part_behind(one, self.names)):
                text = part  # @fig:map and its part, in brackets that Markdown takes for a link's
            elif one is not None:
                out += self._container(one) if one["t"] in CONTAINERS else [one]
        return out

    def _container(self, one: Inline) -> list[Inline]:
        if one["t"] == "Link":
            return [one]
        inner = self.read(children(one))
        if one["t"] == "Span" and PAGE in one["c"][0][1] and len(inner) == 1 and _is_reference(inner[0]):
            (_, classes, pairs), *rest = inner[0]["c"]
            return [{**inner[0], "c": [["", [*classes, PAGE], pairs], *rest]}]
        return [with_children(one, inner)]

    def _text(self, text: str) -> list[Inline]:
        """The inlines of a text, with its references as links, LaTeX's too."""
        if "{" not in text:
            return self._own(text)
        out: list[Inline] = []
        at = 0
        for one in latex.references(text, self.names.all):
            out += [*self._own(self._noted(text[at : one.start])), *_linked(one)]
            at = one.stop
        return out + self._own(self._noted(text[at:]))

    def _noted(self, text: str) -> str:
        """A text, with what is left of LaTeX in it told."""
        for command in latex.left(text):
            self.unread(command)
        return text

    def _own(self, text: str) -> list[Inline]:
        out: list[Inline] = []
        at = 0
        while "@" in text and (match := _FOUND.search(text, at)):
            links, end = self._links(match, text)
            at = match.end()
            if links:
                out += [*words(_before(text[: match.start()], links[0])), *links]
                text, at = _behind(text[end:], links[-1]), 0
        return out + words(text)

    def _links(self, match: re.Match[str], text: str) -> tuple[list[Inline], int]:
        """The links of one match, and where the text goes on; none for what is no reference."""
        inside = match["inner"] is not None
        start = match.start("inner" if inside else "outer")
        out: list[Inline] = []
        end, before = start, ""
        for one in _EACH.finditer(match["inner"] or match["outer"]):
            written = one["name"][0].lower() + one["name"][1:]
            name = self.names.meant(written)
            if not name:
                self._miss(written, bracketed=inside)
                return [], end
            kind = re.split("[:-]", name)[0]
            end = start + one.start("name") + len(name)
            rest = text[match.end() if inside else end :]
            said = not out and _said(text[: match.start()], rest, kind)
            bare = bool(one["minus"]) or said or (kind == before and kind != "sec")
            out += [string("、"), _link(name, bare=bare)] if out else [_link(name, bare=bare)]
            before = kind
        return out, match.end() if inside else end

    def _miss(self, written: str, *, bracketed: bool) -> None:
        name = re.match(r"[\x21-\x7e]+", written)
        shown = (name[0] if name else written).rstrip(".:")
        if self.names.uses(written):
            self.broken(shown)
        elif bracketed:  # surely a reference, though nothing in the book has a name of the kind
            self.unread(f"[@{shown}]")


_WHOLE = re.compile(rf"-?{_ONE}(?:{_SEPARATOR}-?{_ONE})*")
_PART = re.compile(r"[A-Za-z]|\d{1,2}|[ivx]{1,4}")


def _part_behind(one: Inline, names: _Names) -> str:
    """A reference that Markdown takes for a link, as text; nothing for all else.

    `[@fig:map](a)` has its part behind it, `[@fig:map](#map)` the address that another tool has given it.
    """
    target = one["c"][2][0] if one["t"] == "Link" else ""
    if not target.startswith("#") and not _PART.fullmatch(target):
        return ""
    words = "".join(part["c"] if part["t"] == "Str" else " " for part in one["c"][1] if part["t"] in ("Str", "Space"))
    if not _WHOLE.fullmatch(words):
        return ""
    if target.startswith("#"):
        return f"[{words}]" if all(names.meant(each["name"]) for each in _EACH.finditer(words)) else ""
    return f"[{words}]({target})"


def _said(before: str, behind: str, kind: str) -> bool:
    """Whether the author has set the word of a reference already: 如图 @fig:map, 第 @sec:map 节."""
    own = before.rstrip()
    return own.endswith(_BEFORE[kind]) or behind.lstrip().startswith(_BEHIND.get(kind, ("\0",)))


def _link(name: str, *, bare: bool) -> Inline:
    """A reference: what it says is put in the place of its name when it is known."""
    shown = {"t": "Span", "c": [["", [SHOWN], []], [string(f"@{name}")]]}
    return {"t": "Link", "c": [["", [REFERENCE, *([BARE] if bare else [])], []], [shown], [f"#{name}", ""]]}


def _linked(said: latex.Said) -> list[Inline]:
    """The links of a reference of LaTeX's; of several of one kind the first says the word."""
    out: list[Inline] = [string(said.gap)] if said.gap else []
    before = ""
    for name in said.names:
        kind = re.split("[:-]", name)[0]
        out += [string("、")] if before else []
        out.append(_link(name.removeprefix("#"), bare=said.bare or kind == before))
        before = kind
    return out


def _is_reference(one: Inline) -> bool:
    return bool(one["t"] == "Link" and REFERENCE in one["c"][0][1])


def _before(text: str, link: Inline) -> str:
    """The text before a reference, without a space that would stand between two Han: 见 @fig:map is 见图 3-1."""
    bare = BARE in link["c"][0][1]
    return text[:-1] if not bare and text[-1:] == " " and text[-2:-1] and is_wide(text[-2]) else text


def _behind(text: str, link: Inline) -> str:
    """The text behind a reference, without such a space: @sec:map 说 is 第三章说."""
    ends_with_han = BARE not in link["c"][0][1] and link["c"][2][0].startswith("#sec")
    return text[1:] if ends_with_han and text[:1] == " " and text[1:2] and is_wide(text[1]) else text
