"""Pandoc is asked for as much memory as a text wants, and says what it cannot read."""

from __future__ import annotations

import pytest

from publish.errors import PublishError
from publish.source import pandoc


def test_a_pandoc_that_takes_no_word_on_its_memory_is_asked_without(monkeypatch):
    asked = []

    def converted(text, target, source_format, options):
        asked.append("+RTS" in options)
        if "+RTS" in options:
            raise RuntimeError("Pandoc died with exitcode 1: Most RTS options are disabled. Link with -rtsopts.")
        return genuine(text, target, source_format, options)

    genuine = pandoc._converted
    monkeypatch.setattr(pandoc, "_converted", converted)
    monkeypatch.setattr(pandoc, "_refused", [])
    for _ in range(2):
        assert pandoc.read([("a.md", "字")])[0][0][0]["t"] == "Para"
    assert asked == [True, False, False]


def test_a_small_text_and_a_large_one_are_read_alike(monkeypatch):
    text = [("a.md", "# 一\n\n- 甲\n- 乙[^1]\n\n[^1]: 注。\n"), ("b.md", "| a | b |\n|---|---|\n| c | d |\n")]
    small = pandoc.read(text)
    monkeypatch.setattr(pandoc, "_SMALL", 0)
    assert pandoc.read(text) == small


def test_a_document_that_cannot_be_read_says_why(tmp_path):
    file = tmp_path / "a.docx"
    file.write_bytes(b"no zip")
    with pytest.raises(PublishError, match="this file cannot be read: "):
        pandoc.read_document(file, "docx", tmp_path)


def test_what_is_to_be_done_meanwhile_is_done_once_while_pandoc_works(monkeypatch):
    said: list[str] = []
    convert = pandoc.pypandoc.convert_text

    def slow(*arguments, **options):
        while "meanwhile" not in said:  # pandoc ends no sooner
            pass
        made = convert(*arguments, **options)
        said.append("pandoc")
        return made

    monkeypatch.setattr(pandoc.pypandoc, "convert_text", slow)
    pandoc.meanwhile(lambda: said.append("meanwhile"))
    pages, _ = pandoc.write([[{"t": "Para", "c": [{"t": "Str", "c": "甲"}]}]])
    assert said == ["meanwhile", "pandoc"]
    assert pages == ["<p>甲</p>"]
    pandoc.use_wait()
    assert said == ["meanwhile", "pandoc"]
