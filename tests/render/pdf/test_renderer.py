"""PDFs: what they say of themselves, where bookmarks and page numbers lead, their fonts, notes and text."""

from __future__ import annotations

import io
import json
import re
from collections import Counter

import pikepdf
import pypdfium2
import pytest

from publish.edition.derive import derive
from publish.edition.markup import xhtml
from publish.edition.markup.prune import prune
from publish.edition.markup.xhtml import ids, parse
from publish.render import RenderContext
from publish.render.pdf import PdfRenderer
from publish.render.pdf.document import document
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project
from publish.weasy.layout import lay_out
from tests.tiny import SETTINGS, make, picture, write_book

GLYPHS = {"zh-CN": "SC", "zh-TW": "TC", "zh-HK": "HK"}
PARAGRAPH = "他的头发在网络里长得很快，一直长到了第二天的早上。"
PLACES = """\
# 头发 {#hair}

一段。[一处]{#spot} 有注。[^1]

[^1]: 注里[也有]{#in-note}。

## 小节 {#section}

::: {#box}
框里一段。
:::

- [甲]{#item}

| 表头 |
|:--|
| [格]{#cell} |

: 表一 {#tbl-one}

![图](dot.png){#fig-one}

```{.python #code}
print()
```

> [引文]{#quoted}

$$x$$ {#eq}
"""
FIRST = """\
# 头发[^head] {#hair}

他的头**发**，在“网络”里。[^1] 见[第二章](02.md#second)。公式 $E=mc^2$ 与

$$\\sum_{i=1}^n i$$

[^head]: 标题里的注，不在目录里。
[^1]: 首页的注，有`代码`。

    - 注里的一项

![一张图](images/dot.png){#fig-dot}

""" + "".join(
    f"## 小节之{name}\n\n{PARAGRAPH * 14}[^n{number}]\n\n{PARAGRAPH * 3}\n\n[^n{number}]: 小节{name}的注。\n\n"
    for number, name in enumerate("甲乙丙丁戊")
)
SECOND = """\
# 软件 {#second}

第二章，回[图](01.md#fig-dot)。

::: {.only format="pdf"}
只在纸上。
:::

::: {.only format="epub"}
不在纸上。
:::
"""
BOOK = SETTINGS.replace("cover-image: images/cover.png\n", "") + "number-sections: true\n"


def pictures(page):
    """How many images a page has (`Page.images` is going, and older versions of pikepdf have nothing else)."""
    return sum(one.get("/Subtype") == "/Image" for one in page.resources.get("/XObject", {}).values())


class Pdf:
    """A PDF with the text of its pages."""

    def __init__(self, path, pages):
        self.file = pikepdf.open(path)
        self.data = path.read_bytes()
        document = pypdfium2.PdfDocument(path)
        self.pages = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
        document.close()
        assert len(self.pages) == pages

    @property
    def plain(self):
        return ["".join(page.split()) for page in self.pages]

    def bookmarks(self):
        """(depth, title, page from 0) of each bookmark in order."""
        numbers = {page.objgen: number for number, page in enumerate(self.file.pages)}
        rows = []

        def walk(items, depth):
            for item in items:
                rows.append((depth, " ".join(item.title.split()), numbers[item.destination[0].objgen]))
                walk(item.children, depth + 1)

        with self.file.open_outline() as outline:
            walk(outline.root, 0)
        return rows

    def fonts(self):
        """The fonts of all pages by name, each with its descriptor."""
        found = {}
        for page in self.file.pages:
            for font in page.resources.get("/Font", {}).values():
                inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
                found[str(font.BaseFont)] = inner.get("/FontDescriptor")
        return found


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pdf")
    book = write_book(folder / "book", {"book.yaml": BOOK, "01.md": FIRST, "02.md": SECOND})
    return folder, make(book, folder / "out", "pdf")


@pytest.fixture(scope="module")
def pdfs(built):
    folder, _ = built
    rows = json.loads((folder / "out/manifest.json").read_text(encoding="utf-8"))["editions"]
    return {key: Pdf(folder / f"out/{key}/tiny.pdf", row["pages"]) for key, row in rows.items()}


def test_it_says_its_title_author_and_language(pdfs):
    for key, (title, author, tag) in {
        "zh-CN": ("小书", "张三", "zh-Hans-CN"),
        "zh-TW": ("小書", "張三", "zh-Hant-TW"),
        "zh-HK": ("小書", "張三", "zh-Hant-HK"),
    }.items():
        file = pdfs[key].file
        assert (str(file.docinfo.Title), str(file.docinfo.Author)) == (title, author)
        assert str(file.Root.Lang) == tag
        assert file.Root.ViewerPreferences.DisplayDocTitle
        assert file.Root.MarkInfo.Marked


def test_bookmarks_are_nested_and_lead_to_their_headings(pdfs):
    pdf = pdfs["zh-CN"]
    rows = pdf.bookmarks()
    titles = [title for _, title, _ in rows]
    assert titles[:3] == ["目录", "第一章 头发", "1.1 小节之甲"]
    assert titles[-1] == "第二章 软件"
    depths = {title: depth for depth, title, _ in rows}
    assert depths["1.1 小节之甲"] == depths["第一章 头发"] + 1
    for _, title, page in rows:
        assert title.split()[-1] in pdf.plain[page], title


def test_the_page_numbers_of_the_contents_are_true(pdfs):
    for pdf in pdfs.values():
        rows = pdf.bookmarks()
        contents = " ".join(pdf.pages[rows[0][2]].split())
        found = 0
        for _, title, page in rows[1:]:
            name = r"\s*".join(map(re.escape, "".join(title.split())))
            printed = re.search(rf"{name}\s*[·.…．\s]*(\d+)(?!\d)", contents)
            assert printed, f"{title} is not in the contents"
            lines = pdf.pages[page].split()
            blank = not any(line.isdigit() for line in lines)  # a part's own page has no folio
            assert blank or printed[1] in (lines[0], lines[-1]), f"{title}: {printed[1]}"
            found += not blank
        assert found == 7


def test_chapters_begin_on_pages_of_their_own(pdfs):
    rows = {title: page for _, title, page in pdfs["zh-CN"].bookmarks()}
    assert pdfs["zh-CN"].plain[rows["第二章 软件"]].startswith("第二章软件")


def test_all_fonts_are_embedded_and_of_the_editions_region(pdfs):
    for key, pdf in pdfs.items():
        fonts = pdf.fonts()
        assert fonts
        for name, descriptor in fonts.items():
            assert any(part in descriptor for part in ("/FontFile", "/FontFile2", "/FontFile3")), name
            assert re.match(r"/[A-Z]{6}\+", name), "a subset"
            if "CJK" in name:
                assert f"-{GLYPHS[key]}" in name, f"{name} in {key}"


def test_notes_stand_at_the_foot_of_the_page_that_calls_them(pdfs):
    pages = pdfs["zh-CN"].plain
    for note, text in {"标题里的注": "他的头发，在“网络”里。", "首页的注": "他的头发，在“网络”里。"}.items():
        [page] = [page for page in pages if note in page]
        assert text in page
        assert page.index(text) < page.index(note)
    calls = [re.search(rf"{re.escape(PARAGRAPH)}\[(\d)\]", page) for page in pages]
    for number, name in enumerate("甲乙丙丁戊", 3):
        [page] = [page for page in pages if f"小节{name}的注" in page]
        assert f"[{number}]小节{name}的注" in page
        assert f"。[{number}]" in page.partition(f"小节{name}的注")[0]
    assert sum(call is not None for call in calls) >= 4


def test_formulas_are_drawn_and_nothing_is_amiss(built, pdfs):
    _, report = built
    assert "E=mc^2" not in "".join(pdfs["zh-CN"].plain)
    assert not report.findings


def test_no_character_of_the_text_is_lost(built, pdfs, tmp_path):
    folder, _ = built
    project = read_project(folder / "book")
    manuscript = read_manuscript(project)
    for edition in project.editions:
        publication = derive(project, manuscript, edition, tmp_path / edition.key)
        words = []
        for chapter in publication.chapters:
            tree = prune(xhtml.read(chapter.xhtml), "pdf")
            for math in list(tree.iter(f"{{{xhtml.MATHML}}}math")):
                xhtml.remove(math)  # printed as TeX
            words += [
                xhtml.plain(block)
                for block in tree.iter(*(f"{xhtml.H}{name}" for name in ("p", "li", "h1", "h2", "figcaption")))
            ]
        wanted = Counter(char for char in "".join(words) if not char.isspace())
        printed = Counter("".join(pdfs[edition.key].plain))
        lost = {char: count - printed[char] for char, count in wanted.items() if printed[char] < count}
        assert not lost
        joined = "".join(pdfs[edition.key].plain)
        assert "只在紙上" in joined or "只在纸上" in joined
        assert not re.search("不在[纸紙]上", joined)


def test_a_cover_image_and_metadata_of_the_format_are_the_pdfs(tmp_path):
    settings = BOOK.replace("editions: [zh-CN, zh-TW, zh-HK]", "editions: {zh-CN: {pdf: {identifier: 9787302511645}}}")
    files = {"book.yaml": settings + "cover-image: images/cover.png\n", "images/cover.png": picture()}
    make(write_book(tmp_path / "book", files), tmp_path / "out", "pdf")
    with pikepdf.open(tmp_path / "out/zh-CN/tiny.pdf") as file:
        assert pictures(file.pages[0]) >= 1
        text = pypdfium2.PdfDocument(tmp_path / "out/zh-CN/tiny.pdf")
        assert "9787302511645" in "".join(text[number].get_textpage().get_text_bounded() for number in range(6))
        text.close()


def test_a_layout_fetches_nothing_but_the_books_own_files(tmp_path):
    secret = tmp_path / "secret.png"
    secret.write_bytes(picture())
    addresses = (secret.as_uri(), "https://a.example/x.png", "images/x.png")
    html = "<p>甲</p>" + "".join(f'<img src="{address}">' for address in addresses)
    pages = lay_out(html, {"images/x.png": secret})
    with pikepdf.open(io.BytesIO(pages.write_pdf())) as file:
        assert pictures(file.pages[0]) == 1


def test_ordered_lists_have_the_numbers_that_they_were_given(tmp_path):
    text = "# 一\n\n7. 甲\n8. 乙\n\n文。[^1]\n\na. 丙\nb. 丁\n\n[^1]:\n    1. 戊\n    2. 己\n"
    make(
        write_book(tmp_path / "book", {"01.md": text, "02.md": "# 二\n\n文。\n"}),
        tmp_path / "out",
        "pdf",
        editions=("zh-CN",),
    )
    with pypdfium2.PdfDocument(tmp_path / "out/zh-CN/tiny.pdf") as document:
        shown = "".join("".join(page.get_textpage().get_text_bounded() for page in document).split())
    assert re.findall(r"[78ab12]\.", shown) == ["7.", "8.", "a.", "b.", "1.", "2."]


def test_every_id_is_a_named_destination_on_the_page_of_its_place(make_book, tmp_path):
    book = make_book({"a.md": f"---\ntitle: 书\nauthor: 甲\n---\n\n{PLACES}", "dot.png": picture()}, ("zh-TW",))
    publication = book.editions["zh-TW"]
    html, _ = document(publication)
    PdfRenderer().render(publication, RenderContext(tmp_path / "pdf"))
    [file] = (tmp_path / "pdf").glob("*.pdf")
    with pikepdf.open(file) as pdf:
        names = pikepdf.NameTree(pdf.Root.Names.Dests)
        wanted = {name for name in ids(parse(html, soup=True)) if not name.startswith("-")}
        assert {"hair", "spot", "in-note", "section", "box", "item", "cell", "tbl-one", "fig-one", "code"} <= wanted
        assert wanted - set(names.keys()) == set()
        pages = [page.obj for page in pdf.pages]
        assert all(names[name][0] in pages for name in wanted)


ARTICLE = """\
---
title: 一篇文章
subtitle: 副题
author: [张三, 李四]
date: 2026-11-30
source: https://a.example/1
editions: zh-TW
{more}---

{heading}软件里的头发。
"""


@pytest.mark.parametrize("heading", ["", "# 一篇文章\n\n"])
def test_an_article_begins_with_its_title_its_authors_and_its_text(tmp_path, heading):
    source = tmp_path / "a.md"
    source.write_text(ARTICLE.format(more="colophon: {日期: 秋}\n", heading=heading), encoding="utf-8")
    make(source, tmp_path / "out", "pdf")
    file = pypdfium2.PdfDocument(tmp_path / "out/zh-TW/a.pdf")
    assert len(file) == 1
    assert file.get_page_label(0) == "1"
    lines = file[0].get_textpage().get_text_bounded().split()
    assert lines[:6] == ["一篇文章", "副題", "張三", "李四", "2026-11-30", "軟件裡的頭髮。"]
    assert lines[6:8] == ["日期：秋", "原文：https://a.example/1"]  # a row of the author's own is no byline's
    file.close()


def test_the_chapters_of_an_article_run_on_and_its_notes_count_through(tmp_path):
    source = tmp_path / "a.md"
    text = "---\ntitle: 河\nlang: zh-CN\neditions: [zh-CN]\nform: article\n---\n\n"
    text += "\n\n".join(f"# {one}\n\n风从河上来。[^{one}]" for one in "上中下")
    source.write_text(text + "".join(f"\n\n[^{one}]: 见{one}。" for one in "上中下"), encoding="utf-8")
    make(source, tmp_path / "out", "pdf")
    with pypdfium2.PdfDocument(tmp_path / "out/zh-CN/a.pdf") as file:
        assert len(file) == 1
        shown = file[0].get_textpage().get_text_bounded()
    assert re.findall(r"\[(\d)\] ?见(.)", shown) == [("1", "上"), ("2", "中"), ("3", "下")]


@pytest.mark.parametrize(
    ("more", "heading", "title_page"),
    [
        ("", "", False),
        ("form: book\n", "", True),
        ("", "# 上\n\n文。\n\n# 下\n\n", True),  # two chapters
        ("form: article\n", "# 上\n\n文。\n\n# 下\n\n", False),
        ("cover-image: c.png\n", "", True),
    ],
)
def test_what_is_an_article_shows_by_its_chapters_unless_it_says_so(tmp_path, more, heading, title_page):
    (tmp_path / "c.png").write_bytes(picture())
    source = tmp_path / "a.md"
    source.write_text(ARTICLE.format(more=more, heading=heading), encoding="utf-8")
    project = read_project(source)
    publication = derive(project, read_manuscript(project), project.editions[0], tmp_path)
    html, _ = document(publication)
    assert ('class="title-page' in html) is title_page
    assert ('class="article-byline"' in html) is not title_page
    named = [one.strip() for one in re.findall(r"<(?:h1|p class=.title.)[^>]*>(.*?)</", html, re.DOTALL)]
    assert "一篇文章" in named  # whatever its chapters are called
