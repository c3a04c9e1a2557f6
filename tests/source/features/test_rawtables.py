"""Tables written in HTML become tables of the book, with their cells over rows and columns."""

from __future__ import annotations

import re

import pytest

from publish.parity.gate import compare
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project

HEAD = "---\ntitle: 书\nauthor: 甲\nlang: zh-CN\n---\n\n"
WHOLE = """<table class="wide" border="1">
<caption>两年的数目 \\label{two}</caption>
<colgroup><col width="20%"><col span="2" style="width: 40%"></colgroup>
<thead><tr><th rowspan="2">项目</th><th colspan="2">数目</th></tr>
<tr><th>去年</th><th align="right">今年</th></tr></thead>
<tbody>
<tr><td rowspan="2">合计<td style="text-align: right; color: red">12.5</td><td>3.75<br>约数</td></tr>
<!-- 说明 -->
<tr><td colspan="2">没有

- 甲
- 乙

</td></tr>
</tbody>
</table>
"""


@pytest.fixture
def table(folder):
    """`table(Markdown)` is the first block of a chapter with it."""

    def read(text):
        book = folder({"a.md": f"{HEAD}# 章\n\n{text}"})
        return read_manuscript(read_project(book / "a.md")).chapters[0].blocks[1]

    return read


def spans(rows):
    return [[(cell[2], cell[3]) for cell in cells] for _, cells in rows]


def test_cells_keep_their_rows_columns_and_sides(table):
    (name, classes, pairs), (_, caption), columns, (_, head), [[_, leading, _, body]], _ = table(WHOLE)["c"]
    assert (name, classes, pairs) == ("tbl-two", ["wide"], [])
    assert [one["c"] for one in caption[0]["c"] if one["t"] == "Str"] == ["两年的数目"]
    assert [width["c"] for _, width in columns] == [0.2, 0.4, 0.4]
    assert spans(head) == [[(2, 1), (1, 2)], [(1, 1), (1, 1)]]
    assert spans(body) == [[(2, 1), (1, 1), (1, 1)], [(1, 2)]]
    assert leading == 0
    assert head[1][1][1][1]["t"] == body[0][1][1][1]["t"] == "AlignRight"
    assert body[0][1][1][0][2] == [["style", "color: red"]]
    assert [block["t"] for block in body[1][1][0][4]] == ["Para", "BulletList"]


def test_a_first_row_of_heads_is_the_tables_head_and_one_in_the_middle_begins_a_part(table):
    rows = "<tr><th>甲</th><th>乙</th></tr><tr><td>1</td><td>2</td></tr>"
    rows += "<tr><th colspan=2>下半</th></tr><tr><td>3</td></tr>"
    _, _, _, (_, head), bodies, _ = table(f"<table>{rows}</table>\n")["c"]
    assert len(head) == 1
    assert [(len(own), len(more)) for _, _, own, more in bodies] == [(0, 1), (1, 1)]
    assert spans(bodies[1][3]) == [[(1, 1), (1, 1)]], "a cell that is missing is empty"


@pytest.mark.parametrize("middle", ["", "<tr><td>0</td><td>0</td><td>0</td></tr>"])
def test_rows_of_heads_that_a_cell_holds_together_stay_together(table, middle):
    heads = "<tr><th rowspan=2>项</th><th colspan=2>数</th></tr><tr><th>甲</th><th>乙</th></tr>"
    rows = f"{middle}{heads}<tr><td>1</td><td>2</td><td>3</td></tr>"
    _, _, _, (_, head), bodies, _ = table(f"<table>{rows}</table>\n")["c"]
    _, _, own, more = bodies[-1]
    assert spans([*head, *own]) == [[(2, 1), (1, 2)], [(1, 1), (1, 1)]]
    assert (len(head), len(own), len(more)) == ((0, 2, 1) if middle else (2, 0, 1))


def test_a_note_over_all_columns_ends_with_the_last(table):
    rows = "<tbody><tr><td>甲</td><td>乙</td></tr></tbody><tfoot><tr><td colspan='100%'>注释</td></tr></tfoot>"
    *_, (_, foot) = table(f"<table>{rows}</table>\n")["c"]
    assert spans(foot) == [[(1, 2)]]


def test_heads_of_rows_stay_heads(table):
    _, _, _, (_, head), [[_, leading, _, _]], _ = table("<table><tr><th>甲</th><td>1</td></tr></table>\n")["c"]
    assert (head, leading) == ([], 1)


@pytest.mark.parametrize(
    "inner",
    [
        "<tr><td>外<table><tr><td>里</td></tr></table></td></tr>",
        "<tr><td>甲</td></tr>散在外面的字",
        "<tr><td>甲</td><th>乙</th></tr><tr><td>丙</td><td>丁</td></tr>",
        '<tr><td>甲</td><td rowspan="2">乙</td></tr><tr><td colspan="2">丙</td></tr>',
    ],
)
def test_what_is_more_than_a_table_stays_html_with_all_its_words(table, make_book, inner):
    text = f"<table>{inner}</table>\n"
    assert table(text)["t"] == "RawBlock"
    [chapter] = make_book(f"{HEAD}# 章\n\n{text}", ("zh-CN",)).editions["zh-CN"].chapters
    assert set(re.findall("[甲乙丙丁外里散在面的字]", inner)) <= set(re.sub(r"<[^>]+>", "", chapter.xhtml))


def test_it_is_numbered_listed_referred_to_and_noted_and_the_gate_is_content(make_book):
    more = "<table id='tbl:own'><caption>又一张</caption><tr><td>鸡</td></tr></table>"
    lists = f"\n注：都是估计。\n\n见表 \\ref{{two}} 和 @tbl:own。\n\n{more}\n\n::: {{.list-of-tables}}\n:::\n"
    book = make_book(f"{HEAD}# 章\n\n{WHOLE}{lists}", ("zh-TW",))
    publication = book.editions["zh-TW"]
    assert list(compare(book.project, book.manuscript, [publication])) == []
    xhtml = publication.chapters[0].xhtml
    words = re.sub(r"<[^>]+>", "", xhtml)
    assert "見表 1 和表 2。" in words
    assert "雞" in words
    assert re.search(r'<div class="table-notes">\s*<p[^>]*>注：都是估計。', xhtml)
    assert re.findall(r'class="entry">([^<]+)', xhtml) == ["兩年的數目", "又一張"]
