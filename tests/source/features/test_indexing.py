"""Words for an index: which are marked, with which entry, and what is said of those that cannot be."""

from __future__ import annotations

import pytest

from publish.errors import PublishError
from publish.source.document import CONTAINERS, children
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project

PLACE = "\n\n::: index\n:::\n"


@pytest.fixture
def marks(folder):
    """`marks(Markdown, list)` are the text with [marked](entry), and the findings' codes with their lines."""

    def read(text, terms=None, place=PLACE):
        settings = "title: 书\nlang: zh-CN\nchapters: [a.md]\n" + ("index: index.yaml\n" if terms else "")
        files = {"book.yaml": settings, "a.md": f"# 章\n\n{text}{place}"}
        manuscript = read_manuscript(read_project(folder(files | ({"index.yaml": terms} if terms else {}))))
        said = shown(manuscript.chapters[0].blocks[1]["c"])
        return said, [(one.code, one.place.line) for one in manuscript.findings]

    return read


def shown(inlines):
    out = ""
    for one in inlines:
        if one["t"] == "Span" and "index" in one["c"][0][1]:
            name, _, pairs = one["c"][0]
            assert not name or name.startswith("ix-")
            said = " ".join(value if key == "key" else f"{key}={value}" for key, value in pairs)
            out += f"[{shown(children(one))}]({said})"
        elif one["t"] in CONTAINERS:
            out += shown(children(one))
        else:
            out += {"Str": lambda one: one["c"], "Code": lambda one: f"`{one['c'][1]}`"}.get(one["t"], lambda _: " ")(
                one
            )
    return out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("在[重庆]{.index}。", "在[重庆](重庆)。"),
        ('[川]{.index key="地名!四川" seealso="重庆"}', "[川](地名!四川 seealso=重庆)"),
        ('[扬子江]{.index see="长江"}', "[扬子江](扬子江 see=长江)"),
        ("[曾国藩]{.index .name}", "[曾国藩](of=names 曾国藩)"),
        ('[成都]{.index of="places"}', "[成都](of=places 成都)"),
        ('无[]{.index key="空!无字"}字', "无[](空!无字)字"),
        ("[**重**庆]{.index}", "[重庆](重庆)"),
    ],
)
def test_an_author_marks_a_word(marks, text, said):
    assert marks(text, place=PLACE + '\n::: {.index of="places"}\n:::\n\n::: {.index .names}\n:::\n') == (said, [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (r"重庆\index{重庆}。", "重庆[](重庆)。"),
        (r"川\index{diming@地名!四川|see{巴蜀}} 江", "川[](地名!四川 see=巴蜀) 江"),
        (r"网\index{neural network|textbf}络", "网[](neural network)络"),
        (r"`\index{甲}`\index{乙|seealso{甲}}", r"`\index{甲}`[](乙 seealso=甲)"),
        (r"未闭\index{甲", r"未闭\index{甲"),
        (r"始\index{甲|(}中\index{甲|)}", "始[](甲 range=start)中[](甲 range=end)"),
    ],
)
def test_an_author_marks_a_word_as_in_latex(marks, text, said):
    assert marks(text, place="\n\n\\printindex\n") == (said, [])


LIST = """\
terms:
  重庆:
  重庆市: 城市!重庆市
  C++:
  Go:
  网络: {key: 网络（计算机）, reading: wang luo}
names:
  鲁迅: {also: [周树人, 豫才]}
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("重庆和重庆市", "[重庆](重庆)和[重庆市](城市!重庆市)"),
        ("重**庆**人", "[重](重庆)庆人"),
        ("`重庆`和$重庆$", "`重庆`和 "),
        ("Go和Gopher、Mango", "[Go](Go)和Gopher、Mango"),
        ("用C++写", "用[C++](C++)写"),
        ("周树人就是鲁迅", "[周树人](of=names 鲁迅)就是[鲁迅](of=names 鲁迅)"),
        ("网络", "[网络](网络（计算机） reading=wang luo)"),
        ('[重庆]{.index key="渝"}', "[重庆](渝)"),
        ("<https://go.dev/重庆>", "https://go.dev/重庆"),
    ],
)
def test_words_of_the_list_are_marked_wherever_they_stand_as_words(marks, text, said):
    assert marks(text, LIST)[0] == said


def test_a_word_that_leads_to_another_counts_as_that_one(marks):
    said, findings = marks("长江即扬子江", "terms:\n  长江:\n  扬子江: {see: 长江}\n")
    assert said == "[长江](长江)即[扬子江](长江)"
    assert not findings


def test_marks_have_ids_that_depend_on_their_entry_alone(folder):
    def names(text):
        book = folder({"book.yaml": "title: 书\nchapters: [a.md]\n", "a.md": f"# 章\n\n{text}{PLACE}"})
        paragraph = read_manuscript(read_project(book)).chapters[0].blocks[1]["c"]
        return [one["c"][0][0] for one in paragraph if one["t"] == "Span" and "index" in one["c"][0][1]]

    assert names("[重庆]{.index}")[0] == names("[长江]{.index}[重庆]{.index}")[1]
    assert len(set(names("[重庆]{.index}[重庆]{.index}"))) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[甲]{.index range=start}中[甲]{.index range=end}", []),
        ("[甲]{.index range=start}", ["does not end"]),
        ("[甲]{.index range=end}", ["has begun"]),
        ("[甲]{.index range=start}[甲]{.index range=start}[]{.index key=甲 range=end}", ["does not end"]),
        ("[甲]{.index range=start}[甲]{.index .name range=end}", ["has begun", "does not end"]),
        ("[甲]{.index range=begin}", ["says nothing"]),
    ],
)
def test_a_passage_that_does_not_begin_or_end_is_told(folder, text, said):
    files = {"book.yaml": "title: 书\nlang: zh-CN\nchapters: [a.md]\n", "a.md": f"# 章\n\n{text}{PLACE}"}
    found = [one for one in read_manuscript(read_project(folder(files))).findings if one.code == "index-range"]
    assert [one.place.line for one in found] == [3] * len(said)
    assert all(words in one.problem for words, one in zip(said, found, strict=True))


def test_a_book_without_a_place_for_an_index_is_told_the_line(marks):
    assert marks("甲，\n乙[重庆]{.index}", place="")[1] == [("index-unplaced", 4)]
    assert marks("[重庆]{.index}", place="\n\n::: {.index .names}\n:::\n")[1] == [("index-unplaced", 3)]
    assert not marks("[鲁迅]{.index .name}")[1]


def test_a_word_of_the_list_that_stands_nowhere_is_told_with_its_line(marks):
    assert marks("重庆", "terms:\n  重庆:\n  成都:\n")[1] == [("index-unused", 3)]


def test_a_word_of_the_list_that_its_author_marks_himself_stands_somewhere(marks):
    assert marks('[渝]{.index key="重庆"}，[川]{.index}', "[重庆, 川, 沪]") == (
        "[渝](重庆)，[川](川)",
        [("index-unused", 1)],
    )


@pytest.mark.parametrize("place", ["\\printindex", '<div class="index"></div>', "::: index\n:::"])
def test_an_index_may_stand_alone_in_its_chapter(folder, place):
    settings = "title: 书\nlang: zh-CN\nchapters: [a.md, b.md]\n"
    book = folder({"book.yaml": settings, "a.md": "# 甲\n\n[词]{.index}\n", "b.md": f"# 乙\n\n{place}\n"})
    manuscript = read_manuscript(read_project(book))
    assert manuscript.findings == ()
    assert manuscript.chapters[1].blocks[1]["c"][0][1] == ["index"]


def test_a_list_may_be_a_plain_list(marks):
    assert marks("重庆", "- 重庆\n")[0] == "[重庆](重庆)"
    assert marks("重庆", "terms: [重庆]\n")[0] == "[重庆](重庆)"


@pytest.mark.parametrize(
    ("terms", "line", "problem"),
    [
        ("terms:\n  重庆: {vide: 渝}\n", 2, "unknown key"),
        ("terms:\n  - [重庆]\n", 2, "not a word"),
        ("terms:\n  重庆: [渝]\n", 2, "not an entry"),
        ("terms: 重庆\n", 1, "neither"),
        ("重庆\n", 1, "neither"),
    ],
)
def test_a_list_that_cannot_be_read_is_an_error_with_its_line(marks, terms, line, problem):
    with pytest.raises(PublishError, match=problem) as error:
        marks("重庆", terms)
    assert error.value.place.line == line


def test_a_list_that_is_missing_is_an_error(folder):
    book = folder({"book.yaml": "title: 书\nindex: no.yaml\nchapters: [a.md]\n", "a.md": "# 章\n"})
    with pytest.raises(PublishError, match="not found") as error:
        read_project(book)
    assert error.value.place.line == 2


def test_a_title_that_is_said_again_in_a_list_is_no_second_mark(folder):
    settings = "title: 书\nindex: index.yaml\nchapters:\n  - title: 城市\n    chapters: [a.md]\n"
    book = folder({"book.yaml": settings, "index.yaml": "[重庆]", "a.md": f"# 重庆\n\n字。{PLACE}"})
    listing, chapter = read_manuscript(read_project(book)).chapters
    assert "ix-" not in str(listing.blocks)
    assert str(chapter.blocks).count("ix-") == 1


def test_an_authors_mark_of_a_word_of_the_list_has_the_entry_of_the_list(marks):
    terms = "terms:\n  长江: 河流!长江\n  厘金:\nnames:\n  立德: 立德（Little）\n"
    said, findings = marks('[长江]{.index}，[立德]{.index .name}，[厘金]{.index key="税!厘金"}，[立德]{.index}', terms)
    assert said == "[长江](河流!长江)，[立德](of=names 立德（Little）)，[厘金](税!厘金)，[立德](立德)"
    assert not findings


def test_levels_may_be_parted_by_a_full_width_mark(marks):
    assert marks('[青滩]{.index key="滩险！青滩"}')[0] == "[青滩](滩险!青滩)"
    assert marks("青滩", "terms:\n  青滩: 滩险！青滩\n")[0] == "[青滩](滩险!青滩)"
    assert marks("救救孩子！吧", "terms: [救救孩子！]\n")[0] == "[救救孩子！](救救孩子！)吧"


def test_a_mark_of_no_word_is_told(marks):
    assert marks("甲，\n乙[]{.index}。[重庆]{.index}")[1] == [("index-empty", 4)]


def test_an_index_says_nothing_of_the_list_of_literature(marks):
    _, findings = marks("字。\n\n::: {.csl-bib-body}\n重庆：人民出版社\n:::", "terms: [重庆]\n")
    assert findings == [("index-unused", 1)]
