"""What a PDF says of itself to programs: standards, page labels, languages, notes, header cells."""

from __future__ import annotations

import pikepdf
import pypdfium2
import pytest

from publish.check.pdf.read import read_pdf
from publish.regions import REGIONS
from publish.render.pdf.finish import Label, labels
from tests.tiny import SETTINGS, make, picture, write_book

TEXT = """\
# 头发 {#hair}

他说[網路上的字]{lang=zh-Hant-TW}和[software]{lang=en}。[^1]

[^1]: 一条注。

![一张图](images/dot.png)

![](images/dot.png)

<table><tr><th>跨行</th><td>甲</td></tr></table>

<svg viewBox="0 0 40 20" width="40" height="20" aria-label="一条线"><path d="M0 10h40"/></svg>
"""


def structure(pdf):
    """All structure elements, in order."""
    found = []

    def walk(node):
        if isinstance(node, pikepdf.Array):
            for each in node:
                walk(each)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            found.append(node)
            walk(node.get("/K", pikepdf.Array()))

    walk(pdf.Root.StructTreeRoot.K)
    return found


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("finish")
    book = write_book(folder / "book", {"book.yaml": SETTINGS, "01.md": TEXT, "images/dot.png": picture()})
    make(book, folder / "out", "pdf", editions=("zh-CN",))
    return folder / "out/zh-CN/tiny.pdf"


@pytest.fixture(scope="module")
def pdf(file):
    with pikepdf.open(file) as opened:
        yield opened


def test_it_names_both_standards_and_describes_the_schema_that_one_does_not_know(pdf):
    packet = pdf.Root.Metadata.read_bytes().decode()
    assert 'pdfaid:part="2"' in packet
    assert 'pdfaid:conformance="A"' in packet
    assert 'pdfuaid:part="1"' in packet
    assert "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>" in packet
    assert packet.count("<rdf:RDF") == 1
    assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"


def test_pages_are_labelled_as_their_folios_are_printed(file):
    document = pypdfium2.PdfDocument(file)
    named = [document.get_page_label(number) for number in range(len(document))]
    printed = [document[number].get_textpage().get_text_bounded().split() for number in range(len(document))]
    document.close()
    assert named[:7] == ["封面", "封二", "i", "ii", "iii", "iv", "v"]
    assert "1" in named
    folios = [(label, words[-1]) for label, words in zip(named, printed, strict=True) if words]
    assert [folio for _, folio in folios if folio == "1"] == ["1"]
    assert ("1", "1") in folios


def test_a_document_without_front_matter_counts_from_its_first_page():
    assert labels((), REGIONS["zh-CN"].words) == [Label(0, "D")]


def test_a_passage_in_another_language_says_so_in_the_structure(pdf):
    languages = [str(each.Lang) for each in structure(pdf) if "/Lang" in each]
    assert {"zh-Hant-TW", "en"} <= set(languages)


def test_a_note_is_tagged_as_one_with_an_id(pdf):
    notes = [each for each in structure(pdf) if each.S == "/Note"]
    assert notes
    assert len({str(each.ID) for each in notes}) == len(notes)


def test_a_picture_has_its_text_or_says_that_it_has_none(pdf):
    figures = [each for each in structure(pdf) if each.S == "/Figure"]
    assert {str(each.Alt) for each in figures if "/Alt" in each} >= {"一张图", "一条线"}
    assert all("/Alt" in each or "/ActualText" in each for each in figures)


def test_a_header_cell_beside_data_heads_its_row(pdf):
    assert [str(each.A.Scope) for each in structure(pdf) if each.S == "/TH" and each.A.Scope == "/Row"]


def test_no_image_is_smoothed(pdf):
    images = [each for each in pdf.objects if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image"]
    assert images
    assert not [each for each in images if "/Interpolate" in each]


def test_the_text_of_a_drawing_says_its_own_language(tmp_path):
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20" width="60" height="20">'
        '<text y="15" font-family="Noto Serif CJK SC">发</text>'
        '<g xml:lang="zh-Hant"><text x="20" y="15" font-family="Noto Serif CJK TC">發</text></g></svg>'
    )
    files = {"book.yaml": SETTINGS, "01.md": "# 字 {#a}\n\n![一对字](images/two.svg)\n", "images/two.svg": drawing}
    make(write_book(tmp_path / "book", files), tmp_path / "out", "pdf", editions=("zh-CN",))
    read = read_pdf(tmp_path / "out/zh-CN/tiny.pdf")
    languages = {glyph.text: glyph.tag.lang for page in read.pages for glyph in page.glyphs if glyph.text in "发發"}
    assert languages == {"发": "", "發": "zh-Hant"}


def test_a_page_has_at_hand_what_it_draws_with_and_no_more(pdf):
    kinds = ("/Font", "/XObject", "/ExtGState", "/Pattern", "/Shading")
    pictures = []
    for page in pdf.pages:
        content = (
            b"".join(each.read_bytes() for each in page.Contents)
            if isinstance(page.Contents, pikepdf.Array)
            else page.Contents.read_bytes()
        )
        named = [name for kind in kinds for name in page.obj.Resources.get(kind, {})]
        assert [name for name in named if name.encode() not in content] == []
        pictures.append(len(page.get_images()))
    assert sorted(set(pictures)) == [0, 1], "the title page takes no picture of the text along"
    assert len({page.obj.Resources.objgen for page in pdf.pages}) < len(pdf.pages), "equals are one object"
