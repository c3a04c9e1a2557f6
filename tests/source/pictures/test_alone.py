"""Pictures that have a line of a paragraph to themselves."""

from __future__ import annotations

import pytest

from publish.source.document import block_text
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project
from tests.tiny import picture, write_book


def blocks(folder, text):
    files = {"book.yaml": "title: 书\n", "01.md": f"# 章\n\n{text}\n", "a.png": picture()}
    return read_manuscript(read_project(write_book(folder, files))).chapters[0].blocks[1:]


def said(one):
    """A block's kind with its text, or its caption."""
    return one["t"], block_text(one["c"][1][1] if one["t"] == "Figure" else [one])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("![门楼](a.png)\n*摄影：王小二*", [("Figure", "门楼 摄影：王小二")]),
        ("![](a.png)\n图：城门一角", [("Figure", "图：城门一角")]),
        ("![image-20240101](a.png)\n▲ 城门一角", [("Figure", "▲ 城门一角")]),
        ("![城门](a.png)\n**图 2　城门一角**", [("Figure", "图 2　城门一角")]),
        ("如下图：\n![架构](a.png)\n左边是甲。", [("Para", "如下图："), ("Figure", "架构"), ("Para", "左边是甲。")]),
        ("![甲](a.png)\n\n*图 2：城门*", [("Figure", "图 2：城门")]),
        ("![甲](a.png)\n\n*他走了*", [("Figure", "甲"), ("Para", "他走了")]),
        ("![甲](a.png)\n![乙](a.png)", [("Figure", "甲"), ("Figure", "乙")]),
        ("![甲](a.png)\n图中左边是甲，右边是乙。", [("Figure", "甲"), ("Para", "图中左边是甲，右边是乙。")]),
        ("![甲](a.png)\n图1展示了整个流程", [("Figure", "甲"), ("Para", "图1展示了整个流程")]),
        ("![甲](a.png)\n图 1 是它的架构。", [("Figure", "甲"), ("Para", "图 1 是它的架构。")]),
        ("![甲](a.png)\n来源于民间的故事", [("Figure", "甲"), ("Para", "来源于民间的故事")]),
        ("![甲](a.png)\n摄影师说，光线最要紧", [("Figure", "甲"), ("Para", "摄影师说，光线最要紧")]),
        ("![甲](a.png)\n**奖励函数部分**", [("Figure", "甲"), ("Para", "奖励函数部分")]),
        ("按![键](a.png)两下，\n再按![键](a.png)一下。", [("Para", "按键两下，再按键一下。")]),
        ("![徽](a.png) ![章](a.png)\n文。", [("Para", "徽 章 文。")]),
        ("![徽](a.png) ![章](a.png)\n\n*图 2：徽章*", [("Figure", "图 2：徽章")]),
    ],
)
def test_a_picture_with_a_line_to_itself_is_a_figure_and_what_captions_it_its_caption(tmp_path, text, wanted):
    assert [said(one) for one in blocks(tmp_path / "book", text)] == wanted


def test_pictures_in_the_steps_of_a_list_are_figures_of_their_step(tmp_path):
    [steps] = blocks(tmp_path / "book", "1. 打开窗口：\n   ![](a.png)\n2. 再看。")
    assert [[one["t"] for one in item] for item in steps["c"][1]] == [["Plain", "Figure"], ["Plain"]]


def test_who_hears_the_page_hears_the_caption_of_a_picture_without_words(tmp_path):
    [figure] = blocks(tmp_path / "book", "![](a.png)\n图：城门一角")
    assert block_text(figure["c"][2]) == "图：城门一角"
