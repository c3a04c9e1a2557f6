"""The fonts that come with web pages: none unless asked for; slices that hold what their pages show."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from publish import fonts
from publish.errors import PublishError
from publish.regions import REGIONS
from publish.render.html.fonts import PageText, WebFace, WebFonts
from publish.source.project import read_project
from tests.tiny import SETTINGS, make, state, write_book

installed = pytest.mark.skipif(
    not fonts.find(REGIONS["zh-CN"].fonts.body, "regular"), reason="the body face of zh-CN is not installed"
)
POEMS = ("# 甲\n\n的一是在**春眠**不觉晓。\n", "# 乙\n\n的一是在床前明月光。\n\n    代码里的龘\n")


def web(folder: Path, settings: str = "", name: str = "book", **options: object) -> Path:
    """The tiny book's pages in one edition."""
    files = {"book.yaml": SETTINGS.replace("[zh-CN, zh-TW, zh-HK]", "[zh-CN]") + settings}
    book = write_book(folder / name, {**files, "01.md": POEMS[0], "02.md": POEMS[1]})
    report = make(book, folder / f"{name}-out", "html", **options)
    assert not [one for one in report.findings if one.code != "font-absent"]
    return folder / f"{name}-out/zh-CN/html"


def ranges(page: Path) -> set[str]:
    """The characters that a page's own rules have a slice for."""
    listed = ", ".join(re.findall(r"unicode-range: ([^;]+);", page.read_text(encoding="utf-8"))).split(", ")
    spans = [re.fullmatch(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", one) for one in listed if one]
    return {chr(point) for one in spans if one for point in range(int(one[1], 16), int(one[2] or one[1], 16) + 1)}


def test_pages_bring_no_font_unless_they_are_to(tmp_path):
    for settings in ("", "html: {fonts: none}\n", "html: {fonts: []}\n"):
        pages = web(tmp_path, settings, name=f"book{len(settings)}")
        assert not (pages / "assets/fonts").exists()
        assert "Book Text" not in "".join(path.read_text(encoding="utf-8") for path in pages.rglob("*.*ml"))


@installed
def test_a_page_names_slices_with_its_own_text_and_no_code(tmp_path):
    pages = web(tmp_path, "html: {fonts: [regular, bold, heading]}\n")
    first, second = ranges(pages / "01.html"), ranges(pages / "02.html")
    assert set("甲的一是在春眠不觉晓。") <= first
    assert set("乙的一是在床前明月光。") <= second
    assert not first & set("床前明月光")
    assert "龘" not in second
    assert {path.name.partition("-")[0] for path in (pages / "assets/fonts").glob("*.woff2")} == {
        "regular",
        "bold",
        "heading",
    }


@installed
def test_a_slice_is_woff2_with_its_characters_and_the_narrow_apostrophe():
    from fontTools.ttLib import TTFont

    [face, *_] = fonts.find(REGIONS["zh-CN"].fonts.body, "regular")
    data = fonts.subset(face, map(ord, "一二三’。」"))
    first, second = fonts.slices(data, [map(ord, "一’。」"), map(ord, "三")])
    opened = TTFont(io.BytesIO(first))
    assert opened.flavor == "woff2"
    assert set(opened.getBestCmap()) - {ord("「")} == set(map(ord, "一’。」")), "and the mark that mirrors one"
    assert {"halt", "pwid"} <= {one.FeatureTag for one in opened["GSUB"].table.FeatureList.FeatureRecord} | {
        one.FeatureTag for one in opened["GPOS"].table.FeatureList.FeatureRecord
    }
    assert set(TTFont(io.BytesIO(second)).getBestCmap()) == {ord("三")}


@installed
def test_what_many_pages_show_is_one_slice_for_all():
    [face, *_] = fonts.find(REGIONS["zh-CN"].fonts.body, "regular")
    words = [chr(point) for point in range(ord("一"), ord("一") + 300)]
    every = frozenset(map(ord, words[:100]))
    pages = {str(number): PageText(every | {ord(words[200 + number])}) for number in range(6)}
    pages["short"] = PageText(frozenset(map(ord, words[:3])))
    sliced = WebFonts((WebFace("regular", face),)).slice(pages)
    addresses = {key: set(re.findall(r"url\(([^)]+)\)", css)) for key, css in sliced.rules.items()}
    assert len(addresses["0"]) == 2
    assert len(set.intersection(*(addresses[str(number)] for number in range(6)))) == 1
    assert not addresses["short"] & addresses["0"], "three characters are no reason to load a hundred"
    assert len(sliced.files) == 1 + 6 + 1


@installed
def test_fonts_come_with_their_licence_and_stand_in_the_colophon(tmp_path):
    pages = web(tmp_path, "html: {fonts: embed}\n")
    licence = (pages / "assets/fonts/LICENSE.txt").read_text(encoding="utf-8")
    assert "Noto Serif CJK" in licence
    assert "http" in licence
    assert "SIL Open Font License" in (pages / "index.html").read_text(encoding="utf-8")
    css = (pages / "assets/style.css").read_text(encoding="utf-8")
    body = re.search(r"body\{[^}]*?font-family:([^;]+);", css)
    assert body
    assert body[1].startswith('"Book Text",')
    assert body[1].endswith(",serif"), "the system's own fonts stand behind"


@installed
def test_the_single_file_holds_its_font_itself(tmp_path):
    page = (web(tmp_path, "html: {fonts: embed}\n") / "tiny.html").read_text(encoding="utf-8")
    assert page.count("src: url(data:font/woff2;base64,") == 1
    assert "assets/fonts" not in page


@installed
def test_the_same_text_gives_the_same_slices(tmp_path, monkeypatch):
    first = state(web(tmp_path, "html: {fonts: [bold]}\n", name="one"))
    monkeypatch.setenv("TZ", "Asia/Taipei")
    assert state(web(tmp_path, "html: {fonts: [bold]}\n", name="two", jobs=2)) == first
    assert any(name.startswith("assets/fonts/bold-") for name in first)


def test_without_a_font_that_may_be_copied_the_pages_have_none_and_say_so(tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "find", lambda *_: [])
    pages = web(tmp_path, "html: {fonts: embed}\n")
    assert not (pages / "assets/fonts").exists()
    assert "@font-face" not in (pages / "01.html").read_text(encoding="utf-8")


@installed
def test_the_theme_that_sets_its_text_in_hei_brings_hei(tmp_path):
    pages = web(tmp_path, "theme: manual\nhtml: {fonts: embed}\n")
    assert "Sans" in (pages / "assets/fonts/LICENSE.txt").read_text(encoding="utf-8")
    css = (pages / "assets/style.css").read_text(encoding="utf-8")
    assert re.search(r'main,.title-page h1\{font-family:"Book Text","Noto Sans', css)


def test_an_editions_own_setting_goes_before_the_books(tmp_path):
    settings = "html: {fonts: [bold]}\neditions: {zh-CN: {html: {fonts: none}}, zh-TW: {}}\n"
    book = write_book(tmp_path, {"book.yaml": f"title: 书\nlang: zh-CN\n{settings}"})
    assert [one.faces["html"] for one in read_project(book).editions] == [(), ("regular", "bold")]


def test_a_face_that_there_is_not_is_refused(tmp_path):
    book = write_book(tmp_path, {"book.yaml": "title: 书\nhtml: {fonts: [italic]}\n"})
    with pytest.raises(PublishError, match="html"):
        read_project(book)
