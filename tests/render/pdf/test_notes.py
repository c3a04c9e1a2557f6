"""Notes in print: where they stand and how they are numbered, as the book says."""

from __future__ import annotations

import re

import pytest

from publish.cache import Cache
from publish.edition.markup.xhtml import H, plain, read
from publish.parity.gate import compare
from publish.render import prepare, prepare_kept, take_notes
from publish.render.pdf.document import document
from publish.render.pdf.notes import with_gathered

FILES = {
    "a.md": "# 一\n\n甲[^1]，乙[^2]{.translator}。\n\n[^1]: 注[^3]。\n[^2]: 译者说。\n[^3]: 注的注。\n",
    "b.md": "# 二\n\n丙[^1]。\n\n[^1]: 二章的注。\n",
}


@pytest.fixture
def publication(make_book):
    def make(notes="", files=FILES):
        settings = f"title: 书\nauthor: 甲\nlang: zh-CN\nnumber-sections: true\nchapters: [a.md, b.md]\n{notes}\n"
        book = make_book({"book.yaml": settings, **files}, ("zh-TW",))
        assert list(compare(book.project, book.manuscript, [book.editions["zh-TW"]])) == []
        return book.editions["zh-TW"]

    return make


def printed(publication):
    html = document(with_gathered(publication))[0]
    body = re.search(r"<body>.*</body>", html, re.DOTALL)[0]
    body = re.sub(r"&(nbsp|[a-z]+);", "", re.sub(r"<(img|br|hr|link|meta)([^>]*?)/?>", r"<\1\2/>", body))
    return read(body.replace("<body>", f'<body xmlns="{H[1:-1]}">'))


def by_class(root, name):
    return [one for one in root.iter() if name in str(one.get("class") or "").split()]


def test_notes_stand_at_the_foot_of_their_page(publication):
    notes = by_class(printed(publication()), "footnote")
    assert [plain(one) for one in notes] == ["注ⓐ。ⓐ 注的注。", "譯註：譯者說。", "二章的注。"]
    assert [one.get("class") for one in notes] == ["footnote"] * 3


def test_they_may_be_numbered_on_each_page_or_throughout(publication):
    pages = by_class(printed(publication("notes: page")), "by-page")
    assert len(pages) == 3
    through = by_class(printed(publication("notes: book")), "said")
    assert [one.get("data-number") for one in through] == ["[1]", "[2]", "[3]"]


AGAIN = {
    "a.md": "# 一\n\n甲[^1]，乙[^2]，丙[^1]。\n\n[^1]: 注[^3]。\n[^2]: 又。\n[^3]: 深。\n",
    "b.md": "# 二\n\n丁[^1]，戊[^1]。\n\n[^1]: 二章的注。\n",
}


@pytest.mark.parametrize(
    ("notes", "kind", "calls"),
    [
        ("", "footnote", ["[1]", "[1]"]),
        ("notes: book", "said", ["[1]", "[3]"]),
        ("notes: {place: chapter}", "endnote", ["[1]", "[2]", "[1]", "[1]", "[1]"]),
        ("notes: {place: book, numbered: book}", "endnote", ["[1]", "[2]", "[1]", "[3]", "[3]"]),
        ("notes: {place: margin}", "beside", ["[1]", "[2]", "[1]", "[1]", "[1]"]),
    ],
)
def test_a_further_call_has_the_number_of_the_first(publication, notes, kind, calls):
    root = printed(publication(notes, AGAIN))
    assert len(by_class(root, kind)) == 3
    found = [one for one in by_class(root, "noteref") if one.tag == f"{H}sup"]
    assert [plain(one) for one in found] == calls
    links = [one[0] for one in found]
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    assert {one.get("href")[1:] for one in links} <= {*ids}


def test_where_each_page_has_its_numbers_it_has_its_notes(publication):
    root = printed(publication("notes: page", AGAIN))
    assert [plain(one) for one in by_class(root, "by-page")] == [
        "注ⓐ。ⓐ 深。", "又。", "注ⓐ。ⓐ 深。", "二章的注。", "二章的注。"
    ]  # fmt: skip
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))


BESIDE = {
    "a.md": """\
# 一[^h]

甲[^1]，乙[^long]，丙[^list]。

| 表[^t] |
|---|
| 格 |

[^h]: 标题的注。
[^1]: 短注[^2]。
[^2]: 注的注。
[^t]: 表的注。
[^long]: LONG

[^list]: 一张单子：

    - 甲
""".replace("LONG", "很长。" * 70),
    "b.md": "# 二\n\n丙^[又]。\n",
}


def test_short_notes_of_running_text_stand_in_the_margin_and_others_at_the_foot(make_book):
    settings = "title: 书\nauthor: 甲\nlang: zh-CN\nnotes: margin\nnumber-sections: true\nchapters: [a.md, b.md]\n"
    root = printed(make_book({"book.yaml": settings, **BESIDE}, ("zh-CN",)).editions["zh-CN"])
    assert [plain(one) for one in by_class(root, "beside")] == ["[2] 短注ⓐ。ⓐ 注的注。", "[1] 又"]
    foot = by_class(root, "footnote")
    assert [(one.get("data-number"), plain(one)[:4]) for one in foot] == [
        ("[1]", "标题的注"), ("[3]", "很长。很"), ("[4]", "一张单子"), ("[5]", "表的注。")
    ]  # fmt: skip
    calls = [one.get("href") for one in root.iter(f"{H}a") if one.getparent().get("class") == "noteref"]
    assert calls == [f"#{one.get('id')}" for one in by_class(root, "beside")]


def test_in_the_margin_and_at_the_foot_they_are_numbered_on_each_page(make_book):
    settings = "title: 书\nlang: zh-CN\nnotes: {place: margin, numbered: page}\nchapters: [a.md, b.md]\n"
    root = printed(make_book({"book.yaml": settings, **BESIDE}, ("zh-CN",)).editions["zh-CN"])
    assert [plain(one) for one in by_class(root, "beside-number")] == ["①", "①"]
    assert {one.get("class") for one in by_class(root, "noteref")} == {"noteref by-page"}
    assert {one.get("class") for one in by_class(root, "footnote")} == {"footnote by-page"}


@pytest.mark.parametrize(("page", "beside"), [("page: {margin-outer: 40mm}\n", ["[2] 乙注。"]), ("", [])])
def test_a_note_may_ask_for_the_margin_and_gets_it_where_that_is_wide_enough(make_book, page, beside):
    text = "# 章\n\n甲[^1]，乙[^2]{.translator .margin}，丙^[丙注。]。\n\n[^1]: 甲注。\n[^2]: 乙注。\n"
    files = {"book.yaml": f"title: 书\nlang: zh-CN\nchapters: [a.md]\n{page}", "a.md": text}
    book = make_book(files, ("zh-CN",))
    assert list(compare(book.project, book.manuscript, [book.editions["zh-CN"]])) == []
    root = printed(book.editions["zh-CN"])
    assert [plain(one).replace("译注：", "") for one in by_class(root, "beside")] == beside
    feet = [(one.get("data-number"), plain(one)) for one in by_class(root, "footnote")]
    numbers = ["[1]", "[3]"] if beside else [None] * 3
    assert [number for number, _ in feet] == numbers
    assert "".join(text for _, text in feet) == ("甲注。丙注。" if beside else "甲注。译注：乙注。丙注。")


def test_chapters_from_the_cache_are_numbered_as_those_prepared_now(publication, tmp_path):
    book, cache = publication("notes: {numbered: book}"), Cache(tmp_path, "this program")
    expected = [one.noted for one in prepare(book, "html")]
    for _ in range(2):
        assert [one.noted for one in prepare_kept(book, "html", cache, {}, lambda *_: None)] == expected == [0, 3]


@pytest.mark.parametrize(("numbered", "numbers"), [("chapter", "1 2 1"), ("book", "1 2 3")])
def test_they_may_stand_behind_the_book(publication, numbered, numbers):
    root = printed(publication(f"notes: {{numbered: {numbered}, place: book}}"))
    assert not by_class(root, "footnote")
    assert [plain(one) for one in by_class(root, "endnotes-title")] == ["第一章 一", "第二章 二"]
    assert [plain(one).strip("[]") for one in by_class(root, "endnote-number")] == numbers.split()
    names = {str(one.get("id")) for one in root.iter() if one.get("id")}
    links = [str(one.get("href")) for one in root.iter(f"{H}a") if str(one.get("href")).startswith("#")]
    assert {link[1:] for link in links} <= names
    assert "all-notes" in names


def test_they_may_stand_behind_their_chapters(publication):
    root = printed(publication("notes: {place: chapter}"))
    assert [plain(one) for one in by_class(root, "endnotes-title")] == ["註釋", "註釋"]
    assert len(by_class(root, "endnote")) == 3


def test_a_book_without_notes_has_no_page_for_them(make_book):
    settings = "title: 书\nlang: zh-CN\nnotes: {place: book}\nchapters: [a.md]\n"
    made = make_book({"book.yaml": settings, "a.md": "# 章\n\n文字。\n"}, ("zh-CN",)).editions["zh-CN"]
    assert with_gathered(made) is made


@pytest.mark.parametrize(("notes", "expected"), [("", [[1, 2, 3], [1]]), ("notes: book", [[1, 2, 3], [4]])])
def test_on_screens_a_note_of_a_note_comes_next_and_numbers_may_go_on(publication, notes, expected):
    chapters = prepare(publication(notes), "html")
    assert [[note.number for note in take_notes(one.tree, one.noted)] for one in chapters] == expected


@pytest.mark.parametrize("place", ["book", "chapter", "page"])
def test_notes_of_a_book_that_cites_by_number_are_in_circles(make_book, place):
    """[1] is a source: a note that looked the same could not be told from it."""
    settings = (
        f"title: 书\nlang: zh-CN\nbibliography: r.bib\nnotes: {{place: {place}, numbered: book}}\nchapters: [a.md]\n"
    )
    text = "# 一\n\n甲[@a]，注[^1]。\n\n[^1]: 注文。\n"
    bib = "@book{a, title={书}, author={甲}, year={2001}}\n"
    root = printed(make_book({"book.yaml": settings, "a.md": text, "r.bib": bib}, ("zh-CN",)).editions["zh-CN"])
    if place == "page":
        assert [one.get("data-number") for one in by_class(root, "said")] == ["①"]
    else:
        assert [plain(one) for one in by_class(root, "noteref")] == ["①"]
        assert [plain(one) for one in by_class(root, "endnote-number")] == ["①"]


@pytest.mark.parametrize(
    ("title", "place", "stays"),
    [
        ("## 参考资料 {#over}", "page", False),
        ("## 参考资料 {#over}\n\n***\n\n完。", "page", False),
        ("## 参考资料 {#over}\n\n### 其一\n\n完。", "page", True),
        ("## 参考资料 {#over}", "chapter", True),
        ("## 未完 {#over}", "page", True),
    ],
)
def test_a_heading_over_nothing_but_notes_is_not_printed_where_they_are_on_their_pages(
    publication, title, place, stays
):
    note = "\n\n[^1]: 注。\n"
    files = {
        "a.md": f"# 一\n\n甲[^1]，[见后](#over)。\n\n***\n\n{title}{note}",
        "b.md": f"# 二\n\n丙[^1]。{note}",
    }
    root = printed(publication(f"notes: {{place: {place}}}", files))
    assert [bool(plain(one).strip()) for one in root.iter() if one.get("id") == "over"] == [stays]
    assert bool(by_class(root, "level-2")) == stays, "in the contents"
    assert len(list(root.iter(f"{H}hr"))) == (stays or "***" in title)
