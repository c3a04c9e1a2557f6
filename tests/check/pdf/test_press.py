"""The check for a press: a sound PDF has no finding; each fault that a printer sends back is found with its place."""

from __future__ import annotations

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from publish.check.files import check_file
from publish.check.pdf.press import PRESS_RULES
from publish.errors import PublishError, UsageError
from tests.tiny import ROOT, call

BLEED = 3 * 72 / 25.4
WIDE, HIGH = 300, 400
BLACK = "/over gs 0 0 0 1 k BT /F 10 Tf 60 200 Td (ab) Tj ET"
GROUND = f"/away gs .2 0 0 0 k {-BLEED} {-BLEED} {WIDE + 2 * BLEED} {HIGH + 2 * BLEED} re f"


def jpeg(mode, colour, size=(400, 400)):
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, "JPEG", quality=95)
    return out.getvalue()


def write(file, content=BLACK, picture=None, standard="PDF/X-4", intent=True, trim=True, bleed=BLEED, more=()):
    """A PDF of one page or more for a press, with what a test asks for wrong in it."""
    with pikepdf.new() as pdf:
        states = {
            "/over": Dictionary(OP=True, op=True, OPM=1),
            "/away": Dictionary(OP=False, op=False),
            "/faint": Dictionary(ca=0.5),
        }
        resources = Dictionary(
            Font=Dictionary(F=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)),
            ExtGState=Dictionary(states),
            ColorSpace=Dictionary(
                Spot=Array(
                    [Name.Separation, Name.Gold, Name.DeviceCMYK, Dictionary(FunctionType=2, Domain=[0, 1], N=1)]
                )
            ),
        )
        if picture is not None:
            resources.XObject = Dictionary(P=pdf.make_stream(picture[1], picture[0]))
        for text, width in ((content, WIDE), *more):
            pdf.add_blank_page(page_size=(width, HIGH))
            page = pdf.pages[-1].obj
            page.MediaBox = Array([-20, -20, width + 20, HIGH + 20])
            if trim:
                page.TrimBox = Array([0, 0, width, HIGH])
                page.BleedBox = Array([-bleed, -bleed, width + bleed, HIGH + bleed])
            page.Resources = resources
            page.Contents = pdf.make_stream(text.encode())
        if intent:
            pdf.Root.OutputIntents = Array([Dictionary(S=Name.GTS_PDFX, OutputConditionIdentifier=String("FOGRA39"))])
        if standard:
            pdf.docinfo["/GTS_PDFXVersion"] = standard
        pdf.save(file)
    return file


def image(mode="CMYK", colour=(0, 0, 0, 50), **more):
    space = {"CMYK": Name.DeviceCMYK, "RGB": Name.DeviceRGB, "L": Name.DeviceGray}[mode]
    about = Dictionary(Subtype=Name.Image, Width=400, Height=400, ColorSpace=space, BitsPerComponent=8, **more)
    about.Filter = Name.DCTDecode
    if mode == "CMYK":
        about.Decode = Array([1, 0] * 4)
    return about, jpeg(mode, colour)


PLACED = "q 90 0 0 90 100 100 cm /P Do Q"  # 400 pixels on 90 points: 320 dpi


def found(file, limit=300):
    return [one for one in check_file(file, "pdf", limit) if one.code.startswith("press-")]


def test_a_sound_pdf_for_a_press_has_no_finding(tmp_path):
    content = f"{GROUND} {BLACK} {PLACED} /away gs 0 0 0 0 k 80 80 20 20 re f 0 0 0 .4 K .25 w 90 90 m 200 90 l S"
    assert found(write(tmp_path / "a.pdf", content, image())) == []


CASES = {
    "press-intent": {"intent": False},
    "press-rgb": {"content": "1 0 0 rg 50 50 40 40 re f"},
    "press-spot": {"content": "/Spot cs 1 scn 50 50 40 40 re f"},
    "press-text": {"content": "1 1 0 0 k BT /F 10 Tf 60 200 Td (ab) Tj ET"},
    "press-tint": {"content": "0 0 0 .5 k BT /F 10 Tf 60 200 Td (ab) Tj ET"},
    "press-white": {"content": f"{GROUND} /over gs 0 0 0 0 k 50 50 40 40 re f"},
    "press-overprint": {"content": f"{GROUND} 0 0 0 1 k BT /F 10 Tf 60 200 Td (ab) Tj ET"},
    "press-ink": {"content": "1 1 .9 .5 k 50 50 40 40 re f"},
    "press-dpi": {"content": "q 200 0 0 200 50 50 cm /P Do Q", "picture": image()},
    "press-bleed": {"content": f".2 0 0 0 k 0 0 {WIDE} 50 re f"},
    "press-edge": {"content": "/over gs 0 0 0 1 k BT /F 10 Tf 3 200 Td (ab) Tj ET"},
    "press-boxes": {"bleed": 2},
    "press-size": {"more": ((BLACK, WIDE), (BLACK, WIDE - 20))},
    "press-line": {"content": "0 0 0 1 K .1 w 50 50 m 200 50 l S"},
    "press-clear": {"content": f"/faint gs {BLACK}", "standard": "PDF/X-1a:2003"},
}


@pytest.mark.parametrize("code", CASES)
def test_each_fault_is_found_and_nothing_else(code, tmp_path):
    [one] = found(write(tmp_path / "a.pdf", **CASES[code]))
    assert one.code == code, str(one)
    assert one.remedy


def test_a_link_over_the_page_is_found(tmp_path):
    file = write(tmp_path / "a.pdf")
    with pikepdf.open(file, allow_overwriting_input=True) as pdf:
        pdf.pages[0].obj.Annots = Array([Dictionary(Subtype=Name.Link, Rect=[50, 50, 90, 70])])
        pdf.save(file)
    assert [one.code for one in found(file)] == ["press-link"]


def test_every_rule_has_a_case_and_a_row_in_the_handbook():
    assert {rule.code for rule in PRESS_RULES} == {*CASES, "press-link"}
    chapter = (ROOT / "source/14-check.md").read_text(encoding="utf-8")
    assert not [rule.code for rule in PRESS_RULES if f"| `{rule.code}` |" not in chapter]


def test_the_heaviest_pixels_of_a_picture_count_and_their_place_is_told(tmp_path):
    heavy = Image.new("CMYK", (400, 400), (10, 10, 10, 10))
    heavy.paste((255, 250, 240, 200), (300, 300, 400, 400))
    out = io.BytesIO()
    heavy.save(out, "JPEG", quality=95)
    file = write(tmp_path / "a.pdf", PLACED, (image()[0], out.getvalue()))
    [one] = found(file)
    assert (one.code, "371%" in one.problem or "370%" in one.problem) == ("press-ink", True), one.problem
    assert one.box.left == pytest.approx(20 + 100 + 67.5, abs=4)
    assert one.box.bottom == pytest.approx(20 + HIGH - 100, abs=4)
    assert found(file, 390) == []


def test_a_picture_in_rgb_is_told_once_with_its_place(tmp_path):
    [one] = found(write(tmp_path / "a.pdf", PLACED, image("RGB", "red")))
    assert (one.code, one.page) == ("press-rgb", 1)
    assert (one.box.left, one.box.top) == pytest.approx((120, 230))


def test_colours_of_screens_are_one_finding_for_a_whole_book(tmp_path):
    red = "1 0 0 rg 50 50 40 40 re f"
    [one] = found(write(tmp_path / "a.pdf", red, more=((red, WIDE), (red, WIDE))))
    assert "3 fields are in RGB, not in inks on 3 pages" in one.problem


def test_a_ground_that_goes_on_in_another_piece_reaches_the_bleed(tmp_path):
    pieces = f".2 0 0 0 k 0 0 {WIDE} {HIGH} re f .2 0 0 0 K {2 * BLEED} w 0 0 {WIDE} {HIGH} re S"
    assert found(write(tmp_path / "a.pdf", pieces)) == []


def test_white_paper_in_rgb_needs_no_bleed_and_a_pdf_without_edges_is_told_once(tmp_path):
    white = f"1 1 1 rg 0 0 {WIDE} {HIGH} re f"
    assert [one.code for one in found(write(tmp_path / "a.pdf", white))] == ["press-rgb"]
    red = (f"0 1 1 0 k {-20} {-20} {WIDE + 40} {HIGH + 40} re f", WIDE)
    file = write(tmp_path / "b.pdf", red[0], trim=False, more=(red, red))
    assert sorted(one.code for one in found(file)) == ["press-bleed", "press-boxes"]


def test_a_damaged_pdf_is_said_and_not_traced(tmp_path):
    with pytest.raises(PublishError, match=r"a\.pdf: the PDF is damaged|is damaged"):
        found(write(tmp_path / "a.pdf", "1 0 0 cm"))


def test_what_is_clipped_away_is_not_painted(tmp_path):
    assert found(write(tmp_path / "a.pdf", "q 50 50 40 40 re W n .2 0 0 0 k 0 0 300 400 re f Q")) == []


def test_only_a_pdf_is_for_a_press_and_only_a_press_is_a_purpose(tmp_path):
    with pytest.raises(UsageError, match="--for press cannot check epub files"):
        check_file(tmp_path / "a.epub", "epub", 300)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--for", "press"), 1, "[press-ink]"),
        (("--for", "press", "--ink-limit", "380"), 0, "0 findings"),
        (("--for", "screens"), 2, "--for press checks a finished file"),
    ],
)
def test_the_command_takes_a_purpose_and_a_limit(arguments, code, said, tmp_path):
    file = write(tmp_path / "a.pdf", "1 1 .9 .5 k 50 50 40 40 re f")
    with pikepdf.open(file, allow_overwriting_input=True) as pdf:
        pdf.docinfo["/Title"], pdf.Root.Lang = "书", String("zh")
        pdf.save(file)
    result = call("check", file, *arguments)
    assert said in result.stdout + result.stderr
    assert result.returncode == code
