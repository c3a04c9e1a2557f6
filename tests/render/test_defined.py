"""The words that a book defines, in formats: named as their readers know them, shown on demand on web pages."""

from __future__ import annotations

import json
import re
import zipfile

from publish.edition.markup.content_model import conform
from publish.edition.markup.xhtml import H, read
from publish.pipeline import Request, build
from tests.edition.features.test_defined import FILES


def test_a_list_in_groups_is_a_list_and_a_group_of_something_else_is_none():
    for inner, kept in (("<dt>甲</dt><dd>一</dd>", True), ("<dt>甲</dt>", False), ("<p>甲</p>", False)):
        tree = read(f'<div xmlns="{H[1:-1]}"><dl><div>{inner}</div></dl></div>')
        assert (conform(tree).find(f"{H}dl") is not None) is kept


def test_web_pages_load_definitions_on_demand_and_epubs_name_them(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    build(Request(tmp_path, tmp_path / "out", ("zh-TW",), ("html", "epub"), jobs=1))
    folder = tmp_path / "out/zh-TW/html"
    page = (folder / "a.html").read_text(encoding="utf-8")
    assert re.findall(r'src="([^"]+\.js)"', page) == ["assets/web.js"], "the rest is loaded when a word is asked for"
    assert 'load("terms")' in (folder / "assets/asked.js").read_text(encoding="utf-8")
    assert "publishDefine=" in (folder / "assets/terms.js").read_text(encoding="utf-8")
    assert 'role="doc-glossref"' in page
    script = (folder / "assets/definitions.js").read_text(encoding="utf-8")
    said = json.loads(re.fullmatch(r"publishDefinitions\((.*)\);\n", script)[1])
    assert set(re.findall(r'href="g.html#(def-\w+)"', page)) == set(said)
    assert any("頭髮" in one and 'href="g.html#def-' in one for one in said.values())
    [epub] = (tmp_path / "out/zh-TW").glob("*.epub")
    with zipfile.ZipFile(epub) as files:
        listed = files.read("EPUB/g.xhtml").decode()
        text = files.read("EPUB/a.xhtml").decode()
    for kind in ("glossary", "glossterm", "glossdef"):
        assert f'epub:type="{kind}"' in listed
    assert 'role="doc-glossary" aria-label="詞彙表"' in listed
    assert 'epub:type="glossref"' in text


def test_a_book_that_defines_nothing_has_no_script_for_it(tmp_path):
    (tmp_path / "a.md").write_text("# 一\n\n版心。\n", encoding="utf-8")
    build(Request(tmp_path / "a.md", tmp_path / "out", ("zh-CN",), ("html",), jobs=1))
    assert not list((tmp_path / "out").rglob("terms.js"))
