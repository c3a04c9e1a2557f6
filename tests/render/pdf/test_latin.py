"""The faces of a printed edition: the glyphs of its own region, a bold that is one, Western words apart."""

from __future__ import annotations

import re

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageStat

from publish import fonts
from publish.check.pdf.read import read_pdf
from publish.edition.markup import xhtml
from publish.regions import REGIONS
from publish.render.pdf import latin
from publish.render.pdf.document import _bold as bold_families
from tests.tiny import SETTINGS, make, write_book

SQUARE = 96
SCALE = 12
# Noto's Song forms differ: 骨 in all three, 直 between the Mainland and Hong Kong, 返 between Hong Kong and Taiwan.
TELLING = {"骨": ("zh-CN", "zh-TW", "zh-HK"), "直": ("zh-CN", "zh-HK"), "返": ("zh-TW", "zh-HK")}
SETTINGS_BOLD = SETTINGS.replace("cover-image: images/cover.png\n", "")
TEXT = "# 一\n\n骨、直、返三字在此，**骨、直、返**也在此，共有 Western words 三种。\n"


def square(image):
    """The ink of a picture of one character, as large as any other."""
    ink = ImageChops.invert(image.convert("L"))
    return ink.crop(ink.point(lambda value: 255 if value > 60 else 0).getbbox()).resize((SQUARE, SQUARE))


def reference(char, region, weight):
    """The character as the installed face of a region draws it."""
    [face, *_] = fonts.find(REGIONS[region].fonts.body[:1], weight) or pytest.skip("Noto Serif CJK is not installed")
    image = Image.new("L", (300, 300), 255)
    ImageDraw.Draw(image).text((40, 20), char, 0, ImageFont.truetype(str(face.path), 200, index=face.index))
    return square(image)


def drawn(file, char, nth):
    """The n-th occurrence of a character, as the PDF's embedded font draws it."""
    found = -1
    with pypdfium2.PdfDocument(file) as document:
        for page in document:
            text = page.get_textpage()
            for index in range(text.count_chars()):
                found += text.get_text_range(index, 1) == char
                if found == nth:
                    left, bottom, right, top = text.get_charbox(index)
                    width, height = page.get_size()
                    beside = (left - 0.5, bottom - 0.5, width - right - 0.5, height - top - 0.5)
                    return square(page.render(scale=SCALE, crop=beside).to_pil())
    raise AssertionError(f"{char} is not there so often")


def unlike(one, other):
    return ImageStat.Stat(ImageChops.difference(one, other)).mean[0]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("faces")
    make(write_book(folder / "book", {"book.yaml": SETTINGS_BOLD, "01.md": TEXT}), folder / "out", "pdf")
    return {path.parent.name: path for path in (folder / "out").glob("*/tiny.pdf")}


@pytest.mark.parametrize("weight", ["regular", "bold"])
@pytest.mark.parametrize("char", TELLING)
def test_what_is_embedded_has_the_glyphs_of_the_editions_region(char, weight, files):
    regions = TELLING[char]
    known = {region: reference(char, region, weight) for region in regions}
    for region in regions:
        shown = drawn(files[region], char, 0 if weight == "regular" else 1)
        nearest = min(regions, key=lambda one: unlike(known[one], shown))
        assert nearest == region, f"{char} in {region} is drawn as in {nearest}"


def test_bold_words_are_set_in_a_bold_face(files):
    for file in files.values():
        with pikepdf.open(file) as pdf:
            names = {str(font.BaseFont) for page in pdf.pages for font in page.resources.get("/Font", {}).values()}
        assert any(re.search(r"Serif.*Bold", name) for name in names)
        assert any(re.search(r"Serif", name) and "Bold" not in name for name in names)


def test_a_body_face_without_a_bold_hands_bold_words_to_the_headings(monkeypatch):
    faces = REGIONS["zh-CN"].fonts
    simsun = fonts.Face("simsun.ttc", 0, "SimSun", 400)
    monkeypatch.setattr(fonts, "find", lambda _, weight: [simsun] if weight == "regular" else [])
    css, [finding] = bold_families(faces)
    assert finding.code == "pdf-bold"
    assert '"SimSun" has no bold' in finding.problem
    assert "Microsoft YaHei" in css


def test_western_words_are_wrapped_and_chinese_marks_are_not():
    tree = xhtml.parse("<div><p>他说“Hello, world”——共3.5%，<code>code</code>与 <em>OK</em> 了。</p></div>", soup=False)
    latin.wrap(tree)
    spans = [span.text for span in tree.iter(f"{xhtml.H}span") if span.get("class") == "latin"]
    assert spans == ["Hello, world", "3.5%", "OK"]
    assert xhtml.plain(tree).replace(" ", "") == "他说“Hello,world”——共3.5%，code与OK了。"


def test_western_words_have_the_face_that_the_edition_names(tmp_path):
    settings = SETTINGS_BOLD.replace(
        "editions: [zh-CN, zh-TW, zh-HK]", "editions: {zh-CN: {fonts: {latin: Noto Sans Mono CJK JP}}}"
    )
    make(write_book(tmp_path / "book", {"book.yaml": settings, "01.md": TEXT}), tmp_path / "out", "pdf")
    with pikepdf.open(tmp_path / "out/zh-CN/tiny.pdf") as pdf:
        names = {str(font.BaseFont) for page in pdf.pages for font in page.resources.get("/Font", {}).values()}
    assert any("Mono" in name for name in names)


def test_quotations_are_set_in_kai_with_the_regions_marks(tmp_path):
    if not fonts.find(["AR PL UKai TW"], "regular"):
        pytest.skip("AR PL UKai is not installed")
    text = "# 一\n\n> 引文在此，共有 12 字；“直”字也在。\n"
    make(write_book(tmp_path / "book", {"book.yaml": SETTINGS_BOLD, "01.md": text}), tmp_path / "out", "pdf")
    for edition, name in (("zh-CN", "CN"), ("zh-TW", "TW"), ("zh-HK", "HK")):
        with pikepdf.open(tmp_path / "out" / edition / "tiny.pdf") as pdf:
            faces = {
                str(font.BaseFont): font for page in pdf.pages for font in page.resources.get("/Font", {}).values()
            }
            [kai] = [font for face, font in faces.items() if face.endswith(f"AR-PL-UKai-{name}")]
            shown = re.findall(rb"<[0-9a-f]+> <([0-9a-f]{4})>", kai.ToUnicode.read_bytes())
        characters = {chr(int(code, 16)) for code in shown}
        assert {"引", "直"} <= characters
        assert not characters & set("，；“”「」12。")


def test_an_ideograph_that_kai_lacks_comes_from_the_next_face(tmp_path):
    if not fonts.find(["AR PL UKai HK"], "regular"):
        pytest.skip("AR PL UKai is not installed")
    settings = SETTINGS_BOLD.replace("editions: [zh-CN, zh-TW, zh-HK]", "editions: [zh-HK]")
    report = make(
        write_book(tmp_path / "book", {"book.yaml": settings, "01.md": "# 一\n\n> 人们常说故乡。\n"}),
        tmp_path / "out",
        "pdf",
    )
    assert "glyph-missing" not in [one.code for one in report.findings]


def test_of_a_face_that_pages_take_the_han_of_screens_take_nothing():
    for region in REGIONS.values():
        assert any("UKai" in family for family in region.fonts.quote)
        assert not any("UKai" in family for family in region.fonts.for_screens.quote)


def test_western_words_may_be_a_little_larger_than_han(tmp_path):
    """Of the body alone: a heading's are as large as its Han."""
    text = "# Words 一章\n\n骨、直、返三字在此，共有 Western words 三种。\n"
    settings = f"{SETTINGS_BOLD.replace('chapters:', 'x-chapters:')}".split("x-chapters:")[0]
    settings += "chapters: [01.md]\neditions: {zh-CN: {fonts: {latin-size: 108%}}}\n"
    make(write_book(tmp_path / "book", {"book.yaml": settings, "01.md": text}), tmp_path / "out", "pdf")
    sizes = {}
    for page in read_pdf(tmp_path / "out/zh-CN/tiny.pdf").pages:
        for glyph in page.glyphs:
            sizes.setdefault(glyph.text, set()).add(round(glyph.size, 2))
    assert {round(10.5 * 1.08, 2)} <= sizes["t"]
    assert 10.5 in sizes["骨"]
    [title] = {max(sizes["章"])}
    assert title in sizes["W"]
