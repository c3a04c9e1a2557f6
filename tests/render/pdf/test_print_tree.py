"""A chapter's tree for print: literature, whose addresses part where they may, and notes beside raised numbers."""

from __future__ import annotations

import io
import re

import pypdfium2
import pytest
from lxml import etree
from PIL import Image

from publish.render import RenderContext
from publish.render.pdf import PdfRenderer
from publish.render.pdf.document import document
from publish.render.pdf.print_tree import ADDRESS_PARTS

BIB = """\
@online{a, title={甲}, author={甲}, url={https://a.example/b?c=d}, date={2012-01-16}}
"""
SETTINGS = "title: 书\nauthor: 甲\nlang: zh-CN\nbibliography: refs.bib\n"


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("https://a.example/b?c=d&e=f#g", "https://a. |example/ |b? |c= |d& |e= |f# |g"),
        ("10.1000/abc.def_ghi", "10.1000/ |abc. |def_ |ghi"),
        ("https://a.b/x-y~z/", "https://a. |b/ |x- |y~ |z/"),
        ("plain", "plain"),
    ],
)
def test_an_address_parts_behind_the_marks_that_join_its_pieces(address, parts):
    assert ADDRESS_PARTS.split(address) == parts.split(" |")


def printed(make_book, settings=SETTINGS):
    book = make_book(
        {"book.yaml": settings, "refs.bib": BIB, "a.md": "# 头\n\n文[@a]，又[@a][^1]。\n\n[^1]: 注。\n"}, ("zh-CN",)
    )
    return document(book.editions["zh-CN"])[0]


def test_in_print_the_number_of_an_entry_leads_back_and_its_address_may_break(make_book):
    html = printed(make_book)
    assert '<span class="whole">https://a.</span><wbr' in html
    assert "↑" not in html.partition("</head>")[2]
    back = r'<a class="backlink" href="#cite-a-1" role="doc-backlink" aria-label="[^"]*">\[1\]</a>'
    assert re.search(rf'<div class="csl-right-inline"><span class="csl-left-margin">{back}</span><wbr/>甲', html)


def test_without_a_number_the_first_words_lead_back(make_book):
    html = printed(make_book, f"{SETTINGS}csl: gb-t-7714-2025-author-date\n")
    assert "↑" not in html.partition("</head>")[2]
    assert re.search(r'class="csl-entry"[^>]*><a class="backlink" href="#cite-a-1"[^>]*>甲', html)


def test_notes_are_circled_where_numbers_in_brackets_are_sources(make_book):
    assert "@counter-style circled" in printed(make_book)
    assert "@counter-style circled" not in printed(make_book, f"{SETTINGS}csl: gb-t-7714-2025-author-date\n")


def test_stanzas_that_a_blank_line_parts_are_paragraphs(make_book):
    text = "# 诗\n\n春来*了*<br>\n夏来<br>\n <br>\n秋**来**<br>\n冬来<br>\n<br>\n<br>\n年来\n"
    html = document(make_book({"book.yaml": SETTINGS, "refs.bib": BIB, "a.md": text}, ("zh-CN",)).editions["zh-CN"])[0]
    found = re.findall(r'<p[^>]* class="lines[^"]*"[^>]*>(.*?)</p>|<p class="lines[^"]*">(.*?)</p>', html, re.DOTALL)
    stanzas = [re.sub(r"\s*<br\s*/?>\s*", "/", "".join(one)) for one in found]
    assert [re.sub("<[^>]+>", "", one) for one in stanzas] == ["春来了/夏来", "秋来/冬来", "年来"]


def test_lines_of_verse_are_paragraphs_and_a_short_stanza_stays_whole(make_book):
    lines = "\n".join(["| 甲*乙*", "| 丙", "|", *[f"| 行{n}" for n in range(6)]])
    files = {"book.yaml": "title: 书\nlang: zh-CN\nchapters: [a.md]\n", "a.md": f"# 头\n\n{lines}\n\n## 尾\n"}
    html = document(make_book(files, ("zh-CN",)).editions["zh-CN"])[0]
    verses = re.findall(r'<p class="(verse[^"]*)">(.*?)</p>', html)
    assert [re.sub("<[^>]+>", "", text) for _, text in verses] == ["甲乙", "丙", "", *[f"行{n}" for n in range(6)]]
    kept = [name.split()[-1] for name, _ in verses]
    assert kept == ["kept", "verse", "blank", "kept", "verse", "verse", "verse", "kept", "verse"]


@pytest.mark.parametrize(("last", "kept"), [("——某人", 4), ("行尾", 2)])
def test_a_stanza_of_four_lines_stays_whole_with_its_poet(make_book, last, kept):
    lines = "\n".join(["| 行一", "| 行二", "| 行三", "| 行四", f"| {last}"])
    files = {"book.yaml": "title: 书\nlang: zh-CN\nchapters: [a.md]\n", "a.md": f"# 头\n\n{lines}\n\n## 尾\n"}
    assert document(make_book(files, ("zh-CN",)).editions["zh-CN"])[0].count('class="verse kept"') == kept


def test_a_large_picture_amid_words_has_a_line_of_its_own_and_a_sign_stays_among_them(make_book):
    large, small = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (300, 400), "grey").save(large, "PNG")
    Image.new("RGB", (40, 40), "grey").save(small, "PNG")
    text = (
        "# 头\n\n1. 拌匀。![酱汁](images/a.png)\n2. 装盘。\n\n"
        "按![键](images/b.png)，再按![钮](images/a.png){width=1em}。\n\n"
        "![一张图](images/a.png)\n"
    )
    pictures = {"images/a.png": large.getvalue(), "images/b.png": small.getvalue()}
    book = make_book({"book.yaml": "title: 书\nlang: zh-CN\n", "a.md": text, **pictures}, ("zh-CN",))
    html = document(book.editions["zh-CN"])[0]
    apart = [one for one in re.findall(r"<img[^>]*>", html) if "apart" in one]
    assert len(apart) == 1
    assert 'alt="酱汁"' in apart[0]


def classes(make_book, text, files=()):
    """The classes of paragraphs, pictures and boxes in print, by their first words."""
    book = make_book({"book.yaml": "title: 书\nlang: zh-CN\n", "a.md": f"# 头\n\n{text}\n", **dict(files)}, ("zh-CN",))
    tree = etree.HTML(document(book.editions["zh-CN"])[0])
    return [
        ("".join(one.itertext()).strip()[:4], one.get("class"))
        for one in tree.xpath("//section[contains(@class, 'chapter')]//*[self::p or self::img or self::div][@class]")
    ]


def test_a_small_picture_amid_words_is_a_sign_of_their_height(make_book):
    data = io.BytesIO()
    Image.new("L", (40, 40)).save(data, "PNG")
    found = classes(
        make_book, "点 ![键](a.png) 开始。\n\n![图](a.png){width=2em} 点。", {"a.png": data.getvalue()}.items()
    )
    assert [kind for _, kind in found if kind] == ["sign"]


def test_formulas_in_paragraphs_of_their_own_are_known(make_book):
    found = classes(make_book, "见\n\n$$a=b$$\n\n$$c=d$$\n\n式 $$e$$ 后。\n")
    assert [kind for _, kind in found] == ["formula-alone", "formula-alone"]


def test_a_picture_with_a_width_in_html_is_so_wide_and_stands_by_itself_where_it_is_large(make_book):
    data = io.BytesIO()
    Image.new("L", (900, 500)).save(data, "PNG")
    text = 'x <img src="a.png" width="200"/> y\n\nz <img src="a.png" width="30"/> y\n\nw ![](a.png){width=2em} v'
    book = make_book({"book.yaml": "title: 书\nlang: zh-CN\n", "a.md": text, "a.png": data.getvalue()}, ("zh-CN",))
    tree = etree.HTML(document(book.editions["zh-CN"])[0])
    found = [(one.get("style"), one.get("class")) for one in tree.iter("img")]
    assert found == [("width:200px", "apart"), ("width:30px", None), ("width:2em", None)]


def test_a_list_counts_on_paper_as_it_does_on_the_web(make_book, tmp_path):
    text = (
        "# 头\n\n1. 甲\n2. 乙\n\n10. 丙\n11. 丁\n\n话。\n\n5. 戊\n    1. 内\n6. 己\n\n话。\n\n"
        "<ol reversed><li>庚</li><li>辛</li></ol>\n\n话。\n\n"
        '<ol reversed start="9"><li>壬</li><li value="3">癸</li></ol>\n'
    )
    book = make_book({"book.yaml": "title: 书\nlang: zh-CN\n", "a.md": text}, ("zh-CN",))
    PdfRenderer().render(book.editions["zh-CN"], RenderContext(tmp_path))
    [file] = tmp_path.glob("*.pdf")
    with pypdfium2.PdfDocument(file) as pdf:
        read = "".join(page.get_textpage().get_text_range() for page in pdf)
    # Behind the words, as it is read out of the file, stands what counts them.
    assert re.findall(r"(\d+)\.", read) == ["1", "2", "10", "11", "5", "1", "6", "2", "1", "9", "3"]


def test_a_figure_of_code_is_parted_as_code_is(make_book):
    lines = "\n".join(f"x{line} = {line}" for line in range(3))
    book = make_book(
        {
            "book.yaml": "title: 书\nauthor: 甲\nlang: zh-CN\n",
            "a.md": f"# 头\n\n见 @fig-x。\n\n::: {{#fig-x}}\n```r\n{lines}\n```\n\n题。\n:::\n",
        },
        ("zh-CN",),
    )
    html, _ = document(book.editions["zh-CN"])
    assert re.findall(r'<figure[^>]*class="([^"]*)"', html) == ["of-code"]
