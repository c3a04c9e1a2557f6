"""The manuscript: files read together and kept apart, lines joined, chapters cut."""

from __future__ import annotations

import pytest

from publish.errors import PublishError
from publish.render import contents, prepare
from publish.source import pandoc
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project


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


def test_a_file_is_cut_into_chapters_before_each_first_level_heading(make_book):
    book = make_book({"书.md": "前言\n\n# 一\n\n文\n\n## 二\n\n# 三 {.unnumbered}\n", "index.md": "文\n\n## 节\n"})
    chapters = book.manuscript.chapters
    assert [(one.key, one.title, one.headed, one.numbered) for one in chapters] == [
        ("home", "book", False, False),
        ("shu", "书", False, False),
        ("shu-yi", "一", True, True),
        ("shu-san", "三", True, False),
    ]


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


def test_a_part_opens_with_the_next_file_and_one_that_has_text_or_nothing_behind_it_is_a_chapter(folder):
    files = {
        "1.md": "# (PART) 上编 {-}\n",
        "2.md": "# 甲\n\n文\n",
        "3.md": "# (PART) 下编\n\n说明。\n",
        "4.md": "# (PART) 尾\n",
    }
    chapters = read_manuscript(read_project(folder(files))).chapters
    assert [(one.title, one.part) for one in chapters] == [("甲", "上编"), ("下编", ""), ("尾", "")]


def test_a_line_above_one_that_begins_with_a_sharp_is_a_paragraph(make_book):
    page = make_book("# 题\n\n天气真好。\n#春天 #花\n\n> 引文\n#2楼 李四\n", ("zh-CN",)).page("zh-CN")
    assert page.count("<p>") == 4


def test_a_link_to_the_root_of_a_site_leads_to_its_first_page(make_book):
    assert '<a href="#' in make_book("# 一\n\n回[首页](/)。\n", ("zh-CN",)).page("zh-CN")
