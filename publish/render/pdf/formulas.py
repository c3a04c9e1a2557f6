"""Formulas on pages: MathML gives way to drawings, in pieces where a line may end, as wide as the measure at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from publish.edition.markup import xhtml
from publish.edition.markup.xhtml import MATHML, SVG, H
from publish.edition.publication import Formula
from publish.errors import Place
from publish.findings import Finding
from publish.formulas import tex
from publish.formulas.engine import FormulaPiece, Setting, Wish, typeset
from publish.render import PreparedChapter
from publish.render.tables import MATH, PIECES, RISE, ROOM

NOTE = 0.81  # of the body size
_CELLS = frozenset({f"{H}td", f"{H}th"})
_ABOVE, _BELOW = 1.1, 0.45  # em that a line has above and below its baseline
_MARGIN = 0.8  # em above and below a displayed formula, together
# What a block that stands in another takes of the measure, in em: about as much in all themes.
_INDENTS = {"li": 2.0, "blockquote": 4.0, "dd": 2.0, "details": 2.0, "aside": 2.0}
_BEGINNING = frozenset(["p", "div"])  # blocks whose first line may be indented
_ITEMS = frozenset(["li", "dd", "dt"])
_BLOCKS = frozenset("p ul ol dl div table figure blockquote pre section".split())
_BESIDE = 1.5  # em between a formula and its number
_APART = 0.5  # of that, what the number has where the formula leaves no more
_FOUND = 1.02  # a formula so little too wide is set smaller and nobody sees it


@dataclass(frozen=True)
class _Place:
    """A formula in a chapter's tree: its TeX as it stands beside the MathML, what is set, the measure in em."""

    chapter: PreparedChapter
    math: xhtml.Element
    source: str
    formula: Formula
    display: bool
    number: xhtml.Element | None
    measure: float


def measure_formulas(chapters: Sequence[PreparedChapter]) -> None:
    """Say of each formula in a cell how wide and high it is: columns are shared out before formulas are drawn."""
    wishes = [
        (math, Wish(_formula(chapter, _source(math)).tex, display=False))
        for chapter in chapters
        for math in chapter.tree.iter(MATH)
        if any(above.tag in _CELLS for above in math.iterancestors())
    ]
    settings = typeset(wish for _, wish in wishes)
    for math, wish in wishes:
        pieces = settings[wish].pieces
        rise = sum(max(piece.height - _ABOVE, 0.0) + max(piece.depth - _BELOW, 0.0) for piece in pieces)
        rise += _MARGIN if math.get("display") == "block" else 0.0
        math.set(PIECES, " ".join(f"{piece.width:.2f}" for piece in pieces))
        math.set(RISE, f"{rise:.2f}")


def draw_formulas(chapters: Sequence[PreparedChapter], characters: int, families: str) -> dict[str, list[Finding]]:
    """Put drawings in the place of formulas; what could not be done as it was written, by the chapter's key.

    `characters` is the measure in em of the body, `families` are those of the text, for the Han in a formula.
    """
    places = [_place(chapter, math, characters) for chapter in chapters for math in list(chapter.tree.iter(MATH))]
    wishes = {id(place): Wish(place.formula.tex, place.display) for place in places}
    settings = typeset(wishes.values())
    wide = {
        id(place): Wish(place.formula.tex, place.display, round(place.measure, 2))
        for place in places
        if place.display and settings[wishes[id(place)]].width > place.measure
    }
    narrow = typeset(wide.values())
    findings: dict[str, list[Finding]] = {}
    for place in places:
        found = findings.setdefault(place.chapter.chapter.key, [])
        setting = narrow[wide[id(place)]] if id(place) in wide else settings[wishes[id(place)]]
        if setting.error:
            found.append(_finding(place, f"cannot be drawn and is shown as TeX: {setting.error}", "Correct the TeX"))
            _as_tex(place)
            continue
        widest = max((piece.width for piece in setting.pieces), default=0.0)
        if widest > place.measure * _FOUND:
            share = round(place.measure / widest * 100)
            if place.math.get(ROOM):
                problem = f"is {widest:.0f} characters wide and is set at {share} % of its size to fit its column"
                remedy = "Write it as several formulas, or give the table fewer columns"
            else:
                problem = f"is {widest:.0f} characters wide and is set at {share} % of its size to fit the line"
                remedy = r"Break it by hand: \begin{aligned} … \\ … \end{aligned}"
            found.append(_finding(place, problem, remedy))
        (_display if place.display else _inline)(place, setting, families)
    return findings


def _place(chapter: PreparedChapter, math: xhtml.Element, characters: int) -> _Place:
    source = _source(math)
    formula = _formula(chapter, source)
    number = _number(math)
    measure = _measure(math, characters) - (0 if number is None else _width(number) + _BESIDE)
    least = 1.0 if math.get(ROOM) else 4.0
    return _Place(chapter, math, source, formula, math.get("display") == "block", number, max(measure, least))


def _source(math: xhtml.Element) -> str:
    """The TeX that stands beside a formula's MathML."""
    annotation = next(math.iter(f"{{{MATHML}}}annotation"), None)
    return (annotation.text or "").strip() if annotation is not None else ""


def _formula(chapter: PreparedChapter, source: str) -> Formula:
    return chapter.chapter.formulas.get(tex.key(source)) or Formula(source)


def _number(math: xhtml.Element) -> xhtml.Element | None:
    """The number beside a formula: both are alone in a span of the class equation."""
    parent = math.getparent()
    if parent is None or "equation" not in str(parent.get("class") or "").split():
        return None
    return next((one for one in parent if one.get("class") == "number"), None)


def _width(number: xhtml.Element) -> float:
    """How wide a number is, in em."""
    return sum(1.0 if ord(char) > _FIRST_WIDE else 0.5 for char in xhtml.plain(number))


_FIRST_WIDE = 0x2E80


def _measure(math: xhtml.Element, characters: int) -> float:
    """How wide a line is where a formula stands, in em of its own text."""
    width, size, room = float(characters), 1.0, math.get(ROOM)
    for above in math.iterancestors(f"{H}*"):
        if room and above.tag in _CELLS:
            return width - characters + float(room)
        kinds = str(above.get("class") or "").split()
        name = kinds[0].removeprefix("as-") if kinds and kinds[0].startswith("as-") else xhtml.local(above)
        width -= _INDENTS.get(name, 2.0 if "admonition" in kinds else 0.0)
        if name in ("figcaption", "caption", "table") or "footnote" in kinds:
            size = NOTE
        if name == "tr":
            width /= max(len(above), 1)
    return width / size


def _inline(place: _Place, setting: Setting, families: str) -> None:
    """A formula in a line: one drawing, or several between which the line may end."""
    if len(setting.pieces) == 1:
        _put(place.math, _drawing(setting.pieces[0], place, "formula", families))
        return
    whole = place.math.makeelement(f"{H}span", {"class": "formula", "aria-label": place.source})
    for piece, space in zip(setting.pieces, (*setting.spaces, 0.0), strict=True):
        whole.append(_drawing(piece, place, "piece", families))
        if space:
            whole[-1].tail = " "
        elif piece is not setting.pieces[-1]:
            whole.append(xhtml.seam(whole, ""))
    _put(place.math, whole)


def _display(place: _Place, setting: Setting, families: str) -> None:
    """A formula on a line of its own, its number, if it has one, at the line's end; the text goes on without indent."""
    row = place.math.makeelement(f"{H}span", {"class": "formula-display"})
    piece = setting.pieces[0] if setting.pieces else FormulaPiece(0, 0, 0, "")
    drawing = _drawing(piece, place, "formula", families)
    row.append(drawing)
    outer = place.math
    if place.number is not None:
        equation = place.math.getparent()
        outer = outer if equation is None else equation
        _put_beside(row, drawing, piece, place.number, place.measure)
        row.set("id", outer.get("id") or "")
    _put(outer, row)
    _go_on(row)


def _put_beside(
    row: xhtml.Element, drawing: xhtml.Element, piece: FormulaPiece, number: xhtml.Element, measure: float
) -> None:
    """A formula in the middle of its line, as far as the number at the end lets it be there."""
    width = min(piece.width, measure)
    own = _width(number)
    before = behind = f"calc(50% - {_em(width / 2 + 0.01)})"
    if (measure + own + _BESIDE - width) / 2 < own + _APART:
        before, behind = f"calc(100% - {_em(width + own + _APART + 0.01)})", _em(own + _APART)
    drawing.set("style", f"{drawing.get('style')};margin-left:{before}")
    below = max(piece.depth - piece.height, 0.0) / 2  # of a formula in several lines
    number.set("style", f"width:{behind};vertical-align:{_em(-below)}")
    number.tail = None
    row.set("class", "formula-display numbered")
    row.append(number)


def _go_on(row: xhtml.Element) -> None:
    """Wrap what follows a formula in its paragraph, which goes on and does not begin."""
    parent = row.getparent()
    if parent is not None and xhtml.local(parent) in _ITEMS:
        parent = _wrapped(parent)
    following = [] if parent is None else list(row.itersiblings())
    text, row.tail = row.tail or "", None
    if parent is None or xhtml.local(parent) not in _BEGINNING or not (text.strip() or following):
        row.tail = text or None
        return
    rest = row.makeelement(f"{H}span", {"class": "goes-on"})
    rest.text = text.lstrip()
    rest.extend(following)
    parent.append(rest)


def _wrapped(item: xhtml.Element) -> xhtml.Element:
    """The lines of an item that has no paragraphs in a division: the structure of a list knows one body an item."""
    body = item.makeelement(f"{H}div")
    body.text, item.text = item.text, None
    nested = next((number for number, one in enumerate(item) if xhtml.local(one) in _BLOCKS), len(item))
    body.extend(list(item)[:nested])
    item.insert(0, body)
    return body


def _put(math: xhtml.Element, made: xhtml.Element) -> None:
    parent = math.getparent()
    if parent is not None:
        made.tail = math.tail
        parent.replace(math, made)


def _drawing(piece: FormulaPiece, place: _Place, kind: str, families: str) -> xhtml.Element:
    """A piece as SVG on the baseline, no wider than the line; a formula in one piece has its TeX for those who hear."""
    width, share = piece.width, min(1.0, place.measure / piece.width) if piece.width else 1.0
    box = f"0 {-piece.height * 1000:.0f} {width * 1000:.0f} {(piece.height + piece.depth) * 1000:.0f}"
    size = f"width:{_em(width * share)};height:{_em((piece.height + piece.depth) * share)}"
    style = f"{size};vertical-align:{_em(-piece.depth * share)}"
    source = f'<svg xmlns="{SVG}" class="{kind}" viewBox="{box}" style="{style}">{piece.body}</svg>'
    made = etree.fromstring(source)
    if "<text" in piece.body:
        made.set("font-family", families)
    if kind == "formula":
        made.set("aria-label", place.source)
    if "<path" not in piece.body:  # words alone stand among words
        made.set("data-words", "")
    return made


def _em(length: float) -> str:
    return f"{length:.4g}em"


def _as_tex(place: _Place) -> None:
    """A formula that has no drawing, as TeX."""
    code = place.math.makeelement(f"{H}span", {"class": "math error"})
    code.text = place.source or xhtml.plain(place.math)
    _put(place.math, code)


def _finding(place: _Place, problem: str, remedy: str) -> Finding:
    shown = " ".join(place.source.split())
    shown = shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…"
    where = Place(place.chapter.chapter.file, place.formula.line)
    return Finding("pdf-math", "warning", where, f"the formula {shown} {problem}", remedy)


_SHOWN = 60
