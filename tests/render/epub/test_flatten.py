"""Drawings with words as pictures of pixels, where a book asks for it."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

from tests.tiny import SETTINGS, make, write_book

WORDS = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200" viewBox="0 0 400 200">'
    '<rect width="400" height="200" fill="#ffe9c0"/><text x="20" y="120" font-size="80">软件</text></svg>'
)
LINES = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><path d="M0 10h40" stroke="red"/></svg>'
TEXT = "# 头发\n\n![有字](images/words.svg)\n\n![没有字](images/lines.svg)\n"


def built(tmp_path, settings=""):
    files = {"01.md": TEXT, "02.md": "# 二\n", "images/words.svg": WORDS, "images/lines.svg": LINES}
    book = write_book(tmp_path / "book", {**files, "book.yaml": SETTINGS + settings})
    make(book, tmp_path / "out", "epub", editions=("zh-CN",))
    with zipfile.ZipFile(tmp_path / "out/zh-CN/tiny.epub") as epub:
        return {name.rpartition("EPUB/")[2]: epub.read(name) for name in epub.namelist()}


def test_a_drawing_with_words_becomes_pixels_and_one_without_stays(tmp_path):
    files = built(tmp_path, "drawings: picture\n")
    [words] = [name for name in files if "words" in name]
    [lines] = [name for name in files if "lines" in name]
    assert (words[-4:], lines[-4:]) == (".png", ".svg")
    assert words in files["01.xhtml"].decode()
    assert words in files["content.opf"].decode()
    with Image.open(io.BytesIO(files[words])) as image:
        assert image.size == (1200, 600)
        assert image.getpixel((10, 10)) == pytest.approx((255, 233, 192), abs=2)
        dark = [x for x in range(0, 1200, 3) for y in range(150, 380, 3) if sum(image.getpixel((x, y))) < 200]
        assert 50 < min(dark) < 100, "the words are there"


def test_nothing_changes_where_nobody_asks(tmp_path):
    assert any(name.endswith(".svg") and "words" in name for name in built(tmp_path))
