"""Line art on a transparent ground gets a ground: a reader's page may be black."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from publish.render.epub.grounds import with_ground

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-5 0 40 20">'


def art(mode="RGBA", ink=(0, 0, 0, 255), ground=(0, 0, 0, 0), kind="PNG"):
    image = Image.new("RGBA", (40, 20), ground)
    ImageDraw.Draw(image).line((0, 0, 40, 20), fill=ink, width=3)
    out = io.BytesIO()
    (image.quantize(8) if mode == "P" else image.convert(mode)).save(out, kind)
    return out.getvalue()


def given(folder, data, media_type="image/png"):
    file = folder / "picture"
    file.write_bytes(data)
    return with_ground(file, media_type)


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (art(), "image/png"),
        (art("LA"), "image/png"),
        (art("P"), "image/png"),
        (art(ink=(90, 20, 160, 255)), "image/png"),
        (art(kind="WEBP"), "image/webp"),
    ],
)
def test_dark_lines_stand_on_paper_and_keep_their_colour(tmp_path, data, media_type):
    made = Image.open(io.BytesIO(given(tmp_path, data, media_type)))
    assert Image.MIME[made.format] == media_type
    assert not made.has_transparency_data
    pixels, before = made.convert("RGB"), Image.open(io.BytesIO(data)).convert("RGBA")
    assert pixels.getpixel((39, 0)) == (255, 255, 255)
    assert pixels.getpixel((20, 10)) == before.getpixel((20, 10))[:3]


@pytest.mark.parametrize(
    "data",
    [
        art(ink=(250, 250, 240, 255)),
        art("RGB", ground=(255, 255, 255, 255)),
        art(ground=(255, 255, 255, 255)),
    ],
    ids=["light lines", "no transparency", "nothing transparent"],
)
def test_what_can_be_seen_on_black_stays_as_it_is(tmp_path, data):
    assert given(tmp_path, data) == data


@pytest.mark.parametrize(
    ("before", "drawn"),
    [
        ("<title>线</title>", '<path d="M0 0h30"/>'),
        ("", '<g fill="#333"><text x="0" y="9">字</text></g>'),
        (
            '<defs><rect x="-5" width="40" height="20" fill="red"/></defs>',
            '<circle r="3" style="fill:navy"/>',
        ),
        ("", '<rect width="10" height="10" fill="#fff"/><path d="M0 0h9" stroke="#000"/>'),
        ("", '<rect x="-5" width="40" height="20" fill="none" stroke="#000"/>'),
    ],
)
def test_a_drawing_gets_paper_below_all_that_it_draws(tmp_path, before, drawn):
    made = given(tmp_path, f"{HEAD}{before}{drawn}</svg>".encode(), "image/svg+xml").decode()
    ground = '<rect x="-5" y="0" width="40" height="20" fill="#ffffff"/>'
    assert made.partition("?>")[2].strip() == f"{HEAD}{before}{ground}{drawn}</svg>"


@pytest.mark.parametrize(
    "inside",
    [
        '<rect x="-5" width="40" height="20" fill="#eee"/><path d="M0 0h30"/>',
        '<g><rect x="-5" y="0" width="100%" height="100%" style="fill: beige"/><path d="M0 0h30"/></g>',
        '<g fill="white"><path d="M0 0h30"/></g>',
        "<desc>空</desc>",
    ],
    ids=["a ground of its own", "in percent", "light", "nothing drawn"],
)
def test_a_drawing_that_can_be_seen_on_black_stays_as_it_is(tmp_path, inside):
    data = f"{HEAD}{inside}</svg>".encode()
    assert given(tmp_path, data, "image/svg+xml") == data


def test_what_is_no_drawing_at_all_stays_as_it_is(tmp_path):
    for data in (b"<svg", b"<svg xmlns='http://www.w3.org/2000/svg' width='100%'><path d='M0 0h3'/></svg>"):
        assert given(tmp_path, data, "image/svg+xml") == data
