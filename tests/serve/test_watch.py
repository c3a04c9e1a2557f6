"""The watch: which changes on disk are the book's, and that each save is heard of."""

from __future__ import annotations

import threading
import time

import pytest
from watchfiles import Change

from publish.serve.watch import Watch, watched
from tests.tiny import write_book


@pytest.fixture
def book(tmp_path):
    return write_book(tmp_path / "book")


@pytest.fixture
def listen():
    """`listen(source, read=…)` watches it in a thread; the list that it gives grows with each save that is heard."""
    stop, threads = threading.Event(), []

    def listening(source, **more):
        heard = []
        threads.append(threading.Thread(target=Watch(source, lambda: heard.append(1), **more).run, args=(stop,)))
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


def test_a_save_before_the_system_listens_is_heard_once_it_does(book):
    stop, heard = threading.Event(), []
    watch = Watch(book, lambda: heard.append(1))
    text = (book / "book.yaml").read_text("utf-8")
    (book / "book.yaml").write_text(text + "# later\n", encoding="utf-8")
    thread = threading.Thread(target=watch.run, args=(stop,))
    thread.start()
    until(lambda: heard)
    time.sleep(0.7)
    stop.set()
    thread.join(timeout=10)
    assert heard == [1]


def test_a_file_of_an_unknown_kind_counts_once_the_book_was_made_from_it(book, listen):
    code, read = book / "main.rs", []
    code.write_text("fn main() {}\n", encoding="utf-8")
    heard = listen(book, read=lambda: read)
    code.write_text("fn main() { }\n", encoding="utf-8")
    time.sleep(0.4)
    assert heard == []
    read.append(code.resolve())
    code.write_text("fn main() {  }\n", encoding="utf-8")
    until(lambda: heard)


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
