"""A content stream in inks: colours are set where they are shown, black overprints, and nothing else does."""

from __future__ import annotations

import pikepdf
import pytest

from publish.render.pdf.ink_stream import InkStream
from publish.render.pdf.inks import Inks
from publish.source.settings.page import Press


def inked(content, spaces=None, mask=False):
    with pikepdf.new() as pdf:
        stream = pikepdf.parse_content_stream(pdf.make_stream(content.encode()))
        run = InkStream(Inks(Press()), pikepdf.Dictionary(ColorSpace=pikepdf.Dictionary(spaces or {})), mask)
        return pikepdf.unparse_content_stream(run.run(stream)).decode().split("\n")


def test_black_text_overprints_and_white_does_not():
    assert inked("0 0 0 rg BT /F 10 Tf (a) Tj 1 1 1 rg (b) Tj ET") == [
        "BT",
        "/F 10 Tf",
        "/OverprintBlack gs",
        "0 0 0 1 k",
        "(a) Tj",
        "/NoOverprint gs",
        "0 0 0 0 k",
        "(b) Tj",
        "ET",
    ]


def test_a_colour_is_set_before_the_path_and_not_within_it():
    assert inked("q 1 0 0 rg 0 0 m 1 0 l 1 1 l h f Q") == [
        "q",
        "/NoOverprint gs",
        "0 1 1 0 k",
        "0 0 m",
        "1 0 l",
        "1 1 l",
        "h",
        "f",
        "Q",
    ]


def test_what_was_set_inside_a_saved_state_is_set_again_behind_it():
    lines = inked("0 g q BT /F 9 Tf (a) Tj ET Q BT /F 9 Tf (b) Tj ET")
    assert lines.count("0 0 0 1 k") == 2
    assert lines.count("/OverprintBlack gs") == 2


def test_the_size_of_text_counts_as_it_is_shown():
    small = inked(".5 0 0 .5 0 0 cm 1 0 0 rg BT /F 20 Tf (a) Tj ET")
    large = inked("1 0 0 rg BT /F 1 Tf 20 0 0 20 5 5 Tm (a) Tj ET")
    assert "0 0 0 1 k" in small or "0 0 0 0.701 k" in small
    assert "0 1 1 0 k" in large


def test_a_field_in_black_and_colour_does_not_overprint():
    assert "/OverprintBlack gs" not in inked("0 0 0 RG 1 0 0 rg 0 0 9 9 re B")


def test_a_picture_is_never_overprinted():
    lines = inked("0 g BT /F 9 Tf (a) Tj ET /i1 Do")
    assert lines.index("/NoOverprint gs") < lines.index("/i1 Do")


def test_a_mask_stays_light_and_dark():
    assert inked("1 0 0 rg 0 0 9 9 re f", mask=True) == ["0.299 g", "0 0 9 9 re", "f"]


def test_colours_of_named_spaces_are_known():
    lab = pikepdf.Array([pikepdf.Name.Lab, pikepdf.Dictionary(WhitePoint=[0.9642, 1, 0.8251])])
    lines = inked("/lab cs 54.29 80.8 69.9 scn 0 0 9 9 re f", {"/lab": lab})  # red, as CSS has it
    inks = [float(one) for one in next(line for line in lines if line.endswith(" k")).split()[:4]]
    assert inks == pytest.approx([0, 1, 1, 0], abs=0.02)


def test_inks_that_the_book_itself_chose_stay():
    assert "0.2 0.4 0 0.1 k" in inked("/DeviceCMYK cs 0.2 0.4 0 0.1 scn 0 0 9 9 re f")
    assert "1 0 0 0 K" in inked("1 0 0 0 K 0 0 m 9 9 l S")


def test_a_pattern_stays():
    lines = inked("/Pattern cs /p0 scn 0 0 9 9 re f")
    assert lines == ["/NoOverprint gs", "/Pattern cs", "/p0 scn", "0 0 9 9 re", "f"]
