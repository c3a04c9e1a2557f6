"""Pictures as formats need them: made smaller, turned, converted where readers need it, else byte for byte."""

from __future__ import annotations

import base64
import io
import random
import re
import shutil
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFilter

from publish.cache import Cache
from publish.render.epub.renderer import SCREENS
from publish.render.html.renderer import SCREEN
from publish.render.html.whole import INSIDE
from publish.render.pictures import Measure, fit, fitted
from publish.source.pictures.assets import Asset
from tests.render.epub.test_renderer import opened, package
from tests.tiny import SETTINGS, make, picture, write_book

TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "gif": "image/gif", "svg": "image/svg+xml"}


@pytest.fixture
def asset(tmp_path):
    numbers = count()

    def made(image: Image.Image, kind: str, **options: object) -> Asset:
        name = f"x-{next(numbers)}.{kind}"  # as each content has a name of its own
        path = tmp_path / "assets/zh-CN/images" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        image.save(path, "JPEG" if kind == "jpg" else kind.upper(), **options)
        return Asset(f"images/{name}", TYPES[kind], path, *image.size)

    return made


def shown(one: Asset) -> Image.Image:
    return Image.open(io.BytesIO(one.path.read_bytes()))


def photograph(size: tuple[int, int] = (1500, 1000)) -> Image.Image:
    """Colours that run into each other, and grain."""
    chance = random.Random(7)  # pictures, no secrets
    colours = Image.frombytes("RGB", (30, 20), chance.randbytes(1800)).resize(size, Image.Resampling.BICUBIC)
    grain = Image.frombytes("RGB", size, chance.randbytes(3 * size[0] * size[1])).filter(ImageFilter.GaussianBlur(1))
    return Image.blend(colours, grain, 0.3)


def drawing(size: tuple[int, int] = (1500, 1000)) -> Image.Image:
    """Lines and flat colours on white."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    chance = random.Random(7)  # as above
    draw.line((0, 0, size[0], size[1]), fill="black", width=6)
    for _ in range(300):
        x, y = chance.randrange(size[0]), chance.randrange(size[1])
        draw.ellipse((x, y, x + 60, y + 60), fill=(x % 256, y % 256, 90), outline="black", width=3)
    return image


@pytest.mark.parametrize("kind", ["png", "jpg", "gif"])
@pytest.mark.parametrize("measure", [SCREENS, SCREEN, INSIDE[-1]])
def test_a_picture_that_fits_stays_byte_for_byte(asset, kind, measure):
    one = asset(Image.new("RGB", (40, 30), "red"), kind)
    assert fit(one, measure) is one


@pytest.mark.parametrize("kind", ["png", "jpg"])
def test_a_picture_larger_than_the_screens_is_made_smaller(asset, kind):
    made = fit(asset(Image.new("L", (5200, 200), 9), kind), SCREENS)
    assert shown(made).size == (made.width, made.height) == (2560, 98)
    square = fit(asset(Image.new("L", (2500, 2500), 9), kind), SCREENS)
    assert 0.99 * SCREENS.pixels < square.width * square.height <= 1.001 * SCREENS.pixels
    before = square.path.read_bytes()
    assert fit(asset(Image.new("L", (2500, 2500), 9), kind), SCREENS).path.read_bytes() == before


def test_a_tall_strip_keeps_its_width_on_the_web(asset):
    made = fit(asset(photograph((1080, 3000)), "jpg"), SCREEN)
    assert made.width == 1080


def test_a_photograph_in_png_becomes_jpeg_and_a_drawing_stays_without_loss(asset):
    photo = fit(asset(photograph(), "png"), Measure("m", 500))
    assert (photo.href[-4:], photo.media_type, shown(photo).size) == (".jpg", "image/jpeg", (500, 333))
    drawn = fit(asset(drawing(), "png"), Measure("m", 500))
    assert (drawn.href[-4:], drawn.media_type, shown(drawn).size) == (".png", "image/png", (500, 333))
    assert shown(drawn).convert("L").getpixel((0, 0)) < 128, "a line stays dark where it begins"
    assert shown(drawn).convert("L").getextrema()[1] >= 252, "white stays white"


def test_drawings_are_finer_than_photographs_in_print(asset):
    fine = Measure("m", 400, sharper=2)
    assert fit(asset(drawing(), "png"), fine).width == 800
    assert fit(asset(photograph(), "png"), fine).width == 400


def test_few_colours_stay_few(asset):
    one = asset(drawing().quantize(8), "png")
    made = fit(one, Measure("m", 1000))
    assert shown(made).mode == "P"
    assert made.path.stat().st_size < one.path.stat().st_size * 3


def test_a_picture_that_is_hardly_larger_stays_where_its_file_would_grow(asset):
    dots = random.Random(7).randbytes(100_000)  # as above
    one = asset(Image.frombytes("1", (1000, 800), dots), "png")
    assert fit(one, Measure("m", 990)) is one


def test_cmyk_stays_for_print_and_is_rgb_for_devices(asset):
    assert shown(fit(asset(Image.new("CMYK", (40, 30)), "jpg"), SCREENS)).mode == "RGB"
    made = fit(asset(Image.new("CMYK", (400, 300), (10, 200, 30, 40)), "jpg"), Measure("m", 100, plain=True))
    assert shown(made).mode == "CMYK"
    assert all(abs(a - b) < 4 for a, b in zip(shown(made).getpixel((5, 5)), (10, 200, 30, 40), strict=True))


def test_a_grey_of_sixteen_bits_is_one_of_eight(asset):
    deep = Image.new("I;16", (40, 30), 0x8000)
    made = fit(asset(deep, "png"), Measure("m", 100, plain=True))
    with Image.open(made.path) as small:
        assert (small.mode, small.size, small.getpixel((5, 5))) == ("L", (40, 30), 0x80)


def test_a_turned_photograph_is_turned(asset):
    exif = Image.Exif()
    exif[0x0112] = 6
    made = fit(asset(Image.new("RGB", (40, 30)), "jpg", exif=exif), SCREENS)
    assert shown(made).size == (made.width, made.height) == (30, 40)
    wide = fit(asset(photograph((3000, 1000)), "jpg", exif=exif), Measure("m", 500))
    assert shown(wide).size == (500, 1500)


@pytest.mark.parametrize(
    ("mode", "lossless", "suffix"), [("RGB", False, ".jpg"), ("RGB", True, ".png"), ("RGBA", False, ".png")]
)
def test_still_webp_becomes_what_all_devices_decode(asset, mode, lossless, suffix):
    made = fit(asset(Image.new(mode, (40, 30)), "webp", lossless=lossless), SCREENS)
    assert made.href.endswith(suffix)
    assert made.media_type == TYPES[suffix[1:]]
    assert shown(made).size == (40, 30)


def test_a_transparent_picture_of_few_colours_keeps_its_transparency(asset):
    image = Image.new("P", (3000, 10))
    image.info["transparency"] = 0
    made = fit(asset(image, "png", transparency=0), SCREENS)
    assert shown(made).convert("RGBA").getextrema()[3] == (0, 0)


def test_a_moving_picture_stays(asset):
    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "blue")]
    one = asset(frames[0], "webp", save_all=True, append_images=frames[1:])
    assert fit(one, SCREENS) is one


LARGE = {
    "book.yaml": "title: 书\nslug: tiny\nlang: zh-CN\n",
    "01.md": "# 甲\n\n![图](images/photo.png)\n\n![图](images/drawn.png)\n",
}


def large(tmp_path: Path, settings: str = "") -> Path:
    for name, image in (("photo", photograph((5000, 1000))), ("drawn", drawing((5000, 1000)))):
        path = tmp_path / "book/images" / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        image.save(path)
    files = {**LARGE, "book.yaml": LARGE["book.yaml"] + settings}
    for name, text in files.items():
        (tmp_path / "book" / name).write_text(text, encoding="utf-8")
    return tmp_path / "book"


def width(data: bytes) -> int:
    return Image.open(io.BytesIO(data)).width


def widths(out: Path) -> dict[str, list[int]]:
    """The widths of the pictures of each thing that was built."""
    page = (out / "zh-CN/html/tiny.html").read_text(encoding="utf-8")
    inside = [base64.b64decode(one) for one in re.findall(r'src="data:image/\w+;base64,([^"]+)"', page)]
    pages = re.findall(r'src="(images/[^"]+)"', (out / "zh-CN/html/01.html").read_text(encoding="utf-8"))
    book = opened(out / "zh-CN/tiny.epub")
    packed = [one.get("src") for one in book["EPUB/01.xhtml"].iter("{*}img")]
    with pikepdf.open(out / "zh-CN/tiny.pdf") as pdf:
        kinds = [one for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"]
        printed = [int(one.Width) for one in kinds]
    return {
        "inside": [width(one) for one in inside],
        "pages": [width((out / "zh-CN/html" / one).read_bytes()) for one in pages],
        "epub": [width(book[f"EPUB/{one}"]) for one in packed],
        "pdf": sorted(set(printed)),
    }


@pytest.mark.verify
def test_each_format_has_pictures_in_its_own_measure(tmp_path):
    make(large(tmp_path), tmp_path / "out", editions=("zh-CN",))
    found = widths(tmp_path / "out")
    assert found["inside"] == [1920, 1920]
    assert found["pages"] == found["epub"] == [2560, 2560]
    photo, drawn = found["pdf"]
    assert 1200 < photo < 1500, "300 dots an inch over the text's width"
    assert drawn in (2 * photo - 1, 2 * photo, 2 * photo + 1)


@pytest.mark.verify
def test_pictures_stay_as_they_are_where_the_book_says_so(tmp_path):
    make(large(tmp_path, "images: original\n"), tmp_path / "out", editions=("zh-CN",))
    assert set(map(tuple, widths(tmp_path / "out").values())) == {(5000, 5000), (5000,)}


@pytest.mark.verify
def test_very_many_pictures_share_what_a_file_may_weigh(asset):
    one = asset(photograph(), "jpg")

    class Book:
        assets = {f"images/{number}.jpg": replace(one, href=f"images/{number}.jpg") for number in range(100)}  # noqa: RUF012  # of this test
        original_images = False
        edition = SimpleNamespace(key="zh-CN")

    ladder = [Measure("large", 1200), Measure("medium", 800), Measure("small", 400)]
    weights = [fit(one, measure).path.stat().st_size for measure in ladder]
    for budget, width in ((0, 1200), (101 * weights[0], 1200), (101 * weights[1], 800), (1, 400)):
        assert {made.width for made in fitted(Book, ladder, budget).values()} == {width}


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


def test_a_picture_that_was_made_smaller_before_is_not_made_again(tmp_path, asset, monkeypatch):
    cache, measure = Cache(tmp_path / "cache", "this program"), Measure("m", 200)
    (tmp_path / "cache").mkdir()
    pictures = [asset(photograph(), "jpg"), asset(drawing(), "png"), asset(photograph((100, 80)), "jpg")]
    made = [fit(one, measure, cache) for one in pictures]
    content = [one.path.read_bytes() for one in made]
    shutil.rmtree(made[0].path.parents[1])
    monkeypatch.setattr("publish.render.pictures._anew", lambda *_: pytest.fail("made again"))
    again = [fit(one, measure, cache) for one in pictures]
    assert again == made
    assert [one.path.read_bytes() for one in again] == content
    assert again[2] is pictures[2]
    with pytest.raises(pytest.fail.Exception):
        fit(pictures[0], Measure("n", 100), cache)
