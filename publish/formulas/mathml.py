"""MathJax's MathML as MathML Core shows it: no attribute that is only for MathJax, alphabets as characters, columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

from lxml import etree

_MATHML = "http://www.w3.org/1998/Math/MathML"
_M = f"{{{_MATHML}}}"
# Attributes of MathML 3 that MathML Core has no more (§2.1.3, §3.2): they say nothing to a browser.
_GONE = frozenset("linebreakstyle indentshift indentalign columnspacing rowspacing".split())
# MathML 3's alphabets, in the words of Unicode's names.
_ALPHABETS = {
    "bold": "BOLD",
    "italic": "ITALIC",
    "bold-italic": "BOLD ITALIC",
    "double-struck": "DOUBLE-STRUCK",
    "bold-fraktur": "BOLD FRAKTUR",
    "script": "SCRIPT",
    "bold-script": "BOLD SCRIPT",
    "fraktur": "FRAKTUR",
    "sans-serif": "SANS-SERIF",
    "bold-sans-serif": "SANS-SERIF BOLD",
    "sans-serif-italic": "SANS-SERIF ITALIC",
    "sans-serif-bold-italic": "SANS-SERIF BOLD ITALIC",
    "monospace": "MONOSPACE",
    "-tex-calligraphic": "SCRIPT",
    "-tex-bold-calligraphic": "BOLD SCRIPT",
}
# The arrows of chemistry, which MathJax has in a font of its own, by code points for private use.
_ARROWS = str.maketrans(
    {
        "\ue408": "\u21cc",
        "\ue409": "\u21c0",
        "\ue40a": "\u21bd",
        "\ue428": "\u2190",
        "\ue429": "\u2192",
        "\ue42a": "\u2194",
        "\ue42b": "\u21c6",
        "\ue42c": "\u2190",
        "\ue42d": "\u2192",
        "\ue42e": "\u2194",
    }
)
_DIGITS = "ZERO ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE".split()


def clean(source: str, tex: str) -> etree._Element:
    """A `math` element with the TeX that an author wrote beside it, as pandoc writes it."""
    root = etree.fromstring(source, etree.XMLParser(remove_blank_text=True, resolve_entities=False))
    for element in root.iter(f"{_M}*"):
        _align(element)
        _in_alphabet(element)
        if element.text:
            element.text = element.text.translate(_ARROWS)
        for name in [str(name) for name in element.attrib if _is_gone(str(name))]:
            del element.attrib[name]
    for element in list(root.iter(f"{_M}mpadded")):
        _pad(element)
    root.set("display", root.get("display") or "inline")
    semantics, row = etree.Element(f"{_M}semantics"), etree.Element(f"{_M}mrow")
    row.extend(list(root))
    annotation = etree.SubElement(semantics, f"{_M}annotation", {"encoding": "application/x-tex"})
    annotation.text = tex
    semantics.insert(0, row)
    root.append(semantics)
    etree.cleanup_namespaces(root)
    return root


def _pad(element: etree._Element) -> None:
    """Spaces for what is wider by a length, which Core takes for its width: the label of an arrow (§3.3.6.1)."""
    width = str(element.get("width") or "")
    for name in ("width", "height", "depth", "voffset", "lspace"):
        if re.match(r"[-+]|.*%", str(element.get(name) or "")):
            del element.attrib[name]
    if not re.fullmatch(r"\+[\d.]+em", width):
        return
    before = str(element.attrib.pop("lspace", "0em"))
    left = float(before.removesuffix("em")) if re.fullmatch(r"[\d.]+em", before) else 0.0
    element.tag = f"{_M}mrow"
    element.insert(0, etree.Element(f"{_M}mspace", {"width": f"{left:.3g}em"}))
    element.append(etree.Element(f"{_M}mspace", {"width": f"{max(float(width[1:-2]) - left, 0):.3g}em"}))


_LINES = frozenset("_\u0332\u2015\u00af\u203e\u0304")


def rule(math: etree._Element) -> None:
    r"""Lines over and under more than a letter, `\underline{\qquad}`, as open frames: no browser stretches signs."""
    for element in list(math.iter(f"{_M}munder", f"{_M}mover")):
        base, line = element if len(element) == 2 else (element, element)  # noqa: PLR2004  # a base and its line
        if line.tag != f"{_M}mo" or (line.text or "").strip() not in _LINES or len(line):
            continue
        if len(base) or base.tag == f"{_M}mspace":
            side = "bottom" if element.tag == f"{_M}munder" else "top"
            element.tag = f"{_M}menclose"
            element.attrib.clear()
            element.set("notation", side)
            element.remove(line)


_BEGIN = re.compile(r"\\begin\s*\{([A-Za-z]+)\*?\}")
# Environments whose rows TeX sets as displayed formulas; of the others a table has the size of text.
_DISPLAYED = frozenset("aligned alignedat align alignat flalign split gather gathered multline eqnarray".split())


def enlarge(math: etree._Element, tex: str) -> None:
    """The rows of a derivation as large as a displayed formula, where pandoc leaves them to the size of a matrix."""
    tables = list(math.iter(f"{_M}mtable"))
    begun = [found for found in _BEGIN.finditer(tex) if found[1] not in _NO_TABLE]
    if len(begun) > len(tables):
        return
    for table, found in zip(tables, begun, strict=False):
        if found[1] in _DISPLAYED and table.get("displaystyle") is None:
            table.set("displaystyle", "true")
        if array := _ARRAY.match(tex, found.start()):
            _draw_lines(table, array)


_ARRAY = re.compile(r"\\begin\s*\{array\}\s*(?:\[\w\])?\s*\{([^{}]*)\}((?:(?!\\begin).)*?)\\end\s*\{array\}", re.DOTALL)


def _draw_lines(table: etree._Element, found: re.Match[str]) -> None:
    r"""The lines of an array, `{c|c}` and `\hline`, which pandoc drops, as borders of its cells."""
    columns = re.findall(r"[lcr]", found[1])
    upright = [re.match(r"\|", found[1]) is not None, *("|" in gap for gap in re.split("[lcr]", found[1])[1:])]
    rows = re.split(r"\\\\(?:\[[^\]]*\])?", found[2])
    across = ["\\hline" in row for row in rows]
    filled = [row for row in table if _length([row])]
    for number, row in enumerate(filled):
        for at, cell in enumerate(_cells(row)):
            sides = [
                name
                for name, drawn in (
                    ("left", not at and upright[0]),
                    ("right", at < len(columns) and upright[at + 1]),
                    ("top", number < len(across) and across[number]),
                    ("bottom", number == len(filled) - 1 and any(across[number + 1 :])),
                )
                if drawn
            ]
            if sides:
                style = "; ".join([str(cell.get("style") or ""), *(f"border-{side}: 1px solid" for side in sides)])
                cell.set("style", style.removeprefix("; "))


def part(math: etree._Element) -> None:
    """Part a long formula of a line behind its signs, as TeX does: a browser breaks a line between formulas only.

    The parts behind the first have the class `part`; the first keeps the TeX of all.
    """
    row = next(math.iter(f"{_M}mrow"), None)
    outer = math[0] if len(math) and math[0].tag == f"{_M}semantics" else math
    if row is None or row.getparent() is not outer or _length([row]) < _LONG:
        return
    _flatten(row)
    parts: list[list[etree._Element]] = [[]]
    depth = 0
    for child in list(row):
        signs = [child, *child] if child.tag == f"{_M}mrow" and len(child) == 1 else [child]
        mark = next((one for one in signs if one.tag == f"{_M}mo"), None)
        sign = (mark.text or "").strip() if mark is not None else ""
        depth += (sign in _OPENING) - (sign in _CLOSING)
        parts[-1].append(child)
        # Not behind a sign that stands before what it belongs to, −x; in brackets, where there is no other way.
        far = not depth or _length(parts[-1]) > _LONG
        if mark is not None and sign in _BREAKS and far and _length(parts[-1]) > len(sign):
            # Something behind it, without which it would stand close to what is before it, to words even closer.
            nothing = etree.Element(f"{_M}mi")
            child.addnext(nothing)
            parts[-1].append(nothing)
            parts.append([])
    before = math
    for children in filter(None, parts[1:]):
        more = etree.fromstring(f'<math xmlns="{_MATHML}" display="inline" class="part"><mrow/></math>')
        more[0].extend(children)
        more.tail, before.tail = before.tail, None
        before.addnext(more)
        before = more


def _length(elements: Iterable[etree._Element]) -> int:
    return sum(len("".join(map(str, one.itertext())).strip()) for one in elements)


def _flatten(row: etree._Element) -> None:
    """Take rows within a row that say nothing of their own, so that its signs are its children."""
    for inner in list(row):
        # One sign in a row is a relation or a letter by it, which its neighbours' spaces depend on.
        if inner.tag == f"{_M}mrow" and not inner.attrib and len(inner) > 1:
            _flatten(inner)
            for child in list(inner):
                inner.addprevious(child)
            row.remove(inner)


_LONG = 24  # signs of a formula that may stand in the way of a line
_OPENING, _CLOSING = frozenset("([{⟨"), frozenset(")]}⟩")
_BREAKS = frozenset("=≈≡≠<>≤≥⩽⩾∼≃≅∝→⇒⇔↔⟹⟶⇌∈⊂⊆≔+−-±×,")
_NO_TABLE = frozenset(["equation", "math", "displaymath"])


def _is_gone(name: str) -> bool:
    return name.startswith("data-") or name in _GONE


def _align(element: etree._Element) -> None:
    """Say of each cell where it stands in its column, as Core wants it: by its style."""
    columns = str(element.get("columnalign") or "").split()
    if element.tag != f"{_M}mtable" or not columns:
        return
    del element.attrib["columnalign"]
    for row in element:
        for number, cell in enumerate(_cells(row)):
            cell.set("style", f"text-align: {columns[min(number, len(columns) - 1)]}")


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    yield from (cell for cell in row if cell.tag == f"{_M}mtd")


def _in_alphabet(element: etree._Element) -> None:
    """Letters of an alphabet as the characters that they are: Core knows the attribute for upright ones alone."""
    variant = element.get("mathvariant")
    if variant is None or variant == "normal":
        return
    del element.attrib["mathvariant"]
    alphabet = _ALPHABETS.get(variant)
    if alphabet and element.text:
        element.text = "".join(letter(char, alphabet) for char in element.text)


@cache
def letter(char: str, alphabet: str) -> str:
    """A letter or digit in an alphabet of mathematics; the same where it has no such letter."""
    found = re.fullmatch(r"(LATIN|GREEK) (SMALL|CAPITAL) LETTER (\w+)", unicodedata.name(char, ""))
    if found:
        case, name = found[2], found[3]
        names = [
            f"MATHEMATICAL {alphabet} {case} {name}",
            f"{alphabet} {case} {name}",
            f"{alphabet} {case} LETTER {name}",
        ]
        names += [f"BLACK-LETTER CAPITAL {name}"] if alphabet == "FRAKTUR" and case == "CAPITAL" else []
        names += ["PLANCK CONSTANT"] if (alphabet, char) == ("ITALIC", "h") else []
    elif char.isdigit() and char.isascii():
        names = [f"MATHEMATICAL {alphabet} DIGIT {_DIGITS[int(char)]}"]
    else:
        return char
    return next((unicodedata.lookup(name) for name in names if _known(name)), char)


def _known(name: str) -> bool:
    try:
        unicodedata.lookup(name)
    except KeyError:
        return False
    return True
