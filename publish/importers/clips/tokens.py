"""The inline text of a clip read: pictures, links, code, tags and marks found in html2text's Markdown, as spans."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from urllib.parse import quote

from publish.importers.clips.emphasis import DELIMITERS, ascii_word, styled
from publish.importers.clips.sentences import tidy_spaces
from publish.importers.clips.spans import Span, merge, plain, separate_styles, text_span
from publish.importers.report import Ledger

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
    return merge(styled(spans, ledger))


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
        yield text_span("".join(text[offset] for offset in offsets), line)


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
    return text_span(whole, line)


def _delimiter(match: re.Match[str], line: int) -> Span:
    """An emphasis mark to be paired, or the same characters as text: snake_case, ____, 3 * 4, __init__."""
    mark, text = match[0], match.string
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    if mark == "_":
        run = re.match(r"_+", text[match.start() :])
        whole = re.match(r"__[0-9A-Za-z]\w*?__(?![0-9A-Za-z])", text[match.start() :], re.ASCII)
        if run and len(run[0]) > 2:  # noqa: PLR2004  # a blank to fill in: ____
            return text_span(run[0], line)
        if whole:
            return text_span(whole[0], line)
        literal = ascii_word(before) and ascii_word(after)
    elif mark == "*":
        literal = (not after.strip() and not before.strip()) or (ascii_word(before) and ascii_word(after))
    else:
        literal = False
    return text_span(mark, line) if literal else Span("delimiter", DELIMITERS[mark], mark, line)
