"""The parts of a book's PDF joined into one: pages, margins, fonts, links, bookmarks and one structure."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from publish.cache import Cache
from publish.render.pdf.records import Piece
from publish.weasy.embedding import embed
from publish.weasy.parts import bookmark_tree
from publish.weasy.records import NotApartError, PageRecord

# Content between a page's own and its margins', which no reader reads aloud (PDF/UA-1 §7.1).
_BEFORE, _BETWEEN, _BEHIND = b"q\n", b"\nQ /Artifact <</Type /Pagination>> BDC q\n", b"\nQ EMC\n"
_KINDS = ("/ExtGState", "/XObject", "/Pattern", "/Shading")
# Names of resources that mean the same in each PDF of WeasyPrint's: alphas by value, images by address.
_SAME = ("/a", "/A", "/i")


@contextmanager
def joined(
    front: Piece, texts: Sequence[Piece], margins: Piece, shown: Sequence[int], cache: Cache
) -> Iterator[pikepdf.Pdf]:
    """The front matter's PDF with the pages of the text after it, to be saved before the context ends.

    `shown` are the pages of the text, counted from 0, that have anything in their margins: the pages of `margins`, in
    order. Raises `NotApartError` where the parts do not fit together.
    """
    with ExitStack() as opened:
        pdf = opened.enter_context(pikepdf.open(front.file))
        sources = [opened.enter_context(pikepdf.open(piece.file)) for piece in texts]
        edges = opened.enter_context(pikepdf.open(margins.file))
        records = [font for piece in (front, *texts, margins) for font in piece.part.fonts]
        embedded = opened.enter_context(pikepdf.open(io.BytesIO(embed(records, cache))))
        start = len(pdf.pages)
        resources = [pdf.pages[0].obj.Resources, *(_append(pdf, source) for source in sources)]
        _share(resources, pdf.copy_foreign(embedded.Root.Fonts))
        if shown:
            _share_names(resources, pdf.copy_foreign(edges.pages[0].obj.Resources))
        _add_margins(pdf, edges, [start + number for number in shown])
        _join_structures(pdf, sources, start)
        _set_destinations(pdf, [pdf, *sources], [front, *texts])
        _set_outline(pdf, [page for piece in (front, *texts) for page in piece.part.pages])
        yield pdf


def _append(pdf: pikepdf.Pdf, source: pikepdf.Pdf) -> Any:
    """Append a part's pages; return the resources that they share."""
    first = len(pdf.pages)
    for page in source.pages:
        pdf.pages.append(page)
    return pdf.pages[first].obj.Resources


def _share(resources: Sequence[Any], fonts: Any) -> None:
    """One set of fonts, one colour profile, and each picture once."""
    pictures: dict[bytes, Any] = {}
    for each in resources:
        for name, font in fonts.items():
            each.Font[name] = font  # in the dictionary itself: the patterns' resources lead to it, too
        each.ColorSpace = resources[0].ColorSpace
        for name, picture in list(each.get("/XObject", Dictionary()).items()):
            if picture.get("/Subtype") == "/Image":
                key = hashlib.sha256(picture.read_raw_bytes() + _mask(picture)).digest()
                each.XObject[name] = pictures.setdefault(key, picture)


def _mask(picture: Any) -> bytes:
    """What tells pictures with the same bytes apart: their sides and their mask."""
    mask = picture.get("/SMask")
    return b"%d %d " % (picture.Width, picture.Height) + (mask.read_raw_bytes() if mask is not None else b"")


def _share_names(resources: Sequence[Any], edges: Any) -> None:
    """Let the margins' content find what it names among the resources of each page."""
    for kind in _KINDS:
        for name, value in edges.get(kind, Dictionary()).items():
            if not name.startswith(_SAME):
                raise NotApartError("the margins draw more than text and pictures")
            for each in resources:
                if name not in each[kind]:
                    each[kind][name] = value


def _add_margins(pdf: pikepdf.Pdf, edges: pikepdf.Pdf, numbers: Sequence[int]) -> None:
    before, between, behind = (pdf.make_indirect(pdf.make_stream(data)) for data in (_BEFORE, _BETWEEN, _BEHIND))
    for number, edge in zip(numbers, edges.pages, strict=True):
        page = pdf.pages[number].obj
        page.Contents = Array([before, page.Contents, between, pdf.copy_foreign(edge.obj.Contents), behind])


def _join_structures(pdf: pikepdf.Pdf, sources: Sequence[pikepdf.Pdf], start: int) -> None:
    """One tree of all structures: the pages' entries in its parent tree come first, then those of annotations."""
    root = pdf.Root.StructTreeRoot
    whole = root.K[0]
    pages, annotations = _entries(root.ParentTree, start)
    total = len(pdf.pages)
    _renumber(pdf, range(start), total - start)
    first = start
    for source in sources:
        count = len(source.pages)
        more, others = _entries(pdf.copy_foreign(source.Root.StructTreeRoot.ParentTree), count)
        for kid in pdf.copy_foreign(source.Root.StructTreeRoot.K[0]).K:
            kid.P = whole
            whole.K.append(kid)
        for number in range(first, first + count):
            pdf.pages[number].obj.StructParents = number
        _renumber(pdf, range(first, first + count), total + len(annotations) - count)
        pages += more
        annotations += others
        first += count
    root.ParentTree.Nums = Array([part for pair in enumerate([*pages, *annotations]) for part in pair])


def _entries(tree: Any, pages: int) -> tuple[list[Any], list[Any]]:
    """The entries of a part's parent tree: of its pages, and of its annotations."""
    values = list(tree.Nums)[1::2]
    return values[:pages], values[pages:]


def _renumber(pdf: pikepdf.Pdf, numbers: range, offset: int) -> None:
    """Move the annotations of some pages to their places in the joined parent tree."""
    for number in numbers:
        for annotation in pdf.pages[number].obj.get("/Annots", ()):
            if "/StructParent" in annotation:
                annotation.StructParent = int(annotation.StructParent) + offset


def _set_destinations(pdf: pikepdf.Pdf, sources: Sequence[pikepdf.Pdf], pieces: Sequence[Piece]) -> None:
    """The named destinations of all parts; the first of those with one name. Every link must have its own."""
    found: dict[bytes, tuple[pikepdf.String, Any]] = {}
    first = 0
    for source, piece in zip(sources, pieces, strict=True):
        places = dict(_destinations(source))
        for number, record in enumerate(piece.part.pages, first):
            for anchor in record.anchors:
                name = bytes(pikepdf.String(anchor))
                if name in places and name not in found:
                    _, kind, x, y, zoom = list(places[name])
                    found[name] = pikepdf.String(anchor), Array([pdf.pages[number].obj, kind, x, y, zoom])
        first += len(piece.part.pages)
    _refuse_lost_links(pdf, frozenset(found))
    names = Array([part for _, pair in sorted(found.items()) for part in pair])
    pdf.Root.Names = Dictionary(Dests=Dictionary(Names=names))


def _destinations(pdf: pikepdf.Pdf) -> Iterator[tuple[bytes, Any]]:
    names = list(pdf.Root.get("/Names", Dictionary()).get("/Dests", Dictionary()).get("/Names", ()))
    for name, place in zip(names[::2], names[1::2], strict=True):
        yield bytes(name), place


def _refuse_lost_links(pdf: pikepdf.Pdf, known: frozenset[bytes]) -> None:
    for page in pdf.pages:
        for annotation in page.obj.get("/Annots", ()):
            place = annotation.get("/Dest")
            if isinstance(place, pikepdf.String) and bytes(place) not in known:
                raise NotApartError(f"a link leads to #{place}, which no page has")


def _set_outline(pdf: pikepdf.Pdf, records: Sequence[PageRecord]) -> None:
    """The bookmarks of all pages in one tree, as WeasyPrint nests them."""
    tree = bookmark_tree(records)
    if tree:
        root = pdf.make_indirect(Dictionary())
        root.Count = _add_bookmarks(pdf, root, tree)
        pdf.Root.Outlines = root


def _add_bookmarks(pdf: pikepdf.Pdf, parent: Any, tree: Sequence[Any]) -> int:
    """Put bookmarks below another; return how many lines they take, open ones shown (ISO 32000-1 §12.3.3)."""
    made, count = [], len(tree)
    for title, (number, x, y), children, state in tree:
        place = Array([pdf.pages[number].obj, Name.XYZ, round(x, 6), round(y, 6), 0])
        item = pdf.make_indirect(Dictionary(Title=pikepdf.String(title), Dest=place, Parent=parent))
        below = _add_bookmarks(pdf, item, children)
        item.Count = -below if state == "closed" else below
        count += 0 if state == "closed" else below
        made.append(item)
    for one, following in pairwise(made):
        one.Next, following.Prev = following, one
    if made:
        parent.First, parent.Last = made[0], made[-1]
    return count
