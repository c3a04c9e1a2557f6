"""The comparison of a folder with the book made of it tells each run that is missing, and no other."""

from __future__ import annotations

import pytest

from scripts.imported import compare, prose, web_blocks


@pytest.mark.parametrize(
    ("pages", "missing"),
    [
        (["山中一夜听雨Rust2021"], 0),
        (["山中一夜", "听雨Rust2021"], 0),  # over the end of a page
        (["山中一夜注一", "听雨Rust2021"], 0),  # with a note at its foot
        (["山中一夜听Rust2021"], 1),
        (["山中一夜听雨2021"], 1),
        (["听雨山中一夜"], 3),
    ],
)
def test_a_run_is_missing_where_it_stands_nowhere_whole(pages, missing, capsys):
    assert compare("试", [("a.md", "山中一夜听雨 Rust 2021")], pages) == missing
    assert f"{missing} missing" in capsys.readouterr().out


def test_a_run_must_stand_as_often_as_in_the_original(capsys):
    assert compare("试", [("a.md", "听雨"), ("b.md", "听雨")], ["听雨"]) == 1
    assert "a.md: 听雨 (1 of 2)" in capsys.readouterr().out


def test_blocks_of_a_site_are_its_chapters_without_navigation(tmp_path):
    page = (
        "<html><body><nav>目录</nav><main><p>一<b>二</b></p><ul><li>三</li></ul><nav>下一章</nav></main></body></html>"
    )
    for name in ("index.html", "book.html", "a.html"):
        (tmp_path / name).write_text(page, encoding="utf-8")
    assert web_blocks(tmp_path, "book") == ["一二", "三"]


def test_prose_is_what_a_reader_sees_of_markdown():
    assert prose("---\ntitle: 题\n---\n\n# 章\n\n文`码`。\n\n```\n码\n```\n").split() == ["章", "文", "。"]
