"""`publish diff`: builds and books compared, in the terminal, on a page, for programs; nothing is missed."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from lxml import html

from publish.errors import PublishError, UsageError
from publish.redline.command import compare
from publish.redline.report import as_json, as_page, as_text
from tests.tiny import command, everything, make, picture, write_book

BOOK = """\
# 头发 {#hair}

他的头**发**长了，`print("a")` 是代码，$a+b$ 是公式。[^1]

[^1]: 一条注。

## 小节

- 第一项
- 第二项

| 名 | 值 |
|:--|:--|
| 甲 | 一 |
| 乙 | 二 |

```python
x = 1
y = 2
```

![一张图](images/dot.png){#fig-dot}

[漢]{.keep}字 <ruby>字<rt>zì</rt></ruby> 末段。
"""


@pytest.fixture
def book(tmp_path):
    return write_book(tmp_path / "old", {"01.md": BOOK})


@pytest.fixture
def edited(book, tmp_path):
    """`edited("甲", "乙")` is a copy of the book with that change in its first chapter."""

    def change(*pairs):
        folder = tmp_path / "new"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(book, folder)
        text = (folder / "01.md").read_text("utf-8")
        for before, after in pairs:
            assert before in text
            text = text.replace(before, after)
        (folder / "01.md").write_text(text, "utf-8")
        return folder

    return change


def files(folder):
    """What is in a folder: builds that nobody asked for keep nothing for the next one."""
    return everything(folder)


def changes(found):
    return [(row.kind, row.old.text if row.old else "", row.new.text if row.new else "") for row in found]


def differing(old, new, edition="zh-CN"):
    [one] = compare(old, new, [edition])
    return changes([row for row in one.rows if row.kind != "same"])


def test_a_book_and_its_own_build_have_no_difference(book, tmp_path):
    make(book, tmp_path / "build", "html")
    found = compare(book, tmp_path / "build", [])
    assert [(one.new.edition, one.differs, one.new.whole) for one in found] == [
        ("zh-CN", False, True),
        ("zh-HK", False, True),
        ("zh-TW", False, True),
    ]
    assert len(found[0].rows) > 20


@pytest.mark.parametrize(
    ("before", "after", "old", "new"),
    [
        ("长了，", "短了，", "他的头发长了，", "他的头发短了，"),
        pytest.param('print("a")', 'print("b")', 'print("a")', 'print("b")', marks=pytest.mark.verify),
        ("$a+b$", "$a-b$", "a+b", "a-b"),
        pytest.param("一条注", "两条注", "一条注。", "两条注。", marks=pytest.mark.verify),
        pytest.param("第二项", "第三项", "第二项", "第三项", marks=pytest.mark.verify),
        ("| 乙 | 二 |", "| 乙 | 三 |", "乙 ｜ 二", "乙 ｜ 三"),
        pytest.param("y = 2", "y = 3", "x = 1\ny = 2", "x = 1\ny = 3", marks=pytest.mark.verify),
        pytest.param("![一张图]", "![另一张图]", "一张图", "另一张图", marks=pytest.mark.verify),
        pytest.param("<rt>zì</rt>", "<rt>zi</rt>", "字（zì）", "字（zi）", marks=pytest.mark.verify),
        pytest.param("[漢]", "[汉]", "漢字", "汉字", marks=pytest.mark.verify),
    ],
)
def test_whatever_changes_is_shown_and_nothing_else(book, edited, before, after, old, new):
    found = differing(book, edited((before, after)))
    assert found
    assert all(kind == "changed" for kind, _, _ in found)
    assert any(old in was and new in now for _, was, now in found)
    assert len(found) <= (3 if "图" in before else 1)


def test_a_picture_that_was_replaced_under_the_same_name_is_shown(book, edited):
    folder = edited()
    (folder / "images/dot.png").write_bytes(picture(color="green"))
    [(kind, old, new)] = differing(book, folder)
    assert (kind, old != new) == ("changed", True)
    assert "一张图" in old


def test_a_note_that_is_added_does_not_change_the_numbers_of_the_others(book, edited):
    found = differing(book, edited(("他的头", "他[^0]的头"), ("[^1]: 一条注。", "[^0]: 新注。\n\n[^1]: 一条注。")))
    assert ("added", "", "新注。") in found
    assert [kind for kind, _, _ in found] == ["changed", "added"]


def test_a_section_that_is_added_does_not_change_the_numbers_of_the_headings(book, edited):
    (book / "book.yaml").write_text((book / "book.yaml").read_text("utf-8") + "number-sections: true\n", "utf-8")
    found = differing(book, edited(("## 小节", "## 新节\n\n新节的文字在这里。\n\n## 小节")))
    assert found == [("added", "", "新节"), ("added", "", "新节的文字在这里。")]


def test_what_changed_in_the_conversion_alone_is_shown_in_that_edition(edited, tmp_path):
    folder = edited(("长了", '[干]{zh-TW="幹"}了'))
    make(folder, tmp_path / "a", "html")
    make(edited(("长了", '[干]{zh-TW="乾"}了')), tmp_path / "b", "html")
    found = {one.new.edition: one.counts["changed"] for one in compare(tmp_path / "a", tmp_path / "b", [])}
    assert found == {"zh-CN": 0, "zh-TW": 1, "zh-HK": 0}


def test_builds_without_web_pages_are_compared_by_their_records_and_that_is_said(book, edited, tmp_path):
    make(book, tmp_path / "a", "epub", editions=("zh-CN",))
    make(edited(("长了", "短了")), tmp_path / "b", "epub", editions=("zh-CN",))
    [one] = compare(tmp_path / "a", tmp_path / "b", [])
    assert one.new.whole is False
    assert one.counts["changed"] == 1
    assert "code, formulas and pictures are not compared" in as_text([one])[-2].plain


def test_a_vertical_edition_is_compared_too(book, edited):
    for folder in (book, edited(("长了", "短了"))):
        text = (folder / "book.yaml").read_text("utf-8")
        named = text.replace("[zh-CN, zh-TW, zh-HK]", "{zh-CN: {}, zh-TW: {writing: vertical}}")
        (folder / "book.yaml").write_text(named, "utf-8")
    found = compare(book, book.parent / "new", [])
    assert [(one.new.edition, one.new.whole, one.counts["changed"]) for one in found] == [
        ("zh-CN", True, 1),
        ("zh-TW", True, 1),
    ]


def test_the_text_marks_what_has_gone_and_what_is_new(book, edited):
    found = compare(book, edited(("长了，", "短了，"), ("末段。", "末段。\n\n又一段新的文字。")), ["zh-TW"])
    lines = [one.plain for one in as_text(found)]
    assert lines[0] == "zh-TW  01  頭髮"
    assert lines[1].startswith("~ 他的頭髮[-長-]{+短+}了，")
    assert "+ 又一段新的文字。" in lines
    assert re.fullmatch(r"zh-TW: 1 changed, 1 added, \d+ same", lines[-2])


def test_the_page_needs_no_other_file_and_escapes_what_it_shows(book, edited):
    found = compare(book, edited(("长了，", "`<script>alert(1)</script>`，")), [])
    page = as_page(found, "old & gone", "new")
    tree = html.fromstring(page)
    assert not tree.xpath("//script|//img|//link[@rel='stylesheet']")
    assert "url(" not in page
    assert "http" not in page
    assert [one.get("lang") for one in tree.xpath("//section")] == ["zh-Hans-CN", "zh-Hant-HK", "zh-Hant-TW"]
    [section] = tree.xpath("//section[@id='zh-TW']")
    assert "<script>alert(1)</script>" in "".join(section.xpath(".//ins//text()"))
    assert "長了" in "".join(section.xpath(".//del//text()"))
    assert "old & gone" in tree.text_content()


def test_programs_get_every_change_with_its_chapter_and_id(book, edited):
    data = json.loads(as_json(compare(book, edited(("长了，", "短了，")), ["zh-CN"])))
    [edition] = data["editions"]
    [change] = edition["changes"]
    assert (change["kind"], change["chapter"], change["pieces"][1]) == ("changed", "01", ["-", "长"])
    assert change["id"].startswith("p-")


def test_what_cannot_be_compared_is_told(book, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(PublishError):
        compare(book, tmp_path / "empty", [])
    with pytest.raises(PublishError, match="does not exist"):
        compare(tmp_path / "none", book, [])
    make(book, tmp_path / "a", "html", editions=("zh-CN",))
    make(book, tmp_path / "b", "html", editions=("zh-TW",))
    with pytest.raises(PublishError, match="no edition in common"):
        compare(tmp_path / "a", tmp_path / "b", [])
    with pytest.raises(UsageError, match='no edition "zh-TW"'):
        compare(tmp_path / "a", tmp_path / "b", ["zh-TW"])


@pytest.mark.verify
def test_the_command_prints_writes_a_page_and_leaves_both_states_alone(book, edited, tmp_path):
    new = edited(("长了，", "短了，"))
    before = files(book), files(new)
    page = tmp_path / "diff.html"
    done = command("diff", book, new, "--edition", "zh-CN", "--html", page)
    assert done.returncode == 0, done.stderr
    assert "1 changed" in done.stdout
    assert "<del>长</del><ins>短</ins>" in page.read_text("utf-8")
    assert (files(book), files(new)) == before
    done = command("diff", book, new, "--html", tmp_path / "none/diff.html")
    assert (done.returncode, done.stdout) == (2, "")
