"""Drawings with words as pictures, where a book asks for them; and none where it does not."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

from tests.tiny import SETTINGS, make, write_book

WORDS = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100" width="300" height="100">
<rect x="200" width="100" height="100" fill="#c00"/><text x="20" y="60" font-size="40">骨头</text></svg>
"""
LINES = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><path d="M0 10h40" stroke="#000"/></svg>'


@pytest.fixture(scope="module", params=["png", "svg"])
def package(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    text = "# 头发 {#hair}\n\n![有字的图](images/words.svg)\n\n![没有字的图](images/lines.svg)\n"
    settings = f"{SETTINGS}epub-drawings: {request.param}\n"
    files = {"book.yaml": settings, "01.md": text, "images/words.svg": WORDS, "images/lines.svg": LINES}
    book = write_book(folder / "book", files)
    make(book, folder / "out", "epub", editions=("zh-TW",))
    with zipfile.ZipFile(folder / "out/zh-TW/tiny.epub") as opened:
        return request.param, {name: opened.read(name) for name in opened.namelist()}


def test_only_drawings_with_words_become_pictures_and_only_where_wanted(package):
    kind, files = package
    drawings = [name for name in files if name.endswith(".svg")]
    assert len(drawings) == (1 if kind == "png" else 2)
    chapter = next(data for name, data in files.items() if "有字的圖".encode() in data and name.endswith(".xhtml"))
    assert (b".png" in chapter) == (kind == "png")


def test_a_picture_shows_what_was_drawn_sharp_enough_to_read(package):
    kind, files = package
    if kind == "svg":
        return
    pictures = [Image.open(io.BytesIO(data)) for name, data in files.items() if name.endswith(".png")]
    [shown] = [one.convert("RGB") for one in pictures if one.size == (1200, 400)]
    red, green, blue = shown.getpixel((1000, 200))
    assert (red > 180, green < 40, blue < 40) == (True, True, True)
    assert shown.getpixel((790, 10)) == (255, 255, 255)
    ink = sum(1 for x in range(60, 500, 4) for y in range(60, 320, 4) if max(shown.getpixel((x, y))) < 100)
    assert ink > 100, "the words"
