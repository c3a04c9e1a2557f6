"""The formats that are installed: their order, their own words, and plug-ins that say nothing of themselves."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from publish import formats
from publish.errors import UsageError
from publish.source.project import read_project


def test_the_formats_stand_in_the_order_that_they_give_themselves():
    assert formats.names()[:3] == ("html", "epub", "pdf")


def test_an_unknown_format_is_an_error_that_lists_the_known_ones():
    with pytest.raises(UsageError, match=r"Choose from html, epub, pdf"):
        formats.find("docx")
    with pytest.raises(UsageError, match='unknown format "docx"'):
        formats.load("docx")


def test_what_workers_load_for_a_format_is_there():
    for one in formats.installed():
        for module in one.modules:
            import_module(module)
    assert "rjieba" in sys.modules, "the dictionary that titles need, once for all workers"


def test_a_plug_in_that_says_nothing_of_itself_stands_last_and_is_called_by_its_name(plug_in):
    plug_in("slides", "class Slides:\n    name = 'slides'\n")
    assert formats.names() == ("html", "epub", "pdf", "slides")
    assert formats.label("slides") == "SLIDES"
    assert not formats.find("slides").home


def test_a_plug_in_that_does_not_load_breaks_no_other_format(plug_in):
    plug_in("slides", "raise RuntimeError('broken')\n")
    assert formats.names() == ("html", "epub", "pdf", "slides")
    with pytest.raises(RuntimeError, match="broken"):
        formats.load("slides")


def test_a_format_that_is_gone_still_has_a_name_for_its_files():
    assert formats.label("docx") == "DOCX"


def test_asking_what_formats_there_are_loads_none_of_their_writers():
    code = (
        "import sys; from publish import formats; formats.installed();"
        "print([name for name in ('weasyprint', 'ebooklib', 'jinja2', 'pikepdf') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_book_may_say_of_a_plug_ins_format_what_it_says_of_ours(plug_in, folder):
    plug_in(
        "deck",
        "from publish.formats import Format\n"
        "class Deck:\n"
        "    name = 'deck'\n"
        "    format = Format('deck', 'Deck', faces=('regular', 'bold'))\n",
    )
    settings = (
        "title: 书\ndeck: {fonts: [bold]}\neditions: {zh-TW: {deck: {title: 片}}, zh-CN: {deck: {fonts: none}}}\n"
    )
    traditional, simplified = read_project(folder({"book.yaml": settings, "a.md": "字\n"})).editions
    assert traditional.format_overrides == {"deck": {"title": ["片"]}}
    assert traditional.faces["deck"] == ("regular", "bold")
    assert simplified.faces["deck"] == ()
