"""Numbers that an author typed where the book counts by itself."""

from __future__ import annotations

import pytest

from publish.source.manuscript import read_manuscript
from publish.source.project import read_project
from tests.tiny import write_book


def told(folder, text, settings="number-sections: true\n"):
    files = {"book.yaml": f"title: 书\n{settings}", "01.md": text}
    found = read_manuscript(read_project(write_book(folder, files))).findings
    return [(one.place.line, one.problem) for one in found if one.code == "number-typed"]


@pytest.mark.parametrize(
    ("text", "line", "first"),
    [
        ("# 第一章　归人\n\n文。\n\n# 第二章　电报\n\n文。\n", 1, "第一章　归人"),
        ("# 上手\n\n## 1. 安装\n\n文。\n\n## 2. 启动\n\n文。\n", 3, "1. 安装"),
        ("# 上手\n\n## 1.1 安装\n\n文。\n\n## 1.2 启动\n\n文。\n", 3, "1.1 安装"),
        ("# 一、总则\n\n文。\n\n## （一）范围\n\n文。\n", 1, "一、总则"),
    ],
)
def test_headings_that_begin_with_a_number_are_told_once_where_the_book_counts(tmp_path, text, line, first):
    [(place, problem)] = told(tmp_path / "book", text)
    assert place == line
    assert problem.endswith(f'headings stand beside the book\'s own: "{first}", 2 in all')
    assert not told(tmp_path / "other", text, "")


@pytest.mark.parametrize(
    "text",
    [
        "# 2024 年的夏天\n\n## 3 种做法\n\n文。\n",
        "# 2.0 版的变化\n\n## 第一次远行\n\n## 十二月\n\n## 一见如故\n\n文。\n",
        "# 数\n\n```sh\n# 1. 先装\n# 2. 再跑\n```\n",
        "# 1. 前言 {.unnumbered}\n\n# 2. 后记 {.unnumbered}\n\n文。\n",
    ],
)
def test_a_year_a_count_and_what_has_no_number_of_the_book_are_no_such_numbers(tmp_path, text):
    assert not told(tmp_path / "book", text)


def test_captions_that_begin_with_a_number_are_told(tmp_path):
    table = "| 甲 | 乙 |\n|--|--|\n| 1 | 2 |\n\nTable: 表1 价钱\n\n| 甲 |\n|--|\n| 1 |\n\nTable: 图书的价钱\n"
    assert told(tmp_path / "book", f"# 章\n\n{table}")[0][1].endswith('"表1 价钱", 1 in all')
    assert not told(tmp_path / "other", f"# 章\n\n{table}", "")
