"""Graphs of Logseq: outlines, properties, tasks, references to blocks, journals."""

from __future__ import annotations

from tests.importers.folders.test_folders import codes, paths

ID = "64a1b2c3-0000-4000-8000-0123456789ab"
GRAPH = {
    "logseq/config.edn": "{}",
    "logseq/bak/pages/甲/1.md": "- 旧",
    "pages/项目___甲.md": (
        "title:: 项目甲\ntags:: 山\n\n"
        "- ## 起因\n\t- 山里有人家。\n\t  collapsed:: true\n\t  第二行。\n\t\t- 门前一条河。\n"
        f"\t\t  id:: {ID}\n- TODO 写方案\n  SCHEDULED: <2024-05-01 Wed>\n- DONE 约客户 #[[重要 的]]\n"
        "  电话:: 一二三\n  phone:: 123\n"
        "- ```python\n  a:: 1\n  ```\n- ![](../assets/a.png){:height 10, :width 200}\n"
    ),
    "pages/乙.md": f"- 见 (({ID}))，[那条河]((({ID})))，[[项目/甲]]，[[2024-05-02]]\n- {{{{embed (({ID}))}}}}\n"
    "- {{query (todo TODO)}}\n- ((11111111-2222-4333-8444-555555555555))\n",
    "pages/空.md": "- \n",
    "journals/2024_05_02.md": "- 今天下雨。\n",
    "assets/a.png": b"\x89PNG\r\n\x1a\n",
}


def test_an_outline_is_lists_below_its_headings_without_properties(run):
    report, book, read = run(GRAPH, "我的笔记")
    assert (report.importer, book["title"]) == ("logseq", "我的笔记")
    assert list(paths(book["chapters"])) == ["pages/乙.md", "pages/项目___甲.md", "journals/2024_05_02.md"]
    text = read("pages/项目___甲.md")
    assert text.startswith("# 项目甲\n\n- tags：山\n\n## 起因\n\n- 山里有人家。\n  第二行。\n    - 门前一条河。\n")
    assert "- [ ] 写方案\n- [x] 约客户 #重要 的\n    - 电话：一二三\n    - phone：123\n" in text
    assert "a:: 1" in text
    assert "![](../assets/a.png){width=200px}" in text
    assert "collapsed" not in text
    assert "SCHEDULED" not in text
    told = {one.excerpt for one in report.decisions if one.code == "property-left-out"}
    assert told == {"collapsed::", "id::", "SCHEDULED:"}
    assert read("journals/2024_05_02.md").startswith("# 2024-05-02\n")


def test_references_to_blocks_are_what_these_say_and_a_broken_one_is_told(run):
    report, _, read = run(GRAPH)
    text = read("pages/乙.md")
    assert "见 门前一条河。，那条河，[项目/甲](项目___甲.md)，[2024-05-02](../journals/2024_05_02.md)" in text
    assert "- 门前一条河。\n" in text
    assert {"query-unread", "reference-broken", "page-empty"} <= set(codes(report))
