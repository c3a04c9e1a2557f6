"""What runs again, and why, for each kind of change: spies count what is done, and the build says the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from publish.build import inputs
from publish.build.last import recall
from publish.build.request import Request
from publish.edition import derive
from publish.pipeline import build
from publish.render.epub import renderer as epub
from publish.render.html import finished as html
from publish.source import pandoc
from tests.tiny import FIRST, SETTINGS, command, picture, write_book

FILES = {
    "book.yaml": SETTINGS + "css: [style.css]\n",
    "style.css": "p {}",
    "glossary.yaml": "terms:\n  第二章的注: {zh-TW: 第二章註}\n",
}
ALL = {"read": ["01.md", "02.md"], "convert": ["01", "02"], "html": ["01", "02"], "epub": ["01", "02"]}
NOTHING: dict[str, list[str]] = {step: [] for step in ALL}
FIRST_ONLY = {"read": ["01.md"], "convert": ["01"], "html": ["01"], "epub": ["01"]}
REQUEST = Request(Path("book"), Path("out"), ("zh-TW",), ("html", "epub"), 1)
NOT_READ = FIRST_ONLY | {"read": []}
CHANGES = {
    "a text": ({"01.md": FIRST + "\n再一段。\n"}, FIRST_ONLY, "its text"),
    "a term": (
        {"glossary.yaml": FILES["glossary.yaml"].replace("章註", "章的註")},
        {"read": [], "convert": ["02"], "html": ["02"], "epub": ["02"]},
        "the term 第二章的注 changed",
    ),
    "a term that stands nowhere": ({"glossary.yaml": FILES["glossary.yaml"] + "  无此词: {zh-TW: 無}\n"}, NOTHING, ""),
    "an image": ({"images/dot.png": picture(color="green")}, NOT_READ, "the picture images/dot.png changed"),
    "a style": ({"style.css": "p { color: red }"}, NOTHING, ""),
    "a setting of one format": ({"book.yaml": FILES["book.yaml"] + "offline: true\n"}, NOTHING, ""),
    "the book's language": (
        {"book.yaml": FILES["book.yaml"].replace("lang: zh-CN", "lang: zh-TW")},
        ALL,
        "the book's language",
    ),
    "a font": ({}, ALL | {"read": [], "convert": []}, "publish, a tool or a font changed"),
    "a tool": ({}, ALL, "publish, a tool or a font changed"),
}


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A book that was built, with what the build has kept."""
    folder = tmp_path_factory.mktemp("base")
    write_book(folder / "book", FILES)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)  # files are told by their paths from here
        build(REQUEST)
    return folder


@pytest.fixture
def book(base, tmp_path, monkeypatch):
    """A copy of it, to be changed."""
    shutil.copytree(base, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "book"


@pytest.fixture
def spies(monkeypatch):
    """What is done, by step: files that are read, chapters that are converted, pages that are made."""
    seen: dict[str, list[str]] = {step: [] for step in ALL}

    def spy(module, name, step, named):
        function = getattr(module, name)

        def spying(*arguments):
            seen[step] += named(*arguments)
            return function(*arguments)

        monkeypatch.setattr(module, name, spying)

    spy(pandoc, "read", "read", lambda texts, *_: [name.rpartition("/")[2] for name, _ in texts])
    spy(derive, "write", "convert", lambda texts: [text.chapter.key for text in texts])
    spy(html, "_finish", "html", lambda _, prepared, *__: [prepared.chapter.key])
    spy(epub, "_linked", "epub", lambda prepared, *_: [prepared.chapter.key])
    return seen


@pytest.mark.parametrize("what", CHANGES)
def test_exactly_what_a_change_reaches_is_done_again_and_said(what, book, spies, monkeypatch):
    files, expected, why = CHANGES[what]
    write_book(book, FILES | files)
    if what == "a font":
        monkeypatch.setattr(inputs, "font_files", lambda: [str(book / "images/dot.png")])
    if what == "a tool":
        monkeypatch.setattr(inputs, "packages", lambda: ["another"])
    report = build(REQUEST)
    assert spies == expected
    made = [one for one in report.reasons if one.made and one.step != "files"]
    said = {step: [one.part for one in made if one.step.endswith(step)] for step in ALL}
    assert {step: [part.rpartition("/")[2].partition(".")[0] for part in parts] for step, parts in said.items()} == {
        step: [part.partition(".")[0] for part in parts] for step, parts in expected.items()
    }
    assert any(why in one.why for one in made) if why else not made


def test_of_each_file_it_is_said_whether_it_is_another_now_and_for_what(book):
    write_book(book, FILES | {"01.md": FIRST + "\n再一段。\n"})
    before = {path: path.stat().st_mtime_ns for path in Path("out").rglob("*") if path.is_file()}
    files = {one.part: one for one in build(REQUEST).reasons if one.step == "files"}
    assert "its text" in files["zh-TW/html/01.html"].why
    assert not files["zh-TW/html/assets/web.js"].made
    same = [Path("out", one.part) for one in files.values() if not one.made]
    assert all(path.stat().st_mtime_ns == before[path] for path in same), "nor is it written again"
    told, _ = recall(REQUEST)
    assert {one.part for one in told.reasons} == set(files)
    assert not any(one.made for one in told.reasons)


def test_the_command_tells_it_in_lines_and_in_json(book):
    write_book(book, FILES | {"02.md": "# 软件 {#second}\n\n短。\n"})
    asked = ["build", "book", "-o", "out", "-e", "zh-TW", "-f", "epub", "--explain"]
    shown = command(*asked, "-q")
    assert "02.md: its text changed" in shown.stdout
    assert "1 not made again: from the store" in shown.stdout
    assert '"why": "nothing that it is made from has changed"' in command(*asked, "--json").stdout
