"""Titles: which heading a file begins with, and what stands above it."""

from __future__ import annotations

import pytest

from publish.source.document import block_text
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project
from publish.source.titles import led


def test_a_title_stands_before_a_short_lead(make_book):
    lead = "> 说明：选自别处。\n\n![](https://example.org/a.png)\n\n"
    book = make_book({"a.md": lead + "# 题\n\n" + "话。" * 20, "b.md": "话。" * 20 + "\n\n# 后记\n\n完。\n"})
    assert [(one.key, one.title) for one in book.manuscript.chapters] == [("a", "题"), ("b", "b"), ("b-hou-ji", "后记")]
    assert [block["t"] for block in book.manuscript.chapters[0].blocks] == ["Header", "BlockQuote", "Figure", "Para"]


def test_bookdowns_headings_of_parts_open_parts(folder):
    text = "# 序\n\n文\n\n# (PART) 上编 {-}\n\n# 甲\n\n文\n\n# 乙\n\n文\n\n# (APPENDIX) 附录 {-}\n\n# 丙\n\n文\n"
    chapters = read_manuscript(read_project(folder({"a.md": text}))).chapters
    assert [(one.title, one.part, one.inside) for one in chapters] == [
        ("序", "", False),
        ("甲", "上编", True),
        ("乙", "", True),
        ("丙", "附录", True),
    ]


def test_a_folder_of_one_file_has_the_title_that_the_file_gives_itself(folder):
    manuscript = read_manuscript(read_project(folder({"a.md": "---\ntitle: 书名\n---\n\n# 章名\n\n文\n"})))
    assert (manuscript.metadata.title, manuscript.chapters[0].title) == ("书名", "章名")
    several = read_manuscript(read_project(folder({"a.md": "# 甲\n", "b.md": "---\ntitle: 乙\n---\n\n文\n"})))
    assert several.metadata.title == "甲"


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("<!-- 注 -->\n\n## 乙篇\n\n二。\n", ["乙篇"]),
        ("<!-- 注 -->\n\n# 甲\n\n一。\n\n# 乙\n\n二。\n", ["甲", "乙"]),
        ("---\ntitle: 甲篇\n---\n\n## 甲篇\n\n一。\n\n### 节\n\n二。\n", ["甲篇"]),
        ("**第一章　出门**\n\n一。\n", ["第一章 出门"]),
        ("第三章钟先生\n\n一。\n", ["第三章钟先生"]),
        ("第一节课上，老师说：\n\n“坐下。”\n", ["a"]),
        ("第一回合结束\n\n一。\n", ["a"]),
        ("第三章　钟先生\n\n一。\n", ["第三章 钟先生"]),
        ("第一章\n\n一。\n\n第二章\n\n二。\n", ["第一章", "第二章"]),
        ("第一章\n\n第二章\n\n二。\n", ["a"]),
        ("第一章说的是他出门。\n\n一。\n", ["a"]),
        ("**这一句是粗体**\n\n一。\n", ["a"]),
        ("**第一章**\n\n一。\n\n## 节\n", ["a"]),
    ],
)
def test_what_begins_a_file_is_its_title(folder, text, titles):
    chapters = read_manuscript(read_project(folder({"a.md": text, "b.md": "# 末\n"}))).chapters
    assert [one.title.replace("\u3000", " ") for one in chapters] == [*titles, "末"]
    heads = [block for one in chapters[:-1] for block in one.blocks if block["t"] == "Header"]
    assert len(heads) <= len(titles) + text.count("节")


@pytest.mark.parametrize(
    "above",
    [
        "import Tabs from '@theme/Tabs';\nimport A from 'b';",
        "![封面](https://example.com/a.png)",
        "[首页](b.md) | [下章](b.md)",
        "> 题记",
        "<!--\n注\n-->",
        "---",
        "短引。",
    ],
)
def test_what_stands_beside_a_title_stands_below_it(folder, above):
    long = "字" * 20
    chapters = read_manuscript(
        read_project(folder({"a.md": f"{above}\n\n# 甲\n\n{long}\n", "b.md": "# 乙\n"}))
    ).chapters
    assert [one.title for one in chapters] == ["甲", "乙"]


def test_a_text_that_stands_above_a_title_is_a_chapter_of_its_own(folder):
    text = "这里先说一段很长的话，它不是题记。\n\n# 甲\n\n字。\n"
    chapters = read_manuscript(read_project(folder({"a.md": text, "b.md": "# 乙\n"}))).chapters
    assert [one.title for one in chapters] == ["a", "甲", "乙"]


@pytest.mark.parametrize(
    ("title", "heading", "titles"),
    [
        ("乙章的题", "另一个标题", ["乙章的题", "另一个标题"]),
        ("安装", "安装与配置", ["安装与配置"]),
        ("快速开始指南", "快速入门指南", ["快速入门指南"]),
    ],
)
def test_a_title_that_a_heading_does_not_say_is_the_chapters(folder, title, heading, titles):
    text = f"---\ntitle: {title}\n---\n\n# {heading}\n\n字。\n"
    first = read_manuscript(read_project(folder({"a.md": text, "b.md": "# 乙\n"}))).chapters[0]
    heads = [block_text([{"t": "Plain", "c": block["c"][2]}]) for block in first.blocks if block["t"] == "Header"]
    assert (first.title, heads) == (titles[0], titles)


def test_a_text_keeps_its_order_where_its_only_heading_is_not_its_title(folder):
    def order(text, *more):
        files = {"a.md": text, **{name: f"# {name}\n" for name in more}}
        root = folder(files)
        chapter = read_manuscript(read_project(root if more else root / "a.md")).chapters[0]
        return [block_text([one]) for one in chapter.blocks[:3]]

    text = "---\ntitle: 试书\n---\n> 已参与活动。\n\n# 一、前言\n\n字。\n"
    assert order(text) == ["试书", "已参与活动。", "一、前言"]
    assert order(text, "b.md") == ["试书", "已参与活动。", "一、前言"]
    assert order(text.replace("试书", "前言"))[:2] == ["一、前言", "已参与活动。"]


def test_a_single_text_with_one_heading_has_a_title(folder):
    def codes(text):
        return {one.code for one in read_manuscript(read_project(folder({"a.md": text}) / "a.md")).findings}

    assert "meta-title" not in codes("# 题\n\n文\n")
    assert "meta-title" in codes("# 甲\n\n文\n\n# 乙\n\n文\n")
    assert "meta-title" in codes("文\n")


def test_text_above_the_only_heading_stays_above_it_where_the_title_is_another():
    words = [{"t": "Str", "c": "一、前言"}]
    lead, heading = {"t": "BlockQuote", "c": []}, {"t": "Header", "c": [1, ["", [], []], words]}
    assert led([lead, heading], "试书") == [lead, heading]
    assert led([lead, heading], "前言") == led([lead, heading]) == [heading, lead]
