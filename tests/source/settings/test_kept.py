"""Settings that were found right, kept: read again they say the same, and nothing that is wrong is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from publish.cache import NONE, open_cache
from publish.errors import PublishError
from publish.source.project import read_project
from publish.source.settings import kept

ROOT = Path(__file__).parents[3]
RICH = """\
title: [{type: main, text: 书, file-as: shu}, {type: subtitle, text: 副题}]
author: [{role: author, text: 甲, file-as: jia}, 乙]
translator: 丙
identifier: [{scheme: ISBN, text: "9787020002207"}, urn:x:y]
colophon: {印张: "10", 印数: 1000}
lang: zh-CN
slug: rich
page: {size: A5, margin: 20mm, sides: 2, medium: press, ink-limit: 280%, cover: {paper: 0.1mm, price: 10 元}}
chapters:
  - a.md
  - part: 上
    chapters: [b.md, {file: c.md, chapters: [d.md]}]
  - {title: 后面, chapters: [e.md]}
math-macros: {RR: '\\mathbb{R}'}
editions:
  zh-CN: {}
  zh-TW:
    title: 書
    page: {margin: 25mm, cover: {price: 50 元}}
    words: {contents: 目次}
    fonts: {body: Own Song}
    epub: {fonts: [regular, bold], publisher: 社}
  own: {base: zh-HK, tag: zh-HK-x-own, opencc: s2hk, fonts: {latin-size: 106%}}
"""


def rich(folder: Path) -> Path:
    folder.mkdir()
    (folder / "book.yaml").write_text(RICH, encoding="utf-8")
    for name in "abcde":
        (folder / f"{name}.md").write_text(f"# {name}\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "name", ["rich", "source", *sorted(path.name for path in (ROOT / "publish/starter").glob("[a-z]*/"))]
)
def test_what_is_kept_says_the_same(name, tmp_path, monkeypatch):
    starter = ROOT / "publish/starter" / name
    book = rich(tmp_path / "book") if name == "rich" else ROOT / name if name == "source" else starter
    cache = open_cache(tmp_path, "program")
    first = read_project(book, cache)
    assert first == read_project(book)
    assert read_project(book, cache) == first
    monkeypatch.setattr(kept, "_plain", lambda _value: pytest.fail("it was not kept"))
    assert read_project(book, cache) == first


def test_what_another_program_kept_and_other_settings_are_not_taken(tmp_path):
    book, cache = rich(tmp_path / "book"), open_cache(tmp_path, "program")
    assert read_project(book, cache).slug == "rich"
    (book / "book.yaml").write_text(RICH.replace("slug: rich", "slug: other"), encoding="utf-8")
    assert read_project(book, cache).slug == "other"
    assert read_project(book, NONE).slug == "other"


def test_what_is_wrong_is_told_each_time(tmp_path):
    book, cache = rich(tmp_path / "book"), open_cache(tmp_path, "program")
    (book / "book.yaml").write_text(RICH + "colour: red\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(PublishError) as raised:
            read_project(book, cache)
        assert 'unknown key "colour"' in str(raised.value.all[0].problem)


def test_a_note_of_another_tool_s_keys_is_told_again(tmp_path):
    text = tmp_path / "a.md"
    text.write_text("---\ntitle: 书\ntags: [a]\nlayout: post\n---\n\n正文。\n", encoding="utf-8")
    cache = open_cache(tmp_path, "program")
    first = read_project(text, cache).findings
    assert [one.code for one in first] == ["set-unused"]
    assert read_project(text, cache).findings == first
