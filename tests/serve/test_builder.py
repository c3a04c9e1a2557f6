"""The builder: what is looked at is built again after each save, one build after another; the last good one stays."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager

import pytest

from publish.build.progress import Event
from publish.serve import builder as room
from publish.serve.builder import Builder, PreviewTarget, SupersededError
from tests.tiny import write_book

HTML, PDF, TAIWAN = PreviewTarget("zh-CN", "html"), PreviewTarget("zh-CN", "pdf"), PreviewTarget("zh-TW", "html")


@pytest.fixture
def book(tmp_path):
    return write_book(tmp_path / "book")


@pytest.fixture
def begin(book, tmp_path):
    """`begin()` starts a builder of the tiny book, which ends with the test."""
    begun = []

    def started(**options):
        one = Builder(options.pop("source", book), tmp_path / "scratch", **options)
        begun.append(one)
        one.start()
        return one

    yield started
    for one in begun:
        one.close()


@contextmanager
def watched(one, *targets):
    """Watch targets; `settle()` waits until all of them are built from the book as it is."""
    heard = threading.Event()
    with one.watching(targets, heard.set):

        def settle():
            until = time.monotonic() + 60
            while any(one.is_stale(each) for each in targets):
                assert time.monotonic() < until
                heard.wait(0.2)
                heard.clear()

        settle()
        yield settle


def change(book, one, name, before, after):
    text = (book / name).read_text("utf-8")
    assert before in text
    (book / name).write_text(text.replace(before, after), "utf-8")
    one.touch()


def test_a_save_is_built_and_told_by_what_differs_and_where_the_text_changed(book, begin):
    one = begin()
    with watched(one, HTML) as settle:
        first = one.standing(HTML)
        assert (first.number, first.home, first.moved) == (1, "zh-CN/html/index.html", None)
        change(book, one, "01.md", "正文。", "正文改了。")
        settle()
        after = one.standing(HTML)
    assert after.number == 2
    assert "zh-CN/html/01.html" in after.changed
    assert "zh-CN/html/02.html" not in after.changed
    assert after.moved.chapter == "01"
    assert f'id="{after.moved.id}"' in (one.output / "zh-CN/html/01.html").read_text("utf-8")
    assert "正文改了" in (one.output / "zh-CN/html/01.html").read_text("utf-8")


def test_a_save_that_changes_nothing_is_no_new_number(begin):
    one = begin()
    with watched(one, HTML) as settle:
        one.touch()
        settle()
        assert one.standing(HTML).number == 1


def test_an_error_keeps_the_last_good_build_and_goes_when_it_is_mended(book, begin):
    one = begin()
    with watched(one, HTML) as settle:
        change(book, one, "book.yaml", "title: 小书", "titel: 小书")
        settle()
        broken = one.standing(HTML)
        assert (broken.number, broken.failure.place.line) == (1, 1)
        assert one.failure == broken.failure
        assert (one.output / broken.home).is_file()
        change(book, one, "book.yaml", "titel: 小书", "title: 小书")
        settle()
        assert one.standing(HTML).failure is None
        assert one.failure is None


def test_a_book_that_cannot_be_read_at_first_is_told_and_built_when_it_can(book, begin):
    sound = (book / "book.yaml").read_text("utf-8")
    (book / "book.yaml").write_text("title: [", "utf-8")
    one = begin()
    assert (one.first(), one.editions()) == (None, [])
    with watched(one, HTML) as settle:
        assert one.standing(HTML).failure.place.file.endswith("book.yaml")
        (book / "book.yaml").write_text(sound, "utf-8")
        one.touch()
        settle()
        assert one.standing(HTML).number == 1


def test_a_bug_of_ours_is_told_and_the_server_goes_on(begin, monkeypatch, caplog):
    one = begin()
    with watched(one, HTML) as settle:
        monkeypatch.setattr(room, "build", lambda *_: 1 / 0)
        one.touch()
        settle()
        assert one.standing(HTML).failure.problem == "publish failed: ZeroDivisionError: division by zero"
        assert "ZeroDivisionError" in caplog.text
        monkeypatch.undo()
        one.touch()
        settle()
        assert one.standing(HTML).failure is None


def test_a_book_that_gets_another_name_is_built_beside_what_it_was(book, begin):
    one = begin()
    with watched(one, HTML) as settle:
        change(book, one, "book.yaml", "slug: tiny", "slug: huge")
        settle()
        assert one.standing(HTML).failure is None
        assert (one.output.name, (one.output / one.standing(HTML).home).is_file()) == ("huge", True)


def test_an_edition_that_the_book_gives_up_is_told_where_it_is_watched(book, begin):
    one = begin()
    with watched(one, TAIWAN) as settle:
        change(book, one, "book.yaml", "[zh-CN, zh-TW, zh-HK]", "[zh-CN]")
        settle()
        assert [each.key for each in one.editions()] == ["zh-CN"]


def test_nobody_watching_the_first_target_is_built_and_nothing_else(begin):
    one = begin(editions=["zh-TW"], names=["epub", "html"])
    until = time.monotonic() + 60
    while one.is_stale(TAIWAN) and time.monotonic() < until:
        time.sleep(0.05)
    assert one.first() == TAIWAN
    assert one.standing(TAIWAN).number == 1
    assert one.standing(HTML).number == 0
    assert [one.formats(each) for each in one.editions()] == [["html", "epub"]]


class Spy:
    """A build that only notes what it was asked, and goes on for as long as it is told."""

    def __init__(self):
        self.asked, self.ended, self.go = [], [], threading.Event()

    def __call__(self, request, progress, beat):
        target = (request.editions[0], request.formats[0])
        self.asked.append(target)
        try:
            while not self.go.wait(0.02):
                beat()
            progress(Event("read", 0.0, 1, 3, 0.0))
        except SupersededError:
            self.ended.append(target)
            raise
        raise ZeroDivisionError  # what it would have made is not looked at


@pytest.fixture
def spy(monkeypatch):
    found = Spy()
    monkeypatch.setattr(room, "build", found)
    return found


def until(true):
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_newer_save_ends_what_takes_long_and_the_page_comes_first(begin, spy):
    one = begin()
    with one.watching([HTML, PDF], lambda: None):
        until(lambda: spy.asked == [("zh-CN", "html")])
        spy.go.set()
        until(lambda: len(spy.asked) == 2)
        spy.go.clear()
        one.touch()
        until(lambda: len(spy.asked) >= 3)
        assert spy.asked[1:3] == [("zh-CN", "pdf"), ("zh-CN", "html")] or spy.ended == []
        spy.go.set()


def test_what_is_short_is_given_up_once_and_then_made_however_often_the_book_is_saved(begin, spy):
    one = begin()
    with one.watching([HTML], lambda: None):
        until(lambda: len(spy.asked) == 1)
        one.touch()
        until(lambda: len(spy.asked) == 2)
        one.touch()
        time.sleep(0.2)
        assert (len(spy.asked), len(spy.ended)) == (2, 1)
        spy.go.set()
        until(lambda: not one.is_stale(HTML))


def test_closing_gives_up_what_is_being_built(begin, spy):
    one = begin()
    until(lambda: len(spy.asked) == 1)
    one.close()
    assert len(spy.ended) == 1


def test_what_nobody_watches_any_more_is_not_built(begin, spy):
    one = begin()
    spy.go.set()
    with one.watching([HTML], lambda: None):
        until(lambda: not one.is_stale(HTML))
    with one.watching([TAIWAN], lambda: None):
        until(lambda: not one.is_stale(TAIWAN))
        before = len(spy.asked)
        one.touch()
        until(lambda: not one.is_stale(TAIWAN))
        time.sleep(0.1)
        assert spy.asked[before:] == [("zh-TW", "html")]
