"""What Ghostscript finds of each ink on the pages of a book for the press; it is asked where it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from tests.cmyk import profile
from tests.render.pdf.test_press import FILES, PRESS, TEXT
from tests.tiny import make, write_book

pytestmark = pytest.mark.verify


@pytest.mark.parametrize("inks", ["cmyk", "black"])
@pytest.mark.parametrize("standard", ["PDF/X-4", "PDF/X-1a"])
def test_pages_of_text_have_black_alone(inks, standard, tmp_path):
    program = shutil.which("gs")
    if not program:
        pytest.skip("Ghostscript is not installed, which measures inks")
    settings = f"{PRESS}page: {{for: press, profile: press.icc, inks: {inks}, standard: {standard}}}\n"
    book = write_book(tmp_path / "book", {**FILES, "01.md": TEXT, "book.yaml": settings, "press.icc": profile()})
    make(book, tmp_path / "out", "pdf", editions=("zh-CN",))
    file = tmp_path / "out/zh-CN/tiny.pdf"
    done = subprocess.run(
        [program, "-q", "-o", "-", "-sDEVICE=inkcov", file], capture_output=True, text=True, check=True, timeout=300
    )
    rows = [
        tuple(map(float, row)) for row in re.findall(r"([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+) CMYK OK", done.stdout)
    ]
    coloured = [row for row in rows if any(row[:3])]
    assert sum(row[3] > 0 for row in rows) > 5
    assert len(coloured) == 0 if inks == "black" else 0 < len(coloured) < 6
