"""Tables on a printed page, by where their characters stand: in the measure, turned, or divided and said so."""

from __future__ import annotations

import ctypes
from collections import Counter
from dataclasses import replace

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from publish.edition.markup.xhtml import H, parse
from publish.render import RenderContext
from publish.render.pdf import PdfRenderer
from publish.render.pdf.document import document
from publish.render.pdf.tables import Area, fit_tables
from publish.source.settings.page import PAGE_SIZES
from tests.printed import copied

HEAD = "---\ntitle: 书\nauthor: 甲\nlang: zh-CN\n---\n\n# 表\n\n"
POINTS = 72 / 25.4


def pipe(*rows, caption="表题 {#tbl-one}"):
    head, *body = rows
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + f"\n\n: {caption}\n\n"


@pytest.fixture
def printed(make_book, tmp_path):
    """`printed(Markdown)` is the PDF, what was found, and the HTML that was laid out."""

    def make(text):
        publication = make_book(HEAD + text, ("zh-CN",)).editions["zh-CN"]
        rendering = PdfRenderer().render(publication, RenderContext(tmp_path / "pdf"))
        [file] = (tmp_path / "pdf").glob("*.pdf")
        return file, [one for one in rendering.findings if one.code == "table-wide"], document(publication)[0]

    return make


def characters(file):
    """Each character with its page and its box."""
    found = []
    with pypdfium2.PdfDocument(file) as pdf:
        box = [ctypes.c_double() for _ in range(4)]
        for number, page in enumerate(pdf):
            text = page.get_textpage()
            for index in range(text.count_chars()):
                char = chr(pdfium.FPDFText_GetUnicode(text, index))
                if not pdfium.FPDFText_IsGenerated(text, index) and not char.isspace():
                    pdfium.FPDFText_GetCharBox(text, index, *map(ctypes.byref, box))
                    found.append((char, number, *(one.value for one in box)))
    return found


def pages_with(file, char):
    return {number for one, number, *_ in characters(file) if one == char}


def assert_in_the_measure(file):
    wide = PAGE_SIZES["A5"][0] * POINTS
    edges = [(left, right) for _, _, left, right, _, _ in characters(file)]
    assert min(left for left, _ in edges) > 30
    assert max(right for _, right in edges) < wide - 30


HEADS = (
    "产品名称全称 生产厂家名称 销售地区范围 年度销售总额 市场占有比例 客户满意程度 退货数量统计 备注说明文字".split()
)
GOODS = (
    "蓝色圆珠笔芯 上海文具公司 华东华南地区 一千二百万元 百分之三十五 百分之九十二 三百五十二支 明年继续供货".split()
)
EIGHT = pipe(HEADS, GOODS)


def test_eight_columns_of_six_han_share_the_measure_and_none_is_one_character_wide(printed):
    file, found, html = printed(EIGHT)
    assert_in_the_measure(file)
    assert not found
    widths = [float(col.get("style")[6:-2]) for col in parse(html, soup=True).iter(f"{H}col")]
    assert len(widths) == 8
    assert min(widths) > 3 * 6.5
    rows = Counter(round(bottom) for char, *_, bottom, _ in characters(file) if char in "蓝色圆珠笔芯上海文具公司")
    assert len(rows) < 10


def test_the_digits_of_a_number_stand_beside_one_another(printed):
    numbers = ["1,234,567", "2,345,678", "3,456,789", "4,567,890", "11,604,924"]
    file, _, _ = printed(pipe(["年", *"一二三四", "合计", "说明"], ["2021", *numbers, "口径不尽一致，仅供参考" * 4]))
    assert_in_the_measure(file)
    for number in numbers:
        assert number in copied(file)


WIDE = [f"第{chr(0x4E00 + n)}项指标的名称" for n in range(13)]


def test_a_table_too_wide_for_the_measure_lies_on_its_side_on_a_page_of_its_own(printed):
    text = "前面的一段。\n\n" + pipe(WIDE, ["一二三四五六七八"] * 13) + "后面的一段。\n\n" * 3
    file, found, html = printed(text)
    assert not found
    assert html.count('class="turned"') == 1
    assert_in_the_measure(file)
    [page] = pages_with(file, "标")
    # A line that runs up the page: its characters have one left edge.
    lefts = Counter(round(left) for char, number, left, *_ in characters(file) if number == page and char == "标")
    assert max(lefts.values()) > 6
    # The paragraphs behind it have filled the page before it.
    assert pages_with(file, "后") == pages_with(file, "前")


def test_a_turned_table_goes_on_over_pages_with_its_head(printed):
    file, _, html = printed(pipe(WIDE, *[["一二三四五六七八"] * 13 for _ in range(20)]))
    turned = html.count('class="turned"')
    assert turned > 1
    assert html.count("（续）") == turned - 1
    assert html.count('id="tbl-one"') == 1
    assert len(pages_with(file, "标")) == turned
    assert html.count("<td>一二") == 13 * 20


LINE = "正文里的一段话，长得足以占去好几行，读者在表的前后都会读到它，说的是同一件事。" * 5 + "\n\n"


@pytest.mark.verify
@pytest.mark.parametrize(
    ("before", "rows", "behind", "pages"),
    [
        (2, 4, 1, "tTt"),  # two lines before an empty page are worse than a few lines left empty
        (2, 4, 4, "ttT"),
        (3, 20, 4, "ttTTTTt"),  # what goes on over pages is passed as one
    ],
)
def test_paragraphs_fill_the_page_before_a_turned_table_and_never_begin_an_empty_one(
    printed, before, rows, behind, pages
):
    table = pipe(WIDE, *[["一二三四五六七八"] * 13 for _ in range(rows)])
    file, _, _ = printed(LINE * before + table + LINE * behind + "## 末了\n\n完。\n")
    turned, texts = pages_with(file, "标"), pages_with(file, "段")
    assert "".join("T" if at in turned else "t" for at in sorted(turned | texts)) == pages


def test_a_table_too_wide_for_any_page_is_divided_and_said_so_with_its_line(printed):
    many = [f"第{chr(0x4E00 + n)}项指标的名称" for n in range(40)]
    file, found, html = printed(pipe(many, ["一二三四五六七八"] * 40))
    assert_in_the_measure(file)
    assert [one.place.line for one in found] == [9]
    assert html.count("<table") > 2
    assert copied(file).count("目") == 0
    for words in many:
        assert words in html


def test_a_cell_over_columns_keeps_its_place_in_a_table_that_had_to_be_fitted(printed):
    rows = f"<tr><td rowspan='2'>{'甲' * 30}</td>" + "<td>一二三四五六七</td>" * 5 + "</tr>"
    more = "<tr>" + "<td>八九</td>" * 5 + "</tr>"
    head = "<tr><th>名</th><th colspan='5'>各项</th></tr>"
    file, found, html = printed(f"<table><thead>{head}</thead><tbody>{rows}{more}</tbody></table>\n")
    assert_in_the_measure(file)
    assert not found
    assert len(list(parse(html, soup=True).iter(f"{H}col"))) == 6


@pytest.mark.parametrize(("rows", "words", "kept"), [(4, "子", True), (30, "子", False), (4, "子" * 200, False)])
def test_a_table_of_few_short_rows_is_on_one_page(rows, words, kept):
    body = f"<tr><td>甲</td><td>{words}</td></tr>" * rows
    tree = parse(f"<table><thead><tr><th>一</th><th>二</th></tr></thead><tbody>{body}</tbody></table>", soup=True)
    fit_tables(tree, Area(300, 500, 10.5, 8.5), "（续）")
    classes = {one.get("class") or "" for one in tree.iter(f"{H}table")}
    assert any("short" in one.split() for one in classes) is kept


def test_a_table_that_fits_is_left_as_it_was(printed):
    _, found, html = printed(pipe(["开本", "尺寸"], ["A5", "148 × 210"]))
    assert "table-layout" not in html.partition("<body")[2]
    assert not found


def test_widths_that_the_source_gives_stay_where_they_read_well(printed):
    _, _, html = printed(f"| 名 | 意思 |\n|{'-' * 20}|{'-' * 60}|\n| 甲 | {'说' * 80} |\n\n")
    widths = [col.get("style") for col in parse(html, soup=True).iter(f"{H}col")]
    assert widths == ["width: 25%", "width: 75%"]


def test_dashes_typed_without_a_thought_are_no_wish(printed):
    _, _, html = printed(pipe(["名", "意思", "用例"], ["甲", "说" * 80, "例" * 8]))
    widths = [float(col.get("style")[6:-2]) for col in parse(html, soup=True).iter(f"{H}col")]
    assert widths[1] > 3 * widths[0]


@pytest.mark.parametrize(
    ("rows", "characters", "kept"),
    [
        (["版本 一种写法", "台湾 " + "长" * 30], 29, [0]),
        (["版本 默认给出 也常见 说明", "香港 羣、牀、峯 群、床、峰 " + "长" * 20], 29, [0, 1, 2]),
        (["甲 乙", "一 二"], 10, [0, 1]),
        (["八个字也算是短的 八个字也算是短的", "一 二"], 16, [0, 1]),
        (["九个字就不算是短的 八个字也算是短的", "一 二"], 29, [1]),
    ],
)
def test_short_columns_stay_on_one_line_where_there_is_room(rows, characters, kept):
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row.split())}</tr>" for row in rows)
    tree = parse(f"<div><table><tbody>{lines}</tbody></table></div>", soup=False)
    fit_tables(tree, Area(characters * 10.5, 500, 10.5, 8.5), "（续）")
    table = [[cell.get("class") == "whole" for cell in row] for row in tree.iter(f"{H}tr")]
    assert [number for number, column in enumerate(zip(*table, strict=True)) if all(column)] == kept


def test_a_line_break_in_a_cell_that_is_fitted_is_one():
    lines = f"<tr><td>甲<br/>乙</td><td>{'长' * 80}</td><td>{'短' * 40}</td></tr>"
    tree = parse(f"<div><table><tbody>{lines}</tbody></table></div>", soup=False)
    fit_tables(tree, A5, "（续）")
    assert next(tree.iter(f"{H}col"), None) is not None, "it was fitted"
    assert [one.text for one in tree.iter(f"{H}br")] == [None], "<br></br> would be two"


def test_rows_are_as_high_as_their_formulas():
    def turned(rise):
        math = f'<math xmlns="http://www.w3.org/1998/Math/MathML" data-pieces="6" data-rise="{rise}"></math>'
        tree = grid_of(12, 8)
        for cell in [*tree.iter(f"{H}td")][1::12]:
            cell.append(parse(math, soup=False))
        fit_tables(tree, A5, "（续）")
        return sum(1 for one in tree.iter(f"{H}div") if one.get("class") == "turned")

    assert turned(5) > turned(0) > 0


def test_points_of_numbers_stand_under_one_another(printed):
    file, _, _ = printed("| 数 |\n|---:|\n| 1,234.5 |\n| 6.789 |\n| 98 |\n")
    points = [left for char, _, left, *_ in characters(file) if char == "."]
    ends = [right for char, _, _, right, *_ in characters(file) if char in "48"]
    assert len(points) == 2
    assert points[0] == pytest.approx(points[1], abs=0.5)
    assert "98" in copied(file)
    assert ".000" not in copied(file)
    assert max(ends) < 400


@pytest.mark.parametrize(
    ("behind", "with_it"),
    [
        ("", True),
        ("<h2>又一节</h2>", True),
        ("<p>还有字。</p><p>又有字。</p>", True),
        (f"<p>{'还有字。' * 80}</p>", False),
        ("<p>还有字。</p><ul><li>一项</li></ul>", True),
    ],
)
def test_a_heading_stands_on_the_page_of_a_turned_table_where_it_would_stand_almost_alone(behind, with_it):
    cells = "".join(f"<td>{100 + n},000</td>" for n in range(11))
    text = f"<div><h2>一节</h2><table><tbody><tr>{cells}</tr></tbody></table>{behind}</div>"
    tree = parse(text, soup=False)
    fit_tables(tree, Area(280, 460, 10.5, 8.5), "（续）")
    [page] = [one for one in tree.iter(f"{H}div") if one.get("class") == "turned"]
    height = float(page.get("style")[7:-2])
    assert (height < 460 - 3 * 17) is with_it


def test_a_table_that_is_divided_is_told_at_its_line(make_book):
    wide = pipe([f"名称很长很长{n}" for n in range(18)], ["1,234,567.89"] * 18)
    publication = make_book(f"{HEAD}前面的话。\n\n{wide}", ("zh-TW",)).editions["zh-TW"]
    [found] = [one for one in document(replace(publication, units=()))[1] if one.code == "table-wide"]
    assert found.place.line == 11


A5 = Area(312.0, 470.0, 10.5, 9.0)


def grid_of(columns, rows, more=""):
    """A table with as many columns and rows, a row of one cell, and what stands below it."""
    head = "".join(f"<th>第{at}栏的名称字</th>" for at in range(columns))
    body = "".join(f"<tr>{'<td>六个字的内容</td>' * columns}</tr>" for _ in range(rows))
    part = f'<tr><td colspan="{columns}">以下是另一部分</td></tr>'
    text = f"<table><thead><tr>{head}</tr></thead><tbody>{part}{body}</tbody></table>{more}"
    return parse(f"<div>{text}</div>", soup=False)


NOTES = '<div class="table-notes"><p>注：都是估计的数，以年报为准。</p><p>资料来源：年报。</p></div>'


def test_the_notes_of_a_turned_table_lie_on_their_side_below_its_last_page():
    tree = grid_of(12, 16, NOTES)
    assert fit_tables(tree, A5, "（续）") == []
    pages = [one for one in tree.iter(f"{H}div") if one.get("class") == "turned"]
    assert len(pages) > 1
    notes = [len([one for one in page.iter(f"{H}div") if one.get("class") == "table-notes"]) for page in pages]
    assert notes == [0] * (len(pages) - 1) + [1]


def test_notes_with_notes_of_their_own_stay_upright_where_these_have_a_foot():
    call = '<a class="footnote-ref" role="doc-noteref" href="#fn-1">1</a>'
    tree = grid_of(12, 2, NOTES.replace("年报。", f"年报。{call}"))
    fit_tables(tree, A5, "（续）")
    [notes] = [one for one in tree.iter(f"{H}div") if one.get("class") == "table-notes"]
    assert notes.getparent().get("class") is None


def test_a_table_is_divided_into_parts_about_as_wide_and_a_row_of_one_cell_stands_in_each():
    tree = grid_of(40, 2)
    assert len(fit_tables(tree, A5, "（续）")) == 1
    parts = list(tree.iter(f"{H}table"))
    columns = [len(list(next(part.iter(f"{H}tr")))) for part in parts]
    assert sum(columns) - len(parts) + 1 == 40, "each but the first repeats the first column"
    assert max(columns) - min(columns) <= 1
    spans = [next(one for one in part.iter(f"{H}td")).get("colspan") for part in parts]
    assert spans == [str(count) for count in columns]


def test_a_head_over_more_columns_than_a_page_has_room_for_is_divided_with_them():
    tree = grid_of(40, 2)
    [head] = tree.iter(f"{H}thead")
    over = parse("<div><table><tr><th></th><th colspan='39'>合计</th></tr></table></div>", soup=False)
    head.insert(0, next(over.iter(f"{H}tr")))
    fit_tables(tree, A5, "（续）")
    parts = list(tree.iter(f"{H}table"))
    assert len(parts) > 2
    spans = [list(next(part.iter(f"{H}tr")))[1].get("colspan") for part in parts]
    assert sum(map(int, spans)) == 39


def test_a_number_in_a_head_is_not_broken(printed):
    head = "| 二 | 二十一点零一 | 3.50 美元 | Male | No | Sun | Dinner | 3 | 16.658734 |\n|" + "---|" * 9
    file, _, _ = printed(f"{head}\n| {' | '.join(['甲'] * 9)} |\n")
    assert "16.658734" in copied(file)
