"""What two PDFs of one book must have in common: what stands where, links and where they lead, bookmarks, structure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pikepdf


def likeness(path: Path) -> dict[str, Any]:
    """A PDF's content in a form that compares: lengths in points, rounded to a tenth; glyphs by number."""
    with pikepdf.open(path) as pdf:
        numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        marked = [_content(page) for page in pdf.pages]
        root = pdf.Root
        named = list(root.Names.Dests.Names) if "/Names" in root else []
        destinations = {str(key): _place(to, numbers) for key, to in zip(named[::2], named[1::2], strict=True)}
        return {
            "boxes": [
                [_lengths(page.obj[key]) for key in ("/MediaBox", "/TrimBox", "/BleedBox")] for page in pdf.pages
            ],
            "shown": [sorted(shown) for shown, _ in marked],
            "links": [sorted(_link(one) for one in page.obj.get("/Annots", ())) for page in pdf.pages],
            "destinations": destinations,
            "outline": _outline(root.Outlines, numbers) if "/Outlines" in root else None,
            "labels": [str(page.label) for page in pdf.pages],
            "structure": _element(root.StructTreeRoot.K[0], numbers, [texts for _, texts in marked]),
            "parents": _parents(pdf),
            "fonts": sorted(_name(font) for font in pdf.pages[-1].obj.Resources.Font.values()),
            "metadata": root.Metadata.read_bytes(),
            "information": {key: str(value) for key, value in pdf.docinfo.items()},
            "catalog": sorted(root.keys()),
        }


def _name(font: Any) -> str:
    """A font's name, and the glyphs that it has widths for."""
    widths = font.DescendantFonts[0].W if "/DescendantFonts" in font else font.Widths
    return f"{font.BaseFont} {len(widths)}"


def _content(page: pikepdf.Page) -> tuple[list[Any], dict[int, str]]:
    """What is shown on a page and where, and the glyphs of each piece of marked content."""
    shown: list[Any] = []
    marked: dict[int, str] = {}
    number, font, text = None, "", (0.0, 0.0)
    matrices = [(1.0, 0.0, 0.0, 1.0, 0.0, 0.0)]
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name == "q":
            matrices.append(matrices[-1])
        elif name == "Q":
            matrices.pop()
        elif name == "cm":
            matrices[-1] = _times([float(one) for one in operands], matrices[-1])
        elif name == "BDC":
            number = int(operands[1].MCID) if "/MCID" in operands[1] else None
        elif name == "EMC":
            number = None
        elif name == "Tf":
            font = f"{page.obj.Resources.Font[operands[0]].BaseFont} {float(operands[1]):.2f}"
        elif name == "Tm":
            text = tuple(_times([float(one) for one in operands], matrices[-1])[4:])
        elif name == "TJ":
            glyphs = "".join(bytes(one).hex() for one in operands[0] if isinstance(one, pikepdf.String))
            steps = " ".join(f"{float(one):.0f}" for one in operands[0] if not isinstance(one, pikepdf.String))
            shown.append((_rounded(text), font, glyphs, steps))
            if number is not None:
                marked[number] = marked.get(number, "") + glyphs
        elif name in ("re", "Do"):
            width = [float(one) for one in operands[:2]] if name == "re" else [0, 0]
            shown.append((_rounded(_times([1, 0, 0, 1, *width], matrices[-1])[4:]), name, "", ""))
            if name == "Do" and number is not None:
                marked[number] = "a picture"
    return shown, marked


def _times(one: Any, other: Any) -> tuple[float, ...]:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _rounded(numbers: Any) -> tuple[float, ...]:
    return tuple(round(float(one) + 0.0, 1) + 0.0 for one in numbers)


def _lengths(array: Any) -> tuple[float, ...]:
    return _rounded(array)


def _place(array: Any, numbers: dict[Any, int]) -> tuple[Any, ...]:
    return numbers[array[0].objgen], _rounded([array[2], array[3]])


def _link(annotation: Any) -> tuple[Any, ...]:
    target = annotation.get("/Dest") or annotation.A.URI
    return _lengths(annotation.Rect), str(target), str(annotation.get("/Contents", ""))


def _outline(parent: Any, numbers: dict[Any, int]) -> list[Any]:
    found, one = [], parent.get("/First")
    while one is not None:
        found.append((str(one.Title), _place(one.Dest, numbers), int(one.Count), _outline(one, numbers)))
        assert one.Parent.objgen == parent.objgen
        one = one.get("/Next")
    return [int(parent.Count), found]


def _element(element: Any, numbers: dict[Any, int], texts: list[dict[int, str]]) -> tuple[Any, ...]:
    """A structure element with all below it, each piece of content by the glyphs that it shows."""
    page = numbers[element.Pg.objgen] if "/Pg" in element else None
    below: list[Any] = []
    for kid in element.get("/K", ()):
        if isinstance(kid, int):
            assert page is not None
            below.append(texts[page].get(kid, ""))
        elif kid.get("/Type") == "/OBJR":
            assert numbers[kid.Pg.objgen] == page
            below.append(_link(kid.Obj))
        else:
            assert kid.P.objgen == element.objgen
            below.append(_element(kid, numbers, texts))
    kept = [(key, str(element[key])) for key in ("/Lang", "/Alt", "/ActualText") if key in element]
    spans = [int(element.A[key]) for key in ("/ColSpan", "/RowSpan") if "/A" in element and key in element.A]
    heads = len(element.A.Headers) if "/A" in element and "/Headers" in element.A else 0
    return str(element.S), page, kept, spans, heads, "/ID" in element, below


def _parents(pdf: pikepdf.Pdf) -> int:
    """Whether pages and annotations lead to their elements, and these back; ids are no two elements'."""
    tree = dict(pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree).items())
    ids = [
        bytes(each.ID)
        for each in pdf.objects
        if isinstance(each, pikepdf.Dictionary) and "/ID" in each and "/S" in each
    ]
    assert len(ids) == len(set(ids))
    for page in pdf.pages:
        for element in tree[int(page.obj.StructParents)]:
            assert element.Pg.objgen == page.obj.objgen
        for annotation in page.obj.get("/Annots", ()):
            element = tree[int(annotation.StructParent)]
            objects = [kid.Obj.objgen for kid in element.K if not isinstance(kid, int) and kid.get("/Type") == "/OBJR"]
            assert annotation.objgen in objects
    return len(tree)
