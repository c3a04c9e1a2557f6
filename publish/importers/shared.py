"""What importers of documents share: chapters cut, named and written, and the account of every letter."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from publish.errors import Place, PublishError
from publish.importers.marks import RIGHT
from publish.importers.protocol import ImportedChapter
from publish.importers.report import Ledger
from publish.source import pandoc
from publish.source.document import Block, Inline, string, text
from publish.source.slugs import slugify

NUMERALS = "0-9０-９零〇一二三四五六七八九十百千万两兩廿卅卌"
# The headings of a part and of a chapter, where only the words show it: 第二卷 风起, 第十二章, 楔子.
PART = re.compile(
    rf"(?:正文\s*)?(?:第\s*[{NUMERALS}]{{1,9}}\s*[卷部集篇编編辑輯册冊]|[卷部篇]\s*[{NUMERALS}]{{1,6}}(?=[\s：:、．.]|$)|[上中下][卷部篇册冊](?=[\s：:、]|$))"
)
CHAPTER = re.compile(
    rf"(?:正文\s*)?(?:[【\[（(][^】\]）)]{{1,12}}[】\]）)]\s*)?(?:第\s*[{NUMERALS}]{{1,9}}\s*[章回折幕话話]|Chapter\s+[0-9IVXLC]+\b|CHAPTER\s+[0-9IVXLC]+\b)"
)
SECTION = re.compile(rf"第\s*[{NUMERALS}]{{1,9}}\s*[节節]")
ALONE = re.compile(
    r"(?:[自总總代原译譯]?序(?:[言章幕一二三])?|再版序|[前弁引]言|引子|楔子|凡例|尾[声聲]|[后後][记記]|跋|[终終]章|大[结結]局|(?:完本|上架|完[结結])感言|[结結][语語]|[题題][记記]|附[录錄][一二三四五0-9A-Z]?|"
    r"作者[简簡]介|[内內]容[简簡]介|(?:番外|外[传傳])(?:[篇之]?[一二三四五六七八九十0-9]*)?)(?=[\s：:、（(·—-]|$)"
)
LONGEST_TITLE = 40
FEW_LEFT_OUT, FEW_OF_ALL = 8, 0.001  # letters that may be reported one by one; more stop an import
COUNTERS = "部篇集册冊"  # 第二部手机 counts phones; these are headings only with a space or a mark after them
_NO_TITLE_END = re.compile(r"[。，,；;]$")
IMAGE_KINDS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")


# What the letters of a text would be read as: a character that HTML names, &deg;, and an emoji, cmax:-1:cmin.
_READ_AS_SIGN = re.compile(r"&(?=#?\w+;)|:(?=(?:[+-]1|100|1234|8ball|[a-z][a-z0-9_+-]*):)")
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_NUMBERED = re.compile(
    r"(?P<number>\d{1,2}(?:[.．]\d{1,2}){0,3})(?P<end>[.．、]?)[ \t\u00a0\u3000]*(?P<title>[^\W\d].*)$"
)
FEWEST_NUMBERED = 3  # headings such as 1.2: fewer prove nothing


def heading_level(line: str) -> int | None:
    """The level of a line as a heading: 0 a part, 1 a chapter, 2 a section; None if it is not one."""
    words = line.translate(_UNSEEN).strip()
    if not words or len(words) > LONGEST_TITLE or _NO_TITLE_END.search(words):
        return None
    for level, shape in ((0, PART), (1, CHAPTER), (2, SECTION), (1, ALONE)):
        if match := shape.match(words):
            after = words[match.end() :]
            glued = words[match.end() - 1] in COUNTERS and after[:1].strip("：:、．.·—-《（(【")
            return level if shape is ALONE or (_heads(after) and not glued) else None
    return None


def _heads(after: str) -> bool:
    """Whether what follows 第三章 is a title and not a sentence about it (第三章里说得明白)."""
    if not after or after[0] in " \t\u3000：:、．.·—-《（(【":
        return True
    return (
        len(after) <= LONGEST_TITLE // 2
        and not re.match(r"[里裡中的讲講说說是和与與及也就就在将將以]", after)
        and not re.search(r"[。！？；，]", after)
    )  # characters of a title


# Nothing lost ------------------------------------------------------------------------------------------------------


def letters(words: str) -> Counter[str]:
    """How often each letter, digit and Han occurs; compatibility forms count as what they stand for."""
    return Counter(char for char in unicodedata.normalize("NFKC", words) if char.isalnum())


def tree_text(tree: Any) -> str:
    """All text of a tree: words, code, formulas, notes, alternative texts, in order."""
    return "".join(_pieces(tree))


def _pieces(tree: Any) -> Iterator[str]:
    if isinstance(tree, list):
        for one in tree:
            yield from _pieces(one)
    elif isinstance(tree, dict):
        node: Any = tree
        kind, content = node.get("t"), node.get("c")
        if kind == "Str":
            yield content
        elif kind in ("Code", "CodeBlock", "Math"):
            yield content[1]
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            yield " "
        elif kind in ("RawInline", "RawBlock"):
            yield re.sub(r"<[^>]*>", "", content[1])
        elif kind == "Image":
            yield from _pieces(content[1])
            yield " ".join(value for key, value in content[0][2] if key == "alt")
        elif kind == "Link":
            yield from _pieces(content[1])
        elif kind == "Figure":
            caption, inner = tree_text(content[1][1]), tree_text(content[2])
            yield caption
            yield inner if _in_order(inner) != _in_order(caption) else ""
        elif isinstance(content, list):
            yield from _pieces(content)


_DEFINITION = re.compile(r"^\[\^(\w+)\]:.*\n(?:(?:[ \t]+.*)?\n)*", re.MULTILINE)


def _escaped(node: Any) -> Any:
    """A word that spells what would be read as a sign, `&deg;`, `:+1:`, with its mark as Markdown has to write it."""
    if node.get("t") != "Str" or not _READ_AS_SIGN.search(node["c"]):
        return node
    parts = re.split(f"({_READ_AS_SIGN.pattern})", node["c"])
    return [
        {"t": "RawInline", "c": ["markdown", f"\\{part}"]} if at % 2 else string(part)
        for at, part in enumerate(parts)
        if part
    ]


def written(chapters: Sequence[list[Block]], name: str) -> list[str]:
    """The Markdown of each chapter, held against its tree.

    pandoc writes the notes of a figure's caption twice but calls only one of each.
    """
    texts = []
    for text_ in pandoc.write_markdown([mapped(one, _escaped) for one in chapters]):
        calls = set(re.findall(r"(?:(?<=[^\n])\[\^|\[\^(?=\w+\][^:]))(\w+)\]", text_ + "\n"))
        texts.append(_DEFINITION.sub(lambda one, calls=calls: one[0] if one[1] in calls else "", text_ + "\n"))  # type: ignore[misc]  # mypy knows no default of a lambda
    require_written(chapters, texts, name)
    return texts


def require_written(chapters: Sequence[list[Block]], texts: Sequence[str], name: str) -> None:
    """Raise `PublishError` unless each Markdown text is read as the letters that were to be written, in order."""
    read, _ = pandoc.read([(f"{name} ({number})", one) for number, one in enumerate(texts, 1)])
    for blocks, found in zip(chapters, read, strict=True):
        wanted, got = _in_order(tree_text(blocks)), _in_order(tree_text(found))
        if wanted != got:
            at = next(
                (i for i, (a, b) in enumerate(zip(wanted, got, strict=False)) if a != b), min(len(wanted), len(got))
            )
            raise PublishError(
                f'"{wanted[at : at + 20]}" was to be written, but "{got[at : at + 20]}" is read',
                "This is a bug in the importer: please report it with the file, which is unchanged",
                Place(name),
            )


def _in_order(words: str) -> str:
    return "".join(char for char in words if char.isalnum())


def account(original: str, kept: str, ledger: Ledger, name: str, paragraphs: Sequence[str] = ()) -> None:
    """Note each paragraph of the original whose letters are not in what was kept; raise for letters of no paragraph.

    `kept` is everything that was read, and what the ledger lists as left out.
    """
    lost = letters(original) - letters(kept)
    if not lost:
        ledger.count("letters", sum(letters(kept).values()))
        return
    squeezed = _in_order(unicodedata.normalize("NFKC", kept))
    for paragraph in dict.fromkeys(paragraphs):
        words = _in_order(unicodedata.normalize("NFKC", paragraph))
        if words and words not in squeezed and letters(words) & lost:
            ledger.decide(
                "text-left-out",
                0,
                paragraph,
                "not in the book",
                "it is placed where it cannot be read in order",
                kind="unread",
            )
            lost -= letters(words)
    few = max(FEW_LEFT_OUT, FEW_OF_ALL * sum(letters(original).values()))
    if 0 < sum(lost.values()) <= few:
        some = "".join(list(lost.elements()))
        ledger.decide(
            "text-left-out", 0, some, "not in the book", "single characters that cannot be read", kind="unread"
        )
    elif lost:
        some = "".join(list(lost.elements())[:20])
        raise PublishError(
            f'{sum(lost.values())} characters of the text would be lost, among them "{some}"',
            "This is a bug in the importer: please report it with the file, which is unchanged",
            Place(name),
        )
    ledger.count("letters", sum(letters(kept).values()))


# Chapters ------------------------------------------------------------------------------------------------------------


def mapped(tree: Any, change: Callable[[Any], Any]) -> Any:
    """A tree with each node, from the leaves up, replaced by what `change` returns: a node or a list."""
    if isinstance(tree, list):
        out: list[Any] = []
        for one in tree:
            new = mapped(one, change)
            if isinstance(one, dict) and isinstance(new, list):
                out += new
            else:
                out.append(new)
        return out
    if not isinstance(tree, dict):
        return tree
    node: Any = tree
    return change({**node, "c": mapped(node["c"], change)} if "c" in node else node)


def levelled(blocks: list[Block], title: str, ledger: Ledger) -> tuple[list[Block], str]:
    """The blocks with headings that begin at level 1, and the book's title where the first heading is it."""
    heads = [one for one in blocks if one["t"] == "Header"]
    top = min((one["c"][0] for one in heads), default=0)
    firsts = [one for one in heads if one["c"][0] == top]
    lower = [one for one in heads if one["c"][0] > top]
    if len(firsts) == 1 and len(lower) > 1 and blocks[0] is firsts[0]:
        words = text(firsts[0]["c"][2]).strip()
        if not title or title == words:
            ledger.decide("heading-shifted", 0, words, "the book's title", "the one heading above all others")
            return levelled(blocks[1:], words, ledger)
    if top > 1:
        ledger.decide("heading-shifted", 0, "#" * top, "#", "no heading of level 1: all are lifted")
    return [
        {**one, "c": [max(1, one["c"][0] - top + 1), *one["c"][1:]]} if one["t"] == "Header" else one for one in blocks
    ], title


def promoted(blocks: list[Block], ledger: Ledger) -> list[Block]:
    """Paragraphs that read as headings (第三章 …) made headings, in a document that has none."""
    if any(one["t"] == "Header" for one in blocks):
        return blocks
    levels = {
        index: level
        for index, one in enumerate(blocks)
        if one["t"] in ("Para", "Plain") and (level := heading_level(text(one["c"]))) is not None
    }
    numbered = _numbered(blocks)
    under = max((level for level in levels.values() if level < 2), default=0) + 1 if levels else 1  # noqa: PLR2004  # 2: a section
    levels = {index: under + depth for index, depth in numbered.items()} | levels
    if len(levels) < 2:  # noqa: PLR2004  # one proves nothing
        return blocks
    lowest = min(levels.values())
    out: list[Block] = []
    for index, one in enumerate(blocks):
        if index in levels:
            words = text(one["c"]).strip()
            ledger.decide("heading-found", 0, words, "a heading", "the document has no headings, and this reads as one")
            out.append({"t": "Header", "c": [levels[index] - lowest + 1, ["", [], []], one["c"]]})
        else:
            out.append(one)
    return out


def _numbered(blocks: Sequence[Block]) -> dict[int, int]:
    """Which paragraphs are headings by numbers that follow on (1, 1.1, 1.2, 1.2.1), and how deep, from 0."""
    found: dict[int, tuple[int, ...]] = {}
    for index, one in enumerate(blocks):
        words = text(one["c"]).translate(_UNSEEN).strip() if one["t"] in ("Para", "Plain") else ""
        match = _NUMBERED.match(words) if len(words) <= LONGEST_TITLE and not _NO_TITLE_END.search(words) else None
        if match:
            found[index] = tuple(int(part) for part in re.split("[.．]", match["number"]))
    there = set(found.values())
    deep = {
        index: number
        for index, number in found.items()
        if len(number) > 1 and (number[-1] < 2 or (*number[:-1], number[-1] - 1) in there)  # noqa: PLR2004  # first ones
    }
    if len(deep) < FEWEST_NUMBERED:
        return {}
    parents = {number[:1] for number in deep.values()}
    ordered = sorted(found)
    tops = {
        index: found[index]
        for index in ordered
        if found[index] in parents and _leads(found[index], [found[one] for one in ordered if one > index])
    }
    shallowest = min(len(number) for number in (*deep.values(), *tops.values()))
    return {index: len(number) - shallowest for index, number in (deep | tops).items()}


def _leads(number: tuple[int, ...], after: Sequence[tuple[int, ...]]) -> bool:
    """Whether the next number with several parts after a plain one is under it: 2, then 2.1."""
    following = next((one for one in after if len(one) > 1 or one == number), None)
    return following is not None and len(following) > 1 and following[0] == number[0]


def cut(blocks: list[Block]) -> list[list[Block]]:
    """The blocks cut before each heading of level 1."""
    pieces: list[list[Block]] = [[]]
    for one in blocks:
        if one["t"] == "Header" and one["c"][0] == 1:
            pieces.append([])
        pieces[-1].append(one)
    return [piece for piece in pieces if piece]


def title_of(blocks: Sequence[Block]) -> str:
    """What the first heading of level 1 says; empty where a chapter has none."""
    return text(blocks[0]["c"][2]).strip() if blocks and blocks[0]["t"] == "Header" else ""


class Names:
    """Names of files, each once: `01-序.md` as `01-xu.md`."""

    def __init__(self, count: int) -> None:
        self._width = max(2, len(str(count)))
        self._number = 0

    def next(self, title: str) -> str:
        """The name of the next chapter's file."""
        self._number += 1
        slug = slugify(title)[:32].strip("-_.") if title else ""
        return f"{self._number:0{self._width}d}{f'-{slug}' if slug else ''}.md"


def as_chapters(pieces: Sequence[list[Block]], slug: str, name: str, ledger: Ledger) -> tuple[ImportedChapter, ...]:
    """The chapters' Markdown, held against their trees, with names of their own; the only one is named by the slug."""
    texts = written(pieces, name)
    names = Names(len(pieces))
    chapters = []
    for piece, markdown in zip(pieces, texts, strict=True):
        path = names.next(title_of(piece)) if len(pieces) > 1 else f"{slug}.md"
        chapters.append(ImportedChapter(path, markdown.rstrip("\n") + "\n", title_of(piece)))
    ledger.count("chapters", len(chapters))
    return tuple(chapters)


def count_kinds(tree: Any, ledger: Ledger) -> None:
    """Count what is in a tree: headings, notes, tables, pictures, links, formulas, code."""
    names = {"Header": "headings", "Note": "notes", "Table": "tables", "Image": "images", "Link": "links"}
    names |= {"Math": "formulas", "CodeBlock": "listings"}
    if isinstance(tree, list):
        for one in tree:
            count_kinds(one, ledger)
    elif isinstance(tree, dict):
        node: Mapping[str, Any] = tree
        if node.get("t") in names:
            ledger.count(names[node["t"]])
        count_kinds(node.get("c"), ledger)


def _unemphasized(inlines: list[Inline]) -> list[Inline]:
    """A heading's text without the bold that all of it has: a heading's weight is the theme's."""
    words = [one for one in inlines if one["t"] not in ("Space", "SoftBreak", "LineBreak", "Math", "Note")]
    if not words or any(one["t"] != "Strong" for one in words):
        return inlines
    return [part for one in inlines for part in (one["c"] if one["t"] == "Strong" else [one])]


def tidied(tree: Any, links: Any = None) -> Any:
    """A tree without what only its tool needed: unused anchors, empty spans and divisions, styles' names.

    `links` is a larger tree, whose links count too.
    """
    whole = tree if links is None else links
    targets = set(_targets(whole))
    machine = Counter(_languages(whole))["zh"] >= MANY_LANGUAGES

    def change(node: Any) -> Any:
        kind, content = node.get("t"), node.get("c")
        if kind in ("Para", "Plain") and content:  # a line that breaks at a paragraph's end breaks nothing
            there = [at for at, one in enumerate(content) if one["t"] not in _BLANK]
            return {**node, "c": content[there[0] : there[-1] + 1]} if there else []
        if kind in ("Superscript", "Subscript") and not re.fullmatch(r"[0-9A-Za-z+\-=()]{1,6}", text(content)):
            tag = "sup" if kind == "Superscript" else "sub"
            return [_raw(f"<{tag}>"), *content, _raw(f"</{tag}>")]
        if kind == "Underline":
            return [_raw("<u>"), *content, _raw("</u>")]
        if kind == "SmallCaps":
            return content
        if kind == "Header":
            identifier = _linked(content[1][0], targets)
            kept = [one for one in content[1][1] if one == "unnumbered"]
            return {**node, "c": [content[0], [identifier, kept, []], _unemphasized(content[2])]}
        if kind == "Link":
            inner = mapped(content[1], lambda one: one["c"][1] if one.get("t") == "Link" else one)
            url = content[2][0]
            target = [f"#{_sound(unquote(url[1:]))}" if url.startswith("#") else url, content[2][1]]
            return {**node, "c": [[_linked(content[0][0], targets), [], []], inner, target]}
        if kind in ("Image", "Table", "Figure"):
            alts = [pair for pair in content[0][2] if pair[0] == "alt"]
            return {**node, "c": [[_linked(content[0][0], targets), [], alts], *content[1:]]}
        if kind == "CodeBlock":
            return {**node, "c": [["", _language(content[0][1]), []], content[1]]}
        if kind == "Code":
            return {**node, "c": [["", [], []], content[1]]}
        if kind not in ("Span", "Div"):
            return node
        (identifier, classes, pairs), inner = content
        identifier = _linked(identifier, targets)
        if kind == "Span" and {"mark", "underline"} & set(classes):
            tag = "mark" if "mark" in classes else "u"
            return [_raw(f"<{tag}>"), *inner, _raw(f"</{tag}>")]
        said = [[key, value] for key, value in pairs if key == "lang" or (key, value) == ("dir", "rtl")]
        if machine:  # a word processor says it of every word
            said = [pair for pair in said if not re.match(r"(?:zh|en)\b", pair[1], re.IGNORECASE)]
        if kind == "Div" and RIGHT in classes and inner:
            return {**node, "c": [["", ["signature"], []], inner]}
        if not (identifier or said):
            return inner
        return {**node, "c": [[identifier, [], said], inner]}

    return _together(_captioned(mapped(tree, change)))


def _together(tree: Any) -> Any:
    """A tree in which what follows one another at the right is one division."""
    out: list[Any] = []
    for one in tree if isinstance(tree, list) else ():
        right = isinstance(one, dict) and one.get("t") == "Div" and one["c"][0] == ["", ["signature"], []]
        if right and out and isinstance(out[-1], dict) and out[-1].get("c", [None])[0] == one["c"][0]:
            out[-1] = {**one, "c": [one["c"][0], [*out[-1]["c"][1], *one["c"][1]]]}
        else:
            out.append(one)
    return out if isinstance(tree, list) else tree


_BLANK = ("LineBreak", "SoftBreak", "Space")


# How pages name a listing's language, and what else they say of one.
_LANGUAGE = re.compile(
    r"(?:^| )(?:language-|lang-|brush: ?|highlight-source-|code-snippet__(?!fix|nowrap))(?P<name>[\w+#.-]+)"
)
_LISTINGS = frozenset(
    "brush: code copyable highlight hljs line-numbers linenums prettyprint prettyprinted sourcecode".split()
)


def _language(classes: Sequence[str]) -> list[str]:
    """The language of a listing, if its classes name one."""
    if named := _LANGUAGE.search(" ".join(classes)):
        return [named["name"]]
    others = [one for one in classes if re.fullmatch(r"[\w+#.-]+", one) and one.lower() not in _LISTINGS]
    return others[:1]


MANY_LANGUAGES = 5  # spans that say that they are Chinese, in a Chinese text


def _languages(tree: Any) -> Iterator[str]:
    """The languages that spans of a tree name, without their regions."""
    if isinstance(tree, list):
        for one in tree:
            yield from _languages(one)
    elif isinstance(tree, dict):
        node: Any = tree
        if node.get("t") in ("Span", "Div"):
            yield from (value[:2].lower() for key, value in node["c"][0][2] if key == "lang")
        yield from _languages(node.get("c"))


def _linked(identifier: str, targets: set[str]) -> str:
    """An id that something links to, as our reader reads it; empty for others."""
    return _sound(identifier) if identifier in targets else ""


def _sound(identifier: str) -> str:
    return re.sub(r"[^\w.:-]+", "-", identifier)


def _captioned(tree: Any) -> Any:
    """A tree whose lone pictures show no alternative text as a caption, and whose figures have one caption."""

    def change(node: Any) -> Any:
        kind, content = node.get("t"), node.get("c")
        if kind in ("Para", "Plain") and len(content) == 1 and content[0]["t"] == "Image" and content[0]["c"][1]:
            return {**node, "c": [_with_alt(content[0], [])]}
        if kind == "Figure":
            caption = content[1][1]
            plain = len(caption) == 1 and caption[0]["t"] in ("Para", "Plain")
            inner = _captions(content[2], caption[0]["c"]) if plain else []
            return {**node, "c": [content[0], content[1], inner]} if inner else _unfolded(node)
        return node

    return mapped(tree, change)


def _unfolded(figure: Block) -> list[Block]:
    """What is in a figure, and its caption below it: Markdown has figures of single pictures only."""
    return [{**one, "t": "Para"} if one["t"] == "Plain" else one for one in (*figure["c"][2], *figure["c"][1][1])]


def _captions(blocks: list[Block], caption: list[Inline]) -> list[Block]:
    """The picture of a figure that is one picture, which may lead to itself; [] for other figures."""
    images = [one for block in blocks if block["t"] in ("Para", "Plain") for one in block["c"]]
    if len(images) == 1 and images[0]["t"] == "Link" and images[0]["c"][2][0].lower().endswith(IMAGE_KINDS):
        images = images[0]["c"][1]
    if len(blocks) != 1 or len(images) != 1 or images[0]["t"] != "Image":
        return []
    alt = " ".join(text(images[0]["c"][1]).split())
    image = _with_alt(images[0], []) if alt != " ".join(text(caption).split()) else _without_alt(images[0])
    return [{"t": "Plain", "c": [image]}]


def _without_alt(image: Inline) -> Inline:
    """The image without its own text, where its figure's caption, written between its brackets, says the same."""
    (identifier, classes, pairs), _, target = image["c"]
    return {**image, "c": [[identifier, classes, [pair for pair in pairs if pair[0] != "alt"]], [], target]}


def _with_alt(image: Inline, caption: list[Inline]) -> Inline:
    """The image with other text between its brackets; the old text is kept as `alt=` if it says more."""
    (identifier, classes, pairs), alt, target = image["c"]
    words = " ".join(text(alt).split())
    said = [pair for pair in pairs if pair[0] != "alt"]
    if words and words != " ".join(text(caption).split()):
        said.append(["alt", words])
    return {**image, "c": [[identifier, classes, said], caption, target]}


def _raw(markup: str) -> Inline:
    return {"t": "RawInline", "c": ["html", markup]}


def _targets(tree: Any) -> Iterator[str]:
    if isinstance(tree, list):
        for one in tree:
            yield from _targets(one)
    elif isinstance(tree, dict):
        node: Any = tree
        if node.get("t") == "Link" and node["c"][2][0].startswith("#"):
            yield unquote(node["c"][2][0][1:])
        yield from _targets(node.get("c"))


def cross_links(pieces: Sequence[list[Block]], paths: Sequence[str], ledger: Ledger) -> list[list[Block]]:
    """The chapters with each link (#id) into another chapter made a link to its file: `02.md#id`.

    A link to nowhere becomes its text, and is noted.
    """
    home = {identifier: path for piece, path in zip(pieces, paths, strict=True) for identifier in _ids(piece)}

    def mend(path: str) -> Callable[[Any], Any]:
        def change(node: Any) -> Any:
            if node.get("t") != "Link" or not node["c"][2][0].startswith("#"):
                return node
            attributes, inner, (url, title) = node["c"]
            target = home.get(url[1:])
            if target is None:
                ledger.decide("link-dropped", 0, text(inner), "its words are kept", f'"{url}" leads nowhere')
                return inner
            return node if target == path else {**node, "c": [attributes, inner, [f"{target}{url}", title]]}

        return change

    return [mapped(piece, mend(path)) for piece, path in zip(pieces, paths, strict=True)]


def _ids(tree: Any) -> Iterator[str]:
    if isinstance(tree, list):
        for one in tree:
            yield from _ids(one)
    elif isinstance(tree, dict):
        node: Any = tree
        if node.get("t") in ("Span", "Div", "Link", "Image", "Code", "CodeBlock", "Table", "Figure"):
            yield node["c"][0][0]
        elif node.get("t") == "Header":
            yield node["c"][1][0]
        yield from _ids(node.get("c"))
