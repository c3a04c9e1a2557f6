"""Vertical editions: their numbers, quotation marks, stylesheet and formats."""

from __future__ import annotations

import pytest
from lxml import etree

from publish.errors import PublishError, UsageError
from publish.render.epub.vertical import combine
from tests.render.epub.test_renderer import opened, package, text
from tests.tiny import SETTINGS, command, make, write_book

XHTML = "http://www.w3.org/1999/xhtml"
EDITIONS = """\
editions:
  zh-CN: {}
  zh-CN-v: {base: zh-CN, writing: vertical}
  zh-TW-v: {base: zh-TW, writing: vertical}
"""

NUMBERS = {
    "<p>那年27岁</p>": '<p>那年<span class="tcy">27</span>岁</p>',
    "<p>5日</p>": '<p><span class="tcy">5</span>日</p>',
    "<p>1998年</p>": '<p><span class="upright">1998</span>年</p>',
    "<p>350页</p>": '<p><span class="upright">350</span>页</p>',
    "<p>12345人</p>": "<p>12345人</p>",
    "<p>19.80元，2026-11-23，5%，HTML5，3D</p>": "<p>19.80元，2026-11-23，5%，HTML5，3D</p>",
    "<p>真的?!</p>": '<p>真的<span class="tcy">?!</span></p>',
    "<p>甲<em>3</em>个4月</p>": '<p>甲<em><span class="tcy">3</span></em>个<span class="tcy">4</span>月</p>',
    "<p>1月2日</p>": '<p><span class="tcy">1</span>月<span class="tcy">2</span>日</p>',
    "<p><code>12</code>和12</p>": '<p><code>12</code>和<span class="tcy">12</span></p>',
    "<table><tr><td>12</td></tr></table>": "<table><tr><td>12</td></tr></table>",
}


@pytest.mark.parametrize("given", NUMBERS)
def test_short_numbers_stand_upright(given):
    root = etree.fromstring(f'<div xmlns="{XHTML}">{given}</div>')
    before = "".join(root.itertext())
    combine(root)
    made = etree.tostring(root, encoding="unicode").replace(f' xmlns="{XHTML}"', "")
    assert made == f"<div>{NUMBERS[given]}</div>"
    assert "".join(root.itertext()) == before


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    folder = tmp_path_factory.mktemp("vertical")
    settings = SETTINGS.replace("editions: [zh-CN, zh-TW, zh-HK]\n", EDITIONS)
    files = {"book.yaml": settings, "01.md": "# 甲\n\n他说：“她说‘好’。”[^1]\n\n[^1]: 第2页。\n", "02.md": "# 乙\n"}
    report = make(write_book(folder / "book", files), folder / "out", "epub")
    return {edition: opened(folder / f"out/{edition}/tiny.epub") for edition, _ in report.targets}


@pytest.mark.parametrize(
    ("edition", "said"), [("zh-CN", "“她说‘好’。”"), ("zh-CN-v", "『她说「好」。』"), ("zh-TW-v", "「她說『好』。」")]
)
def test_quotation_marks_are_those_of_the_regions_vertical_lines(books, edition, said):
    assert said in text(books[edition]["EPUB/01.xhtml"])


def test_mainland_marks_follow_their_depth_even_from_a_source_with_corner_marks(make_book):
    files = {
        "book.yaml": "title: 書\nlang: zh-TW\neditions: {zh-CN-v: {base: zh-CN, writing: vertical}}\n",
        "a.md": "# 甲\n\n他說：「她說『好』。」\n",
    }
    assert "『她说「好」。』" in make_book(files, ("zh-CN-v",)).page("zh-CN-v")


def test_lines_run_down_and_pages_turn_to_the_right(books):
    for edition, members in books.items():
        vertical = edition.endswith("-v")
        css = members["EPUB/book.css"].decode()
        for name in ("-epub-writing-mode", "-webkit-writing-mode", " writing-mode"):
            assert (f"{name}: vertical-rl" in css) == vertical
        spine = package(members).find("{*}spine")
        assert spine.get("page-progression-direction") == ("rtl" if vertical else None)
        metas = package(members).findall(".//{*}meta[@name='primary-writing-mode']")
        assert [one.get("content") for one in metas] == (["vertical-rl"] if vertical else [])
    assert books["zh-TW-v"]["EPUB/01.xhtml"].find(".//{*}span[@class='tcy']") is not None
    assert books["zh-CN"]["EPUB/01.xhtml"].find(".//{*}span[@class='tcy']") is None


def test_a_vertical_edition_has_no_pdf_and_a_note_says_so(tmp_path):
    settings = SETTINGS.replace("editions: [zh-CN, zh-TW, zh-HK]\n", EDITIONS).replace(
        "zh-CN: {}", "zh-CN: {formats: epub}"
    )
    report = make(write_book(tmp_path / "book", {"book.yaml": settings}), tmp_path / "out")
    assert ("zh-CN-v", "pdf") not in report.targets
    assert ("zh-CN-v", "html") in report.targets
    notes = [one for one in report.findings if one.code == "pdf-vertical"]
    assert [one.severity for one in notes] == ["note", "note"]
    assert notes[0].place.key == "editions.zh-CN-v.writing"
    assert notes[0].place.line
    report = make(tmp_path / "book", tmp_path / "out", "epub")
    assert not [one for one in report.findings if one.code == "pdf-vertical"], "nobody asked for it"


def test_pdf_among_the_formats_of_a_vertical_edition_is_refused(project):
    with pytest.raises(PublishError, match=r"a vertical edition has no PDF\. Remove pdf from"):
        project("title: 书\neditions: {zh-CN-v: {base: zh-CN, writing: vertical, formats: [epub, pdf]}}")


@pytest.mark.verify
def test_a_pdf_of_a_vertical_edition_alone_is_refused(tmp_path):
    settings = SETTINGS.replace("editions: [zh-CN, zh-TW, zh-HK]\n", EDITIONS)
    source = write_book(tmp_path / "book", {"book.yaml": settings})
    with pytest.raises(UsageError, match="vertical edition has no PDF"):
        make(source, tmp_path / "out", "pdf", editions=("zh-CN-v",))
    done = command("build", source, "-o", tmp_path / "out", "-f", "pdf", "-e", "zh-CN-v")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
