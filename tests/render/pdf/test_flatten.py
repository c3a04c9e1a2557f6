"""Transparency made flat for PDF/X-1a: what is seen stays, nothing shows through, and what cannot be is said."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from publish.check.files import check_file
from publish.render.pdf.flatten import PAPER, Flat, flat_picture
from tests.cmyk import profile
from tests.tiny import SETTINGS, make, write_book

SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100">
<rect width="100" height="100" fill="#204080"/><g opacity=".5"><rect x="20" y="20" width="40" height="40"
fill="#ff0000"/></g><rect x="120" y="20" width="40" height="40" fill="#ff0000" fill-opacity=".5"/></svg>
"""
FADING = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100"><linearGradient id="t">
<stop offset="0" stop-color="#090"/><stop offset="1" stop-color="#090" stop-opacity="0"/></linearGradient>
<rect width="200" height="100" fill="url(#t)"/></svg>
"""


def line_art():
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    image.paste((200, 30, 40, 255), (100, 100, 300, 300))
    image.paste((0, 0, 0, 128), (300, 300, 400, 400))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def built(folder, svg):
    settings = SETTINGS.replace("cover-image: images/cover.png\n", "")
    settings += "page: {for: press, profile: press.icc, standard: pdf/x-1a}\n"
    text = "# 头发 {#hair}\n\n![线](images/line.png){width=2cm}\n\n![图](images/drawing.svg)\n"
    files = {"book.yaml": settings, "01.md": text, "press.icc": profile()}
    files |= {"images/line.png": line_art(), "images/drawing.svg": svg}
    report = make(write_book(folder / "book", files), folder / "out", "pdf", editions=("zh-CN",))
    return report, folder / "out/zh-CN/tiny.pdf"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return built(tmp_path_factory.mktemp("flat"), SVG)


def shown(file):
    """The page with both pictures, as a screen shows it."""
    document = pypdfium2.PdfDocument(file)
    pages = [page.render(scale=2).to_pil().convert("RGB") for page in document]
    document.close()
    return max(pages, key=lambda page: sum(count for count, one in page.getcolors(1 << 24) if one[0] - one[1] > 90))


def test_nothing_in_it_shows_through(book):
    report, file = book
    assert not [one for one in report.findings if one.code == "press-clear"]
    with pikepdf.open(file) as pdf:
        assert (pdf.pdf_version, str(pdf.docinfo.GTS_PDFXVersion)) == ("1.4", "PDF/X-1a:2003")
        for each in pdf.objects:
            if isinstance(each, (pikepdf.Stream, pikepdf.Dictionary)):
                assert "/SMask" not in each
                assert "/Group" not in each
                assert each.get("/Subtype") != "/OpenType"
    assert not [str(one) for one in check_file(file, "pdf", 300) if one.code.startswith("press")]


def test_its_text_can_still_be_read(book):
    document = pypdfium2.PdfDocument(book[1])
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    assert "软件里的头发" in text


def test_what_shone_through_is_mixed_with_what_lay_below(book):
    page = shown(book[1])
    colours = {one for count, one in page.getcolors(1 << 24) if count > 400}
    assert any(abs(red - 255) < 25 and 95 < green < 160 for red, green, _ in colours), "half red on paper"
    assert any(100 < red < 190 and green < 100 and blue < 130 for red, green, blue in colours), "half red on blue"


def test_a_picture_lies_on_paper_and_what_is_clear_in_it_is_left_out():
    with pikepdf.new() as pdf:
        mask = pdf.make_stream(bytes([0, 255, 128, 4]), Width=2, Height=2)
        image, bits = flat_picture(Image.new("RGB", (2, 2), (0, 0, 0)), mask)
        assert [image.getpixel(at) for at in ((1, 0), (0, 1))] == [(0, 0, 0), (127, 127, 127)]
        assert bits == bytes([0b10000000, 0b01000000])
        whole = pdf.make_stream(bytes([255] * 4), Width=2, Height=2)
        assert flat_picture(Image.new("CMYK", (2, 2)), whole)[1] is None


def test_what_lies_below_is_the_last_field_that_holds_it():
    flat = Flat()
    flat.cover((0, 0, 100, 100), (1, 0, 0, 0))
    flat.cover((10, 10, 20, 20), (0, 1, 0, 0))
    assert flat.mixed((0, 0, 0, 1), 0.5, (12, 12, 14, 14)) == (0, 0.5, 0, 0.5)
    assert flat.mixed((0, 0, 0, 1), 0.5, (50, 50, 60, 60)) == (0.5, 0, 0, 0.5)
    assert flat.mixed((0, 0, 0, 1), 0.5, (150, 50, 160, 60)) == (0, 0, 0, 0.5)
    assert not flat.kept


@pytest.mark.parametrize(
    ("below", "said"),
    [(None, "something transparent lies over a picture"), (PAPER, "something transparent lies half over a field")],
)
def test_what_cannot_be_mixed_is_said(below, said):
    flat = Flat()
    flat.cover((0, 0, 55, 100), below)
    flat.mixed((0, 0, 0, 1), 0.5, (50, 50, 60, 60))
    assert flat.kept == [said]


def test_a_gradient_that_fades_is_said_with_its_page_and_the_pdf_claims_nothing(tmp_path):
    report, file = built(tmp_path, FADING)
    [said] = [one for one in report.findings if one.code == "press-clear"]
    assert "page 1: a gradient or a pattern is transparent" in said.problem
    with pikepdf.open(file) as pdf:
        assert "/GTS_PDFXVersion" not in pdf.docinfo
        assert "/OutputIntents" in pdf.Root, "its inks are still those of the press"
