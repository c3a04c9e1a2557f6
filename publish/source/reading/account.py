"""The account of a reading: what stands in the source and not in the book, and where two readers differ."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from markdown_it.token import Token

from publish.errors import Place
from publish.findings import Finding
from publish.source.document import Block
from publish.source.reading import Reading
from publish.source.reading.halfwidth import half_width
from publish.source.reading.leftover import REMEDIES, leftovers
from publish.source.reading.rows import FENCE, Met
from publish.source.reading.shape import misshapen

_SHOWN = 30
# A token of the account is a word of Latin letters and digits, or one character of any other writing, mark or sign.
_LATIN = re.compile(r"[A-Za-z0-9]+")
_NO_SIGN = re.compile(r"[\x00-\x7f\s]+")
_NUMBERED = re.compile(r"^([\s>]*)(?:[-*+][ \t]+)*\(?(?:\d{1,9}|[A-Za-z]|[ivxlcdmIVXLCDM]+|#)[.)][ \t]+")
_MARKER = re.compile(r"^[\s>]*(?:[-*+][ \t]+)*\(?(?P<mark>\d{1,9}|[A-Za-z]{1,8})[.)](?=\s|$)")
_CELL_MARKER = re.compile(r"\|[ \t]*\(?(\d{1,9}|[A-Za-z]{1,4})[.)](?=\s)")
_CALL = re.compile(r"\[\^([^\]\s]+)\]")
_USED = re.compile(r"\]\[([^\[\]\n]+)\]")
# The name of an address, and the word before a table's caption.
_LABEL = re.compile(r"^[\s>]*(?:\[(?P<name>[^\]\n]+)\]:|(?P<word>Table):)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_DONE = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+\[([xX])\]")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")


@dataclass(frozen=True)
class SourceSide:
    """A source's side of the account: its tokens and its lawful syntax, and the words of CommonMark.

    `texts` are CommonMark's blocks with the lines on which they begin.
    """

    tokens: Counter[str]
    syntax: Counter[str]
    theirs: Counter[str]
    lawful: Counter[str]
    texts: tuple[tuple[int, str], ...]


def source_side(reading: Reading) -> SourceSide:
    """What the account needs of a reading, before pandoc has read it."""
    last = len(reading.shown) - 1
    texts = [
        (reading.shown[min(token.map[0], last)].line if token.map else 0, text)
        for token in reading.tokens
        if (text := _shown(token))
    ]
    syntax = [*_syntax(reading), *_uncalled(reading)]
    return SourceSide(
        _tokens_of(row.text for row in reading.sources),
        _tokens_of([*syntax, *(one.words for one in reading.named)]),
        _words(text for _, text in texts),
        _words([*syntax, *_asides(reading)]),
        tuple(texts),
    )


def account(file: str, reading: Reading, side: SourceSide, blocks: list[Block]) -> list[Finding]:
    """The findings of one file's reading: what is lost, what two readers see differently, what was mended."""
    return [
        *_radicals(file, reading.radicals),
        *_joined_lines(file, reading.told),
        *_numbers(file, reading.told),
        *_sources(file, reading.told),
        *_lazy(file, reading.told),
        *_half_width(file, reading),
        *misshapen(file, reading, blocks),
        *_lost(file, reading, side, blocks),
        *_differences(file, reading, side, blocks),
    ]


def unread(met: Iterable[tuple[str, Iterable[Met]]]) -> Iterator[Finding]:
    """What the files of a book hold that is not understood: one warning for each kind, with its first place."""
    kinds: dict[str, list[tuple[str, Met]]] = {}
    for file, own in met:
        for one in sorted(own, key=lambda one: one.line):
            kinds.setdefault(one.kind, []).append((file, one))
    for kind, found in kinds.items():
        file, first = found[0]
        files = len({name for name, _ in found})
        where = f" in {files} files" if files > 1 else ""
        times = f" ({len(found)} times{where}, first here)" if len(found) > 1 else ""
        yield Finding(
            "markup-unread",
            "warning",
            Place(file, first.line),
            _told(kind, times, _short(first.words)),
            _REMEDIES.get(kind) or REMEDIES.get(kind) or "Write it in Markdown, or take it out",
        )


def _told(kind: str, times: str, words: str) -> str:
    if kind in REMEDIES:
        return f"{kind} stands in the text as it was typed{times}: {words}"
    return f"{kind} is not supported and appears as it was typed{times}: {words}"


def left(reading: Reading, blocks: list[Block]) -> list[Met]:
    """The markup of a file that is not understood: what the reading left, and what a reader sees of it beside that."""
    return [*reading.unread, *leftovers(reading.sources, reading.unread, blocks)]


_REMEDIES = {
    "a citation without a bibliography": "Name the book's literature: bibliography: refs.bib in book.yaml",
    "a link to an address that is not there": "Write the address, a line like [label]: https://…",
    "a property of another tool": "Write it as a sentence, or take it out",
    "a # without a space behind it": "Type a space behind # if it is a heading; if it is none, write \\#",
    "an attribute in an input method's marks": 'Type " and = without the input method: [词]{.index key="…"}',
    "an attribute behind no brackets": "Put the word into [ and ], typed without the input method: [词]{.index}",
    "more # than the six of a heading": "Write one # to six, or a backslash before them",
    "fenced code that is never closed": "End the code with a line of as many marks as it begins with",
    "an element that is never closed": "Close it, or take it out",
    "a table without a line of dashes": "Put a line |---|---| below its first row",
    "a Quarto shortcode": "Put what it stands for in its place; publish import brings in a whole Quarto book",
    "a template's variable": "Where it is meant as it stands, put it between ` and `",
    "a link in an input method's brackets": "Type the brackets behind it without the input method: [词](https://…)",
    "stars among words": "Write \\* for a star; for emphasis put a space or a mark beside the stars",
    "the call of a note that is not there": "Write the note, a line that begins with the same label and a colon",
}


def _radicals(file: str, met: Sequence[Met]) -> Iterator[Finding]:
    if met:
        times = f" ({len(met)} lines, first here)" if len(met) > 1 else ""
        yield Finding(
            "radical",
            "note",
            Place(file, met[0].line),
            f"radicals and joined letters, as text copied from a PDF has them, are read as what they show{times}",
        )


def _joined_lines(file: str, told: Sequence[Met]) -> Iterator[Finding]:
    met = [one for one in told if one.kind == "joined lines"]
    if met:
        first = _short(met[0].words)
        yield Finding(
            "lines-joined",
            "note",
            Place(file, met[0].line),
            f"{len(met)} lines go on in the next ones, as everywhere in Markdown (first here): {first}"
            if len(met) > 1
            else f"a line goes on in the next, as everywhere in Markdown: {first}",
            "Where lines are to stay lines, write lines: keep in the settings, or end each with a backslash; "
            "where they are not, lines: join",
        )


def _numbers(file: str, told: Sequence[Met]) -> Iterator[Finding]:
    for one in told:
        if one.kind == "numbers":
            yield Finding(
                "list-number",
                "note",
                Place(file, one.line),
                f"a list's items are numbered {one.words}: as a number stands there twice, readers see them counted",
                "Number the items as readers are to see them",
            )


def _sources(file: str, told: Sequence[Met]) -> Iterator[Finding]:
    met = [one for one in told if one.kind == "sources"]
    if met:
        first = _short(met[0].words)
        yield Finding(
            "chat-sources",
            "note",
            Place(file, met[0].line),
            f"{len(met)} marks of where a chat has found what it says are left out (first here): {first}"
            if len(met) > 1
            else f"a mark of where a chat has found what it says is left out: {first}",
            "Name the source in words, or as a link",
        )


def _lazy(file: str, told: Sequence[Met]) -> Iterator[Finding]:
    for one in told:
        if one.kind == "lazy":
            yield Finding(
                "quote-goes-on",
                "note",
                Place(file, one.line),
                f"this line belongs to the quotation above it, as everywhere in Markdown: {_short(one.words)}",
                "Put a blank line before it, or > where it is quoted too",
            )


def _half_width(file: str, reading: Reading) -> Iterator[Finding]:
    lines = [row.text for row in reading.sources]
    found = half_width(reading, lines)
    if found:
        first = found[0]
        times = f"{len(found)} half-width marks stand" if len(found) > 1 else "a half-width mark stands"
        words = lines[first.line - 1][max(first.start - _BEFORE, 0) : first.end + _BEFORE].strip()
        yield Finding(
            "half-width",
            "note",
            Place(file, first.line),
            f"{times} between Chinese words (first here): {words}",
            "publish mend shows what would stand there, and with --write puts it there",
        )


_BEFORE = 10


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"


# --- the account ------------------------------------------------------------------------------------------------------


def _lost(file: str, reading: Reading, side: SourceSide, blocks: list[Block]) -> Iterator[Finding]:
    """What stands in the source, in no syntax that is named, and nowhere in what pandoc has read."""
    missing = side.tokens.copy()
    missing.subtract(_tokens(" ".join(_strings(blocks))))
    if not +missing:
        return
    missing.subtract(side.syntax)
    lost = +missing
    if not lost:
        return
    line = next((row.line for row in reading.sources if set(_tokens(row.text)) & set(lost)), 0)
    words = " ".join(list(lost)[:6])
    yield Finding(
        "text-lost",
        "warning",
        Place(file, line),
        f"{sum(lost.values())} words or signs of the source are not in the book: {_short(words)}",
        "Simplify the passage, and please report it: publish should have read it, or said why not",
    )


def _tokens(text: str) -> Counter[str]:
    """The tokens of a text: runs of Latin letters and digits, and all other characters but ASCII's and white space."""
    found = Counter(_LATIN.findall(text))
    found.update(_NO_SIGN.sub("", text))
    return found


def _tokens_of(texts: Iterable[str]) -> Counter[str]:
    return _tokens("\n".join(texts))


def _strings(node: Any) -> Iterator[str]:
    """All texts in a tree, whatever they are: words, code, formulas, addresses, attributes, raw markup."""
    waiting: list[Any] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
            if "%" in one:
                yield unquote(one)
            if "&" in one:
                yield html.unescape(one)
        elif isinstance(one, dict):
            waiting.append(one.get("c"))
        elif isinstance(one, list):
            waiting.extend(reversed(one))


# Classes of spans that pandoc reads as nodes of their own.
_NODE_CLASS = re.compile(r"(?<=\.)(?:underline|ul|smallcaps|mark)\b")


def _syntax(reading: Reading) -> Iterator[str]:
    """The letters of Markdown's own syntax: list markers, labels of notes, entities, names of emoji, tags."""
    yield from _COMMENT.findall("\n".join(row.text for row in reading.shown))
    defined = {found["name"].lower() for row in reading.shown if (found := _LABEL.match(row.text)) and found["name"]}
    for row in reading.shown:
        text = row.text
        if found := _MARKER.match(text):
            yield found["mark"]
        if text.lstrip(" >").startswith("|"):  # a grid table's cells hold lists
            yield from _CELL_MARKER.findall(text)
        if found := FENCE.match(text):
            yield found["info"]
        if found := _LABEL.match(text):
            yield found["name"] or found["word"]
        if "[" in text:
            yield from _CALL.findall(text)
            yield from (name for name in _USED.findall(text) if name.lower() in defined)
            yield from _DONE.findall(text)
        if "&" in text:
            yield from _ENTITY.findall(text)
        if "<" in text:
            yield from _TAG.findall(text)
        if "{" in text:
            attributes = " ".join(re.findall(r"\{[^{}]*\}", text))
            yield from re.findall(r"[\w-]+(?==)", attributes)
            yield from _NODE_CLASS.findall(attributes)


def _uncalled(reading: Reading) -> Iterator[str]:
    """The words of notes that nothing calls: they are told by pandoc, with their labels and lines."""
    yield from (text for number, text in _notes(reading) if not number)


def _notes(reading: Reading) -> Iterator[tuple[int, str]]:
    """How often each note of a text is called, and its words."""
    rows = reading.shown
    if not any("[^" in row.text for row in rows):
        return
    called = Counter(found[1] for row in rows for found in _CALL.finditer(_LABEL.sub("", row.text)))
    at = 0
    while at < len(rows):
        found = _LABEL.match(rows[at].text)
        label = (found["name"] or "") if found else ""
        begun, at = at, at + 1
        if label.startswith("^"):
            while at < len(rows) and (not rows[at].text.strip() or rows[at].text.startswith(("    ", "\t"))):
                at += 1
            yield called[label[1:]], "\n".join(row.text for row in rows[begun:at])


# --- two readers ------------------------------------------------------------------------------------------------------

# Words of a reader are those tokens of the account that are letters, digits or Han.
_NO_LETTER = re.compile(r"[\W\d_a-zA-Z]+")
_TAGS = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]*>", re.DOTALL)
_LINKED = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\n]*\)")
_ASIDE = re.compile(
    r"\[\^[^\]\s]*\]:[ \t]*`{3,}[^\n]*|\{[^{}\n]*\}|!?\[\[[^\[\]\n]*\]\]|\[\^[^\]\s]*\]|:[a-z0-9_+-]+:|\$[^$\n]*\$"
)


def _differences(file: str, reading: Reading, side: SourceSide, blocks: list[Block]) -> Iterator[Finding]:
    """Where a CommonMark reader shows other words than pandoc does; one finding a file, with both readings."""
    ours = _words(_seen(blocks))
    hidden, extra = side.theirs - ours - side.lawful, ours - side.theirs - side.lawful
    if _letters(hidden) == _letters(extra) or _letters(side.theirs - ours) == _letters(ours - side.theirs):
        return  # no letter differs: 2*3*4
    if not hidden and not extra & (ours - _words(row.text for row in reading.sources)):  # stands once, as it was typed
        return
    word = next(iter(hidden or extra))
    line, text = next((one for one in side.texts if one[0] and word in _words([one[1]])), (0, ""))
    said = f"a CommonMark reader shows {_list(hidden)}" if hidden else f"pandoc shows {_list(extra)}"
    other = "pandoc does not" if hidden else "a CommonMark reader does not"
    yield Finding(
        "read-differently",
        "warning",
        Place(file, line or next((row.line for row in reading.sources if word in row.text), 0)),
        f"two readers differ: {said}, {other}" + (f", in: {_short(text)}" if hidden and text else ""),
        "Write the passage so that it can be read in one way",
    )


def _letters(words: Counter[str]) -> Counter[str]:
    return Counter("".join(words.elements()))


def _list(words: Counter[str]) -> str:
    shown = "".join(one if len(one) == 1 and not one.isascii() else f" {one} " for one in list(words)[:8])
    return f'"{" ".join(shown.split())}"'


_PERCENT = re.compile(r"(?<!\d)(?:%[0-9A-Fa-f]{2})+")


def _words(texts: Iterable[str]) -> Counter[str]:
    text = "\n".join(texts)
    # CommonMark shows %20 in an address as what it means; 75%*53 is none.
    text = _PERCENT.sub(lambda found: unquote(found[0]), text) if "%" in text else text
    text = text.replace("\\vert", "|")  # as a bar in a cell's formula is written for pandoc
    found = Counter(_LATIN.findall(text))
    found.update(_NO_LETTER.sub("", text))
    return found


def _asides(reading: Reading) -> Iterator[str]:
    """What CommonMark shows and we know to be markup: attributes, links of wikis, calls of notes, emoji, formulas."""
    yield from _ASIDE.findall("\n".join(row.text for row in reading.shown))
    for number, text in _notes(reading):  # pandoc sets a note wherever it is called
        yield from [text] * (number - 1)
    yield from (one.words for one in reading.named)


_EMPHASIS = frozenset(["strong_open", "strong_close", "em_open", "em_close"])


def _shown(token: Token) -> str:
    """What a reader of CommonMark sees of a block."""
    if token.type == "fence" and token.info.replace(" ", "") == "{=html}":
        return html.unescape(_TAGS.sub(" ", token.content))
    if token.type in ("fence", "code_block"):
        return token.content
    if token.type == "html_block":  # in which Markdown is text to CommonMark
        return html.unescape(_LINKED.sub(r" \1 ", _TAGS.sub(" ", token.content)))
    if token.type != "inline":
        return ""
    # A * in a formula is no emphasis, whatever CommonMark takes it for: what it parts are two words.
    parting = () if "$" in token.content else _EMPHASIS
    return "".join(_shown_of(one) for one in token.children or () if one.type not in parting)


def _shown_of(token: Token) -> str:
    """What is seen of a part of a paragraph; of a picture its description, without the addresses of links in it."""
    if token.type == "text":
        return token.content
    if token.type == "image":
        return f" {''.join(map(_shown_of, token.children or ()))} "
    return f" {token.content if token.type == 'code_inline' else ''} "


# What parts no word from its neighbours.
_JOINED = frozenset(["Str", "Emph", "Strong", "Strikeout", "Span", "Link", "Space", "SoftBreak", "LineBreak"])


def _seen(node: Any) -> Iterator[str]:
    """What a reader sees of pandoc's tree: words, code, formulas, raw HTML without its tags."""
    words: list[str] = []
    waiting: list[Any] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(reversed(one))
        elif isinstance(one, dict):
            kind: str = one["t"]
            content: Any = one.get("c")
            if kind not in _JOINED:  # apart from what stands before it and, later, from what stands behind
                words.append(" ")
                waiting.append({"t": "Space"})
            if kind == "Str":
                words.append(content)
            elif kind in ("Code", "CodeBlock", "Math"):
                words.append(f" {content[1]} ")
            elif kind in ("RawInline", "RawBlock"):
                words.append(_TAGS.sub(" ", content[1]))
            elif kind in ("Space", "SoftBreak", "LineBreak"):
                words.append(" ")
            elif kind in ("Link", "Image", "Span", "Div", "Header", "Quoted", "Cite"):
                waiting.append(content[2] if kind == "Header" else content[1])
            else:  # a figure's caption is its image's text
                waiting.append(content[1] if kind == "Figure" else content)
    yield "".join(words)
