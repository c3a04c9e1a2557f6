"""The page: sizes by name, bleed and crop marks, one side or two, a page for the screen, editions with their own."""

from __future__ import annotations

import pikepdf
import pypdfium2
import pytest

from publish.errors import PublishError
from publish.source.project import read_project
from publish.source.settings.page import PAGE_SIZES
from publish.source.settings.schema import book_model
from publish.themes import theme_names
from tests.printed import lines
from tests.tiny import SETTINGS, make, write_book

POINTS = 72 / 25.4
ACCENT = (0x9C, 0x2F, 0x1F)  # of the theme "book"


def page(tmp_path, settings, edition=""):
    (tmp_path / "a.md").write_text("# 一\n", encoding="utf-8")
    (tmp_path / "book.yaml").write_text(f"title: 书\n{settings}\n", encoding="utf-8")
    project = read_project(tmp_path)
    return project.edition(edition).page if edition else project.page


def built(tmp_path, page):
    settings = "\n".join((SETTINGS.replace("cover-image: images/cover.png\n", ""), f"page: {page}"))
    make(write_book(tmp_path / "book", {"book.yaml": settings}), tmp_path / "out", "pdf", editions=("zh-CN",))
    return tmp_path / "out/zh-CN/tiny.pdf"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("32开", (130, 184)),
        ("大32开", (140, 203)),
        ("16开", (185, 260)),
        ("16K", (185, 260)),
        ("16開", (190, 260)),
        ("32開", (130, 190)),
        ("25開", (148, 210)),
        ("25开", (148, 210)),
        ("菊版", (148, 210)),
        ("國際32開", (148, 210)),
        ("jis b5", (182, 257)),
    ],
)
def test_a_size_has_the_name_of_its_region(name, expected, tmp_path):
    found = page(tmp_path, f"page: {{size: {name}}}")
    assert (found.width, found.height) == expected


def test_every_named_size_leaves_room_for_text_in_every_theme(tmp_path):
    for theme in ("book", "essay", "manual", "report"):
        for name in PAGE_SIZES:
            found = page(tmp_path, f"theme: {theme}\npage: {{size: {name}}}")
            assert found.width - found.inner - found.outer > 15 * 10.5 / POINTS or found.width < 100


def test_an_edition_may_have_a_page_of_its_own(tmp_path):
    settings = "page: {size: 32开, margin: 15mm}\neditions: {zh-CN: {}, zh-TW: {page: {size: 25開}}}"
    assert page(tmp_path, settings, "zh-CN") is None
    own = page(tmp_path, settings, "zh-TW")
    assert (own.width, own.inner) == (148, 15), "what it does not say is the book's"


@pytest.mark.parametrize(
    ("name", "way"),
    [("", "full"), ("全角式", "full"), ("开明", "kaiming"), ("開明式", "kaiming"), ("半形", "half"), ("half", "half")],
)
def test_how_wide_marks_are_has_the_names_of_typesetters(name, way, tmp_path):
    assert page(tmp_path, f"page: {{size: A5{f', punctuation: {name}' if name else ''}}}").punctuation == way


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ("{punctuation: loose}", "page.punctuation"),
        ("{bleed: 5cm}", "a bleed of 5cm is too large"),
        ("{bleed: much}", '"much" is not a length'),
        ("{for: screen, marks: crop}", "a page for the screen has no bleed and no marks"),
        ("{for: paper}", "page.for"),
    ],
)
def test_what_cannot_be_printed_is_said(settings, problem, tmp_path):
    with pytest.raises(PublishError) as caught:
        page(tmp_path, f"page: {settings}")
    assert problem in str(caught.value)


def test_notes_in_the_margin_have_a_margin_that_is_wide_enough(tmp_path):
    assert page(tmp_path, "notes: margin").outer == pytest.approx(0.27 * 148, abs=0.1)
    assert page(tmp_path, "notes: {place: margin}\npage: {margin-outer: 50mm}").outer == 50
    assert page(tmp_path, "notes: page").outer < 20
    for settings in ("page: {margin-outer: 20mm}", "page: {margin: 20mm}"):
        with pytest.raises(PublishError, match="an outer margin of 20 mm has no room for notes"):
            page(tmp_path, f"notes: margin\n{settings}")


def test_an_unknown_size_is_said_with_its_place_and_those_that_are_known(tmp_path):
    with pytest.raises(PublishError, match=r'book\.yaml:3: page\.size: unknown page size "33开".*32开.*25開'):
        page(tmp_path, "page:\n  size: 33开")
    with pytest.raises(PublishError, match=r'book\.yaml:2: editions\.zh-TW\.page.*unknown page size "大"'):
        page(tmp_path, "editions: {zh-TW: {page: {size: 大}}}")


def test_the_schema_names_sizes_and_themes_that_there_are():
    book = book_model().model_json_schema()
    assert book["properties"]["theme"]["examples"] == theme_names()
    sizes = book["$defs"]["PageModel"]["properties"]["size"]["examples"]
    assert set(sizes) - set(PAGE_SIZES) == {"140mm 203mm"}


def test_bleed_and_crop_marks_lie_outside_of_the_trimmed_page(tmp_path):
    with pikepdf.open(built(tmp_path, "{size: 大32开, bleed: 3mm, marks: crop}")) as pdf:
        for sheet in pdf.pages:
            left, bottom, right, top = (float(number) for number in sheet.trimbox)
            assert (right - left, top - bottom) == pytest.approx((140 * POINTS, 203 * POINTS), abs=0.1)
            bleed = [float(number) for number in sheet.bleedbox]
            assert bleed == pytest.approx(
                [left - 3 * POINTS, bottom - 3 * POINTS, right + 3 * POINTS, top + 3 * POINTS]
            )
            media = [float(number) for number in sheet.mediabox]
            assert media[0] < bleed[0]
            operators = pikepdf.parse_content_stream(sheet)
            marks = [[float(number) for number in one.operands] for one in operators[:20] if str(one.operator) in "ml"]
            assert len(marks) == 16
            for x, y in marks:
                assert not (bleed[0] + 0.1 < x < bleed[2] - 0.1 and bleed[1] + 0.1 < y < bleed[3] - 0.1), (
                    "no mark in what is trimmed"
                )


def test_the_cover_bleeds_and_crop_marks_alone_mean_three_millimetres(tmp_path):
    file = built(tmp_path, "{marks: crop}")
    document = pypdfium2.PdfDocument(file)
    image = document[0].render(scale=1).to_pil().convert("RGB")
    document.close()
    slug, bleed = round(6 * POINTS), round(3 * POINTS)
    assert image.getpixel((slug + 2, image.height // 2)) != (255, 255, 255), "colour in the bleed"
    assert image.getpixel((slug + bleed + 5, image.height // 2)) == image.getpixel((slug + 2, image.height // 2))
    assert image.getpixel((slug - 4, image.height // 2)) == (255, 255, 255), "none outside of it"


def test_a_page_for_the_screen_has_no_blank_pages_and_coloured_links(tmp_path):
    paper, screen = (built(tmp_path / name, f"{{for: {name}}}") for name in ("print", "screen"))
    colours = {}
    for name, file in (("print", paper), ("screen", screen)):
        document = pypdfium2.PdfDocument(file)
        texts = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
        images = [document[number].render(scale=4).to_pil().convert("RGB") for number in range(1, len(document))]
        document.close()
        blank = [number for number, text in enumerate(texts) if not text.strip()]
        assert bool(blank) == (name == "print")
        shown = {colour for image in images for _, colour in image.getcolors(1 << 24)}
        colours[name] = any(max(map(abs, map(int.__sub__, one, ACCENT))) < 24 for one in shown)
    assert colours == {"print": False, "screen": True}


def test_a_one_sided_page_has_its_inner_margin_on_the_left_of_all_pages(tmp_path):
    file = built(tmp_path, "{sides: 1, margin-inner: 35mm, margin-outer: 15mm}")
    document = pypdfium2.PdfDocument(file)
    lefts = []
    for number in range(len(document)):
        text = document[number].get_textpage()
        if "头发" in text.get_text_bounded() or "软件" in text.get_text_bounded():
            lefts.append(min(text.get_charbox(index)[0] for index in range(text.count_chars())))
    document.close()
    assert min(lefts[2:]) >= 34 * POINTS


def test_a_size_by_its_name_and_a_line_by_its_characters(tmp_path):
    found = page(tmp_path, "page: {text-size: 小四, line-length: 26}")
    assert (found.text_size, found.line_length) == (12, 26)
    assert (found.width - found.inner - found.outer) * POINTS == pytest.approx(26 * 12, abs=0.1)
    assert found.inner / found.outer == pytest.approx(0.135 / 0.115, abs=0.02)
    assert page(tmp_path, "page: {text-size: 五號}").text_size == 10.5
    assert page(tmp_path, "page: {text-size: 11pt}").text_size == 11


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("page: {text-size: 初号}", r'book.yaml:2: page.text-size: "初号" is no size of text'),
        ("page: {text-size: 40pt}", 'book.yaml:2: page.text-size: "40pt" is no size of text'),
        ("page: {line-length: 45}", "book.yaml:2: page.line-length: 45 characters of 10.5pt are wider than the page"),
    ],
)
def test_a_size_or_a_line_that_is_none_is_told(settings, message, tmp_path):
    with pytest.raises(PublishError, match=message):
        page(tmp_path, settings)


def test_lines_have_as_many_characters_as_are_asked_for(tmp_path):
    settings = SETTINGS.replace("cover-image: images/cover.png\n", "") + "page: {text-size: 小五, line-length: 30}\n"
    text = "# 头发\n\n" + "天地玄黄宇宙洪荒" * 12 + "\n"
    make(
        write_book(tmp_path / "book", {"book.yaml": settings, "01.md": text}),
        tmp_path / "out",
        "pdf",
        editions=("zh-CN",),
    )
    pdf = tmp_path / "out/zh-CN/tiny.pdf"
    with pikepdf.open(pdf) as read:
        count = len(read.pages)
    found = next(one for number in range(count) for one in lines(pdf, number) if one.text.startswith("宇宙洪荒天地"))
    assert len(found.glyphs) == 30
    assert found.glyphs[0].size == 9


@pytest.mark.parametrize("written", ["PDF/UA-2", "ua-2", "pdf-ua2"])
def test_a_page_may_ask_for_pdf_ua_2_and_a_press_may_not(tmp_path, written):
    assert page(tmp_path, f"page: {{accessibility: {written}}}").accessibility == "PDF/UA-2"
    with pytest.raises(PublishError, match=r"PDF/UA-2 is PDF 2\.0, which a press does not take"):
        page(tmp_path, f"page: {{for: press, accessibility: {written}}}")


def test_an_edition_says_only_what_its_cover_has_of_its_own(folder):
    settings = """\
title: 书
page: {cover: {paper: 0.1mm, flaps: 80mm, back: 头发, front-flap: 软件, price: 定价：48 元}}
editions:
  zh-CN: {}
  zh-TW: {page: {cover: {price: 定價：250 元, back: 這裡}}}
"""
    project = read_project(folder({"book.yaml": settings, "a.md": "# 章\n"}))
    wrap = project.edition("zh-TW").page.wrap
    assert (wrap.paper, wrap.flap, wrap.back, wrap.front_flap) == (0.1, 80, "這裡", "软件")
    made = wrap.converted(lambda text: f"<{text}>", project.page.wrap)
    assert (made.back, made.front_flap, made.price) == ("這裡", "<软件>", "定價：250 元")
