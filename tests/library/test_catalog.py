"""A catalog names books; what is wrong in it is told with its line."""

from pathlib import Path

import pytest

from publish.errors import PublishError
from publish.library.catalog import read_catalog


def catalog(folder: Path, text: str):
    (folder / "library.yaml").write_text(text, encoding="utf-8")
    return read_catalog(folder / "library.yaml")


def book(folder: Path, name: str) -> Path:
    (folder / name).mkdir(parents=True)
    (folder / name / "01.md").write_text("# 章\n", encoding="utf-8")
    return folder / name


def test_a_pattern_names_the_books_that_it_finds_and_nothing_else(tmp_path):
    for name in ("novels/乙", "novels/甲"):
        book(tmp_path, name)
    (tmp_path / "novels/empty").mkdir()
    (tmp_path / "novels/notes.txt").write_text("x")
    (tmp_path / "novels/短文.md").write_text("# 短文\n", encoding="utf-8")
    found = catalog(tmp_path, "books: [novels/*]\n")
    assert [one.name for one in found.books] == ["乙", "甲", "短文"]
    assert found.output == tmp_path / "build"
    assert found.executor == "processes"


def test_a_book_says_what_it_is_built_into_before_a_pattern_finds_it_too(tmp_path):
    book(tmp_path, "a")
    book(tmp_path, "b")
    text = "books:\n  - source: b\n    name: second\n    editions: [zh-TW]\n    formats: [epub]\n  - '[ab]'\n"
    with_names = {one.name: one for one in catalog(tmp_path, text).books}
    assert with_names["second"].editions == ("zh-TW",)
    assert with_names["second"].formats == ("epub",)
    assert set(with_names) == {"second", "a"}


def test_every_fault_of_a_catalog_is_told_with_its_line(tmp_path):
    with pytest.raises(PublishError) as error:
        catalog(tmp_path, "books:\n  - source: nowhere\n    edition: x\nexecuter: dask\nworkers: 0\n")
    said = str(error.value)
    assert 'library.yaml:3: books.0.edition: unknown key "edition". Did you mean "editions"?' in said
    assert 'library.yaml:4: executer: unknown key "executer". Did you mean "executor"?' in said
    assert "library.yaml:5: workers" in said


def test_every_book_that_is_not_there_is_told(tmp_path):
    with pytest.raises(PublishError) as error:
        catalog(tmp_path, "books:\n  - nowhere\n  - none/*\n")
    said = str(error.value)
    assert 'library.yaml:2: books.0: there is no book "nowhere"' in said
    assert 'library.yaml:3: books.1: no book is at "none/*"' in said


def test_two_books_of_one_name_would_be_built_into_one_folder(tmp_path):
    book(tmp_path, "a/book")
    book(tmp_path, "b/book")
    with pytest.raises(PublishError, match='two books are called "book"'):
        catalog(tmp_path, "books: [a/book, b/book]\n")


def test_one_name_is_for_one_book(tmp_path):
    book(tmp_path, "a")
    book(tmp_path, "b")
    with pytest.raises(PublishError, match='2 books would be called "all"'):
        catalog(tmp_path, "books:\n  - source: '[ab]'\n    name: all\n")


@pytest.mark.parametrize("text", ["", "- a\n", "books\n"])
def test_a_catalog_is_a_map(tmp_path, text):
    with pytest.raises(PublishError, match="a catalog is a map with a list of books"):
        catalog(tmp_path, text)
