"""Sheets: a file that is as it was is known by its gist, and its text is not looked at."""

from __future__ import annotations

from dataclasses import replace
from shutil import rmtree

import pytest

from publish.cache import Cache
from publish.source import drafts
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project
from publish.source.sheets import Gists, SourceFile, sheet_of
from tests.tiny import FIRST, SECOND, SETTINGS, write_book

THIRD = """\
# 第三

见[第一章](01.md#hair)和 @fig:map，[头发]{.index}。

![图](images/dot.png){#fig:map}

::: index
:::
"""
FILES = {
    "book.yaml": SETTINGS.replace("[02.md]", "[02.md, 03.md]") + "index: index.yaml\n",
    "01.md": FIRST,
    "02.md": SECOND,
    "03.md": THIRD,
    "index.yaml": "[头发]",
}


@pytest.fixture
def book(tmp_path, monkeypatch):
    (tmp_path / "cache").mkdir()
    monkeypatch.chdir(write_book(tmp_path / "book", FILES))
    return tmp_path / "book", Cache(tmp_path / "cache", "this program")


@pytest.fixture
def looked_at(monkeypatch):
    """The files whose text was asked for though it was known."""
    seen = []
    again = drafts._again
    monkeypatch.setattr(drafts, "_again", lambda source, *rest: seen.append(source.name) or again(source, *rest))
    return seen


def test_what_has_not_changed_is_not_looked_at_and_is_there_when_it_is_asked_for(book, looked_at):
    folder, cache = book
    read_manuscript(read_project(folder), cache)
    (folder / "02.md").write_text(f"{SECOND}\n又一段，见[图](03.md#fig:map)。\n", encoding="utf-8")
    warm = read_manuscript(read_project(folder), cache)
    assert looked_at == []
    assert warm == read_manuscript(read_project(folder))
    assert sorted(looked_at) == ["01.md", "03.md"]


def test_a_file_with_a_passage_of_an_index_is_looked_at_where_others_are_open_before_it(book, looked_at):
    folder, cache = book
    begins, ends = (
        "\n[头]{.index range=start}\n",
        "\n[头]{.index range=end}，[里]{.index range=start}里[里]{.index range=end}\n",
    )
    (folder / "03.md").write_text(THIRD + ends, encoding="utf-8")
    (folder / "01.md").write_text(FIRST + begins, encoding="utf-8")
    read_manuscript(read_project(folder), cache)
    (folder / "02.md").write_text(f"{SECOND}\n又一段。\n", encoding="utf-8")
    warm = read_manuscript(read_project(folder), cache)
    assert looked_at == []
    assert warm == read_manuscript(read_project(folder))
    looked_at.clear()
    (folder / "01.md").write_text(FIRST, encoding="utf-8")
    warm = read_manuscript(read_project(folder), cache)
    assert looked_at == ["03.md"]
    assert warm == read_manuscript(read_project(folder))
    assert [one.place.file for one in warm.findings if one.code == "index-range"] == ["03.md"]


def test_a_file_is_looked_at_where_what_it_asks_of_others_is_answered_otherwise(book, looked_at):
    folder, cache = book
    read_manuscript(read_project(folder), cache)
    (folder / "01.md").write_text(FIRST.replace("{#hair}", "{#hairs}"), encoding="utf-8")
    warm = read_manuscript(read_project(folder), cache)
    assert looked_at == ["03.md"]
    assert warm == read_manuscript(read_project(folder))


def test_text_that_is_kept_no_more_is_read_again_when_it_is_asked_for(book):
    folder, cache = book
    read_manuscript(read_project(folder), cache)
    rmtree(cache.folder / "entries")
    assert read_manuscript(read_project(folder), cache) == read_manuscript(read_project(folder))


def test_a_step_is_done_again_only_where_it_reads_something_else(tmp_path):
    sheet = sheet_of(SourceFile("a.md", tmp_path, (), [{"t": "Null"}]), "as it is")
    done = []

    def step(reads):
        gists = Gists(Cache(tmp_path, "this program"), "a book")
        one, gist = gists.passed(
            sheet, "step", reads, lambda file: (replace(file, blocks=[]), done.append(reads) or reads)
        )
        gists.close()
        return one, gist

    assert [step(reads)[1] for reads in (1, 1, 2)] == [1, 1, 2]
    assert done == [1, 2]
    assert step(2)[0].whole.blocks == []
    assert done == [1, 2, 2], "made when it is asked for"
