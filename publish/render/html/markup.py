"""XHTML written as HTML, with spans around what a stylesheet cannot find by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from lxml import etree
from markupsafe import Markup

from publish.edition.markup import xhtml
from publish.edition.markup.xhtml import H
from publish.han import LETTERS
from publish.render.links import break_addresses
from publish.render.titles import break_headings
from publish.typography import marks

XLINK = "http://www.w3.org/1999/xlink"
VOID = frozenset({"br", "col", "hr", "img", "input", "wbr"})

_LATIN = "0-9A-Za-z\u00c0-\u024f\u0370-\u052f"
_MARKS = "「『（《〈【〔［｛〖“‘」』）》〉】〕］｝〗”’，。、；：！？．"
_WORD = f"[^\\s{LETTERS}{_MARKS}]+(?:’[^\\s{LETTERS}{_MARKS}]+)*"
# What a stylesheet cannot find by itself: words with spaces between them that are no gaps beside Han, a Latin word's
# apostrophe; for browsers that space nothing by themselves, a Han character beside Latin, and marks beside each other.
_FINE = re.compile(
    f"(?P<blank>（[ \u3000\u00a0]{{1,8}}）)"
    f"|(?P<words>(?<![^\\s{LETTERS}{_MARKS}]){_WORD}(?: {_WORD})+)"
    f"|(?P<apostrophe>(?<=[{_LATIN}])’(?=[{_LATIN}]))|(?P<tight>[{LETTERS}][,.:;!?])"
    f"|(?P<between>(?<=[{_LATIN}])[{LETTERS}](?=[{_LATIN}]))|(?P<before>[{LETTERS}](?=[{_LATIN}]))"
    f"|(?P<after>(?<=[{_LATIN}])[{LETTERS}])|(?P<mark>[{_MARKS}])"
)
_LATIN_LETTER, _HAN = re.compile(f"[{_LATIN}]"), re.compile(f"[{LETTERS}]")
_WIDE = re.compile(f"[{LETTERS}，。、；：！？）》]")
_APOSTROPHE = re.compile(f"(?<=[{_LATIN}])’(?=[{_LATIN}])")
_SPANS = {
    "blank": "unbroken",
    "words": "words",
    "apostrophe": "apostrophe",
    "tight": "tight",
    "between": "before-latin after-latin",
    "before": "before-latin",
    "after": "after-latin",
    "mark": "half",
}
# What browsers do not part: marks that open, a word, marks that close; a line is torn where one does not fit into it.
_UNIT = re.compile(f"[「『（《〈【〔［｛〖“‘]*{_WORD}[」』）》〉】〕］｝〗”’，。、；：！？．]*")
_WITHIN, _WITHIN_LONG, _LONG = re.compile("[-/]"), re.compile("[-/.?&=#%_~:,]"), 24  # where `break_addresses` parts one
# The ems of a short line of any screen, and of a phone's; those left over that are too many for a line of Han.
_TORN = ((30, 8, "ragged-all"), (15, 3, "ragged"))
_FEWEST = 2  # ems that are never too many
_NOTHING = "\u2060"  # stands for a character that is no neighbour
_BEHIND_CLOSE = frozenset((marks.CLOSE, marks.STOP, marks.CENTRED, marks.INTERPUNCT, marks.IDEOGRAPHIC))
_BEFORE_OPEN = _BEHIND_CLOSE | {marks.OPEN, marks.NEWLINE, ""}  # a line end, or nothing: a paragraph begins


def html_markup(tree: xhtml.Element, tag: str) -> Markup:
    """What a tree in a region's language holds, as HTML (HTML §13.3).

    Spans go around what a stylesheet cannot find by itself. `unbroken`: a blank to fill in, （　）. `words`: Latin
    words with spaces of their own; other spaces stand between Han and Latin, a quarter of a square beside the eighth
    that `text-autospace` sets (CSS Text 4 §8.2.1), and are made narrower. `tight`: Han before a mark of half a square,
    where Chromium sets it too. `apostrophe`: U+2019 within a Latin word, which Chinese fonts draw a full square wide.
    For browsers that set neither by themselves, `before-latin` and `after-latin`: Han where `text-autospace` sets an
    eighth; `half`: a mark that `text-spacing-trim` sets half as wide.
    A `wbr` stands beside a quotation mark between Han and Latin, where browsers end no line (UAX 14, LB19a).
    `ragged`: a paragraph with a word so long that on a phone the line before it would be torn apart; `ragged-all`: so
    long that it would on any screen.
    """
    for paragraph in tree.iter(f"{H}p"):
        name = ragged(_said(paragraph))
        if name and "ragged" not in str(paragraph.get("class")):
            xhtml.add_class(paragraph, name)
    pieces = list(_pieces(tree))
    prose = _Prose("".join(_NOTHING * len(text) if fine is None else text for _, text, fine in pieces), tag)
    out, at = [], 0
    for start, text, fine in pieces:
        out += [start, prose.part(at, at + len(text)) if fine else escape(text, quote=False)]
        at += len(text)
    return break_addresses(break_headings("".join(out)))


def _said(paragraph: xhtml.Element) -> str:
    """What a paragraph says; a formula in it, which no line's end parts, as one word."""
    pieces = [paragraph.text or ""]
    for element in paragraph:
        inside = _said(element)
        is_formula = xhtml.local(element) == "math"
        pieces += ["x" * len("".join(inside.split())) if is_formula else inside, element.tail or ""]
    return "".join(map(str, pieces))


def ragged(text: str) -> str:
    """Whether lines of a paragraph would be torn apart if they all ended at the margin: on a phone, on any screen.

    What is left over goes between Han and into spaces: the fewer of them a line has, the less it may be.
    """
    widest = max((_width(found[0]) for found in _UNIT.finditer(text)), default=0)
    if widest < _FEWEST:
        return ""
    gaps = sum(1 for char in text if char.isspace() or _HAN.match(char) or char in _MARKS)
    whole = _long(text)
    share = min(1, gaps / whole)
    return next((name for line, ems, name in _TORN if whole > line and widest >= ems * share), "")


def _width(unit: str) -> float:
    """About how many ems what cannot be parted takes."""
    parts = (_WITHIN_LONG if len(unit) >= _LONG else _WITHIN).split(unit)
    return max(map(_long, parts))


def _long(text: str) -> float:
    """About how many ems a text takes."""
    return sum(1 if char in _MARKS or _HAN.match(char) else 0.64 if char.isupper() else 0.5 for char in text)


def _marked_apostrophe(found: re.Match[str]) -> str:
    return f'<span class="apostrophe">{found[0]}</span>'


class _Prose:
    """A text of several elements, given out in parts with its fine spacing marked; neighbours outside a part count."""

    def __init__(self, text: str, tag: str) -> None:
        self._text = text
        self._classes = marks.classes(text, tag)

    def part(self, at: int, end: int) -> str:
        """A part of the text, escaped."""
        text, out = self._text, []
        for found in _FINE.finditer(text, at, min(end + 1, len(text))):
            start, stop = found.start(), min(found.end(), end)
            is_mark = found.lastgroup == "mark"
            before, behind = self._ends(start) if is_mark else ("", "")
            plain = is_mark and not self._is_half(start)
            if start >= end or (plain and not before and not behind):
                continue
            shown = _APOSTROPHE.sub(_marked_apostrophe, escape(text[start:stop], quote=False))
            span = shown if plain else f'<span class="{_SPANS[str(found.lastgroup)]}">{shown}</span>'
            out += [escape(text[at:start], quote=False), before, span, behind]
            at = stop
        return "".join([*out, escape(text[at:end], quote=False)])

    def _ends(self, at: int) -> tuple[str, str]:
        """Where a line may end beside a quotation mark and a browser ends none."""
        before, after = self._text[at - 1 : at], self._text[at + 1 : at + 2]
        if self._text[at] in "“‘" and _LATIN_LETTER.match(after) and _WIDE.match(before):
            return "<wbr>", ""
        return "", "<wbr>" if self._text[at] in "”’" and _LATIN_LETTER.match(before) and _HAN.match(after) else ""

    def _is_half(self, at: int) -> bool:
        """Whether a mark gives up its empty half to its neighbour (CSS Text 4 §8.4.1)."""
        before, here, after = (self._classes[one : one + 1] if one >= 0 else "" for one in (at - 1, at, at + 1))
        if here == marks.OPEN:
            return before in _BEFORE_OPEN
        return self._text[at] not in "：；！？" and here in (marks.CLOSE, marks.STOP) and after in _BEHIND_CLOSE


def _pieces(tree: xhtml.Element) -> Iterator[tuple[str, str, bool | None]]:
    """Each tag inside a tree, the text behind it, and whether that text is prose: neither code nor a formula.

    None for a reading, which stands above the line and is no neighbour of anything on it.
    """
    literal = above = 0
    yield "", tree.text or "", True
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if element is tree:
            continue
        name = xhtml.local(element)
        step = 1 if event == "start" else -1
        literal += step * (name in xhtml.LITERAL)
        above += step * (name in ("rt", "rp"))
        fine = None if above else not literal
        if event == "start":
            yield _start_tag(element, name), element.text or "", fine
        else:
            yield "" if name in VOID else f"</{name}>", element.tail or "", fine


def _start_tag(element: xhtml.Element, name: str) -> str:
    """An element's start tag. HTML knows `lang` only, and eats the first line end of a `pre`."""
    attributes: dict[str, str] = {}
    for key, value in element.attrib.items():
        known = etree.QName(str(key))
        prefix = "xlink:" if known.namespace == XLINK else ""
        attributes.setdefault(prefix + known.localname, f'"{escape(str(value))}"')
    line = "\n" if name == "pre" and (element.text or "").startswith("\n") else ""
    return f"<{name}{''.join(f' {key}={value}' for key, value in attributes.items())}>{line}"
