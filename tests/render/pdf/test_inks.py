"""Colours made inks: greys in black alone, colours by the profile, never more ink than the paper takes."""

from __future__ import annotations

import pytest
from PIL import Image

from publish.errors import PublishError
from publish.render.pdf.inks import BLACK, Inks
from publish.source.settings.page import Press
from tests.cmyk import profile


@pytest.fixture(scope="module", params=["a profile", "none"])
def inks(request, tmp_path_factory):
    file = tmp_path_factory.mktemp("inks") / "press.icc"
    file.write_bytes(profile())
    return Inks(Press(file if request.param == "a profile" else None))


@pytest.mark.parametrize("tone", [0.0, 0.3, 0.6, 0.8, 1.0])
def test_a_grey_is_black_alone(inks, tone):
    cyan, magenta, yellow, black = inks.of((tone, tone, tone))
    assert (cyan, magenta, yellow) == (0, 0, 0)
    assert black == pytest.approx(1 - tone, abs=0.01)


def test_what_the_eye_takes_for_grey_or_black_is_so(inks):
    assert inks.of((0xF5 / 255, 0xF4 / 255, 0xF1 / 255))[:3] == (0, 0, 0)
    assert inks.of((0x22 / 255, 0x1C / 255, 0x16 / 255)) == BLACK


def test_a_colour_is_printed_in_the_inks_that_make_it(inks):
    cyan, magenta, yellow, black = inks.of((1, 0, 0))
    assert cyan + black < 0.1
    assert min(magenta, yellow) > 0.85


@pytest.mark.parametrize("colour", [(0, 0, 0), (0.2, 0.2, 0.2), (0.7, 0.05, 0.05), (0, 0.2, 0.5)])
def test_small_text_is_solid_black_where_it_is_dark(inks, colour):
    assert inks.of_text(colour, 9) == BLACK


def test_small_text_never_has_more_than_one_ink(inks):
    for colour in ((1, 1, 1), (0.95, 0.93, 0.86), (0.6, 0.9, 0.6), (1, 0.5, 0)):
        assert inks.of_text(colour, 11.9)[:3] == (0, 0, 0)
    assert inks.of_text((0.95, 0.93, 0.86), 9) == (0, 0, 0, 0), "on a dark ground it is left out"


def test_large_letters_keep_their_colour(inks):
    assert inks.of_text((1, 0, 0), 24) == inks.of((1, 0, 0))


def test_one_ink_makes_all_of_black():
    inks = Inks(Press(one_ink=True))
    assert inks.of((1, 0, 0))[:3] == (0, 0, 0)
    assert inks.picture(Image.new("RGB", (4, 4), "red")).mode == "L"
    assert inks.picture(Image.new("CMYK", (4, 4), (0, 255, 255, 0))).mode == "L"


def test_a_grey_picture_is_grey_and_a_coloured_one_cmyk(inks):
    assert inks.picture(Image.new("RGB", (4, 4), (90, 92, 88))).mode == "L"
    assert inks.picture(Image.new("RGB", (4, 4), (200, 40, 40))).mode == "CMYK"


def test_no_pixel_has_more_ink_than_the_limit(tmp_path):
    file = tmp_path / "press.icc"
    file.write_bytes(profile())
    noise = Image.merge("RGB", [Image.effect_noise((80, 60), 120).rotate(turn) for turn in (0, 90, 180)])
    totals = {}
    for limit in (400, 220):
        made = Inks(Press(file, ink_limit=limit)).picture(noise)
        totals[limit] = max(sum(inks) for _, inks in made.getcolors(1 << 16))
    assert totals[400] > 220 * 2.55, "or the limit below shows nothing"
    assert totals[220] <= 220 * 2.55 + 0.5


def test_a_damaged_profile_is_said(tmp_path):
    file = tmp_path / "press.icc"
    file.write_bytes(profile()[:200])
    with pytest.raises(PublishError, match=r"press\.icc: the ICC profile is damaged"):
        Inks(Press(file)).of((1, 0, 0))
