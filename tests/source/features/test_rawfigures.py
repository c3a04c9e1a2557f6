"""Figures that knitr has written in HTML are figures of the book where they have a label."""

from __future__ import annotations

import pytest

from publish.source.manuscript import read_manuscript
from publish.source.project import read_project

HEAD = "---\ntitle: 书\nauthor: 甲\nlang: zh-CN\n---\n\n# 章\n\n见图 \\@ref(fig:a)。\n\n"
FIGURE = '<div class="figure" style="text-align: center">\n{}\n<p class="caption">{}</p>\n</div>\n'
PICTURE = '<img src="a.png" alt="甲图" width="50%" />'


@pytest.fixture
def read(folder, png):
    """`read(HTML)` is the block that it is in a chapter, and what was found."""

    def read(text):
        book = folder({"a.md": f"{HEAD}{text}", "a.png": png})
        manuscript = read_manuscript(read_project(book / "a.md"))
        return manuscript.chapters[0].blocks[2], [one.code for one in manuscript.findings]

    return read


@pytest.mark.parametrize("label", [r"(\#fig:a)", "(#fig:a)"])
def test_a_figure_with_a_label_is_referred_to_and_keeps_its_caption_and_size(read, label):
    figure, found = read(FIGURE.format(PICTURE, f"{label}甲的**标题**"))
    (name, classes, _), (_, [caption]), [content] = figure["c"]
    [picture] = content["c"]
    assert (figure["t"], name, classes, found) == ("Figure", "fig-a", [], [])
    assert [one["t"] for one in caption["c"]] == ["Str", "Strong"]
    assert picture["c"] == [["", [], [["width", "50%"]]], [{"t": "Str", "c": "甲图"}], ["a.png", ""]]


def test_several_pictures_are_one_figure(read):
    figure, _ = read(FIGURE.format(PICTURE * 2, r"(\#fig:a)两张"))
    assert [one["t"] for one in figure["c"][2][0]["c"]] == ["Image", "Image"]


@pytest.mark.parametrize(
    "html",
    [
        FIGURE.format(PICTURE, "没有标识符"),
        FIGURE.format(f"{PICTURE}字", r"(\#fig:a)又有字"),
        FIGURE.format(PICTURE, r"(\#fig:a)甲").replace("figure", "other"),
        FIGURE.format(f"{PICTURE}\n\n- 列表\n\n", r"(\#fig:a)甲"),
    ],
)
def test_what_is_more_stays_as_it_is(read, html):
    assert read(html)[0]["t"] == "Div"
