"""The font of formulas on web pages: beside them where a book has formulas, and nowhere else."""

from __future__ import annotations

import re

import pytest

from publish.render import RenderContext
from publish.render.html import HtmlRenderer


@pytest.mark.parametrize(("text", "carried"), [("设 $x$ 为数。", True), ("设某为数。", False)])
def test_a_font_for_formulas_lies_beside_the_pages_that_have_some(make_book, tmp_path, text, carried):
    book = make_book({"book.yaml": "title: 书\nslug: b\nlang: zh-CN\n", "a.md": f"# 头\n\n{text}\n"}, ("zh-CN",))
    HtmlRenderer().render(book.editions["zh-CN"], RenderContext(tmp_path))
    folder = tmp_path / "html"
    named = re.findall(r"url\((fonts/math-[0-9a-f]+\.woff2)\)", (folder / "assets/style.css").read_text("utf-8"))
    assert [(folder / "assets" / name).is_file() for name in named] == [True] * carried
    assert (folder / "assets/fonts/math-LICENSE.txt").is_file() == carried
    assert ("url(data:font/woff2;base64," in (folder / "b.html").read_text("utf-8")) == carried
