"""A part's PDF taken apart: what is written of it again has other numbers, and is else what it was."""

from __future__ import annotations

import io
import zlib
from itertools import pairwise

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from publish.render.pdf.packed import Packed, pack, stream_of

SAID = "wie 12 0 R, /StructParent 3, 100 % (und) \\ %d"


def picture(pdf: pikepdf.Pdf, color: bytes, **more: object) -> pikepdf.Object:
    head = {"Type": Name.XObject, "Subtype": Name.Image, "Width": 1, "Height": 1, "BitsPerComponent": 8}
    return pdf.make_indirect(pdf.make_stream(color, **head, ColorSpace=Name.DeviceRGB, **more))


@pytest.fixture
def part() -> bytes:
    """Two pages that share their resources; a link with words that look like PDF's own."""
    pdf = pikepdf.new()
    shown, masked = picture(pdf, b"abc"), picture(pdf, b"abc", SMask=picture(pdf, b"a"))
    pictures = Dictionary(i1=shown, i2=picture(pdf, b"abc"), i3=masked, i4=picture(pdf, b"xyz"))
    fonts = pdf.make_indirect(Dictionary())
    shared = pdf.make_indirect(Dictionary(XObject=pictures, Font=fonts, ExtGState=Dictionary(a1=Dictionary(ca=1))))
    for content in (b"/F1 9 Tf /i1 Do /i3 Do", b"/i2 Do /a1 gs"):
        page = Dictionary(Type=Name.Page, MediaBox=[0, 0, 9, 9], Contents=pdf.make_stream(content), Resources=shared)
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    first, second = (page.obj for page in pdf.pages)
    note = pdf.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.Link, Contents=SAID, Dest=String("b"), StructParent=2)
    )
    second.Annots = Array([note])
    pdf.Root.StructTreeRoot = root = pdf.make_indirect(Dictionary())
    whole = pdf.make_indirect(Dictionary(S=Name.Document, P=root))
    one = pdf.make_indirect(Dictionary(S=Name.P, P=whole, Pg=first, K=[0]))
    link = pdf.make_indirect(Dictionary(S=Name.Link, P=whole, Pg=second, Alt=SAID, K=[Dictionary(Obj=note)]))
    whole.K, root.K = Array([one, link]), Array([whole])
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=[0, Array([one]), 1, Array([]), 2, link]))
    pdf.Root.Names = Dictionary(Dests=Dictionary(Names=[String("a"), Array([second, Name.XYZ, 1, 2.5, 0])]))
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def written(packed: Packed, base: int = 1000) -> dict[int, bytes]:
    """The objects by their numbers, as they stand in streams of a book; what is named is from 7 on."""
    found: dict[int, bytes] = {}
    for count, first, data in packed.lines(lambda place: base + place if place >= 0 else 6 - place):
        text = zlib.decompress(data)
        heads = list(map(int, text[:first].split()))
        assert len(heads) == 2 * count
        starts = [*heads[1::2], len(text)]
        for number, (at, end) in zip(heads[::2], pairwise(starts), strict=True):
            found[number] = text[first + at : first + end].strip()
    return found


def test_objects_have_other_numbers_and_texts_are_what_they_were(part):
    packed = pack(part, ["F1"])
    objects = written(packed)
    assert min(objects) == 1000 + packed.first
    assert max(objects) == 1000 + packed.count - 1
    (note,) = packed.pages[1].notes
    read = pikepdf.Object.parse(objects[1000 + note].replace(b"/StructParent %d" % (1000 + note), b"/StructParent 1"))
    assert str(read.Contents) == SAID, "nor is the number in it taken for that of a place"
    assert read.StructParent == 1, "an annotation's place in the structure is its own number"
    elements = [objects[1000 + kid] for kid in packed.kids]
    assert [b"/Pg 1000 0 R" in elements[0], b"/Pg 1001 0 R" in elements[1]] == [True, True]
    document = 7 + packed.names.index("document")
    assert all(b"/P %d 0 R" % document in one for one in elements)
    assert b"/Obj %d 0 R" % (1000 + note) in elements[1]
    leads = b"<< /Limits [ 1000 %d ] /Nums [ 1000 [ %d 0 R ] 1001 [ ] " % (1000 + note, 1000 + packed.kids[0])
    assert objects[1000 + packed.branch].startswith(leads)
    assert packed.asked == ("b",)
    assert packed.places == {"a": (1, "/XYZ 1 2.5 0")}


def test_a_page_draws_with_what_it_names_and_a_picture_is_there_once(part):
    packed = pack(part, ["F1"])
    first, second = (page.draws for page in packed.pages)
    assert {kind: set(names) for kind, names in first.items()} == {"/XObject": {"/i1", "/i3"}, "/Font": {"/F1"}}
    assert {kind: set(names) for kind, names in second.items()} == {"/XObject": {"/i2"}, "/ExtGState": {"/a1"}}
    assert first["/XObject"]["/i1"] == second["/XObject"]["/i2"] != first["/XObject"]["/i3"]
    pictures = [one for one in packed.streams if one.number < 0]
    shown = [zlib.decompress(packed.data[one.start : one.stop]) for one in pictures]
    assert shown == [b"abc", b"a", b"abc"], "what no page shows is not"


def test_what_is_packed_can_be_kept(part):
    packed = pack(part, ["F1"])
    kept = packed.to_bytes()
    assert Packed.from_bytes(kept).to_bytes() == kept
    assert written(Packed.from_bytes(kept)) == written(packed)


def test_objects_stand_in_a_stream_where_its_head_says():
    count, first, data = stream_of([(5, b"<< /A 1 >>"), (9, b"[ ]")])
    assert (count, zlib.decompress(data)) == (2, b"5 0 9 11\n<< /A 1 >>\n[ ]")
    assert first == len(b"5 0 9 11\n")
