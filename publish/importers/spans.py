"""The inline text of a clip: html2text's marks read into styled spans, mended, and written as Pandoc's Markdown.

The marks are paired here and not by CommonMark's rules (markdown-it-py), which ask for spaces or punctuation around a
mark, as Western text has them, and take `****` between two bold words for one mark. Of the bold letters of 229 pages
made at random and clipped by html2text, those rules read 13 in 100 otherwise than the page, these 3.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Literal
from urllib.parse import quote

from publish.importers.report import Ledger
from publish.source.document import AMBIGUOUS_MARKS, is_latin, is_wide

Kind = Literal["text", "mark", "delimiter", "break", "code", "link", "image"]

PLAIN: frozenset[str] = frozenset()
# How Pandoc's Markdown opens and closes each style, the outermost first.
STYLES: dict[str, tuple[str, str]] = {
    "speaker": ("[", "]{.speaker}"),
    "strong": ("**", "**"),
    "em": ("*", "*"),
    "strike": ("~~", "~~"),
    "sup": ("^", "^"),
    "sub": ("~", "~"),
}
DELIMITERS = {"**": "strong", "_": "em", "*": "em", "~~": "strike"}
SENTENCE_END = re.compile(r"[。？！?!…]+[”’」』）》】)]*$")
# Alternative texts that describe nothing: an editor writes better ones.
NO_ALT = frozenset(
    {"", "图片", "圖片", "图像", "圖像", "插图", "插圖", "配图", "配圖", "image", "img", "picture", "photo"}
)
# fmt: off
LAYOUT_TAGS = frozenset((
    "a", "abbr", "article", "audio", "b", "big", "blockquote", "center", "dd", "div", "dl", "dt", "em", "embed",
    "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "i", "iframe", "img",
    "ins", "li", "main", "mark", "mp-common-profile", "mp-miniprogram", "mp-style-type", "mpcps", "mpvideosnap",
    "mpvoice", "nav", "ol", "p", "pre", "qqmusic", "section", "small", "span", "strike", "strong", "style", "svg",
    "table", "tbody", "td", "th", "thead", "tr", "u", "ul", "video", "wbr",
))
# fmt: on
LONGEST_STYLE = 12  # paragraphs that a pair of emphasis marks may span; beyond, the marks are strays


@dataclass(frozen=True)
class Span:
    """A piece of a clip's text. `text` is what a reader sees, `raw` what the clip holds; a mark has no text.

    A delimiter is a mark not yet paired: `text` names its style. `read_spans` gives none.
    A link keeps its label in `label`; an image's alt is `text`, its link (where it is one) `target`.
    """

    kind: Kind
    text: str
    raw: str
    line: int
    styles: frozenset[str] = PLAIN
    url: str = ""
    title: str = ""
    label: tuple[Span, ...] = ()
    target: str = ""


def plain(spans: Iterable[Span]) -> str:
    """What a reader sees of the spans: text, code, the labels of links, addresses that stand as text."""
    return "".join(
        (plain(span.label) or span.url) if span.kind == "link" else "\n" if span.kind == "break" else span.text
        for span in spans
        if span.kind not in ("image", "delimiter")
    )


def raw(spans: Iterable[Span]) -> Iterator[tuple[str, int]]:
    """Each character but spaces that the clip holds, with its line."""
    return ((char, span.line) for span in spans for char in span.raw if not char.isspace())


def line_of(spans: Sequence[Span]) -> int:
    """The clip's line in which the spans begin."""
    return next((span.line for span in spans if span.kind != "break"), spans[0].line if spans else 0)


# Reading ----------------------------------------------------------------------------------------------------------

_DESTINATION = (
    r"\(\s*(?:<(?P<{0}angle>[^<>\n]*)>|(?P<{0}url>(?:\\.|[^\s()\\]|\([^\s()]*\))*))"
    r"(?:\s+\"(?P<{0}title>(?:\\.|[^\"\\])*)\")?\s*\)"
)
_IMAGE = r"!\[(?P<{0}alt>(?:\\.|[^\[\]\\])*)\]" + _DESTINATION
_TOKEN = re.compile(
    r"\[\s*" + _IMAGE.format("inner") + r"\s*\]" + _DESTINATION.format("outer")  # a linked image
    + r"|" + _IMAGE.format("image")
    + r"|\[(?P<label>(?:\\.|`[^`\n]*`|[^\[\]\\]|\[(?:\\.|[^\[\]\\])*\])*)\]" + _DESTINATION.format("link")
    + r"|(?<![`\\])(?P<ticks>`+)(?!`)(?P<code>[^\n]*?[^\s`][^\n]*?)(?<!`)(?P=ticks)(?!`)"
    + r"|<(?P<auto>[a-z][a-z0-9+.-]{1,31}://[^\s<>]+)>"
    + r"|(?P<bare>https?://[0-9A-Za-z._~:/?\#@!$&'()*+,;=%-]+)"
    + r"|(?P<comment><!--.*?-->)"
    + r"|(?P<tag></?(?P<name>[A-Za-z][A-Za-z0-9-]*)(?P<attributes>(?:\s+[^<>]*)?)/?>)"
    + r"|\\(?P<escaped>[!-/:-@\[-`{-~])"
    + r"|(?P<entity>&(?:[A-Za-z][A-Za-z0-9]*|\#[0-9]+|\#[xX][0-9A-Fa-f]+);)"
    + r"|(?P<delimiter>\*\*|~~|\*|_)"
    + r"|(?P<end>\n)",
    re.DOTALL,
)  # fmt: skip


class LineMap:
    """Which line of the clip each offset of a joined text came from."""

    def __init__(self, starts: Sequence[tuple[int, int]]) -> None:
        self._offsets = [offset for offset, _ in starts]
        self._lines = [line for _, line in starts]

    def __call__(self, offset: int) -> int:
        """The clip's line of the character at `offset`."""
        return self._lines[max(0, bisect_right(self._offsets, offset) - 1)]


def read_spans(text: str, line_at: Callable[[int], int], ledger: Ledger) -> list[Span]:
    """The spans of a text in which each newline ends a paragraph. Unpaired marks are dropped and noted."""
    spans = list(_tokens(text, line_at, ledger))
    return _merge(_style(spans, ledger))


def _tokens(text: str, line_at: Callable[[int], int], ledger: Ledger) -> Iterator[Span]:
    position = 0
    while match := _TOKEN.search(text, position):
        yield from _lines(text, position, match.start(), line_at)
        found = list(_token(match, line_at, ledger))
        yield from found
        partly = match["bare"] or match["delimiter"]
        position = match.start() + len(found[0].raw) if partly else match.end()
    yield from _lines(text, position, len(text), line_at)


def _lines(text: str, start: int, end: int, line_at: Callable[[int], int]) -> Iterator[Span]:
    """Plain text from `start` to `end`, a span for each line of the clip, so that decisions name the right one."""
    for line, offsets in groupby(range(start, end), key=line_at):
        yield _text("".join(text[offset] for offset in offsets), line)


def _text(text: str, line: int) -> Span:
    return Span("text", text, text, line)


def _token(  # a row for each kind of token
    match: re.Match[str], line_at: Callable[[int], int], ledger: Ledger
) -> Iterator[Span]:
    group, whole, line = match.groupdict(), match[0], line_at(match.start())
    if group["end"]:
        yield Span("break", "", "\n", line)
    elif group["innerurl"] is not None or group["innerangle"] is not None:
        target = _address(group, "outer")
        image = replace(_image(match, "inner", line, ledger), target=target)
        yield image if re.match(r"https?://", target) else replace(image, target="")
    elif group["imageurl"] is not None or group["imageangle"] is not None:
        yield _image(match, "image", line, ledger)
    elif group["label"] is not None:
        yield from _link(match, line_at, ledger)
    elif group["code"]:
        yield Span("code", group["code"].strip(" "), whole, line)
    elif group["auto"]:
        yield Span("link", "", whole, line, url=_encoded(_decoded(group["auto"])))
    elif group["bare"]:
        url = _bare(group["bare"], match.string[: match.start()])
        yield Span("link", "", url, line, url=_decoded(url))
    elif group["comment"]:
        ledger.decide("html-dropped", line, whole, "dropped", "an HTML comment is not text")
        yield Span("mark", "", whole, line)
    elif group["tag"]:
        yield _tag(match, line, ledger)
    elif group["escaped"]:
        yield Span("mark", "", "\\", line)
        yield Span("text", group["escaped"], group["escaped"], line)
    elif group["entity"]:
        char = html.unescape(whole)
        yield Span("text", " " if char.isspace() else char, whole, line)
    else:
        yield _delimiter(match, line)


def _address(group: dict[str, str | None], name: str) -> str:
    url = group[f"{name}angle"] or group[f"{name}url"] or ""
    return _encoded(_decoded(_unescaped(url)))


def _unescaped(text: str) -> str:
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


def _decoded(text: str) -> str:
    return re.sub(r"&(?:[A-Za-z][A-Za-z0-9]*|#[0-9]+|#[xX][0-9A-Fa-f]+);", lambda match: html.unescape(match[0]), text)


def _encoded(url: str) -> str:
    """An address whose spaces and marks that no address may hold are written %XX, as pandoc would write them."""
    return re.sub(r"[\s<>|\"{}\[\]^`\\]", lambda match: quote(match[0]), url)


def _image(match: re.Match[str], name: str, line: int, ledger: Ledger) -> Span:
    group = match.groupdict()
    alt = " ".join(_unescaped(group[f"{name}alt"] or "").split())
    if alt and alt.lower() in NO_ALT:
        ledger.decide("alt-dropped", line, alt, "dropped", "it describes no picture")
        alt = ""
    title = _unescaped(group[f"{name}title"] or "")
    return Span("image", alt, match[0], line, url=_address(group, name), title=title)


def _link(match: re.Match[str], line_at: Callable[[int], int], ledger: Ledger) -> Iterator[Span]:
    group, line, start = match.groupdict(), line_at(match.start()), match.start("label")
    label, url = group["label"] or "", _address(group, "link")
    if "\n" in label:
        ledger.decide("wrap-joined", line, plain_text(label), "joined", "a link goes over the line end")
        label = label.replace("\n", " ")
    inner = read_spans(label, lambda offset: line_at(start + offset), ledger)
    inner = separate_styles(tidy_spaces(inner, ledger, han_latin_spaces=True), ledger)
    if any(span.kind == "image" for span in inner):  # a picture and words in one link: the picture keeps it
        linked = _delinked(match, inner, line_at)
        yield from (replace(span, target=url) if span.kind == "image" else span for span in linked)
        if words := plain(inner).strip():
            ledger.decide(
                "link-dropped", line, f"{words} {url}", "the picture keeps it", "a link over a picture and words"
            )
    elif not re.match(r"(?:https?|ftp|mailto|tel):|[^\s:#]+$", url):
        reason = "the address leads nowhere outside the page"
        ledger.decide("link-dropped", line, f"{plain(inner)} {url}", "text kept", reason)
        yield from _delinked(match, inner, line_at)
    elif not plain(inner).strip() and not url.startswith("http"):
        ledger.decide("link-dropped", line, url, "dropped", "a link without text or address")
        yield Span("mark", "", match[0], line)
    elif not plain(inner).strip() or (plain(inner) == url and re.match(r"https?://", url)):
        yield Span("link", "", match[0], line, url=url)
    else:
        label_spans = tuple(_flat(span, ledger) for span in inner)
        yield Span("link", "", match[0], line, url=url, title=_unescaped(group["linktitle"] or ""), label=label_spans)


def _flat(span: Span, ledger: Ledger) -> Span:
    """A link inside a link's label as plain text, as links do not nest."""
    if span.kind != "link":
        return span
    if span.label:
        ledger.decide(
            "link-dropped", span.line, f"{plain(span.label)} {span.url}", "text kept", "it stands inside another link"
        )
    return replace(span, kind="text", text=plain(span.label) or span.url, url="", title="", label=())


def _delinked(match: re.Match[str], inner: list[Span], line_at: Callable[[int], int]) -> Iterator[Span]:
    yield Span("mark", "", "[", line_at(match.start()))
    yield from inner
    yield Span("mark", "", match.string[match.end("label") : match.end()], line_at(match.end() - 1))


def plain_text(markdown: str) -> str:
    """A rough reading of Markdown for an excerpt: without marks and addresses."""
    return re.sub(r"\]\([^)]*\)|[*_`\[\]]", "", markdown).strip()


def _bare(url: str, before: str) -> str:
    """A bare address without the marks and the punctuation of the sentence around it."""
    url = re.split(r"&(?!amp;)(?:[a-z]+|#[0-9]+);", url, maxsplit=1)[0]
    if re.search(r"(?<![0-9A-Za-z])[_*]+$", before):
        url = re.sub(r"[_*]+$", "", url)
    url = re.sub(r"(?:\*\*.*|[.,;:!?'\"*`\\]+)$", "", url)
    while url.endswith((")", "]", "}")) and url.count(url[-1]) > url.count({")": "(", "]": "[", "}": "{"}[url[-1]]):
        url = re.sub(r"[.,;:!?'\"]+$", "", url[:-1])
    return url


def _tag(match: re.Match[str], line: int, ledger: Ledger) -> Span:
    whole, name, attributes = match[0], match["name"].lower(), match["attributes"]
    if name == "br":
        return Span("break", "", whole, line)
    if name in ("sup", "sub"):
        return Span("delimiter", ("/" if whole.startswith("</") else "") + name, whole, line)
    source = re.search(r"(?:data-)?src\s*=\s*[\"']?(https?://[^\"'\s>]+)", attributes)
    if name == "img" and source:
        ledger.decide("html-image", line, whole, "read as an image", "an HTML tag remained in the clip")
        return Span("image", "", whole, line, url=html.unescape(source[1]))
    if name in LAYOUT_TAGS:
        ledger.decide("html-dropped", line, whole, "dropped", "an HTML tag remained in the clip; its text is kept")
        return Span("mark", "", whole, line)
    return _text(whole, line)


def _delimiter(match: re.Match[str], line: int) -> Span:
    """An emphasis mark to be paired, or the same characters as text: snake_case, ____, 3 * 4, __init__."""
    mark, text = match[0], match.string
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    if mark == "_":
        run = re.match(r"_+", text[match.start() :])
        whole = re.match(r"__[0-9A-Za-z]\w*?__(?![0-9A-Za-z])", text[match.start() :], re.ASCII)
        if run and len(run[0]) > 2:  # noqa: PLR2004  # a blank to fill in: ____
            return _text(run[0], line)
        if whole:
            return _text(whole[0], line)
        literal = _ascii_word(before) and _ascii_word(after)
    elif mark == "*":
        literal = (not after.strip() and not before.strip()) or (_ascii_word(before) and _ascii_word(after))
    else:
        literal = False
    return _text(mark, line) if literal else Span("delimiter", DELIMITERS[mark], mark, line)


def _ascii_word(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char == "_")


# Emphasis ---------------------------------------------------------------------------------------------------------


def _style(spans: list[Span], ledger: Ledger) -> list[Span]:
    """Pair the marks of each style and give what stands between them its style; drop empty and unclosed pairs."""
    for style in dict.fromkeys(DELIMITERS.values()):
        spans = _paired(spans, style, ledger)
    for style in ("sup", "sub"):
        spans = _tagged(spans, style)
    return [replace(span, kind="mark", text="") if span.kind == "delimiter" else span for span in spans]


def _paired(spans: list[Span], style: str, ledger: Ledger) -> list[Span]:
    pairs, stray = _pairs(spans, style)
    result = list(spans)
    for opening, closing in pairs:
        inside = range(opening + 1, closing)
        if not any(_visible(spans[index]) for index in inside):
            if not _touching(spans, opening, closing):
                opened = spans[opening]
                ledger.decide("emphasis-dropped", opened.line, opened.raw * 2, "dropped", "it emphasises nothing")
            continue
        for index in inside:
            if result[index].kind in ("text", "code") or result[index].label:  # an address stands without emphasis
                result[index] = replace(result[index], styles=result[index].styles | {style})
    for index in stray:
        span = spans[index]
        if span.raw == "*":
            result[index] = _text("*", span.line)
            continue
        around = plain(one for one in spans[index + 1 : index + 4]).strip()
        ledger.decide("emphasis-dropped", span.line, f"{span.raw}{around}", "dropped", "it is opened and never closed")
    return result


def _touching(spans: list[Span], opening: int, closing: int) -> bool:
    """Whether an empty pair is no more than a seam: `****` between two emphasised words."""
    return closing == opening + 1 and spans[opening].line == spans[closing].line


def _visible(span: Span) -> bool:
    return span.kind in ("code", "link") or (span.kind == "text" and bool(span.text.strip()))


def _pairs(spans: list[Span], style: str) -> tuple[list[tuple[int, int]], list[int]]:
    """Index pairs of the opening and closing marks, and the marks that have no partner."""
    paragraphs = _paragraphs(spans, style)
    pairs: list[tuple[int, int]] = []
    stray: list[int] = []
    carried: tuple[int, int] | None = None
    for number, found in enumerate(paragraphs):
        twice, marks = _doubled(spans, found)
        pairs += twice
        if carried and marks:
            opening, began = carried
            carried = None
            if len(marks) % 2 and number - began <= LONGEST_STYLE and _embraces(spans, opening, marks[0]):
                pairs.append((opening, marks[0]))
                marks = marks[1:]  # the first mark is used up
            else:
                stray.append(opening)
        if len(marks) % 2:
            odd = _odd_one(spans, marks)
            marks = [mark for mark in marks if mark != odd]  # the odd one waits for a partner
            carried = (odd, number)
        pairs += list(zip(marks[::2], marks[1::2], strict=True))
    if carried:
        stray.append(carried[0])
    return pairs, stray


def _paragraphs(spans: list[Span], style: str) -> list[list[int]]:
    paragraphs: list[list[int]] = [[]]
    for index, span in enumerate(spans):
        if span.kind == "break":
            paragraphs.append([])
        elif span.kind == "delimiter" and span.text == style:
            paragraphs[-1].append(index)
    return paragraphs


def _doubled(spans: list[Span], marks: list[int]) -> tuple[list[tuple[int, int]], list[int]]:
    """The pairs of marks that are set twice, `****甲****` from bold in bold, and the other marks of the paragraph.

    After an open mark `****` is a seam. It opens nothing where the next `****` is before a letter: an empty pair.
    """
    pairs: list[tuple[int, int]] = []
    rest: list[int] = []
    at = 0
    while at < len(marks):
        doubles = [place for place in range(at, len(marks) - 1) if marks[place + 1] == marks[place] + 1]
        closing = next((place for place in doubles if place > at + 1 and (place - at) % 2 == 0), 0)
        if doubles and doubles[0] == at and len(rest) % 2 == 0 and closing and _ends_word(spans, marks[closing + 1]):
            pairs += [(marks[at], marks[closing + 1]), (marks[at + 1], marks[closing])]
            rest += marks[at + 2 : closing]
            at = closing + 2
        else:
            rest.append(marks[at])
            at += 1
    return pairs, rest


def _ends_word(spans: list[Span], index: int) -> bool:
    following = "".join(span.text for span in spans[index + 1 : index + 2] if span.kind == "text")
    return not following[:1].isalnum()


def _odd_one(spans: list[Span], marks: list[int]) -> int:
    """The mark without a partner in its paragraph: one that cannot open or close where it must, else the last."""
    for place, mark in enumerate(marks[:-1]):
        if place % 2 == 0 and _space_before(spans, marks[place + 1]) and not _space_after(spans, marks[place + 1]):
            return mark
    return marks[-1]


def _space_before(spans: list[Span], index: int) -> bool:
    return index == 0 or spans[index - 1].kind == "break" or spans[index - 1].text[-1:].isspace()


def _space_after(spans: list[Span], index: int) -> bool:
    return index + 1 == len(spans) or spans[index + 1].kind == "break" or spans[index + 1].text[:1].isspace()


def _embraces(spans: list[Span], opening: int, closing: int) -> bool:
    """Whether a pair across paragraphs is credible: it is empty, or it begins or ends with a paragraph."""
    if not any(_visible(span) for span in spans[opening + 1 : closing]):
        return True
    starts = not any(_visible(span) for span in _paragraph_before(spans, opening))
    ends = not any(_visible(span) for span in _paragraph_after(spans, closing))
    return starts or ends


def _paragraph_before(spans: list[Span], index: int) -> Iterator[Span]:
    for span in reversed(spans[:index]):
        if span.kind == "break":
            return
        yield span


def _paragraph_after(spans: list[Span], index: int) -> Iterator[Span]:
    for span in spans[index + 1 :]:
        if span.kind == "break":
            return
        yield span


def _tagged(spans: list[Span], style: str) -> list[Span]:
    """<sup> and <sub>: the text between the tags, where it holds no space, which Pandoc's marks do not allow."""
    result = list(spans)
    opening: int | None = None
    for index, span in enumerate(spans):
        if span.kind == "break" or (span.kind == "delimiter" and span.text == style):
            opening = index if span.kind == "delimiter" else None
        elif span.kind == "delimiter" and span.text == f"/{style}" and opening is not None:
            inside = range(opening + 1, index)
            if not any(char.isspace() for one in inside for char in spans[one].text):
                for one in inside:
                    if result[one].kind == "text":
                        result[one] = replace(result[one], styles=result[one].styles | {style})
            opening = None
    return result


def _merge(spans: list[Span]) -> list[Span]:
    """Like text joined, so that a style spans the seam between two pairs of marks; code likewise."""
    result: list[Span] = []
    for span in spans:
        last = result[-1] if result else None
        if last and last.kind == span.kind == "code" and last.styles == span.styles:
            result[-1] = replace(last, text=last.text + span.text, raw=last.raw + span.raw)
            continue
        alike = last and last.kind == span.kind == "text" and last.styles == span.styles and last.line == span.line
        if last and alike and last.text == last.raw and span.text == span.raw:
            result[-1] = replace(last, text=last.text + span.text, raw=last.raw + span.raw)
            continue
        result.append(span)
    return result


# Mending ----------------------------------------------------------------------------------------------------------


def split_at(spans: Sequence[Span], offset: int) -> tuple[list[Span], list[Span]]:
    """The spans before and after the character `offset` of their `plain` text; a link or code is never cut."""
    for index, span in enumerate(spans):
        length = len(plain([span]))
        if offset <= 0:
            return list(spans[:index]), list(spans[index:])
        if offset < length:
            if span.kind != "text" or span.text != span.raw:
                return list(spans[: index + 1]), list(spans[index + 1 :])
            head = replace(span, text=span.text[:offset], raw=span.raw[:offset])
            tail = replace(span, text=span.text[offset:], raw=span.raw[offset:])
            return [*spans[:index], head], [tail, *spans[index + 1 :]]
        offset -= length
    return list(spans), []


def split_sentences(spans: list[Span], ledger: Ledger) -> list[Span]:
    """Spaces after a sentence's end become paragraph ends: sibling sections that html2text merged.

    A space after a closing mark is html2text's own; one inside a quotation, or before the speaker, stays.
    """
    result: list[Span] = []
    for index, span in enumerate(spans):
        if span.kind != "text" or span.text != span.raw:
            result.append(span)
            continue
        rest = span
        while match := re.search(r"[ \t]+", rest.text):
            before = _since_break(result) + rest.text[: match.start()]
            after = rest.text[match.end() :] + _until_break(spans[index + 1 :])
            first, last = match.start() == 0, match.end() == len(rest.text)
            artefact = _beside_image(result, spans[index + 1 :], first=first, last=last) or (
                first and _closed_before(result)
            )
            head = replace(rest, text=rest.text[: match.start()], raw=rest.raw[: match.start()])
            result.append(head)
            excerpt = f"{before[-14:]}␣{after[:14]}"
            if artefact or not ends_sentence(before) or not after.strip():
                result.append(replace(rest, text=match[0], raw=match[0]))
            elif reason := inside(before, after):
                ledger.decide("wrap-joined", span.line, excerpt, "joined", reason)
                result.append(replace(rest, text=match[0], raw=match[0]))
            else:
                reason = "a space after a sentence's end: two sections were merged"
                ledger.decide("break-kept", span.line, excerpt, "a new paragraph", reason)
                result.append(Span("break", "", "", span.line))
            rest = replace(rest, text=rest.text[match.end() :], raw=rest.raw[match.end() :])
        result.append(rest)
    return [span for span in result if span.kind != "text" or span.text]


def _beside_image(before: Sequence[Span], after: Sequence[Span], *, first: bool, last: bool) -> bool:
    """Whether a space is next to an image, which separates paragraphs anyway."""
    left = next((span for span in reversed(before) if span.kind != "mark" and (span.text or span.kind != "text")), None)
    right = next((span for span in after if span.kind != "mark"), None)
    return bool((first and left and left.kind == "image") or (last and right and right.kind == "image"))


def _since_break(spans: list[Span]) -> str:
    return plain(reversed(list(_paragraph_before(spans, len(spans)))))


def _until_break(spans: list[Span]) -> str:
    return plain(_paragraph_after([Span("mark", "", "", 0), *spans], 0))


def _closed_before(spans: list[Span]) -> bool:
    """Whether emphasised text has just ended: html2text adds a space after it."""
    if not spans or spans[-1].kind != "mark":
        return False
    text = next(
        (span for span in reversed(spans) if span.kind in ("text", "link", "code") and span.text + span.url), None
    )
    return bool(text and text.styles)


def ends_sentence(text: str) -> bool:
    """Whether a Chinese sentence ends here: 。？！ and what closes a quotation. A closing mark alone ends none."""
    match = SENTENCE_END.search(text.rstrip())
    return bool(match and re.search(r"[。？！]|[⺀-鿿][…!?]", text.rstrip()[max(0, match.start() - 1) :]))


_PAIRS = {"“": "”", "‘": "’", "「": "」", "『": "』", "（": "）", "(": ")", "《": "》", "【": "】"}
_SAID = re.compile(
    r"[^，。？！：“「]{0,8}(?:说|說|问|問|答|道|表示|指出|称|稱|写道|寫道|补充|補充|回忆|回憶|解释|解釋)"
)


def inside(before: str, after: str) -> str:
    """Why no paragraph can end between the two texts; empty where one can."""
    stack: list[str] = []
    for char in before:
        if char in _PAIRS:
            stack.append(_PAIRS[char])
        elif char in stack:
            del stack[stack.index(char) :]
    if stack and stack[-1] in after:
        return f"inside {stack[-1]}"
    if before.rstrip().endswith(("”", "」")) and _SAID.match(after.lstrip()):
        return "who said it follows"
    return ""


def writes_han_latin_spaces(text: str) -> bool:
    """Whether a text sets spaces between Han and Latin more often than not. Spaces after closing marks do not count."""
    spaced = len(re.findall(r"[⺀-鿿] [0-9A-Za-z]|(?<!\*)[0-9A-Za-z] [⺀-鿿]", text))
    tight = len(re.findall(r"[⺀-鿿][0-9A-Za-z]|[0-9A-Za-z][⺀-鿿]", text))
    return spaced > tight


def tidy_spaces(spans: list[Span], ledger: Ledger, *, han_latin_spaces: bool) -> list[Span]:
    """Drop spaces that Chinese does not set: by full-width punctuation, at the ends, html2text's own after a mark."""
    chars = plain(spans)
    result: list[Span] = []
    offset = 0
    for span in spans:
        if span.kind != "text" or span.text not in {span.raw, " "}:
            result.append(span)
            offset += len(plain([span]))
            continue
        text = ""
        for match in re.finditer(r"\s+|\S+", span.text):
            if not match[0].isspace():
                text += match[0]
                continue
            start, end = offset + match.start(), offset + match.end()
            before, after = chars[:start].rstrip(" ")[-1:], chars[end:].lstrip(" ")[:1]
            closed = match.start() == 0 and _closed_before(result)
            if _needless(before, after) or (closed and _artefact(before, after, han_latin_spaces=han_latin_spaces)):
                if before.strip() and after.strip() and not closed:
                    excerpt = f"{chars[:start][-8:]}␣{chars[end:][:8]}"
                    reason = "no space beside full-width punctuation"
                    ledger.decide("space-dropped", span.line, excerpt, "dropped", reason)
            elif not text.endswith(" "):
                text += " "
        offset += len(span.text)
        result.append(replace(span, text=text, raw=span.raw if span.text != span.raw else text))
    return _merge([span for span in result if span.text or span.kind != "text"])


def _needless(before: str, after: str) -> bool:
    if not before.strip() or not after.strip():
        return True
    return (
        _full_width_mark(before)
        or _full_width_mark(after)
        or (before in AMBIGUOUS_MARKS and (is_wide(after) or after in AMBIGUOUS_MARKS))
        or (after in AMBIGUOUS_MARKS and is_wide(before))
    )


def _full_width_mark(char: str) -> bool:
    return is_wide(char) and unicodedata.category(char)[0] in "PS" and ord(char) <= 0xFFFF  # noqa: PLR2004  # no emoji


def _artefact(before: str, after: str, *, han_latin_spaces: bool) -> bool:
    if is_wide(before) and is_wide(after):
        return True
    mixed = (is_wide(before) and is_latin(after)) or (is_latin(before) and is_wide(after))
    return mixed and not han_latin_spaces


def separate_styles(spans: list[Span], ledger: Ledger) -> list[Span]:
    """Where two styles touch without a space, their marks would run together in Markdown: the weaker one is dropped."""
    result = list(spans)
    texts = [index for index, span in enumerate(spans) if span.kind in ("text", "code", "link") and plain([span])]
    for left, right in pairwise(texts):
        one, other = result[left].styles, result[right].styles
        if not one or not other or one == other or _apart(result[left], result[right]):
            continue
        kept = frozenset({next(style for style in STYLES if style in one | other)})
        excerpt = plain([result[left], result[right]])
        ledger.decide("emphasis-dropped", result[right].line, excerpt, f"only {min(kept)} kept", "two styles touch")
        result[left] = replace(result[left], styles=one & kept)
        result[right] = replace(result[right], styles=other & kept)
    return result


def _apart(left: Span, right: Span) -> bool:
    return "speaker" in left.styles or left.text.endswith(" ") or right.text.startswith(" ")


# Writing ----------------------------------------------------------------------------------------------------------


def write_spans(spans: Sequence[Span]) -> str:
    """The spans as one line of Pandoc's Markdown, which pandoc reads as the same text, styles and links."""
    return protect_start(_write(_unmarked(spans), tuple(STYLES)).strip(" "))


def _unmarked(spans: Iterable[Span]) -> list[Span]:
    """The spans to write; like neighbours are joined, lest their marks or escapes run together."""
    return _merge([replace(span, raw=span.text, line=0) for span in spans if span.kind != "mark"])


def _write(spans: list[Span], styles: tuple[str, ...]) -> str:
    if not styles:
        return "".join(_write_plain(span) for span in spans)
    style, rest = styles[0], styles[1:]
    opening, closing = STYLES[style]
    parts: list[str] = []
    for styled, group in groupby(spans, key=lambda span: style in span.styles):
        inner = _write(list(group), rest)
        stripped = inner.strip(" ")
        if styled and stripped:
            start = inner.index(stripped)
            inner = f"{inner[:start]}{opening}{stripped}{closing}{inner[start + len(stripped) :]}"
        parts.append(inner)
    return "".join(parts)


def _write_plain(span: Span) -> str:
    if span.kind == "code":
        fence = "`" * (max((len(run) for run in re.findall(r"`+", span.text)), default=0) + 1)
        pad = " " if "`" in span.text else ""
        return f"{fence}{pad}{span.text}{pad}{fence}"
    if span.kind == "link" and not span.label:
        return f"<{span.url}>"
    if span.kind == "link":
        return f"[{_write(_unmarked(span.label), tuple(STYLES)).strip()}]({_target(span)})"
    if span.kind == "image":
        image = f"![{escape(span.text)}]({_target(span)})"
        return f"[{image}]({_target(replace(span, url=span.target, title=''))})" if span.target else image
    return escape(span.text)


def _target(span: Span) -> str:
    url = f"<{span.url}>" if re.search(r"[()]", span.url) else span.url
    title = re.sub(r"([\\\"])", r"\\\1", span.title)
    return f'{url} "{title}"' if title else url


_EMAIL = re.compile(r"(?<![^\s⺀-鿿：，（])[0-9A-Za-z.+-]+@[0-9A-Za-z-]+\.[0-9A-Za-z.-]+")


def escape(text: str) -> str:
    """Text with a backslash before each character that Pandoc's Markdown would take for markup."""
    return "".join(f"\\{char}" if _is_markup(text, index) else char for index, char in enumerate(text))


def _is_markup(text: str, index: int) -> bool:
    char, before, after = text[index], text[index - 1 : index] if index else "", text[index + 1 : index + 2]
    if char in "\\`*[]{}$~^" or (char in "!<&" and not after):  # ![, <b, &lt; may go on
        return True
    if char == "_":
        return not (before.isalnum() and after.isalnum())
    if char == "@":
        return not any(email.start() < index < email.end() for email in _EMAIL.finditer(text))
    if char == "<":
        return bool(re.match(r"[\w/!?]", after))
    return char == "&" and bool(re.match(r"&(?:[A-Za-z][A-Za-z0-9]*|#[0-9xXA-Fa-f]+);", text[index:]))


_NUMBER = re.compile(r"(\(?(?:[0-9]+|[A-Za-z]|[ivxlcdmIVXLCDM]+|\#))([.)])(?=\s|$)")
_CAPTION = re.compile(r"([Tt]able)?(:)(?=\s|$)")
_STARTER = re.compile(r"(?:[-+*~:](?=\s|$)|[|>%]|#{1,6}(?=\s|$)|:::|---+|===+|~~~|\+[-=]|-{2,})")


def protect_start(line: str) -> str:
    """A line escaped so that Pandoc's Markdown reads its beginning as text, not as a list, heading, table or rule."""
    if match := _NUMBER.match(line):
        return f"{match[1]}\\{line[match.start(2) :]}"
    if match := _CAPTION.match(line):
        return f"{line[: match.start(2)]}\\{line[match.start(2) :]}"
    return f"\\{line}" if _STARTER.match(line) else line
