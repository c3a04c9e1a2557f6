"""A second import: what the original changed comes in, what the author changed stays."""

from __future__ import annotations

import json

import pytest

from publish.errors import PublishError
from publish.importers import import_source
from publish.importers.deliver import describe
from publish.importers.protocol import File, Imported, ImportedChapter
from publish.importers.report import Ledger


@pytest.fixture
def original(tmp_path):
    folder = tmp_path / "notes"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.md").write_text(f"# {name}\n\n旧文。\n", encoding="utf-8")
    import_source(folder, tmp_path / "book")
    return folder


def states(report):
    return {one.path: one.state for one in report.changes}


def test_an_unchanged_original_changes_nothing(original, tmp_path):
    before = {path: path.read_bytes() for path in (tmp_path / "book").rglob("*") if path.is_file()}
    report = import_source(original, tmp_path / "book")
    assert set(states(report).values()) == {"same"}
    assert before == {path: path.read_bytes() for path in (tmp_path / "book").rglob("*") if path.is_file()}


def test_the_authors_words_stay_and_the_rest_follows_the_original(original, tmp_path):
    book = tmp_path / "book"
    (book / "a.md").write_text("# a\n\n我的。\n", encoding="utf-8")
    (book / "b.md").write_text("# b\n\n也是我的。\n", encoding="utf-8")
    for name in ("b", "c"):
        (original / f"{name}.md").write_text(f"# {name}\n\n新文。\n", encoding="utf-8")
    report = import_source(original, book)
    assert {name: states(report)[name] for name in ("a.md", "b.md", "c.md")} == {
        "a.md": "yours",
        "b.md": "conflict",
        "c.md": "updated",
    }
    assert "我的" in (book / "a.md").read_text(encoding="utf-8")
    assert "也是我的" in (book / "b.md").read_text(encoding="utf-8")
    assert "新文" in (book / "b.md.new").read_text(encoding="utf-8")
    assert "新文" in (book / "c.md").read_text(encoding="utf-8")
    assert "-旧文。\n+新文。" in report.text()


def test_a_dry_run_shows_the_difference_and_writes_nothing(original, tmp_path):
    (original / "c.md").write_text("# c\n\n新文。\n", encoding="utf-8")
    report = import_source(original, tmp_path / "book", dry_run=True)
    assert states(report)["c.md"] == "updated"
    assert "旧文" in (tmp_path / "book" / "c.md").read_text(encoding="utf-8")


def test_what_left_the_original_stays_and_is_told(original, tmp_path):
    (original / "c.md").unlink()
    report = import_source(original, tmp_path / "book")
    assert states(report)["c.md"] == "gone"
    assert (tmp_path / "book" / "c.md").is_file()


@pytest.mark.usefixtures("original")
def test_a_folder_of_another_original_is_refused(tmp_path):
    other = tmp_path / "others"
    other.mkdir()
    (other / "x.md").write_text("# x\n", encoding="utf-8")
    with pytest.raises(PublishError, match="imported from notes"):
        import_source(other, tmp_path / "book")


@pytest.mark.parametrize("path", ["../out.md", "/etc/x.md", "a\\b.md", "C:x.md"])
def test_no_path_leads_out_of_the_folder(path, tmp_path):
    with pytest.raises(PublishError, match="leads out"):
        describe("x", tmp_path, Imported({}, (ImportedChapter(path, "字"),)), Ledger())


def test_two_names_that_are_one_file_elsewhere_are_refused(tmp_path):
    files = (File("A.png", b""), File("a.png", b""))
    with pytest.raises(PublishError, match="the same file on some systems"):
        describe("x", tmp_path, Imported({}, (ImportedChapter("c.md", "字"),), files), Ledger())


def test_the_originals_are_kept_with_their_hashes(original, tmp_path):
    report = json.loads((tmp_path / "book" / "import-report.json").read_text(encoding="utf-8"))
    assert sorted(report["originals"]) == ["a.md", "b.md", "c.md"]
    assert report["files"]["a.md"] == report["originals"]["a.md"]
    assert original.joinpath("a.md").read_bytes() == (tmp_path / "book" / "a.md").read_bytes()


def test_an_edit_in_a_chapter_that_was_renamed_is_named(original, tmp_path):
    (tmp_path / "book/b.md").write_text("# b\n\n我的。\n", encoding="utf-8")
    (original / "b.md").rename(original / "d.md")
    (original / "c.md").unlink()
    found = states(import_source(original, tmp_path / "book"))
    assert {one: found[one] for one in ("b.md", "c.md", "d.md")} == {"b.md": "left", "c.md": "gone", "d.md": "added"}
    assert "我的" in (tmp_path / "book/b.md").read_text(encoding="utf-8")
