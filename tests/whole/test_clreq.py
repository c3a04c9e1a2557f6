"""The public list of gaps in Chinese layout (typst-doc-cn/clreq): one small book set once, and a test for each gap.

docs/clreq.md has a row for each gap, which names the test; `test_each_row_names_its_test` holds them together.
"""

from __future__ import annotations

import re
import sys
import zipfile
from types import SimpleNamespace

import pikepdf
import pypdfium2
import pytest

from publish.check.pdf.read import read_pdf
from publish.weasy.layout import lay_out
from tests.printed import copied, lines
from tests.tiny import ROOT, make, picture, write_book

THIS = sys.modules[__name__]
PAGE = ROOT / "docs/clreq.md"
EM = 10.5
TEXT = """\
# 行 {#sec:lines}

我说：“T’Pol是‘假的’人。”

行末的葛\U000e0100字行末的葛\U000e0100字行末的葛\U000e0100字行末的葛\U000e0100字行末的葛\U000e0100字行末的葛\U000e0100字行末的葛\U000e0100字。

"掌柜说，'还欠钱！'到了端午又说'还欠钱！'到中秋却没有说。"

噫**）**。嘘[）](https://example.org/home#讨论)．[唏）]{.dot}[。](#sec:lines)甲。

[总票房]{.underline}500亿，[中文和English]{.underline}。

代码`code`旁边，公式$A$旁边。

《新生》的出版之期近了，于是又等了一年，再等了一年，然后就不再等了。

段首该缩进

$$ \\int f \\, dx $$

此处仍在段内。

句[@sec:lines]。[@sec:lines]。句

<ruby>彷徨<rt>páng huáng</rt></ruby>着。

**勇踏**前人未至之境。水H~2~O与x^2^。

测试一下，
换行怎么样。

%DASHES%

%POINTS%

天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜金生丽水玉出昆冈。

软件，「設置」。他說，「這是極好的。」完

## 一段很长的标题怎样才能在恰当的地方转到下一行去而且不把词语拆开 {#sec:small}

见 @sec:small、@sec:lines。

![图\\
A figure](images/dot.png){#fig:a}

图后的段落。

- 项
- 项

列表后的段落。
"""
# A dash and a point of a name at each place near the end of a line of 29 characters.
DASHES = "\n\n".join(f"{'娜拉走后怎样' * 4}{'走' * n}——别人可是也发表过意见的。" for n in range(5))
POINTS = "\n\n".join(f"{'请看这位先生' * 4}{'看' * n}阿加莎·克里斯蒂。" for n in range(3))
TEXT = TEXT.replace("%DASHES%", DASHES).replace("%POINTS%", POINTS)
LITERATURE = """\
# 文献

两篇[@a; @b]，三篇[@a; @b; @c]，带页[@a, 第 260 页]，见文献[@b]{.baseline}，又见[文献 [@a; @c]]{.baseline}。
英文[@en]，中文[@zh]。标准[@std]，断页[@pg]，卷[@vol]。

## 参考文献 {.unnumbered}

::: {#refs}
:::
"""
CODE = """\
# 一、标题

```
let a = "汉字"
```

$$ f(x) = y \\text{（定义8）} $$
"""
SOURCES = """\
@book{a, title={甲书}, author={赵一}, year={2001}, publisher={甲社}, address={北京}, langid={chinese}}
@book{b, title={乙书}, author={钱二}, year={2002}, publisher={乙社}, address={上海}, langid={chinese}}
@book{c, title={丙书}, author={孙三}, year={2003}, publisher={丙社}, address={广州}, langid={chinese}}
@article{en, title={On Lines}, author={Able, Ann and Baker, Bob and Cole, Cy and Dunn, Di}, journaltitle={Lines},
  date={2020}, volume={4}, number={2}, pages={111--117}, langid={english}}
@article{zh, title={论行}, author={李一 and 周二 and 吴三 and 郑四}, journaltitle={行学刊}, date={2020}, volume={4},
  number={2}, pages={111--117}, langid={chinese}}
@standard{std, title={排版用语}, author={{某标准局}}, date={2022-08}, number={GB/T 00001—2022}, publisher={某出版社},
  location={北京}, langid={chinese}}
@phdthesis{pg, title={断页的学问}, author={王五}, year={2010}, school={某大学}, address={某地}, pages={1--3, 5},
  langid={chinese}}
@book{vol, title={旧闻}, author={陈六}, volume={第2卷}, year={1958}, publisher={某社}, address={北京}, langid={chinese}}
"""
SETTINGS = """\
title: 考卷
author: 试者
lang: zh-CN
slug: exam
number-sections: true
bibliography: refs.bib
editions: [zh-CN, zh-TW]
chapters: [01.md, 02.md, 03.md]
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """The exam's book: lines and text of each PDF, pages of the web and of the EPUB."""
    folder = tmp_path_factory.mktemp("clreq")
    files = {"book.yaml": SETTINGS, "01.md": TEXT, "02.md": LITERATURE, "03.md": CODE, "refs.bib": SOURCES}
    write_book(folder / "source", {**files, "images/dot.png": picture(), "images/cover.png": None})
    make(folder / "source", folder / "out", "pdf", "html", "epub")
    return SimpleNamespace(cn=edition(folder / "out/zh-CN"), tw=edition(folder / "out/zh-TW"))


def edition(folder):
    """What an edition's files show."""
    [pdf] = folder.glob("*.pdf")
    with zipfile.ZipFile(next(folder.glob("*.epub"))) as epub:
        names = [name for name in epub.namelist() if name.endswith((".xhtml", ".css"))]
        pages = {name: epub.read(name).decode() for name in names}
    return SimpleNamespace(
        pdf=pdf,
        pages=[lines(pdf, page) for page in range(len(read_pdf(pdf).pages))],
        read=read_pdf(pdf),
        text=re.sub(r"\s", "", copied(pdf)),
        web="\n".join(path.read_text("utf-8") for path in sorted((folder / "html").glob("0*.html"))),
        web_style=(folder / "html/assets/style.css").read_text("utf-8"),
        epub="\n".join(pages.values()),
        epub_style=next(text for name, text in pages.items() if name.endswith(".css")),
    )


def every(made):
    """All lines of a PDF."""
    return [line for page in made.pages for line in page]


def said(line):
    """A line's text without spaces: none is in the text where Han meet letters."""
    return re.sub(r"\s", "", line.text)


def found(made, words):
    """The first line that has these words."""
    return next(line for line in every(made) if words in said(line))


def indent(made, words):
    """How far a line is indented on its page, in em."""
    number = next(n for n, page in enumerate(made.pages) if any(words in said(line) for line in page))
    same = [line for page in made.pages[number % 2 :: 2] for line in page if len(line.glyphs) > 10]  # left, or right
    edge = min(line.glyphs[0].left for line in same if line.glyphs[0].size == EM)
    return (found(made, words).glyphs[0].left - edge) / EM


def ink(made, words, char):
    """Where in its cell the ink of a character stands on a line: from and to in em from its origin, for each."""
    number = next(n for n, page in enumerate(made.pages) if any(words in said(line) for line in page))
    line = found(made, words)
    with pypdfium2.PdfDocument(made.pdf) as pdf:
        dots = pdf[number].render(scale=8).to_pil().convert("L")
    return [_ink(dots, glyph) for glyph in line.glyphs if glyph.char == char]


def _ink(dots, glyph):
    left, width = round(glyph.left * 8), round(glyph.size * 8)
    top, bottom = (dots.height - round((glyph.baseline + part * glyph.size) * 8) for part in (0.85, -0.1))
    cell = dots.crop((left, top, left + width, bottom)).point(lambda grey: 255 * (grey < 128))
    box = cell.getbbox()
    return box[0] / width, box[2] / width


def line_under(made, words):
    """From where to where a line is drawn below the baseline of a line of text, in points."""
    number = next(n for n, page in enumerate(made.pages) if any(words in said(line) for line in page))
    line = found(made, words)
    with pypdfium2.PdfDocument(made.pdf) as pdf:
        dots = pdf[number].render(scale=8).to_pil().convert("L")
    row = dots.height - round((line.baseline - 0.185 * EM) * 8)
    dark = [x for x in range(dots.width) if dots.getpixel((x, row)) < 128]
    return [x / 8 for x in dark]


# --- Broken


def test_numbers_of_sources_stand_above_the_line_or_on_it(book):
    on, above = found(book.cn, "见文献[2]"), found(book.cn, "[1-2]")
    assert {glyph.size for glyph in on.glyphs} == {EM}
    assert {round(glyph.size / EM, 1) for glyph in above.glyphs} == {0.7}
    assert above.baseline > on.baseline
    assert re.search(r"见文献<[^>]*><[^>]*>\[<a", book.cn.web)
    assert "又见文献[1,3]。" in said(on)


def test_more_authors_are_named_in_the_language_of_their_source(book):
    for made in (book.cn.text, book.cn.web, book.cn.epub):
        assert re.search(r"Cole\s?C(</span>)?，(<span class=\"words\">)?et\s?al\.", made)
        assert "吴三，等." in re.sub("<[^>]+>", "", made)


def test_a_reference_has_the_number_before_the_kind(book):
    for made in (book.cn.text, re.sub("<[^>]+>| ", "", book.cn.web), re.sub("<[^>]+>| ", "", book.cn.epub)):
        assert "见第1.1节、第一章。" in made


# --- Basic


def test_marks_that_both_writings_have_are_chinese_but_for_apostrophes(book):
    line = found(book.cn, "我说")
    assert line.gap("“", "T") == pytest.approx(1, abs=0.01)
    assert line.gap("’", "P") < 0.51
    assert 'class="apostrophe"' in book.cn.web


def test_raised_and_lowered_letters_have_their_size_from_the_style_sheet(book):
    glyphs = next(page.glyphs for page in book.cn.read.pages if any(one.text == "踏" for one in page.glyphs))
    assert [round(one.size / EM, 2) for one in glyphs if one.text == "2"] == [0.7, 0.7]


def test_marks_between_elements_are_those_of_the_region(book):
    for made, place in ((book.cn, 0.1), (book.tw, 0.4)):
        starts = [left for left, _ in ink(made, "句第一章", "。")]
        assert starts == pytest.approx([place, place], abs=0.09)
    assert {font.name[:17] for font in book.tw.read.fonts if "Serif" in font.name} == {"Noto-Serif-CJK-TC"}


def test_bold_is_a_face_and_none_is_made_up(book):
    fonts = book.cn.read.fonts
    bold = {fonts[glyph.font].name for page in book.cn.read.pages for glyph in page.glyphs if glyph.text == "踏"}
    assert bold == {"Noto-Serif-CJK-SC-Bold"}


def test_addresses_of_links_are_ascii(book):
    with pikepdf.open(book.cn.pdf) as pdf:
        links = [one.A.get("/URI") for page in pdf.pages for one in page.obj.get("/Annots", []) if "/A" in one]
    assert [str(one) for one in links if one] == ["https://example.org/home#%E8%AE%A8%E8%AE%BA"]


def test_a_dash_is_two_em_and_does_not_hang(book):
    dashes = [(page, line) for page in book.cn.pages for line in page if "——" in line.text]
    assert len(dashes) == 5
    for page, line in dashes:
        edge = max(one.glyphs[-1].right for one in page if one.text[-1] in "走别")
        first = next(at for at, glyph in enumerate(line.glyphs) if glyph.char == "—")
        assert line.glyphs[first].left + 2 * EM < edge + 0.3
        if line.glyphs[first + 2 :]:
            assert line.glyphs[first + 2].left - line.glyphs[first].left == pytest.approx(2 * EM, abs=0.3)


def test_a_sentence_that_goes_on_behind_a_block_is_not_indented_and_a_new_paragraph_is(book):
    assert indent(book.cn, "此处仍在段内") == pytest.approx(0, abs=0.01)
    assert indent(book.cn, "图后的段落") == pytest.approx(2, abs=0.01)
    assert indent(book.cn, "列表后的段落") == pytest.approx(2, abs=0.01)
    for made in (book.cn.web, book.cn.epub):
        assert re.search(r'class="continued"[^>]*>此处', made)


def test_marks_are_set_tight_whatever_elements_they_stand_in(book):
    line = found(book.cn, "噫）。嘘）．唏）。甲")
    for pair in ("）。", "）．", "）。"):
        assert line.gap(*pair) == pytest.approx(0.51, abs=0.01)


def test_marks_in_the_middle_of_their_cell_give_no_half_of_it(book):
    line = found(book.tw, "他說，「")
    assert line.gap("，", "「") == pytest.approx(0.51, abs=0.01)
    assert line.gap("。", "」") == pytest.approx(1, abs=0.01)


def test_lines_are_far_enough_apart_for_han(book):
    first, second = found(book.cn, "《新生》"), found(book.cn, "后就不再等了")
    assert 1.6 < (first.baseline - second.baseline) / EM < 1.9
    assert "line-height:var(--leading,1.85)" in book.cn.web_style


def test_nothing_is_put_between_a_number_that_the_author_wrote_and_the_title(book):
    line = found(book.cn, "一、标题")
    assert line.gap("、", "标") <= 1.01


def test_two_numbers_that_follow_are_a_range(book):
    for made in (book.cn.text, re.sub("<[^>]+>", "", book.cn.web), re.sub("<[^>]+>", "", book.cn.epub)):
        assert "两篇[1-2]，三篇[1-3]" in made


def test_pages_that_do_not_follow_keep_their_comma(book):
    assert "2010：1-3，5." in book.cn.text


def test_a_standard_is_one(book):
    assert "排版用语[S]" in book.cn.text


# --- Advanced


def test_no_glyph_is_of_a_face_that_nobody_named(book):
    for made, region in ((book.cn, "SC"), (book.tw, "TC")):
        assert all(re.fullmatch(rf"Noto-(Serif|Sans|Sans-Mono)-CJK-{region}.*", one.name) for one in made.read.fonts)
        assert not [glyph for page in made.read.pages for glyph in page.glyphs if glyph.missing]


def test_han_in_code_are_of_the_region(book):
    fonts = book.cn.read.fonts
    code = {
        fonts[glyph.font].name
        for page in book.cn.read.pages
        for glyph in page.glyphs
        if glyph.text == "汉" and glyph.tag.role == "Code"
    }
    assert all("Mono-CJK-SC" in name for name in code)
    assert "let a" in book.cn.text.replace("leta", "let a")


def test_han_in_a_formula_are_of_the_body(book):
    assert "定义" in book.cn.text
    assert re.search(r"<mtext[^>]*>[^<]*定义8[^<]*</mtext>", book.cn.epub)


def test_what_says_which_form_is_meant_stays_with_its_character(book):
    for line in every(book.cn):
        assert not re.match("[\U000e0100-\U000e01ef]", line.text)
    assert "葛\U000e0100" in book.cn.web
    places = [glyph.left for glyph in found(book.cn, "行末的葛").glyphs if glyph.char in "葛字"]
    assert places[1] - places[0] == pytest.approx(EM, abs=0.2)


def test_straight_quotes_between_han_are_made_pairs(book):
    assert "“掌柜说，‘还欠钱！’到了端午又说‘还欠钱！’到中秋却没有说。”" in book.cn.text
    assert "「掌櫃說，『還欠錢！』到了端午又說『還欠錢！』到中秋卻沒有說。」" in book.tw.text


def test_a_line_under_han_and_letters_is_one_and_straight(book):
    line = found(book.cn, "中文和English")
    first, last = (next(glyph for glyph in line.glyphs if glyph.char == char) for char in "中h")
    dark = [x for x in line_under(book.cn, "中文和English") if first.left < x < last.right - 1]
    assert len(dark) > 0.98 * 8 * (last.right - 1 - first.left)


def test_a_line_under_text_ends_where_its_text_ends(book):
    line = found(book.cn, "总票房500亿")
    last = next(glyph for glyph in line.glyphs if glyph.char == "房")
    five = next(glyph for glyph in line.glyphs if glyph.char == "5")
    dark = line_under(book.cn, "总票房500亿")
    assert not [x for x in dark if last.left + EM + 0.3 < x < five.right]
    assert [x for x in dark if last.left + EM - 0.6 < x < last.left + EM]


def test_readings_stand_above_and_are_ruby(book):
    page = next(page for page in book.cn.pages if any("彷" in line.text for line in page))
    base, reading = (next(line for line in page if words in said(line)) for words in ("彷徨", "pánghuáng"))
    assert reading.baseline - base.baseline > 0.8 * EM
    assert reading.glyphs[0].size < 0.6 * EM
    for made in (book.cn.web, book.cn.epub):
        assert re.search(r"<ruby>彷徨(<rp>.</rp>)?<rt>páng huáng</rt>", made)


def test_no_line_begins_with_a_point_of_a_name(book):
    assert not [line.text for line in every(book.cn) if line.text.lstrip().startswith(("·", "‧"))]
    assert len([line for line in every(book.cn) if "莎·克" in line.text]) == 3


def test_lines_of_a_title_end_between_words(book):
    lines_of = [said(line) for line in every(book.cn) if line.glyphs[0].size > 1.2 * EM and len(line.glyphs) > 8]
    assert lines_of[:2] == ["1.1一段很长的标题怎样才能在恰当的", "地方转到下一行去而且不把词语拆开"]


def test_lines_are_whole_characters_long_and_stand_on_one_grid(book):
    above, below = found(book.cn, "天地玄黄"), found(book.cn, "列张寒来")
    assert len(above.glyphs) == 27  # of 29, behind an indent of two
    places = [glyph.left for glyph in below.glyphs]
    assert all(any(abs(one.left - place) < 0.15 for place in places) for one in above.glyphs[: len(places) - 2])


def test_an_opening_mark_that_begins_a_paragraph_has_its_whole_cell(book):
    line = found(book.cn, "《新生》")
    assert indent(book.cn, "《新生》") == pytest.approx(2, abs=0.01)
    assert line.gap("《", "新") == pytest.approx(1, abs=0.02)


def test_code_and_formulas_have_the_gap_of_western_words(book):
    line = found(book.cn, "代码code旁边")
    assert 1.15 < line.gap("码", "c") < 1.5
    formula = line.gap("式", "旁")
    assert formula > 1.9  # the formula between two gaps
    assert "math{margin-inline:.125em}" in book.cn.web_style


def test_sources_have_their_pages(book):
    assert "带页[1]260" in book.cn.text


def test_a_volume_in_words_has_no_word_added(book):
    for made in (book.cn.text, re.sub("<[^>]+>| ", "", book.cn.epub)):
        assert "旧闻：第2卷[M]" in made


def test_a_line_end_in_the_source_is_no_space(book):
    for made in (book.cn.text, book.cn.web, book.cn.epub):
        assert "测试一下，换行怎么样。" in made


def test_spaced_letters_keep_their_distance_across_markup():
    html = "<p style='letter-spacing: .25em; font: 10.5pt \"Noto Serif CJK SC\"'><b>勇踏</b>前人未至之境</p>"
    [line] = lines(lay_out(f'<html lang="zh-CN"><body>{html}</body></html>', {}).write_pdf())
    gaps = [line.gap(*pair) for pair in ("勇踏", "踏前", "前人")]
    assert gaps == pytest.approx([1.25, 1.25, 1.25], abs=0.01)


def test_a_caption_may_have_a_line_in_another_language(book):
    first, second = found(book.cn, "图1-1图"), found(book.cn, "Afigure")
    assert 0 < first.baseline - second.baseline < 2 * EM


def test_each_row_of_the_page_names_its_test():
    rows = re.findall(r"^\| (broken|basic|advanced) \|.*\| (`?[^|]*`?) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    levels = [level for level, _ in rows]
    assert (levels.count("broken"), levels.count("basic"), levels.count("advanced")) == (3, 16, 34)
    named = [name for _, cell in rows for name in re.findall(r"`(?:([\w/.]+)::)?(test_\w+)`", cell)]
    for file, name in named:
        source = (ROOT / (file or "tests/whole/test_clreq.py")).read_text("utf-8")
        assert f"def {name}(" in source, name
    own = {name for name in vars(THIS) if name.startswith("test_")} - {"test_each_row_of_the_page_names_its_test"}
    assert own <= {name for file, name in named if not file}
