"""The manuscript: files read together and kept apart, lines joined, chapters cut."""

from __future__ import annotations

import pytest

from publish.errors import PublishError
from publish.render import contents, prepare
from publish.source import pandoc
from publish.source.document import block_text, text
from publish.source.manuscript import count_gaps, join_lines, led, read_manuscript, sets_gaps
from publish.source.project import read_project


def joined(markdown, *, spaced=True):
    """The texts of a Markdown text's paragraphs with their lines joined."""
    (blocks,), _ = pandoc.read([("a.md", markdown)])
    return [text(block["c"]) for block in join_lines(blocks, spaced=spaced)]


def pandoc_findings(book):
    """The place and the problem of each warning of pandoc."""
    return [(str(one.place), one.problem) for one in book.findings if one.code == "pandoc"]


def test_chapters_with_the_same_note_names_keep_their_own_notes(make_book):
    files = {
        f"{number}.md": f"# 章\n\n文[^1]，又[^n]\n\n[^1]: 第{number}章的注\n[^n]: 又{number}\n" for number in range(3)
    }
    book = make_book(files, ("zh-CN",))
    for number in range(3):
        page = book.page("zh-CN", number)
        assert f"<p>第{number}章的注</p>" in page
        assert f"<p>又{number}</p>" in page
        assert page.count('class="note"') == 2


def test_a_note_of_another_file_is_not_found(make_book):
    book = make_book({"a.md": "[^1]: 注\n", "b.md": "文[^1]\n"}, ("zh-CN",))
    assert book.page("zh-CN", -1) == "<p>文[^1]</p>"
    assert ("note-unused", "a.md:1") in [(one.code, str(one.place)) for one in book.findings]


def test_files_with_the_same_link_names_keep_their_own_addresses(make_book):
    book = make_book(
        {"a.md": "[x][r]\n\n[r]: https://a.example\n", "b.md": "[x][r]\n\n[r]: https://b.example\n", "c.md": "[x][r]\n"}
    )
    assert ['href="https://a.example"' in book.page(chapter=n) for n in range(3)] == [True, False, False]
    assert ['href="https://b.example"' in book.page(chapter=n) for n in range(3)] == [False, True, False]


def test_pandocs_warnings_have_their_places(make_book):
    book = make_book({"a.md": "# 甲\n\n文[^1]\n\n[^1]: 一\n\n[^1]: 二\n", "b.md": "# 乙\n\n\n::: a\n未关\n"})
    assert [place for place, _ in pandoc_findings(book)] == ["a.md:7"]
    assert [str(one.place) for one in book.findings if one.code == "markup-unread"] == ["b.md:4"]


def test_yaml_in_the_middle_of_a_chapter_is_text_and_not_lost(make_book):
    book = make_book("# 题\n\n---\nauthor: 张三\n---\n\n文\n\n---\n*x*: [\n...\n\n完\n", ("zh-CN",))
    assert "author: 张三" in book.page("zh-CN")
    assert "完" in book.page("zh-CN")


def test_a_title_block_is_text_and_not_lost(make_book):
    assert "% 题" in make_book({"a.md": "% 题\n% 人\n\n文\n"}, ("zh-CN",)).page("zh-CN")


def test_front_matter_of_a_chapter_names_it_and_keeps_its_lines(make_book):
    book = make_book({"a.md": "---\ntitle: 头发\nlayout: post\n---\n\n文[坏](#x)\n", "b.md": "---\n---\n文\n"})
    assert book.manuscript.chapters[0].title == "头发"
    assert [str(one.place) for one in book.findings if one.code == "link-broken"] == ["a.md:6"]


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("中\n文", "中文"),
        ("“引\n号”", "“引号”"),
        ("引”\n“号", "引”“号"),
        ("引，\nAI", "引，AI"),
        ("AI\n，引", "AI，引"),
        ("中——\n文……\n完", "中——文……完"),
        ("用\nAI\n写", "用 AI 写"),
        ("two\nwords", "two words"),
        ("用 \n写", "用写"),
        ("*中*\n*文*", "中文"),
        ("a *b*\n*c*", "a b c"),
        ("中\u3000\n文", "中\u3000文"),
        ("用  AI   写", "用 AI 写"),
        ("中 文", "中 文"),
        ("カナ\nかな", "カナかな"),
        ("한국\n말", "한국 말"),
        ("２\n３", "２３"),
        ("中\\\n文", "中 文"),
        ("𠀀\n𠀁", "𠀀𠀁"),
    ],
)
def test_a_line_end_is_nothing_between_wide_characters_and_a_space_between_words(markdown, expected):
    assert joined(markdown) == [expected]


def test_between_han_and_latin_a_line_end_is_what_the_author_sets_there():
    assert joined("用\nAI\n写", spaced=False) == ["用AI写"]
    assert joined("two\nwords", spaced=False) == ["two words"]
    assert sets_gaps([count_gaps("用 AI 写，用AI 写")])
    assert not sets_gaps([count_gaps("用AI写，用 AI写")])
    assert count_gaps("用AI写，用 AI写") == (4, 1)
    assert sets_gaps([(4, 1), (2, 2)])
    assert sets_gaps([])
    assert count_gaps("没有") == (0, 0)


@pytest.mark.parametrize(
    ("markdown", "nodes"),
    [
        ("用 **AI** 写", "Str Space Strong Space Str"),
        ("用 *AI*\n写", "Str Space Emph Space Str"),
    ],
)
def test_spaces_stay_nodes_of_their_own(markdown, nodes):
    (blocks,), _ = pandoc.read([("a.md", markdown)])
    assert " ".join(one["t"] for one in join_lines(blocks)[0]["c"]) == nodes


def test_of_spaces_that_meet_over_markup_one_is_kept(make_book):
    book = make_book("用<b> </b> AI，用 <b> AI</b>，a[ ]{.x} b\n", ("zh-CN",))
    assert book.page("zh-CN") == '<p>用<b> </b>AI，用 <b>AI</b>，a<span class="x"></span> b</p>'


def test_a_file_is_cut_into_chapters_before_each_first_level_heading(make_book):
    book = make_book({"书.md": "前言\n\n# 一\n\n文\n\n## 二\n\n# 三 {.unnumbered}\n", "index.md": "文\n\n## 节\n"})
    chapters = book.manuscript.chapters
    assert [(one.key, one.title, one.headed, one.numbered) for one in chapters] == [
        ("home", "book", False, False),
        ("shu", "书", False, False),
        ("shu-yi", "一", True, True),
        ("shu-san", "三", True, False),
    ]


def test_a_title_stands_before_a_short_lead(make_book):
    lead = "> 说明：选自别处。\n\n![](https://example.org/a.png)\n\n"
    book = make_book({"a.md": lead + "# 题\n\n" + "话。" * 20, "b.md": "话。" * 20 + "\n\n# 后记\n\n完。\n"})
    assert [(one.key, one.title) for one in book.manuscript.chapters] == [("a", "题"), ("b", "b"), ("b-hou-ji", "后记")]
    assert [block["t"] for block in book.manuscript.chapters[0].blocks] == ["Header", "BlockQuote", "Figure", "Para"]


def test_the_books_own_index_has_a_page_named_by_its_title(make_book):
    book = make_book({"index.md": "# 缘起\n\n文。\n", "a.md": "# 甲\n"})
    assert [one.key for one in book.manuscript.chapters] == ["yuan-qi", "a"]


def test_chapters_whose_files_have_like_names_get_pages_of_their_own(make_book):
    book = make_book({"头.md": "# a\n", "tou.md": "# b\n", "cover.md": "# c\n", "Tou.markdown": "# d\n"})
    keys = [one.key for one in book.manuscript.chapters]
    assert len(set(keys)) == 4
    assert "cover" not in keys


def test_an_empty_book_is_an_error(folder):
    with pytest.raises(PublishError, match="the book is empty"):
        read_manuscript(read_project(folder({"a.md": "\n\n"})))
    with pytest.raises(PublishError, match="the book is empty"):
        read_manuscript(read_project(folder({"b.md": "---\ntitle: 有名无实\n---\n\n"}) / "b.md"))


def test_headings_that_say_nothing_go(make_book):
    assert make_book("# 题\n\n## \n\n文\n").page() == "<h1>題</h1>\n<p>文</p>"


def test_an_image_alone_in_a_paragraph_is_a_figure_with_or_without_a_caption(make_book, png):
    book = make_book({"a.md": "![](x.png){#f .wide width=50%}\n\n![题](x.png)\n\n文![](x.png)\n", "x.png": png})
    page = book.page()
    assert page.count("<figure") == 2
    assert '<figure id="f">' in page
    assert page.count("<figcaption>") == 1


def test_a_text_that_pandoc_cannot_read_is_named_with_its_file(monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError(
            "Pandoc died with exitcode 64: Error\n<<b.md>>broken at line 7, column 1\nstack traceback: x"
        )

    monkeypatch.setattr("pypandoc.convert_text", fail)
    with pytest.raises(PublishError, match=r"^b\.md:7: pandoc cannot read this: broken at line 7, column 1\. Correct"):
        pandoc.read([("a.md", ""), ("b.md", "")])


def test_a_chapter_listed_after_a_part_stands_beside_it_in_the_contents(make_book):
    files = {
        "book.yaml": "title: t\nchapters: [p.md, {part: 部, chapters: [a.md]}, z.md]\n",
        "p.md": "# 前言\n",
        "a.md": "# 一\n",
        "z.md": "# 附录\n",
    }
    chapters = prepare(make_book(files).editions["zh-TW"], "html")
    tree = [(entry.title, [child.title for child in entry.children]) for entry in contents(chapters, 1)]
    assert tree == [("前言", []), ("部", ["一"]), ("附錄", [])]


def test_bookdowns_headings_of_parts_open_parts(folder):
    text = "# 序\n\n文\n\n# (PART) 上编 {-}\n\n# 甲\n\n文\n\n# 乙\n\n文\n\n# (APPENDIX) 附录 {-}\n\n# 丙\n\n文\n"
    chapters = read_manuscript(read_project(folder({"a.md": text}))).chapters
    assert [(one.title, one.part, one.inside) for one in chapters] == [
        ("序", "", False),
        ("甲", "上编", True),
        ("乙", "", True),
        ("丙", "附录", True),
    ]


def test_a_part_opens_with_the_next_file_and_one_that_has_text_or_nothing_behind_it_is_a_chapter(folder):
    files = {
        "1.md": "# (PART) 上编 {-}\n",
        "2.md": "# 甲\n\n文\n",
        "3.md": "# (PART) 下编\n\n说明。\n",
        "4.md": "# (PART) 尾\n",
    }
    chapters = read_manuscript(read_project(folder(files))).chapters
    assert [(one.title, one.part) for one in chapters] == [("甲", "上编"), ("下编", ""), ("尾", "")]


def test_a_folder_of_one_file_has_the_title_that_the_file_gives_itself(folder):
    manuscript = read_manuscript(read_project(folder({"a.md": "---\ntitle: 书名\n---\n\n# 章名\n\n文\n"})))
    assert (manuscript.metadata.title, manuscript.chapters[0].title) == ("书名", "章名")
    several = read_manuscript(read_project(folder({"a.md": "# 甲\n", "b.md": "---\ntitle: 乙\n---\n\n文\n"})))
    assert several.metadata.title == "甲"


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("<!-- 注 -->\n\n## 乙篇\n\n二。\n", ["乙篇"]),
        ("<!-- 注 -->\n\n# 甲\n\n一。\n\n# 乙\n\n二。\n", ["甲", "乙"]),
        ("---\ntitle: 甲篇\n---\n\n## 甲篇\n\n一。\n\n### 节\n\n二。\n", ["甲篇"]),
        ("**第一章　出门**\n\n一。\n", ["第一章 出门"]),
        ("第三章钟先生\n\n一。\n", ["第三章钟先生"]),
        ("第一节课上，老师说：\n\n“坐下。”\n", ["a"]),
        ("第一回合结束\n\n一。\n", ["a"]),
        ("第三章　钟先生\n\n一。\n", ["第三章 钟先生"]),
        ("第一章\n\n一。\n\n第二章\n\n二。\n", ["第一章", "第二章"]),
        ("第一章\n\n第二章\n\n二。\n", ["a"]),
        ("第一章说的是他出门。\n\n一。\n", ["a"]),
        ("**这一句是粗体**\n\n一。\n", ["a"]),
        ("**第一章**\n\n一。\n\n## 节\n", ["a"]),
    ],
)
def test_what_begins_a_file_is_its_title(folder, text, titles):
    chapters = read_manuscript(read_project(folder({"a.md": text, "b.md": "# 末\n"}))).chapters
    assert [one.title.replace("\u3000", " ") for one in chapters] == [*titles, "末"]
    heads = [block for one in chapters[:-1] for block in one.blocks if block["t"] == "Header"]
    assert len(heads) <= len(titles) + text.count("节")


@pytest.mark.parametrize(
    "above",
    [
        "import Tabs from '@theme/Tabs';\nimport A from 'b';",
        "![封面](https://example.com/a.png)",
        "[首页](b.md) | [下章](b.md)",
        "> 题记",
        "<!--\n注\n-->",
        "---",
        "短引。",
    ],
)
def test_what_stands_beside_a_title_stands_below_it(folder, above):
    long = "字" * 20
    chapters = read_manuscript(
        read_project(folder({"a.md": f"{above}\n\n# 甲\n\n{long}\n", "b.md": "# 乙\n"}))
    ).chapters
    assert [one.title for one in chapters] == ["甲", "乙"]


def test_a_text_that_stands_above_a_title_is_a_chapter_of_its_own(folder):
    text = "这里先说一段很长的话，它不是题记。\n\n# 甲\n\n字。\n"
    chapters = read_manuscript(read_project(folder({"a.md": text, "b.md": "# 乙\n"}))).chapters
    assert [one.title for one in chapters] == ["a", "甲", "乙"]


@pytest.mark.parametrize(
    ("title", "heading", "titles"),
    [
        ("乙章的题", "另一个标题", ["乙章的题", "另一个标题"]),
        ("安装", "安装与配置", ["安装与配置"]),
        ("快速开始指南", "快速入门指南", ["快速入门指南"]),
    ],
)
def test_a_title_that_a_heading_does_not_say_is_the_chapters(folder, title, heading, titles):
    text = f"---\ntitle: {title}\n---\n\n# {heading}\n\n字。\n"
    first = read_manuscript(read_project(folder({"a.md": text, "b.md": "# 乙\n"}))).chapters[0]
    heads = [block_text([{"t": "Plain", "c": block["c"][2]}]) for block in first.blocks if block["t"] == "Header"]
    assert (first.title, heads) == (titles[0], titles)


def test_a_text_keeps_its_order_where_its_only_heading_is_not_its_title(folder):
    def order(text, *more):
        files = {"a.md": text, **{name: f"# {name}\n" for name in more}}
        root = folder(files)
        chapter = read_manuscript(read_project(root if more else root / "a.md")).chapters[0]
        return [block_text([one]) for one in chapter.blocks[:3]]

    text = "---\ntitle: 试书\n---\n> 已参与活动。\n\n# 一、前言\n\n字。\n"
    assert order(text) == ["试书", "已参与活动。", "一、前言"]
    assert order(text, "b.md") == ["试书", "已参与活动。", "一、前言"]
    assert order(text.replace("试书", "前言"))[:2] == ["一、前言", "已参与活动。"]


def test_a_line_above_one_that_begins_with_a_sharp_is_a_paragraph(make_book):
    page = make_book("# 题\n\n天气真好。\n#春天 #花\n\n> 引文\n#2楼 李四\n", ("zh-CN",)).page("zh-CN")
    assert page.count("<p>") == 4


def test_a_single_text_with_one_heading_has_a_title(folder):
    def codes(text):
        return {one.code for one in read_manuscript(read_project(folder({"a.md": text}) / "a.md")).findings}

    assert "meta-title" not in codes("# 题\n\n文\n")
    assert "meta-title" in codes("# 甲\n\n文\n\n# 乙\n\n文\n")
    assert "meta-title" in codes("文\n")


def test_text_above_the_only_heading_stays_above_it_where_the_title_is_another():
    words = [{"t": "Str", "c": "一、前言"}]
    lead, heading = {"t": "BlockQuote", "c": []}, {"t": "Header", "c": [1, ["", [], []], words]}
    assert led([lead, heading], "试书") == [lead, heading]
    assert led([lead, heading], "前言") == led([lead, heading]) == [heading, lead]


def test_a_link_to_the_root_of_a_site_leads_to_its_first_page(make_book):
    assert '<a href="#' in make_book("# 一\n\n回[首页](/)。\n", ("zh-CN",)).page("zh-CN")
