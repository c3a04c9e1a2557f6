"""Indexes of an edition: sorted as its region sorts, leading to sections, and nothing else of the book changed."""

from __future__ import annotations

import pytest

from publish.edition.markup.xhtml import H, plain, read
from publish.parity.gate import compare

SETTINGS = (
    "title: 书\nauthor: 甲\nlang: zh-CN\nnumber-sections: true\nindex: index.yaml\nchapters: [a.md, b.md, c.md]\n"
)
LIST = "terms:\n  重庆:\n  长江: 河流!长江\n  扬子江: {see: 河流!长江}\n  软件:\nnames:\n  曾国藩:\n"
FILES = {
    "book.yaml": SETTINGS,
    "index.yaml": LIST,
    "a.md": """\
# 山城

重庆在**长**江边，[AI]{.index seealso="软件"}写[软件]{.index}。重庆。[^1]

[^1]: 注里的扬子江，曾国藩没见过。

## 小节

[成都]{.index}、重庆[]{.index key="空!无字"}

| 甲 | 软件 |
|---|---|
| 单雄信 | [单雄信]{.index .name} |
""",
    "b.md": "# 后来\n\n重庆。\n",
    "c.md": "# 索引 {.unnumbered}\n\n::: index\n楷体的是相关条目。\n:::\n\n::: {.index .names}\n:::\n",
}


@pytest.fixture
def indexes(make_book):
    """`indexes(edition, files)` are the lines of its indexes, one list for each, and the edition's findings."""

    def make(edition="zh-CN", **files):
        book = make_book({**FILES, **{f"{name}.md": text for name, text in files.items()}}, (edition,))
        publication = book.editions[edition]
        assert list(compare(book.project, book.manuscript, [publication])) == []
        roots = [read(one.xhtml) for one in publication.chapters]
        sections = [one for root in roots for one in root.iter(f"{H}section") if one.get("role") is None]
        return [list(lines(one)) for one in sections], publication.findings

    return make


def lines(section):
    for group in section.iter(f"{H}div"):
        if group.get("class") != "index-group":
            continue
        yield f"[{plain(group[0])}]"
        for item in group.iter(f"{H}li"):
            own = [plain(one) for one in item if one.tag == f"{H}span"]
            yield "  " * (sum(1 for _ in item.iterancestors(f"{H}ul")) - 1) + " ".join(own)


@pytest.mark.parametrize(
    ("edition", "terms", "names"),
    [
        (
            "zh-CN",
            (
                "[A]|AI 第一章 参见 软件|[C]|成都 1.1|重庆 第一章、1.1、第二章"
                "|[H]|河流|  长江 第一章|[K]|空|  无字 1.1|[R]|软件 第一章、1.1|[Y]|扬子江 见 河流，长江"
            ),
            "[S]|单雄信 1.1|[Z]|曾国藩 第一章",
        ),
        (
            "zh-TW",
            (
                "[A–Z]|AI 第一章 參見 軟件|[ㄎ]|空|  無字 1.1|[ㄏ]|河流|  長江 第一章|[ㄔ]|成都 1.1"
                "|重慶 第一章、1.1、第二章|[ㄖ]|軟件 第一章、1.1|[ㄧ]|揚子江 見 河流，長江"
            ),
            "[ㄕ]|單雄信 1.1|[ㄗ]|曾國藩 第一章",
        ),
        (
            "zh-HK",
            (
                "[A–Z]|AI 第一章 參見 軟件|[六畫]|成都 1.1|[八畫]|河流|  長江 第一章|空|  無字 1.1|[九畫]"
                "|重慶 第一章、1.1、第二章|[十一畫]|軟件 第一章、1.1|[十二畫]|揚子江 見 河流，長江"
            ),
            "[十二畫]|單雄信 1.1|曾國藩 第一章",
        ),
    ],
)
def test_each_edition_sorts_as_its_region_does_and_leads_to_sections(indexes, edition, terms, names):
    found, findings = indexes(edition)
    assert found == [terms.split("|"), names.split("|")]
    assert not [one for one in findings if one.code.startswith(("index", "list", "parity"))]


def test_names_stand_among_all_where_they_have_no_index_of_their_own(indexes):
    found, _ = indexes(c="# 索引\n\n::: index\n:::\n")
    assert len(found) == 1
    assert "曾国藩 第一章" in found[0]


def test_an_entry_that_leads_to_none_is_told(indexes):
    _, findings = indexes(b='# 后来\n\n[渝]{.index see="山城"}\n')
    assert [one.problem for one in findings if one.code == "index-see"] == [
        '"渝" in the index leads to "山城", which it has not'
    ]


def test_an_index_of_nothing_goes_and_is_told(make_book):
    book = make_book("# 章\n\n::: {.index}\n:::\n", ("zh-CN",))
    assert "index" not in book.editions["zh-CN"].chapters[0].xhtml
    assert "list-empty" in [one.code for one in book.editions["zh-CN"].findings]


def test_marks_are_mere_anchors_in_the_text(make_book):
    book = make_book(FILES, ("zh-TW",))
    text = book.editions["zh-TW"].chapters[0].xhtml
    assert "data-key" not in text
    assert 'class="index"' not in text
    assert 'id="ix-' in text
    assert "楷體的是相關條目" in book.editions["zh-TW"].chapters[2].xhtml


def test_a_book_without_marks_has_none(make_book):
    book = make_book("# 章\n\n文字。\n", ("zh-CN",))
    assert not book.manuscript.indexes


PASSAGES = """\
# 山城

[甲]{.index range=start}起，[乙]{.index range=start}起，[丙]{.index range=start}不止。

## 小节

[甲]{.index}中，[乙]{.index}中。[]{.index key=甲 range=end}

## 后

[乙]{.index range=end}止，[乙]{.index}又一处，[丁]{.index range=start}一节之内[丁]{.index range=end}。
"""


def test_a_passage_leads_to_both_its_ends_and_holds_what_lies_in_it(make_book):
    book = make_book({**FILES, "a.md": PASSAGES, "b.md": "# 后来\n\n无。\n"}, ("zh-CN",))
    root = read(book.editions["zh-CN"].chapters[2].xhtml)
    said = {plain(one).split("\u3000")[0]: one for one in root.iter(f"{H}li")}
    assert plain(said["甲"]) == "甲　第一章–1.1"
    assert plain(said["乙"]) == "乙　第一章–1.2、1.2"
    assert plain(said["丙"]) == "丙　第一章"
    assert plain(said["丁"]) == "丁　1.2"
    shown = [one for one in said["甲"].iter(f"{H}span") if one.get("class") == "locator-range"]
    ends = [one.get("href") for one in shown[0].iter(f"{H}a")]
    assert len(set(ends)) == 2
    assert next(said["丁"].iter(f"{H}a")).get("data-to").startswith("ix-")
