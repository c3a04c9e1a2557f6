"""Pandoc is found where pypandoc finds it, and what it says is told of the text that it is about."""

from __future__ import annotations

from pathlib import Path
from subprocess import CompletedProcess

import pypandoc
import pytest

from publish.errors import MissingToolError, PublishError
from publish.source import pandoc


def test_pandoc_is_the_one_that_pypandoc_finds():
    found = pypandoc.get_pandoc_path()
    assert Path(pandoc.path()).samefile(found)
    assert pandoc.version() == pypandoc.get_pandoc_version()


def test_of_several_the_newest_is_asked_for(monkeypatch, tmp_path):
    for version in ("2.1", "9.4.1"):
        file = tmp_path / version / "pandoc"
        file.parent.mkdir()
        file.write_text(f"#!/bin/sh\necho pandoc {version}\n")
        file.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "9.4.1"), prepend=":")
    monkeypatch.setattr("pypandoc.__pandoc_path", None)
    assert pandoc.path() == str(tmp_path / "9.4.1" / "pandoc")
    monkeypatch.setenv("PYPANDOC_PANDOC", str(tmp_path / "2.1" / "pandoc"))
    assert pandoc.version() == "2.1"
    monkeypatch.setenv("PYPANDOC_PANDOC", str(tmp_path / "none" / "pandoc"))
    monkeypatch.setattr("pypandoc.__pandoc_path", None)
    with pytest.raises(MissingToolError):
        pandoc.path()


def test_a_pandoc_that_takes_no_word_on_its_memory_is_asked_without(monkeypatch):
    asked = []

    def ended(command, data):
        asked.append("+RTS" in command)
        refused = b"pandoc: Most RTS options are disabled. Link with -rtsopts to enable them.\n"
        return CompletedProcess(command, 1, b"", refused) if "+RTS" in command else genuine(command, data)

    genuine = pandoc._ended
    monkeypatch.setattr(pandoc, "_ended", ended)
    monkeypatch.setattr(pandoc, "_refused", [])
    for _ in range(2):
        assert pandoc.read([("a.md", "字")])[0][0][0]["t"] == "Para"
    assert asked == [True, False, False]


def test_a_small_text_and_a_large_one_are_read_alike(monkeypatch):
    text = [("a.md", "# 一\n\n- 甲\n- 乙[^1]\n\n[^1]: 注。\n"), ("b.md", "| a | b |\n|---|---|\n| c | d |\n")]
    small = pandoc.read(text)
    monkeypatch.setattr(pandoc, "_SMALL", 0)
    assert pandoc.read(text) == small


def test_each_warning_has_the_number_of_its_text_and_all_of_its_lines():
    said = (
        "ohne Stufe\n[INFO] text 1\n[INFO] etwas\n[INFO] text 2\n[WARNING] one [a] line\n  and another\n[WARNING] b\n"
    )
    assert pandoc._warnings(said.encode()) == [(0, "ohne Stufe"), (1, "one [a] line\n  and another"), (1, "b")]
    assert pandoc._warnings(b"") == []


def test_a_document_that_cannot_be_read_says_why(tmp_path):
    file = tmp_path / "a.docx"
    file.write_bytes(b"no zip")
    with pytest.raises(PublishError, match="this file cannot be read: "):
        pandoc.read_document(file, "docx", tmp_path)
