# ruff: noqa: E501  # markup and prose are read as they stand
"""An EPUB comes in whole: spine, titles of the navigation, notes where they are called, pictures, cover, metadata."""

from __future__ import annotations

import zipfile

import pytest
import yaml

from publish.errors import PublishError
from publish.importers import detect, import_source
from tests.tiny import picture

CONTAINER = '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="O/p.opf"/></rootfiles></container>'
OPF = """<package xmlns="http://www.idpf.org/2007/opf" version="2.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:opf="http://www.idpf.org/2007/opf"><dc:title>山中书</dc:title><dc:creator opf:role="aut">张三</dc:creator>
<dc:creator opf:role="trl">李四</dc:creator><dc:date>2020-05-06T00:00:00</dc:date><dc:publisher>出版社</dc:publisher>
<meta name="cover" content="c"/></metadata><manifest><item id="n" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
<item id="c" href="cover.png" media-type="image/png"/><item id="d" href="dot.png" media-type="image/png"/>
<item id="0" href="cover.xhtml" media-type="application/xhtml+xml"/>
<item id="1" href="t/1.xhtml" media-type="application/xhtml+xml"/><item id="1b" href="t/1b.xhtml" media-type="application/xhtml+xml"/>
<item id="2" href="t/2.xhtml" media-type="application/xhtml+xml"/><item id="e" href="t/n.xhtml" media-type="application/xhtml+xml"/>
</manifest><spine toc="n"><itemref idref="0"/><itemref idref="1"/><itemref idref="1b"/><itemref idref="2"/><itemref idref="e"/></spine>
</package>"""
NCX = """<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>第一部</text></navLabel>
<content src="t/1.xhtml#none"/><navPoint><navLabel><text>第二章 雨</text></navLabel><content src="t/2.xhtml"/></navPoint></navPoint>
</navMap></ncx>"""
FILES = {
    "META-INF/container.xml": CONTAINER,
    "O/p.opf": OPF,
    "O/toc.ncx": NCX,
    "O/cover.png": picture(color="blue"),
    "O/dot.png": picture(),
    "O/cover.xhtml": "<html><body><svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'>"
    "<image xlink:href='cover.png'/></svg></body></html>",
    "O/t/1.xhtml": '<html xmlns="http://www.w3.org/1999/xhtml"><body><h2>第一部</h2><p class="calibre1">甲&nbsp;字<a id="m1" '
    'href="n.xhtml#w1"><sup>[1]</sup></a>，乙<sup><a id="m2" href="#w2">②</a></sup>。</p><p><a id="w2" href="#m2">②</a>注二。</p>'
    "</body></html>",
    "O/t/1b.xhtml": '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>续页，见<a href="2.xhtml#x">下一章</a>。'
    '<img src="../dot.png" alt="红点"/></p></body></html>',
    "O/t/2.xhtml": '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>第二章 雨</p><p id="x">丙<ruby>头<rt>tóu</rt></ruby>。</p>'
    "<table><tr><td>子</td></tr></table></body></html>",
    "O/t/n.xhtml": '<html xmlns="http://www.w3.org/1999/xhtml"><body><p><a id="w1" href="1.xhtml#m1">[1]</a> 注一。</p></body></html>',
}  # fmt: skip


def made(path, changes=None):
    with zipfile.ZipFile(path, "w") as out:
        for name, data in (FILES | (changes or {})).items():
            out.writestr(name, data)
    return path


@pytest.fixture
def read(tmp_path):
    def read(changes=None):
        path = made(tmp_path / "a.epub", changes)
        assert detect(path)[0].name == "epub"
        report = import_source(path, tmp_path / "book")
        book = yaml.safe_load((tmp_path / "book" / "book.yaml").read_text(encoding="utf-8"))
        texts = {one.name: one.read_text(encoding="utf-8") for one in sorted((tmp_path / "book").glob("*.md"))}
        return report, book, texts

    return read


def test_metadata_cover_and_pages_come_in(read, tmp_path):
    report, book, texts = read()
    assert (book["title"], book["author"], book["translator"]) == ("山中书", ["张三"], ["李四"])
    assert (book["date"], book["publisher"], book["cover-image"]) == ("2020-05-06", "出版社", "images/cover.png")
    assert (tmp_path / "book" / "images" / "cover.png").read_bytes() == FILES["O/cover.png"]
    assert list(texts) == ["01-di-yi-bu.md", "02-di-er-zhang-yu.md"]
    assert {"cover-left-out", "page-joined", "heading-found"} <= {one.code for one in report.decisions}


def test_notes_stand_where_they_are_called_without_their_back_links(read):
    _, _, texts = read()
    first = texts["01-di-yi-bu.md"]
    assert first.startswith("# 第一部\n\n甲\u00a0字[^1]，乙[^2]。\n")
    assert first.rstrip().endswith("[^1]: 注一。\n\n[^2]: 注二。")
    assert "[1]" not in "".join(texts.values()).replace("[^1]", "")


def test_pages_go_on_and_links_and_pictures_are_mended(read):
    _, _, texts = read()
    first, second = texts.values()
    assert "续页，见[下一章](02-di-er-zhang-yu.md#f2-x)。![红点](images/dot.png)" in first
    assert second.startswith("# 第二章 雨\n\n")
    assert "子" in second
    assert "头" in second


def test_text_that_would_be_lost_stops_the_import(read, tmp_path, monkeypatch):
    from publish.importers.books import epub

    monkeypatch.setattr(epub.CalledNotes, "gather", lambda self: self.bodies.clear() or self.pages[0].root.clear())
    with pytest.raises(PublishError, match="would be lost"):
        read()
    assert not (tmp_path / "book").exists()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"META-INF/rights.xml": "<r/>"}, "locked by DRM"),
        ({"O/p.opf": ""}, "missing or empty"),
        ({"META-INF/container.xml": "<container/>"}, "names no package"),
    ],
)
def test_what_cannot_be_read_is_told_with_a_remedy(tmp_path, changes, problem):
    with pytest.raises(PublishError, match=problem) as caught:
        import_source(made(tmp_path / "a.epub", changes), tmp_path / "book")
    assert caught.value.remedy


def test_a_page_that_is_no_xml_is_read_as_html(read):
    page = "<html><body><h1>坏页<p>甲<br>乙 &nbsp; <b>丙</body>"
    _, _, texts = read({"O/t/1.xhtml": page})
    assert "丙" in "".join(texts.values())


def test_a_note_that_is_one_link_back_is_a_note_without_it(read):
    page = (
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>一</h1><p>甲<sup><a class="duokan-footnote" href="#w" id="m">'
        '<img src="../dot.png" alt=""/></a></sup>乙。</p><ol><li class="duokan-footnote-item" id="w"><a href="#m">注──释义。</a></li>'
        "</ol></body></html>"
    )
    report, _, texts = read({"O/t/1.xhtml": page})
    assert "甲[^1]乙。" in "".join(texts.values())
    assert "[^1]: 注──释义。" in "".join(texts.values())
    assert not [one for one in report.decisions if one.code == "link-dropped" and "释义" in one.excerpt]


def test_a_web_site_is_no_author(read):
    opf = OPF.replace("<dc:date>", '<dc:creator opf:role="aut">shuwu.example.com</dc:creator><dc:date>')
    report, book, _ = read({"O/p.opf": opf})
    assert book["author"] == ["张三"]
    assert "creator-left-out" in {one.code for one in report.decisions}


def test_a_page_of_contents_with_numbers_beside_its_links_is_left_out_and_nobody_is_no_author(read):
    lines = "".join(f'<li><a href="2.xhtml#%E5%9B%9B{n}">雨中的第几章</a><span>1.{n}</span></li>' for n in range(5))
    contents = (
        f'<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>Table of Contents</h1><ol>{lines}</ol></body></html>'
    )
    report, book, texts = read({"O/t/1b.xhtml": contents, "O/p.opf": OPF.replace("张三", "Unknown")})
    assert "雨中的第几章" not in "".join(texts.values())
    assert "author" not in book
    assert {"contents-left-out", "creator-left-out"} <= {one.code for one in report.decisions}


def test_links_with_names_in_han_lead_there(read):
    page = '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>续页，见<a href="2.xhtml#四">下一章</a>。</p></body></html>'
    second = FILES["O/t/2.xhtml"].replace('id="x"', 'id="四"')
    report, _, texts = read({"O/t/1b.xhtml": page, "O/t/2.xhtml": second})
    assert "link-dropped" not in {one.code for one in report.decisions}
    assert "02-di-er-zhang-yu.md#f2-四)" in texts["01-di-yi-bu.md"]


def test_ruby_stays_ruby_and_what_style_sheets_make_bold_is_bold(read):
    page = '<html xmlns="http://www.w3.org/1999/xhtml"><head><link rel="stylesheet" href="../s.css"/></head><body><p>%s</p></body></html>'
    words = '丁<ruby>头<rt>tóu</rt></ruby><span class="calibre3">要紧</span>的话。'
    _, _, texts = read({"O/t/2.xhtml": page % words, "O/s.css": ".calibre3 { font-weight: bold }"})
    assert "丁<ruby>头<rt>tóu</rt></ruby>**要紧**的话。" in "".join(texts.values())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('xmlns="http://www.idpf.org/2007/opf" version', 'mlns="http://www.idpf.org/2007/opf" version'),
        (OPF[OPF.index("<spine") : OPF.index("</package>")], '<spine toc="n"/>'),
    ],
    ids=["misspelt", "no spine"],
)
def test_a_package_that_its_program_has_damaged_is_read(read, old, new):
    _, book, text = read({"O/p.opf": OPF.replace(old, new)})
    assert book["title"] == "山中书"
    assert [one in "".join(text.values()) for one in ("甲", "续页", "丙")] == [True] * 3
    assert "续页" in text["01-di-yi-bu.md"]
