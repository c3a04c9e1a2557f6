"""Images as they go into an EPUB: made smaller, turned, converted where devices need it, else byte for byte."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from publish.render.epub.images import LONGEST, MOST_PIXELS, fit
from publish.source.assets import Asset
from tests.render.epub.test_renderer import opened, package
from tests.tiny import SETTINGS, make, picture, write_book

TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "gif": "image/gif", "svg": "image/svg+xml"}


@pytest.fixture
def asset(tmp_path):
    def made(image: Image.Image, kind: str, **options: object) -> Asset:
        path = tmp_path / f"x.{kind}"
        image.save(path, "JPEG" if kind == "jpg" else kind.upper(), **options)
        return Asset(f"images/x.{kind}", TYPES[kind], path, *image.size)

    return made


def opened_image(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["png", "jpg", "gif"])
def test_a_picture_that_fits_stays_byte_for_byte(asset, kind):
    one = asset(Image.new("RGB", (40, 30), "red"), kind)
    made = fit(one)
    assert (made.asset, made.data) == (one, one.path.read_bytes())


@pytest.mark.parametrize("kind", ["png", "jpg"])
def test_a_picture_larger_than_the_screens_is_made_smaller(asset, kind):
    made = fit(asset(Image.new("L", (5200, 200), 9), kind))
    assert opened_image(made.data).size == (made.asset.width, made.asset.height) == (LONGEST, 98)
    made = fit(asset(Image.new("L", (2500, 2500), 9), kind))
    assert 0.99 * MOST_PIXELS < made.asset.width * made.asset.height <= 1.001 * MOST_PIXELS
    assert made.data == fit(asset(Image.new("L", (2500, 2500), 9), kind)).data


def test_cmyk_becomes_rgb_and_a_turned_photograph_is_turned(asset):
    made = fit(asset(Image.new("CMYK", (40, 30)), "jpg"))
    assert opened_image(made.data).mode == "RGB"
    exif = Image.Exif()
    exif[0x0112] = 6
    made = fit(asset(Image.new("RGB", (40, 30)), "jpg", exif=exif))
    assert opened_image(made.data).size == (made.asset.width, made.asset.height) == (30, 40)


@pytest.mark.parametrize(
    ("mode", "lossless", "suffix"), [("RGB", False, ".jpg"), ("RGB", True, ".png"), ("RGBA", False, ".png")]
)
def test_still_webp_becomes_what_all_devices_decode(asset, mode, lossless, suffix):
    made = fit(asset(Image.new(mode, (40, 30)), "webp", lossless=lossless))
    assert made.asset.href == f"images/x{suffix}"
    assert made.asset.media_type == TYPES[suffix[1:]]
    assert opened_image(made.data).size == (40, 30)


def test_a_transparent_picture_of_few_colours_keeps_its_transparency(asset):
    image = Image.new("P", (3000, 10))
    image.info["transparency"] = 0
    made = fit(asset(image, "png", transparency=0))
    assert opened_image(made.data).mode == "RGBA"


def test_a_moving_picture_stays(asset):
    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "blue")]
    one = asset(frames[0], "webp", save_all=True, append_images=frames[1:])
    assert fit(one).data == one.path.read_bytes()


def test_pages_and_cover_name_the_picture_that_is_in_the_package(tmp_path):
    files = {
        "book.yaml": SETTINGS.replace("cover.png", "cover.webp"),
        "01.md": "# 甲\n\n![图](images/dot.webp)\n",
        "02.md": "# 乙\n",
        "images/dot.webp": picture("WEBP"),
        "images/cover.webp": picture("WEBP", "green"),
    }
    make(write_book(tmp_path / "book", files), tmp_path / "out", "epub", editions=("zh-CN",))
    members = opened(tmp_path / "out/zh-CN/tiny.epub")
    source = members["EPUB/01.xhtml"].find(".//{*}img").get("src")
    cover = members["EPUB/cover.xhtml"].find(".//{*}img").get("src")
    assert source.endswith(".jpg")
    assert {f"EPUB/{source}", f"EPUB/{cover}"} <= set(members)
    [item] = package(members).findall(".//{*}item[@properties='cover-image']")
    assert (item.get("href"), item.get("media-type")) == (cover, "image/jpeg")
