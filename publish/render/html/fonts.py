"""Which faces come with the web pages, cut into slices by `unicode-range` so that a page loads what it shows."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

from publish import fonts
from publish.edition.markup import xhtml
from publish.edition.publication import Publication
from publish.errors import Place
from publish.findings import Finding
from publish.render import families_css
from publish.render.faces import face_of
from publish.themes import read_theme

TEXT, HEADING = "Book Text", "Book Heading"
FOLDER = "assets/fonts"
# Signs that lists, notes and emphasis set without their standing in the text.
_MADE = frozenset(map(ord, " ・•◦▪0123456789."))
# What stands on an eighth of the pages is cut by itself, the most frequent first: a browser then has most of it already
# when the next page comes. With a half, the first page would load a third less, and a book of 100 chapters twice that.
_COMMON = 1 / 8
# Characters in a slice: of a Song face some 25 kB.
_SLICE = 128
# A page that shows fewer of a slice's characters than this has them in a slice of its own.
_WORTH = 1 / 8

_BOLD = xhtml.HEADINGS | {"b", "strong", "dt", "th"}

Points = frozenset[int]


@dataclass(frozen=True)
class PageText:
    """The characters that a page shows: in its text, in what is bold of it, in its headings."""

    regular: Points
    bold: Points = frozenset()
    heading: Points = frozenset()

    def __or__(self, other: PageText) -> PageText:
        return PageText(self.regular | other.regular, self.bold | other.bold, self.heading | other.heading)

    def of(self, style: str) -> Points:
        """The characters that a face of this style (`regular`, `bold`, `heading`) sets."""
        found: Points = getattr(self, style)
        return found | _MADE if found and style == "regular" else found


@dataclass(frozen=True)
class WebFace:
    """A face that comes with the pages, for one style of `regular`, `bold` and `heading`."""

    style: str
    face: fonts.Face

    @property
    def family(self) -> str:
        """The name that the stylesheet calls it by."""
        return HEADING if self.style == "heading" else TEXT


@dataclass(frozen=True)
class Sliced:
    """Files by their names below `FOLDER`, and the `@font-face` rules of each page."""

    files: Mapping[str, bytes]
    rules: Mapping[str, str]


@dataclass(frozen=True)
class WebFonts:
    """The faces of the web edition; none is the usual case.

    No fallback needs `size-adjust`: Han are a square in every font, and lines have a height of their own.
    """

    faces: tuple[WebFace, ...] = ()

    @property
    def credits(self) -> tuple[fonts.Credit, ...]:
        """What the faces say of themselves, each once."""
        return tuple(dict.fromkeys(fonts.credit(one.face) for one in self.faces))

    @property
    def licence(self) -> str:
        """The note that lies beside the slices."""
        lines = [f"{one.name}\n{one.copyright}\n{one.licence}\n" for one in self.credits]
        return "\n".join(["Parts of these fonts, cut to the text of the pages:\n", *lines])

    def families(self, publication: Publication) -> dict[str, str]:
        """The families by role as CSS has them: `text` for running text, `display` for headings, `own` without ours."""
        own = publication.edition.region.fonts.for_screens
        role = read_theme(publication.theme).text
        lists = {name: list(getattr(own, name)) for name in ("body", "heading", "quote", "mono")}
        lists |= {"own": list(own.body), "text": list(getattr(own, role)), "display": list(own.heading)}
        given = {one.family for one in self.faces}
        if TEXT in given:
            for name in ("text", "body", "quote") if role == "body" else ("text",):
                _insert(lists[name], TEXT, getattr(own, role))
        if HEADING in given:
            lists["display"].insert(0, HEADING)
        return {name: families_css(families) for name, families in lists.items()}

    def text(self, regular: str, *, bold: str = "", heading: str = "") -> PageText:
        """The characters of these texts; none where no face comes along, for then nobody asks."""
        return PageText(*(frozenset(map(ord, one)) if self.faces else frozenset() for one in (regular, bold, heading)))

    def shown(self, trees: Iterable[xhtml.Element], title: str) -> PageText:
        """The characters that trees show beside a title in running text, in what is bold of it, and in headings."""
        if not self.faces:
            return self.text("")
        regular, bold, heading = [title], [title], [title]
        for tree in trees:
            for text, names in _prose(tree, frozenset()):
                regular.append(text)
                bold += [text] if names & _BOLD else []
                heading += [text] if names & xhtml.HEADINGS else []
        return self.text("".join(regular), bold="".join(bold), heading="".join(heading))

    def slice(self, pages: Mapping[str, PageText]) -> Sliced:
        """The slices for pages by their keys, and what each page says of those that it shows."""
        files: dict[str, bytes] = {}
        rules = dict.fromkeys(pages, "")
        for one in self.faces:
            known = fonts.covered(one.face)
            shown = {key: text.of(one.style) & known for key, text in pages.items()}
            wanted = {key: _slices(points, _shared(shown.values())) for key, points in shown.items()}
            parts = list(dict.fromkeys(part for page in wanted.values() for part in page))
            whole = fonts.subset(one.face, frozenset().union(*shown.values()))
            made = dict(zip(parts, fonts.slices(whole, parts), strict=True))
            names = {part: _name(one, data) for part, data in made.items()}
            files |= {names[part]: data for part, data in made.items()}
            for key, page in wanted.items():
                rules[key] += "".join(_rule(one, f"{FOLDER}/{names[part]}", _ranges(part)) for part in page)
        return Sliced(files, rules)

    def inside(self, text: PageText) -> str:
        """The `@font-face` rules of a page that holds its faces itself."""
        said = (f"{one.name}. {one.copyright} {one.licence}" for one in self.credits)
        out = [f"/* {one.replace('*/', '').replace('<', '')} */\n" for one in said]
        for one in self.faces:
            points = text.of(one.style) & fonts.covered(one.face)
            [data] = fonts.slices(fonts.subset(one.face, points), [points])
            out.append(_rule(one, f"data:font/woff2;base64,{base64.b64encode(data).decode()}", ""))
        return "".join(out)


def web_fonts(publication: Publication) -> tuple[WebFonts, list[Finding]]:
    """The faces that the edition's settings want; what is not installed or may not be copied is left out and said."""
    text = read_theme(publication.theme).text
    found: list[WebFace] = []
    absent = []
    for style in publication.edition.faces["html"] or ():
        role, weight = ("heading", "bold") if style == "heading" else (text, style)
        family = next((one.face.family for one in found if one.family == TEXT and style != "heading"), "")
        face = face_of(publication, role, weight, family)
        if face is None:
            absent.append(style)
        else:
            found.append(WebFace(style, face))
    return WebFonts(tuple(found)), [_missing(publication, absent)] if absent else []


def _prose(element: xhtml.Element, around: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """The pieces of prose in an element, with the names of all elements around each."""
    names = around | {xhtml.local(element)}
    if xhtml.local(element) in xhtml.LITERAL:
        return
    yield element.text or "", names
    for child in element.iterchildren(etree.Element):
        yield from _prose(child, names)
        yield child.tail or "", names


def _insert(families: list[str], name: str, before: Sequence[str]) -> None:
    """Put a family before the first of these; a Kai that quotations are set in stays before it."""
    families.insert(next((index for index, one in enumerate(families) if one in before), len(families)), name)


def _shared(pages: Iterable[Points]) -> list[Points]:
    """The characters of many pages in slices, the most frequent first."""
    listed = list(pages)
    counts = Counter(point for points in listed for point in points)
    least = max(2, len(listed) * _COMMON)
    common = sorted((point for point, count in counts.items() if count >= least), key=lambda one: (-counts[one], one))
    return [frozenset(common[start : start + _SLICE]) for start in range(0, len(common), _SLICE)]


def _slices(points: Points, shared: Sequence[Points]) -> list[Points]:
    """The slices of a page: the shared ones that it shows much of, and one with all the rest."""
    worth = [part for part in shared if len((part & points) - _MADE) >= len(part) * _WORTH]
    rest = points.difference(*worth)
    return [*worth, rest] if rest else worth


def _name(one: WebFace, data: bytes) -> str:
    """A name by what is inside: a browser may keep it for good."""
    return f"{one.style}-{hashlib.sha256(data).hexdigest()[:12]}.woff2"


def _rule(one: WebFace, source: str, ranges: str) -> str:
    limits = f"; unicode-range: {ranges}" if ranges else ""
    return (
        f'@font-face {{ font-family: "{one.family}"; font-weight: {one.face.weight}; font-display: swap; '
        f'src: url({source}) format("woff2"){limits}; }}\n'
    )


def _ranges(part: Points) -> str:
    """Code points as CSS has them: U+4E00-4E01, U+4E09."""
    ordered = sorted(part)
    starts = [ordered[0], *(after for before, after in pairwise(ordered) if after != before + 1)]
    ends = [*(before for before, after in pairwise(ordered) if after != before + 1), ordered[-1]]
    return ", ".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in zip(starts, ends, strict=True))


def _missing(publication: Publication, styles: list[str]) -> Finding:
    role = "heading" if styles == ["heading"] else read_theme(publication.theme).text
    edition = publication.edition
    first = getattr(edition.region.fonts, role)[0]
    return Finding(
        "font-absent",
        "warning",
        Place("", key="html.fonts"),
        f"the web pages of {edition.key} lack a face: none that may be copied is installed ({', '.join(styles)})",
        f"Install {first}, or write fonts: none under html: in the settings",
    )
