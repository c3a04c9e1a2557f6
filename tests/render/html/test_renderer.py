"""The web edition of a tiny book: what readers, browsers and other pages may rely on."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from lxml import html

from publish.pipeline import Request, build

EDITIONS = {"zh-CN": "zh-Hans-CN", "zh-TW": "zh-Hant-TW", "zh-HK": "zh-Hant-HK"}
PAGES = ("index", "01-start", "02-middle", "03-end")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
BOOK = """
title: 网页
author: 甲
lang: zh-CN
slug: wang-ye
description: 一本小书。
"""
CHAPTERS = {
    "01-start.md": """# 开头 {#start}

汉字 Latin 汉字，don’t 不占一格，`a b` 后面。**加 B** 粗。

圆的面积 $S$，后面。[^one]再来一条。[^two]

见[中间](02-middle.md#middle)，又见[表](02-middle.md#tbl-one)。

[^one]: 第一条。

[^two]: 第二条，两段。

    第二段。
""",
    "02-middle.md": """# 中间 {#middle}

![图](images/a.svg){#fig-a}

| 甲 | 乙 |
|---|---|
| 一 | 二 |

: 表 {#tbl-one}

```
 代码 <&> "引号"
```

## 节 {#contents}
""",
    "03-end.md": """# 末尾 {#end}

[只印在纸上。]{.only format="pdf"}

::: {.only format="html"}
只在网页上。
:::

::: {.only format="epub pdf"}
不在网页上。[^lost]
:::

换行<br>之后。

[^lost]: 丢掉的注。
""",
}


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    """The tiny book, built once: the output folder."""
    root = tmp_path_factory.mktemp("book")
    (root / "book.yaml").write_text(BOOK, encoding="utf-8")
    (root / "images").mkdir()
    (root / "images" / "a.svg").write_text(SVG, encoding="utf-8")
    for name, text in CHAPTERS.items():
        (root / name).write_text(text, encoding="utf-8")
    build(Request(root, root / "build", formats=("html",), jobs=1))
    return root / "build"


def source(web: Path, edition: str, page: str) -> str:
    return (web / edition / "html" / f"{page}.html").read_text(encoding="utf-8")


def tree(web: Path, edition: str, page: str):
    return html.document_fromstring(source(web, edition, page).encode(), parser=html.HTMLParser(encoding="utf-8"))


def all_pages(web: Path) -> list[Path]:
    return [path for edition in EDITIONS for path in sorted((web / edition / "html").glob("*.html"))]


def local_links(path: Path) -> list[tuple[Path, str]]:
    """The files of the book that a page leads to, each with its fragment."""
    found = html.parse(str(path), parser=html.HTMLParser(encoding="utf-8")).getroot()
    addresses = [str(address) for address in found.xpath("//@href | //@src")]
    split = [address.partition("#") for address in addresses if not re.match(r"[a-z]+:", address)]
    return [((path.parent / name).resolve() if name else path.resolve(), fragment) for name, _, fragment in split]


def test_each_edition_has_an_index_a_page_a_chapter_and_the_whole_book(web):
    for edition in EDITIONS:
        names = {path.stem for path in (web / edition / "html").glob("*.html")}
        assert names == {*PAGES, "wang-ye"}


@pytest.mark.parametrize("edition", EDITIONS)
def test_lang_is_right_on_every_page(web, edition):
    for path in (web / edition / "html").glob("*.html"):
        assert tree(web, edition, path.stem).get("lang") == EDITIONS[edition]


def test_previous_and_next_lead_from_chapter_to_chapter(web):
    for number, page in enumerate(PAGES[1:], 1):
        found = tree(web, "zh-TW", page)
        before = [] if number == 1 else [f"{PAGES[number - 1]}.html"]
        after = [] if page == PAGES[-1] else [f"{PAGES[number + 1]}.html"]
        for relation, expected in (("prev", before), ("next", after)):
            assert found.xpath(f"//head/link[@rel='{relation}']/@href") == expected
            assert found.xpath(f"//body//a[@rel='{relation}']/@href") == expected


def test_every_page_leads_to_the_same_page_of_the_other_editions(web):
    for edition, own in EDITIONS.items():
        for page in PAGES:
            found = tree(web, edition, page)
            alternates = {
                link.get("hreflang"): link.get("href") for link in found.xpath("//head/link[@rel='alternate']")
            }
            assert set(alternates) == set(EDITIONS.values())
            for other, tag in EDITIONS.items():
                target = (web / edition / "html" / alternates[tag]).resolve()
                assert target == (web / other / "html" / f"{page}.html").resolve()
                assert target.is_file()
            shown = found.xpath("//nav[@class='editions']//a")
            assert {link.get("hreflang") for link in shown} == set(EDITIONS.values()) - {own}
            assert all(link.get("lang") == link.get("hreflang") for link in shown)


def test_a_book_of_one_edition_shows_no_switcher(web, tmp_path):
    build(Request(web.parent, tmp_path / "one", editions=("zh-TW",), formats=("html",), jobs=1))
    assert not tree(tmp_path / "one", "zh-TW", "01-start").xpath("//nav[@class='editions']")


def test_every_link_inside_the_book_finds_its_file_and_its_id(web):
    for path in all_pages(web):
        for target, fragment in local_links(path):
            assert target.is_file(), f"{path.name} leads to {target.name}"
            if fragment:
                names = html.parse(str(target), parser=html.HTMLParser(encoding="utf-8")).xpath("//@id")
                assert fragment in names, f"{path.name} leads to {target.name}#{fragment}"


def test_no_page_asks_another_host_for_anything(web):
    fetched = "//@src | //link/@href | //iframe | //object"
    for path in all_pages(web):
        found = html.parse(str(path), parser=html.HTMLParser(encoding="utf-8"))
        assert not [one for one in found.xpath(fetched) if not isinstance(one, str) or re.match(r"(https?:)?//", one)]
    for sheet in web.glob("*/html/assets/*.*"):
        text = sheet.read_text(encoding="utf-8")
        assert not re.search(r"@import|url\((?!fonts/math-)|https?:|XMLHttp|import\(", text)
        assert re.findall(r"fetch\(.*?\)", text) == (["fetch(address)"] if sheet.name == "compare.js" else [])


def test_the_whole_book_needs_no_other_file(web):
    page = source(web, "zh-CN", "wang-ye")
    found = tree(web, "zh-CN", "wang-ye")
    assert not re.search(r"@import|url\((?!data:)", page)
    assert found.xpath("//style")
    (image,) = found.xpath("//img/@src")
    kind, _, data = image.partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert b"<rect" in base64.b64decode(data)
    assert all(address.startswith(("#", "data:", "http")) for address in found.xpath("//@href | //@src"))


def test_notes_link_both_ways(web):
    for page in ("01-start", "wang-ye"):
        found = tree(web, "zh-HK", page)
        calls = found.xpath("//a[@role='doc-noteref']")
        assert [call.text for call in calls] == ["1", "2"]
        for call in calls:
            (note,) = found.xpath("//section[@role='doc-endnotes']//li[@id=$id]", id=call.get("href")[1:])
            (back,) = note.xpath(".//a[@role='doc-backlink']")
            assert back.get("href") == f"#{call.get('id')}"
            assert back.getparent().getnext() is None


def test_ids_are_unique_on_every_page(web):
    for path in all_pages(web):
        names = html.parse(str(path), parser=html.HTMLParser(encoding="utf-8")).xpath("//@id")
        assert len(names) == len(set(names)), path


def test_ids_are_the_same_in_every_edition(web):
    for page in (*PAGES, "wang-ye"):
        first, *others = [tree(web, edition, page).xpath("//@id") for edition in EDITIONS]
        assert others == [first, first]


def test_the_contents_lead_to_every_chapter_and_mark_the_one_that_is_open(web):
    for page in ("index", "02-middle"):
        links = tree(web, "zh-CN", page).xpath("//nav[@class='contents']//a")
        assert [link.get("href") for link in links] == [
            "01-start.html",
            "02-middle.html",
            "02-middle.html#contents",
            "03-end.html",
        ]
        here = [link.get("href") for link in links if link.get("aria-current") == "page"]
        assert here == ([] if page == "index" else ["02-middle.html"])


def test_the_web_shows_what_is_meant_for_it_only(web):
    for page in ("03-end", "wang-ye"):
        text = source(web, "zh-CN", page)
        assert "只在网页上" in text
        assert "只印在纸上" not in text
        assert "不在网页上" not in text
        assert "丢掉的注" not in text


def test_no_empty_paragraph_is_left(web):
    for path in all_pages(web):
        found = html.parse(str(path), parser=html.HTMLParser(encoding="utf-8"))
        assert not found.xpath("//p[not(*) and not(normalize-space())]"), path


def test_the_markup_is_html_and_not_xml(web):
    page = re.sub(r"(?s)<(script|style)>.*?</\1>", "", source(web, "zh-CN", "wang-ye"))
    assert not re.search(r"xmlns|<\w+:|/>", page)
    assert "换行<br>之后" in page
    assert ' 代码 &lt;&amp;&gt; "引号"' in page


def test_tables_scroll_by_themselves(web):
    (table,) = tree(web, "zh-CN", "02-middle").xpath("//table")
    assert table.getparent().attrib == {"class": "table"}, "no tab stop: a script makes it one where it scrolls"


def test_words_with_spaces_of_their_own_and_apostrophes_are_marked_and_typed_gaps_are_not(web):
    page = source(web, "zh-CN", "01-start")
    assert '汉字 Latin 汉字，don<span class="apostrophe">’</span>t 不占' in page
    assert "<strong>加 B</strong> 粗" in page
    assert "<code>a b</code>" in page


def test_a_mark_behind_a_formula_stays_with_it(web):
    (tie,) = tree(web, "zh-CN", "01-start").xpath("//span[@class='unbroken']")
    assert tie.text_content().endswith("，")


def test_the_same_source_gives_the_same_bytes(web, tmp_path):
    build(Request(web.parent, tmp_path / "again", formats=("html",), jobs=1))
    for path in all_pages(web):
        assert path.read_bytes() == (tmp_path / "again" / path.relative_to(web)).read_bytes()


def test_style_and_scripts_are_light_and_the_search_is_not_loaded_with_a_page(web):
    folder = web / "zh-TW" / "html"
    assert sum(path.stat().st_size for path in (folder / "assets").iterdir()) < 100_000
    assert tree(web, "zh-TW", "01-start").xpath("//script/@src") == ["assets/web.js"]


def test_a_figure_leads_to_its_image_and_an_image_within_a_link_does_not(web, tmp_path):
    (link,) = tree(web, "zh-CN", "02-middle").xpath("//figure//a")
    assert (web / "zh-CN" / "html" / link.get("href")).is_file()
    assert link.xpath("img/@src") == [link.get("href")]
    (tmp_path / "a.svg").write_text(SVG, encoding="utf-8")
    (tmp_path / "a.md").write_text(
        "<figure><a href='https://x.example/'><img src='a.svg' alt='图'></a></figure>\n", "utf-8"
    )
    build(Request(tmp_path / "a.md", tmp_path / "build", ("zh-CN",), ("html",), jobs=1))
    assert tree(tmp_path / "build", "zh-CN", "a").xpath("//figure//a/@href") == ["https://x.example/"]


def test_only_the_open_chapter_shows_its_sections_beside_the_text(web):
    assert not [
        link
        for link in tree(web, "zh-CN", "01-start").xpath("//nav[@class='contents']//a/@href")
        if link.startswith("02-middle.html#")
    ]


def test_a_pages_description_is_the_beginning_of_its_chapter(web):
    (description,) = tree(web, "zh-TW", "01-start").xpath("//meta[@name='description']/@content")
    assert description.startswith("漢字 Latin 漢字")


def test_the_contents_of_the_whole_book_lead_to_its_sections_and_its_headings_stand_below_its_title(web):
    found = tree(web, "zh-CN", "wang-ye")
    links = found.xpath("//nav[@class='contents']//a/@href")
    assert links == ["#start", "#middle", "#contents", "#end"]
    assert [heading.tag for heading in found.xpath("//*[self::h1 or self::h2 or self::h3]")] == [
        "h1",
        *["h2", "h2", "h2", "h3", "h2", "h2"],
    ]


def test_no_heading_skips_a_level(tmp_path):
    (tmp_path / "a.md").write_text(
        "# 一\n\n#### 二\n\n##### 三\n\n## 四\n\n#### 五\n\n#### 六\n\n### 七\n", encoding="utf-8"
    )
    build(Request(tmp_path / "a.md", tmp_path / "build", ("zh-CN",), ("html",), jobs=1))
    found = tree(tmp_path / "build", "zh-CN", "index").xpath("//article//*[starts-with(name(), 'h')]")
    assert [heading.tag for heading in found] == ["h1", "h2", "h3", "h2", "h3", "h3", "h3"]


def test_noncharacters_are_left_out(tmp_path):
    (tmp_path / "a.md").write_text("# 一\n\n甲\U0001fffe乙\ufdd0丙\n", encoding="utf-8")
    build(Request(tmp_path / "a.md", tmp_path / "build", ("zh-CN",), ("html",), jobs=1))
    assert "甲乙丙" in source(tmp_path / "build", "zh-CN", "a")


def test_notes_have_no_brackets_where_numbers_in_brackets_are_sources(tmp_path):
    files = {
        "refs.bib": "@book{a, title={甲}, author={甲}, date={2012}}\n",
        "01.md": "# 头\n\n文[@a]，又[^1]。\n\n[^1]: 注。\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    bare = ".noteref a::before,.noteref a::after{content:none}"
    for csl, expected in (("", True), ("csl: gb-t-7714-2025-author-date\n", False)):
        settings = f"title: 书\nlang: zh-CN\nslug: shu\nbibliography: refs.bib\neditions: {{zh-CN: {{}}}}\n{csl}"
        (tmp_path / "book.yaml").write_text(settings, encoding="utf-8")
        build(Request(tmp_path, tmp_path / "out", formats=("html",), jobs=1))
        css = (tmp_path / "out/zh-CN/html/assets/style.css").read_text(encoding="utf-8")
        assert (bare in css) is expected


@pytest.mark.parametrize(
    ("notes", "mark", "expected"),
    [("notes: margin\n", "", [True, True]), ("", "{.margin}", [True, False]), ("", "", [False, False])],
)
def test_notes_beside_the_text_have_a_script_that_comes_later_and_that_no_other_book_has(
    tmp_path, notes, mark, expected
):
    (tmp_path / "01.md").write_text(f"# 头\n\n文[^1]{mark}，又[^2]。\n\n[^1]: 注。\n[^2]: 二。\n", encoding="utf-8")
    settings = f"title: 书\nlang: zh-CN\nslug: shu\neditions: [zh-CN]\n{notes}"
    (tmp_path / "book.yaml").write_text(settings, encoding="utf-8")
    build(Request(tmp_path, tmp_path / "out", formats=("html",), jobs=1))
    folder = tmp_path / "out/zh-CN/html"
    page = (folder / "01.html").read_text(encoding="utf-8")
    assert [name == "note-text margin" for name in re.findall(r'<li id="fn-\w+" class="([^"]+)"', page)] == expected
    assert "margin.js" not in page
    assert (folder / "assets/margin.js").exists() is any(expected)
    assert ('load("margin")' in (folder / "assets/web.js").read_text(encoding="utf-8")) is any(expected)
    assert ("--notes" in (folder / "shu.html").read_text(encoding="utf-8")) is any(expected)


def test_the_search_brings_along_how_it_looks(web):
    folder = web / "zh-CN/html/assets"
    assert ".results" not in (folder / "style.css").read_text(encoding="utf-8")
    assert ".results li a{" in (folder / "search.js").read_text(encoding="utf-8")


def test_no_page_of_the_site_has_a_script_within_for_hosts_forbid_it(web):
    for page in PAGES:
        scripts = tree(web, "zh-CN", page).iter("script")
        assert all(one.get("src") or one.get("type") == "application/ld+json" for one in scripts)


SAID = """
title: 公园
subtitle: 一则报告
author: [甲, 乙]
date: 2026-03-04
description: 数了长椅。
rights: © 甲
url: https://books.example/park
"""
PAPER = """# 缘起

从[做法](#做法)说起。[^a]

[^a]: 一条注。

# 做法 {#做法}

数。

## 清点

十把。[^b]

[^b]: 又一条。
"""


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """Two articles, a paper of two chapters and a piece under its own title: the folder with their sites."""
    root = tmp_path_factory.mktemp("articles")
    piece = PAPER.replace("# 做法", "## 做法").replace("# 缘起", "# 公园")
    for name, said, text in (("paper", f"{SAID}form: article\n", PAPER), ("piece", SAID, piece)):
        (root / name).mkdir()
        (root / name / "book.yaml").write_text(said, encoding="utf-8")
        (root / name / "a.md").write_text(text, encoding="utf-8")
        build(Request(root / name, root / name / "out", editions=("zh-CN",), formats=("html",), jobs=1))
    return root


@pytest.mark.parametrize(
    ("name", "headings", "old"),
    [
        ("paper", ["h1 公园", "h2 缘起", "h2 做法", "h3 清点"], ["a-yuan-qi", "a-zuo-fa"]),
        ("piece", ["h1 公园", "h2 做法", "h2 清点"], ["a"]),
    ],
)
def test_an_article_opens_as_itself_and_its_chapters_addresses_lead_there(alone, name, headings, old):
    folder = alone / name / "out/zh-CN/html"
    assert {one.stem for one in folder.glob("*.html")} == {"index", name, *old}
    for page in (folder / "index.html", folder / f"{name}.html"):
        root = html.parse(str(page), parser=html.HTMLParser(encoding="utf-8")).getroot()
        [article] = root.iter("article")
        found = [f"{one.tag} {one.text_content()}" for one in article.iter("h1", "h2", "h3")]
        assert found == headings
        assert [one.text_content() for one in root.iter("h1")] == ["公园"]
        assert [one.text_content() for one in root.xpath("//*[@class='byline']/p")] == [
            "一则报告",
            "甲　乙 2026-03-04 ",
        ]
        assert [one.text_content().strip()[:3] for one in root.xpath("//li[@class='note-text']")] == [
            "一条注",
            "又一条",
        ]
        assert "© 甲" in root.text_content()
        ids = {one.get("id") for one in root.iter() if one.get("id")}
        fragments = {fragment for target, fragment in local_links(page) if target == page.resolve() and fragment}
        assert fragments
        assert fragments <= ids
        assert all(target.exists() for target, _ in local_links(page))
    assert "location.hash" in (folder / "assets/moved.js").read_text("utf-8")
    for one in old:
        said = (folder / f"{one}.html").read_text("utf-8")
        assert 'src="assets/moved.js"' in said
        assert 'content="0; url=index.html"' in said


def test_machines_and_the_search_are_told_of_an_article_as_one_page(alone):
    folder = alone / "paper/out/zh-CN/html"
    [said] = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', (folder / "index.html").read_text("utf-8")
    )
    assert '"@type": "Article"' in said
    assert (folder / "sitemap.xml").read_text("utf-8").count("<loc>") == 1
    assert (folder / "feed.xml").read_text("utf-8").count("<entry>") == 1
    searched = "".join(one.read_text("utf-8") for one in folder.rglob("*.js"))
    assert re.search(r'\[\["index", ?"公园"\]\]', searched)


def test_blanks_to_fill_in_hang_over_no_edge_and_a_task_within_a_task_is_set_in(tmp_path):
    (tmp_path / "a.md").write_text(
        "# 表\n\n姓名：<u>　　　</u>，<u>王</u>\n\n- [ ] 甲\n    - [x] 乙\n", encoding="utf-8"
    )
    build(Request(tmp_path / "a.md", tmp_path / "build", ("zh-CN",), ("html",), jobs=1))
    folder = tmp_path / "build/zh-CN/html"
    page, sheet = ((folder / name).read_text("utf-8") for name in ("index.html", "assets/style.css"))
    assert '<u class="blank">　　　</u>，<u>王</u>' in page
    assert ".blank{white-space:break-spaces}" in sheet
    assert ".task li.task{margin-inline-start:-.3em}" in sheet
