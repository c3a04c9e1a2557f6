"""The watch: which changes on disk are the book's, and that each save is heard of."""

from __future__ import annotations

import threading
import time

import pytest
from watchfiles import Change

from publish.serve.watch import watch_book, watched
from tests.tiny import write_book


@pytest.fixture
def book(tmp_path):
    return write_book(tmp_path / "book")


@pytest.fixture
def listen():
    """`listen(source)` watches it in a thread; the list that it gives grows with each save that is heard."""
    stop, threads = threading.Event(), []

    def listening(source):
        heard = []
        threads.append(threading.Thread(target=watch_book, args=(source, lambda: heard.append(1), stop)))
        threads[-1].start()
        time.sleep(0.6)  # until the system watches
        return heard

    yield listening
    stop.set()
    for one in threads:
        one.join(timeout=10)
        assert not one.is_alive()


def until(true):
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_texts_settings_pictures_and_styles_of_the_book_count_and_nothing_else(book):
    (book / "out").mkdir()
    (book / "out/manifest.json").write_text('{"artifacts": []}', encoding="utf-8")
    what = watched(book)

    def wants(name):
        return what.wants(Change.modified, str(book.resolve() / name))

    assert all(map(wants, ("01.md", "book.yaml", "glossary.yaml", "images/dot.png", "new/03.md", "own.css")))
    assert not any(map(wants, (".01.md.swp", "01.md~", "4913", ".git/x.md", ".writing-abc", "out/html/a.md", "a.txt")))
    assert not what.wants(Change.modified, str(book.resolve().parent / "other.md"))


def test_each_save_is_heard_and_that_of_a_build_beside_the_book_is_not(book, listen):
    heard = listen(book)
    (book / "out").mkdir()
    (book / "out/manifest.json").write_text('{"artifacts": []}', encoding="utf-8")
    (book / "out/page.md").write_text("x", encoding="utf-8")
    time.sleep(0.5)
    assert heard == []
    for count in (1, 2):
        began = time.monotonic()
        (book / "01.md").write_text(f"# {count}\n", encoding="utf-8")
        until(lambda count=count: len(heard) >= count)
        assert time.monotonic() - began < 3
        time.sleep(0.3)


def test_a_save_that_replaces_the_file_as_many_editors_do_is_heard(book, listen):
    heard = listen(book)
    (book / ".new").write_text("# 新\n", encoding="utf-8")
    (book / ".new").replace(book / "01.md")
    until(lambda: heard)


def test_a_style_outside_the_book_is_watched_from_the_save_on_that_names_it(book, listen):
    style = book.parent / "shared/style.yaml"
    style.parent.mkdir()
    style.write_text("description: x\nextends: zh-TW\n", encoding="utf-8")
    heard = listen(book)
    style.write_text("description: y\n", encoding="utf-8")
    time.sleep(0.4)
    assert heard == []
    text = (book / "book.yaml").read_text("utf-8")
    named = text.replace("[zh-CN, zh-TW, zh-HK]", "{zh-CN: , zh-TW: {style: ../shared/style.yaml}}")
    (book / "book.yaml").write_text(named, encoding="utf-8")
    until(lambda: heard)
    time.sleep(1.2)
    count = len(heard)
    style.write_text("description: z\n", encoding="utf-8")
    until(lambda: len(heard) > count)


def test_of_a_single_file_its_pictures_are_watched_and_not_the_rest_of_the_folder(tmp_path, listen):
    (tmp_path / "a.md").write_text("# 头\n\n![图](pic/x.png)\n", encoding="utf-8")
    (tmp_path / "pic").mkdir()
    (tmp_path / "pic/x.png").write_bytes(b"1")
    what = watched(tmp_path / "a.md")
    assert what.deep is False
    heard = listen(tmp_path / "a.md")
    (tmp_path / "pic/x.png").write_bytes(b"2")
    until(lambda: len(heard) == 1)
    (tmp_path / "a.md").write_text("# 新\n\n![图](pic/x.png)\n", encoding="utf-8")
    until(lambda: len(heard) == 2)
