"""What machines are told of a site that knows its address: canonical addresses, JSON-LD, sitemap, feed."""

from __future__ import annotations

import json

import pytest
from lxml import etree, html
from PIL import Image

from publish.errors import PublishError
from publish.render.html.addresses import LONGEST_EXCERPT, excerpt
from publish.source.project import read_project
from tests.tiny import SETTINGS, make, write_book

SITE = "https://books.example/tiny"
ATOM = {"a": "http://www.w3.org/2005/Atom"}
MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The tiny book with an address, built once."""
    folder = tmp_path_factory.mktemp("site")
    settings = f"{SETTINGS}url: {SITE}\nidentifier: {{scheme: ISBN-13, text: 978-7-5000-0000-1}}\n"
    make(write_book(folder / "book", {"book.yaml": settings}), folder / "build", "html")
    return folder / "build"


def page(site, edition, name):
    file = site / edition / "html" / f"{name}.html"
    return html.document_fromstring(file.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))


def said(found, name):
    return found.xpath("//meta[@property=$name or @name=$name]/@content", name=name)


def test_each_page_names_its_own_address_and_those_of_the_other_editions(site):
    for edition in ("zh-CN", "zh-TW", "zh-HK"):
        for name in ("index", "01", "02"):
            found = page(site, edition, name)
            assert found.xpath("//link[@rel='canonical']/@href") == [f"{SITE}/{edition}/html/{name}.html"]
            links = found.xpath("//link[@rel='alternate'][@hreflang]")
            assert {link.get("hreflang"): link.get("href") for link in links} == {
                "zh-Hans-CN": f"{SITE}/zh-CN/html/{name}.html",
                "zh-Hant-TW": f"{SITE}/zh-TW/html/{name}.html",
                "zh-Hant-HK": f"{SITE}/zh-HK/html/{name}.html",
            }


def test_the_switcher_still_leads_from_page_to_page(site):
    links = page(site, "zh-TW", "01").xpath("//nav[@class='editions']//a/@href")
    assert links == ["../../zh-CN/html/01.html", "../../zh-HK/html/01.html"]


def test_open_graph_tells_a_book_and_its_chapters(site):
    book, chapter = page(site, "zh-TW", "index"), page(site, "zh-TW", "01")
    assert (said(book, "og:type"), said(chapter, "og:type")) == (["book"], ["article"])
    assert said(chapter, "og:title") == ["頭髮 · 小書"]
    assert said(chapter, "og:locale") == ["zh_TW"]
    assert said(chapter, "og:locale:alternate") == ["zh_CN", "zh_HK"]
    assert said(chapter, "og:description") == said(chapter, "description")
    [image] = said(book, "og:image")
    assert (site / image.removeprefix(f"{SITE}/")).is_file()


def test_json_ld_tells_a_book_and_its_chapters(site):
    [text] = page(site, "zh-TW", "index").xpath("//script[@type='application/ld+json']/text()")
    book = json.loads(text)
    assert (book["@type"], book["name"], book["inLanguage"]) == ("Book", "小書", "zh-Hant-TW")
    assert book["description"] == "一本<小>書 & 更多"
    assert "<" not in text
    assert book["author"] == [{"@type": "Person", "name": "張三"}]
    assert page(site, "zh-CN", "index").xpath("//script[contains(text(), '9787500000001')]")
    chapter = json.loads(page(site, "zh-TW", "02").xpath("//script[@type='application/ld+json']/text()")[0])
    assert (chapter["@type"], chapter["position"], chapter["isPartOf"]["@id"]) == ("Chapter", 2, book["@id"])


def test_the_sitemap_lists_every_page_with_its_other_editions(site):
    found = etree.parse(str(site / "zh-HK/html/sitemap.xml"))
    assert found.xpath("//s:loc/text()", namespaces=MAP) == [
        f"{SITE}/zh-HK/html/{name}.html" for name in ("index", "01", "02")
    ]
    assert set(found.xpath("//s:lastmod/text()", namespaces=MAP)) == {"2026-03-04"}
    for url in found.xpath("//s:url", namespaces=MAP):
        assert len(url.xpath("x:link[@hreflang]", namespaces=MAP)) == 3


def test_the_feed_has_an_entry_for_each_chapter(site):
    found = etree.parse(str(site / "zh-TW/html/feed.xml"))
    assert found.xpath("/a:feed/a:title/text()", namespaces=ATOM) == ["小書"]
    assert found.xpath("//a:entry/a:title/text()", namespaces=ATOM) == ["頭髮", "軟件"]
    assert found.xpath("//a:entry/a:id/text()", namespaces=ATOM) == [
        f"{SITE}/zh-TW/html/{name}.html" for name in ("01", "02")
    ]
    assert set(found.xpath("//a:updated/text()", namespaces=ATOM)) == {"2026-03-04T00:00:00Z"}
    assert found.xpath("/a:feed/a:author/a:name/text()", namespaces=ATOM) == ["張三"]
    assert page(site, "zh-TW", "index").xpath("//link[@type='application/atom+xml']/@href") == ["feed.xml"]


def test_the_index_of_all_editions_leads_searchers_to_each(site):
    found = html.parse(str(site / "index.html"), parser=html.HTMLParser(encoding="utf-8"))
    assert found.xpath("//link[@rel='canonical']/@href") == [f"{SITE}/"]
    links = found.xpath("//link[@rel='alternate']")
    assert {link.get("hreflang"): link.get("href") for link in links} == {
        "x-default": f"{SITE}/",
        "zh-Hans-CN": f"{SITE}/zh-CN/html/index.html",
        "zh-Hant-TW": f"{SITE}/zh-TW/html/index.html",
        "zh-Hant-HK": f"{SITE}/zh-HK/html/index.html",
    }


def test_a_book_without_an_address_says_none(tmp_path):
    make(write_book(tmp_path / "book"), tmp_path / "build", "html", editions=("zh-TW",))
    found = page(tmp_path / "build", "zh-TW", "01")
    assert not found.xpath("//link[@rel='canonical'] | //meta[@property] | //script[@type]")
    assert not list((tmp_path / "build").rglob("*.xml"))


@pytest.mark.parametrize("url", ["books.example", "ftp://books.example", "https://books.example/?a=1", "https://a b/"])
def test_what_is_no_address_of_a_site_is_refused_with_its_line(tmp_path, url):
    source = write_book(tmp_path, {"book.yaml": f'{SETTINGS}url: "{url}"\n'})
    with pytest.raises(PublishError, match=r"book.yaml:17: url: this must be an address that begins with https://"):
        read_project(source)


def test_the_address_that_a_clipped_article_came_from_is_not_where_the_book_stands(tmp_path):
    file = tmp_path / "a.md"
    file.write_text("---\ntitle: 文章\nurl: https://elsewhere.example/s/1\n---\n\n# 一\n\n正文。\n", encoding="utf-8")
    report = make(file, tmp_path / "build", "html", editions=("zh-CN",))
    assert [one.code for one in report.findings] == ["set-unused"]
    assert "elsewhere.example" not in "".join(
        one.read_text(encoding="utf-8") for one in (tmp_path / "build").rglob("*.html")
    )


def test_an_excerpt_ends_with_a_sentence_where_one_ends():
    assert excerpt(["短。"]) == "短。"
    assert excerpt(["头" * 60 + "。" + "尾" * 100]) == "头" * 60 + "。"
    long = excerpt(["字" * 300])
    assert long.endswith("…")
    assert len(long) <= LONGEST_EXCERPT


def test_a_cover_that_was_drawn_stands_beside_links_and_a_picture_of_the_books_own_comes_first(site, tmp_path):
    assert "/images/cover" in said(page(site, "zh-TW", "01"), "og:image")[0]
    assert not (site / "zh-TW/html/cover.jpg").exists()
    settings = f"title: 书\nslug: tiny\nurl: {SITE}\n"
    book = write_book(tmp_path / "book", {"book.yaml": settings, "01.md": "# 一\n\n字。\n"})
    make(book, tmp_path / "build", "html", editions=("zh-CN",))
    assert said(page(tmp_path / "build", "zh-CN", "01"), "og:image") == [f"{SITE}/zh-CN/html/cover.jpg"]
    with Image.open(tmp_path / "build/zh-CN/html/cover.jpg") as drawn:
        assert (drawn.format, drawn.size) == ("JPEG", (800, 1280))


def foot(site, name):
    return page(site, "zh-CN", name).xpath("//ul[@class='foot']//a/@href")


def test_every_page_leads_to_the_shelf_to_what_can_be_taken_away_and_to_the_text_behind_it(site, tmp_path):
    assert foot(site, "01") == foot(site, "index") == ["../../index.html"]
    settings = f"{SETTINGS}repository: https://github.com/one/two/tree/main/book\n"
    book = write_book(tmp_path / "book", {"book.yaml": settings})
    make(book, tmp_path / "build", "epub", editions=("zh-CN",))
    make(book, tmp_path / "build", "html", editions=("zh-CN",))
    whole = ["../../index.html", "../tiny.epub"]
    assert (tmp_path / "build/zh-CN/tiny.epub").is_file(), "built before, by itself"
    assert foot(tmp_path / "build", "index") == whole
    own = [f"https://github.com/one/two/{way}/main/book/01.md" for way in ("edit", "blob")]
    assert foot(tmp_path / "build", "01") == own + whole
