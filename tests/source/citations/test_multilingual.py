"""Styles in CSL-M: a layout for each language of a source, of which pandoc reads one at most."""

from __future__ import annotations

from lxml import etree

from publish.edition.markup.xhtml import H, plain, read
from publish.source.citations.multilingual import CSL, for_language
from publish.source.citations.style import read_style

STYLE = """\
<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.1mlz1" default-locale="zh-CN">
  <info><title>Two languages</title><id>two</id><updated>2026-01-01T00:00:00+00:00</updated>
    <category citation-format="author-date"/></info>
  <locale xml:lang="en"><terms><term name="et-al">et al.</term></terms></locale>
  <locale xml:lang="zh"><terms><term name="et-al">等</term></terms></locale>
  <macro name="who"><names variable="author"><name/><institution/></names></macro>
  <macro name="when"><choose><if has-day="issued">
    <date variable="issued"><date-part name="year"/></date></if></choose></macro>
  <citation et-al-min="2" et-al-use-first="1">
    <layout locale="en" delimiter="; " prefix="(" suffix=")">
      <text macro="who" suffix=", "/><text macro="when"/></layout>
    <layout delimiter="；" prefix="（" suffix="）"><text macro="who" suffix="，"/><text macro="when"/></layout>
  </citation>
  <bibliography et-al-min="2" et-al-use-first="1">
    <layout locale="en es" suffix="."><text macro="who"/><text variable="title" prefix=". "/></layout>
    <layout suffix="。"><text macro="who"/><text variable="title" prefix="：《" suffix="》"/></layout>
  </bibliography>
</style>
"""
BIB = """\
@book{zh, title={论行}, author={李一 and 周二}, date={2020-05-01}, langid={chinese}}
@book{en, title={On Lines}, author={Able, Ann and Baker, Bob}, date={2021-05-01}, langid={english}}
"""


def test_each_language_has_its_layout_and_the_rest_the_one_for_all():
    for language, wanted in (("en", "("), ("es", "（"), ("zh", "（")):
        root = etree.fromstring(for_language(STYLE.encode(), language))
        [layout] = root.find(f"{CSL}citation").findall(f"{CSL}layout")
        assert (layout.get("prefix"), layout.get("locale")) == (wanted, None)
    [listed] = etree.fromstring(for_language(STYLE.encode(), "es")).find(f"{CSL}bibliography")
    assert listed.get("suffix") == "."


def test_what_plain_styles_have_no_word_for_is_left_out():
    made = for_language(STYLE.encode(), "zh").decode()
    assert "institution" not in made
    assert '<if variable="issued">' in made


def test_a_style_says_whether_it_is_of_that_kind(tmp_path):
    for name, text in (("a", STYLE), ("b", for_language(STYLE.encode(), "zh").decode())):
        (tmp_path / f"{name}.csl").write_bytes(text.encode())
    assert [read_style(tmp_path / f"{name}.csl").multilingual for name in "ab"] == [True, False]


def test_a_book_has_each_source_in_its_language(make_book):
    settings = "title: 书\nlang: zh-CN\nbibliography: refs.bib\ncsl: two.csl\nchapters: [a.md]\n"
    files = {"book.yaml": settings, "two.csl": STYLE, "refs.bib": BIB, "a.md": "# 章\n\n甲[@zh]，乙[@en]。\n"}
    tree = read(make_book(files, ("zh-CN",)).editions["zh-CN"].chapters[0].xhtml)
    assert plain(next(tree.iter(f"{H}p"))) == "甲（李一 等，2020），乙(Ann Able et al., 2021)。"
    entries = ["".join(plain(one).split()) for one in tree.iter(f"{H}div") if one.get("class") == "csl-entry"]
    assert [one.rstrip("↑") for one in entries] == ["李一等：《论行》。", "AnnAbleetal.OnLines."]
