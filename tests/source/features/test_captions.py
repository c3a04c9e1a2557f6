"""Captions of code in paragraphs of their own become its captions, with the name that they give."""

from __future__ import annotations

import pytest

from publish.source.document import text
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project

HEAD = "---\ntitle: 书\nauthor: 甲\nlang: zh-CN\n---\n\n# 章\n\n见 @lst:a。\n\n"
CODE = "```python\nprint(1)\n```\n"


@pytest.fixture
def read(folder):
    """`read(Markdown)` are the blocks of a chapter, and what was found."""

    def read(markdown):
        manuscript = read_manuscript(read_project(folder({"a.md": f"{HEAD}{markdown}"}) / "a.md"))
        return manuscript.chapters[0].blocks[2:], [one.code for one in manuscript.findings]

    return read


@pytest.mark.parametrize(
    "markdown",
    [
        f"Listing: 打**印** {{#lst:a}}\n\n{CODE}",
        f"{CODE}\n: 打**印** {{#lst:a}}\n",
        f"代码清单：打**印** {{#lst:a}}\n{CODE}",
        f"打**印** {{#lst:a .numberLines}}\n\n{CODE}",
    ],
)
def test_a_paragraph_with_the_name_of_code_captions_that_above_or_below(read, markdown):
    [listing], found = read(markdown)
    (name, classes, _), (caption, code) = listing["c"]
    assert (name, classes, found) == ("lst-a", ["listing"], [])
    assert text(caption["c"][1][0]["c"]) == "打印"
    assert [one["t"] for one in caption["c"][1][0]["c"]] == ["Str", "Strong"]
    assert code["c"][0][1] == (["python", "numbered"] if "number" in markdown else ["python"])


@pytest.mark.parametrize("markdown", [f"说明 {{#lst:a}} 在此\n\n{CODE}", "甲 {#lst:a}\n\n乙\n"])
def test_what_stands_beside_no_code_is_left(read, markdown):
    blocks, found = read(markdown)
    assert "xref-broken" in found
    assert "{#lst:a}" in text(blocks[0]["c"])
