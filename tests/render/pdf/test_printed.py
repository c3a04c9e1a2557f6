"""Chapters made ready for print: one that is as it was is taken from the cache, one that reads something new is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from publish.cache import Cache
from publish.render.pdf import printed
from publish.render.pdf.document import document
from publish.render.pdf.notes import with_gathered

SETTINGS = "title: 书\nauthor: 甲\nlang: zh-CN\nnotes: {numbered: book, place: chapter}\nchapters: [a.md, b.md, c.md]\n"
FILES = {
    "book.yaml": SETTINGS,
    "a.md": "# 甲\n\n文[^1]，见[丙](c.md#c)。\n\n[^1]: 注。\n\n| 一 | 二 |\n|--|--|\n| 三 | 四 |\n",
    "b.md": f"# 乙\n\n$$\\text{{{'长' * 60}}}$$\n\n式[^1]。\n\n[^1]: 又注。\n",
    "c.md": "# 丙 {#c}\n\n末[^1]。\n\n[^1]: 尾注。\n",
}


@pytest.fixture
def fitted(monkeypatch):
    """The chapters that are fitted for print, in the order in which they are."""
    seen: list[str] = []
    fit = printed.fit_for_print
    monkeypatch.setattr(
        printed, "fit_for_print", lambda one, *others: (seen.append(one.chapter.title), fit(one, *others))[1]
    )
    return seen


def changed(files, **texts):
    return files | {f"{name}.md": files[f"{name}.md"].replace(*pair) for name, pair in texts.items()}


@pytest.mark.parametrize(
    ("files", "again"),
    [
        (FILES, []),
        (changed(FILES, a=("文", "字")), ["甲"]),
        (changed(FILES, a=("文[^1]", "文")), ["甲", "乙", "丙"]),  # notes are counted through the book
        (changed(FILES, c=("{#c}", "{#d}")), ["甲", "丙"]),  # a link leads nowhere
        (FILES | {"book.yaml": SETTINGS.replace("title: 书", "title: 新书")}, ["甲", "乙", "丙"]),
        (FILES | {"book.yaml": f"{SETTINGS}page: {{size: A4}}\n"}, ["甲", "乙", "丙"]),
    ],
)
def test_only_chapters_that_read_something_new_are_made_ready_again(files, again, make_book, tmp_path, fitted):
    def book(content):
        return make_book(content, ("zh-CN",)).editions["zh-CN"]

    cache = Cache(tmp_path / "kept", "program")
    document(book(FILES), cache=cache)
    before, after = len(fitted), book(files)
    warm = document(after, cache=cache)
    assert fitted[before:] == again
    assert warm == document(after)
    assert any(one.code == "pdf-math" for one in warm[1])


def test_notes_behind_the_book_are_gathered_anew(make_book, tmp_path, fitted):
    made = make_book(FILES | {"book.yaml": SETTINGS.replace("place: chapter", "place: book")}, ("zh-CN",))
    book, cache = with_gathered(made.editions["zh-CN"]), Cache(tmp_path / "kept", "program")
    assert document(book, cache=cache) == document(book, cache=cache) == document(book)
    assert len(fitted) == 3 * len(book.chapters)


@pytest.mark.parametrize("side", ["width", "height"])
def test_a_picture_of_another_size_is_set_anew(side, make_book, tmp_path, fitted):
    made = make_book(
        {"book.yaml": "title: 书\nlang: zh-CN\n", "a.md": "# 头\n\n字![图](images/dot.png)字。\n"}, ("zh-CN",)
    )
    book, cache = made.editions["zh-CN"], Cache(tmp_path / "kept", "program")
    document(book, cache=cache)
    [(href, asset)] = [(href, one) for href, one in book.assets.items() if "dot" in href]
    larger = replace(book, assets={**book.assets, href: replace(asset, **{side: getattr(asset, side) + 200})})
    document(larger, cache=cache)
    assert fitted == ["头", "头"]
