"""EPUBs, unpacked: the package, its contents lists, its notes, and what it says of itself in each edition."""

from __future__ import annotations

import re
import zipfile
from pathlib import PurePosixPath

import pytest
from lxml import etree

from publish.edition.markup.content_model import conform, sound_url
from publish.render import modified_date
from publish.render.epub.metadata import date as stated_date
from publish.render.epub.metadata import identifier
from publish.source.settings.metadata import Metadata
from publish.themes import THEMES
from tests.tiny import SECOND, SETTINGS, make, picture, write_book

NS = {
    "h": "http://www.w3.org/1999/xhtml",
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "ncx": "http://www.daisy.org/z3986/2005/ncx/",
    "ocf": "urn:oasis:names:tc:opendocument:xmlns:container",
    "m": "http://www.w3.org/1998/Math/MathML",
}
TYPE = "{http://www.idpf.org/2007/ops}type"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
TAGS = {"zh-CN": "zh-Hans-CN", "zh-TW": "zh-Hant-TW", "zh-HK": "zh-Hant-HK", "zh-TW-phrases": "zh-Hant-TW"}

BOOK = (
    SETTINGS.replace("title: 小书", 'title: 一稿<多>版 & "B"').replace(
        "editions: [zh-CN, zh-TW, zh-HK]",
        """\
editions:
  zh-CN: {epub: {identifier: 978-7-302-51164-5}}
  zh-TW: {title: 書名 & <臺>, translator: 譯者}
  zh-HK: {identifier: {scheme: ISBN-13, text: 9789620412345}}
  zh-TW-phrases: {base: zh-TW, opencc: s2twp, name: 臺灣詞語版}""",
    )
    + """\
subject: [软件, 网络]
belongs-to-collection: 丛书
group-position: 3
page-progression-direction: ltr
number-sections: true
toc-depth: 1
"""
)
FIRST = """\
# 头发 $E=mc^2$ 与[^head] `码` {#hair}

[^head]: 标题里的注，有

    - 一项

    和公式 $x^2$，[见第二章](02.md#second)。

“网络”[^1] 与 <b>粗 <i>乱</b> 体</i><br>换行 <span><p>块</p></span>

[^1]: 第一章的注一。

## 小节 {#sec}

#### 跳级

![图注[^cap] 甲](images/dot.jpg){#fig-a}

[^cap]: 图注里的注。

| 表[^t] | 乙 |
|--|--|
| ![](images/dot.gif) | ![乙](images/v.svg) ![丙](images/dot.webp) |

: 表题[^tt] {#tbl-a}

[^t]: 表里的注。
[^tt]: 表题里的注。

![内](data:image/png;base64,DATA)

<svg viewBox="0 0 4 4" width="4" height="4"><circle cx="2" cy="2" r="1"/></svg>

[链](https://a.example/?a=1&b=<2>#x#y) [内](#fig-a) [表](#tbl-a)

一[^q]二[^q]。

[^q]: 引两次的注。

::: {.only format="pdf"}
只在纸上[^pdf]。
:::

[^pdf]: 只在纸上的注。
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" onclick="x()"/></svg>'


def opened(path):
    """The members of an EPUB by their names, XML ones as trees."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert len(names) == len(set(names))
        found = {}
        for name in names:
            data = archive.read(name)
            found[name] = etree.fromstring(data) if name.endswith((".xhtml", ".opf", ".ncx", ".xml")) else data
        return found


def package(book):
    return book["EPUB/content.opf"]


def meta(book, name, refines=""):
    rows = package(book).findall(f".//opf:meta[@property='{name}']", NS)
    return [row.text for row in rows if row.get("refines", "") == refines]


def dc(book, name):
    return [row.text for row in package(book).findall(f".//dc:{name}", NS)]


def documents(book):
    return {name: tree for name, tree in book.items() if name.endswith(".xhtml")}


def text(element):
    return "".join(element.itertext())


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    """The EPUBs of one book in four editions."""
    import base64  # here only

    folder = tmp_path_factory.mktemp("epub")
    images = {f"images/dot.{kind}": picture(kind.upper().replace("JPG", "JPEG")) for kind in ("jpg", "gif", "webp")}
    first = FIRST.replace("DATA", base64.b64encode(picture()).decode())
    files = {"book.yaml": BOOK, "01.md": first, "02.md": SECOND, "images/v.svg": SVG, **images}
    report = make(write_book(folder / "book", files), folder / "out", "epub")
    return {edition: folder / f"out/{edition}/tiny.epub" for edition, _ in report.targets}


@pytest.fixture(scope="module")
def books(paths):
    return {edition: opened(path) for edition, path in paths.items()}


@pytest.fixture(scope="module", params=list(TAGS))
def edition(request):
    return request.param


@pytest.fixture(scope="module")
def book(books, edition):
    return books[edition]


def test_the_container_begins_with_its_type_and_bears_nostated_date(paths, edition):
    with zipfile.ZipFile(paths[edition]) as archive:
        rows = archive.infolist()
    assert (rows[0].filename, rows[0].compress_type, rows[0].extra) == ("mimetype", zipfile.ZIP_STORED, b"")
    assert paths[edition].read_bytes()[30:58] == b"mimetypeapplication/epub+zip"
    assert {row.date_time for row in rows} == {(1980, 1, 1, 0, 0, 0)}
    assert all(row.filename.isascii() for row in rows)


def test_every_file_is_in_the_manifest_with_its_type_and_every_page_in_the_spine(book):
    rows = {f"EPUB/{item.get('href')}": item for item in package(book).findall(".//opf:item", NS)}
    assert set(rows) == set(book) - {"mimetype", "META-INF/container.xml", "EPUB/content.opf"}
    assert len({item.get("id") for item in rows.values()}) == len(rows)
    types = {
        ".xhtml": "application/xhtml+xml",
        ".ncx": "application/x-dtbncx+xml",
        ".css": "text/css",
        ".png": "image/png",
        ".jpg": "image/jpeg",
        ".gif": "image/gif",
        ".svg": "image/svg+xml",
        ".otf": "font/otf",
    }
    assert {item.get("media-type") for item in rows.values()} == set(types.values())
    assert all(item.get("media-type") == types[PurePosixPath(name).suffix] for name, item in rows.items())
    spine = [row.get("idref") for row in package(book).findall(".//opf:itemref", NS)]
    assert sorted(spine) == sorted(item.get("id") for name, item in rows.items() if name.endswith(".xhtml"))
    assert [one.removeprefix("x-") for one in spine][:4] == ["cover", "title", "colophon", "nav"]


def test_properties_say_what_a_document_holds(book):
    rows = {
        item.get("href"): set((item.get("properties") or "").split())
        for item in package(book).findall(".//opf:item", NS)
    }
    assert rows["nav.xhtml"] == {"nav"}
    assert rows["01.xhtml"] == {"mathml", "svg"}
    assert rows["02.xhtml"] == set()
    [cover] = [name for name, properties in rows.items() if "cover-image" in properties]
    item = package(book).find(f".//opf:item[@href='{cover}']", NS)
    assert package(book).find(".//opf:meta[@name='cover']", NS).get("content") == item.get("id")
    assert book["EPUB/cover.xhtml"].find(".//h:img", NS).get("src") == cover


def test_a_formula_in_a_note_is_said_of_its_document(tmp_path):
    files = {"book.yaml": SETTINGS, "01.md": "# 甲\n\n甲[^1]\n\n[^1]: $x$\n", "02.md": "# 乙\n"}
    make(write_book(tmp_path / "book", files), tmp_path / "out", "epub", editions=("zh-CN",))
    rows = package(opened(tmp_path / "out/zh-CN/tiny.epub")).findall(".//opf:item[@properties='mathml']", NS)
    assert [row.get("href") for row in rows] == ["01.xhtml"]


def test_the_language_is_said_everywhere(book, edition):
    tag = TAGS[edition]
    assert package(book).get(LANG) == tag
    assert dc(book, "language") == [tag]
    assert book["EPUB/toc.ncx"].get(LANG) == tag
    for tree in documents(book).values():
        assert (tree.get("lang"), tree.get(LANG)) == (tag, tag)


def test_elements_have_their_usual_prefixes(paths):
    for path in paths.values():
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(".xhtml"):
                    page = archive.read(name).decode()
                    assert not re.search(r"<(/?)(html|ns\d+):|ns\d+:|\bxmlns:html", page), name


def test_every_noteref_leads_to_its_own_note_and_back(book):
    called, notes = [], {}
    for name in ("01.xhtml", "02.xhtml"):
        own = {note.get("id"): note for note in book[f"EPUB/{name}"].iterfind(".//h:aside", NS)}
        notes |= own
        for call in book[f"EPUB/{name}"].iterfind(".//h:a[@role='doc-noteref']", NS):
            assert call.get(TYPE) == "noteref"
            page, _, target = call.get("href").partition("#")
            assert page == "", "a note stands in the file that calls it: Duokan shows no other"
            note = own[target]
            assert (note.get(TYPE), note.get("role")) == ("footnote", "doc-footnote")
            [back] = note.iterfind(".//h:a[@role='doc-backlink']", NS)
            assert back.get("href") == f"#{call.get('id')}"
            assert call.get("class") == "duokan-footnote"
            [item] = note.iterfind("h:ol[@class='duokan-footnote-content']/h:li[@class='duokan-footnote-item']", NS)
            assert item.get("value") == call.text
            called.append((name, call.text, text(note)))
    assert len(called) == len(notes) == 8


def test_each_note_has_the_text_of_its_call(books):
    pages = (books["zh-CN"][f"EPUB/{name}.xhtml"] for name in ("01", "02"))
    notes = [text(note) for page in pages for note in page.iterfind(".//h:aside", NS)]
    words = [
        "标题里的注",
        "第一章的注一",
        "图注里的注",
        "表题里的注",
        "表里的注",
        "引两次的注",
        "引两次的注",
        "第二章的注",
    ]
    assert all(word in note for word, note in zip(words, notes, strict=True))
    assert "只在纸上" not in "".join(text(books["zh-CN"][f"EPUB/{name}.xhtml"]) for name in ("01", "02"))


def test_every_inner_link_leads_to_something(book):
    ids = {
        name: {one.get("id") for one in tree.iter() if one.get("id")}
        for name, tree in book.items()
        if not isinstance(tree, bytes)
    }
    found = 0
    for name, tree in {**documents(book), "EPUB/toc.ncx": book["EPUB/toc.ncx"]}.items():
        for element in tree.iter(etree.Element):
            address = element.get("href") or element.get("src") or ""
            if not address or re.match(r"[a-z]+:", address):
                continue
            page, _, fragment = address.partition("#")
            target = f"EPUB/{page}" if page else name
            assert target in book, address
            assert not fragment or fragment in ids[target], address
            found += 1
    assert found > 30


def test_nav_and_ncx_hold_every_heading_in_order(book, edition):
    nav = book["EPUB/nav.xhtml"]
    [toc] = [one for one in nav.iterfind(".//h:nav", NS) if one.get(TYPE) == "toc"]
    lines = [" ".join(text(link).split()) for link in toc.iterfind(".//h:a", NS)]
    assert (
        lines[2] == f"第一章 {'头发' if edition == 'zh-CN' else '頭髮'} E=mc² {'与' if edition == 'zh-CN' else '與'} 码"
    )
    assert [line.split()[0] for line in lines[2:]] == [
        "第一章",
        "1.1",
        lines[4].split()[0],
        "第一部",
        "第二章",
    ]
    deep = [text(item.find("h:a", NS)) for item in toc.iterfind(".//h:li[@class='deep']", NS)]
    assert len(deep) == 2, "deeper than toc-depth: there, and marked"
    points = book["EPUB/toc.ncx"].findall(".//ncx:navPoint", NS)
    assert len({point.get("id") for point in points}) == len(points)
    depths = [len(list(point.iterancestors(f"{{{NS['ncx']}}}navPoint"))) for point in points]
    assert max(depths) == 1, "Kindle reads two levels"
    assert book["EPUB/toc.ncx"].find(".//ncx:meta[@name='dtb:uid']", NS).get("content") == dc(book, "identifier")[0]


def test_landmarks_lead_to_the_parts_of_the_book(book):
    [landmarks] = [one for one in book["EPUB/nav.xhtml"].iterfind(".//h:nav", NS) if one.get(TYPE) == "landmarks"]
    rows = {link.get(TYPE): link.get("href") for link in landmarks.iterfind(".//h:a", NS)}
    assert rows == {
        "cover": "cover.xhtml",
        "titlepage": "title.xhtml",
        "colophon": "colophon.xhtml",
        "toc": "nav.xhtml#toc",
        "bodymatter": "01.xhtml",
    }


def test_titles_with_markup_characters_are_text(books):
    assert dc(books["zh-CN"], "title") == ['一稿<多>版 & "B"', "软件里的头发"]
    assert dc(books["zh-TW"], "title") == ["書名 & <臺>", "軟件裏的頭髮".replace("裏", "裡")]
    for tree in (books["zh-CN"]["EPUB/title.xhtml"], books["zh-CN"]["EPUB/colophon.xhtml"]):
        assert '一稿<多>版 & "B"' in text(tree)


def test_identifiers_are_distinct_stable_and_urns(books):
    first = {edition: dc(book, "identifier") for edition, book in books.items()}
    assert first["zh-CN"] == ["urn:isbn:9787302511645"]
    assert first["zh-HK"] == ["urn:isbn:9789620412345"]
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", first[key][0]) for key in ("zh-TW", "zh-TW-phrases"))
    assert len({one for [one] in first.values()}) == 4
    for book in books.values():
        assert package(book).get("unique-identifier") == package(book).find(".//dc:identifier", NS).get("id")


@pytest.mark.parametrize(
    ("text", "scheme", "urn"),
    [
        ("978-7-302-51164-5", "", "urn:isbn:9787302511645"),
        ("ISBN 7-302-02368-X", "", "urn:isbn:730202368X"),
        ("7-302-02368-x", "ISBN-10", "urn:isbn:730202368X"),
        ("urn:isbn:9787302511645", "", "urn:isbn:9787302511645"),
        ("10.1000/182", "DOI", "10.1000/182"),
        ("1234567890", "", "1234567890"),
        ("urn:uuid:1", "", "urn:uuid:1"),
    ],
)
def test_an_isbn_is_known_however_it_is_written(text, scheme, urn):
    assert identifier(text, scheme) == urn


def test_people_have_roles_and_forms_to_sort_by(books):
    book = books["zh-CN"]
    assert (dc(book, "creator"), dc(book, "contributor")) == (["张三"], ["李四"])
    assert meta(book, "role", "#creator-1") == ["aut"]
    assert meta(book, "file-as", "#creator-1") == ["Zhang San"]
    assert meta(book, "file-as", "#contributor-1") == ["Li Si"]
    assert meta(book, "file-as", "#title")[0].startswith("Yi gao"), "made where the author says none"
    assert meta(books["zh-TW"], "file-as", "#contributor-1") == ["ㄧˋ ㄓㄜˇ"]
    assert meta(book, "role", "#contributor-1") == ["trl"]
    assert dc(books["zh-TW"], "contributor") == ["譯者"]


def test_titles_and_names_are_there_in_the_other_script_too(books):
    rows = package(books["zh-CN"]).findall(".//opf:meta[@property='alternate-script']", NS)
    said = {row.get("refines"): (row.get(LANG), row.text) for row in rows}
    assert said == {
        "#title": ("zh-Hant-TW", "書名 & <臺>"),
        "#subtitle": ("zh-Hant-TW", "軟件裡的頭髮"),
        "#creator-1": ("zh-Hant-TW", "張三"),
        "#contributor-1": ("zh-Hant-TW", "譯者"),
    }
    rows = package(books["zh-TW"]).findall(".//opf:meta[@property='alternate-script']", NS)
    assert [row.get(LANG) for row in rows] == ["zh-Hans-CN"] * 4


def test_an_identifier_says_its_kind(books):
    assert meta(books["zh-CN"], "identifier-type", "#id") == ["15"], "ISBN-13 in ONIX code list 5"
    assert meta(books["zh-TW"], "identifier-type", "#id") == []


def test_the_rest_of_the_metadata_is_there(books):
    book = books["zh-CN"]
    assert dc(book, "description") == ["一本<小>书 & 更多"]
    assert dc(book, "subject") == ["软件", "网络"]
    assert (dc(book, "date"), dc(book, "rights"), dc(book, "publisher")) == (["2026-03-04"], ["© 2026"], ["出版社"])
    assert meta(book, "belongs-to-collection") == ["丛书"]
    assert (meta(book, "collection-type", "#collection"), meta(book, "group-position", "#collection")) == (
        ["series"],
        ["3"],
    )
    assert meta(book, "dcterms:modified") == ["2026-03-04T00:00:00Z"]
    assert package(book).find("opf:spine", NS).get("page-progression-direction") == "ltr"


def test_accessibility_is_derived_from_the_content(book):
    assert meta(book, "schema:accessMode") == ["textual", "visual"]
    assert meta(book, "schema:accessModeSufficient") == ["textual,visual"], "an image has no description"
    features = meta(book, "schema:accessibilityFeature")
    assert "alternativeText" not in features
    assert {"MathML", "describedMath", "tableOfContents", "structuralNavigation"} <= set(features)
    assert meta(book, "schema:accessibilityHazard") == ["unknown"], "a GIF may flash"
    [summary] = meta(book, "schema:accessibilitySummary")
    assert len(summary.split("；")) == 5, "of text, contents, notes, images and formulas"


def test_conformance_is_claimed_only_where_somebody_signs_for_it(book, tmp_path):
    assert meta(book, "dcterms:conformsTo") == []
    files = {"book.yaml": f"{SETTINGS}accessibilityCertifiedBy: 启明无障碍中心\n", "01.md": "# 甲\n", "02.md": "# 乙\n"}
    made = make(write_book(tmp_path / "book", files), tmp_path / "out", "epub", editions=("zh-TW",))
    signed = opened(tmp_path / "out/zh-TW/tiny.epub")
    assert meta(signed, "dcterms:conformsTo") == ["EPUB Accessibility 1.1 - WCAG 2.2 Level AA"]
    assert meta(signed, "a11y:certifiedBy", "#conforms") == ["啟明無障礙中心"]
    assert made.artifacts


@pytest.mark.parametrize(
    ("body", "modes", "sufficient", "features"),
    [
        ("文。", ["textual"], ["textual"], set()),
        ("![图](images/dot.png)", ["textual", "visual"], ["textual"], {"alternativeText"}),
        ("甲[^1]\n\n[^1]: ![](images/dot.png)", ["textual", "visual"], ["textual,visual"], set()),
        ("甲[^1]\n\n[^1]: $x$", ["textual"], ["textual"], {"MathML", "describedMath"}),
        ("<math><mi>x</mi></math>", ["textual"], ["textual"], {"MathML"}),
    ],
)
def test_nothing_is_claimed_that_is_not_so(tmp_path, body, modes, sufficient, features):
    files = {"book.yaml": SETTINGS, "01.md": f"# 甲\n\n{body}\n", "02.md": "# 乙\n"}
    make(write_book(tmp_path / "book", files), tmp_path / "out", "epub", editions=("zh-CN",))
    book = opened(tmp_path / "out/zh-CN/tiny.epub")
    assert meta(book, "schema:accessMode") == modes
    assert meta(book, "schema:accessModeSufficient") == sufficient
    claims = {"alternativeText", "MathML", "describedMath"}
    assert claims & set(meta(book, "schema:accessibilityFeature")) == features
    assert meta(book, "schema:accessibilityHazard") == ["none"]
    [summary] = meta(book, "schema:accessibilitySummary")
    assert ("注释可往返" in summary) == ("[^1]" in body)
    assert ("图片都有替代文字" in summary) == ("alternativeText" in features)
    assert ("有的图片没有替代文字" in summary) == (sufficient == ["textual,visual"])
    assert ("MathML" in summary) == ("MathML" in features)


def test_a_book_that_says_nothing_of_itself_is_an_epub(tmp_path, monkeypatch):
    monkeypatch.setattr("publish.render.drawn_cover.cover_jpeg", lambda *_, **__: picture("JPEG"))
    settings = 'slug: bare\nauthor: ["", 佚名]\nsubject: ["", 甲]\ndate: 2026年5月\neditions: [zh-CN]\n'
    files = {"book.yaml": settings, "01.md": "<!-- 无 -->\n", "02.md": "只有正文。\n"}
    make(write_book(tmp_path / "book", files), tmp_path / "out", "epub")
    book = opened(tmp_path / "out/zh-CN/bare.epub")
    assert (dc(book, "creator"), dc(book, "subject"), dc(book, "date")) == (["佚名"], ["甲"], ["2026"])
    assert meta(book, "dcterms:modified") == ["2026-01-01T00:00:00Z"]
    assert all(tree.find(".//h:title", NS).text for tree in documents(book).values())
    assert all(text(link).strip() for link in book["EPUB/nav.xhtml"].iterfind(".//h:a", NS))
    assert book["EPUB/images/cover.jpg"] == picture("JPEG")
    assert not any(page.find(".//h:aside", NS) is not None for page in documents(book).values())


DATES = {
    "2026-05-06": ("2026-05-06", "2026-05-06T00:00:00"),
    "2026-05-06T23:30:00-02:00": ("2026-05-06", "2026-05-07T01:30:00"),
    "2026-05": ("2026-05", "2026-05-01T00:00:00"),
    "2026": ("2026", "2026-01-01T00:00:00"),
    "2026年5月": ("2026", "2026-01-01T00:00:00"),
    "2026-02-30": ("2026-02", "2026-01-01T00:00:00"),
    "1936": ("1936", "1980-01-01T00:00:00"),
    "民国廿五年": ("", "1980-01-01T00:00:00"),
    "20260506": ("", "2026-05-06T00:00:00"),
    "0000": ("", "1980-01-01T00:00:00"),
    "": ("", "1980-01-01T00:00:00"),
}


@pytest.mark.parametrize("written", DATES)
def test_dates_are_what_they_can_be_and_never_the_clocks(written):
    date = modified_date(Metadata(date=written), {}).strftime("%Y-%m-%dT%H:%M:%S")
    assert (stated_date(written), date) == DATES[written]


def test_source_date_epoch_goes_before_the_booksstated_date():
    assert modified_date(Metadata(date="2026"), {"SOURCE_DATE_EPOCH": "0"}).year == 1970


# --- the content model ------------------------------------------------------------------------------------------------

MENDED = {
    "<b><div>块</div></b>": "<div><div>块</div></div>",
    "<p><span><p>段</p></span></p>": "<div><div><p>段</p></div></div>",
    "<h2>甲<div>乙</div><ul><li>丙</li></ul></h2>": "<h2>甲<span>乙</span><span><span>丙</span></span></h2>",
    "<ul>字<li>甲</li><p>乙</p>尾</ul>": "<ul><li>字</li><li>甲</li><li><p>乙</p>尾</li></ul>",
    "<li>散</li>": "<div>散</div>",
    "<dl><dt>词</dt><dd>义</dd></dl>": "<dl><dt>词</dt><dd>义</dd></dl>",
    "<dl><dd>义</dd></dl>": "<div><div>义</div></div>",
    "<figcaption>散</figcaption>": "<div>散</div>",
    "<figure><figcaption>一</figcaption><img/><figcaption>二</figcaption></figure>": (
        "<figure><figcaption>一</figcaption><img/><div>二</div></figure>"
    ),
    "<details>无</details>": "<div>无</div>",
    "<details open='x'><summary>有</summary>文</details>": '<details open=""><summary>有</summary>文</details>',
    "<ruby>汉<rt>han</rt></ruby><ruby>字</ruby>": "<ruby>汉<rt>han</rt></ruby><span>字</span>",
    "<main>主</main><nav>导</nav>": "<div>主</div><div>导</div>",
    "<a href='#x'>甲<a href='#y'>乙</a></a>": '<a href="#x">甲<span>乙</span></a>',
    "<a href='#x'>甲<span class='noteref' data-note='n'></span>乙</a>丙": (
        '<a href="#x">甲乙</a><span class="noteref" data-note="n"></span>丙'
    ),
    "<table><tfoot/><tbody/><caption>一</caption><caption>二</caption></table>尾": (
        "<table><caption>一</caption><tbody></tbody><tfoot></tfoot></table><div>二</div>尾"
    ),
    "<td colspan='0' rowspan='2' headers='x' scope='col'>甲</td>": '<td rowspan="2">甲</td>',
    "<ol start='x' type='a' reversed='no'><li value='x'>甲</li></ol>": '<ol type="a" reversed=""><li>甲</li></ol>',
    "<p lang='not a lang' dir='up' role='bogus' aria-x='1' aria-label='甲'>文</p>": '<p aria-label="甲">文</p>',
    "<p style='color:red;;}{'>文</p>": '<p style="color: red">文</p>',
    "<p style='}'>文</p>": "<p>文</p>",
    "<td style='text-align: left;'>文</td>": '<td style="text-align: left;">文</td>',
    "<time datetime='2026-05-06'>今</time><time>今</time>": '<time datetime="2026-05-06">今</time><span>今</span>',
    "<q cite='::'>引</q>": "<q>引</q>",
    "<a href='https://'>无</a>": "<span>无</span>",
    "<address><h3>甲</h3></address>": "<address><div>甲</div></address>",
    "<math xmlns='{m}' display='x'><mfrac><mi>a</mi></mfrac><annotation>b</annotation>c</math>".format(**NS): (
        '<math xmlns="{m}"><mrow><mi>a</mi></mrow>c</math>'.format(**NS)
    ),
    "<p>文 <em>重</em> <code>码</code></p>": "<p>文 <em>重</em> <code>码</code></p>",
}


@pytest.mark.parametrize("given", MENDED)
def test_raw_html_is_made_what_the_standard_allows(given):
    root = etree.fromstring(f'<div xmlns="{NS["h"]}">{given}</div>')
    before = "".join(root.itertext())
    conform(root)
    for element in root.iter(f"{{{NS['h']}}}*"):
        if not len(element) and element.text is None and not element.tag.endswith("}img"):
            element.text = ""
    page = etree.tostring(root, encoding="unicode").replace(f' xmlns="{NS["h"]}"', "")
    assert page == f"<div>{MENDED[given]}</div>"
    if not re.search("noteref|caption|annotation", given):
        assert "".join(root.itertext()) == before, "no text is lost or moved"


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("https://a.example/%E4%B8%AD?x=1#y", "https://a.example/%E4%B8%AD?x=1#y"),
        ("https://a.example/100%#a#b", "https://a.example/100%25#a%23b"),
        ("https://例子.测试/路", "https://例子.测试/路"),
        ("https://", ""),
        ("http://[bad", ""),
        ("http://a b/", ""),
        ("http://a.example:99999/", ""),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("#frag", "#frag"),
        ("02.md", "02.md"),
    ],
)
def test_addresses_are_sound_or_none(given, address):
    assert sound_url(given) == address


def test_no_text_has_a_colour_or_a_ground_of_its_own_that_a_black_page_would_hide():
    """A reader sets page and text; a link has the text's colour, and a ground lets the page through."""
    for sheet in THEMES.glob("*/epub.css"):
        rules = re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r"\{[{%].*?[%}]\}", "", sheet.read_text(encoding="utf-8")))
        for name, declared in rules:
            fixed = re.findall(r"(?<![\w-])(color|background(?:-color)?): *#\w+", declared)
            assert not fixed or "img" in name or ".error" in name, (sheet, name)
        linked = [declared for name, declared in rules if name.strip().split("\n")[-1] == "a"]
        assert ["color: inherit" in one for one in linked] == [True] * len(linked)
    assert "\na { color: inherit; }" in (THEMES / "book/epub.css").read_text(encoding="utf-8")
