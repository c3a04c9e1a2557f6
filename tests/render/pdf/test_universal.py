"""PDF/UA-2 with PDF/A-4: structure that links lead to, and no element where PDF 2.0 has it not."""

from __future__ import annotations

import pikepdf
import pypdfium2
import pytest

from publish.check.pdf import check
from tests.render.pdf.test_finish import structure
from tests.tiny import SETTINGS, make, picture, write_book

TEXT = """\
# 头发 {#hair}

见[后来](#later)。[^1]

[^1]: 一条注。

![一张图](images/dot.png)

- 甲
- 乙

1. 一
2. 二

缆绳
:   七根。

灯
:   一盏。

# 后来 {#later}

回到[头发](#hair)。
"""
INLINE = {"/Span", "/Link", "/Lbl"}


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("universal")
    settings = f"{SETTINGS}\npage: {{accessibility: ua-2}}\n"
    book = write_book(folder / "book", {"book.yaml": settings, "01.md": TEXT, "images/dot.png": picture()})
    make(book, folder / "out", "pdf", editions=("zh-CN",))
    return folder / "out/zh-CN/tiny.pdf"


@pytest.fixture(scope="module")
def pdf(file):
    with pikepdf.open(file) as opened:
        yield opened


def inner(element):
    """The structure elements right below one, those in an element without a meaning taken for it."""
    kids = element.get("/K", pikepdf.Array())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from inner(kid) if kid.S in ("/NonStruct", "/Div") else [kid]


def links(pdf):
    return [one for page in pdf.pages for one in page.obj.get("/Annots", ())]


def test_it_says_what_it_is_and_is_a_pdf_of_that_version(pdf):
    said = pdf.Root.Metadata.read_bytes().decode()
    assert pdf.pdf_version == "2.0"
    assert 'pdfuaid:part="2"' in said
    assert 'pdfuaid:rev="2024"' in said
    assert 'pdfaid:part="4"' in said
    assert 'pdfaid:rev="2020"' in said
    assert "conformance" not in said
    assert "pdfaExtension" not in said
    assert "/Info" not in pdf.trailer


def test_links_and_bookmarks_lead_to_what_they_name_and_older_programs_find_the_page(pdf, file):
    to_later = [one.A for one in links(pdf) if one.A.get("/D") == "later"]
    assert to_later
    assert all(one.SD[0].S == "/H1" for one in to_later)
    assert not [one for one in links(pdf) if "/Dest" in one]
    items = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Title") == "后来"]
    assert [one.A.SD[0].objgen for one in items] == [to_later[0].SD[0].objgen]
    document = pypdfium2.PdfDocument(file)
    pages = {one.get_title(): one.get_dest().get_index() for one in document.get_toc()}
    assert pages["后来"] > pages["头发"] > 0
    assert [one for one in check(file) if one.code == "toc-page"] == []


def test_a_note_and_what_calls_it_name_each_other(pdf):
    notes = [one for one in structure(pdf) if one.S == "/FENote"]
    assert len(notes) == 2  # one is of the second chapter
    for note in notes:
        [caller] = note.Ref
        assert caller.Ref[0].objgen == note.objgen
        assert note.A.NoteType == "/Footnote"
        assert caller.S == "/Span"


def test_lists_say_what_their_labels_are_and_hold_items_alone(pdf):
    lists = [one for one in structure(pdf) if one.S == "/L"]
    kinds = [str(one.A.ListNumbering) for one in lists]
    assert {"/Ordered", "/Unordered", "/Description"} <= {*kinds}
    assert all(kid.S == "/LI" for one in lists for kid in one.K)


def test_no_element_stands_where_it_must_not(pdf):
    for one in structure(pdf):
        kinds = [str(kid.S) for kid in inner(one)]
        assert "/Caption" not in kinds[1:-1], kinds
        if str(one.S) in ("/Sect", "/Document"):
            assert not INLINE & {*kinds}, kinds
        if one.S == "/H1":
            assert "/H1" not in kinds
    space = pdf.Root.StructTreeRoot.Namespaces[0]
    assert space.NS == "http://iso.org/pdf2/ssn"
    assert {str(one.S) for one in structure(pdf) if "/NS" not in one} <= {"/BlockQuote"}


def test_a_figure_has_its_caption(pdf):
    [figure] = [one for one in structure(pdf) if one.S == "/Figure" and one.get("/Alt") == "一张图"]
    assert [kid.S for kid in inner(figure)] == ["/Caption"]
