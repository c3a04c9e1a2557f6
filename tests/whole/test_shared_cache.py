"""The cache between builds: two at once, one that is killed, entries that are damaged, a book as large as it may be."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from publish.pipeline import check
from publish.source import pandoc
from tests.tiny import make, picture, state, write_book

pytestmark = pytest.mark.verify  # many builds of a book one after another

FORMATS = ("html", "epub")


@pytest.fixture(scope="module")
def cold(tmp_path_factory):
    """A book, and what a build from nothing makes of it."""
    folder = tmp_path_factory.mktemp("shared")
    book = write_book(folder / "book")
    make(book, folder / "out", *FORMATS, cache=False)
    return book, state(folder / "out")


def entries(book):
    return [path for path in sorted((book / ".publish-cache/entries").rglob("*")) if path.is_file()]


def test_a_damaged_entry_is_made_again(cold, tmp_path):
    book, expected = cold
    make(book, tmp_path / "one", *FORMATS)
    assert len(entries(book)) > 10
    for number, path in enumerate(entries(book)):
        data = path.read_bytes()
        damaged = (b"", data[: len(data) // 2], data[:-1] + bytes([data[-1] ^ 1]), b"x" + data)
        path.write_bytes(damaged[number % len(damaged)])
    make(book, tmp_path / "two", *FORMATS)
    assert state(tmp_path / "one") == state(tmp_path / "two") == expected


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(cold, tmp_path):
    book, expected = cold
    other = write_book(tmp_path / "book")
    (other / ".publish-cache").write_text("a file is here")
    make(other, tmp_path / "out", *FORMATS)
    assert state(tmp_path / "out") == expected
    assert book != other


def test_two_builds_at_once_and_one_that_is_killed_leave_a_cache_that_is_sound(tmp_path):
    book = write_book(tmp_path / "book", {"images/dot.png": picture(color="green")})
    arguments = [sys.executable, "-m", "publish", "build", str(book), "-q", "-f", "html", "-f", "epub", "-o"]
    with subprocess.Popen([*arguments, str(tmp_path / "killed")], start_new_session=True) as killed:
        until = time.monotonic() + 60
        while not list((book / ".publish-cache/entries").glob("*/*")) and time.monotonic() < until:
            time.sleep(0.01)
        os.killpg(killed.pid, signal.SIGKILL)
    both = [subprocess.Popen([*arguments, str(tmp_path / name)]) for name in ("one", "other")]
    assert [one.wait(timeout=120) for one in both] == [0, 0]
    make(book, tmp_path / "cold", *FORMATS, cache=False)
    assert state(tmp_path / "one") == state(tmp_path / "other") == state(tmp_path / "cold")


def test_a_cache_stays_within_its_bounds_and_a_build_within_it_is_the_same(cold, tmp_path, monkeypatch):
    book, expected = cold
    monkeypatch.setenv("PUBLISH_CACHE_SIZE", "20K")
    make(book, tmp_path / "one", *FORMATS)
    assert sum(path.stat().st_size for path in (book / ".publish-cache").rglob("*") if path.is_file()) < 20_500
    make(book, tmp_path / "two", *FORMATS)
    assert state(tmp_path / "one") == state(tmp_path / "two") == expected


def test_a_check_uses_what_builds_have_kept_and_leaves_no_cache_of_its_own(tmp_path, monkeypatch):
    book = write_book(tmp_path / "book")
    first = check(book)[1]
    assert not (book / ".publish-cache").exists()
    make(book, tmp_path / "out", *FORMATS)
    monkeypatch.setattr(pandoc, "read", None)  # no chapter is read
    monkeypatch.setattr(pandoc, "write", None)
    assert check(book)[1] == first
