"""Tables from files of values, and the notes below tables."""

from __future__ import annotations

import pytest

from publish.errors import PublishError
from publish.source.document import block_text, text
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project

PLAIN = "城市,人口,面积\n重庆,3200万,82402\n成都,2100万,14335\n"


@pytest.fixture
def manuscript(folder):
    def read(markdown, lang="zh-CN", **files):
        names = {"a.md": f"# 章\n\n{markdown}\n", "book.yaml": f"title: 书\nlang: {lang}\nchapters: [a.md]\n"}
        data = {name.replace("_", "."): content for name, content in files.items()}
        return read_manuscript(read_project(folder(names | data)))

    return read


def tables(manuscript):
    return [one for one in manuscript.chapters[0].blocks if one["t"] == "Table"]


def cells(rows):
    return [[text(cell[4][0]["c"]) if cell[4] else "" for cell in row[1]] for row in rows]


def shape(table):
    (name, _, _), (_, caption), columns, (_, head), [(_, _, _, body)], _ = table["c"]
    said = text(caption[0]["c"]) if caption else ""
    return name, said, "".join(one[0]["t"].removeprefix("Align")[0] for one in columns), cells(head), cells(body)


@pytest.mark.parametrize(
    "markdown",
    [
        "![城市](d.csv){#tbl:cities}",
        '```{.csv-table #tbl:cities caption="城市" file="d.csv"}\n```',
        f'```{{.csv-table #tbl:cities caption="城市"}}\n{PLAIN}```',
    ],
)
def test_a_file_of_values_is_a_table(manuscript, markdown):
    [table] = tables(manuscript(markdown, d_csv=PLAIN))
    assert shape(table) == (
        "tbl-cities",
        "城市",
        "DRR",
        [["城市", "人口", "面积"]],
        [["重庆", "3200万", "82402"], ["成都", "2100万", "14335"]],
    )


@pytest.mark.parametrize(
    ("options", "content", "expected"),
    [
        ("{header=0}", "甲,1\n乙,2", ("DR", [], [["甲", "1"], ["乙", "2"]])),
        ("", "甲,数\n乙,—\n丙,\n丁,2", ("DR", [["甲", "数"]], [["乙", "—"], ["丙", ""], ["丁", "2"]])),
        ('{align="cl"}', "甲,1\n乙,2", ("CL", [["甲", "1"]], [["乙", "2"]])),
        ("", "甲;1,5\n乙;2,5", ("DR", [["甲", "1,5"]], [["乙", "2,5"]])),
        ('{delimiter="|"}', "甲|乙\n丙|丁", ("DD", [["甲", "乙"]], [["丙", "丁"]])),
        ("", '"甲,乙","丙\n丁"\n"说""好""",\n\n', ("DD", [["甲,乙", "丙 丁"]], [['说"好"', ""]])),
        ("", "甲,乙\n丙\n丁,戊,,\n", ("DD", [["甲", "乙"]], [["丙", ""], ["丁", "戊"]])),
        ("", "甲,乙,丙\n1,-2.5%,￥3\n,4,", ("RRR", [["甲", "乙", "丙"]], [["1", "-2.5%", "￥3"], ["", "4", ""]])),
    ],
)
def test_its_head_columns_and_values_are_as_said(manuscript, options, content, expected):
    [table] = tables(manuscript(f"![]({'d.csv'}){options}", d_csv=content))
    assert shape(table)[2:] == expected


def test_tabs_part_the_values_of_tsv(manuscript):
    [table] = tables(manuscript("![](d.tsv)", d_tsv="甲\t乙,丙\n1\t2\n"))
    assert shape(table)[3] == [["甲", "乙,丙"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encodings_of_spreadsheets_are_told_apart(manuscript, encoding):
    [table] = tables(manuscript("![](d.csv)", d_csv=PLAIN.encode(encoding)))
    assert shape(table)[3] == [["城市", "人口", "面积"]]


@pytest.mark.parametrize("lang", ["zh-TW", "zh-CN"])
def test_big5_is_told_from_gb18030(manuscript, lang):
    words = "城市,人口\n臺北,250萬\n高雄,270萬\n"
    [table] = tables(manuscript("![](d.csv)", lang, d_csv=words.encode("big5")))
    assert shape(table)[4] == [["臺北", "250萬"], ["高雄", "270萬"]]
    [table] = tables(manuscript('![](d.csv){encoding="big5"}', lang, d_csv=words.encode("big5")))
    assert shape(table)[4][0] == ["臺北", "250萬"]


@pytest.mark.parametrize(
    ("markdown", "content", "place", "problem"),
    [
        ("一\n\n![](no.csv)", "", "a.md:5", "not found"),
        ("![](../no.csv)", "", "a.md:3", "outside"),
        ("![](d.csv)", "甲,乙\n丙,丁\n1,2,3\n", "d.csv:3", "3 cells"),
        ("![](d.csv)", '甲,乙\n"丙,丁\n', "d.csv:2", "cannot be read"),
        ("![](d.csv)", "\n", "d.csv:1", "empty"),
        ('![](d.csv){encoding="big6"}', "甲", "a.md:3", "no encoding"),
        ('![](d.csv){delimiter="::"}', "甲", "d.csv:1", "not one character"),
        ("![](d.csv)", b"\xff\xffab\n", "d.csv:1", "unknown"),
        ("![](d.csv)", b"a\0b\n", "d.csv", "not text"),
        ("甲\n\n```{.csv-table}\na,b\n1,2,3\n```", "", "a.md:7", "3 cells"),
    ],
)
def test_what_is_no_table_is_an_error_with_its_line(manuscript, markdown, content, place, problem):
    with pytest.raises(PublishError, match=problem) as error:
        manuscript(markdown, d_csv=content)
    assert str(error.value).startswith(place)


def test_a_build_depends_on_the_file(manuscript):
    assert [path.name for path in manuscript("![](d.csv)", d_csv=PLAIN).beside] == ["d.csv"]


def test_pictures_and_links_stay_what_they_are(manuscript):
    made = manuscript("[数据](https://example.org/d.csv)，`d.csv`")
    assert tables(made) == []


TABLE = "| 甲 |\n|---|\n| 乙 |\n\n: 表\n"


@pytest.mark.parametrize(
    ("behind", "noted"),
    [
        ("注：人口是估计的。\n\n资料来源：统计局。\n\n正文。", 2),
        ("資料來源：主計處。", 1),
        ("注意：这不是表注。", 0),
        ("正文。\n\n注：隔开了。", 0),
    ],
)
def test_notes_behind_a_table_are_below_it(manuscript, behind, noted):
    blocks = manuscript(f"{TABLE}\n{behind}").chapters[0].blocks
    below = [one for one in blocks if one["t"] == "Div" and one["c"][0][1] == ["table-notes"]]
    assert [len(one["c"][1]) for one in below] == ([noted] if noted else [])


@pytest.mark.parametrize(
    ("above", "caption"),
    [
        ("表2-1　各地区人口（单位：万人）", "表2-1　各地区人口（单位：万人）"),
        ("**表 3：甲乙**", "表 3：甲乙"),
        ("续表 A.1", "续表 A.1"),
        ("表 4 显示如下：", ""),
        ("表 4 是这样的。", ""),
        ("表4总结了结果", ""),
        ("表示如下", ""),
    ],
)
def test_what_says_that_it_is_the_caption_above_a_table_is_one(above, caption, manuscript):
    [table] = tables(manuscript(f"{above}\n\n| 甲 |\n|---|\n| 乙 |\n"))
    assert block_text(table["c"][1][1]) == caption


@pytest.mark.parametrize(("dashes", "stated"), [("|---|---|---|", False), ("|-----|--|--|", True)])
def test_dashes_that_are_all_alike_say_nothing_about_widths(dashes, stated, manuscript):
    row = f"|F7|{'这一行很长，' * 12}|完|"
    [table] = tables(manuscript(f"|键|说明|尾|\n{dashes}\n{row}"))
    assert {one[1]["t"] for one in table["c"][2]} == {"ColWidth" if stated else "ColWidthDefault"}
