"""Figures that do not fit on what is left of a page: the paragraphs behind them move up."""

from __future__ import annotations

import pypdfium2
import pytest
from PIL import Image
from weasyprint import HTML
from weasyprint.formatting_structure.boxes import BlockBox

from publish.weasy import figures
from publish.weasy.layout import lay_out
from tests.tiny import make

LINE = "老桥横在镇子的东头，桥下的水一年到头是绿的。来往的船都从第二孔过，因为那一孔最高，也最宽，桅杆不必放倒。"
BEFORE = 6  # paragraphs that leave a hole where the figure would stand
BEHIND = "figure 后面的一段，" + LINE


def built(tmp_path, behind, caption="一张图", before="", size=(600, 640)):
    text = "\n\n".join(["# 一", *[LINE] * BEFORE, before, f"![{caption}](images/tall.png){{width=60%}}", behind])
    settings = "---\ntitle: 书\nauthor: 甲\nlang: zh-CN\neditions: [zh-CN]\ntoc: false\n---\n\n"
    (tmp_path / "images").mkdir(parents=True)
    Image.new("RGB", size, "grey").save(tmp_path / "images/tall.png")
    (tmp_path / "a.md").write_text(f"{settings}{text}\n", encoding="utf-8")
    make(tmp_path / "a.md", tmp_path / "out", "pdf")
    [file] = (tmp_path / "out").glob("*/*.pdf")
    with pypdfium2.PdfDocument(file) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return [page for page in pages if "老桥" in page or "图" in page or "后面" in page], file


def at(pages, needle):
    return next(number for number, page in enumerate(pages) if needle in page)


def test_the_paragraphs_behind_a_figure_that_does_not_fit_fill_the_page(tmp_path):
    pages, _ = built(tmp_path, "\n\n".join([BEHIND, *[LINE] * 6]))
    assert (at(pages, "后面的一段"), at(pages, "一张图")) == (0, 1)
    assert pages[0].count("老桥横") > BEFORE


def test_a_small_table_with_a_caption_takes_the_place_of_a_figure_and_one_without_does_not(tmp_path):
    table = "| 甲 | 乙 |\n|--|--|\n| 一 | 二 |\n"
    pages, _ = built(tmp_path / "named", f"{table}\nTable: 几样东西\n")
    assert (at(pages, "几样东西"), at(pages, "一张图")) == (0, 1)
    pages, _ = built(tmp_path / "bare", table)
    assert at(pages, "一张图") <= at(pages, "甲")


def test_a_paragraph_that_moved_up_has_the_indent_of_all(tmp_path):
    _, file = built(tmp_path, "\n\n".join([BEHIND, *[LINE] * 6]))
    with pypdfium2.PdfDocument(file) as document:
        text = next(page for page in document if "后面" in page.get_textpage().get_text_bounded()).get_textpage()
        shown = text.get_text_range()
        edge = min(text.get_charbox(number)[0] for number in range(text.count_chars()) if shown[number] in "从是")
        first = text.get_charbox(shown.index("figure"))[0]
    assert first - edge == pytest.approx(21, abs=1), "two characters of 10.5 points"


def test_a_heading_stays_with_the_paragraph_that_takes_the_place_of_its_figure(tmp_path):
    pages, _ = built(tmp_path, BEHIND + "\n\n" + LINE, before="## 一节")
    assert (at(pages, "一节"), at(pages, "后面的一段"), at(pages, "一张图")) == (0, 0, 1)


@pytest.mark.parametrize(
    "behind", ["## 一节\n\n" + BEHIND, "- " + BEHIND, "> " + BEHIND, BEHIND + "如下：", "如上图，" + BEHIND]
)
def test_a_figure_passes_nothing_but_paragraphs_that_point_neither_down_nor_up(behind, tmp_path):
    pages, _ = built(tmp_path, behind)
    assert at(pages, "一张图") <= at(pages, "后面的一段")


def test_a_figure_with_a_note_stays(tmp_path):
    pages, _ = built(tmp_path, BEHIND + "\n\n[^1]: 注。", caption="一张图[^1]")
    assert at(pages, "一张图") <= at(pages, "后面的一段")


def test_a_note_in_a_paragraph_that_moved_up_stands_on_its_page_once(tmp_path):
    pages, _ = built(tmp_path, BEHIND + "话[^1]\n\n" + LINE + "\n\n[^1]: 注在脚下。")
    assert at(pages, "后面的一段") == at(pages, "注在脚下") == 0
    assert "".join(pages).count("注在脚下") == 1


def picture_height(file, page):
    with pypdfium2.PdfDocument(file) as document:
        [image] = [one for one in document[page].get_objects() if one.type == 3]
        left, bottom, right, top = image.get_bounds()
    return top - bottom, (right - left) / (top - bottom)


def first_with_picture(file):
    with pypdfium2.PdfDocument(file) as document:
        return next(n for n, page in enumerate(document) if any(one.type == 3 for one in page.get_objects()))


@pytest.mark.parametrize(("high", "page"), [(300, 0), (400, 0), (640, 1)])
def test_a_picture_that_nothing_can_change_places_with_is_made_a_little_smaller(high, page, tmp_path):
    """And keeps its shape; one that would have to be much smaller goes to the next page as it is."""
    pages, file = built(tmp_path, "## 一节\n\n" + BEHIND, size=(600, high))
    assert at(pages, "一张图") == page
    height, shape = picture_height(file, first_with_picture(file))
    whole = 0.6 * 29 * 10.5 * high / 600
    assert (height < whole - 1) == (high == 400)
    assert height >= 0.7 * whole
    assert shape == pytest.approx(600 / high, abs=0.01)


@pytest.mark.parametrize("behind", ["- " + BEHIND, "> - " + BEHIND])
def test_a_list_does_not_take_the_figure_above_it_to_its_page(behind, tmp_path):
    pages, _ = built(tmp_path, behind, size=(600, 400))
    assert (at(pages, "一张图"), at(pages, "后面的一段")) == (0, 1)


def pictures(file):
    """The page and the height of each picture."""
    with pypdfium2.PdfDocument(file) as document:
        bounds = [
            (n, one.get_bounds()) for n, page in enumerate(document) for one in page.get_objects() if one.type == 3
        ]
    return [(n, top - bottom) for n, (_, bottom, _, top) in bounds]


def test_two_pictures_that_nearly_fit_on_a_page_share_it_and_are_of_one_size(tmp_path):
    picture = "![](images/tall.png){width=60%}"
    text = "\n\n".join([f"# 一\n\n{LINE}", picture, LINE, picture, LINE])
    (tmp_path / "images").mkdir(parents=True)
    Image.new("RGB", (600, 400), "grey").save(tmp_path / "images/tall.png")
    (tmp_path / "a.md").write_text(f"---\ntitle: 书\nlang: zh-CN\neditions: [zh-CN]\n---\n\n{text}\n", encoding="utf-8")
    make(tmp_path / "a.md", tmp_path / "out", "pdf")
    [file] = (tmp_path / "out").glob("*/*.pdf")
    (page, one), (other_page, other) = pictures(file)
    assert page == other_page
    assert one == pytest.approx(other, rel=0.12), "but for what the grid takes"
    assert one < 0.6 * 29 * 10.5 * 400 / 600 - 1


@pytest.mark.parametrize(("kind", "shrinks"), [("formula", False), ("piece", False), ("map", True)])
def test_a_formula_is_no_picture_that_is_made_smaller_to_fit(kind, shrinks):
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" width="30" height="20" viewBox="0 0 3 2"></svg>'
    [page] = HTML(string=f"<p><span>{drawing}</span></p>").render().pages
    [paragraph] = [one for one in page._page_box.descendants() if one.element_tag == "p" and isinstance(one, BlockBox)]
    assert figures._is_picture(paragraph) is shrinks


@pytest.mark.parametrize("high", range(80, 122, 6))
def test_a_picture_whose_margin_alone_is_too_high_leaves_no_hole(high):
    """Whatever the picture's height, the page it comes to is filled: by it, or by the paragraph behind it."""
    picture = f"<svg xmlns='http://www.w3.org/2000/svg' width='50' height='{high}'/>"
    style = "@page text { size: 200pt 240pt; margin: 20pt } div { page: text }"
    style += "figure { margin: 16pt 0; break-inside: avoid }"
    style += "html { font: 10pt/20pt 'Noto Serif CJK SC' } p, body, figcaption { margin: 0 } img { display: block }"
    image = f"<img src=\"data:image/svg+xml,{picture}\" alt=''>"
    body = f"{'<p>前</p>' * 14}<figure>{image}<figcaption>图</figcaption></figure>"
    html = f"<html lang='zh-CN'><title>题</title><style>{style}</style><div>{body}{'<p>后</p>' * 12}</div>"
    with pypdfium2.PdfDocument(lay_out(html, {}).write_pdf()) as file:
        first = file[1].get_textpage().get_text_bounded()
    assert "图" in first or "后" in first
