"""Chapters numbered again: what is walked, and what is known from what all chapters have told."""

from __future__ import annotations

import pytest

from publish.cache import open_cache
from publish.edition import numbered
from publish.edition.derive import derive
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project

FILES = {
    "book.yaml": "title: 书\nauthor: 甲\nlang: zh-CN\neditions: [zh-CN]\nchapters: [a.md, b.md, c.md]\n",
    "a.md": "# 甲\n\n[软件]{.index}，见图 @fig:one。\n\n![一张图](dot.png){#fig:one}\n\n普通的一段。\n",
    "b.md": "# 乙\n\n又是[网络]{.index}。\n",
    "c.md": "# 索引\n\n::: {.list-of-figures}\n:::\n\n::: {.index}\n:::\n",
}


@pytest.mark.parametrize(
    ("before", "after", "again"),
    [
        ("普通的", "不普通的", False),
        ("[软件]", "[硬件]", True),
        ("[一张图]", "[另一张图]", True),
        ("# 甲", "# 丙", True),
    ],
)
def test_an_index_and_a_list_are_filled_again_only_where_a_chapter_tells_them_something_else(
    before, after, again, folder, tmp_path, monkeypatch, png
):
    root = folder(FILES)
    (root / "dot.png").write_bytes(png)
    cache = open_cache(tmp_path, "program")

    def chapters(kept):
        project = read_project(root)
        manuscript = read_manuscript(project, *kept)
        keeping = {"cache": kept[0]} if kept else {}
        return derive(project, manuscript, project.editions[0], tmp_path / "scratch", **keeping)

    first = chapters([cache])
    assert "locator" in first.chapters[2].xhtml
    assert "一张图" in first.chapters[2].xhtml
    walked, fill = [], numbered.fill_indexes
    monkeypatch.setattr(numbered, "fill_indexes", lambda *given: walked.append(1) or fill(*given))
    assert before in FILES["a.md"]
    (root / "a.md").write_text(FILES["a.md"].replace(before, after), encoding="utf-8")
    warm = chapters([cache])
    assert bool(walked) is again
    cold = chapters([])
    assert warm.chapters == cold.chapters
    assert warm.findings == cold.findings
