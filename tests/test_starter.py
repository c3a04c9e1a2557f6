"""The first book: complete, without a finding, and never over somebody's files."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from publish import cli
from publish.errors import PublishError, UsageError
from publish.pipeline import check
from publish.starter import FIRST, TEMPLATES, start_book, template_names
from tests.tiny import everything, make, state

BOOK = TEMPLATES / FIRST


def test_a_new_book_is_made_whole_and_has_no_finding(tmp_path):
    made = start_book(tmp_path / "deep/my-book")
    assert sorted(made) == sorted(str(tmp_path / "deep/my-book" / path) for path in state(BOOK))
    assert state(tmp_path / "deep/my-book") == state(BOOK)
    assert everything(tmp_path / "deep") == ["my-book", *(f"my-book/{path}" for path in everything(BOOK))]
    project, findings = check(tmp_path / "deep/my-book")
    assert findings == []
    assert (project.slug, [edition.key for edition in project.editions]) == ("my-book", ["zh-CN", "zh-TW", "zh-HK"])


def test_a_new_book_builds_and_its_editions_differ(tmp_path):
    start_book(tmp_path / "my-book")
    make(tmp_path / "my-book", tmp_path / "out", "html")
    pages = {
        key: (tmp_path / f"out/{key}/html/my-book.html").read_text(encoding="utf-8")
        for key in ("zh-CN", "zh-TW", "zh-HK")
    }
    assert "软件和网络" in pages["zh-CN"]
    assert "軟體和網路" in pages["zh-TW"]
    assert "軟件和網絡" in pages["zh-HK"]
    assert all("于右任" in page for page in pages.values())
    assert ["这一段只出现在" in pages["zh-CN"], "這一段只出現在" in pages["zh-TW"]] == [False, True]


@pytest.mark.parametrize("template", template_names())
def test_each_template_is_a_book_without_a_finding(tmp_path, template):
    start_book(tmp_path / "mine", template)
    project, findings = check(tmp_path / "mine")
    assert [one for one in findings if one.severity != "note"] == []
    assert project.slug == "mine"


def test_a_template_that_is_not_there_lists_those_that_are(tmp_path):
    with pytest.raises(UsageError, match="Choose from book, essays, manual, novel, report, thesis"):
        start_book(tmp_path / "mine", "poem")
    assert everything(tmp_path) == []


@pytest.mark.parametrize("template", template_names())
def test_editors_find_the_schema_of_each_template(tmp_path, monkeypatch, template):
    monkeypatch.setattr(sys, "argv", ["publish", "init", str(tmp_path / "mine"), "--template", template])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0
    first = (tmp_path / "mine/book.yaml").read_text(encoding="utf-8").splitlines()[0]
    name = first.removeprefix("# yaml-language-server: $schema=")
    schema = json.loads((tmp_path / "mine" / name).read_text(encoding="utf-8"))
    assert {"title", "bibliography"} <= {*schema["properties"]}
    assert check(tmp_path / "mine")[1] == []


def test_the_thesis_has_literature_figures_tables_and_formulas_in_each_edition(tmp_path):
    start_book(tmp_path / "thesis", "thesis")
    report = make(tmp_path / "thesis", tmp_path / "out", "html")
    assert report.findings == []
    for key, words in (("zh-CN", ("环境与照明", "图 2-1", "<math")), ("zh-TW", ("照明對夜行昆蟲", "圖 2-1", "<math"))):
        text = "".join(one.read_text("utf-8") for one in (tmp_path / f"out/{key}").rglob("*.html"))
        assert [one for one in words if one not in text] == []


@pytest.mark.parametrize("name", ["mine.txt", ".hidden"])
def test_a_folder_that_holds_something_is_refused(tmp_path, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(PublishError, match="not empty"):
        start_book(tmp_path)
    assert everything(tmp_path) == [name]


def test_an_empty_folder_is_taken_and_a_file_is_not(tmp_path, monkeypatch):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert start_book(Path())
    assert state(Path()) == state(BOOK)
    (tmp_path / "file").write_text("mine")
    for target in (tmp_path / "file", tmp_path / "file/book"):
        with pytest.raises(PublishError):
            start_book(target)
    assert (tmp_path / "file").read_text() == "mine"
