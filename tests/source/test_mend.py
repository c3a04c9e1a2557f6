"""Mend: what is mended is shown first, and written only when asked."""

from __future__ import annotations

import json

import pytest

from publish.source.mend import mend
from publish.source.project import read_project
from tests.tiny import call, write_book


def test_the_difference_is_shown_and_front_matter_stays(tmp_path):
    book = tmp_path / "a.md"
    book.write_text("---\ntitle: 你好,世界.\n---\n\n你好,世界.\n", encoding="utf-8")
    (made,) = mend(read_project(book))
    assert made.count == 2
    assert [line for line in made.diff().splitlines() if line[0] in "+-"][2:] == ["-你好,世界.", "+你好，世界。"]
    assert "你好,世界." in book.read_text(encoding="utf-8")
    made.write()
    assert book.read_text(encoding="utf-8") == "---\ntitle: 你好,世界.\n---\n\n你好，世界。\n"
    assert mend(read_project(book)) == []


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("front", ["", "---\r\ntitle: 甲,乙\r\n---\r\n\r\n"])
def test_line_ends_a_mark_before_all_and_links_stay(front, mark, tmp_path):
    file, link = tmp_path / "a.md", tmp_path / "b.md"
    file.write_bytes(f"{mark}{front}你好,世界\r\n又一行\n无\u2028分行,好\r\n".encode())
    link.symlink_to(file)
    (made,) = mend(read_project(link))
    assert "\r\n" in made.diff()
    made.write()
    assert link.is_symlink()
    assert file.read_bytes() == f"{mark}{front}你好，世界\r\n又一行\n无\u2028分行，好\r\n".encode()


def test_the_command_shows_and_writes(tmp_path):
    book = write_book(
        tmp_path / "book", {"book.yaml": "title: 书\n", "a.md": "# 章\n\n你好,世界.\n", "b.md": "# 二\n\n好。\n"}
    )
    shown = call("mend", book)
    assert shown.returncode == 0
    assert "+你好，世界。" in shown.stdout
    assert "2 marks in 1 files can be mended: publish mend --write" in shown.stderr
    told = json.loads(call("mend", book, "--json", "--write").stdout)
    assert [one["marks"] for one in told["files"]] == [2]
    assert "nothing to mend" in call("mend", book).stderr
