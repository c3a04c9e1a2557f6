"""The cover on one sheet: its parts, the spine by the pages, texts of the edition, the barcode as it is printed."""

from __future__ import annotations

import pikepdf
import pypdfium2
import pytest

from publish.check.files import check_file
from publish.errors import PublishError
from publish.render.pdf.wrap import panels, spine_texts, upright
from publish.source.settings.metadata import Metadata, Person
from publish.source.settings.page import Page, Wrap
from tests.cmyk import profile
from tests.render.pdf.test_barcode import decoded
from tests.tiny import SETTINGS, make, write_book

MM = 72 / 25.4
PAGE = Page(140, 203, 20, 20, 20, 20)
COVER = """\
page:
  size: 大32开
  for: press
  profile: press.icc
  marks: crop
  cover:
    paper: 0.9mm
    flaps: 70mm
    price: 定价：48.00 元
    front-flap: |
      张三写软件。
      现居海边。
    back-flap: 同系列的书。
"""


def built(folder, cover=COVER, settings=SETTINGS, editions=("zh-CN",), **files):
    book = write_book(folder / "book", {"book.yaml": settings + cover, "press.icc": profile(), **files})
    return make(book, folder / "out", "pdf", editions=editions), folder / "out"


def text_of(file):
    document = pypdfium2.PdfDocument(file)
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return text


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    settings = SETTINGS.replace("cover-image: images/cover.png\n", "identifier: 978-7-302-51260-8\n")
    return built(tmp_path_factory.mktemp("wrap"), settings=settings, editions=("zh-CN", "zh-TW"))


def test_the_parts_stand_in_the_order_in_which_they_are_folded():
    found = panels(PAGE, Wrap(flap=60), 12)
    assert [(one.name, one.left, one.width) for one in found] == [
        ("back-flap", 0, 60),
        ("back", 60, 140),
        ("spine", 200, 12),
        ("front", 212, 140),
        ("front-flap", 352, 60),
    ]
    turned = panels(PAGE, Wrap(), 12, reversed_order=True)
    assert [(one.name, one.left) for one in turned] == [("front", 0), ("spine", 140), ("back", 152)]


def test_a_spine_is_as_thick_as_its_leaves_unless_the_printer_has_said_so():
    assert Wrap(paper=0.1).thickness(300) == 15.0
    assert Wrap(paper=0.098).thickness(301) == 14.8
    assert Wrap(paper=0.1, spine=16.5).thickness(300) == 16.5


def test_ideographs_stand_and_words_are_turned():
    found = [(one.text, one.turned) for one in upright("学Python 3，再见")]
    assert found == [("学", False), ("Python 3，", True), ("再", False), ("见", False)]


def test_the_words_of_a_spine_fit_on_it():
    for title in (
        "书",
        "一个很长很长很长很长很长很长很长很长很长很长的书名",
        "An Unusually Long Title of a Book in English",
    ):
        for text in spine_texts(Metadata(title, creators=(Person("张三"),) * 3, publisher="出版社"), 12, 203):
            assert text.size <= 12 * 0.6 + 0.01
            assert text.size * sum(piece.length for piece in text.pieces) <= 203 / 2 + 0.5


def test_the_sheet_is_as_large_as_its_parts_and_the_book_has_no_cover_of_its_own(book):
    _, out = book
    with pikepdf.open(out / "zh-CN/tiny.pdf") as inner, pikepdf.open(out / "zh-CN/tiny-cover.pdf") as cover:
        spine = round(-(-len(inner.pages) // 2) * 0.9, 1)
        left, bottom, right, top = (float(one) for one in cover.pages[0].trimbox)
        assert right - left == pytest.approx((2 * 140 + 2 * 70 + spine) * MM, abs=0.3)
        assert top - bottom == pytest.approx(203 * MM, abs=0.3)
        assert len(cover.pages) == 1
        assert str(inner.pages[0].label) == "i"
        assert inner.pdf_version == cover.pdf_version == "1.6"
    assert "定价" not in text_of(out / "zh-CN/tiny.pdf")


def test_its_texts_are_those_of_the_edition(book):
    _, out = book
    mainland, taiwan = (text_of(out / f"{key}/tiny-cover.pdf") for key in ("zh-CN", "zh-TW"))
    assert "张三写软件" in mainland
    assert "同系列的书" in mainland
    assert "張三寫" in taiwan
    assert "写软件" not in taiwan


def test_the_barcode_is_read_from_the_printed_page(book):
    _, out = book
    document = pypdfium2.PdfDocument(out / "zh-CN/tiny-cover.pdf")
    scale = 10
    picture = document[0].render(scale=scale).to_pil().convert("L")
    document.close()
    unit = scale * MM
    right = (3 + 5 + 1 + 70 + 140 - 12 - 1) * unit  # slug, flap, back, margin, the white around it
    row = round((9 + 203 - 12 - 15) * unit)
    module = 0.33 * unit
    line = [picture.getpixel((round(right - (113 - at - 0.5) * module), row)) for at in range(113)]
    modules = "".join("1" if one < 128 else "0" for one in line)
    assert (modules[:11], modules[106:]) == ("0" * 11, "0" * 7), "the quiet zones"
    assert decoded(modules[11:106]) == "9787302512608"


def test_a_printer_would_not_send_the_cover_back(book):
    _, out = book
    assert [
        str(one) for one in check_file(out / "zh-CN/tiny-cover.pdf", "pdf", 300) if one.code.startswith("press")
    ] == []


def test_an_edition_without_an_isbn_of_its_own_is_told(book):
    report, _ = book
    [told] = [one for one in report.findings if one.code == "cover-barcode"]
    assert (told.severity, told.place.key) == ("note", "identifier")
    assert told.place.file.endswith("book.yaml"), "the line that gives one to the other edition"


def test_what_finds_no_place_is_said_and_a_picture_is_the_front(tmp_path):
    cover = (
        "page:\n  size: 64开\n  cover:\n    paper: 0.01mm\n    front-flap: 无处可去。\n    back: "
        f"{'很长的话，写在书的背面。' * 400}\n"
    )
    settings = SETTINGS.replace("slug: tiny", "slug: tiny\nidentifier: 978-7-302-51260-0")
    report, out = built(tmp_path, cover, settings)
    assert {one.problem for one in report.findings if one.code.startswith("cover")} == {
        "the cover has no flaps, so the text for its front flap stands nowhere",
        "the text on the cover's back does not fit, even at 7 points",
        "the spine is 0.1 mm thick, too thin for words, which would end up on the front",
        "the last digit of the ISBN 978-7-302-51260-0 does not check the others, so the cover has no barcode",
    }
    document = pypdfium2.PdfDocument(out / "zh-CN/tiny-cover.pdf")
    image = document[0].render(scale=1).to_pil().convert("RGB")
    document.close()
    assert image.getpixel((image.width - 10, 20)) == (0, 0, 255), "the cover image"


@pytest.mark.parametrize(
    ("cover", "problem"),
    [
        ("{flaps: 70mm}", "the spine needs paper"),
        ("{paper: 3mm}", "a leaf of 3mm is board"),
        ("{paper: 0.1mm, flaps: 30cm}", "flaps of 30cm are wider than the page"),
        ("{paper: 0.1mm, colour: red}", "colour"),
        ("{paper: 0.1mm, flap: 7cm}", "flaps"),
    ],
)
def test_a_cover_that_cannot_be_folded_is_refused(cover, problem, tmp_path):
    with pytest.raises(PublishError, match=problem):
        built(tmp_path, f"page: {{cover: {cover}}}\n")
