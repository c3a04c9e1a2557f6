"""A book for the press: no colour of screens is left, text is black alone, the boxes, and what the PDF says it is."""

from __future__ import annotations

import io

import pikepdf
import pytest
from PIL import Image, ImageDraw

from publish.check.files import check_file
from publish.errors import PublishError
from tests.cmyk import profile
from tests.tiny import SETTINGS, make, write_book

SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100"><defs><linearGradient id="g">
<stop offset="0" stop-color="#e33"/><stop offset="1" stop-color="#33e"/></linearGradient><linearGradient id="t">
<stop offset="0" stop-color="#090"/><stop offset="1" stop-color="#090" stop-opacity="0"/></linearGradient>
<pattern id="p" width="10" height="10" patternUnits="userSpaceOnUse"><rect width="5" height="5" fill="#fa0"/></pattern>
</defs><rect width="80" height="40" fill="url(#g)"/><rect x="90" width="80" height="40" fill="url(#t)"/>
<rect y="50" width="80" height="40" fill="url(#p)"/><g opacity=".5"><rect x="90" y="50" width="40" height="40"
fill="navy"/></g><text x="140" y="80" font-size="12" fill="#c00">红字</text><path d="M0 99h200" stroke="#00c"/></svg>
"""
WIDE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2000 400"><g opacity=".9"><text x="20" y="80" font-size="40"
fill="#c00">数字大，印出来小</text></g></svg>
"""
TEXT = """\
# 头发 {#hair}

正文里有[链接](https://example.com/)和[另一章](02.md)，公式 $a^2$，代码 `print(1)`。[^1]

[^1]: 一条注。

$$\\int_0^1 x\\,dx = \\frac12$$

![照片](images/photo.jpg)

![灰](images/grey.jpg)

![线](images/line.png)

![图](images/drawing.svg)

![宽](images/wide.svg)

```python
def f(x):
    return x + 1  # 注释
```

| 甲 | 乙 |
|:--|:--|
| 1 | 2 |

::: {.warning}
小心。
:::

<span style="color:oklch(60% .2 30);font-size:20pt">大红</span>
"""
PRESS = SETTINGS.replace("cover-image: images/cover.png\n", "")


def photograph(kind="JPEG", mode="RGB"):
    noise = [Image.effect_noise((90, 60), 90).rotate(turn) for turn in (0, 90, 180)]
    out = io.BytesIO()
    Image.merge("RGB", noise if mode == "RGB" else noise[:1] * 3).save(out, kind)
    return out.getvalue()


def line_art():
    image = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((5, 5, 35, 35), fill=(200, 30, 40, 255))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


FILES = {
    "01.md": TEXT,
    "images/photo.jpg": photograph(),
    "images/grey.jpg": photograph(mode="L"),
    "images/line.png": line_art(),
    "images/drawing.svg": SVG,
    "images/wide.svg": WIDE,
    "press.icc": profile(),
}


SHORT = "# 头发 {#hair}\n\n![照片](images/photo.jpg)\n\n![图](images/drawing.svg)\n"


def built(folder, page, text=SHORT):
    settings = f"{PRESS}page: {{for: press, {page}}}\n"
    book = write_book(folder / "book", {**FILES, "01.md": text, "book.yaml": settings})
    report = make(book, folder / "out", "pdf", editions=("zh-CN",))
    return report, folder / "out/zh-CN/tiny.pdf"


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return built(tmp_path_factory.mktemp("press"), "profile: press.icc, condition: FOGRA39", TEXT)[1]


@pytest.fixture(scope="module")
def pdf(file):
    with pikepdf.open(file) as opened:
        yield opened


def colours(pdf):
    """All operators that set a colour, with their operands, in pages, forms and patterns."""
    streams = [one for one in pdf.objects if isinstance(one, pikepdf.Stream)]
    drawn = [one for one in streams if one.get("/Subtype") == "/Form" or one.get("/PatternType") == 1]
    for holder in [*pdf.pages, *drawn]:
        for operands, operator in pikepdf.parse_content_stream(holder):
            if str(operator).lower() in ("rg", "g", "k", "cs", "sc", "scn"):
                yield str(operator), [str(one) for one in operands]


def spaces(pdf):
    """All colour spaces of pictures, gradients and groups."""
    for each in pdf.objects:
        if isinstance(each, (pikepdf.Stream, pikepdf.Dictionary)):
            if each.get("/Subtype") == "/Image" and "/ImageMask" not in each:
                yield str(each.ColorSpace)
            for shading in each.get("/Shading", {}).values() if "/Shading" in each else ():
                yield str(shading.ColorSpace)
                yield from _ends(shading.Function)
            if "/Group" in each and "/CS" in each.Group:
                yield str(each.Group.CS)
            assert each.get("/Type") == "/OutputIntent" or not isinstance(each.get("/ColorSpace"), pikepdf.Dictionary)


def _ends(function):
    for each in function.get("/Functions", ()):
        yield from _ends(each)
    if "/C0" in function:
        yield {1: "/DeviceGray", 4: "/DeviceCMYK"}[len(function.C0)]


def test_no_colour_of_a_screen_is_left(pdf):
    found = {(name, tuple(operands)) for name, operands in colours(pdf)}
    names = {name.lower() for name, _ in found}
    assert names <= {"k", "g", "cs", "scn"}
    assert {operands for name, operands in found if name.lower() == "cs"} == {("/Pattern",)}
    assert set(spaces(pdf)) == {"/DeviceCMYK", "/DeviceGray"}


def test_the_book_has_what_could_have_kept_a_colour(pdf):
    """Or the test above would say nothing."""
    assert sum(one.get("/Subtype") == "/Image" for one in pdf.objects if isinstance(one, pikepdf.Stream)) == 4
    assert any(len({*operands[:3]}) > 1 for name, operands in colours(pdf) if name == "k"), "the drawing's colours"
    assert any("/Function" in str(one) for one in pdf.objects if isinstance(one, pikepdf.Dictionary))


def test_a_coloured_photograph_is_cmyk_and_a_grey_one_grey(pdf):
    pictures = [one for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"]
    photographs = {str(one.ColorSpace): one for one in pictures if one.get("/Filter") == "/DCTDecode"}
    assert set(photographs) == {"/DeviceCMYK", "/DeviceGray"}
    data = Image.open(io.BytesIO(photographs["/DeviceCMYK"].read_raw_bytes()))
    assert data.mode == "CMYK"
    assert [int(one) for one in photographs["/DeviceCMYK"].Decode] == [1, 0] * 4


def test_the_text_of_pages_is_solid_black_and_overprints(pdf):
    shown = set()
    for page in list(pdf.pages)[4:]:
        state, stack = ("", ()), []
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name == "q":
                stack.append(state)
            elif name == "Q":
                state = stack.pop()
            elif name == "gs" and "verprint" in str(operands[0]):
                state = str(operands[0]), state[1]
            elif name == "k":
                state = state[0], tuple(float(one) for one in operands)
            elif name in ("Tj", "TJ"):
                shown.add(state)
    large = {(over, ink) for over, ink in shown if any(ink[:3])}
    assert shown - large == {("/OverprintBlack", (0, 0, 0, 1))}
    assert {over for over, _ in large} == {"/NoOverprint"}, "the large letters in red"
    resources = pdf.pages[6].obj.Resources.ExtGState
    assert (bool(resources.OverprintBlack.op), int(resources.OverprintBlack.OPM)) == (True, 1)
    assert not resources.NoOverprint.op


def test_the_boxes_are_stated_and_a_press_has_a_bleed_unless_told(pdf):
    for page in pdf.pages:
        trim, bleed, media = ([float(one) for one in box] for box in (page.trimbox, page.bleedbox, page.mediabox))
        assert bleed == pytest.approx([trim[0] - 8.504, trim[1] - 8.504, trim[2] + 8.504, trim[3] + 8.504], abs=0.01)
        assert all(a <= b for a, b in zip(media[:2], bleed[:2], strict=True))
        assert "/ArtBox" not in page.obj


def test_it_says_which_standard_it_keeps_and_for_which_press_it_is(pdf):
    assert pdf.pdf_version == "1.6"
    intent = pdf.Root.OutputIntents[0]
    assert (str(intent.S), str(intent.OutputConditionIdentifier)) == ("/GTS_PDFX", "FOGRA39")
    assert intent.DestOutputProfile.read_bytes() == FILES["press.icc"]
    assert str(intent.Info) == "Ideal press 1"
    packet = pdf.Root.Metadata.read_bytes().decode()
    assert "<pdfxid:GTS_PDFXVersion" in packet
    assert ">PDF/X-4<" in packet
    assert "pdfaid" not in packet
    assert "/Filter" not in pdf.Root.Metadata
    assert str(pdf.docinfo.Trapped) == "/False"
    assert str(pdf.docinfo.ModDate) == "D:20260304000000Z"
    assert pdf.trailer.ID is not None


def test_nothing_lies_over_the_printed_page(pdf):
    assert not [page for page in pdf.pages if "/Annots" in page.obj]
    assert "/OBJR" not in {str(one.get("/Type")) for one in pdf.objects if isinstance(one, pikepdf.Dictionary)}
    for each in pdf.objects:
        if isinstance(each, pikepdf.Dictionary) and isinstance(each.get("/K"), pikepdf.Array):
            assert not [kid for kid in each.K if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR"]


def test_a_printer_would_send_nothing_back_but_the_small_photographs(file):
    found = {one.code for one in check_file(file, "pdf", 300) if one.severity != "note"}
    assert found == {"press-dpi"}


def test_without_a_profile_it_is_said_and_the_pdf_claims_nothing(tmp_path):
    report, file = built(tmp_path, "ink-limit: 280%")
    said = [one for one in report.findings if one.code == "press-profile"]
    assert [str(one.place) for one in said] == [str(said[0].place)]
    assert said[0].severity == "warning"
    assert "book.yaml" in said[0].place.file
    with pikepdf.open(file) as pdf:
        assert "/OutputIntents" not in pdf.Root
        assert b"PDF/X" not in pdf.Root.Metadata.read_bytes()
        assert set(spaces(pdf)) == {"/DeviceCMYK", "/DeviceGray"}


def test_a_book_in_one_ink_has_no_other(tmp_path):
    _, file = built(tmp_path, "profile: press.icc, inks: black")
    with pikepdf.open(file) as pdf:
        for name, operands in colours(pdf):
            assert name.lower() != "k" or {*map(float, operands[:3])} == {0.0}
        pictures = [one for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"]
        assert {str(one.ColorSpace) for one in pictures} == {"/DeviceGray"}


def test_another_profile_makes_another_pdf_though_all_else_was_kept(tmp_path):
    _, file = built(tmp_path, "profile: press.icc")
    before = file.read_bytes()
    (tmp_path / "book/press.icc").write_bytes(profile(2.2))
    make(tmp_path / "book", tmp_path / "out", "pdf", editions=("zh-CN",))
    warm = file.read_bytes()
    make(tmp_path / "book", tmp_path / "cold", "pdf", editions=("zh-CN",), cache=False)
    assert warm != before
    assert warm == (tmp_path / "cold/zh-CN/tiny.pdf").read_bytes()


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        ("{for: press, profile: none.icc}", r'book\.yaml:\d+: page\.profile: ICC profile "none.icc" not found'),
        ("{for: press, profile: 01.md}", '"01.md" is no ICC profile'),
        ("{for: press, profile: screen.icc}", "is a profile of RGB colours"),
        ("{for: print, profile: press.icc}", "profile says something of pages for a press"),
        ("{for: press, ink-limit: 30}", "an ink limit of 30 is none that a press has"),
        ("{for: press, standard: PDF/X-9}", "page.standard"),
    ],
)
def test_settings_that_no_press_has_are_refused(page, problem, tmp_path):
    settings = SETTINGS + f"page: {page}\n"
    screen = bytes(12) + b"mntrRGB " + bytes(16) + b"acsp" + bytes(88)
    book = write_book(tmp_path, {"book.yaml": settings, "press.icc": profile(), "screen.icc": screen})
    with pytest.raises(PublishError, match=problem):
        make(book, tmp_path / "out", "pdf")
