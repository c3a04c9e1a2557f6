"""Chapters that nest: numbers, contents, bookmarks, navigation and pages of a book of three levels."""

from __future__ import annotations

import pikepdf
import pypdfium2
import pytest

from publish.edition.markup import xhtml
from publish.render import contents, prepare
from publish.render.chapters import call_ids, mark_pictures, take_notes
from tests.render.epub.test_renderer import opened
from tests.tiny import make, write_book

SETTINGS = """\
title: 讲义
slug: tiny
lang: zh-CN
number-sections: true
toc-depth: 3
chapters:
- part: 起步
  chapters:
  - file: memory/index.md
    chapters:
    - memory/stack.md
    - file: memory/heap.md
      chapters: [memory/arena.md]
- title: 附加材料
  chapters: [a.md, b.md]
"""
FILES = {
    "book.yaml": SETTINGS,
    "memory/index.md": "# 内存\n\n文。\n\n## 缘由\n\n![图](i.svg){#fig-a}\n",
    "memory/stack.md": "# 栈\n\n文。\n\n## 帧\n\n![图](i.svg){#fig-b}\n",
    "memory/heap.md": "# 堆\n\n文。\n",
    "memory/arena.md": "# 竞技场\n\n文。\n\n## 何时\n\n文。\n",
    "memory/i.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>',
    "a.md": "# 对照[^1]\n\n文。\n\n[^1]: 注。\n",
    "b.md": "没有标题的文。\n",
}
OUTLINE = [
    (0, "第一部 起步"),
    (1, "第一章 内存"),
    (2, "1.1 缘由"),
    (2, "1.2 栈"),
    (3, "1.2.1 帧"),
    (2, "1.3 堆"),
    (3, "1.3.1 竞技场"),
    (1, "第二章 附加材料"),
    (2, "2.1 对照"),
    (2, "b"),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nested")
    make(write_book(folder / "book", FILES), folder / "out", editions=("zh-CN",))
    return folder / "out/zh-CN"


def walked(entries):
    for entry in entries:
        yield entry.depth, entry.text
        yield from walked(entry.children)


def test_contents_nest_as_the_list_does_and_are_numbered_through(make_book):
    book = make_book({**FILES}, editions=("zh-CN",))
    assert list(walked(contents(prepare(book.editions["zh-CN"], "pdf"), 3))) == OUTLINE
    shallow = [text for _, text in walked(contents(prepare(book.editions["zh-CN"], "pdf"), 2))]
    assert shallow == [text for _, text in OUTLINE if text != "1.2.1 帧"], "files stand there at any depth"


def test_figures_of_files_under_a_chapter_are_counted_with_its_own(make_book):
    book = make_book({**FILES}, editions=("zh-CN",))
    assert "图 1-1" in book.page("zh-CN", 0)
    assert "图 1-2" in book.page("zh-CN", 1)


def test_pages_are_named_by_their_files_folders_and_groups(make_book):
    keys = [one.key for one in make_book({**FILES}, editions=("zh-CN",)).manuscript.chapters]
    assert keys == ["memory", "stack", "heap", "arena", "fu-jia-cai-liao", "a", "b"]


def test_a_group_lists_what_stands_under_it(built):
    page = (built / "html/fu-jia-cai-liao.html").read_text(encoding="utf-8")
    article = page[page.index("<article") :]
    assert 'href="a.html#' in article
    assert ">对照</a></li>" in article.replace("\n", "")
    assert "<li>b</li>" in article.replace("\n", "").replace("<span>", "").replace("</span>", "")


def test_bookmarks_nest_and_only_chapters_begin_a_page(built):
    found = []
    with pikepdf.open(built / "tiny.pdf") as pdf:

        def walk(items, depth):
            for item in items:
                found.append((depth, item.title))
                walk(item.children, depth + 1)

        with pdf.open_outline() as outline:
            walk(outline.root, 0)
    assert [row for row in found if row[1] != "目录"] == [
        (0, "第一部 起步"),
        (1, "第一章 内存"),
        (2, "1.1 缘由"),
        (2, "1.2 栈"),
        (3, "1.2.1 帧"),
        (2, "1.3 堆"),
        (3, "1.3.1 竞技场"),
        (4, "1.3.1.1 何时"),
        (0, "第二章 附加材料"),
        (1, "2.1 对照"),
        (1, "b"),
    ]
    with pypdfium2.PdfDocument(built / "tiny.pdf") as pdf:
        texts = [page.get_textpage().get_text_bounded() for page in pdf]
    [page] = [one for one in texts if "1.2.1" in one and "目" not in one]
    assert "1.1" in page, "what stands under a chapter runs on"


def test_an_epubs_navigation_nests_and_its_files_stay_apart(built):
    members = opened(built / "tiny.epub")
    nav = members["EPUB/nav.xhtml"]
    [stack] = [one for one in nav.iter("{*}li") if (one[0].get("href") or "") == "stack.xhtml"]
    above = [one[0].get("href") for one in stack.iterancestors("{*}li")]
    assert above == ["memory.xhtml", "part-memory.xhtml"]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("# 缘起\n\n甲\n\n# 经过 {#middle}\n\n乙\n\n# 缘起\n\n丙\n", ["yuan-qi", "middle", "yuan-qi-2"]),
        ("序\n\n# 缘起\n\n甲\n", ["text", "yuan-qi"]),
        ("只有文\n", ["text"]),
    ],
)
def test_pages_of_a_single_file_are_named_by_their_headings(text, keys, folder):
    from publish.source.manuscript import read_manuscript
    from publish.source.project import read_project

    root = folder({"a.md": f"---\nlang: zh-CN\n---\n{text}"})
    assert [one.key for one in read_manuscript(read_project(root / "a.md")).chapters] == keys


@pytest.mark.parametrize(
    ("body", "marked"),
    [
        ('<figure><img src="a" width="1170" height="2532"/></figure>', [("img", "screen")]),
        ('<figure><img src="a" width="1170" height="2532" style="width:50%"/></figure>', []),
        ('<p>点<img src="a" width="48" height="96"/>，<img src="b" width="900" height="900"/></p>', []),
        (
            '<p><img src="a" width="750" height="6000"/> <br/><img src="b" width="9" height="9"/></p>',
            [("p", "pictures")],
        ),
    ],
)
def test_screens_of_phones_and_paragraphs_of_pictures_are_marked(body, marked):
    tree = xhtml.parse(body, soup=False)
    mark_pictures(tree)
    assert [(xhtml.local(one), one.get("class")) for one in tree.iter() if one.get("class")] == marked


def test_each_call_of_a_note_has_an_id_and_its_note_knows_them():
    call = '<span class="noteref" data-note="{}"></span>'
    notes = f'<div class="note" id="a"><p>一{call.format("c")}</p></div><div class="note" id="b"><p>二</p></div>'
    notes += '<div class="note" id="c"><p>三</p></div>'
    text = "".join(f"<p>文{call.format(name)}</p>" for name in "aba")
    tree = xhtml.read(f'<div xmlns="{xhtml.XHTML}">{text}{notes}</div>')
    taken = take_notes(tree)
    assert [(one.id, one.number, one.places) for one in taken] == [
        ("a", 1, ["ref-a", "ref2-a"]),
        ("c", 2, ["ref-c"]),
        ("b", 3, ["ref-b"]),
    ]
    assert [(name, own) for _, name, own in call_ids(xhtml.note_calls(tree))] == [
        ("a", "ref-a"), ("b", "ref-b"), ("a", "ref2-a")
    ]  # fmt: skip
