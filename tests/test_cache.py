"""The cache: what was kept is found, what is damaged is not, the oldest goes first, and nothing here fails a build."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest

from publish.cache import DEFAULT_SIZE, NONE, Cache, delete, digest, most_bytes, open_cache


@pytest.fixture
def cache(tmp_path):
    return open_cache(tmp_path, "1")


def entries(cache):
    return [path for path in (cache.folder / "entries").rglob("*") if path.is_file()]


def test_what_was_kept_is_found_by_the_same_key_and_no_other(cache):
    cache.put(cache.key("read", "text"), b"blocks")
    assert cache.get(cache.key("read", "text")) == b"blocks"
    assert cache.get(cache.key("read", "texts")) is None
    assert cache.get(cache.key("write", "text")) is None
    assert Cache(cache.folder, "2").get(Cache(cache.folder, "2").key("read", "text")) is None, "another program"


def test_a_value_is_made_once(cache):
    made = []

    def make():
        made.append(1)
        return {"头": "頭"}

    for _ in range(2):
        assert cache.made("0" * 64, make, lambda value: value, lambda value: value) == {"头": "頭"}
    assert len(made) == 1


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 200])
def test_a_damaged_entry_is_not_found_and_may_be_made_again(cache, damage):
    cache.put("0" * 64, b"data")
    [file] = entries(cache)
    file.write_bytes(damage or file.read_bytes()[:-1])
    assert cache.get("0" * 64) is None
    cache.put("0" * 64, b"data")
    assert cache.get("0" * 64) == b"data"


def test_the_folder_is_ignored_by_git_and_made_only_when_there_is_something_to_keep(cache):
    assert not cache.folder.exists()
    cache.put("0" * 64, b"data")
    assert (cache.folder / ".gitignore").read_text() == "*\n"
    assert (cache.folder / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")


def test_what_was_not_used_for_longest_goes_first(cache):
    for number in range(10):
        cache.put(f"{number}" * 64, bytes(1000))
        os.utime(cache._entry(f"{number}" * 64), (number, number))
    assert cache.get("0" * 64) is not None, "used now"
    assert cache.trim(20_000) == 0
    assert cache.trim(8_000) == 4, "down to four fifths of what it may hold"
    assert [number for number in range(10) if cache.get(f"{number}" * 64)] == [0, 5, 6, 7, 8, 9]


def test_what_a_killed_build_left_half_written_is_deleted_in_time(cache):
    cache.put("0" * 64, b"data")
    old, new = (cache._entry("0" * 64).with_name(f".writing-{name}") for name in ("old", "new"))
    for file in (old, new):
        file.write_bytes(b"half")
    os.utime(old, (0, 0))
    cache.trim(1000)
    assert not old.exists()
    assert new.exists(), "another build may be writing it"


def test_two_builds_at_once_find_whole_entries_only(cache):
    wrong = []

    def work(number):
        for turn in range(100):
            cache.put("0" * 64, bytes([number]) * (1000 + turn))
            found = cache.get("0" * 64)
            if found is not None and len(set(found)) != 1:
                wrong.append(found)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not wrong
    assert cache.get("0" * 64) is not None
    assert len(entries(cache)) == 1, "nothing half-written is left"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_keeps_nothing_and_fails_nothing(tmp_path):
    tmp_path.chmod(0o500)
    cache = open_cache(tmp_path)
    cache.put("0" * 64, b"data")
    assert cache.get("0" * 64) is None
    tmp_path.chmod(0o700)


def test_a_file_in_the_place_of_the_folder_keeps_nothing_and_fails_nothing(tmp_path):
    (tmp_path / ".publish-cache").write_text("mine")
    cache = open_cache(tmp_path)
    cache.put("0" * 64, b"data")
    assert cache.get("0" * 64) is None
    assert cache.trim(0) == 0
    assert (tmp_path / ".publish-cache").read_text() == "mine"


def test_no_cache_keeps_nothing():
    NONE.put("0" * 64, b"data")
    NONE.note("slot", 1)
    assert NONE.get("0" * 64) is None
    assert NONE.recall("slot") is None
    assert NONE.trim(0) == 0


def test_a_slot_holds_what_was_noted_last(cache):
    cache.note("slot", {"a": 1})
    cache.note("slot", {"a": "\ud800 二"})
    assert cache.recall("slot") == {"a": "\ud800 二"}
    cache.note("slot", ["of", "another", "version"])
    assert cache.recall("slot") is None


def test_deleting_it_takes_the_folder_and_only_one_of_ours(cache, tmp_path):
    cache.put("0" * 64, bytes(1000))
    assert delete(tmp_path) > 1000
    assert not cache.folder.exists()
    cache.folder.mkdir()
    (cache.folder / "mine.txt").write_text("mine")
    assert delete(tmp_path) == 0
    assert (cache.folder / "mine.txt").exists()


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ("", DEFAULT_SIZE),
        ("much", DEFAULT_SIZE),
        ("800MB", 800_000_000),
        ("2 gb", 2 * 10**9),
        ("1.5G", 1_500_000_000),
        ("4096", 4096),
    ],
)
def test_the_environment_may_say_how_much_it_may_hold(said, size):
    assert most_bytes(said) == size


@dataclass(frozen=True)
class Record:
    name: str
    forms: dict[str, str]


def test_equal_values_have_one_hash_and_others_another():
    values = [
        "a",
        b"a",
        1,
        1.5,
        None,
        True,
        ["a"],
        {"a": 1},
        {"a": 2},
        {("a", 0): 1},
        {"a"},
        {"a", "b"},
        Path("a"),
        Record("a", {"b": "c"}),
        Record("a", {"b": "d"}),
    ]
    assert len({digest(one) for one in values}) == len(values)
    assert digest(Record("a", {"b": "c"})) == digest(Record("a", {"b": "c"}))


def test_sets_have_the_same_hash_in_every_process():
    code = "from publish.cache import digest; print(digest({'a', 'b', 'c', 'd'}, frozenset('头发')))"
    made = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(made) == 1


def test_what_has_no_hash_that_lasts_is_refused():
    with pytest.raises(TypeError, match="object"):
        digest(object())
